// Tables of accounts, balances and positions as what a book takes: accounts of its JSON, or the columns of `addColumns`.

import type { AccountColumns } from '../book/bulk.js';
import { AT_LEAST_0, SIZE } from '../book/fields.js';
import type { AccountJSON, Decimal, HoldingsJSON, PositionJSON } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type Gap, Gaps } from './gaps.js';
import type { Table } from './table.js';

/**
 * What accounts hold. `accounts` may be left out: then the accounts are those that the other two name, in order of appearance.
 * Fields: accounts `id`, `model`, `marginMultiplier`, `liquidationBuffer`, `initialRateFloor`; balances `account`, `asset`,
 * `amount`, `bucket`; positions `account`, `market`, `size` (signed contracts), `entry` or `cost`, `side`, `bucket`,
 * `fundingIndex`, `initialRate`, `leverage`.
 */
export interface Tables {
  /** Terms of accounts; left out: none have any. */
  accounts?: Table | undefined;
  /** One row a balance: signed amounts, a debt negative. */
  balances?: Table | undefined;
  /** One row a position. */
  positions?: Table | undefined;
}

/** What is done about gaps. */
export interface TableOptions {
  /** Throw the first gap instead of reporting it. */
  strict?: boolean | undefined;
}

/** What is missing in the result. */
export interface Missing {
  /** The first thousand gaps; `gapCount` has all. */
  gaps: Gap[];
  /** How many gaps there are in all. */
  gapCount: number;
  /** Accounts that are not whole because of a gap. */
  incomplete: string[];
}

/** Names of a book: a `Book` is one. */
export interface Names {
  /** Row of an asset. @throws MarginError unknown-id */
  asset(id: string, path?: string): number;
  /** Row of a market. @throws MarginError unknown-id */
  market(id: string, path?: string): number;
}

const TERMS = ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor'] as const;
const ACCOUNT = ['id', 'model', ...TERMS];
const BALANCE = ['account', 'asset', 'amount', 'bucket'];
const POSITION = [
  'account',
  'market',
  'size',
  'entry',
  'cost',
  'side',
  'bucket',
  'fundingIndex',
  'initialRate',
  'leverage',
];
const SIDES = ['net', 'long', 'short'] as const;

/** Checks columns before any cell is read. @throws MarginError missing-key, unknown-key, conflict */
function expectAll({ accounts, balances, positions }: Tables): void {
  accounts?.expect(ACCOUNT, ['id']);
  balances?.expect(BALANCE, ['account', 'asset', 'amount']);
  positions?.expect(POSITION, ['account', 'market', 'size']);
}

/** Account numbers by id: of the table of accounts, where there is one, and else as they come. */
class Directory {
  readonly ids: string[] = [];
  readonly #rows = new Map<string, number>();
  readonly #closed: boolean;

  constructor(accounts: Table | undefined, gaps: Gaps, each: (row: number, id: string) => void) {
    for (let row = 0; row < (accounts?.length ?? 0); row++) {
      gaps.try('row', () => {
        const id = (accounts as Table).text('id', row);
        if (this.#rows.has(id)) {
          const path = (accounts as Table).at('id', row);
          throw new MarginError('duplicate', { path, got: id, expected: 'each account once' });
        }
        each(row, id);
        this.#add(id);
      });
    }
    this.#closed = accounts !== undefined;
  }

  #add(id: string): number {
    this.#rows.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }

  number(id: string, path: () => string): number {
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    if (!this.#closed) return this.#add(id);
    throw new MarginError('unknown-id', { path: path(), got: id, expected: 'an id of the table of accounts' });
  }
}

/** Reads each row of a table; a refusal becomes a gap of the row's account. */
function eachRow(table: Table | undefined, gaps: Gaps, read: (row: number, account: string) => void): void {
  if (!table) return;
  for (let row = 0; row < table.length; row++) {
    let account: string | undefined;
    try {
      account = table.text('account', row);
      read(row, account);
    } catch (error) {
      if (!(error instanceof MarginError)) throw error;
      gaps.add(error, 'row', account);
    }
  }
}

/**
 * Accounts of a book's JSON: decimals as exact as they were written, buckets and sides of hedge mode included.
 * @param tables - made by `rowsTable`, `csvTable` or `arrowTable`
 * @returns accounts in the order of their table, or of their first row; gaps beside them
 * @throws MarginError missing-key, unknown-key where a column is not there; in strict mode the first gap
 * @example
 * toAccounts({ balances: rowsTable([{ account: 'a', asset: 'USDT', amount: '0.1' }]) }).accounts
 * // [{ id: 'a', balances: { USDT: '0.1' }, positions: [] }]
 */
export function toAccounts(tables: Tables, options: TableOptions = {}): Missing & { accounts: AccountJSON[] } {
  expectAll(tables);
  const gaps = new Gaps(options.strict === true);
  const { accounts: table, balances, positions } = tables;
  const terms = new Map<string, Partial<AccountJSON>>();
  const directory = new Directory(table, gaps, (row, id) => {
    const own: Partial<AccountJSON> = table?.says('model', row) ? { model: table.text('model', row) } : {};
    for (const key of TERMS) if (table?.says(key, row)) own[key] = table.decimal(key, row);
    terms.set(id, own);
  });
  const units: Map<number, Required<Pick<HoldingsJSON, 'balances' | 'positions'>>>[] = [];
  const seen = new Set<string>();
  const unitOf = (from: Table, row: number, id: string) => {
    const bucket = from.says('bucket', row) ? from.whole('bucket', row) : 0;
    const account = directory.number(id, () => from.at('account', row));
    const mine = units[account] ?? new Map();
    units[account] = mine;
    return { bucket, account, mine };
  };
  const once = (key: string, path: string, got: string): void => {
    if (seen.has(key)) {
      const expected = 'one row for each account, bucket and asset, or market and side';
      throw new MarginError('duplicate', { path, got, expected });
    }
    seen.add(key);
  };
  const holdings = (mine: (typeof units)[number], bucket: number) => {
    const known = mine.get(bucket);
    if (known) return known;
    const fresh = { balances: {} as Record<string, Decimal>, positions: [] as PositionJSON[] };
    mine.set(bucket, fresh);
    return fresh;
  };
  eachRow(balances, gaps, (row, id) => {
    const from = balances as Table;
    const asset = from.text('asset', row);
    const amount = from.decimal('amount', row);
    const { bucket, account, mine } = unitOf(from, row, id);
    once(`${account} ${bucket} asset ${asset}`, from.at('asset', row), asset);
    Object.defineProperty(holdings(mine, bucket).balances, asset, {
      value: amount,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  });
  eachRow(positions, gaps, (row, id) => {
    const from = positions as Table;
    const position = positionAt(from, row);
    const { bucket, account, mine } = unitOf(from, row, id);
    once(`${account} ${bucket} ${position.side ?? 'net'} ${position.market}`, from.at('market', row), position.market);
    holdings(mine, bucket).positions.push(position);
  });
  const accounts = directory.ids.map((id, account): AccountJSON => {
    const all = units[account] ?? new Map();
    const buckets = [...all].filter(([bucket]) => bucket !== 0).sort(([a], [b]) => a - b);
    return {
      id,
      ...terms.get(id),
      ...(all.get(0) ?? { balances: {}, positions: [] }),
      ...(buckets.length === 0 ? {} : { buckets: buckets.map(([bucket, own]) => ({ bucket, ...own })) }),
    };
  });
  return { accounts, ...gaps.result() };
}

function positionAt(from: Table, row: number): PositionJSON {
  const position: PositionJSON = { market: from.text('market', row), size: from.decimal('size', row, SIZE) };
  if (from.says('side', row)) position.side = from.word('side', row, SIDES);
  for (const key of ['entry', 'cost', 'fundingIndex', 'initialRate', 'leverage'] as const) {
    if (from.says(key, row)) position[key] = from.decimal(key, row);
  }
  return position;
}

/**
 * Columns for `book.addColumns`: cross accounts with net positions, sorted by account.
 * @param tables - made by `rowsTable`, `csvTable` or `arrowTable`
 * @param names - the book that the columns are for: it knows the rows of its assets and markets
 * @param model - of all accounts, default none
 * @returns typed arrays: amounts in units of the asset, sizes in signed contracts, entries in quote; gaps beside them
 * @throws MarginError missing-key, unknown-key where a column is not there; in strict mode the first gap
 * @example
 * const { columns, gaps } = toColumns({ balances, positions }, book);
 * book.addColumns(columns);
 */
export function toColumns(
  tables: Tables,
  names: Names,
  { model, ...options }: TableOptions & { model?: string | undefined } = {},
): Missing & { columns: AccountColumns & { ids: string[] } } {
  expectAll(tables);
  const gaps = new Gaps(options.strict === true);
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
