// Which position brings how much of a delta-normal value at risk and shortfall, and of those of Student's t. What the fields of a split
// are is in attribution.ts.
import { Fields } from '../../book/fields.js';
import type { Confidence } from '../confidence.js';
import type { Sample } from '../sample.js';
import { type Attribution, attribution } from './attribution.js';
import { beyondNormal, foldOf, individualOf, normalLoss } from './delta-normal.js';
import { covarianceWith, type Gaussian, type JointMoments, meanGain, readGaussian, varianceOf } from './gaussian.js';
import { type HorizonFactors, type HorizonOptions, horizonFactors } from './horizon.js';
import { type NormalLevel, normalPoint } from './level.js';
import { readDegrees, studentPoint } from './parametric.js';

interface JointComponents {
  /** -x'mu + z sqrt(x'Cx) taken apart: `marginal` is -mu_i + z (Cx)_i / sqrt(x'Cx), without risk its second term is 0. */
  readonly valueAtRisk: Attribution;
  /** Square root of x'Cx in one period. */
  readonly sigma: number;
  /** VaR of x_i alone. */
  readonly individual: Float64Array;
  /** The sum of `individual` in order. */
  readonly undiversified: number;
}

/** Risk of jointly normal positions, taken apart. */
export interface GaussianComponents extends JointComponents {
  /** The same with phi(z) / (1 - confidence) for z. */
  readonly shortfall: Attribution;
  /** `no-risk`: the portfolio does not move, and there is no direction to split its risk by. */
  readonly status: 'ok' | 'no-risk';
}

/** What is asked of Student's t. */
export interface StudentOptions extends HorizonOptions {
  /** Degrees of freedom, above 0; above 2 where moments are deviations. */
  degrees: number;
  /** What volatilities and covariance are: standard deviations (default), or the scale of the distribution. */
  spread?: 'deviation' | 'scale';
}

/** Risk of positions whose gains are jointly Student's t, taken apart. */
export interface StudentComponents extends JointComponents {
  /** Null where it is infinite. */
  readonly shortfall: Attribution | null;
  /** `infinite-shortfall`: with one degree of freedom or less the tail has no mean. `no-risk` as of normal positions. */
  readonly status: 'ok' | 'no-risk' | 'infinite-shortfall';
}

/** A loss of `z` deviations less the mean, as every elliptical distribution has it, taken apart. */
function splitAt(portfolio: Gaussian, sigma: number, z: number, over: HorizonFactors): Attribution {
  const value = normalLoss(meanGain(portfolio), sigma, z, over);
  const marginal = portfolio.means.map((mean, i) =>
    normalLoss(mean, sigma === 0 ? 0 : covarianceWith(portfolio, i) / sigma, z, over),
  );
  const component = portfolio.positions.map((x, i) => x * (marginal[i] ?? 0));
  const incremental = portfolio.positions.map(
    (_, i) => value - normalLoss(meanGain(portfolio, i), Math.sqrt(varianceOf(portfolio, i)), z, over),
  );
  return attribution(value, component, marginal, incremental);
}

function jointly(portfolio: Gaussian, z: number, over: HorizonFactors): JointComponents {
  const sigma = Math.sqrt(varianceOf(portfolio));
  const individual = individualOf(portfolio, z, over);
  return {
    valueAtRisk: splitAt(portfolio, sigma, z, over),
    sigma,
    individual,
    undiversified: foldOf(individual),
  };
}

/**
 * Marginal, component and incremental value at risk and shortfall of jointly normal positions, over a horizon, with means where given.
 * @param positions - units of money, longs positive
 * @param moments - of relative gains in one period: a covariance, or volatilities and correlations
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive, in the units of the positions; `value` is what `deltaNormal` says
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict
 * @see P. Jorion, Value at Risk, 3rd edition, chapter 7
 * @example
 * gaussianComponents([50, 50], { volatilities: [0.3, 0.4], correlation: 0 }, { z: 1.645 }).valueAtRisk.component
 *   // Float64Array.of(14.804999999999998, 26.32)
 */
export function gaussianComponents(
  positions: Sample,
  moments: JointMoments,
  level: NormalLevel,
  options: HorizonOptions = {},
): GaussianComponents {
  const over = horizonFactors(new Fields(options, 'options', ['horizon', 'scaling']));
  const point = normalPoint(level);
  const portfolio = readGaussian(positions, moments);
  const joint = jointly(portfolio, point.z, over);
  const shortfall = splitAt(portfolio, joint.sigma, beyondNormal(point), over);
  return { ...joint, shortfall, status: joint.sigma === 0 ? 'no-risk' : 'ok' };
}

/**
 * Marginal, component and incremental value at risk and shortfall of positions whose relative gains are jointly Student's t. A horizon
 * scales the deviation and keeps the degrees, which is an approximation: sums of t are less heavy-tailed.
 * @param positions - units of money, longs positive
 * @param moments - of relative gains in one period: a covariance, or volatilities and correlations
 * @returns losses, positive, in the units of the positions
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict
 * @see A. McNeil, R. Frey and P. Embrechts, Quantitative Risk Management, 2nd edition, 8.5: Euler allocation in elliptical distributions
 * @example
 * studentComponents([50, 50], { volatilities: [0.3, 0.4], correlation: 0 }, '0.99', { degrees: 4 }).valueAtRisk.component
 *   // Float64Array.of(23.845427161103803, 42.39187050862899)
 */
export function studentComponents(
  positions: Sample,
  moments: JointMoments,
  confidence: Confidence,
  options: StudentOptions,
): StudentComponents {
  const fields = new Fields(options, 'options', ['degrees', 'spread', 'horizon', 'scaling']);
  const factors = horizonFactors(fields);
  const degrees = readDegrees(fields);
  const deviations = fields.word('spread', { deviation: 1, scale: 0 }, 'deviation') === 1;
  if (deviations) fields.number('degrees', { above: 2 });
  const scale = deviations ? Math.sqrt((degrees - 2) / degrees) : 1;
  const over = { mean: factors.mean, deviation: factors.deviation * scale };
  const { q, beyond } = studentPoint(degrees, confidence);
  const portfolio = readGaussian(positions, moments);
  const joint = jointly(portfolio, 0 - q, over);
  if (beyond === null) return { ...joint, shortfall: null, status: 'infinite-shortfall' };
  const shortfall = splitAt(portfolio, joint.sigma, beyond, over);
  return { ...joint, shortfall, status: joint.sigma === 0 ? 'no-risk' : 'ok' };
}
