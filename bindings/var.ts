// margin-kernel/var: the Book of margin-kernel/scenario, with value at risk and expected shortfall, on all three modules of the kernel.

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
