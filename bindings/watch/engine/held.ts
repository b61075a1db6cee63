// Units that have crossed a line at a price at which liquidation is not allowed. They are held until it is, or until they recover: a
// bad tick of an oracle liquidates nobody.
import type { BookBase } from '../../book/book.js';
import { KIND, NONE } from '../../layout.js';
import type { Crossings } from '../crossings.js';
import type { Allowances } from './allow.js';

/** What guards allow at the prices of a book. */
export interface Guarded {
  readonly assets: Allowances;
  readonly markets: Allowances;
}

/** Whether liquidation is forbidden at a price that a unit's health depends on. */
export function isForbidden(book: BookBase, u: number, { assets, markets }: Guarded): boolean {
  const { unit, balance, position, market, asset } = book.store.columns;
  // A model values options at the spot, charges by it, and moves what hedges along with it.
  const modelled = unit.model[u] !== 0;
  const forbids = (row: number | undefined): boolean => row !== undefined && row !== NONE && assets.forbids(row);
  let p = unit.positionStart[u] ?? 0;
  const first = unit.balanceStart[u] ?? 0;
  for (let b = first; b < first + (unit.balanceCount[u] ?? 0); b++) {
    let held = balance.amount[b] !== 0;
    for (const end = p + (balance.positions[b] ?? 0); p < end; p++) {
      const open = position.size[p] !== 0 || position.order[p] !== 0;
      // What a row without size is owed is paid in the settle asset all the same.
      held ||= open || position.cost[p] !== 0;
      if (!open) continue;
      const m = (position.key[p] ?? 0) >>> 2;
      if (markets.forbids(m)) return true;
      if (market.kind[m] === KIND.spot && forbids(market.quote[m])) return true;
      if (modelled && forbids(market.base[m])) return true;
    }
    const a = balance.asset[b] ?? 0;
    if (held && (forbids(a) || (modelled && forbids(asset.hedges[a])))) return true;
  }
  return false;
}

/** Crossings with held units set apart; unit rows, in no order. */
export interface Parted {
  liquidatable: number[];
  backstop: number[];
  recovered: number[];
  held: number[];
  released: number[];
}

export class Held {
  readonly #units = new Set<number>();

  /** Whether the crossings are all there is to say: nobody is held, and nobody may come to be. */
  isIdle({ assets, markets }: Guarded): boolean {
    return this.#units.size === 0 && !assets.forbidding && !markets.forbidding;
  }

  get size(): number {
    return this.#units.size;
  }
  has(unit: number): boolean {
    return this.#units.has(unit);
  }
  add(unit: number): void {
    this.#units.add(unit);
  }
  units(): number[] {
    return [...this.#units];
  }

  /**
   * Takes in what an event came to: of the lists of the watch, these three are other ones while units are held.
   * @param again - units that may be free by now, if they were held
   * @param isBackstop - whether a unit stands below the backstop line
   */
  part(
    crossings: Crossings,
    isForbidden: (unit: number) => boolean,
    isBackstop: (unit: number) => boolean,
    again: readonly number[],
  ): Parted {
    const out: Parted = { liquidatable: [], backstop: [], recovered: [], held: [], released: [] };
    for (const u of crossings.recovered) (this.#units.delete(u) ? out.released : out.recovered).push(u);
    for (const u of again) {
      if (!this.#units.has(u) || isForbidden(u)) continue;
      this.#units.delete(u);
      out.liquidatable.push(u);
      if (isBackstop(u)) out.backstop.push(u);
    }
    const freed = new Set(out.liquidatable);
    for (const [list, into] of [
      [crossings.liquidatable, out.liquidatable],
      [crossings.backstop, out.backstop],
    ] as const) {
      for (const u of list) {
        if (this.#units.has(u) || freed.has(u)) continue;
        if (!isForbidden(u)) into.push(u);
        else {
          this.#units.add(u);
          out.held.push(u);
        }
      }
    }
    return out;
  }
}
