// What each row of a unit adds to its requirement, by the chain rule through the parts: a charge's own rows, a scan's rows in the
// scenarios of its tail. What no row can be given (dampeners, tiers) is left as the remainder. No kernel twin: it explains.
import { INSTRUMENT, NODE, NODE_WIDTH, NODETERM, NONE, OPERATION } from '../../layout.js';
import { marketCell, weightOf } from './arrays.js';
import { chargeOf } from './charge.js';
import type { Fold } from './fold.js';
import { standardOptions } from './options.js';
import { type Evaluation, factorOf, scopesOf, tierAt } from './requirement.js';
import { dampenerOf, gainOf, gainShare, scanByExpiry, scanOf } from './scan.js';
import { amountOf } from './terms.js';

/** Amounts by position row and by balance row of the unit, at one level. */
export interface Attribution {
  positions: Map<number, number>;
  balances: Map<number, number>;
  /** What is told to no row. */
  remainder: number;
}

function add(to: Map<number, number>, row: number, amount: number): void {
  to.set(row, (to.get(row) ?? 0) + amount);
}

export class Attributor {
  readonly #fold: Fold;
  readonly #evaluation: Evaluation;
  readonly #level: number;
  readonly result: Attribution = { positions: new Map(), balances: new Map(), remainder: 0 };

  constructor(fold: Fold, evaluation: Evaluation, level: number) {
    this.#fold = fold;
    this.#evaluation = evaluation;
    this.#level = level;
  }

  /** Tells rows what node `n` asks of them. @param weight - product of the factors above it */
  of(n: number, scope: number, weight: number): void {
    const { columns, k } = this.#fold;
    const { node } = columns;
    const kind = node.kind[n]!;
    const share = weight * factorOf(columns, k, n, scope, this.#level);
    if (share === 0) return;
    if (kind === NODE.sum) for (const child of this.#children(n)) this.of(child, scope, share);
    else if (kind === NODE.max) this.of(this.#largest(n, scope), scope, share);
    else if (kind === NODE.each) this.#each(n, scope, share);
    else if (kind === NODE.tiers) this.#tiers(n, scope, share);
    else if (kind === NODE.scan) this.#scan(n, scope, share);
    else {
      const balances = kind <= NODE.short && node.of[n] === INSTRUMENT.collateral;
      const to = balances ? this.result.balances : this.result.positions;
      const visit = (row: number, amount: number): void => add(to, row, share * amount);
      if (kind === NODE.options) standardOptions(this.#fold, n, scope, this.#level, visit);
      else chargeOf(this.#fold, n, scope, visit);
    }
  }

  #children(n: number): number[] {
    const { node } = this.#fold.columns;
    const children: number[] = [];
    for (let child = n + 1; child < node.end[n]!; child = node.end[child]!) children.push(child);
    return children;
  }

  #amount(n: number, scope: number): number {
    return this.#evaluation.of(n, scope)[this.#level]!;
  }

  /** The first of the largest, as the evaluation takes it. */
  #largest(n: number, scope: number): number {
    const [first = n + 1, ...others] = this.#children(n);
    let best = first;
    let most = this.#amount(first, scope);
    for (const child of others) {
      const amount = this.#amount(child, scope);
      if (amount > most) {
        best = child;
        most = amount;
      }
    }
    return best;
  }

  #each(n: number, scope: number, share: number): void {
    for (const inner of scopesOf(this.#fold, n, scope)) this.of(n + 1, inner, share);
  }

  /** Rows are told the rate of the last slice; what slices below it counted otherwise is nobody's. */
  #tiers(n: number, scope: number, share: number): void {
    const { columns } = this.#fold;
    const x = this.#amount(n + 1, scope);
    const { sum, rate } = tierAt(columns, n, x);
    this.of(n + 1, scope, share * rate);
    this.result.remainder += share * (sum - rate * x);
  }

  #scan(n: number, scope: number, share: number): void {
    const { node } = this.#fold.columns;
    if (node.by[n] !== 0) {
      scanByExpiry(this.#fold, n, scope, (slot, row, factor) => {
        if (row !== NONE) this.#slot(slot, row, 0 - share * factor);
      });
      return;
    }
    const { loss, tail } = scanOf(this.#fold, n, scope);
    // A tail without a loss is cut off at 0.
    if (loss === 0 && node.terms[n * NODE_WIDTH + NODETERM.signed]! === 0) return;
    for (const { row, weight } of tail) {
      for (let first = 0; first < this.#fold.slots; first++) {
        const underlying = this.#fold.columns.fold.underlying[first]!;
        if (!this.#fold.first(first) || !this.#fold.counts(underlying, scope)) continue;
        const gain = this.#gain(underlying, row);
        const dampener = dampenerOf(this.#fold, underlying, row);
        if (Math.abs(gain) <= dampener && dampener > 0) continue;
        const each = 0 - share * weight * (gain > 0 ? gainShare(this.#fold, n, underlying) : 1);
        for (let slot = 0; slot < this.#fold.slots; slot++) {
          if (this.#fold.columns.fold.underlying[slot] === underlying) this.#slot(slot, row, each);
        }
        this.result.remainder -= each * (gain > 0 ? dampener : 0 - dampener);
      }
    }
  }

  #gain(underlying: number, row: number): number {
    let gain = 0;
    for (let slot = 0; slot < this.#fold.slots; slot++) {
      if (this.#fold.columns.fold.underlying[slot] === underlying) gain += gainOf(this.#fold, slot, row);
    }
    return gain;
  }

  /** Tells the rows of a slot what they gain in a scenario, times `share`: the operation on their sum, taken apart. */
  #slot(slot: number, row: number, share: number): void {
    const fold = this.#fold;
    const { columns, k, unit } = fold;
    const { scenario, model, tenor, cell, position, unit: units, balance, asset } = columns;
    const s = row - model.scenario[k]!;
    const at = fold.sumsOf(slot);
    const e = fold.expiryOf(slot);
    const plain = scenario.operation[row] === OPERATION.none || e === NONE;
    const value = columns.fold.sum[at + s]! + columns.fold.sum[at + fold.scenarios]!;
    const discount = plain ? 1 : tenor.discount[(k * fold.store.count('expiry') + e) * 2 + (value >= 0 ? 0 : 1)]!;
    const left = value * discount - columns.fold.sum[at + fold.scenarios]!;
    const loses = !plain && scenario.operation[row] === OPERATION.loss && left > 0;
    const own = weightOf(columns, k, columns.fold.underlying[slot]!, row);
    const weight = model.quantum[k]! > 0 ? model.quantum[k]! : model.published[k] !== 0 ? 1 : own;
    const gainAt = (from: number): number => {
      if (plain) return cell.value[from + s]!;
      const base = cell.value[from + fold.scenarios]!;
      const gain = (cell.value[from + s]! + base) * discount - base;
      return loses ? 0 - gain : gain;
    };
    const p0 = units.positionStart[unit]!;
    for (let p = p0; p < p0 + units.positionCount[unit]!; p++) {
      const m = position.key[p]! >>> 2;
      if (fold.groupOf(m) !== columns.fold.group[slot]) continue;
      add(this.result.positions, p, share * weight * fold.sizeOf(p) * gainAt(marketCell(columns, k, m)));
    }
    const b0 = units.balanceStart[unit]!;
    for (let b = b0; b < b0 + units.balanceCount[unit]!; b++) {
      const a = balance.asset[b]!;
      if (fold.groupOfAsset(a) !== columns.fold.group[slot] || asset.hedges[a] === NONE) continue;
      const from = marketCell(columns, k, fold.store.count('market') + a);
      add(this.result.balances, b, share * weight * amountOf(columns, b) * gainAt(from));
    }
  }
}
