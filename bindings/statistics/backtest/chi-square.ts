// Tails of the chi-square distribution with one and two degrees of freedom, which is what likelihood ratios are compared with, and
// what a test of a model says.
import { exp } from '../../reference/numeric/exp.js';
import { normalCdf, normalQuantile } from '../../reference/numeric/normal.js';
import type { TailShare } from '../confidence.js';

/** P(X > x) of one degree of freedom: 2 Phi(-sqrt x). */
export const chiSquare1Tail = (x: number): number => (x > 0 ? 2 * normalCdf(-Math.sqrt(x)) : 1);

/** P(X > x) of two degrees of freedom: e^(-x / 2). */
export const chiSquare2Tail = (x: number): number => (x > 0 ? exp(-0.5 * x) : 1);

/** The x with P(X > x) = tail, one degree of freedom. */
export function chiSquare1Quantile(tail: TailShare): number {
  const z = normalQuantile(tail.value / 2);
  return z * z;
}

/** What a test says of a model. */
export interface TestResult {
  /** Likelihood ratio, at least 0; null where nothing was observed. */
  readonly statistic: number | null;
  /** The chance that a right model has a ratio above it; null with the statistic. */
  readonly pValue: number | null;
  /** Why the test can not tell, in words; null where it can. */
  readonly undetermined: string | null;
}

export const undetermined = (why: string): TestResult => ({ statistic: null, pValue: null, undetermined: why });
