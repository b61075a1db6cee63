// Who trades with defaulters after the fall: an order book for each market, in proportion to its open interest, and members
// who bid in auctions. The same for every preset, from the book and the seed alone.

import type { BookBase } from '../../book/book.js';
import { compare, exact, times } from '../../liquidation/exact.js';
import { margin } from '../../margin.js';
import { type ForSale, unitName } from '../../venue/index.js';
import { magnitude } from '../../venues/integer.js';
import { type Amount, type DepthBook, run, type Stage, type State } from '../../waterfall/index.js';
import { worthOf } from '../../waterfall/market.js';
import { Random } from '../demo/random.js';
import { DECIMALS } from './reserve.js';

/** Levels of an order book: how far from the mark (1/1,000), and how much of one side's open interest is wanted there (1/1,000). */
const LEVELS: readonly (readonly [away: bigint, share: bigint])[] = [
  [2n, 10n],
  [5n, 10n],
  [10n, 20n],
  [20n, 20n],
  [40n, 20n],
  [80n, 20n],
];
export const DEPTH = { percent: 10, within: 8 };

/** Order books of a round: half of those of the round before. */
export function depthOf(ledger: State): (round: number) => Record<string, DepthBook> {
  const interest = [...ledger.columns.holdings].map(([id, { lots }]): [string, Amount] => [
    id,
    [...lots].reduce((sum, each) => (each > 0n ? sum + each : sum), 0n),
  ]);
  return (round) =>
    Object.fromEntries(
      interest.map(([id, lots]) => {
        const { mark } = ledger.market(id);
        const side = (direction: bigint): [ReturnType<typeof times>, Amount][] =>
          LEVELS.map(([away, share]) => [
            times(mark, { numerator: 1000n + direction * away, denominator: 1000n }),
            ((lots * share) / 1000n) >> BigInt(round),
          ]);
        return [id, { bids: side(-1n), asks: side(1n) }];
      }),
    );
}

/** Members that bid, and what they ask at least and at most to take a portfolio over, in 1/10,000 of what it is worth. */
export const BIDDERS = 3;
export const ASKED = [100, 200] as const;
/** Of a portfolio's worth, what a bidder has free at least: 1/10. */
const FREE = 10n;

interface Bidder {
  id: string;
  /** Numeraire: collateral less initial margin. */
  free: number;
  /** 1/10,000. */
  asks: bigint;
}

/** The members with the most free collateral, ties by row. */
function biddersOf(book: BookBase, seed: number): Bidder[] {
  const { collateral, initialMargin } = margin(book);
  const free = (unit: number): number => (collateral[unit] as number) - (initialMargin[unit] as number);
  let first: number[] = [];
  for (let unit = 0; unit < book.units; unit++) {
    if (first.length === BIDDERS && free(unit) <= free(first[BIDDERS - 1] as number)) continue;
    first = [...first, unit].sort((a, b) => free(b) - free(a) || a - b).slice(0, BIDDERS);
  }
  const random = new Random(seed, 0xb1d);
  return first
    .map((unit) => ({
      id: unitName(book, unit),
      free: free(unit),
      asks: BigInt(ASKED[0] + random.below(ASKED[1] - ASKED[0] + 1)),
    }))
    .filter((bidder) => bidder.free > 0);
}

/**
 * Bids in the auction of a waterfall: each bidder that can bear it takes everything for what it asks.
 * @returns nothing where no stage is an auction
 */
export function bidsOf(
  book: BookBase,
  stages: readonly Stage[],
  seed: number,
): ((at: ForSale) => Record<string, unknown>) | undefined {
  const place = stages.findIndex(({ kind }) => kind === 'auction');
  const auction = stages[place];
  if (!auction) return undefined;
  // Between what is sold in the market and the auction others may take positions over: bids are for the rest.
  const earlier = stages.slice(0, place).filter(({ kind }) => kind === 'transfer');
  // Where winners would be deleveraged, an auction that nobody behind it can pay for is called off: once positions are sold,
  // there is nobody left to be deleveraged.
  const behind = stages.findIndex(({ kind }) => kind === 'adl');
  const trial = behind < 0 ? [] : [...earlier, ...stages.slice(place, behind)];
  const bidders = biddersOf(book, seed);
  return ({ asset, state, defaulters }) => {
    const then = earlier.length === 0 ? state : run(state, earlier, { asset, defaulters }).state;
    const worth = grossOf(then, asset, defaulters);
    if (worth === 0n) return {};
    const price = exact(book.store.columns.asset.price[book.asset(asset)] as number);
    const needed = times(price, { numerator: worth, denominator: FREE * 10n ** BigInt(DECIMALS) });
    const able = bidders.filter(({ id, free }) => !defaulters.includes(id) && compare(exact(free), needed) >= 0);
    const bids = { [auction.id]: able.map(({ id, asks }) => ({ bidder: id, price: -(worth * asks) / 10_000n })) };
    return trial.length > 0 && run(state, trial, { asset, defaulters, bids }).residual > 0n ? {} : bids;
  };
}

/** What positions of accounts are worth at the marks, long and short together, minor units. */
function grossOf(state: State, asset: string, accounts: readonly string[]): Amount {
  const rows = new Set(accounts.map((id) => state.row(id)));
  let sum = 0n;
  for (const [id, { accounts: holders, lots }] of state.columns.holdings) {
    const market = state.market(id);
    if (market.settle !== asset) continue;
    holders.forEach((row, at) => {
      if (!rows.has(row)) return;
      const worth = worthOf(market, lots.at(at), market.mark);
      sum += magnitude(worth);
    });
  }
  return sum;
}
