// Options by rule instead of scenarios (Derive's standard manager): each short option by itself, or the largest loss of the
// expiry at any settlement price, whichever is milder. Source: derivexyz/v2-core src/risk-managers/StandardManager.sol.
import { KIND, NODE_WIDTH, NODETERM, NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import { marketCell } from './arrays.js';
import type { Fold } from './fold.js';
import { contractSpot, forwardOf, payUnit, spotOf } from './terms.js';

/** Net margin of one short option: 0 or less. @param level - 0 initial, 1 maintenance */
function shortOption(fold: Fold, n: number, m: number, size: number, level: number): number {
  const { columns, k, scenarios } = fold;
  const { market, node, cell } = columns;
  const term = (slot: number): number => node.terms[n * NODE_WIDTH + slot]!;
  const value = size * cell.value[marketCell(columns, k, m) + scenarios]!;
  const exposed = size * contractSpot(columns, m);
  const spot = spotOf(columns, m);
  const strike = market.strike[m]!;
  const isCall = market.kind[m] === KIND.call;
  const outside = larger(0, (isCall ? strike - spot : spot - strike) / spot);
  const rate = larger(term(NODETERM.maxSpot) - outside, term(NODETERM.minSpot));
  if (isCall) return value + exposed * (level === 0 ? rate : term(NODETERM.callMaintenance));
  const maintenance = smaller(exposed * term(NODETERM.putMaintenance), value * term(NODETERM.putValue)) + value;
  return level === 0 ? smaller(exposed * rate + value, maintenance * term(NODETERM.putInitialFactor)) : maintenance;
}

/** What an option pays at a settlement price, a contract, in the numeraire. */
function payoff(fold: Fold, m: number, price: number): number {
  const { market } = fold.columns;
  const strike = market.strike[m]!;
  return payUnit(fold.columns, m) * larger(0, market.kind[m] === KIND.call ? price - strike : strike - price);
}

/** The rows of a slot's options, visited in row order. */
function eachOption(fold: Fold, slot: number, visit: (m: number, size: number) => void): void {
  const { position, unit } = fold.columns;
  const p0 = unit.positionStart[fold.unit]!;
  for (let p = p0; p < p0 + unit.positionCount[fold.unit]!; p++) {
    const m = position.key[p]! >>> 2;
    const size = fold.sizeOf(p);
    if (size !== 0 && fold.groupOf(m) === fold.columns.fold.group[slot]!) visit(m, size);
  }
}

/** Least of 0 and what the options of a slot pay together at one settlement price. */
function payoffAt(fold: Fold, slot: number, price: number): number {
  let sum = 0;
  eachOption(fold, slot, (m, size) => {
    sum += size * payoff(fold, m, price);
  });
  return smaller(0, sum);
}

/** Largest loss at the settlement prices where it can turn: 0 and every strike. Calls short beyond have no end. */
function largestLoss(fold: Fold, n: number, slot: number, level: number): number {
  const { columns } = fold;
  let least = payoffAt(fold, slot, 0);
  let calls = 0;
  eachOption(fold, slot, (m, size) => {
    least = smaller(least, payoffAt(fold, slot, columns.market.strike[m]!));
    if (columns.market.kind[m] === KIND.call) calls += size * payUnit(columns, m);
  });
  if (calls >= 0) return least;
  const factor = columns.node.terms[n * NODE_WIDTH + NODETERM.unpairedInitial + level]!;
  return least + calls * forwardOf(columns, fold.expiryOf(slot), 1) * factor;
}

/** Requirement of the options of a scope: their value less the net margin that the rule leaves them. */
export function standardOptions(fold: Fold, n: number, scope: number, level: number): number {
  let sum = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (fold.expiryOf(slot) === NONE || !fold.inside(slot, scope)) continue;
    let alone = 0;
    eachOption(fold, slot, (m, size) => {
      if (size < 0) alone += shortOption(fold, n, m, size, level);
    });
    const value = fold.columns.fold.sum[fold.sumsOf(slot) + fold.scenarios]!;
    sum += value - larger(alone, largestLoss(fold, n, slot, level));
  }
  return sum;
}
