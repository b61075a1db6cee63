// GARCH(1, 1) by quasi maximum likelihood: h = omega + alpha (r - mu)^2 + beta h of the day before. Fitted to returns brought to
// variance 1, over numbers that have no bounds, from several starts; then Newton's steps with the exact second derivatives.
import { decimal } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { exp } from '../../reference/numeric/exp.js';
import { log } from '../../reference/numeric/log.js';
import { type Column, columnOf, meanOf } from '../columns.js';
import { given } from '../given.js';
import { cholesky } from '../matrix/cholesky.js';
import { hessian, likelihood, type Parameters, variancesInto } from './garch-likelihood.js';
import { type Minimum, minimise } from './minimise.js';
import { ownVariance, type VariancePath } from './volatility.js';

/** Of a day's variance; returns are in the unit of the series. */
export interface GarchParameters {
  /** Mean return. */
  readonly mu: number;
  /** Constant part of the variance, above 0. */
  readonly omega: number;
  /** Weight of yesterday's squared surprise, >= 0. */
  readonly alpha: number;
  /** Weight of yesterday's variance, >= 0. */
  readonly beta: number;
}

/** Variances of given parameters. */
export interface GarchPath extends VariancePath {
  /** Of the returns, as normal ones. */
  readonly logLikelihood: number;
}

export interface GarchFit extends GarchPath, GarchParameters {
  /** Of mu, omega, alpha, beta: roots of the inverse of minus the second derivatives. Null at an edge, where they mean nothing. */
  readonly standardErrors: readonly [number, number, number, number] | null;
  /** alpha + beta: what is left of a shock a day later. */
  readonly persistence: number;
  /** Whether no parameter can be moved to a larger likelihood. */
  readonly converged: boolean;
  /** Parameters that ended at their edge: `omega`, `alpha` or `beta` at 0, `persistence` at 0.99999, the largest it may have. */
  readonly edges: readonly ('omega' | 'alpha' | 'beta' | 'persistence')[];
}

/** Fewer say nothing of four parameters. */
export const LEAST_RETURNS = 50;
/** Smaller variances are no doubles of full length once they are multiplied with omega. */
const LEAST_VARIANCE = 1e-280;
/** alpha + beta stays below, so that there is a long-run variance. */
const MOST_PERSISTENCE = 0.99999;
/** Starts: alpha and beta of quiet, usual and restless series. Likelihoods of a year of one coin often have two tops. */
const STARTS: readonly (readonly [number, number])[] = [
  [0.05, 0.9],
  [0.1, 0.8],
  [0.15, 0.6],
  [0.02, 0.97],
  [0.3, 0.4],
  [0.2, 0.78],
];
/** Of the mean log-likelihood of a return, by numbers of order 1. */
const TOLERANCE = 1e-8;
const MOST_ITERATIONS = 400;
const NEWTON_STEPS = 12;
/** Log-likelihood that a Newton step could still add: beyond, nothing has converged. */
const LEFT = 1e-8;
/** Nearer to their edge than this, in returns of variance 1, parameters are at it. */
const EDGE = 1e-6;
/** ln omega stays above, 2e-9 of the variance, and is at its edge a little before. */
const LEAST_LN_OMEGA = -20;
const EDGE_OMEGA = 1e-8;

/**
 * Variances of given parameters: of each day as it was known the evening before, and of the day after the last.
 * @throws MarginError type, not-finite, range: omega > 0, alpha and beta >= 0, together at most 1
 * @example
 * const { next, logLikelihood } = garchVariances([0.1, -0.2, 0.3], { mu: 0, omega: 0.01, alpha: 0.1, beta: 0.8 });
 */
export function garchVariances(returns: Column, parameters: GarchParameters): GarchPath {
  const r = columnOf(returns, 'returns', 2);
  given(parameters, 'parameters');
  const mu = decimal(parameters.mu, 'mu');
  const omega = decimal(parameters.omega, 'omega', { above: 0 });
  const alpha = decimal(parameters.alpha, 'alpha', { min: 0, max: 1 });
  const beta = decimal(parameters.beta, 'beta', { min: 0, max: 1 });
  if (alpha + beta > 1)
    throw new MarginError('range', {
      path: 'alpha + beta',
      got: alpha + beta,
      expected: 'at most 1: beyond, variances grow without end',
    });
  return pathOf(r, [mu, omega, alpha, beta]);
}

function pathOf(r: Float64Array, parameters: Parameters): GarchPath {
  const variances = new Float64Array(r.length);
  const { value, next } = variancesInto(r, parameters, variances);
  return { variances, next, logLikelihood: value };
}

/**
 * Fits GARCH(1, 1) with a constant mean.
 * @param returns - oldest first, at least 50; losses negative, any unit
 * @throws MarginError type, not-finite, range: too few returns, a constant series
 * @example
 * const { omega, alpha, beta, next, converged } = fitGarch(returns);
 */
export function fitGarch(returns: Column): GarchFit {
  const given = columnOf(returns, 'returns', LEAST_RETURNS);
  const variance = ownVariance(given);
  if (variance < LEAST_VARIANCE)
    throw new MarginError('range', {
      path: 'returns',
      got: variance,
      expected: `a variance from ${LEAST_VARIANCE} on`,
    });
  const size = Math.sqrt(variance);
  const r = given.map((x) => x / size);
  const mean = meanOf(r);
  const cost = costOf(r);
  let best: Minimum | undefined;
  for (const [alpha, beta] of STARTS) {
    const found = minimise(cost, bare(mean, alpha, beta), TOLERANCE, MOST_ITERATIONS);
    if (!best || found.value < best.value) best = found;
  }
  const found = best ? parametersAt(best.at) : parametersAt(bare(mean, 0.05, 0.9));
  const edges = edgesOf(found);
  const polished = edges.length === 0 ? polish(r, found) : { at: found, left: 0 };
  const errors = edges.length === 0 ? standardErrors(r, polished.at) : null;
  const [mu, omega, alpha, beta] = polished.at;
  const parameters = { mu: mu * size, omega: omega * size * size, alpha, beta };
  return {
    ...parameters,
    ...pathOf(given, [parameters.mu, parameters.omega, alpha, beta]),
    standardErrors: errors && [errors[0] * size, errors[1] * size * size, errors[2], errors[3]],
    persistence: alpha + beta,
    converged: edges.length > 0 ? best?.converged === true : polished.left <= LEFT,
    edges,
  };
}

/** Parameters as numbers without bounds: mu, ln omega, logits of alpha + beta and of alpha's share in it. */
function bare(mean: number, alpha: number, beta: number): Float64Array {
  const logit = (p: number): number => log(p / (1 - p));
  const sum = alpha + beta;
  return Float64Array.of(mean, log(1 - sum), logit(sum / MOST_PERSISTENCE), logit(alpha / sum));
}

const logistic = (x: number): number => (x < 0 ? 1 - 1 / (1 + exp(x)) : 1 / (1 + exp(-x)));

function parametersAt(x: Float64Array): Parameters {
  const [mu = 0, lnOmega = 0, sum = 0, share = 0] = x;
  const persistence = MOST_PERSISTENCE * logistic(sum);
  const alpha = persistence * logistic(share);
  return [mu, exp(Math.max(lnOmega, LEAST_LN_OMEGA)), alpha, persistence - alpha];
}

/** Minus the mean log-likelihood over numbers without bounds. */
function costOf(r: Float64Array): (x: Float64Array) => { value: number; gradient: Float64Array } {
  return (x) => {
    const at = parametersAt(x);
    const [, omega, alpha, beta] = at;
    const { value, gradient } = likelihood(r, at);
    const [byMu = 0, byOmega = 0, byAlpha = 0, byBeta = 0] = gradient;
    const sum = alpha + beta;
    const share = logistic(x[3] ?? 0);
    const ofSum = sum * (1 - sum / MOST_PERSISTENCE);
    const bySum = (byAlpha * share + byBeta * (1 - share)) * ofSum;
    const byShare = (byAlpha - byBeta) * sum * share * (1 - share);
    const byLnOmega = (x[1] ?? 0) < LEAST_LN_OMEGA ? 0 : byOmega * omega;
    const n = r.length;
    return { value: -value / n, gradient: Float64Array.of(-byMu / n, -byLnOmega / n, -bySum / n, -byShare / n) };
  };
}

function edgesOf([, omega, alpha, beta]: Parameters): GarchFit['edges'] {
  const edges: GarchFit['edges'][number][] = [];
  if (omega < EDGE_OMEGA) edges.push('omega');
  if (alpha < EDGE) edges.push('alpha');
  if (beta < EDGE) edges.push('beta');
  if (alpha + beta > MOST_PERSISTENCE - EDGE) edges.push('persistence');
  return edges;
}

/** The inverse of minus the second derivatives; undefined where that is no covariance. */
function informationInverse(r: Float64Array, at: Parameters): Float64Array | undefined {
  const information = hessian(r, at).map((x) => -x);
  const roots = [0, 1, 2, 3].map((i) => Math.sqrt(Math.max(0, information[i * 5] ?? 0)));
  if (roots.some((root) => !(root > 0))) return undefined;
  // With ones on its diagonal, as omega and mu are of other sizes than alpha and beta.
  const even = information.map((x, k) => x / (roots[k >> 2] ?? 1) / (roots[k & 3] ?? 1));
  const { lower } = cholesky(even, 4);
  if (!lower || [0, 1, 2, 3].some((i) => lower[i * 5] === 0)) return undefined;
  const inverse = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    const x = solved(lower, column);
    for (let i = 0; i < 4; i++) inverse[i * 4 + column] = (x[i] ?? 0) / (roots[i] ?? 1) / (roots[column] ?? 1);
  }
  return inverse;
}

/** x with L L' x = the unit vector of a column. */
function solved(lower: Float64Array, column: number): Float64Array {
  const x = new Float64Array(4);
  for (let i = 0; i < 4; i++) {
    let left = i === column ? 1 : 0;
    for (let k = 0; k < i; k++) left -= (lower[i * 4 + k] ?? 0) * (x[k] ?? 0);
    x[i] = left / (lower[i * 5] ?? 1);
  }
  for (let i = 3; i >= 0; i--) {
    let left = x[i] ?? 0;
    for (let k = i + 1; k < 4; k++) left -= (lower[k * 4 + i] ?? 0) * (x[k] ?? 0);
    x[i] = left / (lower[i * 5] ?? 1);
  }
  return x;
}

/** Newton's steps while they lead upwards and stay inside; `left` is what the next one would still add. */
function polish(r: Float64Array, start: Parameters): { at: Parameters; left: number } {
  let at = start;
  let here = likelihood(r, at);
  let left = Number.MAX_VALUE;
  for (let i = 0; i < NEWTON_STEPS; i++) {
    const inverse = informationInverse(r, at);
    if (!inverse) break;
    const step = [0, 1, 2, 3].map((row) =>
      here.gradient.reduce((sum, g, column) => sum + (inverse[row * 4 + column] ?? 0) * g, 0),
    );
    left = 0.5 * step.reduce((sum, x, k) => sum + x * (here.gradient[k] ?? 0), 0);
    const next = at.map((x, k) => x + (step[k] ?? 0)) as unknown as Parameters;
    const [, omega, alpha, beta] = next;
    if (!(omega > 0 && alpha > 0 && beta > 0 && alpha + beta < MOST_PERSISTENCE)) break;
    const there = likelihood(r, next);
    if (!(there.value > here.value)) break;
    at = next;
    here = there;
  }
  return { at, left: Math.abs(left) };
}

function standardErrors(r: Float64Array, at: Parameters): [number, number, number, number] | null {
  const inverse = informationInverse(r, at);
  if (!inverse) return null;
  const [mu = 0, omega = 0, alpha = 0, beta = 0] = [0, 1, 2, 3].map((i) => Math.sqrt(Math.max(0, inverse[i * 5] ?? 0)));
  return [mu, omega, alpha, beta];
}
