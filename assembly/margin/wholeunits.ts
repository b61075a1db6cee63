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

/** |notional| in whole units; floor and trunc are the same for an absolute value. */
export function wholeNotional(rule: u32, contracts: f64, each: f64): f64 {
  const notional = contracts * each;
  if (rule == abi.ROUNDING_EXACT) return notional;
  const whole = each == floor(each);
  const away = abs(notional - floor(notional + 0.5));
  if (notional >= EXACT || (!whole && notional > 0 && away <= notional * DOUBT)) inexact = true;
  return rounded(rule, notional);
}

/** share * millionths / 10^6, rounded. */
function wholeShare(rule: u32, amount: f64, ppm: f64): f64 {
  const numerator = amount * ppm;
  if (rule != abi.ROUNDING_EXACT && numerator >= EXACT) inexact = true;
  return rounded(rule, numerator / MILLION);
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
  const ppm = at.marketPpm + ((<usize>market) << 5);
  const each = getSide(side, abi.SIDE_NOTIONAL, lane);
  const notional = wholeNotional(notionalRule(rounding), contracts, each);
  if (lane == 0) {
    const own = floor(ownRate * MILLION + 0.5);
    return wholeShare(rule, notional, larger(load<f64>(ppm, abi.PPM_INITIAL), own));
  }
  const fraction = load<f64>(ppm, abi.PPM_FRACTION);
  if (fraction == 0) return wholeShare(rule, notional, load<f64>(ppm, abi.PPM_MAINTENANCE));
  return wholeShare(rule, wholeShare(rule, notional, load<f64>(ppm, abi.PPM_BASE)), fraction);
}
