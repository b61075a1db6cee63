// Charges that need no scenario: exposures (gross, short, net short at a strike), and what the net delta asks for.
import { AT, INSTRUMENT, NODE, NODE_WIDTH, NODETERM, NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import { marketCell } from './arrays.js';
import type { Fold } from './fold.js';
import { amountOf, contractSpot, isOption, markValue, yearsOf } from './terms.js';

/** Is told what each row adds: position rows, and balance rows of collateral. */
export type Visit = (row: number, amount: number) => void;

/** Below this confidence what is missing to 1 counts; a threshold above 1 stands for: always in full. */
const ALWAYS = 1;

/** Share of an exposure that counts at a confidence. */
function doubtOf(fold: Fold, n: number, confidence: number): number {
  const { terms } = fold.columns.node;
  const threshold = terms[n * NODE_WIDTH + NODETERM.threshold]!;
  if (threshold > ALWAYS) return 1;
  return confidence < threshold ? (1 - confidence) * terms[n * NODE_WIDTH + NODETERM.slack]! : 0;
}

/** Least confidence of the linear markets that the unit holds in a scope; 1 where there is none. */
function linkedConfidence(fold: Fold, n: number, scope: number): number {
  const { columns, unit } = fold;
  const { position, market, unit: units, node } = columns;
  let least = 1;
  if (node.terms[n * NODE_WIDTH + NODETERM.linked]! === 0) return least;
  const p0 = units.positionStart[unit]!;
  for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (isOption(columns, m) || fold.sizeOf(p) === 0 || (scope !== NONE && market.underlying[m] !== scope)) continue;
    least = smaller(least, market.confidence[m]!);
  }
  return least;
}

/** Confidence of what a market's value rests on. */
function confidenceOf(fold: Fold, n: number, m: number, linked: number): number {
  const { market, expiry, asset, node } = fold.columns;
  const feed = node.feed[n]! === NONE ? 1 : asset.confidence[node.feed[n]!]!;
  if (!isOption(fold.columns, m)) {
    const base = market.base[m]!;
    const spot = base === NONE ? 1 : asset.confidence[base]!;
    return smaller(smaller(feed, spot), market.confidence[m]!);
  }
  const e = market.expiry[m]!;
  return smaller(smaller(smaller(feed, asset.confidence[expiry.asset[e]!]!), expiry.confidence[e]!), linked);
}

/** Sum over the balances of collateral: what is held, at its value or at the spot that it moves with. */
function collateral(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { columns, unit, k } = fold;
  const { unit: units, balance, asset, node, model } = columns;
  const linked = linkedConfidence(fold, n, scope);
  const feed = node.feed[n]! === NONE ? 1 : asset.confidence[node.feed[n]!]!;
  let sum = 0;
  const b0 = units.balanceStart[unit]!;
  for (let b = b0; b < b0 + units.balanceCount[unit]!; b++) {
    const a = balance.asset[b]!;
    const amount = amountOf(columns, b);
    const hedged = asset.hedges[a]!;
    if (a === model.cash[k] || amount <= 0) continue;
    if (scope !== NONE && (hedged === NONE || asset.underlying[hedged] !== scope)) continue;
    if (node.at[n] === AT.spot && hedged === NONE) continue;
    const price = asset.price[node.at[n] === AT.spot ? hedged : a]!;
    const charge = amount * price * doubtOf(fold, n, smaller(smaller(feed, asset.confidence[a]!), linked));
    visit?.(b, charge);
    sum += charge;
  }
  return sum;
}

/** Sum over positions of a kind: of |size|, or of what is short. */
function exposure(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { columns, unit } = fold;
  const { unit: units, position, market, node } = columns;
  if (node.of[n] === INSTRUMENT.collateral) return collateral(fold, n, scope, visit);
  const linked = linkedConfidence(fold, n, scope);
  const options = node.of[n] === INSTRUMENT.options;
  let sum = 0;
  const p0 = units.positionStart[unit]!;
  for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (isOption(columns, m) !== options || (scope !== NONE && market.underlying[m] !== scope)) continue;
    const size = fold.sizeOf(p);
    const counted = node.kind[n] === NODE.gross ? Math.abs(size) : larger(0 - size, 0);
    if (counted === 0) continue;
    const each =
      node.at[n] === AT.contract ? 1 : node.at[n] === AT.spot ? contractSpot(columns, m) : markValue(columns, m);
    const charge = counted * each * doubtOf(fold, n, confidenceOf(fold, n, m, linked));
    visit?.(p, charge);
    sum += charge;
  }
  return sum;
}

/** What is net short at each strike of an expiry, calls and puts together, at the spot. */
function netShort(fold: Fold, scope: number, visit?: Visit): number {
  const { columns, unit } = fold;
  const { unit: units, position, market } = columns;
  const p0 = units.positionStart[unit]!;
  const end = p0 + units.positionCount[unit]!;
  let sum = 0;
  for (let p = p0; p < end; p++) {
    const m = position.key[p]! >>> 2;
    if (!isOption(columns, m)) continue;
    const twin = market.twin[m]!;
    market.net[twin] = market.net[twin]! + fold.sizeOf(p) * contractSpot(columns, m);
  }
  if (visit) {
    for (let p = p0; p < end; p++) {
      const m = position.key[p]! >>> 2;
      if (!isOption(columns, m) || (scope !== NONE && market.underlying[m] !== scope)) continue;
      // Bought options at a strike that is net short lessen what it is charged.
      if (market.net[market.twin[m]!]! < 0) visit(p, 0 - fold.sizeOf(p) * contractSpot(columns, m));
    }
  }
  for (let p = p0; p < end; p++) {
    const m = position.key[p]! >>> 2;
    if (!isOption(columns, m)) continue;
    const twin = market.twin[m]!;
    if (scope === NONE || market.underlying[m] === scope) sum += larger(0 - market.net[twin]!, 0);
    market.net[twin] = 0;
  }
  return sum;
}

/** Dollar delta of every position row of a scope, in row order. */
function eachDelta(fold: Fold, scope: number, visit: Visit): void {
  const { columns, unit, k } = fold;
  const { unit: units, position, market, cell } = columns;
  const p0 = units.positionStart[unit]!;
  for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (scope !== NONE && market.underlying[m] !== scope) continue;
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

/** Sum over the months of a scope, perpetuals as one, of their net deltas times a rate that grows with time. */
function roll(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { fold: sums, node, expiry } = fold.columns;
  const terms = n * NODE_WIDTH;
  let charge = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (!fold.inside(slot, scope) || !firstOfMonth(fold, slot)) continue;
    const month = sums.month[slot]!;
    const ofMonth = (p: number): boolean => {
      const m = fold.columns.position.key[p]! >>> 2;
      return fold.columns.market.expiry[m] === month && fold.columns.market.underlying[m] === sums.underlying[slot];
    };
    let net = 0;
    eachDelta(fold, scope, (p, delta) => {
      if (ofMonth(p)) net += delta;
    });
    const years = month === NONE ? 0 : yearsOf(expiry.seconds[month]!);
    const rate = larger(node.terms[terms + NODETERM.least]!, node.terms[terms + NODETERM.perYear]! * years);
    if (visit) {
      eachDelta(fold, scope, (p, delta) => {
        if (ofMonth(p)) visit(p, (net < 0 ? 0 - delta : delta) * rate);
      });
    }
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

function deltaShock(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const terms = n * NODE_WIDTH;
  const { node } = fold.columns;
  const size = Math.abs(shockDelta(fold, scope));
  const beyond = larger(0, size - node.terms[terms + NODETERM.threshold]!);
  const charge = size * smaller(node.terms[terms + NODETERM.most]!, node.terms[terms + NODETERM.slope]! * beyond);
  // By delta: the charge is no sum of what positions ask for.
  if (visit && charge > 0) {
    const { net } = deltasOf(fold, scope);
    if (net !== 0) eachDelta(fold, scope, (p, delta) => visit(p, (delta / net) * charge));
  }
  return charge;
}

/** The charge of node `n` within a scope, before its factors. */
export function chargeOf(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { node } = fold.columns;
  const kind = node.kind[n]!;
  if (kind === NODE.netShort) return netShort(fold, scope, visit);
  if (kind === NODE.roll) return roll(fold, n, scope, visit);
  if (kind === NODE.deltaShock) return deltaShock(fold, n, scope, visit);
  if (kind !== NODE.delta) return exposure(fold, n, scope, visit);
  const { net, hedged } = deltasOf(fold, scope);
  const terms = n * NODE_WIDTH;
  if (visit) {
    const side = net < 0 ? -1 : 1;
    eachDelta(fold, scope, (p, delta) => {
      const hedge = (Math.abs(delta) - side * delta) / 2;
      visit(p, node.terms[terms + NODETERM.net]! * (side * delta) + node.terms[terms + NODETERM.hedged]! * hedge);
    });
  }
  return node.terms[terms + NODETERM.net]! * Math.abs(net) + node.terms[terms + NODETERM.hedged]! * hedged;
}
