// Modified value at risk and shortfall of weighted assets and what each brings of them (P. Boudt, B. Peterson and C. Croux, Estimation
// and decomposition of downside risk for portfolios with non-normal returns, J. Risk 11, 2008). Gains are positive in series; losses
// are positive in results.
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { columnsOf, isConstant, meanOf } from '../columns.js';
import { readSample, type Sample } from '../sample.js';
import { type Attribution, attribution } from './attribution.js';
import { expansionRisk, isMonotone } from './cornish-fisher.js';
import { expansionSlope, type Shape } from './cornish-fisher-slope.js';
import { foldOf } from './delta-normal.js';
import { type NormalLevel, type NormalPoint, normalPoint } from './level.js';

/** Modified risk of a portfolio, taken apart, with its moments. */
export interface ModifiedComponents {
  /** Modified value at risk, taken apart. */
  readonly valueAtRisk: Attribution;
  /** Where the expansion puts it inside the value at risk, that of the value at risk. */
  readonly shortfall: Attribution;
  /** The expansion puts the shortfall inside the value at risk, so the latter stands. */
  readonly capped: boolean;
  /** The expansion rises from -5 to 5 standard deviations; where it does not, it is no quantile. */
  readonly monotone: boolean;
  /** Of the portfolio; the deviation with 1 / (n - 1). */
  readonly mean: number;
  /** Standard deviation of the portfolio. */
  readonly deviation: number;
  /** Null for a constant portfolio. */
  readonly skewness: number | null;
  /** Null for a constant portfolio. */
  readonly excessKurtosis: number | null;
  /** `constant`: the portfolio does not move, so that nothing but means is split. */
  readonly status: 'ok' | 'constant';
}

/** How moments are estimated. */
export interface ComponentOptions {
  /** The divisor of the covariance: n - 1 (default, PerformanceAnalytics) or n. Third and fourth moments have n. */
  covariance?: 'sample' | 'population';
}

/** Assets by period less their means. */
interface Assets {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly deviations: readonly Float64Array[];
  readonly periods: number;
  /** What is taken off the number of periods for the divisor of the covariance. */
  readonly less: number;
}

function readAssets(returns: readonly Sample[], given: Sample, less: number): Assets {
  const columns = columnsOf(returns, 'returns', 2);
  const weights = readSample(given, 'weights');
  if (weights.length !== columns.length)
    throw new MarginError('range', {
      path: 'weights',
      got: weights.length,
      expected: `${columns.length}, one an asset`,
    });
  const periods = columns[0]?.length ?? 0;
  const means = Float64Array.from(columns, meanOf);
  const deviations = columns.map((column, i) =>
    isConstant(column) ? new Float64Array(periods) : column.map((x) => x - (means[i] ?? 0)),
  );
  return { weights, means, deviations, periods, less };
}

/** Sum over periods of an asset's deviations times a power of the portfolio's, all in units of `unit`. */
function comoment(column: Float64Array, gains: Float64Array, power: number, unit: number): number {
  let sum = 0;
  gains.forEach((gain, t) => {
    const x = gain / unit;
    sum += (column[t] ?? 0) * (power === 1 ? x : power === 2 ? x * x : x * x * x);
  });
  return sum;
}

const NOTHING = 1e-14;

const largestOf = (values: Float64Array): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** A portfolio of the assets, in units of its largest deviation. */
interface Measured {
  readonly gains: Float64Array;
  readonly unit: number;
  /** Of the gains in that unit. */
  readonly second: number;
  readonly shape: Shape;
  readonly flat: boolean;
}

/** Moments of the portfolio, without an asset where `without` names it. */
function measured({ weights, means, deviations, periods, less }: Assets, without = -1): Measured {
  const held = weights.map((weight, i) => (i === without ? 0 : weight));
  const gains = new Float64Array(periods);
  deviations.forEach((column, i) => {
    if (i === without) return;
    for (let t = 0; t < periods; t++) gains[t] = (gains[t] ?? 0) + (held[i] ?? 0) * (column[t] ?? 0);
  });
  const mean = foldOf(means.map((m, i) => m * (held[i] ?? 0)));
  const unit = largestOf(gains);
  // What hedges leave of deviations is rounding.
  const flat = unit <= NOTHING * foldOf(held.map((weight, i) => Math.abs(weight) * largestOf(deviations[i] ?? gains)));
  if (flat) return { gains, unit, second: 0, shape: { mean, deviation: 0, skewness: 0, kurtosis: 0 }, flat };
  const second = comoment(gains, gains, 1, unit) / unit / (periods - less);
  const root = Math.sqrt(second);
  const skewness = comoment(gains, gains, 2, unit) / unit / periods / (second * root);
  const kurtosis = comoment(gains, gains, 3, unit) / unit / periods / (second * second) - 3;
  return { gains, unit, second, shape: { mean, deviation: unit * root, skewness, kurtosis }, flat };
}

const riskOf = ({ shape }: Measured, point: NormalPoint) =>
  expansionRisk(shape.mean, shape.deviation, shape.skewness, shape.kurtosis, point);

/** Derivatives by the weight of an asset: co-moments. */
function shapeBy({ means, deviations, periods, less }: Assets, i: number, whole: Measured): Shape {
  const mean = means[i] ?? 0;
  if (whole.flat) return { mean, deviation: 0, skewness: 0, kurtosis: 0 };
  const { gains, unit, second, shape } = whole;
  const column = deviations[i] ?? gains;
  const root = Math.sqrt(second);
  const ds = comoment(column, gains, 1, unit) / (periods - less) / root;
  return {
    mean,
    deviation: ds,
    skewness:
      (3 * comoment(column, gains, 2, unit)) / periods / (second * shape.deviation) -
      (3 * shape.skewness * ds) / shape.deviation,
    kurtosis:
      (4 * comoment(column, gains, 3, unit)) / periods / (second * root * shape.deviation) -
      (4 * (shape.kurtosis + 3) * ds) / shape.deviation,
  };
}

/**
 * Modified value at risk and shortfall of a portfolio, split among its assets after Euler: means, covariance and co-moments stay,
 * skewness, kurtosis and the quantile move with the weights.
 * @param returns - a series an asset, all of one length, losses negative
 * @param weights - one an asset
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive
 * @throws MarginError type, range, not-finite, unknown-key
 * @example
 * modifiedComponents([[0.1, -0.2, 0.05], [0.1, 0, -0.1]], [0.5, 0.5], '0.95').valueAtRisk.component
 *   // Float64Array.of(0.13568750312020816, 0.038935815531641854)
 */
export function modifiedComponents(
  returns: readonly Sample[],
  weights: Sample,
  level: NormalLevel,
  options: ComponentOptions = {},
): ModifiedComponents {
  const fields = new Fields(options, 'options', ['covariance']);
  const less = fields.word('covariance', { population: 0, sample: 1 }, 'sample');
  const point = normalPoint(level);
  const assets = readAssets(returns, weights, less);
  const whole = measured(assets);
  const { shape, flat } = whole;
  const { valueAtRisk, shortfall, capped } = riskOf(whole, point);
  const slope = expansionSlope(shape, point);
  const slopes = Array.from(assets.weights, (_, i) => slope(shapeBy(assets, i, whole)));
  const rest = Array.from(assets.weights, (_, i) => riskOf(measured(assets, i), point));
  const split = (value: number, key: 'valueAtRisk' | 'shortfall'): Attribution => {
    const marginal = Float64Array.from(slopes, (by) => (capped ? by.valueAtRisk : by[key]));
    const component = assets.weights.map((weight, i) => weight * (marginal[i] ?? 0));
    return attribution(
      value,
      component,
      marginal,
      Float64Array.from(rest, (without) => value - without[key]),
    );
  };
  return {
    valueAtRisk: split(valueAtRisk, 'valueAtRisk'),
    shortfall: split(shortfall, 'shortfall'),
    capped,
    monotone: isMonotone(shape.skewness, shape.kurtosis),
    mean: shape.mean,
    deviation: shape.deviation,
    skewness: flat ? null : shape.skewness,
    excessKurtosis: flat ? null : shape.kurtosis,
    status: flat ? 'constant' : 'ok',
  };
}
