// Joint moves: how far several prices may move together, along a vector of betas, until a margin unit is liquidatable.
import type { BookBase } from './book/book.js';
import { Fields } from './book/fields.js';
import { type Certificate, certify, ensureRay, type PriceOptions, rayLevel } from './certificate.js';
import { MarginError } from './errors.js';
import { KIND, NONE } from './layout.js';
import { checkBook } from './margin.js';
import { asMoves, clearShifts, numbersOf } from './shifts.js';

/** What may move in a joint move: by market id or asset id, the relative move for a move of 1. */
export interface Betas {
  /** By market id: its share of the move; 1 moves it as far, -1 the other way. */
  markets?: Record<string, number>;
  /** By asset id, likewise. */
  assets?: Record<string, number>;
}

/** A joint move at which an account becomes liquidatable. */
export interface JointMove {
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** Of the margin unit now. */
  status: 'healthy' | 'liquidatable';
  /** Move (1: every price by its beta) at which the unit is liquidatable when it grows in the negative direction; null: none. */
  down: number | null;
  /** Move at which it is liquidatable in the positive direction; null: none. */
  up: number | null;
  /** Proof of both ends; its prices are moves. */
  certificate: { down: Certificate; up: Certificate };
}

/**
 * Writes what moves, as parts of the largest beta; everything is read before anything is written.
 * @returns the largest beta: the ray's factor then reaches as far as the price that moves most
 */
function setShifts(book: BookBase, betas: Betas): number {
  const { asset, market } = book.store.columns;
  new Fields(betas, 'betas', ['markets', 'assets']);
  const markets = numbersOf(betas.markets, 'betas.markets', (id, path) => book.market(id, path));
  const option = markets.find(([m]) => (market.kind[m] ?? 0) >= KIND.call);
  if (option)
    throw new MarginError('conflict', {
      path: `betas.markets.${book.marketId(option[0])}`,
      expected: 'no option: its price follows its base asset',
      hint: 'Name the asset in betas.assets',
    });
  const assets = numbersOf(betas.assets, 'betas.assets', (id, path) => book.asset(id, path));
  const largest = [...markets, ...assets].reduce((most, [, beta]) => Math.max(most, Math.abs(beta)), 0) || 1;
  clearShifts(book);
  for (const [m, beta] of markets) market.shift[m] = beta / largest;
  for (const [a, beta] of assets) asset.shift[a] = beta / largest;
  return largest;
}

/**
 * The joint move along a beta vector at which each margin unit of an account becomes liquidatable: every price named becomes
 * price * (1 + beta * move). What is not named stays.
 * @returns one entry a margin unit; `down` and `up` are moves, and so are the certificate's prices
 * @throws MarginError unknown-id, type, conflict (an option); nothing is changed
 * @example
 * const [move] = jointMoves(book, 'a1', { markets: { 'BTC-PERP': 1 } });
 * console.log(move?.down?.toFixed(4)); // -0.0404
 */
export function jointMoves(
  book: BookBase,
  account: string | number,
  betas: Betas,
  options: PriceOptions = {},
): JointMove[] {
  checkBook(book);
  const level = rayLevel(options);
  const units = book.unitsOf(account);
  const largest = setShifts(book, betas);
  try {
    book.refresh();
    const { engine } = book.store;
    const side = (u: number, upper: boolean): [Certificate, boolean] => {
      engine.openRay(book.store, u, NONE, level);
      const [certificate, liquidatable] = certify(book, null, upper);
      return [asMoves(certificate, largest), liquidatable];
    };
    return units.map((u) => {
      ensureRay(book, u, u + 1);
      const [down, liquidatable] = side(u, false);
      const [up] = side(u, true);
      return {
        bucket: book.unitBucket(u),
        status: liquidatable ? 'liquidatable' : 'healthy',
        down: down.liquidatable?.price ?? null,
        up: up.liquidatable?.price ?? null,
        certificate: { down, up },
      };
    });
  } finally {
    clearShifts(book);
  }
}
