// Symmetric matrices: Cholesky factors, eigenvalues, the repair of what is no covariance.
import { describe, expect, it } from 'vitest';
import { cholesky } from '../bindings/statistics/matrix/cholesky.ts';
import { symmetricEigen } from '../bindings/statistics/matrix/eigen.ts';
import { random } from './exact.ts';
import { refusal, refusedAt } from './refusal.ts';

const SEED = 19940101;
const rows = (...matrix: number[][]): Float64Array => Float64Array.from(matrix.flat());
/** a b', both n * n. */
const timesTransposed = (a: Float64Array, b: Float64Array, n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(at / n) * n + k]! * b[(at % n) * n + k]!;
    return sum;
  });
const furthest = (a: Float64Array, b: Float64Array): number => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
const { unit } = random(SEED);
/** B B' of a random B with `rank` columns. */
const semidefinite = (n: number, rank: number): Float64Array => {
  const b = Float64Array.from({ length: n * n }, (_, at) => (at % n < rank ? 2 * unit() - 1 : 0));
  return timesTransposed(b, b, n);
};

describe('cholesky', () => {
  it('factors what has an inverse', () => {
    const a = rows([4, 2, 0.6, 1], [2, 3, 0.4, 0.5], [0.6, 0.4, 1, 0.2], [1, 0.5, 0.2, 2]);
    const { status, lower } = cholesky(a, 4);
    expect(status).toBe('ok');
    expect(Array.from(lower!.subarray(0, 8))).toEqual([2, 0, 0, 0, 1, Math.sqrt(2), 0, 0]);
    expect(furthest(timesTransposed(lower!, lower!, 4), a)).toBeLessThan(1e-15);
  });

  it('factors coins that move as one, and zeros', () => {
    expect(Array.from(cholesky(new Float64Array(9).fill(1), 3).lower!)).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0]);
    expect(cholesky(new Float64Array(9), 3)).toEqual({ status: 'ok', lower: new Float64Array(9) });
    expect(cholesky(new Float64Array(9).fill(1e-300), 3).status).toBe('ok');
  });

  it('keeps a quiet factor beside a wild one', () => {
    const { lower } = cholesky(rows([1, 0, 0], [0, 1e-26, 5e-27], [0, 5e-27, 1e-26]), 3);
    expect(lower![4]).toBeCloseTo(1e-13, 25);
    expect(lower![7]).toBeCloseTo(5e-14, 25);
    expect(lower![8]).toBeCloseTo(Math.sqrt(0.75) * 1e-13, 25);
    // A quiet one that moves as the wild one does is no factor of its own, nor is what rounding has left of it.
    expect(cholesky(rows([1, 1e-13], [1e-13, 1e-26]), 2)).toEqual({ status: 'ok', lower: rows([1, 0], [1e-13, 0]) });
    expect(cholesky(rows([1, 1e-17], [1e-17, 0]), 2)).toEqual({ status: 'ok', lower: rows([1, 0], [1e-17, 0]) });
  });

  it.each([1, 2, 7, 20])('L L is the matrix of any rank (%i rows)', (n) => {
    for (let rank = 1; rank <= n; rank += 3) {
      const a = semidefinite(n, rank);
      const { status, lower } = cholesky(a, n);
      expect(status).toBe('ok');
      expect(furthest(timesTransposed(lower!, lower!, n), a)).toBeLessThan(1e-5 * n);
      expect(lower!.every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    ['an eigenvalue below 0', rows([1, 0.9, 0.7], [0.9, 1, 0.3], [0.7, 0.3, 1])],
    ['a variance below 0', rows([1, 0], [0, -1])],
    ['a covariance without variance', rows([0, 1], [1, 0])],
    ['nothing on the diagonal', rows([-1, 0], [0, -1])],
    ['the end of doubles', rows([1e-300, 1e300, -1e300], [1e300, 1, 1e308], [-1e300, 1e308, 1])],
  ])('has a status for %s', (_, a) => {
    expect(cholesky(a, Math.sqrt(a.length))).toEqual({ status: 'not-psd', lower: null });
  });

  it('refuses what is no symmetric matrix', () => {
    expect(refusal(() => cholesky(rows([1, 2], [3, 4]), 2))).toBe(
      'range at matrix, row 1, column 0: got 3, expected 2, as in row 0, column 1. A covariance is the same on both sides of its diagonal',
    );
    expect(refusedAt(() => cholesky(rows([1, Number.NaN], [0, 1]), 2))).toBe('not-finite matrix');
    expect(refusedAt(() => cholesky(rows([1, 2, 3]), 2))).toBe('range matrix');
    expect(refusedAt(() => cholesky(new Float64Array(0), 0))).toBe('range n');
    expect(refusedAt(() => cholesky([1] as unknown as Float64Array, 1))).toBe('type matrix');
  });
});

describe('symmetricEigen', () => {
  const lengthened = (vectors: Float64Array, by: (k: number) => number, n: number) =>
    vectors.map((x, at) => x * by(at % n));

  it('finds known eigenvalues', () => {
    const { values, vectors } = symmetricEigen(rows([2, 1], [1, 2]), 2);
    expect(Array.from(values)).toEqual([3, 1]);
    expect(
      furthest(
        vectors,
        rows([1, 1], [1, -1]).map((x) => x / Math.sqrt(2)),
      ),
    ).toBeLessThan(1e-15);
    // QuantLib, test-suite/covariance.cpp: the smallest is -0.00735244.
    expect(symmetricEigen(rows([1, 0.9, 0.7], [0.9, 1, 0.3], [0.7, 0.3, 1]), 3).values[2]).toBeCloseTo(-0.00735244, 8);
    expect(Array.from(symmetricEigen(new Float64Array(4), 2).values)).toEqual([0, 0]);
    expect(Array.from(symmetricEigen(rows([5]), 1).vectors)).toEqual([1]);
  });

  it.each([2, 5, 14, 40])('takes a matrix apart and back together (%i rows)', (n) => {
    for (const rank of [1, Math.ceil(n / 2), n]) {
      const a = semidefinite(n, rank);
      const { values, vectors } = symmetricEigen(a, n);
      const built = timesTransposed(
        lengthened(vectors, (k) => values[k]!, n),
        vectors,
        n,
      );
      expect(furthest(built, a)).toBeLessThan(1e-14 * n);
      const unitary = timesTransposed(vectors, vectors, n).map((x, at) => (at % (n + 1) === 0 ? x - 1 : x));
      expect(Math.max(...unitary.map(Math.abs))).toBeLessThan(1e-14 * n);
      expect(values.every((x, k) => k === 0 || x <= values[k - 1]!)).toBe(true);
    }
  });

  it.each([1e-300, 1e300])('is not afraid of the ends of doubles (%d)', (size) => {
    const { values } = symmetricEigen(
      rows([2, 1], [1, 2]).map((x) => x * size),
      2,
    );
    expect(values[0]! / size).toBeCloseTo(3, 14);
    expect(values[1]! / size).toBeCloseTo(1, 14);
  });
});
