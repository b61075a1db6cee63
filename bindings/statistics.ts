// margin-kernel/statistics: what samples, returns and distributions say, in plain TypeScript without WebAssembly and with the same
// bits on every engine: quantiles, shortfalls, analytic value at risk, estimation, backtests. What books lose is in margin-kernel/var.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export * from './statistics/analytic.js';
export { type Confidence, type TailShare, tailShare } from './statistics/confidence.js';
export type { QuantileType } from './statistics/quantile.js';
