// A watch by rescans: margins the whole book after every change. The definition of what a watch reports, and the watch of engines
// without boxes.
import type { BookBase } from '../book/book.js';
import { FEATURE } from '../layout.js';
import { margin } from '../margin.js';
import { type Lines, zoneOf } from './lines.js';
import { type Found, type Statistics, statistics, type Watcher } from './watcher.js';

export class Rescans implements Watcher {
  readonly #book: BookBase;
  readonly #lines: Lines;
  #zones: Uint8Array;
  #old = true;
  readonly statistics: Statistics = statistics();

  constructor(book: BookBase, lines: Lines) {
    this.#book = book;
    this.#lines = lines;
    this.#zones = new Uint8Array(book.units);
  }

  unit(): void {
    this.#old = true;
  }
  moved(): void {
    this.#old = true;
  }
  all(): void {
    this.#old = true;
  }

  readonly deferred = 0;

  zone(unit: number): number {
    return this.#zones[unit] ?? 0;
  }

  get bytes(): number {
    return this.#zones.byteLength;
  }

  settle(): void {}

  poll(found: Found): void {
    const book = this.#book;
    const { units } = book;
    if (!this.#old && units === this.#zones.length) return;
    this.#old = false;
    if (units !== this.#zones.length) {
      const more = new Uint8Array(units);
      more.set(this.#zones.subarray(0, units));
      this.#zones = more;
    }
    margin(book);
    const { columns } = book.store;
    const full = ((columns.house.features[0] ?? 0) & FEATURE.full) !== 0;
    for (let u = 0; u < units; u++) {
      const zone = zoneOf(columns, u, full, this.#lines);
      const had = this.#zones[u] as number;
      if (zone === had) continue;
      this.#zones[u] = zone;
      found(u, had, zone);
    }
    this.statistics.margined += units;
    this.statistics.rescans++;
  }
}
