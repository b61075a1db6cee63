// Numbers as unevaluated sums high + low, and ln(a/b) among them: accurate next to 1, where a difference of two logarithms is
// not. Exact products and sums after T. J. Dekker, Numer. Math. 18 (1971) and D. E. Knuth, TAOCP 2, 4.2.2.
// Same bits: bindings/reference/options/pair.ts.

import { logLow, logOfPair } from '../numeric/log';

/** 2^27 + 1 splits a double into two halves of 26 bits whose products are exact. */
const SPLITTER: f64 = 134217729;
/** Below, ln(a/b) comes from the series of 2 atanh(w), w = (a - b) / (a + b); the first term left out is below 2^-63 w. */
const NEAR: f64 = 0.03125;
const C3: f64 = 0.6666666666666666;
const C5: f64 = 0.4;
const C7: f64 = 0.2857142857142857;
const C9: f64 = 0.2222222222222222;
const C11: f64 = 0.18181818181818182;

/** What rounding took from the product `p` of a and b. */
// @ts-ignore: decorator
@inline
export function productRest(a: f64, b: f64, p: f64): f64 {
  const aShifted = a * SPLITTER;
  const a1 = aShifted - (aShifted - a);
  const a2 = a - a1;
  const bShifted = b * SPLITTER;
  const b1 = bShifted - (bShifted - b);
  const b2 = b - b1;
  return a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
}

/** What rounding took from the sum `s` of a and b. */
// @ts-ignore: decorator
@inline
export function sumRest(a: f64, b: f64, s: f64): f64 {
  const other = s - a;
  return a - (s - other) + (b - other);
}

/** Low half of the last `lnRatio`. */
export let ratioLow: f64 = 0;

/**
 * High half of ln(a/b); the low half is left in `ratioLow`.
 * @param a finite, > 0, as is b
 */
export function lnRatio(a: f64, b: f64): f64 {
  const difference = a - b;
  const sum = a + b;
  const w = difference / sum;
  if (abs(w) < NEAR) {
    // a - b is exact here; the sum is not.
    const p = w * sum;
    const wLow = (difference - p - productRest(w, sum, p) - w * sumRest(a, b, sum)) / sum;
    const w2 = w * w;
    const rest = 2 * wLow + w * (w2 * (C3 + w2 * (C5 + w2 * (C7 + w2 * (C9 + w2 * C11)))));
    const high = 2 * w + rest;
    ratioLow = 2 * w - high + rest;
    return high;
  }
  const aHigh = logOfPair(a);
  const aLow = logLow;
  const bHigh = logOfPair(b);
  const high = aHigh - bHigh;
  ratioLow = sumRest(aHigh, -bHigh, high) + (aLow - logLow);
  return high;
}
