// What margin-kernel/statistics says of distributions: closed forms, expansions, tails beyond a threshold, and who brings how much.
export type { AttributedPair, Attribution } from './attribution.js';
export {
  type GaussianComponents,
  gaussianComponents,
  type StudentComponents,
  type StudentOptions,
  studentComponents,
} from './component.js';
export { type ExpansionRisk, isMonotone } from './cornish-fisher.js';
export { type DeltaNormal, deltaNormal } from './delta-normal.js';
export type { JointMoments, Matrix } from './gaussian.js';
export type { HorizonOptions, HorizonRule } from './horizon.js';
export type { NormalLevel } from './level.js';
export { type LiquidityAdjusted, liquidityAdjusted, type Spread } from './liquidity.js';
export { type LiquidityComponents, type LiquidPosition, liquidityComponents } from './liquidity-component.js';
export { type ModifiedRisk, modifiedRisk } from './modified.js';
export { type ComponentOptions, type ModifiedComponents, modifiedComponents } from './modified-component.js';
export { type NormalGain, normalRisk, type ParametricRisk, type StudentGain, studentRisk } from './parametric.js';
export {
  type KnownShortfall,
  type ParetoLine,
  type ParetoRisk,
  type ParetoTail,
  paretoRisk,
  paretoShortfalls,
} from './pareto.js';
export { fitPareto, type ParetoFit } from './pareto-fit.js';
