// Positions and how they move together, as asked: a covariance, or volatilities and correlations; means where there are some. What
// delta-normal and component value at risk start from.
import { decimal, Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { columnOf } from '../columns.js';
import { cholesky } from '../matrix/cholesky.js';
import { symmetric } from '../matrix/square.js';
import { readSample, type Sample } from '../sample.js';

/** n rows of n numbers, or n * n numbers row after row. */
export type Matrix = readonly Sample[] | Float64Array;

/** How relative gains of the positions move together in one period. */
export type JointMoments = (
  | { readonly covariance: Matrix }
  /** Standard deviations, and correlations: a matrix, or one number for every pair. */
  | { readonly volatilities: Sample; readonly correlation: Matrix | number }
) & {
  /** Means of the relative gains; none: 0. */
  readonly means?: Sample;
};

/** A portfolio as sums need it. */
export interface Gaussian {
  readonly n: number;
  /** Units of money, longs positive. */
  readonly positions: Float64Array;
  /** n * n, row after row. */
  readonly covariance: Float64Array;
  readonly volatilities: Float64Array;
  readonly means: Float64Array;
}

/**
 * A symmetric matrix, row after row.
 * @throws MarginError type, range, not-finite
 */
export function readMatrix(given: Matrix, n: number, path: string): Float64Array {
  if (given instanceof Float64Array) return symmetric(columnOf(given, path), n, path);
  const rows: unknown = given;
  if (!Array.isArray(rows)) throw new MarginError('type', { path, got: rows, expected: `${n} rows of ${n} numbers` });
  if (rows.length !== n) throw new MarginError('range', { path, got: rows.length, expected: `${n} rows` });
  const matrix = new Float64Array(n * n);
  Array.from(rows as readonly Sample[]).forEach((row, i) => {
    const numbers = readSample(row, `${path}[${i}]`);
    if (numbers.length !== n)
      throw new MarginError('range', { path: `${path}[${i}]`, got: numbers.length, expected: `${n} numbers` });
    matrix.set(numbers, i * n);
  });
  return symmetric(matrix, n, path);
}

const CORRELATION = { min: -1, max: 1 };

function correlations(given: unknown, n: number, path: string): Float64Array {
  if (typeof given === 'number' || typeof given === 'string') {
    const rho = decimal(given, path, CORRELATION);
    return Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : rho));
  }
  const matrix = readMatrix(given as Matrix, n, path);
  matrix.forEach((rho, at) => {
    const where = `${path}, row ${Math.floor(at / n)}, column ${at % n}`;
    decimal(rho, where, at % (n + 1) === 0 ? { min: 1, max: 1 } : CORRELATION);
  });
  return matrix;
}

/**
 * Reads a portfolio.
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict; range where the covariance is none, having an
 *   eigenvalue below 0
 */
export function readGaussian(positions: Sample, moments: JointMoments): Gaussian {
  const held = readSample(positions, 'positions');
  const n = held.length;
  const fields = new Fields(moments, 'moments', ['covariance', 'volatilities', 'correlation', 'means']);
  const given = fields.has('covariance');
  if (given && (fields.has('volatilities') || fields.has('correlation')))
    throw new MarginError('conflict', {
      path: 'moments',
      expected: 'either covariance, or volatilities and correlation',
    });
  const path = given ? 'moments.covariance' : 'moments.correlation';
  if (!given && !fields.has('volatilities'))
    throw new MarginError('missing-key', {
      path: 'moments.volatilities',
      expected: 'a standard deviation a position, or moments.covariance',
    });
  if (!given && !fields.has('correlation') && n > 1)
    throw new MarginError('missing-key', { path, expected: 'a matrix, or one number for every pair' });
  const means = fields.has('means') ? column(fields, 'means', n, {}) : new Float64Array(n);
  const model = given ? ofCovariance(fields, n) : ofVolatilities(fields, n);
  if (cholesky(model.covariance, n).status !== 'ok')
    throw new MarginError('range', {
      path,
      expected: 'a positive semidefinite matrix',
      hint: 'It has an eigenvalue below 0: repair it, or take it from one table of returns without gaps',
    });
  return { n, positions: held, means, ...model };
}

function column(fields: Fields, key: string, n: number, range: { min?: number }): Float64Array {
  const path = fields.at(key);
  const numbers = readSample(fields.raw(key) as Sample, path);
  if (numbers.length !== n)
    throw new MarginError('range', { path, got: numbers.length, expected: `${n}, one a position` });
  numbers.forEach((x, i) => {
    decimal(x, `${path}[${i}]`, range);
  });
  return numbers;
}

function ofCovariance(fields: Fields, n: number): Pick<Gaussian, 'covariance' | 'volatilities'> {
  const covariance = readMatrix(fields.raw('covariance') as Matrix, n, 'moments.covariance');
  const volatilities = Float64Array.from({ length: n }, (_, i) => {
    const where = `moments.covariance, row ${i}, column ${i}`;
    return Math.sqrt(decimal(covariance[i * n + i] ?? 0, where, { min: 0 }));
  });
  return { covariance, volatilities };
}

/** C_ij = rho_ij v_i v_j. */
function ofVolatilities(fields: Fields, n: number): Pick<Gaussian, 'covariance' | 'volatilities'> {
  const volatilities = column(fields, 'volatilities', n, { min: 0 });
  const rho = correlations(fields.raw('correlation') ?? 0, n, 'moments.correlation');
  const covariance = rho.map((x, at) => x * ((volatilities[Math.floor(at / n)] ?? 0) * (volatilities[at % n] ?? 0)));
  return { covariance, volatilities };
}

/** Row i of the covariance times the positions, columns rising. */
export function covarianceWith({ n, covariance, positions }: Gaussian, i: number): number {
  let sum = 0;
  for (let j = 0; j < n; j++) sum += (covariance[i * n + j] ?? 0) * (positions[j] ?? 0);
  return sum;
}

/** x' C x by rows, each by columns, without those of one position where `without` names it; never below 0. */
export function varianceOf(portfolio: Gaussian, without = -1): number {
  const { n, positions, covariance } = portfolio;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (i === without) continue;
    let row = 0;
    for (let j = 0; j < n; j++) if (j !== without) row += (covariance[i * n + j] ?? 0) * (positions[j] ?? 0);
    sum += (positions[i] ?? 0) * row;
  }
  return Math.max(0, sum);
}

/** What is gained on average in one period, without one position where `without` names it. */
export function meanGain({ positions, means }: Gaussian, without = -1): number {
  let sum = 0;
  positions.forEach((position, i) => {
    if (i !== without) sum += position * (means[i] ?? 0);
  });
  return sum;
}
