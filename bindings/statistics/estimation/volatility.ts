// The variance of a series as it was known day by day, with weights that fade: what filtered historical simulation divides by.
// RiskMetrics (1996); J. Hull and A. White, Incorporating volatility updating into the historical simulation method (1998).
import { decimal } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { type Column, columnOf, isConstant } from '../columns.js';
import { given } from '../given.js';
import { decayOf } from './covariance.js';
import { moments } from './moments.js';

/** Variances of a series, day by day. */
export interface VariancePath {
  /** By day: the variance as it was known the evening before. */
  readonly variances: Float64Array;
  /** The variance of the day after the last. */
  readonly next: number;
}

/** How weights fade. */
export interface EwmaOptions {
  /** What a day keeps of its weight a day later: above 0, below 1. */
  readonly decay: number;
  /** Variance of the first day; default: the series' own about its mean, divided by n. */
  readonly start?: number;
}

/**
 * v = decay v + (1 - decay) r^2, day by day, with mean 0.
 * @param returns - oldest first; losses negative
 * @throws MarginError type, not-finite, range: a constant series, which has no variance to start from
 * @example
 * const { variances, next } = ewmaVariance([0.01, -0.02, 0.03], { decay: 0.94 });
 */
export function ewmaVariance(returns: Column, options: EwmaOptions): VariancePath {
  const r = columnOf(returns, 'returns', 2);
  given(options, 'options', ['decay', 'start']);
  const decay = decayOf(options.decay);
  const start = options.start === undefined ? ownVariance(r) : decimal(options.start, 'start', { above: 0 });
  const variances = new Float64Array(r.length);
  let next = start;
  for (let t = 0; t < r.length; t++) {
    variances[t] = next;
    next = decay * next + (1 - decay) * ((r[t] ?? 0) * (r[t] ?? 0));
  }
  return { variances, next };
}

/** @throws MarginError range where there is none */
export function ownVariance(r: Float64Array): number {
  const { variance, constant } = moments(r, 'n');
  if (constant || isConstant(r))
    throw new MarginError('range', {
      path: 'returns',
      got: r[0],
      expected: 'a series that moves: a constant one has no volatility',
    });
  return variance;
}

/**
 * Returns as they would have been at today's volatility: r sqrt(next / variance of its day).
 * @throws MarginError type, not-finite; range where a day's variance is nothing, and where there are fewer variances than returns
 * @example
 * filteredReturns([0.01, -0.02], { variances: Float64Array.of(0.0004, 0.0004), next: 0.0001 }); // 0.005, -0.01
 */
export function filteredReturns(returns: Column, path: VariancePath): Float64Array {
  const r = columnOf(returns, 'returns');
  given(path, 'path');
  const variances = columnOf(path.variances, 'variances', r.length);
  const forecast = Math.sqrt(decimal(path.next, 'next', { min: 0, most: Number.MAX_VALUE }));
  return r.map((x, index) => {
    const deviation = Math.sqrt(variances[index] ?? 0);
    if (!(deviation > 0))
      throw new MarginError('range', {
        path: 'variances',
        index,
        got: variances[index],
        expected: 'a variance above 0',
      });
    return (x * forecast) / deviation;
  });
}
