// A generalised Pareto tail fitted to losses beyond a threshold by maximum likelihood, as one equation in theta = shape / scale (S. D.
// Grimshaw, Technometrics 35, 1993). The likelihood is unbounded where the shape is below -1, so what is sought is the highest of its
// local maxima above, and there may be none.
import { Fields } from '../../book/fields.js';
import { exp } from '../../reference/numeric/exp.js';
import { log, log1p } from '../../reference/numeric/log.js';
import { isConstant, meanOf } from '../columns.js';
import { readSample, type Sample } from '../sample.js';
import type { ParetoTail } from './pareto.js';

/** Two parameters of fewer numbers are none. */
const LEAST = 5;
/** Points of the search on each side of 0, and how far it goes: theta in means of the excesses. */
const POINTS = 60;
const FURTHEST = 14;
/** Nearer to 0 than this, sums are below rounding. */
const NEAREST = 1e-6;
const MOST_STEPS = 200;

/** A fitted tail, or why there is none. */
export interface ParetoFit {
  /** Null where none was found. */
  readonly tail: ParetoTail | null;
  /** Of the excesses at the maximum. */
  readonly logLikelihood: number | null;
  /**
   * `too-few`: less than 5 losses beyond the threshold. `constant`: all of them are the same. `not-converged`: the likelihood has no
   * maximum with a shape above -1. `infinite-shortfall`: it has, and the shape is 1 or more.
   */
  readonly status: 'ok' | 'too-few' | 'constant' | 'not-converged' | 'infinite-shortfall';
}

/** Shape at theta: the mean of ln(1 + theta y). */
function shapeAt(excesses: Float64Array, theta: number): number {
  let sum = 0;
  for (const y of excesses) sum += log1p(theta * y);
  return sum / excesses.length;
}

/** Of the sign of the derivative of the likelihood by theta; excesses have mean 1. */
function slopeAt(excesses: Float64Array, theta: number): number {
  const n = excesses.length;
  if (Math.abs(theta) < NEAREST) {
    let squares = 0;
    for (const y of excesses) squares += y * y;
    return squares / n / 2 - 1;
  }
  let sum = 0;
  for (const y of excesses) sum += 1 / (1 + theta * y);
  const shape = shapeAt(excesses, theta);
  // (1 + shape) mean(1 / (1 + theta y)) - 1, over theta shape, which is positive.
  return ((sum / n) * (1 + shape) - 1) / (theta * shape);
}

/** Log-likelihood an excess: -ln(scale) - shape - 1. */
function likelihoodAt(excesses: Float64Array, theta: number): number {
  if (Math.abs(theta) < NEAREST) return -1;
  const shape = shapeAt(excesses, theta);
  return 0 - log(shape / theta) - shape - 1;
}

/** Theta from just above the end of the support to far out, denser where sums change fast. */
function gridOf(excesses: Float64Array): number[] {
  const largest = excesses.reduce((most, y) => Math.max(most, y), 0);
  const grid: number[] = [];
  // -1 / largest (1 - e^-k), then -e^-k / largest; e^k upwards.
  for (let i = POINTS; i > 0; i--) grid.push((exp((-2 * FURTHEST * i) / POINTS) - 1) / largest);
  for (let i = 1; i < POINTS; i++) grid.push(0 - exp((-FURTHEST * i) / POINTS) / largest);
  grid.push(0);
  for (let i = 0; i <= POINTS; i++) grid.push(exp((2 * FURTHEST * i) / POINTS - FURTHEST));
  return grid.sort((a, b) => a - b);
}

function rootBetween(excesses: Float64Array, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < MOST_STEPS; i++) {
    const middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if (slopeAt(excesses, middle) > 0) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/**
 * Fits scale and shape to the losses of a sample beyond a threshold.
 * @param losses - all observations as losses, positive; gains are negative
 * @param options - `threshold`: loss, beyond which the tail begins
 * @throws MarginError type, range, not-finite, missing-key, unknown-key
 * @example
 * fitPareto([1, 2, 3], { threshold: 0 }).status // 'too-few'
 */
export function fitPareto(losses: Sample, options: { readonly threshold: number }): ParetoFit {
  const threshold = new Fields(options, 'options', ['threshold']).number('threshold', {});
  const all = readSample(losses, 'losses');
  const beyond = all.filter((loss) => loss > threshold).map((loss) => loss - threshold);
  if (beyond.length < LEAST) return { tail: null, logLikelihood: null, status: 'too-few' };
  if (isConstant(beyond)) return { tail: null, logLikelihood: null, status: 'constant' };
  const mean = meanOf(beyond);
  const excesses = beyond.map((y) => y / mean);
  const grid = gridOf(excesses);
  let best: { theta: number; likelihood: number; shape: number } | undefined;
  for (let i = 0; i + 1 < grid.length; i++) {
    const [from, to] = [grid[i] ?? 0, grid[i + 1] ?? 0];
    if (!(slopeAt(excesses, from) > 0 && slopeAt(excesses, to) <= 0)) continue;
    const theta = rootBetween(excesses, from, to);
    const likelihood = likelihoodAt(excesses, theta);
    const shape = Math.abs(theta) < NEAREST ? theta : shapeAt(excesses, theta);
    if (shape > -1 && !(best && best.likelihood >= likelihood)) best = { theta, likelihood, shape };
  }
  if (!best) return { tail: null, logLikelihood: null, status: 'not-converged' };
  const { theta, shape, likelihood } = best;
  const scale = mean * (Math.abs(theta) < NEAREST ? 1 : shape / theta);
  return {
    tail: { threshold, scale, shape, count: all.length, exceedances: beyond.length },
    logLikelihood: beyond.length * (likelihood - log(mean)),
    status: shape >= 1 ? 'infinite-shortfall' : 'ok',
  };
}
