// Points of I. M. Sobol (1967) that fill the unit cube more evenly than random ones, in the order of the Gray code, 32 bits a
// coordinate; and A. B. Owen's scrambling by a hash: B. Burley, Practical hash-based Owen scrambling (JCGT 9, 2020), with the
// permutation of S. Laine and T. Karras (2011). Any point follows from its index. Direction numbers come with their bits reversed, as
// the hash wants them. Same bits: bindings/reference/numeric/sobol.ts.

/** 2^-32. */
const TO_32: f64 = 2.3283064365386963e-10;

/** A coordinate, its bits reversed, from 32 reversed direction numbers. */
export function sobolReversed(directions: usize, index: u32): u32 {
  let gray = index ^ (index >> 1);
  let x: u32 = 0;
  for (; gray != 0; gray >>= 1, directions += 4) if (gray & 1) x ^= load<u32>(directions);
  return x;
}

/** What changes from point `index` to the next: the direction of its lowest bit that is 0. */
// @ts-ignore: decorator
@inline
export function sobolStep(directions: usize, index: u32): u32 {
  // Behind the last of 2^32 points comes the first: no path asks for it.
  return load<u32>(directions + (((<usize>ctz(~index)) & 31) << 2));
}

// @ts-ignore: decorator
@inline
function hashed(x: v128, multiplier: u32): v128 {
  return v128.xor(x, i32x4.mul(x, i32x4.splat(multiplier)));
}

/** Reverses the bits of each of 16 bytes: nibbles looked up in a table of 16. */
// @ts-ignore: decorator
@inline
function reversedBytes(x: v128): v128 {
  const table = i8x16(0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
  const lower = i8x16.swizzle(table, v128.and(x, i8x16.splat(15)));
  const upper = i8x16.swizzle(table, i8x16.shr_u(x, 4));
  return v128.or(i8x16.shl(lower, 4), upper);
}

/** Four coordinates, scrambled, from those with their bits reversed. */
// @ts-ignore: decorator
@inline
export function scrambledFour(reversed: v128, seed: u32): v128 {
  let x = i32x4.add(reversed, i32x4.splat(seed));
  x = hashed(x, 0x6c50b47c);
  x = hashed(x, 0xb82f1e52);
  x = hashed(x, 0xc7afe638);
  x = hashed(x, 0x8d22f6e6);
  const bytes = reversedBytes(x);
  return v128.shuffle<i8>(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** The middles of the cells of two coordinates (the lower lanes), numbers of (0, 1). */
// @ts-ignore: decorator
@inline
export function centredPair(coordinates: v128): v128 {
  return f64x2.mul(f64x2.add(f64x2.convert_low_i32x4_u(coordinates), f64x2.splat(0.5)), f64x2.splat(TO_32));
}

/** The same of the upper lanes. */
// @ts-ignore: decorator
@inline
export function centredUpper(coordinates: v128): v128 {
  return centredPair(v128.shuffle<i32>(coordinates, coordinates, 2, 3, 2, 3));
}
