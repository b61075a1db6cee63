// What it costs to get out, on top of a value at risk: half of the spread, a constant one or one that widens when it matters (A.
// Bangia, F. Diebold, T. Schuermann and J. Stroughair, Liquidity on the outside, Risk 12, 1999). It is paid once, so no horizon scales
// it. Losses are positive.
import { decimal, Fields } from '../../book/fields.js';

/** A relative spread, (ask - bid) / middle: as it is; or its mean, and so many of its standard deviations above it. */
export type Spread = number | { readonly mean: number; readonly deviation: number; readonly multiple: number };

/** A value at risk with the cost of closing; its unit is that of the value at risk. */
export interface LiquidityAdjusted {
  /** As given. */
  readonly valueAtRisk: number;
  /** |value| spread / 2. */
  readonly cost: number;
  /** Their sum: loss, positive. */
  readonly adjusted: number;
}

const SPREAD = { min: 0, max: 2 };

/** @throws MarginError type, range, not-finite, missing-key, unknown-key */
export function spreadOf(spread: Spread, path = 'spread'): number {
  if (typeof spread !== 'object' || spread === null) return decimal(spread, path, SPREAD);
  const fields = new Fields(spread, path, ['mean', 'deviation', 'multiple']);
  const deviation = fields.number('deviation', { min: 0 });
  const wide = fields.number('mean', SPREAD) + fields.number('multiple', { min: 0, max: 1e6 }) * deviation;
  return decimal(wide, path, SPREAD);
}

/**
 * Value at risk with the cost of closing the position.
 * @param valueAtRisk - loss, positive, over its horizon
 * @param value - of the position, either sign, units of the value at risk
 * @param spread - relative; 0.002 is 20 basis points
 * @throws MarginError type, range, not-finite, missing-key, unknown-key
 * @example
 * liquidityAdjusted(3.3, 100, 0.01) // { valueAtRisk: 3.3, cost: 0.5, adjusted: 3.8 }
 */
export function liquidityAdjusted(valueAtRisk: number, value: number, spread: Spread): LiquidityAdjusted {
  const risk = decimal(valueAtRisk, 'valueAtRisk');
  const cost = 0.5 * Math.abs(decimal(value, 'value')) * spreadOf(spread);
  return { valueAtRisk: risk, cost, adjusted: risk + cost };
}
