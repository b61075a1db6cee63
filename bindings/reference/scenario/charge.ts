// Charges that need no scenario: exposures (gross, short, net short at a strike), and what the net delta asks for.
import { AT, INSTRUMENT, NODE, NODE_WIDTH, NODETERM, NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import { marketCell } from './arrays.js';
import type { Fold } from './fold.js';
import { amountOf, isOption, markValue, payUnit, spotOf } from './terms.js';

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
  if (!isOption(fold.columns, m)) return smaller(feed, market.confidence[m]!);
  const e = market.expiry[m]!;
  return smaller(smaller(smaller(feed, asset.confidence[expiry.asset[e]!]!), expiry.confidence[e]!), linked);
}

/** Sum over the balances of collateral: what is held, at its value or at the spot that it moves with. */
function collateral(fold: Fold, n: number, scope: number): number {
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
    sum += amount * price * doubtOf(fold, n, smaller(smaller(feed, asset.confidence[a]!), linked));
  }
  return sum;
}

/** Sum over positions of a kind: of |size|, or of what is short. */
function exposure(fold: Fold, n: number, scope: number): number {
  const { columns, unit } = fold;
  const { unit: units, position, market, node } = columns;
  if (node.of[n] === INSTRUMENT.collateral) return collateral(fold, n, scope);
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
    const each = node.at[n] === AT.spot ? contractSpot(fold, m) : markValue(columns, m);
    sum += counted * each * doubtOf(fold, n, confidenceOf(fold, n, m, linked));
  }
  return sum;
}

/** What a contract moves, at the spot, in the numeraire. An option that pays coin is on so many units of it. */
export function contractSpot(fold: Fold, m: number): number {
  const { columns } = fold;
  const { market, expiry } = columns;
  const coin = isOption(columns, m) && market.settle[m] === expiry.asset[market.expiry[m]!];
  return coin ? payUnit(columns, m) : payUnit(columns, m) * spotOf(columns, m);
}

/** What is net short at each strike of an expiry, calls and puts together, at the spot. */
function netShort(fold: Fold, scope: number): number {
  const { columns, unit } = fold;
  const { unit: units, position, market } = columns;
  const p0 = units.positionStart[unit]!;
  const end = p0 + units.positionCount[unit]!;
  let sum = 0;
  for (let p = p0; p < end; p++) {
    const m = position.key[p]! >>> 2;
    if (!isOption(columns, m)) continue;
    const twin = market.twin[m]!;
    market.net[twin] = market.net[twin]! + fold.sizeOf(p) * contractSpot(fold, m);
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

/** Dollar delta of a scope: net, and what of the gross is hedged. */
export function deltasOf(fold: Fold, scope: number): { net: number; hedged: number } {
  const { columns, unit, k } = fold;
  const { unit: units, position, market, cell } = columns;
  let net = 0;
  let gross = 0;
  const p0 = units.positionStart[unit]!;
  for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (scope !== NONE && market.underlying[m] !== scope) continue;
    const delta = fold.sizeOf(p) * cell.value[marketCell(columns, k, m) + fold.scenarios + 1]!;
    net += delta;
    gross += Math.abs(delta);
  }
  return { net, hedged: (gross - Math.abs(net)) / 2 };
}

/** The charge of node `n` within a scope, before its factors. */
export function chargeOf(fold: Fold, n: number, scope: number): number {
  const { node } = fold.columns;
  if (node.kind[n] === NODE.netShort) return netShort(fold, scope);
  if (node.kind[n] !== NODE.delta) return exposure(fold, n, scope);
  const { net, hedged } = deltasOf(fold, scope);
  const terms = n * NODE_WIDTH;
  return node.terms[terms + NODETERM.net]! * Math.abs(net) + node.terms[terms + NODETERM.hedged]! * hedged;
}
