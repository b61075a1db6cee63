// What the distribution says of the row that `terms` holds, by side of the strike: Phi(+-d1), Phi(+-d2), each tail to its last
// digits. Same bits: assembly/options/probabilities.ts.
import { black, normal, PEAK } from './black.js';
import { terms } from './terms.js';

/** Answers of the last `weigh`. */
export const chances = {
  /** Value of the option out of the money, discounted. */
  outside: 0,
  /** Phi(d1), Phi(-d1), Phi(d2), Phi(-d2). */
  d1: 0,
  notD1: 0,
  d2: 0,
  notD2: 0,
  /** Discounted F phi(d1) = K phi(d2). */
  density: 0,
};

/** Value of the row's option out of the money, discounted. */
export function outsideValue(): number {
  black(terms.x, terms.xLow, terms.s, terms.sLow);
  return (terms.above ? terms.strike : terms.forward) * normal.share;
}

/** The option's own value: that out of the money, and what parity adds. */
export function ownValue(outside: number): number {
  const inside = terms.call ? terms.difference : 0 - terms.difference;
  return outside + (inside > 0 ? inside : 0);
}

/** Fills `chances`. */
export function weigh(): void {
  const outside = outsideValue();
  const { above } = terms;
  const least = above ? terms.strike : terms.forward;
  const most = above ? terms.forward : terms.strike;
  const { power, ru, rv, crossed } = normal;
  // Of u, the end nearer to the strike, and of v; `in` is the side of the money.
  const near = power * ru;
  const nearOut = crossed ? 1 - near : near;
  const nearIn = crossed ? near : 1 - near;
  const farOut = most > 0 ? power * rv * (least / most) : 0.5;
  const farIn = 1 - farOut;
  chances.outside = outside;
  chances.density = least * power * PEAK;
  chances.d1 = above ? farIn : nearOut;
  chances.notD1 = above ? farOut : nearIn;
  chances.d2 = above ? nearIn : farOut;
  chances.notD2 = above ? nearOut : farIn;
}
