// Prices on a venue's grid. Liquidation prices go toward safety: a long one up, a short one down, so that what is printed is
// reached no later than what was computed.
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal, decimalParts } from './decimal.js';
import { ceilDiv, floorDiv, magnitude } from './integer.js';

/** A computed price this near to a multiple (2^-48 of itself) is that multiple: the rest is rounding of a few operations. */
const SLACK_BITS = 48n;

/**
 * A price on the grid of a tick, exactly in decimals: 0.3 is a multiple of 0.1.
 * @param price - text is taken digit for digit; a number, as the result of a calculation, counts as the multiple of the tick
 *   that is within 2^-48 of it
 * @param tick - step of the grid, above 0
 * @param direction - up: the next multiple at or above the price (a long position); down: at or below it (a short one)
 * @returns the multiple, to its nearest double
 * @throws MarginError type, range
 * @example
 * roundToTick('7735.372549', '0.5', 'up') // 7735.5
 */
export function roundToTick(price: Decimal, tick: Decimal, direction: 'up' | 'down'): number {
  const p = decimalParts(price, 'price');
  const t = decimalParts(tick, 'tick');
  if (t.digits <= 0n) throw new MarginError('range', { path: 'tick', got: tick, expected: '> 0' });
  const least = Math.min(p.exponent, t.exponent);
  const value = p.digits * 10n ** BigInt(p.exponent - least);
  const step = t.digits * 10n ** BigInt(t.exponent - least);
  const nearest = floorDiv(2n * value + step, 2n * step);
  const isMultiple = typeof price === 'number' && magnitude(nearest * step - value) << SLACK_BITS <= magnitude(value);
  const count = isMultiple ? nearest : (direction === 'up' ? ceilDiv : floorDiv)(value, step);
  return Number(decimal(count * t.digits, -t.exponent));
}
