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

  /** Writes the list of holdings. @param without - an instrument that is left out @returns how many there are */
  write(without?: Instrument): number {
    const { store } = this.#book;
    const markets = this.#book.markets;
    const list: { row: number; amount: number }[] = [];
    /** What positions have cost, by settle asset: it stands with the balance, or behind all where there is none. */
    const paid = new Map<number, number>();
    const { settle } = store.columns.market;
    for (const one of this.#instruments.values()) {
      if (one === without || one.thing >= markets) continue;
      const asset = markets + (settle[one.thing] ?? 0);
      paid.set(asset, (paid.get(asset) ?? 0) + one.paid);
    }
    const write = (thing: number, amount: number): void => {
      const row = rowOf(store, thing);
      if (row >= 0 && amount !== 0) list.push({ row, amount });
    };
    for (const one of this.#instruments.values()) {
      const held = one === without ? 0 : one.size;
      if (one.thing < markets) write(one.thing, held);
      else {
        write(one.thing, held - (paid.get(one.thing) ?? 0));
        paid.delete(one.thing);
      }
    }
    for (const [thing, amount] of paid) write(thing, 0 - amount);
    store.setCount('holding', Math.max(1, list.length));
    const { holding } = store.columns;
    list.forEach(({ row, amount }, i) => {
      holding.row[i] = row;
      holding.amount[i] = amount;
    });
    return list.length;
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
