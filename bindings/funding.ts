// Funding that accrues: how long until a margin unit is liquidatable, and where its liquidation prices are by then.
import type { BookBase } from './book/book.js';
import { type Certificate, certify, ensureRay, type PriceOptions, rayLevel } from './certificate.js';
import { MarginError } from './errors.js';
import { MAX_INPUT, NONE } from './layout.js';
import { type LiquidationPrice, liquidationPrices } from './liquidation.js';
import { checkBook } from './margin.js';
import { asMoves, clearShifts, numbersOf } from './shifts.js';

/** Time to liquidation of a margin unit. */
export interface FundingTime {
  /** 0: the cross unit; isolated from 1. */
  bucket: number;
  /** Of the margin unit now. */
  status: 'healthy' | 'liquidatable';
  /** In the unit of time of the rates; 0: liquidatable now; null: funding alone will never do it (within a million of them). */
  time: number | null;
  /** Its prices are times. */
  certificate: Certificate;
}

/**
 * How long each margin unit of an account can pay funding at unchanged prices until it is liquidatable.
 * @param rates - by market id: growth of the funding index (settle units per contract) in a unit of time; longs pay while it grows
 * @throws MarginError unknown-id, type
 * @example
 * const [unit] = timeToLiquidation(book, 'a1', { 'BTC-PERP': 2.5 });
 * console.log(unit?.time?.toFixed(0)); // 960
 */
export function timeToLiquidation(
  book: BookBase,
  account: string | number,
  rates: Record<string, number>,
  options: PriceOptions = {},
): FundingTime[] {
  checkBook(book);
  const level = rayLevel(options);
  const units = book.unitsOf(account);
  const drifts = numbersOf(rates, 'rates', (id, path) => book.market(id, path));
  clearShifts(book);
  for (const [m, rate] of drifts) book.store.columns.market.drift[m] = rate;
  book.refresh();
  try {
    return units.map((u) => {
      ensureRay(book, u, u + 1);
      book.store.engine.openRay(book.store, u, NONE, level);
      const [certificate, liquidatable] = certify(book, null, true);
      const found = certificate.liquidatable;
      return {
        bucket: book.unitBucket(u),
        status: liquidatable ? 'liquidatable' : 'healthy',
        time: liquidatable ? 0 : found ? found.price - 1 : null,
        certificate: asMoves(certificate),
      };
    });
  } finally {
    clearShifts(book);
  }
}

/**
 * Liquidation prices once funding has accrued for a time, as `liquidationPrices` gives them for now.
 * @param rates - by market id, as for timeToLiquidation
 * @param time - in the unit of time of the rates
 * @throws MarginError unknown-id, type, range; the book is as it was, in any case
 * @example
 * const [tomorrow] = pricesAfterFunding(book, 'a1', { 'BTC-PERP': 2.5 }, 24);
 * console.log(tomorrow?.down?.toFixed(2)); // 57636.36
 */
export function pricesAfterFunding(
  book: BookBase,
  account: string | number,
  rates: Record<string, number>,
  time: number,
  options: PriceOptions = {},
): LiquidationPrice[] {
  checkBook(book);
  if (!(time >= 0 && Number.isFinite(time)))
    throw new MarginError('range', { path: 'time', got: time, expected: 'a number >= 0' });
  const drifts = numbersOf(rates, 'rates', (id, path) => book.market(id, path));
  const { fundingIndex } = book.store.columns.market;
  const stood = drifts.map(([m]) => fundingIndex[m] ?? 0);
  const grown = drifts.map(([m, rate], i) => [m, (stood[i] ?? 0) + rate * time] as const);
  const wrong = grown.find(([, index]) => !(Math.abs(index) <= MAX_INPUT));
  if (wrong)
    throw new MarginError('range', { path: 'time', got: time, expected: `a funding index of at most ${MAX_INPUT}` });
  try {
    for (const [m, index] of grown) book.setFundingIndex(m, index);
    return liquidationPrices(book, account, options);
  } finally {
    drifts.forEach(([m], i) => {
      book.setFundingIndex(m, stood[i] ?? 0);
    });
  }
}
