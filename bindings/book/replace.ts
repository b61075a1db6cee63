// An account exchanged for another state of itself, in place: what a ledger says it holds now. Room is made for all of it first,
// so nothing fails half-way; a unit keeps its rows where they suffice.
import { NONE } from '../layout.js';
import type { Store } from '../memory.js';
import type { AccountRow } from './account.js';
import type { UnitRow } from './holdings.js';
import { appendUnit, makeRoom, slack, writeRows } from './rows.js';
import type { FreeOrders } from './update.js';

const positionsOf = (unit: UnitRow): number => unit.balances.reduce((n, b) => n + b.positions.length, 0);
const ordersOf = (unit: UnitRow): number =>
  unit.balances.reduce((n, b) => n + b.positions.filter(({ order }) => order).length, 0);
const EMPTY: UnitRow = { bucket: 0, balances: [] };

/** What a unit will hold, and the rows it needs elsewhere since it has no room for them. */
interface Move {
  u: number;
  rows: UnitRow;
  balances: number;
  positions: number;
}

/**
 * Replaces terms and holdings of account `a`. Buckets that are new are opened; those that are not named are emptied, and stay.
 * @returns its units
 * @throws MarginError too-many, memory; the book stays as it was
 */
export function replaceRows(store: Store, a: number, account: AccountRow, free: FreeOrders): number[] {
  const { columns } = store;
  const had: number[] = [];
  for (let u = columns.account.firstUnit[a] ?? NONE; u !== NONE; u = columns.unit.next[u] ?? NONE) had.push(u);
  const named = new Map(account.units.map((unit) => [unit.bucket, unit]));
  const moves = had.map((u) => moveOf(store, u, named.get(columns.unit.bucket[u] ?? 0) ?? EMPTY));
  for (const u of had) named.delete(columns.unit.bucket[u] ?? 0);
  const opened = [...named.values()];
  const more = ensureMoves(store, moves, opened, had, free);
  for (const u of had) freeOrders(store, u, free);
  for (const unit of opened) moves.push(moveOf(store, linkUnit(store, a, unit.bucket), unit));
  for (const move of moves) {
    place(store, move, more, free);
    const { unit } = store.columns;
    unit.multiplier[move.u] = account.multiplier;
    unit.buffer[move.u] = account.buffer;
    unit.rateFloor[move.u] = account.rateFloor;
    unit.model[move.u] = account.model;
  }
  return moves.map(({ u }) => u);
}

function moveOf(store: Store, u: number, rows: UnitRow): Move {
  const { unit } = store.columns;
  const [balances, positions] = [rows.balances.length, positionsOf(rows)];
  return {
    u,
    rows,
    balances: balances > (unit.balanceRoom[u] ?? 0) ? balances : 0,
    positions: positions > (unit.positionRoom[u] ?? 0) ? positions : 0,
  };
}

/** @returns whether there is room for slack too: at the book's maximum there may be none */
function ensureMoves(store: Store, moves: Move[], opened: UnitRow[], had: number[], free: FreeOrders): boolean {
  const all = [
    ...moves,
    ...opened.map((rows) => ({ rows, balances: rows.balances.length, positions: positionsOf(rows) })),
  ];
  const sum = (of: (move: (typeof all)[number]) => number): number => all.reduce((n, move) => n + of(move), 0);
  const roomy = (n: number): number => (n === 0 ? 0 : n + slack(n));
  const freed = had.reduce((n, u) => n + orderRows(store, u).length, free.length);
  makeRoom(store, 'unit', opened.length);
  makeRoom(store, 'order', Math.max(0, sum(({ rows }) => ordersOf(rows)) - freed));
  const least = { balance: sum((m) => m.balances), position: sum((m) => m.positions) };
  const most = { balance: sum((m) => roomy(m.balances)), position: sum((m) => roomy(m.positions)) };
  for (const section of ['balance', 'position'] as const) makeRoom(store, section, most[section], least[section]);
  const widest = all.reduce((n, { rows }) => Math.max(n, rows.balances.length), 0);
  if (widest > store.count('scratch')) store.setCount('scratch', widest);
  return (['balance', 'position'] as const).every((s) => store.room(s) - store.count(s) >= most[s]);
}

/** Position rows of a unit that have orders. */
function orderRows(store: Store, u: number): number[] {
  const { unit, position } = store.columns;
  const first = unit.positionStart[u] ?? 0;
  return Array.from({ length: unit.positionCount[u] ?? 0 }, (_, i) => first + i).filter((p) => position.order[p] !== 0);
}

function freeOrders(store: Store, u: number, free: FreeOrders): void {
  const { position } = store.columns;
  for (const p of orderRows(store, u)) {
    free.push((position.order[p] ?? 1) - 1);
    position.order[p] = 0;
  }
}

/** Opens a bucket behind those with smaller numbers. */
function linkUnit(store: Store, a: number, bucket: number): number {
  const u = appendUnit(store, a, bucket);
  const { account, unit } = store.columns;
  let before = account.firstUnit[a] ?? 0;
  for (let x = unit.next[before] ?? NONE; x !== NONE && (unit.bucket[x] ?? 0) < bucket; x = unit.next[x] ?? NONE)
    before = x;
  unit.next[u] = unit.next[before] ?? NONE;
  unit.next[before] = u;
  return u;
}

function place(store: Store, { u, rows, balances, positions }: Move, more: boolean, free: FreeOrders): void {
  const sections = [
    ['balance', balances, rows.balances.length],
    ['position', positions, positionsOf(rows)],
  ] as const;
  for (const [section, moved, count] of sections) {
    if (moved > 0) {
      const room = moved + (more ? slack(moved) : 0);
      const start = store.append(section, room);
      store.columns.unit[`${section}Start`][u] = start;
      store.columns.unit[`${section}Room`][u] = room;
    }
    store.columns.unit[`${section}Count`][u] = count;
  }
  const { unit } = store.columns;
  writeRows(store, rows, unit.balanceStart[u] ?? 0, unit.positionStart[u] ?? 0, free);
}
