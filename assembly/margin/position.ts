// One position row: its profit and its requirement, lanes (initial, maintenance) and (liquidation end, plain), with the
// worst outcome of its open orders. Results are left in module variables: a pair of vectors cannot be returned.
import * as abi from '../abi';
import { f64At, larger, smaller, u32At } from '../memory';
import { endOf, requirement } from './requirement';
import { SIZE_DISCOUNT } from './size-curve';
import { getSide, shortOf, sideOf } from './side';
import * as at from './state';
import { notionalRule, wholeNotional } from './whole-units';

/** Profit in settle units, weighted and capped. */
export let pnlA: v128 = i64x2.splat(0);
export let pnlB: v128 = i64x2.splat(0);
/** Requirement in the numeraire; the plain lane is 0. */
export let marginA: v128 = i64x2.splat(0);
export let marginB: v128 = i64x2.splat(0);
/** |size| in the numeraire. */
export let notional: f64 = 0;

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
  const worth = abs(getSide(sideOf(market, shortOf(market, size)), abi.SIDE_PNL, 3));
  const bidEntry = entryAfter(size, cost, bought, worth);
  const askEntry = entryAfter(size, cost, sold, worth);
  let bidsA = requirement(market, bidSide, bidShort, bidFlags, abs(bought), bidEntry, rate, false);
  let asksA = requirement(market, askSide, askShort, askFlags, abs(sold), askEntry, rate, false);
  let bidsB = endOf(market, bidSide, bidShort, bidFlags, abs(bought), bidEntry, bidsA);
  let asksB = endOf(market, askSide, askShort, askFlags, abs(sold), askEntry, asksA);
  const unit = load<f64>(bidSide, abi.SIDE_ORDER_UNIT);
  if (unit != 0) {
    const one = f64x2.splat(1);
    const scaleA = net ? one : v128.load(settle, abi.ASSET_HIGH);
    const scaleB = net ? one : v128.load(settle, abi.ASSET_HIGH + 16);
    const paid = f64At(at.orderBidNotional, o) * unit;
    const given = f64At(at.orderAskNotional, o) * unit;
    bidsA = f64x2.add(bidsA, fillLoss(bid, paid, bidSide, 0, true, scaleA));
    asksA = f64x2.add(asksA, fillLoss(ask, given, askSide, 0, false, scaleA));
    bidsB = f64x2.add(bidsB, fillLoss(bid, paid, bidSide, abi.SIDE_END, true, scaleB));
    asksB = f64x2.add(asksB, fillLoss(ask, given, askSide, abi.SIDE_END, false, scaleB));
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
export function weigh(side: usize, lanes: usize, flags: i32, pnl: v128): v128 {
  let weight = v128.load(side + lanes, abi.SIDE_PNL_WEIGHT);
  if (lanes == 0 && (flags & abi.FLAG_PNL_CURVE) != 0) {
    const gain = f64x2.extract_lane(pnl, 0);
    if (gain > 0) {
      const curve = load<f64>(side, abi.SIDE_PNL_CURVE);
      const limit = SIZE_DISCOUNT / (1 + curve * sqrt(gain));
      weight = f64x2.replace_lane(weight, 0, smaller(f64x2.extract_lane(weight, 0), limit));
    }
  }
  // A weight is at most 1 and a cap at least 0, so the smallest is the counted gain, or the loss itself.
  return f64x2.pmin(pnl, f64x2.pmin(f64x2.mul(pnl, weight), v128.load(side + lanes, abi.SIDE_PNL_CAP)));
}

/** Profit of a row before its weight, left in pnlA and pnlB, and its notional. */
// @ts-ignore: decorator
@inline
function gain(p: u32, market: u32, side: usize, flags: i32, size: f64): void {
  const cost = f64At(at.positionCost, p);
  const contracts = abs(size);
  const paid = load<f64>(side, abi.SIDE_FUNDING) - f64At(at.positionFunding, p);
  notional = contracts * load<f64>(side, abi.SIDE_VALUE);
  if (flags & abi.FLAG_WHOLE_UNITS) {
    // One price in all lanes: a market in whole units has no guards.
    const rule = notionalRule(u32At(at.marketRounding, market));
    const whole = wholeNotional(rule, contracts, load<f64>(side, abi.SIDE_PNL));
    const worth = f64x2.splat(size < 0 ? -whole : whole);
    pnlA = f64x2.sub(f64x2.sub(worth, f64x2.mul(f64x2.splat(size), f64x2.splat(paid))), f64x2.splat(cost));
    pnlB = pnlA;
    return;
  }
  pnlA = profit(side, 0, size, paid, cost);
  pnlB = profit(side, abi.SIDE_END, size, paid, cost);
}

// @ts-ignore: decorator
@inline
function weighGain(side: usize, flags: i32): void {
  if ((flags & abi.FLAG_WEIGHTED) == 0) return;
  pnlA = weigh(side, 0, flags, pnlA);
  pnlB = weigh(side, abi.SIDE_END, flags, pnlB);
}

/** Profit and notional of position row `p` of a unit that a model margins: its market's own tables ask for nothing. */
export function gainOf(p: u32, market: u32, side: usize, flags: i32, size: f64): void {
  gain(p, market, side, flags, size);
  weighGain(side, flags);
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
  gain(p, market, side, flags, size);
  const rate = larger(f64At(at.positionOwnRate, p), floor);
  const order = u32At(at.positionOrder, p);
  if (order == 0) {
    marginA = requirement(market, side, short, flags, contracts, abs(cost), rate, false);
    marginB = endOf(market, side, short, flags, contracts, abs(cost), marginA);
  } else {
    ordersMargin(market, size, cost, order - 1, rate, settle, (flags & abi.FLAG_NET) != 0);
  }
  if (flags & abi.FLAG_NET) {
    pnlA = f64x2.sub(pnlA, marginA);
    pnlB = f64x2.sub(pnlB, marginB);
    marginA = f64x2.splat(0);
    marginB = f64x2.splat(0);
  }
  weighGain(side, flags);
}
