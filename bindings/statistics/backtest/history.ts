// What a method of a rolling backtest sees on a day, and what it answers. A history ends the day before: nothing of the day that is
// forecast is in it.
import { MarginError } from '../../errors.js';
import type { Confidence, TailShare } from '../confidence.js';
import { columnOf } from './read.js';

/** The past of a portfolio, as it was known the evening before the day that is forecast. */
export interface TailHistory {
  /** What the portfolio of that day would have made on each day of the window, oldest first. LOSSES NEGATIVE. Not to be written. */
  readonly pnl: Float64Array;
  /** Returns of the window by column, oldest first. Not to be written. */
  readonly returns: readonly Float64Array[];
  /** What is held of each column on the day: P&L is the sum of holding times return, in order of columns. */
  readonly holdings: Float64Array;
  /** Level that is asked for. */
  readonly confidence: Confidence;
  /** 1 - confidence, exactly. */
  readonly tail: TailShare;
  /** Row of the day that is forecast. */
  readonly day: number;
}

/** Of one day, in the unit of the P&L. LOSSES POSITIVE. */
export interface TailForecast {
  /** Unit of the P&L. LOSSES POSITIVE. */
  readonly valueAtRisk: number;
  /** Unit of the P&L. LOSSES POSITIVE. */
  readonly shortfall: number;
  /** What a reader has to know of it, in a few words that are the same for all such days: counted by day. */
  readonly flag?: string | null;
}

/** A forecast from a history. The same history has to give the same forecast. */
export type TailMethod = (history: TailHistory) => TailForecast;

/** Returns by column, and what is held of each by day or always. */
export interface Portfolio {
  readonly days: number;
  readonly returns: readonly Float64Array[];
  readonly holdings: readonly (number | Float64Array)[];
  /** P&L of each day with what was held on it. */
  readonly pnl: Float64Array;
  /** The same is held on all days. */
  readonly constant: boolean;
}

const isOne = (returns: ArrayLike<unknown>): returns is ArrayLike<number> =>
  ArrayBuffer.isView(returns) || returns.length === 0 || typeof returns[0] === 'number';

/** @throws MarginError type, not-finite, range */
export function readPortfolio(
  given: ArrayLike<number> | readonly ArrayLike<number>[],
  held: readonly (number | ArrayLike<number>)[] | undefined,
): Portfolio {
  if (typeof given !== 'object' || given === null) {
    const expected = 'a column of returns or P&L, or a list of columns';
    throw new MarginError('type', { path: 'returns', got: given, expected });
  }
  const returns = isOne(given)
    ? [columnOf(given, 'returns')]
    : Array.from(given as readonly ArrayLike<number>[], (column, i) => columnOf(column, `returns[${i}]`));
  const days = returns[0]?.length ?? 0;
  returns.forEach(({ length }, i) => {
    if (length === days) return;
    throw new MarginError('range', {
      path: `returns[${i}]`,
      got: length,
      expected: `as many days as the first: ${days}`,
    });
  });
  const holdings = readHoldings(held, returns.length, days);
  const constant = holdings.every((holding) => typeof holding === 'number');
  const pnl = new Float64Array(days);
  for (let day = 0; day < days; day++) pnl[day] = gainOf(returns, heldOn(holdings, day), day);
  return { days, returns, holdings, pnl, constant };
}

function readHoldings(
  held: readonly (number | ArrayLike<number>)[] | undefined,
  columns: number,
  days: number,
): (number | Float64Array)[] {
  const path = 'holdings';
  if (held === undefined) {
    if (columns === 1) return [1];
    const expected = 'what is held of each column: their P&L is added up';
    throw new MarginError('missing-key', { path, expected });
  }
  if (!Array.isArray(held)) throw new MarginError('type', { path, got: held, expected: 'a list, one entry a column' });
  if (held.length !== columns) {
    throw new MarginError('range', { path, got: held.length, expected: `as many as columns of returns: ${columns}` });
  }
  return held.map((holding: number | ArrayLike<number>, i) => {
    if (typeof holding === 'number') return columnOf([holding], `${path}[${i}]`)[0] ?? 0;
    const column = columnOf(holding, `${path}[${i}]`);
    if (column.length === days) return column;
    throw new MarginError('range', { path: `${path}[${i}]`, got: column.length, expected: `one a day: ${days}` });
  });
}

const heldOn = (holdings: Portfolio['holdings'], day: number): Float64Array =>
  Float64Array.from(holdings, (holding) => (typeof holding === 'number' ? holding : (holding[day] ?? 0)));

/** P&L of a day with given holdings, summed in order of columns. */
function gainOf(returns: readonly Float64Array[], held: Float64Array, day: number): number {
  let gain = 0;
  for (let i = 0; i < held.length; i++) gain += (held[i] ?? 0) * (returns[i]?.[day] ?? 0);
  return gain;
}

/** What is known before a day, of the days from `day - window` on. */
export function historyOf(
  { returns, holdings, pnl, constant }: Portfolio,
  day: number,
  window: number,
  level: { confidence: Confidence; tail: TailShare },
): TailHistory {
  const from = day - window;
  const held = heldOn(holdings, day);
  return {
    pnl: constant
      ? pnl.subarray(from, day)
      : Float64Array.from({ length: window }, (_, i) => gainOf(returns, held, from + i)),
    returns: returns.map((column) => column.subarray(from, day)),
    holdings: held,
    day,
    ...level,
  };
}
