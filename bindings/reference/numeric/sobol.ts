// Points of I. M. Sobol (1967) that fill the unit cube more evenly than random ones, in the order of the Gray code, 32 bits a
// coordinate; and A. B. Owen's scrambling by a hash: B. Burley, Practical hash-based Owen scrambling (JCGT 9, 2020), with the
// permutation of S. Laine and T. Karras (2011). Any point follows from its index. Same bits: assembly/numeric/sobol.ts.
import { DIMENSIONS, type DirectionRow, directionRows } from './joe-kuo.js';

export { DIMENSIONS as SOBOL_DIMENSIONS, type DirectionRow } from './joe-kuo.js';

const BITS = 32;
/** 2^-32. */
const TO_32 = 2.3283064365386963e-10;

/** The 32 direction numbers of a row of the table; without one those of the first dimension. */
export function directionNumbers(row?: DirectionRow): Uint32Array {
  const v = new Uint32Array(BITS);
  if (!row) return v.map((_, i) => (1 << (31 - i)) >>> 0);
  const { degree, a, m } = row;
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      v[i] = m[i]! << (31 - i);
      continue;
    }
    let x = v[i - degree]! ^ (v[i - degree]! >>> degree);
    for (let k = 1; k < degree; k++) if ((a >>> (degree - 1 - k)) & 1) x ^= v[i - k]!;
    v[i] = x;
  }
  return v;
}

/** Direction numbers of a dimension, from 0; undefined beyond the table. */
export function directionsOf(dimension: number): Uint32Array | undefined {
  if (dimension === 0) return directionNumbers();
  return dimension < DIMENSIONS ? directionNumbers(directionRows()[dimension - 1]) : undefined;
}

/**
 * The coordinate of a point, before it is divided by 2^32.
 * @example
 * sobol(directionNumbers(), 1) / 2 ** 32; // 0.5
 */
export function sobol(directions: Uint32Array, index: number): number {
  let gray = (index ^ (index >>> 1)) >>> 0;
  let x = 0;
  for (let i = 0; gray !== 0; i++, gray >>>= 1) if (gray & 1) x ^= directions[i]!;
  return x >>> 0;
}

/** The bits of a word from the other end. */
export function reversed(word: number): number {
  let x = word;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}

/** A permutation in which a bit changes only bits above it: the hash of Laine and Karras with Burley's constants. */
function permuted(word: number, seed: number): number {
  let x = word + seed;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return x;
}

/** `scrambled` of a coordinate whose bits are reversed, as points of reversed direction numbers have them. */
export function scrambledReversed(word: number, seed: number): number {
  return reversed(permuted(word, seed));
}

/** A coordinate whose halves, quarters, eighths ... have changed places as the seed says. */
export function scrambled(coordinate: number, seed: number): number {
  return scrambledReversed(reversed(coordinate), seed);
}

/** The middle of a coordinate's cell: a number of (0, 1). */
export function centred(coordinate: number): number {
  return (coordinate + 0.5) * TO_32;
}
