// What a margin unit holds of what moves: rows of gains and amounts of them, in row order. The positions under a balance come
// first, then the balance itself, less what they have cost: profit is paid in the asset, and moves with its price.
import type { Store } from '../../memory.js';
import { amountOf } from '../scenario/terms.js';

/** What a position has paid, units of its settle asset: its entry value and funding. */
export function paidOf({ columns }: Store, p: number): number {
  const { position, market } = columns;
  const m = position.key[p]! >>> 2;
  return position.cost[p]! + position.size[p]! * (market.fundingIndex[m]! - position.funding[p]!);
}

/** Row of gains of a market, or of an asset behind all markets; -1: it does not move. */
export const rowOf = ({ columns }: Store, thing: number): number => columns.mover.row[thing]! - 1;

/** The list of what is held, which the tail of gains is made of. */
export class Holdings {
  readonly store: Store;
  count = 0;

  constructor(store: Store) {
    this.store = store;
  }

  #add(row: number, amount: number): void {
    const { holding } = this.store.columns;
    holding.row[this.count] = row;
    holding.amount[this.count++] = amount;
  }

  /** Adds what a unit holds; there is room for all of it. */
  addUnit(u: number): void {
    const { unit, balance, position } = this.store.columns;
    const markets = this.store.count('market');
    let p = unit.positionStart[u]!;
    const b0 = unit.balanceStart[u]!;
    for (let b = b0; b < b0 + unit.balanceCount[u]!; b++) {
      const asset = rowOf(this.store, markets + balance.asset[b]!);
      let amount = asset < 0 ? 0 : amountOf(this.store.columns, b);
      for (const end = p + balance.positions[b]!; p < end; p++) {
        const row = rowOf(this.store, position.key[p]! >>> 2);
        const size = position.size[p]!;
        if (row >= 0 && size !== 0) this.#add(row, size);
        if (asset >= 0) amount -= paidOf(this.store, p);
      }
      if (amount !== 0) this.#add(asset, amount);
    }
  }
}
