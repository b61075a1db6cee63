// What the distribution says of the row that terms.ts holds, by side of the strike: Phi(+-d1), Phi(+-d2), each tail to its last
// digits. Same bits: bindings/reference/options/probabilities.ts.

import { black, crossed, PEAK, power, ru, rv, share } from './black';
import { above, call, difference, forward, s, sLow, strike, x, xLow } from './terms';

/** Answers of the last `weigh`. Value of the option out of the money, discounted. */
export let outside: f64 = 0;
/** Phi(d1), Phi(-d1), Phi(d2), Phi(-d2). */
export let d1: f64 = 0;
export let notD1: f64 = 0;
export let d2: f64 = 0;
export let notD2: f64 = 0;
/** Discounted F phi(d1) = K phi(d2). */
export let density: f64 = 0;

/** Value of the row's option out of the money, discounted. */
export function outsideValue(): f64 {
  black(x, xLow, s, sLow);
  return (above ? strike : forward) * share;
}

/** The option's own value: that out of the money, and what parity adds. */
export function ownValue(value: f64): f64 {
  const inside = call ? difference : 0 - difference;
  return inside > 0 ? value + inside : value;
}

/** Fills the answers. */
export function weigh(): void {
  outside = outsideValue();
  const least = above ? strike : forward;
  const most = above ? forward : strike;
  // Of u, the end nearer to the strike, and of v; `In` is the side of the money.
  const nearOut = crossed ? 1 - power * ru : power * ru;
  const nearIn = crossed ? power * ru : 1 - nearOut;
  const farOut = most > 0 ? power * rv * (least / most) : 0.5;
  const farIn = 1 - farOut;
  density = least * power * PEAK;
  d1 = above ? farIn : nearOut;
  notD1 = above ? farOut : nearIn;
  d2 = above ? nearIn : farOut;
  notD2 = above ? nearOut : farIn;
}
