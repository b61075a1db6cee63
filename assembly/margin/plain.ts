// Margin units of a book without special features: pooled PnL, marginal tables, assets at their price.
// The same numbers as account.ts gives (a test compares), from one cache line a market and three columns a position.
import * as abi from '../abi';
import { column, f64At, u32At } from '../memory';
import { marginalRequirement, windowLine, windowRequirement } from './brackets';
import * as at from './state';

/** How tables are read: a single line each, the two lines of a window, or all lines. */
const SINGLE: i32 = 0;
const WINDOW: i32 = 1;
const WALK: i32 = 2;

/** Columns of markets and of results, set by `openPlain`. */
let plainRows: usize = 0;
let windows: usize = 0;
let buckets: usize = 0;
let fundingIndex: usize = 0;
let equities: usize = 0;
let initials: usize = 0;
let maintenances: usize = 0;
let notionals: usize = 0;

export function openPlain(header: usize): void {
  plainRows = column(header, abi.MARKET_PLAIN);
  windows = column(header, abi.MARKET_WINDOW);
  buckets = column(header, abi.BUCKET_FIRST);
  fundingIndex = column(header, abi.MARKET_FUNDING_INDEX);
  equities = column(header, abi.UNIT_EQUITY);
  initials = column(header, abi.UNIT_INITIAL_MARGIN);
  maintenances = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  notionals = column(header, abi.UNIT_NOTIONAL);
}

/** Requirement of a market of several lines: the notional's bucket names the lines among which the largest is. */
// @ts-ignore: decorator
@inline
function tableRequirement(market: u32, row: usize, contracts: f64, tables: i32): v128 {
  const window = windows + <usize>market * abi.WINDOW_ROW;
  const last = load<u32>(window, abi.WINDOW_LAST_LINE);
  const x = f64x2.splat(contracts);
  if (tables == WALK) {
    const line = load<u32>(window, abi.WINDOW_LINE);
    return marginalRequirement(at.longPair, line, last - line + 1, x);
  }
  const first = windowLine(window, buckets, contracts * load<f64>(row, abi.PLAIN_NOTIONAL));
  return windowRequirement(at.longPair, first, last, x);
}

/**
 * Margins unit `u` and writes its columns.
 * @param kept - column that takes each position's maintenance requirement, or 0
 */
// @ts-ignore: decorator
@inline
function plainUnit(u: u32, tables: i32, funding: bool, kept: usize): void {
  let need = f64x2.splat(0);
  let value: f64 = 0;
  let size: f64 = 0;
  const p = u32At(at.unitPositionStart, u);
  // Pointers that walk: one addition a column and row, where an index would cost a shift too.
  let keys = at.positionKey + ((<usize>p) << 2);
  let sizes = at.positionSize + ((<usize>p) << 3);
  let costs = at.positionCost + ((<usize>p) << 3);
  let fundings = at.positionFunding + ((<usize>p) << 3);
  let keeps = kept + ((<usize>p) << 3);
  const rows = plainRows;
  const first = u32At(at.unitBalanceStart, u);
  const last = first + u32At(at.unitBalanceCount, u);
  for (let b = first; b < last; b++) {
    let total = f64At(at.balanceAmount, b);
    const end = keys + ((<usize>u32At(at.balancePositions, b)) << 2);
    while (keys < end) {
      // Four keys a market: without its side bits, the key is the row in quarter lines.
      const key = load<u32>(keys);
      const row = rows + ((<usize>(key & ~3)) << 4);
      const held = load<f64>(sizes);
      const contracts = abs(held);
      let worth = load<f64>(row, abi.PLAIN_PNL);
      if (funding) worth -= f64At(fundingIndex, key >>> 2) - load<f64>(fundings);
      total += held * worth - load<f64>(costs);
      size += contracts * load<f64>(row, abi.PLAIN_VALUE);
      if (tables == SINGLE) need = f64x2.add(need, f64x2.mul(v128.load(row, abi.PLAIN_RATE), f64x2.splat(contracts)));
      else {
        const table = tableRequirement(key >>> 2, row, contracts, tables);
        need = f64x2.add(need, table);
        if (kept != 0) {
          v128.store64_lane(keeps, table, 1);
          keeps += 8;
        }
      }
      keys += 4;
      sizes += 8;
      costs += 8;
      if (funding) fundings += 8;
    }
    const asset = at.assetValue + <usize>u32At(at.balanceAsset, b) * abi.ASSET_ROW;
    value += total * load<f64>(asset + 24, abi.ASSET_LOW);
  }
  const i = (<usize>u) << 3;
  store<f64>(equities + i, value);
  store<f64>(initials + i, f64x2.extract_lane(need, 0));
  store<f64>(maintenances + i, f64x2.extract_lane(need, 1));
  store<f64>(notionals + i, size);
}

// One function a variant: `tables` and `funding` are constants in each, so each loop is compiled for itself.
export function scanSingle(from: u32, to: u32): void {
  for (let u = from; u < to; u++) plainUnit(u, SINGLE, false, 0);
}
export function scanWindow(from: u32, to: u32): void {
  for (let u = from; u < to; u++) plainUnit(u, WINDOW, false, 0);
}
export function scanWindowFunding(from: u32, to: u32): void {
  for (let u = from; u < to; u++) plainUnit(u, WINDOW, true, 0);
}
export function scanWalk(from: u32, to: u32): void {
  for (let u = from; u < to; u++) plainUnit(u, WALK, true, 0);
}

/** Any of these scans, which keeps each position's maintenance requirement in column `kept`. */
export function scanKeeping(from: u32, to: u32, walk: bool, kept: usize): void {
  if (walk) for (let u = from; u < to; u++) plainUnit(u, WALK, true, kept);
  else for (let u = from; u < to; u++) plainUnit(u, WINDOW, true, kept);
}
