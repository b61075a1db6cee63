// Unified structures of ccxt 4.5.84 as far as they are read here. Nearly every field is optional over there, and some venues
// hand out text where ccxt's own types say number (ccxt/ccxt#24034), so both are taken.
import type { Decimal } from '../book/types.js';

/** A number, decimal text, or nothing. */
export type Some = Decimal | null | undefined;
/** A text, or nothing. */
export type Text = string | null | undefined;
/** true or false, or nothing. */
export type Flag = boolean | null | undefined;

/** A step of ccxt's `fetchLeverageTiers`: bounds in the unit of the venue, rates as fractions. */
export interface LeverageTier {
  /** Number of the step. */
  tier?: Some;
  /** Market that it is a step of. */
  symbol?: Text;
  /** Not to be relied on: OKX counts contracts and says the quote, Gate says the base (ccxt 4.5.84). */
  currency?: Text;
  /** Bound from which it holds, in the unit of the venue. */
  minNotional?: Some;
  /** The last step of some venues has none: it is open. */
  maxNotional?: Some;
  /** Fraction. */
  maintenanceMarginRate?: Some;
  /** Largest leverage of a position in this step. */
  maxLeverage?: Some;
  /** The venue's own row. */
  info?: unknown;
}

/** A row of `exchange.markets`. */
export interface Market {
  /** Unified: `BTC/USDT:USDT`. */
  symbol?: Text;
  /** Currency that is traded. */
  base?: Text;
  /** Currency that prices are in. */
  quote?: Text;
  /** Currency that profit and loss are paid in; spot has none. */
  settle?: Text;
  /** `spot`, `swap`, `future`, `option`. */
  type?: Text;
  /** Whether it trades. */
  active?: Flag;
  /** Whether it is a spot market. */
  spot?: Flag;
  /** Whether it is a swap, future or option. */
  contract?: Flag;
  /** Whether it is an option. */
  option?: Flag;
  /** Whether it settles in its quote currency. */
  linear?: Flag;
  /** Whether it settles in its base currency. */
  inverse?: Flag;
  /** Whether it settles in a third currency. */
  quanto?: Flag;
  /** Units of base (of quote for inverse) in a contract. */
  contractSize?: Some;
  /** Milliseconds since 1970. */
  expiry?: Some;
  /** Of an option, quote. */
  strike?: Some;
  /** `call` or `put`. */
  optionType?: Text;
  /** Fee of a taker, a fraction. */
  taker?: Some;
  /** Fee of a maker, a fraction; below 0: a rebate. */
  maker?: Some;
  /** Step or digits of sizes and prices. */
  precision?: { amount?: Some; price?: Some } | null | undefined;
  /** Least and largest order: contracts, and cost in quote. */
  limits?: { amount?: { min?: Some; max?: Some } | undefined; cost?: { min?: Some } | undefined } | null | undefined;
  /** The venue's own row. */
  info?: unknown;
}

/** A row of `fetchPositions`. */
export interface Position {
  /** Unified: `BTC/USDT:USDT`. */
  symbol?: Text;
  /** Contracts; without a sign, as a rule. */
  contracts?: Some;
  /** Units of base (of quote for inverse) in a contract. */
  contractSize?: Some;
  /** `long` or `short`; some venues leave `buy`, `sell` or `both` (ccxt/ccxt#20117, #21526). */
  side?: Text;
  /** Whether the account holds both sides apart. */
  hedged?: Flag;
  /** `cross` or `isolated`. */
  marginMode?: Text;
  /** Average entry price, quote. */
  entryPrice?: Some;
  /** Quote. */
  markPrice?: Some;
  /** At the mark. */
  notional?: Some;
  /** That was set, or that it happens to have, by venue. */
  leverage?: Some;
  /** What backs an isolated position, with or without its profit, by venue. */
  collateral?: Some;
  /** Settle currency. */
  unrealizedPnl?: Some;
  /** Settle currency. */
  maintenanceMargin?: Some;
  /** A fraction of the notional, where `percentage` is per cent. */
  maintenanceMarginPercentage?: Some;
  /** Settle currency. */
  initialMargin?: Some;
  /** As the venue says, quote. */
  liquidationPrice?: Some;
  /** Milliseconds since 1970. */
  timestamp?: Some;
  /** The venue's own row. */
  info?: unknown;
}

/** What `fetchBalance` gives: `{ free, used, total }` by currency, beside `info`, `free`, `used`, `total`, `timestamp`. */
export interface Balances {
  readonly [code: string]: unknown;
}

/** A row of `fetchTickers`, `fetchMarkPrices` or `fetchFundingRates`: whichever of these it has. */
export interface Prices {
  /** Unified: `BTC/USDT:USDT`. */
  symbol?: Text;
  /** Quote. */
  markPrice?: Some;
  /** Spot price of the underlying, quote. */
  indexPrice?: Some;
  /** Price of the last trade, quote. */
  last?: Some;
  /** Price of the last trade, quote, under its other name. */
  close?: Some;
}

/** A row of `fetchGreeks` or `fetchAllGreeks`. */
export interface Greeks {
  /** Unified symbol of the option. */
  symbol?: Text;
  /** A fraction or per cent, by venue. */
  markImpliedVolatility?: Some;
  /** In what the option is quoted in. */
  markPrice?: Some;
  /** Forward of the option's expiry (quote). */
  underlyingPrice?: Some;
}

/** Rows by symbol, or a list of rows that name theirs. */
export type BySymbol<T> = { readonly [symbol: string]: T } | readonly T[];
