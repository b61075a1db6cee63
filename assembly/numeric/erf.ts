// erf, erfc and erfcx. erf is a polynomial below 1/2 (Remez in 40 digits, relative error 4e-18), everything else the upper
// tail of tail.ts: no cancellation anywhere. Same bits: bindings/reference/numeric/erf.ts.
// Measured error bounds and special values: docs/numerics.md.

import { expTimes } from './exp';
import { ERFC, four, fourPair, ratio, ratioPair, tail, tailPair } from './tail';

/** From here down erf is its own polynomial. erf(1/2) = 0.52, so 1 - erfc loses nothing above. */
const SMALL: f64 = 0.5;
/** erf(x) = x + x (S[0] + S[1] x^2 + ...). */
const S = memory.data<f64>([
  0.12837916709551256, -0.37612638903183465, 0.11283791670924816, -0.026866170632716322, 0.005223977370332408,
  -0.0008548297524748163, 0.00012053324323886661, -1.4845583855143466e-5, 1.4723215353508247e-6,
]);
/** erfc(6) < 2^-54: beyond, 1 and 2 are nearest. */
const ROUNDS_TO_ONE: f64 = 6;
/** Beyond, erfc is below 2^-1075. */
const UNDERFLOW: f64 = 27.3;
/** Below, erfcx is beyond every double. */
const OVERFLOW: f64 = -26.63;
/** Up to here two lanes go together: nothing is subnormal, nothing overflows. */
const PAIR_LIMIT: f64 = 26;
/** 1.5 * 2^32: adding it and taking it off again rounds to a multiple of 2^-20. */
const GRID_20: f64 = 6442450944;

// @ts-ignore: decorator
@inline
function small(x: f64): f64 {
  const y = x * x;
  const y2 = y * y;
  const y4 = y2 * y2;
  return x + x * (four(S, y, y2) + y4 * (four(S + 32, y, y2) + y4 * load<f64>(S, 64)));
}

/** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; within 1.2 ulp. @returns canonical NaN for NaN */
export function erf(x: f64): f64 {
  if (isNaN(x)) return NaN;
  const size = abs(x);
  if (size < SMALL) return small(x);
  const y = size > ROUNDS_TO_ONE ? 1 : 1 - tail(size, ERFC);
  return x < 0 ? -y : y;
}

/** 1 - erf(x) without loss in the upper tail; within 1.6 ulp, subnormal results included. @returns canonical NaN for NaN */
export function erfc(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x > UNDERFLOW) return 0;
  if (x >= 0) return tail(x, ERFC);
  return x < -ROUNDS_TO_ONE ? 2 : 2 - tail(-x, ERFC);
}

/** e^(x^2) erfc(x); within 3 ulp. @returns Infinity below -26.63, canonical NaN for NaN */
export function erfcx(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x == Infinity) return 0;
  if (x >= 0) return ratio(x, ERFC);
  if (x < OVERFLOW) return Infinity;
  const xHigh = x + GRID_20 - GRID_20;
  return 2 * expTimes(xHigh * xHigh, (x - xHigh) * (x + xHigh), 1, 0) - ratio(-x, ERFC);
}

// @ts-ignore: decorator
@inline
function smallPair(x: v128): v128 {
  const y = f64x2.mul(x, x);
  const y2 = f64x2.mul(y, y);
  const y4 = f64x2.mul(y2, y2);
  const upper = f64x2.add(fourPair(S + 32, y, y2), f64x2.mul(y4, v128.load64_splat(S, 64)));
  return f64x2.add(x, f64x2.mul(x, f64x2.add(fourPair(S, y, y2), f64x2.mul(y4, upper))));
}

/** erf of both lanes, the same bits. */
export function erfPair(x: v128): v128 {
  const size = f64x2.abs(x);
  if (!i64x2.all_true(f64x2.le(size, f64x2.splat(PAIR_LIMIT)))) {
    return f64x2.replace_lane(f64x2.splat(erf(f64x2.extract_lane(x, 0))), 1, erf(f64x2.extract_lane(x, 1)));
  }
  const near = f64x2.lt(size, f64x2.splat(SMALL));
  if (i64x2.all_true(near)) return smallPair(x);
  const sign = v128.xor(x, size);
  const far = v128.or(f64x2.sub(f64x2.splat(1), tailPair(size, ERFC)), sign);
  return v128.bitselect(smallPair(x), far, near);
}

/** erfc of both lanes, the same bits. */
export function erfcPair(x: v128): v128 {
  const size = f64x2.abs(x);
  if (!i64x2.all_true(f64x2.le(size, f64x2.splat(PAIR_LIMIT)))) {
    return f64x2.replace_lane(f64x2.splat(erfc(f64x2.extract_lane(x, 0))), 1, erfc(f64x2.extract_lane(x, 1)));
  }
  const upper = tailPair(size, ERFC);
  return v128.bitselect(f64x2.sub(f64x2.splat(2), upper), upper, f64x2.lt(x, f64x2.splat(0)));
}

/** erfcx of both lanes, the same bits; two lanes from 0 up go together. */
export function erfcxPair(x: v128): v128 {
  const usual = v128.and(f64x2.ge(x, f64x2.splat(0)), f64x2.le(x, f64x2.splat(f64.MAX_VALUE)));
  if (i64x2.all_true(usual)) return ratioPair(x, ERFC);
  return f64x2.replace_lane(f64x2.splat(erfcx(f64x2.extract_lane(x, 0))), 1, erfcx(f64x2.extract_lane(x, 1)));
}
