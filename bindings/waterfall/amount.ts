// Money and fractions of the waterfall: whole minor units of an asset (cents, wei, quantums) as bigint, rates and prices as
// exact fractions. Nothing here or above is a double; a product is divided once, in a named direction.
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { compare, type Exact, exact, over } from '../liquidation/exact.js';
import { ceilDiv, floorDiv, type Integer, integer, larger, smaller } from '../venues/integer.js';
import type { Row } from '../venues/rows.js';

export { fractionText } from '../liquidation/exact.js';

/** Minor units of one asset. */
export type Amount = bigint;

/** A fraction: a decimal (`0.3`, `'0.3'`), a quotient as text (`'15/32'`), a bigint, or both parts. */
export type Ratio = Decimal | bigint | Exact;

/**
 * Reads an amount.
 * @param value - bigint, digits, or a number up to 2^53
 * @param path - name of the argument, for the error
 * @returns the same, >= 0
 * @throws MarginError type, inexact, range where it is below 0
 */
export function amount(value: Integer, path = 'amount'): Amount {
  const n = integer(value, path);
  if (n >= 0n) return n;
  throw new MarginError('range', { path, got: value, expected: '>= 0, in minor units' });
}

/** Reads an amount of a row, >= 0. @throws MarginError missing-key without a fallback, type, inexact, range */
export const amountAt = (row: Row, key: string, fallback?: Amount): Amount =>
  amount(row.integer(key, fallback), row.at(key));

/**
 * Reads a fraction exactly.
 * @param value - decimal, quotient of two decimals as text, bigint, or `{ numerator, denominator }`
 * @param path - name of the argument, for the error
 * @returns numerator / denominator, the denominator above 0
 * @throws MarginError type, range where the denominator is not above 0
 */
export function ratio(value: Ratio, path = 'ratio'): Exact {
  if (typeof value === 'object' && value !== null) {
    const denominator = integer(value.denominator, `${path}.denominator`);
    if (denominator > 0n) return { numerator: integer(value.numerator, `${path}.numerator`), denominator };
    throw new MarginError('range', { path: `${path}.denominator`, got: denominator, expected: '> 0' });
  }
  if (typeof value !== 'string' || !value.includes('/')) return exact(value, path);
  const [above = '', below = '', ...more] = value.split('/');
  if (more.length > 0) throw new MarginError('type', { path, got: value, expected: 'one quotient' });
  const divisor = exact(below, path);
  if (divisor.numerator !== 0n) return over(exact(above, path), divisor);
  throw new MarginError('range', { path, got: value, expected: 'a divisor that is not 0' });
}

/** A fraction from 0 to 1. @throws MarginError type, range */
export function fraction(value: Ratio, path = 'fraction'): Exact {
  const read = ratio(value, path);
  if (read.numerator >= 0n && read.numerator <= read.denominator) return read;
  throw new MarginError('range', { path, got: value, expected: '0 to 1' });
}

/** A fraction from 0 up: a multiple, a price that may be nothing. @throws MarginError type, range */
export function ratioFrom0(value: Ratio, path = 'ratio'): Exact {
  const read = ratio(value, path);
  if (read.numerator >= 0n) return read;
  throw new MarginError('range', { path, got: value, expected: '>= 0' });
}

/** A fraction above 0: a price that is divided by. @throws MarginError type, range */
export function ratioAbove0(value: Ratio, path = 'ratio'): Exact {
  const read = ratio(value, path);
  if (read.numerator > 0n) return read;
  throw new MarginError('range', { path, got: value, expected: '> 0' });
}

/** The amount, where it is above 0. */
export const above0 = (value: Amount): Amount => larger(value, 0n);

/** An amount within a limit; null: none. */
export const within = (value: Amount, limit: Amount | null): Amount => (limit === null ? value : smaller(value, limit));

/** What an amount is below 0 by. */
export const below0 = (value: Amount): Amount => larger(-value, 0n);

/** amount x ratio, rounded toward minus infinity. */
export const floorOf = (value: Amount, { numerator, denominator }: Exact): Amount =>
  floorDiv(value * numerator, denominator);

/** amount x ratio, rounded toward plus infinity. */
export const ceilOf = (value: Amount, { numerator, denominator }: Exact): Amount =>
  ceilDiv(value * numerator, denominator);

/** How two amounts or fractions are compared; venues differ in whether equality counts, so it is data. */
export type Operator = '<' | '<=' | '>' | '>=';

export const OPERATORS: readonly Operator[] = ['<', '<=', '>', '>='];

/** Whether `a operator b`, exactly. */
export function holds(a: Exact, operator: Operator, b: Exact): boolean {
  const order = compare(a, b);
  if (order === 0) return operator === '<=' || operator === '>=';
  return order < 0 === operator.startsWith('<');
}

/** Order of ids, the same on every machine: whole numbers by size and before words, words by code units. */
export function byId(a: string, b: string): number {
  const [x, y] = [isDigits(a), isDigits(b)];
  if (x !== y) return x ? -1 : 1;
  if (x && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isDigits(id: string): boolean {
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return id.length > 0 && (id.length === 1 || id.charCodeAt(0) !== 48);
}
