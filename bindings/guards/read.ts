// What guards are told, read key by key: times, exact fractions, prices, thresholds. Exact values come back as text, which
// JSON keeps and every function here reads again without loss.
import { MarginError } from '../errors.js';
import { type Exact, fractionText, over } from '../liquidation/exact.js';
import type { Integer } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import { amount, OPERATORS, type Operator, type Ratio, ratio, ratioAbove0 } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';

/** Latest time that is seen, and longest duration, 2^52: what is made of one of each is still a whole number of a double. */
const LATEST = 4_503_599_627_370_496;

/** A level with its comparison; whether equality counts is data, as venues differ in it. */
export interface Threshold {
  /** How a value is compared with the level. */
  operator: Operator;
  /** In the unit of the value. */
  level: Ratio;
}

export interface ReadThreshold {
  operator: Operator;
  level: Exact;
}

/** A whole number of the caller's unit of time (seconds, milliseconds, slots, blocks). @throws MarginError type, range */
export function timeOf(value: unknown, path: string, latest = LATEST): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new MarginError('type', { path, got: value, expected: 'a whole number' });
  }
  if (value >= 0 && value <= latest) return value;
  throw new MarginError('range', { path, got: value, expected: `0 to ${latest}` });
}

/** A time that `endOf` has made: it may lie after every time that is seen. @throws MarginError missing-key, type, range */
export function endAt(row: Row, key: string): number {
  return timeOf(row.need(key, 'a whole number'), row.at(key), Number.MAX_SAFE_INTEGER);
}

/** When a duration is over. @param path - of the duration @throws MarginError range where no state could hold the time */
export function endOf(begin: number, duration: number, path: string): number {
  const end = begin + duration;
  if (end <= Number.MAX_SAFE_INTEGER) return end;
  const expected = `at most ${Number.MAX_SAFE_INTEGER - begin} after ${begin}`;
  throw new MarginError('range', { path, got: duration, expected });
}

export function timeAt(row: Row, key: string, fallback?: number): number {
  if (!row.has(key) && fallback !== undefined) return fallback;
  return timeOf(row.need(key, 'a whole number'), row.at(key));
}

/** A time that does not lie before one that a state has seen. @throws MarginError missing-key, type, range */
export function laterAt(row: Row, key: string, seen: number | null): number {
  const now = timeAt(row, key);
  if (seen === null || now >= seen) return now;
  throw new MarginError('range', { path: row.at(key), got: now, expected: `at least ${seen}, the time of the state` });
}

/** A whole number above 0: a count, or a duration that is divided by. @throws MarginError missing-key, type, range */
export function countAt(row: Row, key: string, fallback?: number): number {
  if (!row.has(key) && fallback !== undefined) return fallback;
  const value = row.need(key, 'a whole number above 0');
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LATEST) return value;
  const code = typeof value === 'number' ? 'range' : 'type';
  throw new MarginError(code, { path: row.at(key), got: value, expected: 'a whole number above 0' });
}

export function ratioAt(row: Row, key: string, fallback?: Ratio): Exact {
  if (!row.has(key) && fallback !== undefined) return ratio(fallback, row.at(key));
  return ratio(row.need(key, 'a fraction') as Ratio, row.at(key));
}

/** A fraction that is not below 0. @throws MarginError missing-key, type, range */
export function shareAt(row: Row, key: string, fallback?: Ratio): Exact {
  return atLeast0(ratioAt(row, key, fallback), row.at(key), row.raw(key));
}

export function atLeast0(value: Exact, path: string, got: unknown): Exact {
  if (value.numerator >= 0n) return value;
  throw new MarginError('range', { path, got, expected: '>= 0' });
}

/** A price above 0. @throws MarginError missing-key, type, range */
export const priceOf = (value: unknown, path: string): Exact => ratioAbove0(value as Ratio, path);

export function priceAt(row: Row, key: string): Exact {
  return priceOf(row.need(key, 'a price'), row.at(key));
}

/** Minor units, >= 0. @throws MarginError missing-key, type, inexact, range */
export function amountAt(row: Row, key: string, fallback?: bigint): bigint {
  if (!row.has(key) && fallback !== undefined) return fallback;
  return amount(row.need(key, 'an amount in minor units') as Integer, row.at(key));
}

export function operatorAt(row: Row, fallback?: Operator, among: readonly Operator[] = OPERATORS): Operator {
  return oneOf(row.raw('operator') ?? fallback, row.at('operator'), among);
}

export function thresholdAt(row: Row, key: string): ReadThreshold {
  const threshold = row.row(key, ['operator', 'level']);
  return { operator: operatorAt(threshold), level: ratioAt(threshold, 'level') };
}

/** An argument that has to be an object with these keys and no others. */
export function argument(value: unknown, name: string, keys: readonly string[]): Row {
  return new Row(value, name, keys);
}

/** a / b as text. @param b - not 0 */
export const quotient = (a: Exact, b: Exact): string => fractionText(over(a, b));
