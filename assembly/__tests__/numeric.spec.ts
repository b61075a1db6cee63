// exp, log and pow inside wasm: special values with their bits, exact cases, and expPair against exp lane by lane.
// Accuracy against exact arithmetic and equality with the reference are in tests/numeric.test.ts.
import { exp, expPair } from '../numeric/exp';
import { log } from '../numeric/log';
import { pow } from '../numeric/pow';

const CANONICAL_NAN: u64 = 0x7ff8000000000000;
const PAYLOAD_NAN: u64 = 0xfff8000000000123;
const MAX = f64.MAX_VALUE;
const TINY: f64 = 5e-324;
const SEED: u64 = 20221109;

function isCanonicalNaN(x: f64): bool {
  return reinterpret<u64>(x) == CANONICAL_NAN;
}

let state: u64 = SEED;

/** xorshift64 (G. Marsaglia, J. Stat. Softw. 8, 2003). */
function random(): u64 {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

function same(a: f64, b: f64): bool {
  return reinterpret<u64>(a) == reinterpret<u64>(b);
}

/** Random lanes over the whole range of a double, then over the range where exp is finite. */
function lane(i: i32): f64 {
  if (i & 1) return reinterpret<f64>(random());
  return (<f64>(random() >> 11) / 9007199254740992.0 - 0.5) * 1500;
}

describe('exp', () => {
  it('special values', () => {
    expect<f64>(exp(0)).toBe(1);
    expect<f64>(exp(-0.0)).toBe(1);
    expect<f64>(exp(1)).toBe(Math.E);
    expect<f64>(exp(709.782712893384)).toBe(1.7976931348622732e308);
    expect<f64>(exp(709.7827128933841)).toBe(Infinity);
    expect<f64>(exp(Infinity)).toBe(Infinity);
    expect<f64>(exp(-745.1332191019411)).toBe(TINY);
    expect<f64>(exp(-745.1332191019412)).toBe(0);
    expect<f64>(exp(-Infinity)).toBe(0);
  });
  it('canonical NaN', () => {
    expect<bool>(isCanonicalNaN(exp(NaN))).toBe(true);
    expect<bool>(isCanonicalNaN(exp(reinterpret<f64>(PAYLOAD_NAN)))).toBe(true);
  });
  it('never decreases at the table steps', () => {
    for (let i = -68000; i < 65000; i += 7) {
      const x = ((<f64>i + 0.5) * 0.6931471805599453) / 64;
      const y = reinterpret<f64>(reinterpret<u64>(x) + 1);
      if (x < 0 ? exp(y) > exp(x) : exp(y) < exp(x)) expect<f64>(x).toBe(0, 'exp decreases here');
    }
  });
  it('expPair gives the bits of exp in both lanes', () => {
    let differ = 0;
    for (let i = 0; i < 100000; i++) {
      const a = lane(i);
      const b = lane(i >> 1);
      const pair = expPair(f64x2(a, b));
      if (!same(f64x2.extract_lane(pair, 0), exp(a)) || !same(f64x2.extract_lane(pair, 1), exp(b))) differ++;
    }
    expect<i32>(differ).toBe(0);
  });
});

describe('log', () => {
  it('special values', () => {
    expect<f64>(log(1)).toBe(0);
    expect<f64>(log(0)).toBe(-Infinity);
    expect<f64>(log(-0.0)).toBe(-Infinity);
    expect<f64>(log(Infinity)).toBe(Infinity);
    expect<f64>(log(2)).toBe(Math.LN2);
    expect<f64>(log(10)).toBe(Math.LN10);
    expect<f64>(log(TINY)).toBe(-744.4400719213812);
    expect<f64>(log(MAX)).toBe(709.782712893384);
    expect<f64>(log(0.9999999999999999)).toBe(-1.1102230246251565e-16);
  });
  it('canonical NaN', () => {
    expect<bool>(isCanonicalNaN(log(NaN))).toBe(true);
    expect<bool>(isCanonicalNaN(log(reinterpret<f64>(PAYLOAD_NAN)))).toBe(true);
    expect<bool>(isCanonicalNaN(log(-TINY))).toBe(true);
    expect<bool>(isCanonicalNaN(log(-Infinity))).toBe(true);
  });
});

describe('pow', () => {
  it('special values', () => {
    expect<f64>(pow(0, 0)).toBe(1);
    expect<f64>(pow(Infinity, 0)).toBe(1);
    expect<f64>(pow(1, Infinity)).toBe(1);
    expect<f64>(pow(0, 2.5)).toBe(0);
    expect<bool>(same(pow(-0.0, 3), 0)).toBe(true);
    expect<bool>(same(pow(-0.0, 1), 0)).toBe(true);
    expect<f64>(pow(0, -1)).toBe(Infinity);
    expect<f64>(pow(Infinity, 0.5)).toBe(Infinity);
    expect<f64>(pow(Infinity, -0.5)).toBe(0);
    expect<f64>(pow(2, Infinity)).toBe(Infinity);
    expect<f64>(pow(2, -Infinity)).toBe(0);
    expect<f64>(pow(0.5, Infinity)).toBe(0);
    expect<f64>(pow(0.5, -Infinity)).toBe(Infinity);
    expect<f64>(pow(0.1, 1)).toBe(0.1);
    expect<f64>(pow(MAX, 2)).toBe(Infinity);
    expect<f64>(pow(0.5, 1074)).toBe(TINY);
  });
  it('canonical NaN: NaN in, or a base below 0', () => {
    expect<bool>(isCanonicalNaN(pow(NaN, 0))).toBe(true);
    expect<bool>(isCanonicalNaN(pow(1, reinterpret<f64>(PAYLOAD_NAN)))).toBe(true);
    expect<bool>(isCanonicalNaN(pow(-8, 2))).toBe(true);
    expect<bool>(isCanonicalNaN(pow(-Infinity, 0))).toBe(true);
  });
  it('exact results are exact', () => {
    for (let i = 1; i < 1000; i++) {
      const x = <f64>i;
      if (pow(x, 2) != x * x || pow(x, 3) != x * x * x || pow(x * x, 0.5) != x) expect<f64>(x).toBe(0, 'inexact here');
    }
    expect<f64>(pow(10, 22)).toBe(1e22);
    expect<f64>(pow(2, -1074)).toBe(TINY);
  });
});
