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

export const valueKey = (row: number, market: string): string => `${row}\u0000${market}`;

/**
 * By `valueKey`, minor units that the account gets for all lots of a position; below 0: it pays. At these values closing all
 * of them leaves an account of negative equity with nothing, and nobody with a unit too much.
 */
export function positionValues(run: Running, price: ClosePrice): Map<string, Amount> {
  const values = new Map<string, Amount>();
  for (const row of run.event.defaulters) {
    const held = run.event.markets.flatMap((id) => {
      const market = run.draft.market(id);
      const { lots } = run.draft.positionAt(row, id);
      return lots === 0n ? [] : [{ id, lots, worth: worthOf(market, lots, market.mark) }];
    });
    if (held.length === 0) continue;
    if (price === 'previous' && held.every(({ id }) => run.event.previous.has(id))) {
      for (const { id, lots } of held) {
        values.set(valueKey(row, id), worthOf(run.draft.market(id), lots, run.event.previous.get(id) as Exact));
      }
      continue;
    }
    const equity = price === 'mark' ? 0n : run.draft.equityAt(row, run.asset);
    const total = held.reduce((sum, { worth }) => sum + magnitude(worth), 0n) || 1n;
    let given = 0n;
    for (const [i, { id, worth }] of held.entries()) {
      const part = i === held.length - 1 ? equity - given : floorDiv(equity * magnitude(worth), total);
      given += part;
      values.set(valueKey(row, id), worth - part);
    }
  }
  return values;
}
