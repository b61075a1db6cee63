// Edges of liquidation prices that once went wrong: hedged rows in the columns, ticks beside narrow ranges and coarse units,
// prices that do not matter, units that are liquidatable now.
import { describe, expect, it } from 'vitest';
import {
  Book,
  type BookJSON,
  liquidationPrices,
  type MarketJSON,
  nearestMoves,
  timeToLiquidation,
} from '../bindings/index.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';

const market = (more: Partial<MarketJSON> = {}): MarketJSON => ({
  id: 'P',
  kind: 'linear',
  settle: 'USDT',
  mark: 100,
  brackets: [{ upTo: null, maintenanceRate: 0.1 }],
  ...more,
});
const bookOf = (more: Partial<BookJSON>): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [market()],
  accounts: [],
  ...more,
});
const account = (USDT: number, ...positions: object[]): BookJSON['accounts'] =>
  [{ id: 'a', balances: { USDT }, positions }] as BookJSON['accounts'];
const pricesOf = (json: BookJSON) => liquidationPrices(Book.fromJSON(json), 'a');

describe('both sides of a hedged position', () => {
  const sides = [
    { market: 'P', side: 'long', size: 2, entry: 100 },
    { market: 'P', side: 'short', size: -2, entry: 100 },
  ];
  it.each([
    ['alone', bookOf({ accounts: account(50, ...sides) })],
    ['beside another market', bookOf({ markets: [market(), market({ id: 'Q' })], accounts: account(50, ...sides) })],
  ])('move together in the columns too: %s', (_name, json) => {
    for (const book of [Book.fromJSON(json), ReferenceBook.fromJSON(json)]) {
      const columns = liquidationPrices(book);
      // 50 = 0.1 * 4 * price.
      expect([...columns.down]).toEqual([0, 0]);
      for (const up of columns.up) expect(up).toBeCloseTo(125, 9);
      expect([...columns.up]).toEqual(liquidationPrices(book, 'a').map(({ up }) => up));
    }
  });
});

describe('ticks', () => {
  // biome-ignore format: one case a line
  it.each([
    ['ceil', 0, 2, 2, 2.499, 2.778],
    ['trunc', 300, 8, 1.3, 1.387, 1.389],
    ['ceil', 3000, 8, 2, 1.999, 2.084],
  ] as const)('stay beside the healthy range in coarse units: %s, %d, %d at %d', (requirement, V, size, entry, down, up) => {
    const markets = [
      market({
        settle: 'U',
        mark: 1,
        tick: 0.001,
        brackets: [{ upTo: null, maintenanceRate: 0.18, initialRate: 0.25 }],
        rounding: { notional: 'exact', requirement },
      }),
    ];
    const assets = [{ id: 'U', price: 1000 }, { id: 'V', price: 1 }];
    const accounts = [{ id: 'a', balances: { V }, positions: [{ market: 'P', size, entry }] }];
    const [price] = pricesOf(bookOf({ assets, markets, accounts }));
    expect(price?.status).toBe('liquidatable');
    expect(price?.certificate.down.tick?.liquidatable).toBe(down);
    expect(price?.certificate.up.tick?.liquidatable).toBe(up);
    expect(price?.down).toBeLessThan(price?.up ?? 0);
  });

  it('are none where the healthy range lies between two, or where the one before would be no price', () => {
    const short = { market: 'P', size: -1, entry: 3 };
    const [price] = pricesOf(bookOf({ markets: [market({ mark: 10, tick: 5 })], accounts: account(0, short) }));
    expect(price?.up).toBeCloseTo(3 / 1.1, 12);
    expect(price?.certificate.up.tick).toBeNull();
  });
});

it('a price that a unit does not read does not end its ray', () => {
  const json = bookOf({
    assets: [
      { id: 'USDT', price: 1 },
      { id: 'B', price: 100 },
    ],
    markets: [market({ base: 'B', beta: -1 })],
    accounts: account(200, { market: 'P', size: -1, entry: 100 }),
  });
  expect(pricesOf(json)[0]?.up).toBeCloseTo(300 / 1.1, 9);
  expect(liquidationPrices(Book.fromJSON(json)).up[0]).toBeCloseTo(300 / 1.1, 9);
});

it('what is liquidatable now is 0 away, by the operator of the house', () => {
  const json = bookOf({ liquidatableWhen: '<=', accounts: account(10, { market: 'P', size: 1, entry: 100 }) });
  const book = Book.fromJSON(json);
  expect(nearestMoves(book, 'a', { underlyings: ['P'], matrix: [0.01] })[0]).toMatchObject({
    status: 'liquidatable',
    distance: 0,
  });
  book.deposit('a', 'USDT', -0.5);
  for (const rate of [1, -1]) expect(timeToLiquidation(book, 'a', { P: rate })[0]?.time).toBe(0);
});

it('a covariance that no moves could have is refused', () => {
  const book = Book.fromJSON(
    bookOf({ markets: [market(), market({ id: 'Q' })], accounts: account(50, { market: 'P', size: 1, entry: 100 }) }),
  );
  const ask = (matrix: number[], underlyings = ['P', 'Q']) => nearestMoves(book, 'a', { underlyings, matrix });
  expect(() => ask([0.0016, 0.01, 0.01, 0.0025])).toThrow('no mix of moves has a negative variance');
  expect(() => ask([0, 0.01, 0.01, 0.0025])).toThrow('no mix of moves has a negative variance');
  expect(() => ask([1, 0, 0, 1], ['P', 'P'])).toThrow('duplicate at covariance.underlyings[1]');
  expect(ask([0.0016, 0.002, 0.002, 0.0025])[0]?.distance).toBeGreaterThan(0);
  expect(() => timeToLiquidation(book, 'a', { P: 1e305 })).toThrow('range at rates.P');
  expect(() => timeToLiquidation(book, 'a', undefined as never)).toThrow('type at rates');
  expect(() => liquidationPrices(book, undefined as never, { level: 'initial' })).toThrow('conflict at options.level');
});
