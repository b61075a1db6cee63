// Random numbers and simulation inside wasm: published words of Philox, its pairs and quads against it, Sobol points against their
// Gray code, tiles against single paths. The bits of the reference are in tests/simulate.test.ts.
import { exp } from '../numeric/exp';
import { normalQuantile } from '../numeric/normal';
import { philox, philoxUnits, ROUNDS } from '../numeric/philox';
import { centredPair, centredUpper, scrambledFour, sobolReversed, sobolStep } from '../numeric/sobol';
import { simulatePhilox, simulateSobol } from '../var/simulate';

const words = memory.data(32, 16);
const units = memory.data(4 * 64, 16);
const directions = memory.data(2 * 128, 16);
const seeds = memory.data(8, 16);
const states = memory.data(8, 16);
const lower = memory.data(3 * 8, 16);
const means = memory.data(2 * 8, 16);
const mixes = memory.data(16 * 8, 16);
const normals = memory.data(8 * 64, 16);
const out = memory.data(2 * 16 * 8, 16);
const STRIDE: usize = 128;

function given(c0: u32, c1: u32, c2: u32, c3: u32, k0: u32, k1: u32): void {
  store<u32>(words, c0);
  store<u32>(words, c1, 4);
  store<u32>(words, c2, 8);
  store<u32>(words, c3, 12);
  store<u32>(words, k0, 16);
  store<u32>(words, k1, 20);
}

function isNow(w0: u32, w1: u32, w2: u32, w3: u32): bool {
  return load<u32>(words) == w0 && load<u32>(words, 4) == w1 && load<u32>(words, 8) == w2 && load<u32>(words, 12) == w3;
}

/** A number of (0, 1) from two words of the last `philox`. */
function unitAt(pair: usize): f64 {
  const high = load<u32>(words + 8 * pair) >> 5;
  const low = (load<u32>(words + 8 * pair, 4) >> 6) | 1;
  return <f64>high * 7.450580596923828e-9 + <f64>low * 1.1102230246251565e-16;
}

/** Uniform number `i` of path n, as the reference defines it. */
function uniform(n: u64, i: u32, k0: u32, k1: u32): f64 {
  given(<u32>n, <u32>(n >> 32), i >> 1, 0, k0, k1);
  philox(words, words, ROUNDS);
  return unitAt(i & 1);
}

/** Direction numbers of the first dimension, and of the second (degree 1, m = 1), their bits reversed. */
function prepare(): void {
  for (let i: u32 = 0; i < 32; i++) store<u32>(directions + (i << 2), 1 << i);
  // v_1 = 2^31, v_i = v_(i-1) xor v_(i-1) / 2: reversed, a shift to the left.
  let v: u32 = 1;
  for (let i: u32 = 0; i < 32; i++, v ^= v << 1) store<u32>(directions + 128 + (i << 2), v);
  store<u32>(seeds, 0x12345678);
  store<u32>(seeds, 0x9abcdef0, 4);
  store<f64>(lower, 0.03);
  store<f64>(lower, 0.02, 8);
  store<f64>(lower, 0.01, 16);
  store<f64>(means, 0.001);
  store<f64>(means, -0.002, 8);
  for (let i: usize = 0; i < 16; i++) store<f64>(mixes + (i << 3), 1 + <f64>i / 16);
}

describe('philox', () => {
  // D. E. Shaw Research, random123, tests/kat_vectors.
  test('published words', () => {
    given(0, 0, 0, 0, 0, 0);
    philox(words, words, 7);
    expect(isNow(0x5f6fb709, 0x0d893f64, 0x4f121f81, 0x4f730a48)).toBe(true);
    given(0, 0, 0, 0, 0, 0);
    philox(words, words, 10);
    expect(isNow(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8)).toBe(true);
    given(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
    philox(words, words, 10);
    expect(isNow(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1)).toBe(true);
  });

  test('two counters of two paths together', () => {
    for (let k: u64 = 0; k < 40; k++) {
      // Across the carry into the second word as well.
      const n = k < 20 ? k : 0xfffffff0 + k;
      philoxUnits(units, 64, n, <u32>k, 42, 7);
      for (let i: u32 = 0; i < 4; i++) {
        expect(load<f64>(units + 64 * i)).toBe(uniform(n, 4 * <u32>k + i, 42, 7));
        expect(load<f64>(units + 64 * i, 8)).toBe(uniform(n + 1, 4 * <u32>k + i, 42, 7));
      }
    }
  });
});

describe('sobol', () => {
  test('stepping is looking up', () => {
    prepare();
    for (let d: usize = 0; d < 256; d += 128) {
      let x = sobolReversed(directions + d, 1000);
      for (let n: u32 = 1000; n < 1100; n++) {
        expect(x).toBe(sobolReversed(directions + d, n));
        x ^= sobolStep(directions + d, n);
      }
    }
    expect(sobolReversed(directions, 5)).toBe(7);
    expect(sobolReversed(directions + 128, 0)).toBe(0);
  });

  test('scrambling keeps the first bit that differs', () => {
    const four = scrambledFour(i32x4(0, 1, 2, 4), 99);
    const a = i32x4.extract_lane(four, 0);
    expect(clz(a ^ i32x4.extract_lane(four, 1))).toBe(0);
    expect(clz(a ^ i32x4.extract_lane(four, 2))).toBe(1);
    expect(clz(a ^ i32x4.extract_lane(four, 3))).toBe(2);
  });

  test('the middle of a cell is never 0 nor 1', () => {
    const pair = centredPair(i32x4(0, -1, 5, 5));
    expect(f64x2.extract_lane(pair, 0)).toBe(1.1641532182693481e-10);
    expect(f64x2.extract_lane(pair, 1)).toBe(1 - 1.1641532182693481e-10);
    const upper = centredUpper(i32x4(0, -1, 5, i32.MIN_VALUE));
    expect(f64x2.extract_lane(upper, 1)).toBe(0.5 + 1.1641532182693481e-10);
  });
});

describe('simulate', () => {
  test('tiles of Philox paths', () => {
    prepare();
    for (let form = 0; form < 4; form++) {
      const log = (form & 1) != 0;
      const mixed = (form & 2) != 0;
      simulatePhilox(2, lower, means, mixed ? mixes : 0, normals, out, STRIDE, log, 11, 2, 42, 7);
      for (let path: u32 = 0; path < 16; path++) {
        const z0 = normalQuantile(uniform(11 + path, 0, 42, 7));
        const z1 = normalQuantile(uniform(11 + path, 1, 42, 7));
        let sum = 0.02 * z0 + 0.01 * z1;
        if (mixed) sum = load<f64>(mixes + ((<usize>path) << 3)) * sum;
        const move = log ? exp(-0.002 + sum) - 1 : -0.002 + sum;
        expect(load<f64>(out + STRIDE + ((<usize>path) << 3))).toBe(move);
      }
    }
  });

  test('tiles of Sobol paths', () => {
    prepare();
    simulateSobol(2, lower, means, 0, normals, out, STRIDE, false, 3, 2, directions, seeds, states);
    for (let path: u32 = 0; path < 16; path++) {
      const x0 = scrambledFour(i32x4.splat(sobolReversed(directions, 3 + path)), 0x12345678);
      const x1 = scrambledFour(i32x4.splat(sobolReversed(directions + 128, 3 + path)), 0x9abcdef0);
      const z0 = normalQuantile(f64x2.extract_lane(centredPair(x0), 0));
      const z1 = normalQuantile(f64x2.extract_lane(centredPair(x1), 1));
      expect(load<f64>(out + ((<usize>path) << 3))).toBe(0.001 + 0.03 * z0);
      expect(load<f64>(out + STRIDE + ((<usize>path) << 3))).toBe(-0.002 + (0.02 * z0 + 0.01 * z1));
    }
  });

  test('no price falls by more than all', () => {
    prepare();
    store<f64>(lower, 1e6);
    simulatePhilox(1, lower, means, 0, normals, out, STRIDE, false, 0, 2, 1, 2);
    let least: f64 = 0;
    for (let i: usize = 0; i < 16; i++) least = min(least, load<f64>(out + (i << 3)));
    expect(least).toBe(-1);
    simulatePhilox(1, lower, means, 0, normals, out, STRIDE, true, 0, 2, 1, 2);
    for (let i: usize = 0; i < 16; i++) expect(abs(load<f64>(out + (i << 3)))).toBeLessThan(1e30);
  });
});
