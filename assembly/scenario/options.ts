// Options by rule instead of scenarios (Derive's standard manager): each short option by itself, or the largest loss of the
// expiry at any settlement price, whichever is milder. bindings/reference/scenario/options.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import * as fold from './fold';
import { book, forwardOf, payUnit, spotOf } from './terms';

let terms: usize = 0;

// @ts-ignore: decorator
@inline
function isCall(m: u32): bool {
  return readU32(book, abi.MARKET_KIND, m) == abi.KIND_CALL;
}

/** Net margin of one short option: 0 or less. @param level - 0 initial, 1 maintenance */
function shortOption(m: u32, size: f64, level: u32): f64 {
  const value = size * load<f64>(fold.arrayOf(m) + ((<usize>fold.scenarios) << 3));
  const exposed = size * fold.spotOfContract(m);
  const spot = spotOf(m);
  const strike = readF64(book, abi.MARKET_STRIKE, m);
  const call = isCall(m);
  const outside = larger(0, (call ? strike - spot : spot - strike) / spot);
  const rate = larger(load<f64>(terms, abi.NODE_TERM_MAX_SPOT) - outside, load<f64>(terms, abi.NODE_TERM_MIN_SPOT));
  if (call) return value + exposed * (level == 0 ? rate : load<f64>(terms, abi.NODE_TERM_CALL_MAINTENANCE));
  const least = exposed * load<f64>(terms, abi.NODE_TERM_PUT_MAINTENANCE);
  const maintenance = smaller(least, value * load<f64>(terms, abi.NODE_TERM_PUT_VALUE)) + value;
  if (level != 0) return maintenance;
  return smaller(exposed * rate + value, maintenance * load<f64>(terms, abi.NODE_TERM_PUT_INITIAL_FACTOR));
}

/** What an option pays at a settlement price, a contract, in the numeraire. */
function payoff(m: u32, price: f64): f64 {
  const strike = readF64(book, abi.MARKET_STRIKE, m);
  return payUnit(m) * larger(0, isCall(m) ? price - strike : strike - price);
}

/** Contracts of a row that are options of a slot, 0 of any other. */
// @ts-ignore: decorator
@inline
function sizeIn(slot: u32, p: u32): f64 {
  return fold.groupOf(fold.marketOf(p)) == fold.groupOfSlot(slot) ? fold.sizeOf(p) : 0;
}

/** What the options of a slot pay together at one settlement price. */
function payoffAt(slot: u32, price: f64): f64 {
  let sum: f64 = 0;
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const size = sizeIn(slot, p);
    if (size != 0) sum += size * payoff(fold.marketOf(p), price);
  }
  return sum;
}

/** Net margin of the options of a slot one by one, and together at the settlement prices where their loss can turn. */
function slotOptions(slot: u32, level: u32): f64 {
  let alone: f64 = 0;
  let unpaired: f64 = 0;
  let pays = smaller(0, payoffAt(slot, 0));
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const size = sizeIn(slot, p);
    if (size == 0) continue;
    const m = fold.marketOf(p);
    if (size < 0) alone += shortOption(m, size, level);
    pays = smaller(pays, payoffAt(slot, readF64(book, abi.MARKET_STRIKE, m)));
    if (isCall(m)) unpaired += size * payUnit(m);
  }
  // More calls short than long: their loss has no end.
  const factor = load<f64>(terms + ((<usize>level) << 3), abi.NODE_TERM_UNPAIRED_INITIAL);
  const beyond: f64 = unpaired < 0 ? forwardOf(fold.expiryOf(slot), 1) * factor : 0;
  const value = load<f64>(fold.sumsOf(slot) + ((<usize>fold.scenarios) << 3));
  return value - larger(alone, pays + unpaired * beyond);
}

/** Requirement of the options of a scope, expiry by expiry: their value less the net margin that the rule leaves them. */
export function standardOptions(n: u32, scope: u32, level: u32): f64 {
  terms = column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
  let sum: f64 = 0;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (fold.expiryOf(slot) == abi.NONE || !fold.inside(slot, scope)) continue;
    sum += slotOptions(slot, level);
  }
  return sum;
}
