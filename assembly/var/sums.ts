// What all that is held gains in each scenario, and which of these sums can be in the tail. Few can, and to tell them costs a tenth of
// making the sums: scenarios stand in groups, and as many groups as the tail has losses have a least gain that is not above the bound.
// Works in the scratch of the book's quotes, of which a row is as long as a row of gains:
//
//   sums          | leasts, groups, weights of groups, blocks | gains of candidates | their scenarios
//   1 row         | a quarter of a row each                   | 1 row               | half a row
import * as abi from '../abi';
import { column, larger, smaller } from '../memory';
import * as holding from './holding';

/** Bytes of the eight scenarios that are summed at once: with more the loads of an engine do not fit its registers. */
const CHUNK: usize = 64;
/** Pairs of groups for each loss of the tail, at least: with fewer the bound takes in more than the tail. */
const PAIRS: u32 = 2;
/** How often the bound is halved at most, and by what part more than the tail it may take in: both change time, nothing else. */
const HALVINGS: u32 = 12;
const MORE: f64 = 1.125;

let gains: usize = 0;
let rowBytes: usize = 0;
let scenarios: u32 = 0;
/** Sums of all scenarios, one behind the other. */
export let sums: usize = 0;
let leasts: usize = 0;
let groups: usize = 0;
let groupWeights: usize = 0;
let groupsEnd: usize = 0;
let blocks: usize = 0;
/** Bytes of the leasts of a group. */
let groupBytes: usize = 0;
/** What the scenarios of the tail weigh together; no bound where it is more than the groups do for sure. */
let needed: f64 = 0;
let bounded: bool = false;

/** Sums that are not above the bound, in the order of their scenarios. */
export let candidates: usize = 0;
export let candidateScenarios: usize = 0;

/**
 * @param count - scenarios, in rows of `bytes`
 * @param chances - their weights, or 0 where each weighs 1
 * @param keep - losses that a tail can need at most
 * @param tail - what they weigh together at least
 */
export function openSums(header: usize, count: u32, bytes: usize, chances: usize, keep: u32, tail: f64): void {
  gains = column(header, abi.GAIN_VALUE);
  scenarios = count;
  rowBytes = bytes;
  needed = tail;
  const quarter = bytes >>> 2;
  sums = column(header, abi.QUOTE_COLUMN);
  leasts = sums + bytes;
  groups = leasts + quarter;
  groupWeights = groups + quarter;
  blocks = groupWeights + quarter;
  candidates = blocks + quarter;
  candidateScenarios = candidates + bytes;
  const each = wholeChunks() / (keep * PAIRS);
  groupBytes = (<usize>(each < 1 ? 1 : each)) << 4;
  weighGroups(chances);
}

/** Chunks without padding. Each has two leasts: of its even and of its odd scenarios. */
// @ts-ignore: decorator
@inline
function wholeChunks(): u32 {
  return scenarios >>> 3;
}

/** What the lightest scenario of each group weighs. */
function weighGroups(chances: usize): void {
  const end = leasts + ((<usize>wholeChunks()) << 4);
  let all: v128 = f64x2.splat(0);
  let to = groupWeights;
  let from = chances;
  for (let at = leasts; at < end; at += groupBytes, to += 16) {
    let lightest: v128 = f64x2.splat(1);
    const stop = at + groupBytes < end ? at + groupBytes : end;
    if (chances != 0)
      for (const last = from + ((stop - at) << 2); from < last; from += 16)
        lightest = f64x2.pmin(lightest, v128.load(from));
    v128.store(to, lightest);
    all = f64x2.add(all, lightest);
  }
  groupsEnd = groups + (to - groupWeights);
  bounded = f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1) >= needed;
}

/** Sums all scenarios, each in the order of the holdings. */
export function addUp(): void {
  const held = holding.held;
  const heldEnd = held + ((<usize>holding.count) << 2);
  let to = sums;
  let least = leasts;
  for (let at: usize = 0; at < rowBytes; at += CHUNK, to += CHUNK, least += 16) {
    const column = gains + at;
    let a: v128 = f64x2.splat(0);
    let b: v128 = f64x2.splat(0);
    let c: v128 = f64x2.splat(0);
    let d: v128 = f64x2.splat(0);
    let amounts = holding.heldAmounts;
    for (let row = held; row < heldEnd; row += 4, amounts += 8) {
      const from = column + <usize>load<u32>(row);
      const amount = v128.load_splat<f64>(amounts);
      a = f64x2.add(a, f64x2.mul(amount, v128.load(from)));
      b = f64x2.add(b, f64x2.mul(amount, v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(amount, v128.load(from, 32)));
      d = f64x2.add(d, f64x2.mul(amount, v128.load(from, 48)));
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    v128.store(least, f64x2.pmin(f64x2.pmin(a, b), f64x2.pmin(c, d)));
  }
}

/** A gain that the tail is not above, by halving between the least and the largest of the groups' leasts. */
export function bound(): f64 {
  if (!bounded) return Infinity;
  const end = leasts + ((<usize>wholeChunks()) << 4);
  let low: v128 = f64x2.splat(Infinity);
  let high: v128 = f64x2.splat(-Infinity);
  for (let at = leasts, to = groups; at < end; to += 16) {
    const stop = at + groupBytes < end ? at + groupBytes : end;
    let least = v128.load(at);
    for (at += 16; at < stop; at += 16) least = f64x2.pmin(least, v128.load(at));
    v128.store(to, least);
    low = f64x2.pmin(low, least);
    high = f64x2.pmax(high, least);
  }
  let under = smaller(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  let most = larger(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
  for (let i: u32 = 0; i < HALVINGS; i++) {
    const middle = under / 2 + most / 2;
    const weight = weightWithin(f64x2.splat(middle));
    if (weight < needed) under = middle;
    else {
      most = middle;
      if (weight <= needed * MORE) break;
    }
  }
  return most;
}

/** What the scenarios that are not above a bound weigh at least. */
// @ts-ignore: decorator
@inline
function weightWithin(most: v128): f64 {
  let sum: v128 = f64x2.splat(0);
  let weights = groupWeights;
  for (let at = groups; at < groupsEnd; at += 16, weights += 16)
    sum = f64x2.add(sum, v128.and(f64x2.le(v128.load(at), most), v128.load(weights)));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Two bits: which of two sums are not above a bound. */
// @ts-ignore: decorator
@inline
function below(at: usize, most: v128): u32 {
  return i64x2.bitmask(f64x2.le(v128.load(at), most));
}

/** Lists blocks of sixteen that have a candidate, without a branch on it, and the last one if it is not whole. @returns end of the list */
function listBlocks(most: v128): usize {
  const end = scenarios & ~(abi.SCENARIO_BLOCK - 1);
  let to = blocks;
  let least = leasts;
  for (let first: u32 = 0; first < end; first += abi.SCENARIO_BLOCK, least += 32) {
    store<u32>(to, first);
    const both = f64x2.pmin(v128.load(least), v128.load(least, 16));
    to += select<usize>(4, 0, i64x2.bitmask(f64x2.le(both, most)) != 0);
  }
  if (end == scenarios) return to;
  store<u32>(to, end);
  return to + 4;
}

/** Lists sums that are not above a bound. @returns how many there are */
export function find(highest: f64): u32 {
  const most = f64x2.splat(highest);
  const end = listBlocks(most);
  let count: usize = 0;
  for (let block = blocks; block < end; block += 4) {
    const first = load<u32>(block);
    const from = sums + ((<usize>first) << 3);
    let found =
      below(from, most) |
      (below(from + 16, most) << 2) |
      (below(from + 32, most) << 4) |
      (below(from + 48, most) << 6) |
      (below(from + 64, most) << 8) |
      (below(from + 80, most) << 10) |
      (below(from + 96, most) << 12) |
      (below(from + 112, most) << 14);
    // Behind the last scenario there is nothing but padding.
    if (scenarios - first < abi.SCENARIO_BLOCK) found &= (1 << (scenarios - first)) - 1;
    for (; found != 0; found &= found - 1, count++) {
      const s = <u32>ctz(found);
      store<f64>(candidates + (count << 3), load<f64>(from + ((<usize>s) << 3)));
      store<u32>(candidateScenarios + (count << 2), first + s);
    }
  }
  return <u32>count;
}
