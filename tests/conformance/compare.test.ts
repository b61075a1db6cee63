// The conformance runner's own rules: how values compare, and that a file's digits survive being read.
import { describe, expect, it } from 'vitest';
import { adapterOf } from './adapters/index.js';
import { parseExactly, referred } from './cases.js';
import { knownBugs, mismatches, type Tolerance, ulpDistance } from './compare.js';

const EXACT: Tolerance = { abs: 0, rel: 0 };
const agrees = (got: unknown, want: unknown, tolerance = EXACT): boolean =>
  mismatches(got, want, tolerance).length === 0;

describe('values', () => {
  it('compare whatever way they are written', () => {
    expect(agrees(0.46875, '15/32')).toBe(true);
    expect(agrees(5_000n * 10n ** 24n, '5e27')).toBe(true);
    expect(agrees(5_001n * 10n ** 24n, '5e27')).toBe(false);
    expect(agrees('0.30', 0.3)).toBe(true);
    expect(agrees('1.00000000000000000001', '1')).toBe(false);
    expect(agrees(null, null)).toBe(true);
    expect(agrees(0, null)).toBe(false);
    expect(agrees(undefined, 0)).toBe(false);
    expect(agrees(true, true)).toBe(true);
    expect(agrees('long', 'long')).toBe(true);
  });

  it('keep integers past 2^53 apart', () => {
    expect(agrees(9_007_199_254_740_993n, '9007199254740993')).toBe(true);
    expect(agrees(9_007_199_254_740_992n, '9007199254740993')).toBe(false);
    expect(agrees(2 ** 53, '9007199254740993')).toBe(false);
    expect(agrees(9_007_199_254_740_992n, '9007199254740993', { abs: 1 })).toBe(true);
  });

  it('pass on the bound of their tolerance and not beyond', () => {
    expect(agrees(102, 100, { abs: 1, rel: 0.01 })).toBe(true);
    expect(agrees(102.1, 100, { abs: 1, rel: 0.01 })).toBe(false);
    expect(agrees(Number.NaN, 0, { abs: 1 })).toBe(false);
    expect(agrees(Number.POSITIVE_INFINITY, 1, { abs: 1, rel: 1 })).toBe(false);
    expect(agrees(1 + Number.EPSILON, 1, { ulp: 1 })).toBe(true);
    expect(agrees(1 + 2 * Number.EPSILON, 1, { ulp: 1 })).toBe(false);
    expect(ulpDistance(-Number.MIN_VALUE, Number.MIN_VALUE)).toBe(2);
  });

  it('are looked at in lists, objects and by field', () => {
    const want = { a: [1, 2], b: { c: 3 } };
    expect(agrees({ a: [1, 2], b: { c: 3, d: 4 }, e: 5 }, want)).toBe(true);
    expect(mismatches({ a: [1], b: { c: 3 } }, want, EXACT).map(({ field }) => field)).toEqual(['a']);
    expect(mismatches({ a: [1, 9], b: { c: 4 } }, want, EXACT).map(({ field }) => field)).toEqual(['a.1', 'b.c']);
    expect(mismatches({ a: [1, 9], b: { c: 4 } }, want, EXACT, { c: { abs: 1 } }).map(({ field }) => field)).toEqual([
      'a.1',
    ]);
  });

  it('that a known bug gives are named', () => {
    expect(knownBugs({ x: 7, y: 1 }, { x: 7, y: 1, z: null }, { x: 8, y: 1 }, EXACT)).toHaveLength(1);
    expect(knownBugs({ x: 8 }, { x: 7 }, { x: 8 }, EXACT)).toEqual([]);
  });
});

describe('a file', () => {
  it('keeps every digit of its numbers', () => {
    const text =
      '{"a":9007199254740993,"b":-18446744073709551616,"c":0.1,"d":"12345678901234567890 \\"1","e":1e-7,"f":[1.5e3,12]}';
    expect(parseExactly(text)).toEqual({
      a: '9007199254740993',
      b: '-18446744073709551616',
      c: 0.1,
      d: '12345678901234567890 "1',
      e: 1e-7,
      f: [1500, 12],
    });
  });

  it('lends inputs from case to case', () => {
    const one = { id: 'one', system: 's', kind: 'k', inputs: { returns: [1, 2], p: 0.9 }, expected: {} };
    const asks = (inputs: object) => ({ ...one, id: 'two', inputs: { p: 0.99, ...inputs } });
    const [, borrowed, unknown, own] = referred([
      one,
      asks({ returnsRef: 'one' }),
      asks({ returnsRef: 'none' }),
      asks({ returnsRef: 'one', returns: [3] }),
    ]);
    expect(borrowed?.inputs).toEqual({ p: 0.99, returnsRef: 'one', returns: [1, 2] });
    expect(unknown?.inputs).toEqual({ p: 0.99, returnsRef: 'none' });
    expect(own?.inputs.returns).toEqual([3]);
  });

  it('is answered by system, kind and mode alone', () => {
    expect(adapterOf('dydx-v4', 'margin', 'position')).toBeTypeOf('function');
    expect(adapterOf('dydx-v4', 'margin', undefined)).toBeUndefined();
    expect(adapterOf('toString', 'constructor', undefined)).toBeUndefined();
  });
});
