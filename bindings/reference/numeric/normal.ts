// The normal distribution: Phi, its logarithm, density and quantile. Tails are those of tail.ts, with x^2 / 2 kept exactly,
// so Phi has the same relative error at -37 as at 0. Same bits: assembly/numeric/normal.ts.
// Measured error bounds and special values: docs/numerics.md.

import { expTimes } from './exp.js';
import { log, log1p } from './log.js';
import { four, NORMAL, ratio, tail } from './tail.js';

/** 1 / sqrt(2 pi) as a sum of two. */
const PEAK = 0.3989422804014327;
const PEAK_LOW = -2.49232720227773e-17;
/** Beyond, the density is below 2^-1075, and so is Phi. */
const UNDERFLOW = 38.6;
/** Phi(-8.5) < 2^-54: beyond, 1 is nearest. */
const ROUNDS_TO_ONE = 8.5;
/** Where |p - 1/2| is no larger, the quantile is q (SLOPE + a rational function of CENTRAL^2 - q^2). */
const CENTRAL = 0.4;
const CENTRAL_2 = 0.16;
const SLOPE = 2.875;
/** Beyond, with r = sqrt(-ln p), it is 1.5 r - 1 + a rational function of r less one of these; the second from NEAR on. */
const NEAR = 5;
const MIDDLE_FROM = 1.5;
/** 1.5 * 2^32: adding it and taking it off again rounds to a multiple of 2^-20. */
const GRID_20 = 6442450944;

// Coefficients of numerators, then of denominators.
const CENTRE: Float64Array = new Float64Array([
  0.32887891386150114, 3.3860760792118425, -73.0939231502849, -1347.690802658543, -7768.66205068707,
  -18438.221369529794, -16421.915397622754, -3609.873574580361, 1, 33.99546475171279, 447.4145170579484,
  2877.5571046799164, 9401.8553485935, 14725.701244829475, 9288.718236618079, 1493.8443399414518,
]);
const MIDDLE: Float64Array = new Float64Array([
  0.0013729290570327068, 0.23706587224837125, 0.358021897329439, 0.18592387424168583, 0.033626193856348394,
  -0.0014584602255690291, -0.0009389711472824027, -5.461087292399259e-5, 1, 2.1231436837462665, 1.7829156460059188,
  0.7511952344161725, 0.16481348156704007, 0.017298025017568466, 0.0006381947639391479, -2.1459754500512403e-8,
]);
const FAR: Float64Array = new Float64Array([
  0.1579046435011038, 0.06483870965844091, -0.00497856154170815, -0.005522153815460583, -0.0008943688781366211,
  -5.751646071036637e-5, -1.49734303711354e-6, -1.2120235421901148e-8, 1, 0.5995987815496113, 0.13680619109494885,
  0.014851454705911857, 0.0007848260275752311, 1.8389265742731764e-5, 1.4129862047037497e-7, -3.3139225683286696e-14,
]);

/** Phi(x), the chance that a standard normal number is at most x; within 1.4 ulp, subnormal results included. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < -UNDERFLOW) return 0;
  if (x <= 0) return tail(-x, NORMAL);
  return x > ROUNDS_TO_ONE ? 1 : 1 - tail(x, NORMAL);
}

/** e^(-x^2 / 2) / sqrt(2 pi); within 0.52 ulp, subnormal results included. @returns NaN for NaN */
export function normalDensity(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) > UNDERFLOW) return 0;
  const xHigh = x + GRID_20 - GRID_20;
  return expTimes(-0.5 * (xHigh * xHigh), -0.5 * ((x - xHigh) * (x + xHigh)), PEAK, PEAK_LOW);
}

/**
 * ln Phi(x), to 5e-16 of itself for every x, far below where Phi is 0 as well.
 * @returns -Infinity where the result is beyond every double, NaN for NaN
 */
export function normalLogCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x === -Infinity) return -Infinity;
  if (x < 0) return log(ratio(-x, NORMAL)) - 0.5 * x * x;
  return x > UNDERFLOW ? 0 : log1p(0 - tail(x, NORMAL));
}

function rational(r: number, c: Float64Array): number {
  const r2 = r * r;
  const r4 = r2 * r2;
  return (four(c, 0, r, r2) + r4 * four(c, 4, r, r2)) / (four(c, 8, r, r2) + r4 * four(c, 12, r, r2));
}

/**
 * The x with Phi(x) = p, within 2.5 ulp: the regions of M. J. Wichura, algorithm AS 241, Applied Statistics 37 (1988), refitted to
 * 4e-17 as small corrections of straight lines, so that little of what they round is left.
 * @param p in [0, 1]
 * @returns -Infinity and Infinity for 0 and 1, NaN for NaN and outside
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= CENTRAL) return q * SLOPE + q * rational(CENTRAL_2 - q * q, CENTRE);
  const less = q < 0 ? p : 1 - p;
  if (less === 0) return q < 0 ? -Infinity : Infinity;
  const r = Math.sqrt(-log(less));
  const size = r + (0.5 * r - 1 + (r < NEAR ? rational(r - MIDDLE_FROM, MIDDLE) : rational(r - NEAR, FAR)));
  return q < 0 ? -size : size;
}
