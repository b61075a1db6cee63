// Whether health is concave along the ray of prices that is open. It is not where two moving prices are multiplied, a rate
// moves with a price, a table jumps, or spot orders of one token stand in two markets (docs/liquidation.md has the proof).
import * as abi from '../abi';
import { get, level } from '../margin/lanes';
import { column, readF64, readU32 } from '../memory';
import { assetShift, marketShift, rayFollow, rayRow, rayRows } from './move';

let book: usize = 0;
let lane: i32 = 0;

function limited(word: i32, i: u32): bool {
  return readF64(book, word, i) < abi.NO_LIMIT;
}

function assetRow(a: u32): usize {
  return column(book, abi.ASSET_VALUE) + <usize>a * abi.ASSET_ROW;
}

/** Guards do not bind and cannot: the asset counts at the price that moves. */
function unguarded(a: u32): bool {
  if (((readU32(book, abi.ASSET_GUARD, a) >>> lane) & 1) == 0) return true;
  const price = readF64(book, abi.ASSET_PRICE, a);
  return readF64(book, abi.ASSET_TWAP, a) == price && readF64(book, abi.ASSET_STABLE, a) == price;
}

function unguardedMarket(m: u32): bool {
  if (((readU32(book, abi.MARKET_GUARD, m) >>> lane) & 1) == 0) return true;
  const mark = readF64(book, abi.MARKET_MARK, m);
  return readF64(book, abi.MARKET_TWAP, m) == mark && readF64(book, abi.MARKET_STABLE, m) == mark;
}

/** The penalty of an unsure price is taken off a haircut that falls with size: what is left may fall. */
function penalised(a: u32): bool {
  return get(assetRow(a), abi.ASSET_PENALTY, lane) != 0;
}

/** Value beyond a cap counts no more but still lowers the weight. */
function cappedCurve(a: u32): bool {
  return limited(abi.ASSET_CAP, a) && readU32(book, abi.ASSET_CURVE_KIND, a) != 0;
}

function concaveAsset(a: u32): bool {
  if (cappedCurve(a)) return false;
  if (lane != 0) return true;
  if (limited(abi.ASSET_DEPOSIT_SCALE_START, a) || limited(abi.ASSET_BORROW_SCALE_START, a)) return false;
  return !penalised(a);
}

function basisOf(m: u32): u32 {
  return (readU32(book, abi.MARKET_BASIS, m) >>> (2 * lane)) & 3;
}

function unitOf(m: u32): u32 {
  return (readU32(book, abi.MARKET_UNIT, m) >>> (2 * lane)) & 3;
}

/** A table of whole form read by something that moves. */
function jumps(m: u32): bool {
  if (((readU32(book, abi.MARKET_FORM, m) >>> lane) & 1) == 0 || basisOf(m) != 0) return false;
  return readU32(book, abi.MARKET_LINE_COUNT, m) > 1 || readU32(book, abi.MARKET_SHORT_COUNT, m) > 1;
}

/** A curve that grows with the price while the notional that it is taken of stays. */
function curveAlone(m: u32): bool {
  if (readU32(book, abi.MARKET_CURVE_KIND, m) == 0 || basisOf(m) != abi.BASIS_ENTRY) return false;
  return readU32(book, abi.MARKET_CURVE_OF, m) == 1 || readU32(book, abi.MARKET_KIND, m) == abi.KIND_INVERSE;
}

/** Largest rate that a position may be asked for, with all that is added to it. */
function mostRate(u: u32, p: u32, m: u32): f64 {
  const short = readF64(book, abi.POSITION_SIZE, p) < 0;
  const start = readU32(book, short ? abi.MARKET_SHORT_START : abi.MARKET_LINE_START, m);
  const last = start + readU32(book, short ? abi.MARKET_SHORT_COUNT : abi.MARKET_LINE_COUNT, m) - 1;
  let rate = level(book, abi.LINE_RATE, last, lane);
  if (lane == 0) {
    rate = max(rate, max(readF64(book, abi.POSITION_OWN_RATE, p), readF64(book, abi.UNIT_RATE_FLOOR, u)));
  }
  rate = (rate + level(book, abi.MARKET_CLOSING_FEE, m, lane)) * readF64(book, abi.UNIT_MULTIPLIER, u);
  return lane == 2 ? rate + readF64(book, abi.UNIT_BUFFER, u) : rate;
}

/** Profit counts in full, at the settle asset's price, and more than any requirement grows. */
function gainsMore(u: u32, p: u32, m: u32): bool {
  const settle = assetRow(readU32(book, abi.MARKET_SETTLE, m));
  if ((load<i32>(settle, abi.ASSET_FLAGS) & abi.ASSET_FLAG_PLAIN) == 0) return false;
  if (readF64(book, abi.MARKET_PNL_CURVE, m) > 0) return false;
  if (level(book, abi.MARKET_PNL_WEIGHT, m, lane) != 1) return false;
  if (level(book, abi.MARKET_PNL_CAP, m, lane) < abi.NO_LIMIT) return false;
  return mostRate(u, p, m) < 1;
}

/** A guard that may hold a price while it moves on: a kink that is concave only where health grows with the guarded price. */
function bentByGuard(u: u32, m: u32): bool {
  if (lane > 2 || unguardedMarket(m)) return false;
  // The guard holds the notional, but not what a curve of it reads.
  if (readU32(book, abi.MARKET_CURVE_KIND, m) != 0) return true;
  const prediction = readU32(book, abi.MARKET_KIND, m) == abi.KIND_PREDICTION;
  const first = readU32(book, abi.UNIT_POSITION_START, u);
  const end = first + readU32(book, abi.UNIT_POSITION_COUNT, u);
  for (let p = first; p < end; p++) {
    if (readU32(book, abi.POSITION_KEY, p) >>> 2 != m) continue;
    if (readU32(book, abi.POSITION_ORDER, p) != 0) return true;
    const long = readF64(book, abi.POSITION_SIZE, p) > 0;
    if ((long || prediction) && !gainsMore(u, p, m)) return true;
  }
  return false;
}

function concaveMarket(u: u32, m: u32): bool {
  const kind = readU32(book, abi.MARKET_KIND, m);
  const settle = readU32(book, abi.MARKET_SETTLE, m);
  const shift = marketShift(m);
  const settles = assetShift(settle);
  if (kind == abi.KIND_SPOT) return true;
  if (settles != 0 && jumps(m) && unitOf(m) == abi.UNIT_NUMERAIRE) return false;
  if (shift == 0) return true;
  if (jumps(m) && !(kind == abi.KIND_INVERSE && unitOf(m) != 0)) return false;
  if (lane == 0 && limited(abi.MARKET_OPEN_INTEREST_UPPER, m)) return false;
  if (penalised(settle) || cappedCurve(settle) || curveAlone(m)) return false;
  // Profit in coin times the coin's price is linear while both are one coordinate, and 1 / price alone is convex for shorts.
  if (kind == abi.KIND_INVERSE) return settles == shift && unguarded(settle) && unguardedMarket(m);
  return settles == 0 && !bentByGuard(u, m);
}

/** Spot orders of unit `u`: those that reserve funds, or stand in two markets of one token. */
function concaveOrders(u: u32): bool {
  const first = readU32(book, abi.UNIT_POSITION_START, u);
  const end = first + readU32(book, abi.UNIT_POSITION_COUNT, u);
  let last = abi.NONE;
  for (let p = first; p < end; p++) {
    const m = readU32(book, abi.POSITION_KEY, p) >>> 2;
    if (readU32(book, abi.MARKET_KIND, m) != abi.KIND_SPOT || readU32(book, abi.POSITION_ORDER, p) == 0) continue;
    const base = readU32(book, abi.MARKET_BASE, m);
    const moves = assetShift(base) != 0 || assetShift(readU32(book, abi.MARKET_QUOTE, m)) != 0;
    if (moves && readU32(book, abi.MARKET_SPOT_ORDERS, m) != 0) return false;
    // Rows that share a base stand together: they settle in it.
    if (base == last) return false;
    last = base;
  }
  return true;
}

/** Units of a settle asset by which rounding may move a row's health: profit, notional, and requirement twice. */
const ROUNDED_UNITS: f64 = 4;

/** How far rounding to whole units may move health along the ray: it is concave but for steps of this size. */
export function grainOf(header: usize, u: u32, level: i32): f64 {
  const first = readU32(header, abi.UNIT_POSITION_START, u);
  const end = first + readU32(header, abi.UNIT_POSITION_COUNT, u);
  let grain: f64 = 0;
  for (let p = first; p < end; p++) {
    const m = readU32(header, abi.POSITION_KEY, p) >>> 2;
    if (readU32(header, abi.MARKET_ROUNDING, m) == 0 || marketShift(m) == 0) continue;
    grain += ROUNDED_UNITS * get(assetRow(readU32(header, abi.MARKET_SETTLE, m)), abi.ASSET_HIGH, level);
  }
  return grain * max(1, readF64(header, abi.UNIT_MULTIPLIER, u));
}

/** @param at - level at which health is asked for */
export function concaveRay(header: usize, u: u32, at: i32): bool {
  book = header;
  lane = at;
  // Requirements of scenario models bend both ways, and so do options.
  if (at < 3 && readU32(header, abi.UNIT_MODEL, u) != 0) return false;
  for (let i: u32 = 0; i < rayRows(); i++) if (rayFollow(i) == abi.FOLLOW_VALUE) return false;
  for (let i: u32 = 0; i < rayRows(); i++) {
    const row = rayRow(i) >>> 1;
    if (!((rayRow(i) & 1) != 0 ? concaveMarket(u, row) : concaveAsset(row))) return false;
  }
  return concaveOrders(u);
}
