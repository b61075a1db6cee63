// What a portfolio of margin units holds, instrument by instrument: contracts of markets, amounts of assets, and what positions have
// cost. The list that a tail is made of, in the order in which things are first met.
import type { BookBase } from '../book/book.js';
import { KIND } from '../layout.js';
import { amountOf } from '../reference/scenario/terms.js';
import { paidOf, rowOf } from '../reference/var/holding.js';

/** A market with what was paid for its contracts, or an asset. */
export interface Instrument {
  /** Row of a market; of an asset its row behind all markets. */
  readonly thing: number;
  /** Contracts, or units of the asset. */
  size: number;
  /** Units of the settle asset. */
  paid: number;
}

export class Portfolio {
  readonly #book: BookBase;
  readonly #instruments = new Map<number, Instrument>();

  constructor(book: BookBase, units: Iterable<number>) {
    this.#book = book;
    const { unit, balance, position } = book.store.columns;
    for (const u of units) {
      let p = unit.positionStart[u] ?? 0;
      const b0 = unit.balanceStart[u] ?? 0;
      for (let b = b0; b < b0 + (unit.balanceCount[u] ?? 0); b++) {
        for (const end = p + (balance.positions[b] ?? 0); p < end; p++) {
          this.trade((position.key[p] ?? 0) >>> 2, position.size[p] ?? 0, paidOf(book.store, p));
        }
        const asset = this.#at(book.markets + (balance.asset[b] ?? 0));
        asset.size += amountOf(book.store.columns, b);
      }
    }
  }

  #at(thing: number): Instrument {
    const found = this.#instruments.get(thing);
    if (found) return found;
    const made = { thing, size: 0, paid: 0 };
    this.#instruments.set(thing, made);
    return made;
  }

  /** Adds contracts of a market for which so much was paid. */
  trade(market: number, size: number, paid: number): void {
    if (this.#book.store.columns.market.kind[market] === KIND.spot) return;
    const instrument = this.#at(market);
    instrument.size += size;
    instrument.paid += paid;
  }

  get instruments(): Instrument[] {
    return [...this.#instruments.values()];
  }

  /**
   * Writes the list of holdings. What positions have cost stands with the balance of their settle asset, or behind all where there is none.
   * @param without - an instrument that is left out
   * @param trades - that are added
   * @returns how many there are
   */
  write(without?: Instrument, trades: readonly Instrument[] = []): number {
    const { store } = this.#book;
    const markets = this.#book.markets;
    store.setCount('holding', 1 + 2 * (this.#instruments.size + trades.length));
    const { holding, market } = store.columns;
    const paid = new Map<number, number>();
    let count = 0;
    const pay = (m: number, amount: number): void => {
      const asset = markets + (market.settle[m] ?? 0);
      if (amount !== 0 && rowOf(store, asset) >= 0) paid.set(asset, (paid.get(asset) ?? 0) + amount);
    };
    const write = (thing: number, amount: number): void => {
      const row = rowOf(store, thing);
      if (row < 0 || amount === 0) return;
      holding.row[count] = row;
      holding.amount[count++] = amount;
    };
    for (const one of this.#instruments.values()) if (one !== without && one.thing < markets) pay(one.thing, one.paid);
    for (const trade of trades) pay(trade.thing, trade.paid);
    for (const one of this.#instruments.values()) {
      let held = one === without ? 0 : one.size;
      for (const trade of trades) if (trade.thing === one.thing) held += trade.size;
      if (one.thing >= markets) {
        held -= paid.get(one.thing) ?? 0;
        paid.delete(one.thing);
      }
      write(one.thing, held);
    }
    trades.forEach((trade, i) => {
      const first = trades.findIndex(({ thing }) => thing === trade.thing) === i;
      if (!first || this.#instruments.has(trade.thing)) return;
      write(
        trade.thing,
        trades.reduce((sum, { thing, size }) => (thing === trade.thing ? sum + size : sum), 0),
      );
    });
    for (const [thing, amount] of paid) write(thing, 0 - amount);
    return count;
  }
}

/** Most rows that a unit, or an account, can hold. */
export function mostHeld(book: BookBase, byAccount: boolean): number {
  const { unit } = book.store.columns;
  let most = 1;
  if (!byAccount) {
    for (let u = 0; u < book.units; u++) {
      const rows = (unit.positionCount[u] ?? 0) + (unit.balanceCount[u] ?? 0);
      if (rows > most) most = rows;
    }
    return most;
  }
  const held = new Uint32Array(book.accounts);
  for (let u = 0; u < book.units; u++) {
    const a = unit.account[u] ?? 0;
    const rows = (held[a] ?? 0) + (unit.positionCount[u] ?? 0) + (unit.balanceCount[u] ?? 0);
    held[a] = rows;
    if (rows > most) most = rows;
  }
  return most;
}
