// Value at risk and shortfall of a portfolio with deltas and gammas in normal factors, as exact as is asked: delta-normal,
// delta-gamma-normal and Cornish-Fisher from four moments, Lugannani-Rice at the saddlepoint, and exact. Losses are positive.
import { normalQuantile } from '../../reference/numeric/normal.js';
import { type ExpansionRisk, expanded, expansionRisk } from '../analytic/cornish-fisher.js';
import { beyondNormal } from '../analytic/delta-normal.js';
import { type NormalLevel, type NormalPoint, normalPoint } from '../analytic/level.js';
import { type Confidence, tailShare } from '../confidence.js';
import { around, product, times, trace } from '../matrix/product.js';
import { type ExactQuantile, exactQuantile } from './imhof.js';
import { oneFactorRisk } from './one-factor.js';
import {
  type FactorModel,
  type Factors,
  type QuadraticForm,
  quadraticForm,
  readFactors,
  rootOf,
} from './quadratic-form.js';
import { approximateQuantile, higherCumulants } from './saddlepoint.js';

/** Of the gain. */
export interface DeltaGammaMoments {
  /** Expected gain, units of the deltas. */
  readonly mean: number;
  /** Units of the deltas, squared. */
  readonly variance: number;
  /** Null without variance. */
  readonly skewness: number | null;
  /** Null without variance. */
  readonly excessKurtosis: number | null;
}

/** Value at risk and expected shortfall. */
export interface LossPair {
  /** Loss, positive. */
  readonly valueAtRisk: number;
  /** Loss, positive. */
  readonly shortfall: number;
}

/** Risk by three formulas; units of the deltas. */
export interface DeltaGammaRisk {
  /** Of the portfolio's gain. */
  readonly moments: DeltaGammaMoments;
  /** Gammas left out. */
  readonly deltaNormal: LossPair;
  /** A normal gain with the mean and the variance of the portfolio's. */
  readonly deltaGammaNormal: LossPair;
  /** The expansion in its four moments; where `monotone` is false it is no quantile. */
  readonly cornishFisher: ExpansionRisk;
  /** `constant`: the portfolio does not move. */
  readonly status: 'ok' | 'constant';
}

/** Value at risk and shortfall, where they were found. */
export interface DeltaGammaFigure {
  /** Loss, positive; null where it was not found. */
  readonly valueAtRisk: number | null;
  /** Loss, positive; null where it was not found. */
  readonly shortfall: number | null;
  /**
   * `constant`: the portfolio does not move. `rough`: without what moves by less than 1e-7, or 1e-5, of the whole. `not-converged`:
   * not even so: where the density is infinite at the quantile, as of x + x y at its median.
   */
  readonly status: 'ok' | 'constant' | 'rough' | 'not-converged';
}

function momentsOf({ n, delta, gamma, omega }: Factors): DeltaGammaMoments {
  const turned = product(gamma, omega, n);
  const squared = product(turned, turned, n);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += 0.5 * (turned[i * n + i] ?? 0);
  const moved = times(omega, delta);
  const variance = Math.max(0, around(omega, delta) + 0.5 * trace(turned, turned, n));
  // Or less than doubles can square.
  if (variance * variance === 0) return { mean, variance, skewness: null, excessKurtosis: null };
  const third = trace(squared, turned, n) + 3 * around(gamma, moved);
  const fourth = 3 * trace(squared, squared, n) + 12 * around(omega, times(gamma, moved));
  return {
    mean,
    variance,
    // One by one: the square of a small variance may be 0.
    skewness: third / variance / Math.sqrt(variance),
    excessKurtosis: fourth / variance / variance,
  };
}

/**
 * Mean, variance, skewness and excess kurtosis of delta'X + X' gamma X / 2. With G = gamma, O = omega: tr(GO)/2, d'Od + tr((GO)^2)/2,
 * [tr((GO)^3) + 3 d'OGOd] / variance^1.5, [3 tr((GO)^4) + 12 d'O(GO)^2 d] / variance^2.
 * @throws MarginError type, range, not-finite; range where omega is no covariance
 * @see C. Alexander, Market Risk Analysis IV.5, whose formulas 30 and 31 leave out the terms with delta
 * @example
 * deltaGammaMoments({ delta: [0], gamma: [[1]], omega: [[1]] })
 *   // { mean: 0.5, variance: 0.5, skewness: 2.82842712474619, excessKurtosis: 12 }
 */
export function deltaGammaMoments(model: FactorModel): DeltaGammaMoments {
  const factors = readFactors(model);
  rootOf(factors);
  return momentsOf(factors);
}

/**
 * Delta-normal, delta-gamma-normal and Cornish-Fisher value at risk and shortfall.
 * @param level - a confidence level, or standard deviations as `{ z }`
 * @returns losses, positive, in the units of the deltas times the factors
 * @throws MarginError type, range, not-finite; range where omega is no covariance
 * @example
 * deltaGammaRisk({ delta: [10], gamma: [[0]], omega: [[4]] }, { z: 2 }).deltaNormal.valueAtRisk // 40
 */
export function deltaGammaRisk(model: FactorModel, level: NormalLevel): DeltaGammaRisk {
  const point = normalPoint(level);
  const factors = readFactors(model);
  rootOf(factors);
  return riskOf(factors, point);
}

/** The same of factors that are known to have a covariance. */
export function riskOf(factors: Factors, point: NormalPoint): DeltaGammaRisk {
  const moments = momentsOf(factors);
  const linear = Math.sqrt(Math.max(0, around(factors.omega, factors.delta)));
  const deviation = Math.sqrt(moments.variance);
  const beyond = beyondNormal(point);
  return {
    moments,
    deltaNormal: { valueAtRisk: point.z * linear, shortfall: beyond * linear },
    deltaGammaNormal: {
      valueAtRisk: point.z * deviation - moments.mean,
      shortfall: beyond * deviation - moments.mean,
    },
    cornishFisher: expansionRisk(moments.mean, deviation, moments.skewness ?? 0, moments.excessKurtosis ?? 0, point),
    status: moments.variance === 0 ? 'constant' : 'ok',
  };
}

/** What needs no search: a portfolio that does not move, is linear, or has one factor. */
function closedForm({ curves, slopes, linear, mean, deviation }: QuadraticForm, tail: number): LossPair | null {
  if (deviation === 0) return { valueAtRisk: mean, shortfall: mean };
  const [curve] = curves;
  if (curve === undefined) {
    const z = 0 - normalQuantile(tail);
    return { valueAtRisk: deviation * z, shortfall: deviation * beyondNormal({ z, tail }) };
  }
  if (curves.length > 1 || linear > 0) return null;
  const { valueAtRisk, shortfall } = oneFactorRisk(curve, slopes[0] ?? 0, tail);
  return { valueAtRisk: deviation * valueAtRisk, shortfall: deviation * shortfall };
}

/** The form without what moves by less than a size, in deviations. */
function without(form: QuadraticForm, size: number): QuadraticForm {
  if (size === 0) return form;
  const kept = (_: number, j: number): boolean => {
    const [l, c] = [form.curves[j] ?? 0, form.slopes[j] ?? 0];
    return 0.5 * l * l + c * c > size * size;
  };
  return {
    ...form,
    curves: form.curves.filter(kept),
    slopes: form.slopes.filter(kept),
    linear: form.linear > size ? form.linear : 0,
  };
}

/** What is left out where the integral does not settle: next to the end of a large square the traces of others bend it sharply. */
export const LEFT_OUT = [0, 1e-7, 1e-5];

/** A figure, and how it was come by. */
interface ExactAnswer {
  readonly figure: DeltaGammaFigure;
  /** Place in LEFT_OUT of what was left out. */
  readonly place: number;
  /** Null where there was a closed form, or nothing. */
  readonly found: ExactQuantile | null;
}

/** Exact figures of a form, at least as much of it left out as at a place of LEFT_OUT. */
export function exactOf(form: QuadraticForm, confidence: Confidence, first = 0): ExactAnswer {
  const tail = tailShare(confidence).value;
  const { third, fourth } = higherCumulants(form);
  const start = expanded(normalPoint(confidence).z, third, fourth);
  for (let place = first; place < LEFT_OUT.length; place++) {
    const status = form.deviation === 0 ? 'constant' : place === 0 ? 'ok' : 'rough';
    const kept = without(form, LEFT_OUT[place] ?? 0);
    const closed = closedForm(kept, tail);
    if (closed) return { figure: { ...closed, status }, place, found: null };
    const found = exactQuantile(kept, tail, start);
    if (!found.at.converged) continue;
    return { figure: { ...lossesAt(form, found.y, found.at.excess, tail), status }, place, found };
  }
  return {
    figure: { valueAtRisk: null, shortfall: null, status: 'not-converged' },
    place: LEFT_OUT.length,
    found: null,
  };
}

/**
 * Exact value at risk and shortfall of delta'X + X' gamma X / 2: closed forms of one factor and of linear portfolios, otherwise the
 * inversion of Imhof on its path of steepest descent. Within 1e-11 standard deviations of the exact quantile, at any level.
 * @param confidence - exact, as for samples
 * @returns losses, positive, in the units of the deltas times the factors
 * @throws MarginError type, range, not-finite; range where omega is no covariance
 * @example
 * deltaGammaExact({ delta: [0], gamma: [[-1]], omega: [[1e6]] }, '0.99').valueAtRisk // 3317448.3005106067
 */
export function deltaGammaExact(model: FactorModel, confidence: Confidence): DeltaGammaFigure {
  return exactOf(quadraticForm(readFactors(model)), confidence).figure;
}

/** A quantile of the standardised loss, and the mean beyond it, in money. */
function lossesAt({ mean, deviation }: QuadraticForm, y: number, excess: number, tail: number): LossPair {
  const valueAtRisk = mean + deviation * y;
  return { valueAtRisk, shortfall: valueAtRisk + (deviation * excess) / tail };
}

/**
 * Approximate value at risk and shortfall of delta'X + X' gamma X / 2 by the saddlepoint (Lugannani-Rice). Of forty factors of like
 * size within 2e-3 standard deviations of the exact quantile; of one bent factor within some per cent.
 * @param confidence - exact, as for samples
 * @returns losses, positive, in the units of the deltas times the factors
 * @throws MarginError type, range, not-finite; range where omega is no covariance
 * @example
 * deltaGammaSaddlepoint({ delta: [1, 1], gamma: [[-1, 0], [0, -1]], omega: [[1, 0], [0, 1]] }, '0.99').status // 'ok'
 */
export function deltaGammaSaddlepoint(model: FactorModel, confidence: Confidence): DeltaGammaFigure {
  return saddlepointOf(quadraticForm(readFactors(model)), confidence).figure;
}

/** Approximate figures, and the quantile in deviations where it was searched for. */
export function saddlepointOf(
  form: QuadraticForm,
  confidence: Confidence,
): { figure: DeltaGammaFigure; y: number | null } {
  const tail = tailShare(confidence).value;
  if (form.curves.length === 0) {
    const closed = closedForm(form, tail);
    if (closed) return { figure: { ...closed, status: form.deviation === 0 ? 'constant' : 'ok' }, y: null };
  }
  const { y, at } = approximateQuantile(form, tail);
  return { figure: { ...lossesAt(form, y, at.excess, tail), status: 'ok' }, y };
}
