// The position rows of one balance: profits folded onto what it holds, requirements onto those of the unit, in row order.
// Rows of ordinary markets without orders are taken in runs that keep everything in registers; the others one by one.
import * as abi from '../abi';
import { f64At, larger, u32At } from '../memory';
import { guardedValue } from './collateral';
import { gainOf, marginA, marginB, notional, pnlA, pnlB, positionOf, profit, weigh } from './position';
import { ordinaryRequirement } from './requirement';
import { shortOf, sideOf } from './side';
import * as at from './state';

/** What the balance holds with the profits that settle in it, before its price. */
export let totalA: v128 = i64x2.splat(0);
export let totalB: v128 = i64x2.splat(0);
/** Some row is a spot market: its orders are to be weighed with the balance. */
export let spot: bool = false;
/** Sums of the unit, in the numeraire: collateral, requirements and |positions|. */
export let worthA: v128 = i64x2.splat(0);
export let worthB: v128 = i64x2.splat(0);
export let needA: v128 = i64x2.splat(0);
export let needB: v128 = i64x2.splat(0);
export let size: f64 = 0;

export function startUnit(): void {
  worthA = f64x2.splat(0);
  worthB = f64x2.splat(0);
  needA = f64x2.splat(0);
  needB = f64x2.splat(0);
  size = 0;
}

/** Adds what a balance counts. */
// @ts-ignore: decorator
@inline
export function addWorth(a: v128, b: v128): void {
  worthA = f64x2.add(worthA, a);
  worthB = f64x2.add(worthB, b);
}

/** Adds what debts need beyond their face. */
// @ts-ignore: decorator
@inline
export function addNeed(a: v128, b: v128): void {
  needA = f64x2.add(needA, a);
  needB = f64x2.add(needB, b);
}

/** Profit at liquidation end and for equity: as at maintenance where that counts in full, else by its own unit values. */
// @ts-ignore: decorator
@inline
function profitAtEnd(side: usize, flags: i32, held: f64, paid: f64, cost: f64, first: v128): v128 {
  if (flags & abi.FLAG_FULL_PROFIT) return v128.shuffle<f64>(first, first, 1, 1);
  const b = profit(side, abi.SIDE_END, held, paid, cost);
  return flags & abi.FLAG_WEIGHTED ? weigh(side, abi.SIDE_END, flags, b) : b;
}

// @ts-ignore: decorator
@inline
function endRequirement(market: u32, side: usize, short: u32, flags: i32, contracts: f64, first: v128): v128 {
  if (flags & abi.FLAG_SAME_END) return v128.shuffle<f64>(first, f64x2.splat(0), 1, 2);
  return ordinaryRequirement(market, side, short, flags, contracts, 0, true);
}

/** Folds ordinary rows from `p` on, and returns the first that is not one. @param floor - the account's own least initial rate */
function foldOrdinary(p: u32, end: u32, floor: f64): u32 {
  let sumA = totalA;
  let sumB = totalB;
  let marginA = needA;
  let marginB = needB;
  let gross = size;
  for (; p < end; p++) {
    if (u32At(at.positionOrder, p) != 0) break;
    const market = u32At(at.positionKey, p) >>> 2;
    const held = f64At(at.positionSize, p);
    const short = shortOf(market, held);
    const side = sideOf(market, short);
    const flags = load<i32>(side, abi.SIDE_FLAGS);
    if ((flags & abi.FLAG_ORDINARY) == 0) break;
    const cost = f64At(at.positionCost, p);
    const paid = load<f64>(side, abi.SIDE_FUNDING) - f64At(at.positionFunding, p);
    let a = profit(side, 0, held, paid, cost);
    if (flags & abi.FLAG_WEIGHTED) a = weigh(side, 0, flags, a);
    sumA = f64x2.add(sumA, a);
    sumB = f64x2.add(sumB, profitAtEnd(side, flags, held, paid, cost, a));
    const contracts = abs(held);
    gross += contracts * load<f64>(side, abi.SIDE_VALUE);
    const rate = larger(f64At(at.positionOwnRate, p), floor);
    const first = ordinaryRequirement(market, side, short, flags, contracts, rate, false);
    marginA = f64x2.add(marginA, first);
    marginB = f64x2.add(marginB, endRequirement(market, side, short, flags, contracts, first));
  }
  totalA = sumA;
  totalB = sumB;
  needA = marginA;
  needB = marginB;
  size = gross;
  return p;
}

/** Folds an ordinary row with orders that fill at the mark: the worse of all asks and all bids filled. */
function foldOrders(p: u32, market: u32, side: usize, flags: i32, held: f64, o: u32, floor: f64): void {
  const each = load<f64>(side, abi.SIDE_ORDER_MARGIN) * <f64>u32At(at.orderCount, o);
  addNeed(f64x2.splat(each), f64x2.replace_lane(f64x2.splat(0), 0, each));
  const cost = f64At(at.positionCost, p);
  const paid = load<f64>(side, abi.SIDE_FUNDING) - f64At(at.positionFunding, p);
  let a = profit(side, 0, held, paid, cost);
  if (flags & abi.FLAG_WEIGHTED) a = weigh(side, 0, flags, a);
  totalA = f64x2.add(totalA, a);
  totalB = f64x2.add(totalB, profitAtEnd(side, flags, held, paid, cost, a));
  size += abs(held) * load<f64>(side, abi.SIDE_VALUE);
  const rate = larger(f64At(at.positionOwnRate, p), floor);
  const sold = abs(held - f64At(at.orderAskSize, o));
  const bought = abs(held + f64At(at.orderBidSize, o));
  const asks = ordinaryRequirement(market, side, 0, flags, sold, rate, false);
  const bids = ordinaryRequirement(market, side, 0, flags, bought, rate, false);
  const worst = f64x2.pmax(asks, bids);
  let end = v128.shuffle<f64>(worst, f64x2.splat(0), 1, 2);
  if ((flags & abi.FLAG_SAME_END) == 0) {
    end = f64x2.pmax(
      ordinaryRequirement(market, side, 0, flags, sold, 0, true),
      ordinaryRequirement(market, side, 0, flags, bought, 0, true),
    );
  }
  addNeed(worst, end);
}

/** Folds any row: orders, spot, net and separate profits, whole units, entry tables, power curves. */
function foldRow(p: u32, floor: f64, asset: usize): void {
  const market = u32At(at.positionKey, p) >>> 2;
  const held = f64At(at.positionSize, p);
  const short = shortOf(market, held);
  const side = sideOf(market, short);
  const flags = load<i32>(side, abi.SIDE_FLAGS);
  const order = u32At(at.positionOrder, p);
  if (flags & abi.FLAG_ORDINARY && u32At(at.marketSided, market) == 0 && load<f64>(side, abi.SIDE_ORDER_UNIT) == 0) {
    foldOrders(p, market, side, flags, held, order - 1, floor);
    return;
  }
  if (order != 0) {
    const each = load<f64>(side, abi.SIDE_ORDER_MARGIN) * <f64>u32At(at.orderCount, order - 1);
    addNeed(f64x2.splat(each), f64x2.replace_lane(f64x2.splat(0), 0, each));
  }
  if (flags & (abi.FLAG_SPOT_FILL | abi.FLAG_SPOT_RESERVE)) {
    spot = true;
    return;
  }
  positionOf(p, market, short, side, flags, held, floor, asset);
  addGain(flags, asset);
  addNeed(marginA, marginB);
}

/** Adds profit and notional of the row that was taken last. */
// @ts-ignore: decorator
@inline
function addGain(flags: i32, asset: usize): void {
  if (flags & abi.FLAG_SEPARATE) {
    addWorth(guardedValue(asset, 0, pnlA), guardedValue(asset, 16, pnlB));
  } else {
    totalA = f64x2.add(totalA, pnlA);
    totalB = f64x2.add(totalB, pnlB);
  }
  size += notional;
}

/** Folds rows `[p, end)` of a balance whose unit a model margins: their profits alone. */
export function foldGains(p: u32, end: u32, amount: f64, asset: usize): void {
  totalA = f64x2.splat(amount);
  totalB = totalA;
  spot = false;
  for (; p < end; p++) {
    const market = u32At(at.positionKey, p) >>> 2;
    const held = f64At(at.positionSize, p);
    const side = sideOf(market, shortOf(market, held));
    const flags = load<i32>(side, abi.SIDE_FLAGS);
    if (flags & (abi.FLAG_SPOT_FILL | abi.FLAG_SPOT_RESERVE)) {
      spot = true;
      continue;
    }
    gainOf(p, market, side, flags, held);
    addGain(flags, asset);
  }
}

/**
 * Folds rows `[p, end)` of a balance that holds `amount`.
 * @param asset - unit values of its asset
 * @param floor - the account's own least initial rate
 */
export function foldRows(p: u32, end: u32, amount: f64, asset: usize, floor: f64): void {
  totalA = f64x2.splat(amount);
  totalB = totalA;
  spot = false;
  while (p < end) {
    p = foldOrdinary(p, end, floor);
    if (p == end) break;
    foldRow(p, floor, asset);
    p++;
  }
}
