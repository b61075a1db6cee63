// The bracket of a root: a point where the unit is liquidatable and one where it is not, narrowed until they are neighbours.
import type { RayHealth } from './health.js';

// Points are >= 0, so their bits are ordered as they are, neighbours differ by 1, and half way in bits is half way in octaves.
const float = new Float64Array(1);
const integer = new BigInt64Array(float.buffer);
export function bits(x: number): bigint {
  float[0] = x;
  return integer[0]!;
}
export function ofBits(b: bigint): number {
  integer[0] = b;
  return float[0]!;
}

export class Bracket {
  /** Neighbours: the first point where the unit is liquidatable and the last where it is not. */
  ill = -1;
  well = -1;
  illHealth = 0;
  wellHealth = 0;
  readonly #health: RayHealth;

  constructor(health: RayHealth) {
    this.#health = health;
  }

  put(ill: number, illHealth: number, well: number, wellHealth: number): void {
    this.ill = ill;
    this.illHealth = illHealth;
    this.well = well;
    this.wellHealth = wellHealth;
  }

  /** Takes point `x` as the new end of the bracket on its side; true where the unit is liquidatable there. */
  take(x: number): boolean {
    return this.keep(x, this.#health.at(x));
  }

  /** The same of the point that was margined last. */
  keep(x: number, health: number): boolean {
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
  gallop(x: number, end: number): boolean {
    const side = x === this.ill;
    const last = bits(end);
    let b = bits(x);
    const way = last > b ? 1n : -1n;
    let step = 1n;
    while (b !== last) {
      b += way * step;
      if ((last - b) * way < 0n) b = last;
      if (this.take(ofBits(b)) !== side) return true;
      step *= 4n;
    }
    return false;
  }

  /** Narrows (well, ill) to neighbours, starting at the end with the smaller residual. */
  pin(): void {
    if (Math.abs(this.illHealth) <= Math.abs(this.wellHealth)) this.gallop(this.ill, this.well);
    else this.gallop(this.well, this.ill);
    while (true) {
      const gap = bits(this.ill) - bits(this.well);
      if (gap >= -1n && gap <= 1n) break;
      this.take(ofBits(bits(this.well) + gap / 2n));
    }
  }
}
