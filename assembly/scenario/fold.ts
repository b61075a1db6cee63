// What a unit gains in each scenario: its positions times their risk arrays, summed by group in row order. A group is options of
// an expiry, futures of an expiry, or what has none, by underlying; groups get slots in the order in which rows reach them.
// bindings/reference/scenario/fold.ts is the definition.
import * as abi from '../abi';
import { column, f64At, readU32, u32At } from '../memory';
import { amountOf, book, expiries, hedgedUnderlying, markets, openTerms } from './terms';

/** Which of a unit's open orders are taken as filled. */
export const FILLED_NONE: i32 = 0;
export const FILLED_BIDS: i32 = 1;
export const FILLED_ASKS: i32 = 2;

/** The unit, its model, the first row and the length of the model's table, numbers of an array and their bytes. */
export let unit: u32 = 0;
export let k: u32 = 0;
export let first: u32 = 0;
export let scenarios: u32 = 0;
export let width: u32 = 0;
export let bytes: usize = 0;
/** Position rows of the unit, and the one behind the last. */
export let p0: u32 = 0;
export let pEnd: u32 = 0;
/** Groups that have a slot. */
export let slots: u32 = 0;

let cells: usize = 0;
let keys: usize = 0;
let sizes: usize = 0;
let orders: usize = 0;
let bids: usize = 0;
let asks: usize = 0;
let kinds: usize = 0;
let expiryOfMarket: usize = 0;
let underlyingOfMarket: usize = 0;
let sums: usize = 0;
let slotRows: usize = 0;
let groups: usize = 0;
let months: usize = 0;
let underlyings: usize = 0;
let filled: i32 = FILLED_NONE;

/** Points at unit `u` and model `model`; what was open before is closed. */
export function openFold(header: usize, u: u32, model: u32): void {
  openTerms(header);
  unit = u;
  k = model;
  first = readU32(header, abi.MODEL_SCENARIO, k);
  scenarios = readU32(header, abi.MODEL_SCENARIOS, k);
  width = readU32(header, abi.MODEL_WIDTH, k);
  bytes = (<usize>width) << 3;
  findRows();
  cells = column(header, abi.CELL_VALUE) + ((<usize>readU32(header, abi.MODEL_CELL, k)) << 3);
  keys = column(header, abi.POSITION_KEY);
  sizes = column(header, abi.POSITION_SIZE);
  orders = column(header, abi.POSITION_ORDER);
  bids = column(header, abi.ORDER_BID_SIZE);
  asks = column(header, abi.ORDER_ASK_SIZE);
  kinds = column(header, abi.MARKET_KIND);
  expiryOfMarket = column(header, abi.MARKET_EXPIRY);
  underlyingOfMarket = column(header, abi.MARKET_UNDERLYING);
  sums = column(header, abi.FOLD_SUM);
  slotRows = column(header, abi.FOLD_SLOT);
  groups = column(header, abi.FOLD_GROUP);
  months = column(header, abi.FOLD_MONTH);
  underlyings = column(header, abi.FOLD_UNDERLYING);
  close();
}

/** Position rows of the unit, which may have got another. */
export function findRows(): void {
  p0 = readU32(book, abi.UNIT_POSITION_START, unit);
  pEnd = p0 + readU32(book, abi.UNIT_POSITION_COUNT, unit);
}

/** Market of a position row. */
// @ts-ignore: decorator
@inline
export function marketOf(p: u32): u32 {
  return u32At(keys, p) >>> 2;
}

/** Sums of a slot; behind the last slot there are three arrays for a scan and one to keep sums in. */
// @ts-ignore: decorator
@inline
export function sumsOf(slot: u32): usize {
  return sums + <usize>slot * bytes;
}

/** Risk array of market `i`, or of asset `i - markets`. */
// @ts-ignore: decorator
@inline
export function arrayOf(i: u32): usize {
  return cells + <usize>i * bytes;
}

/** What a contract of a market moves, at the spot, in the numeraire: it stands behind value and delta. */
// @ts-ignore: decorator
@inline
export function spotOfContract(m: u32): f64 {
  return load<f64>(arrayOf(m) + ((<usize>scenarios) << 3), 16);
}

// @ts-ignore: decorator
@inline
export function underlyingOf(slot: u32): u32 {
  return u32At(underlyings, slot);
}

/** Expiry of a slot, of options or of futures, or NONE. */
// @ts-ignore: decorator
@inline
export function monthOf(slot: u32): u32 {
  return u32At(months, slot);
}

// @ts-ignore: decorator
@inline
export function groupOfSlot(slot: u32): u32 {
  return u32At(groups, slot);
}

/** Expiry of a slot of options, or NONE for what is linear. */
// @ts-ignore: decorator
@inline
export function expiryOf(slot: u32): u32 {
  const group = u32At(groups, slot);
  return group < expiries ? group : abi.NONE;
}

/** Options of an expiry, then futures of an expiry, then what has none, by underlying. */
// @ts-ignore: decorator
@inline
export function groupOf(m: u32): u32 {
  const e = u32At(expiryOfMarket, m);
  if (u32At(kinds, m) >= abi.KIND_CALL) return e;
  return e == abi.NONE ? 2 * expiries + u32At(underlyingOfMarket, m) : expiries + e;
}

/** Contracts of a row, with the orders that count as filled. */
// @ts-ignore: decorator
@inline
export function sizeOf(p: u32): f64 {
  const held = f64At(sizes, p);
  if (filled == FILLED_NONE) return held;
  const o = u32At(orders, p);
  if (o == 0) return held;
  return filled == FILLED_BIDS ? held + f64At(bids, o - 1) : held - f64At(asks, o - 1);
}

/** Whether a slot is the first of its underlying. */
export function isFirst(slot: u32): bool {
  const underlying = u32At(underlyings, slot);
  for (let before: u32 = 0; before < slot; before++) if (u32At(underlyings, before) == underlying) return false;
  return true;
}

/** Whether a slot belongs to the scope: one underlying, or NONE for all. */
// @ts-ignore: decorator
@inline
export function inside(slot: u32, scope: u32): bool {
  return scope == abi.NONE || u32At(underlyings, slot) == scope;
}

/** Rows of one group that stand together: their arrays and sizes, so that sums stay in registers while they are added. */
const MOST_TOGETHER: i32 = 32;
const ROW: usize = 16;
const rowsTogether = memory.data(32 << 4);
let together: i32 = 0;
/** Slot that they belong to, and whether it has nothing in it yet. */
let current: u32 = 0;
let fresh: bool = false;

/** Adds rows to `2 * N` numbers of their slot's sums. */
// @ts-ignore: decorator
@inline
function addBlock(into: usize, at: usize, wide: bool): void {
  const zero = f64x2.splat(0);
  let a = fresh ? zero : v128.load(into + at);
  let b = fresh ? zero : v128.load(into + at, 16);
  let c = zero;
  let d = zero;
  let e = zero;
  let f = zero;
  let g = zero;
  let h = zero;
  if (wide && !fresh) {
    c = v128.load(into + at, 32);
    d = v128.load(into + at, 48);
    e = v128.load(into + at, 64);
    f = v128.load(into + at, 80);
    g = v128.load(into + at, 96);
    h = v128.load(into + at, 112);
  }
  const end = rowsTogether + <usize>together * ROW;
  for (let row = rowsTogether; row < end; row += ROW) {
    const cell = load<usize>(row) + at;
    const size = v128.load64_splat(row, 8);
    a = f64x2.add(a, f64x2.mul(size, v128.load(cell)));
    b = f64x2.add(b, f64x2.mul(size, v128.load(cell, 16)));
    if (wide) {
      c = f64x2.add(c, f64x2.mul(size, v128.load(cell, 32)));
      d = f64x2.add(d, f64x2.mul(size, v128.load(cell, 48)));
      e = f64x2.add(e, f64x2.mul(size, v128.load(cell, 64)));
      f = f64x2.add(f, f64x2.mul(size, v128.load(cell, 80)));
      g = f64x2.add(g, f64x2.mul(size, v128.load(cell, 96)));
      h = f64x2.add(h, f64x2.mul(size, v128.load(cell, 112)));
    }
  }
  v128.store(into + at, a);
  v128.store(into + at, b, 16);
  if (wide) {
    v128.store(into + at, c, 32);
    v128.store(into + at, d, 48);
    v128.store(into + at, e, 64);
    v128.store(into + at, f, 80);
    v128.store(into + at, g, 96);
    v128.store(into + at, h, 112);
  }
}

/** Adds the rows that stand together. */
function flush(): void {
  if (together == 0) return;
  const into = sumsOf(current);
  let at: usize = 0;
  for (; at + 128 <= bytes; at += 128) addBlock(into, at, true);
  for (; at + 32 <= bytes; at += 32) addBlock(into, at, false);
  if (at < bytes) {
    let sum = fresh ? f64x2.splat(0) : v128.load(into + at);
    const end = rowsTogether + <usize>together * ROW;
    for (let row = rowsTogether; row < end; row += ROW) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(row, 8), v128.load(load<usize>(row) + at)));
    }
    v128.store(into + at, sum);
  }
  fresh = false;
  together = 0;
}

/** Goes to the slot of a group, which is opened where there is none. */
function goTo(group: u32, underlying: u32, month: u32): void {
  const slot = slotRows + ((<usize>group) << 2);
  const had = load<u32>(slot);
  if (had != 0) {
    current = had - 1;
    fresh = false;
    return;
  }
  current = slots++;
  fresh = true;
  store<u32>(slot, current + 1);
  const at = (<usize>current) << 2;
  store<u32>(groups + at, group);
  store<u32>(underlyings + at, underlying);
  store<u32>(months + at, month);
}

/** Adds a row of the group that is current. */
// @ts-ignore: decorator
@inline
function add(array: usize, size: f64): void {
  if (together == MOST_TOGETHER) flush();
  const row = rowsTogether + <usize>together * ROW;
  store<usize>(row, array);
  store<f64>(row, size, 8);
  together++;
}

/** Sums anew, with the orders of one side taken as filled or with none. Slots of the last time are closed first. */
export function run(fill: i32): void {
  close();
  filled = fill;
  let group = abi.NONE;
  for (let p = p0; p < pEnd; p++) {
    const size = sizeOf(p);
    if (size == 0) continue;
    const m = marketOf(p);
    const next = groupOf(m);
    if (next != group) {
      flush();
      group = next;
      goTo(group, u32At(underlyingOfMarket, m), u32At(expiryOfMarket, m));
    }
    add(arrayOf(m), size);
  }
  const b0 = readU32(book, abi.UNIT_BALANCE_START, unit);
  const end = b0 + readU32(book, abi.UNIT_BALANCE_COUNT, unit);
  for (let b = b0; b < end; b++) {
    const a = readU32(book, abi.BALANCE_ASSET, b);
    const underlying = hedgedUnderlying(a);
    if (underlying == abi.NONE) continue;
    const amount = amountOf(b);
    if (amount == 0) continue;
    const next = 2 * expiries + underlying;
    if (next != group) {
      flush();
      group = next;
      goTo(group, underlying, abi.NONE);
    }
    add(arrayOf(markets + a), amount);
  }
  flush();
}

/** Slot of a market's group, opened with sums of 0 where there is none. */
export function slotOf(m: u32): u32 {
  goTo(groupOf(m), u32At(underlyingOfMarket, m), u32At(expiryOfMarket, m));
  if (fresh) memory.fill(sumsOf(current), 0, bytes);
  return current;
}

/** Adds contracts of a market to the sums of its slot. */
export function addTo(slot: u32, m: u32, size: f64): void {
  const into = sumsOf(slot);
  const array = arrayOf(m);
  const sizes = f64x2.splat(size);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(into + at, f64x2.add(v128.load(into + at), f64x2.mul(sizes, v128.load(array + at))));
  }
}

/** Gives the slots back. */
export function close(): void {
  for (let slot: u32 = 0; slot < slots; slot++) store<u32>(slotRows + ((<usize>u32At(groups, slot)) << 2), 0);
  slots = 0;
}
