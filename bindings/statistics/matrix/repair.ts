// The nearest usable matrix to one that is no covariance: eigenvalues below 0 become 0, then every row gets its length back. After
// R. Rebonato and P. Jaeckel, The most general methodology to create a valid correlation matrix (1999); QuantLib's Spectral salvaging.
import { MarginError } from '../../errors.js';
import { cholesky } from './cholesky.js';
import { symmetricEigen } from './eigen.js';

/** A matrix without an eigenvalue below 0, and its factor. */
export interface Repair {
  /** n * n, row after row, without an eigenvalue below 0 (but for rounding). */
  readonly matrix: Float64Array;
  /** Lower triangular factor of `matrix`. */
  readonly lower: Float64Array;
  /** False where nothing was wrong: `matrix` is then what was given. */
  readonly repaired: boolean;
  /** The smallest eigenvalue before the repair; null where none was needed. */
  readonly smallest: number | null;
}

/**
 * Makes a covariance of what nearly is one; variances stay as they are. A correlation is the covariance whose variances are 1.
 * @param matrix - symmetric, n * n, row after row, no diagonal element below 0
 * @throws MarginError range for a variance below 0, and what `cholesky` throws
 * @example
 * const { matrix, repaired } = repairPsd(new Float64Array([1, 0.9, 0.7, 0.9, 1, 0.3, 0.7, 0.3, 1]), 3);
 * // repaired is true, matrix[1] is 0.8940244085...
 */
export function repairPsd(matrix: Float64Array, n: number): Repair {
  const { status, lower } = cholesky(matrix, n);
  for (let i = 0; i < n; i++) {
    const variance = matrix[i * n + i] ?? 0;
    if (variance < 0)
      throw new MarginError('range', { path: `matrix, row ${i}`, got: variance, expected: 'a variance of at least 0' });
  }
  if (status === 'ok' && lower) return { matrix, lower, repaired: false, smallest: null };
  const deviations = Float64Array.from({ length: n }, (_, i) => Math.sqrt(matrix[i * n + i] ?? 0));
  const { values, vectors } = symmetricEigen(correlationWithin(matrix, deviations, n), n);
  const root = rescaled(values, vectors, n);
  const fixed = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    // The diagonal is what it was; rounding of lengths would leave 1 - 2^-53 of it.
    fixed[i * n + i] = matrix[i * n + i] ?? 0;
    for (let j = 0; j < i; j++) {
      let cosine = 0;
      for (let k = 0; k < n; k++) cosine += (root[i * n + k] ?? 0) * (root[j * n + k] ?? 0);
      const covariance = cosine * (deviations[i] ?? 0) * (deviations[j] ?? 0);
      fixed[i * n + j] = covariance;
      fixed[j * n + i] = covariance;
    }
  }
  const factor = triangular(root, n).map((x, at) => x * (deviations[Math.floor(at / n)] ?? 0));
  return { matrix: fixed, lower: factor, repaired: true, smallest: values[n - 1] ?? 0 };
}

/** Correlations; what has no variance is correlated with nothing. */
function correlationWithin(matrix: Float64Array, deviations: Float64Array, n: number): Float64Array {
  return matrix.map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return 1;
    const [a, b] = [deviations[i] ?? 0, deviations[j] ?? 0];
    return a > 0 && b > 0 ? x / a / b : 0;
  });
}

/** Q sqrt(max(values, 0)), each row brought to length 1. */
function rescaled(values: Float64Array, vectors: Float64Array, n: number): Float64Array {
  const root = vectors.map((x, at) => x * Math.sqrt(Math.max(values[at % n] ?? 0, 0)));
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let k = 0; k < n; k++) square += (root[i * n + k] ?? 0) * (root[i * n + k] ?? 0);
    const length = Math.sqrt(square);
    for (let k = 0; k < n; k++) root[i * n + k] = length > 0 ? (root[i * n + k] ?? 0) / length : 0;
  }
  return root;
}

/**
 * A lower triangular L with L L' = B B': rows of B turned, pair of columns by pair, until nothing stands right of the diagonal. The
 * factor of B B' itself could fail by the rounding of the product.
 */
function triangular(root: Float64Array, n: number): Float64Array {
  const lower = root.slice();
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [a, b] = [lower[i * n + i] ?? 0, lower[i * n + j] ?? 0];
      const length = Math.sqrt(a * a + b * b);
      const [c, s] = length > 0 ? [a / length, b / length] : [1, 0];
      for (let k = i; k < n; k++) {
        const [x, y] = [lower[k * n + i] ?? 0, lower[k * n + j] ?? 0];
        lower[k * n + i] = c * x + s * y;
        lower[k * n + j] = c * y - s * x;
      }
      lower[i * n + j] = 0;
    }
  }
  return lower;
}
