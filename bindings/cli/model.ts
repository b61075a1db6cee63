// What a report says, before anybody has decided how to say it: text.ts, json.ts and html/ only read this.
import type { LeftOut } from './demo/venue.js';

export const STATUSES = ['healthy', 'warning', 'liquidatable', 'bankrupt'] as const;
export type Status = (typeof STATUSES)[number];

/** Sums over an account's margin units, by account, in the numeraire; status is the worst of them. */
export interface AccountColumns {
  equity: Float64Array;
  collateral: Float64Array;
  initialMargin: Float64Array;
  maintenanceMargin: Float64Array;
  notional: Float64Array;
  /** Index into STATUSES. */
  status: Uint8Array;
}

export interface Totals {
  equity: number;
  collateral: number;
  initialMargin: number;
  maintenanceMargin: number;
  notional: number;
  /** What the units with negative equity lack to zero. */
  deficit: number;
}

/** A market's positions in the numeraire at the mark; `short` is positive. */
export interface Exposure {
  market: string;
  kind: string;
  mark: number;
  long: number;
  short: number;
  accounts: number;
}

/** A row of the table of the riskiest. */
export interface Risky {
  id: string;
  status: Status;
  equity: number;
  collateral: number;
  maintenanceMargin: number;
  /** Maintenance margin over collateral; null where there is no positive collateral to divide by. */
  marginRatio: number | null;
  notional: number;
  /** Largest position by notional. */
  largest: { market: string; size: number } | null;
}

export interface Report {
  title: string;
  numeraire: string;
  time: string | null;
  size: { accounts: number; units: number; positions: number; markets: number; assets: number };
  columns: AccountColumns;
  totals: Totals;
  counts: Record<Status, number>;
  /** The riskiest accounts, worst first: --top of them. */
  riskiest: Risky[];
  /** Ids of the accounts that are liquidatable or bankrupt, in book order. */
  liquidatable: string[];
  /** Markets with positions, largest first. */
  exposure: Exposure[];
  seconds: { build: number; margin: number };
  notes: string[];
  leftOut: LeftOut[];
}

/** Whether a status is a finding: the account may be liquidated. */
export const isFinding = (status: number): boolean => status >= 2;

/** Maintenance margin over collateral; null without positive collateral. */
export function marginRatio(maintenanceMargin: number, collateral: number): number | null {
  return collateral > 0 ? maintenanceMargin / collateral : null;
}
