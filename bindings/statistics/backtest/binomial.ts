// The number of exceptions of a right model: the binomial distribution, from one day to a billion. A probability is e to the sum of
// Stirling's errors and deviances (C. Loader, Fast and accurate computation of binomial probabilities, 2000), so that nothing
// underflows on the way; tails are summed from their largest term outwards.
import { exp } from '../../reference/numeric/exp.js';
import { log, log1p } from '../../reference/numeric/log.js';
import type { Confidence } from '../confidence.js';
import { countOf, countsOf, MOST_DAYS, type Rate, rateOf } from './read.js';

const TWO_PI = 6.283185307179586;
/** From here on the sixth term of Stirling's series is below 2^-53 of 1. */
const SERIES_FROM = 16;
/** ln n! - ln(sqrt(2 pi n) (n / e)^n) for n = 0 (unused) to 15, nearest doubles. */
const STIRLING: Float64Array = new Float64Array([
  0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193,
  0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.00833056343336287,
  0.007573675487951841, 0.00694284010720953, 0.006408994188004207, 0.0059513701127588475, 0.005554733551962801,
]);
/** Where observed and expected are this near, their deviance is summed as a series in their difference. */
const NEAR = 0.1;

/** ln n! less Stirling's approximation: 1/12n - 1/360n^3 + 1/1260n^5 - 1/1680n^7 + 1/1188n^9. */
function stirlingError(n: number): number {
  if (n < SERIES_FROM) return STIRLING[n] ?? 0;
  const i = 1 / (n * n);
  return (1 / 12 - i * (1 / 360 - i * (1 / 1260 - i * (1 / 1680 - i / 1188)))) / n;
}

/**
 * x ln(x / mean) + mean - x, which is never negative; mean for x = 0. Twice the sum of two of them is a likelihood ratio.
 * @param x - at least 0
 * @param mean - above 0
 */
export function deviance(x: number, mean: number): number {
  if (x === 0) return mean;
  const d = x - mean;
  if (Math.abs(d) >= NEAR * (x + mean)) return x * log(x / mean) - d;
  // ln((1 + v) / (1 - v)) = 2 (v + v^3 / 3 + ...), v = d / (x + mean).
  const v = d / (x + mean);
  const v2 = v * v;
  let sum = d * v;
  let term = 2 * x * v;
  for (let k = 3; ; k += 2) {
    term *= v2;
    const next = sum + term / k;
    if (next === sum) return sum;
    sum = next;
  }
}

/** P(X = k). */
function probability(n: number, k: number, { p, q }: Rate): number {
  if (k === 0) return exp(n * (p < 0.5 ? log1p(-p) : log(q)));
  if (k === n) return exp(n * (q < 0.5 ? log1p(-q) : log(p)));
  const errors = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  return exp(errors - deviance(k, n * p) - deviance(n - k, n * q)) * Math.sqrt(n / (TWO_PI * k * (n - k)));
}

/** P(X <= k), summed downwards from k; k is not above the mean. */
function lower(n: number, k: number, rate: Rate): number {
  const { p, q } = rate;
  let term = probability(n, k, rate);
  let sum = term;
  for (let j = k; j > 0; j--) {
    term *= (j / (n - j + 1)) * (q / p);
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** P(X >= k), summed upwards from k; k is not below the mean. */
function upper(n: number, k: number, rate: Rate): number {
  const { p, q } = rate;
  let term = probability(n, k, rate);
  let sum = term;
  for (let j = k; j < n; j++) {
    term *= ((n - j) / (j + 1)) * (p / q);
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

const least = (x: number): number => (x < 1 ? x : 1);

/** P(X <= k) for a rate that has been read; k from -1 to n. */
export function cumulative(n: number, k: number, rate: Rate): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return k <= n * rate.p ? least(lower(n, k, rate)) : 1 - least(upper(n, k + 1, rate));
}

/** P(X >= k) for a rate that has been read; k from 0 to n + 1. */
export function exceeding(n: number, k: number, rate: Rate): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  return k >= n * rate.p ? least(upper(n, k, rate)) : 1 - least(lower(n, k - 1, rate));
}

/** The smallest k of which P(X <= k) is at least 1 - tail: P(X > k) <= tail, so that a small tail keeps its digits. */
export function leastWithin(n: number, rate: Rate, tail: number): number {
  let below = -1;
  let at = n;
  while (at - below > 1) {
    const k = below + Math.floor((at - below) / 2);
    if (exceeding(n, k + 1, rate) <= tail) at = k;
    else below = k;
  }
  return at;
}

/**
 * The chance of exactly that many exceptions: P(X = exceptions), X binomial. Relative error below 1e-13 (1e-11 for 1e6 days and
 * chances near 1e-300).
 * @param observations - days, 0 to 1e9
 * @param exceptions - 0 to observations
 * @param p - chance of an exception a day: 1 - confidence
 * @throws MarginError type, not-finite, range
 * @example
 * binomialProbability(250, 5, '0.01') // 0.06662918902652637
 */
export function binomialProbability(observations: number, exceptions: number, p: Confidence): number {
  const { days, hits } = countsOf(observations, exceptions);
  const rate = rateOf(p);
  return probability(days, hits, rate);
}

/**
 * The chance of at most that many exceptions: P(X <= exceptions), X binomial.
 * @param observations - days, 0 to 1e9
 * @param exceptions - 0 to observations
 * @param p - chance of an exception a day: 1 - confidence
 * @throws MarginError type, not-finite, range
 * @example
 * binomialCdf(250, 4, '0.01') // 0.8921876269036253
 */
export function binomialCdf(observations: number, exceptions: number, p: Confidence): number {
  const { days, hits } = countsOf(observations, exceptions);
  return cumulative(days, hits, rateOf(p));
}

/**
 * The chance of that many exceptions or more: P(X >= exceptions), X binomial. Small ones keep their digits, which 1 - cdf loses.
 * @param observations - days, 0 to 1e9
 * @param exceptions - 0 to observations
 * @param p - chance of an exception a day: 1 - confidence
 * @throws MarginError type, not-finite, range
 * @example
 * binomialTail(250, 10, '0.01') // 0.0002501900687405075
 */
export function binomialTail(observations: number, exceptions: number, p: Confidence): number {
  const { days, hits } = countsOf(observations, exceptions);
  return exceeding(days, hits, rateOf(p));
}

/** Chances of being wrong about a model that is rejected where it has more exceptions than a cutoff. */
export interface TestErrors {
  /** A right model is rejected: P(X > cutoff) at its rate. */
  readonly typeI: number;
  /** A wrong model is kept: P(X <= cutoff) at the rate that it really has. */
  readonly typeII: number;
}

/**
 * Errors of the rule "reject where there are more than `cutoff` exceptions".
 * @param observations - days, 0 to 1e9
 * @param cutoff - most exceptions of a model that is kept
 * @param right - rate of exceptions of a right model: 1 - confidence
 * @param wrong - rate of the wrong model
 * @throws MarginError type, not-finite, range
 * @see P. Jorion, Value at Risk (3rd edition), chapter 6: 250 days, 4 exceptions, 1 % against 3 %
 * @example
 * backtestErrors(250, 4, '0.01', '0.03').typeII // 0.12820171530324...
 */
export function backtestErrors(observations: number, cutoff: number, right: Confidence, wrong: Confidence): TestErrors {
  const days = countOf(observations, 'observations', 0, MOST_DAYS);
  const most = countOf(cutoff, 'cutoff', 0, days);
  return {
    typeI: exceeding(days, most + 1, rateOf(right, 'right')),
    typeII: cumulative(days, most, rateOf(wrong, 'wrong')),
  };
}
