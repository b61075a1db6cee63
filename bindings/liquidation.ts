// Liquidation prices: the part of a price's range in which a margin unit is not liquidatable, with a certificate for both ends.
// All of the unit that has the market's underlying moves with its mark: perpetuals, futures, coin collateral, open orders.
import type { BookBase } from './book/book.js';
import { steps } from './book/steps.js';
import { MarginError } from './errors.js';
import { KIND, LEVEL, NONE } from './layout.js';
import { checkBook } from './margin.js';
import { ANSWER, ROOT } from './reference/lanes.js';

/** How an end was found: by Newton's steps on concave health, on a grid and then bracketed, or from the lines of a table. */
export type Method = 'newton' | 'bracketed' | 'closed';

/** A point of a price's range and the unit's health (collateral less requirement) there, numeraire. */
export interface Point {
  price: number;
  health: number;
}

/** Proof of one end of the healthy range. */
export interface Certificate {
  /**
   * found: the unit is healthy at `healthy` and liquidatable at `liquidatable`, the next double beyond it.
   * none: healthy (or, if it is liquidatable now, never healthy) up to `end`. capped: as found, but by bisection after the
   * solver's steps had run out.
   */
  status: 'found' | 'none' | 'capped';
  method: Method;
  healthy: Point | null;
  liquidatable: Point | null;
  /** On the market's tick grid: the first tick at which the unit is liquidatable, and the tick before, at which it is not. */
  tick: { liquidatable: number; healthy: number } | null;
  /** Row of the bracket table (from 0) in which the position's notional lies at the price. */
  bracket: number | null;
  /** Newton steps, and how often the unit was margined. */
  iterations: number;
  evaluations: number;
  /** The last price that was asked for on this side. */
  end: number;
  /** Of a bracketed search: where health changes side or comes near, first to last. Other healthy ranges may follow. */
  visited: Point[];
}

export interface LiquidationPrice {
  market: string;
  bucket: number;
  side: 'net' | 'long' | 'short';
  size: number;
  mark: number;
  /** Of the margin unit now. */
  status: 'healthy' | 'liquidatable';
  /**
   * The unit is liquidatable at this price and below it; null: at none. Above the mark where the unit is liquidatable now and a
   * rising price would heal it.
   */
  down: number | null;
  /** The unit is liquidatable at this price and above it; null: at none. */
  up: number | null;
  certificate: { down: Certificate; up: Certificate };
}

export interface PriceOptions {
  /** The requirement that counts; default maintenance. */
  level?: keyof typeof LEVEL;
}

/**
 * Liquidation prices of all positions, one entry a position row. **Borrowed** as the columns of `margin` are.
 * `down` is 0 and `up` Infinity where there is none; `code` holds ROOT bits, those of `up` in the second byte.
 */
export interface LiquidationColumns {
  readonly down: Float64Array;
  readonly up: Float64Array;
  readonly code: Uint32Array;
}

/** Makes room for the rows of a ray of any of the units. */
function ensureRay(book: BookBase, from: number, to: number): void {
  const { balanceCount, positionCount } = book.store.columns.unit;
  let most = 0;
  for (let u = from; u < to; u++) most = Math.max(most, (balanceCount[u] ?? 0) + 4 * (positionCount[u] ?? 0));
  if (book.store.room('ray') < most) book.store.ensure('ray', most);
}

/** Bracket of the market's table that `size` contracts lie in when the mark is `price`. */
function bracketAt(book: BookBase, market: number, size: number, price: number): number {
  const { market: c, line } = book.store.columns;
  const kind = c.kind[market];
  const unit = ((c.unit[market] ?? 0) >>> 2) & 3;
  const basis = ((c.basis[market] ?? 0) >>> 2) & 3;
  const multiplier = c.multiplier[market] ?? 1;
  const quote = kind === KIND.prediction && size < 0 ? multiplier * (1 - price) : multiplier * price;
  const inverse = unit === 1 ? multiplier : multiplier / price;
  const each = basis === 1 ? 1 : kind === KIND.inverse ? inverse : quote;
  const short = size < 0;
  const start = (short ? c.shortStart : c.lineStart)[market] ?? 0;
  const count = (short ? c.shortCount : c.lineCount)[market] ?? 0;
  let row = 0;
  while (row < count - 1 && Math.abs(size) * each > (line.upTo[start + row] ?? 0)) row++;
  return row;
}

/** Ticks that are looked through at most: between rounding steps a unit may change sides more than once. */
const MOST_TICKS = 16384;

/** Where a slope is taken, as a share of the price. */
const ASIDE = 1 / 1048576;

/**
 * First tick of the open ray at which the unit is liquidatable, coming from the healthy side.
 * @param healthy - where it is not for sure, but for steps of rounding to whole units
 */
function tickOf(book: BookBase, tick: number, healthy: Point, root: number, upper: boolean): Certificate['tick'] {
  if (tick <= 0) return null;
  const { engine, columns } = book.store;
  const way = upper ? 1 : -1;
  const [low, high] = rayEnds(book);
  const orEqual = (columns.house.rule[0] ?? 0) & 1;
  const ill = (n: number): boolean => {
    const x = steps(tick, n);
    if (x <= low || x >= high) return false;
    const health = engine.rayHealth(x);
    return orEqual ? health <= 0 : health < 0;
  };
  // Steps of rounding reach as far as health, without them, stays within their size of 0.
  const grain = columns.house.answer[ANSWER.grain] ?? 0;
  const aside = root * (1 - way * ASIDE);
  const slope = Math.abs((engine.rayHealth(aside) - healthy.health) / (root - aside));
  const band = Math.min(slope > 0 ? Math.ceil((2 * grain) / slope / tick) : 0, MOST_TICKS / 2);
  let n = (upper ? Math.ceil(root / tick) : Math.floor(root / tick)) - way * (band + 2);
  for (let i = 0; i < MOST_TICKS && !ill(n); i++) n += way;
  return ill(n) ? { liquidatable: steps(tick, n), healthy: steps(tick, n - way) } : null;
}

function rayEnds(book: BookBase): [low: number, high: number] {
  const { answer } = book.store.columns.house;
  return [answer[ANSWER.low] ?? 0, answer[ANSWER.high] ?? 0];
}

/** Solves one side of the open ray. */
function certify(book: BookBase, market: number, size: number, upper: boolean): [Certificate, liquidatable: boolean] {
  const { engine, columns } = book.store;
  const code = engine.solveRay(upper);
  const { answer } = columns.house;
  const of = (slot: number): number => answer[slot] ?? 0;
  const none = (code & ROOT.none) !== 0;
  const [low, high] = rayEnds(book);
  const visited = Array.from({ length: of(ANSWER.visits) }, (_, i) => ({
    price: of(ANSWER.visit + 2 * i),
    health: of(ANSWER.visit + 2 * i + 1),
  }));
  const certificate: Certificate = {
    status: none ? 'none' : code & ROOT.capped ? 'capped' : 'found',
    method: code & ROOT.bracketed ? 'bracketed' : 'newton',
    healthy: none ? null : { price: of(ANSWER.well), health: of(ANSWER.wellHealth) },
    liquidatable: none ? null : { price: of(ANSWER.ill), health: of(ANSWER.illHealth) },
    tick: null,
    bracket: none ? null : bracketAt(book, market, size, of(ANSWER.ill)),
    iterations: of(ANSWER.iterations),
    evaluations: of(ANSWER.evaluations),
    end: upper ? high : low,
    visited,
  };
  if (certificate.healthy)
    certificate.tick = tickOf(book, columns.market.tick[market] ?? 0, certificate.healthy, of(ANSWER.ill), upper);
  return [certificate, (code & ROOT.liquidatable) !== 0];
}

function priceOf(book: BookBase, u: number, p: number, level: number): LiquidationPrice {
  const { market: m, side, size } = book.position(p);
  const { engine } = book.store;
  engine.openRay(book.store, u, m, level);
  const [down, liquidatable] = certify(book, m, size, false);
  engine.openRay(book.store, u, m, level);
  const [up] = certify(book, m, size, true);
  return {
    market: book.marketId(m),
    bucket: book.unitBucket(u),
    side,
    size,
    mark: book.store.columns.market.mark[m] ?? 0,
    status: liquidatable ? 'liquidatable' : 'healthy',
    down: down.liquidatable?.price ?? null,
    up: up.liquidatable?.price ?? null,
    certificate: { down, up },
  };
}

/** Level of the options. @throws MarginError type */
function levelOf(options: PriceOptions): number {
  const name = options.level ?? 'maintenance';
  if (Object.hasOwn(LEVEL, name)) return LEVEL[name];
  throw new MarginError('type', { path: 'level', got: name, expected: Object.keys(LEVEL).join(', ') });
}

/** Columns of all positions; see LiquidationColumns. */
function allPrices(book: BookBase): LiquidationColumns {
  const { store } = book;
  book.refresh();
  ensureRay(book, 0, book.units);
  const rows = store.count('position');
  store.setCount('price', rows);
  store.engine.scan(store, 0, book.units, true);
  store.engine.liquidationPrices(store, 0, book.units);
  const { price } = store.columns;
  return { down: price.down.subarray(0, rows), up: price.up.subarray(0, rows), code: price.code.subarray(0, rows) };
}

/**
 * Liquidation prices, down and up: of every position of an account with a certificate, or of all positions of all accounts as
 * columns by position row. Guard and index prices that equal a mark move with it, others stay, as `setMark` has it.
 * @param account - id or row
 * @throws MarginError unknown-id, type
 * @example
 * const [price] = liquidationPrices(book, 'a1');
 * console.log(price?.down, price?.certificate.down.healthy); // null null
 */
export function liquidationPrices(book: BookBase): LiquidationColumns;
export function liquidationPrices(book: BookBase, account: string | number, options?: PriceOptions): LiquidationPrice[];
export function liquidationPrices(
  book: BookBase,
  account?: string | number,
  options: PriceOptions = {},
): LiquidationColumns | LiquidationPrice[] {
  checkBook(book);
  if (account === undefined) return allPrices(book);
  const level = levelOf(options);
  const units = book.unitsOf(account);
  book.refresh();
  for (const u of units) ensureRay(book, u, u + 1);
  const { unit, position, market } = book.store.columns;
  return units.flatMap((u) => {
    const first = unit.positionStart[u] ?? 0;
    const rows = Array.from({ length: unit.positionCount[u] ?? 0 }, (_, i) => first + i);
    const held = rows.filter((p) => market.kind[(position.key[p] ?? 0) >>> 2] !== KIND.spot);
    return held.map((p) => priceOf(book, u, p, level));
  });
}

/** What may move in a joint move: by market id or asset id, the relative move for a move of 1. */
export interface Betas {
  markets?: Record<string, number>;
  assets?: Record<string, number>;
}

/** A joint move at which an account becomes liquidatable. */
export interface JointMove {
  bucket: number;
  status: 'healthy' | 'liquidatable';
  /** Move (1: every price by its beta) at which the unit is liquidatable when it grows in the negative direction; null: none. */
  down: number | null;
  up: number | null;
  certificate: { down: Certificate; up: Certificate };
}

/** Writes the shifts of a joint move; the caller clears them. */
function setShifts(book: BookBase, betas: Betas): void {
  const { asset, market } = book.store.columns;
  asset.shift.fill(0);
  market.shift.fill(0);
  const entries = (rows: Record<string, number> | undefined, path: string): [string, number][] => {
    const list = Object.entries(rows ?? {});
    for (const [id, beta] of list) {
      if (typeof beta !== 'number' || !Number.isFinite(beta))
        throw new MarginError('type', { path: `${path}.${id}`, got: beta, expected: 'a finite number' });
    }
    return list;
  };
  const markets = entries(betas.markets, 'betas.markets').map(
    ([id, beta]) => [book.market(id, `betas.markets.${id}`), beta] as const,
  );
  const assets = entries(betas.assets, 'betas.assets').map(
    ([id, beta]) => [book.asset(id, `betas.assets.${id}`), beta] as const,
  );
  for (const [m, beta] of markets) market.shift[m] = beta;
  for (const [a, beta] of assets) asset.shift[a] = beta;
}

/**
 * The joint move along a beta vector at which each margin unit of an account becomes liquidatable: every price named becomes
 * price * (1 + beta * move). What is not named stays.
 * @returns one entry a margin unit; `down` and `up` are moves, the certificate's prices are 1 + move
 * @throws MarginError unknown-id, type; nothing is changed
 * @example
 * const [move] = jointMoves(book, 'a1', { markets: { 'BTC-PERP': 1 } });
 * console.log(move?.down); // null
 */
export function jointMoves(
  book: BookBase,
  account: string | number,
  betas: Betas,
  options: PriceOptions = {},
): JointMove[] {
  checkBook(book);
  const level = levelOf(options);
  const units = book.unitsOf(account);
  setShifts(book, betas);
  book.refresh();
  for (const u of units) ensureRay(book, u, u + 1);
  const { engine } = book.store;
  return units.map((u) => {
    const side = (upper: boolean): [Certificate, boolean] => {
      engine.openRay(book.store, u, NONE, level);
      const [certificate, liquidatable] = certify(book, 0, 0, upper);
      return [{ ...certificate, tick: null, bracket: null }, liquidatable];
    };
    const [down, liquidatable] = side(false);
    const [up] = side(true);
    const move = (point: Point | null): number | null => (point ? point.price - 1 : null);
    return {
      bucket: book.unitBucket(u),
      status: liquidatable ? 'liquidatable' : 'healthy',
      down: move(down.liquidatable),
      up: move(up.liquidatable),
      certificate: { down, up },
    };
  });
}
