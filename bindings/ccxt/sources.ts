// What `ccxtBook` is made from: answers of ccxt as they are, and what ccxt does not say.
import type { Bracket, Decimal } from '../book/types.js';
import type { ModelJSON } from '../scenario/types.js';
import type { Conventions } from './conventions.js';
import type { Balances, BySymbol, Greeks, LeverageTier, Market, Position, Prices } from './shapes.js';

/** One account as ccxt hands it out. */
export interface CcxtAccount {
  /** What the account is to be called in the book. */
  id: string;
  /** `fetchBalance`. */
  balances?: Balances | undefined;
  /** `fetchPositions`. */
  positions?: readonly Position[] | undefined;
  /** Margin mode of positions that do not say theirs (Bybit: it is a setting of the account). */
  marginMode?: 'cross' | 'isolated' | undefined;
  /** Id of the scenario model that margins it; an account with options needs one. */
  model?: string | undefined;
}

/** All keys of an account. */
export const ACCOUNT_KEYS = [
  'id',
  'balances',
  'positions',
  'marginMode',
  'model',
] as const satisfies readonly (keyof CcxtAccount)[];

/** Answers of ccxt, and what it does not say. */
export interface CcxtSources {
  /** `exchange.id`: what ccxt's fields mean differs by venue. */
  venue: string;
  /** What is known better than the table of venues, or for a venue that it does not have. */
  conventions?: Partial<Conventions> | undefined;
  /** Unit of all values in the book, such as USDT; its own price is 1. */
  numeraire: string;
  /** `exchange.markets`, once they are loaded. */
  markets: BySymbol<Market | undefined> | undefined;
  /** `fetchLeverageTiers`, or the list of `fetchMarketLeverageTiers`, whose rows name their market. */
  tiers?: { readonly [symbol: string]: readonly LeverageTier[] } | readonly LeverageTier[] | undefined;
  /** Own tables by symbol, in the units of a book; they come before tiers. */
  brackets?: { readonly [symbol: string]: Bracket[] } | undefined;
  /** `fetchMarkPrices`, `fetchFundingRates` or `fetchTickers`; spot tickers (`BTC/USDT`) price coins. */
  prices?: BySymbol<Prices | undefined> | undefined;
  /** Mark prices (quote) by symbol; they come before those of `prices`. */
  marks?: { readonly [symbol: string]: Decimal } | undefined;
  /** Prices of assets in the numeraire; they come before spot tickers. */
  assets?: { readonly [asset: string]: Decimal } | undefined;
  /** `fetchAllGreeks`, for options. */
  greeks?: BySymbol<Greeks | undefined> | undefined;
  /** Each becomes an account of the book. */
  accounts: readonly CcxtAccount[];
  /** `exchange.precisionMode`: 2 where `precision` counts digits, 4 (and without it) where it has steps. */
  precisionMode?: number | undefined;
  /** Markets to have beside those that positions are in. */
  symbols?: readonly string[] | undefined;
  /** Scenario models of the book, for accounts that name one. */
  models?: ModelJSON[] | undefined;
  /** Now, in milliseconds since 1970; needed for options only. */
  time?: number | undefined;
  /** Sizes of rows without contracts from their notional and mark; default false: such a row is a gap. */
  sizeFromNotional?: boolean | undefined;
  /** Throw the first gap instead of reporting it. */
  strict?: boolean | undefined;
}

/** All keys of the sources. */
export const SOURCE_KEYS = [
  'venue',
  'conventions',
  'numeraire',
  'markets',
  'tiers',
  'brackets',
  'prices',
  'marks',
  'assets',
  'greeks',
  'accounts',
  'precisionMode',
  'symbols',
  'models',
  'time',
  'sizeFromNotional',
  'strict',
] as const satisfies readonly (keyof CcxtSources)[];
