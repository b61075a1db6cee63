// Numbers as unevaluated sums high + low, and ln(a/b) among them: accurate next to 1, where a difference of two logarithms is
// not. Exact products and sums after T. J. Dekker, Numer. Math. 18 (1971) and D. E. Knuth, TAOCP 2, 4.2.2.
// Same bits: assembly/options/pair.ts.
import { logLow, logOfPair } from '../numeric/log.js';

/** 2^27 + 1 splits a double into two halves of 26 bits whose products are exact. */
const SPLITTER = 134217729;

/** What rounding took from the product `p` of a and b. */
export function productRest(a: number, b: number, p: number): number {
  const aShifted = a * SPLITTER;
  const a1 = aShifted - (aShifted - a);
  const a2 = a - a1;
  const bShifted = b * SPLITTER;
  const b1 = bShifted - (bShifted - b);
  const b2 = b - b1;
  return a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
}

/** What rounding took from the square `p` of a. */
export function squareRest(a: number, p: number): number {
  const shifted = a * SPLITTER;
  const a1 = shifted - (shifted - a);
  const a2 = a - a1;
  return a1 * a1 - p + (a1 + a1) * a2 + a2 * a2;
}

/** What rounding took from the sum `s` of a and b. */
export function sumRest(a: number, b: number, s: number): number {
  const other = s - a;
  return a - (s - other) + (b - other);
}

/** Low half of the last `lnRatio`. */
export const ratio = { low: 0 };

/**
 * High half of ln(a/b); the low half is left in `ratio.low`.
 * @param a - finite, > 0, as is b; a/b from 1e-290 to 1e290
 */
export function lnRatio(a: number, b: number): number {
  const q = a / b;
  const p = q * b;
  const high = logOfPair(q);
  // ln(a/b) = ln q + ln(a / (q b)), and a - q b is exact.
  const low = logLow() + (a - p - productRest(q, b, p)) / a;
  const sum = high + low;
  ratio.low = high - sum + low;
  return sum;
}
