// Ends of boxes in their heaps: what has been put is found once a price has crossed it, moved in place, and gone when it is dropped.
import * as abi from '../abi';
import * as coordinate from '../watch/coordinate';
import * as heap from '../watch/heap';
import * as slots from '../watch/slots';
import * as zone from '../watch/zone';
import { add, asset, header, index, market, newBook, set, setIndex } from './book';
import { random } from './random';

const SLOTS: u32 = 400;

/** One market and one asset, its mark active, pages for its two heaps. */
function opened(): void {
  newBook(640);
  asset(1);
  market(abi.KIND_LINEAR, 0, 100);
  store<u32>(header + ((<usize>abi.COUNT_END) << 2), 4 * abi.WATCH_PAGE);
  store<u32>(header + ((<usize>abi.COUNT_SLOT) << 2), SLOTS);
  set(abi.WATCH_TERM, 7, 2);
  for (let c: u32 = 1; c < 10; c++) setIndex(abi.COORDINATE_TABLE, c, abi.NONE);
  heap.clear();
  heap.open(header);
  slots.clear();
  slots.open(header);
}

function found(above: u32, to: f64): u32 {
  let count: u32 = 0;
  for (let slot = heap.first(0, above, to); slot != abi.NONE; slot = heap.next()) count++;
  return count;
}

describe('a heap of ends', () => {
  it('gives those that a price has crossed, and no others', () => {
    opened();
    const keys = new StaticArray<f32>(<i32>SLOTS);
    for (let slot: u32 = 0; slot < SLOTS; slot++) {
      keys[slot] = <f32>random();
      heap.put(0, slot & 1, slot, keys[slot]);
    }
    for (let round = 0; round < 2000; round++) {
      const slot = <u32>(random() * <f64>SLOTS);
      const above = slot & 1;
      if (random() < 0.2) {
        heap.drop(0, above, slot);
        keys[slot] = <f32>NaN;
      } else {
        keys[slot] = <f32>random();
        heap.put(0, above, slot, keys[slot]);
      }
      const to = random();
      let expected: u32 = 0;
      for (let s: u32 = above; s < SLOTS; s += 2) if (to > <f64>keys[s]) expected++;
      expect<u32>(found(above, to)).toBe(expected);
      const key = heap.keyOf(0, above, slot);
      expect<bool>(key == keys[slot] || (key != key && keys[slot] != keys[slot])).toBe(true);
    }
  });

  it('takes pages as it grows, and keeps them', () => {
    opened();
    const room = heap.room();
    for (let slot: u32 = 0; slot < SLOTS; slot++) heap.put(0, 0, slot, <f32>slot);
    expect<u32>(heap.room()).toBe(room - 1);
    for (let slot: u32 = 0; slot < SLOTS; slot++) heap.drop(0, 0, slot);
    expect<u32>(heap.room()).toBe(room - 1);
    expect<u32>(found(0, Infinity)).toBe(0);
  });

  it('gives ends at minus infinity on every tick, and none at the price itself', () => {
    opened();
    heap.put(0, 0, 0, -Infinity);
    heap.put(0, 0, 1, 5);
    expect<u32>(found(0, -1e300)).toBe(1);
    expect<u32>(found(0, 5)).toBe(1);
    expect<u32>(found(0, 5.001)).toBe(2);
  });
});

describe('slots', () => {
  it('are used again by their number, with all ends gone', () => {
    opened();
    const first = slots.take(0, 3);
    for (let i: u32 = 0; i < 3; i++) {
      slots.name(first + i, 0);
      heap.put(0, 0, first + i, <f32>i);
    }
    const second = slots.take(1, 3);
    expect<u32>(second).toBe(first + 3);
    slots.release(0);
    expect<u32>(found(0, Infinity)).toBe(0);
    expect<u32>(slots.take(2, 2)).toBe(second + 3);
    expect<u32>(slots.take(3, 3)).toBe(first);
    expect<u32>(slots.unitOf(first)).toBe(3);
  });
});

describe('coordinates', () => {
  it('are five of a market, then five of an asset', () => {
    opened();
    coordinate.open(header);
    expect<f64>(coordinate.valueOf(coordinate.ofMarket(0, abi.COORDINATE_MARK))).toBe(100);
    expect<f64>(coordinate.valueOf(coordinate.ofAsset(0, abi.ASSET_COORDINATE_PRICE))).toBe(1);
    expect<f64>(coordinate.valueOf(coordinate.ofAsset(0, abi.ASSET_COORDINATE_BORROW))).toBe(1);
    expect<bool>(coordinate.isRelative(coordinate.ofMarket(0, abi.COORDINATE_FUNDING))).toBe(false);
    expect<bool>(coordinate.isRelative(coordinate.ofAsset(0, abi.ASSET_COORDINATE_BORROW))).toBe(true);
    expect<u32>(index(abi.COORDINATE_TABLE, 1)).toBe(abi.NONE);
  });
});

describe('a zone', () => {
  it('is that of the lowest line that collateral is below', () => {
    opened();
    add(abi.COUNT_UNIT);
    set(abi.WATCH_TERM, 0, 1.25);
    set(abi.WATCH_TERM, 2, 2.0 / 3.0);
    set(abi.UNIT_MAINTENANCE_MARGIN, 0, 6);
    zone.open(header);
    const collaterals: f64[] = [7.5, 7.4, 6, 5.9, 4, 3.9];
    const zones: u32[] = [0, 1, 1, 2, 2, 3];
    for (let i = 0; i < collaterals.length; i++) {
      set(abi.UNIT_EQUITY, 0, collaterals[i]);
      expect<u32>(zone.zoneOf(0)).toBe(zones[i]);
    }
  });
});
