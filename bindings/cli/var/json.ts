// Value at risk for machines: one JSON object with stable keys. Losses are positive; numbers read back as the same double.
import type { RollingBacktest } from '../../statistics.js';
import type { Measured } from './measured.js';

const FORMAT = 'margin-kernel/var@1';

/** A backtest without its columns by day, which are those of the page. */
function backtestOf(name: string, { methods, labels, ...test }: RollingBacktest): object {
  return {
    name,
    ...test,
    pnl: undefined,
    from: labels[0] ?? null,
    to: labels.at(-1) ?? null,
    methods: methods.map(({ valueAtRisk: _, shortfall: __, hits, basel, ...method }) => ({
      ...method,
      exceptionDays: Array.from(hits.keys()).flatMap((day) => (hits[day] === 1 ? [labels[day] ?? day] : [])),
      basel: { all: basel.all, last: basel.last, days: basel.days },
    })),
  };
}

/** The object, in pieces. */
export function* varJSON(measured: Measured, backtests: ReadonlyMap<string, RollingBacktest>): Generator<string> {
  const { portfolio, method, returns, methods, accounts, deficit, title: _, symbols, ...rest } = measured;
  const { profits, components, ...risk } = portfolio;
  const head = {
    format: FORMAT,
    ...rest,
    method: method.name,
    returns: {
      symbols,
      from: returns.dates[0] ?? null,
      to: returns.dates.at(-1) ?? null,
      count: returns.dates.length,
      report: returns.report ?? null,
    },
    portfolio: { ...risk, components: components.map(({ profits: __, ...one }) => one) },
    methods,
    deficit: deficit && { ...deficit, deficits: Array.from(deficit.deficits), units: Array.from(deficit.units) },
    profits: profits ? Array.from(profits) : null,
    ...(backtests.size === 0 ? {} : { backtests: [...backtests].map(([name, test]) => backtestOf(name, test)) }),
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"accounts":[`;
  for (const [i, account] of accounts.entries()) yield `${i === 0 ? '\n' : ',\n'}${JSON.stringify(account)}`;
  yield accounts.length === 0 ? ']}\n' : '\n]}\n';
}
