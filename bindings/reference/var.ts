// margin-kernel/reference/var: the names of margin-kernel/var in plain TypeScript, with the same bits, without WebAssembly.

import { type MonteCarloOptions, type MonteCarloScenarios, monteCarloOn } from '../var/sources/monte-carlo.js';
import { simulate } from './var/simulate.js';

export * from '../public.js';
export * from '../scenario/public.js';
export * from '../var/public.js';
export { Book } from './index.js';

/** The `monteCarlo` of margin-kernel/var, with the same bits. */
export const monteCarlo: (options: MonteCarloOptions) => MonteCarloScenarios = /* @__PURE__ */ monteCarloOn(simulate);
