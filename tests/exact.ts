// Exact arithmetic for tests: fixed point of 200 fractional bits in BigInt, e^x and ln x in it, errors in units of the last place,
// and seeded points. A number that may be large or small is { m, k }: m / 2^200 * 2^k.

export const P = 200;
export const ONE = 1n << BigInt(P);
export const shift = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by));

/** A finite double as integer * 2^exponent. */
export function exact(x: number): { n: bigint; e: number } {
  const bits = new BigUint64Array(new Float64Array([x]).buffer)[0]!;
  const field = Number((bits >> 52n) & 2047n);
  const n = (bits & 0xfffffffffffffn) | (field === 0 ? 0n : 1n << 52n);
  return { n: bits >> 63n ? -n : n, e: Math.max(field, 1) - 1075 };
}

/** 2 atanh(n / d) in fixed point. */
function atanh2(n: bigint, d: bigint): bigint {
  const s = (n << BigInt(P)) / d;
  const s2 = (s * s) >> BigInt(P);
  let sum = 0n;
  for (let term = s, i = 1n; term !== 0n && term !== -1n; term = (term * s2) >> BigInt(P), i += 2n) sum += term / i;
  return 2n * sum;
}

export const LN2 = atanh2(1n, 3n);

export function lnFixed(x: number): bigint {
  const { n, e } = exact(x);
  let b = n.toString(2).length - 1;
  if (n * 5n > 7n << BigInt(b)) b += 1;
  const one = 1n << BigInt(b);
  return BigInt(b + e) * LN2 + atanh2(n - one, n + one);
}

/** e^(x / 2^P) = m / 2^P * 2^k. */
export function expFixed(x: bigint): { m: bigint; k: number } {
  const k = (2n * x + LN2) / (2n * LN2) - (2n * x + LN2 < 0n ? 1n : 0n);
  const r = (x - k * LN2) >> 8n;
  let sum = ONE;
  for (let term = ONE, i = 1n; term !== 0n && term !== -1n; i += 1n) {
    term = ((term * r) / i) >> BigInt(P);
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) >> BigInt(P);
  return { m: sum, k: Number(k) };
}

/** |got - m 2^(k-P)| in units of the last place of the exact value. From halfway past the last double on, infinity is right. */
export function ulps(got: number, m: bigint, k: number): number {
  const size = (m < 0n ? -m : m).toString(2).length - 1 - P + k;
  if (size >= 1024 || (size === 1023 && shift(m, k - P - 970) >= (1n << 54n) - 1n))
    return got === Infinity ? 0 : Infinity;
  if (!Number.isFinite(got)) return Infinity;
  const unit = Math.max(size - 52, -1074) - 40;
  const { n, e } = exact(got);
  return Math.abs(Number(shift(m, k - P - unit) - shift(n, e - unit))) / 2 ** 40;
}

/** xorshift32 (G. Marsaglia, J. Stat. Softw. 8, 2003). */
export function random(seed: number): { word: () => number; unit: () => number; any: () => number } {
  let state = seed;
  const word = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const view = new Uint32Array(2);
  const any = (): number => {
    view[0] = word();
    view[1] = word();
    return new Float64Array(view.buffer)[0]!;
  };
  return { word, unit: () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53, any };
}

export function next(x: number, steps: number): number {
  const cell = new BigInt64Array(new Float64Array([x]).buffer);
  cell[0]! += BigInt(steps);
  return new Float64Array(cell.buffer)[0]!;
}

export const around = (x: number, by = 3): number[] => Array.from({ length: 2 * by + 1 }, (_, i) => next(x, i - by));
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
