// margin-kernel/statistics: what samples, returns and distributions say, in plain TypeScript without WebAssembly and with the same
// bits on every engine: quantiles, shortfalls, analytic value at risk, estimation, backtests. What books lose is in margin-kernel/var.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export * from './statistics/analytic.js';
export * from './statistics/backtest/public.js';
export { type Confidence, type TailShare, tailShare } from './statistics/confidence.js';
export {
  type DynamicMargin,
  type DynamicMarginOptions,
  type DynamicMarginState,
  dynamicMargin,
  type MarginObservation,
  type MarginReason,
  type StressedMultiplier,
  type StressRule,
  type StressState,
  stressMultiplier,
} from './statistics/dynamic-margin.js';
export * from './statistics/estimation.js';
export {
  type BufferRule,
  type BufferState,
  type BufferStep,
  buffered,
  bufferStep,
  EMIR_SHARE,
  floored,
  hysteresis,
  type LimitedStep,
  type LimitState,
  limitStep,
  type StepLimits,
  stressWeighted,
} from './statistics/procyclicality.js';
export type { QuantileType } from './statistics/quantile.js';
