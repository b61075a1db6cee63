// Integer arithmetic of the venues that settle in integers: whole-number inputs of any size, divisions with a named
// direction and the integer square root. Rounding of a venue's own rule is in that venue's file.
import { MarginError } from '../errors.js';
import { scaled } from './decimal.js';

/** A whole number of any size; a JSON number only up to 2^53. */
export type Integer = bigint | number | string;

/** Parts per million in one. */
export const PPM = 1_000_000n;

/**
 * Reads a whole number.
 * @param value - bigint, digits, or a number up to 2^53
 * @param path - name of the argument, for the error
 * @returns the same number
 * @throws MarginError type, inexact
 * @example
 * integer('18446744073709551615') // 18446744073709551615n
 */
export function integer(value: Integer, path = 'value'): bigint {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new MarginError('inexact', {
      path,
      got: value,
      expected: 'a bigint or text beyond 2^53',
      hint: 'A JSON number that large has already lost digits',
    });
  }
  return scaled(value, 0, path);
}

/**
 * A whole number that is divided by, or that a rule has no meaning without.
 * @param value - bigint, digits, or a number up to 2^53
 * @param path - name of the argument, for the error
 * @returns the same number
 * @throws MarginError type, inexact, range where it is not above 0
 * @example
 * positive('5', 'stepBaseQuantums') // 5n
 */
export function positive(value: Integer, path = 'value'): bigint {
  const n = integer(value, path);
  if (n > 0n) return n;
  throw new MarginError('range', { path, got: value, expected: '> 0' });
}

/**
 * An amount in another number of decimals, rounded toward zero: of tokens, from those of one mint to those of another.
 * @param amount - units of 10^-from
 * @param from - decimals it has
 * @param to - decimals it gets
 * @returns units of 10^-to
 * @example
 * rescaled(1_234_567n, 6, 2) // 123n
 */
export function rescaled(amount: bigint, from: number, to: number): bigint {
  return to >= from ? amount * 10n ** BigInt(to - from) : amount / 10n ** BigInt(from - to);
}

/**
 * Quotient rounded toward minus infinity.
 * @param a - dividend
 * @param b - divisor, not 0
 * @returns floor(a / b)
 * @throws MarginError range
 * @example
 * floorDiv(-7n, 2n) // -4n
 */
export function floorDiv(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new MarginError('range', { path: 'divisor', got: b, expected: 'not 0' });
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/**
 * Quotient rounded toward plus infinity.
 * @param a - dividend
 * @param b - divisor, not 0
 * @returns ceil(a / b)
 * @throws MarginError range
 * @example
 * ceilDiv(7n, 2n) // 4n
 */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return -floorDiv(-a, b);
}

/**
 * Integer square root (Newton from above).
 * @param n - not negative
 * @returns floor(sqrt(n))
 * @throws MarginError range
 * @example
 * isqrt(99n) // 9n
 */
export function isqrt(n: bigint): bigint {
  if (n < 0n) throw new MarginError('range', { path: 'n', got: n, expected: 'not negative' });
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/**
 * The larger of two integers.
 * @example
 * larger(2n, 3n) // 3n
 */
export const larger = (a: bigint, b: bigint): bigint => (a < b ? b : a);

/**
 * The smaller of two integers.
 * @example
 * smaller(2n, 3n) // 2n
 */
export const smaller = (a: bigint, b: bigint): bigint => (b < a ? b : a);

/**
 * The size of an integer without its sign.
 * @example
 * magnitude(-3n) // 3n
 */
export const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);
