// The bracket of a root: a point where the unit is liquidatable and one where it is not, narrowed until they are neighbours.
import { healthAt, ill as isIll } from './health';

/** Neighbours: the first point where the unit is liquidatable and the last where it is not. */
export let ill: f64 = 0;
export let well: f64 = 0;
export let illHealth: f64 = 0;
export let wellHealth: f64 = 0;

// Points are >= 0, so their bits are ordered as they are, neighbours differ by 1, and half way in bits is half way in octaves.
// @ts-ignore: decorator
@inline
export function bits(x: f64): i64 {
  return reinterpret<i64>(x);
}
// @ts-ignore: decorator
@inline
export function ofBits(b: i64): f64 {
  return reinterpret<f64>(b);
}

/** Forgets both. */
export function openBracket(): void {
  ill = -1;
  well = -1;
}

export function putIll(x: f64, health: f64): void {
  ill = x;
  illHealth = health;
}

export function putWell(x: f64, health: f64): void {
  well = x;
  wellHealth = health;
}

/** Takes point `x` as the new end of the bracket on its side; true where the unit is liquidatable there. */
export function take(x: f64): bool {
  return keep(x, healthAt(x));
}

/** The same of the point that was margined last. */
export function keep(x: f64, health: f64): bool {
  if (isIll) putIll(x, health);
  else putWell(x, health);
  return isIll;
}

const LARGEST_STEP: i64 = 1 << 62;

/** From `x` towards `end` in growing steps until health changes side; false where it does not. */
export function gallop(x: f64, end: f64): bool {
  const side = isIllAt(x);
  const way: i64 = bits(end) > bits(x) ? 1 : -1;
  let step: i64 = 1;
  let b = bits(x);
  while (b != bits(end)) {
    // Bits of points are below 2^63, and so is what is left; a step that grew on would come round to 0.
    const left = (bits(end) - b) * way;
    b = left <= step ? bits(end) : b + way * step;
    if (take(ofBits(b)) != side) return true;
    if (step < LARGEST_STEP) step *= 4;
  }
  return false;
}

// @ts-ignore: decorator
@inline
export function isIllAt(x: f64): bool {
  return x == ill;
}

/** Narrows (well, ill) to neighbours, starting at the end with the smaller residual. */
export function pin(): void {
  if (Math.abs(illHealth) <= Math.abs(wellHealth)) gallop(ill, well);
  else gallop(well, ill);
  while (true) {
    const gap = bits(ill) - bits(well);
    if (gap >= -1 && gap <= 1) break;
    take(ofBits(bits(well) + gap / 2));
  }
}
