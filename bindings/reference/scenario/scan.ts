// The loss of a unit over the scenarios of a scan. A scenario's gain is that of its groups, each after its operation, summed by
// underlying and then over all; a reducer makes one loss of them, as weights of the scenarios in the tail.
import { NODE_NAMED, NODE_WIDTH, NODETERM, NONE, OPERATION, REDUCE } from '../../layout.js';
import { larger } from '../lanes.js';
import { weightOf } from './arrays.js';
import { type Fold, GROUP } from './fold.js';
import { figureOf, yearsOf } from './terms.js';

/** A scenario's row and its weight in the loss. */
export interface TailWeight {
  row: number;
  weight: number;
}

/** Gain of a slot in row `row` of the table, after the operation and the weight. */
export function gainOf(fold: Fold, slot: number, row: number): number {
  const { columns, k, scenarios } = fold;
  const { scenario, model, tenor } = columns;
  const at = fold.sumsOf(slot);
  const gain = columns.fold.sum[at + row - model.scenario[k]!]!;
  // Whole multiples of the quantum stay counts until everything is summed.
  if (model.quantum[k]! > 0 || model.published[k]! !== 0) return gain;
  const e = fold.expiryOf(slot);
  const weight = weightOf(columns, k, columns.fold.underlying[slot]!, row);
  if (scenario.operation[row] === OPERATION.none || e === NONE) return gain * weight;
  const base = columns.fold.sum[at + scenarios]!;
  const value = gain + base;
  const discount = tenor.discount[(k * fold.store.count('expiry') + e) * 2 + (value >= 0 ? 0 : 1)]!;
  const left = value * discount - base;
  return (scenario.operation[row] === OPERATION.loss ? 0 - Math.abs(left) : left) * weight;
}

/** A number of node `n` that may be a parameter, for an underlying. */
export function termOf({ columns, k }: Fold, n: number, slot: number, underlying: number): number {
  const { terms, termBy } = columns.node;
  return figureOf(columns, k, underlying, terms[n * NODE_WIDTH + slot]!, termBy[n * NODE_NAMED + slot]!);
}

/** What is taken off the size of what an underlying gains. */
export const dampenerOf = ({ columns, k }: Fold, underlying: number, row: number): number =>
  figureOf(columns, k, underlying, columns.scenario.dampener[row]!, columns.scenario.dampenerBy[row]!);

/** Share of its gains that an underlying may set against losses of others. @param n - node of the scan; NONE: all of them */
export const gainShare = (fold: Fold, n: number, underlying: number): number =>
  n === NONE ? 1 : termOf(fold, n, NODETERM.gains, underlying);

/** What an underlying gains: its slots, less the dampener, gains times their share. */
function underlyingGain(fold: Fold, underlying: number, row: number, n: number): number {
  let gain = 0;
  for (let slot = 0; slot < fold.slots; slot++) if (fold.inside(slot, underlying)) gain += gainOf(fold, slot, row);
  const dampener = dampenerOf(fold, underlying, row);
  if (dampener > 0) gain = gain >= 0 ? larger(0, gain - dampener) : 0 - larger(0, 0 - gain - dampener);
  return gain > 0 ? gain * gainShare(fold, n, underlying) : gain;
}

/**
 * Gain of all of a scope in row `row`, in the numeraire: underlying by underlying, in each its slots in order.
 * @param n - node of the scan, which says what share of gains counts; NONE: all of them
 */
export function gainIn(fold: Fold, scope: number, row: number, n: number): number {
  const quantum = fold.columns.model.quantum[fold.k]!;
  const gain = gainOfScope(fold, scope, row, n);
  return quantum > 0 ? gain * quantum : gain;
}

function gainOfScope(fold: Fold, scope: number, row: number, n: number): number {
  if (scope < GROUP) return underlyingGain(fold, scope, row, n);
  let sum = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    if (fold.first(slot) && fold.inside(slot, scope))
      sum += underlyingGain(fold, fold.columns.fold.underlying[slot]!, row, n);
  }
  return sum;
}

/** The worst of the losses, the first of equal ones. */
export function worst(
  from: number,
  to: number,
  signed: boolean,
  gain: (row: number) => number,
): { loss: number; row: number } {
  let loss = signed ? Number.NEGATIVE_INFINITY : 0;
  let worstRow: number = NONE;
  for (let row = from; row < to; row++) {
    const here = 0 - gain(row);
    if (here > loss) {
      loss = here;
      worstRow = row;
    }
  }
  return { loss, row: worstRow };
}

/** Rows from the largest loss down, the first of equal ones first. */
function ranked(from: number, to: number, gain: (row: number) => number): TailWeight[] {
  const losses = Array.from({ length: to - from }, (_, i) => ({ row: from + i, weight: 0 - gain(from + i) }));
  return losses.sort((a, b) => (a.weight === b.weight ? a.row - b.row : a.weight > b.weight ? -1 : 1));
}

/** What each scenario weighs in the loss of node `n`; their order is that in which the loss is summed. */
function weightsOf(fold: Fold, n: number, gain: (row: number) => number): TailWeight[] {
  const { node } = fold.columns;
  const terms = n * NODE_WIDTH;
  const [from, to] = [node.from[n]!, node.to[n]!];
  const tail = node.terms[terms + NODETERM.tail]!;
  const reduce = node.terms[terms + NODETERM.reduce]!;
  if (reduce === REDUCE.worst) {
    const { row } = worst(from, to, node.terms[terms + NODETERM.signed]! !== 0, gain);
    return row === NONE ? [] : [{ row, weight: 1 }];
  }
  const rows = ranked(from, to, gain);
  if (reduce === REDUCE.rank) return rows.slice(tail - 1, tail).map(({ row }) => ({ row, weight: 1 }));
  if (reduce === REDUCE.shortfall) return shortfall(rows, tail);
  return aged(rows, from, to, tail, node.terms[terms + NODETERM.decay]!);
}

/** Acerbi and Tasche: the floor(tail) largest losses in full, the next for what is left of the tail, over the tail. */
function shortfall(rows: readonly TailWeight[], tail: number): TailWeight[] {
  const whole = Math.floor(tail);
  const rest = tail - whole;
  const full = rows.slice(0, whole).map(({ row }) => ({ row, weight: 1 / tail }));
  const next = rows[whole];
  return rest > 0 && next ? [...full, { row: next.row, weight: rest / tail }] : full;
}

/** Boudoukh, Richardson and Whitelaw: the last row is the youngest and weighs most; the loss at which the weights reach the tail. */
function aged(rows: readonly TailWeight[], from: number, to: number, tail: number, decay: number): TailWeight[] {
  const weights = new Float64Array(to - from);
  let weight = 1;
  let sum = 0;
  for (let i = weights.length - 1; i >= 0; i--) {
    weights[i] = weight;
    sum += weight;
    weight *= decay;
  }
  let reached = 0;
  for (const { row } of rows) {
    reached += weights[row - from]! / sum;
    if (reached >= tail) return [{ row, weight: 1 }];
  }
  return rows.slice(-1).map(({ row }) => ({ row, weight: 1 }));
}

/** Loss of node `n` within a scope, and the scenarios that it comes from. */
export function scanOf(fold: Fold, n: number, scope: number): { loss: number; tail: TailWeight[] } {
  const { node } = fold.columns;
  const terms = n * NODE_WIDTH;
  if (node.by[n] !== 0) return { loss: scanByExpiry(fold, n, scope), tail: [] };
  const gain = (row: number): number => gainIn(fold, scope, row, n);
  const tail = weightsOf(fold, n, gain);
  let loss = 0;
  for (const { row, weight } of tail) loss += weight * (0 - gain(row));
  return { loss: node.terms[terms + NODETERM.signed]! !== 0 ? loss : larger(loss, 0), tail };
}

/**
 * Sum over the expiries of a scope of their own worst losses, each times its factor.
 * @param visit - is told the slot, the row of its worst scenario (NONE: it loses in none), and the factor
 */
export function scanByExpiry(
  fold: Fold,
  n: number,
  scope: number,
  visit?: (slot: number, row: number, factor: number) => void,
): number {
  const { node, expiry } = fold.columns;
  const terms = n * NODE_WIDTH;
  let sum = 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    const e = fold.expiryOf(slot);
    if (e === NONE || !fold.inside(slot, scope)) continue;
    const { loss, row } = worst(node.from[n]!, node.to[n]!, false, (at) => gainOf(fold, slot, at));
    const years = yearsOf(expiry.seconds[e]!);
    const factor = node.terms[terms + NODETERM.base]! + node.terms[terms + NODETERM.perYear]! * years;
    visit?.(slot, row, factor);
    sum += loss * factor;
  }
  return sum;
}
