// --backtest: forecasts every day of the closes from the days before it, by every method, and tests what came. The portfolio is the
// one of the book on every day: what it would have made, not what it held then. It is revalued in full, on each day and in each scenario.

import type { Returns } from '../../statistics/estimation/returns.js';
import type { RollingBacktest, TailMethod } from '../../statistics.js';
import {
  type BacktestOptions,
  type Book,
  backtest,
  historical,
  type PortfolioRiskOptions,
  portfolioRisk,
} from '../../var.js';
import { type Input, UsageError } from '../command.js';
import { type Method, methodsOf } from './methods.js';
import { type Panel, panelReturns } from './panel.js';

/** Days that each forecast sees, and paths that are simulated for each. */
const WINDOW = 250;
const PATHS = 5_000;

export interface BacktestAsked {
  confidence: string;
  /** By the name that the result goes by: the account, or null for all of the book. */
  portfolios: ReadonlyMap<string, string | null>;
}

/** What the profits of the past say of themselves; others need the returns of each coin. */
const OF_PROFITS = ['historical', 'age', 'normal', 'cornish-fisher'] as const;

/** A method as backtests want it. Column 0 is the profit of each day, then come the returns of each coin. */
function tailMethod(
  method: Method,
  input: Input,
  returns: Returns,
  risk: (scenarios: ReturnType<Method['scenarios']>) => ReturnType<TailMethod>,
): NonNullable<BacktestOptions['methods']>[keyof BacktestOptions['methods']] {
  const known = OF_PROFITS.find((name) => name === method.name);
  const decay = input.share('decay');
  if (known === 'age' && decay !== undefined) return { method: 'age', decay } as never;
  if (known) return { method: known } as never;
  const forecast: TailMethod = ({ returns: [, ...columns], day }) => {
    const dates = returns.dates.slice(day - (columns[0]?.length ?? 0), day);
    return risk(method.scenarios({ ...returns, dates, columns }));
  };
  return forecast as never;
}

/** @throws UsageError, MarginError */
export function* backtestsOf(
  book: Book,
  panel: Panel,
  input: Input,
  { confidence, portfolios }: BacktestAsked,
): Generator<readonly [string, RollingBacktest]> {
  const methods = methodsOf(input, PATHS);
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
  for (const [name, account] of portfolios) {
    const whose: PortfolioRiskOptions = { factors: panel.factors, ...(account === null ? {} : { account }) };
    const { profits } = portfolioRisk(book, historical(returns), { ...whose, profits: true });
    const risk = (scenarios: ReturnType<Method['scenarios']>): ReturnType<TailMethod> => {
      const { var: valueAtRisk, es: shortfall } = portfolioRisk(book, scenarios, { ...whose, confidence });
      return { valueAtRisk, shortfall };
    };
    const named = methods.map((method) => [method.name, tailMethod(method, input, returns, risk)] as const);
    yield [
      name,
      backtest({
        returns: [profits as Float64Array, ...returns.columns],
        holdings: [1, ...returns.columns.map(() => 0)],
        labels: returns.dates,
        methods: Object.fromEntries(named) as NonNullable<BacktestOptions['methods']>,
        window,
        confidence,
      }),
    ];
  }
}
