// Numbers as unevaluated sums high + low, two a vector, and ln(a/b) among them: accurate next to 1, where a difference of two
// logarithms is not. Exact products and sums after T. J. Dekker, Numer. Math. 18 (1971) and D. E. Knuth, TAOCP 2, 4.2.2.
// Same bits: bindings/reference/options/pair.ts.

import { logLows, logOfPairs } from '../numeric/log';

/** 2^27 + 1 splits a double into two halves of 26 bits whose products are exact. */
const SPLITTER: f64 = 134217729;

// @ts-ignore: decorator
@inline
function upperHalf(a: v128): v128 {
  const shifted = f64x2.mul(a, f64x2.splat(SPLITTER));
  return f64x2.sub(shifted, f64x2.sub(shifted, a));
}

/** What rounding took from the product `p` of a and b. */
// @ts-ignore: decorator
@inline
export function productRest(a: v128, b: v128, p: v128): v128 {
  const a1 = upperHalf(a);
  const a2 = f64x2.sub(a, a1);
  const b1 = upperHalf(b);
  const b2 = f64x2.sub(b, b1);
  const cross = f64x2.add(f64x2.sub(f64x2.mul(a1, b1), p), f64x2.mul(a1, b2));
  return f64x2.add(f64x2.add(cross, f64x2.mul(a2, b1)), f64x2.mul(a2, b2));
}

/** What rounding took from the square `p` of a. */
// @ts-ignore: decorator
@inline
export function squareRest(a: v128, p: v128): v128 {
  const a1 = upperHalf(a);
  const a2 = f64x2.sub(a, a1);
  const twice = f64x2.mul(f64x2.add(a1, a1), a2);
  return f64x2.add(f64x2.add(f64x2.sub(f64x2.mul(a1, a1), p), twice), f64x2.mul(a2, a2));
}

/** What rounding took from the sum `s` of a and b. */
// @ts-ignore: decorator
@inline
export function sumRest(a: v128, b: v128, s: v128): v128 {
  const other = f64x2.sub(s, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(s, other)), f64x2.sub(b, other));
}

/** Low halves of the last `lnRatio`. */
export let ratioLow: v128 = i64x2(0, 0);

/**
 * High halves of ln(a/b); the low halves are left in `ratioLow`.
 * @param q a / b, from 1e-290 to 1e290
 */
// @ts-ignore: decorator
@inline
export function lnRatio(a: v128, b: v128, q: v128): v128 {
  const p = f64x2.mul(q, b);
  const high = logOfPairs(q);
  // ln(a/b) = ln q + ln(a / (q b)), and a - q b is exact.
  const low = f64x2.add(logLows, f64x2.div(f64x2.sub(f64x2.sub(a, p), productRest(q, b, p)), a));
  const sum = f64x2.add(high, low);
  ratioLow = f64x2.add(f64x2.sub(high, sum), low);
  return sum;
}
