// Everything that does not depend on the engine: the calls on a book, their types and errors.

export { type BasketVerdict, checkBasket } from './basket.js';
export type { BookBase, BookOptions, Capacity, DecodeOptions, FillInput, OrderInput, Place } from './book/book.js';
export type { Ref } from './book/book-rows.js';
export type { AccountColumns, BalanceColumns, PositionColumns } from './book/bulk.js';
export type * from './book/types.js';
export type { Certificate, Method, Point, PriceOptions, RayLevel } from './certificate.js';
export { check, checkAll, type OrderCheck, type Verdict } from './check.js';
export { CHECK_WIDTH, checkInto } from './check-into.js';
export { type ClosedLeg, type CloseLeg, type CloseOptions, type CloseSizes, closeSizes } from './close-sizes.js';
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export { explain } from './explain.js';
export { checkText } from './explain-check.js';
export { explainPrices } from './explain-prices.js';
export { closeText, sizeText } from './explain-sizes.js';
export { explainText } from './explain-text.js';
export type {
  BalanceExplanation,
  Binding,
  ByLevel,
  Explanation,
  PositionExplanation,
  SpotOrdersExplanation,
  UnitExplanation,
} from './explanation.js';
export { type FundingTime, pricesAfterFunding, timeToLiquidation } from './funding.js';
export { type Betas, type JointMove, jointMoves } from './joint-moves.js';
export { INEXACT, STATUS } from './layout.js';
export { type BookLeg, type LegOptions, legsOf } from './legs.js';
export { type LiquidationColumns, type LiquidationPrice, liquidationPrices } from './liquidation.js';
export {
  type AccountMargin,
  accountMargin,
  compareRisk,
  type Margin,
  type MarginInto,
  margin,
  marginInto,
  type Risk,
  type RiskPair,
  type Status,
  type Totals,
} from './margin.js';
export type { MarginColumn } from './margin-columns.js';
export type { Columns, Store } from './memory.js';
export { type Covariance, type NearestMove, nearestMoves } from './nearest-moves.js';
export { maxLeverage, maxOrder, maxWithdraw, type OrderSize, type Size, type WithdrawOptions } from './sizes.js';
export type { OrderSide, TradeInput } from './trial.js';
export { type CheckRisk, REASONS, type Reason } from './verdict.js';
