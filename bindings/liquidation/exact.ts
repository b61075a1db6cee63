// Decimals added, multiplied and divided without loss and rounded once, at the end. A threshold that is met exactly is
// then met, and a size of whole lots stays as it is: 0.3 is 3 lots of 0.1, which floor(0.3 / 0.1) of doubles denies.
import type { Decimal } from '../book/types.js';
import { decimal, decimalParts } from '../venues/decimal.js';
import { ceilDiv, floorDiv } from '../venues/integer.js';

/** numerator / denominator, exactly; the denominator is positive. */
export interface Exact {
  /** With the sign. */
  numerator: bigint;
  /** Above 0; 0 where a value may be without bound, and is. */
  denominator: bigint;
}

export type Direction = 'floor' | 'ceil' | 'nearest';

/** Significant digits of a quotient; a text of up to 20 is read alike by every engine, two more than a double needs. */
const DIGITS = 19;

export const ZERO: Exact = { numerator: 0n, denominator: 1n };

/**
 * A decimal as it is written; of a double, the one that it prints as.
 * @throws MarginError type, range
 */
export function exact(value: Decimal | bigint, path = 'value'): Exact {
  const { digits, exponent } = decimalParts(value, path);
  return exponent >= 0
    ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
}

/** a + b; over the larger denominator where it is a multiple of the other, so that long sums of decimals stay short. */
export function plus(a: Exact, b: Exact): Exact {
  const [wide, narrow] = a.denominator < b.denominator ? [b, a] : [a, b];
  const factor = wide.denominator / narrow.denominator;
  if (factor * narrow.denominator === wide.denominator) {
    return { numerator: wide.numerator + narrow.numerator * factor, denominator: wide.denominator };
  }
  const numerator = a.numerator * b.denominator + b.numerator * a.denominator;
  return { numerator, denominator: a.denominator * b.denominator };
}

export const minus = (a: Exact, b: Exact): Exact => plus(a, { ...b, numerator: -b.numerator });

export const times = (a: Exact, b: Exact): Exact => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** a / b. @param b - not 0 */
export const over = (a: Exact, b: Exact): Exact => {
  const sign = b.numerator < 0n ? -1n : 1n;
  return { numerator: a.numerator * b.denominator * sign, denominator: a.denominator * b.numerator * sign };
};

/** The same fraction in lowest terms. */
export function lowest({ numerator, denominator }: Exact): Exact {
  let [a, b] = [denominator, numerator];
  while (b !== 0n) [a, b] = [b, a % b];
  const common = a < 0n ? -a : a;
  return { numerator: numerator / common, denominator: denominator / common };
}

/** A decimal that needs more digits is written as a quotient. */
const MOST_DIGITS = 100;

/**
 * A fraction as text in lowest terms: a decimal where it has an end, else a quotient.
 * @returns `'0.3'` or `'2/3'`, equal to the fraction
 */
export function fractionText(value: Exact): string {
  const { numerator, denominator } = lowest(value);
  const [twos, odd] = powersOf(2n, denominator);
  const [fives, rest] = powersOf(5n, odd);
  const digits = twos > fives ? twos : fives;
  if (rest !== 1n || digits > MOST_DIGITS) return `${numerator}/${denominator}`;
  return decimal((numerator * 10n ** BigInt(digits)) / denominator, digits);
}

/** How often a prime divides a number, and what is left of it. */
function powersOf(prime: bigint, value: bigint): [count: number, rest: bigint] {
  let [count, rest] = [0, value];
  while (rest % prime === 0n) {
    rest /= prime;
    count++;
  }
  return [count, rest];
}

/** Negative, 0 or positive as a is below, equal to or above b. */
export const compare = (a: Exact, b: Exact): number => {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

export const magnitude = (a: Exact): Exact => (a.numerator < 0n ? { ...a, numerator: -a.numerator } : a);

/** A whole number from a quotient; halves go up. */
export function whole({ numerator, denominator }: Exact, direction: Direction): bigint {
  if (direction === 'nearest') return floorDiv(2n * numerator + denominator, 2n * denominator);
  return direction === 'floor' ? floorDiv(numerator, denominator) : ceilDiv(numerator, denominator);
}

/** The double nearest to a quotient: equal to a level where the quotient is equal to the level's decimal. */
export function rounded({ numerator, denominator }: Exact): number {
  const sign = numerator < 0n ? '-' : '';
  const above = numerator < 0n ? -numerator : numerator;
  const shift = DIGITS - (String(above).length - String(denominator).length);
  const digits =
    shift >= 0 ? (above * 10n ** BigInt(shift)) / denominator : above / (denominator * 10n ** BigInt(-shift));
  return Number(`${sign}${digits}e${-shift}`) + 0;
}

/** The multiple of a step at or beside a value. @param step - positive */
export function toStep(value: number | Exact, step: number, direction: Direction): number {
  const unit = exact(step);
  const steps = whole(over(typeof value === 'number' ? exact(value) : value, unit), direction);
  return rounded(times({ numerator: steps, denominator: 1n }, unit));
}
