// The traffic light of losses over several days: largest numbers of exceptions that are still green and still amber, exact for
// windows of one day and one portfolio, simulated where windows overlap or portfolios are correlated.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Confidence, type TailShare, tailShare } from '../confidence.js';
import { given } from '../given.js';
import { cholesky } from '../matrix/cholesky.js';
import { RED_LEVEL, YELLOW_LEVEL } from './basel.js';
import { leastWithin } from './binomial.js';
import { correlationMatrix, exceptionHistogram, leastReaching, type Overlap, thresholdOf } from './overlapping.js';
import { beyond, countOf, MOST_DAYS, type Rate } from './read.js';
import { STREAM, wordSource } from './words.js';

/** Windows, portfolios and levels of a traffic light. */
export interface StoplightOptions {
  /** Windows that are compared with VaR: 1 to 100,000; of one day and one portfolio up to 1e9. */
  observations: number;
  /** Days of a window; default 1. Each window starts a day after the one before. */
  days?: number;
  /** Portfolios whose exceptions are added up; default 1. */
  portfolios?: number;
  /** Correlation of the daily numbers of any two portfolios, or a matrix by rows; default 0. */
  correlation?: number | readonly (readonly number[])[];
  /** Of the VaR that is tested; default 0.99. */
  confidence?: Confidence;
  /** Levels of the two lines; default 0.95 and 0.9999. */
  levels?: readonly [green: Confidence, amber: Confidence];
  /** Paths, even, 10,000 to 1e8; default 400,000. Each drawn path is read twice, the second time with all signs turned. */
  paths?: number;
  /** Of the random numbers; default 1. */
  seed?: number;
}

/** The two lines of a traffic light. */
export interface StoplightBounds {
  /** Largest number of exceptions that is green, and that is amber; -1 where not even none is. */
  readonly maxGreen: number;
  /** Largest number of exceptions that is amber; -1 where not even none is. */
  readonly maxAmber: number;
  /** Whether numbers are exact or drawn. */
  readonly method: 'exact' | 'simulated';
  /** 0 where nothing was simulated. */
  readonly paths: number;
}

const KEYS = ['observations', 'days', 'portfolios', 'correlation', 'confidence', 'levels', 'paths', 'seed'];
const MOST_OBSERVATIONS = 100_000;
const MOST_PORTFOLIOS = 100;
const PATHS = 400_000;
const LEAST_PATHS = 10_000;
const MOST_PATHS = 1e8;
/** Draws of a call: some minutes. */
const MOST_DRAWS = 2e10;

/**
 * Largest numbers of exceptions in each zone: the smallest k with P(exceptions <= k) >= level, less 1. Daily P&Ls are normal and
 * independent from day to day; an exception is a window's sum beyond its VaR. With one day and one portfolio the distribution is
 * binomial and the answer exact; otherwise it is within 1 of that of endless paths where two numbers are near a level.
 * @throws MarginError type, not-finite, range; too-many where it would take minutes
 * @see ISDA SIMM backtesting report (February 2017), section 15.3; QuantExt stoplightbounds (Open Source Risk Engine)
 * @example
 * stoplightBounds({ observations: 250 }) // { maxGreen: 4, maxAmber: 9, method: 'exact', paths: 0 }
 */
export function stoplightBounds(options: StoplightOptions): StoplightBounds {
  given(options, 'options', KEYS);
  const { days: of = 1, portfolios: many = 1, confidence = '0.99', levels = [YELLOW_LEVEL, RED_LEVEL] } = options;
  const days = countOf(of, 'days', 1, MOST_OBSERVATIONS);
  const portfolios = countOf(many, 'portfolios', 1, MOST_PORTFOLIOS);
  const rate = beyond(confidence);
  const [first, second] = listOf(levels, 'levels') as typeof levels;
  const [green, amber] = [tailShare(first, 'levels[0]'), tailShare(second, 'levels[1]')];
  if (days === 1 && portfolios === 1) return exactly(options, rate, green, amber);
  const observations = countOf(options.observations, 'observations', 1, MOST_OBSERVATIONS);
  const paths = countOf(options.paths ?? PATHS, 'paths', LEAST_PATHS, MOST_PATHS);
  if (paths % 2 !== 0) throw new MarginError('range', { path: 'paths', got: paths, expected: 'an even number' });
  const draws = ((observations + days - 1) * portfolios * paths) / 2;
  if (draws > MOST_DRAWS) {
    throw new MarginError('too-many', {
      got: draws,
      expected: `at most ${MOST_DRAWS} draws`,
      hint: 'Take fewer paths',
    });
  }
  const factor = factorOf(options.correlation ?? 0, portfolios);
  const overlap: Overlap = { observations, days, portfolios, factor, threshold: thresholdOf(rate), paths };
  const histogram = exceptionHistogram(overlap, wordSource(options.seed ?? 1, STREAM.windows));
  return {
    maxGreen: leastReaching(histogram, green) - 1,
    maxAmber: leastReaching(histogram, amber) - 1,
    method: 'simulated',
    paths,
  };
}

function exactly({ observations }: StoplightOptions, rate: Rate, green: TailShare, amber: TailShare): StoplightBounds {
  const count = countOf(observations, 'observations', 1, MOST_DAYS);
  const largest = (level: TailShare): number => leastWithin(count, rate, level.value) - 1;
  return { maxGreen: largest(green), maxAmber: largest(amber), method: 'exact', paths: 0 };
}

function factorOf(correlation: StoplightOptions['correlation'], portfolios: number): Float64Array {
  const { lower } = cholesky(correlationMatrix(correlation ?? 0, portfolios), portfolios);
  if (lower) return lower;
  throw new MarginError('range', {
    path: 'correlation',
    got: correlation,
    expected: 'correlations that can be at the same time: no eigenvalue below 0',
  });
}
