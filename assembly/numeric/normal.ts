// The normal distribution: Phi, its logarithm, density and quantile. Tails are those of tail.ts, with x^2 / 2 kept exactly,
// so Phi has the same relative error at -37 as at 0. Same bits: bindings/reference/numeric/normal.ts.
// Measured error bounds and special values: docs/numerics.md.

import { expTimes, expTimesPair } from './exp';
import { log, log1p, logPair } from './log';
import { four, NORMAL, ratio, ratioPair, tail, tailPair } from './tail';

/** 1 / sqrt(2 pi) as a sum of two. */
const PEAK: f64 = 0.3989422804014327;
const PEAK_LOW: f64 = -2.49232720227773e-17;
/** Beyond, the density is below 2^-1075, and so is Phi. */
const UNDERFLOW: f64 = 38.6;
/** Phi(-8.5) < 2^-54: beyond, 1 is nearest. */
const ROUNDS_TO_ONE: f64 = 8.5;
/** Where |p - 1/2| is no larger, the quantile is q (SLOPE + a rational function of CENTRAL^2 - q^2). */
const CENTRAL: f64 = 0.4;
const CENTRAL_2: f64 = 0.16;
const SLOPE: f64 = 2.875;
/** Beyond, with r = sqrt(-ln p), it is 1.5 r - 1 + a rational function of r less one of these; the second from NEAR on. */
const NEAR: f64 = 5;
const MIDDLE_FROM: f64 = 1.5;
/** Up to here two lanes go together: nothing is subnormal. */
const PAIR_LIMIT: f64 = 37;
/** 1.5 * 2^32: adding it and taking it off again rounds to a multiple of 2^-20. */
const GRID_20: f64 = 6442450944;

// Coefficients of numerators, then of denominators.
const CENTRE = memory.data<f64>([
  0.32887891386150114, 3.3860760792118425, -73.0939231502849, -1347.690802658543, -7768.66205068707,
  -18438.221369529794, -16421.915397622754, -3609.873574580361, 1, 33.99546475171279, 447.4145170579484,
  2877.5571046799164, 9401.8553485935, 14725.701244829475, 9288.718236618079, 1493.8443399414518,
]);
const MIDDLE = memory.data<f64>([
  0.0013729290570327068, 0.23706587224837125, 0.358021897329439, 0.18592387424168583, 0.033626193856348394,
  -0.0014584602255690291, -0.0009389711472824027, -5.461087292399259e-5, 1, 2.1231436837462665, 1.7829156460059188,
  0.7511952344161725, 0.16481348156704007, 0.017298025017568466, 0.0006381947639391479, -2.1459754500512403e-8,
]);
const FAR = memory.data<f64>([
  0.1579046435011038, 0.06483870965844091, -0.00497856154170815, -0.005522153815460583, -0.0008943688781366211,
  -5.751646071036637e-5, -1.49734303711354e-6, -1.2120235421901148e-8, 1, 0.5995987815496113, 0.13680619109494885,
  0.014851454705911857, 0.0007848260275752311, 1.8389265742731764e-5, 1.4129862047037497e-7, -3.3139225683286696e-14,
]);

/** Phi(x), the chance that a standard normal number is at most x; within 1.4 ulp, subnormal results included. */
export function normalCdf(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x < -UNDERFLOW) return 0;
  if (x <= 0) return tail(-x, NORMAL);
  return x > ROUNDS_TO_ONE ? 1 : 1 - tail(x, NORMAL);
}

/** e^(-x^2 / 2) / sqrt(2 pi); within 0.52 ulp, subnormal results included. @returns canonical NaN for NaN */
export function normalDensity(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (abs(x) > UNDERFLOW) return 0;
  const xHigh = x + GRID_20 - GRID_20;
  return expTimes(-0.5 * (xHigh * xHigh), -0.5 * ((x - xHigh) * (x + xHigh)), PEAK, PEAK_LOW);
}

/**
 * ln Phi(x), to 5e-16 of itself for every x, far below where Phi is 0 as well.
 * @returns -Infinity where the result is beyond every double, canonical NaN for NaN
 */
export function normalLogCdf(x: f64): f64 {
  if (isNaN(x)) return NaN;
  if (x == -Infinity) return -Infinity;
  if (x < 0) return log(ratio(-x, NORMAL)) - 0.5 * x * x;
  return x > UNDERFLOW ? 0 : log1p(0 - tail(x, NORMAL));
}

function rational(r: f64, c: usize): f64 {
  const r2 = r * r;
  const r4 = r2 * r2;
  return (four(c, r, r2) + r4 * four(c + 32, r, r2)) / (four(c + 64, r, r2) + r4 * four(c + 96, r, r2));
}

/**
 * The x with Phi(x) = p, within 2.5 ulp: the regions of M. J. Wichura, algorithm AS 241, Applied Statistics 37 (1988), refitted to
 * 4e-17 as small corrections of straight lines, so that little of what they round is left.
 * @param p in [0, 1]
 * @returns -Infinity and Infinity for 0 and 1, canonical NaN for NaN and outside
 */
export function normalQuantile(p: f64): f64 {
  if (!(p >= 0 && p <= 1)) return NaN;
  const q = p - 0.5;
  if (abs(q) <= CENTRAL) return q * SLOPE + q * rational(CENTRAL_2 - q * q, CENTRE);
  const less = q < 0 ? p : 1 - p;
  if (less == 0) return q < 0 ? -Infinity : Infinity;
  const r = sqrt(-log(less));
  const size = r + (0.5 * r - 1 + (r < NEAR ? rational(r - MIDDLE_FROM, MIDDLE) : rational(r - NEAR, FAR)));
  return q < 0 ? -size : size;
}

// @ts-ignore: decorator
@inline
function withinLimit(x: v128): bool {
  return i64x2.all_true(f64x2.le(f64x2.abs(x), f64x2.splat(PAIR_LIMIT)));
}

/** normalCdf of both lanes, the same bits. */
export function normalCdfPair(x: v128): v128 {
  if (!withinLimit(x)) {
    const first = f64x2.splat(normalCdf(f64x2.extract_lane(x, 0)));
    return f64x2.replace_lane(first, 1, normalCdf(f64x2.extract_lane(x, 1)));
  }
  const outer = tailPair(f64x2.abs(x), NORMAL);
  return v128.bitselect(f64x2.sub(f64x2.splat(1), outer), outer, f64x2.gt(x, f64x2.splat(0)));
}

/** normalDensity of both lanes, the same bits. */
export function normalDensityPair(x: v128): v128 {
  if (!withinLimit(x)) {
    const first = f64x2.splat(normalDensity(f64x2.extract_lane(x, 0)));
    return f64x2.replace_lane(first, 1, normalDensity(f64x2.extract_lane(x, 1)));
  }
  const grid = f64x2.splat(GRID_20);
  const minus = f64x2.splat(-0.5);
  const xHigh = f64x2.sub(f64x2.add(x, grid), grid);
  const high = f64x2.mul(minus, f64x2.mul(xHigh, xHigh));
  const low = f64x2.mul(minus, f64x2.mul(f64x2.sub(x, xHigh), f64x2.add(x, xHigh)));
  return expTimesPair(high, low, f64x2.splat(PEAK), f64x2.splat(PEAK_LOW));
}

/** normalLogCdf of both lanes, the same bits; two lanes below 0 go together. */
export function normalLogCdfPair(x: v128): v128 {
  const below = v128.and(f64x2.lt(x, f64x2.splat(0)), f64x2.ge(x, f64x2.splat(-f64.MAX_VALUE)));
  if (!i64x2.all_true(below)) {
    const first = f64x2.splat(normalLogCdf(f64x2.extract_lane(x, 0)));
    return f64x2.replace_lane(first, 1, normalLogCdf(f64x2.extract_lane(x, 1)));
  }
  const square = f64x2.mul(f64x2.mul(f64x2.splat(0.5), x), x);
  return f64x2.sub(logPair(ratioPair(f64x2.neg(x), NORMAL)), square);
}

// @ts-ignore: decorator
@inline
function term(c0: usize, c1: usize, r: v128): v128 {
  const constant = v128.load_lane<f64>(c1, v128.load64_splat(c0), 1);
  return f64x2.add(constant, f64x2.mul(v128.load_lane<f64>(c1, v128.load64_splat(c0, 8), 1, 8), r));
}

/** Eight terms of two polynomials, one a lane. */
// @ts-ignore: decorator
@inline
function eight(c0: usize, c1: usize, r: v128, r2: v128, r4: v128): v128 {
  const lower = f64x2.add(term(c0, c1, r), f64x2.mul(r2, term(c0 + 16, c1 + 16, r)));
  const upper = f64x2.add(term(c0 + 32, c1 + 32, r), f64x2.mul(r2, term(c0 + 48, c1 + 48, r)));
  return f64x2.add(lower, f64x2.mul(r4, upper));
}

// @ts-ignore: decorator
@inline
function tableOf(central: i32, near: i32): usize {
  return central ? CENTRE : near ? MIDDLE : FAR;
}

/** normalQuantile of both lanes, the same bits. */
export function normalQuantilePair(p: v128): v128 {
  if (!i64x2.all_true(v128.and(f64x2.gt(p, f64x2.splat(0)), f64x2.lt(p, f64x2.splat(1))))) {
    const first = f64x2.splat(normalQuantile(f64x2.extract_lane(p, 0)));
    return f64x2.replace_lane(first, 1, normalQuantile(f64x2.extract_lane(p, 1)));
  }
  const q = f64x2.sub(p, f64x2.splat(0.5));
  const distance = f64x2.abs(q);
  const central = f64x2.le(distance, f64x2.splat(CENTRAL));
  const all = i64x2.all_true(central);
  let c0 = CENTRE;
  let c1 = CENTRE;
  let r = f64x2.sub(f64x2.splat(CENTRAL_2), f64x2.mul(q, q));
  let root = q;
  if (!all) {
    const less = v128.bitselect(p, f64x2.sub(f64x2.splat(1), p), f64x2.lt(q, f64x2.splat(0)));
    root = f64x2.sqrt(f64x2.neg(logPair(less)));
    const near = f64x2.lt(root, f64x2.splat(NEAR));
    const from = v128.bitselect(f64x2.splat(MIDDLE_FROM), f64x2.splat(NEAR), near);
    r = v128.bitselect(r, f64x2.sub(root, from), central);
    const centrals = i64x2.bitmask(central);
    const nears = i64x2.bitmask(near);
    c0 = tableOf(centrals & 1, nears & 1);
    c1 = tableOf(centrals & 2, nears & 2);
  }
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const ratio = f64x2.div(eight(c0, c1, r, r2, r4), eight(c0 + 64, c1 + 64, r, r2, r4));
  const inner = f64x2.add(f64x2.mul(q, f64x2.splat(SLOPE)), f64x2.mul(q, ratio));
  if (all) return inner;
  const line = f64x2.sub(f64x2.mul(f64x2.splat(0.5), root), f64x2.splat(1));
  const size = f64x2.add(root, f64x2.add(line, ratio));
  return v128.bitselect(inner, v128.xor(size, v128.xor(q, distance)), central);
}
