// pow for a base >= 0: ln x as high + low (log.ts), times y exactly by Dekker's product (Numer. Math. 18, 1971),
// then exp of the two-term sum (exp.ts). The low part matters: |y ln x| reaches 745, so a logarithm of one double
// would cost up to 500 ulp. bindings/reference/numeric/pow.ts gives the same bits.
// A negative base is answered with NaN, also for integer y: no rate, size or price here has one.

import { expOfSum } from './exp';
import { logLow, logOfPair } from './log';

/** 2^27 + 1 splits a double into two halves of 26 bits whose products are exact (G. W. Veltkamp; Dekker 1971). */
const SPLITTER: f64 = 134217729;
/** Above ln(2^1024) = 709.78 and below ln(2^-1075) = -745.13; between them the scaling in exp decides. */
const OVERFLOW: f64 = 709.8;
const UNDERFLOW: f64 = -745.2;

/**
 * x^y; within 0.53 ulp wherever the result is finite, subnormals included. -0 counts as 0.
 * NaN wins over every other rule, x < 0 is NaN; then x^0 = 1 and 1^y = 1, and x^1 = x exactly.
 * @param x >= 0
 */
export function pow(x: f64, y: f64): f64 {
  if (isNaN(x) || isNaN(y) || x < 0) return NaN;
  if (y == 0 || x == 1) return 1;
  if (x == 0) return y > 0 ? 0 : Infinity;
  if (x == Infinity) return y > 0 ? Infinity : 0;
  if (y == 1) return x;
  const high = logOfPair(x);
  const low = logLow;
  const product = y * high;
  // Also settles an infinite y, and keeps |y| below 2^63 (|ln x| >= 2^-53), where the split cannot overflow.
  if (product > OVERFLOW) return Infinity;
  if (product < UNDERFLOW) return 0;
  const yShifted = y * SPLITTER;
  const y1 = yShifted - (yShifted - y);
  const y2 = y - y1;
  const highShifted = high * SPLITTER;
  const high1 = highShifted - (highShifted - high);
  const high2 = high - high1;
  const error = y1 * high1 - product + y1 * high2 + y2 * high1 + y2 * high2;
  return expOfSum(product, error + y * low);
}
