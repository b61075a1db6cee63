// Terms that grow smoothly with size: square root (Drift's imf factor) and power (Orderly's N^0.8).
import * as abi from '../abi';
import { pow } from '../numeric/pow';

/** Drift's numerator of the size-discounted weight (protocol-v2 math/margin.rs). */
export const SIZE_DISCOUNT: f64 = 1.1;

/** x^exponent of a curve: the square root is IEEE-exact, other powers come from the kernel's own pow. */
export function curveOf(kind: i32, x: f64, exponent: f64): f64 {
  return kind == abi.CURVE_SQRT ? sqrt(x) : pow(x, exponent);
}
