// Normalised Black of two options: what each is worth out of the money as a share of min(F, K), from x = |ln(F/K)| and
// s = vol sqrt(t), with a relative error near 3e-15 in every tail. h = x/s, u = h - s/2, v = h + s/2, R(y) = Phi(-y) e^(y^2/2):
//   share = e^(-u^2/2) (R(u) - R(v)),  F phi(d1) = K phi(d2) = min(F, K) phi(u)
// after P. Jaeckel, "Let's be rational", Wilmott 75 (2015), whose four regions become three: the difference is taken as it
// stands, or where s/2 is small as its Taylor series in s/2 at h. Same bits: bindings/reference/options/black.ts.

import { expPair } from '../numeric/exp';
import { NORMAL, ratioPair } from '../numeric/tail';
import { productRest, squareRest, sumRest } from './pair';

/** 1 / sqrt(2 pi). */
export const PEAK: f64 = 0.3989422804014327;
/** s/2 below this share of 1 + h goes by series: the difference of two R would lose more than three bits. */
const CLOSE: f64 = 0.1;
/** From this h on the derivatives of R come from the recursion downwards, below from that upwards, which loses h^2. */
const DOWNWARDS: f64 = 3;
/** Terms of the series upwards, at most; a term below ENOUGH of the sum is the last. */
const TERMS: f64 = 19;
const ENOUGH: f64 = 1e-18;
/** Levels of the recursion downwards are LEVELS + 2 REACH / h^2: 62 at h = 3, for a relative error of 3e-17. */
const LEVELS: f64 = 18;
const REACH: f64 = 200;
/** e^(-u^2/2) is 0 beyond. */
const FAR: f64 = 38.6;
/** Nothing is left of an option so far out: h of vol 0 and time 0. Only `power` and `share`, 0, mean something then. */
const NOTHING: f64 = 1e8;
/** A larger s is all the same: share is 1. */
const SATURATED: f64 = 1e4;

/** The answers of the last `black`: u, v, e^(-u^2/2), R(u), or R(-u) where `crossed`, and R(v). */
export let u: v128 = i64x2(0, 0);
export let v: v128 = i64x2(0, 0);
export let power: v128 = i64x2(0, 0);
export let ru: v128 = i64x2(0, 0);
export let rv: v128 = i64x2(0, 0);
/** R(u) - R(v) to its last digits; not set where `crossed`. */
export let gap: v128 = i64x2(0, 0);
/** A mask: u is below 0 and s not small, so that Phi(-u) is taken from the other side. */
export let crossed: v128 = i64x2(0, 0);
export let share: v128 = i64x2(0, 0);

/** What a series gives: R(h - t) = even + odd, R(h + t) = even - odd. */
let even: v128 = i64x2(0, 0);
let odd: v128 = i64x2(0, 0);

/** exp of both lanes, as a function of its own. */
export function expBoth(values: v128): v128 {
  return expPair(values);
}

/** Series in t = s/2, from I_n = (-1)^n d^n R / dh^n; I_(n+1) = n I_(n-1) - h I_n. Lanes of `others` do not count. */
function upwards(h: v128, t: v128, others: v128): void {
  let below = ratioPair(h, NORMAL);
  let here = f64x2.sub(f64x2.splat(PEAK), f64x2.mul(h, below));
  let weight = t;
  even = below;
  odd = f64x2.mul(t, here);
  for (let n: f64 = 1; n < TERMS; n += 2) {
    below = f64x2.sub(f64x2.mul(f64x2.splat(n), below), f64x2.mul(h, here));
    weight = f64x2.mul(weight, f64x2.div(t, f64x2.splat(n + 1)));
    even = f64x2.add(even, f64x2.mul(weight, below));
    here = f64x2.sub(f64x2.mul(f64x2.splat(n + 1), here), f64x2.mul(h, below));
    weight = f64x2.mul(weight, f64x2.div(t, f64x2.splat(n + 2)));
    const term = f64x2.mul(weight, here);
    odd = f64x2.add(odd, term);
    // A further term of the lane that is done leaves its sums as they are.
    const done = f64x2.lt(term, f64x2.mul(odd, f64x2.splat(ENOUGH)));
    if (i64x2.all_true(v128.or(done, others))) break;
  }
}

/** The same from J_n = I_n / n!, J_(n-1) = (n + 1) J_(n+1) + h J_n, after J. C. P. Miller; I_1 + h I_0 = 1 / sqrt(2 pi). */
function downwards(h: v128, t: v128): void {
  const t2 = f64x2.mul(t, t);
  const fraction = f64x2.div(f64x2.splat(REACH), f64x2.mul(h, h));
  const levels = f64x2.add(f64x2.splat(LEVELS), f64x2.mul(f64x2.splat(2), f64x2.floor(fraction)));
  let above = f64x2.splat(0);
  let here = f64x2.splat(0);
  even = f64x2.splat(0);
  odd = f64x2.splat(0);
  for (let n = max(f64x2.extract_lane(levels, 0), f64x2.extract_lane(levels, 1)); n > 0; n -= 2) {
    const level = f64x2.splat(n);
    // A lane that starts lower is 0 above.
    here = v128.bitselect(f64x2.splat(1), here, f64x2.eq(level, levels));
    above = f64x2.add(f64x2.mul(f64x2.splat(n + 1), above), f64x2.mul(h, here));
    odd = f64x2.add(f64x2.mul(odd, t2), above);
    here = f64x2.add(f64x2.mul(level, here), f64x2.mul(h, above));
    even = f64x2.add(f64x2.mul(even, t2), here);
  }
  const scale = f64x2.div(f64x2.splat(PEAK), f64x2.add(above, f64x2.mul(h, here)));
  even = f64x2.mul(even, scale);
  odd = f64x2.mul(f64x2.mul(t, odd), scale);
}

/** R(h - t) and R(h + t) by series in the lanes of `near`. */
function series(h: v128, t: v128, near: v128): void {
  const deep = v128.and(near, f64x2.ge(h, f64x2.splat(DOWNWARDS)));
  if (!i64x2.all_true(v128.or(deep, v128.not(near)))) upwards(h, t, v128.or(deep, v128.not(near)));
  if (v128.any_true(deep)) {
    const evenUp = even;
    const oddUp = odd;
    downwards(v128.bitselect(h, f64x2.splat(NOTHING), deep), t);
    even = v128.bitselect(even, evenUp, deep);
    odd = v128.bitselect(odd, oddUp, deep);
  }
}

/**
 * Fills the answers. Both arguments are sums of two.
 * @param x |ln(F/K)|, may be Infinity
 * @param s vol sqrt(t), may be 0 and Infinity
 */
export function black(x: v128, xLow: v128, s: v128, sLow: v128): void {
  const large = f64x2.gt(s, f64x2.splat(SATURATED));
  s = v128.bitselect(f64x2.splat(SATURATED), s, large);
  sLow = v128.andnot(sLow, large);
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  const level = f64x2.eq(x, f64x2.splat(0));
  const quotient = v128.andnot(f64x2.div(x, s), level);
  const some = f64x2.lt(quotient, f64x2.splat(NOTHING));
  const h = v128.and(quotient, some);
  const p = f64x2.mul(h, s);
  const missing = f64x2.sub(f64x2.sub(x, p), productRest(h, s, p));
  const low = f64x2.div(f64x2.add(missing, f64x2.sub(xLow, f64x2.mul(h, sLow))), s);
  const hLow = v128.andnot(v128.and(low, some), level);
  const t = f64x2.mul(s, half);
  u = f64x2.sub(h, t);
  v = f64x2.add(h, t);
  const uLow = f64x2.add(sumRest(h, f64x2.neg(t), u), f64x2.sub(hLow, f64x2.mul(sLow, half)));

  const size = f64x2.abs(u);
  const reached = v128.and(some, f64x2.lt(size, f64x2.splat(FAR)));
  const minusHalf = f64x2.splat(-0.5);
  const square = f64x2.mul(u, u);
  const rounded = expBoth(v128.and(f64x2.mul(square, minusHalf), reached));
  const rest = f64x2.add(squareRest(u, square), f64x2.mul(f64x2.mul(f64x2.splat(2), u), uLow));
  power = v128.and(f64x2.add(rounded, f64x2.mul(rounded, f64x2.mul(rest, minusHalf))), reached);

  const near = f64x2.lt(t, f64x2.mul(f64x2.splat(CLOSE), f64x2.add(one, h)));
  if (!i64x2.all_true(near)) {
    ru = ratioPair(size, NORMAL);
    rv = ratioPair(v, NORMAL);
    gap = f64x2.sub(ru, rv);
    crossed = v128.and(v128.andnot(f64x2.lt(u, f64x2.splat(0)), near), some);
  } else {
    crossed = i64x2.splat(0);
  }
  if (v128.any_true(near)) {
    series(h, t, near);
    ru = v128.bitselect(f64x2.add(even, odd), ru, near);
    rv = v128.bitselect(f64x2.sub(even, odd), rv, near);
    gap = v128.bitselect(f64x2.add(odd, odd), gap, near);
  }
  const over = f64x2.sub(one, f64x2.mul(power, f64x2.add(ru, rv)));
  share = v128.and(v128.bitselect(over, f64x2.mul(power, gap), crossed), some);
}
