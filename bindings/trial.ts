// What is tried on a copy of a margin unit: how an order is read, what a trade costs, and room for the copy.
import type { BookBase } from './book/book.js';
import { decimal, isObject, knownKeys, LEVERAGE, POSITIVE } from './book/fields.js';
import type { Decimal } from './book/types.js';
import { MarginError } from './errors.js';
import { KIND, NO_LIMIT } from './layout.js';
import type { Store } from './memory.js';
import type { TradeTerms } from './reference/liquidation/trade.js';

/** Which way an order trades. */
export type OrderSide = 'buy' | 'sell';

/** Where a trade goes and at what price. */
export interface TradeInput {
  /** Id or row. */
  market: string | number;
  /** Which way it trades. */
  side: OrderSide;
  /**
   * Quote; default the mark. A price that is better than the mark counts as the mark: what has not filled yet is no profit.
   */
  price?: Decimal;
  /** Rate on the traded value; default the market's taker fee. */
  fee?: Decimal;
  /** Side of a hedged account's position that it changes; default net. */
  positionSide?: 'net' | 'long' | 'short';
  /** Margin unit of the account; default 0, cross. */
  bucket?: number;
}

const SIDES = { net: 0, long: 1, short: 2 } as const;
/** What a trade may say. */
export const TRADE_KEYS = ['market', 'side', 'price', 'fee', 'positionSide', 'bucket'] as const;

/** Refuses what is no object, and a key that nothing would read. @throws MarginError type, unknown-key */
export function checkKeys(value: unknown, path: string, keys: readonly string[]): void {
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: 'an object' });
  knownKeys(value, path, keys);
}

/** @throws MarginError type */
export function checkList(value: unknown, path: string): void {
  if (!Array.isArray(value)) throw new MarginError('type', { path, got: value, expected: 'a list' });
}

/** Rows of a ray at most: balances and what they hedge, of each position its market and assets, pegs of models. */
export const rayRows = (store: Store, balances: number, positions: number): number =>
  2 * balances + 4 * positions + store.count('node');

/** Makes room for a copy of unit `u` and for `legs` trades on it. @throws MarginError memory */
export function ensureTrial(book: BookBase, u: number, legs = 1): void {
  const { store } = book;
  const { balanceCount, positionCount } = store.columns.unit;
  const balances = (balanceCount[u] ?? 0) + 2 * legs;
  const positions = (positionCount[u] ?? 0) + legs;
  if (store.count('scratch') < balances) store.setCount('scratch', balances);
  store.ensureBehind('unit', 1);
  store.ensureBehind('balance', balances);
  store.ensureBehind('position', positions);
  const most = rayRows(store, balances, positions);
  if (store.room('ray') < most) store.ensure('ray', most);
}

/** Price that a trade counts at: its own or the mark, whichever is worse. */
export const countedPrice = (buys: boolean, price: number, mark: number): number =>
  buys ? Math.max(price, mark) : Math.min(price, mark);

/** Reads a trade of unit `u`. @throws MarginError unknown-id, type, range, conflict */
export function tradeTerms(book: BookBase, u: number, input: TradeInput, path: string): TradeTerms {
  const market = book.market(input.market, `${path}.market`);
  book.margined(market, book.store.columns.unit.model[u] ?? 0, `${path}.market`);
  const c = book.store.columns.market;
  if (input.side !== 'buy' && input.side !== 'sell')
    throw new MarginError('type', { path: `${path}.side`, got: input.side, expected: 'buy or sell' });
  const positionSide = input.positionSide ?? 'net';
  if (!Object.hasOwn(SIDES, positionSide))
    throw new MarginError('type', { path: `${path}.positionSide`, got: positionSide, expected: 'net, long or short' });
  const buys = input.side === 'buy';
  const mark = c.mark[market] ?? 0;
  const price = input.price === undefined ? mark : decimal(input.price, `${path}.price`, POSITIVE);
  if (c.kind[market] === KIND.prediction && price >= 1)
    throw new MarginError('range', {
      path: `${path}.price`,
      got: input.price,
      expected: 'a price below 1: a prediction',
    });
  const fee =
    input.fee === undefined ? (c.takerFee[market] ?? 0) : decimal(input.fee, `${path}.fee`, { min: -1, max: 1 });
  return { market, side: SIDES[positionSide], buys, price: countedPrice(buys, price, mark), fee };
}

/** Reads what a leverage or a size must be. */
export const sizeOf = (size: Decimal, path: string): number => decimal(size, path, POSITIVE);
export const leverageOf = (leverage: Decimal, path: string): number => decimal(leverage, path, LEVERAGE);

/** Contracts by which a trade may still grow the position: up to the market's largest. */
export function roomFor(book: BookBase, terms: TradeTerms, held: number): number {
  // The long side cannot go short, nor the other way round.
  if (terms.side === (terms.buys ? 2 : 1)) return Math.abs(held);
  const most = book.store.columns.market.maxSize[terms.market] ?? NO_LIMIT;
  return most >= NO_LIMIT ? NO_LIMIT : Math.max(0, most - (terms.buys ? held : -held));
}

/** Quote value of a contract at a price; that of an option which pays coin is in coin. */
export function contractValue(book: BookBase, market: number, price: number): number {
  const { market: c, asset } = book.store.columns;
  const coin = (c.kind[market] ?? 0) >= KIND.call && c.settle[market] === c.base[market];
  const quote = coin ? price * (asset.price[c.base[market] ?? 0] ?? 1) : price;
  return (c.multiplier[market] ?? 1) * (c.kind[market] === KIND.inverse ? 1 : quote);
}
