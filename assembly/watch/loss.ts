// How much health at a line a unit can lose, or gain, per unit of the move of each coordinate it depends on. Not a derivative of now:
// a bound that holds in all of the box, whatever else moves inside it, so that losses add up. ARCHITECTURE.md has the argument.
import * as abi from '../abi';
import { get } from '../margin/lanes';
import { getSide, shortOf, sideOf } from '../margin/side';
import * as at from '../margin/state';
import { column, f64At, readF64, readU32, u32At } from '../memory';
import * as bound from './bound';
import { bases, isActive, ofAsset, ofMarket, paces, seens } from './coordinate';
import * as rate from './rate';

let book: usize = 0;
let features: u32 = 0;
let fundings: usize = 0;
let meanPace: f64 = 0;
/** Of a unit with one balance, health at any price of its asset is that share of what it is now. */
let alike: bool = false;

/** The line: its level, and whether the unit is above it and may fall, or below it and may rise. */
let k: i32 = 1;
let falls: bool = true;
/** Most that a price of the unit may move inside the box, as a share, where losses depend on it. */
let most: f64 = 0.5;
/** Requirements of rows are taken off health so many times: by the line's ratio and the account's own multiplier. */
let times: f64 = 1;
/** Requirement of the unit, so many times as the line takes it. */
let required: f64 = 0;
let own: f64 = 0;

/** Sum of all magnitudes that health was summed from: rounding is a small share of it. */
export let gross: f64 = 0;

/** Slopes of health in a settle unit of profit: numeraire, least and most. */
let least: f64 = 1;
let steepest: f64 = 1;
/** Of the balance in hand: most that an asset is worth inside the box, how far its price may move there. */
let high: f64 = 1;
let reach: f64 = 0;
/**
 * What it holds with its profits; separate profits, and those with a cap, which is of the numeraire: they may follow the price or not
 * (all settle units); requirement that a rate of the settle price adds to.
 */
let total: f64 = 0;
let separate: f64 = 0;
let capped: f64 = 0;
let scaled: f64 = 0;

export function open(header: usize): void {
  book = header;
  features = readU32(header, abi.HOUSE_FEATURES, 0);
  fundings = column(header, abi.MARKET_FUNDING_INDEX);
  const terms = column(header, abi.WATCH_TERM);
  meanPace = load<f64>(terms, abi.WATCH_PACE);
  // Orders that came since the last rescan may require what follows no price.
  alike = load<f64>(terms, abi.WATCH_ALIKE) != 0 && (features & abi.FEATURE_FULL) == 0;
  rate.open(header);
}

// @ts-ignore: decorator
@inline
function paceOf(c: u32): f64 {
  return f64At(paces, c);
}

/** Furthest that an asset's price may move inside the box; what settles in it is worth so much more there. */
function reachOf(a: u32): f64 {
  return min(most, (2 * most * paceOf(ofAsset(a, abi.ASSET_COORDINATE_PRICE))) / meanPace);
}

/** Adds what a move may cost on one side: a loss of health where the unit may fall, a gain where it may rise. */
// @ts-ignore: decorator
@inline
function cost(row: u32, above: bool, x: f64): void {
  bound.add(row, above ? 0 : x, above ? x : 0);
}

/** Requirement of the row in hand per unit of a relative move of a price worth 1: at most so much more, less, and ever more. */
let more: f64 = 0;
let less: f64 = 0;
let ever: f64 = 0;
let bends: bool = false;
let rise: f64 = Infinity;
let fall: f64 = Infinity;

/** Takes in the requirement of `contracts`. */
function need(m: u32, contracts: f64, short: bool, grow: f64, least: f64): void {
  rate.rate(m, sideOf(m, short ? 1 : 0), short, k, contracts, grow, least);
  const base = contracts * times * high;
  more = max(more, rate.rising * base);
  less = max(less, rate.falling * base);
  ever = max(ever, rate.largest * base);
  bends = bends || rate.bends;
  rise = min(rise, rate.riseLimit);
  fall = min(fall, rate.fallLimit);
}

/** A requirement this much above what pays for it is one: the rest is rounding. */
const CLEAR: f64 = 1 + 1.0 / 1048576.0;

/**
 * Along one of a market's prices.
 * @param contracts - held, at least 0
 * @param each - settle units by which a contract's value changes per unit of a relative move
 * @param worseAbove - a higher price is a loss
 * @param needAbove - a higher price asks for more
 * @param inverse - `each` holds for moves down to `most`
 * @param pays - least that a settle unit of profit adds to health
 */
function along(
  c: u32,
  contracts: f64,
  each: f64,
  worseAbove: bool,
  needAbove: bool,
  inverse: bool,
  pays: f64,
  hurts: f64,
): void {
  const row = bound.rowOf(c);
  const loss = contracts * each * hurts;
  const gain = contracts * each * pays;
  const together = worseAbove == needAbove;
  const needSide: u32 = needAbove ? 1 : 0;
  if (!falls) {
    cost(row, !worseAbove, loss + (together ? less * each : 0));
    if (!together) cost(row, worseAbove, max(0, less * each * CLEAR - gain));
    bound.narrow(row, 1 - needSide, fall);
    if (inverse) bound.narrow(row, 0, most);
    return;
  }
  cost(row, worseAbove, loss + (together ? more * each : 0));
  bound.narrow(row, needSide, rise);
  // Profit that pays for all it will ever ask for: free, however far.
  if (!together && ever * each * CLEAR <= gain) return;
  if (!together) cost(row, !worseAbove, max(0, more * each * CLEAR - gain));
  if (bends) bound.narrow(row, needSide, most);
}

/** Fills of orders at prices of their own: bids lose below, asks above. */
function alongFills(c: u32, o: u32, each: f64, unit: f64): void {
  if (unit == 0) return;
  const scale = each * high * times;
  const bids = f64At(at.orderBidSize, o) * scale;
  const asks = f64At(at.orderAskSize, o) * scale;
  bound.add(bound.rowOf(c), falls ? bids : asks, falls ? asks : bids);
}

function position(p: u32, m: u32): void {
  const size = f64At(at.positionSize, p);
  const contracts = abs(size);
  const isShort = shortOf(m, size) != 0;
  const side = sideOf(m, isShort ? 1 : 0);
  const flags = load<i32>(side, abi.SIDE_FLAGS);
  const paid = f64At(fundings, m) - f64At(at.positionFunding, p);
  const worth = getSide(side, abi.SIDE_PNL, k);
  const cost = f64At(at.positionCost, p);
  let profit = size * (worth - paid) - cost;
  // The index itself, not the little that has been paid since: ends along it are rounded as it is.
  const index = max(abs(f64At(fundings, m)), abs(f64At(bases, ofMarket(m, abi.COORDINATE_FUNDING))));
  gross += (contracts * (abs(worth) + abs(paid) + index) + abs(cost)) * high;
  if (flags & abi.FLAG_WEIGHTED) {
    profit = min(profit, min(profit * getSide(side, abi.SIDE_PNL_WEIGHT, k), getSide(side, abi.SIDE_PNL_CAP, k)));
  }
  const alone = (flags & abi.FLAG_SEPARATE) != 0;
  if (alone) separate += abs(profit);
  else if (profit > 0 && getSide(side, abi.SIDE_PNL_CAP, k) < abi.NO_LIMIT) capped += profit;
  else total += profit;

  const kind = readU32(book, abi.MARKET_KIND, m);
  const inverse = kind == abi.KIND_INVERSE;
  const multiplier = readF64(book, abi.MARKET_MULTIPLIER, m);
  const order = u32At(at.positionOrder, p);
  const guarded = ((readU32(book, abi.MARKET_GUARD, m) >>> k) & 1) != 0;
  const grow =
    kind == abi.KIND_PREDICTION ? Infinity : ((1 + reach) * (inverse ? 1 : 1 + most)) / (inverse ? 1 - most : 1);
  const rate = max(f64At(at.positionOwnRate, p), own);
  more = less = ever = 0;
  bends = inverse;
  rise = fall = Infinity;
  if (order == 0) need(m, contracts, isShort, grow, rate);
  else {
    const bought = size + f64At(at.orderBidSize, order - 1);
    const sold = size - f64At(at.orderAskSize, order - 1);
    need(m, abs(bought), shortOf(m, bought) != 0, grow, rate);
    need(m, abs(sold), shortOf(m, sold) != 0, grow, rate);
  }
  // An inverse contract's value is 1 / price: a fall by a share is a rise by more.
  if (inverse && rise < Infinity) rise = rise / (1 + rise);
  const worseAbove = size < 0;
  const needAbove = inverse ? false : !(kind == abi.KIND_PREDICTION && size < 0);
  const surely = (flags & abi.FLAG_WEIGHTED) == 0 && !(guarded && order != 0);
  const pays = surely ? (alone ? get(asset, abi.ASSET_LOW, k) * (1 - reach) : least) : 0;
  const hurts = alone ? high : steepest;
  for (let price: u32 = abi.COORDINATE_MARK; price <= abi.COORDINATE_STABLE; price++) {
    const c = ofMarket(m, price);
    if (price != abi.COORDINATE_MARK && !(guarded && isActive(c))) continue;
    const value = f64At(seens, c);
    const each = inverse ? multiplier / value / (1 - most) : multiplier * value;
    along(c, contracts, each, worseAbove, needAbove, inverse, pays, hurts);
    if (order != 0) alongFills(c, order - 1, each, load<f64>(side, abi.SIDE_ORDER_UNIT));
  }
  const funding = ofMarket(m, abi.COORDINATE_FUNDING);
  if (contracts > 0 && isActive(funding)) {
    const row = bound.rowOf(funding);
    const up = falls ? size > 0 : size < 0;
    bound.add(row, up ? 0 : contracts * hurts, up ? contracts * hurts : 0);
  }
  const unit = (readU32(book, abi.MARKET_UNIT, m) >>> (2 * k)) & 3;
  if (unit == abi.UNIT_NUMERAIRE && high > 0) {
    const longs = getSide(sideOf(m, 0), abi.SIDE_NOTIONAL, k);
    const shorts = getSide(sideOf(m, 1), abi.SIDE_NOTIONAL, k);
    scaled += (more / high) * (1 + reach) * max(longs, shorts);
  }
  if (unit == abi.UNIT_QUOTE && inverse) alongQuote(readU32(book, abi.MARKET_QUOTE, m));
}

/** The requirement of a table in the quote grows with that asset's price. */
function alongQuote(a: u32): void {
  if (a == abi.NONE) return;
  for (let price: u32 = abi.ASSET_COORDINATE_PRICE; price <= abi.ASSET_COORDINATE_STABLE; price++) {
    const c = ofAsset(a, price);
    if (!isActive(c)) continue;
    const row = bound.rowOf(c);
    bound.add(row, falls ? 0 : required, falls ? required : 0);
    if (f64At(seens, c) == 0) bound.stay(row);
  }
}

/** Least and largest slope of a tier table. */
let lowest: f64 = 1;
let highest: f64 = 1;
function tierRange(start: u32, count: u32, scale: f64): void {
  lowest = Infinity;
  highest = 0;
  for (let tier = start; tier < start + count; tier++) {
    const weight = get(at.tierWeight + ((<usize>tier) << 5), 0, k) * scale;
    lowest = min(lowest, weight);
    highest = max(highest, weight);
  }
}

/** Slopes of what asset `a` counts, in its value. @param sign - of what is held, where nothing settles in it: 0 either */
function slopes(a: u32, sign: f64): void {
  least = steepest = 1;
  if ((load<i32>(asset, abi.ASSET_FLAGS) & abi.ASSET_FLAG_PLAIN) != 0 && own == 0) return;
  const floored = k == 0 && own > 0 && (load<i32>(asset, abi.ASSET_FLAGS) & abi.ASSET_FLAG_RATE_FLOOR) != 0;
  least = Infinity;
  steepest = 0;
  if (sign >= 0) {
    const scale = get(asset, abi.ASSET_DEPOSIT_SCALE, k);
    tierRange(u32At(at.assetTierStart, a), u32At(at.assetTierCount, a), scale);
    if (get(asset, abi.ASSET_CAPPED, k) < abi.NO_LIMIT) lowest = 0;
    if (floored) lowest = min(lowest, max(0, 1 - own));
    least = lowest;
    steepest = highest;
  }
  if (sign <= 0) {
    const scale = get(asset, abi.ASSET_BORROW_SCALE, k);
    tierRange(u32At(at.assetDebtStart, a), u32At(at.assetDebtCount, a), scale);
    if (floored) highest = max(highest, 1 + own);
    // A debt counts at its face, and its surcharge is requirement.
    least = min(least, 1 + times * (lowest - 1));
    steepest = max(steepest, 1 + times * (highest - 1));
  }
  least = max(0, least);
}

/** Unit values of the asset in hand. */
let asset: usize = 0;

/** Along the prices and the index of the balance in hand. */
function alongBalance(a: u32, amount: f64, real: f64, rows: bool, constant: bool): void {
  const index = ofAsset(a, amount < 0 ? abi.ASSET_COORDINATE_BORROW : abi.ASSET_COORDINATE_DEPOSIT);
  if (real != 0 && isActive(index)) cost(bound.rowOf(index), falls == real < 0, abs(real) * steepest);
  if (constant) return;
  const guarded = ((readU32(book, abi.ASSET_GUARD, a) >>> k) & 1) != 0;
  for (let price: u32 = abi.ASSET_COORDINATE_PRICE; price <= abi.ASSET_COORDINATE_STABLE; price++) {
    const c = ofAsset(a, price);
    if (price != abi.ASSET_COORDINATE_PRICE && !(guarded && isActive(c))) continue;
    const row = bound.rowOf(c);
    const value = f64At(seens, c);
    if (value == 0) bound.stay(row);
    if (rows || isActive(index)) {
      bound.narrow(row, 0, reach);
      bound.narrow(row, 1, reach);
    }
    const moves = abs(total) * value * steepestSlope;
    const needs = rows ? required + scaled : 0;
    const either = (separate + capped * steepestSlope) * value;
    bound.add(row, either, either);
    if (total < 0) {
      cost(row, falls, moves + needs);
      continue;
    }
    cost(row, !falls, moves);
    const pays = guarded ? 0 : total * value * leastSlope;
    if (needs > 0) cost(row, falls, max(0, needs * CLEAR - pays));
  }
}

/** Slopes of what the balance in hand counts, in its value. */
let leastSlope: f64 = 1;
let steepestSlope: f64 = 1;

/**
 * Adds up what moves may cost at one line, into section `bound`.
 * @param lane - level of the line
 * @param line - so many times the requirement
 * @param above - health is above the line now
 * @param need - requirement of the unit at the level
 * @param far - share that prices may move at most, where losses depend on it
 */
export function losses(u: u32, lane: i32, line: f64, above: bool, need: f64, far: f64): void {
  k = lane;
  falls = above;
  most = far;
  times = line * readF64(book, abi.UNIT_MULTIPLIER, u);
  required = line * need;
  own = lane == 0 ? readF64(book, abi.UNIT_RATE_FLOOR, u) : 0;
  gross = required;
  bound.clearLosses();
  const b0 = u32At(at.unitBalanceStart, u);
  const balances = u32At(at.unitBalanceCount, u);
  const constant = alike && balances == 1;
  let p = u32At(at.unitPositionStart, u);
  for (let b = b0; b < b0 + balances; b++) {
    const a = u32At(at.balanceAsset, b);
    const end = p + u32At(at.balancePositions, b);
    const amount = f64At(at.balanceAmount, b);
    const real = amount * f64At(amount < 0 ? at.borrowIndex : at.depositIndex, a);
    const rows = end > p;
    asset = at.assetValue + <usize>a * abi.ASSET_ROW;
    reach = constant ? 0 : reachOf(a);
    high = get(asset, abi.ASSET_HIGH, k) * (1 + reach);
    slopes(a, rows ? 0 : amount);
    leastSlope = least;
    steepestSlope = steepest;
    least = least * get(asset, abi.ASSET_LOW, k) * (1 - reach);
    steepest = steepest * high;
    total = real;
    separate = 0;
    capped = 0;
    scaled = 0;
    gross += abs(real) * high;
    for (; p < end; p++) position(p, u32At(at.positionKey, p) >>> 2);
    alongBalance(a, amount, real, rows, constant);
  }
}
