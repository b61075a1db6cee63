// Filtered historical simulation: each day of the past at today's volatility, coin by coin. J. Hull and A. White (1998); with GARCH
// after G. Barone-Adesi, K. Giannopoulos and L. Vosper (1999).
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { fitGarch, type GarchFit, LEAST_RETURNS } from '../../statistics/estimation/garch.js';
import type { Returns } from '../../statistics/estimation/returns.js';
import { MOST_DAYS, returnsGiven } from '../../statistics/estimation/returns-given.js';
import { ewmaVariance, filteredReturns, type VariancePath } from '../../statistics/estimation/volatility.js';
import { type HistoricalScenarios, type HorizonOptions, scenariosOf } from './historical.js';

/** How volatilities are estimated. */
export interface FilteredOptions extends HorizonOptions {
  /** `ewma` (default): weights that fade (RiskMetrics). `garch`: GARCH(1, 1), fitted to each coin. */
  readonly volatility?: 'ewma' | 'garch';
  /** Of `ewma`: what a day keeps of its weight a day later; default 0.94. */
  readonly decay?: number;
}

export interface FilteredScenarios extends HistoricalScenarios {
  /** By name: the volatility of the next return (over the horizon of the returns), as it was for each scenario's day, and the fit. */
  readonly volatilityOf: readonly {
    readonly forecast: number;
    readonly past: Float64Array;
    readonly fit: GarchFit | null;
  }[];
}

/**
 * Returns times forecast / own volatility, coin by coin, as scenarios.
 * @throws MarginError type, range, not-finite; range, with the coin, where a series is constant or too short
 * @example
 * const scenarios = filtered(returns, { volatility: 'ewma', decay: 0.94 });
 */
export function filtered(returns: Returns, options: FilteredOptions = {}): FilteredScenarios {
  const fields = new Fields(options, 'options', ['volatility', 'decay', 'horizon']);
  const garch = fields.word('volatility', { ewma: 0, garch: 1 }, 'ewma') === 1;
  const decay = fields.number('decay', { above: 0, below: 1 }, 0.94);
  const given = returnsGiven(returns, garch ? LEAST_RETURNS : 2);
  const each = given.columns.map((column, i) => {
    const fit = named(given.names[i], () => (garch ? fitGarch(column) : null));
    const path: VariancePath = fit ?? named(given.names[i], () => ewmaVariance(column, { decay }));
    return {
      column: filteredReturns(column, path),
      volatility: { forecast: Math.sqrt(path.next), past: path.variances.map((v) => Math.sqrt(v)), fit },
    };
  });
  const scaled = { ...given, columns: each.map(({ column }) => column) };
  return {
    ...scenariosOf('filtered', scaled, fields.integer('horizon', 1, MOST_DAYS, given.horizon)),
    volatilityOf: each.map(({ volatility }) => volatility),
  };
}

/** Says whose series was refused. */
function named<T>(name: string | undefined, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof MarginError ? error.with({ path: `returns.${name}` }) : error;
  }
}
