// margin-kernel/reference/var: the names of margin-kernel/var in plain TypeScript, with the same bits, without WebAssembly.

import type { RollingBacktest } from '../statistics/backtest/rolling.js';
import { type BacktestOptions, backtestOn } from '../var/backtest.js';
import { type MonteCarloOptions, type MonteCarloScenarios, monteCarloOn } from '../var/sources/monte-carlo.js';
import { simulate } from './var/simulate.js';

export * from '../public.js';
export * from '../scenario/public.js';
export * from '../var/public.js';
export { Book } from './index.js';

/** The `monteCarlo` of margin-kernel/var, with the same bits. */
export const monteCarlo: (options: MonteCarloOptions) => MonteCarloScenarios = /* @__PURE__ */ monteCarloOn(simulate);

/** The `backtest` of margin-kernel/var, with the same bits. */
export const backtest: (options: BacktestOptions) => RollingBacktest = /* @__PURE__ */ backtestOn(monteCarlo);
