// Losses that are spread over everybody in O(1), whatever their number: an index moves, and each position knows where it was. Each
// has an eager twin and declares how far from it rounding may lead.
export {
  type DepositIndex,
  EMPTY_DEPOSIT_INDEX,
  indexDeposit,
  indexLoss,
  indexWithdraw,
  indexWorth,
} from './deposit-index.js';
export { type Claims, eagerGain, eagerLoss, eagerShares } from './eager.js';
export {
  DRIFT_FUNDING_INDEX,
  type FundedPosition,
  type FundingIndex,
  fundingClose,
  fundingLoss,
  fundingOpen,
  fundingOwed,
} from './funding-index.js';
export {
  EMPTY_PRODUCT_SUM,
  type PoolPosition,
  type PoolWorth,
  type ProductSum,
  poolDeposit,
  poolOffset,
  poolWithdraw,
  poolWorth,
} from './product-sum.js';
export {
  EMPTY_REDISTRIBUTION,
  type Redistribution,
  type RedistributionWorth,
  redistribute,
  redistributionClose,
  redistributionOpen,
  redistributionWorth,
  type StakedPosition,
} from './redistribution.js';
export {
  EMPTY_FUND,
  fundChange,
  fundStake,
  fundWorth,
  rebased,
  rebaseOf,
  requestUnstake,
  type Stake,
  type StakedFund,
  sharesLost,
  type UnstakeRequest,
  unstake,
} from './stake-shares.js';
export type { Stored } from './state.js';
export { type CashPool, cashFor, depositCash, printLoss, withdrawCash, withdrawRate } from './withdraw-rate.js';
