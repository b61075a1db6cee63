// Questions along one ray, as the API asks them: open it for a unit, solve it one way or both, margin a point of it.
// Prices stand where they stood after every call.
import type { Store } from '../../memory.js';
import { marginUnit, type UnitTerms, unitTerms } from '../account.js';
import { ANSWER, RISK, ROOT } from '../lanes.js';
import { concaveRay, grainOf } from './concave.js';
import { RayHealth } from './health.js';
import { PriceRay } from './move.js';
import { RaySolver } from './ray.js';
import { type Attempt, Trade, type TradeTerms } from './trade.js';

function writeRoot(answer: Float64Array, solver: RaySolver, { evaluations }: RayHealth): void {
  answer[ANSWER.ill] = solver.bracket.ill;
  answer[ANSWER.well] = solver.bracket.well;
  answer[ANSWER.illHealth] = solver.bracket.illHealth;
  answer[ANSWER.wellHealth] = solver.bracket.wellHealth;
  answer[ANSWER.iterations] = solver.iterations;
  answer[ANSWER.evaluations] = evaluations;
  answer[ANSWER.visits] = solver.visits.length;
  solver.visits.forEach(([x, health], i) => {
    answer[ANSWER.visit + 2 * i] = x;
    answer[ANSWER.visit + 2 * i + 1] = health;
  });
}

function writeParts(answer: Float64Array, { collateral, requirement }: RayHealth): void {
  answer[ANSWER.collateral] = collateral;
  answer[ANSWER.requirement] = requirement;
}

/** A ray that is open, of one unit at one level. */
export class Question {
  readonly ray: PriceRay;
  readonly #health: RayHealth;
  readonly #concave: boolean;
  readonly #grain: number;
  readonly #answer: Float64Array;

  /** @param market - whose mark leads, or NONE for all prices that have a `shift` */
  constructor(store: Store, unit: number, market: number, level: number) {
    this.ray = new PriceRay(store, unit, market);
    this.#health = new RayHealth(store, {
      unit,
      level,
      aim: 0,
      move: (x) => this.ray.moveTo(x),
      orEqual: level === 1 && (store.columns.house.rule[0]! & 1) !== 0,
    });
    this.#concave = concaveRay(store.columns, this.ray, unit, level);
    this.#grain = grainOf(store.columns, this.ray, unit, level);
    this.#answer = store.columns.house.answer;
    this.#answer[ANSWER.low] = this.ray.low;
    this.#answer[ANSWER.high] = this.ray.high;
    this.#answer[ANSWER.grain] = this.#grain;
  }

  /** The end of the healthy part of the ray on one side, whether the unit is in it now or not. */
  #boundary(upper: boolean): [number, RaySolver] {
    const { lead, low, high } = this.ray;
    const solve = (from: number, end: number, known = false): [number, RaySolver] => {
      const solver = new RaySolver(this.#health);
      return [solver.solvePrice(from, end, this.#concave, this.#grain, known), solver];
    };
    const onward = (well: number, end: number): [number, RaySolver] => {
      const [code, solver] = solve(well, end);
      return [code | ROOT.liquidatable, solver];
    };
    this.#health.at(lead);
    if (!this.#health.ill) return solve(lead, upper ? high : low, true);
    // The healthy part is looked for above, then below. A long that is under water has its lower price above the mark.
    const above = solve(lead, high, true);
    if (!(above[0] & ROOT.none)) return upper ? onward(above[1].bracket.well, high) : above;
    const below = solve(lead, low);
    if (upper || below[0] & ROOT.none) return below;
    return onward(below[1].bracket.well, low);
  }

  /**
   * Solves the ray: the healthy part of it is above the lower price and below the upper one.
   * @returns ROOT bits; the rest is in house.answer
   */
  solve(upper: boolean): number {
    const [code, solver] = this.#boundary(upper);
    this.ray.moveBack();
    writeRoot(this.#answer, solver, this.#health);
    return code;
  }

  /** Health at a point of the ray. */
  healthOn(x: number): number {
    const health = this.#health.at(x);
    this.ray.moveBack();
    writeParts(this.#answer, this.#health);
    return health;
  }
}

/** Sizes of a trade or of a withdrawal, on a copy of a unit. */
export class SizeQuestion {
  readonly #health: RayHealth;
  readonly #answer: Float64Array;

  constructor(store: Store, attempt: Attempt, level: number, aim: number) {
    const move = (x: number): void => attempt.at(x);
    this.#health = new RayHealth(store, { unit: attempt.trial.unit, level, aim, move, orEqual: false });
    this.#answer = store.columns.house.answer;
  }

  /**
   * Solves sizes from `from` to `end`.
   * @param shape - of health in the size: SHAPE codes
   * @returns ROOT bits; the rest is in house.answer
   */
  solve(from: number, end: number, shape: number): number {
    const solver = new RaySolver(this.#health);
    const code = solver.solveSize(from, end, shape);
    writeRoot(this.#answer, solver, this.#health);
    return code;
  }

  /** Health of the copy after a trade or withdrawal of `x`, and its parts in house.answer: collateral and requirement. */
  healthAt(x: number): number {
    const health = this.#health.at(x);
    writeParts(this.#answer, this.#health);
    return health;
  }
}

function writeRisk(answer: Float64Array, to: number, { collateral, margin, notional }: UnitTerms): void {
  answer[to + RISK.equity] = collateral[3]!;
  answer[to + RISK.initialCollateral] = collateral[0]!;
  answer[to + RISK.initialMargin] = margin[0]!;
  answer[to + RISK.collateral] = collateral[1]!;
  answer[to + RISK.maintenanceMargin] = margin[1]!;
  answer[to + RISK.notional] = notional;
}

/** Risk of unit `u` before and after a trade of `size` (>= 0), into house.answer. @returns what is held now */
export function tryTrade(store: Store, u: number, terms: TradeTerms, size: number): number {
  const { columns } = store;
  const sums = unitTerms();
  const trade = new Trade(store, u, terms);
  marginUnit(store, u, sums);
  writeRisk(columns.house.answer, ANSWER.before, sums);
  trade.at(size);
  marginUnit(store, trade.trial.unit, sums);
  writeRisk(columns.house.answer, ANSWER.after, sums);
  return trade.held;
}
