// Shapes of ccxt into a book: markets, leverage tiers, positions and balances, with what is missing in them named instead of
// guessed. Shapes only, no package. What the fields mean and what is reported: docs/adapters.md.
export { type CcxtAccount, type CcxtBook, type CcxtSources, ccxtBook, type PositionRow } from '../ccxt/book.js';
export { type Compared, compareVenue, type Figures } from '../ccxt/compare.js';
export { type Conventions, type TierUnit, venues } from '../ccxt/conventions.js';
export type { Balances, Greeks, LeverageTier, Market, Position, Prices } from '../ccxt/shapes.js';
export { parseSymbol, type SymbolParts, unitsOf } from '../ccxt/symbols.js';
export { bracketsFromTiers, parseLeverageTiers } from '../ccxt/tiers.js';
export { type Gap, gapsText } from '../cells/gaps.js';
