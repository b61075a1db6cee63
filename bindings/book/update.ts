// Live updates of a margin unit, in place: deposits, fills, order changes. Each checks everything and makes room first,
// so a refused update leaves the book as it was.
import { MarginError } from '../errors.js';
import { KIND, NONE } from '../layout.js';
import type { Store } from '../memory.js';
import { addOrder, checkSide, entryCost, type OrderRow, positionKey } from './holdings.js';
import { balanceRow, ensureRows, findBalance, findPosition, orderRow, positionRow, removePosition, writeOrder } from './rows.js';

/** Freed order rows, used again before new ones. */
export type FreeOrders = number[];

/** Adds a real amount to a balance row that is kept before its deposit or borrow index. */
function credit(store: Store, b: number, real: number): void {
  const { asset, balance } = store.columns;
  const a = balance.asset[b] ?? 0;
  const index = (amount: number): number => (amount < 0 ? asset.borrowIndex[a] : asset.depositIndex[a]) ?? 1;
  const had = balance.amount[b] ?? 0;
  const now = had * index(had) + real;
  balance.amount[b] = now / index(now) + 0;
}

/** Adds a signed amount (units of the asset) to a balance. */
export function deposit(store: Store, u: number, asset: number, amount: number): void {
  ensureRows(store, u, 1, 0, 0);
  credit(store, balanceRow(store, u, asset), amount);
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

function fillSpot(store: Store, u: number, fill: Fill): void {
  const { market } = store.columns;
  const quote = market.quote[fill.market] ?? NONE;
  const units = fill.size * (market.multiplier[fill.market] ?? 1);
  ensureRows(store, u, 2, 0, 0);
  credit(store, balanceRow(store, u, market.base[fill.market] ?? 0), units);
  credit(store, balanceRow(store, u, quote), -(units * fill.price) - fill.fee);
}

/** Funding owed since the last settlement, realised PnL of what closes, and the new average entry of what is left. */
export function fill(store: Store, u: number, free: FreeOrders, f: Fill, path: string): void {
  const { market } = store.columns;
  if (market.kind[f.market] === KIND.spot) {
    fillSpot(store, u, f);
    return;
  }
  const asset = market.settle[f.market] ?? 0;
  const key = positionKey(f.market, f.side);
  const b0 = findBalance(store, u, asset);
  const p0 = b0 < 0 ? -1 : findPosition(store, u, b0, key);
  const had = p0 < 0 ? 0 : (store.columns.position.size[p0] ?? 0);
  checkSide(f.side, had + f.size, path);
  ensureRows(store, u, 1, 1, 0);
  const p = positionRow(store, u, asset, key, market.fundingIndex[f.market] ?? 0);
  const { position } = store.columns;
  const cost = position.cost[p] ?? 0;
  const index = store.columns.market.fundingIndex[f.market] ?? 0;
  let paid = f.fee + (index - (position.funding[p] ?? 0)) * had;
  const closes = Math.sign(had) * Math.sign(f.size) < 0;
  const now = had + f.size;
  if (!closes) position.cost[p] = cost + entryCost(store.columns, f.market, f.size, f.price);
  else {
    const flips = Math.abs(f.size) >= Math.abs(had);
    const closed = flips ? had : -f.size;
    const part = flips ? cost : cost * (closed / had);
    paid -= entryCost(store.columns, f.market, closed, f.price) - part;
    position.cost[p] = flips ? entryCost(store.columns, f.market, now, f.price) + 0 : cost - part;
  }
  position.size[p] = now + 0;
  position.funding[p] = index;
  credit(store, findBalance(store, u, asset), -paid);
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
export function placeOrder(store: Store, u: number, free: FreeOrders, market: number, side: number, row: OrderRow): void {
  const { kind, quote, settle, fundingIndex } = store.columns.market;
  const asset = settle[market] ?? 0;
  const spot = kind[market] === KIND.spot;
  const funding = fundingIndex[market] ?? 0;
  const other = quote[market] ?? NONE;
  ensureRows(store, u, 2, 1, 1);
  if (spot && other !== NONE) balanceRow(store, u, other);
  const p = positionRow(store, u, asset, positionKey(market, side), funding);
  const o = (store.columns.position.order[p] ?? 0) - 1;
  if (o >= 0) writeOrder(store, o, addOrder(orderRow(store, o), row));
  else store.columns.position.order[p] = writeOrder(store, free.pop() ?? store.append('order'), row) + 1;
}

/** Takes size and notional off an aggregate. Extremes stay (the safe side) until a side is empty, unless `worst` names the new one. */
export function cancelOrder(
  store: Store,
  u: number,
  free: FreeOrders,
  market: number,
  side: number,
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
  const buy = row.bidSize + row.bidNotional > 0;
  const size = buy ? had.bidSize - row.bidSize : had.askSize - row.askSize;
  if (size < 0 || row.count > had.count) {
    throw new MarginError('range', {
      path: `${path}.size`,
      got: buy ? row.bidSize : row.askSize,
      expected: `at most ${buy ? had.bidSize : had.askSize}, what is open (${had.count} orders)`,
    });
  }
  const next: OrderRow = { ...had, count: had.count - row.count };
  // The last order of a side leaves nothing behind: rounding of the sums must not keep a ghost.
  if (buy) {
    next.bidSize = size;
    next.bidNotional = size === 0 ? 0 : Math.max(0, had.bidNotional - row.bidNotional);
    next.bidWorst = size === 0 ? 0 : (worst ?? had.bidWorst);
  } else {
    next.askSize = size;
    next.askNotional = size === 0 ? 0 : Math.max(0, had.askNotional - row.askNotional);
    next.askWorst = size === 0 ? 0 : (worst ?? had.askWorst);
  }
  writeOrder(store, o, next);
  dropIfEmpty(store, u, asset, p, free);
}

/** Own initial rate of a position key, opened empty where there is none. */
export function setOwnRate(store: Store, u: number, free: FreeOrders, market: number, side: number, rate: number): void {
  const { settle, fundingIndex } = store.columns.market;
  const asset = settle[market] ?? 0;
  ensureRows(store, u, 1, 1, 0);
  const p = positionRow(store, u, asset, positionKey(market, side), fundingIndex[market] ?? 0);
  store.columns.position.ownRate[p] = rate;
  dropIfEmpty(store, u, asset, p, free);
}

