// The pre-trade check for an engine's inner loop: rows instead of ids, numbers in a column of the caller's, nothing allocated.
import type { BookBase } from './book/book.js';
import { MarginError } from './errors.js';
import { KIND, MAX_INPUT, MIN_INPUT } from './layout.js';
import { checkBook } from './margin.js';
import { ANSWER } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import { countedPrice, ensureTrial, type OrderSide } from './trial.js';
import { judge } from './verdict.js';

/** Entries that `checkInto` writes. */
export const CHECK_WIDTH = 12;

/** A number that a product may be made of. */
const fits = (x: number, most: number): boolean => typeof x === 'number' && x >= MIN_INPUT && x < most;

/**
 * The check for an engine's inner loop: rows instead of ids, the net side, the market's taker fee; allocates nothing.
 * @param unit - margin unit: `book.unit(account)`
 * @param market - row: `book.market(id)`
 * @param size - contracts, > 0
 * @param price - quote
 * @param out - at least CHECK_WIDTH entries: equity, initial collateral, initial margin, collateral, maintenance margin and
 * notional before the order, then after it; numeraire
 * @returns code, an index of REASONS; 0 and 1 accept
 * @throws MarginError range, type, conflict, too-many; nothing is written then
 * @example
 * const out = new Float64Array(CHECK_WIDTH);
 * const code = checkInto(book, book.unit('a1'), book.market('BTC-PERP'), 'buy', 2, 61_000, out);
 */
export function checkInto(
  book: BookBase,
  unit: number,
  market: number,
  side: OrderSide,
  size: number,
  price: number,
  out: Float64Array,
): number {
  checkBook(book);
  const { store } = book;
  if (!(unit >= 0 && unit < book.units && Number.isInteger(unit))) throw outside('unit', unit, book.units);
  if (!(market >= 0 && market < book.markets && Number.isInteger(market)))
    throw outside('market', market, book.markets);
  book.margined(market, store.columns.unit.model[unit] ?? 0, 'market');
  if (side !== 'buy' && side !== 'sell')
    throw new MarginError('type', { path: 'side', got: side, expected: 'buy or sell' });
  if (!fits(size, MAX_INPUT)) throw unfit('size', size, MAX_INPUT);
  const most = store.columns.market.kind[market] === KIND.prediction ? 1 : MAX_INPUT;
  if (!fits(price, most)) throw unfit('price', price, most);
  if (!(out instanceof Float64Array)) throw new MarginError('type', { path: 'out', expected: 'a Float64Array' });
  if (out.length < CHECK_WIDTH)
    throw new MarginError('range', { path: 'out', got: out.length, expected: `at least ${CHECK_WIDTH} entries` });
  book.refresh();
  ensureTrial(book, unit);
  terms.market = market;
  terms.buys = side === 'buy';
  terms.price = countedPrice(terms.buys, price, store.columns.market.mark[market] ?? 0);
  terms.fee = store.columns.market.takerFee[market] ?? 0;
  const code = judge(book, unit, terms, price, size, false);
  const { answer } = store.columns.house;
  for (let i = 0; i < CHECK_WIDTH; i++) out[i] = answer[ANSWER.before + i] ?? 0;
  return code;
}

/** The trade of `checkInto`, used again by every call. */
const terms: TradeTerms = { market: 0, side: 0, buys: true, price: 0, fee: 0 };

const outside = (path: string, got: number, rows: number): MarginError =>
  new MarginError('range', { path, got, expected: rows > 0 ? `a row in use, 0 to ${rows - 1}` : 'a row in use' });

const unfit = (path: string, got: unknown, most: number): MarginError =>
  new MarginError('range', { path, got, expected: `a number from ${MIN_INPUT} to less than ${most}` });
