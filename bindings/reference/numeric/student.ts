// Student's t distribution for any degrees of freedom: the incomplete beta function as a continued fraction (DLMF 8.17.22) of
// whichever side converges, from 10 000 degrees on G. W. Hill's map to a normal number (CACM 13, algorithm 395, 1970). The
// quantile is Newton's on logarithms, where both sides are concave and no step can miss the root for good.
// Same bits: assembly/numeric/student.ts.

import { exp } from './exp.js';
import { log, log1p } from './log.js';
import { normalCdf, normalQuantile } from './normal.js';
import { pow } from './pow.js';

const ROOT_PI = 1.772453850905516;
/** Series of Gamma(w + 3/4) / (sqrt(w) Gamma(w + 1/4)) in 1 / w^2 (F. G. Tricomi and A. Erdelyi, Pacific J. Math. 1, 1951). */
const G1 = 0.015625;
const G2 = -0.0023193359375;
const G3 = 0.0012035369873046875;
const G4 = -0.001298762857913971;
const G5 = 0.0023855575127527118;
/** From here up the sixth term of the series is below 2^-54. */
const SERIES_FROM = 16;
/** From here up Hill's map is good to 1e-13 as far as Phi is above 1e-100. */
const NEARLY_NORMAL = 10000;
/** Where 1 + w is w, and w may even be infinite. */
const FAR = 1e20;
/** Below, a double can not tell the distribution from its limit. */
const LEAST_DOF = 1e-290;
const MOST_TERMS = 2000;
const MOST_STEPS = 100;
/** Newton squares the error: after a step that small there is nothing left to do. */
const LAST_STEP = 1e-9;

/** Gamma(a + 1/2) / Gamma(a). */
export function gammaRatio(a: number): number {
  let above = 1;
  let below = 1;
  while (a < SERIES_FROM) {
    above *= a;
    below *= a + 0.5;
    a += 1;
  }
  const w = a - 0.25;
  const i = 1 / (w * w);
  return (above / below) * Math.sqrt(w) * (1 + i * (G1 + i * (G2 + i * (G3 + i * (G4 + i * G5)))));
}

/** I_x(a, b) a B(a, b) / (x^a (1 - x)^b) by Steed's method; x < (a + 1) / (a + b + 2) converges fast. */
function fraction(a: number, b: number, x: number): number {
  let d = 1;
  let change = 1;
  let sum = 1;
  for (let k = 1; k < MOST_TERMS; k++) {
    const m = k >> 1;
    // Not a + k less 1, which would be nothing of a small a.
    const before = a + (k - 1);
    const at = a + k;
    const term = (k & 1) === 1 ? -(a + m) * (a + b + m) * x : m * (b - m) * x;
    d = 1 / (1 + (term / (before * at)) * d);
    change *= d - 1;
    const next = sum + change;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

const TAIL = 0;
const BODY = 1;
const FRONT = 2;
/** Of the last `split`: P(T > t), P(0 < T <= t), and t times the density. */
const sides = new Float64Array(3);

/** Fills `sides` for t > 0, dof below NEARLY_NORMAL. */
function split(t: number, dof: number): void {
  const a = 0.5 * dof;
  const w = (t * t) / dof;
  const u = 1 + w;
  const x = 1 / u;
  const y = w > FAR ? 1 : w / u;
  // What 1 + w lost counts a times.
  const power = w > FAR ? pow(t / Math.sqrt(dof), -dof) : pow(u, -a) * (1 - (a * (w - (u - 1))) / u);
  const front = (power * Math.sqrt(y) * gammaRatio(a)) / ROOT_PI;
  sides[FRONT] = front;
  if (x < (a + 1) / (a + 2.5)) {
    const tail = Math.min(0.5, (front * fraction(a, 0.5, x)) / dof);
    sides[TAIL] = tail;
    sides[BODY] = 0.5 - tail;
  } else {
    const body = front * fraction(0.5, a, y);
    sides[BODY] = body;
    sides[TAIL] = 0.5 - body;
  }
}

/** Hill's map of sqrt((dof - 1/2) ln(1 + t^2 / dof)) to the normal number of the same tail. */
function normalOf(root: number, dof: number): number {
  const a = dof - 0.5;
  const b = 48 * a * a;
  const y = root * root;
  const second = (((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b);
  return root * (1 + (second + y + 3) / b);
}

/** The t of a normal number z > 0 by Hill's map backwards: nearly exact for large dof, a start for others. */
function studentOf(z: number, dof: number): number {
  let root = z;
  for (let i = 0; i < 3; i++) root += z - normalOf(root, dof);
  const x = (root * root) / (dof - 0.5);
  const e = exp(x);
  // e^x - 1 after W. Kahan, as log1p.
  return Math.sqrt(dof * (e === 1 ? x : ((e - 1) * x) / log(e)));
}

/** P(T > t), t > 0. */
function upper(t: number, dof: number): number {
  if (dof > NEARLY_NORMAL) {
    const w = (t * t) / dof;
    // Beyond, the tail is below (1 + w)^(-dof / 2) = 2^-5000.
    return w > 1 ? 0 : normalCdf(-normalOf(Math.sqrt((dof - 0.5) * log1p(w)), dof));
  }
  split(t, dof);
  return sides[TAIL]!;
}

/**
 * The chance that a Student-t number of `dof` degrees of freedom and unit scale is at most t; within 1e-12 of itself in the lower
 * tail.
 * @param dof > 0; Infinity is the normal distribution
 * @returns NaN for NaN and for dof <= 0
 */
export function studentCdf(t: number, dof: number): number {
  if (Number.isNaN(t) || !(dof > 0)) return NaN;
  if (dof === Infinity) return normalCdf(t);
  if (t === 0) return 0.5;
  const size = Math.abs(t);
  const tail = size === Infinity ? 0 : upper(size, Math.max(dof, LEAST_DOF));
  return t < 0 ? tail : 1 - tail;
}

/** The t > 0 with P(T > t) = p, 0 < p < 1/2, rest = 1/2 - p. */
function upperQuantile(p: number, rest: number, dof: number): number {
  if (dof > NEARLY_NORMAL) return studentOf(-normalQuantile(p), dof);
  const outer = p < 0.25;
  const peak = gammaRatio(0.5 * dof) / ROOT_PI;
  const root = Math.sqrt(dof);
  // Starts from outside: the power law of the tail, which is all there is far out; the tangent of the body.
  let t = outer ? root * pow((dof / peak) * p, -1 / dof) : (rest * root) / peak;
  if (outer && (t * t) / dof > FAR) return t;
  if (outer && dof > 3) t = studentOf(-normalQuantile(p), dof);
  for (let i = 0; i < MOST_STEPS && t < Infinity; i++) {
    split(t, dof);
    const side = outer ? sides[TAIL]! : sides[BODY]!;
    // Nothing left in doubles: of the tail, where p is below 1e-300 and the start as good as that; of the body, where t is
    // beyond every double.
    if (side === 0) return outer ? t : Infinity;
    const step = (log(outer ? side / p : rest / side) * side) / sides[FRONT]!;
    t *= exp(step);
    if (Math.abs(step) < LAST_STEP) break;
  }
  return t;
}

/**
 * The t with studentCdf(t, dof) = p, within 1e-12 of itself.
 * @param p in [0, 1]
 * @param dof > 0; Infinity is the normal distribution
 * @returns -Infinity and Infinity for 0 and 1; NaN for NaN, p outside and dof <= 0
 */
export function studentQuantile(p: number, dof: number): number {
  if (!(p >= 0 && p <= 1) || !(dof > 0)) return NaN;
  if (p === 0.5) return 0;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  if (dof === Infinity) return normalQuantile(p);
  const d = Math.max(dof, LEAST_DOF);
  return p < 0.5 ? -upperQuantile(p, 0.5 - p, d) : upperQuantile(1 - p, p - 0.5, d);
}
