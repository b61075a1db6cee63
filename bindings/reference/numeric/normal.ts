// The normal distribution: Phi, its logarithm, density and quantile. Tails are those of tail.ts, with x^2 / 2 kept exactly,
// so Phi has the same relative error at -37 as at 0. Same bits: assembly/numeric/normal.ts.
// Measured error bounds and special values: docs/numerics.md.

import { expTimes } from './exp.js';
import { NORMAL, tail } from './tail.js';

/** 1 / sqrt(2 pi) as a sum of two. */
const PEAK = 0.3989422804014327;
const PEAK_LOW = -2.49232720227773e-17;
/** Beyond, the density is below 2^-1075, and so is Phi. */
const UNDERFLOW = 38.6;
/** Phi(-8.5) < 2^-54: beyond, 1 is nearest. */
const ROUNDS_TO_ONE = 8.5;
/** 1.5 * 2^32: adding it and taking it off again rounds to a multiple of 2^-20. */
const GRID_20 = 6442450944;

/** Phi(x), the chance that a standard normal number is at most x; within 1.3 ulp, subnormal results included. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < -UNDERFLOW) return 0;
  if (x <= 0) return tail(-x, NORMAL);
  return x > ROUNDS_TO_ONE ? 1 : 1 - tail(x, NORMAL);
}

/** e^(-x^2 / 2) / sqrt(2 pi); within 0.51 ulp, subnormal results included. @returns NaN for NaN */
export function normalDensity(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) > UNDERFLOW) return 0;
  const xHigh = x + GRID_20 - GRID_20;
  return expTimes(-0.5 * (xHigh * xHigh), -0.5 * ((x - xHigh) * (x + xHigh)), PEAK, PEAK_LOW);
}
