// The solver of a ray: where a unit becomes liquidatable between a point and the end of the ray. On concave health Newton's
// step from the ill side never passes the root, so steps are monotone, and finite where health is piecewise linear. A slope is
// a chord over a small part of the way: beyond its ends concave health lies below it, so it keeps that property.
import * as abi from '../abi';
import {
  gallop,
  ill,
  illHealth,
  isIllAt,
  keep,
  openBracket,
  pin,
  putIll,
  putWell,
  take,
  well,
  wellHealth,
} from './bracket';
import { dip, openGrid, search } from './grid';
import { collateral, last as lastHealth, requirement } from './health';

/** Newton steps at most. */
const MOST_STEPS: i32 = 64;
/** A residual of so small a share of what was summed is rounding. */
const NOISE: f64 = 1 / 562949953421312;
/** Chord of a first slope, as a share of the way from where prices stand; of later ones, of the last step. */
const FIRST_CHORD: f64 = 1 / 4096;
const NEXT_CHORD: f64 = 1 / 64;
/** Chord of a slope on the way to health that may be over soon, and its least, as a share of the point. */
const FINE_CHORD: f64 = 1 / 1048576;
const LEAST_CHORD: f64 = 1 / 68719476736;
/** A rise of so many times what rounding may make is one; chords grow by so much until they show it. */
const CLEAR: f64 = 4096;
const LONGER: f64 = 64;
/** Steps of rounding to whole units that are so small a share of what was summed do not bend a chord. */
const FINE: f64 = 1 / 16777216;
export let iterations: i32 = 0;
/** How far rounding to whole units may move health. */
let grain: f64 = 0;
function rounding(): f64 {
  return max(grain, NOISE * (Math.abs(collateral) + Math.abs(requirement)));
}

/** Newton's steps from `ill` towards `well`, both known. @returns ROOT bits */
function newton(): i32 {
  let chord = (well - ill) * NEXT_CHORD;
  while (iterations < MOST_STEPS) {
    if (Math.abs(illHealth) <= rounding()) return 0;
    iterations++;
    const from = ill;
    const health = illHealth;
    const c = from + chord;
    if (c == from) return 0;
    if (!take(c)) {
      // The root is inside the chord.
      const t = from + (c - from) * (health / (health - wellHealth));
      if (t == from || t == c) return 0;
      take(t);
      chord = (well - ill) * NEXT_CHORD;
      continue;
    }
    if (illHealth <= health) return 0;
    const t = from - health * ((c - from) / (illHealth - health));
    if ((well - t) * (well - from) <= 0) return 0;
    const step = t - from;
    if (!take(t)) return 0;
    chord = step * NEXT_CHORD;
    if (Math.abs(chord) > Math.abs(well - ill)) chord = well - ill;
  }
  return abi.ROOT_CAPPED;
}

/** The unit is well at `from`: where does it become ill on the way to `end`? */
function fall(from: f64, end: f64, width: f64): i32 {
  const health = wellHealth;
  // Well at both ends: concave health is well between them.
  if (!take(end)) return abi.ROOT_NONE;
  putWell(from, health);
  const c = from + width;
  let t = c;
  if (!take(c)) {
    // Beyond the chord health lies below it: where the chord is 0 the unit is ill already.
    t = end;
    if (wellHealth < health) {
      t = from - health * ((c - from) / (wellHealth - health));
      if ((end - t) * (end - from) <= 0) t = end;
    }
    iterations++;
    if (t != end && !take(t)) {
      // At the root but for rounding.
      if (!gallop(t, end)) return abi.ROOT_NONE;
      pin();
      return 0;
    }
  }
  const code = newton();
  pin();
  return code;
}

/** The unit is ill at `from`: where does that end on the way to `end`? */
function recover(from: f64, end: f64, width: f64): i32 {
  const first = width * FIRST_CHORD;
  let chord = first;
  while (iterations < MOST_STEPS) {
    const x = ill;
    const health = illHealth;
    let c = x + chord;
    if ((end - c) * (end - from) <= 0) c = end;
    if (c == x) {
      if (x == end || Math.abs(health) > rounding() || !gallop(x, end)) return abi.ROOT_NONE;
      pin();
      return 0;
    }
    iterations++;
    if (!take(c)) {
      const code = newton();
      pin();
      return code;
    }
    const rise = illHealth - health;
    if (Math.abs(rise) < CLEAR * rounding() && Math.abs(chord) < Math.abs(end - x) / 4) {
      // Lost in rounding: a longer chord.
      putIll(x, health);
      chord *= LONGER;
      continue;
    }
    if (rise <= 0) {
      // Health falls: from the first chord on it never rises again, in a longer one it may have risen and fallen.
      putIll(x, health);
      if (chord == first || !dip(x, c, true)) return abi.ROOT_NONE;
      const code = newton();
      pin();
      return code;
    }
    const t = x - health * ((c - x) / (illHealth - health));
    if ((end - t) * (end - from) <= 0) return abi.ROOT_NONE;
    if ((t - c) * (end - from) <= 0) continue;
    const step = t - x;
    if (!take(t)) {
      const code = newton();
      pin();
      return code;
    }
    // A longer chord could step over a narrow healthy range.
    chord = max(Math.abs(step) * FINE_CHORD, t * LEAST_CHORD) * (step < 0 ? -1 : 1);
  }
  return abi.ROOT_NONE | abi.ROOT_CAPPED;
}

/**
 * Finds where health changes side between `from` and `end`.
 * @param width - over which the first slope is taken, with the sign of the way
 * @param concave - health is, but for steps of at most `steps`
 * @param known - `from` is the point that was margined last
 * @returns ROOT bits; the neighbours are in `ill` and `well` unless there is none
 */
export function solve(from: f64, end: f64, width: f64, concave: bool, steps: f64, known: bool): i32 {
  grain = steps;
  iterations = 0;
  openGrid();
  openBracket();
  const start = known ? keep(from, lastHealth) : take(from);
  const now = start ? abi.ROOT_LIQUIDATABLE : 0;
  if (from == end) return now | abi.ROOT_NONE;
  // Nothing is required of a unit that is well below 0: the side changes with the requirement, not with health.
  const coarse = steps > FINE * (Math.abs(collateral) + Math.abs(requirement));
  if (!concave || coarse || (!start && wellHealth < 0)) return now | search(from, end);
  return now | (start ? recover(from, end, width) : fall(from, end, width));
}

/** Of a price ray: the first slope is taken over a small part of the price. */
export function solvePrice(from: f64, end: f64, concave: bool, steps: f64, known: bool): i32 {
  return solve(from, end, (end > from ? FIRST_CHORD : -FIRST_CHORD) * from, concave, steps, known);
}

/** Bisects where health only falls (rises) from `from` on, which may jump. */
function bisect(from: f64, end: f64): i32 {
  const start = isIllAt(from);
  if (take(end) == start) return abi.ROOT_NONE;
  pin();
  return 0;
}

/** Of a ray of sizes. @param shape - of health in the size: SHAPE codes */
export function solveSize(from: f64, end: f64, shape: i32): i32 {
  if (shape != abi.SHAPE_MONOTONE)
    return solve(from, end, (end - from) * FIRST_CHORD, shape == abi.SHAPE_CONCAVE, 0, false);
  iterations = 0;
  openGrid();
  openBracket();
  const now = take(from) ? abi.ROOT_LIQUIDATABLE : 0;
  return now | abi.ROOT_BRACKETED | (from == end ? abi.ROOT_NONE : bisect(from, end));
}
