// The Basel Committee's traffic light: how many exceptions are still plausible (green), how many are not (yellow), and how many
// condemn a model (red), for any number of days and any rate; the factors of the tables for 250 days at 99 %.
// Supervisory framework for the use of backtesting (January 1996), tables 1 and 2; Basel framework MAR99 (2020).
import { type Confidence, tailShare } from '../confidence.js';
import { binomialProbability, cumulative, exceeding, leastWithin } from './binomial.js';
import { countOf, countsOf, MOST_DAYS, type Rate, rateOf } from './read.js';

/** Colour of the Basel traffic light. */
export type Zone = 'green' | 'yellow' | 'red';

/** A zone starts with the first number of exceptions of which P(X <= number) reaches its level. */
export const YELLOW_LEVEL = '0.95';
export const RED_LEVEL = '0.9999';

/** What the tables are made for. */
const TABLE_DAYS = 250;
const TABLE_RATE = { numerator: 1n, denominator: 100n };
/** From 5 to 9 exceptions; below it is the first, from 10 on the last of each. */
const FIRST_FACTOR = 5;
/** Basel 1996, table 2: added to the multiplier of 3. */
const PLUS_FACTORS = { below: 0, from: [0.4, 0.5, 0.65, 0.75, 0.85], beyond: 1 };
/** MAR99: the multiplier itself. */
const MULTIPLIERS = { below: 1.5, from: [1.7, 1.76, 1.83, 1.88, 1.92], beyond: 2 };

/** First numbers of exceptions of the two zones. */
export interface ZoneStarts {
  /** Least number of exceptions in the yellow zone. */
  readonly yellow: number;
  /** Least number of exceptions in the red zone. */
  readonly red: number;
}

export interface TrafficLight extends ZoneStarts {
  /** Zone of the exceptions. */
  readonly zone: Zone;
  /** P(X = exceptions) of a right model. */
  readonly probability: number;
  /** P(X <= exceptions). */
  readonly cumulative: number;
  /** P(X >= exceptions): how often a right model is rejected by a rule that draws its line here. */
  readonly typeI: number;
  /** Of 1996, to be added to 3; null for other than 250 days at 1 %, for which there is no table. */
  readonly plusFactor: number | null;
  /** Of MAR99; null likewise. */
  readonly multiplier: number | null;
}

/** Starts for a rate that has been read. */
export function startsOf(days: number, rate: Rate): ZoneStarts {
  const start = (level: string): number => leastWithin(days, rate, tailShare(level).value);
  return { yellow: start(YELLOW_LEVEL), red: start(RED_LEVEL) };
}

/**
 * Where the yellow and the red zone start: the smallest numbers of exceptions with P(X <= number) >= 0.95 and >= 0.9999.
 * @param observations - days, 0 to 1e9
 * @param p - expected share of exceptions, 1 - confidence; default 0.01
 * @throws MarginError type, not-finite, range
 * @example
 * baselStarts(750, '0.005') // { yellow: 7, red: 13 }
 */
export function baselStarts(observations: number, p: Confidence = '0.01'): ZoneStarts {
  return startsOf(countOf(observations, 'observations', 0, MOST_DAYS), rateOf(p));
}

const factor = ({ below, from, beyond }: typeof PLUS_FACTORS, exceptions: number): number =>
  exceptions < FIRST_FACTOR ? below : (from[exceptions - FIRST_FACTOR] ?? beyond);

/**
 * The zone of a backtest.
 * @param observations - days, 0 to 1e9
 * @param exceptions - days on which the loss was larger than VaR
 * @param p - expected share of exceptions, 1 - confidence; default 0.01
 * @throws MarginError type, not-finite, range
 * @example
 * baselZone(250, 7).multiplier // 1.83
 */
export function baselZone(observations: number, exceptions: number, p: Confidence = '0.01'): TrafficLight {
  const { days, hits } = countsOf(observations, exceptions);
  const rate = rateOf(p);
  const { yellow, red } = startsOf(days, rate);
  const { numerator, denominator } = rate.share;
  const inTable = days === TABLE_DAYS && numerator * TABLE_RATE.denominator === denominator * TABLE_RATE.numerator;
  return {
    zone: hits >= red ? 'red' : hits >= yellow ? 'yellow' : 'green',
    yellow,
    red,
    probability: binomialProbability(days, hits, p),
    cumulative: cumulative(days, hits, rate),
    typeI: exceeding(days, hits, rate),
    plusFactor: inTable ? factor(PLUS_FACTORS, hits) : null,
    multiplier: inTable ? factor(MULTIPLIERS, hits) : null,
  };
}
