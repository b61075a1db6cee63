// The worst of a list of gains, the worst first; of equal ones the earlier scenario is the worse. Few find their places by counting, many
// go through a heap whose root is the mildest; with weights it keeps as many as the tail needs. bindings/reference/var/tail.ts is the
// definition.

/** So many are still few: their square costs less than a heap, which mispredicts. */
const FEW: u32 = 256;

let gains: usize = 0;
let scenarios: usize = 0;
let weights: usize = 0;
let keep: u32 = 0;
let wanted: f64 = 0;
let reached: f64 = 0;

export let size: u32 = 0;
/** Losses equal to the mildest one kept that were not. */
export let ties: u32 = 0;
/** Where they stand; @param chances weights of the scenarios, or 0; @param tail what the tail weighs at least */
export function openWorst(gainAt: usize, scenarioAt: usize, most: u32, chances: usize, tail: f64): void {
  gains = gainAt;
  scenarios = scenarioAt;
  keep = most;
  weights = chances;
  wanted = tail;
}

// @ts-ignore: decorator
@inline
export function gainAt(i: u32): f64 {
  return load<f64>(gains + ((<usize>i) << 3));
}

// @ts-ignore: decorator
@inline
export function scenarioAt(i: u32): u32 {
  return load<u32>(scenarios + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
export function weightAt(i: u32): f64 {
  return load<f64>(weights + ((<usize>scenarioAt(i)) << 3));
}

// @ts-ignore: decorator
@inline
function put(i: u32, gain: f64, scenario: u32): void {
  store<f64>(gains + ((<usize>i) << 3), gain);
  store<u32>(scenarios + ((<usize>i) << 2), scenario);
}

/** Whether the loss at place `i` is milder than another. */
// @ts-ignore: decorator
@inline
function milder(i: u32, gain: f64, scenario: u32): bool {
  const own = gainAt(i);
  return own > gain || (own == gain && scenarioAt(i) > scenario);
}

/** Puts a loss where it belongs on the way from the last place to the root. */
function rise(gain: f64, scenario: u32): void {
  let i = size++;
  while (i > 0) {
    const parent = (i - 1) >>> 1;
    if (milder(parent, gain, scenario)) break;
    put(i, gainAt(parent), scenarioAt(parent));
    i = parent;
  }
  put(i, gain, scenario);
}

/** Puts a loss where it belongs on the way down from the root of the first `length` places. */
function sink(length: u32, gain: f64, scenario: u32): void {
  let i: u32 = 0;
  while (true) {
    let child: u32 = 2 * i + 1;
    if (child >= length) break;
    if (child + 1 < length && milder(child + 1, gainAt(child), scenarioAt(child))) child++;
    if (!milder(child, gain, scenario)) break;
    put(i, gainAt(child), scenarioAt(child));
    i = child;
  }
  put(i, gain, scenario);
}

/** Keeps the worst of a list, in the order of their scenarios; behind it is room for one more. */
export function take(from: usize, scenarioAt: usize, count: u32): void {
  size = 0;
  ties = 0;
  if (count <= FEW) rank(from, scenarioAt, count);
  else {
    reached = 0;
    for (let i: usize = 0; i < <usize>count; i++) {
      const gain = load<f64>(from + (i << 3));
      const scenario = load<u32>(scenarioAt + (i << 2));
      if (weights != 0) takeWeighted(gain, scenario);
      else takeGain(gain, scenario);
    }
    sort();
  }
}

/** Puts each behind those that are worse, and behind equal ones before it. */
function rank(from: usize, scenarioAt: usize, count: u32): void {
  const end = from + ((<usize>count) << 3);
  // The last pair may have one only.
  store<f64>(end, Infinity);
  let scenario = scenarioAt;
  for (let at = from; at < end; at += 8, scenario += 4) {
    const gain = load<f64>(at);
    const own = f64x2.splat(gain);
    let before: v128 = i64x2.splat(0);
    let pair = from;
    for (; pair + 8 < at; pair += 16) before = i64x2.sub(before, f64x2.le(v128.load(pair), own));
    for (; pair < end; pair += 16) before = i64x2.sub(before, f64x2.lt(v128.load(pair), own));
    let place = <u32>(i64x2.extract_lane(before, 0) + i64x2.extract_lane(before, 1));
    // The other one of its own pair.
    if (((at - from) & 8) != 0 && load<f64>(at - 8) == gain) place++;
    if (place < keep) put(place, gain, load<u32>(scenario));
  }
  size = count < keep ? count : keep;
  if (count <= keep) return;
  const mildest = gainAt(keep - 1);
  for (let at = from; at < end; at += 8) ties += select<u32>(1, 0, load<f64>(at) <= mildest);
  ties -= keep;
}

function takeGain(gain: f64, scenario: u32): void {
  if (size < keep) {
    rise(gain, scenario);
    return;
  }
  const mildest = gainAt(0);
  if (gain < mildest) {
    sink(size, gain, scenario);
    ties = gainAt(0) == mildest ? ties + 1 : 0;
  } else if (gain == mildest) ties++;
}

/** The same by weights: what is kept weighs as much as the tail, and would not without its mildest. */
function takeWeighted(gain: f64, scenario: u32): void {
  if (reached >= wanted && gain >= gainAt(0)) return;
  rise(gain, scenario);
  reached += load<f64>(weights + ((<usize>scenario) << 3));
  while (size > 1 && reached - weightAt(0) >= wanted) {
    reached -= weightAt(0);
    size--;
    sink(size, gainAt(size), scenarioAt(size));
  }
}

/** Puts the worst of the heap first. */
function sort(): void {
  for (let length = size; length > 1;) {
    length--;
    const gain = gainAt(length);
    const scenario = scenarioAt(length);
    put(length, gainAt(0), scenarioAt(0));
    sink(length, gain, scenario);
  }
}

/** Leaves the first losses alone. */
export function cutWorst(length: u32): void {
  size = length;
}

/** A loss, positive. */
// @ts-ignore: decorator
@inline
export function lossAt(i: u32): f64 {
  return 0 - gainAt(i);
}

/** Loss at a rank, between two of them where there is a share. */
export function lossAtRank(rank: u32, share: f64): f64 {
  const loss = lossAt(rank);
  return share == 0 ? loss : loss + share * (lossAt(rank + 1) - loss);
}

/** Sum of the first losses. */
export function sumOf(count: u32): f64 {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += lossAt(i);
  return sum;
}

/** Losses larger than a bound. */
export function beyond(least: f64): u32 {
  let count: u32 = 0;
  while (count < size && lossAt(count) > least) count++;
  return count;
}
