// Kupiec's test of the proportion of failures: are there as many exceptions as the confidence level promises?
// P. H. Kupiec, Techniques for verifying the accuracy of risk measurement models, Journal of Derivatives 3 (1995).
import { type Confidence, tailShare } from '../confidence.js';
import { deviance } from './binomial.js';
import { chiSquare1Quantile, chiSquare1Tail, type TestResult, undetermined } from './chi-square.js';
import { countOf, countsOf, MOST_DAYS, type Rate, rateOf } from './read.js';

/**
 * -2 ln[(1-p)^(T-N) p^N / ((1-N/T)^(T-N) (N/T)^N)] as twice the deviances of N from T p and of T - N from T q: no likelihood is
 * multiplied out, so nothing underflows, and nothing cancels where N is near T p.
 */
export const kupiecRatio = (days: number, hits: number, { p, q }: Rate): number =>
  2 * (deviance(hits, days * p) + deviance(days - hits, days * q));

/**
 * Kupiec's likelihood ratio, chi-square with one degree of freedom. No exceptions at all are tested like any other number of them;
 * without a day there is no statistic.
 * @param observations - days, 0 to 1e9
 * @param exceptions - days on which the loss was larger than VaR
 * @param p - expected share of exceptions: 1 - confidence
 * @throws MarginError type, not-finite, range
 * @example
 * kupiec(252, 20, '0.05').statistic // 3.912550827553...
 */
export function kupiec(observations: number, exceptions: number, p: Confidence): TestResult {
  const { days, hits } = countsOf(observations, exceptions);
  const rate = rateOf(p);
  if (days === 0) return undetermined('no day was observed');
  const statistic = kupiecRatio(days, hits, rate);
  return { statistic, pValue: chiSquare1Tail(statistic), undetermined: null };
}

/** Numbers of exceptions that are not rejected, both inclusive; null where every number is. */
export interface Region {
  /** Least number of exceptions that is not rejected; null where every number is rejected. */
  readonly min: number | null;
  /** Largest number of exceptions that is not rejected; null where every number is rejected. */
  readonly max: number | null;
}

/**
 * The numbers of exceptions that Kupiec's test does not reject.
 * @param observations - days, 1 to 1e9
 * @param p - expected share of exceptions: 1 - confidence
 * @param testLevel - confidence of the test; default 0.95, where a ratio above 3.84 is rejected
 * @throws MarginError type, not-finite, range
 * @see P. Jorion, Value at Risk (3rd edition), table 6-2
 * @example
 * kupiecRegion(255, '0.05') // { min: 7, max: 20 }
 */
export function kupiecRegion(observations: number, p: Confidence, testLevel: Confidence = '0.95'): Region {
  const days = countOf(observations, 'observations', 1, MOST_DAYS);
  const rate = rateOf(p);
  const limit = chiSquare1Quantile(tailShare(testLevel, 'testLevel'));
  const kept = (hits: number): boolean => kupiecRatio(days, hits, rate) <= limit;
  // The ratio falls to the mean and rises from there: one of the two numbers beside it is the last to be rejected.
  const below = Math.floor(days * rate.p);
  const middle = kept(below) ? below : below + 1;
  if (middle > days || !kept(middle)) return { min: null, max: null };
  return { min: edge(kept, middle, -1), max: edge(kept, middle, days + 1) };
}

/** The last kept number on the way from one that is kept to one that is not, or that does not exist. */
function edge(kept: (hits: number) => boolean, inside: number, outside: number): number {
  let [near, far] = [inside, outside];
  while (Math.abs(far - near) > 1) {
    const middle = Math.floor((near + far) / 2);
    if (kept(middle)) near = middle;
    else far = middle;
  }
  return near;
}
