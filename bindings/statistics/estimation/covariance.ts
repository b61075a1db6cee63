// How series move together: sample covariance, J.P. Morgan's exponential weights (RiskMetrics Technical Document, 1996), correlation,
// and M. G. Kendall's tau. Sums are in the order of the series.
import { decimal } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { type Column, columnOf, columnsOf, type Divisor, divisorOf, isConstant, meanOf } from '../columns.js';
import { given } from '../given.js';
import { symmetric } from '../matrix/square.js';

/** How series move together. */
export interface Covariance {
  /** n * n, row after row, in units of the series squared. */
  readonly matrix: Float64Array;
  /** n: how many series. */
  readonly size: number;
  /** Numbers that each series has. */
  readonly count: number;
  /** What was taken off each series: its mean, or 0. */
  readonly means: Float64Array;
}

/** How it is estimated. */
export interface CovarianceOptions {
  /** Default `n-1`. */
  readonly divisor?: Divisor;
  /** Whether the mean is taken off (default), or is 0; the divisor is then n whatever it is called. */
  readonly mean?: 'sample' | 'zero';
}

/**
 * Sample covariance of series.
 * @throws MarginError type, not-finite, range: fewer than two numbers, or one with the divisor n
 * @example
 * covariance([[1, 2, 3], [2, 4, 6]]).matrix; // 1, 2, 2, 4
 */
export function covariance(columns: readonly Column[], options: CovarianceOptions = {}): Covariance {
  given(options, 'options', ['divisor', 'mean']);
  const { divisor = 'n-1', mean = 'sample' } = options;
  if (mean !== 'sample' && mean !== 'zero')
    throw new MarginError('type', { path: 'mean', got: mean, expected: '"sample" or "zero"' });
  const series = columnsOf(columns, 'columns', divisor === 'n-1' && mean === 'sample' ? 2 : 1);
  const [size, count] = [series.length, series[0]?.length ?? 0];
  const by = divisorOf(count, mean === 'zero' ? 'n' : divisor);
  const means = Float64Array.from(series, (x) => (mean === 'zero' ? 0 : meanOf(x)));
  const left = series.map((x, i) => x.map((value) => value - (means[i] ?? 0)));
  return { matrix: products(left, by), size, count, means };
}

/** Sums of products of two series each, divided. */
export function products(series: readonly Float64Array[], by: number): Float64Array {
  const n = series.length;
  const matrix = new Float64Array(n * n);
  series.forEach((x, i) => {
    for (let j = 0; j <= i; j++) {
      const y = series[j] ?? x;
      let sum = 0;
      for (let t = 0; t < x.length; t++) sum += (x[t] ?? 0) * (y[t] ?? 0);
      matrix[i * n + j] = sum / by;
      matrix[j * n + i] = sum / by;
    }
  });
  return matrix;
}

/** How weights fade. */
export interface EwmaCovarianceOptions {
  /** What a day keeps of its weight a day later: above 0, below 1. RiskMetrics: 0.94 for days, 0.97 for months. */
  readonly decay: number;
  /** Where the recursion starts: at the first row's own products (default, RiskMetrics), or at the sample covariance (1 / n). */
  readonly start?: 'first' | 'sample';
}

/**
 * Exponentially weighted covariance with mean 0: C = decay C + (1 - decay) r r', row after row, the last row included.
 * @throws MarginError type, not-finite, range
 * @example
 * ewmaCovariance([[0.01, -0.02], [0.02, 0.01]], { decay: 0.94 }).matrix;
 */
export function ewmaCovariance(columns: readonly Column[], options: EwmaCovarianceOptions): Covariance {
  given(options, 'options', ['decay', 'start']);
  const series = columnsOf(columns);
  const [n, count] = [series.length, series[0]?.length ?? 0];
  const decay = decayOf(options.decay);
  const { start = 'first' } = options;
  if (start !== 'first' && start !== 'sample')
    throw new MarginError('type', { path: 'start', got: start, expected: '"first" or "sample"' });
  const matrix =
    start === 'sample'
      ? covariance(series, { divisor: 'n' }).matrix
      : products(
          series.map((x) => x.subarray(0, 1)),
          1,
        );
  for (let t = start === 'sample' ? 0 : 1; t < count; t++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const product = (series[i]?.[t] ?? 0) * (series[j]?.[t] ?? 0);
        matrix[i * n + j] = decay * (matrix[i * n + j] ?? 0) + (1 - decay) * product;
      }
    }
  }
  return { matrix, size: n, count, means: new Float64Array(n) };
}

/** A weight that fades. @throws MarginError type, not-finite, range */
export const decayOf = (decay: unknown, path = 'decay'): number =>
  decimal(decay, path, { above: 0, below: 1 }, ', such as 0.94');

/** Correlations of series. */
export interface Correlation {
  /** n * n, row after row, 1 on the diagonal, all of [-1, 1]. */
  readonly matrix: Float64Array;
  /** Series without variance, whose correlations are written as 0. */
  readonly constant: readonly number[];
}

/**
 * Correlation from a covariance.
 * @param matrix - symmetric, n * n, row after row
 * @throws MarginError range for a variance below 0, and what `symmetric` throws
 * @example
 * correlationOf(Float64Array.of(4, 3, 3, 9), 2).matrix; // 1, 0.5, 0.5, 1
 */
export function correlationOf(matrix: Float64Array, n: number): Correlation {
  symmetric(matrix, n);
  const roots = Float64Array.from({ length: n }, (_, i) => {
    const variance = matrix[i * n + i] ?? 0;
    if (!(variance >= 0))
      throw new MarginError('range', { path: `matrix, row ${i}`, got: variance, expected: 'a variance of at least 0' });
    return Math.sqrt(variance);
  });
  const constant = Array.from(roots.keys()).filter((i) => roots[i] === 0);
  const correlations = matrix.map((x, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return 1;
    const [a, b] = [roots[i] ?? 0, roots[j] ?? 0];
    return a > 0 && b > 0 ? Math.max(-1, Math.min(1, x / a / b)) : 0;
  });
  return { matrix: correlations, constant };
}

/**
 * Correlation of series (Pearson's).
 * @throws MarginError as `covariance` does
 * @example
 * correlation([[3, 2, 4, 5, 6], [9, 7, 12, 15, 17]]).matrix[1]; // 0.99705448550158...
 */
export function correlation(columns: readonly Column[]): Correlation {
  const series = columnsOf(columns, 'columns', 2);
  const { matrix, size } = covariance(series, { divisor: 'n' });
  // A mean is rounded, so a constant series may seem to have a variance of 1e-34.
  series.forEach((x, i) => {
    if (!isConstant(x)) return;
    for (let j = 0; j < size; j++) {
      matrix[i * size + j] = 0;
      matrix[j * size + i] = 0;
    }
  });
  return correlationOf(matrix, size);
}

/**
 * Kendall's tau-b of two series: pairs of days that agree less those that differ, over the root of the pairs that are not tied in
 * either. Null where a series is constant. Takes as many steps as there are pairs.
 * @throws MarginError type, not-finite, range
 * @example
 * kendallTau([1, 2, 3, 4], [1, 3, 2, 4]); // 0.66666666666666...
 */
export function kendallTau(x: Column, y: Column): number | null {
  const [a = new Float64Array(0), b = new Float64Array(0)] = columnsOf(
    [columnOf(x, 'x', 2), columnOf(y, 'y', 2)],
    'x, y',
  );
  let agree = 0;
  let apartX = 0;
  let apartY = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const [dx, dy] = [(a[i] ?? 0) - (a[j] ?? 0), (b[i] ?? 0) - (b[j] ?? 0)];
      const [sx, sy] = [dx > 0 ? 1 : dx < 0 ? -1 : 0, dy > 0 ? 1 : dy < 0 ? -1 : 0];
      agree += sx * sy;
      apartX += sx * sx;
      apartY += sy * sy;
    }
  }
  return apartX > 0 && apartY > 0 ? agree / Math.sqrt(apartX) / Math.sqrt(apartY) : null;
}
