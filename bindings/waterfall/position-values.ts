// What the positions of defaulters are to fetch: their worth at the mark, or what uses up the equity of their account to the
// unit, shared over its positions by their worth.
import type { Exact } from '../liquidation/exact.js';
import { floorDiv, magnitude } from '../venues/integer.js';
import type { Amount } from './amount.js';
import { worthOf } from './market.js';
import type { Running } from './running.js';

/**
 * - `bankruptcy`: what uses up the account's equity
 * - `mark`: worth at the mark
 * - `previous`: worth at the mark before the move, where the event has it, else as `bankruptcy`
 */
export type ClosePrice = 'bankruptcy' | 'mark' | 'previous';

/** A position that has to go. */
export interface DuePosition {
  row: number;
  /** Signed. */
  lots: Amount;
  /** What the account gets for all of them, minor units; below 0: it pays. */
  value: Amount;
}

/**
 * Positions of the defaulters by market, in the order of the event. At these values closing all of them leaves an account of
 * negative equity with nothing, and nobody with a unit too much.
 */
export function positionValues(run: Running, price: ClosePrice): Map<string, DuePosition[]> {
  const { defaulters, markets, previous } = run.event;
  const due = new Map(markets.map((id): [string, DuePosition[]] => [id, []]));
  const holders = defaulters.filter((row) => run.gives(row));
  const equities = price === 'mark' || holders.length === 0 ? [] : run.equities(holders);
  for (const [i, row] of holders.entries()) {
    const held = run.held(row).map(({ market, lots }) => ({ market, lots, worth: worthOf(market, lots, market.mark) }));
    const before = price === 'previous' && held.every(({ market }) => previous.has(market.id));
    const equity = before ? 0n : (equities[i] ?? 0n);
    const total = held.reduce((sum, { worth }) => sum + magnitude(worth), 0n) || 1n;
    let given = 0n;
    for (const [k, { market, lots, worth }] of held.entries()) {
      const part = k === held.length - 1 ? equity - given : floorDiv(equity * magnitude(worth), total);
      given += part;
      const value = before ? worthOf(market, lots, previous.get(market.id) as Exact) : worth - part;
      (due.get(market.id) as DuePosition[]).push({ row, lots, value });
    }
  }
  return due;
}
