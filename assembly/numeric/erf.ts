// erf, erfc and erfcx. erf is a polynomial below 1/2 (Remez in 40 digits, relative error 4e-18), everything else the upper
// tail of tail.ts: no cancellation anywhere. Same bits: bindings/reference/numeric/erf.ts.
// Measured error bounds and special values: docs/numerics.md.

import { expOfSum } from './exp';
import { ERFC, ratio, tail } from './tail';

/** From here down erf is its own polynomial. erf(1/2) = 0.52, so 1 - erfc loses nothing above. */
const SMALL: f64 = 0.5;
/** erf(x) = x + x (S0 + S1 x^2 + ...). */
const S0: f64 = 0.12837916709551256;
const S1: f64 = -0.37612638903183465;
const S2: f64 = 0.11283791670924816;
const S3: f64 = -0.026866170632716322;
const S4: f64 = 0.005223977370332408;
const S5: f64 = -0.0008548297524748163;
const S6: f64 = 0.00012053324323886661;
const S7: f64 = -1.4845583855143466e-5;
const S8: f64 = 1.4723215353508247e-6;
/** erfc(6) < 2^-54: beyond, 1 and 2 are nearest. */
const ROUNDS_TO_ONE: f64 = 6;
/** Beyond, erfc is below 2^-1075. */
const UNDERFLOW: f64 = 27.3;
/** Below, erfcx is beyond every double. */
const OVERFLOW: f64 = -26.63;
/** 1.5 * 2^32: adding it and taking it off again rounds to a multiple of 2^-20. */
const GRID_20: f64 = 6442450944;

// @ts-ignore: decorator
@inline
function small(x: f64): f64 {
  const y = x * x;
  const y2 = y * y;
  const lower = S0 + S1 * y + y2 * (S2 + S3 * y);
  return x + x * (lower + y2 * y2 * (S4 + S5 * y + y2 * (S6 + S7 * y + y2 * S8)));
}

/** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; within 1.3 ulp. @returns canonical NaN for NaN */
export function erf(x: f64): f64 {
  if (isNaN(x)) return NaN;
  const size = abs(x);
  if (size < SMALL) return small(x);
  const y = size > ROUNDS_TO_ONE ? 1 : 1 - tail(size, ERFC);
  return x < 0 ? -y : y;
}

/** 1 - erf(x) without loss in the upper tail; within 1.3 ulp, subnormal results included. @returns canonical NaN for NaN */
export function erfc(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x > UNDERFLOW) return 0;
  if (x >= 0) return tail(x, ERFC);
  return x < -ROUNDS_TO_ONE ? 2 : 2 - tail(-x, ERFC);
}

/** e^(x^2) erfc(x); within 4 ulp. @returns Infinity below -26.63, canonical NaN for NaN */
export function erfcx(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x == Infinity) return 0;
  if (x >= 0) return ratio(x, ERFC);
  if (x < OVERFLOW) return Infinity;
  const xHigh = x + GRID_20 - GRID_20;
  return 2 * expOfSum(xHigh * xHigh, (x - xHigh) * (x + xHigh)) - ratio(-x, ERFC);
}
