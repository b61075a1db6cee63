// Requirement of a number of contracts at one level: bracket table, then size curve, then open-interest and own rate floors,
// then what is flat per contract.
import { CURVE, PPM_WIDTH, SIDE_VALUE_WIDTH } from '../layout.js';
import type { Columns } from '../memory.js';
import { bindingLine, requirementOf } from './brackets.js';
import { FLAG, larger, PPM, SIDEVALUE, sideSlot } from './lanes.js';
import { isShort } from './side.js';
import { curveOf } from './size-curve.js';
import { MILLION, notionalRule, roundedRequirement, wholeNotional } from './whole-units.js';

/** A requirement taken apart, for explain.ts: each rule's answer in numeraire. */
export interface RequirementParts {
  /** By which the table was read, in its unit. */
  notional: number;
  /** The same in numeraire. */
  base: number;
  table: number;
  curve: number;
  openInterest: number;
  ownRate: number;
  /** Closing fee and confidence penalty. */
  flat: number;
  /** Binding row of the bracket table, counted from 0, with its rate and deduction (table unit). */
  bracket: number;
  rate: number;
  deduction: number;
}

/** Parts of a requirement in whole units: one rate counts, in millionths, on the rounded notional. */
function wholeParts(
  columns: Columns,
  row: number,
  lane: number,
  contracts: number,
  ownRate: number,
  need: number,
  parts: RequirementParts,
): void {
  const v = columns.market.value;
  const { rounding, ppm } = columns.market;
  const m = Math.floor(row / (2 * SIDE_VALUE_WIDTH));
  const of = (slot: number): number => ppm[m * PPM_WIDTH + slot]! / MILLION;
  const each = v[row + sideSlot(SIDEVALUE.notional, lane)]!;
  const base = wholeNotional(notionalRule(rounding[m]!), contracts, each) * v[row + sideSlot(SIDEVALUE.worth, lane)]!;
  const fraction = of(PPM.fraction);
  const maintenance = fraction === 0 ? of(PPM.maintenance) : of(PPM.base) * fraction;
  const rule = lane !== 0 || of(PPM.initial) === of(PPM.base) ? 'table' : 'openInterest';
  const bound = lane === 0 && ownRate > of(PPM.initial) ? 'ownRate' : rule;
  const rate = lane === 0 ? of(PPM.base) : maintenance;
  Object.assign(parts, { base, rate, deduction: 0, table: 0, curve: 0, openInterest: 0, ownRate: 0, [bound]: need });
}

/**
 * Requirement of `contracts` (>= 0) with an entry notional of `entry` (settle units, >= 0) on the side at `row`:
 * bracket table, then size curve, then open-interest and own rate floors, then what is flat per contract. Numeraire.
 */
export function requirement(
  columns: Columns,
  row: number,
  lane: number,
  contracts: number,
  entry: number,
  ownRate: number,
  parts?: RequirementParts,
): number {
  const v = columns.market.value;
  const whole = (v[row + SIDEVALUE.flags]! & FLAG.wholeUnits) !== 0;
  const x = v[row + sideSlot(SIDEVALUE.entry, lane)]! > 0 ? entry : contracts;
  const base = x * v[row + sideSlot(SIDEVALUE.worth, lane)]!;
  const start = v[row + SIDEVALUE.lineStart]!;
  const notional = x * v[row + sideSlot(SIDEVALUE.notional, lane)]!;
  const reading = { start, count: v[row + SIDEVALUE.lineCount]!, short: isShort(row), notional, x };
  const table = requirementOf(columns, lane, reading);
  let need = table;
  const kind = v[row + SIDEVALUE.curveKind]!;
  if (kind !== CURVE.none) {
    const g = curveOf(columns, kind, contracts * v[row + SIDEVALUE.curveUnit]!, v[row + SIDEVALUE.curveExponent]!);
    const steep = v[row + sideSlot(SIDEVALUE.curveFactor, lane)]! * g;
    need = larger(need, v[row + SIDEVALUE.curveBase]! * need + steep * base);
  }
  const curved = need;
  const byOpenInterest = lane === 0 ? v[row + SIDEVALUE.openInterest]! * base : 0;
  need = larger(need, byOpenInterest);
  if (lane === 0) need = larger(need, ownRate * base);
  if (whole)
    need = roundedRequirement(columns, row, lane, contracts, ownRate) * v[row + sideSlot(SIDEVALUE.worth, lane)]!;
  const flat = contracts * v[row + sideSlot(SIDEVALUE.flat, lane)]!;
  if (parts) {
    const binding = bindingLine(columns, lane, reading);
    const own = lane === 0 ? ownRate * base : 0;
    Object.assign(parts, { notional, base, table, curve: curved, openInterest: byOpenInterest, ownRate: own, flat });
    parts.bracket = binding - start;
    parts.rate = columns.line.rate[binding * 3 + lane] ?? 0;
    parts.deduction = columns.line.deduction[binding * 3 + lane] ?? 0;
    if (whole) wholeParts(columns, row, lane, contracts, ownRate, need, parts);
  }
  return need + flat;
}
