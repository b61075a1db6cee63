// erf, erfc, erfcx and the normal distribution in the arithmetic of exact.ts: Taylor's series of erf below 2, from there the
// continued fraction of erfcx (DLMF 7.6.1 and 7.9.1), both to 2^-100 and better. Values are { m, k }: m / 2^200 * 2^k.
import { exact, expFixed, LN2, lnFixed, ONE, P, shift, ulps } from './exact.ts';

export interface Value {
  m: bigint;
  k: number;
}

const B = BigInt(P);
const times = (a: bigint, b: bigint): bigint => (a * b) >> B;
const over = (a: bigint, b: bigint): bigint => (a << B) / b;

/** Square root in fixed point, by Newton from above. */
export function sqrtFixed(x: bigint): bigint {
  const n = x << B;
  let root = 1n << BigInt((n.toString(2).length >> 1) + 1);
  for (;;) {
    const better = (root + n / root) >> 1n;
    if (better >= root) return root;
    root = better;
  }
}

function arctan(d: bigint): bigint {
  let sum = 0n;
  for (let term = ONE / d, i = 1n; term !== 0n; term /= d * d, i += 2n) sum += i & 2n ? -term / i : term / i;
  return sum;
}

/** J. Machin's formula. */
export const PI: bigint = 16n * arctan(5n) - 4n * arctan(239n);
const ROOT_PI = sqrtFixed(PI);
const ROOT_HALF = sqrtFixed(ONE / 2n);
const ROOT_TWO_PI = sqrtFixed(2n * PI);
const FOUR = 4n * ONE;

/** Fixed point; what is below 2^-200 is lost. */
export const fixed = (x: number): bigint => shift(exact(x).n, exact(x).e + P);
/** The argument of erfc and its square. */
interface Argument {
  z: Value;
  square: bigint;
}
const square = (x: number): bigint => shift(exact(x).n ** 2n, 2 * exact(x).e + P);
/** |x|, |x| / sqrt(2): mantissas times a power of two, so that nothing is lost of small ones. */
const plain = (x: number): Argument => ({
  z: { m: shift(exact(Math.abs(x)).n, P - 52), k: exact(x).e + 52 },
  square: square(x),
});
const halved = (x: number): Argument => ({
  z: { m: times(plain(x).z.m, ROOT_HALF), k: plain(x).z.k },
  square: square(x) / 2n,
});

/** erf(z) / z for z < 2. */
function erfOverZ(s: bigint): bigint {
  let sum = 0n;
  for (let term = ONE, n = 0n; term !== 0n; n += 1n, term = times(term, s) / n) {
    sum += n & 1n ? -term / (2n * n + 1n) : term / (2n * n + 1n);
  }
  return over(2n * sum, ROOT_PI);
}

/** z sqrt(pi) erfcx(z) from z^2 >= 4. */
function erfcxTimesZ(s: bigint): bigint {
  const c = over(ONE, 2n * s);
  const terms = 20 + Number((900n * ONE) / s);
  let r = ONE;
  for (let k = BigInt(terms); k > 0n; k -= 1n) r = ONE + over(k * c, r);
  return over(ONE, r);
}

/** erfc(z), z >= 0. */
function upper({ z, square: s }: Argument): Value {
  if (s < FOUR) return { m: ONE - shift(times(erfOverZ(s), z.m), z.k), k: 0 };
  const { m, k } = expFixed(-s);
  return { m: over(times(m, erfcxTimesZ(s)), times(z.m, ROOT_PI)), k: k - z.k };
}

/** a - b. */
function less(a: Value, b: Value): Value {
  const k = Math.min(a.k, b.k);
  return { m: shift(a.m, a.k - k) - shift(b.m, b.k - k), k };
}

const negative = ({ m, k }: Value): Value => ({ m: -m, k });
const one: Value = { m: ONE, k: 0 };
const below = (argument: Argument, x: number, whole: Value): Value =>
  x < 0 ? less(whole, upper(argument)) : upper(argument);

export function erfOf(x: number): Value {
  const { z, square: s } = plain(x);
  const size = s < FOUR ? { m: times(erfOverZ(s), z.m), k: z.k } : less(one, upper(plain(x)));
  return x < 0 ? negative(size) : size;
}

export const erfcOf = (x: number): Value => below(plain(x), x, { m: ONE, k: 1 });

export function erfcxOf(x: number): Value {
  const { z, square: s } = plain(x);
  const e = expFixed(s < 1000n * ONE ? s : 0n);
  const c = upper(plain(x));
  const size =
    s < FOUR ? { m: times(e.m, c.m), k: e.k + c.k } : { m: over(erfcxTimesZ(s), times(z.m, ROOT_PI)), k: -z.k };
  return x < 0 ? less({ m: e.m, k: e.k + 1 }, size) : size;
}

export function normalCdfOf(x: number): Value {
  const { m, k } = below(halved(x), -x, { m: ONE, k: 1 });
  return { m, k: k - 1 };
}

export function normalDensityOf(x: number): Value {
  const { m, k } = expFixed(-square(x) / 2n);
  return { m: over(m, ROOT_TWO_PI), k };
}

/** ln of a value above 0 in fixed point. */
export function lnOf({ m, k }: Value): bigint {
  const bits = m.toString(2).length;
  // A double near it, and the rest by its series.
  const near = Number(shift(m, 53 - bits));
  const rest = over(shift(m, P - bits), shift(BigInt(near), P - 53)) - ONE;
  let sum = 0n;
  for (let term = rest, i = 1n; term !== 0n && term !== -1n; term = times(term, rest), i += 1n)
    sum += i & 1n ? term / i : -term / i;
  return lnFixed(near) + sum + BigInt(bits - 53 - P + k) * LN2;
}

export function normalLogCdfOf(x: number): Value {
  const argument = halved(x);
  if (x > 0) {
    const tail = upper(argument);
    const t = { m: tail.m, k: tail.k - 1 };
    // -(t + t^2 / 2 + t^3 / 3 ...), of which the relative size counts.
    const small = shift(t.m, t.k);
    if (small > ONE >> 40n) return { m: lnOf({ m: ONE - small, k: 0 }), k: 0 };
    return { m: -t.m - times(t.m, small) / 2n - times(times(t.m, small), small) / 3n, k: t.k };
  }
  if (argument.square < FOUR) return { m: lnOf(normalCdfOf(x)), k: 0 };
  const ratio = lnOf({ m: over(erfcxTimesZ(argument.square), times(argument.z.m, ROOT_PI)), k: -argument.z.k - 1 });
  return { m: ratio - argument.square, k: 0 };
}

/** Error in ulp of x as the quantile of p: (Phi(x) - p) / density, as the quantile is a line so near. */
export function quantileUlps(x: number, p: number): number {
  // The nearer tail, whose size is p or 1 - p, which is exact.
  const side = p < 0.5 ? p : 1 - p;
  const cdf = normalCdfOf(p < 0.5 ? x : -x);
  const density = normalDensityOf(x);
  const { n, e } = exact(side);
  const off = less(cdf, { m: shift(n, P - 52), k: e + 52 });
  const { m, k } = plain(x).z;
  const miss = over(off.m, density.m);
  const at = off.k - density.k;
  // The exact quantile is |x| + miss: the tail is larger than its p where x is too near to 0.
  return ulps(Math.abs(x), shift(m, k - at + 60) + shift(miss, 60), at - 60);
}
