// Bracket tables as a maximum of lines (Binance `cum`, Hyperliquid deduction, Bybit mmDeduction): M(N) = max(rate * N - deduction).
// A line of whole form has no deduction and counts only above its lower bound; `above` is -1 where a line always counts.
// Lines are kept per contract and in numeraire (value.ts), so `x` is contracts, or entry notional where the table goes by that.
import type { Columns } from '../memory.js';
import { larger } from './lanes.js';

/** One line at a level, as the scan uses it: numeraire per x, numeraire, and the notional (table unit) above which it counts. */
export interface Line {
  rate: number;
  deduction: number;
  above: number;
}

export function line(columns: Columns, row: number, lane: number, short: boolean): Line {
  const { longPair, longEnd, shortPair, shortEnd, above } = columns.line;
  const first = lane < 2;
  const source = first ? (short ? shortPair : longPair) : short ? shortEnd : longEnd;
  const slot = first ? lane : 0;
  return { rate: source[row * 4 + slot]!, deduction: source[row * 4 + 2 + slot]!, above: above[row * 4 + lane]! };
}

/** A table and how far `x` reaches in it. */
export interface Reading {
  start: number;
  count: number;
  short: boolean;
  /** In the table's unit, compared with bounds only. */
  notional: number;
  x: number;
}

/** Requirement in numeraire, >= 0. */
export function requirementOf(columns: Columns, lane: number, { start, count, short, notional, x }: Reading): number {
  let most = 0;
  for (let row = start; row < start + count; row++) {
    const { rate, deduction, above } = line(columns, row, lane, short);
    if (notional > above) most = larger(most, rate * x - deduction);
  }
  return most;
}

/** Row of the line that gives the requirement: the last that reaches it. */
export function bindingLine(columns: Columns, lane: number, reading: Reading): number {
  const most = requirementOf(columns, lane, reading);
  let binding = reading.start;
  for (let row = reading.start; row < reading.start + reading.count; row++) {
    const { rate, deduction, above } = line(columns, row, lane, reading.short);
    if (reading.notional > above && rate * reading.x - deduction === most && most > 0) binding = row;
  }
  return binding;
}
