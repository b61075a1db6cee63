// What every function of a symmetric matrix asks of it: n rows of n finite numbers, row after row, the same on both sides of the
// diagonal.
import { MarginError } from '../../errors.js';

/** What a product of rounded sums may differ by from side to side, of the largest element. */
const ASYMMETRY = 1e-9;
/** Rows that a matrix has at the most: 128 MB, and an hour of eigenvalues. */
const MOST = 4096;

/** The largest magnitude. */
export function largestOf(matrix: Float64Array): number {
  let largest = 0;
  for (const x of matrix) if (Math.abs(x) > largest) largest = Math.abs(x);
  return largest;
}

/**
 * Checks a symmetric matrix and returns it.
 * @throws MarginError type where it is no Float64Array, range where its length is not n * n or its sides differ, not-finite
 */
export function symmetric(matrix: Float64Array, n: number, path = 'matrix'): Float64Array {
  if (!(matrix instanceof Float64Array))
    throw new MarginError('type', { path, got: matrix, expected: 'a Float64Array, row after row' });
  if (!Number.isInteger(n) || n < 1 || n > MOST)
    throw new MarginError('range', { path: 'n', got: n, expected: `a whole number of rows from 1 to ${MOST}` });
  if (matrix.length !== n * n)
    throw new MarginError('range', { path, got: matrix.length, expected: `${n} * ${n} numbers` });
  const index = matrix.findIndex((x) => !Number.isFinite(x));
  if (index >= 0) throw new MarginError('not-finite', { path, index, got: matrix[index], expected: 'finite numbers' });
  const bound = ASYMMETRY * largestOf(matrix);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [here, there] = [matrix[i * n + j] ?? 0, matrix[j * n + i] ?? 0];
      if (Math.abs(here - there) > bound)
        throw new MarginError('range', {
          path: `${path}, row ${i}, column ${j}`,
          got: here,
          expected: `${there}, as in row ${j}, column ${i}`,
          hint: 'A covariance is the same on both sides of its diagonal',
        });
    }
  }
  return matrix;
}
