// The Cholesky factor of a positive semidefinite matrix. A pivot that is nothing beside its own variance makes a column of zeros, so
// coins that move as one have a factor as well, and a quiet one beside a wild one keeps its own; no covariance is a status, never NaN.
import { symmetric } from './square.js';

/** A pivot of this share of its diagonal element is rounding. */
const PIVOT = 1e-12;
/** What may stand below a pivot that is 0: the square root of the share, as |a_ij| <= sqrt(a_ii a_jj). */
const BELOW_PIVOT = 1e-6;
/** Rounding of a matrix that was made in one piece, as a share of its largest diagonal element. */
const ROUNDING = 1e-15;

/** A factor, or why there is none. */
export interface Cholesky {
  /** `not-psd`: no covariance, it has an eigenvalue below 0. */
  readonly status: 'ok' | 'not-psd';
  /** Lower triangular, n * n, row after row: lower lower' is the matrix. Null where there is none. */
  readonly lower: Float64Array | null;
}

/**
 * The lower triangular L with L L' = matrix, column by column, sums in rising order of columns.
 * @param matrix - symmetric, n * n, row after row
 * @throws MarginError type, range, not-finite: see `symmetric`
 * @example
 * const { status, lower } = cholesky(new Float64Array([4, 2, 2, 3]), 2); // 'ok', [2, 0, 1, 1.4142135623730951]
 */
export function cholesky(matrix: Float64Array, n: number): Cholesky {
  symmetric(matrix, n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i] ?? 0);
  const noise = ROUNDING * largest;
  const lower = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const variance = Math.max(0, matrix[j * n + j] ?? 0);
    const pivot = rest(matrix, lower, n, j, j);
    // Written so that NaN, of elements near the end of doubles, is refused as well.
    if (!(pivot >= -PIVOT * variance - noise)) return { status: 'not-psd', lower: null };
    const kept = pivot > PIVOT * variance;
    const root = kept ? Math.sqrt(pivot) : 0;
    lower[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      const left = rest(matrix, lower, n, i, j);
      if (kept) lower[i * n + j] = left / root;
      else if (!(Math.abs(left) <= BELOW_PIVOT * size(variance, matrix[i * n + i] ?? 0) + noise))
        return { status: 'not-psd', lower: null };
    }
  }
  return { status: 'ok', lower };
}

/** The largest covariance of two variances, without leaving the doubles. */
const size = (a: number, b: number): number => Math.sqrt(a) * Math.sqrt(Math.max(0, b));

/** a_ij less what the columns before j hold of it. */
function rest(matrix: Float64Array, lower: Float64Array, n: number, i: number, j: number): number {
  let left = matrix[i * n + j] ?? 0;
  for (let k = 0; k < j; k++) left -= (lower[i * n + k] ?? 0) * (lower[j * n + k] ?? 0);
  return left;
}
