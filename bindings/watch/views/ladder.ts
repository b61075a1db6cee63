// The liquidation ladder, which drawn is the liquidation heat map: by market and move of its price what becomes liquidatable. Every
// position has its exact prices (liquidation.ts); here they are only sorted into steps.

import type { BookBase } from '../../book/book.js';
import { type Decimal, decimal, Fields } from '../../book/fields.js';
import { steps as stepsOf } from '../../book/steps.js';
import { MarginError } from '../../errors.js';
import { type LiquidationColumns, liquidationPrices } from '../../liquidation.js';
import { checkBook } from '../../margin.js';
import { ROOT } from '../../reference/lanes.js';
import { eachHeld, eachUnit } from './held.js';
import { StepPrices } from './step-prices.js';

/** Which moves are looked at. */
export interface LadderOptions {
  /** The largest move both ways, as a share of the mark; default 0.2, below 1. */
  reach?: Decimal;
  /** Steps on the way to it, each way; default 20. */
  steps?: number;
  /** Or the moves themselves: shares of the mark, falls below 0. They replace `reach` and `steps`. */
  moves?: readonly Decimal[];
  /** Of `liquidationPrices(book)`, where they are at hand and the book has not changed since. */
  prices?: LiquidationColumns;
}

/** What is liquidated, an entry a market, or a market and a move. Values in the numeraire. */
export interface LadderColumns {
  /** Of positions in the market, |size| at the mark. */
  readonly notional: Float64Array;
  /** Of all positions of the margin units that hold the market, each unit once a market. */
  readonly unitNotional: Float64Array;
  /** How many positions in the market. */
  readonly positions: Uint32Array;
  /** How many margin units that hold the market. */
  readonly units: Uint32Array;
}

/**
 * Columns by market and move: entry `market * moves.length + step`. They are the caller's.
 * A margin unit counts in each market that it holds, with what it holds in that market; in `unitNotional` with all of it.
 */
export interface LiquidationLadder {
  /** Shares of the mark, rising; falls are below 0. */
  readonly moves: Float64Array;
  /** Of the market at the move; of an option that of its base asset. */
  readonly price: Float64Array;
  /** Liquidatable where prices stand, an entry a market. Counts in no step. */
  readonly now: LadderColumns;
  /** Made liquidatable on the way to the move. */
  readonly cumulative: LadderColumns;
  /** Of that, what the step from the move before adds. */
  readonly step: LadderColumns;
}

const MOST_MOVES = 10_000;
const OPTIONS = ['reach', 'steps', 'moves', 'prices'] as const;

const columnsOf = (length: number): LadderColumns => ({
  notional: new Float64Array(length),
  unitNotional: new Float64Array(length),
  positions: new Uint32Array(length),
  units: new Uint32Array(length),
});
const NAMES = ['notional', 'unitNotional', 'positions', 'units'] as const;

/** `steps` moves each way, the last of them `reach`. */
export function evenMoves(reach: number, steps: number): Float64Array {
  const step = reach / steps;
  const moves = new Float64Array(2 * steps);
  for (let i = 1; i <= steps; i++) {
    const move = i === steps ? reach : stepsOf(step, i);
    moves[steps - i] = -move;
    moves[steps + i - 1] = move;
  }
  return moves;
}

function listedMoves(list: unknown): Float64Array {
  const path = 'options.moves';
  if (!Array.isArray(list) || list.length === 0)
    throw new MarginError('type', { path, got: list, expected: 'a list of moves, such as [-0.1, 0.1]' });
  if (list.length > MOST_MOVES)
    throw new MarginError('range', { path, got: list.length, expected: `at most ${MOST_MOVES} moves` });
  const moves = Float64Array.from(list, (move, i) =>
    decimal(move, `${path}[${i}]`, { above: -1, max: 1e6, least: 1e-9 }),
  ).sort();
  moves.forEach((move, i) => {
    if (move === 0 || move === moves[i - 1])
      throw new MarginError('range', { path, got: move, expected: 'moves other than 0, each once' });
  });
  return moves;
}

/** The moves that options ask for. @throws MarginError type, range, unknown-key */
export function movesOf(options: LadderOptions): Float64Array {
  const fields = new Fields(options, 'options', OPTIONS);
  if (options.moves !== undefined) return listedMoves(options.moves);
  const reach = fields.number('reach', { above: 0, below: 1, least: 1e-9 }, 0.2);
  return evenMoves(reach, fields.integer('steps', 1, MOST_MOVES / 2, 20));
}

/** @throws MarginError conflict, where the columns are not of this book */
export function pricesFor(book: BookBase, prices: LiquidationColumns | undefined): LiquidationColumns {
  if (prices === undefined) return liquidationPrices(book);
  const rows = book.store.count('position');
  for (const name of ['down', 'up', 'code'] as const) {
    if (prices[name]?.length === rows) continue;
    throw new MarginError('conflict', {
      path: `options.prices.${name}`,
      got: prices[name]?.length,
      expected: `${rows} entries, one a position row`,
      hint: 'liquidationPrices(book) gives them anew',
    });
  }
  return prices;
}

/** Adds up from the mark outwards, a market after the other. */
function accumulate({ moves, falls }: StepPrices, markets: number, step: LadderColumns): LadderColumns {
  const sums = columnsOf(markets * moves.length);
  for (const name of NAMES) {
    const [from, to] = [step[name], sums[name]];
    for (let m = 0; m < markets; m++) {
      const row = m * moves.length;
      for (let k = falls - 1, sum = 0; k >= 0; k--) to[row + k] = sum += from[row + k] as number;
      for (let k = falls, sum = 0; k < moves.length; k++) to[row + k] = sum += from[row + k] as number;
    }
  }
  return sums;
}

/**
 * The ladder from prices of any level.
 * @param moves - rising, without 0
 * @param units - that count; default all
 */
export function ladderOf(
  book: BookBase,
  prices: LiquidationColumns,
  moves: Float64Array,
  units?: Iterable<number>,
): LiquidationLadder {
  const { columns } = book.store;
  const { markets } = book;
  const at = new StepPrices(columns, markets, moves);
  const now = columnsOf(markets);
  const step = columnsOf(markets * moves.length);
  const whole = columns.unit.notional;
  const add = (to: LadderColumns, i: number, notional: number, first: boolean, u: number): void => {
    to.notional[i] = (to.notional[i] as number) + notional;
    to.positions[i] = (to.positions[i] as number) + 1;
    if (!first) return;
    to.unitNotional[i] = (to.unitNotional[i] as number) + (whole[u] as number);
    to.units[i] = (to.units[i] as number) + 1;
  };
  const visit = (u: number): void => {
    // Both sides of a hedged market stand side by side, and have the same prices: the unit's.
    let before = -1;
    eachHeld(columns, u, (p, m, _, notional) => {
      const first = m !== before;
      before = m;
      if ((prices.code[p] as number) & ROOT.liquidatable) {
        add(now, m, notional, first, u);
        return;
      }
      const [fall, rise] = [at.fall(m, prices.down[p] as number), at.rise(m, prices.up[p] as number)];
      if (fall >= 0) add(step, m * moves.length + fall, notional, first, u);
      if (rise >= 0) add(step, m * moves.length + rise, notional, first, u);
    });
  };
  if (units) for (const u of units) visit(u);
  else eachUnit(book, visit);
  return { moves, price: at.prices, now, cumulative: accumulate(at, markets, step), step };
}

/**
 * What becomes liquidatable as each market moves alone, step by step: the data of a liquidation heat map. What moves with a market
 * is what moves for `liquidationPrices`: all that has its underlying. A position counts from the first move on that makes its
 * margin unit liquidatable, also where further moves would heal it.
 * @returns columns by market and move, the caller's
 * @throws MarginError type, range, unknown-key, conflict
 * @example
 * const { moves, cumulative } = liquidationLadder(book, { reach: '0.2', steps: 20 });
 * const falling = cumulative.notional[book.market('BTC-PERP') * moves.length]; // by 20 %
 */
export function liquidationLadder(book: BookBase, options: LadderOptions = {}): LiquidationLadder {
  checkBook(book);
  const moves = movesOf(options);
  book.refresh();
  return ladderOf(book, pricesFor(book, options.prices), moves);
}
