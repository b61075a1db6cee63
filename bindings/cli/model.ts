// What a report says, before anybody has decided how to say it: text.ts, json.ts and html/ only read this; collect.ts makes it.
import type { Status, Totals } from '../margin.js';
import type { MarketViews } from '../watch/views/markets.js';
import type { LeftOut } from './demo/venue.js';
import type { Exposure } from './exposure.js';
import type { Modelled } from './scenario/modelled.js';

/** Sums over an account's margin units, by account, in the numeraire. */
export interface AccountColumns {
  equity: Float64Array;
  collateral: Float64Array;
  initialMargin: Float64Array;
  maintenanceMargin: Float64Array;
  notional: Float64Array;
  /** Worst status of the units, an index into STATUS. */
  status: Uint8Array;
  /**
   * The account's riskiest margin unit, by margin ratio: requirement over collateral, infinite without positive collateral, 0
   * without requirement. An isolated position can be lost while its account is not.
   */
  worstRatio: Float64Array;
  worstEquity: Float64Array;
  worstCollateral: Float64Array;
  worstMargin: Float64Array;
  /** Sum of the units' negative equity, positive. */
  deficit: Float64Array;
}

/** Every margin unit, in the numeraire. */
export interface UnitColumns {
  collateral: Float64Array;
  maintenanceMargin: Float64Array;
  /** An index into STATUS. */
  status: Uint8Array;
}

/** Margin ratio of an account's riskiest unit; null where that has no positive collateral to divide by. */
export const marginRatioOf = ({ worstRatio, worstCollateral }: AccountColumns, account: number): number | null =>
  (worstCollateral[account] as number) > 0 ? (worstRatio[account] as number) : null;

/** A row of the table of the riskiest. */
export interface Risky {
  id: string;
  status: Status;
  /** Isolated bucket that has this status, where the cross unit is better off; else null. */
  bucket: number | null;
  /** Scenario model that margins it; null: the tables of its markets. */
  model: string | null;
  equity: number;
  collateral: number;
  maintenanceMargin: number;
  /** Of the riskiest unit; null where that has no positive collateral. */
  marginRatio: number | null;
  notional: number;
  /** Largest position by notional. */
  largest: { market: string; size: number } | null;
}

/** An account that may stay, but not for long, and the liquidation price that is nearest. */
export interface NextInLine extends Risky {
  nearest: { market: string; size: number; mark: number; price: number } | null;
}

export interface Report {
  title: string;
  numeraire: string;
  time: string | null;
  size: { accounts: number; units: number; positions: number; markets: number; assets: number };
  columns: AccountColumns;
  units: UnitColumns;
  totals: Totals;
  counts: Record<Status, number>;
  /** The riskiest accounts, worst first: bankrupt by deficit, the others by margin ratio. */
  riskiest: Risky[];
  /** Of those that are not liquidatable the ones with the highest margin ratio, highest first. */
  next: NextInLine[];
  /** Large accounts around the line between liquidatable and not, highest margin ratio first; those far beyond it are not. */
  around: Risky[];
  /** Margin units with the largest requirements by scenario models, and how many units models margin. */
  modelled: Modelled[];
  modelledUnits: number;
  /** Accounts (rows) that are liquidatable or bankrupt, in book order, and their ids. */
  liquidatable: Uint32Array;
  idOf(account: number): string;
  /** By market row. */
  views: MarketViews;
  /** Markets with positions, largest first. */
  exposure: Exposure[];
  seconds: { build: number; margin: number };
  /** Where the numbers come from and what was assumed. */
  notes: string[];
  leftOut: LeftOut[];
}

/** Statuses from here on are findings: the account may be liquidated. */
export const LIQUIDATABLE = 2;
