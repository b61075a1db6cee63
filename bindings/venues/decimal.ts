// Decimal text to and from integers: what venues' APIs send as "0.004" or as an integer with a fixed number of digits.
// Nothing here rounds. The nearest double of a decimal comes from book/fields.ts.
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';

/** More digits than any price, size or ppm needs; a longer exponent is an attack on memory, not a number. */
const MAX_EXPONENT = 400;

/** Digits and exponent of a decimal: value = digits * 10^exponent. */
export interface DecimalParts {
  /** With the sign. */
  digits: bigint;
  /** Of ten: the value is digits * 10^exponent. */
  exponent: number;
}

/**
 * Takes a decimal apart into an integer and a power of ten, without loss.
 * @param value - JSON number, decimal text (an exponent may follow) or bigint
 * @param path - name of the argument, for the error
 * @returns `digits * 10^exponent`, exactly `value`
 * @throws MarginError type, range
 * @example
 * decimalParts('27464.5') // { digits: 274645n, exponent: -1 }
 */
export function decimalParts(value: Decimal | bigint, path = 'value'): DecimalParts {
  if (typeof value === 'bigint') return { digits: value, exponent: 0 };
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?\s*$/i.exec(String(value));
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole + fraction === '') {
    throw new MarginError('type', { path, got: value, expected: 'a decimal number' });
  }
  const exponent = Number(match[4] ?? 0) - fraction.length;
  if (Math.abs(exponent) > MAX_EXPONENT) {
    throw new MarginError('range', { path, got: value, expected: `an exponent within ${MAX_EXPONENT}` });
  }
  const digits = BigInt(whole + fraction);
  return { digits: match[1] === '-' ? -digits : digits, exponent };
}

/**
 * A decimal as an integer of 10^-decimals, exactly.
 * @param value - JSON number, decimal text or bigint
 * @param decimals - digits after the point that one unit has
 * @param path - name of the argument, for the error
 * @returns `value * 10^decimals`
 * @throws MarginError type, range, inexact where `value` has more digits
 * @example
 * scaled('27464.5', 6) // 27464500000n
 */
export function scaled(value: Decimal | bigint, decimals: number, path = 'value'): bigint {
  const parts = decimalParts(value, path);
  const shift = parts.exponent + decimals;
  if (shift >= 0) return parts.digits * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  if (parts.digits % unit !== 0n) {
    throw new MarginError('inexact', { path, got: value, expected: `at most ${decimals} digits after the point` });
  }
  return parts.digits / unit;
}

/**
 * Decimal text of an integer of 10^-decimals, exactly; the inverse of `scaled`.
 * @param value - integer
 * @param decimals - digits after the point that one unit has; negative for units of 10, 100, ...
 * @returns decimal text without trailing zeros
 * @example
 * decimal(-1500000n, 6) // '-1.5'
 */
export function decimal(value: bigint, decimals: number): string {
  if (decimals <= 0) return String(value * 10n ** BigInt(-decimals));
  const digits = String(value < 0n ? -value : value).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction && `.${fraction}`}`;
}

/**
 * Sum of decimals, exactly.
 * @param values - JSON numbers or decimal text
 * @returns decimal text
 * @throws MarginError type, range
 * @example
 * sum('0.1', 0.2, -1) // '-0.7'
 */
export function sum(...values: Decimal[]): string {
  const parts = values.map((value, index) => decimalParts(value, `values[${index}]`));
  const decimals = parts.reduce((most, part) => Math.max(most, -part.exponent), 0);
  const units = parts.map(({ digits, exponent }) => digits * 10n ** BigInt(decimals + exponent));
  return decimal(
    units.reduce((total, value) => total + value, 0n),
    decimals,
  );
}

/**
 * Product of decimals, exactly.
 * @param values - JSON numbers or decimal text
 * @returns decimal text
 * @throws MarginError type, range
 * @example
 * product('0.1', 26_000, '0.0006') // '1.56'
 */
export function product(...values: Decimal[]): string {
  const parts = values.map((value, index) => decimalParts(value, `values[${index}]`));
  const digits = parts.reduce((all, part) => all * part.digits, 1n);
  return decimal(digits, -parts.reduce((all, part) => all + part.exponent, 0));
}

/**
 * A decimal with the other sign, exactly.
 * @param value - JSON number or decimal text
 * @returns decimal text of `-value`
 * @throws MarginError type, range
 * @example
 * negate('-110.5') // '110.5'
 */
export function negate(value: Decimal): string {
  const { digits, exponent } = decimalParts(value);
  return decimal(-digits, -exponent);
}

/**
 * One less a decimal, exactly: a weight from a haircut, a rate from a weight.
 * @param value - JSON number or decimal text
 * @returns decimal text of `1 - value`
 * @throws MarginError type, range
 * @example
 * complement(0.02) // '0.98'
 */
export function complement(value: Decimal): string {
  return sum(1, negate(value));
}
