// A price that follows the market at a limited speed, and more slowly the farther it is from a price of a day ago: who pumps an
// asset for an hour can not borrow against it. The model is Mango's, in fractions rounded at a fixed digit instead of doubles.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, minus, over, plus, times, whole } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import type { Row } from '../venues/rows.js';
import type { Ratio } from '../waterfall/amount.js';
import { argument, countAt, laterAt, priceAt, priceOf, ratioAt, shareAt, timeAt } from './read.js';
import type { Observation } from './twap.js';
import { duration } from './window.js';

/** Digits after the point that prices are kept to, to the nearest; without an end to them they would grow with each step. */
const UNIT = 10n ** 30n;
/** A year of hours: the delayed prices are copied in each step, and a list can not be of any length. */
const MOST_INTERVALS = 8_760;
const ONE: Exact = { numerator: 1n, denominator: 1n };

/** How fast a stable price may follow the market. */
export interface StablePriceRules {
  /** Units of time of one interval. */
  interval: number;
  /** Intervals that the delayed price lags behind, at most 8,760. */
  intervals: number;
  /** Most that the delayed price changes from one interval to the next, a fraction. */
  delayGrowth: Ratio;
  /** Most that the stable price changes in a unit of time, a fraction; less of it the farther the delayed price is. */
  growth: Ratio;
  /** Units of time between two steps that count; a step before is ignored. */
  least: number;
  /** Units of time that one step counts for at most, so that silence does not build up a jump. */
  most: number;
}

/** Mango v4, times in seconds: 24 intervals of an hour and 6 % each, 0.03 % a second. */
export const MANGO_STABLE_PRICE: StablePriceRules = {
  interval: 3600,
  intervals: 24,
  delayGrowth: '0.06',
  growth: '0.0003',
  least: 10,
  most: 600,
};

/** What a stable price knows between two steps; plain JSON. */
export interface StablePriceState {
  /** Quote. */
  price: string;
  /** Time of the last step. */
  at: number;
  /** Delayed prices by interval of the day, each overwritten when its time comes round. */
  delayed: readonly string[];
  /** Oracle price times time of the interval that runs, and its time. */
  sum: string;
  /** Time that `sum` spans. */
  time: number;
}

/** What a step of a stable price says. */
export interface StablePriceStep {
  /** Stable price, quote. */
  price: string;
  /** Delayed price that limited the step, quote. */
  delayed: string;
  /** To be given to the next step. */
  state: StablePriceState;
}

const RULES = ['interval', 'intervals', 'delayGrowth', 'growth', 'least', 'most'] as const;
const STATE = ['price', 'at', 'delayed', 'sum', 'time'] as const;

/**
 * A stable price at its beginning: stable and delayed prices are the market's.
 * @param observation - time, and price in quote
 * @param rules - default Mango's
 * @returns state for `stablePrice`
 * @throws MarginError range, missing-key, type, unknown-key
 * @see blockworks-foundation/mango-v4 programs/mango-v4/src/state/stable_price.rs reset_to_price
 * @example
 * startStablePrice({ at: 0, price: '0.038' }).price // '0.038'
 */
export function startStablePrice(
  observation: Observation,
  rules: StablePriceRules = MANGO_STABLE_PRICE,
): StablePriceState {
  const row = argument(observation, 'observation', ['at', 'price']);
  const { intervals } = readRules(rules);
  const price = fractionText(kept(priceAt(row, 'price')));
  return { price, at: timeAt(row, 'at'), delayed: new Array<string>(intervals).fill(price), sum: '0', time: 0 };
}

/**
 * The stable price after an oracle price.
 * @param state - from `startStablePrice` or the step before
 * @param observation - time, and oracle price in quote
 * @param rules - default Mango's; the same at each step
 * @returns stable price, at most `growth * most` away from the one before; prices to 30 digits after the point
 * @throws MarginError range where time runs backwards, missing-key, type, unknown-key
 * @see blockworks-foundation/mango-v4 programs/mango-v4/src/state/stable_price.rs update
 * @example
 * stablePrice(startStablePrice({ at: 0, price: 1 }), { at: 60, price: 10 }).price // '1.018'
 */
export function stablePrice(
  state: StablePriceState,
  observation: Observation,
  rules: StablePriceRules = MANGO_STABLE_PRICE,
): StablePriceStep {
  const read = readRules(rules);
  const row = argument(state, 'state', STATE);
  const seen = argument(observation, 'observation', ['at', 'price']);
  const before = priceAt(row, 'price');
  const then = timeAt(row, 'at');
  const now = laterAt(seen, 'at', then);
  const oracle = priceAt(seen, 'price');
  const delays = delaysOf(row, read.intervals);
  const place = (at: number): number => ((at - (at % read.interval)) / read.interval) % read.intervals;
  const passed = now - then;
  const [last, here] = [place(then), place(now)];
  if (passed < read.least) return { price: state.price, delayed: delays[last] as string, state };

  const counted = duration(passed < read.most ? passed : read.most);
  // As in the source: silence counts in full as time and only up to `most` as price.
  let sum = plus(ratioAt(row, 'sum'), times(oracle, counted));
  let time = timeAt(row, 'time') + passed;
  if (here !== last) {
    const previous = priceOf(delays[(last + read.intervals - 1) % read.intervals], 'state.delayed');
    const next = fractionText(kept(within(over(sum, duration(time)), previous, read.delayGrowth)));
    const all = passed > read.interval * read.intervals;
    for (let i = last, left = read.intervals; left > 0 && (all || i !== here); i = (i + 1) % read.intervals, left--) {
      delays[i] = next;
    }
    [sum, time] = [{ numerator: 0n, denominator: 1n }, 0];
  }
  const delayed = delays[here] as string;
  const away = nearness(before, priceOf(delayed, 'state.delayed'));
  const price = fractionText(kept(within(oracle, before, times(times(read.growth, times(away, away)), counted))));
  return { price, delayed, state: { price, at: now, delayed: delays, sum: fractionText(sum), time } };
}

interface ReadRules {
  interval: number;
  intervals: number;
  delayGrowth: Exact;
  growth: Exact;
  least: number;
  most: number;
}

function readRules(rules: StablePriceRules): ReadRules {
  const row = argument(rules, 'rules', RULES);
  const intervals = countAt(row, 'intervals');
  if (intervals > MOST_INTERVALS) {
    throw new MarginError('range', {
      path: row.at('intervals'),
      got: intervals,
      expected: `at most ${MOST_INTERVALS}`,
    });
  }
  return {
    interval: countAt(row, 'interval'),
    intervals,
    delayGrowth: shareAt(row, 'delayGrowth'),
    growth: shareAt(row, 'growth'),
    least: countAt(row, 'least'),
    most: countAt(row, 'most'),
  };
}

function delaysOf(row: Row, intervals: number): string[] {
  const delays = listOf(row.raw('delayed'), row.at('delayed'));
  if (delays.length === intervals)
    return delays.map((price, i) => fractionText(priceOf(price, `${row.at('delayed')}[${i}]`)));
  const expected = `${intervals} prices, as many as the rules have intervals`;
  throw new MarginError('range', { path: row.at('delayed'), got: delays.length, expected });
}

/** A target, moved no farther from a price than a fraction of it. */
function within(target: Exact, from: Exact, limit: Exact): Exact {
  const [high, low] = [times(from, plus(ONE, limit)), times(from, minus(ONE, limit))];
  if (compare(target, high) > 0) return high;
  return compare(target, low) < 0 ? low : target;
}

/** The smaller of two prices over the larger. */
const nearness = (a: Exact, b: Exact): Exact => (compare(a, b) < 0 ? over(a, b) : over(b, a));

const kept = (price: Exact): Exact => ({
  numerator: whole(times(price, { numerator: UNIT, denominator: 1n }), 'nearest'),
  denominator: UNIT,
});
