// What backtests are asked with: counts of days, rates of exceptions, columns of numbers, each refused by name where it is none.
import { MarginError } from '../../errors.js';
import { MAX_INPUT } from '../../layout.js';
import { type Confidence, quotient, type TailShare, tailShare } from '../confidence.js';

/** Days of a binomial sum: of 1e9, at a rate of 1/2, a tail is 1e5 terms. */
export const MOST_DAYS = 1e9;

/** Nearer to 0 and 1 a rate is no rate of days. */
const LEAST_RATE = 1e-12;

/** The expected share of exceptions and of days without, each the nearest double of the exact fraction. */
export interface Rate {
  /** Of exceptions: 1 - confidence. */
  readonly p: number;
  /** 1 - p, not rounded twice. */
  readonly q: number;
  /** Exactly. */
  readonly share: TailShare;
}

/**
 * A rate of exceptions.
 * @throws MarginError type, not-finite; range where it is not strictly between 0 and 1
 */
export function rateOf(rate: Confidence, path = 'p'): Rate {
  let rest: TailShare;
  try {
    rest = tailShare(rate, path);
  } catch (error) {
    const expected = 'a rate of exceptions strictly between 0 and 1, such as "0.01" or "1/100"';
    throw error instanceof MarginError ? error.with({ expected }) : error;
  }
  const { numerator, denominator, value } = rest;
  const p = quotient(denominator - numerator, denominator);
  apart(p, value, rate, path);
  return { p, q: value, share: { numerator: denominator - numerator, denominator, value: p } };
}

/** The rate beyond a confidence level: 1 - confidence. */
export function beyond(confidence: Confidence, path = 'confidence'): Rate {
  const share = tailShare(confidence, path);
  const q = quotient(share.denominator - share.numerator, share.denominator);
  apart(share.value, q, confidence, path);
  return { p: share.value, q, share };
}

function apart(p: number, q: number, got: Confidence, path: string): void {
  if (p >= LEAST_RATE && q >= LEAST_RATE) return;
  throw new MarginError('range', { path, got, expected: `at least ${LEAST_RATE} away from 0 and 1` });
}

/**
 * A whole number.
 * @throws MarginError type, not-finite, range
 */
export function countOf(value: number, path: string, least: number, most: number): number {
  const expected = `a whole number from ${least} to ${most}`;
  if (typeof value !== 'number') throw new MarginError('type', { path, got: value, expected });
  if (!Number.isFinite(value)) throw new MarginError('not-finite', { path, got: value, expected });
  if (!Number.isInteger(value)) throw new MarginError('type', { path, got: value, expected });
  if (value < least || value > most) throw new MarginError('range', { path, got: value, expected });
  return value + 0;
}

/** Observations and the exceptions among them. */
export function countsOf(observations: number, exceptions: number): { days: number; hits: number } {
  const days = countOf(observations, 'observations', 0, MOST_DAYS);
  return { days, hits: countOf(exceptions, 'exceptions', 0, days) };
}

const isColumn = (values: unknown): values is ArrayLike<unknown> =>
  Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));

/**
 * Numbers of a column, copied.
 * @throws MarginError type where it is no column, not-finite and range with the row
 */
export function columnOf(values: ArrayLike<number>, path: string): Float64Array {
  if (!isColumn(values)) throw new MarginError('type', { path, got: values, expected: 'a column of numbers' });
  const column = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index];
    if (typeof value !== 'number') throw new MarginError('type', { path, index, got: value, expected: 'a number' });
    if (!Number.isFinite(value)) {
      throw new MarginError('not-finite', {
        path,
        index,
        got: value,
        expected: 'a finite number',
        ...(Number.isNaN(value) ? { hint: 'Leave days without a price out, in every column' } : {}),
      });
    }
    if (!(Math.abs(value) <= MAX_INPUT)) {
      throw new MarginError('range', { path, index, got: value, expected: `a magnitude of at most ${MAX_INPUT}` });
    }
    column[index] = value;
  }
  return column;
}

/** One number for all days, or a column of as many. @throws MarginError type, not-finite, range */
export function perDay(values: number | ArrayLike<number>, days: number, path: string): Float64Array {
  if (typeof values === 'number') return new Float64Array(days).fill(columnOf([values], path)[0] ?? 0);
  const column = columnOf(values, path);
  if (column.length !== days) {
    throw new MarginError('range', { path, got: column.length, expected: `as many rows as days: ${days}` });
  }
  return column;
}

/**
 * Days with an exception, as 0 and 1.
 * @throws MarginError type where a day is neither
 */
export function hitsOf(hits: ArrayLike<number | boolean>, path = 'hits'): Uint8Array {
  if (!isColumn(hits)) throw new MarginError('type', { path, got: hits, expected: 'a column of 0 and 1' });
  const column = new Uint8Array(hits.length);
  for (let index = 0; index < hits.length; index++) {
    const hit: unknown = hits[index];
    if (hit !== 0 && hit !== 1 && typeof hit !== 'boolean') {
      throw new MarginError('type', { path, index, got: hit, expected: '0 or 1, true or false' });
    }
    column[index] = hit ? 1 : 0;
  }
  return column;
}
