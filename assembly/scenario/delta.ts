// What deltas ask for: net and hedged, by month against time, month against month, and beyond what a market can take.
// bindings/reference/scenario/delta.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import * as fold from './fold';
import { book, isOption, termOf, unitSpot, yearsOf } from './terms';

/** Dollar delta of a position row, which stands behind the value in its risk array. */
// @ts-ignore: decorator
@inline
export function deltaOf(p: u32, m: u32): f64 {
  return fold.sizeOf(p) * load<f64>(fold.arrayOf(m) + ((<usize>fold.scenarios) << 3), 8);
}

/** A rate of the net delta of a scope, and one of what of the gross is hedged. */
export function netDelta(n: u32, scope: u32): f64 {
  let net: f64 = 0;
  let gross: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!fold.holds(m, scope)) continue;
    const delta = deltaOf(p, m);
    net += delta;
    gross += abs(delta);
  }
  const hedged = (gross - abs(net)) / 2;
  return (
    termOf(fold.k, n, abi.NODE_TERM_NET, scope) * abs(net) + termOf(fold.k, n, abi.NODE_TERM_HEDGED, scope) * hedged
  );
}

/** Net dollar delta of the positions of the month of a slot: what hedges in the balances has none. */
function monthDelta(slot: u32): f64 {
  const underlying = fold.underlyingOf(slot);
  const month = fold.monthOf(slot);
  let net: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (fold.holds(m, underlying) && readU32(book, abi.MARKET_EXPIRY, m) == month) net += deltaOf(p, m);
  }
  return net;
}

/** Years to the month of a slot; perpetuals have none. */
function monthTime(slot: u32): f64 {
  const month = fold.monthOf(slot);
  return month == abi.NONE ? 0 : yearsOf(readF64(book, abi.EXPIRY_SECONDS, month));
}

/** Whether a slot is the first of its month: options and futures of an expiry have slots of their own. */
function isFirstOfMonth(slot: u32): bool {
  for (let before: u32 = 0; before < slot; before++) {
    const same = fold.monthOf(before) == fold.monthOf(slot);
    if (same && fold.underlyingOf(before) == fold.underlyingOf(slot)) return false;
  }
  return true;
}

/** Sum over the months of a scope, perpetuals as one, of their net deltas times a rate that grows with time. */
export function roll(n: u32, scope: u32): f64 {
  let charge: f64 = 0;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, scope) || !isFirstOfMonth(slot)) continue;
    const net = monthDelta(slot);
    const least = termOf(fold.k, n, abi.NODE_TERM_LEAST, scope);
    charge += abs(net) * larger(least, termOf(fold.k, n, abi.NODE_TERM_PER_YEAR, scope) * monthTime(slot));
  }
  return charge;
}

/** Delta of a slot's month that is not held against another yet. */
// @ts-ignore: decorator
@inline
function leftAt(slot: u32): usize {
  return column(book, abi.FOLD_LEFT) + ((<usize>slot) << 3);
}

/** Slot of the first month of an underlying whose delta is left on a side: 1 long, -1 short. NONE: there is none. */
function firstMonth(underlying: u32, side: f64): u32 {
  let best = abi.NONE;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, underlying) || side * load<f64>(leftAt(slot)) <= 0) continue;
    if (best == abi.NONE || monthTime(slot) < monthTime(best)) best = slot;
  }
  return best;
}

/** Net deltas of months held against one another, the first long month against the first short one: delta times years between. */
export function calendar(n: u32, scope: u32): f64 {
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    store<f64>(leftAt(slot), isFirstOfMonth(slot) ? monthDelta(slot) : 0);
  }
  let charge: f64 = 0;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (!fold.isFirst(slot) || !fold.inside(slot, scope)) continue;
    const underlying = fold.underlyingOf(slot);
    const rate = termOf(fold.k, n, abi.NODE_TERM_RATE, underlying);
    while (true) {
      const long = firstMonth(underlying, 1);
      const short = firstMonth(underlying, -1);
      if (long == abi.NONE || short == abi.NONE) break;
      const held = smaller(load<f64>(leftAt(long)), 0 - load<f64>(leftAt(short)));
      charge += held * abs(monthTime(long) - monthTime(short)) * rate;
      store<f64>(leftAt(long), load<f64>(leftAt(long)) - held);
      store<f64>(leftAt(short), load<f64>(leftAt(short)) + held);
    }
  }
  return charge;
}

/** Delta that a liquidation would have to trade: long options lessen that of all else, and never turn it around. */
function shockDelta(scope: u32): f64 {
  let options: f64 = 0;
  let rest: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!fold.holds(m, scope)) continue;
    const delta = deltaOf(p, m);
    if (isOption(m) && fold.sizeOf(p) > 0) options += delta;
    else rest += delta;
  }
  return rest < 0 ? smaller(larger(options + rest, rest), 0) : larger(smaller(options + rest, rest), 0);
}

/** Numeraire per unit of the underlying of a scope, by the first position. */
function spotIn(scope: u32): f64 {
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (fold.holds(m, scope)) return unitSpot(m);
  }
  return 0;
}

/** A delta beyond a threshold, at a rate that grows with it. */
export function deltaShock(n: u32, scope: u32): f64 {
  const size = abs(shockDelta(scope));
  const spot = spotIn(scope);
  const beyond = larger(0, size - termOf(fold.k, n, abi.NODE_TERM_THRESHOLD, scope));
  if (beyond == 0 || spot == 0) return 0;
  const slope = termOf(fold.k, n, abi.NODE_TERM_SLOPE, scope);
  return size * smaller(termOf(fold.k, n, abi.NODE_TERM_MOST, scope), slope * (beyond / spot));
}
