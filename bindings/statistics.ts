// margin-kernel/statistics: what samples, returns and distributions say, in plain TypeScript without WebAssembly and with the same
// bits on every engine: quantiles, shortfalls, analytic value at risk, estimation, backtests. What books lose is in margin-kernel/var.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export * from './statistics/analytic/public.js';
export * from './statistics/backtest/public.js';
export * from './statistics/delta-gamma/public.js';
export * from './statistics/empirical/public.js';
export * from './statistics/estimation/public.js';
export * from './statistics/procyclicality/public.js';
