// What-ifs on an account that is opened once: its sums stay, and a trade adds its size times its market's risk array to those of
// its group, so that a question costs as much as there are scenarios, not positions times scenarios.
// assembly/scenario/what-if.ts gives the same bits.
import { NONE } from '../../layout.js';
import type { Store } from '../../memory.js';
import { Trial } from '../liquidation/trial.js';
import { FILLED, Fold } from './fold.js';
import { Evaluation, writeLevels } from './requirement.js';

export class OpenAccount {
  readonly #trial: Trial;
  readonly #fold: Fold;
  readonly #root: number;

  /** Copies unit `u` behind the rows of the book and sums it. Orders count as they would alone: not at all. */
  constructor(store: Store, u: number) {
    this.#trial = new Trial(store, u);
    const k = store.columns.unit.model[u]! - 1;
    this.#fold = new Fold(store, this.#trial.unit, k);
    this.#root = store.columns.model.node[k]!;
    this.#fold.run(FILLED.none);
  }

  /** Requirement with the positions as they stand, into house.required. */
  write(): void {
    writeLevels(this.#fold.columns, this.#fold.k, new Evaluation(this.#fold).of(this.#root, NONE));
  }

  /** Requirement with `size` contracts more of a market, which are not kept. */
  try(market: number, size: number): void {
    const rows = this.#trial.positions;
    const p = this.#row(market);
    const { position } = this.#fold.columns;
    const had = position.size[p]!;
    const found = this.#fold.slotOf(market);
    const slot = found === NONE ? this.#fold.insert(market) : found;
    const kept = this.#fold.saved(slot);
    position.size[p] = had + size + 0;
    this.#fold.addTo(slot, market, size);
    this.write();
    this.#fold.restore(slot, kept);
    position.size[p] = had;
    if (found === NONE) this.#fold.remove(slot);
    if (this.#trial.positions > rows) this.#trial.dropPosition(this.#settle(market), p);
  }

  /** Keeps `size` contracts more of a market. */
  add(market: number, size: number): void {
    const p = this.#row(market);
    const { position } = this.#fold.columns;
    position.size[p] = position.size[p]! + size + 0;
    const slot = this.#fold.slotOf(market);
    this.#fold.addTo(slot === NONE ? this.#fold.insert(market) : slot, market, size);
  }

  close(): void {
    this.#fold.close();
  }

  #row(market: number): number {
    return this.#trial.positionOf(this.#settle(market), market * 4);
  }

  #settle(market: number): number {
    return this.#fold.columns.market.settle[market]!;
  }
}
