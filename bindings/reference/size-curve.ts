// Terms that grow smoothly with size: square root (Drift's imf factor) and power (Orderly's N^0.8).
import { CURVE } from '../layout.js';
import type { Columns } from '../memory.js';

/** Drift's numerator of the size-discounted weight, `calculate_size_discount_asset_weight` (protocol-v2 math/margin.rs). */
export const SIZE_DISCOUNT = 1.1;

/** x^exponent of a curve: the square root is IEEE-exact, other powers come from the engine's own pow. */
export function curveOf({ pow }: Columns, kind: number, x: number, exponent: number): number {
  return kind === CURVE.sqrt ? Math.sqrt(x) : pow(x, exponent);
}
