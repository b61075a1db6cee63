// A state that is being changed: columns are shared with the state it comes from until they are written to. Only the journal
// writes, so that nothing moves without a posting.

import type { Exact } from '../liquidation/exact.js';
import type { Amount } from './amount.js';
import { AmountColumn } from './amount-column.js';
import { Holdings } from './holdings.js';
import type { LazyIndex } from './lazy.js';
import { type Columns, type Purse, purseKey, type Settlement, State } from './state.js';

export class Draft extends State {
  readonly #purses: Map<string, Purse>;
  readonly #holdings: Map<string, Holdings>;
  readonly #spent: Map<string, { block: number; amount: Amount }>;
  #groups: Float64Array;
  /** The purse that was written to last, the draft's own: a layer writes to one a million times. */
  #last: Purse | undefined;
  /** Columns that are this draft's own. */
  readonly #own = new Set<object>();

  constructor(columns: Columns) {
    const purses = new Map(columns.purses);
    const holdings = new Map(columns.holdings);
    const spent = new Map(columns.spent);
    super({ ...columns, purses, holdings, spent });
    this.#purses = purses;
    this.#holdings = holdings;
    this.#spent = spent;
    this.#groups = columns.groups;
  }

  /** Amounts to be written to, minor units by row. */
  purse(purse: string, asset: string): AmountColumn {
    const last = this.#last;
    if (last && last.purse === purse && last.asset === asset) return last.amounts;
    const key = purseKey(purse, asset);
    let column = this.#purses.get(key);
    if (!column || !this.#own.has(column)) {
      const amounts = column ? column.amounts.copy() : AmountColumn.zeros(this.accounts);
      column = { purse, asset, amounts };
      this.#own.add(column);
      this.#purses.set(key, column);
    }
    this.#last = column;
    return column.amounts;
  }

  /** Positions to be written to. */
  holdings(market: string): Holdings {
    let holdings = this.#holdings.get(market);
    if (!holdings || !this.#own.has(holdings)) {
      holdings = holdings ? holdings.copy() : Holdings.none();
      this.#own.add(holdings);
      this.#holdings.set(market, holdings);
    }
    return holdings;
  }

  /** Puts an account into another group of seniority. */
  setGroup(row: number, group: number): void {
    if (!this.#own.has(this.#groups)) {
      this.#groups = this.#groups.slice();
      this.#own.add(this.#groups);
      this.columns.groups = this.#groups;
    }
    this.#groups[row] = group;
  }

  /** The index of a lazy layer after a loss. */
  setIndex(layer: string, index: LazyIndex): void {
    this.columns.indices = new Map(this.columns.indices).set(layer, index);
  }

  /** Records that a market is settled, for good. */
  settle(market: string, record: Settlement): void {
    this.columns.settled = new Map(this.columns.settled).set(market, record);
  }

  /** Marks a market at another price. */
  setMark(id: string, mark: Exact): void {
    const markets = new Map(this.columns.markets);
    markets.set(id, { ...this.market(id), mark });
    this.columns.markets = markets;
  }

  /** What a layer has given in this block. */
  spent(layer: string): Amount {
    const entry = this.#spent.get(layer);
    return entry?.block === this.columns.block ? entry.amount : 0n;
  }

  spend(layer: string, amount: Amount): void {
    this.#spent.set(layer, { block: this.columns.block, amount: this.spent(layer) + amount });
  }

  /** The state that the draft has become; the draft is not written to any more. */
  done(): State {
    return new State(this.columns);
  }
}
