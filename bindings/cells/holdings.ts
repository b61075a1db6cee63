// Tables of accounts, balances and positions: their fields, who their accounts are, and reading them row by row.
import { MarginError } from '../errors.js';
import { checkKeys } from '../trial.js';
import type { Gap, Gaps } from './gaps.js';
import { isTable, type Table } from './table.js';

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

export const TERMS = ['marginMultiplier', 'liquidationBuffer', 'initialRateFloor'] as const;
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
export const SIDES = ['net', 'long', 'short'] as const;

const TABLES = ['accounts', 'balances', 'positions'] as const satisfies readonly (keyof Tables)[];

/**
 * Checks tables and columns before any cell is read.
 * @param needed - columns of positions beside those that they always have
 * @throws MarginError type, missing-key, unknown-key, conflict
 */
export function expectAll(tables: Tables, needed: readonly string[] = []): void {
  checkKeys(tables, 'tables', TABLES);
  for (const name of TABLES) {
    const got: unknown = tables[name];
    if (got === undefined || got === null || isTable(got)) continue;
    const hint = 'Wrap it in rowsTable, csvTable or arrowTable';
    throw new MarginError('type', { path: `tables.${name}`, got, expected: 'a Table', hint });
  }
  const { accounts, balances, positions } = tables;
  accounts?.expect(ACCOUNT, ['id']);
  balances?.expect(BALANCE, ['account', 'asset', 'amount']);
  positions?.expect(POSITION, ['account', 'market', 'size', ...needed]);
}

/** Account numbers by id: of the table of accounts, where there is one, and else as they come. */
export class Directory {
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
export function eachRow(table: Table | undefined, gaps: Gaps, read: (row: number, account: string) => void): void {
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
