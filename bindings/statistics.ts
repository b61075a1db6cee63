// margin-kernel/statistics: what samples, returns and distributions say, in plain TypeScript without WebAssembly and with the same
// bits on every engine: quantiles, shortfalls, analytic value at risk, estimation, backtests. What books lose is in margin-kernel/var.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareTail,
  gammaLower,
  gammaUpper,
  logGamma,
} from './reference/numeric/gamma.js';
export type { DirectionRow } from './reference/numeric/joe-kuo.js';
export { openUnit, philox, unit } from './reference/numeric/philox.js';
export {
  centred,
  directionNumbers,
  directionsOf,
  SOBOL_DIMENSIONS,
  scrambled,
  sobol,
} from './reference/numeric/sobol.js';
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
  type MarginSwing,
  marginSwing,
  marginVolatility,
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
export type { Column, Divisor } from './statistics/columns.js';
export { type Confidence, type TailShare, tailShare } from './statistics/confidence.js';
export {
  type Correlation,
  type Covariance,
  type CovarianceOptions,
  correlation,
  correlationOf,
  covariance,
  type EwmaCovarianceOptions,
  ewmaCovariance,
  kendallTau,
} from './statistics/covariance.js';
export { fitGarch, type GarchFit, type GarchParameters, type GarchPath, garchVariances } from './statistics/garch.js';
export { type Cholesky, cholesky } from './statistics/matrix/cholesky.js';
export { type Eigen, symmetricEigen } from './statistics/matrix/eigen.js';
export { type Repair, repairPsd } from './statistics/matrix/repair.js';
export { moments, type SampleMoments } from './statistics/moments.js';
export type { QuantileType } from './statistics/quantile.js';
export {
  type CoinReport,
  type Proxy,
  type ReturnKind,
  type Returns,
  type ReturnsOptions,
  type ReturnsReport,
  returnsOf,
} from './statistics/returns.js';
export { ledoitWolf, type Shrunk } from './statistics/shrinkage.js';
export { type EwmaOptions, ewmaVariance, filteredReturns, type VariancePath } from './statistics/volatility.js';
export { type WinsorBounds, type Winsorised, type WinsoriseOptions, winsorise } from './statistics/winsorise.js';
