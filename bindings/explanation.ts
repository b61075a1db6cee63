// What an explanation says: equity, collateral and requirements of an account, row by row. explain.ts fills it.
import type { Risk } from './margin.js';
import type { ScenarioExplanation } from './scenario/explain.js';

/** A number at each level. */
export interface ByLevel<T = number> {
  /** To open or enlarge a position. */
  initial: T;
  /** Below it the unit is liquidatable. */
  maintenance: T;
  /** At which a liquidation ends. */
  liquidationEnd: T;
}

/** A balance of a unit, as it counts; numeraire unless said otherwise. */
export interface BalanceExplanation {
  /** Id of the asset. */
  asset: string;
  /** Amount after the deposit or borrow index. */
  amount: number;
  /** Profit of positions that pools with the amount, at weight 1 (units of the asset). */
  pnl: number;
  /** amount + pnl, units of the asset; a debt is negative. */
  total: number;
  /** Of the asset, unguarded. */
  price: number;
  /** total * price, what equity counts. */
  value: number;
  /** Value at the guarded price of the level, after the spot fills that count; a debt is negative. */
  guardedValue: ByLevel;
  /** What it counts as collateral; a debt counts at its face. */
  collateral: ByLevel;
  /** Surcharge of a debt. */
  requirement: ByLevel;
  /** Weighted over guarded value: the haircut, or the liability weight of a debt; null where there is no value. */
  weight: ByLevel<number | null>;
}

/** Which rule gave a requirement. */
export interface Binding {
  /** Which rule is the largest, and so the requirement. */
  rule: 'bracket' | 'curve' | 'openInterest' | 'ownRate';
  /** Row of the bracket table that the notional is in, from 0. */
  bracket: number;
  /** Rate of that bracket and the deduction of its line (table's unit); requirement over notional where another rule binds. */
  rate: number;
  /** Amount that the bracket's line lies below rate times notional, in the table's unit. */
  deduction: number;
  /** Notional by which the table was read, in the table's unit. */
  notional: number;
}

/** A position of a unit, as it counts. */
export interface PositionExplanation {
  /** Id of the market. */
  market: string;
  /** net, or the side of a hedged position. */
  side: 'net' | 'long' | 'short';
  /** Signed contracts, long positive. */
  size: number;
  /** Average entry price, quote; null where there is no cost. */
  entry: number | null;
  /** Quote. */
  mark: number;
  /** |size| in the numeraire. */
  notional: number;
  /** At the mark, before funding, weight and cap; numeraire. */
  unrealizedPnl: number;
  /** Funding since the last settlement; numeraire, paid negative. */
  fundingPnl: number;
  /** What the PnL counts at each level after weight and cap (after the requirement, where the market nets it); numeraire. */
  countedPnl: ByLevel;
  /** Before the account's multiplier; numeraire. */
  requirement: ByLevel;
  /** What decides the requirement. */
  binding: ByLevel<Binding>;
  /** `outcome` at the initial level: the side whose fill is the worst, none where no fill is worse than none. */
  orders?: { bids: number; asks: number; outcome: 'bids' | 'asks' | 'none'; sizeAfter: number; orderMargin: number };
}

/** Open orders of a spot market and the outcome that counts. */
export interface SpotOrdersExplanation {
  /** Id of the spot market. */
  market: string;
  /** Asset that is bought and sold. */
  base: string;
  /** Asset that it is paid with. */
  quote: string;
  /** How its orders count: `spotOrders` of the market. */
  form: 'fill' | 'reserve';
  /** Contracts of all bids. */
  bids: number;
  /** Contracts of all asks. */
  asks: number;
  /** Requirement for the number of orders, numeraire. */
  orderMargin: number;
  /** none: no fill is worse than none. */
  outcome: ByLevel<'bids' | 'asks' | 'none'>;
  /** fill: guarded value of the base before and after the outcome, and the cash it pays (negative) or brings; numeraire. */
  valueBefore: ByLevel;
  /** Guarded value of the base after the outcome, numeraire. */
  valueAfter: ByLevel;
  /** Cash of the outcome: paid negative, numeraire. */
  ordersValue: ByLevel;
  /** Units of base after the outcome. */
  amountAfter: ByLevel;
  /** reserve: what the reserved funds add to collateral. */
  collateral: ByLevel;
}

/** A margin unit, taken apart. */
export interface UnitExplanation extends Risk {
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** Collateral at the initial weights. */
  initialCollateral: number;
  /** Collateral at the liquidation-end weights. */
  endCollateral: number;
  /** Requirement at which a liquidation ends. */
  endMargin: number;
  /** Factor on every requirement, and what the liquidation buffer adds to the end requirement. */
  multiplier: number;
  /** What the account's liquidation buffer adds to `endMargin`. */
  buffer: number;
  /** One an asset that is held or settled in. */
  balances: BalanceExplanation[];
  /** One a market and side that has a position or open orders. */
  positions: PositionExplanation[];
  /** One a spot market with open orders. */
  spotOrders: SpotOrdersExplanation[];
  /** The requirement of the scenario model that margins the unit, taken apart; nothing where none does. */
  scenarios?: ScenarioExplanation;
}

/** An account's equity, collateral and requirements, taken apart. */
export interface Explanation extends Risk {
  /** Its id. */
  account: string;
  /** Name of the unit of all values. */
  numeraire: string;
  /** Its margin units: cross first, then by bucket. */
  units: UnitExplanation[];
}
