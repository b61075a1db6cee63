// What margin-kernel/statistics says of samples and of analytic value at risk.

export type { AttributedPair, Attribution } from './attribution.js';
export {
  type GaussianComponents,
  gaussianComponents,
  type StudentComponents,
  type StudentOptions,
  studentComponents,
} from './component.js';
export { type ExpansionRisk, isMonotone } from './cornish-fisher.js';
export {
  type DeltaGammaFigure,
  type DeltaGammaMoments,
  type DeltaGammaRisk,
  deltaGammaExact,
  deltaGammaMoments,
  deltaGammaRisk,
  deltaGammaSaddlepoint,
  type LossPair,
} from './delta-gamma.js';
export {
  type AttributionOptions,
  type DeltaGammaComponents,
  type DeltaGammaSplit,
  deltaGammaComponents,
  deltaGammaExactComponents,
  deltaGammaSaddlepointComponents,
} from './delta-gamma-component.js';
export { type DeltaNormal, deltaNormal } from './delta-normal.js';
export type { FactorPortfolio, FactorPosition } from './factor-portfolio.js';
export type { JointMoments, Matrix } from './gaussian.js';
export type { HorizonOptions, HorizonRule } from './horizon.js';
export type { NormalLevel } from './level.js';
export { type LiquidityAdjusted, liquidityAdjusted, type Spread } from './liquidity.js';
export { type LiquidityComponents, type LiquidPosition, liquidityComponents } from './liquidity-component.js';
export { type ModifiedRisk, modifiedRisk } from './modified.js';
export {
  type ComponentOptions,
  type ModifiedComponents,
  modifiedComponents,
} from './modified-component.js';
export {
  type NormalGain,
  normalRisk,
  type ParametricRisk,
  type StudentGain,
  studentRisk,
} from './parametric.js';
export {
  type KnownShortfall,
  type ParetoLine,
  type ParetoRisk,
  type ParetoTail,
  paretoRisk,
  paretoShortfalls,
} from './pareto.js';
export { fitPareto, type ParetoFit } from './pareto-fit.js';
export type { FactorModel } from './quadratic-form.js';
export {
  complement,
  meanAtOrBelow,
  type PartMean,
  type QuantileRule,
  quantile,
  quantiles,
  STRATA_RULES,
  tailRank,
} from './rules.js';
export type { Sample } from './sample.js';
export {
  type SampleShortfall,
  type SampleShortfallOptions,
  type SampleVar,
  type SampleVarOptions,
  type ShortfallConvention,
  sampleShortfall,
  sampleVar,
  type WorstLosses,
} from './shortfall.js';
export {
  ageWeights,
  type WeightedOptions,
  type WeightedTail,
  type WeightedWorst,
  weightedTail,
} from './weighted.js';
