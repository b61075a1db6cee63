// What a Monte Carlo simulation is asked for, read and checked.
import { decimal, Fields, isObject } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { SOBOL_DIMENSIONS } from '../../reference/numeric/sobol.js';
import { columnOf, meanOf } from '../../statistics/columns.js';
import { type Covariance, covariance, ewmaCovariance } from '../../statistics/estimation/covariance.js';
import type { ReturnKind, Returns } from '../../statistics/estimation/returns.js';
import { MOST_DAYS, namesGiven, returnsGiven } from '../../statistics/estimation/returns-given.js';
import { ledoitWolf } from '../../statistics/estimation/shrinkage.js';

/** What is drawn, from which distribution. */
export interface MonteCarloOptions {
  /** Names of the factors; with `returns`, theirs. */
  readonly names?: readonly string[];
  /** Covariance of their returns: n * n, row after row, or rows. Or `returns`, to estimate it from. */
  readonly covariance?: Float64Array | readonly (readonly number[])[];
  /** What the covariance is estimated from; instead of `names` and `covariance`. */
  readonly returns?: Returns;
  /** How `returns` are estimated: `sample` (n - 1, default), `ewma` with mean 0, `shrinkage` (Ledoit and Wolf). */
  readonly estimator?: 'sample' | 'ewma' | 'shrinkage';
  /** Of `ewma`; default 0.94. */
  readonly decay?: number;
  /** Mean return of each factor, over as many days as the covariance; `zero` (default), or `sample`: those of `returns`. */
  readonly mean?: 'zero' | 'sample' | Float64Array | readonly number[];
  /** Whether the covariance is of log returns (default without `returns`) or of simple ones. */
  readonly kind?: ReturnKind;
  /** Days that the covariance spans; default 1, or the horizon of `returns`. */
  readonly period?: number;
  /** Days that scenarios shall span; default `period`. Covariance and mean grow with them: the square root of time. */
  readonly horizon?: number;
  /** How many are drawn in all. */
  readonly paths: number;
  /** Which of them, from `from` to before `to`; default all. Each is the same numbers in any split. */
  readonly from?: number;
  /** Path before which they end; default `paths`. */
  readonly to?: number;
  /** A whole number from 0 to 2^53 - 1; default 0. */
  readonly seed?: number;
  /** `philox` (default): independent paths. `sobol`: scrambled points that fill space evenly, best in powers of two. */
  readonly generator?: 'philox' | 'sobol';
  /**
   * Default `normal`. `student`: one mixing number for all factors of a path (a t copula with t margins), dof degrees of freedom.
   * `match: 'covariance'` (default, dof > 2): moves have the covariance; `scale`: it is the scale matrix, dof >= 1.
   */
  readonly distribution?: 'normal' | { readonly student: number; readonly match?: 'covariance' | 'scale' };
}

/** The same, checked, with every default. */
export interface Request {
  readonly names: readonly string[];
  readonly covariance: Float64Array;
  readonly mean: Float64Array;
  readonly kind: ReturnKind;
  readonly period: number;
  readonly horizon: number;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly generator: 'philox' | 'sobol';
  readonly student: { readonly dof: number; readonly covariance: boolean } | undefined;
}

const KEYS = [
  ...['names', 'covariance', 'returns', 'estimator', 'decay', 'mean', 'kind', 'period', 'horizon'],
  ...['paths', 'from', 'to', 'seed', 'generator', 'distribution'],
];
/** As many as points have 32 bits, and as counters of two words can count without loss. */
const MOST_POINTS = 4294967296;
const MOST_PATHS = Number.MAX_SAFE_INTEGER;
const MOST_DOF = 1e6;

/** @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict, too-many */
export function requestOf(options: MonteCarloOptions): Request {
  const fields = new Fields(options, 'options', KEYS);
  const returns = options.returns && returnsGiven(options.returns, 2, 'options.returns');
  if (fields.has('returns') === fields.has('covariance'))
    throw new MarginError(fields.has('returns') ? 'conflict' : 'missing-key', {
      path: 'options.covariance',
      expected: 'either `covariance` or `returns`',
    });
  if (returns && fields.has('names'))
    throw new MarginError('conflict', { path: 'options.names', expected: 'no names beside those of `returns`' });
  const names = returns ? returns.names : namesGiven(options.names, 'options.names');
  const generator = fields.word('generator', { philox: 0, sobol: 1 }, 'philox') === 1 ? 'sobol' : 'philox';
  const student = studentOf(options.distribution);
  const most = SOBOL_DIMENSIONS - (student ? 1 : 0);
  if (generator === 'sobol' && names.length > most)
    throw new MarginError('too-many', {
      path: 'options.names',
      got: names.length,
      expected: `at most ${most} names of a Sobol simulation`,
      hint: 'Philox has no such limit',
    });
  if (!fields.has('paths'))
    throw new MarginError('missing-key', { path: 'options.paths', expected: 'how many paths there are' });
  const paths = fields.integer('paths', 1, generator === 'sobol' ? MOST_POINTS : MOST_PATHS, 1);
  const from = fields.integer('from', 0, paths - 1, 0);
  const period = fields.integer('period', 1, MOST_DAYS, returns?.horizon ?? 1);
  return {
    names,
    covariance: returns ? estimated(returns, fields) : matrixOf(options.covariance, names.length),
    mean: meanGiven(options.mean, names.length, returns),
    kind: fields.word('kind', { log: 0, simple: 1 }, returns?.kind ?? 'log') === 1 ? 'simple' : 'log',
    period,
    horizon: fields.integer('horizon', 1, MOST_DAYS, period),
    from,
    to: fields.integer('to', from + 1, paths, paths),
    seed: fields.integer('seed', 0, Number.MAX_SAFE_INTEGER, 0),
    generator,
    student,
  };
}

function studentOf(distribution: MonteCarloOptions['distribution']): Request['student'] {
  if (distribution === undefined || distribution === 'normal') return undefined;
  const path = 'options.distribution';
  if (!isObject(distribution))
    throw new MarginError('type', { path, got: distribution, expected: '"normal" or { student: degrees of freedom }' });
  const fields = new Fields(distribution, path, ['student', 'match']);
  const covariance = fields.word('match', { covariance: 0, scale: 1 }, 'covariance') === 0;
  const range = covariance ? { above: 2, max: MOST_DOF } : { min: 1, max: MOST_DOF };
  const why = covariance ? ': with fewer degrees there is no covariance to match (match: "scale")' : '';
  return { dof: decimal(fields.raw('student'), fields.at('student'), range, why), covariance };
}

function matrixOf(given: MonteCarloOptions['covariance'], n: number): Float64Array {
  if (given instanceof Float64Array) return columnOf(given, 'options.covariance');
  const rows = Array.from(listOf(given, 'options.covariance') as readonly (readonly number[])[], (row, i) =>
    columnOf(row, `options.covariance[${i}]`),
  );
  const wrong = rows.findIndex(({ length }) => length !== n);
  if (rows.length !== n || wrong >= 0)
    throw new MarginError('range', {
      path: 'options.covariance',
      got: wrong >= 0 ? rows[wrong]?.length : rows.length,
      expected: `${n} rows of ${n} numbers, as there are names`,
    });
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}

function estimated({ columns }: Returns, fields: Fields): Float64Array {
  const estimator = fields.word('estimator', { sample: 0, ewma: 1, shrinkage: 2 }, 'sample');
  const decay = fields.number('decay', { above: 0, below: 1 }, 0.94);
  const found: Covariance =
    estimator === 0 ? covariance(columns) : estimator === 1 ? ewmaCovariance(columns, { decay }) : ledoitWolf(columns);
  return found.matrix;
}

function meanGiven(mean: MonteCarloOptions['mean'], n: number, returns: Returns | undefined): Float64Array {
  if (mean === undefined || mean === 'zero') return new Float64Array(n);
  const path = 'options.mean';
  if (mean === 'sample') {
    if (!returns)
      throw new MarginError('conflict', { path, got: mean, expected: 'means by factor, without `returns`' });
    return Float64Array.from(returns.columns, meanOf);
  }
  if (typeof mean === 'string')
    throw new MarginError('type', { path, got: mean, expected: '"zero", "sample", or a number for each name' });
  const column = columnOf(mean, path);
  if (column.length !== n)
    throw new MarginError('range', { path, got: column.length, expected: `${n} numbers, one a name` });
  return column;
}
