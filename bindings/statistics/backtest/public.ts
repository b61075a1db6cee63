// Backtests as margin-kernel/statistics has them.
export {
  type AcerbiSzekely,
  acerbiSzekely,
  PUBLISHED_Z2,
} from './acerbi-szekely.js';
export { baselStarts, baselZone, type TrafficLight, type Zone, type ZoneStarts } from './basel.js';
export {
  backtestErrors,
  binomialCdf,
  binomialProbability,
  binomialTail,
  type TestErrors,
} from './binomial.js';
export type { TestResult } from './chi-square.js';
export {
  type Christoffersen,
  christoffersen,
  christoffersenFrom,
  independence,
  type Transitions,
  transitions,
} from './christoffersen.js';
export {
  type Increase,
  largestIncrease,
  marginVolatility,
  type PeakToTrough,
  peakToTrough,
} from './drawdown.js';
export type { TailForecast, TailHistory, TailMethod } from './history.js';
export { kupiec, kupiecRegion, type Region } from './kupiec.js';
export {
  type MethodBacktest,
  type Procyclicality,
  type RollingBacktest,
  type RollingOptions,
  type RollingZones,
  rollingBacktest,
} from './rolling.js';
export {
  acerbiSzekelyChances,
  acerbiSzekelyCritical,
  type ShortfallChances,
  type ShortfallCritical,
  type ShortfallNullOptions,
} from './shortfall-null.js';
export { type StoplightBounds, type StoplightOptions, stoplightBounds } from './stoplight.js';
