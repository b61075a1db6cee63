// What deltas ask for: net and hedged, by month against time, month against month, and beyond what a market can take.
import { NODETERM, NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import { marketCell } from './arrays.js';
import type { Visit } from './charge.js';
import type { Fold } from './fold.js';
import { termOf } from './scan.js';
import { isOption, unitSpot, yearsOf } from './terms.js';

/** Dollar delta of every position row of a scope, in row order. */
export function eachDelta(fold: Fold, scope: number, visit: Visit): void {
  const { columns, unit, k } = fold;
  const { unit: units, position, market, cell } = columns;
  const p0 = units.positionStart[unit]!;
  for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (!fold.counts(market.underlying[m]!, scope)) continue;
    visit(p, fold.sizeOf(p) * cell.value[marketCell(columns, k, m) + fold.scenarios + 1]!);
  }
}

/** Dollar delta of a scope: net, and what of the gross is hedged. */
function deltasOf(fold: Fold, scope: number): { net: number; hedged: number } {
  let net = 0;
  let gross = 0;
  eachDelta(fold, scope, (_, delta) => {
    net += delta;
    gross += Math.abs(delta);
  });
  return { net, hedged: (gross - Math.abs(net)) / 2 };
}

/** Dollar deltas of the positions of the month of a slot: what hedges in the balances has none. */
function eachOfMonth(fold: Fold, slot: number, visit: Visit): void {
  const { position, market, fold: sums } = fold.columns;
  eachDelta(fold, sums.underlying[slot]!, (p, own) => {
    if (market.expiry[position.key[p]! >>> 2] === sums.month[slot]) visit(p, own);
  });
}

/** Net dollar delta of the month of a slot. */
function monthDelta(fold: Fold, slot: number): number {
  let net = 0;
  eachOfMonth(fold, slot, (_, own) => {
    net += own;
  });
  return net;
}

/** Tells the positions of the month of a slot their deltas times a rate. */
function tellMonth(fold: Fold, slot: number, rate: number, visit: Visit): void {
  eachOfMonth(fold, slot, (p, own) => visit(p, own * rate));
}

/** Sum over the months of a scope, perpetuals as one, of their net deltas times a rate that grows with time. */
export function roll(fold: Fold, n: number, scope: number, visit?: Visit): number {
  let charge = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, scope) || !firstOfMonth(fold, slot)) continue;
    const net = monthDelta(fold, slot);
    const least = termOf(fold, n, NODETERM.least, scope);
    const rate = larger(least, termOf(fold, n, NODETERM.perYear, scope) * monthTime(fold, slot));
    if (visit) tellMonth(fold, slot, net < 0 ? 0 - rate : rate, visit);
    charge += Math.abs(net) * rate;
  }
  return charge;
}

const sameMonth = ({ columns: { fold } }: Fold, a: number, b: number): boolean =>
  fold.month[a] === fold.month[b] && fold.underlying[a] === fold.underlying[b];

function firstOfMonth(fold: Fold, slot: number): boolean {
  for (let before = 0; before < slot; before++) if (sameMonth(fold, before, slot)) return false;
  return true;
}

/** Slot of the first month of an underlying whose delta is left on a side: 1 long, -1 short. NONE: there is none. */
function firstMonth(fold: Fold, underlying: number, side: number): number {
  const { left } = fold.columns.fold;
  let best: number = NONE;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, underlying) || side * left[slot]! <= 0) continue;
    if (best === NONE || monthTime(fold, slot) < monthTime(fold, best)) best = slot;
  }
  return best;
}

/** Years to the month of a slot; perpetuals have none. */
function monthTime(fold: Fold, slot: number): number {
  const month = fold.columns.fold.month[slot]!;
  return month === NONE ? 0 : yearsOf(fold.columns.expiry.seconds[month]!);
}

/** Net deltas of months held against one another, the first long month against the first short one: delta times years between. */
export function calendar(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { left, underlying } = fold.columns.fold;
  for (let slot = 0; slot < fold.slots; slot++) left[slot] = firstOfMonth(fold, slot) ? monthDelta(fold, slot) : 0;
  let charge = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (!fold.first(slot) || !fold.inside(slot, scope)) continue;
    const u = underlying[slot]!;
    const rate = termOf(fold, n, NODETERM.rate, u);
    let [long, short] = [firstMonth(fold, u, 1), firstMonth(fold, u, -1)];
    while (long !== NONE && short !== NONE) {
      const held = smaller(left[long]!, 0 - left[short]!);
      const asked = held * Math.abs(monthTime(fold, long) - monthTime(fold, short)) * rate;
      charge += asked;
      if (visit) for (const side of [long, short]) tellMonth(fold, side, asked / 2 / monthDelta(fold, side), visit);
      left[long] = left[long]! - held;
      left[short] = left[short]! + held;
      [long, short] = [firstMonth(fold, u, 1), firstMonth(fold, u, -1)];
    }
  }
  return charge;
}

/** Delta that a liquidation would have to trade: long options lessen that of all else, and never turn it around. */
function shockDelta(fold: Fold, scope: number): number {
  const { position } = fold.columns;
  let options = 0;
  let rest = 0;
  eachDelta(fold, scope, (p, delta) => {
    if (isOption(fold.columns, position.key[p]! >>> 2) && fold.sizeOf(p) > 0) options += delta;
    else rest += delta;
  });
  return rest < 0 ? smaller(larger(options + rest, rest), 0) : larger(smaller(options + rest, rest), 0);
}

/** Numeraire per unit of the underlying of a scope, by the first position. */
function spotIn(fold: Fold, scope: number): number {
  const { position, unit, market } = fold.columns;
  const p0 = unit.positionStart[fold.unit]!;
  for (let p = p0; p < p0 + unit.positionCount[fold.unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (fold.counts(market.underlying[m]!, scope)) return unitSpot(fold.columns, m);
  }
  return 0;
}

export function deltaShock(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const size = Math.abs(shockDelta(fold, scope));
  const spot = spotIn(fold, scope);
  const beyond = larger(0, size - termOf(fold, n, NODETERM.threshold, scope));
  if (beyond === 0 || spot === 0) return 0;
  const slope = termOf(fold, n, NODETERM.slope, scope);
  const charge = size * smaller(termOf(fold, n, NODETERM.most, scope), slope * (beyond / spot));
  // By delta: the charge is no sum of what positions ask for.
  if (visit && charge > 0) {
    const { net } = deltasOf(fold, scope);
    if (net !== 0) eachDelta(fold, scope, (p, delta) => visit(p, (delta / net) * charge));
  }
  return charge;
}

/** A rate of the net delta, and one of what is hedged. */
export function delta(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { net, hedged } = deltasOf(fold, scope);
  const netRate = termOf(fold, n, NODETERM.net, scope);
  const hedgedRate = termOf(fold, n, NODETERM.hedged, scope);
  if (visit) {
    const side = net < 0 ? -1 : 1;
    eachDelta(fold, scope, (p, own) => {
      const hedge = (Math.abs(own) - side * own) / 2;
      visit(p, netRate * (side * own) + hedgedRate * hedge);
    });
  }
  return netRate * Math.abs(net) + hedgedRate * hedged;
}
