// What all options of an expiry share in the scenarios of a model: forwards with their logarithms, discounts, roots of time, moves
// of volatility, in columns of `work`. Made when the first option of an expiry asks, and kept while others do.
// bindings/reference/scenario/arrays.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32 } from '../memory';
import { logLow, logOfPair } from '../numeric/log';
import { scenarioLogs } from './black76';
import { isSkew, least, openMove, plus, priceMove, times as volTimes } from './moves';
import { book, forwardOf, grown, yearsOf } from './terms';

/** What an inverse contract's coin keeps of its price at least: at 0 the loss of a long would have no end. */
export const LEAST_TIMES: f64 = 1e-6;

/** Bytes of a risk array, scenarios of the model, and the first row of its table. */
let bytes: usize = 0;
let count: u32 = 0;
let first: u32 = 0;
let work: usize = 0;

/** What is open: the expiry of a book in a model, with the parameters of an underlying, at a spot price. */
let openBook: usize = 0;
let openModel: u32 = abi.NONE;
let openRow: u32 = abi.NONE;
let openUnderlying: u32 = abi.NONE;
let openSpot: f64 = 0;

/** Some scenario moves volatilities by moneyness. */
export let skews: bool = false;

/** Forgets what is open: something else than the spot has changed. */
export function closeExpiry(): void {
  openRow = abi.NONE;
}

/** A column of `work`. */
// @ts-ignore: decorator
@inline
export function workAt(c: u32): usize {
  return work + <usize>c * bytes;
}

function put(c: u32, s: u32, value: f64): void {
  store<f64>(workAt(c) + ((<usize>s) << 3), value);
}

/** Number of `c` in the base case, which stands behind the scenarios. */
// @ts-ignore: decorator
@inline
export function baseAt(c: u32): f64 {
  return load<f64>(workAt(c) + ((<usize>count) << 3));
}

function putScenario(k: u32, e: u32, s: u32, row: u32, underlying: u32): void {
  const base = row == abi.NONE;
  const left = larger(readF64(book, abi.EXPIRY_SECONDS, e), 0);
  const times = base ? 1 : 1 + priceMove(k, row, underlying);
  const years = yearsOf(left - (base ? 0 : readF64(book, abi.SCENARIO_SECONDS, row)));
  const rate = readF64(book, abi.EXPIRY_RATE, e) + (base ? 0 : readF64(book, abi.SCENARIO_RATE, row));
  put(abi.WORK_FORWARD, s, forwardOf(e, times));
  // Coins are worth nothing at a price of 0; prices stop a millionth above.
  const spot = readF64(book, abi.ASSET_PRICE, readU32(book, abi.EXPIRY_ASSET, e));
  put(abi.WORK_SPOT, s, spot * larger(times, LEAST_TIMES));
  put(abi.WORK_DISCOUNT, s, readU32(book, abi.EXPIRY_DISCOUNTED, e) == 0 ? 1 : grown(-(rate * years)));
  put(abi.WORK_ROOT_TIME, s, sqrt(years));
  put(abi.WORK_TIMES, s, volTimes);
  put(abi.WORK_PLUS, s, plus);
  put(abi.WORK_LEAST, s, least);
}

/** Fills the columns for expiry `e` in model `k`, unless they are. */
export function openExpiry(k: u32, e: u32, underlying: u32): void {
  const spot = readF64(book, abi.ASSET_PRICE, readU32(book, abi.EXPIRY_ASSET, e));
  work = column(book, abi.WORK_COLUMN);
  if (openRow == e && openModel == k && openUnderlying == underlying && openBook == book && openSpot == spot) return;
  openBook = book;
  openModel = k;
  openRow = e;
  openUnderlying = underlying;
  openSpot = spot;
  const width = readU32(book, abi.MODEL_WIDTH, k);
  bytes = (<usize>width) << 3;
  count = readU32(book, abi.MODEL_SCENARIOS, k);
  first = readU32(book, abi.MODEL_SCENARIO, k);
  skews = false;
  const left = larger(readF64(book, abi.EXPIRY_SECONDS, e), 0);
  // Scenarios with the same move stand together more often than not: a power each would be most of the work.
  let moved = abi.NONE;
  openMove(k, moved, underlying, left);
  for (let s: u32 = 0; s < width; s++) {
    const row = s < count ? first + s : abi.NONE;
    const v = s < count ? readU32(book, abi.SCENARIO_MOVE, row) : abi.NONE;
    if (v != moved) openMove(k, v, underlying, left);
    moved = v;
    if (isSkew(v)) skews = true;
    putScenario(k, e, s, row, underlying);
  }
  scenarioLogs(width, workAt(abi.WORK_FORWARD), workAt(abi.WORK_LOG));
}

/** ln(strike / forward) of the base case; 0 where one of them is 0. */
export function moneynessOf(strike: f64): f64 {
  if (strike == 0 || baseAt(abi.WORK_FORWARD) == 0) return 0;
  const high = logOfPair(strike);
  return high - baseAt(abi.WORK_LOG) + (logLow - baseAt(abi.WORK_LOG_REST));
}
