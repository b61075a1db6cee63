// The solver of a ray: where a unit becomes liquidatable between a point and the end of the ray. On concave health Newton's
// step from the ill side never passes the root, so steps are monotone, and finite where health is piecewise linear. A slope is
// a chord over a small part of the way: beyond its ends concave health lies below it, so it keeps that property.
import { MOST_VISITS, ROOT, SHAPE } from '../lanes.js';
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
/** Points of the grid, closer together near the start. */
const GRID = 1024;
/** Halvings of a dip between two points of the grid. */
const DIP_STEPS = 48;

// Points are >= 0, so their bits are ordered as they are, neighbours differ by 1, and half way in bits is half way in octaves.
const float = new Float64Array(1);
const integer = new BigInt64Array(float.buffer);
function bits(x: number): bigint {
  float[0] = x;
  return integer[0]!;
}
function ofBits(b: bigint): number {
  integer[0] = b;
  return float[0]!;
}

/** Point `i` of the grid: octave by octave, or evenly where the way starts at 0; close together near the start. */
function gridAt(from: number, end: number, i: number): number {
  const part = (i / GRID) * (i / GRID);
  if (i === GRID) return end;
  if (from === 0) return end * part;
  return ofBits(bits(from) + BigInt(Math.trunc(Number(bits(end) - bits(from)) * part)));
}

export class RaySolver {
  /** Neighbours: the first point where the unit is liquidatable and the last where it is not. */
  ill = -1;
  well = -1;
  illHealth = 0;
  wellHealth = 0;
  iterations = 0;
  /** Points that a search on the grid kept: crossings and dips. */
  readonly visits: [x: number, health: number][] = [];
  readonly #health: RayHealth;
  /** How far rounding to whole units may move health. */
  #grain = 0;

  constructor(health: RayHealth) {
    this.#health = health;
  }

  #visit(x: number, health: number): void {
    if (this.visits.length < MOST_VISITS) this.visits.push([x, health]);
  }

  /** Takes point `x` as the new end of the bracket on its side; true where the unit is liquidatable there. */
  #take(x: number): boolean {
    return this.#keep(x, this.#health.at(x));
  }

  /** The same of the point that was margined last. */
  #keep(x: number, health: number): boolean {
    if (this.#health.ill) {
      this.ill = x;
      this.illHealth = health;
    } else {
      this.well = x;
      this.wellHealth = health;
    }
    return this.#health.ill;
  }

  /** From `x` towards `end` in growing steps until health changes side; false where it does not. */
  #gallop(x: number, end: number): boolean {
    const side = x === this.ill;
    const last = bits(end);
    let b = bits(x);
    const way = last > b ? 1n : -1n;
    let step = 1n;
    while (b !== last) {
      b += way * step;
      if ((last - b) * way < 0n) b = last;
      if (this.#take(ofBits(b)) !== side) return true;
      step *= 4n;
    }
    return false;
  }

  /** Narrows (well, ill) to neighbours, starting at the end with the smaller residual. */
  #pin(): void {
    if (Math.abs(this.illHealth) <= Math.abs(this.wellHealth)) this.#gallop(this.ill, this.well);
    else this.#gallop(this.well, this.ill);
    while (true) {
      const gap = bits(this.ill) - bits(this.well);
      if (gap >= -1n && gap <= 1n) break;
      this.#take(ofBits(bits(this.well) + gap / 2n));
    }
  }

  #scale(): number {
    return Math.abs(this.#health.collateral) + Math.abs(this.#health.requirement);
  }

  #rounding(): number {
    return Math.max(this.#grain, NOISE * this.#scale());
  }

  /** Newton's steps from `ill` towards `well`, both known. @returns ROOT bits */
  #newton(): number {
    let chord = (this.well - this.ill) * NEXT_CHORD;
    while (this.iterations < MOST_STEPS) {
      if (Math.abs(this.illHealth) <= this.#rounding()) return 0;
      this.iterations++;
      const from = this.ill;
      const health = this.illHealth;
      const c = from + chord;
      if (c === from) return 0;
      if (!this.#take(c)) {
        // The root is inside the chord.
        const t = from + (c - from) * (health / (health - this.wellHealth));
        if (t === from || t === c) return 0;
        this.#take(t);
        chord = (this.well - this.ill) * NEXT_CHORD;
        continue;
      }
      if (this.illHealth <= health) return 0;
      const t = from - health * ((c - from) / (this.illHealth - health));
      if ((this.well - t) * (this.well - from) <= 0) return 0;
      const step = t - from;
      if (!this.#take(t)) return 0;
      chord = step * NEXT_CHORD;
      if (Math.abs(chord) > Math.abs(this.well - this.ill)) chord = this.well - this.ill;
    }
    return ROOT.capped;
  }

  /** The unit is well at `from`: where does it become ill on the way to `end`? */
  #fall(from: number, end: number, width: number): number {
    const health = this.wellHealth;
    // Well at both ends: concave health is well between them.
    if (!this.#take(end)) return ROOT.none;
    this.well = from;
    this.wellHealth = health;
    const c = from + width;
    let t = c;
    if (!this.#take(c)) {
      // Beyond the chord health lies below it: where the chord is 0 the unit is ill already.
      t = end;
      if (this.wellHealth < health) {
        t = from - health * ((c - from) / (this.wellHealth - health));
        if ((end - t) * (end - from) <= 0) t = end;
      }
      this.iterations++;
      if (t !== end && !this.#take(t)) {
        // At the root but for rounding.
        if (!this.#gallop(t, end)) return ROOT.none;
        this.#pin();
        return 0;
      }
    }
    const code = this.#newton();
    this.#pin();
    return code;
  }

  /** The unit is ill at `from`: where does that end on the way to `end`? */
  #recover(from: number, end: number, width: number): number {
    const first = width * FIRST_CHORD;
    let chord = first;
    while (this.iterations < MOST_STEPS) {
      const x = this.ill;
      const health = this.illHealth;
      let c = x + chord;
      if ((end - c) * (end - from) <= 0) c = end;
      if (c === x) {
        if (x === end || Math.abs(health) > this.#rounding() || !this.#gallop(x, end)) return ROOT.none;
        this.#pin();
        return 0;
      }
      this.iterations++;
      if (!this.#take(c)) {
        const code = this.#newton();
        this.#pin();
        return code;
      }
      const rise = this.illHealth - health;
      if (Math.abs(rise) < CLEAR * this.#rounding() && Math.abs(chord) < Math.abs(end - x) / 4) {
        // Lost in rounding: a longer chord.
        this.ill = x;
        this.illHealth = health;
        chord *= LONGER;
        continue;
      }
      if (rise <= 0) {
        // Health falls: from the first chord on it never rises again, in a longer one it may have risen and fallen.
        this.ill = x;
        this.illHealth = health;
        if (chord === first || !this.#dip(x, c, true)) return ROOT.none;
        const code = this.#newton();
        this.#pin();
        return code;
      }
      const t = x - health * ((c - x) / (this.illHealth - health));
      if ((end - t) * (end - from) <= 0) return ROOT.none;
      if ((t - c) * (end - from) <= 0) continue;
      const step = t - x;
      if (!this.#take(t)) {
        const code = this.#newton();
        this.#pin();
        return code;
      }
      // A longer chord could step over a narrow healthy range.
      chord = Math.max(Math.abs(step) * FINE_CHORD, t * LEAST_CHORD) * (step < 0 ? -1 : 1);
    }
    return ROOT.none | ROOT.capped;
  }

  /** Looks for a change of side in a dip: three points of which the middle one has the least |health|. */
  #dip(a: number, b: number, side: boolean): boolean {
    let low = a;
    let high = b;
    for (let i = 0; i < DIP_STEPS && low !== high; i++) {
      const left = low + (high - low) * 0.382;
      const right = low + (high - low) * 0.618;
      const leftHealth = this.#health.at(left);
      if (this.#health.ill !== side) {
        this.#take(left);
        return true;
      }
      const rightHealth = this.#health.at(right);
      if (this.#health.ill !== side) {
        this.#take(right);
        return true;
      }
      if (Math.abs(leftHealth) < Math.abs(rightHealth)) high = right;
      else low = left;
    }
    return false;
  }

  #put(ill: number, illHealth: number, well: number, wellHealth: number): void {
    this.ill = ill;
    this.illHealth = illHealth;
    this.well = well;
    this.wellHealth = wellHealth;
  }

  /** Health is not concave: the first change of side on a grid with its dips looked into; the others are kept as visits. */
  #bracket(from: number, end: number): number {
    const start = from === this.ill;
    let side = start;
    let first: [number, number, number, number] | undefined;
    let before = from;
    let last = from;
    let lastHealth = start ? this.illHealth : this.wellHealth;
    let falling = false;
    for (let i = 1; i <= GRID; i++) {
      const x = gridAt(from, end, i);
      const health = this.#health.at(x);
      let crossed = this.#health.ill !== side;
      if (crossed) {
        if (side) this.#put(last, lastHealth, x, health);
        else this.#put(x, health, last, lastHealth);
      } else if (falling && Math.abs(health) >= Math.abs(lastHealth) && !first) {
        this.#visit(last, lastHealth);
        if (this.#dip(before, x, side)) {
          crossed = true;
          if (side) {
            this.ill = before;
            this.illHealth = this.#health.at(before);
          } else {
            this.well = before;
            this.wellHealth = this.#health.at(before);
          }
        }
      }
      if (crossed) {
        this.#pin();
        this.#visit(this.ill, this.illHealth);
        first ??= [this.ill, this.illHealth, this.well, this.wellHealth];
        this.#health.at(x);
        side = this.#health.ill;
      }
      falling = Math.abs(health) < Math.abs(lastHealth);
      before = last;
      last = x;
      lastHealth = health;
    }
    if (!first) return ROOT.none | ROOT.bracketed;
    this.#put(...first);
    return ROOT.bracketed;
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
    const start = known ? this.#keep(from, this.#health.last) : this.#take(from);
    const now = start ? ROOT.liquidatable : 0;
    if (from === end) return now | ROOT.none;
    // Nothing is required of a unit that is well below 0: the side changes with the requirement, not with health.
    const coarse = steps > FINE * this.#scale();
    if (!concave || coarse || (!start && this.wellHealth < 0)) return now | this.#bracket(from, end);
    return now | (start ? this.#recover(from, end, width) : this.#fall(from, end, width));
  }

  /** Of a price ray: the first slope is taken over a small part of the price. */
  solvePrice(from: number, end: number, concave: boolean, steps: number, known: boolean): number {
    return this.solve(from, end, (end > from ? FIRST_CHORD : -FIRST_CHORD) * from, concave, steps, known);
  }

  /** Bisects where health only falls (rises) from `from` on, which may jump. */
  #bisect(from: number, end: number): number {
    const start = from === this.ill;
    if (this.#take(end) === start) return ROOT.none;
    this.#pin();
    return 0;
  }

  /** Of a ray of sizes. @param shape - of health in the size: SHAPE codes */
  solveSize(from: number, end: number, shape: number): number {
    if (shape !== SHAPE.monotone)
      return this.solve(from, end, (end - from) * FIRST_CHORD, shape === SHAPE.concave, 0, false);
    const now = this.#take(from) ? ROOT.liquidatable : 0;
    return now | ROOT.bracketed | (from === end ? ROOT.none : this.#bisect(from, end));
  }
}
