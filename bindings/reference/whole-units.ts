// Venues that count in whole units (dYdX quantums): notional and requirement are rounded by a stated rule, rates are whole
// millionths. In doubles this is exact as long as numerators stay below 2^53; where the answer could fall either side of a
// whole number the unit is flagged `inexact`, and the venue's bigint functions decide.
import { ROUNDING, SIDE_VALUE_WIDTH } from '../layout.js';
import type { Columns } from '../memory.js';
import { larger, PPM, SIDEVALUE, sideSlot } from './lanes.js';

export const MILLION = 1e6;
/** Largest whole number below which every whole number is a double. */
const EXACT = 9007199254740992;
/** Relative error of size * (multiplier * mark), four roundings of 2^-53 each, doubled to be safe: 2^-50. */
const DOUBT = 1 / 1125899906842624;

/** Set by the functions below, read and cleared by the unit that asked. */
export const doubt = { inexact: false };

function rounded(rule: number, x: number): number {
  if (rule === ROUNDING.ceil) return Math.ceil(x);
  return rule === ROUNDING.exact ? x : Math.floor(x);
}

/** |notional| in whole units; floor and trunc are the same for an absolute value. */
export function wholeNotional(rule: number, contracts: number, each: number): number {
  const notional = contracts * each;
  if (rule === ROUNDING.exact) return notional;
  const whole = each === Math.floor(each);
  const away = Math.abs(notional - Math.floor(notional + 0.5));
  if (notional >= EXACT || (!whole && notional > 0 && away <= notional * DOUBT)) doubt.inexact = true;
  return rounded(rule, notional);
}

/** share * millionths / 10^6, rounded. Both are whole, so the quotient of an exact product rounds to the right side. */
export function wholeShare(rule: number, amount: number, ppm: number): number {
  const numerator = amount * ppm;
  if (rule !== ROUNDING.exact && numerator >= EXACT) doubt.inexact = true;
  return rounded(rule, numerator / MILLION);
}

/** Rules of a market: of its notional, and of its requirement. */
export const notionalRule = (rounding: number): number => rounding & 3;
export const requirementRule = (rounding: number): number => (rounding >>> 2) & 3;

/** Requirement of `contracts` on the side at `row` in settle units. Maintenance never uses the open-interest rate (dYdX). */
export function roundedRequirement(
  columns: Columns,
  row: number,
  lane: number,
  contracts: number,
  ownRate: number,
): number {
  const m = Math.floor(row / (2 * SIDE_VALUE_WIDTH));
  const { rounding, ppm } = columns.market;
  const rule = requirementRule(rounding[m]!);
  const each = columns.market.value[row + sideSlot(SIDEVALUE.notional, lane)]!;
  const notional = wholeNotional(notionalRule(rounding[m]!), contracts, each);
  if (lane === 0) {
    const own = Math.floor(ownRate * MILLION + 0.5);
    return wholeShare(rule, notional, larger(ppm[m * 4 + PPM.initial]!, own));
  }
  const fraction = ppm[m * 4 + PPM.fraction]!;
  if (fraction === 0) return wholeShare(rule, notional, ppm[m * 4 + PPM.maintenance]!);
  return wholeShare(rule, wholeShare(rule, notional, ppm[m * 4 + PPM.base]!), fraction);
}
