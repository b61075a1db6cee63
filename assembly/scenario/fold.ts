// What a unit gains in each scenario: its positions times their risk arrays, summed by group in row order. A group is options of
// an expiry, futures of an expiry, or what has none, by underlying; their slots stand by underlying, then by group.
// bindings/reference/scenario/fold.ts is the definition.
import * as abi from '../abi';
import { column, f64At, readU32, u32At } from '../memory';
import { amountOf, book, expiries, hedgedUnderlying, markets, openTerms, parameterOf } from './terms';

/** A scope is an underlying, NONE for all of them, or this and the first underlying of a group. */
export const GROUP: u32 = 0x80000000;

/** Arrays behind the last slot. */
export const GAINS: u32 = 0; // of an underlying
export const LOSSES: u32 = 1; // of a scope
export const AGES: u32 = 2; // weights by age
export const KEPT: u32 = 3; // sums that a what-if puts back
export const WEIGHTS: u32 = 4; // of scenarios, for an underlying
export const DAMPENERS: u32 = 5;

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
/** Parameter by which underlyings are in groups, or NONE. */
let groupBy: u32 = abi.NONE;

/** Points at unit `u` and model `model`; what was open before is closed. */
export function openFold(header: usize, u: u32, model: u32): void {
  openTerms(header);
  unit = u;
  k = model;
  first = readU32(header, abi.MODEL_SCENARIO, k);
  scenarios = readU32(header, abi.MODEL_SCENARIOS, k);
  width = readU32(header, abi.MODEL_WIDTH, k);
  groupBy = readU32(header, abi.MODEL_GROUP, k);
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

/** Sums of a slot. */
// @ts-ignore: decorator
@inline
export function sumsOf(slot: u32): usize {
  return sums + <usize>slot * bytes;
}

/** An array behind the last slot. */
// @ts-ignore: decorator
@inline
export function scratch(array: u32): usize {
  return sumsOf(slots + array);
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

/** Options of an expiry, then futures of an expiry (which has one underlying), then what has none, by underlying. */
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

/** Whether a slot is the first of its underlying: they stand together. */
// @ts-ignore: decorator
@inline
export function isFirst(slot: u32): bool {
  return slot == 0 || u32At(underlyings, slot - 1) != u32At(underlyings, slot);
}

/** Whether two underlyings are in one group. */
function inOneGroup(a: u32, b: u32): bool {
  if (a == b) return true;
  if (groupBy == abi.NONE) return false;
  const value = parameterOf(k, a, groupBy);
  return value != 0 && value == parameterOf(k, b, groupBy);
}

/** Whether a slot is the first of its group. */
export function isFirstOfGroup(slot: u32): bool {
  const underlying = u32At(underlyings, slot);
  for (let before: u32 = 0; before < slot; before++)
    if (inOneGroup(u32At(underlyings, before), underlying)) return false;
  return true;
}

/** Whether an underlying belongs to a scope. */
// @ts-ignore: decorator
@inline
export function counts(underlying: u32, scope: u32): bool {
  if (scope == abi.NONE || underlying == scope) return true;
  return scope >= GROUP && inOneGroup(scope - GROUP, underlying);
}

/** Whether the underlying of a slot does. */
// @ts-ignore: decorator
@inline
export function inside(slot: u32, scope: u32): bool {
  return counts(u32At(underlyings, slot), scope);
}

/** Whether the underlying of a market does. */
// @ts-ignore: decorator
@inline
export function holds(m: u32, scope: u32): bool {
  return scope == abi.NONE || counts(u32At(underlyingOfMarket, m), scope);
}

/** Rows of one group that stand together: their arrays and sizes, so that sums stay in registers while they are added. */
const MOST_TOGETHER: i32 = 32;
const ROW: usize = 16;
const rowsTogether = memory.data(32 << 4);
let together: i32 = 0;
/** Sums that they are added to. */
let current: usize = 0;

/** Adds rows to four numbers of their slot's sums from `at` on, or to sixteen. */
// @ts-ignore: decorator
@inline
function addBlock(at: usize, wide: bool): void {
  const into = current + at;
  let a = v128.load(into);
  let b = v128.load(into, 16);
  let c = wide ? v128.load(into, 32) : a;
  let d = wide ? v128.load(into, 48) : a;
  let e = wide ? v128.load(into, 64) : a;
  let f = wide ? v128.load(into, 80) : a;
  let g = wide ? v128.load(into, 96) : a;
  let h = wide ? v128.load(into, 112) : a;
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
  v128.store(into, a);
  v128.store(into, b, 16);
  if (wide) {
    v128.store(into, c, 32);
    v128.store(into, d, 48);
    v128.store(into, e, 64);
    v128.store(into, f, 80);
    v128.store(into, g, 96);
    v128.store(into, h, 112);
  }
}

/** Adds the rows that stand together. */
function flush(): void {
  if (together == 0) return;
  let at: usize = 0;
  for (; at + 128 <= bytes; at += 128) addBlock(at, true);
  for (; at + 32 <= bytes; at += 32) addBlock(at, false);
  if (at < bytes) {
    let sum = v128.load(current + at);
    const end = rowsTogether + <usize>together * ROW;
    for (let row = rowsTogether; row < end; row += ROW) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(row, 8), v128.load(load<usize>(row) + at)));
    }
    v128.store(current + at, sum);
  }
  together = 0;
}

/** Adds a row of a group. */
// @ts-ignore: decorator
@inline
function add(group: u32, array: usize, size: f64): void {
  const into = sumsOf(u32At(slotRows, group) - 1);
  if (into != current || together == MOST_TOGETHER) flush();
  current = into;
  const row = rowsTogether + <usize>together * ROW;
  store<usize>(row, array);
  store<f64>(row, size, 8);
  together++;
}

/** Moves a slot one place on. */
function shift(slot: u32): void {
  const from = (<usize>slot) << 2;
  const group = load<u32>(groups + from);
  store<u32>(groups + from, group, 4);
  store<u32>(underlyings + from, load<u32>(underlyings + from), 4);
  store<u32>(months + from, load<u32>(months + from), 4);
  store<u32>(slotRows + ((<usize>group) << 2), slot + 2);
}

/** Whether a slot stands behind a group. */
function isBehind(slot: u32, underlying: u32, group: u32): bool {
  const other = u32At(underlyings, slot);
  return other > underlying || (other == underlying && u32At(groups, slot) > group);
}

/** Opens a slot for a group that has none: by underlying, then by group, whatever the order of the rows. */
function open(group: u32, underlying: u32, month: u32): void {
  if (u32At(slotRows, group) != 0) return;
  let slot = slots++;
  for (; slot > 0 && isBehind(slot - 1, underlying, group); slot--) shift(slot - 1);
  const at = (<usize>slot) << 2;
  store<u32>(slotRows + ((<usize>group) << 2), slot + 1);
  store<u32>(groups + at, group);
  store<u32>(underlyings + at, underlying);
  store<u32>(months + at, month);
}

/** Opens the slots of all that the unit holds. */
function openSlots(b0: u32, bEnd: u32): void {
  let last = abi.NONE;
  for (let p = p0; p < pEnd; p++) {
    if (sizeOf(p) == 0) continue;
    const m = marketOf(p);
    const group = groupOf(m);
    if (group != last) open(group, u32At(underlyingOfMarket, m), u32At(expiryOfMarket, m));
    last = group;
  }
  for (let b = b0; b < bEnd; b++) {
    const underlying = hedgedUnderlying(readU32(book, abi.BALANCE_ASSET, b));
    if (underlying != abi.NONE && amountOf(b) != 0) open(2 * expiries + underlying, underlying, abi.NONE);
  }
}

/** Sums anew, with the orders of one side taken as filled or with none. Slots of the last time are closed first. */
export function run(fill: i32): void {
  close();
  filled = fill;
  const b0 = readU32(book, abi.UNIT_BALANCE_START, unit);
  const bEnd = b0 + readU32(book, abi.UNIT_BALANCE_COUNT, unit);
  openSlots(b0, bEnd);
  memory.fill(sums, 0, <usize>slots * bytes);
  current = 0;
  for (let p = p0; p < pEnd; p++) {
    const size = sizeOf(p);
    if (size == 0) continue;
    const m = marketOf(p);
    add(groupOf(m), arrayOf(m), size);
  }
  for (let b = b0; b < bEnd; b++) {
    const a = readU32(book, abi.BALANCE_ASSET, b);
    const underlying = hedgedUnderlying(a);
    if (underlying == abi.NONE) continue;
    const amount = amountOf(b);
    if (amount != 0) add(2 * expiries + underlying, arrayOf(markets + a), amount);
  }
  flush();
}

/** Slot of a market's group, or NONE. */
export function slotOf(m: u32): u32 {
  const slot = u32At(slotRows, groupOf(m));
  return slot == 0 ? abi.NONE : slot - 1;
}

/** Opens a slot for a market's group among those that have sums. */
export function insert(m: u32): u32 {
  const group = groupOf(m);
  open(group, u32At(underlyingOfMarket, m), u32At(expiryOfMarket, m));
  const slot = u32At(slotRows, group) - 1;
  const at = sumsOf(slot);
  memory.copy(at + bytes, at, <usize>(slots - 1 - slot) * bytes);
  memory.fill(at, 0, bytes);
  return slot;
}

/** Takes a slot out again. */
export function remove(slot: u32): void {
  store<u32>(slotRows + ((<usize>u32At(groups, slot)) << 2), 0);
  for (let next = slot + 1; next < slots; next++) {
    const from = (<usize>next) << 2;
    const group = load<u32>(groups + from);
    store<u32>(groups + from - 4, group);
    store<u32>(underlyings + from - 4, load<u32>(underlyings + from));
    store<u32>(months + from - 4, load<u32>(months + from));
    store<u32>(slotRows + ((<usize>group) << 2), next);
  }
  const at = sumsOf(slot);
  slots--;
  memory.copy(at, at + bytes, <usize>(slots - slot) * bytes);
}

/** Adds contracts of a market to the sums of its slot. */
export function addTo(slot: u32, m: u32, size: f64): void {
  current = sumsOf(slot);
  store<usize>(rowsTogether, arrayOf(m));
  store<f64>(rowsTogether, size, 8);
  together = 1;
  flush();
}

/** Gives the slots back. */
export function close(): void {
  for (let slot: u32 = 0; slot < slots; slot++) store<u32>(slotRows + ((<usize>u32At(groups, slot)) << 2), 0);
  slots = 0;
}
