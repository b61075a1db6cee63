// The tail of a list of losses: the k-th largest, the expected shortfall of a tail, or the first at which weights by age reach a
// share. Row numbers of the largest losses stand in order, the first row of equal ones first: of a tail of known length all at once,
// by age one after the other. bindings/reference/scenario/scan.ts is the definition.
import * as abi from '../abi';
import { column, u32At } from '../memory';
import * as fold from './fold';
import { book } from './terms';

let losses: usize = 0;
let heap: usize = 0;
let size: u32 = 0;

// @ts-ignore: decorator
@inline
function lossAt(row: u32): f64 {
  return load<f64>(losses + ((<usize>row) << 3));
}

/** Whether row `a` stands before row `b`. */
// @ts-ignore: decorator
@inline
function before(a: u32, b: u32): bool {
  const x = lossAt(a);
  const y = lossAt(b);
  return x > y || (x == y && a < b);
}

// @ts-ignore: decorator
@inline
function put(i: u32, row: u32): void {
  store<u32>(heap + ((<usize>i) << 2), row);
}

/** Lets the row at place `i` sink to where it belongs. */
function sink(i: u32): void {
  const row = u32At(heap, i);
  while (true) {
    let child: u32 = 2 * i + 1;
    if (child >= size) break;
    if (child + 1 < size && before(u32At(heap, child + 1), u32At(heap, child))) child++;
    if (!before(u32At(heap, child), row)) break;
    put(i, u32At(heap, child));
    i = child;
  }
  put(i, row);
}

function openHeap(array: usize, count: u32): void {
  losses = array;
  heap = column(book, abi.FOLD_RANK);
  size = count;
  for (let i: u32 = 0; i < count; i++) put(i, i);
  for (let i = count / 2; i > 0; i--) sink(i - 1);
}

/** Takes the row with the largest loss that is left. */
function next(): u32 {
  const row = u32At(heap, 0);
  size--;
  put(0, u32At(heap, size));
  if (size > 0) sink(0);
  return row;
}

/** Lets the row at place `i` of the worst rows sink: the last of them stands at the top. */
function sinkWorst(i: u32): void {
  const row = u32At(heap, i);
  while (true) {
    let child: u32 = 2 * i + 1;
    if (child >= size) break;
    if (child + 1 < size && before(u32At(heap, child), u32At(heap, child + 1))) child++;
    if (!before(row, u32At(heap, child))) break;
    put(i, u32At(heap, child));
    i = child;
  }
  put(i, row);
}

/** Takes a row among the worst in place of the last of them. */
// @ts-ignore: decorator
@inline
function take(row: u32): void {
  put(0, row);
  sinkWorst(0);
}

/**
 * Puts the `worst` rows with the largest losses in order. Most rows lose less than the last of them: two at a time are passed over, and
 * of equal losses the earlier row has its place.
 */
function rankWorst(array: usize, count: u32, worst: u32): void {
  losses = array;
  heap = column(book, abi.FOLD_RANK);
  size = worst;
  for (let i: u32 = 0; i < worst; i++) put(i, i);
  for (let i = worst / 2; i > 0; i--) sinkWorst(i - 1);
  let row = worst;
  for (; row + 1 < count; row += 2) {
    const pair = v128.load(array + ((<usize>row) << 3));
    if (!v128.any_true(f64x2.gt(pair, f64x2.splat(lossAt(u32At(heap, 0)))))) continue;
    if (before(row, u32At(heap, 0))) take(row);
    if (before(row + 1, u32At(heap, 0))) take(row + 1);
  }
  if (row < count && before(row, u32At(heap, 0))) take(row);
  // The last goes behind all others, and so on.
  while (size > 1) {
    const last = u32At(heap, 0);
    size--;
    const moved = u32At(heap, size);
    put(size, last);
    put(0, moved);
    sinkWorst(0);
  }
}

/** Acerbi and Tasche: the floor(tail) largest losses in full, the next for what is left of the tail, over the tail. */
function shortfall(array: usize, count: u32, tail: f64): f64 {
  const whole = <u32>floor(tail);
  const rest = tail - floor(tail);
  const rows = rest > 0 ? whole + 1 : whole;
  const worst = rows < count ? rows : count;
  rankWorst(array, count, worst);
  let loss: f64 = 0;
  let i: u32 = 0;
  for (; i < whole && i < worst; i++) loss += (1 / tail) * lossAt(u32At(heap, i));
  return rest > 0 && i < worst ? loss + (rest / tail) * lossAt(u32At(heap, i)) : loss;
}

/** Boudoukh, Richardson and Whitelaw: the last row is the youngest and weighs most; the loss at which the weights reach the tail. */
function aged(count: u32, tail: f64, decay: f64): f64 {
  const weights = fold.scratch(fold.AGES);
  let weight: f64 = 1;
  let sum: f64 = 0;
  for (let i = count; i > 0; i--) {
    store<f64>(weights + ((<usize>(i - 1)) << 3), weight);
    sum += weight;
    weight *= decay;
  }
  let reached: f64 = 0;
  let row: u32 = 0;
  while (size > 0) {
    row = next();
    reached += load<f64>(weights + ((<usize>row) << 3)) / sum;
    if (reached >= tail) break;
  }
  return lossAt(row);
}

/** What `count` losses come to. @param terms - of the scan */
export function lossOfTail(array: usize, count: u32, terms: usize, reduce: u32): f64 {
  const tail = load<f64>(terms, abi.NODE_TERM_TAIL);
  if (reduce == abi.REDUCE_SHORTFALL) return shortfall(array, count, tail);
  if (reduce == abi.REDUCE_AGED) {
    openHeap(array, count);
    return aged(count, tail, load<f64>(terms, abi.NODE_TERM_DECAY));
  }
  rankWorst(array, count, <u32>tail);
  return lossAt(u32At(heap, <u32>tail - 1));
}
