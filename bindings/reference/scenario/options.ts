// Options by rule instead of scenarios (Derive's standard manager): each short option by itself, or the largest loss of the
// expiry at any settlement price, whichever is milder. Source: derivexyz/v2-core src/risk-managers/StandardManager.sol.
import { KIND, NODE_WIDTH, NODETERM, NONE } from '../../layout.js';
import { larger, smaller } from '../lanes.js';
import { marketCell } from './arrays.js';
import type { Visit } from './charge.js';
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
function eachOption(fold: Fold, slot: number, visit: (m: number, size: number, p: number) => void): void {
  const { position, unit } = fold.columns;
  const p0 = unit.positionStart[fold.unit]!;
  for (let p = p0; p < p0 + unit.positionCount[fold.unit]!; p++) {
    const m = position.key[p]! >>> 2;
    const size = fold.sizeOf(p);
    if (size !== 0 && fold.groupOf(m) === fold.columns.fold.group[slot]!) visit(m, size, p);
  }
}

/** What the options of a slot pay together at one settlement price. */
function payoffAt(fold: Fold, slot: number, price: number): number {
  let sum = 0;
  eachOption(fold, slot, (m, size) => {
    sum += size * payoff(fold, m, price);
  });
  return sum;
}

/** A settlement price at which a slot's options lose most, what they pay there (0 or less), and calls short without an end. */
interface LargestLoss {
  price: number;
  pays: number;
  /** Numeraire per unit of the forward; below 0 where more calls are short than long. */
  unpaired: number;
}

/** The largest loss at the settlement prices where it can turn: 0 and every strike. NaN as price: none loses. */
function largestLoss(fold: Fold, slot: number): LargestLoss {
  const { columns } = fold;
  const worst: LargestLoss = { price: Number.NaN, pays: 0, unpaired: 0 };
  const look = (price: number): void => {
    const pays = payoffAt(fold, slot, price);
    if (pays < worst.pays) {
      worst.pays = pays;
      worst.price = price;
    }
  };
  look(0);
  eachOption(fold, slot, (m, size) => {
    look(columns.market.strike[m]!);
    if (columns.market.kind[m] === KIND.call) worst.unpaired += size * payUnit(columns, m);
  });
  return worst;
}

/** Requirement of the options of a slot: their value less the net margin that the rule leaves them. */
function slotOptions(fold: Fold, n: number, slot: number, level: number, visit?: Visit): number {
  const { columns } = fold;
  const value = columns.fold.sum[fold.sumsOf(slot) + fold.scenarios]!;
  let alone = 0;
  eachOption(fold, slot, (m, size) => {
    if (size < 0) alone += shortOption(fold, n, m, size, level);
  });
  const worst = largestLoss(fold, slot);
  const factor = columns.node.terms[n * NODE_WIDTH + NODETERM.unpairedInitial + level]!;
  const beyond = worst.unpaired < 0 ? forwardOf(columns, fold.expiryOf(slot), 1) * factor : 0;
  const together = worst.pays + worst.unpaired * beyond;
  if (visit) {
    eachOption(fold, slot, (m, size, p) => {
      const own = size * columns.cell.value[marketCell(columns, fold.k, m) + fold.scenarios]!;
      if (alone >= together) visit(p, size < 0 ? own - shortOption(fold, n, m, size, level) : own);
      else {
        const pays = Number.isNaN(worst.price) ? 0 : size * payoff(fold, m, worst.price);
        const call = columns.market.kind[m] === KIND.call ? size * payUnit(columns, m) * beyond : 0;
        visit(p, own - pays - call);
      }
    });
  }
  return value - larger(alone, together);
}

/** Requirement of the options of a scope, expiry by expiry. @param level - 0 initial, 1 maintenance */
export function standardOptions(fold: Fold, n: number, scope: number, level: number, visit?: Visit): number {
  let sum = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (fold.expiryOf(slot) !== NONE && fold.inside(slot, scope)) sum += slotOptions(fold, n, slot, level, visit);
  }
  return sum;
}
