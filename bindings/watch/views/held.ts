// Positions that are held, as every view walks them: account by account, cross first, then the buckets, rows in their order; and
// the price that leads a market's ray. Rows that carry orders alone hold nothing.
import type { BookBase } from '../../book/book.js';
import { KIND, NONE, SIDE_VALUE_WIDTH } from '../../layout.js';
import type { Columns } from '../../memory.js';
import { SIDEVALUE } from '../../reference/lanes.js';

/** @param notional - |size| at the mark, numeraire */
export type HeldVisit = (position: number, market: number, size: number, notional: number) => void;

/** Visits what a margin unit holds; unit values must be those of now. */
export function eachHeld({ unit, position, market }: Columns, u: number, visit: HeldVisit): void {
  const first = unit.positionStart[u] as number;
  const end = first + (unit.positionCount[u] as number);
  for (let p = first; p < end; p++) {
    const size = position.size[p] as number;
    if (size === 0) continue;
    const m = (position.key[p] as number) >>> 2;
    const side = (m * 2 + (size < 0 ? 1 : 0)) * SIDE_VALUE_WIDTH;
    visit(p, m, size, Math.abs(size) * (market.value[side + SIDEVALUE.value] as number));
  }
}

/** Visits margin units in the order in which an encoded book has them. */
export function eachUnit(book: BookBase, visit: (unit: number, account: number) => void): void {
  const { account, unit } = book.store.columns;
  for (let a = 0; a < book.accounts; a++)
    for (let u = account.firstUnit[a] as number; u !== NONE; u = unit.next[u] as number) visit(u, a);
}

/** Price that liquidation prices of a market are prices of: its mark; of an option the price of what it is on. */
export function leadPrice({ market, expiry, asset }: Columns, m: number): number {
  if ((market.kind[m] as number) < KIND.call) return market.mark[m] as number;
  return asset.price[expiry.asset[market.expiry[m] as number] as number] as number;
}
