// --backtest: forecasts every day of the closes from the days before it, by every method, and tests what came. The portfolio is the
// one of the book on every day: what it would have made, not what it held then.
import type { RollingBacktest } from '../../statistics.js';
import {
  type Book,
  backtest,
  type Exposures,
  exposures,
  historical,
  type NamedMethod,
  portfolioRisk,
} from '../../var.js';
import { type Input, UsageError } from '../command.js';
import { type MethodName, methodsOf } from './methods.js';
import { type Panel, panelReturns } from './panel.js';

/** Days that each forecast sees. */
const WINDOW = 250;
/** A book is linear where second differences are rounding. */
const LINEAR = 1e-7;

export interface BacktestAsked {
  confidence: string;
  /** By the name that the result goes by: the account, or null for all of the book. */
  portfolios: ReadonlyMap<string, string | null>;
}

/** The methods as backtests have them, by the names of the command line. */
function namedMethods(input: Input): Record<string, NamedMethod> {
  const decay = input.share('decay');
  const own = decay === undefined ? {} : { decay };
  const student = input.text('student');
  const named: Record<MethodName, NamedMethod> = {
    historical: { method: 'historical' },
    age: { method: 'age', ...own },
    filtered: { method: 'filtered', ...(input.text('volatility') === 'garch' ? { volatility: 'garch' } : own) },
    normal: { method: 'normal' },
    'cornish-fisher': { method: 'cornish-fisher' },
    'monte-carlo': {
      method: 'monte-carlo',
      paths: input.integer('paths', 5000, 100, 1_000_000),
      seed: input.integer('seed', 1, 0, Number.MAX_SAFE_INTEGER),
      ...own,
      ...(input.text('estimator') === 'sample' ? { estimator: 'sample' as const } : {}),
      ...(student === undefined ? {} : { distribution: { student: Number(student) } }),
    },
  };
  return Object.fromEntries(methodsOf(input).map(({ name }) => [name, named[name]]));
}

/** Whether gains are deltas times moves. */
function isLinear({ delta, gamma }: Exposures): boolean {
  const size = delta.reduce((sum, x) => sum + Math.abs(x), 0);
  return gamma.every((x) => Math.abs(x) <= LINEAR * size);
}

/** @throws UsageError, MarginError */
export function* backtestsOf(
  book: Book,
  panel: Panel,
  input: Input,
  { confidence, portfolios }: BacktestAsked,
): Generator<readonly [string, RollingBacktest]> {
  const methods = namedMethods(input);
  const window = input.integer('window', WINDOW, 2, 1_000_000);
  // The days before the first that is forecast are read too.
  const all = panelReturns(panel, input, 1, panel.closes.dates[0]);
  const from = input.text('from') ?? all.dates[window] ?? '';
  const first = all.dates.findIndex((date) => date >= from);
  if (first < window) {
    const expected = all.dates[window];
    throw new UsageError(
      `--backtest needs ${window} returns before ${from || 'the first day'}, and there are ${Math.max(0, first)}`,
      expected === undefined
        ? `The closes have ${all.dates.length} returns; use a shorter --window`
        : `Use --from ${expected} or later, or a shorter --window`,
    );
  }
  const start = first - window;
  const returns = { ...all, dates: all.dates.slice(start), columns: all.columns.map((column) => column.slice(start)) };
  const scenarios = historical(returns);
  for (const [name, account] of portfolios) {
    const whose = { factors: panel.factors, ...(account === null ? {} : { account }) };
    const exposed = exposures(book, panel.symbols, whose);
    const held = isLinear(exposed)
      ? { returns: scenarios.moves, holdings: Array.from(exposed.delta) }
      : { returns: portfolioRisk(book, scenarios, { ...whose, profits: true }).profits as Float64Array };
    yield [name, backtest({ ...held, labels: returns.dates, methods, window, confidence })];
  }
}
