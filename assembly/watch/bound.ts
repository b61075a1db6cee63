// The coordinates of the unit in hand: what health a move along each may cost, and how far its box reaches. Rows of section `bound`.
import * as abi from '../abi';
import { column, rows, u32At } from '../memory';
import { turns } from './coordinate';

/** Bytes of a pair of numbers, below and above. */
const PAIR: usize = 16;

let names: usize = 0;
let losses: usize = 0;
let widths: usize = 0;
let capacity: u32 = 0;
export let count: u32 = 0;

export function open(header: usize): void {
  names = column(header, abi.BOUND_COORDINATE);
  losses = column(header, abi.BOUND_LOSS);
  widths = column(header, abi.BOUND_WIDTH);
  capacity = rows(header, abi.COUNT_BOUND);
}

/** Whether a unit of so many positions and balances fits: five of each, and what positions refer to. */
export function hasRoom(positions: u32, balances: u32): bool {
  return (positions * 4 + balances) * abi.COORDINATES + 64 <= capacity;
}

export function start(): void {
  count = 0;
}

/** Forgets which rows coordinates have. */
export function finish(): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(turns + ((<usize>u32At(names, i)) << 2), 0);
}

/** Row of a coordinate; a new one may cost nothing and reaches to no end. */
export function rowOf(c: u32): u32 {
  const turn = u32At(turns, c);
  if (turn != 0) return turn - 1;
  const row = count++;
  store<u32>(turns + ((<usize>c) << 2), row + 1);
  store<u32>(names + ((<usize>row) << 2), c);
  v128.store(losses + <usize>row * PAIR, f64x2.splat(0));
  v128.store(widths + <usize>row * PAIR, f64x2.splat(Infinity));
  return row;
}

// @ts-ignore: decorator
@inline
export function nameOf(row: u32): u32 {
  return u32At(names, row);
}

/** Adds what a move down and up may cost, per unit of the move. */
// @ts-ignore: decorator
@inline
export function add(row: u32, down: f64, up: f64): void {
  const at = losses + <usize>row * PAIR;
  store<f64>(at, load<f64>(at) + down);
  store<f64>(at, load<f64>(at, 8) + up, 8);
}

// @ts-ignore: decorator
@inline
export function lossOf(row: u32, above: u32): f64 {
  return load<f64>(losses + <usize>row * PAIR + ((<usize>above) << 3));
}

export function clearLosses(): void {
  memory.fill(losses, 0, <usize>count * PAIR);
}

// @ts-ignore: decorator
@inline
export function widthOf(row: u32, above: u32): f64 {
  return load<f64>(widths + <usize>row * PAIR + ((<usize>above) << 3));
}

/** Lets a side reach no further than `width`; what is no number reaches nowhere. */
// @ts-ignore: decorator
@inline
export function narrow(row: u32, above: u32, width: f64): void {
  const at = widths + <usize>row * PAIR + ((<usize>above) << 3);
  store<f64>(at, width >= 0 ? min(load<f64>(at), width) : 0);
}

/** Lets neither side reach anywhere: the next tick is looked at. */
export function stay(row: u32): void {
  narrow(row, 0, 0);
  narrow(row, 1, 0);
}
