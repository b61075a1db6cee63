// Correlated moves of factors, path after path: uniform numbers of Philox or of scrambled Sobol points, their normal numbers, times a
// lower triangular factor, times the path's mixing number (Student-t), plus a mean, as a move of the price. Nothing but the moves is
// kept. Two paths a vector, eight a tile: four sums run side by side, each in the order of factors.
// Same bits: bindings/reference/var/simulate.ts.

import { expPair } from '../numeric/exp';
import { normalQuantilePair } from '../numeric/normal';
import { philoxUnits } from '../numeric/philox';
import { centredPair, centredUpper, scrambledFour, sobolReversed, sobolStep } from '../numeric/sobol';

//   out      factor 0: | path 0, 1, 2 ... | stride bytes, factor 1: | ... |
//   normals  number 0: | paths 0 1 | 2 3 | 4 5 | 6 7 |, number 1: | ... |   of one tile, factors rounded up to fours

/** Paths of a tile, and their bytes as doubles. */
const TILE: i32 = 8;
const TILE_BYTES: usize = 64;
/** Direction numbers of one dimension, in bytes. */
const DIRECTIONS: usize = 128;
/** A log move beyond counts as that: a price times 1e30. */
const MOST_LOG: f64 = 69;

/** A log move (or a simple one) as price after / price before - 1, not below -1. */
// @ts-ignore: decorator
@inline
function moves(x: v128, log: bool): v128 {
  if (!log) return f64x2.pmax(x, f64x2.splat(-1));
  return f64x2.sub(expPair(f64x2.pmin(x, f64x2.splat(MOST_LOG))), f64x2.splat(1));
}

/** Uniform numbers in `normals` become normal ones. */
function toNormals(normals: usize, factors: i32): void {
  const end = normals + <usize>factors * TILE_BYTES;
  for (; normals < end; normals += 16) v128.store(normals, normalQuantilePair(v128.load(normals)));
}

/** A tile of every factor; `mixes` is 0 where there are none. */
function combine(
  factors: i32,
  lower: usize,
  means: usize,
  mixes: usize,
  normals: usize,
  out: usize,
  stride: usize,
  log: bool,
): void {
  for (let i = 0; i < factors; i++, means += 8, out += stride) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let z = normals;
    // A row of the factor has i + 1 numbers; rows follow each other.
    for (let j = 0; j <= i; j++, lower += 8, z += TILE_BYTES) {
      const l = v128.load64_splat(lower);
      s0 = f64x2.add(s0, f64x2.mul(l, v128.load(z)));
      s1 = f64x2.add(s1, f64x2.mul(l, v128.load(z, 16)));
      s2 = f64x2.add(s2, f64x2.mul(l, v128.load(z, 32)));
      s3 = f64x2.add(s3, f64x2.mul(l, v128.load(z, 48)));
    }
    if (mixes != 0) {
      s0 = f64x2.mul(v128.load(mixes), s0);
      s1 = f64x2.mul(v128.load(mixes, 16), s1);
      s2 = f64x2.mul(v128.load(mixes, 32), s2);
      s3 = f64x2.mul(v128.load(mixes, 48), s3);
    }
    const mean = v128.load64_splat(means);
    v128.store(out, moves(f64x2.add(mean, s0), log));
    v128.store(out, moves(f64x2.add(mean, s1), log), 16);
    v128.store(out, moves(f64x2.add(mean, s2), log), 32);
    v128.store(out, moves(f64x2.add(mean, s3), log), 48);
  }
}

/** Paths first .. first + 8 tiles - 1 of Philox numbers; see the head of this file for the places. */
export function simulatePhilox(
  factors: i32,
  lower: usize,
  means: usize,
  mixes: usize,
  normals: usize,
  out: usize,
  stride: usize,
  log: bool,
  first: f64,
  tiles: i32,
  key0: u32,
  key1: u32,
): void {
  let n = <u64>first;
  const quads = (factors + 3) >> 2;
  for (let tile = 0; tile < tiles; tile++, n += TILE, out += TILE_BYTES) {
    for (let quad = 0; quad < quads; quad++) {
      const to = normals + <usize>quad * (4 * TILE_BYTES);
      for (let pair = 0; pair < TILE / 2; pair++)
        philoxUnits(to + ((<usize>pair) << 4), TILE_BYTES, n + 2 * pair, quad, key0, key1);
    }
    toNormals(normals, factors);
    combine(factors, lower, means, mixes, normals, out, stride, log);
    if (mixes != 0) mixes += TILE_BYTES;
  }
}

/** Four scrambled coordinates from `state` on; returns the coordinate after them. */
// @ts-ignore: decorator
@inline
function four(to: usize, directions: usize, state: u32, index: u32, seed: u32): u32 {
  const x1 = state ^ sobolStep(directions, index);
  const x2 = x1 ^ sobolStep(directions, index + 1);
  const x3 = x2 ^ sobolStep(directions, index + 2);
  const x = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(state), 1, x1), 2, x2);
  const coordinates = scrambledFour(i32x4.replace_lane(x, 3, x3), seed);
  v128.store(to, centredPair(coordinates));
  v128.store(to, centredUpper(coordinates), 16);
  return x3 ^ sobolStep(directions, index + 3);
}

/** Paths first .. first + 8 tiles - 1 of scrambled Sobol points: 32 reversed direction numbers, a seed and a state for each factor. */
export function simulateSobol(
  factors: i32,
  lower: usize,
  means: usize,
  mixes: usize,
  normals: usize,
  out: usize,
  stride: usize,
  log: bool,
  first: f64,
  tiles: i32,
  directions: usize,
  seeds: usize,
  states: usize,
): void {
  let n = <u32>(<u64>first);
  for (let i: usize = 0; i < <usize>factors; i++)
    store<u32>(states + (i << 2), sobolReversed(directions + i * DIRECTIONS, n));
  for (let tile = 0; tile < tiles; tile++, n += TILE, out += TILE_BYTES) {
    for (let i: usize = 0; i < <usize>factors; i++) {
      const at = directions + i * DIRECTIONS;
      const to = normals + i * TILE_BYTES;
      const seed = load<u32>(seeds + (i << 2));
      const middle = four(to, at, load<u32>(states + (i << 2)), n, seed);
      store<u32>(states + (i << 2), four(to + 32, at, middle, n + 4, seed));
    }
    toNormals(normals, factors);
    combine(factors, lower, means, mixes, normals, out, stride, log);
    if (mixes != 0) mixes += TILE_BYTES;
  }
}
