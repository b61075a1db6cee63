// What-ifs on an account that is opened once: its sums stay, and a trade adds its size times its market's risk array to those of
// its group, so that a question costs as much as there are scenarios, not positions times scenarios.
// bindings/reference/scenario/what-if.ts is the definition.
import * as abi from '../abi';
import { dropPosition, openTrial, positionOf, positions, unit } from '../liquidation/trial';
import { column, readF64, readU32 } from '../memory';
import * as fold from './fold';
import { summed, writeLevels } from './requirement';
import { book } from './terms';

/** Copies unit `u` behind the rows of the book and sums it. Orders count as they would alone: not at all. */
export function openAccount(header: usize, u: u32): void {
  openTrial(header, u);
  fold.openFold(header, unit, readU32(header, abi.UNIT_MODEL, u) - 1);
  fold.run(fold.FILLED_NONE);
  writeLevels(summed());
}

/** Row of a market in the copy, opened empty where there is none. */
function rowOf(market: u32): u32 {
  const p = positionOf(readU32(book, abi.MARKET_SETTLE, market), market * 4);
  fold.findRows();
  return p;
}

function putSize(p: u32, size: f64): void {
  store<f64>(column(book, abi.POSITION_SIZE) + ((<usize>p) << 3), size);
}

/** Requirement with `size` contracts more of a market, into house.required; they are not kept. */
export function tryPosition(market: u32, size: f64): void {
  const rows = positions;
  const p = rowOf(market);
  const had = readF64(book, abi.POSITION_SIZE, p);
  const found = fold.slotOf(market);
  const slot = found == abi.NONE ? fold.insert(market) : found;
  const sums = fold.sumsOf(slot);
  const kept = fold.scratch(fold.KEPT);
  memory.copy(kept, sums, fold.bytes);
  putSize(p, had + size + 0);
  fold.addTo(slot, market, size);
  writeLevels(summed());
  memory.copy(sums, kept, fold.bytes);
  putSize(p, had);
  if (found == abi.NONE) fold.remove(slot);
  if (positions > rows) {
    dropPosition(readU32(book, abi.MARKET_SETTLE, market), p);
    fold.findRows();
  }
}

/** Keeps `size` contracts more of a market. */
export function addPosition(market: u32, size: f64): void {
  const p = rowOf(market);
  putSize(p, readF64(book, abi.POSITION_SIZE, p) + size + 0);
  const slot = fold.slotOf(market);
  fold.addTo(slot == abi.NONE ? fold.insert(market) : slot, market, size);
}
