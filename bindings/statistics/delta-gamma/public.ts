// What margin-kernel/statistics says of positions with deltas and gammas in normal factors.
export {
  type AttributionOptions,
  type DeltaGammaComponents,
  type DeltaGammaSplit,
  deltaGammaComponents,
  deltaGammaExactComponents,
  deltaGammaSaddlepointComponents,
} from './component.js';
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
export type { FactorPortfolio, FactorPosition } from './factor-portfolio.js';
export type { FactorModel } from './quadratic-form.js';
