// A watch by boxes in the kernel (assembly/watch/): ticks look at those units alone whose boxes prices have left. This side lays the
// sections out, makes room where the kernel asks for it, and rescans after gaps and changes of parameters.
import type { BookBase } from '../book/book.js';
import { BASIS, COORDINATES, FEATURE, KIND, NONE, STATE, UNIT, WATCH, WATCH_PAGE, WATCHED } from '../layout.js';
import type { Lines } from './lines.js';
import type { WatchExports } from './module.js';
import type { Found, Statistics, Watcher } from './watcher.js';

/** Of a mark and of an asset's price before they have ticked: 2.4 basis points; and as good as never. */
const PACE = 1 / 4096;
const DORMANT = 1e-12;
/** Units that a tick gives boxes to beside its own: some 50 us. */
const REST = 64;
/**
 * Units that are margined one by one before a rescan of all is the better answer, as shares of them: after many rows have moved at once,
 * about what a rescan takes; after one, several times that, since all boxes are to be given anew after a rescan. A unit of a plain book
 * takes a hundredth of the time in a scan, of any other a tenth. So many are always few.
 */
const GAP = { plain: { many: 1 / 128, one: 1 / 32 }, full: { many: 1 / 16, one: 1 / 6 } } as const;
const FEW = { many: 1024, one: 8192 } as const;
/** Rows of `bound` to begin with, slots and pages to spare. */
const BOUNDS = 4096;
const SPARE_SLOTS = 1024;
const SPARE_PAGES = 256;

export class Boxes implements Watcher {
  readonly #book: BookBase;
  readonly #kernel: WatchExports;
  readonly #lines: Lines;
  /** Rows that have moved: markets, then assets behind them. */
  readonly #moved: number[] = [];
  readonly #touched: number[] = [];
  /** Anything may have changed: rescan. */
  #all = true;
  #known = 0;
  #rescans = 0;
  /** Units of all of them. */
  #scanned = 0;
  /** Questions to the book before the first move since the last poll: one that came after it has written results of other prices. */
  #scans = 0;

  /** Units of models are looked at in every so many polls. */
  readonly #every: number;
  #polls = 0;

  constructor(book: BookBase, kernel: WatchExports, lines: Lines, every: number) {
    this.#book = book;
    this.#kernel = kernel;
    this.#lines = lines;
    this.#every = every;
    // Of a watch that was closed only the paces are of use.
    book.store.columns.watch.term.fill(0, WATCH.pops, WATCH.waiting);
  }

  unit(unit: number): void {
    this.#touched.push(unit);
  }
  moved(section: 'asset' | 'market', row: number): void {
    if (this.#moved.length === 0) this.#scans = this.#book.scans;
    this.#moved.push(section === 'market' ? row : this.#book.markets + row);
  }
  all(): void {
    this.#all = true;
  }

  zone(unit: number): number {
    return unit < this.#known ? (this.#book.store.columns.watched.state[unit] as number) & STATE.zone : 0;
  }

  get deferred(): number {
    return this.#every > 1 ? (this.#book.store.columns.watch.term[WATCH.deferred] as number) : 0;
  }

  get statistics(): Statistics {
    const { term } = this.#book.store.columns.watch;
    return {
      pops: term[WATCH.pops] as number,
      margined: (term[WATCH.margined] as number) + this.#scanned,
      rescans: this.#rescans,
      waiting: term[WATCH.waiting] as number,
    };
  }

  get bytes(): number {
    return this.#book.store.bytesOf([
      'watch',
      'coordinate',
      'page',
      'end',
      'slot',
      'watched',
      'queue',
      'waiting',
      'deferred',
      'bound',
    ]);
  }

  poll(found: Found): void {
    const book = this.#book;
    const { units } = book;
    if (!this.#all && units > this.#known) this.#admit(units);
    if (this.#every > 1 && !this.#all && this.#moved.length > 0)
      this.#kernel.defer(book.store.header, ++this.#polls % this.#every === 0 ? 0 : 1);
    // A rescan that is refused (memory) is still to be done.
    if (!this.#all && !this.#follow()) this.#all = true;
    if (this.#all) this.#rescan();
    this.#moved.length = 0;
    this.#touched.length = 0;
    const changes = this.#kernel.changes();
    if (changes === 0) return;
    const { queue, watched } = book.store.columns;
    for (let i = 0; i < changes; i++) {
      const unit = queue.unit[i] as number;
      const state = watched.state[unit] as number;
      found(unit, (state & STATE.before) >>> 2, state & STATE.zone);
    }
    this.#kernel.acknowledge();
  }

  settle(): void {
    if (this.#all) return;
    this.#call(() => this.#kernel.settle(this.#book.store.header));
  }

  /** Units that were added are queued; where there are too many for the sections, all is laid out anew. */
  #admit(units: number): void {
    const { store } = this.#book;
    const known = store.count('watched');
    if (units > store.room('watched')) {
      this.#all = true;
      return;
    }
    for (const section of ['watched', 'queue', 'waiting'] as const) store.setCount(section, units);
    if (this.#every > 1) store.setCount('deferred', units);
    for (let u = known; u < units; u++) this.#kernel.touch(store.header, u);
    this.#known = units;
  }

  /** Margins who may have crossed a line. @returns false where a rescan is needed */
  #follow(): boolean {
    const book = this.#book;
    const { header } = book.store;
    const rows = this.#moved;
    const fresh = rows.length === 0 || book.scans === this.#scans ? 1 : 0;
    if (book.hasScenarios && rows.length > 0) book.refresh();
    else book.refreshFeatures();
    book.store.columns.watch.term[WATCH.most] = this.#most(rows.length > 1 ? 'many' : 'one');
    if (rows.length === 1 && this.#touched.length === 0) {
      const code = this.#kernel.step(header, rows[0] as number, REST, fresh);
      if (code === WATCHED.done) return true;
      if (code === WATCHED.gap) return false;
      this.#makeRoom(code);
    } else {
      for (const unit of this.#touched) this.#kernel.touch(header, unit);
      let fits = true;
      for (const row of rows) if (this.#kernel.tick(header, row) !== WATCHED.done) fits = false;
      if (!fits) return false;
    }
    this.#call(() => this.#kernel.run(header, REST, fresh));
    return true;
  }

  /** Calls the kernel until there is room for all it does. */
  #call(call: () => number): void {
    for (let code = call(); code !== WATCHED.done; code = call()) this.#makeRoom(code);
  }

  #makeRoom(code: number): void {
    const { store } = this.#book;
    if (code === WATCHED.slots) this.#grow('slot', store.count('slot') / 8 + SPARE_SLOTS);
    else if (code === WATCHED.ends) this.#grow('end', store.count('end') / 8 + SPARE_PAGES * WATCH_PAGE);
    else this.#grow('bound', store.count('bound'));
  }

  #grow(section: 'slot' | 'end' | 'bound', more: number): void {
    const { store } = this.#book;
    const rows = store.count(section) + Math.ceil(more / WATCH_PAGE) * WATCH_PAGE;
    store.reserve(section, rows);
    store.setCount(section, rows);
  }

  #rescan(): void {
    const book = this.#book;
    const { store } = book;
    book.refresh();
    this.#layOut();
    store.engine.scan(store, 0, book.units, true);
    this.#kernel.reset(store.header, this.#known);
    this.#known = book.units;
    this.#all = false;
    this.#rescans++;
    this.#scanned += book.units;
  }

  /** Makes the sections as large as the book is now, and takes in what depends on parameters alone. */
  #layOut(): void {
    const book = this.#book;
    const { store } = book;
    const { units } = book;
    const coordinates = (book.markets + book.assets) * COORDINATES;
    if (store.count('coordinate') !== coordinates) {
      this.#set('coordinate', coordinates);
      const { pace } = store.columns.coordinate;
      for (let i = 0; i < coordinates; i += COORDINATES) pace[i] = i < book.markets * COORDINATES ? PACE : DORMANT;
    }
    const room = Math.ceil(units * 1.125) + 64;
    const lists = ['watched', 'queue', 'waiting', ...(this.#every > 1 ? (['deferred'] as const) : [])] as const;
    for (const section of lists) {
      if (units > store.room(section)) store.reserve(section, room);
      store.setCount(section, units);
    }
    const pages = Math.ceil((store.room('watched') + 4) / WATCH_PAGE);
    const { coordinate } = store.columns;
    let heaps = 0;
    for (let c = 0; c < coordinates; c++) {
      const active = (coordinate.pace[c] as number) > 0;
      coordinate.table[c] = active ? heaps * pages : NONE;
      if (active) heaps += 2;
    }
    if (store.count('page') < heaps * pages) this.#set('page', heaps * pages);
    const slots = store.count('position') + (this.#alike() ? 0 : store.count('balance')) + SPARE_SLOTS;
    if (store.count('slot') < slots) this.#grow('slot', slots - store.count('slot'));
    const ends = slots * 1.0625 + Math.min(slots, (heaps * WATCH_PAGE) / 2);
    if (store.count('end') < ends) this.#grow('end', ends - store.count('end'));
    if (store.count('bound') === 0) this.#grow('bound', BOUNDS);
    this.#setTerms(pages);
  }

  #set(section: 'coordinate' | 'page', rows: number): void {
    const { store } = this.#book;
    store.setCount(section, 0);
    store.reserve(section, rows);
    store.setCount(section, rows);
  }

  #setTerms(pages: number): void {
    const book = this.#book;
    const { store } = book;
    if (store.count('watch') === 0) store.setCount('watch', 1);
    const { term } = store.columns.watch;
    const { warning, initial, backstop, orEqual } = this.#lines;
    term[WATCH.warning] = warning;
    term[WATCH.initial] = initial ? 1 : 0;
    term[WATCH.backstop] = backstop;
    term[WATCH.orEqual] = orEqual ? 1 : 0;
    term[WATCH.pages] = pages;
    if (term[WATCH.pace] === 0) term[WATCH.pace] = PACE;
    term[WATCH.alike] = this.#alike() ? 1 : 0;
    term[WATCH.rate] = this.#largestRate();
  }

  /** Units that one tick may queue. */
  #most(rows: 'one' | 'many'): number {
    const full = ((this.#book.store.columns.house.features[0] as number) & FEATURE.full) !== 0;
    return Math.max(FEW[rows], this.#book.units * GAP[full ? 'full' : 'plain'][rows]);
  }

  #largestRate(): number {
    const { store } = this.#book;
    const { rate } = store.columns.line;
    let largest = 0;
    for (let line = 0; line < store.count('line'); line++) largest = Math.max(largest, rate[line * 3 + 1] as number);
    return largest;
  }

  /** Whether health of a unit with one balance is a share of what it is, at any price of the balance's asset. */
  #alike(): boolean {
    const { store, markets } = this.#book;
    const { market, house } = store.columns;
    if (((house.features[0] as number) & FEATURE.full) !== 0) return false;
    for (let m = 0; m < markets; m++) {
      const unit = ((market.unit[m] as number) >>> 2) & 3;
      const basis = ((market.basis[m] as number) >>> 2) & 3;
      if (unit === UNIT.numeraire && basis !== BASIS.contracts && (market.lineCount[m] as number) > 1) return false;
      if (unit === UNIT.quote && market.kind[m] === KIND.inverse && market.quote[m] !== NONE) return false;
    }
    return true;
  }
}
