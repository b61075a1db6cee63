// The gamma function's logarithm, the incomplete gamma function and the chi-square distribution of any degrees of freedom: the power
// series below the mean, Legendre's continued fraction above it (DLMF 8.11.4, 8.9.2), from a = 500 000 on the first terms of N. M.
// Temme's uniform expansion (SIAM J. Math. Anal. 10, 1979). The quantile is Newton's on logarithms, as in student.ts.
// Measured against mpmath in tests/gamma.test.ts.

import { exp } from './exp.js';
import { log } from './log.js';
import { normalCdf, normalQuantile } from './normal.js';

const HALF_LN_2_PI = 0.9189385332046728;
const ROOT_2_PI = 2.5066282746310007;
/** Stirling's series, B_2k / (2k (2k - 1)): from 10 up the eighth term is below 2^-54. */
const STIRLING: Float64Array = new Float64Array([
  0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417,
  -0.0019175269175269176, 0.00641025641025641,
]);
const SERIES_FROM = 10;
/** From here on neither the series nor the fraction is short. */
const UNIFORM_FROM = 500_000;
/** Where ratio - 1 - ln ratio is a series, and its terms: 0.1^18 is nothing beside 1. */
const NEAR_ONE = 0.1;
const NEAR_TERMS = 20;
/** Temme's first two functions as series (his coefficients as in DLMF 8.12.12). */
const FIRST: Float64Array = new Float64Array([
  -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194,
  -0.0001787551440329218, 3.919263178522438e-5,
]);
const SECOND: Float64Array = new Float64Array([-0.001851851851851852, -0.003472222222222222, 0.0026455026455026454]);
const MOST_TERMS = 20_000;
const MOST_STEPS = 100;
const LAST_STEP = 1e-9;
const LONGEST_STEP = 5;
/** Where Wilson and Hilferty's cube root is no start. */
const LEAST_ROOT = 0.2;

/** ln Gamma(w) - (w - 1/2) ln w + w - ln(2 pi) / 2, w >= 10. */
function stirling(w: number): number {
  const i = 1 / (w * w);
  let sum = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * i + STIRLING[k]!;
  return sum / w;
}

/**
 * ln Gamma(x), within 1e-14 of itself, or of 1 where it is smaller.
 * @param x > 0
 * @returns NaN for NaN and x <= 0, Infinity for Infinity
 * @example
 * logGamma(5); // 3.178053830347947
 */
export function logGamma(x: number): number {
  if (typeof x !== 'number' || !(x > 0)) return NaN;
  if (x === Infinity) return Infinity;
  let product = 1;
  let w = x;
  for (; w < SERIES_FROM; w += 1) product *= w;
  const large = (w - 0.5) * log(w) - w + HALF_LN_2_PI + stirling(w);
  return product === 1 ? large : large - log(product);
}

/** x^a e^-x / Gamma(a + 1), x > 0. */
function front(a: number, x: number): number {
  if (a < SERIES_FROM) return exp(a * log(x) - x - logGamma(a + 1));
  return exp(-a * excess((x - a) / a, x / a) - stirling(a)) / (ROOT_2_PI * Math.sqrt(a));
}

/** ratio - 1 - ln ratio for ratio = 1 + mu: near 1 its series, mu^2 / 2 - mu^3 / 3 + ..., of which nothing cancels. */
function excess(mu: number, ratio: number): number {
  if (Math.abs(mu) > NEAR_ONE) return mu - log(ratio);
  let sum = 0;
  for (let k = NEAR_TERMS; k >= 2; k--) sum = 1 / k - mu * sum;
  return mu * mu * sum;
}

/** sum of x^n / ((a + 1) ... (a + n)). */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MOST_TERMS; n++) {
    term *= x / (a + n);
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** Gamma(a, x) e^x / x^a by Steed's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let d = 1 / b;
  let change = d;
  let sum = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const term = -n * (n - a);
    b += 2;
    d = 1 / (b + term * d);
    change *= b * d - 1;
    const next = sum + change;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

const LOWER = 0;
const UPPER = 1;
const FRONT = 2;
/** Of the last `split`: P(a, x), Q(a, x), and x times the density. */
const sides = new Float64Array(3);

/** Fills `sides`, a > 0, 0 < x < Infinity. */
function split(a: number, x: number): void {
  const before = front(a, x);
  sides[FRONT] = before * a;
  if (a >= UNIFORM_FROM) {
    uniform(a, x);
  } else if (x < a + 1) {
    const lower = Math.min(1, before * series(a, x));
    sides[LOWER] = lower;
    sides[UPPER] = 1 - lower;
  } else {
    const upper = Math.min(1, before * a * fraction(a, x));
    sides[UPPER] = upper;
    sides[LOWER] = 1 - upper;
  }
}

function polynomial(c: Float64Array, x: number): number {
  let sum = 0;
  for (let k = c.length - 1; k >= 0; k--) sum = sum * x + c[k]!;
  return sum;
}

function uniform(a: number, x: number): void {
  const mu = (x - a) / a;
  const square = 2 * excess(mu, x / a);
  const eta = (mu < 0 ? -1 : 1) * Math.sqrt(square);
  // Beyond 0.1 both tails are below e^-2000.
  const near = Math.max(-NEAR_ONE, Math.min(NEAR_ONE, eta));
  const c = polynomial(FIRST, near) + polynomial(SECOND, near) / a;
  const beside = (exp(-0.5 * a * square) / (ROOT_2_PI * Math.sqrt(a))) * c;
  const z = eta * Math.sqrt(a);
  sides[UPPER] = Math.max(0, Math.min(1, normalCdf(-z) + beside));
  sides[LOWER] = Math.max(0, Math.min(1, normalCdf(z) - beside));
}

function side(a: number, x: number, which: number): number {
  // A text would be put together where numbers are added up.
  if (typeof a !== 'number' || typeof x !== 'number' || !(a > 0) || a === Infinity || !(x >= 0)) return NaN;
  if (x === 0 || x === Infinity) return (x === 0) === (which === UPPER) ? 1 : 0;
  split(a, x);
  return sides[which]!;
}

/**
 * P(a, x), the regularised lower incomplete gamma function; the smaller of P and Q within 2e-12 of itself for a from 0.05 to 1e6.
 * @param a > 0, finite; x >= 0
 * @returns NaN for NaN and outside
 * @example
 * gammaLower(2, 3); // 0.8008517265285446
 */
export function gammaLower(a: number, x: number): number {
  return side(a, x, LOWER);
}

/**
 * Q(a, x) = 1 - P(a, x), see `gammaLower`.
 * @example
 * gammaUpper(2, 3); // 0.19914827347145542
 */
export function gammaUpper(a: number, x: number): number {
  return side(a, x, UPPER);
}

const half = (x: number): number => (typeof x === 'number' ? 0.5 * x : NaN);

/**
 * The chance that a chi-square number of `dof` degrees of freedom is at most x; see `gammaLower` for its error.
 * @param dof > 0, finite
 * @returns 0 below 0, NaN for NaN and dof <= 0
 * @example
 * chiSquareCdf(4, 2); // 0.86466471676338...
 */
export function chiSquareCdf(x: number, dof: number): number {
  return typeof x === 'number' && typeof dof === 'number' && x < 0 && dof > 0 ? 0 : gammaLower(half(dof), half(x));
}

/**
 * The chance that it is above x: the p-value of a statistic.
 * @example
 * chiSquareTail(4, 2); // 0.13533528323661...
 */
export function chiSquareTail(x: number, dof: number): number {
  return typeof x === 'number' && typeof dof === 'number' && x < 0 && dof > 0 ? 1 : gammaUpper(half(dof), half(x));
}

/**
 * The x with chiSquareCdf(x, dof) = p, within 2e-12 of itself for dof from 0.1 to 2e6.
 * @param p in [0, 1]; dof > 0, finite
 * @returns 0 and Infinity for 0 and 1; NaN for NaN, p outside and dof <= 0
 * @example
 * chiSquareQuantile(0.95, 1); // 3.84145882069412...
 */
export function chiSquareQuantile(p: number, dof: number): number {
  if (typeof p !== 'number' || typeof dof !== 'number') return NaN;
  if (!(p >= 0 && p <= 1) || !(dof > 0) || dof === Infinity) return NaN;
  if (p === 0 || p === 1) return p === 0 ? 0 : Infinity;
  const a = 0.5 * dof;
  const below = p < 0.5;
  const rest = 1 - p;
  let x = start(p, a);
  for (let i = 0; i < MOST_STEPS && x > 0; i++) {
    split(a, x);
    const chance = below ? sides[LOWER]! : sides[UPPER]!;
    // Nothing left in doubles: as near as they come.
    if (chance === 0 || sides[FRONT] === 0) break;
    const wanted = (log(below ? p / chance : chance / rest) * chance) / sides[FRONT]!;
    const step = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, wanted));
    x *= exp(step);
    if (Math.abs(step) < LAST_STEP) break;
  }
  return 2 * x;
}

/** E. B. Wilson and M. M. Hilferty's cube of a normal number (1931), or where that is near 0 the first term of the series. */
function start(p: number, a: number): number {
  const ninth = 1 / (9 * a);
  const root = 1 - ninth + normalQuantile(p) * Math.sqrt(ninth);
  if (root > LEAST_ROOT) return a * root * root * root;
  return exp((log(p) + logGamma(a + 1)) / a);
}
