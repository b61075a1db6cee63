// Joint moves: how far several prices may move together, along a vector of betas, until a margin unit is liquidatable.
import type { BookBase } from './book/book.js';
import { type Certificate, certify, ensureRay, levelOf, type Point, type PriceOptions } from './certificate.js';
import { NONE } from './layout.js';
import { checkBook } from './margin.js';
import { clearShifts, numbersOf } from './shifts.js';

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

/** Writes what moves; everything is read before anything is written. */
function setShifts(book: BookBase, betas: Betas): void {
  const { asset, market } = book.store.columns;
  const markets = numbersOf(betas.markets, 'betas.markets', (id, path) => book.market(id, path));
  const assets = numbersOf(betas.assets, 'betas.assets', (id, path) => book.asset(id, path));
  clearShifts(book);
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
  const level = levelOf(options.level);
  const units = book.unitsOf(account);
  setShifts(book, betas);
  book.refresh();
  for (const u of units) ensureRay(book, u, u + 1);
  const { engine } = book.store;
  return units.map((u) => {
    const side = (upper: boolean): [Certificate, boolean] => {
      engine.openRay(book.store, u, NONE, level);
      return certify(book, null, upper);
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
