// The door of a state: plain objects to columns and back. Amounts are whole minor units; a JSON number past 2^53 is refused.
import { Ids } from '../book/ids.js';
import { MarginError } from '../errors.js';
import type { Integer } from '../venues/integer.js';
import { integer } from '../venues/integer.js';
import { Row, rowsOf } from '../venues/rows.js';
import { type Amount, amount as amountOf, fractionText } from './amount.js';
import { AmountColumn } from './amount-column.js';
import { Holdings } from './holdings.js';
import { indexOf, type LazyIndex } from './lazy.js';
import { type Market, type MarketTerms, marketsOf } from './market.js';
import { BALANCE, DUST, OUTSIDE, type Purse, purseKey, type Settlement, State } from './state.js';

export interface AccountJSON {
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

export interface StateJSON {
  /** Seconds. */
  time?: number;
  /** Height, for caps by block. */
  block?: number;
  markets?: MarketTerms[];
  /** Indices of layers that spread their loss over a pool, by the layer's id. */
  indices?: Record<string, LazyIndex>;
  /** What layers have given in the block named, minor units, for their caps. */
  spent?: Record<string, { block: number; amount: Integer }>;
  /** Markets that are settled, with the record of who set the price. */
  settled?: Record<string, Settlement>;
  accounts: AccountJSON[];
}

const STATE = ['time', 'block', 'markets', 'indices', 'spent', 'settled', 'accounts'] as const;
const ACCOUNT = ['id', 'balances', 'purses', 'positions', 'measures', 'universe', 'house', 'group', 'rank'] as const;

/**
 * Reads a state. The system accounts `dust` and `outside` are added where they are missing.
 * @param json - accounts, markets and time; amounts in minor units
 * @returns the state
 * @throws MarginError type, missing-key, unknown-key, unknown-id, duplicate, inexact, range where a measure is below 0
 * @example
 * stateOf({ accounts: [{ id: 'a', balances: { USD: -500n } }] }).amount('a', 'USD') // -500n
 */
export function stateOf(json: StateJSON): State {
  const head = new Row(json, '', STATE, 'state');
  const rows = rowsOf(head.need('accounts', 'a list of accounts'), 'accounts', ACCOUNT);
  const markets = new Map<string, Market>();
  for (const [i, market] of (head.has('markets') ? marketsOf(head.raw('markets'), 'markets') : []).entries()) {
    if (markets.has(market.id)) throw new MarginError('duplicate', { path: `markets[${i}].id`, got: market.id });
    markets.set(market.id, market);
  }
  const ids = new Ids('account');
  for (const row of rows) {
    const id = row.text('id');
    ids.free(id, row.at('id'));
    ids.add(id);
  }
  for (const system of [DUST, OUTSIDE]) if (!ids.has(system)) ids.add(system);
  const reader = new Reader(ids.names.length, markets);
  rows.forEach((row, i) => {
    reader.account(row, i);
  });
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
    ...reader.columns(),
  });
}

const flagOf = (row: Row | undefined): boolean => row === undefined || (row.has('house') && row.flag('house'));

/** Gathers columns while accounts are read. */
class Reader {
  readonly #accounts: number;
  readonly #markets: ReadonlyMap<string, Market>;
  readonly #purses = new Map<string, Purse>();
  readonly #measures = new Map<string, AmountColumn>();
  readonly #holdings = new Map<string, Holdings>();

  constructor(accounts: number, markets: ReadonlyMap<string, Market>) {
    this.#accounts = accounts;
    this.#markets = markets;
  }

  account(row: Row, i: number): void {
    if (row.has('balances')) this.#purse(row.row('balances'), BALANCE, i);
    for (const [purse, assets] of row.has('purses') ? entriesOf(row, 'purses') : []) {
      if (purse === BALANCE) {
        throw new MarginError('conflict', { path: `${row.at('purses')}.${purse}`, expected: 'it in balances' });
      }
      this.#purse(new Row(assets, `${row.at('purses')}.${purse}`), purse, i);
    }
    for (const [name, value] of row.has('measures') ? entriesOf(row, 'measures') : []) {
      const path = `${row.at('measures')}.${name}`;
      const measure = integer(value as Integer, path);
      if (measure < 0n) throw new MarginError('range', { path, got: value, expected: '>= 0' });
      const column = this.#measures.get(name) ?? AmountColumn.zeros(this.#accounts);
      column.set(i, measure);
      this.#measures.set(name, column);
    }
    for (const [market, value] of row.has('positions') ? entriesOf(row, 'positions') : []) {
      const path = `${row.at('positions')}.${market}`;
      if (!this.#markets.has(market)) {
        throw new MarginError('unknown-id', { path, got: market, expected: 'the id of a market of the state' });
      }
      const position = new Row(value, path, ['lots', 'cost']);
      const holdings = this.#holdings.get(market) ?? Holdings.none();
      const at = holdings.ensure(i);
      holdings.lots.set(at, position.integer('lots'));
      holdings.cost.set(at, position.integer('cost'));
      this.#holdings.set(market, holdings);
    }
  }

  columns(): { purses: Map<string, Purse>; measures: Map<string, AmountColumn>; holdings: Map<string, Holdings> } {
    return { purses: this.#purses, measures: this.#measures, holdings: this.#holdings };
  }

  #purse(assets: Row, purse: string, i: number): void {
    for (const [asset] of assets.entries()) {
      const key = purseKey(purse, asset);
      const column = this.#purses.get(key) ?? { purse, asset, amounts: AmountColumn.zeros(this.#accounts) };
      column.amounts.set(i, assets.integer(asset));
      this.#purses.set(key, column);
    }
  }
}

const entriesOf = (row: Row, key: string): [string, unknown][] => row.row(key).entries();

/** Seconds or a block height. @throws MarginError range */
export function countOf(given: number, path: string): number {
  if (Number.isSafeInteger(given) && given >= 0) return given;
  throw new MarginError('range', { path, got: given, expected: 'a whole number from 0' });
}

function known(markets: ReadonlyMap<string, Market>, id: string): string {
  if (markets.has(id)) return id;
  throw new MarginError('unknown-id', { path: `settled.${id}`, got: id, expected: 'the id of a market of the state' });
}

function settlementOf(value: unknown, path: string): Settlement {
  const row = new Row(value, path, ['price', 'authority', 'evidence']);
  row.text('price');
  return value as Settlement;
}

function spentOf(value: unknown, path: string): { block: number; amount: Amount } {
  const row = new Row(value, path, ['block', 'amount']);
  return { block: row.number('block'), amount: amountOf(row.integer('amount'), row.at('amount')) };
}

const digits = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/**
 * The state as plain objects that `stateOf` reads again.
 * @param state - of `stateOf` or of an outcome
 * @returns amounts as digits; purses, positions and measures of nothing are left out
 * @example
 * stateJSON(stateOf({ accounts: [{ id: 'a', balances: { USD: -500n } }] })).accounts[0]
 *   // { id: 'a', balances: { USD: '-500' } }
 */
export function stateJSON(state: State): StateJSON {
  const { time, block, markets, indices, spent, settled, purses, holdings, measures, universes, house, groups, ranks } =
    state.columns;
  const accounts = state.columns.ids.names.map((id, i): AccountJSON => {
    const account: AccountJSON = { id };
    for (const { purse, asset, amounts } of purses.values()) {
      const held = amounts.at(i);
      if (held === 0n) continue;
      if (purse === BALANCE) account.balances = { ...account.balances, [asset]: String(held) };
      else account.purses = { ...account.purses, [purse]: { ...account.purses?.[purse], [asset]: String(held) } };
    }
    for (const [market, held] of holdings) {
      const row = held.rowOf(i);
      const { lots = 0n, cost = 0n } = row < 0 ? {} : { lots: held.lots.at(row), cost: held.cost.at(row) };
      if (lots === 0n && cost === 0n) continue;
      account.positions = { ...account.positions, [market]: { lots: String(lots), cost: String(cost) } };
    }
    for (const [name, column] of measures) {
      if (column.at(i) !== 0n) account.measures = { ...account.measures, [name]: String(column.at(i)) };
    }
    if (universes[i]) account.universe = universes[i];
    if (house[i] && id !== DUST && id !== OUTSIDE) account.house = true;
    if (groups[i]) account.group = groups[i];
    if (ranks[i]) account.rank = ranks[i];
    return account;
  });
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
    ...(settled.size === 0 ? {} : { settled: Object.fromEntries(settled) }),
    ...(indices.size === 0
      ? {}
      : { indices: JSON.parse(JSON.stringify(Object.fromEntries(indices), digits)) as Record<string, LazyIndex> }),
    accounts,
  };
}
