// The expansion of a quantile in skewness and excess kurtosis (E. A. Cornish and R. A. Fisher, 1938): value at risk and shortfall of
// it, and where it is a quantile at all, that is where it rises (D. Maillard, A user's guide to the Cornish Fisher expansion, 2012).
// Losses are positive.
import { decimal } from '../../book/fields.js';
import { normalDensity } from '../../reference/numeric/normal.js';
import type { NormalPoint } from './level.js';

/** Standard deviations to both sides within which the expansion has to rise. */
const REACH = 5;

/** Risk by the Cornish-Fisher expansion, and whether it is to be trusted. */
export interface ExpansionRisk {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Loss, positive: at least the value at risk, as PerformanceAnalytics caps it. */
  readonly shortfall: number;
  /** What the expansion itself says. */
  readonly uncappedShortfall: number;
  /** The expansion puts the shortfall inside the value at risk, so the cap is what stands. */
  readonly capped: boolean;
  /** The expansion rises from -5 to 5 standard deviations; where it does not, it is no quantile. */
  readonly monotone: boolean;
}

/** g(z) = z + (z^2 - 1) S / 6 + (z^3 - 3 z) K / 24 - (2 z^3 - 5 z) S^2 / 36. */
export const expanded = (z: number, skewness: number, kurtosis: number): number =>
  z +
  ((z * z - 1) * skewness) / 6 +
  ((z * z * z - 3 * z) * kurtosis) / 24 -
  ((2 * z * z * z - 5 * z) * (skewness * skewness)) / 36;

/** Of the shortfall, at g: 1 + g^3 S / 6 + (g^6 - 9 g^4 + 9 g^2 + 3) S^2 / 72 + (g^4 - 2 g^2 - 1) K / 24 (P. Boudt et al., 2008). */
export function edgeworth(g: number, skewness: number, kurtosis: number): number {
  const g2 = g * g;
  const g4 = g2 * g2;
  const sixth = g2 * g4 - 9 * g4 + 9 * g2 + 3;
  return 1 + (g * g2 * skewness) / 6 + (sixth * (skewness * skewness)) / 72 + ((g4 - 2 * g2 - 1) * kurtosis) / 24;
}

/**
 * Whether the Cornish-Fisher expansion rises everywhere from -5 to 5 standard deviations: 1 + S s / 3 + K (s^2 - 1) / 8 -
 * S^2 (6 s^2 - 5) / 36 > 0, a parabola in s that is tried at its ends and at its vertex.
 * @throws MarginError type, range, not-finite
 * @example
 * isMonotone(-2.6, 18.6) // false
 */
export function isMonotone(skewness: number, kurtosis: number): boolean {
  return rises(decimal(skewness, 'skewness'), decimal(kurtosis, 'kurtosis'));
}

function rises(skewness: number, kurtosis: number): boolean {
  const square = skewness * skewness;
  const [a, b, c] = [kurtosis / 8 - square / 6, skewness / 3, 1 - kurtosis / 8 + (5 * square) / 36];
  const slope = (s: number): number => a * s * s + b * s + c;
  const inside = a > 0 && Math.abs(b) < 2 * a * REACH;
  return slope(-REACH) > 0 && slope(REACH) > 0 && (!inside || slope(-b / (2 * a)) > 0);
}

/** Value at risk and shortfall of a gain with these moments. */
export function expansionRisk(
  mean: number,
  deviation: number,
  skewness: number,
  kurtosis: number,
  { z, tail }: NormalPoint,
): ExpansionRisk {
  const g = expanded(-z, skewness, kurtosis);
  const valueAtRisk = 0 - mean - deviation * g;
  const uncapped = (deviation * normalDensity(g) * edgeworth(g, skewness, kurtosis)) / tail - mean;
  const capped = uncapped < valueAtRisk;
  return {
    valueAtRisk,
    shortfall: capped ? valueAtRisk : uncapped,
    uncappedShortfall: uncapped,
    capped,
    monotone: rises(skewness, kurtosis),
  };
}
