// Traffic light for losses over several days that overlap, and for several portfolios together: exceptions then come in clusters, so
// that more of them are plausible. No closed form is known; paths of daily numbers are simulated and their exceptions counted.
// Method: ISDA SIMM backtesting report (February 2017), section 15.3; Basel Committee publication 22 (1996), for the zones.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { normalDensity, normalQuantile } from '../../reference/numeric/normal.js';
import type { TailShare } from '../confidence.js';
import type { Rate } from './read.js';
import type { WordSource } from './words.js';

/** What is simulated. */
export interface Overlap {
  /** Overlapping windows of each path. */
  readonly observations: number;
  /** Days of a window. */
  readonly days: number;
  readonly portfolios: number;
  /** Lower triangular factor of the correlations of one day, row after row. */
  readonly factor: Float64Array;
  /** Beyond this many standard deviations of a window there is an exception. */
  readonly threshold: number;
  /** Even: each drawn path counts a second time with its signs turned. */
  readonly paths: number;
}

const CELLS = 65536;
/** Draws are whole multiples of this, so that sums over windows are exact and may be carried on from day to day. */
const UNIT = 1 / 1048576;
/** Draws from one block of words: halves of 16 bits. */
const DRAWS = 8;

let cells: Int32Array | undefined;

/**
 * Means of the normal distribution over 65536 cells of equal chance, in units of 2^-20. Of the cells' distribution function and the
 * normal one the difference is at most 2^-17; mean 0, variance 1 - 1.5e-6, excess kurtosis -1.7e-4. In a sum of ten days the
 * chance of an exception at 99 % is off by less than 1e-7, far below what paths leave open.
 */
function cellMeans(): Int32Array {
  if (cells) return cells;
  const table = new Int32Array(CELLS);
  let below = 0;
  for (let i = 0; i < CELLS / 2; i++) {
    const density = normalDensity(normalQuantile((i + 1) / CELLS));
    table[i] = Math.round(((below - density) * CELLS) / UNIT);
    table[CELLS - 1 - i] = -(table[i] ?? 0);
    below = density;
  }
  cells = table;
  return table;
}

/** Draws of one path: `length` numbers for each portfolio, one portfolio after the other, from halves of words. */
function draw(source: WordSource, path: number, table: Int32Array, words: Uint32Array, into: Int32Array): void {
  const count = into.length;
  for (let at = 0, block = 0; at < count; at += DRAWS, block++) {
    source(path, block, words);
    for (let k = 0; k < 4; k++) {
      const word = words[k] ?? 0;
      // Writes behind the end of a column are dropped.
      into[at + 2 * k] = table[word & 0xffff] ?? 0;
      into[at + 2 * k + 1] = table[word >>> 16] ?? 0;
    }
  }
}

/** Adds exceptions of a path, and of its mirror, to a histogram; one portfolio. */
function countOne(draws: Int32Array, { observations, days, threshold }: Overlap, histogram: Uint32Array): void {
  const limit = (threshold * Math.sqrt(days)) / UNIT;
  let sum = 0;
  for (let day = 0; day < days; day++) sum += draws[day] ?? 0;
  let [above, below] = [sum > limit ? 1 : 0, sum < -limit ? 1 : 0];
  for (let first = 1; first < observations; first++) {
    sum += (draws[first + days - 1] ?? 0) - (draws[first - 1] ?? 0);
    if (sum > limit) above += 1;
    else if (sum < -limit) below += 1;
  }
  histogram[above] = (histogram[above] ?? 0) + 1;
  histogram[below] = (histogram[below] ?? 0) + 1;
}

/** The same of several portfolios, whose windows are mixed by the factor. @param sums - one for each, to work in */
function countAll(draws: Int32Array, overlap: Overlap, histogram: Uint32Array, sums: Float64Array): void {
  const { observations, days, portfolios, factor, threshold } = overlap;
  const limit = (threshold * Math.sqrt(days)) / UNIT;
  const length = observations + days - 1;
  sums.fill(0);
  for (let p = 0; p < portfolios; p++) {
    for (let day = 0; day < days - 1; day++) sums[p] = (sums[p] ?? 0) + (draws[p * length + day] ?? 0);
  }
  let [above, below] = [0, 0];
  for (let first = 0; first < observations; first++) {
    for (let p = 0; p < portfolios; p++) {
      const at = p * length + first;
      const gone = first > 0 ? (draws[at - 1] ?? 0) : 0;
      sums[p] = (sums[p] ?? 0) + (draws[at + days - 1] ?? 0) - gone;
    }
    for (let p = 0; p < portfolios; p++) {
      let mixed = 0;
      for (let k = 0; k <= p; k++) mixed += (factor[p * portfolios + k] ?? 0) * (sums[k] ?? 0);
      if (mixed > limit) above += 1;
      else if (mixed < -limit) below += 1;
    }
  }
  histogram[above] = (histogram[above] ?? 0) + 1;
  histogram[below] = (histogram[below] ?? 0) + 1;
}

/** Paths by their number of exceptions, from 0 to observations times portfolios. */
export function exceptionHistogram(overlap: Overlap, source: WordSource): Uint32Array {
  const { observations, days, portfolios, paths } = overlap;
  const table = cellMeans();
  const words = new Uint32Array(4);
  const draws = new Int32Array((observations + days - 1) * portfolios);
  const histogram = new Uint32Array(observations * portfolios + 1);
  const sums = new Float64Array(portfolios);
  for (let path = 0; path < paths / 2; path++) {
    draw(source, path, table, words, draws);
    if (portfolios === 1) countOne(draws, overlap, histogram);
    else countAll(draws, overlap, histogram, sums);
  }
  return histogram;
}

/** The smallest number of which the share of paths with at most as many reaches a level, exactly. */
export function leastReaching(histogram: Uint32Array, { numerator, denominator }: TailShare): number {
  let paths = 0;
  for (const count of histogram) paths += count;
  // P(more) <= tail, in whole paths.
  const most = Number((BigInt(paths) * numerator) / denominator);
  let more = paths;
  const at = histogram.findIndex((count) => {
    more -= count;
    return more <= most;
  });
  return at < 0 ? histogram.length - 1 : at;
}

/** The threshold of a rate in standard deviations. */
export const thresholdOf = ({ p }: Rate): number => -normalQuantile(p);

/** Correlations of portfolios as a matrix, row after row: one number between any two, or rows. */
export function correlationMatrix(correlation: number | readonly (readonly number[])[], n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  const path = 'correlation';
  if (typeof correlation !== 'number' && listOf(correlation, path).length !== n) {
    throw new MarginError('range', { path, got: correlation.length, expected: `${n} rows, one for each portfolio` });
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const value = i === j ? 1 : typeof correlation === 'number' ? correlation : correlation[i]?.[j];
      if (typeof value !== 'number' || !(value >= -1 && value <= 1)) {
        throw new MarginError('range', { path, got: value, expected: 'correlations from -1 to 1' });
      }
      matrix[i * n + j] = value;
    }
  }
  return matrix;
}
