// Mean, variance, skewness and kurtosis of a series, in two passes: the mean first, then powers of what is left, each a sum in the
// order of the series.
import { type Column, columnOf, type Divisor, divisorOf, isConstant, meanOf } from '../columns.js';

/** Moments of a series. */
export interface SampleMoments {
  /** Numbers in the series. */
  readonly count: number;
  /** Unit of the series. */
  readonly mean: number;
  /** Sum of squares about the mean, divided by n or n - 1. */
  readonly variance: number;
  /** Its root. */
  readonly deviation: number;
  /** Divisor n: m3 / m2^1.5. Divisor n - 1: that times sqrt(n (n - 1)) / (n - 2), from three numbers on. Null where there is none. */
  readonly skewness: number | null;
  /**
   * Divisor n: m4 / m2^2 - 3, 0 for a normal distribution. Divisor n - 1: (n - 1) / ((n - 2) (n - 3)) ((n + 1) of that + 6), from four
   * numbers on. Null where there is none.
   */
  readonly excessKurtosis: number | null;
  /** All numbers are one (or differ by less than doubles can square): no skewness, no kurtosis. */
  readonly constant: boolean;
}

/**
 * Moments of a series.
 * @param divisor - `n-1`, as of a sample (default), or `n`, as of a whole population
 * @throws MarginError type, not-finite, range: no numbers, and one number with divisor n - 1
 * @example
 * const { mean, variance } = moments([1, 2, 3, 4], 'n'); // 2.5, 1.25
 */
export function moments(x: Column, divisor: Divisor = 'n-1'): SampleMoments {
  const column = columnOf(x, 'x', divisor === 'n-1' ? 2 : 1);
  const n = column.length;
  const mean = meanOf(column);
  const by = divisorOf(n, divisor);
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((column[i] ?? 0) - mean) * ((column[i] ?? 0) - mean);
  const constant = isConstant(column) || squares === 0;
  if (constant) return { count: n, mean, variance: 0, deviation: 0, skewness: null, excessKurtosis: null, constant };
  const root = Math.sqrt(squares / n);
  let cubes = 0;
  let fourths = 0;
  for (let i = 0; i < n; i++) {
    // Of the standardised number, so that no power leaves the doubles.
    const z = ((column[i] ?? 0) - mean) / root;
    cubes += z * z * z;
    fourths += z * z * (z * z);
  }
  const [skewness, excess] = [cubes / n, fourths / n - 3];
  const shape =
    divisor === 'n'
      ? { skewness, excessKurtosis: excess }
      : {
          skewness: n > 2 ? (skewness * Math.sqrt(n * (n - 1))) / (n - 2) : null,
          excessKurtosis: n > 3 ? ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * excess + 6) : null,
        };
  return { count: n, mean, variance: squares / by, deviation: Math.sqrt(squares / by), ...shape, constant };
}
