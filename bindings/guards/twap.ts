// Time-weighted average prices, from a list of observations or from a running sum, and the prices that are careful towards one
// side of a loan.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, minus, plus, times } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import type { Ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { argument, laterAt, priceAt, priceOf, quotient, ratioAt, timeAt, timeOf } from './read.js';
import { duration, meanOver, type Sample, since } from './window.js';

/** A price that holds from a time on. */
export interface Observation {
  /** Whole units of time. */
  at: number;
  /** Quote, above 0. */
  price: Ratio;
}

/** Rising observations of a caller. @throws MarginError missing-key, type, range, unknown-key */
function samplesOf(observations: unknown, path: string): Sample[] {
  let seen: number | null = null;
  return rowsOf(listOf(observations, path), path, ['at', 'price']).map((row: Row) => {
    seen = laterAt(row, 'at', seen);
    return { at: seen, value: priceAt(row, 'price') };
  });
}

/**
 * Time-weighted average price of the last part of time; a price holds until the next one, the last until now.
 * @param observations - by rising time; those after `now` do not count
 * @param window - length, units of time, above 0
 * @param now - end of the window
 * @returns quote, exactly, as text; where observations begin inside the window, their average
 * @throws MarginError range where times fall or nothing was observed, missing-key, type, unknown-key
 * @see Uniswap/v2-core contracts/UniswapV2Pair.sol price0CumulativeLast
 * @example
 * twap([{ at: 0, price: 100 }, { at: 45, price: 140 }], 60, 60) // '110'
 */
export function twap(observations: readonly Observation[], window: number, now: number): string {
  const end = timeOf(now, 'now');
  const length = timeOf(window, 'window');
  if (length === 0) throw new MarginError('range', { path: 'window', got: window, expected: '> 0' });
  const past = samplesOf(observations, 'observations').filter(({ at }) => at <= end);
  if (past.length === 0) {
    throw new MarginError('range', { path: 'observations', got: observations, expected: `one not after ${end}` });
  }
  const from = end - length;
  return fractionText(meanOver(since(past, from), from, end));
}

/** A running sum of prices times the time that they held; the difference of two is all that an average needs. */
export interface Cumulative {
  /** Time of the last observation. */
  at: number;
  /** Last price, quote. */
  price: Ratio;
  /** Quote times units of time since the beginning. */
  sum: Ratio;
}

/**
 * Adds an observation to a running sum.
 * @param state - the sum up to the last observation; null at first
 * @param observation - the price from now on
 * @returns the sum at its time, exactly
 * @throws MarginError range where time runs backwards, missing-key, type, unknown-key
 * @see Uniswap/v2-core contracts/UniswapV2Pair.sol _update
 * @example
 * cumulate({ at: 0, price: 100, sum: 0 }, { at: 45, price: 140 }) // { at: 45, price: '140', sum: '4500' }
 */
export function cumulate(state: Cumulative | null, observation: Observation): Cumulative {
  const row = argument(observation, 'observation', ['at', 'price']);
  const price = fractionText(priceAt(row, 'price'));
  if (state === null) return { at: timeAt(row, 'at'), price, sum: '0' };
  const before = readCumulative(state, 'state');
  const at = laterAt(row, 'at', before.at);
  return { at, price, sum: fractionText(plus(before.sum, times(before.price, duration(at - before.at)))) };
}

function readCumulative(state: Cumulative, path: string): { at: number; price: Exact; sum: Exact } {
  const row = argument(state, path, ['at', 'price', 'sum']);
  return { at: timeAt(row, 'at'), price: priceAt(row, 'price'), sum: ratioAt(row, 'sum') };
}

/**
 * Average price between two readings of a running sum.
 * @param older - the earlier reading
 * @param newer - the later one
 * @returns quote, exactly, as text
 * @throws MarginError range where the second is not later, missing-key, type, unknown-key
 * @example
 * meanBetween({ at: 0, price: 100, sum: 0 }, { at: 60, price: 140, sum: 6600 }) // '110'
 */
export function meanBetween(older: Cumulative, newer: Cumulative): string {
  const [from, to] = [readCumulative(older, 'older'), readCumulative(newer, 'newer')];
  if (to.at > from.at) return quotient(minus(to.sum, from.sum), duration(to.at - from.at));
  throw new MarginError('range', { path: 'newer.at', got: to.at, expected: `after ${from.at}` });
}

/**
 * The price that is careful towards a side: what is owned at the lowest of several prices, what is owed at the highest. A
 * price that jumped for a moment then buys no loan and closes nobody.
 * @param prices - quote, at least one: the spot price, its average, a stable price
 * @param side - `asset` or `debt`
 * @returns quote, exactly, as text
 * @throws MarginError range where there is none or one is not above 0, missing-key, type
 * @see euler-xyz/euler-price-oracle; blockworks-foundation/mango-v4 programs/mango-v4/src/health/cache.rs Prices
 * @example
 * conservativePrice(['0.91', '0.038'], 'asset') // '0.038'
 */
export function conservativePrice(prices: readonly Ratio[], side: 'asset' | 'debt'): string {
  const read = listOf(prices, 'prices').map((price, i) => priceOf(price, `prices[${i}]`));
  const which = oneOf(side, 'side', ['asset', 'debt']);
  const [first, ...others] = read;
  if (!first) throw new MarginError('range', { path: 'prices', got: prices, expected: 'at least one price' });
  return fractionText(
    others.reduce((best, price) => (compare(price, best) < 0 === (which === 'asset') ? price : best), first),
  );
}
