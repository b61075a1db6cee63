// Value at risk and shortfall of positions whose relative gains are jointly normal: of each position alone, and of all together.
// Losses are positive. What each adds to the whole is in component.ts.
import { Fields } from '../../book/fields.js';
import { normalDensity } from '../../reference/numeric/normal.js';
import type { Sample } from '../sample.js';
import { type Gaussian, type JointMoments, meanGain, readGaussian, varianceOf } from './gaussian.js';
import { type HorizonFactors, type HorizonOptions, horizonFactors } from './horizon.js';
import { type NormalLevel, type NormalPoint, normalPoint } from './level.js';

/** Risk of jointly normal positions; units of the positions. */
export interface DeltaNormal {
  /** Standard deviation of the portfolio in one period, units of the positions. */
  readonly sigma: number;
  /** Expected gain in one period. */
  readonly mean: number;
  /** Of the portfolio over the horizon: loss, positive. */
  readonly valueAtRisk: number;
  /** Of the portfolio over the horizon: loss, positive. */
  readonly shortfall: number;
  /** Of each position alone: loss, positive. */
  readonly individual: Float64Array;
  /** The sum of `individual` in order: what it would be if all went wrong together. */
  readonly undiversified: number;
}

/** Value at risk of a normal gain. */
export const normalLoss = (
  mean: number,
  sigma: number,
  z: number,
  { mean: drift, deviation }: HorizonFactors,
): number => z * deviation * sigma - drift * mean;

/** VaR of each position alone. */
export function individualOf(
  { positions, volatilities, means }: Gaussian,
  z: number,
  over: HorizonFactors,
): Float64Array {
  return positions.map((x, i) => normalLoss(x * (means[i] ?? 0), Math.abs(x) * (volatilities[i] ?? 0), z, over));
}

/** phi(z) / tail: mean of what is beyond, in standard deviations. */
export const beyondNormal = ({ z, tail }: NormalPoint): number => normalDensity(z) / tail;

/** Sum in rising order. */
export function foldOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/**
 * Delta-normal value at risk: z sqrt(x' C x), scaled to the horizon by a rule that is named, less the mean where there is one.
 * @param positions - units of money, longs positive
 * @param moments - of relative gains in one period: a covariance, or volatilities and correlations
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive, in the units of the positions
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict
 * @see J. C. Hull, Risk Management and Financial Institutions, model-building approach
 * @example
 * deltaNormal([2e6, 1e6], { volatilities: [0.05, 0.12], correlation: 0 }, { z: 1.65 }).valueAtRisk // 257738.23930491958
 */
export function deltaNormal(
  positions: Sample,
  moments: JointMoments,
  level: NormalLevel,
  options: HorizonOptions = {},
): DeltaNormal {
  const over = horizonFactors(new Fields(options, 'options', ['horizon', 'scaling']));
  const point = normalPoint(level);
  const portfolio = readGaussian(positions, moments);
  const sigma = Math.sqrt(varianceOf(portfolio));
  const mean = meanGain(portfolio);
  const individual = individualOf(portfolio, point.z, over);
  return {
    sigma,
    mean,
    valueAtRisk: normalLoss(mean, sigma, point.z, over),
    shortfall: normalLoss(mean, sigma, beyondNormal(point), over),
    individual,
    undiversified: foldOf(individual),
  };
}
