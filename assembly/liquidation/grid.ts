// A search where health is not concave: on a grid from where prices stand to the end of the ray, with a look into its dips.
import * as abi from '../abi';
import { bits, ill, illHealth, isIllAt, ofBits, pin, putIll, putWell, take, well, wellHealth } from './bracket';
import { healthAt, ill as isIll } from './health';

/** Points of the grid, closer together near the start. */
const GRID: i32 = 1024;
/** Halvings of a dip between two points of the grid. */
const DIP_STEPS: i32 = 48;

/** Points that a search on the grid kept: crossings and dips. */
export let visits: i32 = 0;
const visited: usize = memory.data((<i32>abi.MOST_VISITS) << 4);

export function visitedAt(i: i32, k: i32): f64 {
  return load<f64>(visited + ((<usize>(2 * i + k)) << 3));
}

/** Forgets the points of the last search. */
export function openGrid(): void {
  visits = 0;
}

function visit(x: f64, health: f64): void {
  if (visits >= abi.MOST_VISITS) return;
  store<f64>(visited + ((<usize>visits) << 4), x);
  store<f64>(visited + ((<usize>visits) << 4), health, 8);
  visits++;
}

/** Point `i` of the grid: octave by octave, or evenly where the way starts at 0; close together near the start. */
function gridAt(from: f64, end: f64, i: i32): f64 {
  const part = (<f64>i / <f64>GRID) * (<f64>i / <f64>GRID);
  if (i == GRID) return end;
  if (from == 0) return end * part;
  return ofBits(bits(from) + <i64>(<f64>(bits(end) - bits(from)) * part));
}

/** Looks for a change of side in a dip: three points of which the middle one has the least |health|. */
export function dip(a: f64, b: f64, side: bool): bool {
  let low = a;
  let high = b;
  for (let i = 0; i < DIP_STEPS && low != high; i++) {
    const left = low + (high - low) * 0.382;
    const right = low + (high - low) * 0.618;
    const leftHealth = healthAt(left);
    if (isIll != side) {
      take(left);
      return true;
    }
    const rightHealth = healthAt(right);
    if (isIll != side) {
      take(right);
      return true;
    }
    if (Math.abs(leftHealth) < Math.abs(rightHealth)) high = right;
    else low = left;
  }
  return false;
}

/** Health is not concave: the first change of side on a grid with its dips looked into; the others are kept as visits. */
export function search(from: f64, end: f64): i32 {
  const start = isIllAt(from);
  let side = start;
  let found = false;
  let firstIll: f64 = 0;
  let firstWell: f64 = 0;
  let firstIllHealth: f64 = 0;
  let firstWellHealth: f64 = 0;
  let before = from;
  let last = from;
  let lastHealth = start ? illHealth : wellHealth;
  let falling = false;
  for (let i = 1; i <= GRID; i++) {
    const x = gridAt(from, end, i);
    const health = healthAt(x);
    let crossed = isIll != side;
    if (crossed) {
      if (side) {
        putIll(last, lastHealth);
        putWell(x, health);
      } else {
        putWell(last, lastHealth);
        putIll(x, health);
      }
    } else if (falling && Math.abs(health) >= Math.abs(lastHealth) && !found) {
      visit(last, lastHealth);
      if (dip(before, x, side)) {
        crossed = true;
        if (side) putIll(before, healthAt(before));
        else putWell(before, healthAt(before));
      }
    }
    if (crossed) {
      pin();
      visit(ill, illHealth);
      if (!found) {
        found = true;
        firstIll = ill;
        firstWell = well;
        firstIllHealth = illHealth;
        firstWellHealth = wellHealth;
      }
      healthAt(x);
      side = isIll;
    }
    falling = Math.abs(health) < Math.abs(lastHealth);
    before = last;
    last = x;
    lastHealth = health;
  }
  if (!found) return abi.ROOT_NONE | abi.ROOT_BRACKETED;
  putIll(firstIll, firstIllHealth);
  putWell(firstWell, firstWellHealth);
  return abi.ROOT_BRACKETED;
}
