// Spreads of net deltas, formed in the order of their list out of what those before have left: between months (a charge), what
// months deliver, between underlyings (a credit of price risk). Source: CME, SPAN methodology (2019), Type C, E, S and 6 records.
import { NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import type { Visit } from './charge.js';
import { eachDelta } from './delta.js';
import type { Fold } from './fold.js';
import { gainIn, worst } from './scan.js';
import { unitSpot } from './terms.js';

/** Which side of a leg is long: pass 0 takes side A, pass 1 side B. */
const PASSES = 2;

/** Delta of every position row of a scope, in units of the underlying. */
function eachUnits(fold: Fold, scope: number, visit: Visit): void {
  const { columns } = fold;
  eachDelta(fold, scope, (p, delta) => {
    const spot = unitSpot(columns, columns.position.key[p]! >>> 2);
    visit(p, spot === 0 ? 0 : delta / spot);
  });
}

const monthOf = ({ columns: { position, market } }: Fold, p: number): number => market.expiry[position.key[p]! >>> 2]!;

/** Net deltas of the months of a scope. */
function openMonths(fold: Fold, scope: number): void {
  const { expiry } = fold.columns;
  for (let e = 0; e < fold.store.count('expiry'); e++) {
    expiry.left[e] = 0;
    expiry.used[e] = 0;
  }
  eachUnits(fold, scope, (p, delta) => {
    const e = monthOf(fold, p);
    if (e !== NONE) expiry.left[e] = expiry.left[e]! + delta;
  });
}

/** What the months of a leg have left on a side: 1 long, -1 short. */
function legLeft({ columns: { expiry, leg, link } }: Fold, l: number, side: number): number {
  let sum = 0;
  for (let i = leg.from[l]!; i < leg.to[l]!; i++) sum += larger(0, side * expiry.left[link.expiry[i]!]!);
  return sum;
}

/** Takes a delta from the months of a leg, the first of the list first. */
function take(fold: Fold, l: number, side: number, delta: number, told?: (e: number, taken: number) => void): void {
  const { expiry, leg, link } = fold.columns;
  let open = delta;
  for (let i = leg.from[l]!; i < leg.to[l]! && open > 0; i++) {
    const e = link.expiry[i]!;
    const taken = smaller(larger(0, side * expiry.left[e]!), open);
    expiry.left[e] = expiry.left[e]! - side * taken;
    expiry.used[e] = expiry.used[e]! + taken;
    open -= taken;
    told?.(e, taken);
  }
}

const sideIn = ({ columns: { leg } }: Fold, l: number, pass: number): number => (leg.side[l] === pass ? 1 : -1);

/** Forms the spreads between months. @param told - is told what a month gives to a spread, and what that costs in all its legs */
function formMonths(fold: Fold, told?: (e: number, charge: number) => void): number {
  const { model, spread, leg } = fold.columns;
  let charge = 0;
  for (let s = model.spread[fold.k]!; s < model.between[fold.k]!; s++) {
    for (let pass = 0; pass < PASSES; pass++) {
      const [first, end] = [spread.leg[s]!, spread.end[s]!];
      let n = Number.POSITIVE_INFINITY;
      for (let l = first; l < end; l++) n = smaller(n, legLeft(fold, l, sideIn(fold, l, pass)) / leg.ratio[l]!);
      if (n <= 0) continue;
      charge += n * spread.charge[s]!;
      for (let l = first; l < end; l++) {
        const delta = n * leg.ratio[l]!;
        const each = (n * spread.charge[s]!) / (end - first) / delta;
        take(fold, l, sideIn(fold, l, pass), delta, told && ((e, taken) => told(e, each * taken)));
      }
    }
  }
  return charge;
}

/** Tells positions what their months are charged, by their share of the month's delta. */
function tellMonths(fold: Fold, scope: number, charges: ReadonlyMap<number, number>, visit: Visit): void {
  const nets = new Map<number, number>();
  eachUnits(fold, scope, (p, delta) => nets.set(monthOf(fold, p), (nets.get(monthOf(fold, p)) ?? 0) + delta));
  eachUnits(fold, scope, (p, delta) => {
    const charge = charges.get(monthOf(fold, p)) ?? 0;
    if (charge !== 0) visit(p, (charge * delta) / (nets.get(monthOf(fold, p)) ?? 1));
  });
}

/** Charge of the spreads between months. Its legs share it alike. */
export function monthCharge(fold: Fold, scope: number, visit?: Visit): number {
  openMonths(fold, scope);
  const charges = new Map<number, number>();
  const charge = formMonths(fold, visit && ((e, more) => charges.set(e, (charges.get(e) ?? 0) + more)));
  if (visit) tellMonths(fold, scope, charges, visit);
  return charge;
}

/** Charge of months that deliver, after their spreads. */
export function deliveryCharge(fold: Fold, scope: number, visit?: Visit): number {
  const { model, delivery, expiry } = fold.columns;
  openMonths(fold, scope);
  formMonths(fold);
  const charges = new Map<number, number>();
  let charge = 0;
  for (let d = model.delivery[fold.k]!; d < model.deliveryEnd[fold.k]!; d++) {
    const e = delivery.expiry[d]!;
    if (e === NONE) continue;
    const asked = Math.abs(expiry.left[e]!) * delivery.left[d]! + expiry.used[e]! * delivery.used[d]!;
    charges.set(e, (charges.get(e) ?? 0) + asked);
    charge += asked;
  }
  if (visit) tellMonths(fold, scope, charges, visit);
  return charge;
}

/**
 * Price risk of an underlying: the loss of its scan less what time alone loses (the rows where the price stays) and what volatility
 * alone does (half of the way from the worst row to the other of the same price).
 */
export function priceRisk(fold: Fold, n: number, underlying: number): number {
  const { node, scenario } = fold.columns;
  const lossIn = (row: number): number => 0 - gainIn(fold, underlying, row, NONE);
  const [from, to] = [node.from[n]!, node.to[n]!];
  let still: number = NONE;
  for (let row = to - 1; row >= from; row--) if (scenario.price[row] === 0) still = row;
  const first = still === NONE ? 0 : lossIn(still);
  const second = still === NONE ? 0 : lossIn(scenario.pair[still]!);
  const { loss, row } = worst(from, to, true, (at) => gainIn(fold, underlying, at, NONE));
  const other = loss < 0 ? first - second : loss - lossIn(scenario.pair[row]!);
  return larger(0, larger(0, loss) - (first + second) / 2 - other / 2);
}

/** Net deltas by underlying: all, and what the spreads between months have left; credits are 0. */
function openUnderlyings(fold: Fold): void {
  const { model, spread, leg, expiry, market, position, fold: sums } = fold.columns;
  const clear = (u: number): void => {
    sums.net[u] = 0;
    sums.left[u] = 0;
    sums.credit[u] = 0;
  };
  for (let slot = 0; slot < fold.slots; slot++) clear(sums.underlying[slot]!);
  for (let s = model.between[fold.k]!; s < model.spreadEnd[fold.k]!; s++) {
    for (let l = spread.leg[s]!; l < spread.end[s]!; l++) if (leg.underlying[l] !== NONE) clear(leg.underlying[l]!);
  }
  eachUnits(fold, NONE, (p, delta) => {
    const u = market.underlying[position.key[p]! >>> 2]!;
    const e = monthOf(fold, p);
    sums.net[u] = sums.net[u]! + delta;
    sums.left[u] = sums.left[u]! + (e === NONE ? delta : expiry.left[e]!);
    // A month counts with its first position.
    if (e !== NONE) expiry.left[e] = 0;
  });
  // Price risk is that of the net delta: spreads between months of unlike ratios must not leave more of it, or some where none is.
  for (let slot = 0; slot < fold.slots; slot++) {
    const u = sums.underlying[slot]!;
    const net = sums.net[u]!;
    sums.left[u] = larger(smaller(net, 0), smaller(larger(net, 0), sums.left[u]!));
  }
}

/** Credits of the spreads between underlyings, of those in a scope. */
export function credit(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { model, spread, leg, fold: sums } = fold.columns;
  openMonths(fold, NONE);
  formMonths(fold);
  openUnderlyings(fold);
  for (let s = model.between[fold.k]!; s < model.spreadEnd[fold.k]!; s++) {
    for (let pass = 0; pass < PASSES; pass++) {
      let often = Number.POSITIVE_INFINITY;
      for (let l = spread.leg[s]!; l < spread.end[s]!; l++) {
        const u = leg.underlying[l]!;
        const left = u === NONE ? 0 : larger(0, sideIn(fold, l, pass) * sums.left[u]!);
        often = smaller(often, left / leg.ratio[l]!);
      }
      if (often <= 0) continue;
      for (let l = spread.leg[s]!; l < spread.end[s]!; l++) {
        const u = leg.underlying[l]!;
        const side = sideIn(fold, l, pass);
        const delta = smaller(often * leg.ratio[l]!, side * sums.left[u]!);
        const risk = priceRisk(fold, n, u) / Math.abs(sums.net[u]!);
        sums.left[u] = sums.left[u]! - side * delta;
        sums.credit[u] = sums.credit[u]! + delta * risk * leg.rate[l]!;
      }
    }
  }
  let sum = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    const u = sums.underlying[slot]!;
    if (!fold.first(slot) || !fold.counts(u, scope)) continue;
    sum += sums.credit[u]!;
    const share = sums.net[u] === 0 ? 0 : sums.credit[u]! / sums.net[u]!;
    if (visit && share !== 0) eachUnits(fold, u, (p, delta) => visit(p, share * delta));
  }
  return sum;
}
