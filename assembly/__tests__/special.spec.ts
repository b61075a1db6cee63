// erf, erfc, erfcx, the normal distribution and Student's t inside wasm: special values with their bits, every pair against
// its scalar twin lane by lane, and maps of odd counts. Accuracy is in tests/special-functions.test.ts.
import { erf, erfc, erfcPair, erfcx, erfcxPair, erfPair } from '../numeric/erf';
import { exp } from '../numeric/exp';
import { log, log1p, logPair } from '../numeric/log';
import { map, mapWith } from '../numeric/maps';
import {
  normalCdf,
  normalCdfPair,
  normalDensity,
  normalDensityPair,
  normalLogCdf,
  normalLogCdfPair,
  normalQuantile,
  normalQuantilePair,
} from '../numeric/normal';
import { pow } from '../numeric/pow';
import { studentCdf, studentQuantile } from '../numeric/student';
import { random } from './random';

const PAYLOAD_NAN: u64 = 0xfff8000000000123;
const MAX = f64.MAX_VALUE;
const TINY: f64 = 5e-324;
const MAPS: i32 = 9;
const ROOM: i32 = 32;

const from = memory.data(256, 16);
const to = memory.data(256, 16);

function same(a: f64, b: f64): bool {
  return reinterpret<u64>(a) == reinterpret<u64>(b);
}

function isCanonicalNaN(x: f64): bool {
  return reinterpret<u64>(x) == 0x7ff8000000000000;
}

function scalar(code: i32, x: f64): f64 {
  if (code == 0) return exp(x);
  if (code == 1) return log(x);
  if (code == 2) return erf(x);
  if (code == 3) return erfc(x);
  if (code == 4) return erfcx(x);
  if (code == 5) return normalCdf(x);
  if (code == 6) return normalLogCdf(x);
  if (code == 7) return normalDensity(x);
  return normalQuantile(x);
}

function pair(code: i32, x: v128): v128 {
  if (code == 1) return logPair(x);
  if (code == 2) return erfPair(x);
  if (code == 3) return erfcPair(x);
  if (code == 4) return erfcxPair(x);
  if (code == 5) return normalCdfPair(x);
  if (code == 6) return normalLogCdfPair(x);
  if (code == 7) return normalDensityPair(x);
  return normalQuantilePair(x);
}

/** Any bits, the range of tails, the middle, probabilities, small ones. */
function lane(kind: i32): f64 {
  if (kind == 0) return reinterpret<f64>(((<u64>(random() * 4294967296)) << 32) | (<u64>(random() * 4294967296)));
  if (kind == 1) return (random() - 0.5) * 80;
  if (kind == 2) return (random() - 0.5) * 4;
  if (kind == 3) return random();
  return random() * exp(-700 * random());
}

describe('pairs', () => {
  it('give the bits of their scalar twins, whatever way the other lane goes', () => {
    for (let code = 1; code < MAPS; code++) {
      let differ = 0;
      for (let i = 0; i < 20000; i++) {
        const a = lane(i % 5);
        const b = lane((i / 5) % 5);
        const y = pair(code, f64x2(a, b));
        if (!same(f64x2.extract_lane(y, 0), scalar(code, a)) || !same(f64x2.extract_lane(y, 1), scalar(code, b)))
          differ++;
      }
      expect<i32>(differ).toBe(0, 'function ' + code.toString());
    }
  });
  it('of functions that are odd or even are odd or even', () => {
    for (let i = 0; i < 2000; i++) {
      const x = lane(i % 5);
      if (isNaN(x)) continue;
      if (!same(erf(-x), -erf(x)) || !same(normalDensity(-x), normalDensity(x))) expect<f64>(x).toBe(0, 'not here');
      if (x > 0 && erfc(x) + erfc(-x) != 2) expect<f64>(x).toBe(0, 'halves do not meet');
    }
  });
});

describe('maps', () => {
  it('write n numbers for every count', () => {
    for (let code = 0; code < MAPS; code++) {
      for (let n = 0; n < ROOM; n++) {
        for (let i = 0; i < ROOM; i++) store<f64>(from + (i << 3), <f64>i / 16);
        memory.fill(to, 0, ROOM << 3);
        map(code, from, to, n);
        for (let i = 0; i < n; i++) {
          if (!same(load<f64>(to + (i << 3)), scalar(code, <f64>i / 16))) expect<i32>(i).toBe(-1, 'differs here');
        }
        // The last pair is written whole, and nothing behind it.
        for (let i = (n + 1) & ~1; i < ROOM; i++) expect<f64>(load<f64>(to + (i << 3))).toBe(0);
      }
    }
  });
  it('with a parameter, in place', () => {
    for (let code = 0; code < 3; code++) {
      for (let i = 0; i < 9; i++) store<f64>(from + (i << 3), <f64>i / 9);
      mapWith(code, from, from, 9, 2.5);
      for (let i = 0; i < 9; i++) {
        const x = <f64>i / 9;
        const y = code == 0 ? pow(x, 2.5) : code == 1 ? studentCdf(x, 2.5) : studentQuantile(x, 2.5);
        expect<bool>(same(load<f64>(from + (i << 3)), y)).toBe(true);
      }
    }
  });
});

describe('special values', () => {
  it('of erf, erfc and erfcx', () => {
    expect<bool>(same(erf(-0.0), -0.0)).toBe(true);
    expect<f64>(erf(TINY)).toBe(TINY);
    expect<f64>(erf(-Infinity)).toBe(-1);
    expect<f64>(erfc(0)).toBe(1);
    expect<f64>(erfc(27.226017111108362)).toBe(TINY);
    expect<f64>(erfc(27.3)).toBe(0);
    expect<f64>(erfc(-Infinity)).toBe(2);
    expect<f64>(erfcx(0)).toBe(1);
    expect<f64>(erfcx(MAX)).toBe(3.138408733985445e-309);
    expect<f64>(erfcx(Infinity)).toBe(0);
    expect<f64>(erfcx(-26.63)).toBe(Infinity);
  });
  it('of the normal distribution', () => {
    expect<f64>(normalCdf(0)).toBe(0.5);
    expect<f64>(normalCdf(-38.485)).toBe(TINY);
    expect<f64>(normalCdf(-38.6)).toBe(0);
    expect<f64>(normalDensity(0)).toBe(0.3989422804014327);
    expect<f64>(normalLogCdf(-1e200)).toBe(-Infinity);
    expect<bool>(same(normalLogCdf(39), 0)).toBe(true);
    expect<f64>(normalQuantile(0)).toBe(-Infinity);
    expect<f64>(normalQuantile(1)).toBe(Infinity);
    expect<bool>(same(normalQuantile(0.5), 0)).toBe(true);
    expect<f64>(normalQuantile(TINY)).toBe(-38.467405617144344);
  });
  it("of Student's distribution", () => {
    expect<f64>(studentCdf(0, 3)).toBe(0.5);
    expect<f64>(studentCdf(-Infinity, 3)).toBe(0);
    expect<f64>(studentCdf(-1, Infinity)).toBe(normalCdf(-1));
    expect<f64>(studentCdf(-1, 1e-300)).toBe(0.5);
    expect<f64>(studentQuantile(0.5, 3)).toBe(0);
    expect<f64>(studentQuantile(0, 3)).toBe(-Infinity);
    expect<f64>(studentQuantile(0.3, 1e-300)).toBe(-Infinity);
    expect<f64>(studentQuantile(0.01, 4)).toBe(-3.746947387979197);
  });
  it('of log1p', () => {
    expect<f64>(log1p(TINY)).toBe(TINY);
    expect<bool>(abs(log1p(1e-9) - 9.999999995e-10) < 7e-25).toBe(true);
    expect<f64>(log1p(-0.5)).toBe(-0.6931471805599453);
  });
  it('canonical NaN', () => {
    const payload = reinterpret<f64>(PAYLOAD_NAN);
    for (let code = 0; code < MAPS; code++) expect<bool>(isCanonicalNaN(scalar(code, payload))).toBe(true);
    expect<bool>(isCanonicalNaN(normalQuantile(-TINY))).toBe(true);
    expect<bool>(isCanonicalNaN(studentCdf(payload, 3))).toBe(true);
    expect<bool>(isCanonicalNaN(studentCdf(1, 0))).toBe(true);
    expect<bool>(isCanonicalNaN(studentQuantile(0.5, -1))).toBe(true);
    expect<bool>(isCanonicalNaN(studentQuantile(2, 3))).toBe(true);
  });
});
