// margin-kernel/statistics: what samples, returns and distributions say, in plain TypeScript without WebAssembly and with the same
// bits on every engine: quantiles, shortfalls, analytic value at risk, estimation, backtests. What books lose is in margin-kernel/var.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export {
  type AcerbiSzekely,
  acerbiSzekely,
  PUBLISHED_Z2,
} from './statistics/backtest/acerbi-szekely.js';
export { baselStarts, baselZone, type TrafficLight, type Zone, type ZoneStarts } from './statistics/backtest/basel.js';
export {
  backtestErrors,
  binomialCdf,
  binomialProbability,
  binomialTail,
  type TestErrors,
} from './statistics/backtest/binomial.js';
export type { TestResult } from './statistics/backtest/chi-square.js';
export {
  type Christoffersen,
  christoffersen,
  christoffersenFrom,
  independence,
  type Transitions,
  transitions,
} from './statistics/backtest/christoffersen.js';
export {
  type Increase,
  largestIncrease,
  marginVolatility,
  type PeakToTrough,
  peakToTrough,
} from './statistics/backtest/drawdown.js';
export type { TailForecast, TailHistory, TailMethod } from './statistics/backtest/history.js';
export { kupiec, kupiecRegion, type Region } from './statistics/backtest/kupiec.js';
export {
  type MethodBacktest,
  type Procyclicality,
  type RollingBacktest,
  type RollingOptions,
  type RollingZones,
  rollingBacktest,
} from './statistics/backtest/rolling.js';
export {
  acerbiSzekelyChances,
  acerbiSzekelyCritical,
  type ShortfallChances,
  type ShortfallCritical,
  type ShortfallNullOptions,
} from './statistics/backtest/shortfall-null.js';
export { type StoplightBounds, type StoplightOptions, stoplightBounds } from './statistics/backtest/stoplight.js';
export { type Confidence, type TailShare, tailShare } from './statistics/confidence.js';
export type { QuantileType } from './statistics/quantile.js';
