// Liquidation price of one position whose requirement has one rate: the closed form that venues print. Prices over
// bracket tables, several positions and a whole book are not here.
import { AT_LEAST_0, Fields, POSITIVE, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { notZero, SIDES, sideOf } from './side.js';

const KEYS = [
  'kind',
  'size',
  'price',
  'equity',
  'pnl',
  'maintenance',
  'maintenanceRate',
  'basis',
  'multiplier',
] as const;

/** One position, the equity behind it and what it needs. */
export interface OnePosition {
  /** Default linear. */
  kind?: 'linear' | 'inverse';
  /** Signed contracts, not 0. */
  size: Decimal;
  /** Price that the equity is stated at: mark or entry, quote. */
  price: Decimal;
  /** Settle units. */
  equity: Decimal;
  /** Profit of this position since `price` that `equity` has in it, settle units; default 0. */
  pnl?: Decimal;
  /** Requirement that does not move with the price: other positions', or a fixed one; settle units, default 0. */
  maintenance?: Decimal;
  /** Of the position's notional, a fraction; default 0. */
  maintenanceRate?: Decimal;
  /**
   * Whose notional the rate is of: at the price sought (`mark`, the default), or at `price` (`entry`), which stands
   * still.
   */
  basis?: 'mark' | 'entry';
  /** Units of base in a contract (of quote for inverse); default 1. */
  multiplier?: Decimal;
}

/**
 * The price at which equity equals the requirement.
 * @param position - position, equity and requirement
 * @returns quote; null where no price does
 * @throws MarginError range where the size is 0, or where a rate of 1 or more takes all that a price gives (a long, an
 *   inverse short); type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md (basis entry);
 *   pluriholonomic/autodeleveraging-analysis paper/liquidation-mechanics.tex (basis mark)
 * @example
 * liquidationPrice({ size: 10, price: 100, equity: 1200, pnl: 200, maintenance: 30 }) // 3
 */
export function liquidationPrice(position: OnePosition): number | null {
  const fields = new Fields(position, 'position', KEYS);
  const inverse = fields.word('kind', { linear: 0, inverse: 1 }, 'linear') === 1;
  const size = notZero(fields.number('size', SIZE), fields.at('size'));
  const units = size * fields.number('multiplier', POSITIVE, 1);
  const price = fields.number('price', POSITIVE);
  const rate = fields.number('maintenanceRate', AT_LEAST_0, 0);
  const moves = fields.word('basis', { entry: 0, mark: 1 }, 'mark') === 1;
  // A value of x for each unit: the price, of an inverse contract its reciprocal. Equity rises with x, or falls.
  const x = inverse ? 1 / price : price;
  const rises = inverse ? -1 : 1;
  const fixed = fields.number('maintenance', AT_LEAST_0, 0) + (moves ? 0 : rate * Math.abs(units) * x);
  const free = fields.number('equity', {}) - fields.number('pnl', {}, 0) - fixed;
  const slope = 1 - (moves ? rate * rises * SIDES[sideOf(size)] : 0);
  if (slope <= 0)
    throw new MarginError('range', { path: fields.at('maintenanceRate'), got: rate, expected: 'below 1' });
  const root = (x - (rises * free) / units) / slope;
  if (root < 0 || (inverse && root === 0)) return null;
  return inverse ? 1 / root : root;
}
