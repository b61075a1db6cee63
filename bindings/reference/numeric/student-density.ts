// The density of Student's t for any degrees of freedom. The kernel has no use for it, so it is in plain TypeScript only.
import { exp } from './exp.js';
import { log1p } from './log.js';
import { normalDensity } from './normal.js';
import { gammaRatio } from './student.js';

const ROOT_PI = 1.772453850905516;

/**
 * Gamma((dof + 1) / 2) / (Gamma(dof / 2) sqrt(dof pi)) (1 + t^2 / dof)^(-(dof + 1) / 2); within 2e-14 of itself for dof up to 1e10
 * and |t| up to 1e4, where the exponent loses what it is large.
 * @param dof > 0; Infinity is the normal distribution
 * @returns NaN for NaN and for dof <= 0
 */
export function studentDensity(t: number, dof: number): number {
  if (Number.isNaN(t) || !(dof > 0)) return NaN;
  if (dof === Infinity) return normalDensity(t);
  const root = Math.sqrt(dof);
  const share = t / root;
  return (gammaRatio(0.5 * dof) / (root * ROOT_PI)) * exp(-0.5 * (dof + 1) * log1p(share * share));
}
