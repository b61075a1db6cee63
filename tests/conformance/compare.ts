// Compares an answer with the expected value of a case: decimals, fractions, big integers, null, lists and objects, each
// number within |got - want| <= abs + rel * |want| or within a count of ulps. Big integers and texts compare exactly.
import { decimalParts } from 'margin-kernel/venues/decimal';

export interface Tolerance {
  abs?: number | string;
  rel?: number | string;
  ulp?: number;
}

export interface Mismatch {
  field: string;
  got: unknown;
  want: unknown;
}

interface Rational {
  numerator: bigint;
  denominator: bigint;
}

const NUMERIC = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(\s*\/\s*(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)?\s*$/i;

/** Whether a text is a decimal, an exponent or a fraction. */
const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && NUMERIC.test(value));

/** Whether a value is a fraction of two decimals, as in "15/32". */
export const isFraction = (value: unknown): value is string =>
  typeof value === 'string' && value.includes('/') && NUMERIC.test(value);

function rational(value: number | string | bigint): Rational {
  if (typeof value === 'string' && value.includes('/')) {
    const [above = '', below = ''] = value.split('/');
    const a = rational(above);
    const b = rational(below);
    return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator };
  }
  const { digits, exponent } = decimalParts(value);
  return exponent >= 0
    ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
}

/** The nearest double of a number as a case writes it. */
export function toNumber(value: number | string | bigint): number {
  if (typeof value !== 'string' || !value.includes('/')) return Number(value);
  const [above = '', below = ''] = value.split('/');
  return Number(above) / Number(below);
}

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

function withinExactly(got: number | string | bigint, want: number | string | bigint, tolerance: Tolerance): boolean {
  const [g, w, abs, rel] = [rational(got), rational(want), rational(tolerance.abs ?? 0), rational(tolerance.rel ?? 0)];
  const distance = magnitude(g.numerator * w.denominator - w.numerator * g.denominator);
  // |g - w| <= abs + rel * |w|, every term over the product of the denominators.
  const left = distance * abs.denominator * rel.denominator;
  const fixed = abs.numerator * g.denominator * w.denominator * rel.denominator;
  const relative = rel.numerator * magnitude(w.numerator) * g.denominator * abs.denominator;
  return left <= fixed + relative;
}

/** Doubles between two doubles, counted along the number line. */
export function ulpDistance(a: number, b: number): number {
  const view = new DataView(new ArrayBuffer(8));
  const place = (x: number): bigint => {
    view.setFloat64(0, x);
    const bits = view.getBigInt64(0);
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
  };
  return Number(magnitude(place(a) - place(b)));
}

function numberWithin(got: number | string | bigint, want: number | string | bigint, tolerance: Tolerance): boolean {
  if (typeof got === 'number' && !Number.isFinite(got)) return false;
  if (tolerance.ulp !== undefined) return ulpDistance(toNumber(got), toNumber(want)) <= tolerance.ulp;
  const target = toNumber(want);
  const texts = typeof got === 'string' && typeof want === 'string';
  if (typeof got === 'bigint' || texts || Math.abs(target) > Number.MAX_SAFE_INTEGER) {
    return withinExactly(got, want, tolerance);
  }
  const distance = Math.abs(toNumber(got) - target);
  return distance <= Number(tolerance.abs ?? 0) + Number(tolerance.rel ?? 0) * Math.abs(target);
}

/** Whether one value, not a list or object, is as wanted. */
function same(got: unknown, want: unknown, tolerance: Tolerance): boolean {
  // Words in hex may look like exponents: 5001e420.
  if (typeof got === 'string' && got === want) return true;
  if (isNumeric(want)) {
    return isNumeric(got) && numberWithin(got as number | string | bigint, want as number | string | bigint, tolerance);
  }
  return got === want;
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Fields of `want` that `got` does not meet; a field that only `got` has is not looked at, the length of a list is. */
export function mismatches(
  got: unknown,
  want: unknown,
  tolerance: Tolerance,
  overrides: Readonly<Record<string, Tolerance>> = {},
  field = '',
): Mismatch[] {
  if (!isTree(want)) return same(got, want, tolerance) ? [] : [{ field, got, want }];
  if (!isTree(got)) return [{ field, got, want }];
  if (Array.isArray(want) && (!Array.isArray(got) || got.length !== want.length)) return [{ field, got, want }];
  return Object.entries(want).flatMap(([key, value]) => {
    const path = field === '' ? key : `${field}.${key}`;
    return mismatches(got[key], value, overrides[key] ?? tolerance, overrides, path);
  });
}

/** Fields where the answer is a value that a known bug gives; where that value is also the wanted one, there is no bug. */
export function knownBugs(
  got: unknown,
  bug: unknown,
  want: unknown,
  tolerance: Tolerance,
  overrides: Readonly<Record<string, Tolerance>> = {},
  field = '',
): Mismatch[] {
  if (bug === null || bug === undefined) return [];
  if (!isTree(bug)) {
    const buggy = same(got, bug, tolerance) && !same(want, bug, tolerance);
    return buggy ? [{ field, got, want: `not ${String(bug)}` }] : [];
  }
  if (!isTree(got)) return [];
  return Object.entries(bug).flatMap(([key, value]) => {
    const path = field === '' ? key : `${field}.${key}`;
    const target = isTree(want) ? want[key] : undefined;
    return knownBugs(got[key], value, target, overrides[key] ?? tolerance, overrides, path);
  });
}
