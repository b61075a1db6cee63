// Modified value at risk and shortfall of weighted assets and what each brings of them (P. Boudt, B. Peterson and C. Croux, Estimation
// and decomposition of downside risk for portfolios with non-normal returns, J. Risk 11, 2008). Gains are positive in series; losses
// are positive in results.
import { Fields } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { normalDensity } from '../reference/numeric/normal.js';
import { columnsOf, isConstant, meanOf } from './columns.js';
import { edgeworth, expanded, expansionRisk } from './cornish-fisher.js';
import { foldOf } from './delta-normal.js';
import { type NormalLevel, normalPoint } from './level.js';
import { readSample, type Sample } from './sample.js';

/** A risk and what each asset brings of it. */
export interface Split {
  /** The sum of `component` in order, to the bit: loss, positive. */
  readonly total: number;
  /** w_i d/dw_i of the risk. */
  readonly component: Float64Array;
  /** `component` over `total`; null where the total is 0. */
  readonly share: Float64Array | null;
}

export interface ModifiedComponents {
  readonly valueAtRisk: Split;
  /** Where the expansion puts it inside the value at risk, that of the value at risk. */
  readonly shortfall: Split;
  readonly capped: boolean;
  readonly monotone: boolean;
  /** Of the portfolio; the deviation with 1 / (n - 1). */
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number | null;
  readonly excessKurtosis: number | null;
  /** `constant`: the portfolio does not move, so that nothing but means is split. */
  readonly status: 'ok' | 'constant';
}

export interface ComponentOptions {
  /** The divisor of the covariance: n - 1 (default, PerformanceAnalytics) or n. Third and fourth moments have n. */
  covariance?: 'sample' | 'population';
}

/** Assets by period less their means, and the portfolio of them. */
interface Portfolio {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  /** By asset. */
  readonly deviations: readonly Float64Array[];
  /** Of the portfolio, by period. */
  readonly gains: Float64Array;
}

function readPortfolio(returns: readonly Sample[], given: Sample): Portfolio {
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
  const gains = new Float64Array(periods);
  deviations.forEach((column, i) => {
    for (let t = 0; t < periods; t++) gains[t] = (gains[t] ?? 0) + (weights[i] ?? 0) * (column[t] ?? 0);
  });
  return { weights, means, deviations, gains };
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

function split(component: Float64Array): Split {
  const total = foldOf(component);
  return { total, component, share: total === 0 ? null : component.map((part) => part / total) };
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
  const { z: out, tail } = normalPoint(level);
  const portfolio = readPortfolio(returns, weights);
  const { means, gains, deviations } = portfolio;
  const periods = gains.length;
  const mean = foldOf(means.map((m, i) => m * (portfolio.weights[i] ?? 0)));
  const unit = largestOf(gains);
  // What hedges leave of deviations is rounding.
  const flat =
    unit <=
    NOTHING * foldOf(portfolio.weights.map((weight, i) => Math.abs(weight) * largestOf(deviations[i] ?? gains)));
  const second = flat ? 0 : comoment(gains, gains, 1, unit) / unit / (periods - less);
  const root = Math.sqrt(second);
  const skewness = flat ? 0 : comoment(gains, gains, 2, unit) / unit / periods / (second * root);
  const kurtosis = flat ? 0 : comoment(gains, gains, 3, unit) / unit / periods / (second * second) - 3;
  const deviation = flat ? 0 : unit * root;

  const z = -out;
  const g = expanded(z, skewness, kurtosis);
  const density = normalDensity(g) / tail;
  const factor = edgeworth(g, skewness, kurtosis);
  const { capped, monotone } = expansionRisk(mean, deviation, skewness, kurtosis, { z: out, tail });
  const n = portfolio.weights.length;
  const value = new Float64Array(n);
  const expansion = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const column = deviations[i] ?? gains;
    // Derivatives by w_i: of the deviation, of S and K, of g, of the factor.
    const ds = flat ? 0 : comoment(column, gains, 1, unit) / (periods - less) / root;
    const dS = flat
      ? 0
      : (3 * comoment(column, gains, 2, unit)) / periods / (second * deviation) - (3 * skewness * ds) / deviation;
    const dK = flat
      ? 0
      : (4 * comoment(column, gains, 3, unit)) / periods / (second * root * deviation) -
        (4 * (kurtosis + 3) * ds) / deviation;
    const dg =
      ((z * z - 1) * dS) / 6 + ((z * z * z - 3 * z) * dK) / 24 - ((2 * z * z * z - 5 * z) * skewness * dS) / 18;
    const dFactor = byPoint(g, skewness, kurtosis) * dg + bySkewness(g, skewness) * dS + byKurtosis(g) * dK;
    const weight = portfolio.weights[i] ?? 0;
    const drift = means[i] ?? 0;
    value[i] = weight * (0 - drift - ds * g - deviation * dg);
    expansion[i] = weight * (density * (ds * factor - deviation * factor * g * dg + deviation * dFactor) - drift);
  }
  return {
    valueAtRisk: split(value),
    shortfall: split(capped ? value.slice() : expansion),
    capped,
    monotone,
    mean,
    deviation,
    skewness: flat ? null : skewness,
    excessKurtosis: flat ? null : kurtosis,
    status: flat ? 'constant' : 'ok',
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
