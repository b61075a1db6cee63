// Ends of boxes: two heaps of four children a coordinate, of the ends below and above, in pages that heaps take as they grow. A slot
// knows where its ends are, so an end is moved in place: nothing stale is ever left behind. Keys are rounded towards the price.
import * as abi from '../abi';
import { column, rows, u32At } from '../memory';

/** Of its entries a page has so many bits of the number; the first of a heap stands at 3, so that four children share a line. */
const PAGE_BITS: u32 = 9;
const IN_PAGE: u32 = abi.WATCH_PAGE - 1;
const SHIFT: u32 = 3;

let pages: usize = 0;
let ends: usize = 0;
let ats: usize = 0;
let counts: usize = 0;
let tables: usize = 0;
let perHeap: u32 = 0;
let capacity: u32 = 0;
/** Pages that heaps have. */
let used: u32 = 0;

export function open(header: usize): void {
  pages = column(header, abi.PAGE_NUMBER);
  ends = column(header, abi.END_ENTRY);
  ats = column(header, abi.SLOT_AT);
  counts = column(header, abi.COORDINATE_COUNT);
  tables = column(header, abi.COORDINATE_TABLE);
  perHeap = <u32>load<f64>(column(header, abi.WATCH_TERM), abi.WATCH_PAGES);
  capacity = rows(header, abi.COUNT_END) >>> PAGE_BITS;
}

/** Forgets all pages; the host has cleared counts and tables. */
export function clear(): void {
  used = 0;
}

/** Pages that are left. */
export function room(): u32 {
  return capacity - used;
}

export function pagesUsed(): u32 {
  return used;
}

// @ts-ignore: decorator
@inline
function tableOf(c: u32, above: u32): u32 {
  return u32At(tables, c) + above * perHeap;
}

// @ts-ignore: decorator
@inline
function countAt(c: u32, above: u32): usize {
  return counts + ((<usize>(2 * c + above)) << 2);
}

// @ts-ignore: decorator
@inline
function entryAt(table: u32, i: u32): usize {
  const place = i + SHIFT;
  const page = u32At(pages, table + (place >>> PAGE_BITS)) - 1;
  return ends + ((<usize>((page << PAGE_BITS) + (place & IN_PAGE))) << 3);
}

// @ts-ignore: decorator
@inline
function place(table: u32, above: u32, i: u32, key: f32, slot: u32): void {
  const entry = entryAt(table, i);
  store<f32>(entry, key);
  store<u32>(entry, slot, 4);
  store<u32>(ats + ((<usize>(2 * slot + above)) << 2), i + 1);
}

function rise(table: u32, above: u32, i: u32, key: f32, slot: u32): void {
  while (i > 0) {
    const parent = (i - 1) >>> 2;
    const entry = entryAt(table, parent);
    const had = load<f32>(entry);
    if (had <= key) break;
    place(table, above, i, had, load<u32>(entry, 4));
    i = parent;
  }
  place(table, above, i, key, slot);
}

function sink(table: u32, above: u32, count: u32, i: u32, key: f32, slot: u32): void {
  for (;;) {
    let child: u32 = 4 * i + 1;
    if (child >= count) break;
    let entry = entryAt(table, child);
    let least = load<f32>(entry);
    let leastEntry = entry;
    let leastChild = child;
    const end = min(child + 4, count);
    for (child++; child < end; child++) {
      entry += 8;
      const next = load<f32>(entry);
      if (next < least) {
        least = next;
        leastEntry = entry;
        leastChild = child;
      }
    }
    if (key <= least) break;
    place(table, above, i, least, load<u32>(leastEntry, 4));
    i = leastChild;
  }
  place(table, above, i, key, slot);
}

/** Puts entry `i` where its key belongs. */
function settle(table: u32, above: u32, count: u32, i: u32, key: f32, slot: u32): void {
  if (i > 0 && load<f32>(entryAt(table, (i - 1) >>> 2)) > key) rise(table, above, i, key, slot);
  else sink(table, above, count, i, key, slot);
}

/** Key of the end that a slot has; NaN: none. */
export function keyOf(c: u32, above: u32, slot: u32): f32 {
  const at = u32At(ats, 2 * slot + above);
  return at == 0 ? <f32>NaN : load<f32>(entryAt(tableOf(c, above), at - 1));
}

/** Sets the end of a slot; there is room for a page. */
export function put(c: u32, above: u32, slot: u32, key: f32): void {
  const table = tableOf(c, above);
  const at = u32At(ats, 2 * slot + above);
  const counter = countAt(c, above);
  const count = load<u32>(counter);
  if (at != 0) {
    settle(table, above, count, at - 1, key, slot);
    return;
  }
  const page = pages + ((<usize>(table + ((count + SHIFT) >>> PAGE_BITS))) << 2);
  if (load<u32>(page) == 0) store<u32>(page, ++used);
  store<u32>(counter, count + 1);
  rise(table, above, count, key, slot);
}

/** Takes the end of a slot out, if it has one. */
export function drop(c: u32, above: u32, slot: u32): void {
  const at = u32At(ats, 2 * slot + above);
  if (at == 0) return;
  store<u32>(ats + ((<usize>(2 * slot + above)) << 2), 0);
  const table = tableOf(c, above);
  const counter = countAt(c, above);
  const last = load<u32>(counter) - 1;
  store<u32>(counter, last);
  if (at - 1 == last) return;
  const entry = entryAt(table, last);
  settle(table, above, last, at - 1, load<f32>(entry), load<u32>(entry, 4));
}

/** Crossed entries whose children are still to be looked at: at most three siblings a level, of sixteen levels. */
const waiting: usize = memory.data(64 << 2);

/** Slots whose ends a price has crossed, one after the other: `first` opens, `next` goes on; NONE: no more. */
let walked: u32 = 0;
let walkedAbove: u32 = 0;
let walkedCount: u32 = 0;
let walkedTo: f64 = 0;
let depth: usize = 0;

function visit(i: u32): void {
  if (i >= walkedCount) return;
  if (!(walkedTo > <f64>load<f32>(entryAt(walked, i)))) return;
  store<u32>(waiting + (depth << 2), i);
  depth++;
}

/** @param to - the price less the base of its coordinate, with the other sign below: what is beyond a key has crossed it */
export function first(c: u32, above: u32, to: f64): u32 {
  walked = tableOf(c, above);
  walkedAbove = above;
  walkedCount = load<u32>(countAt(c, above));
  walkedTo = to;
  depth = 0;
  visit(0);
  return next();
}

/** The next one. Nothing may be put or dropped in between. */
export function next(): u32 {
  if (depth == 0) return abi.NONE;
  depth--;
  const i = load<u32>(waiting + (depth << 2));
  const slot = load<u32>(entryAt(walked, i), 4);
  for (let child = 4 * i + 4; child > 4 * i; child--) visit(child);
  return slot;
}
