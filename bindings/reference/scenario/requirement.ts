// The requirement of a unit by its model: the tree of parts, evaluated for initial and maintenance at once. Open orders count as
// the worst of none, all bids and all asks filled. assembly/scenario/requirement.ts gives the same bits.
import { NODE, NODE_WIDTH, NODETERM, NONE } from '../../layout.js';
import type { Columns, Store } from '../../memory.js';
import { larger } from '../lanes.js';
import { chargeOf } from './charge.js';
import { FILLED, Fold, GROUP } from './fold.js';
import { standardOptions } from './options.js';
import { scanOf, type TailWeight } from './scan.js';
import { parameterOf } from './terms.js';

/** Initial and maintenance. */
export type Levels = [initial: number, maintenance: number];

/** Factor of a part at a level: its own, times a parameter of the underlying, plus what a lost peg adds. */
export function factorOf(columns: Columns, k: number, n: number, scope: number, level: number): number {
  const { node, asset } = columns;
  const parameter = node.parameter[n * 2 + level]!;
  const own = node.factor[n * 2 + level]! * parameterOf(columns, k, scope, parameter);
  const peg = node.peg[n]!;
  if (peg === NONE) return own;
  const terms = n * NODE_WIDTH;
  const lost = larger(0, node.terms[terms + NODETERM.pegThreshold]! - asset.price[peg]!);
  return own + lost * node.terms[terms + NODETERM.pegInitial + level]!;
}

/** Marginal tiers: the slice up to each bound counts with its rate. @returns the sum, and the rate of the last slice */
export function tierAt({ node, parameter }: Columns, n: number, x: number): { sum: number; rate: number } {
  return tierSum(parameter.value, node.from[n]!, node.to[n]!, x);
}

/** The same of bounds and rates, in pairs. */
export function tierSum(values: ArrayLike<number>, from: number, to: number, x: number): { sum: number; rate: number } {
  let sum = 0;
  let rate = 0;
  let before = 0;
  for (let t = from; t < to; t += 2) {
    const upTo = values[t]!;
    if (x <= before) break;
    rate = values[t + 1]!;
    sum += ((x < upTo ? x : upTo) - before) * rate;
    before = upTo;
  }
  return { sum, rate };
}

/** What a part for each is made for: every underlying of the scope once, or every group of them, in the order of the slots. */
export function* scopesOf(fold: Fold, n: number, scope: number): Generator<number> {
  const grouped = fold.columns.node.by[n] !== 0;
  for (let slot = 0; slot < fold.slots; slot++) {
    const underlying = fold.columns.fold.underlying[slot]!;
    if (!fold.counts(underlying, scope)) continue;
    if (grouped ? fold.firstOfGroup(slot) : fold.first(slot)) yield grouped ? GROUP + underlying : underlying;
  }
}

export class Evaluation {
  readonly #fold: Fold;

  constructor(fold: Fold) {
    this.#fold = fold;
  }

  /** @param scope - underlying that counts, or NONE for all */
  of(n: number, scope: number): Levels {
    return this.apart(n, scope).amounts;
  }

  /** The same with what it is before the factors, and the scenarios of a scan. */
  apart(n: number, scope: number): { amounts: Levels; inner: Levels; tail: readonly TailWeight[] } {
    const { columns, k } = this.#fold;
    const { node } = columns;
    const kind = node.kind[n]!;
    let inner: Levels;
    let tail: readonly TailWeight[] = [];
    if (kind <= NODE.tiers) inner = this.#inner(n, kind, scope);
    else if (kind === NODE.scan) {
      const answer = scanOf(this.#fold, n, scope);
      inner = [answer.loss, answer.loss];
      tail = answer.tail;
    } else if (kind === NODE.options) {
      inner = [standardOptions(this.#fold, n, scope, 0), standardOptions(this.#fold, n, scope, 1)];
    } else {
      const charge = chargeOf(this.#fold, n, scope);
      inner = [charge, charge];
    }
    const amounts: Levels = [
      inner[0] * factorOf(columns, k, n, scope, 0),
      inner[1] * factorOf(columns, k, n, scope, 1),
    ];
    return { amounts, inner, tail };
  }

  #inner(n: number, kind: number, scope: number): Levels {
    if (kind === NODE.each) return this.#each(n, scope);
    const { node } = this.#fold.columns;
    const amounts = this.of(n + 1, scope);
    if (kind === NODE.tiers) {
      return [tierAt(this.#fold.columns, n, amounts[0]).sum, tierAt(this.#fold.columns, n, amounts[1]).sum];
    }
    for (let child = node.end[n + 1]!; child < node.end[n]!; child = node.end[child]!) {
      const [initial, maintenance] = this.of(child, scope);
      amounts[0] = kind === NODE.sum ? amounts[0] + initial : larger(amounts[0], initial);
      amounts[1] = kind === NODE.sum ? amounts[1] + maintenance : larger(amounts[1], maintenance);
    }
    return amounts;
  }

  #each(n: number, scope: number): Levels {
    const sum: Levels = [0, 0];
    for (const inner of scopesOf(this.#fold, n, scope)) {
      const [initial, maintenance] = this.of(n + 1, inner);
      sum[0] += initial;
      sum[1] += maintenance;
    }
    return sum;
  }
}

/** What is larger, or no number, is more than anything that could be held against it. */
const MOST_REQUIREMENT = 1e200;

/** Below 0 a requirement would be collateral that nobody can take. */
const lawful = (x: number): number => (x < MOST_REQUIREMENT ? larger(x, 0) + 0 : MOST_REQUIREMENT);

function hasOrders({ unit, position }: Columns, u: number): boolean {
  const p0 = unit.positionStart[u]!;
  return position.order.subarray(p0, p0 + unit.positionCount[u]!).some((o) => o !== 0);
}

/** Requirement of unit `u` by its model, at the initial and the maintenance level, in the numeraire. */
export function modelRequirement(store: Store, u: number): Levels {
  const { columns } = store;
  const k = columns.unit.model[u]! - 1;
  const fold = new Fold(store, u, k);
  const evaluation = new Evaluation(fold);
  const root = columns.model.node[k]!;
  fold.run(FILLED.none);
  const amounts = evaluation.of(root, NONE);
  if (columns.model.orders[k] !== 0 && hasOrders(columns, u)) {
    for (const filled of [FILLED.bids, FILLED.asks]) {
      fold.run(filled);
      const [initial, maintenance] = new Evaluation(fold).of(root, NONE);
      amounts[0] = larger(amounts[0], initial);
      amounts[1] = larger(amounts[1], maintenance);
    }
  }
  fold.close();
  return [lawful(amounts[0]), lawful(amounts[1])];
}

/** Writes the requirement where the margin fold reads it: initial, maintenance, liquidation end. */
export function writeRequirement(store: Store, u: number): void {
  const { columns } = store;
  writeLevels(columns, columns.unit.model[u]! - 1, modelRequirement(store, u));
}

/** The same of a requirement of model `k`. */
export function writeLevels({ house, model }: Columns, k: number, [initial, maintenance]: Levels): void {
  const { required } = house;
  required[0] = lawful(initial);
  required[1] = lawful(maintenance);
  required[2] = required[model.end[k] === 0 ? 0 : 1]!;
  required[3] = 0;
}
