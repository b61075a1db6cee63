// Philox4x32: random numbers that are a function of a counter and a key, so that any path of any simulation is known without those
// before it. J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
// Same bits: bindings/reference/numeric/philox.ts.

const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_2: u32 = 0xcd9e8d57;
/** What keys grow by: the golden ratio and the root of 3 less 1, as fractions of 2^32. */
const KEY_STEP_0: u32 = 0x9e3779b9;
const KEY_STEP_1: u32 = 0xbb67ae85;
/** As in the paper: 7 would do. */
export const ROUNDS: i32 = 10;
/** 2^-27 and 2^-53. */
const TO_27: f64 = 7.450580596923828e-9;
const TO_53: f64 = 1.1102230246251565e-16;

/** Writes four words for the counter and key (four words and two) at `from`; `to` may be the same place. */
export function philox(from: usize, to: usize, rounds: i32): void {
  let c0 = load<u32>(from);
  let c1 = load<u32>(from, 4);
  let c2 = load<u32>(from, 8);
  let c3 = load<u32>(from, 12);
  let k0 = load<u32>(from, 16);
  let k1 = load<u32>(from, 20);
  for (let i = 0; i < rounds; i++) {
    const p = <u64>MULTIPLIER_0 * c0;
    const q = <u64>MULTIPLIER_2 * c2;
    c0 = (<u32>(q >> 32)) ^ c1 ^ k0;
    c1 = <u32>q;
    c2 = (<u32>(p >> 32)) ^ c3 ^ k1;
    c3 = <u32>p;
    k0 += KEY_STEP_0;
    k1 += KEY_STEP_1;
  }
  store<u32>(to, c0);
  store<u32>(to, c1, 4);
  store<u32>(to, c2, 8);
  store<u32>(to, c3, 12);
}

/** Upper words of the products of four lanes and a constant. */
// @ts-ignore: decorator
@inline
function highs(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7);
}

/** Numbers of (0, 1), odd multiples of 2^-53, of the two lower lanes. */
// @ts-ignore: decorator
@inline
function units(high: v128, low: v128): v128 {
  const upper = f64x2.convert_low_i32x4_u(i32x4.shr_u(high, 5));
  const lower = f64x2.convert_low_i32x4_u(v128.or(i32x4.shr_u(low, 6), i32x4.splat(1)));
  return f64x2.add(f64x2.mul(upper, f64x2.splat(TO_27)), f64x2.mul(lower, f64x2.splat(TO_53)));
}

// @ts-ignore: decorator
@inline
function upperLanes(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 2, 3);
}

/**
 * Uniform numbers 4 quad .. 4 quad + 3 of paths n and n + 1, a pair each, `step` bytes apart: two counters (block 2 quad, 2 quad + 1)
 * of two paths go through the rounds together. A counter is path (two words), block, 0.
 */
// @ts-ignore: decorator
@inline
export function philoxUnits(to: usize, step: usize, n: u64, quad: u32, key0: u32, key1: u32): void {
  const next = n + 1;
  let c0 = i32x4.splat(<i32>n);
  c0 = i32x4.replace_lane(i32x4.replace_lane(c0, 1, <i32>next), 3, <i32>next);
  let c1 = i32x4.splat(<i32>(n >> 32));
  c1 = i32x4.replace_lane(i32x4.replace_lane(c1, 1, <i32>(next >> 32)), 3, <i32>(next >> 32));
  let c2 = i32x4.splat(2 * quad);
  c2 = i32x4.replace_lane(i32x4.replace_lane(c2, 2, 2 * quad + 1), 3, 2 * quad + 1);
  let c3 = i32x4.splat(0);
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m2 = i32x4.splat(MULTIPLIER_2);
  for (let i = 0; i < ROUNDS; i++) {
    const p = highs(c0, m0);
    const q = highs(c2, m2);
    const pLow = i32x4.mul(c0, m0);
    const qLow = i32x4.mul(c2, m2);
    c0 = v128.xor(v128.xor(q, c1), i32x4.splat(key0));
    c1 = qLow;
    c2 = v128.xor(v128.xor(p, c3), i32x4.splat(key1));
    c3 = pLow;
    key0 += KEY_STEP_0;
    key1 += KEY_STEP_1;
  }
  v128.store(to, units(c0, c1));
  v128.store(to + step, units(c2, c3));
  v128.store(to + 2 * step, units(upperLanes(c0), upperLanes(c1)));
  v128.store(to + 3 * step, units(upperLanes(c2), upperLanes(c3)));
}
