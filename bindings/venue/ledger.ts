// A book as a ledger: what accounts have, in whole minor units and lots. Columns to columns, no JSON between, so that a
// million accounts take a second or two. The ledger is the authority from then on; a book is only its projection.

import type { BookBase } from '../book/book.js';
import { MoreIds } from '../book/ids.js';
import { MarginError } from '../errors.js';
import { checkBook } from '../margin.js';
import { checkKeys } from '../trial.js';
import { type Integer, integer } from '../venues/integer.js';
import { Row, rowsOf } from '../venues/rows.js';
import type { Amount } from '../waterfall/amount.js';
import { AmountColumn } from '../waterfall/amount-column.js';
import { BALANCE, DUST, OUTSIDE, State } from '../waterfall/state.js';
import { countOf } from '../waterfall/state-json.js';
import { Gatherer } from './gather.js';
import { lotsOf } from './minor.js';
import { type LedgerUnits, termsOf } from './terms.js';
import { unitName, unitOrder } from './unit-names.js';

/** By account: as a column in the order of the ledger, or by id; who is not there has 0. */
export type ByAccount = readonly Amount[] | Readonly<Record<string, Integer>>;

/** An account of the venue's own. Where the book has it, it keeps the balance that it has there. */
export interface Fund {
  /** Of its account. */
  id: string;
  /** Minor units by asset; of an account that the book has not. */
  balances?: Readonly<Record<string, Integer>>;
  /** Further pockets: minor units by asset, by purse. */
  purses?: Readonly<Record<string, Readonly<Record<string, Integer>>>>;
}

export interface LedgerOptions extends LedgerUnits {
  /** Funds, vaults, capital: accounts that are no survivors. */
  funds?: readonly Fund[];
  /** Pockets of members beside their balance (`fund`, `margin`): minor units by purse, asset and account. */
  purses?: Readonly<Record<string, Readonly<Record<string, ByAccount>>>>;
  /** Whole numbers to weigh by (stake, contribution), >= 0, by name and account. */
  measures?: Readonly<Record<string, ByAccount>>;
  /** Seconds and block height of the state; default 0. */
  time?: number;
  /** Block height of the state; default 0. */
  block?: number;
}

/** A position that is no whole number of lots. */
export interface OffLot {
  /** Of the ledger: `a1`, or `a1:3` of a bucket. */
  account: string;
  /** Id of the market. */
  market: string;
  /** Contracts; size of a lot. */
  size: number;
  /** Contracts in a lot. */
  lot: number;
}

const OPTIONS = ['decimals', 'lots', 'funds', 'purses', 'measures', 'time', 'block'] as const;

/**
 * The ledger of a book: a state for `run`. An account's balance and positions at the marks come to its equity, rounded down by
 * at most a minor unit for each of its balances and positions; funding that is owed counts as paid. Isolated buckets are
 * accounts of their own (`a1:3`), both sides of a hedged market one position; open orders stay in the book. Of a market that
 * counts in whole units the kernel rounds what the ledger has exactly.
 * @param book - positions of all kinds of markets; spot holdings are balances
 * @param options - units, the venue's own accounts, further purses
 * @returns accounts in the order of the book, then buckets, funds, `dust` and `outside`
 * @throws MarginError conflict where an id is taken, inexact where a position is no whole number of lots (`offLots` lists all),
 *   range, type, unknown-id, unknown-key
 * @example
 * ledgerOf(book, { decimals: 2 }).position('a1', 'BTC-PERP') // { lots: 500n, cost: -3000000n }
 */
export function ledgerOf(book: BookBase, options: LedgerOptions = {}): State {
  checkBook(book);
  checkKeys(options, 'options', OPTIONS);
  const terms = termsOf(book, options);
  const order = unitOrder(book);
  const ids = new MoreIds('account', book.accountIds);
  for (let row = book.accounts; row < order.length; row++) add(ids, unitName(book, order[row] as number), 'book');
  const funds = rowsOf(options.funds ?? [], 'funds', ['id', 'balances', 'purses']);
  const named = new Set<string>();
  for (const fund of funds) {
    const id = fund.text('id');
    if (named.has(id)) throw new MarginError('duplicate', { path: fund.at('id'), got: id });
    named.add(id);
    if (!ids.has(id)) add(ids, id, fund.at('id'));
    else if (fund.has('balances')) {
      const expected = 'no balances: the book has this account and what it holds';
      throw new MarginError('conflict', { path: fund.at('balances'), got: id, expected });
    }
  }
  for (const system of [DUST, OUTSIDE]) if (!ids.has(system)) ids.add(system);
  const gathered = new Gatherer(book, ids.names.length, terms);
  for (let row = 0; row < order.length; row++) gathered.unit(order[row] as number, row);
  const rowOf = (id: string, path: string): number => ids.row(id, path);
  for (const fund of funds) {
    const row = rowOf(fund.text('id'), fund.at('id'));
    if (fund.has('balances')) gathered.purse(BALANCE, fund.row('balances'), row);
    for (const [purse, assets] of fund.has('purses') ? fund.row('purses').entries() : []) {
      gathered.purse(notBalance(purse, fund.at('purses')), new Row(assets, `${fund.at('purses')}.${purse}`), row);
    }
  }
  for (const [purse, assets] of entriesOf(options.purses, 'purses')) {
    for (const [asset, amounts] of entriesOf(assets, `purses.${notBalance(purse, 'purses')}`)) {
      const path = `purses.${purse}.${asset}`;
      fill(gathered.column(purse, asset, path), amounts as ByAccount, path, rowOf);
    }
  }
  const measures = new Map<string, AmountColumn>();
  for (const [name, amounts] of entriesOf(options.measures, 'measures')) {
    const column = AmountColumn.zeros(ids.names.length);
    fill(column, amounts as ByAccount, `measures.${name}`, rowOf, 0n);
    measures.set(name, column);
  }
  const house = new Uint8Array(ids.names.length);
  for (const id of [...named, DUST, OUTSIDE]) house[rowOf(id, 'funds')] = 1;
  return new State({
    time: countOf(options.time ?? 0, 'options.time'),
    block: countOf(options.block ?? 0, 'options.block'),
    ids,
    universes: new Array<string>(ids.names.length).fill(''),
    house,
    groups: new Float64Array(ids.names.length),
    ranks: new Float64Array(ids.names.length),
    measures,
    spent: new Map(),
    indices: new Map(),
    settled: new Map(),
    ...gathered.columns(),
  });
}

/**
 * Positions that no ledger can carry, as they are no whole number of lots: what `ledgerOf` would refuse one by one.
 * @param book - as there
 * @param options - its lots
 * @returns in the order of the ledger
 * @throws MarginError unknown-id, type, range
 * @example
 * offLots(book) // []
 */
export function offLots(book: BookBase, options: LedgerUnits = {}): OffLot[] {
  checkBook(book);
  const { markets } = termsOf(book, options);
  const { unit, position } = book.store.columns;
  const found: OffLot[] = [];
  for (const u of unitOrder(book)) {
    const first = unit.positionStart[u] ?? 0;
    for (let p = first; p < first + (unit.positionCount[u] ?? 0); p++) {
      const terms = markets[(position.key[p] ?? 0) >>> 2];
      const size = position.size[p] ?? 0;
      if (!terms || lotsOf(size, terms.lot) !== undefined) continue;
      found.push({ account: unitName(book, u), market: terms.terms.id, size, lot: terms.lot });
    }
  }
  return found;
}

function add(ids: MoreIds, id: string, path: string): void {
  ids.free(id, path);
  ids.add(id);
}

function notBalance(purse: string, path: string): string {
  if (purse !== BALANCE) return purse;
  throw new MarginError('conflict', { path: `${path}.${purse}`, expected: 'a purse beside the balance of the book' });
}

const entriesOf = (value: unknown, path: string): [string, unknown][] =>
  value === undefined ? [] : new Row(value, path).entries();

/**
 * Writes amounts, by row or by id, where the column has none yet. @param least - below it an entry is refused
 * @throws MarginError type, inexact, range, unknown-id, conflict where two options name an amount of one account
 */
function fill(
  column: AmountColumn,
  amounts: ByAccount,
  path: string,
  rowOf: (id: string, path: string) => number,
  least?: Amount,
): void {
  const put = (row: number, value: Integer, name: string | number): void => {
    const at = (): string => (typeof name === 'number' ? `${path}[${name}]` : `${path}.${name}`);
    const read = typeof value === 'bigint' ? value : integer(value, at());
    if (least !== undefined && read < least) {
      throw new MarginError('range', { path: at(), got: value, expected: `>= ${least}` });
    }
    if (read === 0n) return;
    const had = column.at(row);
    if (had !== 0n)
      throw new MarginError('conflict', { path: at(), got: read, expected: `${had} of \`funds\`, or this` });
    column.set(row, read);
  };
  if (!Array.isArray(amounts)) {
    for (const [id, value] of entriesOf(amounts, path)) put(rowOf(id, `${path}.${id}`), value as Integer, id);
    return;
  }
  if (amounts.length > column.length) {
    throw new MarginError('range', { path, got: amounts.length, expected: `at most ${column.length} amounts` });
  }
  for (let row = 0; row < amounts.length; row++) put(row, amounts[row] as Amount, row);
}
