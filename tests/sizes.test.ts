// The largest order, the largest withdrawal and the least close: by hand on an exchange that a person can follow, against the
// same trade booked for good over random books, kernel against reference, and what holds whatever the numbers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundTo } from '../bindings/book/steps.js';
import {
  accountMargin,
  Book,
  type CloseLeg,
  type CloseOptions,
  check,
  closeSizes,
  MarginError,
  maxLeverage,
  maxOrder,
  maxWithdraw,
  type OrderSize,
  type TradeInput,
} from '../bindings/index.js';
import type { AccountJSON, BookBase, BookJSON, Bracket, MarketJSON, OrderJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Random } from './random-book.js';
import {
  difference,
  filled,
  fillReally,
  type RealTrade,
  randomTrade,
  realTrade,
  riskOf,
  tradable,
} from './real-trade.js';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20200312), numRuns: Number(process.env.FC_RUNS ?? 100) });

const ROUNDS = Number(process.env.SIZE_BOOKS ?? 4);
const TIMEOUT = 30_000 + ROUNDS * 2000;

const flat = (rate: number): Bracket[] => [{ upTo: null, initialRate: rate, maintenanceRate: rate / 2 }];
const linear = (id: string, more: Partial<MarketJSON> = {}): MarketJSON => ({
  id,
  kind: 'linear',
  settle: 'USDT',
  mark: 100,
  brackets: flat(0.1),
  ...more,
});

const LINES = [
  { upTo: 10_000, initialRate: 0.01, maintenanceRate: 0.005 },
  { upTo: 50_000, initialRate: 0.02, maintenanceRate: 0.01 },
  { upTo: null, initialRate: 0.05, maintenanceRate: 0.025 },
];

const exchange = (account: Omit<AccountJSON, 'id'>, more: Partial<MarketJSON> = {}): Book =>
  Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USDT', price: 1 },
      { id: 'COIN', price: 100 },
      { id: 'HALF', price: 100, assetWeight: 0.5 },
      { id: 'LENT', price: 1, liabilityWeight: 1.1, depositIndex: 1.2, borrowIndex: 1.5 },
    ],
    markets: [
      linear('PERP', { lot: 1, ...more }),
      linear('OTHER'),
      linear('SUMS', { brackets: LINES, tables: { form: 'marginal' } }),
      linear('WHOLE', { brackets: LINES, tables: { form: 'whole' } }),
      linear('UNITS', { lot: 1, rounding: { notional: 'trunc', requirement: 'ceil' } }),
      { id: 'INVERSE', kind: 'inverse', settle: 'COIN', multiplier: 100, mark: 100, brackets: flat(0.1) },
      { id: 'YES', kind: 'prediction', settle: 'USDT', mark: 0.4, brackets: flat(0.5) },
      { id: 'HALF/USDT', kind: 'spot', base: 'HALF', quote: 'USDT', mark: 100 },
      { id: 'COIN/USDT', kind: 'spot', base: 'COIN', quote: 'USDT', mark: 100 },
    ],
    accounts: [{ id: 'a', ...account }, { id: 'nobody' }],
  });

const CASH = { balances: { USDT: 1000 } };

describe('maxOrder', () => {
  const most = (book: Book, input: Partial<TradeInput> = {}): OrderSize =>
    maxOrder(book, 'a', { market: 'PERP', side: 'buy', ...input });

  it.each([
    ['margin for 10 % of 100 a contract', {}, {}, 100],
    ['and its fee', {}, { fee: 0.001 }, 99],
    ['and what a price above the mark loses at once', {}, { price: 101 }, 90],
    ['a price below the mark counts as the mark', {}, { price: 50 }, 100],
    ['selling at a price below the mark loses too', {}, { side: 'sell', price: 99 }, 90],
    ['a price above the mark is no gain of a sale', {}, { side: 'sell', price: 200 }, 100],
    ['a rebate is income', {}, { fee: -0.01 }, 111],
    ['lots of a thousandth', { lot: 0.001 }, { fee: 0.001 }, 99.009],
    ['no lot', { lot: 0 }, { price: '101' }, 1000 / 11],
    ['a bracket table that adds up', {}, { market: 'SUMS', fee: 0.0005 }, 2600 / 5.05],
    ['a rate for the whole notional', {}, { market: 'WHOLE', fee: 0.0005 }, 1000 / 2.05],
    ['whole units of the settle asset', {}, { market: 'UNITS' }, 100],
    ['a prediction bought at 0.4', {}, { market: 'YES' }, 5000],
    ['a prediction sold at 0.4 risks 0.6', {}, { market: 'YES', side: 'sell' }, 1000 / 0.3],
    ['spot with borrowed quote: what is bought counts half', {}, { market: 'HALF/USDT' }, 20],
    [
      'spot sold short: a debt of weight 1 costs nothing but the fee',
      {},
      { market: 'COIN/USDT', side: 'sell', fee: 0.01 },
      1000,
    ],
    ['at most maxSize', { maxSize: 30 }, {}, 30],
  ] as [string, Partial<MarketJSON>, Partial<TradeInput>, number][])('%s', (_name, market, input, size) => {
    const found = most(exchange(CASH, market), input);
    expect(found.size).toBeCloseTo(size, 9);
    expect(found.bound).toBe(market.maxSize === undefined ? 'margin' : 'maxSize');
    expect(found.health).toBeGreaterThanOrEqual(0);
  });

  it('stops at a bracket that the equity does not reach across', () => {
    const book = exchange({ balances: { USDT: 150 } });
    // 10,000 need 100; one unit more needs 2 % of all of it.
    expect(most(book, { market: 'WHOLE' })).toMatchObject({ size: 100, health: 50, notional: 10_000 });
    expect(most(book, { market: 'SUMS' }).size).toBeCloseTo(125, 9);
  });

  it('turns a position: what closes frees its margin', () => {
    const book = exchange({ ...CASH, positions: [{ market: 'PERP', size: 10, entry: 100 }] });
    expect(most(book).size).toBe(90);
    expect(most(book, { side: 'sell' }).size).toBe(110);
  });

  it('counts the worst of the open orders', () => {
    const orders: AccountJSON['orders'] = [{ market: 'PERP', side: 'sell', size: 10, price: 100 }];
    const book = exchange({ ...CASH, orders });
    // Long x with asks of 10 is at worst x; short x with them is x + 10.
    expect(most(book).size).toBe(100);
    expect(most(book, { side: 'sell' }).size).toBe(90);
  });

  it('on the long side only grows, or closes what is there', () => {
    const book = exchange({ ...CASH, positions: [{ market: 'PERP', side: 'long', size: 10, entry: 100 }] });
    expect(most(book, { positionSide: 'long' }).size).toBe(90);
    expect(most(book, { positionSide: 'long', side: 'sell' })).toMatchObject({ size: 10, bound: 'maxSize' });
    expect(most(book, { positionSide: 'short' }).size).toBe(0);
    expect(most(book, { positionSide: 'short', side: 'sell' }).size).toBe(90);
  });

  it('below the initial margin is what closes the position', () => {
    const book = exchange({ balances: { USDT: 60 }, positions: [{ market: 'PERP', size: -10, entry: 100 }] });
    expect(most(book)).toMatchObject({ size: 10, bound: 'margin', health: 60, leverage: 0 });
    expect(most(book, { side: 'sell' })).toMatchObject({ size: 0, health: -40 });
    expect(most(book, { market: 'OTHER' }).size).toBe(0);
  });

  it('below it is no more than check takes as less risky', () => {
    const short = { balances: { USDT: 60 }, positions: [{ market: 'PERP', size: -10, entry: 100 }] };
    const bids = (size: number) => ({ ...short, orders: [{ market: 'PERP', side: 'buy' as const, size, price: 90 }] });
    // The worst of 10 - x and x + the bids weighs more than before from here on.
    for (const [size, left] of [
      [12, 8],
      [25, 0],
    ] as const) {
      const book = exchange(bids(size));
      expect([size, most(book).size]).toEqual([size, left]);
      expect(check(book, 'a', { market: 'PERP', side: 'buy', size: left + 1 }).reason).toBe('moreRisk');
      if (left > 0) expect(check(book, 'a', { market: 'PERP', side: 'buy', size: left }).reason).toBe('lessRisk');
    }
    expect(most(exchange(bids(12), { lot: 0 })).size).toBeCloseTo(8, 9);
    const long = { market: 'PERP', size: 10, entry: 100 };
    const book = exchange({ balances: { USDT: 150 }, positions: [long, { ...long, market: 'OTHER' }] });
    // Each sold at 80 loses 20 of 150 and frees 5 of 100; at 95 it loses 5.
    expect(most(book, { side: 'sell', price: 80 })).toMatchObject({ size: 0, bound: 'margin', health: -50 });
    expect(most(book, { side: 'sell', price: 95 })).toMatchObject({ size: 10, health: 0 });
  });

  it('above it is not what closes at a price that the account cannot pay', () => {
    const book = exchange({ balances: { USDT: 120 }, positions: [{ market: 'PERP', size: 10, entry: 100 }] });
    // Each sold at 80 loses 20 and frees 10 of the 20 that are free.
    expect(most(book, { side: 'sell', price: 80 })).toMatchObject({ size: 2, health: 0 });
    expect(most(book, { side: 'sell', price: 90 })).toMatchObject({ size: 11, health: 0 });
  });

  it('closes a position that is no multiple of the lot', () => {
    const positions = [{ market: 'PERP', side: 'long' as const, size: 0.5, entry: 100 }];
    expect(most(exchange({ ...CASH, positions }), { side: 'sell', positionSide: 'long' }).size).toBe(0.5);
  });

  it('in whole units is the largest number of lots, also where parts of a lot would round worse', () => {
    const book = exchange(CASH);
    for (const cash of [1, 3, 17, 333, 999, 1001]) {
      book.deposit('nobody', 'USDT', cash);
      const { size } = maxOrder(book, 'nobody', { market: 'UNITS', side: 'buy' });
      expect([cash, size]).toEqual([cash, Math.floor(cash / 10)]);
      book.deposit('nobody', 'USDT', -cash);
    }
  });

  it('of an account that has nothing is 0', () => {
    const book = exchange(CASH);
    for (const market of ['PERP', 'SUMS', 'WHOLE', 'UNITS', 'INVERSE', 'YES', 'COIN/USDT']) {
      for (const side of ['buy', 'sell'] as const) {
        const { size, leverage } = maxOrder(book, 'nobody', { market, side, fee: 0.001 });
        expect([market, side, size, leverage]).toEqual([market, side, 0, null]);
      }
    }
  });

  it('of an inverse market is in its coin', () => {
    const book = exchange({ balances: { COIN: 1 } });
    expect(most(book, { market: 'INVERSE' }).size).toBeCloseTo(10, 9);
    // 0.8 coins paid for what is worth 1 where it stands, so 0.2 lost and 0.1 of margin.
    expect(most(book, { market: 'INVERSE', price: 125 }).size).toBeCloseTo(1 / 0.3, 9);
  });

  it('goes by the bucket', () => {
    const book = exchange({ ...CASH, buckets: [{ bucket: 3, balances: { USDT: 50 } }] });
    expect(most(book, { bucket: 3 }).size).toBe(5);
    expect(() => most(book, { bucket: 4 })).toThrow('unknown-id at bucket: got 4, expected a bucket of account "a"');
  });

  it('fills up to maxSize in decimals', () => {
    const book = exchange(
      { ...CASH, positions: [{ market: 'PERP', size: 0.1, entry: 100 }] },
      { lot: 0.1, maxSize: 0.3 },
    );
    expect(most(book).size).toBe(0.2);
    expect(most(book, { side: 'sell' }).size).toBe(0.4);
  });

  it('gives leverage, and maxLeverage the same', () => {
    const book = exchange(CASH);
    expect(most(book).leverage).toBe(10);
    expect(maxLeverage(book, 'a', { market: 'PERP', side: 'sell' })).toBe(10);
    expect(maxLeverage(book, 'nobody', { market: 'PERP', side: 'sell' })).toBeNull();
  });

  it('ends where lots are finer than doubles', () => {
    for (const lot of [1e-8, 3e-9, 7e-7]) {
      for (const mark of [1.2234833014663309e-9, 3e-7]) {
        const book = exchange({ balances: { USDT: 775.6398123827323 } }, { lot, mark, brackets: flat(0.04125) });
        const { size, health } = most(book);
        expect(size * mark).toBeCloseTo(775.6398123827323 / 0.04125, 1);
        expect(health).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

describe('maxWithdraw', () => {
  const HELD = { positions: [{ market: 'PERP', size: 10, entry: 100 }] };

  it.each([
    ['all of a balance', CASH, 'USDT', {}, 1000, 'balance'],
    ['what the initial margin leaves', { ...CASH, ...HELD }, 'USDT', {}, 900, 'margin'],
    ['or maintenance', { ...CASH, ...HELD }, 'USDT', { level: 'maintenance' }, 950, 'margin'],
    ['a coin that counts half', { balances: { HALF: 6 }, ...HELD }, 'HALF', {}, 4, 'margin'],
    ['none of what is not there', CASH, 'COIN', {}, 0, 'balance'],
    ['none of a debt', { balances: { USDT: -5, COIN: 1 } }, 'USDT', {}, 0, 'balance'],
    ['none below the initial margin', { balances: { USDT: 60 }, ...HELD }, 'USDT', {}, 0, 'margin'],
    ['of an asset with an index what it has grown to', { balances: { LENT: 100 } }, 'LENT', {}, 120, 'balance'],
    ['a debt, where that is said', CASH, 'COIN', { borrow: true }, 10, 'margin'],
    // 120 + 500 - w, less a tenth of the debt w - 120.
    ['a debt that costs', { balances: { LENT: 100, COIN: 5 } }, 'LENT', { borrow: true }, 632 / 1.1, 'margin'],
    [
      'of one bucket',
      { ...CASH, buckets: [{ bucket: 1, balances: { USDT: 7 } }] },
      'USDT',
      { bucket: 1 },
      7,
      'balance',
    ],
  ] as const)('is %s', (_name, account, asset, options, size, bound) => {
    const found = maxWithdraw(exchange(account as Omit<AccountJSON, 'id'>), 'a', asset, options);
    expect(found.size).toBeCloseTo(size, 9);
    expect(found.bound).toBe(bound);
  });
});

describe('closeSizes', () => {
  const TEN = [{ market: 'PERP', size: 10, entry: 100 }];
  /** 10 at 100 that require 100 at liquidation end. */
  const open = (equity: number, more: Partial<MarketJSON> = {}, positions: AccountJSON['positions'] = TEN): Book =>
    exchange(
      { balances: { USDT: equity }, positions },
      { lot: 0.1, brackets: [{ upTo: null, maintenanceRate: 0.05, liquidationEndRate: 0.1 }], ...more },
    );
  const sizes = (book: Book, legs: CloseLeg[] = [{ market: 'PERP' }], options: CloseOptions = {}): number[] =>
    closeSizes(book, 'a', legs, options).legs.map(({ size }) => size);

  it('closes until what is left is covered', () => {
    expect(closeSizes(open(60), 'a', [{ market: 'PERP' }])).toEqual({
      legs: [{ market: 'PERP', positionSide: 'net', size: 4, capped: false, health: 0 }],
      feasible: true,
      health: 0,
    });
    const short = [{ market: 'PERP', size: -10, entry: 100 }];
    expect(sizes(open(60, {}, short))).toEqual([4]);
  });

  it('rounds up to lots, with the fee and a price', () => {
    // A hundredth of 100 a contract: 60 - x against 100 - 10 x.
    expect(sizes(open(60, { liquidationFee: 0.01 }))).toEqual([4.5]);
    expect(sizes(open(60), [{ market: 'PERP', fee: 0.01 }])).toEqual([4.5]);
    expect(sizes(open(60), [{ market: 'PERP', price: 99 }])).toEqual([4.5]);
    // Better than the mark counts as the mark.
    expect(sizes(open(60), [{ market: 'PERP', price: 120 }])).toEqual([4]);
    expect(sizes(open(60, { lot: 0, liquidationFee: 0.01 }))[0]).toBeCloseTo(40 / 9, 12);
    expect(sizes(open(60, { lot: 3 }))).toEqual([6]);
    // No lot is left out of a position that is none of them.
    expect(sizes(open(1, { lot: 3 }))).toEqual([10]);
  });

  it('reaches a level or a target', () => {
    expect(sizes(open(40), undefined, { level: 'maintenance' })).toEqual([2]);
    expect(sizes(open(60), undefined, { target: 20 })).toEqual([6]);
    expect(closeSizes(open(60), 'a', [{ market: 'PERP' }], { target: 20 })).toMatchObject({
      feasible: true,
      health: 20,
    });
  });

  it('leaves no rest of less than the least order', () => {
    expect(sizes(open(60, { minNotional: 600 }))).toEqual([4]);
    expect(sizes(open(60, { minNotional: 601 }))).toEqual([10]);
    expect(sizes(open(60), undefined, { minLeft: 601 })).toEqual([10]);
    expect(sizes(open(60, { minNotional: 601 }), undefined, { minLeft: 0 })).toEqual([4]);
  });

  it('goes on with the next leg where a close factor stops it', () => {
    const both = [...TEN, { market: 'OTHER', size: -10, entry: 100 }];
    const legs = [{ market: 'PERP', closeFactor: 0.25 }, { market: 'OTHER' }];
    const book = open(60, { lot: 1 }, both);
    // OTHER requires 50 at the end. PERP may go by 3 (a quarter, to lots): 60 against 70 + 50, OTHER has to go.
    expect(closeSizes(book, 'a', legs)).toEqual({
      legs: [
        { market: 'PERP', positionSide: 'net', size: 3, capped: true, health: -60 },
        { market: 'OTHER', positionSide: 'net', size: 10, capped: true, health: -10 },
      ],
      feasible: false,
      health: -10,
    });
    expect(sizes(book, [{ market: 'OTHER' }, { market: 'PERP' }])).toEqual([10, 4]);
    expect(sizes(book, [{ market: 'PERP' }, { market: 'OTHER' }])).toEqual([9, 0]);
    expect(sizes(book, [{ market: 'PERP', closeFactor: 0 }, { market: 'PERP' }])).toEqual([0, 9]);
  });

  it('closes the long and the short side by itself', () => {
    const hedged = [
      { market: 'PERP', side: 'long' as const, size: 10, entry: 100 },
      { market: 'PERP', side: 'short' as const, size: -10, entry: 100 },
    ];
    const legs = [
      { market: 'PERP', positionSide: 'short' as const },
      { market: 'PERP', positionSide: 'long' as const },
    ];
    expect(sizes(open(60, {}, hedged), legs)).toEqual([10, 4]);
  });

  it('says where the target cannot be reached', () => {
    const bankrupt = closeSizes(open(-5, { liquidationFee: 0.01 }), 'a', [{ market: 'PERP' }]);
    expect(bankrupt).toMatchObject({ feasible: false, health: -15, legs: [{ size: 10, capped: true }] });
    // Closing costs more than it frees: what stays open would be more risk all the same.
    const dear = closeSizes(open(60, { liquidationFee: 0.15 }), 'a', [{ market: 'PERP' }]);
    expect(dear).toMatchObject({ feasible: false, health: -90, legs: [{ size: 10, capped: true }] });
  });

  it('asks nothing of a healthy account, and nothing of a leg without position', () => {
    const nothing = { market: 'PERP', positionSide: 'net', size: 0, capped: false, health: 0 };
    expect(closeSizes(open(100), 'a', [{ market: 'PERP' }])).toEqual({ legs: [nothing], feasible: true, health: 0 });
    expect(closeSizes(open(60), 'nobody', [{ market: 'PERP' }])).toEqual({
      legs: [nothing],
      feasible: true,
      health: 0,
    });
    expect(sizes(open(60), [{ market: 'SUMS' }, { market: 'PERP' }])).toEqual([0, 4]);
    expect(sizes(open(60), [{ market: 'PERP', positionSide: 'long' }, { market: 'PERP' }])).toEqual([0, 4]);
    expect(closeSizes(open(60), 'a', [])).toEqual({ legs: [], feasible: false, health: -40 });
  });

  it('is feasible where a round number of lots is right but for rounding', () => {
    const r = new Random(5);
    for (let i = 0; i < 300; i++) {
      const [mark, held, rate] = [r.int(1, 100), r.int(5, 100), r.int(1, 20) / 100];
      const keep = r.int(1, held - 1);
      const lot = r.pick([1, 0.1, 0.001]);
      const positions = [{ market: 'PERP', size: held, entry: mark }];
      const brackets = [{ upTo: null, maintenanceRate: rate }];
      const { legs, feasible } = closeSizes(open(keep * mark * rate, { mark, lot, brackets }, positions), 'a', [
        { market: 'PERP' },
      ]);
      expect(feasible).toBe(true);
      expect(legs[0]?.size).toBeGreaterThanOrEqual(held - keep - 1e-9);
      expect(legs[0]?.size).toBeLessThanOrEqual(held - keep + lot * (1 + 1e-9));
    }
  });
});

describe('what cannot be asked', () => {
  const book = exchange(CASH);
  const before = book.encode();
  it.each([
    ['order', () => maxOrder(book, 'a', null as never), 'type at order: got null, expected an object'],
    [
      'order.side',
      () => maxOrder(book, 'a', { market: 'PERP' } as never),
      'type at order.side: got undefined, expected buy or sell',
    ],
    [
      'order.sied',
      () => maxOrder(book, 'a', { market: 'PERP', sied: 'buy' } as never),
      'unknown-key at order.sied: expected one of market, side, price, fee, positionSide, bucket. Did you mean "side"?',
    ],
    [
      'order.price',
      () => maxOrder(book, 'a', { market: 'YES', side: 'buy', price: 40 }),
      'range at order.price: got 40, expected a price below 1: a prediction',
    ],
    [
      'order.positionSide',
      () => maxOrder(book, 'a', { market: 'PERP', side: 'buy', positionSide: 'both' as never }),
      'type at order.positionSide: got "both", expected net, long or short',
    ],
    ['account', () => maxOrder(book, 'b', { market: 'PERP', side: 'buy' }), 'unknown-id at account: got "b"'],
    ['asset', () => maxWithdraw(book, 'a', 'USD'), 'unknown-id at asset: got "USD"'],
    [
      'options.borow',
      () => maxWithdraw(book, 'a', 'USDT', { borow: true } as never),
      'unknown-key at options.borow: expected one of bucket, borrow, level. Did you mean "borrow"?',
    ],
    [
      'level',
      () => maxWithdraw(book, 'a', 'USDT', { level: 'margin' as never }),
      'type at level: got "margin", expected initial, maintenance, liquidationEnd',
    ],
    ['legs', () => closeSizes(book, 'a', 'PERP' as never), 'type at legs: got "PERP", expected a list'],
    // Also where the account is healthy and no leg is looked at.
    ['legs[0].market', () => closeSizes(book, 'a', [{ market: 'PERPS' }]), 'unknown-id at legs[0].market: got "PERPS"'],
    [
      'legs[1].closeFactor',
      () => closeSizes(book, 'a', [{ market: 'PERP' }, { market: 'PERP', closeFactor: 25 }]),
      'range at legs[1].closeFactor: got 25, expected a number >= 0 and <= 1',
    ],
    [
      'legs[0].market',
      () => closeSizes(book, 'a', [{ market: 'COIN/USDT' }]),
      'conflict at legs[0].market: got "COIN/USDT", expected a derivative: a spot market has balances, no positions',
    ],
    [
      'target',
      () => closeSizes(book, 'a', [], { target: Number.NaN }),
      'not-finite at target: got NaN, expected a finite number',
    ],
    [
      'book',
      () => maxOrder({} as never, 'a', { market: 'PERP', side: 'buy' }),
      'type at book: got {}, expected a Book',
    ],
  ])('%s', (path, ask, message) => {
    const thrown = (() => {
      try {
        ask();
      } catch (e) {
        return e;
      }
      return undefined;
    })();
    expect(thrown).toBeInstanceOf(MarginError);
    expect((thrown as MarginError).message).toContain(message);
    expect((thrown as MarginError).path).toBe(path);
    expect(book.encode()).toEqual(before);
  });
});

/** Answers of both engines for the same questions of one account of a random book. */
interface Asked {
  seed: number;
  kernel: Book;
  bytes: Uint8Array;
  account: number;
  r: Random;
}

function* asked(seeds: number): Generator<Asked & { reference: BookBase }> {
  for (let seed = 1; seed <= seeds; seed++) {
    const json = tradable(seed);
    const kernel = Book.fromJSON(json);
    const reference = ReferenceBook.fromJSON(json);
    const bytes = kernel.encode();
    const r = new Random(seed * 7 + 1);
    for (let account = 0; account < kernel.accounts; account++) yield { seed, kernel, reference, bytes, account, r };
    expect(kernel.encode(), `seed ${seed}`).toEqual(bytes);
  }
}

/** How far sums of an account's size round. */
const noise = (book: BookBase, account: number, bucket: number): number => {
  const { collateral, initialMargin, notional } = riskOf(book, account, bucket);
  return 1e-14 * (1 + Math.abs(collateral) + initialMargin + notional);
};

describe(`over ${ROUNDS} random books`, { timeout: TIMEOUT }, () => {
  it('the largest order fits and more does not; both engines say the same', () => {
    let bounded = 0;
    for (const { seed, kernel, reference, bytes, account, r } of asked(ROUNDS)) {
      for (let i = 0; i < 2; i++) {
        const input = randomTrade(r, kernel, account);
        const where = `seed ${seed}, account ${account}, ${JSON.stringify(input)}`;
        const found = maxOrder(kernel, account, input);
        expect(difference(found, maxOrder(reference, account, input)), where).toBeUndefined();
        const trade = realTrade(kernel, input);
        const healthAt = (size: number): number =>
          riskOf(filled(bytes, account, trade, size), account, trade.bucket).health.initial;
        if (found.size > 1e25) continue;
        expect(healthAt(found.size), where).toBe(found.health);
        if (healthAt(0) < 0) continue;
        expect(found.health, where).toBeGreaterThanOrEqual(0);
        if (found.bound !== 'margin') continue;
        bounded++;
        const lot = kernel.store.columns.market.lot[trade.market] ?? 0;
        // But for rounding of what was summed.
        const more = found.size * (1 + 1e-7) + Math.max(lot, 1e-20);
        expect(healthAt(more), where).toBeLessThan(noise(filled(bytes, account, trade, more), account, trade.bucket));
      }
    }
    expect(bounded).toBeGreaterThan(2 * ROUNDS);
  });

  it('the largest withdrawal leaves the requirement and more does not; both engines say the same', () => {
    let bounded = 0;
    for (const { seed, kernel, reference, bytes, account, r } of asked(ROUNDS)) {
      const asset = r.int(0, kernel.assets - 1);
      const level = r.pick(['initial', 'maintenance', 'liquidationEnd'] as const);
      const bucket = kernel.unitBucket(r.pick(kernel.unitsOf(account)));
      const options = { level, bucket, borrow: r.chance(0.6) };
      const where = `seed ${seed}, account ${account}, asset ${asset}, ${JSON.stringify(options)}`;
      const found = maxWithdraw(kernel, account, asset, options);
      expect(difference(found, maxWithdraw(reference, account, asset, options)), where).toBeUndefined();
      if (found.size > 1e25) continue;
      const healthAt = (size: number): number => {
        const book = Book.decode(bytes);
        book.deposit(account, asset, -size, { bucket });
        return riskOf(book, account, bucket).health[level];
      };
      expect(healthAt(found.size), where).toBe(found.health);
      if (found.size === 0) continue;
      expect(found.health, where).toBeGreaterThanOrEqual(0);
      if (found.bound !== 'margin') continue;
      bounded++;
      expect(healthAt(found.size * (1 + 1e-7)), where).toBeLessThan(noise(kernel, account, bucket));
    }
    expect(bounded).toBeGreaterThan(ROUNDS / 2);
  });

  it('closes reach their target and less does not; both engines say the same', () => {
    let [reached, missed] = [0, 0];
    for (const { seed, kernel, reference, bytes, account, r } of asked(ROUNDS)) {
      const { positions = [] } = kernel.accountJSON(account);
      const c = kernel.store.columns.market;
      const legs = positions.map(({ market, side = 'net' }) => ({
        market,
        positionSide: side,
        ...(r.chance(0.3) ? { closeFactor: r.next() } : {}),
      }));
      const level = r.pick(['initial', 'maintenance', 'liquidationEnd'] as const);
      const now = riskOf(kernel, account);
      const target = now.health[level] + r.next() * now.maintenanceMargin;
      const where = `seed ${seed}, account ${account}, ${level}, ${target}`;
      const found = closeSizes(kernel, account, legs, { level, target });
      expect(difference(found, closeSizes(reference, account, legs, { level, target })), where).toBeUndefined();
      const book = Book.decode(bytes);
      let before = now.health[level];
      for (const [i, leg] of found.legs.entries()) {
        const held = Number(positions[i]?.size);
        if (held === 0 || leg.size === 0) continue;
        const market = kernel.market(leg.market);
        const trade: RealTrade = {
          market,
          side: held > 0 ? 'sell' : 'buy',
          positionSide: leg.positionSide,
          price: c.mark[market] as number,
          fee: c.liquidationFee[market] as number,
          bucket: 0,
        };
        const saved = book.encode();
        fillReally(book, account, trade, leg.size);
        const healthOf = (b: BookBase): number => riskOf(b, account).health[level];
        expect(healthOf(book) - target, `${where}, leg ${i}`).toBe(leg.health);
        const lot = c.lot[market] as number;
        const all = Math.abs(held);
        const allowed = all * (Number(legs[i]?.closeFactor ?? 1) || 0);
        if (leg.health >= 0) {
          reached++;
          const less = lot > 0 ? leg.size - lot : leg.size * (1 - 1e-9);
          // Settling funding may be enough: then any size will do.
          const any = less <= all / 1e6 || before >= target;
          if (!any) {
            const short = healthOf(filled(saved, account, trade, less)) - target;
            expect(short, `${where}, leg ${i}`).toBeLessThan(1e-9 * (1 + Math.abs(target)));
          }
        } else {
          missed++;
          for (let part = 1; part <= 8; part++) {
            const size = Math.min(all, roundTo(lot, (allowed * part) / 8, 'up'));
            const health = healthOf(filled(saved, account, trade, size)) - target;
            expect(health, `${where}, leg ${i}`).toBeLessThan(1e-9 * (1 + Math.abs(target)));
          }
        }
        before = healthOf(book);
      }
    }
    expect(reached).toBeGreaterThan(ROUNDS / 2);
    expect(missed).toBeGreaterThan(ROUNDS);
  });
});

describe('whatever the numbers', () => {
  const decimals = (min: number, max: number, digits = 2): fc.Arbitrary<number> =>
    fc
      .integer({ min: Math.round(min * 10 ** digits), max: Math.round(max * 10 ** digits) })
      .map((n) => Number(`${n}e-${digits}`));
  const market = fc.record({
    mark: decimals(0.01, 5000),
    lot: fc.constantFrom<number[]>(0, 0.001, 0.1, 1),
    takerFee: fc.constantFrom(0, 0.0005, 0.01),
    form: fc.constantFrom('marginal', 'whole'),
    first: decimals(0.001, 0.1, 3),
    upTo: decimals(100, 1e5),
  });
  const account = fc.record({
    cash: decimals(0, 1e6),
    held: decimals(-100, 100),
    bids: decimals(0, 120),
    asks: decimals(0, 120),
    worse: decimals(0, 0.02, 4),
    side: fc.constantFrom('buy', 'sell'),
  });
  type Market = typeof market extends fc.Arbitrary<infer T> ? T : never;
  type Account = typeof account extends fc.Arbitrary<infer T> ? T : never;

  const ordersOf = (m: Market, { bids, asks }: Account): OrderJSON[] => [
    ...(bids > 0 ? [{ market: 'M', side: 'buy' as const, size: bids, price: m.mark }] : []),
    ...(asks > 0 ? [{ market: 'M', side: 'sell' as const, size: asks, price: m.mark }] : []),
  ];
  const bookOf = (m: Market, a: Account, by = 1, open = false): Book =>
    Book.fromJSON({
      format: 'margin-kernel/book@1',
      assets: [{ id: 'USDT', price: 1 }],
      markets: [
        linear('M', {
          mark: m.mark,
          lot: m.lot,
          takerFee: m.takerFee,
          tables: { form: m.form as 'whole' },
          brackets: [
            { upTo: m.upTo * by, maintenanceRate: m.first, initialRate: m.first * 2 },
            { upTo: null, maintenanceRate: m.first * 2, initialRate: m.first * 4 },
          ],
        }),
      ],
      accounts: [
        {
          id: 'a',
          balances: { USDT: a.cash * by },
          positions: a.held === 0 ? [] : [{ market: 'M', size: a.held * by, entry: m.mark }],
          ...(open && { orders: ordersOf(m, a) }),
        },
      ],
    } satisfies BookJSON);
  const order = (a: Account): TradeInput => ({ market: 'M', side: a.side as 'buy' });

  it('more collateral never makes the largest order smaller', () => {
    fc.assert(
      fc.property(market, account, decimals(0, 1e6), (m, a, more) => {
        const book = bookOf(m, a);
        const before = maxOrder(book, 'a', order(a));
        book.deposit('a', 'USDT', more);
        expect(maxOrder(book, 'a', order(a)).size).toBeGreaterThanOrEqual(before.size);
      }),
    );
  });

  it('check takes the largest order of an account below its initial margin, at any price and whatever is open', () => {
    let [partly, wholly, none] = [0, 0, 0];
    fc.assert(
      fc.property(market, account, (m, a) => {
        const book = bookOf(m, { ...a, cash: a.cash / 1000 }, 1, true);
        if ((accountMargin(book, 'a').units[0]?.health.initial ?? 0) >= 0) return;
        const side = a.held < 0 ? 'buy' : 'sell';
        const price = m.mark * (side === 'buy' ? 1 + a.worse : 1 - a.worse);
        const { size, health } = maxOrder(book, 'a', { market: 'M', side, price });
        if (size === 0) none += 1;
        else if (size === Math.abs(a.held)) wholly += 1;
        else partly += 1;
        if (size === 0) return;
        const { accept, after } = check(book, 'a', { market: 'M', side, price, size });
        expect([accept, after.available]).toEqual([true, health]);
      }),
      { numRuns: 600 },
    );
    expect(Math.min(partly, wholly, none)).toBeGreaterThan(5);
  });

  it('check takes the largest order, and not a lot more', () => {
    fc.assert(
      fc.property(market, account, (m, a) => {
        const book = bookOf(m, a);
        if (accountMargin(book, 'a').units[0]?.status !== 'healthy') return;
        const { size } = maxOrder(book, 'a', order(a));
        if (size > 0) expect(check(book, 'a', { ...order(a), size }).reason).toBe('enoughMargin');
        const verdict = check(book, 'a', { ...order(a), size: Math.max(size + m.lot, size * (1 + 1e-9), 1e-9) });
        expect(verdict.reason).toMatch(/insufficientMargin|offLot/);
      }),
    );
  });

  it('a withdrawal and a deposit of the largest give the same largest again', () => {
    fc.assert(
      fc.property(market, account, (m, a) => {
        const book = bookOf(m, a);
        const { size } = maxWithdraw(book, 'a', 'USDT');
        book.deposit('a', 'USDT', -size);
        expect(maxWithdraw(book, 'a', 'USDT').size).toBeLessThanOrEqual(1e-9 * (1 + a.cash));
        book.deposit('a', 'USDT', size);
        expect(maxWithdraw(book, 'a', 'USDT').size).toBeCloseTo(size, 6);
      }),
    );
  });

  it('money times 2^k gives sizes times 2^k', () => {
    fc.assert(
      fc.property(market, account, fc.integer({ min: -12, max: 12 }), (drawn, a, k) => {
        const m = { ...drawn, lot: 0 };
        const by = 2 ** k;
        const [one, other] = [maxOrder(bookOf(m, a), 'a', order(a)), maxOrder(bookOf(m, a, by), 'a', order(a))];
        expect(Math.abs(other.size / by - one.size)).toBeLessThanOrEqual(1e-12 * one.size);
        const [close, scaled] = [1, by].map((s) => closeSizes(bookOf(m, a, s), 'a', [{ market: 'M' }]));
        expect(scaled?.feasible).toBe(close?.feasible);
        expect(scaled?.legs).toHaveLength(close?.legs.length as number);
        const [x, y] = [close?.legs[0]?.size ?? 0, (scaled?.legs[0]?.size ?? 0) / by];
        expect(Math.abs(x - y)).toBeLessThanOrEqual(1e-12 * x);
      }),
    );
  });
});
