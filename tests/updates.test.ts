// Live updates: prices, totals, deposits, fills, orders, terms and tables, with numbers restated by hand; books after many
// random updates against fresh ones; growth beyond what was reserved, and the maximum.

import { describe, expect, it } from 'vitest';
import { accountMargin, Book, check, explain, MarginError, margin } from '../bindings/index.js';
import { MARGIN_COLUMNS } from '../bindings/margin-columns.js';
import type {
  AccountJSON,
  BookBase,
  BookJSON,
  FillInput,
  MarketJSON,
  OrderInput,
  PositionJSON,
} from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { cases } from './cases.js';
import { Random, randomBook } from './random-book.js';

const LINEAR: MarketJSON = {
  id: 'BTC-PERP',
  kind: 'linear',
  base: 'BTC',
  settle: 'USDT',
  mark: 20000,
  brackets: [
    { upTo: 100_000, maintenanceRate: 0.01, initialRate: 0.02 },
    { upTo: null, maintenanceRate: 0.03, initialRate: 0.05 },
  ],
};
/** 100 dollars a contract. */
const INVERSE: MarketJSON = { ...LINEAR, id: 'BTC-COIN', kind: 'inverse', settle: 'BTC', multiplier: 100 };
const SPOT: MarketJSON = { id: 'BTC/USDT', kind: 'spot', base: 'BTC', quote: 'USDT', mark: 20000 };
const PREDICTION: MarketJSON = { ...LINEAR, id: 'YES', kind: 'prediction', mark: 0.25 };

const EXCHANGE: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 20000 },
  ],
  markets: [LINEAR, INVERSE, SPOT, PREDICTION],
  accounts: [{ id: 'alice', balances: { USDT: 10_000 } }, { id: 'bob' }],
};

const exchange = (change: Partial<BookJSON> = {}): Book => Book.fromJSON({ ...EXCHANGE, ...change });
const alice = (book: BookBase): AccountJSON => book.accountJSON('alice');
const held = (book: BookBase, market = 'BTC-PERP'): PositionJSON | undefined =>
  alice(book).positions?.find((p) => p.market === market);

describe('prices and totals', () => {
  it('setMark moves profit, notional and both requirements', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC-PERP', size: 4, price: 20000 });
    book.setMark('BTC-PERP', 21000);
    // 4 * 1000 profit; 84,000 in the first bracket.
    expect(accountMargin(book, 'alice')).toMatchObject({
      equity: 14_000,
      notional: 84_000,
      maintenanceMargin: 840,
      initialMargin: 1680,
    });
    book.setMark('BTC-PERP', '30000');
    // 120,000: marginal maintenance 0.03 * 120,000 - (0.03 - 0.01) * 100,000, whole initial 0.05 * 120,000.
    expect(accountMargin(book, 'alice')).toMatchObject({ equity: 50_000, notional: 120_000, initialMargin: 6000 });
    expect(accountMargin(book, 'alice').maintenanceMargin).toBeCloseTo(1600, 9);
  });

  it('setMark takes index and guards along where they followed it, and only there', () => {
    const book = exchange({ markets: [{ ...LINEAR, twap: 19_000 }] });
    const c = book.store.columns.market;
    book.setMark('BTC-PERP', 22000);
    expect([c.mark[0], c.index[0], c.twap[0], c.stable[0]]).toEqual([22000, 22000, 19000, 22000]);
    book.setMark('BTC-PERP', 23000, { twap: '21000', index: 22500 });
    expect([c.mark[0], c.index[0], c.twap[0], c.stable[0]]).toEqual([23000, 22500, 21000, 23000]);
    book.setMark('BTC-PERP', 24000);
    expect([c.mark[0], c.index[0], c.twap[0], c.stable[0]]).toEqual([24000, 22500, 21000, 24000]);
    // Longs count at the lowest guard, equity at the mark.
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    expect(accountMargin(book, 'alice')).toMatchObject({ equity: 14_000, collateral: 11_000 });
  });

  it('setPrice moves what a balance is worth, and its guards as setMark does', () => {
    const book = exchange({
      assets: [
        { id: 'USDT', price: 1 },
        { id: 'BTC', price: 20000, stable: 19000 },
      ],
    });
    book.deposit('alice', 'BTC', 2);
    book.setPrice('BTC', 25000);
    expect(accountMargin(book, 'alice')).toMatchObject({ equity: 60_000, collateral: 48_000 });
    book.setPrice('BTC', 0, { stable: 0 });
    expect(accountMargin(book, 'alice')).toMatchObject({ equity: 10_000, collateral: 10_000 });
    const { price, twap, stable } = book.store.columns.asset;
    expect([price[1], twap[1], stable[1]]).toEqual([0, 0, 0]);
  });

  it('setFundingIndex is owed until the next fill settles it', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC-PERP', size: 2, price: 20000 });
    book.setFundingIndex('BTC-PERP', 5);
    expect(accountMargin(book, 'alice').equity).toBe(9990);
    expect(alice(book).balances).toEqual({ USDT: 10_000 });
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    expect(alice(book).balances).toEqual({ USDT: 9990 });
    expect(held(book)).toEqual({ market: 'BTC-PERP', size: 3, cost: 60_000, fundingIndex: 5 });
    expect(accountMargin(book, 'alice').equity).toBe(9990);
    book.fill('bob', { market: 'BTC-PERP', size: -1, price: 20000 });
    book.setFundingIndex('BTC-PERP', 6);
    expect(accountMargin(book, 'bob').equity).toBe(1);
  });

  it('setOpenInterest raises initial rates between the limits', () => {
    const market = { ...LINEAR, openInterestLower: 1e6, openInterestUpper: 3e6 };
    const book = exchange({ markets: [market] });
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    for (const [contracts, rate] of [
      [50, 0.02],
      [100, 0.51],
      [150, 1],
      [1000, 1],
    ] as const) {
      book.setOpenInterest('BTC-PERP', contracts);
      expect(accountMargin(book, 'alice')).toMatchObject({ initialMargin: 20_000 * rate, maintenanceMargin: 200 });
    }
  });

  it('setTotals scales initial weights and moves indices', () => {
    const scaled = { id: 'BTC', price: 20000, depositScaleStart: 1e6, borrowScaleStart: 1e6, liabilityWeight: 1.5 };
    const book = exchange({ assets: [{ id: 'USDT', price: 1 }, scaled] });
    book.deposit('alice', 'BTC', 1);
    book.setTotals('BTC', { deposits: 200 });
    // 4 M deposited, 1 M at full weight: a quarter.
    expect(accountMargin(book, 'alice')).toMatchObject({
      equity: 30_000,
      health: { initial: 15_000, maintenance: 30_000 },
    });
    book.setTotals('BTC', { depositIndex: 1.25 });
    expect(accountMargin(book, 'alice')).toMatchObject({
      equity: 35_000,
      health: { initial: 16_250, maintenance: 35_000 },
    });
    book.deposit('bob', 'BTC', -1);
    book.setTotals('BTC', { borrows: 100, borrowIndex: 2 });
    // A debt of 2 BTC: 40,000 at weight 1.5, initial twice that as 2 M are borrowed.
    expect(accountMargin(book, 'bob')).toMatchObject({
      equity: -40_000,
      maintenanceMargin: 20_000,
      health: { initial: -120_000, maintenance: -60_000 },
    });
    const c = book.store.columns.asset;
    expect([c.deposits[1], c.borrows[1], c.depositIndex[1], c.borrowIndex[1]]).toEqual([200, 100, 1.25, 2]);
  });

  it('setConfidence adds the penalty to the initial requirement', () => {
    const unsure = { confidenceThreshold: 0.9, confidenceFactor: 0.1 };
    const book = exchange({
      markets: [{ ...LINEAR, ...unsure }],
      assets: [
        { id: 'USDT', price: 1, ...unsure },
        { id: 'BTC', price: 1 },
      ],
    });
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    book.setConfidence('market', 'BTC-PERP', 0.5);
    // (1 - 0.5) * 0.1 of 20,000 on top of 0.02.
    expect(accountMargin(book, 'alice').initialMargin).toBe(1400);
    book.setConfidence('asset', 'USDT', 0.5);
    expect(accountMargin(book, 'alice').health.initial).toBe(10_000 - 500 - 1400);
  });
});

describe('guard prices', () => {
  const long = (book: BookBase): number =>
    accountMargin(book, 'alice').equity - accountMargin(book, 'alice').collateral;

  it('count at all levels from the first on, as if the market had been written with them', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    accountMargin(book, 'alice');
    book.setMark('BTC-PERP', 20000, { twap: 19_000 });
    book.setPrice('BTC', 20000, { stable: 21_000 });
    expect(long(book)).toBe(1000);
    const written = exchange({
      assets: [
        { id: 'USDT', price: 1 },
        { id: 'BTC', price: 20000, stable: 21_000 },
      ],
      markets: [{ ...LINEAR, twap: 19_000 }, INVERSE, SPOT, PREDICTION],
      accounts: [alice(book), { id: 'bob' }],
    });
    expect(Buffer.compare(book.encode(), written.encode())).toBe(0);
  });

  it('keep to the levels that the market names', () => {
    const markets = [{ ...LINEAR, twap: 19_500, guard: ['initial'] as ['initial'] }, INVERSE, SPOT, PREDICTION];
    const book = exchange({ markets });
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    book.setMark('BTC-PERP', 20000, { twap: 19_000 });
    expect(long(book)).toBe(0);
    const off = exchange({ markets: [{ ...LINEAR, twap: 19_500, guard: [] }, INVERSE, SPOT, PREDICTION] });
    off.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    off.setMark('BTC-PERP', 20000, { twap: 19_000 });
    expect(long(off)).toBe(0);
  });
});

describe('replaced tables', () => {
  it('leave no rows behind, however often they are replaced', () => {
    const book = exchange();
    const rows = (): number[] => (['line', 'tier', 'bucket'] as const).map((s) => book.store.count(s));
    const before = rows();
    const bytes = Buffer.from(book.encode());
    for (let i = 0; i < 100; i++) {
      book.replaceMarket({ ...LINEAR, brackets: [{ upTo: null, maintenanceRate: 0.5 }] });
      book.replaceMarket(LINEAR);
      book.replaceAsset({
        id: 'BTC',
        price: 20000,
        tiers: [
          { upTo: 10, weight: 0.9 },
          { upTo: null, weight: 0.5 },
        ],
      });
      book.replaceAsset({ id: 'BTC', price: 20000 });
    }
    expect(rows()).toEqual(before);
    expect(Buffer.compare(book.encode(), bytes)).toBe(0);
  });
});

describe('deposits', () => {
  it('add and withdraw in place, in any bucket', () => {
    const book = exchange();
    book.deposit('alice', 'USDT', '-2500.5');
    book.deposit('alice', 'BTC', 1, { bucket: 7 });
    book.deposit('alice', 'BTC', 0.5, { bucket: 3 });
    book.deposit('alice', 'BTC', 0.25, { bucket: 7 });
    expect(alice(book)).toEqual({
      id: 'alice',
      balances: { USDT: 7499.5 },
      buckets: [
        { bucket: 3, balances: { BTC: 0.5 } },
        { bucket: 7, balances: { BTC: 1.25 } },
      ],
    });
    expect(book.unitsOf('alice').map((u) => book.unitBucket(u))).toEqual([0, 3, 7]);
    expect(accountMargin(book, 'alice').units.map((u) => u.equity)).toEqual([7499.5, 10_000, 25_000]);
  });

  it('are real amounts: kept before the deposit index, a debt before the borrow index', () => {
    const book = exchange({
      assets: [
        { id: 'USDT', price: 1, depositIndex: 2, borrowIndex: 4 },
        { id: 'BTC', price: 1 },
      ],
    });
    expect(accountMargin(book, 'alice').equity).toBe(20_000);
    book.deposit('alice', 'USDT', 100);
    expect([alice(book).balances, accountMargin(book, 'alice').equity]).toEqual([{ USDT: 10_050 }, 20_100]);
    // Through zero: 100 owed, kept as 25.
    book.deposit('alice', 'USDT', -20_200);
    expect([alice(book).balances, accountMargin(book, 'alice').equity]).toEqual([{ USDT: -25 }, -100]);
    book.deposit('alice', 'USDT', 300);
    expect([alice(book).balances, accountMargin(book, 'alice').equity]).toEqual([{ USDT: 100 }, 200]);
  });
});

describe('fills', () => {
  const play = (book: Book, fills: readonly FillInput[]): void => {
    for (const f of fills) book.fill('alice', f);
  };
  const perp = (size: number, price: number, more: Partial<FillInput> = {}): FillInput => ({
    market: 'BTC-PERP',
    size,
    price,
    ...more,
  });

  for (const [name, fills, balance, position] of [
    ['open a long', [perp(2, 20000)], 10_000, { size: 2, cost: 40_000 }],
    ['open a short', [perp(-2, 20000)], 10_000, { size: -2, cost: -40_000 }],
    ['add at the average entry', [perp(2, 20000), perp(1, 21500)], 10_000, { size: 3, cost: 61_500 }],
    [
      'reduce: profit is paid, the entry stays',
      [perp(2, 20000), perp(-0.5, 21000)],
      10_500,
      { size: 1.5, cost: 30_000 },
    ],
    ['reduce a short: loss is paid', [perp(-2, 20000), perp(0.5, 21000)], 9500, { size: -1.5, cost: -30_000 }],
    ['close', [perp(2, 20000), perp(-2, 19000)], 8000, undefined],
    [
      'flip: all of the old profit, the new entry',
      [perp(1, 20000), perp(-3, 21000)],
      11_000,
      { size: -2, cost: -42_000 },
    ],
    ['flip back', [perp(-1, 20000), perp(3, 19000)], 11_000, { size: 2, cost: 38_000 }],
    [
      'fees, paid and received',
      [perp(1, 20000, { fee: 7.5 }), perp(1, 20000, { fee: '-2.5' })],
      9995,
      { size: 2, cost: 40_000 },
    ],
    ['a size of 0 pays its fee and leaves no row', [perp(0, 20000, { fee: 1 })], 9999, undefined],
    ['decimal strings', [{ market: 'BTC-PERP', size: '1.5', price: '20000' }], 10_000, { size: 1.5, cost: 30_000 }],
  ] as [string, FillInput[], number, Partial<PositionJSON> | undefined][]) {
    it(name, () => {
      const book = exchange();
      play(book, fills);
      expect(alice(book).balances).toEqual({ USDT: balance });
      expect(held(book)).toEqual(position && { market: 'BTC-PERP', fundingIndex: 0, ...position });
    });
  }

  it('in lots: a close that rounding leaves less than a millionth of a lot of is whole, and check says so before', () => {
    for (const Entry of [Book, ReferenceBook]) {
      const book = Entry.fromJSON({ ...EXCHANGE, markets: [{ ...LINEAR, lot: 0.1 }] });
      for (const size of [0.1, 0.2]) book.fill('alice', { market: 'BTC-PERP', size, price: 20_000 });
      const { after } = check(book, 'alice', { market: 'BTC-PERP', side: 'sell', size: 0.3, fee: 0 });
      book.fill('alice', { market: 'BTC-PERP', size: -0.3, price: 20_000 });
      expect(book.accountJSON('alice').positions).toBeUndefined();
      const { units } = accountMargin(book, 'alice');
      expect(units[0]).toMatchObject({ notional: 0, maintenanceMargin: 0 });
      expect(after.notional).toBe(0);
      expect(after.equity).toBe(units[0]?.equity);
      // What is no rounding stays, opened or left: a tenth of a lot, and a size far below one that nobody has closed.
      book.fill('alice', { market: 'BTC-PERP', size: 0.31, price: 20_000 });
      book.fill('alice', { market: 'BTC-PERP', size: -0.3, price: 20_000 });
      expect(book.accountJSON('alice').positions?.[0]?.size).toBeCloseTo(0.01, 12);
      book.fill('bob', { market: 'BTC-PERP', size: 1e-9, price: 20_000 });
      expect(book.accountJSON('bob').positions?.[0]?.size).toBe(1e-9);
    }
  });

  it('inverse: profit in coin, cost with the sign of the size', () => {
    const book = exchange();
    book.deposit('alice', 'BTC', 1);
    const coin = { market: 'BTC-COIN' };
    // 200 contracts of 100 dollars at 20,000 are 1 coin.
    book.fill('alice', { ...coin, size: 200, price: 20000 });
    expect(held(book, 'BTC-COIN')).toEqual({ ...coin, size: 200, cost: 1, fundingIndex: 0 });
    book.setMark('BTC-COIN', 40000);
    // 20,000 dollars are half a coin now.
    expect(accountMargin(book, 'alice').equity).toBe(10_000 + 1.5 * 20_000);
    book.fill('alice', { ...coin, size: -100, price: 40000 });
    expect(alice(book).balances).toEqual({ USDT: 10_000, BTC: 1.25 });
    expect(held(book, 'BTC-COIN')).toEqual({ ...coin, size: 100, cost: 0.5, fundingIndex: 0 });
    book.fill('alice', { ...coin, size: -300, price: 40000, fee: 0.25 });
    expect(alice(book).balances).toEqual({ USDT: 10_000, BTC: 1.25 });
    expect(held(book, 'BTC-COIN')).toEqual({ ...coin, size: -200, cost: -0.5, fundingIndex: 0 });
    book.fill('alice', { ...coin, size: 200, price: 20000 });
    // 20,000 dollars were half a coin when sold and are a whole one now.
    expect(alice(book).balances).toEqual({ USDT: 10_000, BTC: 1.25 + (1 - 0.5) });
    expect(alice(book).positions).toBeUndefined();
  });

  it('hedge mode keeps a row for each side', () => {
    const book = exchange();
    play(book, [perp(2, 20000, { positionSide: 'long' }), perp(-3, 20000, { positionSide: 'short' }), perp(1, 20000)]);
    play(book, [perp(-2, 21000, { positionSide: 'long' }), perp(1, 21000, { positionSide: 'short' })]);
    expect(alice(book).balances).toEqual({ USDT: 10_000 + 2000 - 1000 });
    expect(alice(book).positions).toEqual([
      { market: 'BTC-PERP', size: 1, cost: 20_000, fundingIndex: 0 },
      { market: 'BTC-PERP', side: 'short', size: -2, cost: -40_000, fundingIndex: 0 },
    ]);
  });

  it('a prediction bought at 0.25 pays 0.75 a contract at 1', () => {
    const book = exchange();
    book.fill('alice', { market: 'YES', size: 1000, price: 0.25 });
    expect(accountMargin(book, 'alice').equity).toBe(10_000);
    book.setMark('YES', 0.75);
    expect(accountMargin(book, 'alice').equity).toBe(10_500);
    book.fill('alice', { market: 'YES', size: -1000, price: 0.75 });
    expect(alice(book).balances).toEqual({ USDT: 10_500 });
  });

  it('spot swaps balances', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC/USDT', size: 0.5, price: 16000, fee: 8 });
    expect(alice(book).balances).toEqual({ USDT: 10_000 - 8000 - 8, BTC: 0.5 });
    book.fill('alice', { market: 'BTC/USDT', size: -0.25, price: 20000 });
    expect(alice(book).balances).toEqual({ USDT: 1992 + 5000, BTC: 0.25 });
    expect(alice(book).positions).toBeUndefined();
    expect(accountMargin(book, 'alice').equity).toBe(6992 + 5000);
  });

  it('fees are paid where there is no balance yet, and a side settles where it trades', () => {
    const book = exchange();
    book.fill('bob', { market: 'BTC-PERP', size: 1, price: 20000, fee: 12, bucket: 4 });
    expect(book.accountJSON('bob').buckets).toEqual([
      {
        bucket: 4,
        balances: { USDT: -12 },
        positions: [{ market: 'BTC-PERP', size: 1, cost: 20_000, fundingIndex: 0 }],
      },
    ]);
    expect(accountMargin(book, 'bob').units.map((u) => u.equity)).toEqual([0, -12]);
  });

  it('at the mark and without fee conserve equity, whatever they open, close or settle', () => {
    for (let seed = 0; seed < cases(300); seed++) {
      const r = new Random(seed);
      const json = randomBook(seed);
      const book = Book.fromJSON(json);
      // What counts in whole units rounds its notional, and equity with it.
      const derivatives = json.markets.filter((m) => m.kind !== 'spot' && !m.rounding);
      if (derivatives.length === 0) continue;
      for (let i = 0; i < 8; i++) {
        const { id: market, mark = 1 } = r.pick(derivatives);
        const row = book.market(market);
        const account = r.int(0, book.accounts - 1);
        const unit = r.pick(book.unitsOf(account));
        const bucket = book.unitBucket(unit);
        const before = accountMargin(book, account);
        const own = book.accountJSON(account);
        const holdings = bucket === 0 ? own : own.buckets?.find((b) => b.bucket === bucket);
        const size = Number(holdings?.positions?.find((p) => p.market === market && p.side === undefined)?.size ?? 1);
        book.fill(account, {
          market,
          bucket,
          price: mark,
          size: r.pick([size, -size, -size / 3, -2 * size, r.between(-5, 5)]),
        });
        const after = accountMargin(book, account);
        const scale = before.notional + after.notional + Math.abs(before.equity) + worthOf(book, unit, row);
        expect(Math.abs(after.equity - before.equity), `seed ${seed}, ${market}`).toBeLessThanOrEqual(1e-12 * scale);
      }
    }
  });
});

/** What a unit's balances of the settle asset are worth gross: the scale at which its sums round. */
function worthOf(book: BookBase, unit: number, market: number): number {
  const { asset, balance, unit: units, market: markets } = book.store.columns;
  let sum = 1;
  const start = units.balanceStart[unit] ?? 0;
  for (let b = start; b < start + (units.balanceCount[unit] ?? 0); b++) {
    const a = balance.asset[b] ?? 0;
    if (a === markets.settle[market]) sum += Math.abs(balance.amount[b] ?? 0) * (asset.price[a] ?? 0) * 2;
  }
  return sum;
}

describe('orders', () => {
  const bid = (size: number, price: number): OrderInput => ({ market: 'BTC-PERP', side: 'buy', size, price });
  const ask = (size: number, price: number): OrderInput => ({ market: 'BTC-PERP', side: 'sell', size, price });
  const none = { market: 'BTC-PERP', size: 0, notional: 0, worst: 0 };

  it('add up by position key, with the extreme prices', () => {
    const book = exchange();
    for (const o of [bid(1, 15000), bid(2, 16000), bid(3, 14000), ask(1, 26000), ask(2, 25000)])
      book.placeOrder('alice', o);
    expect(alice(book).orders).toEqual([
      { market: 'BTC-PERP', side: 'buy', size: 6, notional: 89_000, worst: 16_000, count: 5 },
      { market: 'BTC-PERP', side: 'sell', size: 3, notional: 76_000, worst: 25_000, count: 0 },
    ]);
    book.placeOrder('alice', { ...bid(1, 1), positionSide: 'long' });
    book.placeOrder('alice', { ...bid(1, 2), bucket: 2 });
    expect(alice(book).orders).toHaveLength(3);
    expect(alice(book).buckets?.[0]?.orders).toEqual([
      { ...none, side: 'buy', size: 1, notional: 2, worst: 2, count: 1 },
    ]);
    // The worst of 6 bought and 3 sold: 120,000 in the second bracket, whole; 1 bought beside it.
    expect(accountMargin(book, 'alice').units[0]?.initialMargin).toBe(120_000 * 0.05 + 20_000 * 0.02);
  });

  it('aggregates come and go as a whole', () => {
    const book = exchange();
    const aggregate = {
      market: 'BTC-PERP',
      side: 'sell',
      size: 10,
      notional: 250_000,
      worst: 21_000,
      count: 4,
    } as const;
    book.placeOrder('alice', aggregate);
    book.placeOrder('alice', { ...aggregate, size: 5, notional: 100_000, worst: 20_500, count: 1 });
    expect(alice(book).orders).toEqual([
      { market: 'BTC-PERP', side: 'sell', size: 15, notional: 350_000, worst: 20_500, count: 5 },
    ]);
    book.cancelOrder('alice', { ...aggregate, remaining: 20_500 });
    expect(alice(book).orders?.[0]).toMatchObject({ size: 5, notional: 100_000, worst: 20_500, count: 1 });
  });

  it('an aggregate that goes as a whole takes its count along, however many orders it is said to be', () => {
    const book = exchange();
    const untouched = Buffer.from(book.encode());
    const aggregate = { market: 'BTC-PERP', side: 'buy', size: 10, notional: 250_000 } as const;
    book.placeOrder('alice', { ...aggregate, count: 4 });
    book.cancelOrder('alice', aggregate);
    expect(Buffer.compare(book.encode(), untouched)).toBe(0);
  });

  it('cancel keeps the extreme price, the safe side, unless the one that remains is named', () => {
    const book = exchange();
    for (const o of [bid(1, 15000), bid(2, 16000), ask(1, 25000), ask(1, 24000)]) book.placeOrder('alice', o);
    book.cancelOrder('alice', bid(2, 16000));
    expect(alice(book).orders?.[0]).toMatchObject({ size: 1, notional: 15_000, worst: 16_000, count: 3 });
    book.cancelOrder('alice', { ...ask(1, 24000), remaining: '25000' });
    expect(alice(book).orders?.[1]).toMatchObject({ size: 1, notional: 25_000, worst: 25_000 });
    book.cancelOrder('alice', bid(1, 15000));
    expect(alice(book).orders).toEqual([
      { market: 'BTC-PERP', side: 'sell', size: 1, notional: 25_000, worst: 25_000, count: 1 },
    ]);
    book.placeOrder('alice', bid(1, 9000));
    expect(alice(book).orders?.[0]).toMatchObject({ size: 1, notional: 9000, worst: 9000, count: 2 });
  });

  it('cancel refuses a price that no open order can have', () => {
    const book = exchange();
    for (const o of [bid(1, 15000), bid(1, 16000), ask(1, 25000), ask(1, 24000)]) book.placeOrder('alice', o);
    const before = Buffer.from(book.encode());
    expect(() => book.cancelOrder('alice', bid(1, 17000))).toThrow(
      'range at order.price: got 17000, expected at most 16000, the highest open bid',
    );
    expect(() => book.cancelOrder('alice', ask(1, 23000))).toThrow(
      'range at order.price: got 23000, expected at least 24000, the lowest open ask',
    );
    expect(Buffer.compare(book.encode(), before)).toBe(0);
  });

  it('the last order leaves nothing, whatever sums have rounded, and its row is used again', () => {
    const book = exchange();
    const untouched = Buffer.from(book.encode());
    for (const sizes of [
      [0.1, 0.7],
      [0.1, 0.2, 0.3],
      [1e6, 0.001, 0.002],
      [0.3, 1 / 3, 0.1],
      [1e-9, 3e-9, 7e-9],
    ]) {
      for (const order of [bid, ask]) {
        for (const s of sizes) book.placeOrder('alice', order(s, 15000.1));
        for (const s of sizes) book.cancelOrder('alice', order(s, 15000.1));
        expect(Buffer.compare(book.encode(), untouched), `${sizes}`).toBe(0);
        for (const s of sizes) book.placeOrder('alice', order(s, 15000.1));
        for (const s of [...sizes].reverse()) book.cancelOrder('alice', order(s, 15000.1));
        expect(Buffer.compare(book.encode(), untouched), `${sizes}, last first`).toBe(0);
      }
    }
    expect(book.store.count('order')).toBe(1);
  });

  it('what rounding leaves is nothing, what is still open is not', () => {
    const book = exchange();
    book.placeOrder('alice', bid(1e6, 15000));
    book.placeOrder('alice', bid(0.5, 15000));
    book.cancelOrder('alice', bid(1e6, 15000));
    expect(alice(book).orders?.[0]).toMatchObject({ size: 0.5, notional: 7500, count: 1 });
  });

  it('a spot order opens the balance of its quote asset; bids without size go by their notional', () => {
    const book = exchange();
    const order = { market: 'BTC/USDT', side: 'sell', size: 1, price: 30000 } as const;
    book.placeOrder('bob', order);
    expect(book.accountJSON('bob')).toEqual({
      id: 'bob',
      balances: { USDT: 0, BTC: 0 },
      orders: [{ market: 'BTC/USDT', side: 'sell', size: 1, notional: 30_000, worst: 30_000, count: 1 }],
    });
    book.cancelOrder('bob', order);
    const reserve = { market: 'BTC/USDT', side: 'buy', notional: 900, count: 2 } as const;
    book.placeOrder('bob', reserve as unknown as OrderInput);
    book.cancelOrder('bob', { ...reserve, notional: 300, count: 1 } as unknown as OrderInput);
    expect(book.accountJSON('bob').orders?.[0]).toMatchObject({ size: 0, notional: 600, count: 1 });
    book.cancelOrder('bob', { ...reserve, notional: 600, count: 1 } as unknown as OrderInput);
    expect(book.accountJSON('bob')).toEqual({ id: 'bob', balances: { USDT: 0, BTC: 0 } });
  });

  it('an order keeps the row of a position that closes', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    book.placeOrder('alice', ask(1, 25000));
    book.fill('alice', { market: 'BTC-PERP', size: -1, price: 20000 });
    expect(held(book)).toEqual({ market: 'BTC-PERP', size: 0, cost: 0, fundingIndex: 0 });
    expect(accountMargin(book, 'alice').initialMargin).toBe(400);
    book.cancelOrder('alice', ask(1, 25000));
    expect([alice(book).positions, alice(book).orders]).toEqual([undefined, undefined]);
  });
});

describe('explain of what binds', () => {
  const rounding: MarketJSON['rounding'] = { notional: 'floor', requirement: 'floor' };
  const marketOf = (change: Partial<MarketJSON>): MarketJSON => ({
    ...LINEAR,
    mark: 100,
    brackets: [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }],
    rounding,
    ...change,
  });
  const bindingOf = (change: Partial<MarketJSON>, leverage?: number) => {
    const book = exchange({ markets: [marketOf(change)] });
    book.fill('alice', { market: 'BTC-PERP', size: 100, price: 100 });
    if (leverage) book.setLeverage('alice', 'BTC-PERP', leverage);
    return explain(book, 'alice').units[0]?.positions[0]?.binding;
  };

  it('in whole units: the table, the own rate, open interest, a share of the initial requirement', () => {
    expect(bindingOf({})?.initial).toMatchObject({ rule: 'bracket', rate: 0.02, notional: 10_000 });
    expect(bindingOf({}, 2)?.initial).toMatchObject({ rule: 'ownRate', rate: 0.5, notional: 10_000 });
    const open = { openInterest: 150, openInterestLower: 10_000, openInterestUpper: 20_000 };
    expect(bindingOf(open)?.initial).toMatchObject({ rule: 'openInterest', rate: 0.51 });
    const share = { rounding: { ...rounding, maintenanceFraction: 0.25 } };
    expect(bindingOf(share)?.maintenance).toMatchObject({ rule: 'bracket', rate: 0.005 });
  });

  it('names reserved orders that convert to nothing, with their margin', () => {
    const assets = [
      { id: 'USDT', price: 1 },
      { id: 'BTC', price: 0 },
    ];
    const book = exchange({ assets, markets: [{ ...SPOT, spotOrders: 'reserve', orderMargin: 7 }] });
    book.placeOrder('alice', { market: 'BTC/USDT', side: 'buy', size: 1, price: 2 });
    const unit = explain(book, 'alice').units[0];
    expect([unit?.initialMargin, unit?.spotOrders[0]?.orderMargin]).toEqual([7, 7]);
  });

  it('gives no ratio and no entry that is not a number', () => {
    const book = exchange({ accounts: [{ id: 'alice', balances: { USDT: 1e-310 } }] });
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    expect(accountMargin(book, 'alice').marginRatio).toBe(null);
    const positions = [{ market: 'BTC-COIN', size: 1000, cost: 5e-324 }];
    const other = exchange({ accounts: [{ id: 'alice', positions }] });
    expect(explain(other, 'alice').units[0]?.positions[0]?.entry).toBe(null);
  });
});

describe('a tie of bids and asks', () => {
  it('goes to the asks, also where rounding makes the bids the worse', () => {
    // 100 * 0.85 - 100 = -100 * 1.15 + 100; 1 bid at 0.8 risks as much as 4 asked of a prediction at 0.8.
    const assets = [
      { id: 'USDT', price: 1 },
      { id: 'BTC', price: 100, assetWeight: 0.85, liabilityWeight: 1.15 },
    ];
    const whole = [{ upTo: null, maintenanceRate: 1 }];
    const markets = [
      { ...SPOT, mark: 100 },
      { ...PREDICTION, mark: 0.8, brackets: whole },
    ];
    const book = exchange({ assets, markets });
    for (const [market, bid, ask] of [
      ['BTC/USDT', 1, 1],
      ['YES', 1, 4],
    ] as const) {
      book.placeOrder('alice', { market, side: 'buy', size: bid, price: 0.5 });
      book.placeOrder('alice', { market, side: 'sell', size: ask, price: 0.5 });
    }
    const unit = explain(book, 'alice').units[0];
    expect(unit?.positions.map((p) => p.orders?.outcome)).toEqual(['asks']);
    expect(unit?.spotOrders.map((o) => o.outcome.maintenance)).toEqual(['asks']);
    expect(unit?.maintenanceMargin).toBeCloseTo(15.8, 12);
  });
});

describe('spot orders in contracts of several coins', () => {
  it.each(['fill', 'reserve'] as const)('%s: count as so many coins', (spotOrders) => {
    const weights = { assetWeight: 0.9, liabilityWeight: 1.1 };
    const assets = [
      { id: 'USDT', price: 1, ...weights },
      { id: 'BTC', price: 20000, ...weights },
    ];
    const risks = [1, 4].map((multiplier) => {
      const book = exchange({ assets, markets: [{ ...SPOT, multiplier, spotOrders }] });
      book.placeOrder('alice', { market: 'BTC/USDT', side: 'buy', size: 8 / multiplier, price: 21_000 });
      book.placeOrder('alice', { market: 'BTC/USDT', side: 'sell', size: 2 / multiplier, price: 19_000 });
      const reference = ReferenceBook.decode(book.encode());
      expect(accountMargin(reference, 'alice')).toEqual(accountMargin(book, 'alice'));
      return accountMargin(book, 'alice');
    });
    expect(risks[1]).toEqual(risks[0]);
  });
});

describe('terms and tables', () => {
  it('setLeverage is a floor on the initial rate of one position', () => {
    const book = exchange();
    book.setLeverage('alice', 'BTC-PERP', 5);
    expect(held(book)).toEqual({ market: 'BTC-PERP', size: 0, cost: 0, fundingIndex: 0, initialRate: 0.2 });
    book.fill('alice', { market: 'BTC-PERP', size: 2, price: 20000 });
    expect(accountMargin(book, 'alice')).toMatchObject({ initialMargin: 8000, maintenanceMargin: 400 });
    book.setLeverage('alice', 'BTC-PERP', '100');
    expect(accountMargin(book, 'alice').initialMargin).toBe(800);
    book.setLeverage('alice', 'BTC-PERP', 2, { bucket: 1, positionSide: 'short' });
    book.fill('alice', { market: 'BTC-PERP', size: -1, price: 20000, bucket: 1, positionSide: 'short' });
    expect(accountMargin(book, 'alice').units[1]).toMatchObject({ initialMargin: 10_000, maintenanceMargin: 200 });
    book.fill('alice', { market: 'BTC-PERP', size: -2, price: 20000 });
    expect(held(book)).toMatchObject({ size: 0, initialRate: 0.01 });
  });

  it('setTerms holds in all buckets, also those opened later; what is not said stays', () => {
    const book = exchange();
    for (const bucket of [0, 1]) book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000, bucket });
    book.setTerms('alice', { marginMultiplier: 2, liquidationBuffer: 0.01 });
    book.setTerms('alice', { initialRateFloor: 0.5 });
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000, bucket: 2 });
    const { units } = accountMargin(book, 'alice');
    // 0.5 of 20,000 twice; the maintenance rate twice; 0.01 of the notional at the end of a liquidation.
    for (const unit of units) expect(unit).toMatchObject({ initialMargin: 20_000, maintenanceMargin: 400 });
    expect(units.map((u) => u.health.liquidationEnd)).toEqual([10_000 - 600, -600, -600]);
    expect(alice(book)).toMatchObject({ marginMultiplier: 2, liquidationBuffer: 0.01, initialRateFloor: 0.5 });
    book.setTerms('alice', { marginMultiplier: 1, liquidationBuffer: 0, initialRateFloor: 0 });
    expect(accountMargin(book, 'alice')).toMatchObject({ initialMargin: 1200, maintenanceMargin: 600 });
  });

  it('replaceMarket and replaceAsset bring new tables at once; holdings stay', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC-PERP', size: 1, price: 20000 });
    const brackets = [
      { upTo: 10_000, maintenanceRate: 0.05, initialRate: 0.1 },
      { upTo: 15_000, maintenanceRate: 0.1, initialRate: 0.2 },
      { upTo: null, maintenanceRate: 0.2, initialRate: 0.4 },
    ];
    book.replaceMarket({ ...LINEAR, mark: 22000, brackets, underlying: 'another' });
    // 10,000 * 0.05 + 5000 * 0.1 + 7000 * 0.2; initial 0.4 of the whole.
    expect(accountMargin(book, 'alice')).toMatchObject({
      equity: 12_000,
      maintenanceMargin: 2400,
      initialMargin: 8800,
    });
    book.replaceAsset({
      id: 'USDT',
      price: 0.5,
      tiers: [
        { upTo: 1000, weight: 1 },
        { upTo: null, weight: 0.5 },
      ],
    });
    // 12,000 at 0.5 are 6000: 1000 whole, 5000 by half. The requirement is in settle units too.
    expect(accountMargin(book, 'alice')).toMatchObject({ equity: 6000, collateral: 3500, initialMargin: 4400 });
    const fresh = Book.fromJSON(book.toJSON());
    expect(Buffer.compare(fresh.encode(), book.encode())).toBe(0);
    expect(accountMargin(fresh, 'alice')).toEqual(accountMargin(book, 'alice'));
  });
});

describe('replaceAccount', () => {
  it('holdings and terms become what is said; a bucket that is not named is emptied', () => {
    const book = exchange();
    book.fill('alice', { market: 'BTC-PERP', size: 4, price: 20000 });
    book.placeOrder('alice', { market: 'BTC-PERP', side: 'buy', size: 1, price: 19000 });
    book.deposit('alice', 'USDT', 50, { bucket: 2 });
    const state: AccountJSON = {
      id: 'alice',
      marginMultiplier: 2,
      balances: { USDT: 500, BTC: 0.25 },
      positions: [
        { market: 'BTC-PERP', size: -1, entry: 21000 },
        { market: 'YES', size: 3, entry: 0.5 },
      ],
      buckets: [{ bucket: 1, balances: { USDT: 7 }, positions: [{ market: 'BTC-COIN', size: 1, entry: 20000 }] }],
    };
    expect(book.replaceAccount(state)).toBe(0);
    // 1000 profit of the short, 3 * -0.25 of the prediction; 20,000 * 0.01 and 3 * 0.25 * 0.01, twice.
    const { units } = accountMargin(book, 'alice');
    expect(units.map(({ bucket }) => bucket)).toEqual([0, 1, 2]);
    expect(units[0]).toMatchObject({ equity: 500 + 5000 + 1000 - 0.75, maintenanceMargin: 2 * (200 + 0.0075) });
    expect(units[2]).toMatchObject({ equity: 0, maintenanceMargin: 0 });
    const fresh = exchange({
      accounts: [{ ...state, buckets: [...(state.buckets ?? []), { bucket: 2 }] }, { id: 'bob' }],
    });
    expect(Buffer.compare(fresh.encode(), book.encode())).toBe(0);
  });

  it('any state after any other is that of a book made with it, to the byte, on both engines', () => {
    for (let seed = 0; seed < cases(40); seed++) {
      const json = randomBook(seed, { features: 1, accounts: 4 });
      const states = [seed + 1000, seed + 2000].map((s) => randomBook(s, { features: 1, accounts: 4 }).accounts);
      for (const book of [Book.fromJSON(json), ReferenceBook.fromJSON(json)]) {
        const r = new Random(seed);
        for (let i = 0; i < 20; i++) {
          const other = r.chance(0.5) ? r.pick(json.accounts) : r.pick(r.pick(states));
          const before = Buffer.from(book.encode());
          try {
            book.replaceAccount({ ...other, id: r.pick(json.accounts).id });
          } catch (e) {
            // Accounts of other random books name markets that are not here.
            expect(e, `seed ${seed}`).toBeInstanceOf(MarginError);
            expect(Buffer.compare(book.encode(), before), `seed ${seed}`).toBe(0);
          }
          if (r.chance(0.3)) randomUpdate(r, book, json);
        }
        const bytes = book.encode();
        expect(Buffer.compare(Book.fromJSON(book.toJSON()).encode(), bytes), `seed ${seed}`).toBe(0);
        expect(Buffer.compare(Book.decode(bytes).encode(), bytes), `seed ${seed}`).toBe(0);
      }
    }
  });

  it('a refused state, for what it says or for want of rows, leaves the book as it was', () => {
    const book = Book.create({ maximum: { accounts: 2, units: 2, balances: 3, positions: 2, orders: 1 } });
    for (const a of EXCHANGE.assets) book.addAsset(a);
    for (const m of EXCHANGE.markets) book.addMarket(m);
    book.addAccount({ id: 'a', balances: { USDT: 1 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 20000 }] });
    book.addAccount({ id: 'b', balances: { USDT: 1 } });
    const order = { market: 'BTC-PERP', side: 'buy', size: 1, price: 20000 } as const;
    const refused: [AccountJSON, string][] = [
      [{ id: 'c' }, 'unknown-id at account.id: got "c", expected the id of an account'],
      [{ id: 'a', balances: { USDX: 1 } }, 'unknown-id at account.balances.USDX: got "USDX"'],
      [{ id: 'a', balances: { USDT: 1, BTC: 1 }, buckets: [{ bucket: 1 }] }, 'too-many at unit: got 3'],
      [{ id: 'b', orders: [order, { ...order, market: 'YES' }] }, 'too-many at order: got 2'],
      [
        {
          id: 'b',
          balances: { USDT: 1, BTC: 1 },
          positions: [
            { market: 'BTC-COIN', size: 1, entry: 1 },
            { market: 'YES', size: 1, entry: 1 },
          ],
        },
        'too-many at balance: got 4',
      ],
    ];
    for (const [state, message] of refused) {
      const before = Buffer.from(book.encode());
      expect(() => book.replaceAccount(state)).toThrow(message);
      expect(Buffer.compare(book.encode(), before)).toBe(0);
    }
    // Order rows that were freed serve again, and rows that suffice stay where they are.
    for (let i = 0; i < 100; i++) book.replaceAccount({ id: 'a', balances: { USDT: i }, orders: [order] });
    expect(book.store.count('order')).toBe(1);
  });
});

/** One random update of a random account; what it can not do (cancel what is not open) it leaves. */
function randomUpdate(r: Random, book: BookBase, json: BookJSON): void {
  const account = r.int(0, book.accounts - 1);
  const { id: asset, price } = r.pick(json.assets);
  const m = r.pick(json.markets);
  const mark = Number(m.mark);
  const bucket = r.pick([0, 0, 0, 1, 2, 5]);
  const positionSide = r.pick(['net', 'net', 'net', 'long', 'short'] as const);
  const near = (): number => (m.kind === 'prediction' ? r.between(0.01, 0.99) : mark * r.between(0.8, 1.25));
  const size = r.wide(0.001, 1e4) * (positionSide === 'short' || (positionSide === 'net' && r.chance(0.5)) ? -1 : 1);
  const order = {
    market: m.id,
    positionSide,
    bucket,
    side: r.pick(['buy', 'sell'] as const),
    size: Math.abs(size),
    price: near(),
  };
  const kind = r.int(0, 13);
  if (kind < 4) book.fill(account, { market: m.id, positionSide, bucket, size, price: near(), fee: r.between(-1, 1) });
  else if (kind === 4) book.deposit(account, asset, r.between(-1000, 1000), { bucket });
  else if (kind === 5) book.placeOrder(account, order);
  else if (kind === 6) {
    book.placeOrder(account, order);
    book.placeOrder(account, { ...order, size: 1 });
    book.cancelOrder(account, order);
  } else if (kind === 7) book.setMark(m.id, near(), r.chance(0.3) && !m.rounding ? { twap: near() } : {});
  else if (kind === 8) book.setPrice(asset, Number(price) * r.between(0.8, 1.25));
  else if (kind === 9) book.setTerms(account, { marginMultiplier: r.between(0.5, 2), initialRateFloor: r.next() });
  else if (kind === 10) book.setTotals(asset, { deposits: r.wide(1, 1e6), borrowIndex: r.between(1, 2) });
  else if (kind === 11) book.addAccount({ id: `late ${book.accounts}`, balances: { [asset]: r.wide(1, 1e4) } });
  else if (m.kind !== 'spot') {
    book.setFundingIndex(m.id, r.between(-10, 10));
    book.setOpenInterest(m.id, r.wide(1, 1e7));
    if (kind === 13) book.setLeverage(account, m.id, r.int(1, 50), { bucket, positionSide });
  }
}

const UNIT_COLUMNS = [...MARGIN_COLUMNS, 'status'] as const;

describe('after many random updates', () => {
  it('a book margins to the bits of a fresh one with the same content', () => {
    for (let seed = 0; seed < cases(150); seed++) {
      const json = randomBook(seed);
      const live = Book.fromJSON(json);
      const reference = ReferenceBook.fromJSON(json);
      const [r, s] = [new Random(seed), new Random(seed)];
      for (let i = 0; i < 60; i++) {
        randomUpdate(r, live, json);
        randomUpdate(s, reference, json);
      }
      const bytes = live.encode();
      expect(Buffer.compare(reference.encode(), bytes), `seed ${seed}: engines`).toBe(0);
      const now = margin(live).copy();
      for (const fresh of [Book.fromJSON(live.toJSON()), Book.decode(bytes), reference]) {
        expect(Buffer.compare(fresh.encode(), bytes), `seed ${seed}`).toBe(0);
        const then = margin(fresh);
        for (let account = 0; account < live.accounts; account++) {
          const units = live.unitsOf(account);
          fresh.unitsOf(account).forEach((v, i) => {
            const u = units[i] ?? -1;
            for (const name of UNIT_COLUMNS) {
              if (!Object.is(then[name][v], now[name][u]))
                expect.fail(`seed ${seed}, ${name}: ${then[name][v]} and ${now[name][u]}`);
            }
          });
        }
        // Units that were opened late fold at another place of the house.
        for (const name of ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional'] as const) {
          const scale = now[name].reduce((sum, x) => sum + Math.abs(x), 0);
          expect(Math.abs(then.totals[name] - now.totals[name])).toBeLessThanOrEqual(1e-13 * scale);
        }
      }
    }
  }, 60_000);
});

describe('capacity', () => {
  it('growth far beyond what was reserved keeps every number', () => {
    const reserve = { accounts: 2, units: 3, balances: 2, positions: 2, orders: 1 };
    const book = Book.create({ reserve });
    const r = new Random(20221109);
    const names = Array.from({ length: 6 }, (_, i) => `A${i}`);
    for (const id of names) book.addAsset({ id, price: 1 });
    const markets = Array.from({ length: 9 }, (_, i) => ({ ...LINEAR, id: `M${i}`, base: 'A0', settle: `A${i % 6}` }));
    for (const m of markets) book.addMarket(m);
    // What the book must hold, kept beside it.
    const balances = new Map<string, number>();
    const sizes = new Map<string, number>();
    const bids = new Map<string, number>();
    const add = (map: Map<string, number>, key: string, x: number): void => void map.set(key, (map.get(key) ?? 0) + x);
    for (let i = 0; i < 400; i++) book.addAccount({ id: `u${i}` });
    for (let i = 0; i < 20_000; i++) {
      const account = r.int(0, 399);
      const bucket = r.chance(0.8) ? 0 : r.int(1, 3);
      const m = r.pick(markets);
      const key = `${account} ${bucket} ${m.id}`;
      const x = r.int(1, 100);
      const kind = r.int(0, 2);
      if (kind === 0) {
        book.deposit(`u${account}`, m.settle, x, { bucket });
        add(balances, `${account} ${bucket} ${m.settle}`, x);
      } else if (kind === 1) {
        book.fill(`u${account}`, { market: m.id, size: x, price: 20000, bucket });
        add(sizes, key, x);
        add(balances, `${account} ${bucket} ${m.settle}`, 0);
      } else {
        book.placeOrder(`u${account}`, { market: m.id, side: 'buy', size: x, price: 1, bucket });
        add(bids, key, x);
        add(balances, `${account} ${bucket} ${m.settle}`, 0);
      }
    }
    for (const kind of ['account', 'unit', 'balance', 'position', 'order'] as const) {
      expect(book.store.count(kind)).toBeGreaterThan(100 * (reserve[`${kind}s`] ?? 1));
    }
    const seen = {
      balances: new Map<string, number>(),
      sizes: new Map<string, number>(),
      bids: new Map<string, number>(),
    };
    book.toJSON().accounts.forEach((account, a) => {
      for (const h of [{ ...account, bucket: 0 }, ...(account.buckets ?? [])]) {
        for (const [id, amount] of Object.entries(h.balances ?? {}))
          seen.balances.set(`${a} ${h.bucket} ${id}`, Number(amount));
        for (const p of h.positions ?? []) {
          if (p.size !== 0) seen.sizes.set(`${a} ${h.bucket} ${p.market}`, Number(p.size));
          expect(p.cost).toBe(Number(p.size) * 20000);
        }
        for (const o of h.orders ?? []) seen.bids.set(`${a} ${h.bucket} ${o.market}`, Number(o.notional));
      }
    });
    const sorted = (map: Map<string, number>): [string, number][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(sorted(seen.balances)).toEqual(sorted(balances));
    expect(sorted(seen.sizes)).toEqual(sorted(sizes));
    expect(sorted(seen.bids)).toEqual(sorted(bids));
    const fresh = Book.decode(book.encode());
    expect(margin(fresh).totals.notional).toBe(margin(book).totals.notional);
  });

  it('reserve makes room at once, and nothing grows until it is full', () => {
    const book = exchange();
    book.reserve({ accounts: 1000, balances: 3000, positions: 5000, orders: 10 });
    const { columns, memory } = book.store.bytes;
    const amounts = book.store.columns.balance.amount;
    for (let i = 0; i < 900; i++) {
      book.addAccount({
        id: `u${i}`,
        balances: { USDT: i },
        positions: [{ market: 'BTC-PERP', size: 1, entry: 20000 }],
      });
    }
    expect(book.store.bytes).toEqual({ columns, memory });
    // The same views: no cut, no copy.
    expect(book.store.columns.balance.amount).toBe(amounts);
    expect(amounts[book.store.columns.unit.balanceStart[book.unit('u899')] ?? 0]).toBe(899);
  });

  it('a decoded book has the slack that was asked for: updates within it grow nothing', () => {
    const json = exchange({
      accounts: Array.from({ length: 1000 }, (_, i) => ({ id: `u${i}`, balances: { USDT: i } })),
    });
    const bytes = json.encode();
    const more = (book: BookBase): boolean => {
      const { memory } = book.store.bytes;
      for (let i = 0; i < 200; i++) book.addAccount({ id: `late ${i}`, balances: { USDT: 1 } });
      return book.store.bytes.memory > memory;
    };
    expect(more(Book.decode(bytes, { slack: 0.2 }))).toBe(false);
    expect(more(Book.decode(bytes))).toBe(true);
    const [plain, roomy] = [Book.decode(bytes), ReferenceBook.decode(bytes, { slack: 0.5 })];
    expect(Buffer.compare(plain.encode(), roomy.encode())).toBe(0);
    expect(() => Book.decode(bytes, { slack: 2 })).toThrow('range at options.slack: got 2');
    expect(() => Book.decode(bytes, { slak: 0.1 } as object)).toThrow('unknown-key at options.slak');
  });

  /** Runs an update that must be refused for want of rows, and compares the book before and after. */
  function expectFull(book: Book, message: string, update: () => void): void {
    const before = Buffer.from(book.encode());
    expect(update).toThrow(MarginError);
    expect(update).toThrow(message);
    expect(Buffer.compare(book.encode(), before)).toBe(0);
  }

  it('the maximum is an error, the book stays as it was, and what is there can still change', () => {
    const book = Book.create({ maximum: { accounts: 3, units: 4, balances: 5, positions: 4, orders: 2 } });
    for (const a of EXCHANGE.assets) book.addAsset(a);
    for (const m of EXCHANGE.markets) book.addMarket(m);
    const position = (market: string): PositionJSON => ({ market, size: 1, entry: 0.5 });
    const order = (market: string): OrderInput => ({ market, side: 'buy', size: 1, price: 0.5 });
    book.addAccount({ id: 'a', balances: { USDT: 1 }, positions: [position('BTC-PERP'), position('YES')] });
    book.addAccount({ id: 'b', balances: { USDT: 1, BTC: 1 } });
    // More rows than are left, though not all are taken: nothing is written half-way.
    expectFull(book, 'too-many at position: got 5, expected at most 4 rows', () => {
      book.addAccount({ id: 'c', positions: [position('BTC-PERP'), position('YES'), position('BTC-COIN')] });
    });
    expectFull(book, 'too-many at unit: got 5, expected at most 4 rows', () => {
      book.addAccount({ id: 'c', buckets: [{ bucket: 1 }, { bucket: 2 }] });
    });
    book.addAccount({ id: 'c', balances: { USDT: 1 } });
    expectFull(book, 'too-many at account: got 4, expected at most 3 rows', () => book.addAccount({ id: 'd' }));
    expectFull(book, 'too-many at account: got 4, expected at most 3 rows', () => {
      book.addColumns({
        accounts: 1,
        balances: { account: Uint32Array.of(), asset: Uint32Array.of(), amount: Float64Array.of() },
        positions: {
          account: Uint32Array.of(),
          market: Uint32Array.of(),
          size: Float64Array.of(),
          entry: Float64Array.of(),
        },
      });
    });
    // The fifth balance goes to a bucket, which would be the fourth unit: a sixth row is refused and the bucket with it.
    book.deposit('c', 'BTC', 1);
    expectFull(book, 'too-many at balance: got 6, expected at most 5 rows', () =>
      book.deposit('c', 'USDT', 1, { bucket: 1 }),
    );
    expectFull(book, 'too-many at balance', () => book.fill('a', { market: 'BTC-COIN', size: 1, price: 1 }));
    expectFull(book, 'too-many at balance', () => book.fill('a', { market: 'BTC/USDT', size: 1, price: 1 }));
    expectFull(book, 'too-many at balance', () => book.placeOrder('a', order('BTC/USDT')));
    expectFull(book, 'too-many at balance', () => book.setLeverage('a', 'BTC-COIN', 2));
    expect(book.units).toBe(3);
    // Rows that are there take updates.
    book.deposit('c', 'USDT', 5);
    book.fill('a', { market: 'BTC-PERP', size: 2, price: 0.5 });
    book.placeOrder('a', order('BTC-PERP'));
    book.placeOrder('a', order('YES'));
    expectFull(book, 'too-many at order: got 3, expected at most 2 rows', () =>
      book.placeOrder('b', order('BTC-PERP')),
    );
    book.placeOrder('a', order('YES'));
    book.cancelOrder('a', order('BTC-PERP'));
    // The freed order row serves again, and the two positions that are left as well.
    book.placeOrder('b', order('BTC-PERP'));
    book.fill('b', { market: 'YES', size: 1, price: 0.5 });
    expectFull(book, 'too-many at position: got', () => book.fill('b', { market: 'BTC-COIN', size: 1, price: 0.5 }));
    book.fill('b', { market: 'YES', size: -1, price: 0.5 });
    book.fill('b', { market: 'BTC-COIN', size: 1, price: 0.5 });
    book.deposit('b', 'USDT', 1);
    expect(book.accountJSON('b').positions?.map((p) => p.market)).toEqual(['BTC-PERP', 'BTC-COIN']);
    expect(book.accountJSON('c').balances).toEqual({ USDT: 6, BTC: 1 });
    expectFull(book, 'too-many at position: got 1000, expected at most 4 rows', () =>
      book.reserve({ positions: 1000 }),
    );
  });
});

describe.each([
  ['kernel', Book],
  ['reference', ReferenceBook],
] as const)('a getter of an argument that calls the book (%s)', (_name, Entry) => {
  const made = (): BookBase => Entry.fromJSON(EXCHANGE);
  const hedge = { positionSide: 'net' } as const;
  /** Moves the memory: what was cut from it before is old. */
  const grow = (book: BookBase): void => {
    for (let i = book.assets; i < 3000; i++) book.addAsset({ id: `asset${i}`, price: 1 });
    for (let i = book.accounts; i < 3000; i++) book.addAccount({ id: `more${i}`, balances: { BTC: 1 } });
  };
  const whole = (book: BookBase): void => {
    const bytes = book.encode();
    expect(Buffer.compare(Entry.decode(bytes).encode(), bytes)).toBe(0);
    expect(Buffer.compare(Entry.fromJSON(book.toJSON()).encode(), bytes)).toBe(0);
  };

  type Update = (book: BookBase, more: () => void) => void;
  type Getting = readonly [string, Update, (book: BookBase) => unknown, unknown];
  type Refused = readonly [string, Update];

  it('keeps its account where the update is refused', () => {
    const book = made();
    book.deposit('alice', 'USDT', '1e30');
    const place = {
      get bucket(): number {
        if (book.accounts === 2) book.addAccount({ id: 'new', balances: { USDT: 777 } });
        return 0;
      },
    };
    expect(() => book.deposit('alice', 'USDT', '1e30', place)).toThrow('range at amount');
    book.addAccount({ id: 'next', balances: { USDT: 1 } });
    expect(book.accountJSON('new').balances).toEqual({ USDT: 777 });
    expect(book.unit('next')).not.toBe(book.unit('new'));
    whole(book);
  });

  // biome-ignore format: one case a line
  it.each(
    [
      ['setPrice', (b, more) => b.setPrice('USDT', 0.9, { get twap() { more(); return 0.8; } }), (b) => [b.assetJSON('USDT').price, b.assetJSON('USDT').twap], [0.9, 0.8]],
      ['setMark', (b, more) => b.setMark('BTC-PERP', 21_000, { get index() { more(); return 20_500; } }), (b) => [b.marketJSON('BTC-PERP').mark, b.marketJSON('BTC-PERP').index], [21_000, 20_500]],
      ['setTotals', (b, more) => b.setTotals('BTC', { get deposits() { more(); return 7; } }), (b) => b.assetJSON('BTC').deposits, 7],
      ['deposit', (b, more) => b.deposit('bob', 'BTC', 3, { get bucket() { more(); return 4; } }), (b) => b.accountJSON('bob').buckets, [{ bucket: 4, balances: { BTC: 3 } }]],
      ['fill', (b, more) => b.fill('alice', { market: 'BTC-PERP', size: 1, get price() { more(); return 20_000; } }), (b) => held(b)?.size, 1],
      ['placeOrder', (b, more) => b.placeOrder('alice', { market: 'BTC-PERP', side: 'buy', size: 2, get price() { more(); return 9; } }), (b) => alice(b).orders?.[0]?.notional, 18],
      ['setLeverage', (b, more) => b.setLeverage('alice', 'BTC-PERP', 4, { ...hedge, get bucket() { more(); return 0; } }), (b) => held(b)?.initialRate, 0.25],
      ['setTerms', (b, more) => b.setTerms('alice', { get marginMultiplier() { more(); return 3; } }), (b) => alice(b).marginMultiplier, 3],
    ] as const satisfies readonly Getting[],
  )('is read before anything is looked up: %s', (_call, update, read, wanted) => {
    const book = made();
    update(book, () => grow(book));
    expect(read(book)).toEqual(wanted);
    whole(book);
  });

  it('is heard once: what is checked is what is written', () => {
    const book = made();
    let heard = 0;
    const bid = { market: 'BTC-PERP', size: 1, price: 100, side: 'buy' } as const;
    const order = {
      market: 'BTC-PERP',
      size: 1,
      price: 100,
      get side(): 'buy' | 'sell' {
        heard++;
        return heard === 1 ? 'buy' : 'sell';
      },
    };
    book.placeOrder('alice', bid);
    book.cancelOrder('alice', Object.create(order));
    expect(heard).toBe(1);
    expect(alice(book).orders).toBeUndefined();
  });

  // biome-ignore format: one case a line
  it.each(
    [
      ['addAsset', (b, more) => b.addAsset({ id: 'X', get price() { more(); return 1; } })],
      ['replaceAsset', (b, more) => b.replaceAsset({ id: 'BTC', get price() { more(); return 1; } })],
      ['addMarket', (b, more) => b.addMarket({ ...LINEAR, id: 'X', get mark() { more(); return 1; } })],
      ['replaceMarket', (b, more) => b.replaceMarket({ ...LINEAR, get mark() { more(); return 1; } })],
      ['addAccount', (b, more) => b.addAccount({ id: 'x', get balances() { more(); return { BTC: 1 }; } })],
      ['replaceAccount', (b, more) => b.replaceAccount({ id: 'alice', get orders() { more(); return []; } })],
    ] as const satisfies readonly Refused[],
  )('is refused where parts of it were read before: %s', (_call, update) => {
    const book = made();
    const twin = made();
    // A value may be asked for more than once.
    const more = (b: BookBase) => (): void => {
      if (b.accounts === accounts) b.addAccount({ id: 'inner', balances: { USDT: 777 } });
    };
    const { accounts } = book;
    more(twin)();
    expect(() => update(book, more(book))).toThrow(/^conflict at \w+: expected an argument that leaves the book alone/);
    expect(Buffer.compare(book.encode(), twin.encode())).toBe(0);
    whole(book);
  });

  it('is read once by addColumns', () => {
    const book = made();
    let [named, asked] = [0, 0];
    const ids = Object.defineProperty(['x', 'y'], 0, {
      get: () => {
        named++;
        if (named === 1) grow(book);
        return named === 1 ? 'x' : 'alice';
      },
    });
    const asset = Object.defineProperty([0, 1], 1, { get: () => (asked++ === 0 ? 1 : 99) });
    const positions = { account: Uint32Array.of(), market: Uint32Array.of(), size: Float64Array.of() };
    const row = book.addColumns({
      accounts: 2,
      ids,
      balances: { account: Uint32Array.of(0, 1), asset: asset as never, amount: Float64Array.of(5, 6) },
      positions: { ...positions, entry: Float64Array.of() },
    });
    expect(book.accountId(row)).toBe('x');
    expect(book.accountJSON('y').balances).toEqual({ BTC: 6 });
    whole(book);
  });
});
