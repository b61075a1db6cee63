// Auto-deleveraging: score x allocation x space x price, what an event needed and took, and where an account stands.
export {
  type AdlClose,
  type AdlFeasibility,
  type AdlResult,
  adl,
  adlFeasibility,
} from './adl.js';
export {
  type AdlEvent,
  adlBudget,
  applyHaircuts,
  badDebt,
  bankruptcyPerLot,
  type HaircutAccount,
  haircutsOf,
} from './budget.js';
export type { AdlAllocation, AdlCandidate, AdlPrice, AdlRule, AdlSpace } from './candidate.js';
export { type HedgeEffect, type HedgeRule, hedgeAware } from './hedge.js';
export { closeMany, type QueueFill } from './many.js';
export type { AdlNeed, LossNeed, PositionNeed } from './need.js';
export { type QueuePlace, type QueueRule, queueOf, rankOf } from './rank.js';
export { RankQueue, topCandidates } from './rank-queue.js';
export { type RiskAversion, type RiskBearer, riskShares, riskWeight } from './risk-weight.js';
export { type AdlRound, type AdlRoundRule, adlRound } from './round.js';
export { compareScores, type Score, type Scored } from './score.js';
export type { Reliefs } from './state-scores.js';
export {
  ADL_SCORES,
  binanceScore,
  bitmexScore,
  bybitScore,
  hyperliquidScore,
  type MarginedPosition,
  okxScore,
  type PricedPosition,
  type ScoreName,
  type ValuedPosition,
  type WalletPosition,
} from './venue-scores.js';
