// Doubles of a book as whole numbers of a ledger, and back. A double stands for the decimal that it prints as; what is no
// whole number is rounded toward minus infinity, so that assets are never shown too high, nor debts too low.
import { isMultiple } from '../book/steps.js';
import { compare, type Exact, exact, over, rounded, times } from '../liquidation/exact.js';
import { decimalParts } from '../venues/decimal.js';
import { floorDiv } from '../venues/integer.js';
import type { Amount } from '../waterfall/amount.js';

/** Powers of ten that a double holds exactly. */
const TENS = Array.from({ length: 23 }, (_, digits) => Number(`1e${digits}`));
/** Whole numbers of 15 digits: each has a double of its own in every scale. */
const FEW_DIGITS = 1e15;
/** Lots beyond it are told by exact division. */
const FEW_LOTS = 1_099_511_627_776;
/** Rounding of a double and of its product with a power of ten, as a share of it: 2^-51. */
const NOISE = Number.EPSILON * 2;

/** Minor units of an amount, rounded down (a debt: up). @param decimals - digits after the point that a minor unit has */
export function minorOf(value: number, decimals: number): Amount {
  const scale = TENS[decimals];
  if (scale !== undefined) {
    const units = value * scale;
    const nearest = Math.round(units);
    if (Math.abs(units) < FEW_DIGITS) {
      if (nearest / scale === value) return BigInt(nearest);
      if (Math.abs(units - nearest) > Math.abs(units) * NOISE) return BigInt(Math.floor(units));
    }
  }
  const { digits, exponent } = decimalParts(value);
  const shift = exponent + decimals;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : floorDiv(digits, 10n ** BigInt(-shift));
}

/** Minor units of what is owed or required, rounded up. */
export const minorUp = (value: number, decimals: number): Amount => -minorOf(-value, decimals);

/** Minor units of a sum or product of doubles: whole where it is as close to that as its own rounding, else rounded down. */
export function computedMinor(value: number, decimals: number): Amount {
  const units = value * (TENS[decimals] ?? Number.POSITIVE_INFINITY);
  const nearest = Math.round(units);
  if (Math.abs(units) < FEW_DIGITS && Math.abs(units - nearest) <= Math.abs(units) * NOISE) return BigInt(nearest);
  return minorOf(value, decimals);
}

/** The double of an amount: the nearest, or the one below it where that prints as more than the amount. */
export function doubleOf(amount: Amount, decimals: number): number {
  const value: Exact = { numerator: amount, denominator: 10n ** BigInt(decimals) };
  const nearest = rounded(value);
  return compare(exact(nearest), value) > 0 ? below(nearest) : nearest;
}

const bits = new DataView(new ArrayBuffer(8));

/** The largest double below another that is not 0. */
function below(value: number): number {
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}

/** Whole lots of a size; undefined where it is no whole number of them. @param lot - size of one, > 0 */
export function lotsOf(size: number, lot: number): Amount | undefined {
  const lots = Math.round(size / lot);
  if (Math.abs(lots) < FEW_LOTS) return isMultiple(lot, size) ? BigInt(lots) : undefined;
  const { numerator, denominator } = over(exact(size), exact(lot));
  return numerator % denominator === 0n ? numerator / denominator : undefined;
}

/** The size of lots. */
export const sizeOfLots = (lots: Amount, lot: number): number =>
  rounded(times({ numerator: lots, denominator: 1n }, exact(lot)));
