// Auctions of a defaulter's positions and of new tokens: pure functions from a state and a bid to the next state.
export { type Bark, type BarkRule, bark, keeperReward, type Vault } from './bark.js';
export type { BidClock } from './clock.js';
export { type Commitment, commitBid, openBids, type SaltedBid } from './commit.js';
export { auctionPrice, type Curve, type DiscountCurve, type PriceCurve } from './curve.js';
export { type DebtAuction, debtAuctionDue, debtBid, debtDeal, debtRestart, dilution } from './debt.js';
export {
  type DutchAuction,
  type DutchLot,
  type DutchTake,
  dutchBuy,
  dutchReset,
  dutchStatus,
  dutchTake,
  type ResetRule,
} from './dutch.js';
export {
  type BidAnswer,
  type EnglishAuction,
  englishDeal,
  englishDent,
  englishRestart,
  englishTend,
} from './english.js';
export { rayPower } from './fixed.js';
export { type InsolventAuction, type InsolventBid, insolventBid } from './insolvent.js';
export {
  type Portfolio,
  type PortfolioAuction,
  type PortfolioBid,
  type PortfolioMarks,
  portfolioBid,
  portfolioBuy,
} from './portfolio.js';
export { type BidQuality, juniority, type MandatoryBid, type Quality } from './quality.js';
export { type ReverseDutch, type ReverseDutchResult, reverseDutch } from './reverse.js';
export { type Award, type SealedBid, type SealedResult, type SealedRule, sealedAuction } from './sealed.js';
export { type AuctionTransfer, settled } from './transfer.js';
