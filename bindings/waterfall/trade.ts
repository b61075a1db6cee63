// A position that changes hands: lots one way, their value the other way, and what a close has made goes to the balance of
// whoever closed. Money moves through the cost of positions, so that nothing is made or lost by an entry price.
import { ceilDiv, floorDiv } from '../venues/integer.js';
import type { Amount } from './amount.js';
import type { Draft } from './draft.js';
import type { Pen } from './journal.js';
import type { Market } from './market.js';

/** Signed lots that go from one account to another for a value that comes back, minor units of the settle asset. */
export interface Trade {
  market: Market;
  from: number;
  to: number;
  lots: Amount;
  value: Amount;
}

/** Writes a trade: lots, value, and on both sides what it has realised. */
export function writeTrade(pen: Pen, draft: Draft, { market, from, to, lots, value }: Trade): void {
  const [giver, taker] = [draft.positionAt(from, market.id), draft.positionAt(to, market.id)];
  pen.lots(from, market.id, -lots);
  pen.lots(to, market.id, lots);
  pen.cost(from, market.id, value);
  pen.cost(to, market.id, -value);
  realise(pen, market, from, giver, { lots: -lots, value });
  realise(pen, market, to, taker, { lots, value: -value });
}

/** Moves what a trade has realised from the position's cost to the balance: nothing where it only adds to the position. */
function realise(
  pen: Pen,
  market: Market,
  row: number,
  before: { lots: Amount; cost: Amount },
  trade: { lots: Amount; value: Amount },
): void {
  const kept = costLeft(before, trade);
  const realised = before.cost + trade.value - kept;
  pen.cost(row, market.id, -realised);
  pen.money(row, market.settle, realised);
}

/** What the position that is left has cost: its part of the cost before, rounded down, or what opened it. */
function costLeft(before: { lots: Amount; cost: Amount }, trade: { lots: Amount; value: Amount }): Amount {
  const after = before.lots + trade.lots;
  if (after === 0n) return 0n;
  if (before.lots === 0n || before.lots > 0n === trade.lots > 0n) return before.cost + trade.value;
  if (after > 0n === before.lots > 0n) return floorDiv(before.cost * after, before.lots);
  return ceilDiv(trade.value * after, trade.lots);
}
