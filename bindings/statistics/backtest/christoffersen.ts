// Christoffersen's tests: do exceptions come independently of each other (one degree of freedom), and independently and as often
// as promised (conditional coverage, two)? P. F. Christoffersen, Evaluating interval forecasts, International Economic Review 39 (1998).
import { MarginError } from '../../errors.js';
import type { Confidence } from '../confidence.js';
import { given } from '../given.js';
import { deviance } from './binomial.js';
import { chiSquare1Tail, chiSquare2Tail, type TestResult, undetermined } from './chi-square.js';
import { kupiec } from './kupiec.js';
import { countOf, hitsOf, MOST_DAYS } from './read.js';

/** Pairs of consecutive days by what they were: nAB is the number of days in state A before a day in state B, 1 an exception. */
export interface Transitions {
  /** Days without an exception after one without. */
  readonly n00: number;
  /** Exceptions after a day without. */
  readonly n01: number;
  /** Days without an exception after an exception. */
  readonly n10: number;
  /** Exceptions after an exception. */
  readonly n11: number;
}

/** The three tests of a series of exceptions. */
export interface Christoffersen {
  /** What they are computed from. */
  readonly transitions: Transitions;
  /** How often: Kupiec's test. */
  readonly coverage: TestResult;
  /** When: exceptions follow exceptions no more often than other days. */
  readonly independence: TestResult;
  /** Both: the sum of the two ratios. */
  readonly conditional: TestResult;
}

/**
 * Pairs of consecutive days, one fewer than days.
 * @param hits - by day: 1 or true for an exception
 * @throws MarginError type
 * @example
 * transitions([0, 1, 1, 0]) // { n00: 0, n01: 1, n10: 1, n11: 1 }
 */
export function transitions(hits: ArrayLike<number | boolean>): Transitions {
  const states = hitsOf(hits);
  const pairs = [0, 0, 0, 0];
  for (let day = 1; day < states.length; day++) {
    const pair = 2 * (states[day - 1] ?? 0) + (states[day] ?? 0);
    pairs[pair] = (pairs[pair] ?? 0) + 1;
  }
  const [n00 = 0, n01 = 0, n10 = 0, n11 = 0] = pairs;
  return { n00, n01, n10, n11 };
}

function readTransitions(counts: Transitions): Transitions {
  given(counts, 'transitions', ['n00', 'n01', 'n10', 'n11']);
  const { n00, n01, n10, n11 } = counts;
  const read = (value: number, name: string): number => countOf(value, `transitions.${name}`, 0, MOST_DAYS);
  return { n00: read(n00, 'n00'), n01: read(n01, 'n01'), n10: read(n10, 'n10'), n11: read(n11, 'n11') };
}

/** A row's part of the ratio: its two cells from what they would be at the rate of all; an empty row adds nothing. */
function row(without: number, withOne: number, hits: number, pairs: number): number {
  const days = without + withOne;
  const expected = (days * hits) / pairs;
  const rest = (days * (pairs - hits)) / pairs;
  return (expected > 0 ? deviance(withOne, expected) : 0) + (rest > 0 ? deviance(without, rest) : 0);
}

/**
 * The test of independence alone: 2 { l(p01, p11) - l(pi) }, chi-square with one degree of freedom, 0 ln 0 = 0. Where there was no
 * exception, or no day without, nothing can be told of their order: the ratio is 0, and `undetermined` says so.
 * @param counts - pairs of consecutive days
 * @throws MarginError type, not-finite, range
 * @example
 * independence({ n00: 245, n01: 2, n10: 2, n11: 0 }).statistic // 0.0323890178991...
 */
export function independence(counts: Transitions): TestResult {
  const { n00, n01, n10, n11 } = readTransitions(counts);
  const pairs = n00 + n01 + n10 + n11;
  if (pairs === 0) return undetermined('two consecutive days are needed');
  const hits = n01 + n11;
  const statistic = 2 * (row(n00, n01, hits, pairs) + row(n10, n11, hits, pairs));
  const one = n10 + n11 === 0 ? 'no exception has a day after it' : 'no day without an exception has a day after it';
  const empty = n10 + n11 === 0 || n00 + n01 === 0;
  return { statistic, pValue: chiSquare1Tail(statistic), undetermined: empty ? one : null };
}

/**
 * All three tests from counts, as tables of a published backtest have them.
 * @param counts - pairs of consecutive days
 * @param of - days, exceptions and the expected share of them, 1 - confidence
 * @throws MarginError type, not-finite; range, where there are more exceptions than days, or more pairs than days
 * @example
 * christoffersenFrom({ n00: 932, n01: 53, n10: 53, n11: 4 }, { observations: 1043, exceptions: 57, p: '0.05' })
 *   .conditional.statistic // 0.7201295479...
 */
export function christoffersenFrom(
  counts: Transitions,
  of: { observations: number; exceptions: number; p: Confidence },
): Christoffersen {
  given(of, 'of', ['observations', 'exceptions', 'p']);
  const { observations, exceptions, p } = of;
  const read = readTransitions(counts);
  const coverage = kupiec(observations, exceptions, p);
  const pairs = read.n00 + read.n01 + read.n10 + read.n11;
  if (pairs > observations) {
    const expected = `at most as many pairs of days as days, ${observations}`;
    throw new MarginError('range', { path: 'transitions', got: pairs, expected });
  }
  const order = independence(read);
  return { transitions: read, coverage, independence: order, conditional: both(coverage, order) };
}

function both(coverage: TestResult, order: TestResult): TestResult {
  if (coverage.statistic === null) return coverage;
  if (order.statistic === null) return order;
  const statistic = coverage.statistic + order.statistic;
  return { statistic, pValue: chiSquare2Tail(statistic), undetermined: order.undetermined };
}

/**
 * Coverage, independence and both, of days in their order.
 * @param hits - by day: 1 or true where the loss was larger than VaR
 * @param p - expected share of exceptions: 1 - confidence
 * @throws MarginError type, not-finite, range
 * @example
 * christoffersen([0, 0, 1, 1, 0, 0, 0, 0], '0.25').independence.statistic // 0.5991612825719...
 */
export function christoffersen(hits: ArrayLike<number | boolean>, p: Confidence): Christoffersen {
  const states = hitsOf(hits);
  return christoffersenFrom(transitions(states), {
    observations: states.length,
    exceptions: states.reduce((sum, hit) => sum + hit, 0),
    p,
  });
}
