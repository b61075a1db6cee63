// Settlement of markets: every position in them is closed at a price by the book's own fill, their open orders and own rates go.
// Checked for all units before the first row is written; closing only ever frees rows, so nothing can fail half-way.
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, NONE, SIDE } from '../layout.js';
import { checkBook } from '../margin.js';
import type { Store } from '../memory.js';
import type { BookBase } from './book.js';
import type { Ref } from './book-rows.js';
import { AT_LEAST_0, decimal, Fields, FRACTION, POSITIVE, type Range } from './fields.js';
import { emptyOrder, entryCost, positionKey } from './holdings.js';
import { findBalance, findPosition, writeOrder } from './rows.js';
import type { Decimal } from './types.js';
import * as update from './update.js';

/** What one contract of a market settles at. */
export interface Settlement {
  /** Id or row. */
  market: Ref;
  /** Quote: at least 0, of an inverse market above 0, of a prediction from 0 to 1; of an option what it pays. */
  price: Decimal;
}

/** Settlement prices (quote) by market row. */
type Prices = ReadonlyMap<number, number>;

/**
 * Closes every position in these markets at their settlement prices, as fills would: profit, loss and funding due go to the settle
 * balances. Their open orders and own rates go too, so that no row of them is left. Accounts in order, their units by bucket.
 * @throws MarginError unknown-id, duplicate, type, range; the book is unchanged
 * @example
 * settle(book, [{ market: 'BTC-MAR', price: 61_250 }, { market: 'RAIN', price: 1 }]);
 */
export function settle(book: BookBase, settlements: readonly Settlement[]): void {
  checkBook(book);
  const { store } = book;
  const prices = pricesOf(book, settlements);
  const units = holders(store, prices);
  checkBalances(store, units, prices, (u) => book.accountId(book.unitAccount(u)));
  for (const u of units) {
    book.update(book.unitAccount(u), book.unitBucket(u), (_, free) => settleUnit(store, u, free, prices));
  }
}

function pricesOf(book: BookBase, settlements: readonly Settlement[]): Prices {
  if (!Array.isArray(settlements))
    throw new MarginError('type', { path: 'settlements', got: settlements, expected: 'a list' });
  const prices = new Map<number, number>();
  settlements.forEach((settlement, i) => {
    const f = Fields.once(settlement, `settlements[${i}]`, ['market', 'price']);
    const market = f.raw('market') as Ref;
    const m = book.market(market, f.at('market'));
    if (prices.has(m))
      throw new MarginError('duplicate', {
        path: f.at('market'),
        got: market,
        expected: 'each market once',
      });
    prices.set(m, decimal(f.raw('price'), f.at('price'), rangeOf(book.store, m)));
  });
  return prices;
}

/** 0 is a price too, but of an inverse market, whose contracts are worth its inverse. */
function rangeOf(store: Store, market: number): Range {
  const kind = store.columns.market.kind[market];
  if (kind === KIND.prediction) return FRACTION;
  return kind === KIND.inverse ? POSITIVE : AT_LEAST_0;
}

/** Margin units with a row in these markets: accounts in order, their units by bucket, however rows lie. */
function holders(store: Store, prices: Prices): number[] {
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
function checkBalances(store: Store, units: readonly number[], prices: Prices, nameOf: (u: number) => string) {
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
function settleUnit(store: Store, u: number, free: update.FreeOrders, prices: Prices): void {
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
