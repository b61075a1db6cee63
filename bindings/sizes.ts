// Sizes on the solver of rays: the largest order and the largest withdrawal.
// Everything is tried on a copy of the margin unit with the fold of margin() itself; the book stays as it is.
import type { BookBase } from './book/book.js';
import { roundTo, steps } from './book/steps.js';
import { levelOf, type RayLevel } from './certificate.js';
import { KIND, LEVEL, MAX_INPUT, MIN_INPUT } from './layout.js';
import { checkBook } from './margin.js';
import { ANSWER, RISK, ROOT, SHAPE } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import { checkKeys, contractValue, ensureTrial, roomFor, TRADE_KEYS, type TradeInput, tradeTerms } from './trial.js';
import { accepts, byMargin } from './verdict.js';

/** Of a size that was asked for. */
export interface Size {
  /** Contracts, or units of the asset; a multiple of the market's lot, or what closes the position. 0: nothing. */
  size: number;
  /** What keeps it from being larger. */
  bound: 'margin' | 'maxSize' | 'balance' | 'none';
  /** Health at the level that counted (collateral less requirement, numeraire) once it is done. */
  health: number;
}

export interface OrderSize extends Size {
  /** Quote. */
  notional: number;
  /** Quote: the price at which it is counted, the worse of its own and the mark. */
  price: number;
  /** Notional of the unit over its equity once the order has filled; null where no equity is left. */
  leverage: number | null;
}

/** Notional, numeraire: more than that is no bound. */
const LARGEST = 1e24;
/** Rounding of sizes, as a share of them. */
const CLOSE = 1e-12;
/** Of a position without a lot: as fine as a part of it is looked for, 2^40. */
const PARTS = 1_099_511_627_776;

/** How health moves with the size of a trade: a table of whole form jumps, rounding steps, spot orders compete, models bend. */
export function shapeOf(book: BookBase, u: number, terms: TradeTerms, level: number, held: number): number {
  const c = book.store.columns.market;
  const m = terms.market;
  if (c.kind[m] === KIND.spot || book.store.columns.unit.model[u] !== 0) return SHAPE.any;
  const whole = (((c.form[m] ?? 0) >>> level) & 1) !== 0 && (c.lineCount[m] ?? 0) + (c.shortCount[m] ?? 0) > 2;
  const opens = terms.buys ? held >= 0 : held <= 0;
  if (whole || c.rounding[m] !== 0) return opens ? SHAPE.monotone : SHAPE.any;
  return SHAPE.concave;
}

/** Grows a size from about the unit's own until health is below 0, or up to `limit`. */
function reach(book: BookBase, value: number, limit: number): number {
  const { engine, columns } = book.store;
  engine.sizeHealth(0);
  const start = Math.abs(columns.house.answer[ANSWER.collateral] ?? 0) + 1;
  let size = Math.min(start / value, limit);
  while (size < limit && engine.sizeHealth(size) >= 0) size = Math.min(size * 4, limit);
  return size;
}

/** Bisects over lots: where notionals are rounded to whole units, health rises and falls between two of them. */
function mostLots(book: BookBase, end: number, limit: number, step: number): { size: number; capped: boolean } {
  const { engine } = book.store;
  const well = (lots: number): boolean => engine.sizeHealth(steps(step, lots)) >= 0;
  const lots = (size: number, way: 'down' | 'up'): number => Math.round(roundTo(step, size, way) / step);
  const most = lots(limit, 'down');
  const last = Math.min(lots(end, 'up'), most);
  if (well(last)) return { size: steps(step, last), capped: last === most };
  let [enough, tooMany] = [0, last];
  for (;;) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (middle <= enough || middle >= tooMany) return { size: steps(step, enough), capped: false };
    if (well(middle)) enough = middle;
    else tooMany = middle;
  }
}

/** The largest size in [0, limit] that leaves the open sizes healthy, a multiple of `step`; null: not even 0 does. */
function largest(
  book: BookBase,
  shape: number,
  value: number,
  limit: number,
  step: number,
): { size: number; capped: boolean } | null {
  const { engine, columns } = book.store;
  if (engine.sizeHealth(0) < 0) return null;
  const end = reach(book, value, limit);
  if (shape === SHAPE.monotone && step > 0) return mostLots(book, end, limit, step);
  const code = engine.solveSize(0, end, shape);
  const none = (code & ROOT.none) !== 0;
  const exact = none ? end : (columns.house.answer[ANSWER.well] ?? 0);
  let size = roundTo(step, exact, 'down');
  if (size > exact * (1 + CLOSE)) size = roundTo(step, exact - step, 'down');
  // One step is enough but for rounding; beyond 2^53 lots a lot less is the same double.
  let back = Math.max(step, size * Number.EPSILON);
  while (size > 0 && engine.sizeHealth(size) < 0) {
    size = step > 0 ? Math.max(0, roundTo(step, size - back, 'down')) : 0;
    back *= 2;
  }
  return { size: size < MIN_INPUT ? 0 : size, capped: none };
}

/**
 * Of a unit below its initial margin: the most of what closes its position that leaves it less risky. That is all of it, unless the
 * price costs more than the margin it frees, or an open order weighs more without the position.
 */
function mostReducing(book: BookBase, u: number, terms: TradeTerms, closing: number, step: number): number {
  const { store } = book;
  const well = (size: number): boolean => {
    store.engine.tryTrade(store, u, terms, size);
    return accepts(byMargin(store.columns.house.answer));
  };
  if (closing === 0 || well(closing)) return closing;
  // What is better than before is so from 0 up to one size: collateral is concave in it, requirements are convex.
  const sizeOf = (n: number): number => (step > 0 ? steps(step, n) : (closing * n) / PARTS);
  let [enough, tooMany] = [0, step > 0 ? Math.ceil(closing / step) : PARTS];
  for (;;) {
    const middle = Math.floor((enough + tooMany) / 2);
    if (middle <= enough || middle >= tooMany) return sizeOf(enough);
    if (well(sizeOf(middle))) enough = middle;
    else tooMany = middle;
  }
}

/**
 * The largest order that the account can pay the initial margin of once it has filled, with the fee and with the worst of what
 * else is open. An account that is below its initial margin gets the most that leaves it less risky, as `check` has it: what closes
 * the position, or less.
 * @param account - id or row
 * @throws MarginError unknown-id, unknown-key, type, range, conflict, too-many
 * @example
 * const { size, bound } = maxOrder(book, 'a1', { market: 'BTC-PERP', side: 'buy' });
 */
export function maxOrder(book: BookBase, account: string | number, input: TradeInput): OrderSize {
  checkBook(book);
  checkKeys(input, 'order', TRADE_KEYS);
  const u = book.unit(account, input.bucket ?? 0);
  // An option without a mark of its own is valued first.
  book.refresh();
  const terms = tradeTerms(book, u, input, 'order');
  ensureTrial(book, u);
  const { engine, columns } = book.store;
  const held = engine.openTrade(book.store, u, terms, LEVEL.initial, 0);
  const value = contractValue(book, terms.market, terms.price);
  const step = columns.market.lot[terms.market] ?? 0;
  const most = Math.min(LARGEST / value, MAX_INPUT);
  const room = Math.min(roomFor(book, terms, held), most);
  const closing = Math.min(terms.buys ? Math.max(0, -held) : Math.max(0, held), room);
  const found = largest(book, shapeOf(book, u, terms, LEVEL.initial, held), value, room, step);
  let size = found?.size ?? mostReducing(book, u, terms, closing, step);
  if (!found) engine.openTrade(book.store, u, terms, LEVEL.initial, 0);
  // A whole position need not be a multiple of the lot.
  if (size < closing && engine.sizeHealth(closing) >= 0) size = closing;
  const capped = found?.capped === true;
  const bound = !capped ? 'margin' : room < most ? 'maxSize' : 'none';
  const health = engine.sizeHealth(size);
  engine.tryTrade(book.store, u, terms, size);
  const { answer } = columns.house;
  const equity = answer[ANSWER.after + RISK.equity] ?? 0;
  const gross = answer[ANSWER.after + RISK.notional] ?? 0;
  return {
    size,
    bound,
    health,
    notional: size * value,
    price: terms.price,
    leverage: equity > 0 ? gross / equity : null,
  };
}

/** What a withdrawal has to leave, and from which unit. */
export interface WithdrawOptions {
  /** Margin unit of the account: isolated from 1; default 0, cross. */
  bucket?: number;
  /** May more leave than the balance has? Default false; losses that are not settled may be a debt once it has left, all the same. */
  borrow?: boolean;
  /** The requirement that has to be left; default initial. */
  level?: RayLevel;
}

const WITHDRAW_KEYS = ['bucket', 'borrow', 'level'] as const;

/**
 * The most of an asset that an account may take out and keep its initial margin.
 * @throws MarginError unknown-id, unknown-key, type, too-many
 * @example
 * const { size } = maxWithdraw(book, 'a1', 'USDT');
 */
export function maxWithdraw(
  book: BookBase,
  account: string | number,
  asset: string | number,
  options: WithdrawOptions = {},
): Size {
  checkBook(book);
  checkKeys(options, 'options', WITHDRAW_KEYS);
  const u = book.unit(account, options.bucket ?? 0);
  const a = book.asset(asset);
  const level = levelOf(options.level, 'initial');
  book.refresh();
  ensureTrial(book, u);
  const { engine, columns } = book.store;
  const held = engine.openWithdrawal(book.store, u, a, level, 0);
  const price = columns.asset.price[a] ?? 0;
  const value = price > 0 ? price : 1;
  const limit = options.borrow ? Math.min(LARGEST / value, MAX_INPUT) : Math.max(0, held);
  const shape = columns.unit.model[u] === 0 ? SHAPE.concave : SHAPE.any;
  const found = largest(book, shape, value, limit, 0);
  const size = found?.size ?? 0;
  return {
    size,
    bound: found?.capped ? (options.borrow ? 'none' : 'balance') : 'margin',
    health: engine.sizeHealth(size),
  };
}

/**
 * The most leverage that the account could reach with one order: what maxOrder leaves it with.
 * @throws MarginError as maxOrder
 * @example
 * const leverage = maxLeverage(book, 'a1', { market: 'BTC-PERP', side: 'buy' });
 */
export const maxLeverage = (book: BookBase, account: string | number, input: TradeInput): number | null =>
  maxOrder(book, account, input).leverage;
