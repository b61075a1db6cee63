// Health of a unit at a point of a ray, by the margin fold itself: what margin() would say if the market stood there, or if the
// trade or withdrawal had been booked.
import type { Store } from '../../memory.js';
import { marginUnit, unitTerms } from '../account.js';

/** What is asked of the points of a ray. */
export interface HealthTerms {
  unit: number;
  /** 0 initial, 1 maintenance, 2 liquidation end, 3 equity */
  level: number;
  /** Health that is aimed for: below it the unit counts as ill. */
  aim: number;
  /** Goes to point `x`. */
  move: (x: number) => void;
  /** The house's operator: ill at a health of 0 too, where something is required. */
  orEqual: boolean;
}

export class RayHealth {
  /** Of the last point: health, collateral and requirement at the level, and whether the unit is liquidatable (below its requirement). */
  last = 0;
  collateral = 0;
  requirement = 0;
  ill = false;
  /** Points margined since the ray was opened. */
  evaluations = 0;
  readonly #store: Store;
  readonly #terms: HealthTerms;
  readonly #sums = unitTerms();

  constructor(store: Store, terms: HealthTerms) {
    this.#store = store;
    this.#terms = terms;
  }

  /** Collateral less requirement, and less the health that is aimed for, at point `x`. */
  at(x: number): number {
    const { unit, level, aim, move, orEqual } = this.#terms;
    move(x);
    marginUnit(this.#store, unit, this.#sums);
    this.evaluations++;
    this.collateral = this.#sums.collateral[level]!;
    this.requirement = this.#sums.margin[level]!;
    const health = this.collateral - this.requirement - aim;
    this.last = health;
    this.ill = orEqual ? health <= 0 && this.requirement > 0 : health < 0;
    return health;
  }
}
