// The door of a state: plain objects to columns and back. Amounts are whole minor units; a JSON number past 2^53 is refused.
import { Ids } from '../book/ids.js';
import { MarginError } from '../errors.js';
import type { Integer } from '../venues/integer.js';
import { Row, rowsOf } from '../venues/rows.js';
import { AccountColumns } from './account-columns.js';
import { accountsJSON } from './accounts-json.js';
import { type Amount, amount as amountOf, fractionText } from './amount.js';
import { indexOf, type LazyIndex } from './lazy.js';
import { type Market, type MarketTerms, marketsOf } from './market.js';
import { plainName } from './names.js';
import { DUST, OUTSIDE, type Settlement, State } from './state.js';

/** An account of a ledger. */
export interface AccountJSON {
  /** Its name, unique among accounts. */
  id: string;
  /** Minor units by asset; below 0: the account owes. */
  balances?: Record<string, Integer>;
  /** Further pockets: margin, default-fund contribution, capital tranches. Minor units by asset. */
  purses?: Record<string, Record<string, Integer>>;
  /** By market: signed lots, and what they have paid (below 0) or received, minor units of the settle asset. */
  positions?: Record<string, { lots: Integer; cost: Integer }>;
  /** Whole numbers to weigh by, >= 0: stake, openInterest, gains. */
  measures?: Record<string, Integer>;
  /** Where defaults stay among themselves; default: the one of everybody else. */
  universe?: string;
  /** The venue's own: a fund, a capital tranche, a vault. Not asked where survivors are; default false. */
  house?: boolean;
  /** Seniority: the lowest group is taken first; default 0. */
  group?: number;
  /** Place in queues that have no score of their own, the largest first; default 0. */
  rank?: number;
}

/** A ledger as plain JSON; amounts in minor units. */
export interface StateJSON {
  /** Seconds. */
  time?: number;
  /** Height, for caps by block. */
  block?: number;
  /** Terms of the markets that positions are in. */
  markets?: MarketTerms[];
  /** Indices of layers that spread their loss over a pool, by the layer's id. */
  indices?: Record<string, LazyIndex>;
  /** What layers have given in the block named, minor units, for their caps. */
  spent?: Record<string, { block: number; amount: Integer }>;
  /** Markets that are settled, with the record of who set the price. */
  settled?: Record<string, Settlement>;
  /** In the order of their rows. */
  accounts: AccountJSON[];
}

const STATE = ['time', 'block', 'markets', 'indices', 'spent', 'settled', 'accounts'] as const;
const ACCOUNT = ['id', 'balances', 'purses', 'positions', 'measures', 'universe', 'house', 'group', 'rank'] as const;

/**
 * Reads a state. The system accounts `dust` and `outside` are added where they are missing.
 * @param json - accounts, markets and time; amounts in minor units
 * @returns the state
 * @throws MarginError type, missing-key, unknown-key, unknown-id, duplicate, inexact, range where a measure is below 0 or a name
 *   has a NUL, conflict where a purse is called `position` or `cost`, under which the journal keeps what is no purse
 * @example
 * stateOf({ accounts: [{ id: 'a', balances: { USD: -500n } }] }).amount('a', 'USD') // -500n
 */
export function stateOf(json: StateJSON): State {
  const head = new Row(json, '', STATE, 'state');
  const rows = rowsOf(head.need('accounts', 'a list of accounts'), 'accounts', ACCOUNT);
  const markets = new Map<string, Market>();
  for (const [i, market] of (head.has('markets') ? marketsOf(head.raw('markets'), 'markets') : []).entries()) {
    if (markets.has(market.id)) throw new MarginError('duplicate', { path: `markets[${i}].id`, got: market.id });
    plainName(market.settle, `markets[${i}].settle`);
    markets.set(plainName(market.id, `markets[${i}].id`), market);
  }
  const ids = new Ids('account');
  for (const row of rows) {
    const id = plainName(row.text('id'), row.at('id'));
    ids.free(id, row.at('id'));
    ids.add(id);
  }
  for (const system of [DUST, OUTSIDE]) if (!ids.has(system)) ids.add(system);
  const { purses, measures, holdings } = columnsOf(rows, ids.names.length, markets);
  return new State({
    time: countOf(head.number('time', 0), head.at('time')),
    block: countOf(head.number('block', 0), head.at('block')),
    ids,
    markets,
    universes: ids.names.map((_, i) => (rows[i]?.has('universe') ? rows[i].text('universe') : '')),
    house: Uint8Array.from(ids.names, (id, i) => (id === DUST || id === OUTSIDE || flagOf(rows[i]) ? 1 : 0)),
    groups: Float64Array.from(ids.names, (_, i) => rows[i]?.number('group', 0) ?? 0),
    ranks: Float64Array.from(ids.names, (_, i) => rows[i]?.number('rank', 0) ?? 0),
    indices: new Map(
      (head.has('indices') ? head.row('indices').entries() : []).map(([id, index]) => [
        id,
        indexOf(index, `indices.${id}`),
      ]),
    ),
    settled: new Map(
      (head.has('settled') ? head.row('settled').entries() : []).map(([id, record]) => [
        known(markets, id),
        settlementOf(record, `settled.${id}`),
      ]),
    ),
    spent: new Map(
      (head.has('spent') ? head.row('spent').entries() : []).map(([id, entry]) => [id, spentOf(entry, `spent.${id}`)]),
    ),
    purses,
    measures,
    holdings,
  });
}

function columnsOf(rows: readonly Row[], accounts: number, markets: ReadonlyMap<string, Market>): AccountColumns {
  const columns = new AccountColumns(accounts, markets);
  rows.forEach((row, i) => {
    columns.add(row, i);
  });
  return columns;
}

const flagOf = (row: Row | undefined): boolean => row === undefined || (row.has('house') && row.flag('house'));

/** Seconds or a block height. @throws MarginError range */
export function countOf(count: number, path: string): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new MarginError('range', { path, got: count, expected: 'a whole number from 0' });
}

function known(markets: ReadonlyMap<string, Market>, id: string): string {
  if (markets.has(id)) return id;
  throw new MarginError('unknown-id', { path: `settled.${id}`, got: id, expected: 'the id of a market of the state' });
}

function settlementOf(value: unknown, path: string): Settlement {
  const row = new Row(value, path, ['price', 'authority', 'evidence']);
  const said = (key: 'authority' | 'evidence'): Partial<Settlement> => (row.has(key) ? { [key]: row.text(key) } : {});
  return { price: row.text('price'), ...said('authority'), ...said('evidence') };
}

function spentOf(value: unknown, path: string): { block: number; amount: Amount } {
  const row = new Row(value, path, ['block', 'amount']);
  return {
    block: countOf(row.number('block'), row.at('block')),
    amount: amountOf(row.integer('amount'), row.at('amount')),
  };
}

const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/**
 * The state as plain objects that `stateOf` reads again.
 * @param state - of `stateOf` or of an outcome
 * @returns amounts as digits. Purses, positions and measures of nothing are left out, but a purse or measure of which nobody
 *   has anything stays as a 0 of the first account: layers that name it would not find it otherwise
 * @throws MarginError type
 * @example
 * stateJSON(stateOf({ accounts: [{ id: 'a', balances: { USD: -500n } }] })).accounts[0]
 *   // { id: 'a', balances: { USD: '-500' } }
 */
export function stateJSON(state: State): StateJSON {
  if (!(state instanceof State)) {
    throw new MarginError('type', { path: 'state', got: state, expected: 'a state of stateOf or of an outcome' });
  }
  return { ...stateHead(state), accounts: accountsJSON(state) };
}

/** All of a state but its accounts. */
export function stateHead({ columns }: State): Omit<StateJSON, 'accounts'> {
  const { time, block, markets, indices, spent, settled } = columns;
  return {
    time,
    block,
    markets: [...markets.values()].map(({ id, settle, kind, lotValue, mark }) => {
      return { id, settle, kind, lotValue: fractionText(lotValue), mark: fractionText(mark) };
    }),
    ...(spent.size === 0
      ? {}
      : {
          spent: Object.fromEntries([...spent].map(([id, entry]) => [id, { ...entry, amount: String(entry.amount) }])),
        }),
    ...(settled.size === 0
      ? {}
      : { settled: Object.fromEntries([...settled].map(([id, record]) => [id, { ...record }])) }),
    ...(indices.size === 0
      ? {}
      : { indices: JSON.parse(JSON.stringify(Object.fromEntries(indices), digits)) as Record<string, LazyIndex> }),
  };
}
