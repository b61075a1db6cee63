// Spreads of net deltas, formed in the order of their list out of what those before have left: between months (a charge), what
// months deliver, between underlyings (a credit of price risk). bindings/reference/scenario/spreads.ts is the definition.
import * as abi from '../abi';
import { column, f64At, larger, readF64, readU32, smaller, u32At } from '../memory';
import { deltaOf } from './delta';
import * as fold from './fold';
import { priceRisk } from './scan';
import { book, expiries, unitSpot } from './terms';

/** Which side of a leg is long: pass 0 takes side A, pass 1 side B. */
const PASSES: u32 = 2;

/** Net deltas of months that spreads have left, what they have taken, and the months of legs. */
let lefts: usize = 0;
let used: usize = 0;
let links: usize = 0;

function put(pointer: usize, row: u32, value: f64): void {
  store<f64>(pointer + ((<usize>row) << 3), value);
}

/** Delta of a position row in units of the underlying. */
function unitsOf(p: u32, m: u32): f64 {
  const spot = unitSpot(m);
  return spot == 0 ? 0 : deltaOf(p, m) / spot;
}

/** Net deltas of the months of a scope. */
function openMonths(scope: u32): void {
  lefts = column(book, abi.EXPIRY_LEFT);
  used = column(book, abi.EXPIRY_USED);
  links = column(book, abi.LINK_EXPIRY);
  for (let e: u32 = 0; e < expiries; e++) {
    put(lefts, e, 0);
    put(used, e, 0);
  }
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    const e = readU32(book, abi.MARKET_EXPIRY, m);
    if (e != abi.NONE && fold.holds(m, scope)) put(lefts, e, f64At(lefts, e) + unitsOf(p, m));
  }
}

/** Whether a leg is long (1) or short (-1) in a pass. */
function sideIn(l: u32, pass: u32): f64 {
  return readU32(book, abi.LEG_SIDE, l) == pass ? 1 : -1;
}

/** What the months of a leg have left on a side. */
function legLeft(l: u32, side: f64): f64 {
  const end = readU32(book, abi.LEG_TO, l);
  let sum: f64 = 0;
  for (let i = readU32(book, abi.LEG_FROM, l); i < end; i++) sum += larger(0, side * f64At(lefts, u32At(links, i)));
  return sum;
}

/** Takes a delta from the months of a leg, the first of the list first. */
function take(l: u32, side: f64, delta: f64): void {
  const end = readU32(book, abi.LEG_TO, l);
  let open = delta;
  for (let i = readU32(book, abi.LEG_FROM, l); i < end && open > 0; i++) {
    const e = u32At(links, i);
    const taken = smaller(larger(0, side * f64At(lefts, e)), open);
    put(lefts, e, f64At(lefts, e) - side * taken);
    put(used, e, f64At(used, e) + taken);
    open -= taken;
  }
}

/** Forms the spreads between months. @returns their charge */
function formMonths(): f64 {
  const last = readU32(book, abi.MODEL_BETWEEN, fold.k);
  let charge: f64 = 0;
  for (let s = readU32(book, abi.MODEL_SPREAD, fold.k); s < last; s++) {
    const first = readU32(book, abi.SPREAD_LEG, s);
    const end = readU32(book, abi.SPREAD_END, s);
    for (let pass: u32 = 0; pass < PASSES; pass++) {
      let n: f64 = Infinity;
      for (let l = first; l < end; l++) n = smaller(n, legLeft(l, sideIn(l, pass)) / readF64(book, abi.LEG_RATIO, l));
      if (n <= 0) continue;
      charge += n * readF64(book, abi.SPREAD_CHARGE, s);
      for (let l = first; l < end; l++) take(l, sideIn(l, pass), n * readF64(book, abi.LEG_RATIO, l));
    }
  }
  return charge;
}

/** Charge of the spreads between months. */
export function monthCharge(scope: u32): f64 {
  openMonths(scope);
  return formMonths();
}

/** Charge of months that deliver, after their spreads. */
export function deliveryCharge(scope: u32): f64 {
  openMonths(scope);
  formMonths();
  const end = readU32(book, abi.MODEL_DELIVERY_END, fold.k);
  let charge: f64 = 0;
  for (let d = readU32(book, abi.MODEL_DELIVERY, fold.k); d < end; d++) {
    const e = readU32(book, abi.DELIVERY_EXPIRY, d);
    if (e == abi.NONE) continue;
    const left = abs(f64At(lefts, e)) * readF64(book, abi.DELIVERY_LEFT, d);
    charge += left + f64At(used, e) * readF64(book, abi.DELIVERY_USED, d);
  }
  return charge;
}

/** By underlying: net deltas, what of them is left, and credits. */
let nets: usize = 0;
let rests: usize = 0;
let credits: usize = 0;

function clear(u: u32): void {
  put(nets, u, 0);
  put(rests, u, 0);
  put(credits, u, 0);
}

/** Net deltas by underlying: all, and what the spreads between months have left. */
function openUnderlyings(first: u32, end: u32): void {
  nets = column(book, abi.FOLD_NET);
  rests = column(book, abi.FOLD_LEFT);
  credits = column(book, abi.FOLD_CREDIT);
  for (let slot: u32 = 0; slot < fold.slots; slot++) clear(fold.underlyingOf(slot));
  for (let s = first; s < end; s++) {
    const last = readU32(book, abi.SPREAD_END, s);
    for (let l = readU32(book, abi.SPREAD_LEG, s); l < last; l++) {
      const u = readU32(book, abi.LEG_UNDERLYING, l);
      if (u != abi.NONE) clear(u);
    }
  }
  for (let p = fold.p0; p < fold.pEnd; p++) {
    const m = fold.marketOf(p);
    const u = readU32(book, abi.MARKET_UNDERLYING, m);
    const e = readU32(book, abi.MARKET_EXPIRY, m);
    const delta = unitsOf(p, m);
    put(nets, u, f64At(nets, u) + delta);
    put(rests, u, f64At(rests, u) + (e == abi.NONE ? delta : f64At(lefts, e)));
    // A month counts with its first position.
    if (e != abi.NONE) put(lefts, e, 0);
  }
  // Price risk is that of the net delta: spreads between months of unlike ratios must not leave more of it, or some where none is.
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    const u = fold.underlyingOf(slot);
    const net = f64At(nets, u);
    put(rests, u, larger(smaller(net, 0), smaller(larger(net, 0), f64At(rests, u))));
  }
}

/** How often a spread between underlyings can be formed. */
function oftenIn(first: u32, end: u32, pass: u32): f64 {
  let often: f64 = Infinity;
  for (let l = first; l < end; l++) {
    const u = readU32(book, abi.LEG_UNDERLYING, l);
    const left: f64 = u == abi.NONE ? 0 : larger(0, sideIn(l, pass) * f64At(rests, u));
    often = smaller(often, left / readF64(book, abi.LEG_RATIO, l));
  }
  return often;
}

/** Credits of the spreads between underlyings, of those in a scope. */
export function credit(n: u32, scope: u32): f64 {
  const firstSpread = readU32(book, abi.MODEL_BETWEEN, fold.k);
  const endSpread = readU32(book, abi.MODEL_SPREAD_END, fold.k);
  openMonths(abi.NONE);
  formMonths();
  openUnderlyings(firstSpread, endSpread);
  for (let s = firstSpread; s < endSpread; s++) {
    const first = readU32(book, abi.SPREAD_LEG, s);
    const end = readU32(book, abi.SPREAD_END, s);
    for (let pass: u32 = 0; pass < PASSES; pass++) {
      const often = oftenIn(first, end, pass);
      if (often <= 0) continue;
      for (let l = first; l < end; l++) {
        const u = readU32(book, abi.LEG_UNDERLYING, l);
        const side = sideIn(l, pass);
        const delta = smaller(often * readF64(book, abi.LEG_RATIO, l), side * f64At(rests, u));
        const risk = priceRisk(n, u) / abs(f64At(nets, u));
        put(rests, u, f64At(rests, u) - side * delta);
        put(credits, u, f64At(credits, u) + delta * risk * readF64(book, abi.LEG_RATE, l));
      }
    }
  }
  let sum: f64 = 0;
  for (let slot: u32 = 0; slot < fold.slots; slot++) {
    if (fold.isFirst(slot) && fold.inside(slot, scope)) sum += f64At(credits, fold.underlyingOf(slot));
  }
  return sum;
}
