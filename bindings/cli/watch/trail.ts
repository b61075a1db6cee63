// What a page draws of a watch, in bounded memory: the prices of each market over the events, thinned as they grow, and who became
// liquidatable when and by what.
import type { Cause } from './notice.js';

/** Prices of one market that are kept: every second one is dropped when there are more. */
const MOST_POINTS = 2048;
/** Liquidations are gathered over so many events at first, and over twice as many whenever there are more bins than this. */
const MOST_BINS = 512;

export interface Point {
  sequence: number;
  price: number;
}

/** Units that became liquidatable by events from a sequence on, `width` of them. */
export interface Fall {
  from: number;
  to: number;
  units: number;
}

/** Prices of a market, evenly thinned. */
class Path {
  points: Point[] = [];
  #stride = 1;
  #ticks = 0;
  #last: Point | undefined;

  add(sequence: number, price: number): void {
    this.#last = { sequence, price };
    if (this.#ticks++ % this.#stride !== 0) return;
    this.points.push(this.#last);
    if (this.points.length < MOST_POINTS) return;
    this.points = this.points.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** With the latest price, whether it was kept or not. */
  all(): readonly Point[] {
    const last = this.#last;
    return last && this.points[this.points.length - 1] !== last ? [...this.points, last] : this.points;
  }
}

export class Trail {
  readonly #paths = new Map<string, Path>();
  readonly #by = new Map<string, number>();
  #bins: number[] = [];
  #width = 1;
  #first: number | undefined;

  add(sequence: number, { kind, of, value }: Cause, fallen: number): void {
    this.#first ??= sequence;
    const priced = of !== null && value !== null && (kind === 'mark' || kind === 'price');
    if (priced) {
      const path = this.#paths.get(of) ?? new Path();
      this.#paths.set(of, path);
      path.add(sequence, value);
    }
    if (fallen === 0) return;
    if (priced) this.#by.set(of, (this.#by.get(of) ?? 0) + fallen);
    let bin = Math.floor((sequence - this.#first) / this.#width);
    while (bin >= MOST_BINS) {
      this.#halve();
      bin = Math.floor((sequence - this.#first) / this.#width);
    }
    this.#bins[bin] = (this.#bins[bin] ?? 0) + fallen;
  }

  /** Market or asset by whose price most units became liquidatable, the first of equals; null: none did. */
  get most(): { of: string; units: number; path: readonly Point[] } | null {
    let [of, units] = ['', 0];
    for (const [each, fallen] of this.#by) if (fallen > units) [of, units] = [each, fallen];
    return units === 0 ? null : { of, units, path: this.#paths.get(of)?.all() ?? [] };
  }

  /** By what units became liquidatable, the most first. */
  get causes(): readonly (readonly [of: string, units: number])[] {
    return [...this.#by].sort((a, b) => b[1] - a[1]);
  }

  /** Who became liquidatable when, in about so many steps of the whole. */
  falls(last: number, parts: number): Fall[] {
    const first = this.#first ?? 1;
    const width = Math.max(this.#width, Math.ceil((last - first + 1) / parts / this.#width) * this.#width);
    const falls: Fall[] = [];
    this.#bins.forEach((units, bin) => {
      const from = first + Math.floor((bin * this.#width) / width) * width;
      const before = falls[falls.length - 1];
      if (before?.from === from) before.units += units;
      else falls.push({ from, to: from + width, units });
    });
    return falls;
  }

  #halve(): void {
    const bins: number[] = [];
    this.#bins.forEach((units, bin) => {
      bins[bin >> 1] = (bins[bin >> 1] ?? 0) + units;
    });
    this.#bins = bins;
    this.#width *= 2;
  }
}
