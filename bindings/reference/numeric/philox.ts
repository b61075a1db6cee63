// Philox4x32: random numbers that are a function of a counter and a key, so that any path of any simulation is known without those
// before it. J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
// Same bits: assembly/numeric/philox.ts.

// As signed words, which engines keep in registers.
const MULTIPLIER_0 = 0xd2511f53 | 0;
const MULTIPLIER_2 = 0xcd9e8d57 | 0;
/** What keys grow by: the golden ratio and the root of 3 less 1, as fractions of 2^32. */
const KEY_STEP_0 = 0x9e3779b9 | 0;
const KEY_STEP_1 = 0xbb67ae85 | 0;
/** As in the paper: 7 would do. */
const ROUNDS = 10;

/** 2^-27 and 2^-53. */
const TO_27 = 7.450580596923828e-9;
const TO_53 = 1.1102230246251565e-16;

/** Upper half of a product of two words: products of halves, all of them 32 bits, so that engines keep to whole numbers. */
function high(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = Math.imul(a1, b0);
  const other = Math.imul(a0, b1);
  const low = (middle & 0xffff) + (other & 0xffff) + (Math.imul(a0, b0) >>> 16);
  return (Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16) + (low >>> 16)) | 0;
}

/**
 * Writes the four words of a counter under a key to `into` and returns it.
 * @param counter - four words of 32 bits
 * @param key - two
 * @example
 * philox([0, 0, 0, 0], [42, 0]); // 2632642643, 2012563771, 314527917, 1463989207
 */
export function philox(
  counter: ArrayLike<number>,
  key: ArrayLike<number>,
  into: Uint32Array = new Uint32Array(4),
  rounds: number = ROUNDS,
): Uint32Array {
  let c0 = counter[0]! | 0;
  let c1 = counter[1]! | 0;
  let c2 = counter[2]! | 0;
  let c3 = counter[3]! | 0;
  let k0 = key[0]! | 0;
  let k1 = key[1]! | 0;
  for (let i = 0; i < rounds; i++) {
    const p = high(MULTIPLIER_0, c0);
    const q = high(MULTIPLIER_2, c2);
    const pLow = Math.imul(MULTIPLIER_0, c0);
    const qLow = Math.imul(MULTIPLIER_2, c2);
    c0 = q ^ c1 ^ k0;
    c1 = qLow;
    c2 = p ^ c3 ^ k1;
    c3 = pLow;
    k0 = (k0 + KEY_STEP_0) | 0;
    k1 = (k1 + KEY_STEP_1) | 0;
  }
  into[0] = c0;
  into[1] = c1;
  into[2] = c2;
  into[3] = c3;
  return into;
}

/**
 * A number of [0, 1) with 53 bits from two words.
 * @example
 * unit(2 ** 31, 0); // 0.5
 */
export function unit(highWord: number, lowWord: number): number {
  return (highWord >>> 5) * TO_27 + (lowWord >>> 6) * TO_53;
}

/**
 * A number of (0, 1), an odd multiple of 2^-53: as far from 0 as from 1, so that it has a normal number on either side.
 * @example
 * openUnit(0, 0); // 1.1102230246251565e-16
 */
export function openUnit(highWord: number, lowWord: number): number {
  return (highWord >>> 5) * TO_27 + ((lowWord >>> 6) | 1) * TO_53;
}
