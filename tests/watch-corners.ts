// Boxes of a watch, read from memory and put to the test: at every corner, and wherever health is least inside them, a unit must
// stand in the zone that its box was made for.
import { Book, margin } from '../bindings/index.js';
import {
  ASSET_COORDINATE,
  COORDINATE,
  COORDINATES,
  FEATURE,
  KIND,
  NONE,
  STATE,
  WATCH,
  WATCH_PAGE,
} from '../bindings/layout.js';
import type { BookJSON } from '../bindings/public.js';
import { type Lines, linesOf, type WatchLevels, ZONE, zoneOf } from '../bindings/watch/lines.js';
import { Watch } from '../bindings/watch/watch.js';
import type { Random } from './random-book.js';

/** Entries of a heap begin at this place of its first page. */
export const FIRST = 3;

export const MARKET_COLUMNS = ['mark', 'twap', 'stable', 'index', 'fundingIndex'] as const;
export const ASSET_COLUMNS = ['price', 'twap', 'stable', 'depositIndex', 'borrowIndex'] as const;

export const coordinatesOf = (book: Book): number => (book.markets + book.assets) * COORDINATES;

export function priceAt(book: Book, c: number): number {
  const { market, asset } = book.store.columns;
  const row = Math.floor(c / COORDINATES);
  const kind = c % COORDINATES;
  if (row < book.markets) return market[MARKET_COLUMNS[kind] as 'mark'][row] as number;
  return asset[ASSET_COLUMNS[kind] as 'price'][row - book.markets] as number;
}

export function setValue(book: Book, c: number, value: number): void {
  const { market, asset } = book.store.columns;
  const row = Math.floor(c / COORDINATES);
  const kind = c % COORDINATES;
  if (row < book.markets) market[MARKET_COLUMNS[kind] as 'mark'][row] = value;
  else asset[ASSET_COLUMNS[kind] as 'price'][row - book.markets] = value;
}

export const isActive = (book: Book, c: number): boolean => book.store.columns.coordinate.table[c] !== NONE;

/** Entry `i` of a heap: its key, its slot, and where they stand. */
export function entryOf(book: Book, c: number, above: number, i: number): { key: number; slot: number } {
  const { coordinate, page, end, watch } = book.store.columns;
  const table = (coordinate.table[c] as number) + above * (watch.term[WATCH.pages] as number);
  const place = i + FIRST;
  const number = (page.number[table + Math.floor(place / WATCH_PAGE)] as number) - 1;
  const at = end.entry.byteOffset + (number * WATCH_PAGE + (place % WATCH_PAGE)) * 8;
  const view = new DataView(end.entry.buffer);
  return { key: view.getFloat32(at, true), slot: view.getUint32(at + 4, true) };
}

/** Where a coordinate may go without the unit being looked at: both ends belong to the box. */
export interface Side {
  c: number;
  low: number;
  high: number;
}

const bits = new DataView(new ArrayBuffer(8));
/** The next double up or down. */
export function next(x: number, up: boolean): number {
  if (x === 0) return up ? Number.MIN_VALUE : -Number.MIN_VALUE;
  bits.setFloat64(0, x);
  bits.setBigInt64(0, bits.getBigInt64(0) + (up === x > 0 ? 1n : -1n));
  return bits.getFloat64(0);
}

/** Last value that does not cross a key. */
function lastInside(base: number, key: number, above: boolean): number {
  const crosses = (x: number): boolean => (above ? x - base : base - x) > key;
  let x = above ? base + key : base - key;
  for (let i = 0; i < 8 && crosses(x); i++) x = next(x, !above);
  for (let i = 0; i < 8 && !crosses(next(x, above)); i++) x = next(x, above);
  return x;
}

/** The box of a unit; coordinates that it has no slot of are not in it. `boxed`: false where it is margined on every tick. */
export function boxOf(book: Book, unit: number): { boxed: boolean; sides: Side[] } {
  const { watched, slot, coordinate } = book.store.columns;
  const first = watched.first[unit] as number;
  const sides: Side[] = [];
  let boxed = ((watched.state[unit] as number) & STATE.boxed) !== 0;
  if (!boxed) return { boxed, sides };
  for (let s = first; s < first + (watched.count[unit] as number); s++) {
    const c = slot.coordinate[s] as number;
    const base = coordinate.base[c] as number;
    const x = priceAt(book, c);
    const ends = [0, 1].map((above) => {
      const at = slot.at[2 * s + above] as number;
      return at === 0 ? Number.NaN : entryOf(book, c, above, at - 1).key;
    }) as [number, number];
    if (ends[0] === Number.NEGATIVE_INFINITY) {
      boxed = false;
      sides.push({ c, low: x, high: x });
      continue;
    }
    const far = farOf(book, c);
    sides.push({
      c,
      low: Number.isNaN(ends[0]) ? far.low : Math.max(far.low, lastInside(base, ends[0], false)),
      high: Number.isNaN(ends[1]) ? far.high : Math.min(far.high, lastInside(base, ends[1], true)),
    });
  }
  return { boxed, sides };
}

/** How far a coordinate can go at all: prices stay positive, those of predictions inside (0, 1); 0 is a gap of its own. */
export function farOf(book: Book, c: number): Side {
  const x = priceAt(book, c);
  const row = Math.floor(c / COORDINATES);
  const kind = c % COORDINATES;
  const { market } = book.store.columns;
  if (row < book.markets && kind === COORDINATE.funding) {
    const size = 100 * (market.mark[row] as number) + 10 * Math.abs(x);
    return { c, low: x - size, high: x + size };
  }
  if (x === 0) return { c, low: 0, high: 0 };
  if (row < book.markets && market.kind[row] === KIND.prediction) return { c, low: x * 1e-3, high: 1 - (1 - x) * 1e-3 };
  return { c, low: x * 1e-3, high: x * 1e3 };
}

/** Distances to the lines around a zone: where one is negative the unit has left it. */
function distance(book: Book, u: number, zone: number, lines: Lines): number {
  const { unit, house } = book.store.columns;
  const full = ((house.features[0] as number) & FEATURE.full) !== 0;
  const collateral = (full ? unit.collateral : unit.equity)[u] as number;
  const requirement = unit.maintenanceMargin[u] as number;
  const initial = (full ? unit.initialCollateral : unit.equity)[u] as number;
  const warned = lines.initial
    ? initial - (unit.initialMargin[u] as number)
    : lines.warning > 0
      ? collateral - lines.warning * requirement
      : Number.POSITIVE_INFINITY;
  const below = lines.backstop > 0 ? collateral - lines.backstop * requirement : Number.POSITIVE_INFINITY;
  if (zone === ZONE.healthy) return Math.min(warned, collateral - requirement);
  if (zone === ZONE.warning) return Math.min(-warned, collateral - requirement);
  return zone === ZONE.backstop ? -below : Math.min(requirement - collateral, below);
}

export const linesFor = (book: Book, levels: WatchLevels): Lines =>
  linesOf(levels, book.store.columns.house.rule[0] === 1);

/** Brings units near a line of theirs, by deposits: collateral is the line times the requirement, times nearly 1. */
export function nearLines(r: Random, book: Book, levels: WatchLevels): void {
  const lines = linesFor(book, levels);
  const priced = Array.from({ length: book.assets }, (_, a) => a).filter(
    (a) => (book.store.columns.asset.price[a] as number) > 0,
  );
  if (priced.length === 0) return;
  for (let u = 0; u < book.units; u++) {
    if (r.chance(0.1)) continue;
    const aims = [1, lines.backstop, lines.initial ? -1 : lines.warning].filter((x) => x !== 0);
    const aim = r.pick(aims);
    const near = 1 + (r.chance(0.5) ? 1 : -1) * 10 ** -r.between(0.3, 5);
    const account = book.unitAccount(u);
    const bucket = book.unitBucket(u);
    const { balance, unit } = book.store.columns;
    const own = unit.balanceStart[u] as number;
    const held = r.chance(0.7)
      ? balance.asset[own + r.int(0, Math.max(0, (unit.balanceCount[u] as number) - 1))]
      : undefined;
    const a = held !== undefined && priced.includes(held) ? held : r.pick(priced);
    for (let i = 0; i < 4; i++) {
      margin(book);
      const c = book.store.columns;
      const full = ((c.house.features[0] as number) & FEATURE.full) !== 0;
      const collateral = (
        aim < 0 ? (full ? c.unit.initialCollateral : c.unit.equity) : full ? c.unit.collateral : c.unit.equity
      )[u] as number;
      const requirement = (aim < 0 ? c.unit.initialMargin : c.unit.maintenanceMargin)[u] as number;
      const missing = Math.abs(aim) * requirement * near - collateral;
      if (Math.abs(missing) < 1e-7 * requirement) break;
      try {
        book.deposit(account, a, missing / (c.asset.price[a] as number), { bucket });
      } catch {
        break;
      }
    }
  }
}

/** A watch whose coordinates move at random paces, some never; all units have their boxes. */
export function watchOf(r: Random, json: BookJSON, levels: WatchLevels): { book: Book; watch: Watch } {
  const book = Book.fromJSON(json);
  const watch = new Watch(book, { levels });
  const { coordinate, watch: state } = book.store.columns;
  const still = r.pick([0, 0.5, 0.9]);
  for (let c = 0; c < coordinatesOf(book); c++) {
    if (c % COORDINATES !== 0 && r.chance(still)) continue;
    const [row, kind] = [Math.floor(c / COORDINATES), c % COORDINATES];
    const scale =
      row < book.markets && kind === COORDINATE.funding ? (book.store.columns.market.mark[row] as number) : 1;
    coordinate.pace[c] = scale * 10 ** -r.between(1, 8);
  }
  state.term[WATCH.pace] = 10 ** -r.between(2, 6);
  book.touch();
  do watch.poll();
  while (watch.statistics.waiting > 0);
  return { book, watch };
}

export interface Found {
  unit: number;
  zone: number;
  got: number;
  point: Record<number, [number, number]>;
}

/** Looks for a point inside a unit's box where it stands in another zone: corners, random points, and downhill along health. */
export class Prober {
  readonly #twin: Book;
  readonly #lines: Lines;
  points = 0;
  constructor(
    readonly r: Random,
    readonly book: Book,
    json: BookJSON,
    levels: WatchLevels,
  ) {
    this.#twin = Book.fromJSON(json);
    for (let c = 0; c < coordinatesOf(book); c++) setValue(this.#twin, c, priceAt(book, c));
    this.#twin.touch();
    margin(this.#twin);
    this.#lines = linesFor(book, levels);
  }

  /** Sides of all coordinates that can move: those of the box, and freely all that the box does not name. */
  #sides(unit: number): Side[] {
    const { book } = this;
    const { sides } = boxOf(book, unit);
    const named = new Set(sides.map(({ c }) => c));
    for (let c = 0; c < coordinatesOf(book); c++) {
      if (named.has(c) || !isActive(book, c)) continue;
      sides.push(farOf(book, c));
    }
    return sides.filter(({ low, high }) => low < high);
  }

  #margin(unit: number): void {
    const { store } = this.#twin;
    if (this.#twin.hasScenarios) {
      this.#twin.touch();
      margin(this.#twin);
      return;
    }
    store.engine.values(store);
    store.engine.scan(store, unit, unit + 1, false);
  }

  /** Moves a coordinate; guard prices that are asleep and equal to it follow. */
  #set(c: number, value: number): void {
    const { book } = this;
    setValue(this.#twin, c, value);
    if (c % COORDINATES !== 0) return;
    const guards =
      c / COORDINATES < book.markets
        ? [COORDINATE.twap, COORDINATE.stable, COORDINATE.index]
        : [ASSET_COORDINATE.twap, ASSET_COORDINATE.stable];
    for (const kind of guards) {
      if (!isActive(book, c + kind) && priceAt(book, c + kind) === priceAt(book, c))
        setValue(this.#twin, c + kind, value);
    }
  }

  probe(unit: number, effort: number): Found | undefined {
    const { r, book } = this;
    const zone = (book.store.columns.watched.state[unit] as number) & STATE.zone;
    const sides = this.#sides(unit);
    const now = new Map(sides.map(({ c }) => [c, priceAt(book, c)]));
    const at = new Map(now);
    let found: Found | undefined;
    const measure = (): number => {
      this.points++;
      this.#margin(unit);
      const { columns } = this.#twin.store;
      const full = ((columns.house.features[0] as number) & FEATURE.full) !== 0;
      const got = zoneOf(columns, unit, full, this.#lines);
      if (got !== zone && !found) {
        const point: Record<number, [number, number]> = {};
        for (const [c, x] of at) if (x !== now.get(c)) point[c] = [now.get(c) as number, x];
        found = { unit, zone, got, point };
      }
      return distance(this.#twin, unit, zone, this.#lines);
    };
    const move = (c: number, x: number): void => {
      at.set(c, x);
      this.#set(c, x);
    };
    const inside = (x: number, { low, high }: Side): number => Math.min(high, Math.max(low, x));
    const candidates = (side: Side): number[] => {
      const x = now.get(side.c) as number;
      return [side.low, side.high, x, inside(x * 2, side), inside(x / 2, side), r.between(side.low, side.high)];
    };
    const reset = (): void => {
      for (const { c } of sides) move(c, now.get(c) as number);
    };
    reset();
    measure();
    for (let start = 0; start < effort && !found; start++) {
      // From where it stands first, then from random corners.
      if (start > 0) for (const side of sides) move(side.c, r.pick(candidates(side)));
      let least = measure();
      for (let pass = 0; pass < 2 && !found; pass++) {
        for (const side of sides) {
          let best = at.get(side.c) as number;
          for (const x of candidates(side)) {
            if (x === best) continue;
            move(side.c, x);
            const d = measure();
            if (d < least) {
              least = d;
              best = x;
            }
          }
          move(side.c, best);
        }
      }
    }
    reset();
    return found;
  }
}

/** A point in words: what has moved, from where to where. */
export function describeFound(book: Book, { unit, zone, got, point }: Found): string {
  const name = (c: number): string => {
    const row = Math.floor(c / COORDINATES);
    const kind = c % COORDINATES;
    return row < book.markets
      ? `${book.marketId(row)}.${MARKET_COLUMNS[kind]}`
      : `${book.assetId(row - book.markets)}.${ASSET_COLUMNS[kind]}`;
  };
  const moves = Object.entries(point).map(([c, [from, to]]) => `${name(Number(c))} ${from} -> ${to}`);
  return `unit ${unit}, zone ${zone} -> ${got}: ${moves.join(', ')}`;
}
