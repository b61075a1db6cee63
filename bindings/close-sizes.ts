// How much of a position a liquidation has to close, leg by leg: the least size that brings health back, exact across brackets.
import type { BookBase } from './book/book.js';
import { decimal, FRACTION } from './book/fields.js';
import { roundTo } from './book/steps.js';
import type { Decimal } from './book/types.js';
import { levelOf, type RayLevel } from './certificate.js';
import { MarginError } from './errors.js';
import { KIND } from './layout.js';
import { checkBook, unitRisk } from './margin.js';
import { ANSWER, ROOT } from './reference/lanes.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import { shapeOf } from './sizes.js';
import { checkKeys, checkList, contractValue, ensureTrial, tradeTerms } from './trial.js';

/** Where there is no lot, a smallest fill is such a part of what may be closed. */
const FEW = 1048576;

/** A position that a liquidation may close, in the order in which legs are tried. */
export interface CloseLeg {
  /** Id or row. */
  market: string | number;
  /** Side of a hedged account's position; default net. */
  positionSide?: 'net' | 'long' | 'short';
  /** At which it is closed (quote); default the mark, which a better price counts as. */
  price?: Decimal;
  /** Rate on the closed value; default the market's liquidation fee. */
  fee?: Decimal;
  /** Largest share of the position that may be closed now; default 1. */
  closeFactor?: Decimal;
}

/** What a close has to reach, and of which unit. */
export interface CloseOptions {
  /** Margin unit of the account: isolated from 1; default 0, cross. */
  bucket?: number;
  /** The requirement that has to be reached; default liquidationEnd. */
  level?: RayLevel;
  /** Health above that requirement that has to be reached, numeraire; default 0. */
  target?: Decimal;
  /** A rest of less than so many quote units is closed too; default the market's minNotional. */
  minLeft?: Decimal;
}

/** What is closed of one leg. */
export interface ClosedLeg {
  /** Id of the market. */
  market: string;
  /** Side of the position that is closed. */
  positionSide: 'net' | 'long' | 'short';
  /** Contracts to close (>= 0), a multiple of the lot rounded up, or the whole position. */
  size: number;
  /** All that the close factor allows is closed, and it is not enough. */
  capped: boolean;
  /** Health after this leg less the target. */
  health: number;
}

/** How much of each leg has to be closed, and what it comes to. */
export interface CloseSizes {
  /** In the order asked; size 0 where nothing has to be closed. */
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

function readLeg(book: BookBase, u: number, leg: CloseLeg, path: string): WantedLeg {
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
    buy: tradeTerms(book, u, { ...input, side: 'buy' }, path),
    sell: tradeTerms(book, u, { ...input, side: 'sell' }, path),
    factor: closeFactor === undefined ? 1 : decimal(closeFactor, `${path}.closeFactor`, FRACTION),
    positionSide: leg.positionSide ?? 'net',
  };
}

/**
 * How much of each leg has to be closed, in the order given, until the account is healthy again: exact also where the close
 * crosses brackets. Not reaching the target is an answer (`feasible: false`), not an error: then all that may be closed is.
 * @returns one entry a leg, of size 0 where nothing has to be closed
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
  // Options without marks of their own are valued first.
  book.refresh();
  const wanted = legs.map((leg, i) => readLeg(book, first, leg, `legs[${i}]`));
  ensureTrial(book, first, legs.length);
  const close = (all: boolean): CloseSizes => closeLegs(book, first, wanted, { level, target, least, all });
  const sizes = close(false);
  // Where no sizes reach the target all that may be closed is: what stays open would only be more risk.
  return sizes.feasible ? sizes : close(true);
}

/** Health at a level, or equity. */
function healthOf(book: BookBase, u: number, level: number): number {
  book.store.engine.scan(book.store, u, u + 1, false);
  const { health, equity } = unitRisk(book, u);
  return [health.initial, health.maintenance, health.liquidationEnd, equity][level] ?? 0;
}

interface Aim {
  level: number;
  target: number;
  /** Quote value below which no rest may stay; default the market's. */
  least: number | undefined;
  /** Close all that may be closed, whether it helps or not. */
  all: boolean;
}

/** Closes one leg after the other until the aim is reached; every leg is tried on what the legs before it have left. */
function closeLegs(book: BookBase, first: number, legs: readonly WantedLeg[], aim: Aim): CloseSizes {
  const { level, target, least } = aim;
  const { store } = book;
  const { engine } = store;
  const c = store.columns.market;
  let u = first;
  let health = healthOf(book, first, level) - target;
  const closed = legs.map(({ buy, sell, factor, positionSide }): ClosedLeg => {
    const { market } = buy;
    const place = { market: book.marketId(market), positionSide };
    if (health >= 0) return { ...place, size: 0, capped: false, health };
    const held = engine.openTrade(store, u, buy, level, target);
    const terms = held > 0 ? sell : buy;
    engine.openTrade(store, u, terms, level, target);
    const all = Math.abs(held);
    const lot = c.lot[market] ?? 0;
    const limit = factor === 1 ? all : Math.min(all, roundTo(lot, all * factor, 'up'));
    const exact = leastSize(book, shapeOf(book, first, terms, level, held), limit);
    const most = aim.all ? limit : leastHarm(book, limit);
    let size = exact === null ? most : lotsFrom(book, exact, lot, limit);
    const minLeft = least ?? c.minNotional[market] ?? 0;
    if (size > 0 && factor === 1 && (all - size) * contractValue(book, market, terms.price) < minLeft) size = all;
    health = engine.sizeHealth(size);
    u = book.units;
    return { ...place, size, capped: size === limit && exact === null, health };
  });
  return { legs: closed, feasible: health >= 0, health: health + target };
}
