// Settlement of markets: every position in them is closed at a price by the book's own fill, their open orders and own rates go.
// Checked for all units before the first row is written; closing only ever frees rows, so nothing can fail half-way.
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, NONE, SIDE } from '../layout.js';
import type { Store } from '../memory.js';
import { AT_LEAST_0, decimal, FRACTION, POSITIVE, type Range } from './fields.js';
import { emptyOrder, entryCost, positionKey } from './holdings.js';
import { findBalance, findPosition, writeOrder } from './rows.js';
import * as update from './update.js';

/** Settlement prices (quote) by market row. */
export type Prices = ReadonlyMap<number, number>;

/** What one contract settles at: 0 too, but of an inverse market, whose contracts are worth their inverse. */
export function settlementPrice(store: Store, market: number, price: unknown, path: string): number {
  const kind = store.columns.market.kind[market];
  const range: Range = kind === KIND.prediction ? FRACTION : kind === KIND.inverse ? POSITIVE : AT_LEAST_0;
  return decimal(price, path, range);
}

/** Margin units with a row in these markets: accounts in order, their units by bucket, however rows lie. */
export function holders(store: Store, prices: Prices): number[] {
  const { account, unit, position } = store.columns;
  const found: number[] = [];
  for (let a = 0; a < store.count('account'); a++) {
    for (let u = account.firstUnit[a] ?? NONE; u !== NONE; u = unit.next[u] ?? NONE) {
      const first = unit.positionStart[u] ?? 0;
      for (let p = first; p < first + (unit.positionCount[u] ?? 0); p++) {
        if (!prices.has((position.key[p] ?? 0) >>> 2)) continue;
        found.push(u);
        break;
      }
    }
  }
  return found;
}

/** Refuses a settlement after which a balance could be larger than a book holds. @param nameOf - of a unit's account */
export function checkSettlement(store: Store, units: readonly number[], prices: Prices, nameOf: (u: number) => string) {
  const { asset, balance, market, position, unit } = store.columns;
  for (const u of units) {
    let p = unit.positionStart[u] ?? 0;
    const first = unit.balanceStart[u] ?? 0;
    for (let b = first; b < first + (unit.balanceCount[u] ?? 0); b++) {
      const a = balance.asset[b] ?? 0;
      const indices = [asset.depositIndex[a] ?? 1, asset.borrowIndex[a] ?? 1] as const;
      let most = Math.abs(balance.amount[b] ?? 0) * Math.max(...indices);
      for (const end = p + (balance.positions[b] ?? 0); p < end; p++) {
        const m = (position.key[p] ?? 0) >>> 2;
        const price = prices.get(m);
        if (price === undefined) continue;
        const size = position.size[p] ?? 0;
        const due = (market.fundingIndex[m] ?? 0) - (position.funding[p] ?? 0);
        const value = size === 0 ? 0 : entryCost(store.columns, m, size, price);
        most += Math.abs(value) + Math.abs(position.cost[p] ?? 0) + Math.abs(due * size);
      }
      // Room for the rounding of the sums; such balances are nobody's.
      if (most / Math.min(...indices, 1) <= MAX_INPUT / 2) continue;
      throw new MarginError('range', {
        path: 'settle',
        got: nameOf(u),
        expected: `settlements that leave every balance below ${MAX_INPUT / 2}`,
      });
    }
  }
}

/** Closes what a unit has in these markets. */
export function settleUnit(store: Store, u: number, free: update.FreeOrders, prices: Prices): void {
  for (const [market, price] of prices) {
    const asset = store.columns.market.settle[market] ?? 0;
    for (const side of [SIDE.net, SIDE.long, SIDE.short]) {
      const b = findBalance(store, u, asset);
      const p = b < 0 ? -1 : findPosition(store, u, b, positionKey(market, side));
      if (p < 0) continue;
      const { position } = store.columns;
      const o = (position.order[p] ?? 0) - 1;
      if (o >= 0) writeOrder(store, o, emptyOrder());
      position.ownRate[p] = 0;
      update.close(store, u, free, { market, side, price }, asset, p, 'settle');
    }
  }
}
