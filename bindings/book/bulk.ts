// The column door: many cross accounts at once from typed arrays, copied once. Rows come sorted by account; inside an
// account any order will do. Everything is checked in a first pass, so a refused call leaves the book as it was.
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, MIN_INPUT, NONE, SIDE } from '../layout.js';
import type { Store } from '../memory.js';
import type { Ref } from './book-rows.js';
import { isObject } from './fields.js';
import { entryCost } from './holdings.js';
import { makeRoom } from './rows.js';

/** Rows of balances: `account` counts from 0 within the call and never falls. */
export interface BalanceColumns {
  /** Account of each row: its number among `accounts`, not falling. */
  account: Uint32Array;
  /** Row of the asset in the book. */
  asset: Uint32Array;
  /** Units of the asset; a debt is negative. */
  amount: Float64Array;
}
/** Rows of net positions. */
export interface PositionColumns {
  /** Account of each row: its number among `accounts`, not falling. */
  account: Uint32Array;
  /** Row of the market in the book. */
  market: Uint32Array;
  /** Signed contracts. */
  size: Float64Array;
  /** Average entry price (quote); of an option also 0, where its premium has left the balance. */
  entry: Float64Array;
  /** Funding index at the last settlement; default the market's. */
  fundingIndex?: Float64Array;
  /** Own initial rate; 0: none. */
  initialRate?: Float64Array;
}
/** Many accounts with cross balances and positions, as columns; lengths of one group are equal. */
export interface AccountColumns {
  /** How many accounts. */
  accounts: number;
  /** One id an account; default its row number. */
  ids?: readonly string[];
  /** Id or row of the scenario model that margins all of them; default none. */
  model?: string | number;
  /** Sorted by account. */
  balances: BalanceColumns;
  /** Sorted by account. */
  positions: PositionColumns;
}

/** A position's key has 30 bits for its market. */
const MOST_MARKETS = 0x40000000;

type Numbers = Float64Array | Uint32Array;

/** Largest own initial rate, as in JSON. */
const MOST_RATE = 1000;

/** A typed array as it is; a list is copied, since its elements may be getters. */
function columnOf(path: string, column: unknown): Numbers {
  // A DataView has no length.
  if (ArrayBuffer.isView(column) && 'length' in column) return column as Numbers;
  if (Array.isArray(column)) return Array.from(column as number[]) as unknown as Numbers;
  throw new MarginError('type', { path, got: column, expected: 'a typed array' });
}

/** The columns of a group that are there, of one length. */
function readGroup(path: string, columns: unknown, needed: readonly string[]): Record<string, Numbers> {
  if (!isObject(columns))
    throw new MarginError('missing-key', { path, expected: `an object of typed arrays: ${needed.join(', ')}` });
  const given = Object.entries(columns).filter(([, column]) => (column ?? null) !== null);
  for (const name of needed) {
    if (!given.some(([key]) => key === name))
      throw new MarginError('missing-key', { path: `${path}.${name}`, expected: 'a typed array' });
  }
  const entries = given.map(([name, column]) => [name, columnOf(`${path}.${name}`, column)] as const);
  const length = entries[0]?.[1].length ?? 0;
  for (const [name, column] of entries) {
    if (column.length !== length)
      throw new MarginError('range', {
        path: `${path}.${name}`,
        got: column.length,
        expected: `${length} entries, as in the other columns`,
      });
  }
  return Object.fromEntries(entries);
}

/**
 * Reads what is given once, so that what is checked is what is written: columns are there, are columns and are of one length.
 * @throws MarginError missing-key, type, range
 */
export function readColumns(given: AccountColumns): AccountColumns {
  if (!isObject(given))
    throw new MarginError('type', { path: 'columns', got: given, expected: 'an object of typed arrays' });
  const { accounts, ids: names, model, balances, positions } = given as unknown as AccountColumns;
  const columns = {
    balances: readGroup('balances', balances, ['account', 'asset', 'amount']) as unknown as BalanceColumns,
    positions: readGroup('positions', positions, ['account', 'market', 'size', 'entry']) as unknown as PositionColumns,
  };
  if (!Number.isInteger(accounts) || accounts < 0)
    throw new MarginError('type', { path: 'accounts', got: accounts, expected: 'a whole number >= 0' });
  if (names !== undefined && !Array.isArray(names))
    throw new MarginError('type', { path: 'ids', got: names, expected: 'a list of ids' });
  const ids = names && Array.from(names);
  if (ids && ids.length !== accounts)
    throw new MarginError('range', { path: 'ids', got: ids.length, expected: `${accounts} ids` });
  return {
    accounts,
    ...columns,
    ...(ids ? { ids } : {}),
    ...((model ?? null) === null ? {} : { model: model as Ref }),
  };
}

function checkIndex(path: string, column: Uint32Array, below: number, noun: string, rising = false): void {
  for (let i = 0; i < column.length; i++) {
    const x = column[i] as number;
    // Whole and not negative: what columns of other types hold would go into other rows.
    if (x >>> 0 !== x || x >= below)
      throw new MarginError(typeof x === 'number' ? 'unknown-id' : 'type', {
        path,
        index: i,
        got: x,
        expected: `a row of ${noun}s below ${below}`,
      });
    if (rising && i > 0 && x < (column[i - 1] as number))
      throw new MarginError('range', {
        path,
        index: i,
        got: x,
        expected: 'account numbers that never fall: sort the rows by account',
      });
  }
}

/** @param small - least magnitude beside 0 */
function checkNumbers(
  path: string,
  column: Float64Array | undefined,
  least: number,
  most = MAX_INPUT,
  small = 0,
): void {
  if (!column) return;
  for (let i = 0; i < column.length; i++) {
    const x = column[i] as number;
    if (!Number.isFinite(x))
      throw new MarginError(typeof x === 'number' ? 'not-finite' : 'type', {
        path,
        index: i,
        got: x,
        expected: 'a finite number',
      });
    if (x < least || x > most)
      throw new MarginError('range', { path, index: i, got: x, expected: `a number from ${least} to ${most}` });
    if (x !== 0 && Math.abs(x) < small)
      throw new MarginError('range', { path, index: i, got: x, expected: `0 or a magnitude of at least ${small}` });
  }
}

/** Rows of one account in canonical order, in buffers that are used again for the next. */
class Sorter {
  readonly assets: number[] = [];
  readonly amounts: number[] = [];
  readonly order: number[] = [];

  /** Takes rows `[b0, b1)` and `[p0, p1)`; refuses a second row of one asset or market. */
  take(store: Store, c: AccountColumns, b0: number, b1: number, p0: number, p1: number): void {
    const { assets, amounts, order } = this;
    assets.length = amounts.length = order.length = 0;
    for (let b = b0; b < b1; b++) {
      if (!this.#insert(c.balances.asset[b] as number, (c.balances.amount[b] as number) + 0)) {
        throw new MarginError('duplicate', {
          path: 'balances.asset',
          index: b,
          got: c.balances.asset[b],
          expected: 'one row for each asset of an account',
        });
      }
    }
    const { settle } = store.columns.market;
    const rank = (p: number): number =>
      (settle[c.positions.market[p] as number] as number) * MOST_MARKETS + (c.positions.market[p] as number);
    for (let p = p0; p < p1; p++) {
      const r = rank(p);
      let i = order.length;
      while (i > 0 && rank(order[i - 1] as number) > r) i -= 1;
      if (i > 0 && rank(order[i - 1] as number) === r) {
        throw new MarginError('duplicate', {
          path: 'positions.market',
          index: p,
          got: c.positions.market[p],
          expected: 'one row for each market of an account',
        });
      }
      order.splice(i, 0, p);
      this.#insert(settle[c.positions.market[p] as number] as number, 0);
    }
  }

  #insert(asset: number, amount: number): boolean {
    let i = this.assets.length;
    while (i > 0 && (this.assets[i - 1] as number) > asset) i -= 1;
    if (i > 0 && this.assets[i - 1] === asset) return false;
    this.assets.splice(i, 0, asset);
    this.amounts.splice(i, 0, amount);
    return true;
  }
}

/** Visits the accounts in order with the ranges of their rows. */
function eachAccount(
  c: AccountColumns,
  visit: (a: number, b0: number, b1: number, p0: number, p1: number) => void,
): void {
  const { balances, positions } = c;
  let b = 0;
  let p = 0;
  for (let a = 0; a < c.accounts; a++) {
    const b0 = b;
    const p0 = p;
    while (b < balances.account.length && balances.account[b] === a) b += 1;
    while (p < positions.account.length && positions.account[p] === a) p += 1;
    visit(a, b0, b, p0, p);
  }
}

/** Refuses a market that the model of the accounts does not margin. */
type Margined = (market: number, path: string) => void;
/** Refuses a balance that hedges what the model does not name. */
type Hedged = (asset: number, path: string) => void;

function check(store: Store, c: AccountColumns, model: number, margined: Margined, hedged: Hedged): void {
  const { positions: p, balances: b } = c;
  checkIndex('balances.account', b.account, c.accounts, 'account', true);
  checkIndex('balances.asset', b.asset, store.count('asset'), 'asset');
  checkNumbers('balances.amount', b.amount, -MAX_INPUT);
  checkIndex('positions.account', p.account, c.accounts, 'account', true);
  checkIndex('positions.market', p.market, store.count('market'), 'market');
  checkNumbers('positions.size', p.size, -MAX_INPUT, MAX_INPUT, MIN_INPUT);
  checkNumbers('positions.entry', p.entry, 0, MAX_INPUT, MIN_INPUT);
  checkNumbers('positions.fundingIndex', p.fundingIndex, -MAX_INPUT);
  checkNumbers('positions.initialRate', p.initialRate, 0, MOST_RATE);
  if (model !== 0) for (let i = 0; i < b.asset.length; i++) hedged(b.asset[i] as number, `balances.asset[${i}]`);
  for (let i = 0; i < p.market.length; i++) {
    const option = (store.columns.market.kind[p.market[i] as number] as number) >= KIND.call;
    if (option || model !== 0) margined(p.market[i] as number, `positions.market[${i}]`);
    if (!option && p.entry[i] === 0) {
      throw new MarginError('range', {
        path: 'positions.entry',
        index: i,
        got: 0,
        expected: `a number from ${MIN_INPUT} to ${MAX_INPUT}`,
      });
    }
    if (store.columns.market.kind[p.market[i] as number] === KIND.spot) {
      throw new MarginError('conflict', {
        path: 'positions.market',
        index: i,
        got: p.market[i],
        expected: 'a derivative: spot holdings are balances',
      });
    }
  }
}

/**
 * Appends the accounts; returns the row of the first. Units, balances and positions are written in canonical order.
 * @param model - of all of them, plus 1; 0: none
 */
export function addColumns(store: Store, c: AccountColumns, model: number, margined: Margined, hedged: Hedged): number {
  check(store, c, model, margined, hedged);
  const sorter = new Sorter();
  let balances = 0;
  let widest = 0;
  eachAccount(c, (_a, b0, b1, p0, p1) => {
    sorter.take(store, c, b0, b1, p0, p1);
    balances += sorter.assets.length;
    widest = Math.max(widest, sorter.assets.length);
  });
  const positions = c.positions.market.length;
  for (const [section, rows] of [
    ['account', c.accounts],
    ['unit', c.accounts],
    ['balance', balances],
    ['position', positions],
  ] as const) {
    makeRoom(store, section, rows);
  }
  if (widest > store.count('scratch')) store.setCount('scratch', widest);
  const first = store.append('account', c.accounts);
  const unit0 = store.append('unit', c.accounts);
  let b = store.append('balance', balances);
  let p = store.append('position', positions);
  const { account, unit, balance, position, market } = store.columns;
  eachAccount(c, (a, b0, b1, p0, p1) => {
    sorter.take(store, c, b0, b1, p0, p1);
    const u = unit0 + a;
    account.firstUnit[first + a] = u;
    unit.account[u] = first + a;
    unit.next[u] = NONE;
    unit.multiplier[u] = 1;
    unit.model[u] = model;
    unit.balanceStart[u] = b;
    unit.balanceCount[u] = unit.balanceRoom[u] = sorter.assets.length;
    unit.positionStart[u] = p;
    unit.positionCount[u] = unit.positionRoom[u] = p1 - p0;
    let next = 0;
    sorter.assets.forEach((asset, i) => {
      balance.asset[b] = asset;
      balance.amount[b] = sorter.amounts[i] as number;
      for (; next < sorter.order.length; next++, p++) {
        const row = sorter.order[next] as number;
        const m = c.positions.market[row] as number;
        if (market.settle[m] !== asset) break;
        position.key[p] = m * 4 + SIDE.net;
        position.size[p] = (c.positions.size[row] as number) + 0;
        position.cost[p] =
          entryCost(store.columns, m, c.positions.size[row] as number, c.positions.entry[row] as number) + 0;
        position.funding[p] = (c.positions.fundingIndex?.[row] ?? market.fundingIndex[m] ?? 0) + 0;
        position.ownRate[p] = (c.positions.initialRate?.[row] ?? 0) + 0;
        balance.positions[b] = (balance.positions[b] ?? 0) + 1;
      }
      b += 1;
    });
  });
  return first;
}
