// Twins: one book under a watch by boxes, another under rescans. Both get the same changes; after every poll they report the same, and
// the structures behind the boxes are whole.
import { expect } from 'vitest';
import type { BookBase } from '../bindings/book/book.js';
import { Book as PlainBook } from '../bindings/index.js';
import { COORDINATES, KIND, STATE } from '../bindings/layout.js';
import { accountMargin, type BookJSON, type MarginError, margin } from '../bindings/public.js';
import { type Crossings, Ledger } from '../bindings/watch/crossings.js';
import { linesOf, type WatchLevels } from '../bindings/watch/lines.js';
import { Rescans } from '../bindings/watch/rescan.js';
import { Watch } from '../bindings/watch/watch.js';
import type { Random } from './random-book.js';
import { entryOf, isActive, priceAt } from './watch-corners.js';

/** One change of a book, as a function of it. */
export type Change = (book: BookBase) => void;

/** A rescan after every change, of a book of its own. */
export class Oracle {
  readonly #rescans: Rescans;
  readonly #ledger = new Ledger();
  constructor(
    readonly book: BookBase,
    levels: WatchLevels,
  ) {
    this.#rescans = new Rescans(book, linesOf(levels, book.store.columns.house.rule[0] === 1));
    book.observer = this.#rescans;
    this.poll();
  }
  poll(): Record<string, number[]> {
    this.#ledger.clear();
    this.#rescans.poll((unit, from, to) => this.#ledger.add(unit, from, to));
    return lists(this.#ledger.result(0));
  }
  zone(unit: number): number {
    return this.#rescans.zone(unit);
  }
}

/** Units of each list. */
export const lists = ({ deferred, ...crossings }: Crossings): Record<string, number[]> =>
  Object.fromEntries(Object.entries(crossings).map(([name, units]) => [name, [...(units as Uint32Array)]]));

export class Twins {
  readonly book: BookBase;
  readonly twin: BookBase;
  watch: Watch;
  readonly oracle: Oracle;
  readonly #levels: WatchLevels;
  events = 0;
  constructor(json: BookJSON, levels: WatchLevels, from: (json: BookJSON) => BookBase = PlainBook.fromJSON) {
    this.#levels = levels;
    this.book = from(json);
    this.twin = from(json);
    this.watch = new Watch(this.book, { levels });
    this.oracle = new Oracle(this.twin, levels);
  }
  /** Does both the same; what one refuses the other refuses. */
  do(change: Change): void {
    let refused: MarginError | undefined;
    try {
      change(this.twin);
    } catch (error) {
      refused = error as MarginError;
    }
    if (refused === undefined) change(this.book);
    else expect(() => change(this.book)).toThrow(refused.message);
  }
  /** Closes the watch and opens another. */
  reopen(): void {
    this.watch.close();
    this.oracle.poll();
    this.watch = new Watch(this.book, { levels: this.#levels });
  }
  poll(where: string): void {
    const want = this.oracle.poll();
    const got = lists(this.watch.poll());
    if (JSON.stringify(got) !== JSON.stringify(want)) expect(got, where).toEqual(want);
    this.events += Object.values(want).reduce((sum, units) => sum + units.length, 0);
  }
  /** Zones of all units, and all that boxes are made of. */
  check(where: string): void {
    const { book, oracle } = this;
    const { state } = book.store.columns.watched;
    for (let u = 0; u < book.units; u++)
      expect((state[u] as number) & STATE.zone, `${where}: zone of ${u}`).toBe(oracle.zone(u));
    checkStructure(book, where);
  }
}

/** Heaps, slots and units say the same, and every price is inside every box. */
export function checkStructure(book: BookBase, where: string): void {
  const { coordinate, slot, watched } = book.store.columns;
  const fail = (what: string): never => expect.fail(`${where}: ${what}`);
  let entries = 0;
  for (let c = 0; c < (book.markets + book.assets) * COORDINATES; c++) {
    for (let above = 0; above < 2; above++) {
      const count = coordinate.count[2 * c + above] as number;
      if (!isActive(book as PlainBook, c)) {
        if (count !== 0) fail(`ends along coordinate ${c}, which is asleep`);
        continue;
      }
      entries += count;
      const now = (above === 1 ? 1 : -1) * (priceAt(book as PlainBook, c) - (coordinate.base[c] as number));
      const keys: number[] = [];
      for (let i = 0; i < count; i++) {
        const { key, slot: s } = entryOf(book as PlainBook, c, above, i);
        const unit = slot.unit[s] as number;
        const first = watched.first[unit] as number;
        const name = `entry ${i} of coordinate ${c} ${above === 1 ? 'above' : 'below'}`;
        keys.push(key);
        if (Number.isNaN(key)) fail(`${name} has no key`);
        if (i > 0 && (keys[(i - 1) >>> 2] as number) > key) fail(`${name} is nearer than its parent`);
        if (slot.at[2 * s + above] !== i + 1) fail(`${name} is not where its slot ${s} says`);
        if (slot.coordinate[s] !== c) fail(`${name} is of slot ${s} of coordinate ${slot.coordinate[s]}`);
        if (!(unit < book.units && s >= first && s < first + (watched.count[unit] as number)))
          fail(`${name}: slot ${s} is not of unit ${unit}`);
        if (((watched.state[unit] as number) & STATE.boxed) === 0) fail(`${name}: unit ${unit} has no box`);
        if (key !== Number.NEGATIVE_INFINITY && now > key) fail(`${name}: the price is beyond the box of unit ${unit}`);
      }
    }
  }
  const owners = new Map<number, number>();
  for (let u = 0; u < book.units; u++) {
    const state = watched.state[u] as number;
    if ((state & STATE.queued) !== 0) fail(`unit ${u} is left in the queue`);
    if ((state & STATE.boxed) === 0) continue;
    const first = watched.first[u] as number;
    for (let s = first; s < first + (watched.count[u] as number); s++) {
      if (owners.has(s)) fail(`slot ${s} is of units ${owners.get(s)} and ${u}`);
      owners.set(s, u);
      for (let above = 0; above < 2; above++) {
        const at = slot.at[2 * s + above] as number;
        if (at === 0) continue;
        entries--;
        if (entryOf(book as PlainBook, slot.coordinate[s] as number, above, at - 1).slot !== s)
          fail(`slot ${s} of unit ${u} is not where it says`);
      }
    }
  }
  if (entries !== 0) fail(`${entries} ends are of nobody`);
}

/** What happens to a book: one to three changes, by which `what` may happen. */
export class Events {
  readonly #r: Random;
  readonly #size: number;
  constructor(r: Random, size: number) {
    this.#r = r;
    this.#size = size;
  }

  #step(): number {
    const r = this.#r;
    if (r.chance(0.03)) return r.chance(0.5) ? r.between(0.6, 0.95) : r.between(1.05, 1.6);
    return 1 + r.between(-1, 1) * this.#size * 10 ** -r.between(0, 3);
  }

  next(book: BookBase): Change[] {
    const r = this.#r;
    return Array.from({ length: r.chance(0.8) ? 1 : r.int(2, 6) }, () => this.#one(book));
  }

  #one(book: BookBase): Change {
    const r = this.#r;
    const { market, asset } = book.store.columns;
    const m = r.int(0, Math.max(0, book.markets - 1));
    const a = r.int(0, Math.max(0, book.assets - 1));
    const u = r.int(0, Math.max(0, book.units - 1));
    const account = book.units === 0 ? 0 : book.unitAccount(u);
    const bucket = book.units === 0 ? 0 : book.unitBucket(u);
    const prediction = market.kind[m] === KIND.prediction;
    const option = (market.kind[m] as number) >= KIND.call;
    const bounded = (x: number): number => (prediction ? Math.min(0.999, Math.max(0.001, x)) : x);
    const mark = market.mark[m] as number;
    const price = asset.price[a] as number;
    const what = r.next();
    if (what < 0.4) {
      const x = bounded(mark * this.#step());
      return (b) => b.setMark(m, x);
    }
    if (what < 0.58) {
      const x = r.chance(0.02) ? 0 : price === 0 ? 1 : price * this.#step();
      return (b) => b.setPrice(a, x);
    }
    if (what < 0.62) {
      // A price that comes to stand where its guard does, from where the guard follows it.
      const guard = r.pick(['twap', 'stable'] as const);
      const x = r.chance(0.5) ? (market[guard][m] as number) : mark;
      return (b) => b.setMark(m, x);
    }
    if (what < 0.65) {
      const guard = r.pick(['twap', 'stable'] as const);
      const x = asset[guard][a] as number;
      return (b) => b.setPrice(a, x);
    }
    if (what < 0.69) {
      const x = bounded((market.twap[m] as number) * this.#step());
      const now = r.chance(0.5) ? mark : bounded(mark * this.#step());
      const key = r.pick(['twap', 'stable', 'index'] as const);
      return (b) => b.setMark(m, now, { [key]: x });
    }
    if (what < 0.71) {
      const x = (asset.stable[a] as number) * this.#step();
      const key = r.pick(['twap', 'stable'] as const);
      return (b) => b.setPrice(a, price, { [key]: x });
    }
    if (what < 0.75) {
      const x = r.chance(0.1) ? mark : (market.fundingIndex[m] as number) + r.between(-1, 1) * 0.001 * mark;
      return (b) => b.setFundingIndex(m, x);
    }
    if (what < 0.78) {
      const index = r.pick(['depositIndex', 'borrowIndex'] as const);
      const x =
        r.chance(0.2) && price > 0.5 && price < 2 ? price : (asset[index][a] as number) * (1 + r.between(0, 0.003));
      return (b) => b.setTotals(a, { [index]: x });
    }
    if (what < 0.84) {
      const amount = (r.wide(1, 1e4) * (r.chance(0.6) ? 1 : -1)) / Math.max(price, 1e-6);
      const to = r.chance(0.1) ? r.int(0, 30) : bucket;
      return (b) => b.deposit(account, a, amount, { bucket: to });
    }
    if (what < 0.9) {
      const contract = (market.multiplier[m] as number) * (market.kind[m] === KIND.inverse ? 1 : mark);
      const size = (r.wide(1, 1e4) / contract) * (r.chance(0.5) ? 1 : -1);
      const at = bounded(option && mark === 0 ? 1 : mark);
      return (b) => b.fill(account, { market: m, size, price: at, fee: 0, bucket });
    }
    if (what < 0.93) {
      const order = {
        market: m,
        side: r.pick(['buy', 'sell'] as const),
        size: r.wide(1, 1e4) / Math.max(mark, 1e-9),
        price: bounded(mark * r.between(0.9, 1.1)),
        bucket,
      };
      return (b) => b.placeOrder(account, order);
    }
    if (what < 0.94) {
      const terms = r.pick([
        { marginMultiplier: r.between(0.8, 1.6) },
        { initialRateFloor: r.between(0, 0.5) },
        { liquidationBuffer: 0.01 },
      ]);
      return (b) => b.setTerms(account, terms);
    }
    if (what < 0.95) {
      const leverage = r.int(1, 50);
      return (b) => b.setLeverage(account, m, leverage, { bucket });
    }
    if (what < 0.96) {
      const confidence = r.next();
      const section = r.pick(['asset', 'market'] as const);
      const row = section === 'asset' ? a : m;
      return (b) => b.setConfidence(section, row, confidence);
    }
    if (what < 0.965) {
      const totals = { deposits: r.wide(1, 1e6), borrows: r.wide(1, 1e6) };
      return (b) => b.setTotals(a, totals);
    }
    if (what < 0.97) {
      const open = r.wide(1, 1e6);
      return (b) => b.setOpenInterest(m, open);
    }
    // Questions between ticks write results of their own.
    if (what < 0.98) return (b) => void margin(b);
    if (what < 0.985) return (b) => void accountMargin(b, account);
    if (what < 0.988) {
      const json = { ...book.accountJSON(r.int(0, book.accounts - 1)), id: book.accountId(account) };
      return (b) => void b.replaceAccount(json);
    }
    if (what < 0.99) {
      const json = { ...book.accountJSON(account), id: `n${book.accounts}` };
      return (b) => void b.addAccount(json);
    }
    if (what < 0.994) {
      const json = book.marketJSON(m);
      return (b) => b.replaceMarket(option ? json : { ...json, closingFee: 0.001 });
    }
    if (what < 0.997) {
      const json = book.assetJSON(a);
      return (b) => b.replaceAsset(json);
    }
    const asset0 = book.assetJSON(a);
    const json = { ...asset0, id: `A${book.assets}` };
    return (b) => void b.addAsset(json);
  }
}
