// Capacity as policy: rows that a book reserves at once, and rows that it may never exceed.
import { MarginError } from '../errors.js';
import type { Section } from '../layout.js';
import type { Rows } from '../memory.js';
import { AT_LEAST_0, Fields, FRACTION } from './fields.js';
import type { AccountJSON } from './types.js';

/** Rows to make room for at once, and the most that may ever be. */
export interface BookOptions {
  /** Name of the unit of every value; default USD. */
  numeraire?: string;
  /** When the book is of, ISO 8601; default none. Carried. */
  time?: string;
  /** When a unit is liquidatable: collateral `<` maintenance margin (default), or `<=` where there is a requirement. */
  liquidatableWhen?: '<' | '<=';
  /** Rows to reserve: no growth, hence no copying, until they are full. */
  reserve?: Capacity;
  /** Rows never to exceed: an error (`too-many`) instead of a surprise growth. */
  maximum?: Capacity;
}
/** Numbers of rows, by what they are of. */
export interface Capacity {
  /** Each brings room for its cross unit along. */
  accounts?: number;
  /** Margin units, cross and isolated. */
  units?: number;
  /** Balances of all units, one an asset held. */
  balances?: number;
  /** Positions of all units. */
  positions?: number;
  /** Aggregates of open orders: one a position row that has some. */
  orders?: number;
}

/** How a binary book is taken in. */
export interface DecodeOptions {
  /** Rows to reserve beside those that are read, as a share of them, in [0, 1]; default 0. With none the first update that needs a row grows a section by half. */
  slack?: number;
}

const SECTIONS = {
  accounts: 'account',
  units: 'unit',
  balances: 'balance',
  positions: 'position',
  orders: 'order',
} as const;
const MOST_ROWS = 0xffffffff;

/** Rows by section. Room for accounts is room for their cross units. */
export function rowsOf(capacity: Capacity | undefined, path: string): Rows {
  const f = new Fields(capacity ?? {}, path, Object.keys(SECTIONS));
  const rows: Rows = {};
  for (const [key, section] of Object.entries(SECTIONS)) {
    if (!f.has(key)) continue;
    const n = f.number(key, AT_LEAST_0);
    if (!Number.isInteger(n)) throw new MarginError('type', { path: f.at(key), got: n, expected: 'a whole number' });
    if (n > MOST_ROWS)
      throw new MarginError('too-many', { path: f.at(key), got: n, expected: `at most ${MOST_ROWS} rows` });
    rows[section] = n;
  }
  return rows;
}

/** What a new book reserves, within its maximum. */
export function reserved(options: BookOptions, maximum: Rows): Rows {
  const rows = rowsOf(options.reserve, 'options.reserve');
  for (const [key, section] of Object.entries(SECTIONS)) {
    const [n, most] = [rows[section] ?? 0, maximum[section] ?? MOST_ROWS];
    if (n > most)
      throw new MarginError('too-many', {
        path: `options.reserve.${key}`,
        got: n,
        expected: `at most ${most}, the maximum`,
      });
  }
  return withUnits(rows);
}

/** Share of rows to reserve, by section. @throws MarginError */
export function slackOf(options: DecodeOptions): (section: Section) => number {
  const slack = new Fields(options, 'options', ['slack']).number('slack', FRACTION, 0);
  const grows: readonly Section[] = Object.values(SECTIONS);
  return (section) => (grows.includes(section) ? slack : 0);
}

export const withUnits = (rows: Rows): Rows =>
  rows.account === undefined ? rows : { ...rows, unit: rows.unit ?? rows.account };

/** Rows of a list of accounts, for one reservation; a guess that need not be right. */
export function countRows(accounts: unknown[]): Capacity {
  const length = (x: unknown): number => (Array.isArray(x) ? x.length : 0);
  let balances = 0;
  let positions = 0;
  for (const a of accounts as Partial<AccountJSON>[]) {
    balances += Object.keys(a?.balances ?? {}).length;
    positions += length(a?.positions);
  }
  return { balances, positions };
}
