// Eigenvalues and eigenvectors of a symmetric matrix: C. G. J. Jacobi's rotations, by rows in one fixed order, until nothing is left
// beside the diagonal. Slower than what LAPACK does, and the same bits everywhere.
import { largestOf, symmetric } from './square.js';

/** Sweeps converge quadratically: 30 rows need eight or so. */
const MOST_SWEEPS = 60;
/** An element this much smaller than both of its diagonal ones turns nothing. */
const NOTHING = 1e-18;

/** Eigenvalues and eigenvectors. */
export interface Eigen {
  /** Falling. */
  readonly values: Float64Array;
  /** n * n, row after row: column k is the vector of length 1 of values[k], so matrix = vectors diag(values) vectors'. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues, falling, and eigenvectors, whose largest component (the first of equals) is above 0.
 * @param matrix - symmetric, n * n, row after row
 * @throws MarginError type, range, not-finite: see `symmetric`
 * @example
 * symmetricEigen(new Float64Array([2, 1, 1, 2]), 2).values; // 3, 1
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  symmetric(matrix, n);
  // Scaled by a power of two, which loses nothing, so that no square overflows.
  const scale = powerOfTwoNear(largestOf(matrix));
  const a = matrix.map((x) => x / scale);
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) turned[i * n + i] = 1;
  for (let i = 0; i < MOST_SWEEPS && sweep(a, turned, n); i++);
  const order = Array.from({ length: n }, (_, i) => i);
  const diagonal = Float64Array.from(order, (i) => a[i * n + i] ?? 0);
  order.sort((i, j) => (diagonal[j] ?? 0) - (diagonal[i] ?? 0) || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => {
    const sign = signOf(turned, n, from);
    for (let i = 0; i < n; i++) vectors[i * n + k] = sign * (turned[i * n + from] ?? 0);
  });
  return { values: Float64Array.from(order, (i) => (diagonal[i] ?? 0) * scale), vectors };
}

/** Turns every pair of rows once; false where there was nothing to turn. */
function sweep(a: Float64Array, vectors: Float64Array, n: number): boolean {
  let some = false;
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) {
      const beside = a[p * n + q] ?? 0;
      const [first, second] = [a[p * n + p] ?? 0, a[q * n + q] ?? 0];
      const size = Math.abs(beside);
      if (size <= NOTHING * Math.abs(first) && size <= NOTHING * Math.abs(second)) {
        a[p * n + q] = 0;
        a[q * n + p] = 0;
        continue;
      }
      some = true;
      rotate(a, vectors, n, p, q, beside, (second - first) / (2 * beside));
    }
  }
  return some;
}

/** Makes a_pq 0: rows and columns p and q turned by the smaller of the two angles, cot(2 angle) = cotangent. */
function rotate(
  a: Float64Array,
  vectors: Float64Array,
  n: number,
  p: number,
  q: number,
  beside: number,
  cotangent: number,
): void {
  const size = Math.abs(cotangent);
  const t = (cotangent < 0 ? -1 : 1) / (size + Math.sqrt(size * size + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    if (k !== p && k !== q) {
      const [x, y] = [a[p * n + k] ?? 0, a[q * n + k] ?? 0];
      const [turnedX, turnedY] = [c * x - s * y, s * x + c * y];
      a[p * n + k] = turnedX;
      a[k * n + p] = turnedX;
      a[q * n + k] = turnedY;
      a[k * n + q] = turnedY;
    }
    const [u, v] = [vectors[k * n + p] ?? 0, vectors[k * n + q] ?? 0];
    vectors[k * n + p] = c * u - s * v;
    vectors[k * n + q] = s * u + c * v;
  }
  a[p * n + p] = (a[p * n + p] ?? 0) - t * beside;
  a[q * n + q] = (a[q * n + q] ?? 0) + t * beside;
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

/** The sign of a column's largest component, the first of those that are as large. */
function signOf(vectors: Float64Array, n: number, column: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const x = vectors[i * n + column] ?? 0;
    if (Math.abs(x) > Math.abs(largest)) largest = x;
  }
  return largest < 0 ? -1 : 1;
}

/** The power of two in (x / 2, x], but for 0, whose is 1. */
function powerOfTwoNear(x: number): number {
  if (x === 0) return 1;
  let power = 1;
  while (power > x) power /= 2;
  while (power <= x / 2) power *= 2;
  return power;
}
