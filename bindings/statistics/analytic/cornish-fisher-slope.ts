// How value at risk and shortfall of the Cornish-Fisher expansion move with mean, deviation, skewness and excess kurtosis: what splits
// among positions or assets are made of.
import { normalDensity } from '../../reference/numeric/normal.js';
import { edgeworth, expanded } from './cornish-fisher.js';
import type { NormalPoint } from './level.js';

/** Mean, deviation, skewness and excess kurtosis, or their derivatives by one thing. */
export interface Shape {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/** Derivatives of both measures, given those of the moments; the shortfall without the cap. */
export function expansionSlope(
  { deviation, skewness, kurtosis }: Shape,
  { z: out, tail }: NormalPoint,
): (by: Shape) => { valueAtRisk: number; shortfall: number } {
  const z = -out;
  const g = expanded(z, skewness, kurtosis);
  const density = normalDensity(g) / tail;
  const factor = edgeworth(g, skewness, kurtosis);
  return ({ mean: drift, deviation: ds, skewness: dS, kurtosis: dK }) => {
    const dg =
      ((z * z - 1) * dS) / 6 + ((z * z * z - 3 * z) * dK) / 24 - ((2 * z * z * z - 5 * z) * skewness * dS) / 18;
    const dFactor = byPoint(g, skewness, kurtosis) * dg + bySkewness(g, skewness) * dS + byKurtosis(g) * dK;
    return {
      valueAtRisk: 0 - drift - ds * g - deviation * dg,
      shortfall: density * (ds * factor - deviation * factor * g * dg + deviation * dFactor) - drift,
    };
  };
}

/** Partial derivatives of `edgeworth`. */
function byPoint(g: number, skewness: number, kurtosis: number): number {
  const g2 = g * g;
  const sixth = 6 * g * g2 * g2 - 36 * g * g2 + 18 * g;
  return (g2 * skewness) / 2 + (sixth * (skewness * skewness)) / 72 + ((4 * g * g2 - 4 * g) * kurtosis) / 24;
}

function bySkewness(g: number, skewness: number): number {
  const g2 = g * g;
  return (g * g2) / 6 + ((g2 * g2 * g2 - 9 * g2 * g2 + 9 * g2 + 3) * skewness) / 36;
}

function byKurtosis(g: number): number {
  const g2 = g * g;
  return (g2 * g2 - 2 * g2 - 1) / 24;
}
