// What boxes have sides along: the prices, guard prices and indices of every market, then of every asset, five each. Those that
// have never ticked are inactive: nobody has an end along them, and the first tick asks for a rescan.
import * as abi from '../abi';
import { assetValue } from '../margin/asset-value';
import { markValues, marketValues } from '../margin/value';
import { column, f64At, readU32, rows, u32At } from '../memory';

let book: usize = 0;
let markets: u32 = 0;
export let seens: usize = 0;
export let bases: usize = 0;
let anchors: usize = 0;
export let paces: usize = 0;
export let tables: usize = 0;
let stales: usize = 0;
export let turns: usize = 0;

export function open(header: usize): void {
  book = header;
  markets = rows(header, abi.COUNT_MARKET);
  seens = column(header, abi.COORDINATE_SEEN);
  bases = column(header, abi.COORDINATE_BASE);
  anchors = column(header, abi.COORDINATE_ANCHOR);
  paces = column(header, abi.COORDINATE_PACE);
  tables = column(header, abi.COORDINATE_TABLE);
  stales = column(header, abi.COORDINATE_STALE);
  turns = column(header, abi.COORDINATE_TURN);
}

// @ts-ignore: decorator
@inline
export function ofMarket(m: u32, kind: u32): u32 {
  return m * abi.COORDINATES + kind;
}

// @ts-ignore: decorator
@inline
export function ofAsset(a: u32, kind: u32): u32 {
  return (markets + a) * abi.COORDINATES + kind;
}

// @ts-ignore: decorator
@inline
export function isActive(c: u32): bool {
  return u32At(tables, c) != abi.NONE;
}

/** Funding has moves in its own units: it may be 0. All others are prices and indices above 0, with moves as a share of them. */
// @ts-ignore: decorator
@inline
export function isRelative(c: u32): bool {
  return c >= markets * abi.COORDINATES || c % abi.COORDINATES != abi.COORDINATE_FUNDING;
}

function columnOf(c: u32): i32 {
  const kind = c % abi.COORDINATES;
  if (c < markets * abi.COORDINATES) {
    if (kind == abi.COORDINATE_MARK) return abi.MARKET_MARK;
    if (kind == abi.COORDINATE_TWAP) return abi.MARKET_TWAP;
    if (kind == abi.COORDINATE_STABLE) return abi.MARKET_STABLE;
    return kind == abi.COORDINATE_INDEX ? abi.MARKET_INDEX : abi.MARKET_FUNDING_INDEX;
  }
  if (kind == abi.ASSET_COORDINATE_PRICE) return abi.ASSET_PRICE;
  if (kind == abi.ASSET_COORDINATE_TWAP) return abi.ASSET_TWAP;
  if (kind == abi.ASSET_COORDINATE_STABLE) return abi.ASSET_STABLE;
  return kind == abi.ASSET_COORDINATE_DEPOSIT ? abi.ASSET_DEPOSIT_INDEX : abi.ASSET_BORROW_INDEX;
}

/** Its value in the book. */
export function valueOf(c: u32): f64 {
  const i = c / abi.COORDINATES;
  return f64At(column(book, columnOf(c)), i < markets ? i : i - markets);
}

/** Takes in all values as they stand, after a rescan. */
export function anchorAll(): void {
  const count = (markets + rows(book, abi.COUNT_ASSET)) * abi.COORDINATES;
  for (let c: u32 = 0; c < count; c++) {
    const value = valueOf(c);
    const at = (<usize>c) << 3;
    store<f64>(seens + at, value);
    store<f64>(bases + at, value);
    store<f64>(anchors + at, value);
    store<u32>(stales + (at >>> 1), 0);
  }
}

/** Whether a value is so far below its base that it has digits which distances from the base have not. */
export function isBelow(c: u32, value: f64): bool {
  return value * 1024 < f64At(bases, c);
}

/** Share by which a coordinate has moved since the last rescan; Infinity where shares do not say it. */
export function movedBy(c: u32, value: f64): f64 {
  const anchor = f64At(anchors, c);
  return isRelative(c) && anchor != 0 ? abs(value / anchor - 1) : Infinity;
}

/** Pace of what has not moved yet. */
const SLOW: f64 = 1e-12;
/** Part of a new move in the mean of them. */
const NEW: f64 = 1.0 / 64.0;

// @ts-ignore: decorator
@inline
export function see(c: u32, value: f64): void {
  store<f64>(seens + ((<usize>c) << 3), value);
}

/** Takes a new value in, and its move: from now on it is active. @returns how far it has moved, as a pace */
export function take(c: u32, value: f64): f64 {
  const had = f64At(seens, c);
  see(c, value);
  let move = abs(value - had);
  if (isRelative(c)) move = had == 0 ? 1 : move / had;
  const pace = f64At(paces, c);
  store<f64>(paces + ((<usize>c) << 3), pace == 0 ? move : pace + (move - pace) * NEW);
  return move;
}

/** How old unit values are: as new, but for prices and funding of the market itself, or altogether. */
const MARK: u32 = 1;
const ALL: u32 = 2;

/** Says that what derives from a price of a market is old, or of an asset and of all that is counted in it. */
export function stale(c: u32): void {
  const i = c / abi.COORDINATES;
  const at = stales + ((<usize>(i * abi.COORDINATES)) << 2);
  if (i < markets) {
    store<u32>(at, max(load<u32>(at), MARK));
    return;
  }
  store<u32>(at, ALL);
  const a = i - markets;
  const settles = column(book, abi.MARKET_SETTLE);
  const quotes = column(book, abi.MARKET_QUOTE);
  for (let m: u32 = 0; m < markets; m++) {
    if (u32At(settles, m) == a || u32At(quotes, m) == a) {
      store<u32>(stales + ((<usize>(m * abi.COORDINATES)) << 2), ALL);
    }
  }
}

/** Brings the unit values of an asset up to date. */
// @ts-ignore: decorator
@inline
export function freshenAsset(a: u32): void {
  const at = stales + ((<usize>ofAsset(a, 0)) << 2);
  if (load<u32>(at) == 0) return;
  store<u32>(at, 0);
  assetValue(book, a);
}

/** Brings the unit values of a market up to date; those of its settle asset are. */
// @ts-ignore: decorator
@inline
export function freshenMarket(m: u32): void {
  const at = stales + ((<usize>ofMarket(m, 0)) << 2);
  const age = load<u32>(at);
  if (age == 0) return;
  store<u32>(at, 0);
  if (age == MARK) {
    markValues(book, m);
    return;
  }
  // Its quote may be held by nobody here.
  const quote = readU32(book, abi.MARKET_QUOTE, m);
  if (quote != abi.NONE) freshenAsset(quote);
  marketValues(book, m);
}

/** Whether `c` is a guard price or an index, which moves with the price beside it while they are equal. */
// @ts-ignore: decorator
@inline
function isBeside(c: u32): bool {
  const kind = c % abi.COORDINATES;
  return kind != 0 && kind <= (c < markets * abi.COORDINATES ? abi.COORDINATE_INDEX : abi.ASSET_COORDINATE_STABLE);
}

/** Whether `c` has moved with the price beside it, which was `before`, as it has ever since the last rescan: all boxes know of that. */
export function follows(c: u32, before: f64): bool {
  const main = c - (c % abi.COORDINATES);
  return (
    isBeside(c) && f64At(seens, c) == before && valueOf(c) == valueOf(main) && f64At(anchors, c) == f64At(anchors, main)
  );
}

/** Whether `c` has stayed where the price beside it, which was `before`, has left it: from now on it is active. */
export function leaves(c: u32, before: f64): bool {
  if (!isBeside(c) || f64At(seens, c) != before || valueOf(c - (c % abi.COORDINATES)) == before) return false;
  store<f64>(paces + ((<usize>c) << 3), max(f64At(paces, c), SLOW));
  return true;
}
