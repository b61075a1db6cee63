// Live updates of a margin unit, in place: deposits, fills, order changes. Each checks everything and makes room first,
// so a refused update leaves the book as it was.
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, MIN_INPUT, NONE } from '../layout.js';
import type { Store } from '../memory.js';
import { addOrder, checkSide, emptyOrder, entryCost, entryFits, type OrderRow, positionKey } from './holdings.js';
import {
  balanceRow,
  ensureBalances,
  ensureRows,
  findBalance,
  findPosition,
  orderRow,
  positionRow,
  removePosition,
  writeOrder,
} from './rows.js';

/** Freed order rows, used again before new ones. */
export type FreeOrders = number[];

/** Share of a lot below which a rest of lots is rounding, 2^-20: sums of a million fills are closer to whole lots than that. */
const LOT_NOISE = 1 / 1_048_576;

/** Amount of balance row `b` (-1: none yet) after `real` units more; a row is kept before its deposit or borrow index. */
function credited(store: Store, a: number, b: number, real: number, path: string): number {
  const { asset, balance } = store.columns;
  const index = (amount: number): number => (amount < 0 ? asset.borrowIndex[a] : asset.depositIndex[a]) ?? 1;
  const had = b < 0 ? 0 : (balance.amount[b] ?? 0);
  const now = had * index(had) + real;
  const kept = now / index(now) + 0;
  if (Math.abs(kept) > MAX_INPUT) throw tooLarge(path, 'balance', kept, MAX_INPUT);
  return kept;
}

const tooLarge = (path: string, what: string, got: number, most: number): MarginError =>
  new MarginError('range', {
    path,
    expected: `an update that leaves a ${what} of at most ${most}, not ${Math.abs(got)}`,
  });

/** Adds a signed amount (units of the asset) to a balance. */
export function deposit(store: Store, u: number, asset: number, amount: number, path: string): void {
  const b = findBalance(store, u, asset);
  const kept = credited(store, asset, b, amount, path);
  ensureRows(store, u, b < 0 ? 1 : 0, 0, 0);
  const row = balanceRow(store, u, asset);
  store.columns.balance.amount[row] = kept;
}

/** Moves an amount between the balances of two units: both are checked, and rows made room for, before either changes. */
export function transfer(store: Store, from: number, to: number, asset: number, amount: number, path: string): void {
  const rows = [
    [from, -amount],
    [to, amount],
  ] as const;
  const kept = rows.map(([u, x]) => credited(store, asset, findBalance(store, u, asset), x, path));
  ensureBalances(
    store,
    rows.map(([u]) => u).filter((u) => findBalance(store, u, asset) < 0),
  );
  rows.forEach(([u], i) => {
    const row = balanceRow(store, u, asset);
    store.columns.balance.amount[row] = kept[i] ?? 0;
  });
}

export interface Fill {
  market: number;
  side: number;
  /** Signed contracts, bought positive. */
  size: number;
  price: number;
  /** Settle units, paid positive. */
  fee: number;
}

function fillSpot(store: Store, u: number, fill: Fill, path: string): void {
  const { market } = store.columns;
  const base = market.base[fill.market] ?? NONE;
  const quote = market.quote[fill.market] ?? NONE;
  const units = fill.size * (market.multiplier[fill.market] ?? 1);
  const [b, q] = [findBalance(store, u, base), findBalance(store, u, quote)];
  const bought = credited(store, base, b, units, path);
  const paid = credited(store, quote, q, -(units * fill.price) - fill.fee, path);
  ensureRows(store, u, (b < 0 ? 1 : 0) + (q < 0 ? 1 : 0), 0, 0);
  for (const [asset, kept] of [
    [base, bought],
    [quote, paid],
  ] as const) {
    const row = balanceRow(store, u, asset);
    store.columns.balance.amount[row] = kept;
  }
}

/** Funding owed since the last settlement, realised PnL of what closes, and the new average entry of what is left. */
export function fill(store: Store, u: number, free: FreeOrders, f: Fill, path: string): void {
  const { market, position } = store.columns;
  if (market.kind[f.market] === KIND.spot) {
    fillSpot(store, u, f, path);
    return;
  }
  const asset = market.settle[f.market] ?? 0;
  const key = positionKey(f.market, f.side);
  const index = market.fundingIndex[f.market] ?? 0;
  const b0 = findBalance(store, u, asset);
  const p0 = b0 < 0 ? -1 : findPosition(store, u, b0, key);
  const had = p0 < 0 ? 0 : (position.size[p0] ?? 0);
  const cost = p0 < 0 ? 0 : (position.cost[p0] ?? 0);
  let paid = f.fee + (p0 < 0 ? 0 : index - (position.funding[p0] ?? 0)) * had;
  const sum = had + f.size;
  const closes = Math.sign(had) * Math.sign(f.size) < 0;
  // What rounding left: less than any size that a door takes, or behind a close less than there can be in lots (0.1 + 0.2 - 0.3).
  const rest = closes ? Math.max(MIN_INPUT, (market.lot[f.market] ?? 0) * LOT_NOISE) : MIN_INPUT;
  const now = Math.abs(sum) < rest ? 0 : sum;
  checkSide(f.side, now, `${path}.size`, f.size);
  let left: number;
  if (closes) {
    const flips = now === 0 || Math.abs(f.size) >= Math.abs(had);
    const closed = flips ? had : -f.size;
    const part = flips ? cost : cost * (closed / had);
    paid -= entryCost(store.columns, f.market, closed, f.price) - part;
    left = flips ? entryCost(store.columns, f.market, now, f.price) : cost - part;
  } else left = cost + entryCost(store.columns, f.market, f.size, f.price);
  if (Math.abs(now) > MAX_INPUT) throw tooLarge(path, 'size', now, MAX_INPUT);
  if (!entryFits(market, f.market, now, left)) throw tooLarge(path, 'cost', left, 2 * MAX_INPUT * Math.abs(now));
  const kept = credited(store, asset, b0, -paid, path);
  ensureRows(store, u, b0 < 0 ? 1 : 0, p0 < 0 ? 1 : 0, 0);
  const p = positionRow(store, u, asset, key, index);
  const { columns } = store;
  columns.position.size[p] = now + 0;
  columns.position.cost[p] = left + 0;
  columns.position.funding[p] = index;
  columns.balance.amount[findBalance(store, u, asset)] = kept;
  dropIfEmpty(store, u, asset, p, free);
}

/** Closes position row `p` at a price: its size by a fill, and what a row without size is still owed. Without orders it goes. */
export function close(
  store: Store,
  u: number,
  free: FreeOrders,
  at: Pick<Fill, 'market' | 'side' | 'price'>,
  asset: number,
  p: number,
  path: string,
): void {
  const { position } = store.columns;
  const size = position.size[p] ?? 0;
  if (size !== 0) {
    fill(store, u, free, { ...at, size: -size, fee: 0 }, path);
    return;
  }
  const owed = position.cost[p] ?? 0;
  position.cost[p] = 0;
  if (owed !== 0) deposit(store, u, asset, -owed, path);
  dropIfEmpty(store, u, asset, p, free);
}

/** A position row without size, cost and orders goes; an own rate alone keeps it. */
function dropIfEmpty(store: Store, u: number, asset: number, p: number, free: FreeOrders): void {
  const { position } = store.columns;
  const o = (position.order[p] ?? 0) - 1;
  if (o >= 0) {
    const { bidSize, bidNotional, askSize, askNotional, count } = orderRow(store, o);
    if (bidSize + bidNotional + askSize + askNotional + count === 0) {
      free.push(o);
      position.order[p] = 0;
    }
  }
  if (position.size[p] === 0 && position.cost[p] === 0 && position.order[p] === 0 && position.ownRate[p] === 0) {
    removePosition(store, u, asset, p);
  }
}

/** Adds to the order aggregate of a position key; a spot order also needs the balance of its quote asset. */
export function placeOrder(
  store: Store,
  u: number,
  free: FreeOrders,
  market: number,
  side: number,
  row: OrderRow,
  path: string,
): void {
  const { kind, quote, settle, fundingIndex } = store.columns.market;
  const asset = settle[market] ?? 0;
  const funding = fundingIndex[market] ?? 0;
  const other = kind[market] === KIND.spot ? (quote[market] ?? NONE) : NONE;
  const key = positionKey(market, side);
  const b0 = findBalance(store, u, asset);
  const p0 = b0 < 0 ? -1 : findPosition(store, u, b0, key);
  const o0 = p0 < 0 ? -1 : (store.columns.position.order[p0] ?? 0) - 1;
  const next = addOrder(o0 < 0 ? emptyOrder() : orderRow(store, o0), row, path);
  const quoteless = other !== NONE && findBalance(store, u, other) < 0;
  ensureRows(store, u, (b0 < 0 ? 1 : 0) + (quoteless ? 1 : 0), p0 < 0 ? 1 : 0, o0 < 0 && free.length === 0 ? 1 : 0);
  if (other !== NONE) balanceRow(store, u, other);
  const p = positionRow(store, u, asset, key, funding);
  const o = o0 < 0 ? (free.pop() ?? store.append('order')) : o0;
  store.columns.position.order[p] = writeOrder(store, o, next) + 1;
}

/**
 * What one side of an aggregate keeps when `gone` of `had` goes. Sums round: a deficit of a millionth of the order is
 * nothing, and so is such a rest if the count says that it was the last; other rests must be closer to count as nothing.
 */
function less(had: number, gone: number, last: boolean): number {
  const rest = had - gone;
  return Math.abs(rest) <= gone * (rest < 0 || last ? 1e-6 : 1e-12) ? 0 : rest;
}

/** Takes size and notional off an aggregate. Extremes stay (the safe side) until a side is empty, unless `worst` names the new one. */
export function cancelOrder(
  store: Store,
  u: number,
  free: FreeOrders,
  market: number,
  side: number,
  buy: boolean,
  row: OrderRow,
  worst: number | undefined,
  path: string,
): void {
  const asset = store.columns.market.settle[market] ?? 0;
  const b = findBalance(store, u, asset);
  const p = b < 0 ? -1 : findPosition(store, u, b, positionKey(market, side));
  const o = p < 0 ? -1 : (store.columns.position.order[p] ?? 0) - 1;
  if (o < 0) throw new MarginError('unknown-id', { path, expected: 'open orders in this market and side' });
  const had = orderRow(store, o);
  const open = buy ? had.bidSize : had.askSize;
  const gone = buy ? row.bidSize : row.askSize;
  const last = row.count === had.count;
  const size = less(open, gone, last);
  if (size < 0)
    throw new MarginError('range', { path: `${path}.size`, got: gone, expected: `at most ${open}, what is open` });
  if (row.count > had.count)
    throw new MarginError('range', {
      path: `${path}.count`,
      got: row.count,
      expected: `at most ${had.count}, the open orders`,
    });
  const value = buy ? had.bidNotional : had.askNotional;
  const paid = buy ? row.bidNotional : row.askNotional;
  const rest = less(value, paid, last);
  const [price, edge] = buy ? [row.bidWorst, had.bidWorst] : [row.askWorst, had.askWorst];
  if (price > 0 && edge > 0 && (buy ? price > edge : price < edge)) {
    throw new MarginError('range', {
      path: `${path}.price`,
      got: price,
      expected: buy ? `at most ${edge}, the highest open bid` : `at least ${edge}, the lowest open ask`,
    });
  }
  if (open === 0 && rest < 0)
    throw new MarginError('range', { path: `${path}.notional`, got: paid, expected: `at most ${value}, what is open` });
  // The last order of a side leaves nothing behind: rounding of the sums must not keep a ghost.
  const notional = open > 0 && size === 0 ? 0 : Math.max(0, rest);
  const extreme = size + notional === 0 ? 0 : (worst ?? (buy ? had.bidWorst : had.askWorst));
  const next: OrderRow = buy
    ? { ...had, bidSize: size, bidNotional: notional, bidWorst: extreme, count: had.count - row.count }
    : { ...had, askSize: size, askNotional: notional, askWorst: extreme, count: had.count - row.count };
  if (next.bidSize + next.bidNotional + next.askSize + next.askNotional === 0) next.count = 0;
  writeOrder(store, o, next);
  dropIfEmpty(store, u, asset, p, free);
}

/** Own initial rate of a position key, opened empty where there is none. */
export function setOwnRate(
  store: Store,
  u: number,
  free: FreeOrders,
  market: number,
  side: number,
  rate: number,
): void {
  const { settle, fundingIndex } = store.columns.market;
  const asset = settle[market] ?? 0;
  // Read before rows are made room for: growth detaches the views.
  const funding = fundingIndex[market] ?? 0;
  const key = positionKey(market, side);
  const b = findBalance(store, u, asset);
  ensureRows(store, u, b < 0 ? 1 : 0, b < 0 || findPosition(store, u, b, key) < 0 ? 1 : 0, 0);
  const p = positionRow(store, u, asset, key, funding);
  store.columns.position.ownRate[p] = rate;
  dropIfEmpty(store, u, asset, p, free);
}
