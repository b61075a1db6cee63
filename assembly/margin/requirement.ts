// Requirement of a number of contracts, two levels in two lanes: bracket table, then size curve, then open-interest and own rate
// floors, then what is flat per contract. `ends` asks for the lanes (liquidation end, plain), else (initial, maintenance).
import * as abi from '../abi';
import { larger } from '../memory';
import { boundedWindow, marginalRequirement, wholeRequirement, windowLine } from './brackets';
import { curveOf } from './size-curve';
import * as at from './state';
import { roundedRequirement } from './whole-units';

// @ts-ignore: decorator
@inline
function linesOf(short: u32, ends: bool): usize {
  return short ? (ends ? at.shortEnd : at.shortPair) : ends ? at.longEnd : at.longPair;
}

/** By the window of lines that the notional's bucket names. */
// @ts-ignore: decorator
@inline
function byWindow(market: u32, side: usize, short: u32, flags: i32, contracts: f64, ends: bool): v128 {
  const notional = contracts * load<f64>(side, abi.SIDE_NOTIONAL);
  const window = at.marketWindow + <usize>market * abi.WINDOW_ROW;
  const first = windowLine(window, at.bucketFirst, notional);
  const last = load<u32>(window, abi.WINDOW_LAST_LINE);
  const form = (flags >>> (abi.FLAG_FORM_SHIFT + (ends ? 2 : 0))) & 3;
  return boundedWindow(linesOf(short, ends), at.lineUpTo, form, first, last, notional, f64x2.splat(contracts));
}

/**
 * Raises what the table asks for by curve and floors, and adds what is flat.
 * @param x - what the table was read by: contracts, or the entry notional
 * @param sqrtOnly - the caller knows that a curve is a square root
 */
// @ts-ignore: decorator
@inline
function raised(
  table: v128,
  side: usize,
  flags: i32,
  x: v128,
  contracts: f64,
  ownRate: f64,
  ends: bool,
  sqrtOnly: bool,
): v128 {
  const lanes: usize = ends ? abi.SIDE_END : 0;
  const base = f64x2.mul(x, v128.load(side + lanes, abi.SIDE_WORTH));
  let need = table;
  if (flags & abi.FLAG_CURVE) {
    const argument = contracts * load<f64>(side, abi.SIDE_CURVE_UNIT);
    const g = sqrtOnly
      ? sqrt(argument)
      : curveOf(<i32>load<f64>(side, abi.SIDE_CURVE_KIND), argument, load<f64>(side, abi.SIDE_CURVE_EXPONENT));
    const steep = f64x2.mul(v128.load(side + lanes, abi.SIDE_CURVE_FACTOR), f64x2.splat(g));
    const kept = f64x2.mul(f64x2.splat(load<f64>(side, abi.SIDE_CURVE_BASE)), need);
    need = f64x2.pmax(need, f64x2.add(kept, f64x2.mul(steep, base)));
  }
  if (!ends) {
    // One product for both floors: rounding keeps the order of its factors. Both hold at the initial level only.
    const floor = larger(load<f64>(side, abi.SIDE_OPEN_INTEREST), ownRate);
    need = f64x2.pmax(need, f64x2.mul(f64x2.replace_lane(f64x2.splat(0), 0, floor), base));
  }
  return f64x2.add(need, f64x2.mul(f64x2.splat(contracts), v128.load(side + lanes, abi.SIDE_FLAT)));
}

/** Of an ordinary market (FLAG_ORDINARY): a windowed table and at most a square-root curve. Numeraire. */
// @ts-ignore: decorator
@inline
export function ordinaryRequirement(
  market: u32,
  side: usize,
  short: u32,
  flags: i32,
  contracts: f64,
  ownRate: f64,
  ends: bool,
): v128 {
  const table = byWindow(market, side, short, flags, contracts, ends);
  return raised(table, side, flags, f64x2.splat(contracts), contracts, ownRate, ends, true);
}

/** Of a market that counts in whole units. */
function wholeUnits(market: u32, side: usize, contracts: f64, ownRate: f64, ends: bool): v128 {
  const lanes: usize = ends ? abi.SIDE_END : 0;
  const first = roundedRequirement(market, side, ends ? 2 : 0, contracts, ownRate);
  const other: f64 = ends ? 0 : roundedRequirement(market, side, 1, contracts, ownRate);
  const need = f64x2.replace_lane(f64x2.splat(first), 1, other);
  return f64x2.add(
    f64x2.mul(need, v128.load(side + lanes, abi.SIDE_WORTH)),
    f64x2.mul(f64x2.splat(contracts), v128.load(side + lanes, abi.SIDE_FLAT)),
  );
}

/** Of any market, the long way, for `contracts` (>= 0) with an entry notional of `entry` (settle units, >= 0). Numeraire. */
function anyRequirement(
  market: u32,
  side: usize,
  short: u32,
  flags: i32,
  contracts: f64,
  entry: f64,
  ownRate: f64,
  ends: bool,
): v128 {
  if (flags & abi.FLAG_WHOLE_UNITS) return wholeUnits(market, side, contracts, ownRate, ends);
  const lanes: usize = ends ? abi.SIDE_END : 0;
  let x = f64x2.splat(contracts);
  let table: v128;
  if (flags & abi.FLAG_WINDOW) {
    table = byWindow(market, side, short, flags, contracts, ends);
  } else {
    if (flags & abi.FLAG_ENTRY) {
      const byEntry = f64x2.gt(v128.load(side + lanes, abi.SIDE_ENTRY), f64x2.splat(0));
      x = v128.bitselect(f64x2.splat(entry), x, byEntry);
    }
    const start = <usize>load<f64>(side, abi.SIDE_LINE_START);
    const count = <usize>load<f64>(side, abi.SIDE_LINE_COUNT);
    const lines = linesOf(short, ends);
    if (flags & abi.FLAG_WHOLE) {
      const notional = f64x2.mul(x, v128.load(side + lanes, abi.SIDE_NOTIONAL));
      table = wholeRequirement(lines, at.lineAbove + (ends ? 16 : 0), start, count, notional, x);
    } else {
      table = marginalRequirement(lines, start, count, x);
    }
  }
  return raised(table, side, flags, x, contracts, ownRate, ends, false);
}

/** Of any market: `contracts` (>= 0) with an entry notional of `entry` (settle units, >= 0). Numeraire. */
// @ts-ignore: decorator
@inline
export function requirement(
  market: u32,
  side: usize,
  short: u32,
  flags: i32,
  contracts: f64,
  entry: f64,
  ownRate: f64,
  ends: bool,
): v128 {
  if (flags & abi.FLAG_ORDINARY) return ordinaryRequirement(market, side, short, flags, contracts, ownRate, ends);
  return anyRequirement(market, side, short, flags, contracts, entry, ownRate, ends);
}

/** At liquidation end in lane 0: computed, or the maintenance lane of `first` where every input is the same. */
// @ts-ignore: decorator
@inline
export function endOf(market: u32, side: usize, short: u32, flags: i32, contracts: f64, entry: f64, first: v128): v128 {
  if (flags & abi.FLAG_SAME_END) return v128.shuffle<f64>(first, f64x2.splat(0), 1, 2);
  return requirement(market, side, short, flags, contracts, entry, 0, true);
}
