// Unified structures of ccxt 4.5.84 as far as they are read here. Nearly every field is optional over there, and some venues
// hand out text where ccxt's own types say number (ccxt/ccxt#24034), so both are taken.
import type { Decimal } from '../book/types.js';

/** A number, decimal text, or nothing. */
export type Some = Decimal | null | undefined;
type Text = string | null | undefined;
type Flag = boolean | null | undefined;

/** A step of ccxt's `fetchLeverageTiers`: bounds in the unit of the venue, rates as fractions. */
export interface LeverageTier {
  tier?: Some;
  symbol?: Text;
  /** Not to be relied on: OKX counts contracts and says the quote, Gate says the base (ccxt 4.5.84). */
  currency?: Text;
  minNotional?: Some;
  /** The last step of some venues has none: it is open. */
  maxNotional?: Some;
  maintenanceMarginRate?: Some;
  maxLeverage?: Some;
  info?: unknown;
}

/** A row of `exchange.markets`. */
export interface Market {
  symbol?: Text;
  base?: Text;
  quote?: Text;
  settle?: Text;
  type?: Text;
  active?: Flag;
  spot?: Flag;
  contract?: Flag;
  option?: Flag;
  linear?: Flag;
  inverse?: Flag;
  quanto?: Flag;
  contractSize?: Some;
  /** Milliseconds since 1970. */
  expiry?: Some;
  strike?: Some;
  optionType?: Text;
  taker?: Some;
  maker?: Some;
  precision?: { amount?: Some; price?: Some } | null | undefined;
  limits?: { amount?: { min?: Some; max?: Some } | undefined; cost?: { min?: Some } | undefined } | null | undefined;
  info?: unknown;
}

/** A row of `fetchPositions`. */
export interface Position {
  symbol?: Text;
  /** Contracts; without a sign, as a rule. */
  contracts?: Some;
  contractSize?: Some;
  /** `long` or `short`; some venues leave `buy`, `sell` or `both` (ccxt/ccxt#20117, #21526). */
  side?: Text;
  hedged?: Flag;
  /** `cross` or `isolated`. */
  marginMode?: Text;
  entryPrice?: Some;
  markPrice?: Some;
  notional?: Some;
  leverage?: Some;
  collateral?: Some;
  unrealizedPnl?: Some;
  maintenanceMargin?: Some;
  /** A fraction of the notional, where `percentage` is per cent. */
  maintenanceMarginPercentage?: Some;
  initialMargin?: Some;
  liquidationPrice?: Some;
  /** Milliseconds since 1970. */
  timestamp?: Some;
  info?: unknown;
}

/** What `fetchBalance` gives: `{ free, used, total }` by currency, beside `info`, `free`, `used`, `total`, `timestamp`. */
export interface Balances {
  readonly [code: string]: unknown;
}

/** A row of `fetchTickers`, `fetchMarkPrices` or `fetchFundingRates`: whichever of these it has. */
export interface Prices {
  symbol?: Text;
  markPrice?: Some;
  indexPrice?: Some;
  last?: Some;
  close?: Some;
}

/** A row of `fetchGreeks` or `fetchAllGreeks`. */
export interface Greeks {
  symbol?: Text;
  /** A fraction or per cent, by venue. */
  markImpliedVolatility?: Some;
  markPrice?: Some;
  /** Forward of the option's expiry (quote). */
  underlyingPrice?: Some;
}

/** Rows by symbol, or a list of rows that name theirs. */
export type BySymbol<T> = { readonly [symbol: string]: T } | readonly T[];
