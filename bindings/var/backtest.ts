// Rolling backtests of named methods: what each makes of the past of a portfolio, from the samples of margin-kernel/statistics and the
// simulations of margin-kernel/var. Both engines give the same numbers.
import { Fields } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { modifiedRisk } from '../statistics/analytic/modified.js';
import { normalRisk } from '../statistics/analytic/parametric.js';
import type { TailForecast, TailHistory, TailMethod } from '../statistics/backtest/history.js';
import { type RollingBacktest, type RollingOptions, rollingBacktest } from '../statistics/backtest/rolling.js';
import { sampleShortfall } from '../statistics/empirical/shortfall.js';
import { ageWeights, weightedTail } from '../statistics/empirical/weighted.js';
import { covariance, ewmaCovariance } from '../statistics/estimation/covariance.js';
import { fitGarch } from '../statistics/estimation/garch.js';
import { moments } from '../statistics/estimation/moments.js';
import { ewmaVariance, filteredReturns } from '../statistics/estimation/volatility.js';
import { given } from '../statistics/given.js';
import type { MonteCarloOptions, MonteCarloScenarios } from './sources/monte-carlo.js';

/** Methods by name, with what may be said of each. */
export type NamedMethod =
  /** The P&L of the window, all alike: VaR the ceil(n alpha)-th worst, ES of Acerbi and Tasche. */
  | { method: 'historical' }
  /** The older the lighter (Boudoukh, Richardson and Whitelaw, 1998). `decay` of a day's weight, default 0.99. */
  | { method: 'age'; decay?: number }
  /** Each return at today's volatility of its column (Hull and White, 1998). `ewma` (default, decay 0.94) or `garch`, fitted daily. */
  | { method: 'filtered'; volatility?: 'ewma' | 'garch'; decay?: number }
  /** A normal distribution of the window's standard deviation; the mean is `zero` (default) or the window's, `sample`. */
  | { method: 'normal'; mean?: 'zero' | 'sample' }
  /** The window's four moments (Cornish and Fisher). Flagged on days on which the expansion is no quantile. */
  | { method: 'cornish-fisher' }
  /**
   * Simulated returns of all columns with a covariance that is estimated daily: `sample` (default) or `ewma` (decay 0.94). 5,000 paths,
   * the same random numbers every day; normal or Student-t.
   */
  | {
      method: 'monte-carlo';
      paths?: number;
      seed?: number;
      estimator?: 'ewma' | 'sample';
      decay?: number;
      distribution?: MonteCarloOptions['distribution'];
    };

/** Name of a method that is built in. */
export type TailMethodName = NamedMethod['method'];

/** Returns, holdings and methods of a backtest. */
export interface BacktestOptions extends Omit<RollingOptions, 'methods'> {
  /** Names, or by what it shall be called a name, a method with its options, or a function of one's own. */
  methods: readonly TailMethodName[] | Readonly<Record<string, TailMethodName | NamedMethod | TailMethod>>;
}

/** The simulation of an engine. */
export type MonteCarlo = (options: MonteCarloOptions) => MonteCarloScenarios;

const DECAY = 0.94;
const AGE_DECAY = 0.99;
const PATHS = 5000;
const MOST_PATHS = 10_000_000;
/** Standard deviations of a column in simulations: so small that no simulated move stops at -1, whatever the unit of a column. */
const SMALL = 0.001;

const historical: TailMethod = ({ pnl, confidence }) => tailOf(pnl, confidence);

function tailOf(pnl: Float64Array, confidence: TailHistory['confidence']): TailForecast {
  const { valueAtRisk, shortfall, thin } = sampleShortfall(pnl, confidence);
  return {
    valueAtRisk,
    shortfall: shortfall ?? valueAtRisk,
    flag: thin ? 'less than one day is beyond the level' : null,
  };
}

function aged(fields: Fields): TailMethod {
  const decay = fields.number('decay', { above: 0, max: 1 }, AGE_DECAY);
  let weights: Float64Array = new Float64Array(0);
  return ({ pnl, confidence }) => {
    if (weights.length !== pnl.length) weights = ageWeights(pnl.length, decay);
    const { valueAtRisk, shortfall, thin } = weightedTail(pnl, weights, confidence);
    return { valueAtRisk, shortfall, flag: thin ? 'one day weighs as much as the tail' : null };
  };
}

function filtered(fields: Fields): TailMethod {
  const garch = fields.word('volatility', { ewma: 0, garch: 1 }, 'ewma') === 1;
  const decay = fields.number('decay', { above: 0, below: 1 }, DECAY);
  return ({ returns, holdings, confidence }) => {
    const columns = returns.map((column) =>
      filteredReturns(column, garch ? fitGarch(column) : ewmaVariance(column, { decay })),
    );
    return tailOf(gains(columns, holdings), confidence);
  };
}

/** P&L of holdings in each scenario, summed in order of columns. */
function gains(columns: readonly Float64Array[], holdings: Float64Array): Float64Array {
  const pnl = new Float64Array(columns[0]?.length ?? 0);
  columns.forEach((column, i) => {
    const held = holdings[i] ?? 0;
    for (let s = 0; s < pnl.length; s++) pnl[s] = (pnl[s] ?? 0) + held * (column[s] ?? 0);
  });
  return pnl;
}

function normal(fields: Fields): TailMethod {
  const centred = fields.word('mean', { zero: 0, sample: 1 }, 'zero') === 1;
  return ({ pnl, confidence }) => {
    const { mean, deviation } = moments(pnl);
    const { valueAtRisk, shortfall } = normalRisk({ deviation, mean: centred ? mean : 0 }, confidence);
    return { valueAtRisk, shortfall: shortfall ?? valueAtRisk };
  };
}

const cornishFisher: TailMethod = ({ pnl, confidence }) => {
  const { valueAtRisk, shortfall, monotone } = modifiedRisk(pnl, confidence);
  return { valueAtRisk, shortfall, flag: monotone ? null : 'the expansion is no quantile' };
};

function simulated(fields: Fields, monteCarlo: MonteCarlo): TailMethod {
  const paths = fields.integer('paths', 100, MOST_PATHS, PATHS);
  const seed = fields.integer('seed', 0, Number.MAX_SAFE_INTEGER, 0);
  const sample = fields.word('estimator', { ewma: 0, sample: 1 }, 'sample') === 1;
  const decay = fields.number('decay', { above: 0, below: 1 }, DECAY);
  const distribution = fields.raw('distribution') as MonteCarloOptions['distribution'];
  return ({ returns, holdings, confidence }) => {
    const scales = returns.map((column) => (moments(column).deviation || 1) / SMALL);
    const columns = returns.map((column, i) => column.map((x) => x / (scales[i] ?? 1)));
    const { matrix } = sample ? covariance(columns) : ewmaCovariance(columns, { decay, start: 'sample' });
    const { moves } = monteCarlo({
      names: columns.map((_, i) => String(i)),
      covariance: matrix,
      paths,
      seed,
      kind: 'simple',
      ...(distribution === undefined ? {} : { distribution }),
    });
    const held = holdings.map((holding, i) => holding * (scales[i] ?? 1));
    return tailOf(gains(moves, held), confidence);
  };
}

const KEYS: Readonly<Record<TailMethodName, readonly string[]>> = {
  historical: [],
  age: ['decay'],
  filtered: ['volatility', 'decay'],
  normal: ['mean'],
  'cornish-fisher': [],
  'monte-carlo': ['paths', 'seed', 'estimator', 'decay', 'distribution'],
};
const ALL_KEYS = ['method', ...new Set(Object.values(KEYS).flat())];
const NAMES = Object.keys(KEYS) as TailMethodName[];
const PLACES = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Record<TailMethodName, number>;

/** A method of a name, ready to be asked. */
function methodOf(given: TailMethodName | NamedMethod, path: string, monteCarlo: MonteCarlo): TailMethod {
  const options: NamedMethod = typeof given === 'string' ? { method: given } : given;
  const name = NAMES[new Fields(options, path, ALL_KEYS).word('method', PLACES)];
  const fields = new Fields(options, path, ['method', ...KEYS[name ?? 'historical']]);
  switch (name) {
    case 'age':
      return aged(fields);
    case 'filtered':
      return filtered(fields);
    case 'normal':
      return normal(fields);
    case 'cornish-fisher':
      return cornishFisher;
    case 'monte-carlo':
      return simulated(fields, monteCarlo);
    default:
      return historical;
  }
}

/** `backtest` on an engine. */
export function backtestOn(monteCarlo: MonteCarlo): (options: BacktestOptions) => RollingBacktest {
  return (options) => {
    given(options, 'options');
    const { methods } = options;
    if (typeof methods !== 'object' || methods === null) {
      const expected = 'a list of names, or methods by name';
      throw new MarginError('type', { path: 'methods', got: methods, expected });
    }
    const named = Array.isArray(methods)
      ? Array.from(methods, (name: TailMethodName, i) => [name, name, `methods[${i}]`] as const)
      : Object.entries(methods).map(([name, method]) => [name, method, `methods.${name}`] as const);
    const nameless = named.find(([name]) => typeof name !== 'string');
    if (nameless)
      throw new MarginError('type', {
        path: nameless[2],
        got: typeof nameless[0],
        expected: 'a name; functions stand in an object under names of their own',
      });
    const ready = named.map(([name, method, path]) => [
      name,
      typeof method === 'function' ? method : methodOf(method, path, monteCarlo),
    ]);
    const twice = named.find(([name], i) => named.findIndex(([other]) => other === name) < i);
    if (twice) throw new MarginError('duplicate', { path: twice[2], got: twice[0], expected: 'each name once' });
    return rollingBacktest({ ...options, methods: Object.fromEntries(ready) });
  };
}
