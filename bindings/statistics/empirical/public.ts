// What margin-kernel/statistics says of samples: quantiles, value at risk and shortfall of profits as they were, or as they weigh.
export { type Confidence, type TailShare, tailShare } from '../confidence.js';
export type { Sample } from '../sample.js';
export type { QuantileType } from './quantile.js';
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
export { type AtQuantile, quantileStandardError } from './standard-error.js';
export { ageWeights, type WeightedOptions, type WeightedTail, type WeightedWorst, weightedTail } from './weighted.js';
