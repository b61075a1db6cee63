// Everything that does not depend on the engine: the calls on a book, their types and errors.

export type { BookBase, BookOptions, Capacity, FillInput, OrderInput, Place } from './book/book.js';
export type { AccountColumns, BalanceColumns, PositionColumns } from './book/bulk.js';
export type * from './book/types.js';
export { MarginError, type MarginErrorCode, type MarginErrorDetails } from './errors.js';
export {
  type BalanceExplanation,
  type Binding,
  type ByLevel,
  type Explanation,
  explain,
  type PositionExplanation,
  type SpotOrdersExplanation,
  type UnitExplanation,
} from './explain.js';
export { explainPrices } from './explain-prices.js';
export { explainText } from './explain-text.js';
export { INEXACT, STATUS } from './layout.js';
export {
  type Betas,
  type Certificate,
  type JointMove,
  jointMoves,
  type LiquidationColumns,
  type LiquidationPrice,
  liquidationPrices,
  type Point,
  type PriceOptions,
} from './liquidation.js';
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
