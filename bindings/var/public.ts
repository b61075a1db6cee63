// What margin-kernel/var and margin-kernel/reference/var both have: the same calls on both engines.

export type { MethodBacktest, RollingBacktest } from '../statistics/backtest/rolling.js';
export type { Confidence } from '../statistics/confidence.js';
export type { QuantileType } from '../statistics/empirical/quantile.js';
export type { ShortfallConvention } from '../statistics/empirical/shortfall.js';
export type { BacktestOptions, NamedMethod, TailMethodName } from './backtest.js';
export { type DeficitRisk, type DeficitRiskOptions, deficitRisk } from './deficit-risk.js';
export { type ExposureOptions, type Exposures, exposures, type InstrumentExposure } from './exposures.js';
export type { Factors } from './factors.js';
export { type FollowedModel, followMargin, setFactor } from './margin-model.js';
export type { MeasureOptions, RiskMeasure } from './measure.js';
export {
  type PortfolioRisk,
  type PortfolioRiskOptions,
  portfolioRisk,
  type RiskComponent,
} from './portfolio-risk.js';
export type { QuestionOptions, RiskTrade, TailLoss } from './question.js';
export { type RiskAfterOptions, type RiskAfterTrade, type RiskWhatIf, riskAfter, riskWhatIf } from './risk-after.js';
export * from './sources/public.js';
export type { Scenarios } from './types.js';
export { type ValueAtRisk, type ValueAtRiskOptions, valueAtRisk } from './value-at-risk.js';
