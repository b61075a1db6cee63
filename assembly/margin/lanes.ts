// Lanes of a derived row, and levels of an input column. A row of a side has its lanes in two halves, see side.ts.
import { column } from '../memory';

/** Levels of an input: initial, maintenance, liquidation end. */
export const LEVELS: i32 = 3;
/** Lanes of a derived row: the levels, then plain (equity). */
export const LANES: i32 = 4;

// @ts-ignore: decorator
@inline
export function put(row: usize, slot: usize, lane: i32, value: f64): void {
  store<f64>(row + slot + ((<usize>lane) << 3), value);
}

// @ts-ignore: decorator
@inline
export function get(row: usize, slot: usize, lane: i32): f64 {
  return load<f64>(row + slot + ((<usize>lane) << 3));
}

/** Component `lane` of a column of three levels. */
// @ts-ignore: decorator
@inline
export function level(header: usize, word: i32, i: u32, lane: i32): f64 {
  return load<f64>(column(header, word) + ((<usize>(i * 3 + lane)) << 3));
}
