// A confidence level as an exact fraction. 1 - 0.99 is not 0.01 in doubles, and ceil(1000 * (1 - 0.99)) is 11 there: ranks of a tail
// are taken from the decimal as it was written.
import { MarginError } from '../errors.js';

/** A probability as a decimal text ('0.99'), a fraction ('99/100'), or a number, which is read as its shortest decimal. */
export type Confidence = number | string;

/** The share of outcomes beyond a confidence level: numerator / denominator, strictly between 0 and 1. */
export interface TailShare {
  /** Above 0. */
  readonly numerator: bigint;
  /** Above the numerator. */
  readonly denominator: bigint;
  /** The nearest double. */
  readonly value: number;
}

const DECIMAL = /^(?<whole>\d*)\.?(?<digits>\d*)(?:[eE](?<exponent>[+-]?\d{1,3}))?$/;
const FRACTION = /^(?<numerator>\d+)\s*\/\s*(?<denominator>\d+)$/;
/** Characters of a level at the most: longer ones are no level, and take their time. */
const LONGEST = 1000;
/** Nearer to 1 than this, quantiles leave the doubles; nearer to 0, a tail is all there is. */
const LEAST_TAIL = 1e-300;

/** A decimal or fraction without a sign; undefined where it is neither. */
function fractionOf(text: string): { numerator: bigint; denominator: bigint } | undefined {
  const quotient = FRACTION.exec(text)?.groups;
  if (quotient) return { numerator: BigInt(quotient.numerator ?? 0), denominator: BigInt(quotient.denominator ?? 0) };
  const { whole = '', digits = '', exponent = '0' } = DECIMAL.exec(text)?.groups ?? {};
  if (whole === '' && digits === '') return undefined;
  const shift = Number(exponent) - digits.length;
  const number = BigInt(whole + digits);
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift < 0 ? { numerator: number, denominator: scale } : { numerator: number * scale, denominator: 1n };
}

/** A quotient of whole numbers as the nearest double, however large they are. */
export function quotient(numerator: bigint, denominator: bigint): number {
  const whole = numerator / denominator;
  const rest = numerator % denominator;
  const bits = denominator.toString(2).length;
  const shift = BigInt(bits > 1000 ? bits - 1000 : 0);
  return Number(whole) + Number(rest >> shift) / Number(denominator >> shift);
}

/**
 * The tail beyond a confidence level, exactly: 1 - confidence.
 * @param path - what to call it in errors
 * @throws MarginError type where it is no decimal or fraction, range where it is not strictly between 0 and 1, or as near to them as no
 *   double is
 * @example
 * tailShare('0.99').denominator // 100n
 */
export function tailShare(confidence: Confidence, path = 'confidence'): TailShare {
  const text = typeof confidence === 'number' ? String(confidence) : typeof confidence === 'string' ? confidence : '';
  const found = text.length > LONGEST ? undefined : fractionOf(text.trim());
  const expected = 'a level strictly between 0 and 1, such as "0.99" or "99/100"';
  if (typeof confidence === 'number' && !Number.isFinite(confidence))
    throw new MarginError('not-finite', { path, got: confidence, expected });
  if (!found) throw new MarginError(text.startsWith('-') ? 'range' : 'type', { path, got: confidence, expected });
  const { numerator, denominator } = found;
  if (numerator <= 0n || numerator >= denominator)
    throw new MarginError('range', {
      path,
      got: confidence,
      expected,
      ...(numerator > denominator && numerator < 100n * denominator
        ? { hint: 'A percentage is given as a share: 99 % is 0.99' }
        : {}),
    });
  const tail = denominator - numerator;
  const value = quotient(tail, denominator);
  if (!(value >= LEAST_TAIL && value < 1)) {
    const apart = `a level with a tail from ${LEAST_TAIL} to 1 - 2^-53`;
    throw new MarginError('range', { path, got: confidence, expected: apart });
  }
  const common = divisor(tail, denominator);
  return { numerator: tail / common, denominator: denominator / common, value };
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}
