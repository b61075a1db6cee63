// Normalised Black: what an option out of the money is worth as a share of min(F, K), from x = |ln(F/K)| and s = vol sqrt(t),
// with a relative error near 1e-15 in every tail. h = x/s, u = h - s/2, v = h + s/2, R(y) = Phi(-y) e^(y^2/2):
//   share = e^(-u^2/2) (R(u) - R(v)),  F phi(d1) = K phi(d2) = min(F, K) phi(u)
// after P. Jaeckel, "Let's be rational", Wilmott 75 (2015), whose four regions become three: the difference is taken as it
// stands, or where s/2 is small as its Taylor series in s/2 at h. Same bits: assembly/options/black.ts.
import { exp } from '../numeric/exp.js';
import { NORMAL, ratio } from '../numeric/tail.js';
import { productRest, squareRest, sumRest } from './pair.js';

/** 1 / sqrt(2 pi). */
export const PEAK = 0.3989422804014327;
/** s/2 below this share of 1 + h goes by series: the difference of two R would lose more than three bits. */
const CLOSE = 0.1;
/** From this h on the derivatives of R come from the recursion downwards, below from that upwards, which loses h^2. */
const DOWNWARDS = 3;
/** Terms of the series upwards, at most; a term below ENOUGH of the sum is the last. */
const TERMS = 19;
const ENOUGH = 1e-18;
/** Levels of the recursion downwards are LEVELS + 2 REACH / h^2: 62 at h = 3, for a relative error of 3e-17. */
const LEVELS = 18;
const REACH = 200;
/** e^(-u^2/2) is 0 beyond. */
const FAR = 38.6;
/** Nothing is left of an option so far out: h of vol 0 and time 0. Only `power` and `share`, 0, mean something then. */
const NOTHING = 1e8;
/** A larger s is all the same: share is 1. */
const SATURATED = 1e4;

/** The answers of the last `black`. */
export const normal = {
  u: 0,
  v: 0,
  /** e^(-u^2/2). */
  power: 0,
  /** R(u), or R(-u) where `crossed`. */
  ru: 0,
  /** R(v). */
  rv: 0,
  /** R(u) - R(v) to its last digits; not set where `crossed`. */
  gap: 0,
  /** u is below 0 and s not small: Phi(-u) is taken from the other side. */
  crossed: false,
  share: 0,
};

/** Series in t = s/2 of R(h - t) and R(h + t), from I_n = (-1)^n d^n R / dh^n; I_(n+1) = n I_(n-1) - h I_n. */
function upwards(h: number, t: number): void {
  let below = ratio(h, NORMAL);
  let here = PEAK - h * below;
  let even = below;
  let odd = t * here;
  let weight = t;
  for (let n = 1; n < TERMS; n += 2) {
    below = n * below - h * here;
    weight *= t / (n + 1);
    even += weight * below;
    here = (n + 1) * here - h * below;
    weight *= t / (n + 2);
    const term = weight * here;
    odd += term;
    if (term < odd * ENOUGH) break;
  }
  put(even, odd);
}

/** The same from J_n = I_n / n!, J_(n-1) = (n + 1) J_(n+1) + h J_n, after J. C. P. Miller; I_1 + h I_0 = 1 / sqrt(2 pi). */
function downwards(h: number, t: number): void {
  const t2 = t * t;
  let above = 0;
  let here = 1;
  let even = 0;
  let odd = 0;
  for (let n = LEVELS + 2 * Math.floor(REACH / (h * h)); n > 0; n -= 2) {
    above = (n + 1) * above + h * here;
    odd = odd * t2 + above;
    here = n * here + h * above;
    even = even * t2 + here;
  }
  const scale = PEAK / (above + h * here);
  put(even * scale, t * odd * scale);
}

function put(even: number, odd: number): void {
  normal.ru = even + odd;
  normal.rv = even - odd;
  normal.gap = 2 * odd;
  normal.crossed = false;
}

/**
 * Fills `normal`. Both arguments are sums of two.
 * @param x - |ln(F/K)|, may be Infinity
 * @param s - vol sqrt(t), may be 0 and Infinity
 */
export function black(x: number, xLow: number, s: number, sLow: number): void {
  if (s > SATURATED) {
    s = SATURATED;
    sLow = 0;
  }
  const quotient = x === 0 ? 0 : x / s;
  const some = quotient < NOTHING;
  const h = some ? quotient : 0;
  const p = h * s;
  const hLow = some && x !== 0 ? (x - p - productRest(h, s, p) + (xLow - h * sLow)) / s : 0;
  const t = s * 0.5;
  const u = h - t;
  const v = h + t;
  const uLow = sumRest(h, -t, u) + (hLow - sLow * 0.5);
  normal.u = u;
  normal.v = v;

  let power = 0;
  if (some && Math.abs(u) < FAR) {
    const square = u * u;
    const rounded = exp(square * -0.5);
    power = rounded + rounded * ((squareRest(u, square) + 2 * u * uLow) * -0.5);
  }
  normal.power = power;

  if (t < CLOSE * (1 + h)) {
    if (h < DOWNWARDS) upwards(h, t);
    else downwards(h, t);
  } else {
    normal.ru = ratio(Math.abs(u), NORMAL);
    normal.rv = ratio(v, NORMAL);
    normal.gap = normal.ru - normal.rv;
    normal.crossed = u < 0;
  }
  const { ru, rv, gap, crossed } = normal;
  normal.share = crossed ? 1 - power * (ru + rv) : power * gap;
  if (some) return;
  normal.crossed = false;
  normal.share = 0;
}
