// The pre-trade check: what an order would do to an account, before it is sent. Tried on a copy of the margin unit, filled at
// its price or at the mark, whichever is worse, with its fee and the worst of all other open orders.
import type { BookBase } from './book/book.js';
import type { Decimal } from './book/types.js';
import { MarginError } from './errors.js';
import { KIND } from './layout.js';
import { checkBook } from './margin.js';
import { ANSWER, ROOT } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import { checkKeys, checkList, ensureTrial, sizeOf, TRADE_KEYS, type TradeInput, tradeTerms } from './trial.js';
import { accepts, type CheckRisk, judge, REASONS, type Reason, riskAt } from './verdict.js';

export interface OrderCheck extends TradeInput {
  /** Contracts, > 0. */
  size: Decimal;
  /** The order may only make the position smaller. */
  reduceOnly?: boolean;
}

const ORDER_KEYS = [...TRADE_KEYS, 'size', 'reduceOnly'];
/** What an order would do to a margin unit. */
export interface Verdict {
  /** Whether the order may be sent. */
  accept: boolean;
  /** Why it is accepted or refused. */
  reason: Reason;
  /** Risk as it is, with what is open. */
  before: CheckRisk;
  /** Once the order has filled; what it would have been where the order is refused. */
  after: CheckRisk;
  /** What the order takes of `available`; negative: it frees as much. */
  reservation: number;
  /** Of the order's market once it has filled; null where there is none in that direction. */
  liquidationPrice: { down: number | null; up: number | null };
}

/** Liquidation prices of a market on the copy that a trade was tried on. */
export function pricesAfter(book: BookBase, market: number): Verdict['liquidationPrice'] {
  const { store } = book;
  const { answer } = store.columns.house;
  if (store.columns.market.kind[market] === KIND.spot) return { down: null, up: null };
  const end = (upper: boolean): number | null => {
    store.engine.openRay(store, book.units, market, 1);
    return store.engine.solveRay(upper) & ROOT.none ? null : (answer[ANSWER.ill] ?? null);
  };
  return { down: end(false), up: end(true) };
}

/** Reads what an order says beside its trade. @throws MarginError type, unknown-key */
export function checkOrder(order: OrderCheck, path: string, keys: readonly string[] = ORDER_KEYS): void {
  checkKeys(order, path, keys);
  if (typeof (order.reduceOnly ?? false) !== 'boolean')
    throw new MarginError('type', { path: `${path}.reduceOnly`, got: order.reduceOnly, expected: 'true or false' });
}

export function verdictOf(book: BookBase, u: number, order: OrderCheck, path: string): Verdict & { terms: TradeTerms } {
  const t = tradeTerms(book, u, order, path);
  const size = sizeOf(order.size, `${path}.size`);
  // The mark, where no price is named, may lie between ticks.
  const price = order.price === undefined ? undefined : Number(order.price);
  const code = judge(book, u, t, price, size, order.reduceOnly === true);
  const { answer } = book.store.columns.house;
  const before = riskAt(answer, ANSWER.before);
  const after = riskAt(answer, ANSWER.after);
  return {
    accept: accepts(code),
    reason: REASONS[code] ?? 'insufficientMargin',
    before,
    after,
    reservation: before.available - after.available,
    liquidationPrice: { down: null, up: null },
    terms: t,
  };
}

/**
 * What an order would do: accept or refuse with a reason, risk before and after, what it reserves, the new liquidation prices.
 * Accounts below their initial margin may still send what leaves them less risky.
 * @param account - id or row
 * @throws MarginError unknown-id, unknown-key, type, range, too-many, conflict (an option that no model margins); nothing is
 * changed, neither by the check
 * @example
 * const verdict = check(book, 'a1', { market: 'BTC-PERP', side: 'buy', size: 2, price: 61_000 });
 * console.log(verdict.accept, verdict.reason); // false insufficientMargin
 */
export function check(book: BookBase, account: string | number, order: OrderCheck): Verdict {
  checkBook(book);
  checkOrder(order, 'order');
  const u = book.unit(account, order.bucket ?? 0);
  book.refresh();
  ensureTrial(book, u);
  const { terms: t, ...verdict } = verdictOf(book, u, order, 'order');
  return { ...verdict, liquidationPrice: pricesAfter(book, t.market) };
}

/**
 * Checks orders of any accounts, each for itself against the book as it stands.
 * @throws MarginError with the index of what is wrong; nothing is checked after it
 * @example
 * const verdicts = checkAll(book, [{ account: 'a1', market: 'BTC-PERP', side: 'buy', size: 1 }]);
 */
export function checkAll(
  book: BookBase,
  orders: readonly (OrderCheck & { account: string | number })[],
): Omit<Verdict, 'liquidationPrice'>[] {
  checkBook(book);
  checkList(orders, 'orders');
  book.refresh();
  return orders.map((order, i) => {
    const path = `orders[${i}]`;
    checkOrder(order, path, [...ORDER_KEYS, 'account']);
    const u = book.unit(book.account(order.account, `${path}.account`), order.bucket ?? 0);
    ensureTrial(book, u);
    const { terms: _, liquidationPrice: __, ...verdict } = verdictOf(book, u, order, path);
    return verdict;
  });
}
