// Units that have no box yet after a rescan, sorted by the move of all prices at once that they surely withstand. As long as no
// price has moved so far since the rescan they need not be looked at; ticks give boxes to the most exposed first.
import * as abi from '../abi';
import * as at from '../margin/state';
import { column, f64At, readU32, rows, u32At } from '../memory';
import * as zone from './zone';

/** Moves are sorted by half octaves of 2^-20 to 2^11: exponent and first bit of the mantissa of an f32. */
const BUCKETS: u32 = 64;
const HALVES: u32 = 22;
const LOWEST: u32 = (127 - 20) * 2;
/** First place of each bucket in `waiting.unit`, and behind the last. */
const starts: usize = memory.data((64 + 1) << 2);

let units: usize = 0;
let moves: usize = 0;
let states: usize = 0;
let balances: usize = 0;
let count: u32 = 0;
let sorted: bool = true;
/** Next place to be given a box, and its bucket. */
let place: u32 = 0;
let bucket: u32 = 0;
/** Furthest that any price has moved since the rescan, as a share. */
let furthest: f64 = 0;

export function open(header: usize): void {
  units = column(header, abi.WAITING_UNIT);
  moves = column(header, abi.WATCHED_COUNT);
  states = column(header, abi.WATCHED_STATE);
  balances = column(header, abi.UNIT_BALANCE_COUNT);
}

/** All units wait. */
export function all(header: usize): void {
  count = rows(header, abi.COUNT_WATCHED);
  sorted = false;
  place = 0;
  bucket = 0;
  furthest = 0;
}

export function left(): u32 {
  return count - place;
}

export function none(): void {
  place = count;
}

// @ts-ignore: decorator
@inline
export function moved(share: f64): void {
  furthest = max(furthest, share);
}

/** More than rounding of sums, where costs and funding are not more than so many times the notional. */
const SLACK: f64 = 1.0 / 1048576.0;
const LARGEST: f64 = 65536;
/** A price that has moved so far leaves nothing to say about anybody. */
const FAR: f64 = 0.5;
/** What a move of all prices takes of a notional at most. */
let most: f64 = 2;

/** Distance of unit `u` from the lines of its zone, as of the rescan. */
function distance(u: u32): f64 {
  const collateral = zone.collateralOf(u, 1);
  const requirement = zone.requirementOf(u, 1);
  const state = u32At(states, u) & abi.STATE_ZONE;
  let least: f64 = Infinity;
  if (state <= zone.WARNING && zone.warning > 0) least = abs(collateral - zone.warning * requirement);
  if (state != zone.BACKSTOP) least = min(least, abs(collateral - requirement));
  if (state >= zone.LIQUIDATABLE && zone.backstop > 0)
    least = min(least, abs(collateral - zone.backstop * requirement));
  // At or below 0 everything turns on whether anything is required.
  if (zone.orEqual && (requirement == 0 || state >= zone.LIQUIDATABLE)) least = min(least, requirement);
  return least;
}

/** Whether what was paid for positions is so large beside what they are worth that rounding may count. */
function isRough(u: u32): bool {
  let paid: f64 = 0;
  const p0 = u32At(at.unitPositionStart, u);
  const pEnd = p0 + u32At(at.unitPositionCount, u);
  if (p0 == pEnd) return false;
  for (let p = p0; p < pEnd; p++) {
    paid += abs(f64At(at.positionCost, p)) + abs(f64At(at.positionSize, p) * f64At(at.positionFunding, p));
  }
  const asset = at.assetValue + <usize>u32At(at.balanceAsset, u32At(at.unitBalanceStart, u)) * abi.ASSET_ROW;
  return !(paid * load<f64>(asset, abi.ASSET_HIGH) <= zone.notionalOf(u) * LARGEST);
}

/**
 * The move of all prices that a unit withstands, from its results alone, where nothing but linear profits and marginal tables
 * counts: health changes by at most (1 + line * rate) of the notional per unit of the move, by 1 / (1 - move) more if inverse.
 */
function withstands(u: u32): f32 {
  if (u32At(balances, u) > 1) return 0;
  const notional = zone.notionalOf(u);
  const room = (distance(u) - (notional + abs(zone.collateralOf(u, 1))) * SLACK) / (notional * most);
  if (!(room > 0) || isRough(u)) return 0;
  return <f32>((room / (1 + room)) * (1 - 2 * SLACK));
}

// @ts-ignore: decorator
@inline
function bucketOf(bits: u32): u32 {
  return <u32>min(max(<i32>(bits >>> HALVES) - <i32>LOWEST, 0), <i32>BUCKETS - 1);
}

/** Least move in a bucket. */
function leastOf(b: u32): f64 {
  return b == 0 ? 0 : <f64>reinterpret<f32>((b + LOWEST) << HALVES);
}

/** Sorts them by what they withstand. @param fresh - results are still those of the rescan */
function sort(header: usize, fresh: bool): void {
  const terms = column(header, abi.WATCH_TERM);
  const full = (readU32(header, abi.HOUSE_FEATURES, 0) & abi.FEATURE_FULL) != 0;
  const known = fresh && !full && load<f64>(terms, abi.WATCH_ALIKE) != 0 && !zone.initial;
  most = 1 + max(1, zone.warning) * load<f64>(terms, abi.WATCH_RATE);
  memory.fill(starts, 0, (BUCKETS + 1) << 2);
  for (let u: u32 = 0; u < count; u++) {
    if ((u32At(states, u) & abi.STATE_BOXED) != 0) continue;
    const bits = known ? reinterpret<u32>(withstands(u)) : 0;
    store<u32>(moves + ((<usize>u) << 2), bits);
    const next = starts + ((<usize>(bucketOf(bits) + 1)) << 2);
    store<u32>(next, load<u32>(next) + 1);
  }
  for (let b: u32 = 0; b < BUCKETS; b++) {
    const next = starts + ((<usize>(b + 1)) << 2);
    store<u32>(next, load<u32>(next) + u32At(starts, b));
  }
  const all = u32At(starts, BUCKETS);
  // Filled from each start on, which leaves every start where the next bucket begins.
  for (let u: u32 = 0; u < count; u++) {
    if ((u32At(states, u) & abi.STATE_BOXED) != 0) continue;
    const start = starts + ((<usize>bucketOf(u32At(moves, u))) << 2);
    const to = load<u32>(start);
    store<u32>(units + ((<usize>to) << 2), u);
    store<u32>(start, to + 1);
  }
  count = all;
  place = 0;
  bucket = 0;
  sorted = true;
}

/** Whether the next one's box can not wait: a price has moved as far as some of its bucket withstand. */
function isDue(): bool {
  while (bucket < BUCKETS && u32At(starts, bucket) <= place) bucket++;
  return furthest > 0 && (furthest > FAR || leastOf(bucket) <= furthest);
}

/** Whether `next` will give a unit. */
export function any(header: usize, rest: u32, fresh: bool): bool {
  if (left() == 0 || (rest == 0 && furthest == 0)) return false;
  if (!sorted) {
    at.open(header);
    zone.open(header);
    sort(header, fresh);
  }
  return left() > 0 && (rest > 0 || isDue());
}

/** The last one that was given was due. */
export let due: bool = false;

/** The next unit: one that is due, else (where `rest` says so) the most exposed; NONE: no more. It may have a box by now. */
export function next(rest: u32): u32 {
  if (left() == 0) return abi.NONE;
  due = isDue();
  return due || rest > 0 ? u32At(units, place++) : abi.NONE;
}
