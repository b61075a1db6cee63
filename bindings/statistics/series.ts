// The first four moments of a series, standardised. Deviations are measured in the largest of them, so that no power of one leaves the
// doubles.
import { readSample, type Sample } from './sample.js';

export interface SeriesMoments {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with 1/n. */
  readonly deviation: number;
  /** Mean cube over deviation^3; null for a constant series. */
  readonly skewness: number | null;
  /** Mean fourth power over deviation^4, less 3; null for a constant series. */
  readonly excessKurtosis: number | null;
  /** `constant`: all numbers are the same. */
  readonly status: 'ok' | 'constant';
}

/** Whether all numbers are the same: their mean may be another in doubles. */
export const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0]);

export function meanOfSeries(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Mean, deviation, skewness and excess kurtosis of a series, all with 1/n, sums in its order.
 * @throws MarginError type, range, not-finite
 * @example
 * seriesMoments([1, 1, 4]) // { count: 3, mean: 2, deviation: Math.SQRT2, skewness: 0.7071067811865475, excessKurtosis: -1.5, status: 'ok' }
 */
export function seriesMoments(series: Sample, path = 'series'): SeriesMoments {
  const values = readSample(series, path);
  const count = values.length;
  if (isConstant(values))
    return { count, mean: values[0] ?? 0, deviation: 0, skewness: null, excessKurtosis: null, status: 'constant' };
  const mean = meanOfSeries(values);
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value - mean));
  let [second, third, fourth] = [0, 0, 0];
  for (const value of values) {
    const x = (value - mean) / largest;
    second += x * x;
    third += x * x * x;
    fourth += x * x * (x * x);
  }
  const variance = second / count;
  return {
    count,
    mean,
    deviation: largest * Math.sqrt(variance),
    skewness: third / count / (variance * Math.sqrt(variance)),
    excessKurtosis: fourth / count / (variance * variance) - 3,
    status: 'ok',
  };
}
