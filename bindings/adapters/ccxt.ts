// Shapes of ccxt into a book: markets, leverage tiers, positions and balances, with what is missing in them named instead of
// guessed. Shapes only, no package. What the fields mean and what is reported: docs/adapters.md.
export type { PositionRow } from '../ccxt/account.js';
export { type CcxtBook, ccxtBook } from '../ccxt/book.js';
export {
  type Compared,
  compareVenue,
  type Engine as CompareEngine,
  type Figures,
  type Side as ComparedSide,
} from '../ccxt/compare.js';
export { type Conventions, type TierUnit, venues } from '../ccxt/conventions.js';
export type {
  Balances,
  BySymbol,
  Flag as CcxtFlag,
  Greeks,
  LeverageTier,
  Market,
  Position,
  Prices,
  Some as CcxtNumber,
  Text as CcxtText,
} from '../ccxt/shapes.js';
export type { CcxtAccount, CcxtSources } from '../ccxt/sources.js';
export { parseSymbol, type SymbolParts, unitsOf } from '../ccxt/symbols.js';
export { bracketsFromTiers, parseLeverageTiers } from '../ccxt/tiers.js';
export { type Gap, gapsText, type Lost } from '../cells/gaps.js';
