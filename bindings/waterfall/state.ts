// What the waterfall works on: accounts with purses of money, positions in lots and measures, column by column. A state never
// changes: run() works on a draft of it (draft.ts), and hands out what the draft has become.
import type { Ids } from '../book/ids.js';
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import type { Amount } from './amount.js';
import type { AmountColumn } from './amount-column.js';
import type { Holdings } from './holdings.js';
import type { LazyIndex } from './lazy.js';
import { type Market, worthOf } from './market.js';

/** The purse that losses and gains go to. */
export const BALANCE = 'balance';
/** Accounts that every state has: units that rounding leaves over, and everybody who is not in the state. */
export const DUST = 'dust';
export const OUTSIDE = 'outside';

/** Amounts of one purse in one asset, by row of the account. */
export interface Purse {
  readonly purse: string;
  readonly asset: string;
  readonly amounts: AmountColumn;
}

export const purseKey = (purse: string, asset: string): string => `${purse}\u0000${asset}`;

/** The record of a settlement. */
export interface Settlement {
  /** Quote, as a fraction. */
  price: string;
  /** Who has set it. */
  authority?: string;
  /** What it rests on. */
  evidence?: string;
}

/** The columns of a state. */
export interface Columns {
  /** Seconds and block height: the pipeline has no clock of its own. */
  time: number;
  block: number;
  ids: Ids;
  markets: ReadonlyMap<string, Market>;
  /** By account: whose defaults it shares, its seniority among those who are asked, its place in a queue. */
  universes: readonly string[];
  /** Whether an account is the venue's own: a fund, a treasury, a system account. It is no survivor. */
  house: Uint8Array;
  groups: Float64Array;
  ranks: Float64Array;
  purses: ReadonlyMap<string, Purse>;
  holdings: ReadonlyMap<string, Holdings>;
  /** Numbers to weigh by, by account: stake, open interest, gains. */
  measures: ReadonlyMap<string, AmountColumn>;
  /** Indices of layers that spread losses over a pool, by the layer's id. */
  indices: ReadonlyMap<string, LazyIndex>;
  /** Markets that a set price has settled: by whom and on what grounds. Final. */
  settled: ReadonlyMap<string, Settlement>;
  /** What layers have given in the block named, for caps by block. */
  spent: ReadonlyMap<string, { block: number; amount: Amount }>;
}

/** A ledger: purses of money, positions in lots and measures, by account. It never changes. */
export class State {
  /** @internal */
  readonly columns: Columns;

  /** @internal */
  constructor(columns: Columns) {
    this.columns = columns;
  }

  /** How many accounts. */
  get accounts(): number {
    return this.columns.ids.names.length;
  }

  /** Row of an account. @throws MarginError unknown-id */
  row(id: string, path = 'account'): number {
    return this.columns.ids.row(id, path);
  }

  /** Id of an account's row. */
  id(row: number): string {
    return this.columns.ids.name(row);
  }

  /** Money in a purse, minor units; below 0 where the account owes. @throws MarginError unknown-id */
  amount(account: string, asset: string, purse = BALANCE): Amount {
    return this.amountAt(this.row(account), purse, asset);
  }

  /** Money in a purse by row, minor units; below 0 where the account owes. */
  amountAt(row: number, purse: string, asset: string): Amount {
    return this.columns.purses.get(purseKey(purse, asset))?.amounts.at(row) ?? 0n;
  }

  /** The index of a lazy layer. @throws MarginError unknown-id */
  index(layer: string, path = 'layer'): LazyIndex {
    const index = this.columns.indices.get(layer);
    if (index) return index;
    const expected = `an index with this id: ${[...this.columns.indices.keys()].join(', ') || 'the state has none'}`;
    throw new MarginError('unknown-id', { path, got: layer, expected });
  }

  /** Lots and cost of a position; zeros where there is none. @throws MarginError unknown-id */
  position(account: string, market: string): { lots: Amount; cost: Amount } {
    this.market(market);
    return this.positionAt(this.row(account), market);
  }

  /** Lots and cost of a position by row; zeros where there is none. */
  positionAt(row: number, market: string): { lots: Amount; cost: Amount } {
    const holdings = this.columns.holdings.get(market);
    const at = holdings?.rowOf(row) ?? -1;
    return { lots: holdings?.lots.at(at) ?? 0n, cost: holdings?.cost.at(at) ?? 0n };
  }

  /** @throws MarginError unknown-id */
  market(id: string, path = 'market'): Market {
    const found = this.columns.markets.get(id);
    if (found) return found;
    const known = [...this.columns.markets.keys()];
    const near = typeof id === 'string' ? nearest(id, known) : undefined;
    throw new MarginError('unknown-id', {
      path,
      got: id,
      expected: 'the id of a market of the state',
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }

  /** Profit or loss of an open position at its market's mark, minor units of the settle asset, rounded down. */
  profitAt(row: number, market: Market): Amount {
    const { lots, cost } = this.positionAt(row, market.id);
    return lots === 0n ? cost : cost + worthOf(market, lots, market.mark);
  }

  /** Balance and open profit in an asset: what is left if everything closes at the marks. */
  equityAt(row: number, asset: string): Amount {
    let equity = this.amountAt(row, BALANCE, asset);
    for (const market of this.columns.markets.values()) {
      if (market.settle === asset) equity += this.profitAt(row, market);
    }
    return equity;
  }

  /** @throws MarginError unknown-id */
  equity(account: string, asset: string): Amount {
    return this.equityAt(this.row(account), asset);
  }
}
