// Charges on deltas: net and hedged, month by month, and what a liquidation would have to trade.
// bindings/reference/scenario/charge.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import * as fold from './fold';
import { book, isOption, yearsOf } from './terms';

// @ts-ignore: decorator
@inline
function termsOf(n: u32): usize {
  return column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
}

// @ts-ignore: decorator
@inline
function inScope(m: u32, scope: u32): bool {
  return scope == abi.NONE || readU32(book, abi.MARKET_UNDERLYING, m) == scope;
}

/** Dollar delta of a position row, which stands behind the value in its risk array. */
// @ts-ignore: decorator
@inline
function deltaOf(p: u32, m: u32): f64 {
  return fold.sizeOf(p) * load<f64>(fold.arrayOf(m) + ((<usize>fold.scenarios) << 3), 8);
}

/** What the net delta asks for, and what of the gross is hedged. */
export function netDelta(n: u32, scope: u32): f64 {
  const terms = termsOf(n);
  let net: f64 = 0;
  let gross: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!inScope(m, scope)) continue;
    const delta = deltaOf(p, m);
    net += delta;
    gross += abs(delta);
  }
  const hedged = (gross - abs(net)) / 2;
  return load<f64>(terms, abi.NODE_TERM_NET) * abs(net) + load<f64>(terms, abi.NODE_TERM_HEDGED) * hedged;
}

// @ts-ignore: decorator
@inline
function sameMonth(a: u32, b: u32): bool {
  return fold.monthOf(a) == fold.monthOf(b) && fold.underlyingOf(a) == fold.underlyingOf(b);
}

function firstOfMonth(slot: u32): bool {
  for (let before: u32 = 0; before < slot; before++) if (sameMonth(before, slot)) return false;
  return true;
}

/** Sum over the months of a scope, perpetuals as one, of their net deltas times a rate that grows with time. */
export function roll(n: u32, scope: u32): f64 {
  const terms = termsOf(n);
  const behind = (<usize>fold.scenarios) << 3;
  let charge: f64 = 0;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, scope) || !firstOfMonth(slot)) continue;
    const month = fold.monthOf(slot);
    let net: f64 = 0;
    for (let other = slot; other < fold.slots; other++) {
      if (sameMonth(slot, other)) net += load<f64>(fold.sumsOf(other) + behind, 8);
    }
    const years = month == abi.NONE ? 0 : yearsOf(readF64(book, abi.EXPIRY_SECONDS, month));
    const rate = larger(load<f64>(terms, abi.NODE_TERM_LEAST), load<f64>(terms, abi.NODE_TERM_PER_YEAR) * years);
    charge += abs(net) * rate;
  }
  return charge;
}

/** Delta that a liquidation would have to trade: long options lessen that of all else, and never turn it around. */
function shockDelta(scope: u32): f64 {
  let options: f64 = 0;
  let rest: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    if (!inScope(m, scope)) continue;
    const delta = deltaOf(p, m);
    if (isOption(m) && fold.sizeOf(p) > 0) options += delta;
    else rest += delta;
  }
  return rest < 0 ? smaller(larger(options + rest, rest), 0) : larger(smaller(options + rest, rest), 0);
}

/** A delta beyond a threshold, at a rate that grows with it. */
export function deltaShock(n: u32, scope: u32): f64 {
  const terms = termsOf(n);
  const size = abs(shockDelta(scope));
  const beyond = larger(0, size - load<f64>(terms, abi.NODE_TERM_THRESHOLD));
  return size * smaller(load<f64>(terms, abi.NODE_TERM_MOST), load<f64>(terms, abi.NODE_TERM_SLOPE) * beyond);
}
