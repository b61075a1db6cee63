// The worst of a run of gains, in a heap whose root is the mildest of them; of equal ones the earlier scenario is the worse. With
// weights as many are kept as the tail needs. bindings/reference/var/tail.ts is the definition.

/** What is left over after rounding when weights are summed in the order of the scenarios instead of that of losses. */
const SLACK: f64 = 1 + 1e-9;

let gains: usize = 0;
let scenarios: usize = 0;
let weights: usize = 0;
let keep: u32 = 0;
let wanted: f64 = 0;
let reached: f64 = 0;

export let size: u32 = 0;
/** Losses equal to the mildest one kept that were not. */
export let ties: u32 = 0;
/** Gains above it are not taken. */
export let bound: f64 = Infinity;

/** Where the heap stands; @param chances weights of the scenarios, or 0 */
export function openWorst(gainAt: usize, scenarioAt: usize, most: u32, chances: usize, tail: f64): void {
  gains = gainAt;
  scenarios = scenarioAt;
  keep = most;
  weights = chances;
  wanted = tail * SLACK;
}

export function clearWorst(): void {
  size = 0;
  ties = 0;
  reached = 0;
  bound = Infinity;
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

/** Takes a gain that is not above the bound, of a later scenario than those before. */
export function takeGain(gain: f64, scenario: u32): void {
  if (weights != 0) {
    takeWeighted(gain, scenario);
    return;
  }
  if (size < keep) {
    rise(gain, scenario);
    if (size == keep) bound = gainAt(0);
  } else if (gain < bound) {
    sink(size, gain, scenario);
    const mildest = gainAt(0);
    ties = mildest == bound ? ties + 1 : 0;
    bound = mildest;
  } else ties++;
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
  if (reached >= wanted) bound = gainAt(0);
}

/** Puts the worst first. */
export function sortWorst(): void {
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
