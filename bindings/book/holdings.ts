// What one margin unit holds, read from JSON into rows in canonical order: balances by asset, each followed by the
// positions that settle in it by (market, side). The order is part of the result, since sums fold in it.
import { MarginError } from '../errors.js';
import { KIND, MAX_INPUT, NONE, SIDE } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { ANY, AT_LEAST_0, decimal, Fields, isObject, LEVERAGE, POSITIVE, SIZE } from './fields.js';
import type { HoldingsJSON, OrderJSON, PositionJSON } from './types.js';

export const HOLDINGS_KEYS = ['balances', 'reserved', 'positions', 'orders'] as const;
const POSITION_KEYS = ['market', 'side', 'size', 'entry', 'cost', 'fundingIndex', 'initialRate', 'leverage'] as const;
export const ORDER_KEYS = ['market', 'positionSide', 'side', 'size', 'price', 'notional', 'worst', 'count'] as const;
/** One order aggregate cannot count more. */
const MOST_ORDERS = 0xffffffff;
/** Entry values are products of three inputs, order notionals of two; with room for their rounding. */
export const MOST_COST = 2e81;
export const MOST_NOTIONAL = 2e60;

export interface OrderRow {
  bidSize: number;
  bidNotional: number;
  bidWorst: number;
  askSize: number;
  askNotional: number;
  askWorst: number;
  count: number;
}
export interface PositionRow {
  key: number;
  size: number;
  cost: number;
  funding: number;
  ownRate: number;
  order: OrderRow | undefined;
}
export interface BalanceRow {
  asset: number;
  amount: number;
  reserved: number;
  positions: PositionRow[];
}
export interface UnitRow {
  bucket: number;
  balances: BalanceRow[];
}

/** Finds rows by id; throws with the path where there is none. */
export interface Directory {
  asset(id: string, path: string): number;
  market(id: string, path: string): number;
  model(id: string, path: string): number;
  /** Refuses a market that the model (plus 1; 0: none) does not margin. */
  margined(market: number, model: number, path: string): void;
  /** Refuses a balance that hedges what the model does not name. */
  hedged(asset: number, model: number, path: string): void;
}

export const emptyOrder = (): OrderRow => ({
  bidSize: 0,
  bidNotional: 0,
  bidWorst: 0,
  askSize: 0,
  askNotional: 0,
  askWorst: 0,
  count: 0,
});

export const positionKey = (market: number, side: number): number => market * 4 + side;

/** Entry value of `size` contracts at `price`, so that PnL = size * unit value - cost (see reference/value.ts). */
export function entryCost(columns: Columns, market: number, size: number, price: number): number {
  const multiplier = columns.market.multiplier[market] ?? 1;
  return columns.market.kind[market] === KIND.inverse ? -(size * (multiplier / price)) : size * (multiplier * price);
}

/** Average entry price that `entryCost` came from; null where nothing is held. */
export function entryPrice(columns: Columns, market: number, size: number, cost: number): number | null {
  if (size === 0 || cost === 0) return null;
  const multiplier = columns.market.multiplier[market] ?? 1;
  const price = columns.market.kind[market] === KIND.inverse ? (-size * multiplier) / cost : cost / (size * multiplier);
  return Number.isFinite(price) ? price : null;
}

/** Whether an entry value is one that a permitted entry price could have given. */
export const entryFits = (markets: Columns['market'], market: number, size: number, cost: number): boolean =>
  size === 0 || Math.abs(cost) <= 2 * MAX_INPUT * Math.abs(size) * (markets.multiplier[market] ?? 1);

/** Whether the sign of a size fits its side; `filled` is the fill that would lead to it. */
export function checkSide(side: number, size: number, path: string, filled?: number): void {
  if ((side === SIDE.long && size < 0) || (side === SIDE.short && size > 0)) {
    throw new MarginError('conflict', {
      path,
      got: filled ?? size,
      expected: side === SIDE.long ? 'a size >= 0 on the long side' : 'a size <= 0 on the short side',
      ...(filled === undefined ? {} : { hint: `The fill would leave ${size}` }),
    });
  }
}

class Unit {
  readonly balances = new Map<number, BalanceRow>();
  readonly #positions = new Map<number, PositionRow>();
  readonly #store: Pick<Store, 'columns'>;
  readonly #directory: Directory;
  readonly #model: number;

  constructor(store: Pick<Store, 'columns'>, directory: Directory, model: number) {
    this.#store = store;
    this.#directory = directory;
    this.#model = model;
  }

  #market(f: Fields): number {
    const market = this.#directory.market(f.string('market'), f.at('market'));
    this.#directory.margined(market, this.#model, f.at('market'));
    return market;
  }

  balance(asset: number): BalanceRow {
    let row = this.balances.get(asset);
    if (!row) {
      row = { asset, amount: 0, reserved: 0, positions: [] };
      this.balances.set(asset, row);
    }
    return row;
  }

  row(market: number, side: number): PositionRow {
    const key = positionKey(market, side);
    let row = this.#positions.get(key);
    if (!row) {
      const c = this.#store.columns.market;
      row = { key, size: 0, cost: 0, funding: c.fundingIndex[market] ?? 0, ownRate: 0, order: undefined };
      this.#positions.set(key, row);
      this.balance(c.settle[market] ?? 0).positions.push(row);
      // Spot orders move both sides, so both must be there to be weighed.
      if (c.kind[market] === KIND.spot && c.quote[market] !== NONE) this.balance(c.quote[market] ?? 0);
    }
    return row;
  }

  position(json: unknown, path: string, seen: Set<number>): void {
    const f = new Fields(json, path, POSITION_KEYS);
    const market = this.#market(f);
    const c = this.#store.columns.market;
    if (c.kind[market] === KIND.spot) {
      throw new MarginError('conflict', {
        path: f.at('market'),
        got: f.string('market'),
        expected: 'a derivative: spot holdings are balances',
      });
    }
    const side = f.word('side', SIDE, 'net');
    const key = positionKey(market, side);
    if (seen.has(key)) {
      throw new MarginError('duplicate', {
        path,
        got: f.string('market'),
        expected: 'one row for each market and side',
      });
    }
    seen.add(key);
    const size = f.number('size', SIZE);
    checkSide(side, size, f.at('size'));
    if (f.has('entry') && f.has('cost')) throw new MarginError('conflict', { path, expected: 'either entry or cost' });
    // The premium of an option has left the balance, so what it is worth is profit.
    const free = (c.kind[market] ?? 0) >= KIND.call;
    if (!f.has('entry') && !f.has('cost') && size !== 0 && !free) {
      throw new MarginError('missing-key', { path: f.at('entry'), expected: 'the average entry price, or cost' });
    }
    if (f.has('leverage') && f.has('initialRate')) {
      throw new MarginError('conflict', { path, expected: 'either initialRate or leverage' });
    }
    const row = this.row(market, side);
    row.size = size;
    if (f.has('cost'))
      row.cost = f.number('cost', { most: MOST_COST }) * (c.kind[market] === KIND.inverse ? -1 : 1) + 0;
    else row.cost = f.has('entry') ? entryCost(this.#store.columns, market, size, f.number('entry', POSITIVE)) + 0 : 0;
    if (!entryFits(c, market, size, row.cost)) {
      throw new MarginError('range', {
        path: f.at('cost'),
        got: f.raw('cost'),
        expected: `the cost of an entry price of at most ${MAX_INPUT}`,
      });
    }
    row.funding = f.number('fundingIndex', ANY, c.fundingIndex[market] ?? 0);
    row.ownRate = f.has('leverage')
      ? 1 / f.number('leverage', LEVERAGE)
      : f.number('initialRate', { min: 0, max: 1000 }, 0);
  }

  order(json: unknown, path: string): void {
    const f = new Fields(json, path, ORDER_KEYS);
    const market = this.#market(f);
    const row = this.row(market, f.word('positionSide', SIDE, 'net'));
    row.order = addOrder(row.order ?? emptyOrder(), readOrder(f), path);
  }

  rows(bucket: number): UnitRow {
    const balances = [...this.balances.values()].sort((a, b) => a.asset - b.asset);
    for (const b of balances) b.positions.sort((x, y) => x.key - y.key);
    return { bucket, balances };
  }
}

/** One order or one side's aggregate, checked. */
export function readOrder(f: Fields): OrderRow {
  const buy = f.word('side', { buy: 1, sell: 0 }) === 1;
  if (f.has('price') && (f.has('notional') || f.has('worst'))) {
    throw new MarginError('conflict', {
      path: f.path,
      expected: 'price for one order, or notional, worst and count for several',
    });
  }
  const one = f.has('price');
  if (!one && !['notional', 'worst', 'count'].some((key) => f.has(key))) {
    throw new MarginError('missing-key', {
      path: f.at('price'),
      expected: 'the price of one order, or notional, worst and count of several',
    });
  }
  const size = f.number('size', one ? POSITIVE : AT_LEAST_0, f.has('notional') ? 0 : undefined);
  const price = one ? f.number('price', POSITIVE) : 0;
  const notional = one ? size * price : f.number('notional', { min: 0, most: MOST_NOTIONAL }, 0);
  const worst = one ? price : f.number('worst', AT_LEAST_0, 0);
  const count = f.integer('count', 0, MOST_ORDERS, 1);
  return buy
    ? { ...emptyOrder(), bidSize: size, bidNotional: notional, bidWorst: worst, count }
    : { ...emptyOrder(), askSize: size, askNotional: notional, askWorst: worst, count };
}

/** Worst of two extreme prices; an unknown one (0) of a side that holds orders stays unknown. */
const extreme = (had: number, a: number, b: number, pick: (x: number, y: number) => number): number =>
  had === 0 ? b : a === 0 || b === 0 ? 0 : pick(a, b);

/** Two aggregates as one. @throws MarginError range, where the sums leave what an aggregate can hold */
export function addOrder(a: OrderRow, b: OrderRow, path: string): OrderRow {
  const bids = a.bidSize + a.bidNotional;
  const asks = a.askSize + a.askNotional;
  const sum = {
    bidSize: a.bidSize + b.bidSize,
    bidNotional: a.bidNotional + b.bidNotional,
    bidWorst: b.bidSize + b.bidNotional === 0 ? a.bidWorst : extreme(bids, a.bidWorst, b.bidWorst, Math.max),
    askSize: a.askSize + b.askSize,
    askNotional: a.askNotional + b.askNotional,
    askWorst: b.askSize + b.askNotional === 0 ? a.askWorst : extreme(asks, a.askWorst, b.askWorst, Math.min),
    count: a.count + b.count,
  };
  const tooMuch = (key: string, got: number, most: number): MarginError =>
    new MarginError('range', {
      path: `${path}.${key}`,
      got,
      expected: `at most ${most} in all open orders of a market and side`,
    });
  const size = Math.max(sum.bidSize, sum.askSize);
  if (size > MAX_INPUT) throw tooMuch('size', size, MAX_INPUT);
  const notional = Math.max(sum.bidNotional, sum.askNotional);
  if (notional > MOST_NOTIONAL) throw tooMuch('notional', notional, MOST_NOTIONAL);
  if (sum.count > MOST_ORDERS) throw tooMuch('count', sum.count, MOST_ORDERS);
  return sum;
}

function amounts(value: unknown, path: string, visit: (id: string, amount: unknown, path: string) => void): void {
  if (value === undefined || value === null) return;
  if (!isObject(value))
    throw new MarginError('type', { path, got: value, expected: 'an object of amounts by asset id' });
  for (const [id, amount] of Object.entries(value)) visit(id, amount, `${path}.${id}`);
}

/** Reads the holdings of one bucket. @throws MarginError; nothing is written */
export function readHoldings(
  json: HoldingsJSON,
  path: string,
  bucket: number,
  store: Pick<Store, 'columns'>,
  directory: Directory,
  model: number,
): UnitRow {
  const unit = new Unit(store, directory, model);
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const list = (key: 'positions' | 'orders'): (PositionJSON | OrderJSON)[] => {
    const value = json[key] ?? [];
    if (!Array.isArray(value)) throw new MarginError('type', { path: at(key), got: value, expected: 'a list' });
    return value;
  };
  amounts(json.balances, at('balances'), (id, amount, p) => {
    const asset = directory.asset(id, p);
    directory.hedged(asset, model, p);
    unit.balance(asset).amount = decimal(amount, p);
  });
  amounts(json.reserved, at('reserved'), (id, amount, p) => {
    unit.balance(directory.asset(id, p)).reserved = decimal(amount, p, AT_LEAST_0);
  });
  const seen = new Set<number>();
  list('positions').forEach((position, i) => {
    unit.position(position, `${at('positions')}[${i}]`, seen);
  });
  list('orders').forEach((order, i) => {
    unit.order(order, `${at('orders')}[${i}]`);
  });
  return unit.rows(bucket);
}
