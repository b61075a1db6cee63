// margin-kernel/liquidation: the policies of a liquidation as pure functions of plain numbers, whatever the venue. They
// need no book and no kernel, keep no state and know no clock, so a log of their inputs replays.
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from '../errors.js';
export {
  bankruptcyPrice,
  type Holding,
  type Kind,
  type ProRata,
  proRataBankruptcyPrice,
  towardFund,
} from './bankruptcy.js';
export { AAVE_CLOSE_FACTOR, type CloseFactorRule, closeFactor, healthFactor } from './close-factor.js';
export { type Depth, type Execution, linearImpact, type ModelOrder, squareRootImpact, sweep } from './execution.js';
export * from './fee.js';
export { type Fillable, type Floor, fillablePrice, flooredClose, priceFloor } from './fillable.js';
export { healthAt, healthRatio, type OnePositionAccount } from './health.js';
export { type KeeperCosts, type KeeperEconomics, type KeeperOffer, keeperEconomics } from './keeper.js';
export * from './ladder.js';
export type { Leg } from './leg.js';
export { type LiquidityAddOn, liquidityAddOn } from './liquidity.js';
export { closeSize, type SizeRules } from './lot.js';
export { type MarginCall, type MarginCallRule, marginCall } from './margin-call.js';
export { type LegClose, type Objective, type OrderStep, orderLegs } from './order.js';
export { deltaAfter, type PairedLeg, type PairedStep, pairedClose } from './paired.js';
export { liquidationPlan, type PlanLimits, type PlannedLeg, type PlanPolicy, type PlanStep } from './plan.js';
export { liquidationPrice, type OnePosition } from './price.js';
export { type ClosedStep, type CloseStep, closeSequence } from './sequence.js';
export type { Side } from './side.js';
export { type PartialClose, type PartialSize, partialSize, repaySize } from './size.js';
export * from './slice.js';
export { type Strategy, type StrategyInput, type StrategyStep, strategyStep } from './strategy.js';
export * from './takeover.js';
export * from './transfer.js';
