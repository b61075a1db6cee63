// Accounts as a state's JSON has them, gathered into its columns: purses and measures by row of the account, positions by market.
import { MarginError } from '../errors.js';
import { type Integer, integer } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import { AmountColumn } from './amount-column.js';
import { Holdings } from './holdings.js';
import type { Market } from './market.js';
import { plainName, purseName } from './names.js';
import { BALANCE, type Columns, type Purse, purseKey } from './state.js';

/** Columns while accounts are read one after the other. */
export class AccountColumns implements Pick<Columns, 'purses' | 'measures' | 'holdings'> {
  readonly purses = new Map<string, Purse>();
  readonly measures = new Map<string, AmountColumn>();
  readonly holdings = new Map<string, Holdings>();
  readonly #accounts: number;
  readonly #markets: ReadonlyMap<string, Market>;

  /** @param accounts - how many there will be */
  constructor(accounts: number, markets: ReadonlyMap<string, Market>) {
    this.#accounts = accounts;
    this.#markets = markets;
  }

  /**
   * Reads an account. @param i - its row
   * @throws MarginError type, missing-key, unknown-key, unknown-id, conflict, inexact, range
   */
  add(row: Row, i: number): void {
    if (row.has('balances')) this.#purse(row.row('balances'), BALANCE, i);
    for (const [purse, assets] of entriesOf(row, 'purses')) {
      const path = `${row.at('purses')}.${purse}`;
      if (purse === BALANCE) throw new MarginError('conflict', { path, expected: 'it in balances' });
      this.#purse(new Row(assets, path), purse, i);
    }
    for (const [name, value] of entriesOf(row, 'measures')) {
      const path = `${row.at('measures')}.${name}`;
      const measure = integer(value as Integer, path);
      if (measure < 0n) throw new MarginError('range', { path, got: value, expected: '>= 0' });
      const column = this.measures.get(name) ?? AmountColumn.zeros(this.#accounts);
      column.set(i, measure);
      this.measures.set(name, column);
    }
    for (const [market, value] of entriesOf(row, 'positions')) {
      const path = `${row.at('positions')}.${market}`;
      if (!this.#markets.has(market)) {
        throw new MarginError('unknown-id', { path, got: market, expected: 'the id of a market of the state' });
      }
      const position = new Row(value, path, ['lots', 'cost']);
      const holdings = this.holdings.get(market) ?? Holdings.none();
      const at = holdings.ensure(i);
      holdings.lots.set(at, position.integer('lots'));
      holdings.cost.set(at, position.integer('cost'));
      this.holdings.set(market, holdings);
    }
  }

  #purse(assets: Row, purse: string, i: number): void {
    for (const [asset] of assets.entries()) {
      const key = purseKey(purse, asset);
      const column = this.purses.get(key) ?? this.#column(purse, asset, assets);
      column.amounts.set(i, assets.integer(asset));
      this.purses.set(key, column);
    }
  }

  #column(purse: string, asset: string, { path }: Row): Purse {
    return {
      purse: purseName(purse, path),
      asset: plainName(asset, `${path}.${asset}`),
      amounts: AmountColumn.zeros(this.#accounts),
    };
  }
}

const entriesOf = (row: Row, key: string): [string, unknown][] => (row.has(key) ? row.row(key).entries() : []);
