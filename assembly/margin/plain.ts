// One margin unit of a book without special features: pooled PnL, marginal tables, assets at their price.
// The same numbers as account.ts gives (a test compares), from one cache line a market and three columns a position.
import * as abi from '../abi';
import { f64At, u32At } from '../memory';
import { marginalRequirement, windowRequirement } from './brackets';
import * as at from './state';

/** How tables are read: a single line each, three lines of a window, or all lines. */
export const SINGLE: i32 = 0;
export const WINDOW: i32 = 1;
export const WALK: i32 = 2;

/** Sums of the unit that was margined last: requirement (initial, maintenance), equity, notional. */
export let requirement: v128 = i64x2.splat(0);
export let equity: f64 = 0;
export let notional: f64 = 0;

/** Columns of markets, set by `openPlain`. */
let plainRows: usize = 0;
let windows: usize = 0;
let buckets: usize = 0;
let fundingIndex: usize = 0;

export function openPlain(plain: usize, window: usize, bucket: usize, funding: usize): void {
  plainRows = plain;
  windows = window;
  buckets = bucket;
  fundingIndex = funding;
}

/** Requirement of a market of several lines: the notional's bucket names the lines among which the largest is. */
// @ts-ignore: decorator
@inline
function tableRequirement(market: u32, row: usize, contracts: f64, tables: i32): v128 {
  const window = windows + <usize>market * abi.WINDOW_ROW;
  const line = load<u32>(window, abi.WINDOW_LINE);
  const last = load<u32>(window, abi.WINDOW_LAST_LINE);
  const x = f64x2.splat(contracts);
  if (tables == WALK) return marginalRequirement(at.longPair, line, last - line + 1, x);
  const bits = reinterpret<i64>(contracts * load<f64>(row, abi.PLAIN_NOTIONAL)) >> abi.BUCKET_SHIFT;
  const bucket = <i32>bits - <i32>load<u32>(window, abi.WINDOW_LOW);
  const inside = max(0, min(bucket, <i32>load<u32>(window, abi.WINDOW_LAST)));
  const first = line + <u32>load<u8>(buckets + load<u32>(window, abi.WINDOW_BUCKET) + inside);
  return windowRequirement(at.longPair, min(first, last), last, x);
}

/** Margins unit `u`. `tables` and `funding` are constants at every call, so each variant is compiled on its own. */
// @ts-ignore: decorator
@inline
export function plainUnit(u: u32, tables: i32, funding: bool): void {
  let need = f64x2.splat(0);
  let value: f64 = 0;
  let size: f64 = 0;
  let p = u32At(at.unitPositionStart, u);
  const keys = at.positionKey;
  const sizes = at.positionSize;
  const costs = at.positionCost;
  const rows = plainRows;
  const first = u32At(at.unitBalanceStart, u);
  const last = first + u32At(at.unitBalanceCount, u);
  for (let b = first; b < last; b++) {
    let total = f64At(at.balanceAmount, b);
    const end = p + u32At(at.balancePositions, b);
    for (; p < end; p++) {
      const market = u32At(keys, p) >>> 2;
      const row = rows + <usize>market * abi.PLAIN_ROW;
      const held = f64At(sizes, p);
      const contracts = abs(held);
      let worth = load<f64>(row, abi.PLAIN_PNL);
      if (funding) worth -= f64At(fundingIndex, market) - f64At(at.positionFunding, p);
      total += held * worth - f64At(costs, p);
      size += contracts * load<f64>(row, abi.PLAIN_VALUE);
      if (tables == SINGLE) need = f64x2.add(need, f64x2.mul(v128.load(row, abi.PLAIN_RATE), f64x2.splat(contracts)));
      else need = f64x2.add(need, tableRequirement(market, row, contracts, tables));
    }
    const asset = at.assetValue + <usize>u32At(at.balanceAsset, b) * abi.ASSET_ROW;
    value += total * load<f64>(asset + 24, abi.ASSET_LOW);
  }
  requirement = need;
  equity = value;
  notional = size;
}
