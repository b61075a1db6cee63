// Student's t in the arithmetic of exact.ts: power series of the incomplete beta function, all of whose terms are positive
// (DLMF 8.17.7 after 15.8.1), and the Gamma function's ratio from large arguments down.

import { exact, expFixed, ONE, P, shift } from './exact.ts';
import { lnOf, PI, sqrtFixed, type Value } from './exact-normal.ts';

const B = BigInt(P);
const times = (a: bigint, b: bigint): bigint => (a * b) >> B;
const over = (a: bigint, b: bigint): bigint => (a << B) / b;
const fixed = (x: number): bigint => shift(exact(x).n, exact(x).e + P);
const HALF = ONE / 2n;
const ROOT_PI = sqrtFixed(PI);

/** Coefficients of 1 / w^2, 1 / w^4 ... in Gamma(w + 3/4) / (sqrt(w) Gamma(w + 1/4)). */
const SERIES: [bigint, bigint][] = [
  [1n, 2n ** 6n],
  [-19n, 2n ** 13n],
  [631n, 2n ** 19n],
  [-174317n, 2n ** 27n],
  [20491783n, 2n ** 33n],
  [-7334801895n, 2n ** 40n],
];
const ratios = new Map<number, bigint>();

/** Gamma(a + 1/2) / Gamma(a) for a = dof / 2. */
function gammaRatio(dof: number): bigint {
  const known = ratios.get(dof);
  if (known !== undefined) return known;
  let a = fixed(dof) / 2n;
  let scale = ONE;
  for (; a < 2000n * ONE; a += ONE) scale = over(times(scale, a), a + HALF);
  const w = a - ONE / 4n;
  const i = over(ONE, times(w, w));
  let sum = ONE;
  let power = i;
  for (const [n, d] of SERIES) {
    sum += (power * n) / d;
    power = times(power, i);
  }
  const ratio = times(times(scale, sqrtFixed(w)), sum);
  ratios.set(dof, ratio);
  return ratio;
}

/** sum over n of (b)_n / (c)_n x^n. */
function series(b: bigint, c: bigint, x: bigint): bigint {
  let sum = 0n;
  for (let term = ONE, n = 0n; term !== 0n; n += ONE) {
    sum += term;
    term = over(times(times(term, x), b + n), c + n);
  }
  return sum;
}

/** P(T > t) for t > 0, and t times the density there. */
export function studentTail(t: number, dof: number): { tail: Value; front: Value } {
  const v = fixed(dof);
  const square = shift(exact(t).n ** 2n, 2 * exact(t).e + P);
  const x = over(v, v + square);
  const y = over(square, v + square);
  const a = v / 2n;
  const power = expFixed(times(a, lnOf({ m: v, k: 0 }) - lnOf({ m: v + square, k: 0 })));
  const front = times(times(power.m, sqrtFixed(y)), over(gammaRatio(dof), ROOT_PI));
  // Where the tail would be a small difference, its own series; it converges like x^n.
  if (y > ONE / 2n || t > 6)
    return {
      tail: { m: over(times(front, series(a + HALF, a + ONE, x)), v), k: power.k },
      front: { m: front, k: power.k },
    };
  const body = shift(times(front, series(a + HALF, ONE + HALF, y)), power.k);
  return { tail: { m: HALF - body, k: 0 }, front: { m: front, k: power.k } };
}
