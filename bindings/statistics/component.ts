// Which position brings how much of a delta-normal value at risk. The words marginal and incremental change places from book to book:
// each field here says its formula. Losses are positive; a position that lessens the risk has a component below 0.
import { Fields } from '../book/fields.js';
import { foldOf, individualOf, normalLoss } from './delta-normal.js';
import { covarianceWith, type JointMoments, meanGain, readGaussian, varianceOf } from './gaussian.js';
import { type HorizonOptions, horizonFactors } from './horizon.js';
import { type NormalLevel, normalPoint } from './level.js';
import type { Sample } from './sample.js';

export interface GaussianComponents {
  /** The sum of `component` in order, to the bit; the value at risk up to its last digits. */
  readonly total: number;
  /** -x'mu + z sqrt(x'Cx): what `deltaNormal` says. */
  readonly valueAtRisk: number;
  /** Standard deviation of the portfolio in one period. */
  readonly sigma: number;
  /** dVaR/dx_i = -mu_i + z (Cx)_i / sigma, a unit of position; without risk the second term is 0. */
  readonly marginal: Float64Array;
  /** x_i dVaR/dx_i: Euler's split. */
  readonly component: Float64Array;
  /** VaR - VaR with x_i = 0, the others as they are. */
  readonly incremental: Float64Array;
  /** VaR of x_i alone. */
  readonly individual: Float64Array;
  /** The sum of `individual` in order. */
  readonly undiversified: number;
  /** `no-risk`: the portfolio does not move, and there is no direction to split its risk by. */
  readonly status: 'ok' | 'no-risk';
}

/**
 * Marginal, component and incremental value at risk of jointly normal positions.
 * @param positions - units of money, longs positive
 * @param moments - of relative gains in one period: a covariance, or volatilities and correlations
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive, in the units of the positions
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict
 * @see P. Jorion, Value at Risk, 3rd edition, chapter 7
 * @example
 * gaussianComponents([50, 50], { volatilities: [0.3, 0.4], correlation: 0 }, { z: 1.645 }).component
 *   // Float64Array.of(14.804999999999998, 26.32)
 */
export function gaussianComponents(
  positions: Sample,
  moments: JointMoments,
  level: NormalLevel,
  options: HorizonOptions = {},
): GaussianComponents {
  const over = horizonFactors(new Fields(options, 'options', ['horizon', 'scaling']));
  const { z } = normalPoint(level);
  const portfolio = readGaussian(positions, moments);
  const sigma = Math.sqrt(varianceOf(portfolio));
  const valueAtRisk = normalLoss(meanGain(portfolio), sigma, z, over);
  const marginal = portfolio.means.map((mean, i) =>
    normalLoss(mean, sigma === 0 ? 0 : covarianceWith(portfolio, i) / sigma, z, over),
  );
  const component = portfolio.positions.map((x, i) => x * (marginal[i] ?? 0) + 0);
  const incremental = portfolio.positions.map((_, i) => {
    const rest = normalLoss(meanGain(portfolio, i), Math.sqrt(varianceOf(portfolio, i)), z, over);
    return valueAtRisk - rest;
  });
  const individual = individualOf(portfolio, z, over);
  return {
    total: foldOf(component),
    valueAtRisk,
    sigma,
    marginal,
    component,
    incremental,
    individual,
    undiversified: foldOf(individual),
    status: sigma === 0 ? 'no-risk' : 'ok',
  };
}
