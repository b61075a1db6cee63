// What a margin unit holds of what moves: rows of gains (their byte offsets) and amounts of them, in row order.
// bindings/reference/var/holding.ts is the definition.
import * as abi from '../abi';
import { column, f64At, rows, u32At } from '../memory';

/** Columns of the book that is open. */
let mover: usize = 0;
let sizes: usize = 0;
let keys: usize = 0;
let costs: usize = 0;
let fundings: usize = 0;
let assets: usize = 0;
let amounts: usize = 0;
let unders: usize = 0;
let fundingIndex: usize = 0;
let depositIndex: usize = 0;
let borrowIndex: usize = 0;
let markets: u32 = 0;
let rowBytes: usize = 0;

/** Where the list stands, and how many it has. */
export let held: usize = 0;
export let heldAmounts: usize = 0;
export let count: u32 = 0;

/** @param bytes - of a row of gains */
export function openHoldings(header: usize, bytes: usize): void {
  mover = column(header, abi.MOVER_ROW);
  sizes = column(header, abi.POSITION_SIZE);
  keys = column(header, abi.POSITION_KEY);
  costs = column(header, abi.POSITION_COST);
  fundings = column(header, abi.POSITION_FUNDING);
  assets = column(header, abi.BALANCE_ASSET);
  amounts = column(header, abi.BALANCE_AMOUNT);
  unders = column(header, abi.BALANCE_POSITIONS);
  fundingIndex = column(header, abi.MARKET_FUNDING_INDEX);
  depositIndex = column(header, abi.ASSET_DEPOSIT_INDEX);
  borrowIndex = column(header, abi.ASSET_BORROW_INDEX);
  held = column(header, abi.HOLDING_ROW);
  heldAmounts = column(header, abi.HOLDING_AMOUNT);
  markets = rows(header, abi.COUNT_MARKET);
  rowBytes = bytes;
  count = 0;
}

export function clear(): void {
  count = 0;
}

/** A list that is there already: rows become offsets. */
export function take(rows: u32): void {
  count = rows;
  for (let i: u32 = 0; i < rows; i++) {
    const at = held + ((<usize>i) << 2);
    store<u32>(at, <u32>(<usize>load<u32>(at) * rowBytes));
  }
}

// @ts-ignore: decorator
@inline
function add(row: u32, amount: f64): void {
  store<u32>(held + ((<usize>count) << 2), <u32>(<usize>row * rowBytes));
  store<f64>(heldAmounts + ((<usize>count) << 3), amount);
  count++;
}

/** Row of gains plus 1 of the market of a position; 0: it does not move. */
// @ts-ignore: decorator
@inline
export function moverOf(p: u32): u32 {
  return u32At(mover, u32At(keys, p) >>> 2);
}

/** The same of the asset of a balance. */
// @ts-ignore: decorator
@inline
export function assetMover(b: u32): u32 {
  return u32At(mover, markets + u32At(assets, b));
}

// @ts-ignore: decorator
@inline
export function positionsOf(b: u32): u32 {
  return u32At(unders, b);
}

// @ts-ignore: decorator
@inline
export function sizeOf(p: u32): f64 {
  return f64At(sizes, p);
}

/** Amount of a balance after its index. */
export function amountOf(b: u32): f64 {
  const amount = f64At(amounts, b);
  return amount * f64At(amount < 0 ? borrowIndex : depositIndex, u32At(assets, b));
}

/** What a position has paid, units of its settle asset. */
export function paidOf(p: u32): f64 {
  const m = u32At(keys, p) >>> 2;
  return f64At(costs, p) + f64At(sizes, p) * (f64At(fundingIndex, m) - f64At(fundings, p));
}

/** Adds what a unit holds, from its first balance and position; there is room for all of it. */
export function addUnit(b0: u32, balances: u32, p0: u32): void {
  let p = p0;
  for (let b = b0; b < b0 + balances; b++) {
    const asset = assetMover(b);
    let amount: f64 = asset == 0 ? 0 : amountOf(b);
    for (const end = p + positionsOf(b); p < end; p++) {
      const row = moverOf(p);
      const size = sizeOf(p);
      if (row != 0 && size != 0) add(row - 1, size);
      if (asset != 0) amount -= paidOf(p);
    }
    if (amount != 0) add(asset - 1, amount);
  }
}
