// One position row: its profit and its requirement, lanes (initial, maintenance) and (liquidation end, plain), with the
// worst outcome of its open orders. Results are left in module variables: a pair of vectors cannot be returned.
import * as abi from '../abi';
import { f64At, larger, smaller, u32At } from '../memory';
import { boundedWindow, marginalRequirement, wholeRequirement, windowLine, windowRequirement } from './brackets';
import { curveOf, SIZE_DISCOUNT } from './sizecurve';
import * as at from './state';
import { notionalRule, roundedRequirement, wholeNotional } from './wholeunits';

/** Profit in settle units, weighted and capped. */
export let pnlA: v128 = i64x2.splat(0);
export let pnlB: v128 = i64x2.splat(0);
/** Requirement in the numeraire; the plain lane is 0. */
export let marginA: v128 = i64x2.splat(0);
export let marginB: v128 = i64x2.splat(0);
/** |size| in the numeraire. */
export let notional: f64 = 0;

/** 1 where a signed size needs the unit values of shorts: it is negative and they are not those of longs. */
// @ts-ignore: decorator
@inline
export function shortOf(market: u32, size: f64): u32 {
  return u32At(at.marketSided, market) & (size < 0 ? 1 : 0);
}

/** Unit values of a side of a market. */
// @ts-ignore: decorator
@inline
export function sideOf(market: u32, short: u32): usize {
  return at.marketValue + <usize>(market * 2 + short) * abi.SIDE_ROW;
}

/** Lanes (x, 0): what holds at the initial level only. */
// @ts-ignore: decorator
@inline
function initialOnly(x: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(0), 0, x);
}

/** Requirement of a market that counts in whole units, lanes as in `requirement`. */
function wholeUnits(market: u32, side: usize, contracts: f64, ownRate: f64, second: bool): v128 {
  const lanes: usize = second ? 16 : 0;
  const first = roundedRequirement(market, side, second ? 2 : 0, contracts, ownRate);
  const other: f64 = second ? 0 : roundedRequirement(market, side, 1, contracts, ownRate);
  const need = f64x2.replace_lane(f64x2.splat(first), 1, other);
  return f64x2.add(
    f64x2.mul(need, v128.load(side + lanes, abi.SIDE_WORTH)),
    f64x2.mul(f64x2.splat(contracts), v128.load(side + lanes, abi.SIDE_FLAT)),
  );
}

/**
 * Requirement of `contracts` (>= 0) with an entry notional of `entry`: bracket table, then size curve, then open-interest
 * and own rate floors, then what is flat per contract. `second` asks for the lanes (liquidation end, plain).
 */
// @ts-ignore: decorator
@inline
export function requirement(
  market: u32,
  side: usize,
  short: bool,
  flags: i32,
  contracts: f64,
  entry: f64,
  ownRate: f64,
  second: bool,
): v128 {
  const lanes: usize = second ? 16 : 0;
  if (flags & abi.FLAG_WHOLE_UNITS) return wholeUnits(market, side, contracts, ownRate, second);
  let x = f64x2.splat(contracts);
  let need: v128;
  if (flags & abi.FLAG_ENTRY) {
    const byEntry = f64x2.gt(v128.load(side + lanes, abi.SIDE_ENTRY), f64x2.splat(0));
    x = v128.bitselect(f64x2.splat(entry), x, byEntry);
  }
  const lines = short ? (second ? at.shortEnd : at.shortPair) : second ? at.longEnd : at.longPair;
  const notional = f64x2.mul(x, v128.load(side + lanes, abi.SIDE_NOTIONAL));
  if (flags & abi.FLAG_WINDOW) {
    const window = at.marketWindow + <usize>market * abi.WINDOW_ROW;
    const first = windowLine(window, at.bucketFirst, f64x2.extract_lane(notional, 0));
    const last = load<u32>(window, abi.WINDOW_LAST_LINE);
    if (flags & abi.FLAG_WHOLE) need = boundedWindow(lines, at.lineAbove + lanes, first, last, notional, x);
    else need = windowRequirement(lines, first, last, x);
  } else {
    const start = <usize>load<f64>(side, abi.SIDE_LINE_START);
    const count = <usize>load<f64>(side, abi.SIDE_LINE_COUNT);
    if (flags & abi.FLAG_WHOLE) need = wholeRequirement(lines, at.lineAbove + lanes, start, count, notional, x);
    else need = marginalRequirement(lines, start, count, x);
  }
  const base = f64x2.mul(x, v128.load(side + lanes, abi.SIDE_WORTH));
  if (flags & abi.FLAG_CURVE) {
    const kind = <i32>load<f64>(side, abi.SIDE_CURVE_KIND);
    const argument = contracts * load<f64>(side, abi.SIDE_CURVE_UNIT);
    const g = curveOf(kind, argument, load<f64>(side, abi.SIDE_CURVE_EXPONENT));
    const steep = f64x2.mul(v128.load(side + lanes, abi.SIDE_CURVE_FACTOR), f64x2.splat(g));
    const kept = f64x2.mul(f64x2.splat(load<f64>(side, abi.SIDE_CURVE_BASE)), need);
    need = f64x2.pmax(need, f64x2.add(kept, f64x2.mul(steep, base)));
  }
  if (!second) {
    // One product for both floors: rounding keeps the order of its factors.
    const floor = larger(load<f64>(side, abi.SIDE_OPEN_INTEREST), ownRate);
    need = f64x2.pmax(need, f64x2.mul(initialOnly(floor), base));
  }
  return f64x2.add(need, f64x2.mul(f64x2.splat(contracts), v128.load(side + lanes, abi.SIDE_FLAT)));
}

/** Requirement at liquidation end in lane 0: computed, or the maintenance lane of `first` where every input is the same. */
// @ts-ignore: decorator
@inline
export function endOf(
  market: u32,
  side: usize,
  short: bool,
  flags: i32,
  contracts: f64,
  entry: f64,
  first: v128,
): v128 {
  if (flags & abi.FLAG_SAME_END) return v128.shuffle<f64>(first, f64x2.splat(0), 1, 2);
  return requirement(market, side, short, flags, contracts, entry, 0, true);
}

/** Entry notional after a fill: in proportion at the average entry, or at the mark where nothing was held. */
function entryAfter(size: f64, cost: f64, after: f64, worth: f64): f64 {
  return size == 0 ? abs(after) * worth : abs(cost) * (abs(after) / abs(size));
}

/** Loss of filling at the orders' own prices against the unit value, by lane; settle units times `scale`. */
// @ts-ignore: decorator
@inline
function fillLoss(contracts: f64, paid: f64, side: usize, lanes: usize, bought: bool, scale: v128): v128 {
  const worth = f64x2.mul(f64x2.splat(contracts), v128.load(side + lanes, abi.SIDE_PNL));
  const spent = f64x2.splat(paid);
  const loss = bought ? f64x2.sub(spent, worth) : f64x2.sub(worth, spent);
  return f64x2.mul(f64x2.pmax(loss, f64x2.splat(0)), scale);
}

/** Worse of all bids filled and all asks filled (Drift, Mango); the end lanes are taken apart, they may bind elsewhere. */
function ordersMargin(market: u32, size: f64, cost: f64, o: u32, rate: f64, settle: usize, net: bool): void {
  const bid = f64At(at.orderBidSize, o);
  const ask = f64At(at.orderAskSize, o);
  const bought = size + bid;
  const sold = size - ask;
  const bidShort = shortOf(market, bought);
  const askShort = shortOf(market, sold);
  const bidSide = sideOf(market, bidShort);
  const askSide = sideOf(market, askShort);
  const bidFlags = load<i32>(bidSide, abi.SIDE_FLAGS);
  const askFlags = load<i32>(askSide, abi.SIDE_FLAGS);
  const worth = abs(load<f64>(sideOf(market, shortOf(market, size)) + 24, abi.SIDE_PNL));
  const bidEntry = entryAfter(size, cost, bought, worth);
  const askEntry = entryAfter(size, cost, sold, worth);
  let bidsA = requirement(market, bidSide, bidShort != 0, bidFlags, abs(bought), bidEntry, rate, false);
  let asksA = requirement(market, askSide, askShort != 0, askFlags, abs(sold), askEntry, rate, false);
  let bidsB = endOf(market, bidSide, bidShort != 0, bidFlags, abs(bought), bidEntry, bidsA);
  let asksB = endOf(market, askSide, askShort != 0, askFlags, abs(sold), askEntry, asksA);
  const unit = load<f64>(bidSide, abi.SIDE_ORDER_UNIT);
  if (unit != 0) {
    const one = f64x2.splat(1);
    const scaleA = net ? one : v128.load(settle, abi.ASSET_HIGH);
    const scaleB = net ? one : v128.load(settle, abi.ASSET_HIGH + 16);
    const paid = f64At(at.orderBidNotional, o) * unit;
    const given = f64At(at.orderAskNotional, o) * unit;
    bidsA = f64x2.add(bidsA, fillLoss(bid, paid, bidSide, 0, true, scaleA));
    asksA = f64x2.add(asksA, fillLoss(ask, given, askSide, 0, false, scaleA));
    bidsB = f64x2.add(bidsB, fillLoss(bid, paid, bidSide, 16, true, scaleB));
    asksB = f64x2.add(asksB, fillLoss(ask, given, askSide, 16, false, scaleB));
  }
  // Asks on a tie: pmax keeps its first operand.
  marginA = f64x2.pmax(asksA, bidsA);
  marginB = f64x2.replace_lane(f64x2.pmax(asksB, bidsB), 1, 0);
}

/** Profit in settle units, two lanes, before weight and cap. @param paid - funding per contract since the last settlement */
// @ts-ignore: decorator
@inline
export function profit(side: usize, lanes: usize, size: f64, paid: f64, cost: f64): v128 {
  const worth = f64x2.sub(v128.load(side + lanes, abi.SIDE_PNL), f64x2.splat(paid));
  return f64x2.sub(f64x2.mul(f64x2.splat(size), worth), f64x2.splat(cost));
}

/** Positive profit by weight and cap; the initial weight may fall with the profit itself. */
// @ts-ignore: decorator
@inline
export function weigh(side: usize, lanes: usize, pnl: v128): v128 {
  let weight = v128.load(side + lanes, abi.SIDE_PNL_WEIGHT);
  const curve = load<f64>(side, abi.SIDE_PNL_CURVE);
  if (lanes == 0 && curve > 0) {
    const gain = f64x2.extract_lane(pnl, 0);
    if (gain > 0) {
      const limit = SIZE_DISCOUNT / (1 + curve * sqrt(gain));
      weight = f64x2.replace_lane(weight, 0, smaller(f64x2.extract_lane(weight, 0), limit));
    }
  }
  // A weight is at most 1 and a cap at least 0, so the smallest is the counted gain, or the loss itself.
  return f64x2.pmin(pnl, f64x2.pmin(f64x2.mul(pnl, weight), v128.load(side + lanes, abi.SIDE_PNL_CAP)));
}

/**
 * Terms of position row `p`, left in pnlA ... notional.
 * @param floor - the account's own least initial rate
 * @param settle - unit values of the settle asset
 */
export function positionOf(
  p: u32,
  market: u32,
  short: u32,
  side: usize,
  flags: i32,
  size: f64,
  floor: f64,
  settle: usize,
): void {
  const cost = f64At(at.positionCost, p);
  const contracts = abs(size);
  const paid = load<f64>(side, abi.SIDE_FUNDING) - f64At(at.positionFunding, p);
  let a = profit(side, 0, size, paid, cost);
  let b = profit(side, 16, size, paid, cost);
  if (flags & abi.FLAG_WHOLE_UNITS) {
    // One price in all lanes: a market in whole units has no guards.
    const rule = notionalRule(u32At(at.marketRounding, market));
    const whole = wholeNotional(rule, contracts, load<f64>(side, abi.SIDE_PNL));
    const worth = f64x2.splat(size < 0 ? -whole : whole);
    a = f64x2.sub(f64x2.sub(worth, f64x2.mul(f64x2.splat(size), f64x2.splat(paid))), f64x2.splat(cost));
    b = a;
  }
  const rate = larger(f64At(at.positionOwnRate, p), floor);
  const order = u32At(at.positionOrder, p);
  notional = contracts * load<f64>(side, abi.SIDE_NOTIONAL + 24);
  if (order == 0) {
    marginA = requirement(market, side, short != 0, flags, contracts, abs(cost), rate, false);
    marginB = endOf(market, side, short != 0, flags, contracts, abs(cost), marginA);
  } else {
    ordersMargin(market, size, cost, order - 1, rate, settle, (flags & abi.FLAG_NET) != 0);
  }
  if (flags & abi.FLAG_NET) {
    a = f64x2.sub(a, marginA);
    b = f64x2.sub(b, marginB);
    marginA = f64x2.splat(0);
    marginB = f64x2.splat(0);
  }
  if (flags & abi.FLAG_WEIGHTED) {
    a = weigh(side, 0, a);
    b = weigh(side, 16, b);
  }
  pnlA = a;
  pnlB = b;
}
