// Sizes on the solver of rays: the largest order, the largest withdrawal, and how much of a position a liquidation has to close.
// Everything is tried on a copy of the margin unit with the fold of margin() itself; the book stays as it is.
import type { BookBase } from './book/book.js';
import { decimal, FRACTION } from './book/fields.js';
import { roundTo, steps } from './book/steps.js';
import type { Decimal } from './book/types.js';
import { levelOf, type RayLevel } from './certificate.js';
import { MarginError } from './errors.js';
import { KIND, LEVEL, MIN_INPUT } from './layout.js';
import { checkBook, unitRisk } from './margin.js';
import { ANSWER, ROOT, SHAPE } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import {
  checkKeys,
  checkList,
  contractValue,
  ensureTrial,
  roomFor,
  TRADE_KEYS,
  type TradeInput,
  tradeTerms,
} from './trial.js';

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
  price: number;
  /** Notional of the unit over its equity once the order has filled; null where no equity is left. */
  leverage: number | null;
}

const LARGEST = 1e24;
/** Rounding of sizes, as a share of them. */
const CLOSE = 1e-12;
/** Where there is no lot, a smallest fill is such a part of what may be closed. */
const FEW = 1048576;

/** How health moves with the size of a trade: a table of whole form jumps, rounding steps, and spot orders compete. */
function shapeOf(book: BookBase, terms: TradeTerms, level: number, held: number): number {
  const c = book.store.columns.market;
  const m = terms.market;
  if (c.kind[m] === KIND.spot) return SHAPE.any;
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
 * The largest order that the account can pay the initial margin of once it has filled, with the fee and with the worst of what
 * else is open. An account that is below its initial margin gets what closes the position.
 * @param account - id or row
 * @throws MarginError unknown-id, unknown-key, type, range, too-many
 * @example
 * const { size, bound } = maxOrder(book, 'a1', { market: 'BTC-PERP', side: 'buy' });
 */
export function maxOrder(book: BookBase, account: string | number, input: TradeInput): OrderSize {
  checkBook(book);
  checkKeys(input, 'order', TRADE_KEYS);
  const u = book.unit(account, input.bucket ?? 0);
  const terms = tradeTerms(book, input, 'order');
  book.refresh();
  ensureTrial(book, u);
  const { engine, columns } = book.store;
  const held = engine.openTrade(book.store, u, terms, LEVEL.initial, 0);
  const value = contractValue(book, terms.market, terms.price);
  const step = columns.market.lot[terms.market] ?? 0;
  const room = Math.min(roomFor(book, terms, held), LARGEST / value);
  const closing = Math.min(terms.buys ? Math.max(0, -held) : Math.max(0, held), room);
  const found = largest(book, shapeOf(book, terms, LEVEL.initial, held), value, room, step);
  let size = found?.size ?? closing;
  // A whole position need not be a multiple of the lot.
  if (size < closing && engine.sizeHealth(closing) >= 0) size = closing;
  const capped = found?.capped === true;
  const bound = !capped ? 'margin' : room < LARGEST / value ? 'maxSize' : 'none';
  const health = engine.sizeHealth(size);
  engine.tryTrade(book.store, u, terms, size);
  const { answer } = columns.house;
  const equity = answer[ANSWER.after] ?? 0;
  const gross = answer[ANSWER.after + 5] ?? 0;
  return {
    size,
    bound,
    health,
    notional: size * value,
    price: terms.price,
    leverage: equity > 0 ? gross / equity : null,
  };
}

export interface WithdrawOptions {
  bucket?: number;
  /** May the balance become a debt? Default false. */
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
  const limit = options.borrow ? LARGEST / value : Math.max(0, held);
  const found = largest(book, SHAPE.concave, value, limit, 0);
  const size = found?.size ?? 0;
  return {
    size,
    bound: found?.capped ? (options.borrow ? 'none' : 'balance') : 'margin',
    health: engine.sizeHealth(size),
  };
}

/** A position that a liquidation may close, in the order in which legs are tried. */
export interface CloseLeg {
  market: string | number;
  positionSide?: 'net' | 'long' | 'short';
  /** At which it is closed (quote); default the mark, which a better price counts as. */
  price?: Decimal;
  /** Rate on the closed value; default the market's liquidation fee. */
  fee?: Decimal;
  /** Largest share of the position that may be closed now; default 1. */
  closeFactor?: Decimal;
}

export interface CloseOptions {
  bucket?: number;
  /** The requirement that has to be reached; default liquidationEnd. */
  level?: RayLevel;
  /** Health above that requirement that has to be reached, numeraire; default 0. */
  target?: Decimal;
  /** A rest of less than so many quote units is closed too; default the market's minNotional. */
  minLeft?: Decimal;
}

export interface ClosedLeg {
  market: string;
  positionSide: 'net' | 'long' | 'short';
  /** Contracts to close (>= 0), a multiple of the lot rounded up, or the whole position. */
  size: number;
  /** All that the close factor allows is closed. */
  capped: boolean;
  /** Health after this leg less the target. */
  health: number;
}

export interface CloseSizes {
  legs: ClosedLeg[];
  /** Whether the target is reached. */
  feasible: boolean;
  /** Health at the level after all legs, numeraire. */
  health: number;
}

/** The least size in [0, limit] at which the open sizes reach their aim; null: none does. */
function leastSize(book: BookBase, shape: number, limit: number): number | null {
  const { engine, columns } = book.store;
  if (engine.sizeHealth(0) >= 0) return 0;
  const code = engine.solveSize(0, limit, shape);
  if ((code & ROOT.none) !== 0) return engine.sizeHealth(limit) >= 0 ? limit : null;
  return columns.house.answer[ANSWER.well] ?? null;
}

/** The least lots from `exact` on, at most `limit`, that reach the aim in doubles too. */
function lotsFrom(book: BookBase, exact: number, lot: number, limit: number): number {
  // A fill settles funding: where that alone is enough, the smallest will do.
  let size = Math.min(limit, roundTo(lot, exact === 0 ? lot || limit / FEW : exact, 'up'));
  let more = Math.max(lot, size * Number.EPSILON);
  while (size < limit && book.store.engine.sizeHealth(size) < 0) {
    size = Math.min(limit, roundTo(lot, size + more, 'up'));
    more *= 2;
  }
  return size;
}

/** The best size where no size reaches the aim: closing more may cost more than it frees. */
function leastHarm(book: BookBase, limit: number): number {
  return book.store.engine.sizeHealth(limit) > book.store.engine.sizeHealth(0) ? limit : 0;
}

const LEG_KEYS = ['market', 'positionSide', 'price', 'fee', 'closeFactor'] as const;
const CLOSE_KEYS = ['bucket', 'level', 'target', 'minLeft'] as const;

/** A leg as it would be bought or sold back. */
interface WantedLeg {
  buy: TradeTerms;
  sell: TradeTerms;
  factor: number;
  positionSide: 'net' | 'long' | 'short';
}

function readLeg(book: BookBase, leg: CloseLeg, path: string): WantedLeg {
  checkKeys(leg, path, LEG_KEYS);
  const { closeFactor, ...rest } = leg;
  const market = book.market(leg.market, `${path}.market`);
  const c = book.store.columns.market;
  if (c.kind[market] === KIND.spot)
    throw new MarginError('conflict', {
      path: `${path}.market`,
      got: leg.market,
      expected: 'a derivative: a spot market has balances, no positions',
    });
  const input = { ...rest, market, fee: leg.fee ?? c.liquidationFee[market] ?? 0 };
  return {
    buy: tradeTerms(book, { ...input, side: 'buy' }, path),
    sell: tradeTerms(book, { ...input, side: 'sell' }, path),
    factor: closeFactor === undefined ? 1 : decimal(closeFactor, `${path}.closeFactor`, FRACTION),
    positionSide: leg.positionSide ?? 'net',
  };
}

/**
 * How much of each leg has to be closed, in the order given, until the account is healthy again: exact also where the close
 * crosses brackets. Not reaching the target is an answer (`feasible: false`), not an error.
 * @throws MarginError unknown-id, unknown-key, type, range, conflict (a spot market), too-many
 * @example
 * const { legs, feasible } = closeSizes(book, 'a1', [{ market: 'BTC-PERP' }]);
 */
export function closeSizes(
  book: BookBase,
  account: string | number,
  legs: readonly CloseLeg[],
  options: CloseOptions = {},
): CloseSizes {
  checkBook(book);
  checkKeys(options, 'options', CLOSE_KEYS);
  const first = book.unit(account, options.bucket ?? 0);
  const level = levelOf(options.level, 'liquidationEnd');
  const target = options.target === undefined ? 0 : decimal(options.target, 'target', {});
  const least = options.minLeft === undefined ? undefined : decimal(options.minLeft, 'minLeft', {});
  checkList(legs, 'legs');
  const wanted = legs.map((leg, i) => readLeg(book, leg, `legs[${i}]`));
  book.refresh();
  ensureTrial(book, first, legs.length);
  const { store } = book;
  const { engine } = store;
  // Every leg is tried on what the legs before it have left.
  let u = first;
  engine.scan(store, u, u + 1, false);
  const risk = unitRisk(book, u);
  const { initial, maintenance, liquidationEnd } = risk.health;
  let health = ([initial, maintenance, liquidationEnd, risk.equity][level] ?? 0) - target;
  const closed: ClosedLeg[] = [];
  for (const { buy, sell, factor, positionSide } of wanted) {
    if (health >= 0) break;
    const { market } = buy;
    const c = store.columns.market;
    const held = engine.openTrade(store, u, buy, level, target);
    const terms = held > 0 ? sell : buy;
    engine.openTrade(store, u, terms, level, target);
    const all = Math.abs(held);
    const lot = c.lot[market] ?? 0;
    const limit = factor === 1 ? all : Math.min(all, roundTo(lot, all * factor, 'up'));
    const exact = leastSize(book, shapeOf(book, terms, level, held), limit);
    let size = exact === null ? leastHarm(book, limit) : lotsFrom(book, exact, lot, limit);
    const minLeft = least ?? c.minNotional[market] ?? 0;
    if (size > 0 && factor === 1 && (all - size) * contractValue(book, market, terms.price) < minLeft) size = all;
    health = engine.sizeHealth(size);
    closed.push({
      market: book.marketId(market),
      positionSide,
      size,
      capped: size === limit && exact === null,
      health,
    });
    u = book.units;
  }
  return { legs: closed, feasible: health >= 0, health: health + target };
}

/**
 * The most leverage that the account could reach with one order: what maxOrder leaves it with.
 * @throws MarginError as maxOrder
 * @example
 * const leverage = maxLeverage(book, 'a1', { market: 'BTC-PERP', side: 'buy' });
 */
export const maxLeverage = (book: BookBase, account: string | number, input: TradeInput): number | null =>
  maxOrder(book, account, input).leverage;
