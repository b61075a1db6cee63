// A trade or a withdrawal of any size on the unit to try things on, always from what the unit holds: as Book.fill and
// Book.deposit book it (bindings/book/update.ts).
import * as abi from '../abi';
import { readF64, readU32 } from '../memory';
import * as trial from './trial';

/** Less than any size that a door takes is what rounding left. */
const LEAST: f64 = 1e-30;
/** So is less than this share of a lot behind a close, 2^-20 (LOT_NOISE of bindings/book/update.ts). */
const LOT_NOISE: f64 = 1.0 / 1048576.0;

let book: usize = 0;
let market: u32 = 0;
let spot: bool = false;
let inverse: bool = false;
/** 1 buys, -1 sells. */
let way: f64 = 1;
let price: f64 = 0;
let feeRate: f64 = 0;
let multiplier: f64 = 1;
/** Below it a rest behind a close is rounding. */
let rest: f64 = 0;
/** What is paid from (settle or quote), what arrives in (spot: base), and what both held. */
let cash: u32 = 0;
let cashRow: u32 = 0;
let cashHeld: f64 = 0;
let base: u32 = 0;
let baseRow: u32 = 0;
let baseHeld: f64 = 0;
let row: u32 = 0;
let held: f64 = 0;
let cost: f64 = 0;
let owed: f64 = 0;
let index: f64 = 0;

/** Entry value of `size` contracts at the price, so that profit = size * unit value - cost. */
function entryCost(size: f64): f64 {
  return inverse ? -(size * (multiplier / price)) : size * (multiplier * price);
}

/**
 * Opens a trade in a market on a copy of unit `u`.
 * @param side - of the position key: 0 net, 1 long, 2 short
 * @param fee - rate on the traded value
 */
export function openTrade(header: usize, u: u32, m: u32, side: u32, buys: bool, at: f64, fee: f64): void {
  book = header;
  market = m;
  way = buys ? 1 : -1;
  price = at;
  feeRate = fee;
  multiplier = readF64(header, abi.MARKET_MULTIPLIER, m);
  rest = Math.max(LEAST, readF64(header, abi.MARKET_LOT, m) * LOT_NOISE);
  const kind = readU32(header, abi.MARKET_KIND, m);
  spot = kind == abi.KIND_SPOT;
  inverse = kind == abi.KIND_INVERSE;
  trial.openTrial(header, u);
  if (spot) {
    base = readU32(header, abi.MARKET_BASE, m);
    cash = readU32(header, abi.MARKET_QUOTE, m);
    // Opening one row may move the other.
    trial.balanceOf(base);
    cashRow = trial.balanceOf(cash);
    baseRow = trial.balanceOf(base);
    baseHeld = trial.realAmount(base, baseRow);
    held = 0;
  } else {
    cash = readU32(header, abi.MARKET_SETTLE, m);
    row = trial.positionOf(cash, m * 4 + side);
    cashRow = trial.balanceOf(cash);
    held = readF64(header, abi.POSITION_SIZE, row);
    cost = readF64(header, abi.POSITION_COST, row);
    index = readF64(header, abi.MARKET_FUNDING_INDEX, m);
    owed = (index - readF64(header, abi.POSITION_FUNDING, row)) * held;
  }
  cashHeld = trial.realAmount(cash, cashRow);
}

/** What the position was before the trade, signed contracts. */
export function heldSize(): f64 {
  return held;
}

function tradeSpot(size: f64): void {
  const units = size * multiplier;
  const value = units * price;
  trial.putReal(base, baseRow, baseHeld + units);
  trial.putReal(cash, cashRow, cashHeld - (value + feeRate * Math.abs(value)));
}

/** Books a fill of `x` contracts (>= 0). */
export function trade(x: f64): void {
  const size = way * x;
  if (spot) {
    tradeSpot(size);
    return;
  }
  let paid = feeRate * Math.abs(entryCost(size)) + owed;
  const sum = held + size;
  const closes = held * size < 0;
  const now = Math.abs(sum) < (closes ? rest : LEAST) ? 0 : sum;
  let left: f64;
  if (closes) {
    const flips = now == 0 || Math.abs(size) >= Math.abs(held);
    const closed = flips ? held : -size;
    const part = flips ? cost : cost * (closed / held);
    paid -= entryCost(closed) - part;
    left = flips ? entryCost(now) : cost - part;
  } else left = cost + entryCost(size);
  trial.putPosition(row, now, left, index);
  trial.putReal(cash, cashRow, cashHeld - paid);
}

/** Opens a withdrawal of an asset on a copy of unit `u`. */
export function openWithdrawal(header: usize, u: u32, asset: u32): void {
  book = header;
  trial.openTrial(header, u);
  cash = asset;
  cashRow = trial.balanceOf(asset);
  cashHeld = trial.realAmount(asset, cashRow);
}

/** What the balance held before the withdrawal. */
export function heldAmount(): f64 {
  return cashHeld;
}

/** Takes `x` units of the asset out. */
export function withdraw(x: f64): void {
  trial.putReal(cash, cashRow, cashHeld - x);
}
