// A search where health is not concave: on a grid from where prices stand to the end of the ray, with a look into its dips.
import { MOST_VISITS, ROOT } from '../lanes.js';
import { type Bracket, bits, ofBits } from './bracket.js';
import type { RayHealth } from './health.js';

/** Points of the grid, closer together near the start. */
const GRID = 1024;
/** Halvings of a dip between two points of the grid. */
const DIP_STEPS = 48;

/** Point `i` of the grid: octave by octave, or evenly where the way starts at 0; close together near the start. */
function gridAt(from: number, end: number, i: number): number {
  const part = (i / GRID) * (i / GRID);
  if (i === GRID) return end;
  if (from === 0) return end * part;
  return ofBits(bits(from) + BigInt(Math.trunc(Number(bits(end) - bits(from)) * part)));
}

export class GridSearch {
  /** Points that a search on the grid kept: crossings and dips. */
  readonly visits: [x: number, health: number][] = [];
  readonly #health: RayHealth;
  readonly #bracket: Bracket;

  constructor(health: RayHealth, bracket: Bracket) {
    this.#health = health;
    this.#bracket = bracket;
  }

  #visit(x: number, health: number): void {
    if (this.visits.length < MOST_VISITS) this.visits.push([x, health]);
  }

  /** Looks for a change of side in a dip: three points of which the middle one has the least |health|. */
  dip(a: number, b: number, side: boolean): boolean {
    let low = a;
    let high = b;
    for (let i = 0; i < DIP_STEPS && low !== high; i++) {
      const left = low + (high - low) * 0.382;
      const right = low + (high - low) * 0.618;
      const leftHealth = this.#health.at(left);
      if (this.#health.ill !== side) {
        this.#bracket.take(left);
        return true;
      }
      const rightHealth = this.#health.at(right);
      if (this.#health.ill !== side) {
        this.#bracket.take(right);
        return true;
      }
      if (Math.abs(leftHealth) < Math.abs(rightHealth)) high = right;
      else low = left;
    }
    return false;
  }

  /** Health is not concave: the first change of side on a grid with its dips looked into; the others are kept as visits. */
  run(from: number, end: number): number {
    const bracket = this.#bracket;
    const start = from === bracket.ill;
    let side = start;
    let first: [number, number, number, number] | undefined;
    let before = from;
    let last = from;
    let lastHealth = start ? bracket.illHealth : bracket.wellHealth;
    let falling = false;
    for (let i = 1; i <= GRID; i++) {
      const x = gridAt(from, end, i);
      const health = this.#health.at(x);
      let crossed = this.#health.ill !== side;
      if (crossed) {
        if (side) bracket.put(last, lastHealth, x, health);
        else bracket.put(x, health, last, lastHealth);
      } else if (falling && Math.abs(health) >= Math.abs(lastHealth) && !first) {
        this.#visit(last, lastHealth);
        if (this.dip(before, x, side)) {
          crossed = true;
          if (side) {
            bracket.ill = before;
            bracket.illHealth = this.#health.at(before);
          } else {
            bracket.well = before;
            bracket.wellHealth = this.#health.at(before);
          }
        }
      }
      if (crossed) {
        bracket.pin();
        this.#visit(bracket.ill, bracket.illHealth);
        first ??= [bracket.ill, bracket.illHealth, bracket.well, bracket.wellHealth];
        this.#health.at(x);
        side = this.#health.ill;
      }
      falling = Math.abs(health) < Math.abs(lastHealth);
      before = last;
      last = x;
      lastHealth = health;
    }
    if (!first) return ROOT.none | ROOT.bracketed;
    bracket.put(...first);
    return ROOT.bracketed;
  }
}
