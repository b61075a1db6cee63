// The box of a unit: a range of each coordinate inside which it stays in its zone, whatever all of them do. Health is shared out over
// coordinates by what they cost and how fast they move, so that boxes are left as seldom as can be.
import * as abi from '../abi';
import * as at from '../margin/state';
import { column, f64At, readU32, u32At } from '../memory';
import * as bound from './bound';
import * as boxable from './boxable';
import { bases, isActive, isRelative, ofAsset, ofMarket, paces, seens } from './coordinate';
import * as heap from './heap';
import * as loss from './loss';
import * as slots from './slots';
import * as zone from './zone';

let book: usize = 0;
let firsts: usize = 0;
let counts: usize = 0;
let states: usize = 0;

export function open(header: usize): void {
  book = header;
  firsts = column(header, abi.WATCHED_FIRST);
  counts = column(header, abi.WATCHED_COUNT);
  states = column(header, abi.WATCHED_STATE);
  bound.open(header);
  heap.open(header);
  slots.open(header);
  loss.open(header);
  boxable.open(header);
}

/** Health and all losses are rounded by less than this share of what they are summed from, for each row. */
const ROUNDING: f64 = 1.0 / 70368744177664.0;
/** A box is narrower than prices can fall: beyond half of them the bounds would be too loose to be of use. */
const FAR: f64 = 0.5;

/**
 * What a coordinate gets of the slack, by what a tick of it costs. A side of w ticks is left after some w^2 of them, which would make
 * the power 2/3 the best; with units close to a line the root was better in measurements, and 2.5 times as good as shares in proportion.
 */
// @ts-ignore: decorator
@inline
function part(cost: f64): f64 {
  return sqrt(cost);
}

/** Narrows the box so that health stays on its side of a line. @returns whether there is any room */
function keep(u: u32, level: i32, line: f64, above: bool): bool {
  const collateral = zone.collateralOf(u, level);
  const requirement = zone.requirementOf(u, level);
  const health = above ? collateral - line * requirement : line * requirement - collateral;
  if (!(health > 0)) return false;
  // On average a side is as wide as health is of the notional; none is meant to be wider than twice that.
  const far = min(FAR, (2 * health) / max(zone.notionalOf(u), 1e-300));
  loss.losses(u, level, line, above, requirement, far);
  const rows = u32At(at.unitPositionCount, u) + u32At(at.unitBalanceCount, u);
  const slack = health - loss.gross * ROUNDING * <f64>(16 + rows);
  if (!(slack > 0)) return false;
  let total: f64 = 0;
  for (let row: u32 = 0; row < bound.count; row++) {
    total += part(f64At(paces, bound.nameOf(row)) * max(bound.lossOf(row, 0), bound.lossOf(row, 1)));
  }
  for (let row: u32 = 0; row < bound.count; row++) {
    const down = bound.lossOf(row, 0);
    const up = bound.lossOf(row, 1);
    const share = (slack / total) * part(f64At(paces, bound.nameOf(row)) * max(down, up));
    if (down > 0) bound.narrow(row, 0, share / down);
    if (up > 0) bound.narrow(row, 1, share / up);
  }
  return true;
}

/** Narrows the box by every line of the unit's zone. @returns whether there is a box at all */
function keepZone(u: u32, z: u32): bool {
  const warned = zone.initial ? 0 : 1;
  const line = zone.initial ? 1 : zone.warning;
  const level: i32 = zone.initial ? 0 : 1;
  const warns = line > 0;
  if (z <= zone.WARNING && warns && !boxable.isBound(u, level)) return false;
  if ((z != zone.HEALTHY || warned == 0 || !warns) && !boxable.isBound(u, 1)) return false;
  // Without a requirement nobody is liquidatable at or below 0.
  if (zone.orEqual && (zone.requirementOf(u, 1) == 0 || (z >= zone.LIQUIDATABLE && !boxable.needsAlways(u))))
    return false;
  if (z == zone.HEALTHY) {
    if (warns && !keep(u, level, line, true)) return false;
    // A warning line of maintenance lies above it.
    return (warns && warned == 1) || keep(u, 1, 1, true);
  }
  if (z == zone.WARNING) return keep(u, level, line, false) && keep(u, 1, 1, true);
  if (z == zone.BACKSTOP) return keep(u, 1, zone.backstop, false);
  return keep(u, 1, 1, false) && (zone.backstop == 0 || keep(u, 1, zone.backstop, true));
}

function dependsOnAsset(a: u32): void {
  if (a == abi.NONE) return;
  for (let kind: u32 = 0; kind < abi.COORDINATES; kind++) {
    const c = ofAsset(a, kind);
    if (isActive(c)) bound.rowOf(c);
  }
}

/** Takes in all that health of a unit may depend on: one without a box is margined on every tick of them. */
function dependsOn(u: u32): void {
  const b0 = u32At(at.unitBalanceStart, u);
  const bEnd = b0 + u32At(at.unitBalanceCount, u);
  for (let b = b0; b < bEnd; b++) {
    dependsOnAsset(u32At(at.balanceAsset, b));
    dependsOnAsset(readU32(book, abi.ASSET_HEDGES, u32At(at.balanceAsset, b)));
  }
  const p0 = u32At(at.unitPositionStart, u);
  const pEnd = p0 + u32At(at.unitPositionCount, u);
  for (let p = p0; p < pEnd; p++) {
    const m = u32At(at.positionKey, p) >>> 2;
    for (let kind: u32 = 0; kind < abi.COORDINATES; kind++) {
      const c = ofMarket(m, kind);
      if (isActive(c)) bound.rowOf(c);
    }
    dependsOnAsset(readU32(book, abi.MARKET_BASE, m));
    dependsOnAsset(readU32(book, abi.MARKET_QUOTE, m));
    dependsOnAsset(readU32(book, abi.MARKET_SETTLE, m));
  }
  const model = readU32(book, abi.UNIT_MODEL, u);
  if (model == 0) return;
  const root = readU32(book, abi.MODEL_NODE, model - 1);
  const end = readU32(book, abi.NODE_END, root);
  for (let n = root; n < end; n++) dependsOnAsset(readU32(book, abi.NODE_PEG, n));
}

/** Slots of the unit for the coordinates in `bound`: those it has, where they are the same. @returns the first */
function slotsOf(u: u32): u32 {
  const state = u32At(states, u);
  if ((state & abi.STATE_BOXED) != 0) {
    const first = u32At(firsts, u);
    if (u32At(counts, u) == bound.count) {
      let row: u32 = 0;
      while (row < bound.count && slots.coordinateOf(first + row) == bound.nameOf(row)) row++;
      if (row == bound.count) return first;
    }
    slots.release(u);
  }
  const first = slots.take(u, bound.count);
  for (let row: u32 = 0; row < bound.count; row++) slots.name(first + row, bound.nameOf(row));
  return first;
}

/** The largest f32 that is not above x. */
// @ts-ignore: decorator
@inline
function lower(x: f64): f32 {
  const key = <f32>x;
  if (<f64>key <= x) return key;
  const bits = reinterpret<u32>(key);
  return reinterpret<f32>(key > 0 ? bits - 1 : key < 0 ? bits + 1 : 0x80000001);
}

/** An end that is less than this share further away than before stays: it is as safe, and moving it costs more. */
const NEAR: f64 = 1.25;

/** Puts an end where the box ends, seen from the price: below with the other sign. */
function putEnd(c: u32, above: u32, slot: u32, width: f64): void {
  const x = f64At(seens, c);
  const sign: f64 = above ? 1 : -1;
  const base = f64At(bases, c);
  const now = sign * (x - base);
  const end = sign * (x + sign * (isRelative(c) ? width * x : width) - base);
  const key = lower(end);
  const had = heap.keyOf(c, above, slot);
  if (had <= key && <f64>had >= now && <f64>key - now <= NEAR * (<f64>had - now)) return;
  heap.put(c, above, slot, key);
}

/** Nothing held at all: health is 0 whatever prices do. */
function isEmpty(u: u32): bool {
  if (u32At(at.unitPositionCount, u) != 0) return false;
  const b0 = u32At(at.unitBalanceStart, u);
  const bEnd = b0 + u32At(at.unitBalanceCount, u);
  for (let b = b0; b < bEnd; b++) if (f64At(at.balanceAmount, b) != 0) return false;
  return true;
}

/** Gives a unit that has just been margined, and is in zone `z`, its box. @returns WATCHED codes: what there is no room for */
export function schedule(u: u32, z: u32): i32 {
  if (!bound.hasRoom(u32At(at.unitPositionCount, u), u32At(at.unitBalanceCount, u))) return abi.WATCHED_BOUNDS;
  bound.start();
  const boxed = isEmpty(u) || keepZone(u, z);
  if (!boxed) {
    bound.finish();
    bound.start();
    dependsOn(u);
  }
  bound.finish();
  if (!slots.hasRoom(bound.count)) return abi.WATCHED_SLOTS;
  if (heap.room() < 2 * bound.count) return abi.WATCHED_ENDS;
  const slot0 = slotsOf(u);
  for (let row: u32 = 0; row < bound.count; row++) {
    const c = bound.nameOf(row);
    const slot = slot0 + row;
    if (!boxed) {
      heap.put(c, 0, slot, -Infinity);
      heap.drop(c, 1, slot);
      continue;
    }
    const down = bound.widthOf(row, 0);
    const up = bound.widthOf(row, 1);
    // Prices stay above 0, so a box that reaches down to there has no lower end.
    if (isRelative(c) ? down < 1 : down < Infinity) putEnd(c, 0, slot, down);
    else heap.drop(c, 0, slot);
    if (up < Infinity) putEnd(c, 1, slot, up);
    else heap.drop(c, 1, slot);
  }
  const state = states + ((<usize>u) << 2);
  store<u32>(state, load<u32>(state) | abi.STATE_BOXED);
  return abi.WATCHED_DONE;
}
