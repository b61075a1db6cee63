// What is held: in all, what of it is short, what is net short at a strike, what long and short offset. At the spot, at the mark, or
// counted; where a confidence is asked for, only the part that is missing to it.
import { AT, INSTRUMENT, KIND, NODE, NODE_WIDTH, NODETERM, NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import type { Visit } from './charge.js';
import type { Fold } from './fold.js';
import { amountOf, contractSpot, isOption, markValue } from './terms.js';

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
    if (isOption(columns, m) || fold.sizeOf(p) === 0 || !fold.counts(market.underlying[m]!, scope)) continue;
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
    if (scope !== NONE && (hedged === NONE || !fold.counts(asset.underlying[hedged]!, scope))) continue;
    if (node.at[n] === AT.spot && hedged === NONE) continue;
    const price = asset.price[node.at[n] === AT.spot ? hedged : a]!;
    const charge = amount * price * doubtOf(fold, n, smaller(smaller(feed, asset.confidence[a]!), linked));
    visit?.(b, charge);
    sum += charge;
  }
  return sum;
}

/** Whether a market is what node `n` counts. */
function counted(fold: Fold, n: number, m: number, scope: number): boolean {
  const { node, market } = fold.columns;
  if (!fold.counts(market.underlying[m]!, scope)) return false;
  const of = node.of[n]!;
  if (of === INSTRUMENT.calls) return market.kind[m] === KIND.call;
  if (of === INSTRUMENT.puts) return market.kind[m] === KIND.put;
  return isOption(fold.columns, m) === (of === INSTRUMENT.options);
}

/** What a contract counts, before its confidence. */
function eachCounts({ columns }: Fold, n: number, m: number): number {
  const at = columns.node.at[n]!;
  if (at === AT.contract) return 1;
  if (at === AT.unit) return columns.market.multiplier[m]!;
  return at === AT.spot ? contractSpot(columns, m) : markValue(columns, m);
}

/** Sum over positions of a kind: of |size|, or of what is short. */
export function exposure(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { columns, unit } = fold;
  const { unit: units, position, node } = columns;
  if (node.of[n] === INSTRUMENT.collateral) return collateral(fold, n, scope, visit);
  const linked = linkedConfidence(fold, n, scope);
  let sum = 0;
  const p0 = units.positionStart[unit]!;
  for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
    const m = position.key[p]! >>> 2;
    if (!counted(fold, n, m, scope)) continue;
    const size = fold.sizeOf(p);
    const held = node.kind[n] === NODE.gross ? Math.abs(size) : larger(0 - size, 0);
    if (held === 0) continue;
    const charge = held * eachCounts(fold, n, m) * doubtOf(fold, n, confidenceOf(fold, n, m, linked));
    visit?.(p, charge);
    sum += charge;
  }
  return sum;
}

/** The lesser of all that is long and all that is short. */
export function offset(fold: Fold, n: number, scope: number, visit?: Visit): number {
  const { unit: units, position } = fold.columns;
  const p0 = units.positionStart[fold.unit]!;
  const side = (sign: number, to?: Visit): number => {
    let sum = 0;
    for (let p = p0; p < p0 + units.positionCount[fold.unit]!; p++) {
      const m = position.key[p]! >>> 2;
      const held = sign * fold.sizeOf(p);
      if (held <= 0 || !counted(fold, n, m, scope)) continue;
      to?.(p, held * eachCounts(fold, n, m));
      sum += held * eachCounts(fold, n, m);
    }
    return sum;
  };
  const [long, short] = [side(1), side(-1)];
  if (visit) side(long <= short ? 1 : -1, visit);
  return smaller(long, short);
}

/** What is net short at each strike of an expiry, calls and puts together, at the spot. */
export function netShort(fold: Fold, scope: number, visit?: Visit): number {
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
      if (!isOption(columns, m) || !fold.counts(market.underlying[m]!, scope)) continue;
      // Bought options at a strike that is net short lessen what it is charged.
      if (market.net[market.twin[m]!]! < 0) visit(p, 0 - fold.sizeOf(p) * contractSpot(columns, m));
    }
  }
  for (let p = p0; p < end; p++) {
    const m = position.key[p]! >>> 2;
    if (!isOption(columns, m)) continue;
    const twin = market.twin[m]!;
    if (fold.counts(market.underlying[m]!, scope)) sum += larger(0 - market.net[twin]!, 0);
    market.net[twin] = 0;
  }
  return sum;
}
