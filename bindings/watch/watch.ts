// The watch of a book: who crosses a line on this tick, exactly. Its cost does not grow with the number of accounts.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { Fields } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { checkBook } from '../margin.js';
import { Boxes } from './boxes.js';
import { type Crossings, Ledger } from './crossings.js';
import { linesOf, type WatchLevels, ZONE, ZONES, type Zone } from './lines.js';
import { watchIn } from './module.js';
import { Rescans } from './rescan.js';
import { checkMarks, readTicks, setRead, setTick, type Tick } from './tick.js';
import type { Watcher } from './watcher.js';

/** A typed array as it is; of a list a copy, since its elements may be getters. */
const elements = (list: ArrayLike<number>): ArrayLike<number> => (ArrayBuffer.isView(list) ? list : Array.from(list));

/** What a watch is made with. */
export interface WatchOptions {
  /** Where units are warned and taken over. */
  levels?: WatchLevels;
  /**
   * Units that a scenario model margins are looked at in every so many calls, default 1. More is cheaper and no longer exact: what
   * they cross is reported up to so many calls later, and until then counted in `deferred`.
   */
  scenariosEvery?: number;
  /** Milliseconds, rising: where it is given, the last and the worst call are timed. Nothing else depends on it. */
  clock?: () => number;
}

/** What following the book has cost so far. */
export interface WatchStatistics {
  /** Ticks and polls so far. */
  ticks: number;
  /** Ends of boxes that prices have crossed; units margined; rescans of the whole book. */
  pops: number;
  /** Units margined. */
  margined: number;
  /** Rescans of the whole book. */
  rescans: number;
  /** Units that still wait for a box after a rescan: ticks are exact, and slower. */
  waiting: number;
  /** Milliseconds of the last and the worst call, where the watch has a clock. */
  lastTick: number;
  /** Milliseconds of the worst call; 0 without a clock. */
  worstTick: number;
  /** Bytes on top of the book. */
  bytes: number;
}

/**
 * Follows a book: each call sets prices and says which margin units have crossed a line since the call before. Fills, deposits,
 * orders and everything else that changes the book through its calls are followed too, and reported by the next call.
 * @example
 * const watch = new Watch(book);
 * for (const unit of watch.tick('BTC-PERP', 58_400).liquidatable) console.log(book.accountId(book.unitAccount(unit)));
 */
export class Watch {
  /** The book that it follows. */
  readonly book: BookBase;
  readonly #watcher: Watcher;
  readonly #clock: (() => number) | undefined;
  readonly #ledger = new Ledger();
  readonly #statistics = { ticks: 0, lastTick: 0, worstTick: 0 };
  readonly #found = (unit: number, from: number, to: number): void => this.#ledger.add(unit, from, to);
  /** With a clock, which may throw: zones of units before they crossed a line, until that has been told. */
  readonly #untold = new Map<number, number>();
  readonly #keep = (unit: number, from: number): void => {
    if (!this.#untold.has(unit)) this.#untold.set(unit, from);
  };

  /** Follows the book from its state of now. @throws MarginError type, range, conflict where the book has a watch already */
  constructor(book: BookBase, options: WatchOptions = {}) {
    checkBook(book);
    const f = new Fields(options, 'options', ['levels', 'scenariosEvery', 'clock']);
    const every = f.integer('scenariosEvery', 1, 1e9, 1);
    if (f.has('clock') && typeof options.clock !== 'function')
      throw new MarginError('type', { path: 'options.clock', got: options.clock, expected: 'a function' });
    if (book.observer !== undefined) {
      throw new MarginError('conflict', {
        path: 'book',
        expected: 'a book without a watch',
        hint: 'close() the other watch, or use it',
      });
    }
    const lines = linesOf(options.levels ?? {}, book.store.columns.house.rule[0] === 1, 'options.levels');
    this.book = book;
    this.#clock = options.clock;
    const { engine } = book.store;
    this.#watcher = engine.host
      ? new Boxes(book, watchIn(engine.host, engine.base), lines, every)
      : new Rescans(book, lines);
    book.observer = this.#watcher;
    this.#watcher.poll(this.#found);
    this.#watcher.settle();
    this.#watcher.poll(this.#found);
    this.#ledger.clear();
  }

  /**
   * Sets a mark, or a price, guard price or index by its kind, and says what has crossed a line.
   * @returns margin units by line, borrowed until the next call
   * @throws MarginError unknown-id, type, range; nothing has changed
   * @example
   * watch.tick('BTC-PERP', 58_400);
   * watch.tick('price', 'BTC', 58_390);
   * watch.tick('funding', 'BTC-PERP', 12.5);
   */
  tick(market: Ref, mark: Decimal): Crossings;
  tick(kind: Tick['kind'], id: Ref, value: Decimal): Crossings;
  tick(first: Ref, second: Ref | Decimal, third?: Decimal): Crossings {
    this.#open();
    if (third === undefined) this.book.setMark(first, second as Decimal);
    else setTick(this.book, { kind: first as Tick['kind'], id: second as Ref, value: third });
    return this.poll();
  }

  /**
   * Sets many prices at once, as one tick: what crosses a line and comes back between them is not reported.
   * @throws MarginError unknown-key, missing-key, type, unknown-id, not-finite, range, conflict with the path of the tick
   *   (`ticks[1].value`); nothing has changed
   * @example
   * watch.ticks([{ kind: 'mark', id: 'BTC-PERP', value: 58_400 }, { kind: 'price', id: 'BTC', value: 58_390 }]);
   */
  ticks(ticks: readonly Tick[]): Crossings {
    this.#open();
    for (const tick of readTicks(this.book, ticks)) setRead(this.book, tick);
    return this.poll();
  }

  /**
   * Sets the marks of many markets at once, as one tick.
   * @param markets - rows of markets
   * @param marks - quote, one a market
   * @throws MarginError unknown-id, range, not-finite; nothing has changed
   * @example
   * watch.marks(Uint32Array.of(0, 1), Float64Array.of(58_400, 3_010)).liquidatable.length
   */
  marks(markets: Uint32Array, marks: Float64Array): Crossings {
    this.#open();
    const [rows, prices] = [elements(markets), elements(marks)];
    checkMarks(this.book, rows, prices);
    for (let i = 0; i < rows.length; i++) this.book.setMark(rows[i] as number, prices[i] as number);
    return this.poll();
  }

  /** Says what has crossed a line since the last call, after changes that were made on the book itself. */
  poll(): Crossings {
    this.#open();
    const start = this.#clock?.() ?? 0;
    const statistics = this.#statistics;
    this.#ledger.clear();
    statistics.ticks++;
    this.#watcher.poll(this.#clock ? this.#keep : this.#found);
    if (this.#clock) {
      statistics.lastTick = this.#clock() - start;
      statistics.worstTick = Math.max(statistics.worstTick, statistics.lastTick);
      this.#tell();
    }
    return this.#ledger.result(this.#watcher.deferred);
  }

  /** Takes in what was kept, by where units stand now: one that is back where it was has crossed nothing. */
  #tell(): void {
    if (this.#untold.size === 0) return;
    for (const [unit, from] of this.#untold) {
      const to = this.#watcher.zone(unit);
      if (to !== from) this.#ledger.add(unit, from, to);
    }
    this.#untold.clear();
  }

  /** Says that an account's rows were changed in the columns directly; calls of the book need none of this. */
  touch(account: Ref): void {
    for (const unit of this.book.unitsOf(account)) this.#watcher.unit(unit);
  }

  /** Where a margin unit stands, as of the last call. @throws MarginError unknown-id */
  zone(unit: number): Zone {
    if (!(Number.isInteger(unit) && unit >= 0 && unit < this.book.units))
      throw new MarginError('unknown-id', {
        path: 'unit',
        got: unit,
        expected: `a margin unit from 0 to ${this.book.units - 1}`,
        hint: 'book.unit(account, bucket) names one',
      });
    return ZONES[this.#watcher.zone(unit)] ?? 'healthy';
  }

  /** All units that are liquidatable (backstop included) as of the last call, rising; a copy. */
  liquidatable(): Uint32Array {
    const units: number[] = [];
    for (let u = 0; u < this.book.units; u++) if (this.#watcher.zone(u) >= ZONE.liquidatable) units.push(u);
    return Uint32Array.from(units);
  }

  /** What following the book has cost so far. */
  get statistics(): WatchStatistics {
    return { ...this.#statistics, ...this.#watcher.statistics, bytes: this.#watcher.bytes };
  }

  /** Refuses to go on after `close`. */
  #open(): void {
    if (this.book.observer === this.#watcher) return;
    throw new MarginError('conflict', { path: 'watch', expected: 'a watch that has not let go of its book' });
  }

  /** Lets go of the book: it may be watched anew. */
  close(): void {
    if (this.book.observer === this.#watcher) this.book.observer = undefined;
  }
}
