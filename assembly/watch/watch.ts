// The watch: a tick queues the units whose boxes it leaves, the run margins them and gives them new ones. After a rescan units wait
// for their boxes, sorted by the move that they withstand, and are margined when prices have moved so far since.
import * as abi from '../abi';
import { marginOne, openScan } from '../margin/scan';
import * as at from '../margin/state';
import { column, readU32, rows, u32At } from '../memory';
import * as box from './box';
import * as coordinate from './coordinate';
import * as heap from './heap';
import * as slots from './slots';
import * as waiting from './waiting';
import * as zone from './zone';

let states: usize = 0;
let queue: usize = 0;
let terms: usize = 0;
/** Units in the queue, how many of them are done, and how many of those have changed zones: these stand first. */
let queued: u32 = 0;
let done: u32 = 0;
let changed: u32 = 0;

function open(header: usize): void {
  coordinate.open(header);
  heap.open(header);
  slots.open(header);
  waiting.open(header);
  states = column(header, abi.WATCHED_STATE);
  queue = column(header, abi.QUEUE_UNIT);
  terms = column(header, abi.WATCH_TERM);
}

function count(term: usize, more: f64): void {
  store<f64>(terms + term, load<f64>(terms + term) + more);
}

// @ts-ignore: decorator
@inline
function enqueue(u: u32): void {
  const at = states + ((<usize>u) << 2);
  const state = load<u32>(at);
  if ((state & abi.STATE_QUEUED) != 0) return;
  store<u32>(at, state | abi.STATE_QUEUED);
  store<u32>(queue + ((<usize>queued) << 2), u);
  queued++;
}

/** Notes that the zone of `u` is another. */
function note(u: u32): void {
  store<u32>(queue + ((<usize>changed) << 2), u);
  changed++;
}

/** Queues unit `u`: its rows have changed, or it is new. */
export function touch(header: usize, u: u32): void {
  open(header);
  enqueue(u);
}

/** Queues the units whose boxes a value leaves. @returns false where there are so many that a rescan is cheaper */
function cross(header: usize, c: u32, value: f64, most: u32): bool {
  const x = value - load<f64>(coordinate.bases + ((<usize>c) << 3));
  for (let above: u32 = 0; above < 2; above++) {
    let slot = heap.first(c, above, above ? x : -x);
    while (slot != abi.NONE) {
      const u = slots.unitOf(slot);
      pops++;
      if (defers && readU32(header, abi.UNIT_MODEL, u) != 0) putOff(header, u);
      else enqueue(u);
      if (queued > most) return false;
      slot = heap.next();
    }
  }
  return true;
}

let pops: u32 = 0;

/** Units of models are looked at later, and those that were put off. */
let defers: bool = false;
let deferred: u32 = 0;

/** From now on units of models are put off; or those that were are queued, and it is over. */
export function defer(header: usize, on: bool): void {
  open(header);
  defers = on;
  if (on) return;
  const units = column(header, abi.DEFERRED_UNIT);
  for (let i: u32 = 0; i < deferred; i++) {
    const u = u32At(units, i);
    const at = states + ((<usize>u) << 2);
    store<u32>(at, load<u32>(at) & ~abi.STATE_DEFERRED);
    enqueue(u);
  }
  deferred = 0;
  store<f64>(terms, 0, abi.WATCH_DEFERRED);
}

function putOff(header: usize, u: u32): void {
  const at = states + ((<usize>u) << 2);
  const state = load<u32>(at);
  if ((state & abi.STATE_DEFERRED) != 0) return;
  store<u32>(at, state | abi.STATE_DEFERRED);
  store<u32>(column(header, abi.DEFERRED_UNIT) + ((<usize>deferred) << 2), u);
  deferred++;
  store<f64>(terms, <f64>deferred, abi.WATCH_DEFERRED);
}

/** Part of a new move of a mark in the mean over all of them. */
const NEW: f64 = 1.0 / 1024.0;

/** Takes in coordinate `c` if it has moved. @param main - value at the last tick of the price beside it @returns WATCHED codes */
function move(header: usize, c: u32, most: u32, main: f64): i32 {
  const value = coordinate.valueOf(c);
  const had = load<f64>(coordinate.seens + ((<usize>c) << 3));
  if (value == had) return !coordinate.isActive(c) && coordinate.leaves(c, main) ? abi.WATCHED_GAP : abi.WATCHED_DONE;
  coordinate.stale(c);
  if (!coordinate.isActive(c) && coordinate.follows(c, main)) {
    coordinate.see(c, value);
    return abi.WATCHED_DONE;
  }
  const pace = coordinate.take(c, value);
  if (!coordinate.isActive(c)) return abi.WATCHED_GAP;
  if (coordinate.isRelative(c) && (value == 0 || had == 0 || coordinate.isBelow(c, value))) return abi.WATCHED_GAP;
  if (c % abi.COORDINATES == abi.COORDINATE_MARK) {
    const mean = load<f64>(terms, abi.WATCH_PACE);
    store<f64>(terms, mean + (pace - mean) * NEW, abi.WATCH_PACE);
  }
  waiting.moved(coordinate.movedBy(c, value));
  return cross(header, c, value, most) ? abi.WATCHED_DONE : abi.WATCHED_GAP;
}

/**
 * Takes in the prices and indices of a market (`i` its row) or an asset (`i` behind the markets) as the book has them.
 * @returns WATCHED_DONE, or WATCHED_GAP: rescan
 */
export function tick(header: usize, i: u32): i32 {
  open(header);
  const most = <u32>load<f64>(terms, abi.WATCH_MOST);
  pops = 0;
  let code = abi.WATCHED_DONE;
  const first = i * abi.COORDINATES;
  const main = load<f64>(coordinate.seens + ((<usize>first) << 3));
  for (let c = first; c < first + abi.COORDINATES; c++) {
    if (move(header, c, most, main) != abi.WATCHED_DONE) code = abi.WATCHED_GAP;
  }
  count(abi.WATCH_POPS, <f64>pops);
  return code;
}

/** Brings unit values up to date that the unit is margined by. */
function freshen(u: u32): void {
  const b0 = u32At(at.unitBalanceStart, u);
  const bEnd = b0 + u32At(at.unitBalanceCount, u);
  for (let b = b0; b < bEnd; b++) coordinate.freshenAsset(u32At(at.balanceAsset, b));
  const p0 = u32At(at.unitPositionStart, u);
  const pEnd = p0 + u32At(at.unitPositionCount, u);
  for (let p = p0; p < pEnd; p++) coordinate.freshenMarket(u32At(at.positionKey, p) >>> 2);
}

/** Margins a unit, notes a change of its zone, and gives it a box. @returns WATCHED codes */
function take(header: usize, u: u32): i32 {
  freshen(u);
  marginOne(header, u);
  const now = zone.zoneOf(u);
  const code = box.schedule(u, now);
  if (code != abi.WATCHED_DONE) return code;
  const at = states + ((<usize>u) << 2);
  const state = load<u32>(at) & ~(abi.STATE_QUEUED | abi.STATE_BEFORE);
  const had = state & abi.STATE_ZONE;
  store<u32>(at, (state & ~abi.STATE_ZONE) | now | (had << 2));
  if (now != had) note(u);
  return abi.WATCHED_DONE;
}

/** Forgets the changes that the host has read. */
export function acknowledge(): void {
  queued = done = changed = 0;
}

/** Units whose zone has changed: they stand first in `queue`. */
export function changes(): u32 {
  return changed;
}

/**
 * Margins what is queued, and of the units that wait for a box those that prices may have reached, and `rest` more.
 * @param fresh - results of units without a box are still those of the rescan
 * @returns WATCHED codes; where there is no room, it goes on after the host has made some
 */
export function run(header: usize, rest: u32, fresh: bool): i32 {
  open(header);
  if (done == queued && !waiting.any(header, rest, fresh)) return abi.WATCHED_DONE;
  openScan(header);
  zone.open(header);
  box.open(header);
  const start = done;
  let code = abi.WATCHED_DONE;
  for (;;) {
    while (done < queued && code == abi.WATCHED_DONE) {
      code = take(header, u32At(queue, done));
      if (code == abi.WATCHED_DONE) done++;
    }
    if (code != abi.WATCHED_DONE || !waiting.any(header, rest, fresh)) break;
    const u = waiting.next(rest);
    if (u == abi.NONE) break;
    if (!waiting.due) rest--;
    if ((u32At(states, u) & abi.STATE_BOXED) == 0) enqueue(u);
  }
  count(abi.WATCH_MARGINED, <f64>(done - start));
  store<f64>(terms, <f64>waiting.left(), abi.WATCH_WAITING);
  if (code == abi.WATCHED_DONE && changed == 0) acknowledge();
  return code;
}

/** `tick` and `run`, as most ticks are: one row has moved. @returns WATCHED codes */
export function step(header: usize, i: u32, rest: u32, fresh: bool): i32 {
  return tick(header, i) == abi.WATCHED_DONE ? run(header, rest, fresh) : abi.WATCHED_GAP;
}

/** Gives every unit that waits its box, in row order. @returns WATCHED codes, as `run` */
export function settle(header: usize): i32 {
  open(header);
  openScan(header);
  zone.open(header);
  box.open(header);
  const units = rows(header, abi.COUNT_WATCHED);
  for (; settled < units; settled++) {
    if ((u32At(states, settled) & abi.STATE_BOXED) != 0) continue;
    enqueue(settled);
    while (done < queued) {
      const code = take(header, u32At(queue, done));
      if (code != abi.WATCHED_DONE) return code;
      done++;
    }
  }
  settled = 0;
  waiting.none();
  store<f64>(terms, 0, abi.WATCH_WAITING);
  if (changed == 0) acknowledge();
  return abi.WATCHED_DONE;
}

let settled: u32 = 0;

/**
 * Starts anew after the host has rescanned the whole book: notes changes of zones, takes all boxes away.
 * @param known - units that the watch knew; of others the zone before is healthy
 */
export function reset(header: usize, known: u32): void {
  open(header);
  zone.open(header);
  coordinate.anchorAll();
  memory.fill(column(header, abi.PAGE_NUMBER), 0, (<usize>rows(header, abi.COUNT_PAGE)) << 2);
  const coordinates = rows(header, abi.COUNT_COORDINATE);
  memory.fill(column(header, abi.COORDINATE_COUNT), 0, (<usize>coordinates) << 3);
  heap.clear();
  slots.clear();
  acknowledge();
  deferred = 0;
  store<f64>(terms, 0, abi.WATCH_DEFERRED);
  settled = 0;
  const units = rows(header, abi.COUNT_WATCHED);
  waiting.all(header);
  for (let u: u32 = 0; u < units; u++) {
    const at = states + ((<usize>u) << 2);
    const had = u < known ? load<u32>(at) & abi.STATE_ZONE : 0;
    const now = zone.zoneOf(u);
    store<u32>(at, now | (had << 2));
    if (now != had) note(u);
  }
  queued = done = changed;
  store<f64>(terms, <f64>units, abi.WATCH_WAITING);
}
