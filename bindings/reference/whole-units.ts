// Venues that count in whole units (dYdX quantums): notional and requirement are rounded by a stated rule, rates are whole
// millionths. In doubles this is exact as long as amounts stay below 2^53 and a unit is worth a whole number; where the answer
// could fall either side of a whole number the unit is flagged `inexact`, and the venue's bigint functions decide.
import { PPM_WIDTH, ROUNDING, SIDE_VALUE_WIDTH } from '../layout.js';
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

/** Whether x is so close to a whole number that an error relative to `size` could have moved it across. */
const undecided = (x: number, size: number): boolean => size > 0 && Math.abs(x - Math.floor(x + 0.5)) <= size * DOUBT;

/** Whether `contracts` worth `each` make a notional without rounding error. */
export const sureNotional = (contracts: number, each: number): boolean =>
  contracts === Math.floor(contracts) && each === Math.floor(each) && contracts * each < EXACT;

/** |notional| in whole units; floor and trunc are the same for an absolute value. */
export function wholeNotional(rule: number, contracts: number, each: number): number {
  const notional = contracts * each;
  if (rule === ROUNDING.exact) return notional;
  if (notional >= EXACT || (!sureNotional(contracts, each) && undecided(notional, notional))) doubt.inexact = true;
  return rounded(rule, notional);
}

/**
 * amount * millionths / 10^6, rounded. Of a whole amount the millions are taken apart, so that no product passes 2^53 before
 * the result does; the quotient of the rest is too far from a whole number to round to the wrong side.
 * @param sure - the amount has no rounding error
 */
export function wholeShare(rule: number, amount: number, ppm: number, sure: boolean): number {
  if (rule === ROUNDING.exact) return (amount * ppm) / MILLION;
  let millions = Math.floor(amount / MILLION);
  if (millions * MILLION > amount) millions = millions - 1;
  const rest = ((amount - millions * MILLION) * ppm) / MILLION;
  const share = millions * ppm + rounded(rule, rest);
  if (amount >= EXACT || share >= EXACT || (!sure && undecided(rest, share))) doubt.inexact = true;
  return share;
}

/** floor(a * b / c), exact for whole a < c < 2^53 and b <= 10^6. */
export function wholeQuotient(a: number, b: number, c: number): number {
  if (c < EXACT && a === Math.floor(a)) return Number((BigInt(a) * BigInt(b)) / BigInt(c));
  return Math.floor((a * b) / c);
}

/**
 * What open interest adds to an initial rate of `base` millionths: nothing up to `lower`, all up to 10^6 from `upper` on, in
 * between in proportion, rounded down once after the multiplication (dYdX).
 * @param sure - `open` has no rounding error
 */
export function openInterestPpm(open: number, lower: number, upper: number, base: number, sure: boolean): number {
  const room = larger(MILLION - base, 0);
  const share = open <= lower ? 0 : open >= upper ? room : wholeQuotient(open - lower, room, upper - lower);
  // An error of the open interest moves the answer where it crosses a limit, or a whole number in between.
  const slope = (open * room) / (upper - lower);
  const crosses = (limit: number): boolean => Math.abs(open - limit) <= open * DOUBT;
  if (upper >= EXACT && open > lower) doubt.inexact = true;
  if (!sure && (crosses(lower) || crosses(upper))) doubt.inexact = true;
  if (!sure && open > lower && open < upper && undecided(((open - lower) * room) / (upper - lower), slope)) {
    doubt.inexact = true;
  }
  return share;
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
  const sure = notionalRule(rounding[m]!) !== ROUNDING.exact || sureNotional(contracts, each);
  if (lane === 0) {
    const own = Math.floor(ownRate * MILLION + 0.5);
    if (ppm[m * PPM_WIDTH + PPM.doubt] === 1) doubt.inexact = true;
    return wholeShare(rule, notional, larger(ppm[m * PPM_WIDTH + PPM.initial]!, own), sure);
  }
  const fraction = ppm[m * PPM_WIDTH + PPM.fraction]!;
  if (fraction === 0) return wholeShare(rule, notional, ppm[m * PPM_WIDTH + PPM.maintenance]!, sure);
  return wholeShare(rule, wholeShare(rule, notional, ppm[m * PPM_WIDTH + PPM.base]!, sure), fraction, true);
}
