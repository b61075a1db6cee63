// The requirement of a unit by its model: the tree of parts, initial and maintenance in two lanes. Open orders count as the worst
// of none, all bids and all asks filled. bindings/reference/scenario/requirement.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, u32At } from '../memory';
import { chargeOf } from './charge';
import * as fold from './fold';
import { standardOptions } from './options';
import { scanOf } from './scan';
import { book, parameterOf } from './terms';

/** Factors of a part: its own, times a parameter of the underlying, plus what a lost peg adds. */
function factorOf(n: u32, scope: u32): v128 {
  const at = (<usize>n) << 4;
  const parameters = column(book, abi.NODE_PARAMETER) + (at >> 1);
  let own = v128.load(column(book, abi.NODE_FACTOR) + at);
  const initial = load<u32>(parameters);
  const maintenance = load<u32>(parameters, 4);
  if (initial != abi.NONE || maintenance != abi.NONE) {
    const one = parameterOf(fold.k, scope, initial);
    own = f64x2.mul(own, f64x2.replace_lane(f64x2.splat(one), 1, parameterOf(fold.k, scope, maintenance)));
  }
  const peg = readU32(book, abi.NODE_PEG, n);
  if (peg == abi.NONE) return own;
  const terms = column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
  const lost = larger(0, load<f64>(terms, abi.NODE_TERM_PEG_THRESHOLD) - readF64(book, abi.ASSET_PRICE, peg));
  return f64x2.add(own, f64x2.mul(f64x2.splat(lost), v128.load(terms, abi.NODE_TERM_PEG_INITIAL)));
}

/** Marginal tiers: the slice up to each bound counts with its rate. */
function tiered(n: u32, x: f64): f64 {
  const tiers = column(book, abi.PARAMETER_VALUE);
  const end = readU32(book, abi.NODE_TO, n);
  let sum: f64 = 0;
  let before: f64 = 0;
  for (let t = readU32(book, abi.NODE_FROM, n); t < end; t += 2) {
    if (x <= before) break;
    const tier = tiers + ((<usize>t) << 3);
    const upTo = load<f64>(tier);
    sum += ((x < upTo ? x : upTo) - before) * load<f64>(tier, 8);
    before = upTo;
  }
  return sum;
}

function tiers(n: u32, scope: u32): v128 {
  const amounts = evaluate(n + 1, scope);
  const initial = tiered(n, f64x2.extract_lane(amounts, 0));
  return f64x2.replace_lane(f64x2.splat(initial), 1, tiered(n, f64x2.extract_lane(amounts, 1)));
}

/** The part of every underlying of the scope, or of every group of them, in the order of the slots. */
function each(n: u32, scope: u32): v128 {
  const grouped = readU32(book, abi.NODE_BY, n) != 0;
  let sum = f64x2.splat(0);
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, scope)) continue;
    if (grouped ? !fold.isFirstOfGroup(slot) : !fold.isFirst(slot)) continue;
    const underlying = fold.underlyingOf(slot);
    sum = f64x2.add(sum, evaluate(n + 1, grouped ? fold.GROUP + underlying : underlying));
  }
  return sum;
}

/** The sum or the largest of the parts inside of `n`. */
function inner(n: u32, scope: u32, sums: bool): v128 {
  const ends = column(book, abi.NODE_END);
  const end = u32At(ends, n);
  let amounts = evaluate(n + 1, scope);
  for (let child = u32At(ends, n + 1); child < end; child = u32At(ends, child)) {
    const amount = evaluate(child, scope);
    amounts = sums ? f64x2.add(amounts, amount) : f64x2.pmax(amounts, amount);
  }
  return amounts;
}

function options(n: u32, scope: u32): v128 {
  const initial = standardOptions(n, scope, 0);
  return f64x2.replace_lane(f64x2.splat(initial), 1, standardOptions(n, scope, 1));
}

/** A part before its factors. */
function amountOf(n: u32, scope: u32): v128 {
  switch (readU32(book, abi.NODE_KIND, n)) {
    case abi.NODE_SUM:
      return inner(n, scope, true);
    case abi.NODE_MAX:
      return inner(n, scope, false);
    case abi.NODE_EACH:
      return each(n, scope);
    case abi.NODE_TIERS:
      return tiers(n, scope);
    case abi.NODE_SCAN:
      return f64x2.splat(scanOf(n, scope));
    case abi.NODE_OPTIONS:
      return options(n, scope);
    default:
      return f64x2.splat(chargeOf(n, scope));
  }
}

/** @param scope - underlying that counts, or NONE for all */
function evaluate(n: u32, scope: u32): v128 {
  return f64x2.mul(amountOf(n, scope), factorOf(n, scope));
}

function hasOrders(header: usize): bool {
  const orders = column(header, abi.POSITION_ORDER);
  for (let p = fold.p0; p < fold.pEnd; p++) if (u32At(orders, p) != 0) return true;
  return false;
}

/** Requirement of what the open fold has summed. */
// @ts-ignore: decorator
@inline
export function summed(): v128 {
  return evaluate(readU32(book, abi.MODEL_NODE, fold.k), abi.NONE);
}

/** What is larger, or no number, is more than anything that could be held against it. */
const MOST_REQUIREMENT: f64 = 1e200;

/** Writes a requirement where the margin fold reads it: initial, maintenance, liquidation end, in the numeraire. */
export function writeLevels(amounts: v128): void {
  // Below 0 a requirement would be collateral that nobody can take.
  const zero = f64x2.splat(0);
  const most = f64x2.splat(MOST_REQUIREMENT);
  const least = v128.bitselect(f64x2.add(f64x2.pmax(amounts, zero), zero), most, f64x2.lt(amounts, most));
  const required = column(book, abi.HOUSE_REQUIRED);
  v128.store(required, least);
  const initial = readU32(book, abi.MODEL_END, fold.k) == 0;
  store<f64>(required, initial ? f64x2.extract_lane(least, 0) : f64x2.extract_lane(least, 1), 16);
  store<f64>(required, 0, 24);
}

/** Requirement of unit `u` by its model, into house.required. */
export function requirement(header: usize, u: u32): void {
  fold.openFold(header, u, readU32(header, abi.UNIT_MODEL, u) - 1);
  fold.run(fold.FILLED_NONE);
  let amounts = summed();
  if (readU32(header, abi.MODEL_ORDERS, fold.k) != 0 && hasOrders(header)) {
    fold.run(fold.FILLED_BIDS);
    amounts = f64x2.pmax(amounts, summed());
    fold.run(fold.FILLED_ASKS);
    amounts = f64x2.pmax(amounts, summed());
  }
  fold.close();
  writeLevels(amounts);
}
