// Value at risk and expected shortfall without a matrix of profits: gains are summed scenario by scenario and only the worst are kept,
// in a heap whose root is the mildest of them. Losses are positive; of equal ones the earlier scenario is the worse. The definition
// of assembly/var/tail.ts, which takes sixteen scenarios at once; each has its own sum in the order of the holdings.
import { BY, COMPONENT, MEASURE, NONE, SHORTFALL } from '../../layout.js';
import type { Columns, Store } from '../../memory.js';
import { amountOf } from '../scenario/terms.js';
import { Holdings, paidOf, rowOf } from './holding.js';

/** What is left over after rounding when weights are summed in the order of the scenarios instead of that of losses. */
const SLACK = 1 + 1e-9;

/** The worst gains of a list of holdings. */
class Tail {
  readonly #columns: Columns;
  readonly #terms: Float64Array;
  size = 0;
  /** Losses equal to the mildest one kept that were not. */
  ties = 0;
  /** Sum of the weights of what is kept. */
  #held = 0;

  constructor(columns: Columns) {
    this.#columns = columns;
    this.#terms = columns.measure.term;
  }

  /** Whether the loss at place `a` is milder than that at `b`. */
  #milder(a: number, b: number): boolean {
    const { gain, scenario } = this.#columns.tail;
    return gain[a]! > gain[b]! || (gain[a] === gain[b] && scenario[a]! > scenario[b]!);
  }

  #swap(a: number, b: number): void {
    const { gain, scenario } = this.#columns.tail;
    [gain[a], gain[b]] = [gain[b]!, gain[a]!];
    [scenario[a], scenario[b]] = [scenario[b]!, scenario[a]!];
  }

  #rise(i: number): void {
    for (let at = i; at > 0; ) {
      const parent = (at - 1) >>> 1;
      if (!this.#milder(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(size: number): void {
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= size) return;
      if (child + 1 < size && this.#milder(child + 1, child)) child++;
      if (!this.#milder(child, at)) return;
      this.#swap(child, at);
      at = child;
    }
  }

  #put(i: number, gain: number, scenario: number): void {
    this.#columns.tail.gain[i] = gain;
    this.#columns.tail.scenario[i] = scenario;
  }

  /** Takes a gain, of a later scenario than those before. */
  take(gain: number, scenario: number): void {
    if (this.#terms[MEASURE.weighted] !== 0) {
      this.#takeWeighted(gain, scenario);
      return;
    }
    const mildest = this.#columns.tail.gain[0]!;
    if (this.size < this.#terms[MEASURE.keep]!) {
      this.#put(this.size, gain, scenario);
      this.#rise(this.size++);
    } else if (gain < mildest) {
      this.#put(0, gain, scenario);
      this.#sink(this.size);
      this.ties = this.#columns.tail.gain[0] === mildest ? this.ties + 1 : 0;
    } else if (gain === mildest) this.ties++;
  }

  /** The same by weights: what is kept weighs as much as the tail, and would not without its mildest. */
  #takeWeighted(gain: number, scenario: number): void {
    const { tail, chance } = this.#columns;
    const wanted = this.#terms[MEASURE.tail]! * SLACK;
    if (this.#held >= wanted && gain >= tail.gain[0]!) return;
    this.#put(this.size, gain, scenario);
    this.#rise(this.size++);
    this.#held += chance.weight[scenario]!;
    while (this.size > 1 && this.#held - chance.weight[tail.scenario[0]!]! >= wanted) {
      this.#held -= chance.weight[tail.scenario[0]!]!;
      this.#swap(0, --this.size);
      this.#sink(this.size);
    }
  }

  /** Puts the worst first. */
  sort(): void {
    for (let size = this.size - 1; size > 0; size--) {
      this.#swap(0, size);
      this.#sink(size);
    }
  }

  loss(i: number): number {
    return 0 - this.#columns.tail.gain[i]!;
  }

  /** Loss at a rank, between two of them where there is a share. */
  at(rank: number, share: number): number {
    const loss = this.loss(rank);
    return share === 0 ? loss : loss + share * (this.loss(rank + 1) - loss);
  }

  /** Sum of the first losses. */
  sum(count: number): number {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.loss(i);
    return sum;
  }

  /** Losses larger than `bound`. */
  beyond(bound: number): number {
    let count = 0;
    while (count < this.size && this.loss(count) > bound) count++;
    return count;
  }
}

/** Mean of the losses beyond a bound; the bound where there are none, which is the largest loss then. */
function meanBeyond(tail: Tail, bound: number, weight: Float64Array | undefined): number {
  const count = tail.beyond(bound);
  if (weight) {
    for (let i = 0; i < count; i++) weight[i] = 1 / count;
    if (count === 0) weight[0] = 1;
  }
  return count === 0 ? bound : tail.sum(count) / count;
}

/** Expected shortfall by the convention that is asked for. @param weight - takes what each loss weighs in it */
function shortfallOf(tail: Tail, t: Float64Array, weight: Float64Array | undefined): number {
  const mass = t[MEASURE.tail]!;
  const code = t[MEASURE.shortfall]!;
  const kth = t[MEASURE.whole]! - (t[MEASURE.rest]! > 0 ? 0 : 1);
  if (code === SHORTFALL.acerbiTasche) {
    const whole = t[MEASURE.whole]!;
    const rest = t[MEASURE.rest]!;
    if (weight) {
      for (let i = 0; i < whole; i++) weight[i] = 1 / mass;
      if (rest > 0) weight[whole] = rest / mass;
    }
    const sum = tail.sum(whole);
    return (rest > 0 ? sum + rest * tail.loss(whole) : sum) / mass;
  }
  const bound = tail.loss(kth);
  if (code === SHORTFALL.rockafellarUryasev) {
    const count = tail.beyond(bound);
    let excess = 0;
    for (let i = 0; i < count; i++) excess += tail.loss(i) - bound;
    if (weight) {
      for (let i = 0; i < count; i++) weight[i] = 1 / mass;
      weight[kth] = 1 - count / mass;
    }
    return bound + excess / mass;
  }
  if (code === SHORTFALL.beyond) return meanBeyond(tail, bound, weight);
  if (code === SHORTFALL.beyondType7) {
    return meanBeyond(tail, tail.at(t[MEASURE.excelRank]!, t[MEASURE.excelShare]!), weight);
  }
  const last = tail.size - 1;
  // At or beyond: losses equal to the k-th count, those that were not kept too.
  let count = kth + 1;
  while (count < tail.size && tail.loss(count) === bound) count++;
  const outside = tail.loss(last) === bound ? tail.ties : 0;
  const all = count + outside;
  if (weight) {
    for (let i = 0; i < count; i++) weight[i] = 1 / all;
    weight[kth] = weight[kth]! + outside / all;
  }
  return (tail.sum(count) + outside * bound) / all;
}

/** Of scenarios with weights: the loss at which they reach the tail, and the mean of the tail. */
function weightedOf(tail: Tail, columns: Columns, component: number): { risk: number; shortfall: number } {
  const { chance, tail: rows, measure } = columns;
  const wanted = measure.term[MEASURE.tail]!;
  let reached = 0;
  let sum = 0;
  let last = 0;
  for (; last < tail.size - 1; last++) {
    const weight = chance.weight[rows.scenario[last]!]!;
    if (reached + weight >= wanted) break;
    reached += weight;
    sum += weight * tail.loss(last);
    rows.weight[last] = component === COMPONENT.shortfall ? weight / wanted : 0;
  }
  const rest = wanted - reached;
  rows.weight[last] = component === COMPONENT.shortfall ? rest / wanted : 1;
  tail.size = last + 1;
  return { risk: tail.loss(last), shortfall: (sum + rest * tail.loss(last)) / wanted };
}

/** Runs all scenarios over the holdings and writes measures to row `into` of `loss`. */
export function tailOf(store: Store, count: number, into: number): number {
  const { columns } = store;
  const { gain, holding, loss, measure, tail: rows, worst } = columns;
  const t = measure.term;
  const width = t[MEASURE.width]!;
  const tail = new Tail(columns);
  for (let s = 0; s < t[MEASURE.scenarios]!; s++) {
    let sum = 0;
    for (let h = 0; h < count; h++) sum += holding.amount[h]! * gain.value[holding.row[h]! * width + s]!;
    tail.take(sum, s);
  }
  tail.sort();
  const component = t[MEASURE.component]!;
  if (component !== COMPONENT.none) rows.weight.fill(0, 0, tail.size);
  if (t[MEASURE.weighted] !== 0) {
    const { risk, shortfall } = weightedOf(tail, columns, component);
    loss.risk[into] = risk;
    loss.shortfall[into] = shortfall;
  } else {
    const rank = t[MEASURE.rank]!;
    const share = t[MEASURE.share]!;
    loss.risk[into] = tail.at(rank, share);
    if (component === COMPONENT.risk) {
      rows.weight[rank] = 1 - share;
      if (share > 0) rows.weight[rank + 1] = share;
    }
    loss.shortfall[into] = shortfallOf(tail, t, component === COMPONENT.shortfall ? rows.weight : undefined);
  }
  if (t[MEASURE.tails] !== 0) {
    const at = into * t[MEASURE.keep]!;
    for (let i = 0; i < t[MEASURE.keep]!; i++) worst.scenario[at + i] = i < tail.size ? rows.scenario[i]! : NONE;
  }
  return tail.size;
}

/** Loss of `amount` of a row of gains in the tail that is open, by its weights, the worst first. */
function lossOf({ gain, measure, tail }: Columns, size: number, row: number, amount: number): number {
  const width = measure.term[MEASURE.width]!;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += tail.weight[i]! * (0 - amount * gain.value[row * width + tail.scenario[i]!]!);
  return sum;
}

/** Parts of a unit's positions and balances in the tail that is open; adds them to `total` in row order. */
function components(store: Store, u: number, size: number, total: number): number {
  const { columns } = store;
  const { unit, balance, position, positionRisk, balanceRisk } = columns;
  const markets = store.count('market');
  let p = unit.positionStart[u]!;
  const b0 = unit.balanceStart[u]!;
  for (let b = b0; b < b0 + unit.balanceCount[u]!; b++) {
    const asset = rowOf(store, markets + balance.asset[b]!);
    for (const end = p + balance.positions[b]!; p < end; p++) {
      const row = rowOf(store, position.key[p]! >>> 2);
      let part = row < 0 ? 0 : lossOf(columns, size, row, position.size[p]!);
      if (asset >= 0) part -= lossOf(columns, size, asset, paidOf(store, p));
      positionRisk.component[p] = part;
      total += part;
    }
    const part = asset < 0 ? 0 : lossOf(columns, size, asset, amountOf(columns, b));
    balanceRisk.component[b] = part;
    total += part;
  }
  return total;
}

/** Tails of units, or of accounts, `[from, to)`. */
export function tails(store: Store, from: number, to: number): void {
  const { account, unit, measure, loss } = store.columns;
  const byAccount = measure.term[MEASURE.by] === BY.account;
  const apart = measure.term[MEASURE.component] !== COMPONENT.none;
  for (let i = from; i < to; i++) {
    const first = byAccount ? account.firstUnit[i]! : i;
    const next = (u: number): number => (byAccount ? unit.next[u]! : NONE);
    const holdings = new Holdings(store);
    for (let u = first; u !== NONE; u = next(u)) holdings.addUnit(u);
    const size = tailOf(store, holdings.count, i);
    let total = 0;
    if (apart) for (let u = first; u !== NONE; u = next(u)) total = components(store, u, size, total);
    loss.total[i] = total;
  }
}
