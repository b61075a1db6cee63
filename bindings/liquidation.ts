// Liquidation prices: the part of a price's range in which a margin unit is not liquidatable, with a certificate for both ends.
// All of the unit that has the market's underlying moves with its mark: perpetuals, futures, coin collateral, open orders.
import type { BookBase } from './book/book.js';
import { type Certificate, certify, ensureRay, type PriceOptions, rayLevel } from './certificate.js';
import { MarginError } from './errors.js';
import { KIND, LEVEL, NONE } from './layout.js';
import { checkBook } from './margin.js';

/** Liquidation prices of one position, with their proof. */
export interface LiquidationPrice {
  /** Id of the market. */
  market: string;
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** net, or the side of a hedged position. */
  side: 'net' | 'long' | 'short';
  /** Signed contracts, long positive. */
  size: number;
  /** Price that stands: the mark, or of an option the price of its base asset, which `down` and `up` are prices of. */
  mark: number;
  /** Of an option: its base asset. */
  asset?: string;
  /** Of the margin unit now. */
  status: 'healthy' | 'liquidatable';
  /**
   * The unit is liquidatable at this price and below it; null: at none. Above the mark where the unit is liquidatable now and a
   * rising price would heal it.
   */
  down: number | null;
  /** The unit is liquidatable at this price and above it; null: at none. */
  up: number | null;
  /** Proof of each end. */
  certificate: { down: Certificate; up: Certificate };
}

/**
 * Liquidation prices of all positions, one entry a position row (`book.position(row)`). **Borrowed** as the columns of `margin`
 * are; the first call makes room for them, which may detach views that were borrowed before.
 * `down` is 0 and `up` Infinity where there is none; `code` holds bits, those of `up` in the second byte:
 * 1 none, 2 liquidatable now, 4 bracketed, 8 closed form, 16 capped.
 */
export interface LiquidationColumns {
  /** Liquidatable at this price and below it, quote; 0: at none. */
  readonly down: Float64Array;
  /** Liquidatable at this price and above it, quote; Infinity: at none. */
  readonly up: Float64Array;
  /** How both ends were found, in bits. */
  readonly code: Uint32Array;
}

/** The price that leads the ray of a market. */
function priceNow(book: BookBase, m: number): Pick<LiquidationPrice, 'mark' | 'asset'> {
  const { market, expiry, asset } = book.store.columns;
  if ((market.kind[m] ?? 0) < KIND.call) return { mark: market.mark[m] ?? 0 };
  const spot = expiry.asset[market.expiry[m] ?? 0] ?? 0;
  return { mark: asset.price[spot] ?? 0, asset: book.assetId(spot) };
}

/** Prices of a position. @param alike - those of an option on the same asset, where it has been solved: the ray is one */
function priceOf(
  book: BookBase,
  u: number,
  p: number,
  level: number,
  alike: LiquidationPrice | undefined,
): LiquidationPrice {
  const { market: m, side, size } = book.position(p);
  const { engine } = book.store;
  if (alike) return { ...alike, market: book.marketId(m), side, size };
  engine.openRay(book.store, u, m, level);
  const [down, liquidatable] = certify(book, { unit: u, market: m, size, level }, false);
  engine.openRay(book.store, u, m, level);
  const [up] = certify(book, { unit: u, market: m, size, level }, true);
  return {
    market: book.marketId(m),
    bucket: book.unitBucket(u),
    side,
    size,
    ...priceNow(book, m),
    status: liquidatable ? 'liquidatable' : 'healthy',
    down: down.liquidatable?.price ?? null,
    up: up.liquidatable?.price ?? null,
    certificate: { down, up },
  };
}

/** Columns of all positions; see LiquidationColumns. */
function allPrices(book: BookBase): LiquidationColumns {
  const { store } = book;
  book.refresh();
  ensureRay(book, 0, book.units);
  const rows = store.count('position');
  store.setCount('price', rows);
  store.engine.liquidationPrices(store, 0, book.units);
  const { price } = store.columns;
  return { down: price.down.subarray(0, rows), up: price.up.subarray(0, rows), code: price.code.subarray(0, rows) };
}

/**
 * Liquidation prices of all positions of all accounts, down and up, as columns by position row. Guard and index prices that equal a
 * mark move with it, others stay, as `setMark` has it.
 * @returns columns borrowed until the next call, quote
 * @throws MarginError type, memory
 * @example
 * const { down, up } = liquidationPrices(book);
 * console.log(book.position(0).size, down[0], up[0]);
 */
export function liquidationPrices(book: BookBase): LiquidationColumns;
/**
 * Liquidation prices of every position of an account, down and up, with a certificate each.
 * @param account - id or row
 * @throws MarginError unknown-id, unknown-key, type
 * @example
 * const [price] = liquidationPrices(book, 'a1');
 * console.log(price?.down, price?.certificate.down.tick);
 */
export function liquidationPrices(book: BookBase, account: string | number, options?: PriceOptions): LiquidationPrice[];
export function liquidationPrices(
  book: BookBase,
  account?: string | number,
  options: PriceOptions = {},
): LiquidationColumns | LiquidationPrice[] {
  checkBook(book);
  const level = rayLevel(options);
  if (account === undefined) {
    if (level === LEVEL.maintenance) return allPrices(book);
    throw new MarginError('conflict', {
      path: 'options.level',
      got: options.level,
      expected: 'no level: the columns of a whole book are those of maintenance',
    });
  }
  const units = book.unitsOf(account);
  book.refresh();
  for (const u of units) ensureRay(book, u, u + 1);
  const { unit, position, market } = book.store.columns;
  return units.flatMap((u) => {
    const first = unit.positionStart[u] ?? 0;
    const rows = Array.from({ length: unit.positionCount[u] ?? 0 }, (_, i) => first + i);
    const held = rows.filter((p) => market.kind[(position.key[p] ?? 0) >>> 2] !== KIND.spot);
    const bySpot = new Map<number, LiquidationPrice>();
    return held.map((p) => {
      const m = (position.key[p] ?? 0) >>> 2;
      const spot = (market.kind[m] ?? 0) >= KIND.call ? (market.base[m] ?? NONE) : NONE;
      const price = priceOf(book, u, p, level, bySpot.get(spot));
      if (spot !== NONE) bySpot.set(spot, price);
      return price;
    });
  });
}
