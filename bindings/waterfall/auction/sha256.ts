// SHA-256 (FIPS 180-4) of a text, at once and without a library, so that a commitment is the same on every engine. Its
// constants are what the standard derives them from: the first 32 bits behind the point of roots of the first primes.

const BLOCK = 64;
const WORD = 32n;

interface Constants {
  /** From square roots of the first 8 primes. */
  start: Int32Array;
  /** From cube roots of the first 64 primes. */
  rounds: Int32Array;
}
let known: Constants | undefined;

function constants(): Constants {
  if (known) return known;
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < BLOCK; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  const bits = (degree: 2 | 3) => (prime: bigint) => Number(BigInt.asIntN(32, root(prime, degree)));
  known = { start: Int32Array.from(primes.slice(0, 8), bits(2)), rounds: Int32Array.from(primes, bits(3)) };
  return known;
}

/** 2^32 times a square or cube root, rounded down, by bisection; roots of the first primes are below 2^5. */
function root(prime: bigint, degree: 2 | 3): bigint {
  const power = (x: bigint): bigint => (degree === 2 ? x * x : x * x * x);
  const target = prime << (WORD * BigInt(degree));
  let [low, high] = [0n, 1n << (WORD + 5n)];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (power(middle) <= target) low = middle;
    else high = middle;
  }
  return low;
}

const turned = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** @returns 64 hexadecimal digits */
export function sha256(text: string): string {
  const { start } = constants();
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) * BLOCK);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const hash = start.slice();
  for (let at = 0; at < padded.length; at += BLOCK) compress(hash, view, at);
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function compress(hash: Int32Array, view: DataView, at: number): void {
  const { rounds } = constants();
  const w = new Int32Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) w[i] = i < 16 ? view.getInt32(at + 4 * i) : scheduled(w, i);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let i = 0; i < BLOCK; i++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (w[i] as number)) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = (hash[i] as number) + word;
}

function scheduled(w: Int32Array, i: number): number {
  const [x, y] = [w[i - 15] as number, w[i - 2] as number];
  const s0 = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
  const s1 = turned(y, 17) ^ turned(y, 19) ^ (y >>> 10);
  return ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
}
