// The largest loss of a unit over the scenarios of a scan: sums of the groups, each after its operation, by their weights.
import { NODE_WIDTH, NODETERM, NONE, OPERATION } from '../../layout.js';
import type { Fold } from './fold.js';
import { yearsOf } from './terms.js';

/** What a scan came to: the loss, and the row of its scenario (NONE: no scenario loses). */
export interface ScanAnswer {
  loss: number;
  scenario: number;
}

/** Gain of a slot in row `row` of the table, after the operation and the weight. */
export function gainOf(fold: Fold, slot: number, row: number): number {
  const { columns, k, scenarios } = fold;
  const { scenario, model, tenor } = columns;
  const at = fold.sumsOf(slot);
  const gain = columns.fold.sum[at + row - model.scenario[k]!]!;
  if (model.quantum[k]! > 0) return gain * model.quantum[k]!;
  const e = fold.expiryOf(slot);
  if (scenario.operation[row] === OPERATION.none || e === NONE) return gain * scenario.weight[row]!;
  const base = columns.fold.sum[at + scenarios]!;
  const value = gain + base;
  const discount = tenor.discount[(k * fold.store.count('expiry') + e) * 2 + (value >= 0 ? 0 : 1)]!;
  const left = value * discount - base;
  return (scenario.operation[row] === OPERATION.loss ? 0 - Math.abs(left) : left) * scenario.weight[row]!;
}

/** Gain of all slots of a scope in row `row`, summed in the order of the slots. */
export function gainIn(fold: Fold, scope: number, row: number): number {
  let gain = 0;
  for (let slot = 0; slot < fold.slots; slot++) if (fold.inside(slot, scope)) gain += gainOf(fold, slot, row);
  return gain;
}

function worst(fold: Fold, n: number, gain: (row: number) => number): ScanAnswer {
  const { node } = fold.columns;
  const signed = node.terms[n * NODE_WIDTH + NODETERM.signed]! !== 0;
  const answer: ScanAnswer = { loss: signed ? Number.NEGATIVE_INFINITY : 0, scenario: NONE };
  for (let row = node.from[n]!; row < node.to[n]!; row++) {
    const loss = 0 - gain(row);
    // The first of equal ones.
    if (loss > answer.loss) {
      answer.loss = loss;
      answer.scenario = row;
    }
  }
  return answer;
}

/** The scan of node `n` within a scope; by expiry, the sum over its slots, each times its own factor. */
export function scanOf(fold: Fold, n: number, scope: number): ScanAnswer {
  const { node, expiry } = fold.columns;
  if (node.by[n] === 0) return worst(fold, n, (row) => gainIn(fold, scope, row));
  const terms = n * NODE_WIDTH;
  let sum = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    const e = fold.expiryOf(slot);
    if (e === NONE || !fold.inside(slot, scope)) continue;
    const { loss } = worst(fold, n, (row) => gainOf(fold, slot, row));
    const years = yearsOf(expiry.seconds[e]!);
    sum += loss * (node.terms[terms + NODETERM.base]! + node.terms[terms + NODETERM.perYear]! * years);
  }
  return { loss: sum, scenario: NONE };
}
