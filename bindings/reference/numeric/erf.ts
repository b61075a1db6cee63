// erf, erfc and erfcx. erf is a polynomial below 1/2 (Remez in 40 digits, relative error 4e-18), everything else the upper
// tail of tail.ts: no cancellation anywhere. Same bits: assembly/numeric/erf.ts.
// Measured error bounds and special values: docs/numerics.md.

import { expTimes } from './exp.js';
import { ERFC, four, ratio, tail } from './tail.js';

/** From here down erf is its own polynomial. erf(1/2) = 0.52, so 1 - erfc loses nothing above. */
const SMALL = 0.5;
/** erf(x) = x + x (S[0] + S[1] x^2 + ...). */
const S: Float64Array = new Float64Array([
  0.12837916709551256, -0.37612638903183465, 0.11283791670924816, -0.026866170632716322, 0.005223977370332408,
  -0.0008548297524748163, 0.00012053324323886661, -1.4845583855143466e-5, 1.4723215353508247e-6,
]);
/** erfc(6) < 2^-54: beyond, 1 and 2 are nearest. */
const ROUNDS_TO_ONE = 6;
/** Beyond, erfc is below 2^-1075. */
const UNDERFLOW = 27.3;
/** Below, erfcx is beyond every double. */
const OVERFLOW = -26.63;
/** 1.5 * 2^32: adding it and taking it off again rounds to a multiple of 2^-20. */
const GRID_20 = 6442450944;

function small(x: number): number {
  const y = x * x;
  const y2 = y * y;
  const y4 = y2 * y2;
  return x + x * (four(S, 0, y, y2) + y4 * (four(S, 4, y, y2) + y4 * S[8]!));
}

/** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; within 1.2 ulp. @returns NaN for NaN */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const size = Math.abs(x);
  if (size < SMALL) return small(x);
  const y = size > ROUNDS_TO_ONE ? 1 : 1 - tail(size, ERFC);
  return x < 0 ? -y : y;
}

/** 1 - erf(x) without loss in the upper tail; within 1.6 ulp, subnormal results included. @returns NaN for NaN */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > UNDERFLOW) return 0;
  if (x >= 0) return tail(x, ERFC);
  return x < -ROUNDS_TO_ONE ? 2 : 2 - tail(-x, ERFC);
}

/** e^(x^2) erfc(x); within 3 ulp. @returns Infinity below -26.63, NaN for NaN */
export function erfcx(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x === Infinity) return 0;
  if (x >= 0) return ratio(x, ERFC);
  if (x < OVERFLOW) return Infinity;
  const xHigh = x + GRID_20 - GRID_20;
  return 2 * expTimes(xHigh * xHigh, (x - xHigh) * (x + xHigh), 1, 0) - ratio(-x, ERFC);
}
