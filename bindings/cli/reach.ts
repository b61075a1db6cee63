// How far liquidation is from here, for report and liquidations: markets with what their moves would liquidate, and margin units by
// the move that they would not stand. Text, JSON and pages read this.
import type { BookBase } from '../book/book.js';
import { type EquityAtRisk, equityWithin } from '../watch/views/at-risk.js';
import { evenMoves, type LadderColumns, type LiquidationLadder, ladderOf } from '../watch/views/ladder.js';
import { type PriceColumns, priceNow, pricesOf } from './prices.js';

/** A market that is held. */
export interface HeldMarket {
  row: number;
  id: string;
  /** That moves are shares of: of an option the price of its base asset. */
  mark: number;
  /** Notional of both sides. */
  held: number;
}

export interface Reach {
  /** The largest open interest first. */
  markets: HeldMarket[];
  ladder: LiquidationLadder;
  risk: EquityAtRisk;
  /** Margin units whose prices were not asked for: models margin them. */
  unsolved: number;
}

/** An entry of the ladder's columns. */
export type LadderEntry = Record<keyof LadderColumns, number>;

/** Shares of the mark that tables speak of: moves of the ladder, which goes on to `REACH` by `STEPS` steps. */
export const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2] as const;
const REACH = 0.2;
const STEPS = 20;
/** Units of models whose prices may be asked for beside: some ten milliseconds each and underlying. */
const MOST_MODELLED = 100;

export const entryOf = ({ positions, units, notional, unitNotional }: LadderColumns, i: number): LadderEntry => ({
  positions: positions[i] as number,
  units: units[i] as number,
  notional: notional[i] as number,
  unitNotional: unitNotional[i] as number,
});

/** What a move of a market by a share of its mark liquidates; the ladder has that move. */
export const entryAt = ({ moves, cumulative }: LiquidationLadder, market: number, move: number): LadderEntry =>
  entryOf(cumulative, market * moves.length + moves.indexOf(move));

/** Sums over all markets. */
export function sumAt(ladder: LiquidationLadder, move: number): { positions: number; notional: number } {
  const { moves, cumulative } = ladder;
  const sum = { positions: 0, notional: 0 };
  for (let i = moves.indexOf(move); i < cumulative.notional.length; i += moves.length) {
    sum.positions += cumulative.positions[i] as number;
    sum.notional += cumulative.notional[i] as number;
  }
  return sum;
}

/** @param notional - of each market, both sides */
export function heldMarkets(book: BookBase, notional: (market: number) => number): HeldMarket[] {
  return Array.from({ length: book.markets }, (_, row) => ({
    row,
    id: book.marketId(row),
    mark: priceNow(book, row),
    held: notional(row),
  }))
    .filter(({ held }) => held > 0)
    .sort((a, b) => b.held - a.held);
}

/** Whether a unit's prices take a search of their own that many of would keep people waiting. */
export function dearUnits(book: BookBase): (unit: number) => boolean {
  const { model } = book.store.columns.unit;
  let modelled = 0;
  for (let u = 0; u < book.units; u++) if (model[u] !== 0) modelled += 1;
  return modelled > MOST_MODELLED ? (unit) => model[unit] !== 0 : () => false;
}

/**
 * Asks for prices and sorts them.
 * @param all - the dear ones too
 * @param done - told how many units are solved
 */
export function solve(book: BookBase, all: boolean, done?: (units: number) => void): [PriceColumns, number[]] {
  const isDear = all ? () => false : dearUnits(book);
  const units = Array.from({ length: book.units }, (_, u) => u).filter((u) => !isDear(u));
  return [pricesOf(book, units.length === book.units ? null : units, 'maintenance', done), units];
}

/** @param solved - units whose prices are there */
export function reachOf(
  book: BookBase,
  { long, short }: { long: Float64Array; short: Float64Array },
  prices: PriceColumns,
  solved: readonly number[],
): Reach {
  const counts = new Uint8Array(book.units);
  for (const u of solved) counts[u] = 1;
  return {
    markets: heldMarkets(book, (m) => (long[m] as number) + (short[m] as number)),
    ladder: ladderOf(book, prices, evenMoves(REACH, STEPS), solved),
    risk: equityWithin(book, prices, SHARES, (u) => counts[u] === 1),
    unsolved: book.units - solved.length,
  };
}
