// What a unit gains in each scenario: its positions times their risk arrays, summed by group in row order. A group is an expiry,
// or all that is linear in one underlying; their slots stand by underlying, then by group, whatever the order of the rows.
import { NONE } from '../../layout.js';
import type { Columns, Store } from '../../memory.js';
import { marketCell } from './arrays.js';
import { amountOf, isOption, parameterOf } from './terms.js';

/** A scope is an underlying, NONE for all of them, or this and the first underlying of a group. */
export const GROUP = 0x80000000;

/** Which of a unit's open orders are taken as filled. */
export const FILLED = { none: 0, bids: 1, asks: 2 } as const;

export class Fold {
  readonly store: Store;
  readonly columns: Columns;
  readonly unit: number;
  /** Model, and numbers of its risk arrays. */
  readonly k: number;
  readonly width: number;
  readonly scenarios: number;
  slots = 0;
  #filled: number = FILLED.none;

  constructor(store: Store, unit: number, k: number) {
    this.store = store;
    this.columns = store.columns;
    this.unit = unit;
    this.k = k;
    this.width = this.columns.model.width[k]!;
    this.scenarios = this.columns.model.scenarios[k]!;
    // A what-if may have left its slots open.
    this.columns.fold.slot.fill(0);
  }

  /** First number of a slot's sums; behind the last slot stand those of a scan. */
  sumsOf(slot: number): number {
    return slot * this.width;
  }

  /** Options of an expiry, then futures of an expiry (which has one underlying), then what has none, by underlying. */
  groupOf(m: number): number {
    const { market } = this.columns;
    const expiries = this.store.count('expiry');
    const e = market.expiry[m]!;
    if (isOption(this.columns, m)) return e;
    return e === NONE ? 2 * expiries + market.underlying[m]! : expiries + e;
  }

  /** Group of a balance that moves with a price; NONE of any other. */
  groupOfAsset(a: number): number {
    const { asset } = this.columns;
    const hedged = asset.hedges[a]!;
    const underlying = hedged === NONE ? NONE : asset.underlying[hedged]!;
    return underlying === NONE ? NONE : 2 * this.store.count('expiry') + underlying;
  }

  /** Expiry of a slot of options, or NONE for what is linear. */
  expiryOf(slot: number): number {
    const group = this.columns.fold.group[slot]!;
    return group < this.store.count('expiry') ? group : NONE;
  }

  /** Opens a slot for a group that has none. */
  #open(group: number, underlying: number, month: number): void {
    const { fold } = this.columns;
    if (fold.slot[group] !== 0) return;
    // By underlying, then by group: sums over slots and underlyings have one order, also where a what-if opens another.
    let slot = this.slots++;
    for (; slot > 0 && this.#after(slot - 1, underlying, group); slot--) this.#put(slot, slot - 1);
    fold.slot[group] = slot + 1;
    fold.group[slot] = group;
    fold.underlying[slot] = underlying;
    fold.month[slot] = month;
  }

  #after(slot: number, underlying: number, group: number): boolean {
    const { fold } = this.columns;
    const other = fold.underlying[slot]!;
    return other > underlying || (other === underlying && fold.group[slot]! > group);
  }

  #put(to: number, from: number): void {
    const { fold } = this.columns;
    for (const column of [fold.group, fold.underlying, fold.month]) column[to] = column[from]!;
    fold.slot[fold.group[to]!] = to + 1;
  }

  #add(group: number, size: number, cell: number): void {
    const { fold, cell: cells } = this.columns;
    const at = this.sumsOf(fold.slot[group]! - 1);
    for (let s = 0; s < this.width; s++) fold.sum[at + s] = fold.sum[at + s]! + size * cells.value[cell + s]!;
  }

  /** Contracts of a row, with the orders that count as filled. */
  sizeOf(p: number): number {
    const { position, order } = this.columns;
    const o = position.order[p]!;
    const held = position.size[p]!;
    if (this.#filled === FILLED.none || o === 0) return held;
    return this.#filled === FILLED.bids ? held + order.bidSize[o - 1]! : held - order.askSize[o - 1]!;
  }

  /** Sums anew. Slots of the last time are closed first. */
  run(filled: number): void {
    const { unit, position, balance, market, asset, fold } = this.columns;
    this.#filled = filled;
    this.close();
    const p0 = unit.positionStart[this.unit]!;
    const pEnd = p0 + unit.positionCount[this.unit]!;
    const b0 = unit.balanceStart[this.unit]!;
    const bEnd = b0 + unit.balanceCount[this.unit]!;
    for (let p = p0; p < pEnd; p++) {
      const m = position.key[p]! >>> 2;
      if (this.sizeOf(p) !== 0) this.#open(this.groupOf(m), market.underlying[m]!, market.expiry[m]!);
    }
    for (let b = b0; b < bEnd; b++) {
      const a = balance.asset[b]!;
      const group = this.groupOfAsset(a);
      if (group !== NONE && amountOf(this.columns, b) !== 0) {
        this.#open(group, asset.underlying[asset.hedges[a]!]!, NONE);
      }
    }
    fold.sum.fill(0, 0, this.sumsOf(this.slots));
    for (let p = p0; p < pEnd; p++) {
      const m = position.key[p]! >>> 2;
      const size = this.sizeOf(p);
      if (size !== 0) this.#add(this.groupOf(m), size, marketCell(this.columns, this.k, m));
    }
    for (let b = b0; b < bEnd; b++) {
      const a = balance.asset[b]!;
      const group = this.groupOfAsset(a);
      const amount = amountOf(this.columns, b);
      if (group === NONE || amount === 0) continue;
      this.#add(group, amount, marketCell(this.columns, this.k, this.store.count('market') + a));
    }
  }

  /** Slot of a market's group, or NONE. */
  slotOf(m: number): number {
    const slot = this.columns.fold.slot[this.groupOf(m)]!;
    return slot === 0 ? NONE : slot - 1;
  }

  /** Opens a slot for a market's group among those that have sums. */
  insert(m: number): number {
    const { market, fold } = this.columns;
    const group = this.groupOf(m);
    this.#open(group, market.underlying[m]!, market.expiry[m]!);
    const slot = fold.slot[group]! - 1;
    const at = this.sumsOf(slot);
    fold.sum.copyWithin(at + this.width, at, this.sumsOf(this.slots - 1));
    fold.sum.fill(0, at, at + this.width);
    return slot;
  }

  /** Takes a slot out again. */
  remove(slot: number): void {
    const { fold } = this.columns;
    fold.slot[fold.group[slot]!] = 0;
    for (let next = slot + 1; next < this.slots; next++) this.#put(next - 1, next);
    fold.sum.copyWithin(this.sumsOf(slot), this.sumsOf(slot + 1), this.sumsOf(this.slots));
    this.slots--;
  }

  /** Adds contracts of a market to the sums of its slot. */
  addTo(slot: number, m: number, size: number): void {
    const { fold, cell } = this.columns;
    const [at, from] = [this.sumsOf(slot), marketCell(this.columns, this.k, m)];
    for (let s = 0; s < this.width; s++) fold.sum[at + s] = fold.sum[at + s]! + size * cell.value[from + s]!;
  }

  /** A slot's sums, to be put back. */
  saved(slot: number): Float64Array {
    return this.columns.fold.sum.slice(this.sumsOf(slot), this.sumsOf(slot + 1));
  }

  restore(slot: number, sums: Float64Array): void {
    this.columns.fold.sum.set(sums, this.sumsOf(slot));
  }

  /** Gives the slots back. */
  close(): void {
    const { fold } = this.columns;
    for (let slot = 0; slot < this.slots; slot++) fold.slot[fold.group[slot]!] = 0;
    this.slots = 0;
  }

  /** Whether a slot is the first of its underlying. */
  first(slot: number): boolean {
    const { underlying } = this.columns.fold;
    for (let before = 0; before < slot; before++) if (underlying[before] === underlying[slot]) return false;
    return true;
  }

  /** Whether two underlyings are in one group. */
  #together(a: number, b: number): boolean {
    if (a === b) return true;
    const { columns, k } = this;
    const group = columns.model.group[k]!;
    const value = parameterOf(columns, k, a, group);
    return group !== NONE && value !== 0 && value === parameterOf(columns, k, b, group);
  }

  /** Whether a slot is the first of its group. */
  firstOfGroup(slot: number): boolean {
    const { underlying } = this.columns.fold;
    for (let before = 0; before < slot; before++)
      if (this.#together(underlying[before]!, underlying[slot]!)) return false;
    return true;
  }

  /** Whether an underlying belongs to a scope. */
  counts(underlying: number, scope: number): boolean {
    if (scope === NONE || underlying === scope) return true;
    return scope >= GROUP && this.#together(scope - GROUP, underlying);
  }

  /** Whether a slot does. */
  inside(slot: number, scope: number): boolean {
    return this.counts(this.columns.fold.underlying[slot]!, scope);
  }
}
