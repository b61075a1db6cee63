// Modified value at risk and shortfall of a series by its four moments (L. Favre and J.-A. Galeano, J. Alternative Investments 5,
// 2002). Gains are positive in a series; losses are positive in results. Portfolios of series: modified-component.ts.

import { moments } from '../estimation/moments.js';
import { readSample, type Sample } from '../sample.js';
import { type ExpansionRisk, expansionRisk } from './cornish-fisher.js';
import { type NormalLevel, normalPoint } from './level.js';

/** Modified risk of a series, with its moments. */
export interface ModifiedRisk extends ExpansionRisk {
  /** Numbers in the series. */
  readonly count: number;
  /** Unit of the series; gains positive. */
  readonly mean: number;
  /** Standard deviation, as all moments here with 1/n. */
  readonly deviation: number;
  /** Null for a constant series. */
  readonly skewness: number | null;
  /** Null for a constant series. */
  readonly excessKurtosis: number | null;
  /** `constant`: all numbers are the same, and so is what is lost. */
  readonly status: 'ok' | 'constant';
}

/**
 * Modified (Cornish-Fisher) value at risk and shortfall of a series, with its moments. Of a constant series both are what it loses.
 * @param series - gains by period, losses negative
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive; where `monotone` is false the expansion is no quantile and the figures are none either
 * @throws MarginError type, range, not-finite, unknown-key
 * @example
 * modifiedRisk([0.02, -0.01, 0.015, -0.03, 0.01, 0.005], '0.95').valueAtRisk // 0.030268016673535233
 */
export function modifiedRisk(series: Sample, level: NormalLevel): ModifiedRisk {
  const point = normalPoint(level);
  const { count, mean, deviation, skewness, excessKurtosis, constant } = moments(readSample(series, 'series'), 'n');
  return {
    count,
    mean,
    deviation,
    skewness,
    excessKurtosis,
    ...expansionRisk(mean, deviation, skewness ?? 0, excessKurtosis ?? 0, point),
    status: constant ? 'constant' : 'ok',
  };
}
