// What a demo venue consists of: assets and markets of a book, and a seat a market, which is what the traders know of it:
// how its price went in the days before, how it rounds, and how much it is traded.
import type { AssetJSON, Bracket, MarketJSON } from '../../book/types.js';

export interface Seat {
  market: MarketJSON & { settle: string };
  /** Marks by day, the last one is today's; NaN where there was none. */
  path: Float64Array;
  /** Cumulative funding by day, settle units a contract. */
  funding: Float64Array | null;
  /** Lots in one contract: sizes are whole numbers of lots. */
  lots: number;
  /** Price steps in one unit of quote. */
  ticks: number;
  /** Share of the traders' attention, relative. */
  popularity: number;
}

export interface Venue {
  name: string;
  numeraire: string;
  time: string;
  assets: AssetJSON[];
  markets: MarketJSON[];
  /** Markets that carry positions. */
  seats: Seat[];
  /** Spot markets, which carry orders. */
  spots: MarketJSON[];
  /** Whether its people have orders open. */
  orders: boolean;
  /** Prices of the assets by day in the numeraire. */
  prices: Map<string, Float64Array>;
  /** Where the numbers come from and what was assumed: lines for the reader. */
  notes: string[];
  /** What the source has and the venue has not, by reason. */
  leftOut: LeftOut[];
}

export interface LeftOut {
  reason: string;
  names: string[];
}

/** What is worth a dollar by promise. */
export const STABLE: ReadonlySet<string> = new Set(['USDT', 'USDC', 'FDUSD', 'BUSD', 'USD']);

/** Days of history before today. */
export const HISTORY_DAYS = 30;

/** 10^n for n >= 0 by multiplication: exact, and the same everywhere. */
export function tenTo(n: number): number {
  let power = 1;
  for (let i = 0; i < n; i++) power *= 10;
  return power;
}

/** Steps a unit so that a price keeps about `digits` significant digits. */
export function stepsFor(price: number, digits: number): number {
  let n = 0;
  for (let top = tenTo(digits - 1), p = price; p < top && n < 12; n++) p *= 10;
  return tenTo(n);
}

/** Lots a contract so that one lot is worth about 1 to 10 units of quote; at least one. */
export function lotsFor(value: number): number {
  let n = 0;
  for (let v = value; v >= 10 && n < 9; n++) v /= 10;
  return tenTo(n);
}

/** Nearest multiple of 1 / steps, which is the decimal that a reader expects. */
export const round = (value: number, steps: number): number => Math.round(value * steps) / steps;

/** A day's value, the last known one before it where there was none. */
export function at(path: Float64Array, day: number): number {
  for (let d = day; d >= 0; d--) {
    const value = path[d] as number;
    if (value > 0) return value;
  }
  return path[path.length - 1] as number;
}

/** Value of one contract at a mark, in units of the settle asset; shorts of a prediction risk what is missing to 1. */
export function contractValue(market: MarketJSON, mark: number, short: boolean): number {
  const multiplier = Number(market.multiplier ?? 1);
  if (market.kind === 'inverse') return multiplier / mark;
  return multiplier * (market.kind === 'prediction' && short ? 1 - mark : mark);
}

/** Gain of a signed number of contracts between two marks, in units of the settle asset. */
export function gain(market: MarketJSON, size: number, entry: number, mark: number): number {
  const multiplier = Number(market.multiplier ?? 1);
  return size * multiplier * (market.kind === 'inverse' ? 1 / entry - 1 / mark : mark - entry);
}

/** Maintenance requirement of a notional under a marginal table, and the most leverage that its step allows. */
export function demand(brackets: readonly Bracket[], notional: number): { maintenance: number; leverage: number } {
  let maintenance = 0;
  let start = 0;
  for (const bracket of brackets) {
    const end = bracket.upTo === null ? Number.POSITIVE_INFINITY : Number(bracket.upTo);
    const rate = Number(bracket.maintenanceRate);
    if (notional <= end) {
      const leverage = Number(bracket.maxLeverage ?? 1 / Number(bracket.initialRate ?? rate));
      return { maintenance: maintenance + (notional - start) * rate, leverage };
    }
    maintenance += (end - start) * rate;
    start = end;
  }
  return { maintenance, leverage: 1 };
}
