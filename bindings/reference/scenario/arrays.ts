// Risk arrays: what a long contract gains in each scenario of a model, then its value, its delta and what it moves at the spot, all
// in the numeraire. Made once a tick and shared by all accounts; assembly/scenario/arrays.ts gives the same bits.
import { KIND, MOVE, MOVE_WIDTH, MOVETERM, NONE, WORK } from '../../layout.js';
import type { Columns, Store } from '../../memory.js';
import { larger, smaller } from '../lanes.js';
import { logLow, logOfPair } from '../numeric/log.js';
import { normalCdf } from '../numeric/normal.js';
import { pow } from '../numeric/pow.js';
import { scenarioLogs, scenarioPrices } from './black76.js';
import {
  contractSpot,
  figureOf,
  forwardOf,
  grown,
  isOption,
  markValue,
  parameterOf,
  paysCoin,
  payUnit,
  yearsOf,
} from './terms.js';

/** What an inverse contract's coin keeps of its price at least: at 0 the loss of a long would have no end. */
export const LEAST_TIMES = 1e-6;

/** A power of nearly no time stops here, so that no volatility is infinite. */
const MOST_MOVE = 1e6;

/** Nearest whole number, half up. */
const nearest = (x: number): number => Math.floor(x + 0.5);

/** A value in coins; of a coin that is worth nothing there are not enough. */
const inCoins = (value: number, price: number): number => (price > 0 ? value / price : 0);

/** Relative move of the spot in scenario `s`; prices stop at 0. */
function priceMove(columns: Columns, k: number, s: number, underlying: number): number {
  const { scenario } = columns;
  return larger(scenario.price[s]! * parameterOf(columns, k, underlying, scenario.range[s]!), -1);
}

/** How far move `v` of volatilities goes for a time to expiry. */
function moveSize(columns: Columns, k: number, v: number, underlying: number, seconds: number): number {
  const { terms, range } = columns.move;
  const by = terms[v * MOVE_WIDTH + MOVETERM.by]! * parameterOf(columns, k, underlying, range[v]!);
  return atTime(terms, v * MOVE_WIDTH, by, seconds);
}

/** A move as it is at a time to expiry. @param at - first number of the move */
export function atTime(terms: ArrayLike<number>, at: number, by: number, seconds: number): number {
  const term = terms[at + MOVETERM.term]!;
  if (term === 0 || by === 0) return by;
  const left = larger(seconds, terms[at + MOVETERM.floor]!);
  const size = by * pow(term / left, seconds <= term ? terms[at + MOVETERM.short]! : terms[at + MOVETERM.long]!);
  return larger(-MOST_MOVE, smaller(MOST_MOVE, size));
}

/** Volatility of an option after a skew. @param moneyness - ln(strike / forward) */
function skewed({ move }: Columns, v: number, vol: number, rootTime: number, moneyness: number): number {
  const { terms } = move;
  const at = v * MOVE_WIDTH;
  const cap = terms[at + MOVETERM.by]! * rootTime + terms[at + MOVETERM.cap]!;
  const level = terms[at + MOVETERM.level]! + terms[at + MOVETERM.slope]! * rootTime;
  const width = larger(terms[at + MOVETERM.leastWidth]!, rootTime * terms[at + MOVETERM.width]! * level);
  const x = terms[at + MOVETERM.symmetric]! !== 0 ? Math.abs(moneyness) : moneyness;
  // 0 / 0 is 0: nothing moves where there is no cap or no distance.
  const rise = x * cap;
  const slope = rise === 0 ? 0 : rise / width;
  return vol * larger(0, 1 + (x >= 0 ? smaller(cap, slope) : larger(0 - cap, slope)));
}

const isSkew = ({ move }: Columns, v: number): boolean => v !== NONE && move.kind[v] === MOVE.skew;

/** Writes how a volatility moves in scenario `s`: max(least, max(0, vol * times + plus)). A skew goes by the strike too. */
function openMove(columns: Columns, k: number, s: number, v: number, underlying: number, left: number): void {
  const { work, move, model } = columns;
  const width = model.width[k]!;
  const moves = v !== NONE && move.kind[v] !== MOVE.skew;
  const by = moves ? moveSize(columns, k, v, underlying, left) : 0;
  const scales = moves && move.kind[v] === MOVE.scale;
  work.column[WORK.times * width + s] = scales ? larger(0, 1 + by) : 1;
  work.column[WORK.plus * width + s] = scales ? 0 : by;
  const least = moves ? move.terms[v * MOVE_WIDTH + MOVETERM.least]! : 0;
  work.column[WORK.least * width + s] = moves ? figureOf(columns, k, underlying, least, move.leastBy[v]!) : 0;
}

/** The expiry whose columns of `work` are filled, of which book and model, by the parameters of which underlying, at which spot. */
const open = { columns: undefined as Columns | undefined, k: 0, expiry: NONE as number, underlying: 0, spot: 0 };

/** Fills the columns of `work` that all options of an expiry share, unless they are. The base case stands behind the scenarios. */
function openExpiry(columns: Columns, k: number, e: number, underlying: number): void {
  const { model, scenario, expiry, work } = columns;
  const spot = columns.asset.price[expiry.asset[e]!]!;
  const same = open.columns === columns && open.k === k && open.expiry === e;
  if (same && open.underlying === underlying && open.spot === spot) return;
  Object.assign(open, { columns, k, expiry: e, underlying, spot });
  const width = model.width[k]!;
  const first = model.scenario[k]!;
  const count = model.scenarios[k]!;
  const left = larger(expiry.seconds[e]!, 0);
  for (let s = 0; s < width; s++) {
    const row = s < count ? first + s : NONE;
    const times = row === NONE ? 1 : 1 + priceMove(columns, k, row, underlying);
    const years = yearsOf(left - (row === NONE ? 0 : scenario.seconds[row]!));
    const rate = expiry.rate[e]! + (row === NONE ? 0 : scenario.rate[row]!);
    work.column[WORK.forward * width + s] = forwardOf(columns, e, times);
    // Coins are worth nothing at a price of 0; prices stop a millionth above.
    work.column[WORK.spot * width + s] = spot * larger(times, LEAST_TIMES);
    openMove(columns, k, s, row === NONE ? NONE : scenario.move[row]!, underlying, left);
    work.column[WORK.discount * width + s] = expiry.discounted[e] === 0 ? 1 : grown(-(rate * years));
    work.column[WORK.rootTime * width + s] = Math.sqrt(years);
  }
  const column = (at: number, columns = 1): Float64Array => work.column.subarray(at * width, (at + columns) * width);
  scenarioLogs(column(WORK.forward), column(WORK.log, 2));
}

/** ln(strike / forward) of the base case. */
function moneynessOf(columns: Columns, k: number, strike: number): number {
  const width = columns.model.width[k]!;
  const at = WORK.log * width + columns.model.scenarios[k]!;
  if (strike === 0 || columns.work.column[WORK.forward * width + columns.model.scenarios[k]!] === 0) return 0;
  const high = logOfPair(strike);
  return high - columns.work.column[at]! + (logLow() - columns.work.column[at + width]!);
}

/** Share of the forward that an option moves with, not discounted: N(d1) of a call. */
function forwardDelta(isCall: boolean, moneyness: number, sd: number, forward: number, strike: number): number {
  if (sd === 0 || forward === 0 || strike === 0) {
    const inside = isCall ? forward > strike : strike > forward;
    return inside ? (isCall ? 1 : -1) : 0;
  }
  const d1 = sd * 0.5 - moneyness / sd;
  return isCall ? normalCdf(d1) : 0 - normalCdf(0 - d1);
}

/** Factor of what pays coin in scenario `s`. */
const coinWeightOf = (columns: Columns, k: number, underlying: number, s: number): number =>
  figureOf(columns, k, underlying, columns.scenario.coinWeight[s]!, columns.scenario.coinWeightBy[s]!);

/** Risk array of an option; the columns of its expiry are open. */
function optionArray(columns: Columns, k: number, m: number, into: number): void {
  const { model, scenario, market, work, cell } = columns;
  const width = model.width[k]!;
  const count = model.scenarios[k]!;
  const first = model.scenario[k]!;
  const strike = market.strike[m]!;
  const isCall = market.kind[m] === KIND.call;
  const at = (column: number, s: number): number => work.column[column * width + s]!;
  const moneyness = moneynessOf(columns, k, strike);
  const now = at(WORK.rootTime, count);
  for (let s = 0; s < width; s++) {
    const v = s < count ? scenario.move[first + s]! : NONE;
    const own = market.volatility[m]!;
    const moved = larger(at(WORK.least, s), larger(0, own * at(WORK.times, s) + at(WORK.plus, s)));
    const vol = isSkew(columns, v) ? skewed(columns, v, own, now, moneyness) : moved;
    work.column[WORK.sd * width + s] = vol * at(WORK.rootTime, s);
  }
  const column = (c: number, columns = 1): Float64Array => work.column.subarray(c * width, (c + columns) * width);
  const prices = column(WORK.price);
  scenarioPrices(isCall, strike, 1, column(WORK.forward), column(WORK.log, 2), column(WORK.sd), prices);
  const unit = payUnit(columns, m);
  const inCoin = paysCoin(columns, m);
  const worth = (s: number): number => {
    const price = at(WORK.discount, s) * prices[s]!;
    return inCoin ? inCoins(price, at(WORK.spot, s)) : price;
  };
  const base = worth(count);
  // A quoted option keeps its distance from its value, and is worth nothing at the least: a long one loses its mark at most.
  const least = 0 - market.gap[m]!;
  const held = larger(base, least);
  for (let s = 0; s < count; s++) {
    const gain = unit * (larger(worth(s), least) - held);
    cell.value[into + s] = inCoin ? gain * coinWeightOf(columns, k, market.underlying[m]!, first + s) : gain;
  }
  cell.value[into + count] = unit * base;
  const e = market.expiry[m]!;
  const share = forwardDelta(isCall, moneyness, at(WORK.sd, count), at(WORK.forward, count), strike);
  const moving = at(WORK.discount, count) * share * (forwardOf(columns, e, 1) - columns.expiry.settled[e]!);
  // A price in coin also falls as the coin rises.
  cell.value[into + count + 1] = unit * (inCoin ? inCoins(moving, at(WORK.spot, count)) - base : moving);
}

/**
 * Risk array of anything that is worth `value` and moves with the spot, times `beta`.
 * @param exposed - what it moves at the spot
 */
function linearArray(
  columns: Columns,
  k: number,
  underlying: number,
  value: number,
  exposed: number,
  beta: number,
  into: number,
): void {
  const { model, cell } = columns;
  const count = model.scenarios[k]!;
  for (let s = 0; s < count; s++) {
    cell.value[into + s] = value * (beta * priceMove(columns, k, model.scenario[k]! + s, underlying));
  }
  // What it is worth is profit already: only options are worth something without moving.
  cell.value[into + count] = 0;
  cell.value[into + count + 1] = exposed * beta;
}

/** Risk array of an inverse contract: its profit in coin at the coin's price of now. */
function inverseArray(columns: Columns, k: number, m: number, underlying: number, into: number): void {
  const { model, market, cell } = columns;
  const count = model.scenarios[k]!;
  const value = payUnit(columns, m) / market.mark[m]!;
  for (let s = 0; s < count; s++) {
    const move = market.beta[m]! * priceMove(columns, k, model.scenario[k]! + s, underlying);
    const times = larger(1 + move, LEAST_TIMES);
    const weight = coinWeightOf(columns, k, underlying, model.scenario[k]! + s);
    cell.value[into + s] = value * ((times - 1) / times) * weight;
  }
  cell.value[into + count] = 0;
  cell.value[into + count + 1] = contractSpot(columns, m) * market.beta[m]!;
}

/** Factor of the profit in scenario `s`. */
export const weightOf = (columns: Columns, k: number, underlying: number, s: number): number =>
  figureOf(columns, k, underlying, columns.scenario.weight[s]!, columns.scenario.weightBy[s]!);

/** Rounds an array to whole multiples of the quantum, weights applied: sums of whole positions are exact then. */
function quantise(columns: Columns, k: number, underlying: number, into: number): void {
  const { model, cell } = columns;
  const quantum = model.quantum[k]!;
  for (let s = 0; s < model.scenarios[k]!; s++) {
    const gain = cell.value[into + s]! * weightOf(columns, k, underlying, model.scenario[k]! + s);
    cell.value[into + s] = nearest(gain / quantum);
  }
}

/** First number of the risk array of a market. */
export const marketCell = ({ model }: Columns, k: number, m: number): number => model.cell[k]! + m * model.width[k]!;

/** A published array stays; value and delta go by the prices of now. */
function publishedArray(columns: Columns, k: number, m: number, into: number): void {
  const { model, market, cell } = columns;
  const count = model.scenarios[k]!;
  const units = cell.value[into + count + 3]!;
  cell.value[into + count] = isOption(columns, m) ? markValue(columns, m) : 0;
  cell.value[into + count + 1] = units * (contractSpot(columns, m) / market.multiplier[m]!);
}

/** Makes the array of a market in model `k`. Options of one expiry in a row share what is open. */
function marketArray(columns: Columns, k: number, m: number): void {
  const { market, model } = columns;
  const into = marketCell(columns, k, m);
  const underlying = market.underlying[m]!;
  columns.cell.value[into + model.scenarios[k]! + 2] = contractSpot(columns, m);
  if (model.published[k] !== 0) {
    publishedArray(columns, k, m, into);
    return;
  }
  if (isOption(columns, m)) {
    openExpiry(columns, k, market.expiry[m]!, underlying);
    optionArray(columns, k, m, into);
  } else if (market.kind[m] === KIND.spot) {
    linearArray(columns, k, underlying, 0, 0, 0, into);
  } else if (market.kind[m] === KIND.inverse) {
    inverseArray(columns, k, m, underlying, into);
  } else {
    const value = payUnit(columns, m) * market.mark[m]!;
    linearArray(columns, k, underlying, value, contractSpot(columns, m), market.beta[m]!, into);
  }
  if (model.quantum[k]! > 0) quantise(columns, k, underlying, into);
}

/** Makes the array of a balance that moves with another asset's price. */
function assetArray(columns: Columns, store: Store, k: number, a: number): void {
  const { asset, model } = columns;
  const into = marketCell(columns, k, store.count('market') + a);
  if (model.published[k] !== 0) {
    columns.cell.value.fill(0, into, into + model.width[k]!);
    return;
  }
  const hedged = asset.hedges[a]!;
  const underlying = hedged === NONE ? NONE : asset.underlying[hedged]!;
  if (underlying === NONE) {
    columns.cell.value.fill(0, into, into + model.width[k]!);
    return;
  }
  linearArray(columns, k, underlying, asset.price[a]!, asset.price[a]!, 1, into);
  if (model.quantum[k]! > 0) quantise(columns, k, underlying, into);
}

/** Black-76 value of an option at the prices of now, in the asset that it pays. */
export function optionValue(columns: Columns, m: number): number {
  const { market, expiry } = columns;
  const e = market.expiry[m]!;
  const years = yearsOf(expiry.seconds[e]!);
  const forward = new Float64Array([forwardOf(columns, e, 1)]);
  const logs = new Float64Array(2);
  scenarioLogs(forward, logs);
  const sd = new Float64Array([market.volatility[m]! * Math.sqrt(years)]);
  const price = new Float64Array(1);
  scenarioPrices(market.kind[m] === KIND.call, market.strike[m]!, 1, forward, logs, sd, price);
  const value = (expiry.discounted[e] === 0 ? 1 : grown(-(expiry.rate[e]! * years))) * price[0]!;
  return paysCoin(columns, m) ? inCoins(value, columns.asset.price[expiry.asset[e]!]!) : value;
}

/** Sets an option's prices to its value, and what stays between the two. */
function setOption(columns: Columns, m: number, value: number): void {
  const { market } = columns;
  const price = larger(0, value + market.gap[m]!);
  for (const column of [market.mark, market.index, market.twap, market.stable]) column[m] = price;
}

/** Values one option anew after prices have moved. */
export function valueOption({ columns }: Store, m: number): void {
  setOption(columns, m, optionValue(columns, m));
}

/** Keeps how far an option's own mark is from its value. */
export function quoteOption({ columns }: Store, m: number): void {
  const { market } = columns;
  market.gap[m] = market.mark[m]! - optionValue(columns, m);
}

/** Values options without a mark of their own, and keeps how far the others are from their values. */
export function valueOptions(store: Store): void {
  const { columns } = store;
  const { market, expiry, asset } = columns;
  for (let e = 0; e < store.count('expiry'); e++) {
    const spot = asset.price[expiry.asset[e]!]!;
    expiry.carry[e] = spot > 0 ? (expiry.forward[e]! - expiry.settled[e]!) / spot : 0;
  }
  for (let m = 0; m < store.count('market'); m++) {
    if (!isOption(columns, m)) continue;
    if (market.valued[m] === 0) quoteOption(store, m);
    else {
      market.gap[m] = 0;
      valueOption(store, m);
    }
  }
}

/** Static discount of an expiry by a model. */
function tenorOf(columns: Columns, k: number, e: number, expiries: number): void {
  const { model, expiry, tenor } = columns;
  const d = k * 6;
  const years = yearsOf(expiry.seconds[e]!);
  const rate = expiry.rate[e]!;
  const grow = (at: number): number => years * (rate * model.discount[at + 1]! + model.discount[at + 2]!);
  const at = (k * expiries + e) * 2;
  tenor.discount[at] = model.discount[d]! * grown(-grow(d));
  tenor.discount[at + 1] =
    model.discount[d + 3] === 0 ? 1 : smaller(grown(rate * years), model.discount[d + 3]! * grown(grow(d + 3)));
}

/** Makes all risk arrays of all models. */
export function riskArrays(store: Store): void {
  const { columns } = store;
  open.expiry = NONE;
  for (let k = 0; k < store.count('model'); k++) {
    for (let e = 0; e < store.count('expiry'); e++) tenorOf(columns, k, e, store.count('expiry'));
    for (let m = 0; m < store.count('market'); m++) marketArray(columns, k, m);
    for (let a = 0; a < store.count('asset'); a++) assetArray(columns, store, k, a);
  }
}

/** Makes the arrays of one market anew after a price of its underlying, or its own, has moved. @param model - NONE: of all */
export function repriceMarket(store: Store, m: number, model: number): void {
  for (let k = 0; k < store.count('model'); k++) if (model === NONE || model === k) marketArray(store.columns, k, m);
}

/** The same of a balance. */
export function repriceAsset(store: Store, a: number, model: number): void {
  for (let k = 0; k < store.count('model'); k++)
    if (model === NONE || model === k) assetArray(store.columns, store, k, a);
}
