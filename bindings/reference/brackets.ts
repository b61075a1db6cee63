// Bracket tables as a maximum of lines (Binance `cum`, Hyperliquid deduction, Bybit mmDeduction): M(N) = max(rate * N - deduction).
// A line of whole form has no deduction and counts only above its lower bound; `above` is -1 where a line always counts.
import type { Columns } from '../memory.js';
import { larger } from './lanes.js';

/** Rate and deduction of a line at a level, and the notional above which it counts. */
export interface Line {
  rate: number;
  deduction: number;
  above: number;
}

export function line(columns: Columns, row: number, lane: number): Line {
  const { pair, end, above } = columns.line;
  const source = lane < 2 ? pair : end;
  const slot = lane < 2 ? lane : 0;
  return {
    rate: source[row * 4 + slot]!,
    deduction: source[row * 4 + 2 + slot]!,
    above: above[row * 4 + lane]!,
  };
}

/** Requirement in the table's unit at a notional in the table's unit, >= 0. */
export function requirementOf(columns: Columns, start: number, count: number, lane: number, notional: number): number {
  let most = 0;
  for (let row = start; row < start + count; row++) {
    const { rate, deduction, above } = line(columns, row, lane);
    if (notional > above) most = larger(most, rate * notional - deduction);
  }
  return most;
}

/** Row of the line that gives the requirement: the last that reaches it. */
export function bindingLine(columns: Columns, start: number, count: number, lane: number, notional: number): number {
  const most = requirementOf(columns, start, count, lane, notional);
  let binding = start;
  for (let row = start; row < start + count; row++) {
    const { rate, deduction, above } = line(columns, row, lane);
    if (notional > above && rate * notional - deduction === most) binding = row;
  }
  return binding;
}
