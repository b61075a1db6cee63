// Slots: a margin unit has one for each coordinate that it depends on, side by side. Blocks are taken at the end, and blocks that
// units have given back first, by their length.
import * as abi from '../abi';
import { column, rows, u32At } from '../memory';
import * as heap from './heap';

/** Blocks longer than this are not used again before the next rescan. */
const LONGEST: u32 = 255;
/** By length: first slot of a free block plus 1; the next one is where its unit was. */
const free: usize = memory.data((255 + 1) << 2);

let units: usize = 0;
let coordinates: usize = 0;
let ats: usize = 0;
let firsts: usize = 0;
let counts: usize = 0;
let capacity: u32 = 0;
let end: u32 = 0;

export function open(header: usize): void {
  units = column(header, abi.SLOT_UNIT);
  coordinates = column(header, abi.SLOT_COORDINATE);
  ats = column(header, abi.SLOT_AT);
  firsts = column(header, abi.WATCHED_FIRST);
  counts = column(header, abi.WATCHED_COUNT);
  capacity = rows(header, abi.COUNT_SLOT);
}

export function clear(): void {
  end = 0;
  memory.fill(free, 0, (LONGEST + 1) << 2);
}

export function slotsUsed(): u32 {
  return end;
}

export function hasRoom(count: u32): bool {
  return capacity - end >= count;
}

// @ts-ignore: decorator
@inline
export function unitOf(slot: u32): u32 {
  return u32At(units, slot);
}

// @ts-ignore: decorator
@inline
export function coordinateOf(slot: u32): u32 {
  return u32At(coordinates, slot);
}

/** Takes all ends and slots of a unit away. */
export function release(u: u32): void {
  const count = u32At(counts, u);
  const first = u32At(firsts, u);
  for (let slot = first; slot < first + count; slot++) {
    const c = u32At(coordinates, slot);
    heap.drop(c, 0, slot);
    heap.drop(c, 1, slot);
  }
  store<u32>(counts + ((<usize>u) << 2), 0);
  if (count == 0 || count > LONGEST) return;
  const head = free + ((<usize>count) << 2);
  store<u32>(units + ((<usize>first) << 2), load<u32>(head));
  store<u32>(head, first + 1);
}

/** Gives a unit that has none so many slots, without ends. @returns the first */
export function take(u: u32, count: u32): u32 {
  let first = end;
  const head = free + ((<usize>min(count, LONGEST)) << 2);
  if (count > 0 && count <= LONGEST && load<u32>(head) != 0) {
    first = load<u32>(head) - 1;
    store<u32>(head, u32At(units, first));
  } else end += count;
  for (let slot = first; slot < first + count; slot++) {
    store<u32>(units + ((<usize>slot) << 2), u);
    store<u64>(ats + ((<usize>slot) << 3), 0);
  }
  store<u32>(firsts + ((<usize>u) << 2), first);
  store<u32>(counts + ((<usize>u) << 2), count);
  return first;
}

// @ts-ignore: decorator
@inline
export function name(slot: u32, c: u32): void {
  store<u32>(coordinates + ((<usize>slot) << 2), c);
}
