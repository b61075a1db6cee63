// What a tick came to: margin units by the line that they have crossed.
import { ZONE } from './lines.js';

/**
 * Margin units that have crossed a line since the call before, rising. **Borrowed: the next call overwrites them**; `slice()` owns.
 * A unit that fell through several lines at once is in `liquidatable`, and in `backstop` if it fell that far, not in `warning`.
 */
export interface Crossings {
  /** Below its maintenance margin now, and not before. */
  readonly liquidatable: Uint32Array;
  /** Below the backstop line now, and not before. */
  readonly backstop: Uint32Array;
  /** Above its maintenance margin, below the warning line now, and above that before. */
  readonly warning: Uint32Array;
  /** Liquidatable before, and not now. */
  readonly recovered: Uint32Array;
  /** Below the warning line (or liquidatable) before, above it now. */
  readonly cleared: Uint32Array;
  /** Units with a scenario model whose margin was put off: they may have crossed a line. 0 unless `scenariosEvery` asks for it. */
  readonly deferred: number;
}

const NAMES = ['liquidatable', 'backstop', 'warning', 'recovered', 'cleared'] as const;
type Name = (typeof NAMES)[number];

const EMPTY = /* @__PURE__ */ new Uint32Array(0);
/** What most ticks come to. */
const NOTHING: Crossings = /* @__PURE__ */ Object.freeze({
  liquidatable: EMPTY,
  backstop: EMPTY,
  warning: EMPTY,
  recovered: EMPTY,
  cleared: EMPTY,
  deferred: 0,
});

/** A list that keeps its memory. */
class List {
  #units: Uint32Array = new Uint32Array(16);
  #length = 0;
  clear(): void {
    this.#length = 0;
  }
  push(unit: number): void {
    if (this.#length === this.#units.length) {
      const more = new Uint32Array(2 * this.#length);
      more.set(this.#units);
      this.#units = more;
    }
    this.#units[this.#length++] = unit;
  }
  sorted(): Uint32Array {
    const units = this.#units.subarray(0, this.#length);
    // After a rescan they are.
    for (let i = 1; i < units.length; i++) if ((units[i - 1] as number) > (units[i] as number)) return units.sort();
    return units;
  }
}

/** Sorts changes of zones into lists that are used again for every tick. */
export class Ledger {
  readonly #lists: Record<Name, List> = {
    liquidatable: new List(),
    backstop: new List(),
    warning: new List(),
    recovered: new List(),
    cleared: new List(),
  };
  #changes = 0;

  clear(): void {
    if (this.#changes === 0) return;
    this.#changes = 0;
    for (const name of NAMES) this.#lists[name].clear();
  }

  /** Takes in that a unit has gone from one zone to another. */
  add(unit: number, from: number, to: number): void {
    const lists = this.#lists;
    this.#changes++;
    if (from < ZONE.liquidatable && to >= ZONE.liquidatable) lists.liquidatable.push(unit);
    if (from < ZONE.backstop && to === ZONE.backstop) lists.backstop.push(unit);
    if (from === ZONE.healthy && to === ZONE.warning) lists.warning.push(unit);
    if (from >= ZONE.liquidatable && to < ZONE.liquidatable) lists.recovered.push(unit);
    if (from !== ZONE.healthy && to === ZONE.healthy) lists.cleared.push(unit);
  }

  result(deferred: number): Crossings {
    if (this.#changes === 0) return deferred === 0 ? NOTHING : { ...NOTHING, deferred };
    const sorted = NAMES.map((name) => [name, this.#lists[name].sorted()]);
    return { ...Object.fromEntries(sorted), deferred } as unknown as Crossings;
  }
}
