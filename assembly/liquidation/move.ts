// Prices that move together along a ray: which assets and markets of a unit they are, and setting them to a point of it, as
// setMark and setPrice would: guard and index prices that equal the price follow it, others stay. Of a unit that a model margins the
// spots of what it holds move too, its options follow their values, and indices that equal a spot follow that.
import * as abi from '../abi';
import { assetValue } from '../margin/asset-value';
import { marketValues } from '../margin/value';
import { column, f64At, readF64, readU32, u32At } from '../memory';
import { repriceAsset, repriceMarket, valueOption } from '../model';

/** Bits of a price are close to its logarithm: rays reach 20 octaves from where prices stand. */
export const REACH: f64 = 1048576;
/** Distance kept from the open ends of the interval, where a price is 0 (a prediction's 1). */
export const MARGIN: f64 = 1 / REACH;

/** Bytes of a row of ray.price. */
const STOOD_ROW: usize = 40;

let book: usize = 0;
let rows: usize = 0;
let shifts: usize = 0;
let follows: usize = 0;
let stood: usize = 0;
let count: u32 = 0;
/** Price that leads; a ray of several prices is led by a factor that stands at 1, that of an option by the spot. */
export let lead: f64 = 1;
/** The last points of the ray. */
export let low: f64 = 0;
export let high: f64 = 0;

/** The underlying that is asked for, or NONE where `shift` columns say what moves. */
let underlying: u32 = abi.NONE;
let leadMarket: u32 = abi.NONE;
let leadBeta: f64 = 1;
/** Scenario model of the unit, or NONE. */
let model: u32 = abi.NONE;

// @ts-ignore: decorator
@inline
function isOption(m: u32): bool {
  return readU32(book, abi.MARKET_KIND, m) >= abi.KIND_CALL;
}

export function assetShift(a: u32): f64 {
  if (underlying == abi.NONE) return readF64(book, abi.ASSET_SHIFT, a);
  return leadBeta != 0 && readU32(book, abi.ASSET_UNDERLYING, a) == underlying ? 1 / leadBeta : 0;
}

export function marketShift(m: u32): f64 {
  if (isOption(m)) return 0;
  if (underlying == abi.NONE) return readF64(book, abi.MARKET_SHIFT, m);
  if (m == leadMarket) return 1;
  // A market of beta 0 moves alone.
  if (leadBeta == 0 || readU32(book, abi.MARKET_UNDERLYING, m) != underlying) return 0;
  return readF64(book, abi.MARKET_BETA, m) / leadBeta;
}

/** Rows of the ray: assets * 2, markets * 2 + 1. */
export function rayRows(): u32 {
  return count;
}
export function rayRow(i: u32): u32 {
  return u32At(rows, i);
}
export function rayShift(i: u32): f64 {
  return f64At(shifts, i);
}
/** What a row follows instead of the ray, or beside it: FOLLOW codes. */
export function rayFollow(i: u32): u32 {
  return u32At(follows, i);
}

// @ts-ignore: decorator
@inline
function stoodAt(i: u32): usize {
  return stood + <usize>i * STOOD_ROW;
}

function has(row: u32): bool {
  for (let i: u32 = 0; i < count; i++) if (u32At(rows, i) == row) return true;
  return false;
}

function add(row: u32, shift: f64, follow: u32, price: i32, index: i32, twap: i32, stable: i32): void {
  const i = row >>> 1;
  store<u32>(rows + ((<usize>count) << 2), row);
  store<u32>(follows + ((<usize>count) << 2), follow);
  store<f64>(shifts + ((<usize>count) << 3), shift);
  const at = stoodAt(count);
  store<f64>(at, readF64(book, price, i));
  store<f64>(at, readF64(book, index, i), 8);
  store<f64>(at, readF64(book, twap, i), 16);
  store<f64>(at, readF64(book, stable, i), 24);
  if ((row & 1) != 0) store<f64>(at, readF64(book, abi.MARKET_FUNDING_INDEX, i), 32);
  count++;
}

/** Adds an asset that moves. Its index price is its price. */
function addAsset(a: u32): void {
  if (a == abi.NONE || has(a * 2)) return;
  const shift = assetShift(a);
  if (shift == 0 || readF64(book, abi.ASSET_PRICE, a) == 0) return;
  add(a * 2, shift, abi.FOLLOW_RAY, abi.ASSET_PRICE, abi.ASSET_PRICE, abi.ASSET_TWAP, abi.ASSET_STABLE);
}

// @ts-ignore: decorator
@inline
function moves(a: u32): bool {
  return a != abi.NONE && has(a * 2);
}

/** Growth of a market's funding index; only on a ray that names what moves. */
function driftOf(m: u32): f64 {
  return underlying == abi.NONE ? readF64(book, abi.MARKET_DRIFT, m) : 0;
}

/** Whether what a market is worth changes with an asset that moves. */
function depends(m: u32): bool {
  return (
    moves(readU32(book, abi.MARKET_SETTLE, m)) ||
    moves(readU32(book, abi.MARKET_QUOTE, m)) ||
    moves(readU32(book, abi.MARKET_BASE, m))
  );
}

/** What a market's prices follow beside the ray. */
function followOf(m: u32): u32 {
  const base = readU32(book, abi.MARKET_BASE, m);
  if (model == abi.NONE || base == abi.NONE) return abi.FOLLOW_RAY;
  if (isOption(m)) return depends(m) ? abi.FOLLOW_VALUE : abi.FOLLOW_RAY;
  const index = readF64(book, abi.MARKET_INDEX, m);
  const isSpot = index == readF64(book, abi.ASSET_PRICE, base) && index != readF64(book, abi.MARKET_MARK, m);
  return isSpot && moves(base) ? abi.FOLLOW_INDEX + base : abi.FOLLOW_RAY;
}

/** Adds a market that moves, or whose unit values change with an asset that does or with its funding. */
function addMarket(m: u32): void {
  if (has(m * 2 + 1)) return;
  const shift = marketShift(m);
  if (shift == 0 && driftOf(m) == 0 && !depends(m)) return;
  add(m * 2 + 1, shift, followOf(m), abi.MARKET_MARK, abi.MARKET_INDEX, abi.MARKET_TWAP, abi.MARKET_STABLE);
}

/** Adds the spots that a model reads: of what is held, of what balances hedge, and of pegs. */
function addSpots(u: u32): void {
  if (model == abi.NONE) return;
  const b0 = readU32(book, abi.UNIT_BALANCE_START, u);
  const bEnd = b0 + readU32(book, abi.UNIT_BALANCE_COUNT, u);
  for (let b = b0; b < bEnd; b++) addAsset(readU32(book, abi.ASSET_HEDGES, readU32(book, abi.BALANCE_ASSET, b)));
  const p0 = readU32(book, abi.UNIT_POSITION_START, u);
  const pEnd = p0 + readU32(book, abi.UNIT_POSITION_COUNT, u);
  for (let p = p0; p < pEnd; p++) addAsset(readU32(book, abi.MARKET_BASE, readU32(book, abi.POSITION_KEY, p) >>> 2));
  const root = readU32(book, abi.MODEL_NODE, model);
  const end = readU32(book, abi.NODE_END, root);
  for (let n = root; n < end; n++) addAsset(readU32(book, abi.NODE_PEG, n));
}

function gather(u: u32): void {
  count = 0;
  model = readU32(book, abi.UNIT_MODEL, u) - 1;
  const balances = readU32(book, abi.UNIT_BALANCE_START, u);
  const held = readU32(book, abi.UNIT_BALANCE_COUNT, u);
  const positions = readU32(book, abi.UNIT_POSITION_START, u);
  const open = readU32(book, abi.UNIT_POSITION_COUNT, u);
  for (let b = balances; b < balances + held; b++) addAsset(readU32(book, abi.BALANCE_ASSET, b));
  for (let p = positions; p < positions + open; p++) {
    const m = readU32(book, abi.POSITION_KEY, p) >>> 2;
    // Balances have what positions settle in and what spot orders trade; tables of an inverse market may be in its quote.
    if (readU32(book, abi.MARKET_KIND, m) == abi.KIND_INVERSE) addAsset(readU32(book, abi.MARKET_QUOTE, m));
  }
  addSpots(u);
  for (let p = positions; p < positions + open; p++) addMarket(readU32(book, abi.POSITION_KEY, p) >>> 2);
}

/** Narrows (low, high) so that a price stays inside (0, most). */
function bound(price: f64, shift: f64, most: f64): void {
  if (shift == 0) return;
  const toZero = -1 / shift;
  const toMost = (most / price - 1) / shift;
  const down = shift > 0 ? toZero : toMost;
  const up = shift > 0 ? toMost : toZero;
  low = max(low, lead * (1 + down * (1 - MARGIN)));
  high = min(high, lead * (1 + up * (1 - MARGIN)));
}

function bounds(): void {
  low = lead * MARGIN;
  high = lead * REACH;
  for (let i: u32 = 0; i < count; i++) {
    const row = rayRow(i);
    const market = (row & 1) != 0;
    const prediction = market && readU32(book, abi.MARKET_KIND, row >>> 1) == abi.KIND_PREDICTION;
    const price = load<f64>(stoodAt(i));
    bound(price, rayShift(i), prediction ? 1 : price * REACH);
  }
}

function open(header: usize): void {
  book = header;
  rows = column(header, abi.RAY_ROW);
  shifts = column(header, abi.RAY_SHIFT);
  follows = column(header, abi.RAY_FOLLOW);
  stood = column(header, abi.RAY_PRICE);
}

/** The ray of a market's mark, or of an option's spot: all of unit `u` that has its underlying moves with it. */
export function openMarket(header: usize, u: u32, m: u32): void {
  open(header);
  if (isOption(m)) {
    const spot = readU32(header, abi.EXPIRY_ASSET, readU32(header, abi.MARKET_EXPIRY, m));
    underlying = readU32(header, abi.ASSET_UNDERLYING, spot);
    leadMarket = abi.NONE;
    lead = readF64(header, abi.ASSET_PRICE, spot);
    // From a spot of 0 there is no way to go.
    leadBeta = lead == 0 ? 0 : 1;
  } else {
    underlying = readU32(header, abi.MARKET_UNDERLYING, m);
    leadMarket = m;
    leadBeta = readF64(header, abi.MARKET_BETA, m);
    lead = readF64(header, abi.MARKET_MARK, m);
  }
  gather(u);
  bounds();
}

/** The ray on which each price moves by its `shift` times the move of a factor that stands at 1. */
export function openShifts(header: usize, u: u32): void {
  open(header);
  underlying = abi.NONE;
  lead = 1;
  gather(u);
  bounds();
}

// @ts-ignore: decorator
@inline
function pointOf(price: f64, shift: f64, x: f64): f64 {
  // One coordinate keeps its bits: a mark, and the settle asset that has the same price.
  if (price == lead && shift == 1) return x;
  return shift == 0 ? price : price * (1 + (shift * (x - lead)) / lead);
}

/** Sets prices of row `i` that equal `price`, the first of those that stood, to `now`. */
function put(i: u32, price: i32, index: i32, twap: i32, stable: i32, now: f64): void {
  const row = (<usize>(rayRow(i) >>> 1)) << 3;
  const at = stoodAt(i);
  const before = load<f64>(at);
  store<f64>(column(book, price) + row, now);
  if (load<f64>(at, 8) == before) store<f64>(column(book, index) + row, now);
  if (load<f64>(at, 16) == before) store<f64>(column(book, twap) + row, now);
  if (load<f64>(at, 24) == before) store<f64>(column(book, stable) + row, now);
}

function putRow(i: u32, now: f64): void {
  if ((rayRow(i) & 1) != 0) put(i, abi.MARKET_MARK, abi.MARKET_INDEX, abi.MARKET_TWAP, abi.MARKET_STABLE, now);
  else put(i, abi.ASSET_PRICE, abi.ASSET_PRICE, abi.ASSET_TWAP, abi.ASSET_STABLE, now);
}

/** Grows funding indices by their drift. */
function putFunding(x: f64): void {
  if (underlying != abi.NONE) return;
  const indices = column(book, abi.MARKET_FUNDING_INDEX);
  for (let i: u32 = 0; i < count; i++) {
    if ((rayRow(i) & 1) == 0) continue;
    const m = rayRow(i) >>> 1;
    store<f64>(indices + ((<usize>m) << 3), load<f64>(stoodAt(i), 32) + driftOf(m) * (x - lead));
  }
}

function revalue(): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = rayRow(i);
    if ((row & 1) != 0) marketValues(book, row >>> 1);
    else assetValue(book, row >>> 1);
  }
}

/** Puts the prices of an option where they stood. */
function putOption(i: u32): void {
  const row = (<usize>(rayRow(i) >>> 1)) << 3;
  const at = stoodAt(i);
  store<f64>(column(book, abi.MARKET_MARK) + row, load<f64>(at));
  store<f64>(column(book, abi.MARKET_INDEX) + row, load<f64>(at, 8));
  store<f64>(column(book, abi.MARKET_TWAP) + row, load<f64>(at, 16));
  store<f64>(column(book, abi.MARKET_STABLE) + row, load<f64>(at, 24));
}

/** Puts what follows assets that have moved. @param back - prices stand where they stood */
function putFollowers(back: bool): void {
  if (model == abi.NONE) return;
  const indices = column(book, abi.MARKET_INDEX);
  for (let i: u32 = 0; i < count; i++) {
    const follow = rayFollow(i);
    if (follow == abi.FOLLOW_RAY) continue;
    const m = rayRow(i) >>> 1;
    if (follow >= abi.FOLLOW_INDEX) {
      store<f64>(indices + ((<usize>m) << 3), readF64(book, abi.ASSET_PRICE, follow - abi.FOLLOW_INDEX));
    } else if (back) putOption(i);
    else valueOption(book, m);
  }
}

/** Makes the risk arrays of what has moved. */
function reprice(): void {
  if (model == abi.NONE) return;
  for (let i: u32 = 0; i < count; i++) {
    const row = rayRow(i) >>> 1;
    if ((rayRow(i) & 1) != 0) repriceMarket(book, row, model);
    else if (readU32(book, abi.ASSET_HEDGES, row) != abi.NONE) repriceAsset(book, row, model);
  }
}

/** Moves prices to point `x` of the ray, and what derives from them. */
export function moveTo(x: f64): void {
  for (let i: u32 = 0; i < count; i++) {
    const price = load<f64>(stoodAt(i));
    if (rayFollow(i) != abi.FOLLOW_VALUE) putRow(i, pointOf(price, rayShift(i), x));
  }
  putFunding(x);
  // Where prices stand they are what they were, to the last bit: a mark is its value and a gap but for rounding.
  putFollowers(x == lead);
  revalue();
  reprice();
}

/** Puts every price back where it stood. */
export function moveBack(): void {
  for (let i: u32 = 0; i < count; i++) if (rayFollow(i) != abi.FOLLOW_VALUE) putRow(i, load<f64>(stoodAt(i)));
  putFunding(lead);
  putFollowers(true);
  revalue();
  reprice();
}
