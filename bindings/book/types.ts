// The JSON shape of a book, `margin-kernel/book@1`: what a person or another system writes down.
// Columns (layout.ts) are what the kernel reads; json.ts turns one into the other.
// Sizes are signed contracts (long positive), rates are fractions, prices are in the unit named beside them.
// "Carried" is what a book stores and gives back and no margin reads: it is there for reports and for the reader's own use.

import type { ModelJSON } from '../scenario/types.js';

/** A JSON number or a decimal string; a string is read to the nearest double, without a detour. */
export type Decimal = number | string;

/** The three levels at which a requirement is asked. */
export type Level = 'initial' | 'maintenance' | 'liquidationEnd';

/** One value for every level, or one by level. A missing maintenance is the initial one, a missing liquidationEnd the maintenance one. */
export type PerLevel<T = Decimal> = T | { initial: T; maintenance?: T; liquidationEnd?: T };

/** A step of a marginal weight table: the part of the value (numeraire) up to `upTo` counts with `weight`; null has no end. */
export interface Tier {
  /** Value (numeraire) up to which it holds; null: no end. */
  upTo: Decimal | null;
  /** Of the part of the value in this tier. */
  weight: PerLevel;
}

/** A price with its guards. With `twap` or `stable`, longs and assets count at the lowest, shorts and debts at the highest of the prices. */
export interface Guard {
  /** Time-weighted average price, same unit as the price it guards. */
  twap?: Decimal | null;
  /** Slow-moving stable price (Mango's stable price model), same unit. */
  stable?: Decimal | null;
  /** Levels at which the guard counts; default all levels when twap or stable is given. */
  guard?: Level[];
  /** Confidence of the price in [0, 1]; default 1. */
  confidence?: Decimal;
  /** Below it (strictly) the penalty `(1 - confidence) * confidenceFactor` joins the initial rate. Default 0: never. */
  confidenceThreshold?: Decimal;
  /** What a unit of missing confidence adds to the initial rate, 0 to 1e6; default 0. */
  confidenceFactor?: Decimal;
}

/** An asset: what balances are of, and what markets settle in. */
export interface AssetJSON extends Guard {
  /** Its name, unique among assets. */
  id: string;
  /** Price in the numeraire, >= 0. */
  price: Decimal;
  /** Weight of a positive amount, in [0, 1]; default 1. Not together with `tiers`. */
  assetWeight?: PerLevel;
  /** Weight of a debt, >= 1; default 1. Not together with `liabilityTiers`. */
  liabilityWeight?: PerLevel;
  /** Marginal haircut tiers by value (numeraire); weights must fall. */
  tiers?: Tier[];
  /** Marginal tiers of a debt by value (numeraire); weights must rise. */
  liabilityTiers?: Tier[];
  /** Value (numeraire) beyond which nothing counts as collateral. */
  cap?: Decimal | null;
  /**
   * Weight that falls with size. sqrt (Drift): min(w, numerator / (1 + factor * sqrt(amount))), debts max(w, liabilityBase * w + factor * sqrt(|amount|)).
   * power (Orderly): min(w, numerator / (1 + factor * value^exponent)), debts untouched.
   */
  curve?: {
    kind: 'sqrt' | 'power';
    factor: PerLevel;
    numerator?: Decimal;
    exponent?: Decimal;
    liabilityBase?: Decimal;
  };
  /** Deposits of all accounts (amount); with `depositScaleStart` (numeraire): initial weight * start / value beyond it. */
  deposits?: Decimal;
  /** Value of all deposits (numeraire) beyond which the initial weight falls; null: never. */
  depositScaleStart?: Decimal | null;
  /** Borrows of all accounts (amount); with `borrowScaleStart` (numeraire): initial liability weight * value / start beyond it. */
  borrows?: Decimal;
  /** Value of all borrows (numeraire) beyond which the initial liability weight rises; null: never. */
  borrowScaleStart?: Decimal | null;
  /** A balance counts `amount * depositIndex`, a debt `amount * borrowIndex`; default 1. */
  depositIndex?: Decimal;
  /** What a debt is multiplied with; default 1. */
  borrowIndex?: Decimal;
  /** false: an account's own `initialRateFloor` leaves this asset's weights alone (the quote asset of Drift). Default true. */
  rateFloor?: boolean;
  /** Digits after the point in the ledger; default 18. Carried. */
  decimals?: number;
  /** Asset whose price a balance of this one follows in the scenarios of a model: a wrapped coin its coin, a coin itself. Default: none. */
  hedges?: string;
}

/** An expiry of options: one for all of its strikes. */
export interface ExpiryJSON {
  /** Its name, unique among expiries. */
  id: string;
  /** Base asset, whose price is the spot. */
  asset: string;
  /** Time that is left, in seconds; 0 or more. */
  seconds: Decimal;
  /** Forward price for that time, in quote. */
  forward: Decimal;
  /** Part of the forward that the averaging of a settlement price has fixed already; default 0. */
  settled?: Decimal;
  /** Continuous rate a year that prices are discounted with; default 0. */
  rate?: Decimal;
  /** Least confidence of forward, rate and volatilities, in [0, 1]; default 1. */
  confidence?: Decimal;
  /** false: the rate does not discount the prices of options. Default true. */
  discounted?: boolean;
}

/** A step of a bracket table: up to a notional of `upTo` (null: no end) these rates hold. */
export interface Bracket {
  /** Notional up to which it holds, in the unit of the table; null: no end. */
  upTo: Decimal | null;
  /** Fraction of the notional. */
  maintenanceRate: Decimal;
  /** Either this or maxLeverage (its inverse, at least 0.001); default: the maintenance rate. */
  initialRate?: Decimal;
  /** Largest leverage: the inverse of the initial rate. */
  maxLeverage?: Decimal;
  /** Rate at which a liquidation may end; default: the maintenance rate. */
  liquidationEndRate?: Decimal;
}

/** marginal: each rate holds for its own slice. whole: the rate of the slice that the notional is in holds for all of it. */
export type TableForm = 'marginal' | 'whole';
/** notional at the mark, contracts (|size|), or entry notional (|cost|). */
export type TableBasis = 'notional' | 'contracts' | 'entry';
/** How an amount, without its sign, becomes a whole one: `exact` leaves it, `ceil` rounds up, `floor` and `trunc` down. */
export type RoundingRule = 'exact' | 'ceil' | 'floor' | 'trunc';
/** The unit that `upTo` is written in. */
export type TableUnit = 'settle' | 'quote' | 'numeraire';

/** A market: a contract with its price, its requirement tables and its fees; or a spot market, which carries orders. */
export interface MarketJSON extends Guard {
  /** Its name, unique among markets. */
  id: string;
  /**
   * linear: PnL = size * multiplier * (mark - entry). inverse: size * multiplier * (1/entry - 1/mark), in coin.
   * quanto: as linear, the multiplier turns quote points into settle units. prediction: linear with a mark in (0, 1), shorts are
   * margined on 1 - mark. spot: carries orders only, holdings are balances. call, put: options on the asset of their expiry, linear in
   * their mark, which is quoted in what they settle in; margined by the model of their account.
   */
  kind: 'linear' | 'inverse' | 'quanto' | 'prediction' | 'spot' | 'call' | 'put';
  /**
   * Markets and assets with one underlying move together; default the base asset (of an inverse
   * market its settle asset), else the market's own id. Liquidation prices move them jointly.
   */
  underlying?: string;
  /** Move of this market for a move of 1 of its underlying; default 1. */
  beta?: Decimal;
  /** Asset ids. spot needs base and quote, the others settle (quote defaults to settle). */
  base?: string;
  /** Asset that its price is in; default the settle asset. */
  quote?: string;
  /** Asset that profit, loss and funding are paid in. Not for spot. */
  settle?: string;
  /** Units of base (of quote for inverse) in one contract, 1e-21 to 1e21; default 1. */
  multiplier?: Decimal;
  /** Price step, quote; 0 or null: none. `check` and `maxOrder` hold orders to it and to the three below; fills and loads do not. */
  tick?: Decimal | null;
  /** Size step, contracts; 0 or null: none. Of orders, as `tick` says. */
  lot?: Decimal | null;
  /** Least order value, quote; 0 or null: none. Of orders. */
  minNotional?: Decimal | null;
  /** Largest position, contracts; 0 or null: none. Of orders. */
  maxSize?: Decimal | null;
  /** Price in quote; > 0 (prediction: in (0, 1)). Options may leave it out: then it is their Black-76 value. */
  mark?: Decimal;
  /** Id of its expiry: an option has one, a dated future may. */
  expiry?: string;
  /** Of an option: strike (quote; 0 or more) and volatility (per root of a year, e.g. 0.55). */
  strike?: Decimal;
  /** Of an option, per root of a year: 0.55 is 55 %. */
  volatility?: Decimal;
  /** Index (spot) price of the underlying; default the mark. The confidence penalty is taken on it. */
  index?: Decimal;
  /** Rates by notional, rising. Not for spot. */
  brackets?: Bracket[];
  /** Table for shorts where it is another one. */
  shortBrackets?: Bracket[];
  /** How the tables are read. Default: maintenance and liquidationEnd marginal, initial whole; by notional, in settle units. */
  tables?: { form?: PerLevel<TableForm>; basis?: PerLevel<TableBasis>; unit?: PerLevel<TableUnit> };
  /** Requirement that grows with size: max(table, base * table + factor * x^exponent * N), x by `of`: size (units of base) or notional (quote). sqrt: exponent 1/2, base 0.8 (Drift). power: exponent 0.8, base 0 (Orderly). */
  curve?: { kind: 'sqrt' | 'power'; factor: PerLevel; of?: 'size' | 'notional'; base?: Decimal; exponent?: Decimal };
  /** Open interest (contracts). Between the two limits (quote notional) the initial rate rises linearly to 1 (dYdX). */
  openInterest?: Decimal;
  /** Open interest (quote notional) from which the initial rate rises; null: it does not. */
  openInterestLower?: Decimal | null;
  /** Open interest (quote notional) at which the initial rate is 1. */
  openInterestUpper?: Decimal | null;
  /** Weight of a positive PnL, in [0, 1]; default 1. */
  pnlWeight?: PerLevel;
  /** Most that a position's positive PnL may count (numeraire); null: no cap. */
  pnlCap?: PerLevel<Decimal | null>;
  /** Initial weight of a positive PnL: min(weight, 1.1 / (1 + pnlCurve * sqrt(PnL))) (Drift); default 0: off. */
  pnlCurve?: Decimal;
  /**
   * pooled: PnL joins the balance of the settle asset and is weighted with it. separate: PnL counts at the settle asset's price and
   * no weight (Drift). net: the requirement is taken off the PnL first, the rest is weighted and pooled (Mango).
   */
  pnl?: 'pooled' | 'separate' | 'net';
  /** Spot orders. fill: worst of all bids and all asks filled, cash at the price guard (Drift). reserve: funds have left the balance, worst of all as base and all as quote (Mango). */
  spotOrders?: 'fill' | 'reserve';
  /**
   * Counts in whole units of the settle asset, as integer venues do (dYdX quantums): the notional of a row, then its requirement,
   * each rounded so; `exact` leaves it. Rates must be whole millionths. With `maintenanceFraction` the maintenance requirement
   * is that share of the rounded initial one (without open interest), rounded again. Linear, one bracket, no curve.
   */
  rounding?: { notional?: RoundingRule; requirement?: RoundingRule; maintenanceFraction?: Decimal };
  /** true: the loss of a fill at the order's own price against the mark counts too. Default false. */
  orderLoss?: boolean;
  /** Requirement per open order (numeraire); default 0. */
  orderMargin?: Decimal;
  /** Rate on the notional added to the requirement for closing fees; default 0. */
  closingFee?: PerLevel;
  /** Rates on the notional; default 0. Carried: a fill says its own fee, margin counts `closingFee`. */
  takerFee?: Decimal;
  /** Rate on the notional; below 0: a rebate. Carried. */
  makerFee?: Decimal;
  /** Rate on the notional; what `closeSizes` counts where a leg names no fee. */
  liquidationFee?: Decimal;
  /** Cumulative funding per contract in settle units: a long pays as it rises. Default 0. */
  fundingIndex?: Decimal;
}

/** An open position of a margin unit. */
export interface PositionJSON {
  /** Id of its market. */
  market: string;
  /** net (one-way mode, default), or the long or short side in hedge mode. */
  side?: 'net' | 'long' | 'short';
  /** Signed contracts; a `short` side is negative. */
  size: Decimal;
  /** Average entry price (quote); or `cost`, its entry notional with the sign of the size (settle units). Default of an option: 0, its premium has left the balance. */
  entry?: Decimal;
  /** Entry notional with the sign of the size, settle units; instead of `entry`. */
  cost?: Decimal;
  /** Funding index at the last settlement; default the market's. */
  fundingIndex?: Decimal;
  /** Own initial rate, or leverage, its inverse (at least 0.001): the requirement is the larger of table and own rate. */
  initialRate?: Decimal;
  /** Own leverage, 1 / initialRate; instead of it. */
  leverage?: Decimal;
}

/** An open order, or the aggregate of one side's orders in a market. */
export interface OrderJSON {
  /** Id of its market. */
  market: string;
  /** Side of a hedged account's position that it changes; default net. */
  positionSide?: 'net' | 'long' | 'short';
  /** buy or sell: what it would do once it fills. */
  side: 'buy' | 'sell';
  /** Contracts, > 0. */
  size: Decimal;
  /** Price of the order (quote); or for an aggregate `notional` (sum of size * price), `worst` (highest bid, lowest ask) and `count`, of both sides in the first. */
  price?: Decimal;
  /** Of an aggregate: sum of size times price, quote. */
  notional?: Decimal;
  /** Of an aggregate: its highest bid or lowest ask, quote. */
  worst?: Decimal;
  /** Of an aggregate: how many orders, of both sides in the first. */
  count?: number;
}

/** What one margin unit holds. */
export interface HoldingsJSON {
  /** Amount by asset; a debt is negative. Before deposit and borrow index. */
  balances?: Record<string, Decimal>;
  /** Part of the balance that is set aside (amount by asset). Carried: the balance does not shrink by it. */
  reserved?: Record<string, Decimal>;
  /** Open positions, one a market and side. */
  positions?: PositionJSON[];
  /** Open orders. */
  orders?: OrderJSON[];
}

/** An account: what its cross unit holds, its terms, and its isolated buckets. */
export interface AccountJSON extends HoldingsJSON {
  /** Its name, unique among accounts. */
  id: string;
  /** Factor on every requirement (credit, reputation), > 0 and at most 1e6; default 1. */
  marginMultiplier?: Decimal;
  /** Added to the liquidation-end requirement, times the notional; default 0. */
  liquidationBuffer?: Decimal;
  /** The account's own least initial rate (custom leverage): requirements, and weights 1 - rate and 1 + rate; default 0. */
  initialRateFloor?: Decimal;
  /** Id of the scenario model that margins the account; default none: the tables of its markets do. Options need one. */
  model?: string;
  /** Isolated buckets, numbered from 1: each is a margin unit of its own. */
  buckets?: ({ bucket: number } & HoldingsJSON)[];
}

/** A whole book as `book@1`: assets, markets and accounts, and what they are measured in. */
export interface BookJSON {
  /** Name and version of the format. */
  format: 'margin-kernel/book@1';
  /** The unit of every value; default USD. Carried: only a name. */
  numeraire?: string;
  /** ISO 8601. Carried. */
  time?: string;
  /** When a unit is liquidatable: collateral `<` requirement (default), or `<=` where there is a requirement. */
  liquidatableWhen?: '<' | '<=';
  /** In the order of their rows. */
  assets: AssetJSON[];
  /** Expiries of options, and models of scenarios: only for books of `margin-kernel/scenario`. */
  expiries?: ExpiryJSON[];
  /** Scenario models: only for books of `margin-kernel/scenario`. */
  models?: ModelJSON[];
  /** In the order of their rows. */
  markets: MarketJSON[];
  /** In the order of their rows. */
  accounts: AccountJSON[];
}
