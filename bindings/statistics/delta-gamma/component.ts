// Which position brings how much of the risk of a portfolio with deltas and gammas in normal factors, for each of the measures of
// delta-gamma.ts: the derivative by the scale of each position, analytically. What the fields of a split are is in attribution.ts.
import { Fields } from '../../book/fields.js';
import type { AttributedPair, Attribution } from '../analytic/attribution.js';
import { expansionSlope } from '../analytic/cornish-fisher-slope.js';
import { beyondNormal } from '../analytic/delta-normal.js';
import { type NormalLevel, normalPoint } from '../analytic/level.js';
import { type Confidence, tailShare } from '../confidence.js';
import { dot, product, times, transposed } from '../matrix/product.js';
import { type Conditional, conditionalOf, type Lift } from './conditional.js';
import {
  type DeltaGammaFigure,
  type DeltaGammaMoments,
  type DeltaGammaRisk,
  exactOf,
  LEFT_OUT,
  riskOf,
  saddlepointOf,
} from './delta-gamma.js';
import {
  attributed,
  type FactorPortfolio,
  type FactorSlope,
  type HeldFactors,
  movedBy,
  readPortfolio,
  sumOf,
} from './factor-portfolio.js';
import { type Directions, directionsOf, type Factors, quadraticForm, rootOf } from './quadratic-form.js';
import { saddlepointConditional } from './saddlepoint-slope.js';

/** What is measured beside the parts. */
export interface AttributionOptions {
  /** Measures the portfolio without each position too: as many measures as there are positions. Default true. */
  incremental?: boolean;
}

/** Risk of positions with deltas and gammas by formulas, taken apart. */
export interface DeltaGammaComponents {
  /** Of the whole portfolio. */
  readonly moments: DeltaGammaMoments;
  /** Gammas left out. */
  readonly deltaNormal: AttributedPair;
  /** Of a normal gain with the portfolio's mean and variance. */
  readonly deltaGammaNormal: AttributedPair;
  /** Where `capped`, the shortfall is the value at risk, and so are its parts. */
  readonly cornishFisher: AttributedPair & { readonly capped: boolean; readonly monotone: boolean };
  /** `constant`: the portfolio does not move, and nothing but means is split. */
  readonly status: DeltaGammaRisk['status'];
}

/** Risk of positions with deltas and gammas, taken apart. */
export interface DeltaGammaSplit {
  /** Null where it was not found. */
  readonly valueAtRisk: Attribution | null;
  /** Null where it was not found. */
  readonly shortfall: Attribution | null;
  /** As of the figure; `not-converged` too where only its parts, or a figure without one of the positions, could not be found. */
  readonly status: DeltaGammaFigure['status'];
}

const OMEGA = 'portfolio.omega';

const readIncremental = (options: AttributionOptions): boolean =>
  new Fields(options, 'options', ['incremental']).boolean('incremental', true);

/** Mean, variance of the linear part, variance, third and fourth cumulant of the gain: how each moves with deltas and gammas. */
function cumulantSlopes({ n, delta, gamma, omega }: Factors): readonly FactorSlope[] {
  // O G O, O G O G O and so on, and what they make of the deltas.
  const turn = product(omega, gamma, n);
  const twice = product(turn, omega, n);
  const thrice = product(turn, twice, n);
  const fourfold = product(turn, thrice, n);
  const [once1, once2, once3] = [times(omega, delta), times(twice, delta), times(thrice, delta)];
  const outer = (x: Float64Array, y: Float64Array): Float64Array =>
    Float64Array.from({ length: n * n }, (_, at) => (x[Math.floor(at / n)] ?? 0) * (y[at % n] ?? 0));
  const [square, mixed] = [outer(once1, once1), outer(once1, once2)];
  return [
    { delta: new Float64Array(n), gamma: omega.map((x) => 0.5 * x) },
    { delta: once1.map((x) => 2 * x), gamma: new Float64Array(n * n) },
    { delta: once1.map((x) => 2 * x), gamma: twice },
    { delta: once2.map((x) => 6 * x), gamma: thrice.map((x, at) => 3 * x + 3 * (square[at] ?? 0)) },
    { delta: once3.map((x) => 24 * x), gamma: fourfold.map((x, at) => 12 * x + 24 * (mixed[at] ?? 0)) },
  ];
}

/** Derivatives of the moments by the scale of one position. */
interface MomentSlope {
  readonly mean: number;
  /** Of the deviation without and with gammas. */
  readonly linear: number;
  readonly deviation: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

function momentSlopes(held: HeldFactors, factors: Factors, { variance, skewness, excessKurtosis }: DeltaGammaMoments) {
  const linear = Math.sqrt(Math.max(0, dot(factors.delta, times(factors.omega, factors.delta))));
  const deviation = Math.sqrt(variance);
  const slopes = cumulantSlopes(factors);
  const shaped = skewness !== null;
  return held.positions.map((position): MomentSlope => {
    const [mean = 0, own = 0, second = 0, third = 0, fourth = 0] = slopes.map((slope) => movedBy(position, slope));
    const ds = deviation === 0 ? 0 : second / (2 * deviation);
    const relative = deviation === 0 ? 0 : ds / deviation;
    return {
      mean,
      linear: linear === 0 ? 0 : own / (2 * linear),
      deviation: ds,
      skewness: shaped ? third / (variance * deviation) - 3 * skewness * relative : 0,
      kurtosis: shaped ? fourth / (variance * variance) - 4 * (excessKurtosis ?? 0) * relative : 0,
    };
  });
}

/**
 * Delta-normal, delta-gamma-normal and Cornish-Fisher value at risk and shortfall, split among positions: derivatives of mean, variance,
 * third and fourth cumulant by the scale of each.
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive, in the units of the deltas times the factors; each `value` is what `deltaGammaRisk` says of the sum
 * @throws MarginError type, range, not-finite, missing-key, unknown-key; range where omega is no covariance
 * @example
 * deltaGammaComponents({ positions: [{ delta: [10] }, { delta: [-4] }], omega: [[4]] }, { z: 2 }).deltaNormal.valueAtRisk.component
 *   // Float64Array.of(40, -16)
 */
export function deltaGammaComponents(
  portfolio: FactorPortfolio,
  level: NormalLevel,
  options: AttributionOptions = {},
): DeltaGammaComponents {
  const point = normalPoint(level);
  const incremental = readIncremental(options);
  const held = readPortfolio(portfolio);
  const factors = sumOf(held);
  rootOf(factors, OMEGA);
  const whole = riskOf(factors, point);
  const { moments, cornishFisher } = whole;
  const slopes = momentSlopes(held, factors, moments);
  const rest = incremental ? held.positions.map((_, i) => riskOf(sumOf(held, i), point)) : null;
  const beyond = beyondNormal(point);
  const expansion = expansionSlope(
    {
      mean: moments.mean,
      deviation: Math.sqrt(moments.variance),
      skewness: moments.skewness ?? 0,
      kurtosis: moments.excessKurtosis ?? 0,
    },
    point,
  );
  const pair = (
    key: 'deltaNormal' | 'deltaGammaNormal' | 'cornishFisher',
    part: (by: MomentSlope, measure: 'valueAtRisk' | 'shortfall') => number,
  ): AttributedPair => {
    const split = (measure: 'valueAtRisk' | 'shortfall'): Attribution =>
      attributed(
        held,
        whole[key][measure],
        Float64Array.from(slopes, (by) => part(by, measure)),
        rest?.map((without) => without[key][measure]) ?? null,
      );
    return { valueAtRisk: split('valueAtRisk'), shortfall: split('shortfall') };
  };
  const out = { valueAtRisk: point.z, shortfall: beyond };
  return {
    moments,
    deltaNormal: pair('deltaNormal', ({ linear }, measure) => out[measure] * linear),
    deltaGammaNormal: pair('deltaGammaNormal', ({ mean, deviation }, measure) => out[measure] * deviation - mean),
    cornishFisher: {
      ...pair('cornishFisher', (by, measure) => expansion(by)[cornishFisher.capped ? 'valueAtRisk' : measure]),
      capped: cornishFisher.capped,
      monotone: cornishFisher.monotone,
    },
    status: whole.status,
  };
}

/** Of the loss: minus the factors' means, and minus half of their second moments, as the lift of their directions says. */
function lossSlope({ turn }: Directions, { first, second }: Lift, { n, omega }: Factors): FactorSlope {
  const squares = product(product(turn, second, n), transposed(turn, n), n);
  return {
    delta: times(turn, first).map((x) => -x),
    gamma: squares.map((x, at) => -0.5 * (x + (omega[at] ?? 0))),
  };
}

/**
 * Parts are given only where they sum to the measure as closely as this, in deviations: the quantile at the very end of a distribution
 * leaves too few digits for some. The saddlepoint's own formulas jump by some 1e-6 next to the mean.
 */
const CLOSE = { ok: 1e-7, rough: 1e-4, saddlepoint: 1e-5 };

/** Of large parts beside a deviation. */
const ROUNDING = 1e-5;

const NOT_FOUND: DeltaGammaSplit = { valueAtRisk: null, shortfall: null, status: 'not-converged' };

function splitBy(
  held: HeldFactors,
  factors: Factors,
  figure: DeltaGammaFigure,
  directions: Directions,
  moments: Conditional | null,
  rest: readonly DeltaGammaFigure[] | null,
  close: number,
): DeltaGammaSplit {
  if (moments === null) return NOT_FOUND;
  const split = (measure: 'valueAtRisk' | 'shortfall', lift: Lift): Attribution | null => {
    const value = figure[measure];
    const without = rest?.flatMap((other) => other[measure] ?? []) ?? null;
    if (value === null || (without && without.length < held.positions.length)) return null;
    const slope = lossSlope(directions, lift, factors);
    const component = Float64Array.from(held.positions, (position) => movedBy(position, slope));
    const one = attributed(held, value, component, without);
    const { mean, deviation } = directions.form;
    // Parts of hedged portfolios are larger than what is left: their rounding is not held against them.
    const size = component.reduce(
      (all, part) => all + ROUNDING * Math.abs(part),
      deviation + ROUNDING * Math.abs(mean),
    );
    return Math.abs(one.total - value) <= close * size ? one : null;
  };
  const [valueAtRisk, shortfall] = [split('valueAtRisk', moments.at), split('shortfall', moments.beyond)];
  return valueAtRisk && shortfall ? { valueAtRisk, shortfall, status: figure.status } : NOT_FOUND;
}

/**
 * Exact value at risk and shortfall, split among positions: what each loses on average where the portfolio loses its value at risk, and
 * where it loses that or more, by the same inversion integral as the figures themselves.
 * @param confidence - exact, as for samples
 * @returns losses, positive, in the units of the deltas times the factors; each `value` is what `deltaGammaExact` says of the sum
 * @throws MarginError type, range, not-finite, missing-key, unknown-key; range where omega is no covariance
 * @see D. Tasche, Risk contributions and performance measurement (1999)
 * @example
 * deltaGammaExactComponents({ positions: [{ delta: [0], gamma: [[-1]] }, { delta: [1] }, { delta: [-1] }], omega: [[1e6]] }, '0.99')
 *   .valueAtRisk.component // Float64Array.of(3317448.3005106067, 0, 0)
 */
export function deltaGammaExactComponents(
  portfolio: FactorPortfolio,
  confidence: Confidence,
  options: AttributionOptions = {},
): DeltaGammaSplit {
  const tail = tailShare(confidence).value;
  const incremental = readIncremental(options);
  const held = readPortfolio(portfolio);
  const factors = sumOf(held);
  const directions = directionsOf(factors, OMEGA);
  const { form } = directions;
  let answer = exactOf(form, confidence);
  const { figure } = answer;
  const momentsNow = (): Conditional | null =>
    answer.place < LEFT_OUT.length ? conditionalOf(directions, answer.found, tail, LEFT_OUT[answer.place] ?? 0) : null;
  let moments = momentsNow();
  let rough = false;
  while (moments === null && answer.place < LEFT_OUT.length) {
    answer = exactOf(form, confidence, answer.place + 1);
    moments = momentsNow();
    rough = true;
  }
  const rest = incremental
    ? held.positions.map((_, i) => exactOf(quadraticForm(sumOf(held, i)), confidence).figure)
    : null;
  const status = rough ? 'rough' : figure.status;
  const close = status === 'rough' ? CLOSE.rough : CLOSE.ok;
  return splitBy(held, factors, { ...figure, status }, directions, moments, rest, close);
}

/**
 * Approximate value at risk and shortfall by the saddlepoint, split among positions: derivatives of the formulas themselves, so that
 * parts sum to what they say. Within 1e-7 deviations where the quantile is next to the mean.
 * @param confidence - exact, as for samples
 * @returns losses, positive, in the units of the deltas times the factors; each `value` is what `deltaGammaSaddlepoint` says of the sum
 * @throws MarginError type, range, not-finite, missing-key, unknown-key; range where omega is no covariance
 * @example
 * deltaGammaSaddlepointComponents({ positions: [{ delta: [3, 4] }], omega: [[1, 0], [0, 1]] }, '0.99').status // 'ok'
 */
export function deltaGammaSaddlepointComponents(
  portfolio: FactorPortfolio,
  confidence: Confidence,
  options: AttributionOptions = {},
): DeltaGammaSplit {
  const tail = tailShare(confidence).value;
  const incremental = readIncremental(options);
  const held = readPortfolio(portfolio);
  const factors = sumOf(held);
  const directions = directionsOf(factors, OMEGA);
  const { figure, y } = saddlepointOf(directions.form, confidence);
  const moments = y === null ? conditionalOf(directions, null, tail, 0) : saddlepointConditional(directions, y, tail);
  const rest = incremental
    ? held.positions.map((_, i) => saddlepointOf(quadraticForm(sumOf(held, i)), confidence).figure)
    : null;
  return splitBy(held, factors, figure, directions, moments, rest, CLOSE.saddlepoint);
}
