// Rows of a unit in the packed columns: writing them, finding them, and inserting or removing one in place.
// A unit's rows are contiguous and in canonical order; a full unit moves to the end of its section with room to spare.
import { MarginError } from '../errors.js';
import { NONE, type Section } from '../layout.js';
import type { Store } from '../memory.js';
import type { AccountRow } from './account.js';
import type { OrderRow, UnitRow } from './holdings.js';

/** Rows that a unit gets beside those it needs when it has to move: insertions stay O(1) amortised. */
export const slack = (rows: number): number => Math.max(2, rows >> 1);

/** A section whose rows belong to units, and the unit columns that say where. */
interface RowSpace {
  section: 'balance' | 'position';
  start: 'balanceStart' | 'positionStart';
  count: 'balanceCount' | 'positionCount';
  room: 'balanceRoom' | 'positionRoom';
}
const BALANCES: RowSpace = { section: 'balance', start: 'balanceStart', count: 'balanceCount', room: 'balanceRoom' };
const POSITIONS: RowSpace = {
  section: 'position',
  start: 'positionStart',
  count: 'positionCount',
  room: 'positionRoom',
};

/**
 * Room for `rows` more rows of a section, or at the book's maximum for `least` of them; what follows cannot fail half-way.
 * @throws MarginError too-many, memory; the book stays as it was
 */
export function makeRoom(store: Store, section: Section, rows: number, least = rows): void {
  if (least === 0) return;
  const want = store.count(section) + least;
  const tooMany = (most: string | undefined): MarginError =>
    new MarginError('too-many', { path: section, got: want, ...(most === undefined ? {} : { expected: most }) });
  try {
    store.ensure(section, rows);
  } catch (e) {
    // What was asked for, not what growth would have made of it.
    throw e instanceof MarginError && e.code === 'too-many' ? tooMany(e.expected) : e;
  }
  const room = store.room(section);
  if (want > room) throw tooMany(`at most ${room} rows`);
}

export function ensureAccount(store: Store, account: AccountRow): void {
  let balances = 0;
  let positions = 0;
  let orders = 0;
  let widest = 0;
  for (const unit of account.units) {
    balances += unit.balances.length;
    widest = Math.max(widest, unit.balances.length);
    for (const b of unit.balances) {
      positions += b.positions.length;
      for (const p of b.positions) if (p.order) orders += 1;
    }
  }
  makeRoom(store, 'account', 1);
  makeRoom(store, 'unit', account.units.length);
  makeRoom(store, 'balance', balances);
  makeRoom(store, 'position', positions);
  makeRoom(store, 'order', orders);
  if (widest > store.count('scratch')) store.setCount('scratch', widest);
}

/** Appends an account; room has been ensured. Returns its row. */
export function writeAccount(store: Store, account: AccountRow): number {
  const a = store.append('account');
  let before: number = NONE;
  account.units.forEach((unit, i) => {
    const u = appendUnit(store, a, unit.bucket);
    const { columns } = store;
    columns.unit.multiplier[u] = account.multiplier;
    columns.unit.buffer[u] = account.buffer;
    columns.unit.rateFloor[u] = account.rateFloor;
    columns.unit.model[u] = account.model;
    if (i === 0) columns.account.firstUnit[a] = u;
    else columns.unit.next[before] = u;
    before = u;
    writeUnit(store, u, unit);
  });
  return a;
}

/** Appends an empty unit that is not linked yet. */
export function appendUnit(store: Store, account: number, bucket: number): number {
  const u = store.append('unit');
  const { unit } = store.columns;
  unit.account[u] = account;
  unit.bucket[u] = bucket;
  unit.next[u] = NONE;
  unit.multiplier[u] = 1;
  unit.balanceStart[u] = store.count('balance');
  unit.positionStart[u] = store.count('position');
  return u;
}

function writeUnit(store: Store, u: number, unit: UnitRow): void {
  const positions = unit.balances.reduce((n, b) => n + b.positions.length, 0);
  const b = store.append('balance', unit.balances.length);
  const p = store.append('position', positions);
  const { columns } = store;
  columns.unit.balanceStart[u] = b;
  columns.unit.balanceCount[u] = columns.unit.balanceRoom[u] = unit.balances.length;
  columns.unit.positionStart[u] = p;
  columns.unit.positionCount[u] = columns.unit.positionRoom[u] = positions;
  writeRows(store, unit, b, p, []);
}

/** Writes what a unit holds into balance rows from `b` and position rows from `p`; orders take free rows first, room has been ensured. */
export function writeRows(store: Store, unit: UnitRow, b: number, p: number, free: number[]): void {
  const { columns } = store;
  for (const row of unit.balances) {
    columns.balance.asset[b] = row.asset;
    columns.balance.amount[b] = row.amount;
    columns.balance.reserved[b] = row.reserved;
    columns.balance.positions[b] = row.positions.length;
    for (const x of row.positions) {
      columns.position.key[p] = x.key;
      columns.position.size[p] = x.size;
      columns.position.cost[p] = x.cost;
      columns.position.funding[p] = x.funding;
      columns.position.ownRate[p] = x.ownRate;
      columns.position.order[p] = x.order ? writeOrder(store, free.pop() ?? store.append('order'), x.order) + 1 : 0;
      p += 1;
    }
    b += 1;
  }
}

export function writeOrder(store: Store, o: number, row: OrderRow): number {
  const c = store.columns.order;
  c.bidSize[o] = row.bidSize;
  c.bidNotional[o] = row.bidNotional;
  c.bidWorst[o] = row.bidWorst;
  c.askSize[o] = row.askSize;
  c.askNotional[o] = row.askNotional;
  c.askWorst[o] = row.askWorst;
  c.count[o] = row.count;
  return o;
}

export function orderRow(store: Store, o: number): OrderRow {
  const c = store.columns.order;
  const at = (view: Float64Array | Uint32Array): number => view[o] ?? 0;
  return {
    bidSize: at(c.bidSize),
    bidNotional: at(c.bidNotional),
    bidWorst: at(c.bidWorst),
    askSize: at(c.askSize),
    askNotional: at(c.askNotional),
    askWorst: at(c.askWorst),
    count: at(c.count),
  };
}

/** First row of `asset` or of a larger one in the unit's balances. */
function balanceSlot(store: Store, u: number, asset: number): number {
  const { unit, balance } = store.columns;
  let b = unit.balanceStart[u] ?? 0;
  const end = b + (unit.balanceCount[u] ?? 0);
  while (b < end && (balance.asset[b] ?? 0) < asset) b += 1;
  return b;
}

/** Balance row of an asset in a unit, or -1. */
export function findBalance(store: Store, u: number, asset: number): number {
  const { unit, balance } = store.columns;
  const b = balanceSlot(store, u, asset);
  return b < (unit.balanceStart[u] ?? 0) + (unit.balanceCount[u] ?? 0) && balance.asset[b] === asset ? b : -1;
}

/** First position row of balance row `b`. */
function firstPosition(store: Store, u: number, b: number): number {
  const { unit, balance } = store.columns;
  let p = unit.positionStart[u] ?? 0;
  for (let i = unit.balanceStart[u] ?? 0; i < b; i++) p += balance.positions[i] ?? 0;
  return p;
}

function positionSlot(store: Store, u: number, b: number, key: number): number {
  const { balance, position } = store.columns;
  let p = firstPosition(store, u, b);
  const end = p + (balance.positions[b] ?? 0);
  while (p < end && (position.key[p] ?? 0) < key) p += 1;
  return p;
}

/** Position row of a key that settles in balance row `b`, or -1. */
export function findPosition(store: Store, u: number, b: number, key: number): number {
  const { balance, position } = store.columns;
  const p = positionSlot(store, u, b, key);
  return p < firstPosition(store, u, b) + (balance.positions[b] ?? 0) && position.key[p] === key ? p : -1;
}

/** Opens a free row at `slot` (a row of the unit, or the one behind its last) and returns where it is now. */
function open(store: Store, u: number, space: RowSpace, slot: number): number {
  const { unit } = store.columns;
  const start = unit[space.start][u] ?? 0;
  const count = unit[space.count][u] ?? 0;
  const into = slot - start;
  if (count === (unit[space.room][u] ?? 0)) {
    const atEnd = start + count === store.count(space.section);
    const free = store.room(space.section) - store.count(space.section) - (atEnd ? 0 : count);
    const room = count + Math.min(slack(count), free);
    const to = atEnd ? start : store.append(space.section, room);
    if (atEnd) store.setCount(space.section, start + room);
    if (to !== start) store.move(space.section, to, start, count);
    store.columns.unit[space.start][u] = to;
    store.columns.unit[space.room][u] = room;
  }
  const at = (store.columns.unit[space.start][u] ?? 0) + into;
  store.move(space.section, at + 1, at, count - into);
  store.clear(space.section, at, at + 1);
  store.columns.unit[space.count][u] = count + 1;
  return at;
}

/** Room for what `open` will take from a section: nothing where the unit has room, else all its rows again with slack. */
function ensureOpen(store: Store, u: number, space: RowSpace, more: number): void {
  const { unit } = store.columns;
  const room = unit[space.room][u] ?? 0;
  const short = (unit[space.count][u] ?? 0) + more - room;
  if (short <= 0) return;
  const moved = (unit[space.start][u] ?? 0) + room === store.count(space.section) ? 0 : room;
  makeRoom(store, space.section, moved + slack(room), moved + short);
}

/** Room for `balances` and `positions` more rows in a unit and `orders` order rows, so that the update cannot fail half-way. */
export function ensureRows(store: Store, u: number, balances: number, positions: number, orders: number): void {
  const count = store.columns.unit.balanceCount[u] ?? 0;
  ensureOpen(store, u, BALANCES, balances);
  ensureOpen(store, u, POSITIONS, positions);
  makeRoom(store, 'order', orders);
  if (count + balances > store.count('scratch')) store.setCount('scratch', count + balances);
}

/** Room for one more balance row in each of these units, whichever of them moves to the end of the section. */
export function ensureBalances(store: Store, units: readonly number[]): void {
  const { unit } = store.columns;
  let rows = 0;
  let widest = 0;
  for (const u of units) {
    const count = (unit.balanceCount[u] ?? 0) + 1;
    const room = unit.balanceRoom[u] ?? 0;
    if (count > room) rows += room + slack(room);
    widest = Math.max(widest, count);
  }
  makeRoom(store, 'balance', rows);
  if (widest > store.count('scratch')) store.setCount('scratch', widest);
}

/** Balance row of an asset, opened with amount 0 where there is none. */
export function balanceRow(store: Store, u: number, asset: number): number {
  const found = findBalance(store, u, asset);
  if (found >= 0) return found;
  const b = open(store, u, BALANCES, balanceSlot(store, u, asset));
  store.columns.balance.asset[b] = asset;
  return b;
}

/** Position row of a key, opened empty where there is none. The settle asset gets a balance row first. */
export function positionRow(store: Store, u: number, asset: number, key: number, funding: number): number {
  const b = balanceRow(store, u, asset);
  const found = findPosition(store, u, b, key);
  if (found >= 0) return found;
  const p = open(store, u, POSITIONS, positionSlot(store, u, b, key));
  const { balance, position } = store.columns;
  position.key[p] = key;
  position.funding[p] = funding;
  balance.positions[b] = (balance.positions[b] ?? 0) + 1;
  return p;
}

/** Takes a position row out; its order row must be free already. */
export function removePosition(store: Store, u: number, asset: number, p: number): void {
  const { unit, balance } = store.columns;
  const end = (unit.positionStart[u] ?? 0) + (unit.positionCount[u] ?? 0);
  store.move('position', p, p + 1, end - p - 1);
  store.clear('position', end - 1, end);
  unit.positionCount[u] = (unit.positionCount[u] ?? 0) - 1;
  const b = findBalance(store, u, asset);
  balance.positions[b] = (balance.positions[b] ?? 0) - 1;
}
