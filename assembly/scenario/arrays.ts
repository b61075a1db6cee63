// Risk arrays: what a long contract gains in each scenario of a model, then its value, its delta and what it moves at the spot, all
// in the numeraire. Made once a tick and shared by all accounts. bindings/reference/scenario/arrays.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, rows, smaller } from '../memory';
import { normalCdf } from '../numeric/normal';
import { scenarioPrices } from './black76';
import { baseAt, closeExpiry, LEAST_TIMES, moneynessOf, openExpiry, skews, workAt } from './expiry';
import { isSkew, priceMove, skewed } from './moves';
import {
  book,
  contractSpot,
  expiries,
  forwardOf,
  grown,
  hedgedUnderlying,
  inCoins,
  isOption,
  markets,
  markValue,
  openTerms,
  paysCoin,
  payUnit,
  scenarioFigure,
  yearsOf,
} from './terms';

/** The model whose arrays are made: first row and length of its table, numbers of an array, its first array. */
let k: u32 = 0;
let first: u32 = 0;
let count: u32 = 0;
let width: u32 = 0;
let cells: usize = 0;

function openModel(model: u32): void {
  k = model;
  first = readU32(book, abi.MODEL_SCENARIO, k);
  count = readU32(book, abi.MODEL_SCENARIOS, k);
  width = readU32(book, abi.MODEL_WIDTH, k);
  cells = column(book, abi.CELL_VALUE) + ((<usize>readU32(book, abi.MODEL_CELL, k)) << 3);
}

/** Array of market `i`, or of asset `i - markets`. */
// @ts-ignore: decorator
@inline
function arrayOf(i: u32): usize {
  return cells + ((<usize>i * width) << 3);
}

/** Writes what stands behind the scenarios: value and delta. */
function putBehind(into: usize, value: f64, delta: f64): void {
  const behind = into + ((<usize>count) << 3);
  store<f64>(behind, value);
  store<f64>(behind, delta, 8);
}

/** Share of the forward that an option moves with, not discounted: N(d1) of a call. */
function forwardDelta(isCall: bool, moneyness: f64, sd: f64, forward: f64, strike: f64): f64 {
  if (sd == 0 || forward == 0 || strike == 0) {
    const inside = isCall ? forward > strike : strike > forward;
    return inside ? (isCall ? 1 : -1) : 0;
  }
  const d1 = sd * 0.5 - moneyness / sd;
  return isCall ? normalCdf(d1) : 0 - normalCdf(0 - d1);
}

/** Volatilities of an option times the root of time, by scenario. */
function moveVolatility(m: u32, moneyness: f64): void {
  const own = readF64(book, abi.MARKET_VOLATILITY, m);
  const vol = f64x2.splat(own);
  const zero = f64x2.splat(0);
  const into = workAt(abi.WORK_SD);
  const times = workAt(abi.WORK_TIMES);
  const plus = workAt(abi.WORK_PLUS);
  const least = workAt(abi.WORK_LEAST);
  const roots = workAt(abi.WORK_ROOT_TIME);
  const bytes = (<usize>width) << 3;
  for (let at: usize = 0; at < bytes; at += 16) {
    const moved = f64x2.add(f64x2.mul(vol, v128.load(times + at)), v128.load(plus + at));
    const lawful = f64x2.pmax(v128.load(least + at), f64x2.pmax(zero, moved));
    v128.store(into + at, f64x2.mul(lawful, v128.load(roots + at)));
  }
  if (!skews) return;
  const now = baseAt(abi.WORK_ROOT_TIME);
  for (let s: u32 = 0; s < count; s++) {
    const v = readU32(book, abi.SCENARIO_MOVE, first + s);
    if (!isSkew(v)) continue;
    const at = (<usize>s) << 3;
    store<f64>(into + at, skewed(v, own, now, moneyness) * load<f64>(roots + at));
  }
}

/** Weighs what pays coin. */
function weighCoin(underlying: u32, into: usize): void {
  for (let s: u32 = 0; s < count; s++) {
    const gain = into + ((<usize>s) << 3);
    const weight = scenarioFigure(k, underlying, first + s, abi.SCENARIO_COIN_WEIGHT, abi.SCENARIO_COIN_WEIGHT_BY);
    store<f64>(gain, load<f64>(gain) * weight);
  }
}

/** Array of an option. */
function optionArray(m: u32, into: usize): void {
  const e = readU32(book, abi.MARKET_EXPIRY, m);
  openExpiry(k, e, readU32(book, abi.MARKET_UNDERLYING, m));
  const strike = readF64(book, abi.MARKET_STRIKE, m);
  const isCall = readU32(book, abi.MARKET_KIND, m) == abi.KIND_CALL;
  const moneyness = moneynessOf(strike);
  moveVolatility(m, moneyness);
  const prices = workAt(abi.WORK_PRICE);
  const forwards = workAt(abi.WORK_FORWARD);
  scenarioPrices(isCall, strike, 1, width, forwards, workAt(abi.WORK_LOG), workAt(abi.WORK_SD), prices);
  const discounts = workAt(abi.WORK_DISCOUNT);
  const spots = workAt(abi.WORK_SPOT);
  const inCoin = paysCoin(m);
  const unit = payUnit(m);
  const worth = baseAt(abi.WORK_DISCOUNT) * baseAt(abi.WORK_PRICE);
  const base = inCoin ? inCoins(worth, baseAt(abi.WORK_SPOT)) : worth;
  const units = f64x2.splat(unit);
  // A quoted option keeps its distance from its value, and is worth nothing at the least: a long one loses its mark at most.
  const gone: f64 = 0 - readF64(book, abi.MARKET_GAP, m);
  const least = f64x2.splat(gone);
  const bases = f64x2.splat(larger(base, gone));
  const bytes = (<usize>count) << 3;
  // Of an odd number of scenarios the last pair reaches into what is written behind them next.
  for (let at: usize = 0; at < bytes; at += 16) {
    const value = f64x2.mul(v128.load(discounts + at), v128.load(prices + at));
    const spot = v128.load(spots + at);
    const price = inCoin ? v128.and(f64x2.div(value, spot), f64x2.gt(spot, f64x2.splat(0))) : value;
    v128.store(into + at, f64x2.mul(units, f64x2.sub(f64x2.pmax(price, least), bases)));
  }
  if (inCoin) weighCoin(readU32(book, abi.MARKET_UNDERLYING, m), into);
  const share = forwardDelta(isCall, moneyness, baseAt(abi.WORK_SD), baseAt(abi.WORK_FORWARD), strike);
  const forward = forwardOf(e, 1) - readF64(book, abi.EXPIRY_SETTLED, e);
  const moving = baseAt(abi.WORK_DISCOUNT) * share * forward;
  // A price in coin also falls as the coin rises.
  putBehind(into, unit * base, unit * (inCoin ? inCoins(moving, baseAt(abi.WORK_SPOT)) - base : moving));
}

/** Array of anything that is worth `value` and moves with the spot, times `beta`. @param exposed - what it moves at the spot */
function linearArray(underlying: u32, value: f64, exposed: f64, beta: f64, into: usize): void {
  for (let s: u32 = 0; s < count; s++) {
    store<f64>(into + ((<usize>s) << 3), value * (beta * priceMove(k, first + s, underlying)));
  }
  // What it is worth is profit already: only options are worth something without moving.
  putBehind(into, 0, exposed * beta);
}

/** Array of an inverse contract: its profit in coin at the coin's price of now. */
function inverseArray(m: u32, underlying: u32, into: usize): void {
  const value = payUnit(m) / readF64(book, abi.MARKET_MARK, m);
  const beta = readF64(book, abi.MARKET_BETA, m);
  for (let s: u32 = 0; s < count; s++) {
    const times = larger(1 + beta * priceMove(k, first + s, underlying), LEAST_TIMES);
    store<f64>(into + ((<usize>s) << 3), value * ((times - 1) / times));
  }
  weighCoin(underlying, into);
  putBehind(into, 0, contractSpot(m) * beta);
}

/** A published array stays; value and delta go by the prices of now. */
function publishedArray(m: u32, into: usize): void {
  const units = load<f64>(into + ((<usize>count) << 3), 24);
  const value: f64 = isOption(m) ? markValue(m) : 0;
  putBehind(into, value, units * (contractSpot(m) / readF64(book, abi.MARKET_MULTIPLIER, m)));
}

/** Rounds an array to whole multiples of the quantum, weights applied: sums of whole positions are exact then. */
function quantise(underlying: u32, into: usize): void {
  const quantum = readF64(book, abi.MODEL_QUANTUM, k);
  if (quantum == 0) return;
  for (let s: u32 = 0; s < count; s++) {
    const at = into + ((<usize>s) << 3);
    const weight = scenarioFigure(k, underlying, first + s, abi.SCENARIO_WEIGHT, abi.SCENARIO_WEIGHT_BY);
    store<f64>(at, floor((load<f64>(at) * weight) / quantum + 0.5));
  }
}

/** Makes the array of a market. */
function marketArray(m: u32): void {
  const into = arrayOf(m);
  store<f64>(into + ((<usize>count) << 3), contractSpot(m), 16);
  if (readU32(book, abi.MODEL_PUBLISHED, k) != 0) {
    publishedArray(m, into);
    return;
  }
  const underlying = readU32(book, abi.MARKET_UNDERLYING, m);
  const kind = readU32(book, abi.MARKET_KIND, m);
  if (kind >= abi.KIND_CALL) optionArray(m, into);
  else if (kind == abi.KIND_SPOT) linearArray(underlying, 0, 0, 0, into);
  else if (kind == abi.KIND_INVERSE) inverseArray(m, underlying, into);
  else {
    const value = payUnit(m) * readF64(book, abi.MARKET_MARK, m);
    linearArray(underlying, value, contractSpot(m), readF64(book, abi.MARKET_BETA, m), into);
  }
  quantise(underlying, into);
}

/** Makes the array of a balance that moves with another asset's price. */
function assetArray(a: u32): void {
  const into = arrayOf(markets + a);
  const underlying = hedgedUnderlying(a);
  if (underlying == abi.NONE || readU32(book, abi.MODEL_PUBLISHED, k) != 0) {
    memory.fill(into, 0, (<usize>width) << 3);
    return;
  }
  const price = readF64(book, abi.ASSET_PRICE, a);
  linearArray(underlying, price, price, 1, into);
  quantise(underlying, into);
}

// @ts-ignore: decorator
@inline
function discountTerm(i: u32): f64 {
  return readF64(book, abi.MODEL_DISCOUNT, k * 6 + i);
}

/** Static discount of an expiry by the model: of a positive value, and of a negative one. */
function tenorOf(e: u32): void {
  const years = yearsOf(readF64(book, abi.EXPIRY_SECONDS, e));
  const rate = readF64(book, abi.EXPIRY_RATE, e);
  const into = column(book, abi.TENOR_DISCOUNT) + ((<usize>(k * expiries + e)) << 4);
  store<f64>(into, discountTerm(0) * grown(-(years * (rate * discountTerm(1) + discountTerm(2)))));
  let negative: f64 = 1;
  if (discountTerm(3) != 0) {
    const most = discountTerm(3) * grown(years * (rate * discountTerm(4) + discountTerm(5)));
    negative = smaller(grown(rate * years), most);
  }
  store<f64>(into, negative, 8);
}

/** Makes all arrays of all models. */
export function riskArrays(header: usize): void {
  openTerms(header);
  closeExpiry();
  const models = rows(header, abi.COUNT_MODEL);
  const assets = rows(header, abi.COUNT_ASSET);
  for (let model: u32 = 0; model < models; model++) {
    openModel(model);
    for (let e: u32 = 0; e < expiries; e++) tenorOf(e);
    for (let m: u32 = 0; m < markets; m++) marketArray(m);
    for (let a: u32 = 0; a < assets; a++) assetArray(a);
  }
}

/** Makes the array of market `m`, or of asset `m - markets`, in a model, or (NONE) in all. */
function reprice(header: usize, m: u32, only: u32): void {
  openTerms(header);
  const models = rows(header, abi.COUNT_MODEL);
  for (let model: u32 = 0; model < models; model++) {
    if (only != abi.NONE && only != model) continue;
    openModel(model);
    if (m < markets) marketArray(m);
    else assetArray(m - markets);
  }
}

/** Makes the arrays of one market anew after a price of its underlying, or its own, has moved. @param model - NONE: of all */
export function repriceMarket(header: usize, m: u32, model: u32): void {
  reprice(header, m, model);
}

/** The same of a balance. */
export function repriceAsset(header: usize, a: u32, model: u32): void {
  reprice(header, rows(header, abi.COUNT_MARKET) + a, model);
}
