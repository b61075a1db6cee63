// Venues that count in whole units (dYdX quantums): notional and requirement are rounded by a stated rule, rates are whole
// millionths. bindings/reference/whole-units.ts is the definition and says when a unit is `inexact`.
import * as abi from '../abi';
import { larger, u32At } from '../memory';
import { getSide } from './side';
import * as at from './state';

const MILLION: f64 = 1e6;
/** Largest whole number below which every whole number is a double. */
const EXACT: f64 = 9007199254740992;
/** Relative error of size * (multiplier * mark), doubled to be safe: 2^-50. */
const DOUBT: f64 = 1.0 / 1125899906842624.0;

/** Some answer since the last reset could fall either side of a whole number. */
export let inexact: bool = false;

export function resetDoubt(): void {
  inexact = false;
}

function rounded(rule: u32, x: f64): f64 {
  if (rule == abi.ROUNDING_CEIL) return ceil(x);
  return rule == abi.ROUNDING_EXACT ? x : floor(x);
}

/** Whether x is so close to a whole number that an error relative to `size` could have moved it across. */
function undecided(x: f64, size: f64): bool {
  return size > 0 && abs(x - floor(x + 0.5)) <= size * DOUBT;
}

/** Whether `contracts` worth `each` make a notional without rounding error. */
export function sureNotional(contracts: f64, each: f64): bool {
  return contracts == floor(contracts) && each == floor(each) && contracts * each < EXACT;
}

/** |notional| in whole units; floor and trunc are the same for an absolute value. */
export function wholeNotional(rule: u32, contracts: f64, each: f64): f64 {
  const notional = contracts * each;
  if (rule == abi.ROUNDING_EXACT) return notional;
  if (notional >= EXACT || (!sureNotional(contracts, each) && undecided(notional, notional))) inexact = true;
  return rounded(rule, notional);
}

/**
 * amount * millionths / 10^6, rounded; the millions taken apart, so that no product passes 2^53 before the result does.
 * @param sure - the amount has no rounding error
 */
function wholeShare(rule: u32, amount: f64, ppm: f64, sure: bool): f64 {
  if (rule == abi.ROUNDING_EXACT) return (amount * ppm) / MILLION;
  let millions = floor(amount / MILLION);
  if (millions * MILLION > amount) millions = millions - 1;
  const rest = ((amount - millions * MILLION) * ppm) / MILLION;
  const share = millions * ppm + rounded(rule, rest);
  if (amount >= EXACT || share >= EXACT || (!sure && undecided(rest, share))) inexact = true;
  return share;
}

/** floor(a * b / c), exact for whole a < c < 2^53 and b <= 10^6: b in two halves of at most 1000, so that no product passes 2^64. */
export function wholeQuotient(a: f64, b: f64, c: f64): f64 {
  if (c >= EXACT || a != floor(a)) return floor((a * b) / c);
  const factor = <u64>b;
  const divisor = <u64>c;
  const high = <u64>a * (factor / 1000);
  const low = <u64>a * (factor % 1000) + (high % divisor) * 1000;
  return <f64>((high / divisor) * 1000 + low / divisor);
}

/** What open interest adds to an initial rate of `base` millionths. @param sure - `open` has no rounding error */
export function openInterestPpm(open: f64, lower: f64, upper: f64, base: f64, sure: bool): f64 {
  const room = larger(MILLION - base, 0);
  const share = open <= lower ? 0 : open >= upper ? room : wholeQuotient(open - lower, room, upper - lower);
  // An error of the open interest moves the answer where it crosses a limit, or a whole number in between.
  const slope = (open * room) / (upper - lower);
  if (upper >= EXACT && open > lower) inexact = true;
  if (!sure && (abs(open - lower) <= open * DOUBT || abs(open - upper) <= open * DOUBT)) inexact = true;
  if (!sure && open > lower && open < upper && undecided(((open - lower) * room) / (upper - lower), slope)) {
    inexact = true;
  }
  return share;
}

/** Rule of a market's notional. */
// @ts-ignore: decorator
@inline
export function notionalRule(rounding: u32): u32 {
  return rounding & 3;
}

/** Requirement in settle units, one level (lane 0 to 2). */
export function roundedRequirement(market: u32, side: usize, lane: i32, contracts: f64, ownRate: f64): f64 {
  const rounding = u32At(at.marketRounding, market);
  const rule = (rounding >>> 2) & 3;
  const ppm = at.marketPpm + <usize>market * abi.PPM_ROW;
  const each = getSide(side, abi.SIDE_NOTIONAL, lane);
  const notional = wholeNotional(notionalRule(rounding), contracts, each);
  const sure = notionalRule(rounding) != abi.ROUNDING_EXACT || sureNotional(contracts, each);
  if (lane == 0) {
    const own = floor(ownRate * MILLION + 0.5);
    if (load<f64>(ppm, abi.PPM_DOUBT) == 1) inexact = true;
    return wholeShare(rule, notional, larger(load<f64>(ppm, abi.PPM_INITIAL), own), sure);
  }
  const fraction = load<f64>(ppm, abi.PPM_FRACTION);
  if (fraction == 0) return wholeShare(rule, notional, load<f64>(ppm, abi.PPM_MAINTENANCE), sure);
  return wholeShare(rule, wholeShare(rule, notional, load<f64>(ppm, abi.PPM_BASE), sure), fraction, true);
}
