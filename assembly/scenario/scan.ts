// The loss of a unit over the scenarios of a scan. A scenario's gain is that of its groups, each after its operation, summed by
// underlying and then over all; a reducer makes one loss of them. Two scenarios a vector: lanes are scenarios, sums stay in order.
// bindings/reference/scenario/scan.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32 } from '../memory';
import * as fold from './fold';
import { lossOfTail } from './tail';
import { book, expiries, scenarioFigure, termOf, yearsOf } from './terms';

/** Rows of the scan, as bytes into an array: from the first scenario, to the one behind the last. */
let from: usize = 0;
let end: usize = 0;
/** Columns of the table from the model's first row on, or what they come to for an underlying. */
let weights: usize = 0;
let operations: usize = 0;
let dampeners: usize = 0;
/** Gains are counted as they are: quanta, or published with their weights. */
let weighed: bool = false;
let quantum: f64 = 0;

function openScan(n: u32): void {
  from = (<usize>(readU32(book, abi.NODE_FROM, n) - fold.first)) << 3;
  end = (<usize>(readU32(book, abi.NODE_TO, n) - fold.first)) << 3;
  const row = (<usize>fold.first) << 3;
  weights = column(book, abi.SCENARIO_WEIGHT) + row;
  dampeners = column(book, abi.SCENARIO_DAMPENER) + row;
  operations = column(book, abi.SCENARIO_OPERATION) + (row >> 1);
  quantum = readF64(book, abi.MODEL_QUANTUM, fold.k);
  weighed = quantum > 0 || readU32(book, abi.MODEL_PUBLISHED, fold.k) != 0;
}

/** Weights and dampeners of an underlying, where they are parameters. */
function openUnderlying(underlying: u32): void {
  if (readU32(book, abi.MODEL_NAMED, fold.k) == 0) return;
  weights = fold.scratch(fold.WEIGHTS);
  dampeners = fold.scratch(fold.DAMPENERS);
  for (let at = from; at < end; at += 8) {
    const row = fold.first + <u32>(at >> 3);
    const weight = scenarioFigure(fold.k, underlying, row, abi.SCENARIO_WEIGHT, abi.SCENARIO_WEIGHT_BY);
    store<f64>(weights + at, weight);
    const dampener = scenarioFigure(fold.k, underlying, row, abi.SCENARIO_DAMPENER, abi.SCENARIO_DAMPENER_BY);
    store<f64>(dampeners + at, dampener);
  }
}

/** Gains of a slot that need no operation. */
function addPlain(sums: usize, into: usize, fresh: bool): void {
  for (let at = from; at < end; at += 16) {
    const gain = v128.load(sums + at);
    const counted = weighed ? gain : f64x2.mul(gain, v128.load(weights + at));
    v128.store(into + at, f64x2.add(fresh ? f64x2.splat(0) : v128.load(into + at), counted));
  }
}

/** Gains of the options of an expiry after the operation of each scenario: a discount of their value, and what is left as a loss. */
function addDiscounted(sums: usize, into: usize, e: u32, fresh: bool): void {
  const tenor = column(book, abi.TENOR_DISCOUNT) + ((<usize>(fold.k * expiries + e)) << 4);
  const positive = v128.load64_splat(tenor);
  const negative = v128.load64_splat(tenor, 8);
  const base = v128.load64_splat(sums + ((<usize>fold.scenarios) << 3));
  const zero = f64x2.splat(0);
  const none = i64x2.splat(abi.OPERATION_NONE);
  const loss = i64x2.splat(abi.OPERATION_LOSS);
  for (let at = from; at < end; at += 16) {
    const gain = v128.load(sums + at);
    const value = f64x2.add(gain, base);
    const discount = v128.bitselect(positive, negative, f64x2.ge(value, zero));
    const left = f64x2.sub(f64x2.mul(value, discount), base);
    const operation = v128.load32x2_u(operations + (at >> 1));
    const lost = v128.bitselect(f64x2.sub(zero, f64x2.abs(left)), left, i64x2.eq(operation, loss));
    const kept = v128.bitselect(gain, lost, i64x2.eq(operation, none));
    const before = fresh ? zero : v128.load(into + at);
    v128.store(into + at, f64x2.add(before, f64x2.mul(kept, v128.load(weights + at))));
  }
}

/** Adds the gains of a slot, after operations and weights. @param fresh - nothing has been added yet */
function addSlot(slot: u32, into: usize, fresh: bool): void {
  const e = fold.expiryOf(slot);
  if (weighed || e == abi.NONE) addPlain(fold.sumsOf(slot), into, fresh);
  else addDiscounted(fold.sumsOf(slot), into, e, fresh);
}

/** Adds what an underlying gains, less the dampener, gains times their share. */
function addUnderlying(gains: usize, into: usize, share: f64, fresh: bool): void {
  const zero = f64x2.splat(0);
  const part = f64x2.splat(share);
  for (let at = from; at < end; at += 16) {
    const gain = v128.load(gains + at);
    const dampener = v128.load(dampeners + at);
    const rise = f64x2.pmax(zero, f64x2.sub(gain, dampener));
    const fall = f64x2.sub(zero, f64x2.pmax(zero, f64x2.sub(f64x2.sub(zero, gain), dampener)));
    const damped = v128.bitselect(rise, fall, f64x2.ge(gain, zero));
    const kept = v128.bitselect(damped, gain, f64x2.gt(dampener, zero));
    const counted = v128.bitselect(f64x2.mul(kept, part), kept, f64x2.gt(kept, zero));
    const before = fresh ? zero : v128.load(into + at);
    v128.store(into + at, f64x2.add(before, counted));
  }
}

/** Gains turned into losses, in the numeraire. */
function negate(array: usize): void {
  const zero = f64x2.splat(0);
  const scale = f64x2.splat(quantum);
  for (let at = from; at < end; at += 16) {
    const gain = v128.load(array + at);
    v128.store(array + at, f64x2.sub(zero, quantum > 0 ? f64x2.mul(gain, scale) : gain));
  }
}

/** Losses of a scope by scenario, into an array. @param n - node whose share of gains counts; NONE: all of them. @returns whether anything of the unit is in the scope */
function losses(n: u32, scope: u32, into: usize): bool {
  const gains = fold.scratch(fold.GAINS);
  let fresh = true;
  let slot: u32 = 0;
  while (slot < fold.slots) {
    const underlying = fold.underlyingOf(slot);
    const inside = fold.inside(slot, scope);
    if (inside) openUnderlying(underlying);
    let first = true;
    for (; slot < fold.slots && fold.underlyingOf(slot) == underlying; slot++) {
      if (inside) addSlot(slot, gains, first);
      first = false;
    }
    if (!inside) continue;
    const share = n == abi.NONE ? 1 : termOf(fold.k, n, abi.NODE_TERM_GAINS, underlying);
    addUnderlying(gains, into, share, fresh);
    fresh = false;
  }
  if (!fresh) negate(into);
  return !fresh;
}

/** Largest of the numbers of the scan. */
function largest(array: usize, least: f64): f64 {
  let most = f64x2.splat(least);
  const pairs = end - ((end - from) & 8);
  for (let at = from; at < pairs; at += 16) most = f64x2.pmax(most, v128.load(array + at));
  const best = larger(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  return pairs == end ? best : larger(best, load<f64>(array + pairs));
}

/** Sum over the expiries of a scope of their own worst losses, each times its factor. */
function scanByExpiry(n: u32, scope: u32): f64 {
  const terms = column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
  const gains = fold.scratch(fold.GAINS);
  let sum: f64 = 0;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    const e = fold.expiryOf(slot);
    if (e == abi.NONE || !fold.inside(slot, scope)) continue;
    openUnderlying(fold.underlyingOf(slot));
    addSlot(slot, gains, true);
    negate(gains);
    const years = yearsOf(readF64(book, abi.EXPIRY_SECONDS, e));
    const factor = load<f64>(terms, abi.NODE_TERM_BASE) + load<f64>(terms, abi.NODE_TERM_PER_YEAR) * years;
    sum += largest(gains, 0) * factor;
  }
  return sum;
}

/** Loss of scan `n` within a scope. */
export function scanOf(n: u32, scope: u32): f64 {
  openScan(n);
  if (readU32(book, abi.NODE_BY, n) != 0) return scanByExpiry(n, scope);
  const into = fold.scratch(fold.LOSSES);
  if (!losses(n, scope, into)) return 0;
  const terms = column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
  const signed = load<f64>(terms, abi.NODE_TERM_SIGNED) != 0;
  const reduce = <u32>load<f64>(terms, abi.NODE_TERM_REDUCE);
  if (reduce == abi.REDUCE_WORST) return largest(into, signed ? -Infinity : 0);
  const loss = lossOfTail(into + from, <u32>((end - from) >> 3), terms, reduce);
  return signed ? loss : larger(loss, 0);
}

/** First row of the scan in which the price stays, or NONE. */
function stillRow(): u32 {
  const prices = column(book, abi.SCENARIO_PRICE) + ((<usize>fold.first) << 3);
  for (let at = from; at < end; at += 8) if (load<f64>(prices + at) == 0) return fold.first + <u32>(at >> 3);
  return abi.NONE;
}

/** Loss in a row of the table. */
// @ts-ignore: decorator
@inline
function lossIn(array: usize, row: u32): f64 {
  return load<f64>(array + ((<usize>(row - fold.first)) << 3));
}

/**
 * Price risk of an underlying: the loss of its scan less what time alone loses (the rows where the price stays) and what volatility
 * alone does (half of the way from the worst row to the other of the same price).
 */
export function priceRisk(n: u32, underlying: u32): f64 {
  openScan(n);
  const array = fold.scratch(fold.LOSSES);
  if (!losses(abi.NONE, underlying, array)) return 0;
  const still = stillRow();
  const pairs = column(book, abi.SCENARIO_PAIR);
  const first: f64 = still == abi.NONE ? 0 : lossIn(array, still);
  const second: f64 = still == abi.NONE ? 0 : lossIn(array, load<u32>(pairs + ((<usize>still) << 2)));
  let loss: f64 = -Infinity;
  let worst: u32 = 0;
  for (let at = from; at < end; at += 8) {
    const here = load<f64>(array + at);
    if (here > loss) {
      loss = here;
      worst = fold.first + <u32>(at >> 3);
    }
  }
  const other = loss < 0 ? first - second : loss - lossIn(array, load<u32>(pairs + ((<usize>worst) << 2)));
  return larger(0, larger(0, loss) - (first + second) / 2 - other / 2);
}
