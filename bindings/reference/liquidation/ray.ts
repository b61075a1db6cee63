// The solver of a ray: where a unit becomes liquidatable between a point and the end of the ray. On concave health Newton's
// step from the ill side never passes the root, so steps are monotone, and finite where health is piecewise linear. A slope is
// a chord over a small part of the way: beyond its ends concave health lies below it, so it keeps that property.
import { ROOT, SHAPE } from '../lanes.js';
import { Bracket } from './bracket.js';
import { GridSearch } from './grid.js';
import type { RayHealth } from './health.js';

/** Newton steps at most. */
const MOST_STEPS = 64;
/** A residual of so small a share of what was summed is rounding. */
const NOISE = 1 / 562949953421312;
/** Chord of a first slope, as a share of the way from where prices stand; of later ones, of the last step. */
const FIRST_CHORD = 1 / 4096;
const NEXT_CHORD = 1 / 64;
/** Chord of a slope on the way to health that may be over soon, and its least, as a share of the point. */
const FINE_CHORD = 1 / 1048576;
const LEAST_CHORD = 1 / 68719476736;
/** A rise of so many times what rounding may make is one; chords grow by so much until they show it. */
const CLEAR = 4096;
const LONGER = 64;
/** Steps of rounding to whole units that are so small a share of what was summed do not bend a chord. */
const FINE = 1 / 16777216;

export class RaySolver {
  iterations = 0;
  readonly bracket: Bracket;
  readonly #health: RayHealth;
  readonly #grid: GridSearch;
  /** How far rounding to whole units may move health. */
  #grain = 0;

  constructor(health: RayHealth) {
    this.#health = health;
    this.bracket = new Bracket(health);
    this.#grid = new GridSearch(health, this.bracket);
  }

  /** Points that a search on the grid kept. */
  get visits(): readonly [x: number, health: number][] {
    return this.#grid.visits;
  }

  #scale(): number {
    return Math.abs(this.#health.collateral) + Math.abs(this.#health.requirement);
  }

  #rounding(): number {
    return Math.max(this.#grain, NOISE * this.#scale());
  }

  /** Newton's steps from `ill` towards `well`, both known. @returns ROOT bits */
  #newton(): number {
    let chord = (this.bracket.well - this.bracket.ill) * NEXT_CHORD;
    while (this.iterations < MOST_STEPS) {
      if (Math.abs(this.bracket.illHealth) <= this.#rounding()) return 0;
      this.iterations++;
      const from = this.bracket.ill;
      const health = this.bracket.illHealth;
      const c = from + chord;
      if (c === from) return 0;
      if (!this.bracket.take(c)) {
        // The root is inside the chord.
        const t = from + (c - from) * (health / (health - this.bracket.wellHealth));
        if (t === from || t === c) return 0;
        this.bracket.take(t);
        chord = (this.bracket.well - this.bracket.ill) * NEXT_CHORD;
        continue;
      }
      if (this.bracket.illHealth <= health) return 0;
      const t = from - health * ((c - from) / (this.bracket.illHealth - health));
      if ((this.bracket.well - t) * (this.bracket.well - from) <= 0) return 0;
      const step = t - from;
      if (!this.bracket.take(t)) return 0;
      chord = step * NEXT_CHORD;
      if (Math.abs(chord) > Math.abs(this.bracket.well - this.bracket.ill))
        chord = this.bracket.well - this.bracket.ill;
    }
    return ROOT.capped;
  }

  /** The unit is well at `from`: where does it become ill on the way to `end`? */
  #fall(from: number, end: number, width: number): number {
    const health = this.bracket.wellHealth;
    // Well at both ends: concave health is well between them.
    if (!this.bracket.take(end)) return ROOT.none;
    this.bracket.well = from;
    this.bracket.wellHealth = health;
    const c = from + width;
    let t = c;
    if (!this.bracket.take(c)) {
      // Beyond the chord health lies below it: where the chord is 0 the unit is ill already.
      t = end;
      if (this.bracket.wellHealth < health) {
        t = from - health * ((c - from) / (this.bracket.wellHealth - health));
        if ((end - t) * (end - from) <= 0) t = end;
      }
      this.iterations++;
      if (t !== end && !this.bracket.take(t)) {
        // At the root but for rounding.
        if (!this.bracket.gallop(t, end)) return ROOT.none;
        this.bracket.pin();
        return 0;
      }
    }
    const code = this.#newton();
    this.bracket.pin();
    return code;
  }

  /** The unit is ill at `from`: where does that end on the way to `end`? */
  #recover(from: number, end: number, width: number): number {
    const first = width * FIRST_CHORD;
    let chord = first;
    while (this.iterations < MOST_STEPS) {
      const x = this.bracket.ill;
      const health = this.bracket.illHealth;
      let c = x + chord;
      if ((end - c) * (end - from) <= 0) c = end;
      if (c === x) {
        if (x === end || Math.abs(health) > this.#rounding() || !this.bracket.gallop(x, end)) return ROOT.none;
        this.bracket.pin();
        return 0;
      }
      this.iterations++;
      if (!this.bracket.take(c)) {
        const code = this.#newton();
        this.bracket.pin();
        return code;
      }
      const rise = this.bracket.illHealth - health;
      if (Math.abs(rise) < CLEAR * this.#rounding() && Math.abs(chord) < Math.abs(end - x) / 4) {
        // Lost in rounding: a longer chord.
        this.bracket.ill = x;
        this.bracket.illHealth = health;
        chord *= LONGER;
        continue;
      }
      if (rise <= 0) {
        // Health falls: from the first chord on it never rises again, in a longer one it may have risen and fallen.
        this.bracket.ill = x;
        this.bracket.illHealth = health;
        if (chord === first || !this.#grid.dip(x, c, true)) return ROOT.none;
        const code = this.#newton();
        this.bracket.pin();
        return code;
      }
      const t = x - health * ((c - x) / (this.bracket.illHealth - health));
      if ((end - t) * (end - from) <= 0) return ROOT.none;
      if ((t - c) * (end - from) <= 0) continue;
      const step = t - x;
      if (!this.bracket.take(t)) {
        const code = this.#newton();
        this.bracket.pin();
        return code;
      }
      // A longer chord could step over a narrow healthy range.
      chord = Math.max(Math.abs(step) * FINE_CHORD, t * LEAST_CHORD) * (step < 0 ? -1 : 1);
    }
    return ROOT.none | ROOT.capped;
  }

  /**
   * Finds where health changes side between `from` and `end`.
   * @param width - over which the first slope is taken, with the sign of the way
   * @param concave - health is, but for steps of at most `steps`
   * @param known - `from` is the point that was margined last
   * @returns ROOT bits; the neighbours are in `ill` and `well` unless there is none
   */
  solve(from: number, end: number, width: number, concave: boolean, steps: number, known: boolean): number {
    this.#grain = steps;
    const start = known ? this.bracket.keep(from, this.#health.last) : this.bracket.take(from);
    const now = start ? ROOT.liquidatable : 0;
    if (from === end) return now | ROOT.none;
    // Nothing is required of a unit that is well below 0: the side changes with the requirement, not with health.
    const coarse = steps > FINE * this.#scale();
    if (!concave || coarse || (!start && this.bracket.wellHealth < 0)) return now | this.#grid.run(from, end);
    return now | (start ? this.#recover(from, end, width) : this.#fall(from, end, width));
  }

  /** Of a price ray: the first slope is taken over a small part of the price. */
  solvePrice(from: number, end: number, concave: boolean, steps: number, known: boolean): number {
    return this.solve(from, end, (end > from ? FIRST_CHORD : -FIRST_CHORD) * from, concave, steps, known);
  }

  /** Bisects where health only falls (rises) from `from` on, which may jump. */
  #bisect(from: number, end: number): number {
    const start = from === this.bracket.ill;
    if (this.bracket.take(end) === start) return ROOT.none;
    this.bracket.pin();
    return 0;
  }

  /** Of a ray of sizes. @param shape - of health in the size: SHAPE codes */
  solveSize(from: number, end: number, shape: number): number {
    if (shape !== SHAPE.monotone)
      return this.solve(from, end, (end - from) * FIRST_CHORD, shape === SHAPE.concave, 0, false);
    const now = this.bracket.take(from) ? ROOT.liquidatable : 0;
    return now | ROOT.bracketed | (from === end ? ROOT.none : this.#bisect(from, end));
  }
}
