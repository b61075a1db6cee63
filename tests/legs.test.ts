// Positions as legs: what a close frees is what margin says after it, and policies take them as they are.
import { expect, it } from 'vitest';
import {
  accountMargin,
  Book,
  type BookJSON,
  closeSizes,
  closeText,
  legsOf,
  maxOrder,
  maxWithdraw,
  sizeText,
} from '../bindings/index.js';
import { orderLegs, pairedClose } from '../bindings/liquidation/index.js';

const brackets = [
  { upTo: 50_000, maintenanceRate: 0.01, initialRate: 0.02 },
  { upTo: null, maintenanceRate: 0.05, initialRate: 0.1 },
];
const json: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000 },
  ],
  markets: [
    { id: 'BTC-PERP', kind: 'linear', base: 'BTC', settle: 'USDT', mark: 60_000, liquidationFee: 0.001, brackets },
    { id: 'BTC-COIN', kind: 'inverse', settle: 'BTC', multiplier: 100, mark: 60_000, brackets },
    { id: 'ETH-PERP', kind: 'linear', settle: 'USDT', mark: 3000, multiplier: 0.1, brackets },
  ],
  accounts: [
    {
      id: 'a',
      balances: { USDT: 10_000 },
      positions: [
        { market: 'BTC-PERP', size: 1, entry: 60_000 },
        { market: 'BTC-COIN', size: -300, entry: 60_000 },
        { market: 'ETH-PERP', side: 'long', size: 30, entry: 3000 },
        { market: 'ETH-PERP', side: 'short', size: 0, entry: 3000 },
      ],
      orders: [{ market: 'BTC-PERP', side: 'buy', size: 0.5, price: 60_000 }],
    },
  ],
};

it('says what each position is worth, moves like, and frees', () => {
  const legs = legsOf(Book.fromJSON(json), 'a');
  expect(legs.map(({ id, size, notional, underlying, delta, feeRate }) => [id, size, notional, underlying, delta, feeRate]))
    // biome-ignore format: one leg a line
    .toEqual([
    ['BTC-PERP', 1, 60_000, 'BTC', 1, 0.001],
    ['ETH-PERP:long', 30, 9000, 'ETH-PERP', 3, 0],
    ['BTC-COIN', -300, 30_000, 'BTC', -0.5, 0],
  ]);
});

it.each(['initial', 'maintenance'] as const)(
  'what a close frees is what margin says after it, at level %s',
  (level) => {
    const need = (book: Book): number => {
      const { health, collateral, initialMargin, maintenanceMargin } = accountMargin(book, 'a');
      expect(health.maintenance).toBe(collateral - maintenanceMargin);
      return level === 'initial' ? initialMargin : maintenanceMargin;
    };
    for (const leg of legsOf(Book.fromJSON(json), 'a', { level })) {
      const book = Book.fromJSON(json);
      const before = need(book);
      const { market, positionSide, size } = leg;
      book.fill('a', { market, positionSide, size: -Number(size), price: market === 'ETH-PERP' ? 3000 : 60_000 });
      expect(leg.requirement, leg.id).toBe(before - need(book));
    }
  },
);

it('policies take legs as they are', () => {
  const legs = legsOf(Book.fromJSON(json), 'a').map(({ market: _, positionSide: __, ...leg }) => leg);
  expect(orderLegs(legs, 'maxRelief')[0]?.legs[0]?.id).toBe('BTC-COIN');
  const hedge = legs
    .filter(({ underlying }) => underlying === 'BTC')
    .map(({ id, size, delta }) => ({ id, size, delta }));
  expect(pairedClose(hedge, 0.5).residualDelta).toBeCloseTo(0.25, 12);
});

it('refuses what it does not know, and leaves the book as it was', () => {
  const book = Book.fromJSON(json);
  const before = book.encode();
  expect(() => legsOf(book, 'b')).toThrow('unknown-id');
  expect(() => legsOf(book, 'a', { buckets: 1 } as never)).toThrow('unknown-key at options.buckets');
  legsOf(book, 'a');
  expect(book.encode()).toEqual(before);
});

it('sizes in words say what limits them and what a close comes to', () => {
  const book = Book.fromJSON(json);
  expect(sizeText(maxOrder(book, 'a', { market: 'ETH-PERP', side: 'buy', positionSide: 'long' }))).toMatch(
    /^at most \d[\d,.]* at 3,000, worth [\d,.]+: more would leave too little margin; health [\d.,e-]+ is left\n$/,
  );
  expect(sizeText(maxWithdraw(book, 'a', 'BTC'))).toMatch(
    /^at most 0: the balance has no more; health [\d,.]+ is left\n$/,
  );
  const legs = [{ market: 'BTC-PERP' }, { market: 'ETH-PERP', positionSide: 'long' as const }];
  expect(closeText(closeSizes(book, 'a', legs))).toMatch(/^ {2}BTC-PERP: close nothing; the target is reached\n/);
  book.deposit('a', 'USDT', -9000);
  expect(closeText(closeSizes(book, 'a', legs))).toMatch(/BTC-PERP: close [\d.]+/);
  book.deposit('a', 'USDT', -90_000);
  expect(closeText(closeSizes(book, 'a', legs))).toMatch(
    /ETH-PERP long: close 30, all that may be; [\d,.]+ short of the target\nnot enough: the target is out of reach/,
  );
});
