// What the distribution says of the two rows that terms.ts holds, by side of the strike: Phi(+-d1), Phi(+-d2), each tail to its
// last digits. Same bits: bindings/reference/options/probabilities.ts.

import { black, crossed, PEAK, power, ru, rv, share } from './black';
import { above, call, difference, forward, s, sLow, strike, x, xLow } from './terms';

/** Answers of the last `weigh`. Value of the option out of the money, discounted. */
export let outside: v128 = i64x2(0, 0);
/** Phi(d1), Phi(-d1), Phi(d2), Phi(-d2). */
export let d1: v128 = i64x2(0, 0);
export let notD1: v128 = i64x2(0, 0);
export let d2: v128 = i64x2(0, 0);
export let notD2: v128 = i64x2(0, 0);
/** Discounted F phi(d1) = K phi(d2). */
export let density: v128 = i64x2(0, 0);

/** Values of the rows' options out of the money, discounted. */
export function outsideValue(): v128 {
  black(x, xLow, s, sLow);
  return f64x2.mul(v128.bitselect(strike, forward, above), share);
}

/** The options' own values: those out of the money, and what parity adds. */
export function ownValue(value: v128): v128 {
  const zero = f64x2.splat(0);
  const inside = v128.bitselect(difference, f64x2.sub(zero, difference), call);
  return f64x2.add(value, f64x2.pmax(zero, inside));
}

/** Fills the answers. */
export function weigh(): void {
  outside = outsideValue();
  const one = f64x2.splat(1);
  const least = v128.bitselect(strike, forward, above);
  const most = v128.bitselect(forward, strike, above);
  // Of u, the end nearer to the strike, and of v; `In` is the side of the money.
  const near = f64x2.mul(power, ru);
  const rest = f64x2.sub(one, near);
  const nearOut = v128.bitselect(rest, near, crossed);
  const nearIn = v128.bitselect(near, rest, crossed);
  const far = f64x2.mul(f64x2.mul(power, rv), f64x2.div(least, most));
  const farOut = v128.bitselect(far, f64x2.splat(0.5), f64x2.gt(most, f64x2.splat(0)));
  const farIn = f64x2.sub(one, farOut);
  density = f64x2.mul(f64x2.mul(least, power), f64x2.splat(PEAK));
  d1 = v128.bitselect(farIn, nearOut, above);
  notD1 = v128.bitselect(farOut, nearIn, above);
  d2 = v128.bitselect(nearIn, farOut, above);
  notD2 = v128.bitselect(nearOut, farIn, above);
}
