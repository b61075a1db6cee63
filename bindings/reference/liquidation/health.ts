// Health of a unit at a point of a ray, by the margin fold itself: what margin() would say if the market stood there.
import type { Store } from '../../memory.js';
import { marginUnit, unitTerms } from '../account.js';
import type { PriceRay } from './move.js';

/** What can be asked of a point of a ray. */
export class RayHealth {
  readonly ray: PriceRay;
  /** Of the last point: collateral and requirement at the level, and whether the unit is liquidatable (below its requirement). */
  collateral = 0;
  requirement = 0;
  ill = false;
  /** Points margined since the ray was opened. */
  evaluations = 0;
  readonly #store: Store;
  readonly #unit: number;
  readonly #lane: number;
  readonly #orEqual: boolean;
  readonly #terms = unitTerms();

  /** @param level - 0 initial, 1 maintenance, 2 liquidation end */
  constructor(store: Store, ray: PriceRay, unit: number, level: number) {
    this.ray = ray;
    this.#store = store;
    this.#unit = unit;
    this.#lane = level;
    this.#orEqual = level === 1 && (store.columns.house.rule[0]! & 1) !== 0;
  }

  /** Collateral less requirement at point `x`. */
  at(x: number): number {
    this.ray.moveTo(x);
    marginUnit(this.#store.columns, this.#unit, this.#terms);
    this.evaluations++;
    this.collateral = this.#terms.collateral[this.#lane]!;
    this.requirement = this.#terms.margin[this.#lane]!;
    const health = this.collateral - this.requirement;
    this.ill = this.#orEqual ? health <= 0 && this.requirement > 0 : health < 0;
    return health;
  }
}
