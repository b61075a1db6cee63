// The pre-trade check: what an order would do to an account, before it is sent. Tried on a copy of the margin unit, filled at
// its price or at the mark, whichever is worse, with its fee and the worst of all other open orders.
import type { BookBase } from './book/book.js';
import { isMultiple } from './book/steps.js';
import type { Decimal } from './book/types.js';
import { MarginError } from './errors.js';
import { KIND, MAX_INPUT, MIN_INPUT, NO_LIMIT } from './layout.js';
import { checkBook, compareRisk } from './margin.js';
import { ANSWER, RISK, ROOT } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import {
  checkKeys,
  checkList,
  contractValue,
  countedPrice,
  ensureTrial,
  type OrderSide,
  sizeOf,
  TRADE_KEYS,
  type TradeInput,
  tradeTerms,
} from './trial.js';

/**
 * Why an order is taken or not; the index is the code of `checkInto`. The first two accept: there is enough initial margin, or
 * the account has too little of it but the order leaves it less risky.
 */
export const REASONS = [
  'enoughMargin',
  'lessRisk',
  'insufficientMargin',
  'moreRisk',
  'offTick',
  'offLot',
  'belowMinNotional',
  'aboveMaxSize',
  'notReducing',
  'wrongSide',
] as const;
export type Reason = (typeof REASONS)[number];

export interface OrderCheck extends TradeInput {
  /** Contracts, > 0. */
  size: Decimal;
  /** The order may only make the position smaller. */
  reduceOnly?: boolean;
}

const ORDER_KEYS = [...TRADE_KEYS, 'size', 'reduceOnly'];

/** Risk of a margin unit, numeraire. */
export interface CheckRisk {
  equity: number;
  collateral: number;
  initialCollateral: number;
  initialMargin: number;
  maintenanceMargin: number;
  notional: number;
  /** Initial collateral less initial margin. */
  available: number;
}

export interface Verdict {
  accept: boolean;
  reason: Reason;
  before: CheckRisk;
  /** Once the order has filled; what it would have been where the order is refused. */
  after: CheckRisk;
  /** What the order takes of `available`; negative: it frees as much. */
  reservation: number;
  /** Of the order's market once it has filled; null where there is none in that direction. */
  liquidationPrice: { down: number | null; up: number | null };
}

/** Entries that `checkInto` writes. */
export const CHECK_WIDTH = 12;
/** Rounding of sizes and notionals, as a share of them: 0.1 and 0.2 may reach a limit of 0.3. */
const CLOSE = 1e-12;

/** Code of what the market itself has against an order; -1: nothing. @param price - that was named, if one was */
function against(
  book: BookBase,
  terms: TradeTerms,
  price: number | undefined,
  size: number,
  held: number,
  reduces: boolean,
): number {
  const c = book.store.columns.market;
  const m = terms.market;
  const way = terms.buys ? size : -size;
  const after = held + way;
  if (price !== undefined && !isMultiple(c.tick[m] ?? 0, price)) return 4;
  const opens = held * way >= 0 || size > Math.abs(held);
  // A whole position may always be closed: a rest below the least order, and one that is no multiple of the lot.
  if (!isMultiple(c.lot[m] ?? 0, size) && (opens || after !== 0)) return 5;
  const value = size * contractValue(book, m, price ?? terms.price);
  if (opens && value < (c.minNotional[m] ?? 0) * (1 - CLOSE)) return 6;
  const most = (c.maxSize[m] ?? NO_LIMIT) + CLOSE * (Math.abs(held) + size);
  if (Math.abs(after) > most && Math.abs(after) > Math.abs(held)) return 7;
  if (reduces && opens) return 8;
  if ((terms.side === 1 && after < 0) || (terms.side === 2 && after > 0)) return 9;
  return -1;
}

/** Initial collateral less initial margin, before or after. */
const availableOf = (answer: Float64Array, when: number): number =>
  (answer[when + RISK.initialCollateral] ?? 0) - (answer[when + RISK.initialMargin] ?? 0);

/** Used again by every call. */
const [was, would] = [
  { collateral: 0, maintenanceMargin: 0 },
  { collateral: 0, maintenanceMargin: 0 },
];

/**
 * Riskier than before (dYdX, Paradex): a requirement grows, or the ratio of collateral to maintenance margin falls. Where no
 * collateral is left a ratio says nothing, and health must not fall.
 */
function riskier(answer: Float64Array): boolean {
  if ((answer[ANSWER.after + RISK.initialMargin] ?? 0) > (answer[ANSWER.before + RISK.initialMargin] ?? 0)) return true;
  was.collateral = answer[ANSWER.before + RISK.collateral] ?? 0;
  was.maintenanceMargin = answer[ANSWER.before + RISK.maintenanceMargin] ?? 0;
  would.collateral = answer[ANSWER.after + RISK.collateral] ?? 0;
  would.maintenanceMargin = answer[ANSWER.after + RISK.maintenanceMargin] ?? 0;
  if (would.maintenanceMargin > was.maintenanceMargin) return true;
  if (was.collateral > 0) return compareRisk(would, was) > 0;
  return would.collateral - would.maintenanceMargin < was.collateral - was.maintenanceMargin;
}

/** Code of what margin says, from the risks in house.answer. */
function byMargin(answer: Float64Array): number {
  if (availableOf(answer, ANSWER.after) >= 0) return 0;
  if (availableOf(answer, ANSWER.before) >= 0) return 2;
  return riskier(answer) ? 3 : 1;
}

function judge(
  book: BookBase,
  u: number,
  terms: TradeTerms,
  price: number | undefined,
  size: number,
  reduces: boolean,
): number {
  const { store } = book;
  const held = store.engine.tryTrade(store, u, terms, size);
  const code = against(book, terms, price, size, held, reduces);
  return code >= 0 ? code : byMargin(store.columns.house.answer);
}

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
 * @throws MarginError range, type, too-many; nothing is written then
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

function riskAt(answer: Float64Array, when: number): CheckRisk {
  const at = (slot: number): number => answer[when + slot] ?? 0;
  return {
    equity: at(RISK.equity),
    collateral: at(RISK.collateral),
    initialCollateral: at(RISK.initialCollateral),
    initialMargin: at(RISK.initialMargin),
    maintenanceMargin: at(RISK.maintenanceMargin),
    notional: at(RISK.notional),
    available: availableOf(answer, when),
  };
}

/** Liquidation prices of a market on the copy that a trade was tried on. */
function pricesAfter(book: BookBase, market: number): Verdict['liquidationPrice'] {
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
function checkOrder(order: OrderCheck, path: string, keys: readonly string[] = ORDER_KEYS): void {
  checkKeys(order, path, keys);
  if (typeof (order.reduceOnly ?? false) !== 'boolean')
    throw new MarginError('type', { path: `${path}.reduceOnly`, got: order.reduceOnly, expected: 'true or false' });
}

function verdictOf(book: BookBase, u: number, order: OrderCheck, path: string): Verdict & { terms: TradeTerms } {
  const t = tradeTerms(book, order, path);
  const size = sizeOf(order.size, `${path}.size`);
  // The mark, where no price is named, may lie between ticks.
  const price = order.price === undefined ? undefined : Number(order.price);
  const code = judge(book, u, t, price, size, order.reduceOnly === true);
  const { answer } = book.store.columns.house;
  const before = riskAt(answer, ANSWER.before);
  const after = riskAt(answer, ANSWER.after);
  return {
    accept: code <= 1,
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
 * @throws MarginError unknown-id, unknown-key, type, range, too-many; nothing is changed, neither by the check
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

export interface BasketVerdict extends Omit<Verdict, 'liquidationPrice'> {
  /** What each leg would be, tried on what the legs before it leave. */
  legs: Omit<Verdict, 'liquidationPrice'>[];
  /** Of the legs' markets once all have filled. */
  liquidationPrices: Record<string, Verdict['liquidationPrice']>;
}

/**
 * Checks several legs as one order: all or none. Only what is left at the end needs margin; the market's own rules (tick, lot,
 * largest size ...) hold for each leg.
 * @throws MarginError as check; range without legs, conflict where a leg names another bucket
 * @example
 * const spread = checkBasket(book, 'a1', [
 *   { market: 'BTC-PERP', side: 'buy', size: 1 },
 *   { market: 'BTC-FUT', side: 'sell', size: 1 },
 * ]);
 */
export function checkBasket(
  book: BookBase,
  account: string | number,
  legs: readonly OrderCheck[],
  options: { bucket?: number } = {},
): BasketVerdict {
  checkBook(book);
  checkList(legs, 'legs');
  checkKeys(options, 'options', ['bucket']);
  legs.forEach((leg, i) => {
    checkOrder(leg, `legs[${i}]`);
    if ((leg.bucket ?? options.bucket ?? 0) !== (options.bucket ?? 0))
      throw new MarginError('conflict', {
        path: `legs[${i}].bucket`,
        got: leg.bucket,
        expected: `bucket ${options.bucket ?? 0} of the options: a basket is of one margin unit`,
      });
  });
  if (legs.length === 0) throw new MarginError('range', { path: 'legs', got: 0, expected: 'at least one leg' });
  const first = book.unit(account, options.bucket ?? 0);
  book.refresh();
  ensureTrial(book, first, legs.length);
  const verdicts = legs.map((leg, i) => verdictOf(book, i === 0 ? first : book.units, leg, `legs[${i}]`));
  const last = verdicts[verdicts.length - 1] as Verdict & { terms: TradeTerms };
  const { answer } = book.store.columns.house;
  const before = (verdicts[0] as Verdict).before;
  // The whole basket against the account as it is.
  [before.equity, before.initialCollateral, before.initialMargin, before.collateral, before.maintenanceMargin].forEach(
    (x, i) => {
      answer[ANSWER.before + i] = x;
    },
  );
  const refused = verdicts.find(({ reason }) => REASONS.indexOf(reason) > 3);
  const reason = refused?.reason ?? REASONS[byMargin(answer)] ?? 'insufficientMargin';
  const accept = REASONS.indexOf(reason) <= 1;
  const prices = verdicts.map(({ terms: t }) => [book.marketId(t.market), pricesAfter(book, t.market)] as const);
  return {
    accept,
    reason,
    before,
    after: last.after,
    reservation: before.available - last.after.available,
    legs: verdicts.map(({ terms: _, liquidationPrice: __, ...verdict }) => verdict),
    liquidationPrices: Object.fromEntries(prices),
  };
}
