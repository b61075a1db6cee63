// Tables of accounts, balances and positions as the columns of `addColumns`.
import type { AccountColumns } from '../book/bulk.js';
import { AT_LEAST_0, isObject, SIZE } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import { Gaps } from './gaps.js';
import {
  Directory,
  eachRow,
  expectAll,
  type Missing,
  SIDES,
  type TableOptions,
  type Tables,
  TERMS,
} from './holdings.js';
import type { Table } from './table.js';

/** Names of a book: a `Book` is one. */
export interface Names {
  /** Row of an asset. @throws MarginError unknown-id */
  asset(id: string, path?: string): number;
  /** Row of a market. @throws MarginError unknown-id */
  market(id: string, path?: string): number;
}

/**
 * Columns for `book.addColumns`: cross accounts with net positions, sorted by account.
 * @param tables - made by `rowsTable`, `csvTable` or `arrowTable`
 * @param names - the book that the columns are for: it knows the rows of its assets and markets
 * @param options - `strict`; `model` of all accounts, default none
 * @returns typed arrays: amounts in units of the asset, sizes in signed contracts, entries in quote; gaps beside them
 * @throws MarginError type where it is no table, missing-key, unknown-key where a column is not there; in strict mode the first gap
 * @example
 * const { columns, gaps } = toColumns({ balances, positions }, book);
 * book.addColumns(columns);
 */
export function toColumns(
  tables: Tables,
  names: Names,
  options: TableOptions & { model?: string | undefined } = {},
): Missing & { columns: AccountColumns & { ids: string[] } } {
  expectAll(tables, ['entry']);
  if (!isObject(names) || typeof names.asset !== 'function' || typeof names.market !== 'function') {
    throw new MarginError('type', { path: 'names', got: names, expected: 'the book that the columns are for' });
  }
  const said = new Row(options, 'options', ['strict', 'model']);
  const model = said.has('model') ? said.text('model') : undefined;
  const gaps = new Gaps(said.flag('strict', false));
  const { accounts, balances, positions } = tables;
  const directory = new Directory(accounts, gaps, (row) => {
    for (const key of ['model', ...TERMS]) if (accounts?.says(key, row)) refuse(accounts, key, row);
  });
  const held = new Sorted(balances?.length ?? 0, 1);
  eachRow(balances, gaps, (row, id) => {
    const from = balances as Table;
    if (from.says('bucket', row) && from.whole('bucket', row) !== 0) refuse(from, 'bucket', row);
    const asset = names.asset(from.text('asset', row), from.at('asset', row));
    const amount = from.number('amount', row);
    held.add(
      directory.number(id, () => from.at('account', row)),
      asset,
      amount,
    );
  });
  const extras = (['fundingIndex', 'initialRate'] as const).filter((key) => positions?.has(key));
  const open = new Sorted(positions?.length ?? 0, 2 + extras.length);
  eachRow(positions, gaps, (row, id) => {
    const from = positions as Table;
    if (from.says('bucket', row) && from.whole('bucket', row) !== 0) refuse(from, 'bucket', row);
    if (from.says('side', row) && from.word('side', row, SIDES) !== 'net') refuse(from, 'side', row);
    for (const key of ['cost', 'leverage']) if (from.says(key, row)) refuse(from, key, row);
    const market = names.market(from.text('market', row), from.at('market', row));
    const size = from.number('size', row, SIZE);
    const entry = from.number('entry', row, AT_LEAST_0);
    const more = extras.map((key) => from.number(key, row));
    open.add(
      directory.number(id, () => from.at('account', row)),
      market,
      size,
      entry,
      ...more,
    );
  });
  const { account, what: asset, numbers: amounts } = held.sorted(directory.ids.length);
  const sorted = open.sorted(directory.ids.length);
  const [size, entry, ...rest] = sorted.numbers as [Float64Array, Float64Array, ...Float64Array[]];
  return {
    columns: {
      accounts: directory.ids.length,
      ids: directory.ids,
      ...(model === undefined ? {} : { model }),
      balances: { account, asset, amount: amounts[0] as Float64Array },
      positions: {
        account: sorted.account,
        market: sorted.what,
        size,
        entry,
        ...Object.fromEntries(extras.map((key, i) => [key, rest[i] as Float64Array])),
      },
    },
    ...gaps.result(),
  };
}

/** @throws MarginError conflict: what columns have no place for */
function refuse(from: Table, field: string, row: number): never {
  throw new MarginError('conflict', {
    path: from.at(field, row),
    expected: 'cross accounts with net positions and the common terms: columns hold no others',
    hint: `toAccounts reads ${field}, for the JSON door`,
  });
}

/** Rows that come in any order, and leave by account. */
class Sorted {
  readonly #account: Uint32Array;
  readonly #what: Uint32Array;
  readonly #numbers: Float64Array[];
  #length = 0;

  constructor(rows: number, numbers: number) {
    this.#account = new Uint32Array(rows);
    this.#what = new Uint32Array(rows);
    this.#numbers = Array.from({ length: numbers }, () => new Float64Array(rows));
  }

  add(account: number, what: number, ...numbers: number[]): void {
    this.#account[this.#length] = account;
    this.#what[this.#length] = what;
    for (const [i, number] of numbers.entries()) (this.#numbers[i] as Float64Array)[this.#length] = number;
    this.#length++;
  }

  /** Stable counting sort. */
  sorted(accounts: number): { account: Uint32Array; what: Uint32Array; numbers: Float64Array[] } {
    const rows = this.#length;
    const next = new Uint32Array(accounts + 1);
    for (let row = 0; row < rows; row++) next[(this.#account[row] as number) + 1]! += 1;
    for (let account = 0; account < accounts; account++) next[account + 1]! += next[account] as number;
    const place = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) place[row] = next[this.#account[row] as number]!++;
    const moved = <A extends Uint32Array | Float64Array>(from: A, to: A): A => {
      for (let row = 0; row < rows; row++) to[place[row] as number] = from[row] as number;
      return to;
    };
    return {
      account: moved(this.#account, new Uint32Array(rows)),
      what: moved(this.#what, new Uint32Array(rows)),
      numbers: this.#numbers.map((column) => moved(column, new Float64Array(rows))),
    };
  }
}
