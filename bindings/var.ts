// margin-kernel/var: the Book of margin-kernel/scenario, with value at risk and expected shortfall, on all three modules of the kernel.

import type { RollingBacktest } from './statistics/backtest/rolling.js';
import { type BacktestOptions, backtestOn } from './var/backtest.js';
import { simulateOnKernel } from './var/sources/kernel-simulator.js';
import { type MonteCarloOptions, type MonteCarloScenarios, monteCarloOn } from './var/sources/monte-carlo.js';

export * from './public.js';
export * from './scenario/public.js';
export { Book } from './scenario.js';
export * from './var/public.js';

/**
 * Simulated moves of factors: normal or Student-t, with a covariance that is given or estimated, from Philox or scrambled Sobol
 * numbers. A path has the same numbers in any split and on both engines.
 * @throws MarginError type, range, not-finite, missing-key, unknown-key, conflict, too-many
 * @example
 * const covariance = [[0.0016, 0.0018], [0.0018, 0.0025]];
 * const scenarios = monteCarlo({ names: ['BTC', 'ETH'], covariance, paths: 10_000, seed: 1, distribution: { student: 4 } });
 */
export const monteCarlo: (options: MonteCarloOptions) => MonteCarloScenarios =
  /* @__PURE__ */ monteCarloOn(simulateOnKernel);

/**
 * A rolling backtest of methods by name: `historical`, `age`, `filtered`, `normal`, `cornish-fisher`, `monte-carlo`, or functions of
 * one's own. Each day after the window is forecast from the window before it; VaR and ES are losses, POSITIVE.
 * @throws MarginError as `rollingBacktest` of margin-kernel/statistics does, and for methods that are none
 * @example
 * const returns = Array.from({ length: 400 }, (_, day) => ((day * 37) % 101) / 1000 - 0.05);
 * const { methods } = backtest({ returns, methods: ['historical', 'normal'], confidence: '0.975' });
 */
export const backtest: (options: BacktestOptions) => RollingBacktest = /* @__PURE__ */ backtestOn(monteCarlo);
