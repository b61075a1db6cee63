// What a forced order gets: the sweep of a depth ladder, and impact models where there is none. Selling closes a long,
// buying a short. Exponents other than 1 and 1/2 are left out: they need a power, which engines compute differently.
import { AT_LEAST_0, decimal, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { compare, exact, minus, over, plus, rounded, times, ZERO } from './exact.js';
import { listOf } from './list.js';
import { SIDES, type Side } from './side.js';

/** Levels of one side of an order book as [price, size], best first. */
export type Depth = readonly (readonly [price: Decimal, size: Decimal])[];

/** What an order gets. */
export interface Execution {
  /** Contracts. */
  filled: number;
  /** Contracts that nobody took. */
  unfilled: number;
  /** Sum of price times size, quote; 0 where nothing is filled. */
  notional: number;
  /** Average price, quote; null where nothing is filled. */
  vwap: number | null;
  /** Price of the last contract, quote; null where nothing is filled. */
  last: number | null;
}

/** Checked levels of a ladder: rising prices are asks, which closing a short buys; falling ones are bids. */
function levelsOf(depth: Depth, rising: boolean | undefined): { price: number; size: number }[] {
  const levels = listOf(depth, 'depth').map((level, i) => {
    const path = `depth[${i}]`;
    if (!Array.isArray(level) || level.length !== 2) {
      throw new MarginError('type', { path, got: level, expected: 'a price and a size' });
    }
    return { price: decimal(level[0], `${path}[0]`, POSITIVE), size: decimal(level[1], `${path}[1]`, AT_LEAST_0) };
  });
  const [best, worst] = [levels[0]?.price ?? 0, levels.at(-1)?.price ?? 0];
  const up = rising ?? worst >= best;
  levels.forEach(({ price }, i) => {
    const before = levels[i - 1]?.price ?? price;
    if (up ? price >= before : price <= before) return;
    const expected = `${up ? 'at least' : 'at most'} ${before}, the price before it`;
    throw new MarginError('range', { path: `depth[${i}][0]`, got: price, expected, hint: 'Levels stand best first' });
  });
  return levels;
}

/**
 * An order that takes the levels of a book in turn.
 * @param depth - levels of the side it takes, best first: bids for closing a long, asks for a short
 * @param order - size: contracts; limit: worst price it accepts; side: of the position it closes, needed with a limit,
 *   otherwise told from the order of the levels
 * @returns what is filled, at which average, and what is not
 * @throws MarginError range where levels do not stand best first, missing-key, type, not-finite, unknown-key
 * @see pluriholonomic/autodeleveraging-analysis paper/main.tex (sweep of a book)
 * @example
 * sweep([[1, 1], [1.1, 3], [1.2, 10]], { size: 5 }).vwap // 1.1
 */
export function sweep(depth: Depth, order: { size: Decimal; limit?: Decimal; side?: Side }): Execution {
  const fields = new Fields(order, 'order', ['size', 'limit', 'side']);
  const size = fields.number('size', AT_LEAST_0);
  const side = fields.has('side') || fields.has('limit') ? fields.word('side', SIDES) : undefined;
  const levels = levelsOf(depth, side === undefined ? undefined : side === SIDES.short);
  const limit = fields.has('limit') ? fields.number('limit', POSITIVE) * (side ?? 1) : Number.NEGATIVE_INFINITY;
  // Exactly: 0.8 - 0.7 of doubles is more than 0.1, and a speck would stay unfilled.
  let left = exact(size);
  let notional = ZERO;
  let last: number | null = null;
  for (const level of levels) {
    const offered = exact(level.size);
    const taken = compare(left, offered) < 0 ? left : offered;
    if (taken.numerator === 0n) continue;
    if (level.price * (side ?? 1) < limit) break;
    notional = plus(notional, times(exact(level.price), taken));
    left = minus(left, taken);
    last = level.price;
  }
  const filled = minus(exact(size), left);
  const vwap = last === null ? null : rounded(over(notional, filled));
  return { filled: rounded(filled), unfilled: rounded(left), notional: rounded(notional), vwap, last };
}

/** An order that a model prices in full. */
export interface ModelOrder {
  /** Of the position that is closed. */
  side: Side;
  /** Price before the order, quote. */
  mark: Decimal;
  /** Contracts. */
  size: Decimal;
}

/**
 * Impact that grows with the size: the price moves by `alpha` a contract, so the average is half of it away.
 * @param order - what is closed
 * @param alpha - quote a contract, >= 0
 * @returns all of it filled; prices below 0 say that the model does not hold a size like this
 * @throws MarginError range, type, not-finite, unknown-key
 * @see pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (Execution Price Example)
 * @example
 * linearImpact({ side: 'short', mark: 1.6, size: 2 }, 1).vwap // 2.6
 */
export function linearImpact(order: ModelOrder, alpha: Decimal): Execution {
  const { side, mark, size } = read(order);
  const move = side * decimal(alpha, 'alpha', AT_LEAST_0) * size;
  return all(size, mark - move / 2, mark - move);
}

/**
 * Impact that grows with the square root of the size: the last contract is `coefficient * volatility * sqrt(size /
 * volume)` of the mark away, the average two thirds of that, which is the root's mean over the order.
 * @param order - what is closed
 * @param market - volatility: of returns over the time in which `volume` is traded, a fraction; volume: contracts;
 *   coefficient: default 1
 * @returns all of it filled; prices below 0 say that the model does not hold a size like this
 * @throws MarginError range, type, not-finite, unknown-key
 * @see Toth et al., "Anomalous price impact and the critical nature of liquidity in financial markets", 2011
 * @example
 * squareRootImpact({ side: 'long', mark: 100, size: 1 }, { volatility: 0.06, volume: 4 }).vwap // 98
 */
export function squareRootImpact(
  order: ModelOrder,
  market: { volatility: Decimal; volume: Decimal; coefficient?: Decimal },
): Execution {
  const { side, mark, size } = read(order);
  const fields = new Fields(market, 'market', ['volatility', 'volume', 'coefficient']);
  const scale = fields.number('coefficient', AT_LEAST_0, 1) * fields.number('volatility', AT_LEAST_0);
  const move = side * mark * scale * Math.sqrt(size / fields.number('volume', POSITIVE));
  return all(size, mark - (2 * move) / 3, mark - move);
}

function read(order: ModelOrder): { side: number; mark: number; size: number } {
  const fields = new Fields(order, 'order', ['side', 'mark', 'size']);
  return {
    side: fields.word('side', SIDES),
    mark: fields.number('mark', POSITIVE),
    size: fields.number('size', AT_LEAST_0),
  };
}

const all = (size: number, vwap: number, last: number): Execution => ({
  filled: size,
  unfilled: 0,
  notional: size * vwap,
  vwap: size === 0 ? null : vwap,
  last: size === 0 ? null : last,
});
