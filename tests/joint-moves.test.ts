// Joint moves along betas, the likeliest move in a covariance, and funding: against closed forms, brute force and each other.

import { describe, expect, it } from 'vitest';
import { Book, MarginError } from '../bindings/index.js';
import {
  accountMargin,
  type BookJSON,
  jointMoves,
  liquidationPrices,
  type MarketJSON,
  nearestMoves,
  pricesAfterFunding,
  timeToLiquidation,
} from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { cases } from './cases.js';
import { Random, randomBook } from './random-book.js';

const market = (id: string, mark: number, more: Partial<MarketJSON> = {}): MarketJSON => ({
  id: `${id}-PERP`,
  kind: 'linear',
  base: id,
  settle: 'USDT',
  mark,
  brackets: [
    { upTo: 50_000, maintenanceRate: 0.005, initialRate: 0.01 },
    { upTo: null, maintenanceRate: 0.02, initialRate: 0.05 },
  ],
  ...more,
});

/** Long 1 BTC at 60,000, short 10 ETH at 3,000, 20,000 USDT. */
const json: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000 },
    { id: 'ETH', price: 3_000 },
  ],
  markets: [market('BTC', 60_000), market('ETH', 3_000)],
  accounts: [
    {
      id: 'a',
      balances: { USDT: 20_000 },
      positions: [
        { market: 'BTC-PERP', size: 1, entry: 60_000 },
        { market: 'ETH-PERP', size: -10, entry: 3_000 },
      ],
    },
  ],
};
const book = (): Book => Book.fromJSON(json);
const BOTH = { markets: { 'BTC-PERP': 1, 'ETH-PERP': 1 } };

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof MarginError) return error.message;
    throw error;
  }
  throw new Error('no error');
};

/** What margin says once the prices have moved. */
function healthAfter(move: Record<string, number>): number {
  const b = book();
  for (const [id, x] of Object.entries(move)) {
    const m = b.market(`${id}-PERP`);
    b.setMark(m, (b.store.columns.market.mark[m] ?? 0) * (1 + x));
    b.setPrice(id, (b.store.columns.asset.price[b.asset(id)] ?? 0) * (1 + x));
  }
  return accountMargin(b, 'a').health.maintenance;
}

describe('a joint move along betas', () => {
  it('is the root of what both positions lose together', () => {
    // 20,000 + 30,000 move = 0.005 (60,000 + 30,000) (1 + move) while BTC is in its first bracket.
    const [unit] = jointMoves(book(), 'a', BOTH);
    expect(unit?.down).toBeCloseTo(-(20_000 - 450) / (30_000 - 450), 12);
    expect(unit?.up).toBeNull();
    expect(Math.abs(healthAfter({ BTC: unit?.down ?? 0, ETH: unit?.down ?? 0 }))).toBeLessThan(1e-9);
  });

  it('of one market is its liquidation price', () => {
    const b = book();
    const [price] = liquidationPrices(b, 'a');
    const [move] = jointMoves(b, 'a', { markets: { 'BTC-PERP': 1 } });
    expect(60_000 * (1 + (move?.down ?? 0))).toBeCloseTo(price?.down ?? 0, 8);
  });

  it('leaves the book as it was, and nothing of one question in the next', () => {
    const b = book();
    const before = b.encode();
    const first = jointMoves(b, 'a', BOTH);
    nearestMoves(b, 'a', { underlyings: ['BTC', 'ETH'], matrix: [0.0016, 0, 0, 0.0025] });
    timeToLiquidation(b, 'a', { 'BTC-PERP': 1 });
    pricesAfterFunding(b, 'a', { 'BTC-PERP': 1 }, 24);
    expect(jointMoves(b, 'a', BOTH)).toEqual(first);
    expect(b.encode()).toEqual(before);
  });

  it('refuses what is not a number and what is not there', () => {
    const b = book();
    const before = b.encode();
    expect(message(() => jointMoves(b, 'a', { markets: { 'BTC-PREP': 1 } }))).toBe(
      'unknown-id at betas.markets.BTC-PREP: got "BTC-PREP", expected the id of a market. Did you mean "BTC-PERP"?',
    );
    expect(message(() => jointMoves(b, 'a', { assets: { BTC: Number.NaN } }))).toMatch(
      /^type at betas\.assets\.BTC: got NaN, expected a finite number/,
    );
    expect(message(() => jointMoves(b, 'a', BOTH, { level: 'maximum' as never }))).toMatch(
      /^type at level: got "maximum", expected initial, maintenance, liquidationEnd, equity/,
    );
    expect(b.encode()).toEqual(before);
  });
});

describe('the likeliest move', () => {
  it('of one underlying is its distance in standard deviations', () => {
    const b = book();
    const [price] = liquidationPrices(b, 'a');
    const [unit] = nearestMoves(b, 'a', { underlyings: ['BTC'], matrix: [0.0016] });
    expect(unit?.move.BTC).toBeCloseTo((price?.down ?? 0) / 60_000 - 1, 12);
    expect(unit?.distance).toBeCloseTo(-(unit?.move.BTC ?? 0) / 0.04, 10);
  });

  it.each([-0.9, -0.3, 0, 0.5, 0.95])('is nearer than any other direction, at a correlation of %s', (rho) => {
    const b = book();
    const matrix = [0.0016, rho * 0.002, rho * 0.002, 0.0025];
    const [unit] = nearestMoves(b, 'a', { underlyings: ['BTC', 'ETH'], matrix });
    const { BTC = 0, ETH = 0 } = unit?.move ?? {};
    expect(Math.abs(healthAfter({ BTC, ETH }))).toBeLessThan(1e-6);
    // Every direction: x = cos, y = sin of independent factors, through the Cholesky root of the matrix.
    for (let degree = 0; degree < 360; degree++) {
      const [x, y] = [Math.cos((degree * Math.PI) / 180), Math.sin((degree * Math.PI) / 180)];
      const markets = { 'BTC-PERP': 0.04 * x, 'ETH-PERP': 0.05 * (rho * x + Math.sqrt(1 - rho * rho) * y) };
      const distance = jointMoves(b, 'a', { markets, assets: {} })[0]?.up ?? Number.POSITIVE_INFINITY;
      expect(distance).toBeGreaterThanOrEqual((unit?.distance ?? 0) * (1 - 1e-9));
    }
  });

  it('is 0 for a unit that is liquidatable, and none where nothing moves it there', () => {
    const b = book();
    const far = nearestMoves(b, 'a', { underlyings: ['BTC'], matrix: [0] });
    expect(far[0]).toMatchObject({ distance: null, status: 'healthy' });
    b.deposit('a', 'USDT', -19_900);
    expect(nearestMoves(b, 'a', { underlyings: ['BTC'], matrix: [0.0016] })[0]).toMatchObject({
      distance: 0,
      status: 'liquidatable',
      move: { BTC: 0 },
    });
  });

  it('refuses matrices that are none', () => {
    const b = book();
    const ask = (underlyings: string[], matrix: number[]) =>
      message(() => nearestMoves(b, 'a', { underlyings, matrix }));
    expect(ask(['BTC', 'ETH'], [1])).toBe(
      'range at covariance.matrix: got 1, expected 4 entries, 2 rows of 2 underlyings',
    );
    expect(ask(['BTC', 'ETH'], [1, 0.5, 0.4, 1])).toMatch(/^range at covariance\.matrix\[1\]: got 0\.5/);
    expect(ask(['BTC'], [-1])).toMatch(/expected a variance >= 0/);
    expect(ask(['BTX'], [1])).toMatch(/^unknown-id at covariance\.underlyings\[0\]: got "BTX".*Did you mean "BTC"/);
  });
});

describe('funding', () => {
  it('takes the health there is, at its rate', () => {
    // Health 20,000 - 0.02 * 60,000 + 750 - 0.005 * 30,000 = 19,400 (the deduction of the second bracket is 750).
    const [unit] = timeToLiquidation(book(), 'a', { 'BTC-PERP': 2.5 });
    expect(unit?.time).toBeCloseTo(19_400 / 2.5, 8);
    expect(timeToLiquidation(book(), 'a', { 'BTC-PERP': -2.5 })[0]?.time).toBeNull();
    // The short side receives what longs pay.
    expect(timeToLiquidation(book(), 'a', { 'ETH-PERP': -0.25 })[0]?.time).toBeCloseTo(19_400 / 2.5, 8);
  });

  it('moves liquidation prices as if it had been booked', () => {
    const b = book();
    const later = pricesAfterFunding(b, 'a', { 'BTC-PERP': 2.5 }, 24);
    b.setFundingIndex('BTC-PERP', 60);
    expect(later).toEqual(liquidationPrices(b, 'a'));
    expect(message(() => pricesAfterFunding(b, 'a', {}, -1))).toBe('range at time: got -1, expected a number >= 0');
    expect(message(() => timeToLiquidation(b, 'a', { 'BTC-PERP': Number.POSITIVE_INFINITY }))).toMatch(
      /^type at rates\.BTC-PERP: got Infinity/,
    );
  });
});

it('kernel and reference agree on random books', { timeout: 30_000 }, () => {
  for (let seed = 1; seed <= cases(8); seed++) {
    const r = new Random(seed);
    const random = randomBook(seed, { features: 0, accounts: 3 });
    const [kernel, reference] = [Book.fromJSON(random), ReferenceBook.fromJSON(random)];
    const markets = Object.fromEntries(random.markets.map(({ id }) => [id, r.between(-1, 1)]));
    const rates = Object.fromEntries(
      random.markets.filter(({ kind }) => kind !== 'spot').map(({ id, mark }) => [id, Number(mark) * r.between(-1, 1)]),
    );
    for (const { id } of random.accounts) {
      expect(jointMoves(kernel, id, { markets })).toEqual(jointMoves(reference, id, { markets }));
      expect(timeToLiquidation(kernel, id, rates)).toEqual(timeToLiquidation(reference, id, rates));
    }
  }
});
