// The pre-trade check: every reason by a case that a person can follow, the rule for accounts under water, risk after against
// the same fill booked for good, baskets and batches, books without room, and what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BasketVerdict,
  Book,
  CHECK_WIDTH,
  type CheckRisk,
  check,
  checkAll,
  checkBasket,
  checkInto,
  closeSizes,
  liquidationPrices,
  MarginError,
  margin,
  maxOrder,
  maxWithdraw,
  type OrderCheck,
  REASONS,
  type Reason,
  type Risk,
} from '../bindings/index.js';
import { layout, type Section } from '../bindings/layout.js';
import type { AccountJSON, BookBase, MarketJSON } from '../bindings/public.js';
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

const ROUNDS = Number(process.env.CHECK_BOOKS ?? 9);
const TIMEOUT = 30_000 + ROUNDS * 2000;

const exchange = (account: Omit<AccountJSON, 'id'>, more: Partial<MarketJSON> = {}): Book =>
  Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USDT', price: 1 },
      { id: 'USDC', price: 1 },
      { id: 'COIN', price: 100, assetWeight: 0.5, liabilityWeight: 1.5 },
    ],
    markets: [
      {
        id: 'PERP',
        kind: 'linear',
        settle: 'USDT',
        mark: 100,
        tick: 0.5,
        lot: 0.1,
        minNotional: 20,
        maxSize: 200,
        brackets: [{ upTo: null, initialRate: 0.1, maintenanceRate: 0.05 }],
        ...more,
      },
      {
        id: 'OTHER',
        kind: 'linear',
        settle: 'USDT',
        mark: 100,
        brackets: [{ upTo: null, initialRate: 0.1, maintenanceRate: 0.05 }],
      },
      { id: 'COIN/USDT', kind: 'spot', base: 'COIN', quote: 'USDT', mark: 100 },
      { id: 'COIN/USDC', kind: 'spot', base: 'COIN', quote: 'USDC', mark: 100 },
      {
        id: 'YES',
        kind: 'prediction',
        settle: 'USDT',
        mark: 0.4,
        brackets: [{ upTo: null, initialRate: 1, maintenanceRate: 0.5 }],
      },
    ],
    accounts: [{ id: 'a', ...account }, { id: 'nobody' }],
  });

const RICH = { balances: { USDT: 100_000 } };
const CASH = { balances: { USDT: 1000 } };
const LONG = { positions: [{ market: 'PERP', size: 10, entry: 100 }] };
/** Requires 100 to open and 50 to keep. */
const SHORT_OF_MARGIN = { balances: { USDT: 60 }, ...LONG };
const hedged = {
  ...CASH,
  positions: [
    { market: 'PERP', side: 'long' as const, size: 10, entry: 100 },
    { market: 'PERP', side: 'short' as const, size: -10, entry: 100 },
  ],
};

type Case = [why: string, Reason, Omit<AccountJSON, 'id'>, Partial<OrderCheck>, Partial<MarketJSON>?];
const CASES: Case[] = [
  ['all of the initial margin', 'enoughMargin', CASH, { size: 100 }],
  ['a lot too many', 'insufficientMargin', CASH, { size: 100.1 }],
  ['a market that the account has no row in', 'enoughMargin', CASH, { market: 'OTHER', size: 0.37 }],
  ['a fee that it cannot pay', 'insufficientMargin', CASH, { size: 100, fee: 0.001 }],
  ['a buy far above the mark', 'insufficientMargin', CASH, { size: 10, price: 10_000 }],
  ['a buy below the mark counts at the mark', 'insufficientMargin', CASH, { size: 100.1, price: 50 }],
  ['a position turned round', 'enoughMargin', { ...CASH, ...LONG }, { side: 'sell', size: 110 }],
  ['and one lot too far', 'insufficientMargin', { ...CASH, ...LONG }, { side: 'sell', size: 110.1 }],
  ['without any balance', 'insufficientMargin', {}, { size: 1 }],
  [
    'open asks that would be filled on top',
    'insufficientMargin',
    { ...CASH, orders: [{ market: 'PERP', side: 'sell', size: 50, price: 100 }] },
    { side: 'sell', size: 50.1 },
  ],
  [
    'open asks on the other side',
    'enoughMargin',
    { ...CASH, orders: [{ market: 'PERP', side: 'sell', size: 50, price: 100 }] },
    { side: 'buy', size: 100 },
  ],
  ['less of a position that is short of margin', 'lessRisk', SHORT_OF_MARGIN, { side: 'sell', size: 2 }],
  ['the same position the other way round', 'lessRisk', SHORT_OF_MARGIN, { side: 'sell', size: 20 }],
  ['more than turning it round', 'moreRisk', SHORT_OF_MARGIN, { side: 'sell', size: 20.1 }],
  ['more of a position that is short of margin', 'moreRisk', SHORT_OF_MARGIN, { size: 0.2 }],
  ['another position while short of margin', 'moreRisk', SHORT_OF_MARGIN, { market: 'OTHER', size: 0.2 }],
  // 50 of 60 are required: 2 sold at 95 leave 40 of 50, at 90 they leave 40 of 40.
  ['a sale that costs less than it frees', 'lessRisk', SHORT_OF_MARGIN, { side: 'sell', size: 2, price: 95 }],
  ['a sale that costs more than it frees', 'moreRisk', SHORT_OF_MARGIN, { side: 'sell', size: 2, price: 90 }],
  ['enough closed to have initial margin again', 'enoughMargin', SHORT_OF_MARGIN, { side: 'sell', size: 4 }],
  // Below 0 the ratio says nothing: a smaller position has more of the debt for each unit of requirement, and yet less risk.
  ['less of a bankrupt position', 'lessRisk', { balances: { USDT: -5 }, ...LONG }, { side: 'sell', size: 5 }],
  ['a price between ticks', 'offTick', RICH, { size: 1, price: 100.3 }],
  ['a mark between ticks is nobody’s price', 'enoughMargin', RICH, { size: 1 }, { mark: 100.3 }],
  ['a size between lots', 'offLot', RICH, { size: 1.05 }],
  ['decimals that are lots', 'enoughMargin', RICH, { size: 0.1 + 0.2 }],
  ['less than the least order', 'belowMinNotional', RICH, { size: 0.1 }],
  ['as much as the least order', 'enoughMargin', RICH, { size: 0.2 }],
  ['in decimals', 'enoughMargin', RICH, { size: 0.57 }, { minNotional: 57, lot: 0.01 }],
  ['below it at the order’s own price', 'belowMinNotional', RICH, { size: 0.2, price: 99.5 }],
  ['above it at the order’s own price', 'enoughMargin', RICH, { side: 'sell', size: 0.1, price: 200 }],
  ['a price in cents', 'belowMinNotional', RICH, { size: 1, price: 1 }],
  [
    'a small rest that is closed',
    'enoughMargin',
    { ...CASH, positions: [{ market: 'PERP', size: 0.1, entry: 100 }] },
    { side: 'sell', size: 0.1 },
  ],
  [
    'a rest that is no lot',
    'enoughMargin',
    { ...CASH, positions: [{ market: 'PERP', size: 0.05, entry: 100 }] },
    { side: 'sell', size: 0.05 },
  ],
  ['more than the largest position', 'aboveMaxSize', RICH, { size: 200.1 }],
  ['the largest position', 'enoughMargin', RICH, { size: 200 }],
  ['of either sign', 'aboveMaxSize', RICH, { side: 'sell', size: 200.1 }],
  [
    'the largest position in decimals',
    'enoughMargin',
    { ...CASH, positions: [{ market: 'PERP', size: 0.1, entry: 100 }] },
    { size: 0.2 },
    { maxSize: 0.3 },
  ],
  [
    'less of a position above the largest',
    'enoughMargin',
    { ...CASH, ...LONG },
    { side: 'sell', size: 1 },
    { maxSize: 5 },
  ],
  ['a larger one the other way', 'aboveMaxSize', { ...RICH, ...LONG }, { side: 'sell', size: 20.1 }, { maxSize: 5 }],
  ['closing what is there', 'enoughMargin', { ...CASH, ...LONG }, { side: 'sell', size: 10, reduceOnly: true }],
  [
    'reducing by more than is there',
    'notReducing',
    { ...CASH, ...LONG },
    { side: 'sell', size: 10.1, reduceOnly: true },
  ],
  ['reducing upwards', 'notReducing', { ...CASH, ...LONG }, { size: 1, reduceOnly: true }],
  ['reducing nothing', 'notReducing', CASH, { size: 1, reduceOnly: true }],
  ['all of the long side', 'enoughMargin', hedged, { side: 'sell', size: 10, positionSide: 'long' }],
  ['more than the long side', 'wrongSide', hedged, { side: 'sell', size: 10.1, positionSide: 'long' }],
  ['more than the short side', 'wrongSide', hedged, { size: 10.1, positionSide: 'short' }],
  ['the net side beside them', 'enoughMargin', hedged, { side: 'sell', size: 10.1 }],
  ['spot on credit', 'enoughMargin', CASH, { market: 'COIN/USDT', size: 20 }],
  ['too much of it', 'insufficientMargin', CASH, { market: 'COIN/USDT', size: 20.1 }],
  ['spot without any money', 'insufficientMargin', {}, { market: 'COIN/USDT', size: 1 }],
  ['a size beyond all money', 'insufficientMargin', RICH, { market: 'OTHER', size: 1e30 }],
];

describe('reasons', () => {
  it.each(CASES)('%s: %s', (_why, reason, account, order, market = {}) => {
    const book = exchange(account, market);
    const before = book.encode();
    const verdict = check(book, 'a', { market: 'PERP', side: 'buy', size: 1, ...order });
    expect(verdict.reason).toBe(reason);
    expect(verdict.accept).toBe(reason === 'enoughMargin' || reason === 'lessRisk');
    expect(verdict.reservation).toBe(verdict.before.available - verdict.after.available);
    expect(book.encode()).toEqual(before);
  });

  it('are all reached', () => {
    expect([...new Set(CASES.map(([, reason]) => reason))].sort()).toEqual([...REASONS].sort());
  });

  it('come with numbers', () => {
    const verdict = check(exchange(CASH), 'a', { market: 'PERP', side: 'buy', size: 10, price: 101, fee: 0.001 });
    // Bought 1 above the mark: 10 lost, 1.01 paid.
    expect(verdict).toMatchObject({
      accept: true,
      before: { equity: 1000, initialMargin: 0, available: 1000, notional: 0 },
      after: { equity: 988.99, collateral: 988.99, initialMargin: 100, maintenanceMargin: 50, notional: 1000 },
      liquidationPrice: { up: null },
    });
    expect(verdict.reservation).toBeCloseTo(111.01, 9);
    // 988.99 - 10 (100 - p) = p / 2
    expect(verdict.liquidationPrice.down).toBeCloseTo(11.01 / 9.5, 9);
    // What closes gives its margin back.
    const back = check(exchange({ ...CASH, ...LONG }), 'a', { market: 'PERP', side: 'sell', size: 10 });
    expect(back).toMatchObject({ reservation: -100, liquidationPrice: { down: null, up: null } });
  });

  it('go by the bucket', () => {
    const book = exchange({ ...CASH, buckets: [{ bucket: 2, balances: { USDT: 30 } }] });
    const order: OrderCheck = { market: 'PERP', side: 'buy', size: 5 };
    expect(check(book, 'a', order).reason).toBe('enoughMargin');
    expect(check(book, 'a', { ...order, bucket: 2 })).toMatchObject({
      reason: 'insufficientMargin',
      before: { equity: 30 },
    });
    expect(() => check(book, 'a', { ...order, bucket: 1 })).toThrow('unknown-id at bucket: got 1');
  });
});

describe('baskets', () => {
  const leg = (market: string, side: 'buy' | 'sell', size: number): OrderCheck => ({ market, side, size });

  it('take a spread that no leg alone could afford', () => {
    const book = exchange(CASH);
    const legs = [leg('COIN/USDT', 'buy', 30), leg('COIN/USDC', 'sell', 30)];
    for (const one of legs) expect(check(book, 'a', one).reason).toBe('insufficientMargin');
    for (const way of [legs, [...legs].reverse()]) {
      const verdict = checkBasket(book, 'a', way);
      expect(verdict).toMatchObject({ accept: true, reason: 'enoughMargin', after: { equity: 1000, available: 1000 } });
      expect(verdict.legs.map(({ accept }) => accept)).toEqual([false, true]);
    }
  });

  it('are refused whole where a market refuses a leg', () => {
    const book = exchange(RICH);
    const wrong: OrderCheck = { ...leg('PERP', 'buy', 1), price: 100.2 };
    expect(checkBasket(book, 'a', [leg('OTHER', 'buy', 1), wrong])).toMatchObject({ accept: false, reason: 'offTick' });
    // Each leg meets what the legs before it have left.
    const close = [leg('PERP', 'buy', 1), { ...leg('PERP', 'sell', 1), reduceOnly: true }];
    expect(checkBasket(book, 'a', close)).toMatchObject({ accept: true, reservation: 0 });
    expect(checkBasket(book, 'a', [...close].reverse()).reason).toBe('notReducing');
  });

  it('below the initial margin count what is left in the end', () => {
    const book = exchange(SHORT_OF_MARGIN);
    const roll = [leg('PERP', 'sell', 5), leg('OTHER', 'buy', 4)];
    expect(checkBasket(book, 'a', roll)).toMatchObject({
      accept: true,
      reason: 'lessRisk',
      before: { initialMargin: 100 },
    });
    const grow = [leg('PERP', 'sell', 5), leg('OTHER', 'buy', 6)];
    expect(checkBasket(book, 'a', grow)).toMatchObject({ accept: false, reason: 'moreRisk' });
  });

  it('are of one margin unit', () => {
    const book = exchange({ ...CASH, buckets: [{ bucket: 2, balances: { USDT: 30 } }] });
    const order = { ...leg('PERP', 'buy', 1), bucket: 2 };
    expect(() => checkBasket(book, 'a', [order])).toThrow('conflict at legs[0].bucket: got 2, expected bucket 0');
    expect(checkBasket(book, 'a', [order], { bucket: 2 }).before.equity).toBe(30);
    expect(() => checkBasket(book, 'a', [])).toThrow('range at legs: got 0, expected at least one leg');
  });
});

const FIELDS = ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional'] as const;

/** Whether a risk of a verdict is what margin says of the book, to the bit. */
function sameRisk(got: CheckRisk, want: Risk, where: string): void {
  for (const name of FIELDS)
    if (!Object.is(got[name], want[name])) expect(got[name], `${where}: ${name}`).toBe(want[name]);
  expect(got.available, `${where}: available`).toBe(want.health.initial);
}

/** Every derived column of the rows in use. */
function derived(book: BookBase): unknown[] {
  return (['asset', 'market', 'unit', 'balance', 'position', 'order', 'tier', 'line'] as Section[]).flatMap((section) =>
    Object.entries(layout[section]).flatMap(([name, c]) => {
      if (c.role !== 'derived') return [];
      const view = (book.store.columns[section] as unknown as Record<string, Float64Array>)[name] as Float64Array;
      return [[`${section}.${name}`, view.slice(0, book.store.count(section) * c.width)]];
    }),
  );
}

describe(`over ${ROUNDS} random books`, { timeout: TIMEOUT }, () => {
  function* books(): Generator<{ seed: number; book: Book; reference: BookBase; bytes: Uint8Array; r: Random }> {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const json = tradable(1000 + seed);
      const book = Book.fromJSON(json);
      margin(book);
      const [bytes, columns] = [book.encode(), derived(book)];
      yield { seed: 1000 + seed, book, reference: ReferenceBook.fromJSON(json), bytes, r: new Random(seed * 11 + 3) };
      expect(book.encode(), `seed ${seed}`).toEqual(bytes);
      expect(derived(book), `seed ${seed}`).toEqual(columns);
    }
  }

  /** A random order about as large as the account can afford. */
  function randomOrder(r: Random, book: Book, account: number): OrderCheck {
    const input = randomTrade(r, book, account);
    const size = maxOrder(book, account, input).size * r.pick([0.1, 1, 1.1, 3]);
    const lone = r.wide(0.1, 1e4) / (book.store.columns.market.mark[input.market as number] as number);
    return { ...input, size: size > 1e-30 && size < 1e20 ? size : lone, reduceOnly: r.chance(0.1) };
  }

  /** Whether the long side would go short or the other way round, which a book does not take. */
  function crosses(book: Book, account: number, trade: RealTrade, size: number): boolean {
    if (trade.positionSide === 'net') return false;
    const { positions = [], buckets = [] } = book.accountJSON(account);
    const open =
      trade.bucket === 0 ? positions : (buckets.find(({ bucket }) => bucket === trade.bucket)?.positions ?? []);
    const held = open.find(({ market, side }) => book.market(market) === trade.market && side === trade.positionSide);
    const after = Number(held?.size ?? 0) + (trade.side === 'buy' ? size : -size);
    return trade.positionSide === 'long' ? after < 0 : after > 0;
  }

  it('risk and liquidation prices after are those of the fill; both engines, batch and loop say the same', () => {
    const seen = new Set<Reason>();
    let prices = 0;
    const out = new Float64Array(CHECK_WIDTH);
    for (const { seed, book, reference, bytes, r } of books()) {
      const orders: (OrderCheck & { account: number })[] = [];
      for (let account = 0; account < book.accounts; account++) {
        const order = randomOrder(r, book, account);
        orders.push({ account, ...order });
        const where = `seed ${seed}, account ${account}, ${JSON.stringify(order)}`;
        const verdict = check(book, account, order);
        seen.add(verdict.reason);
        // Prices over a grid are slow in the reference.
        if ((seed + account) % 8 === 0)
          expect(difference(verdict, check(reference, account, order)), where).toBeUndefined();
        const trade = realTrade(book, order);
        sameRisk(verdict.before, riskOf(book, account, trade.bucket), where);
        if (order.positionSide === undefined && order.fee === undefined && order.reduceOnly === false) {
          const unit = book.unit(account, trade.bucket);
          const price = Number(order.price ?? book.store.columns.market.mark[trade.market]);
          // Without a price `check` asks for no tick; here there are none.
          const code = checkInto(book, unit, trade.market, order.side, Number(order.size), price, out);
          expect(REASONS[code], where).toBe(verdict.reason);
          const { before: b, after: a } = verdict;
          const risks = [b, a].flatMap((x) => [
            x.equity,
            x.initialCollateral,
            x.initialMargin,
            x.collateral,
            x.maintenanceMargin,
            x.notional,
          ]);
          expect([...out], where).toEqual(risks);
        }
        if (crosses(book, account, trade, Number(order.size))) continue;
        const after = filled(bytes, account, trade, Number(order.size));
        sameRisk(verdict.after, riskOf(after, account, trade.bucket), where);
        const row = liquidationPrices(after, account).find(
          ({ market, side, bucket }) =>
            after.market(market) === trade.market && side === trade.positionSide && bucket === trade.bucket,
        );
        if (!row) continue;
        prices++;
        expect(verdict.liquidationPrice, where).toEqual({ down: row.down, up: row.up });
      }
      const batch = checkAll(book, orders);
      expect(difference(batch, checkAll(reference, orders)), `seed ${seed}`).toBeUndefined();
      orders.forEach(({ account, ...order }, i) => {
        const { liquidationPrice: _, ...verdict } = check(book, account, order);
        expect(difference(batch[i], verdict), `seed ${seed}, order ${i}`).toBeUndefined();
      });
    }
    expect(prices).toBeGreaterThan(ROUNDS / 2);
    for (const reason of ['enoughMargin', 'insufficientMargin', 'moreRisk', 'notReducing'] as const)
      expect(seen).toContain(reason);
  });

  it('a basket is the fills one after the other; both engines say the same', () => {
    for (const { seed, book, reference, bytes, r } of books()) {
      baskets: for (let account = 0; account < book.accounts; account++) {
        const bucket = book.unitBucket(r.pick(book.unitsOf(account)));
        const legs = Array.from({ length: r.int(1, 4) }, () => ({ ...randomOrder(r, book, account), bucket }));
        const where = `seed ${seed}, account ${account}, ${JSON.stringify(legs)}`;
        const verdict: BasketVerdict = checkBasket(book, account, legs, { bucket });
        if ((seed + account) % 16 === 0)
          expect(difference(verdict, checkBasket(reference, account, legs, { bucket })), where).toBeUndefined();
        if (legs.length === 1) {
          const { liquidationPrice: _, ...one } = check(book, account, legs[0] as OrderCheck);
          expect(difference(verdict.legs[0], one), where).toBeUndefined();
        }
        sameRisk(verdict.before, riskOf(book, account, bucket), where);
        const after = Book.decode(bytes);
        for (const [i, leg] of legs.entries()) {
          const trade = realTrade(book, leg);
          if (crosses(after, account, trade, Number(leg.size))) continue baskets;
          fillReally(after, account, trade, Number(leg.size));
          const got = verdict.legs[i]?.after as CheckRisk;
          const want = riskOf(after, account, bucket);
          sameRisk(got, want, `${where}, leg ${i}`);
        }
        sameRisk(verdict.after, riskOf(after, account, bucket), where);
        for (const row of liquidationPrices(after, account)) {
          const prices = verdict.liquidationPrices[row.market];
          if (row.bucket === bucket && prices) expect(prices, where).toEqual({ down: row.down, up: row.up });
        }
      }
    }
  });
});

describe('what cannot be asked', () => {
  const book = exchange({ ...CASH, ...LONG });
  const out = new Float64Array(CHECK_WIDTH).fill(7);
  const order = { market: 'PERP', side: 'buy', size: 1 } as const;
  const into = (more: Partial<Record<'unit' | 'market' | 'side' | 'size' | 'price' | 'out', unknown>>): number => {
    const x = { unit: 0, market: 0, side: 'buy', size: 1, price: 100, out, ...more };
    return checkInto(
      book,
      ...([x.unit, x.market, x.side, x.size, x.price, x.out] as [0, 0, 'buy', 1, 1, Float64Array]),
    );
  };
  const NUMBER = 'expected a number from 1e-30 to less than 1e+30';
  const CASES: [message: string, ask: () => unknown][] = [
    ['type at order: got null, expected an object', () => check(book, 'a', null as never)],
    [
      'type at order.size: got undefined, expected a number',
      () => check(book, 'a', { ...order, size: undefined as never }),
    ],
    ['range at order.size: got 0, expected a number > 0', () => check(book, 'a', { ...order, size: 0 })],
    ['range at order.size: got -1, expected a number > 0', () => check(book, 'a', { ...order, size: -1 })],
    [
      'not-finite at order.size: got NaN, expected a finite number',
      () => check(book, 'a', { ...order, size: Number.NaN }),
    ],
    ['range at order.size: got 1e+31, expected a magnitude', () => check(book, 'a', { ...order, size: 1e31 })],
    ['range at order.price: got 0, expected a number > 0', () => check(book, 'a', { ...order, price: 0 })],
    ['type at order.price: got "1,5", expected a number', () => check(book, 'a', { ...order, price: '1,5' })],
    [
      'range at order.price: got 41, expected a price below 1',
      () => check(book, 'a', { ...order, market: 'YES', price: 41 }),
    ],
    ['range at order.fee: got 5, expected a number >= -1 and <= 1', () => check(book, 'a', { ...order, fee: 5 })],
    ['type at order.side: got "BUY", expected buy or sell', () => check(book, 'a', { ...order, side: 'BUY' as never })],
    ['unknown-id at order.market: got "PRP"', () => check(book, 'a', { ...order, market: 'PRP' })],
    ['unknown-id at account: got "b"', () => check(book, 'b', order)],
    [
      'unknown-key at order.reduceonly: expected one of market, side, price, fee, positionSide, bucket, size, reduceOnly. Did you mean "reduceOnly"?',
      () => check(book, 'a', { ...order, reduceonly: true } as never),
    ],
    [
      'type at order.reduceOnly: got "yes", expected true or false',
      () => check(book, 'a', { ...order, reduceOnly: 'yes' as never }),
    ],
    ['type at book: got undefined, expected a Book', () => check(undefined as never, 'a', order)],
    ['type at orders: got {}, expected a list', () => checkAll(book, {} as never)],
    [
      'unknown-id at orders[1].account: got "b"',
      () =>
        checkAll(book, [
          { account: 'a', ...order },
          { account: 'b', ...order },
        ]),
    ],
    ['range at orders[0].size: got -2', () => checkAll(book, [{ account: 'a', ...order, size: -2 }])],
    ['type at legs[1]: got 5, expected an object', () => checkBasket(book, 'a', [order, 5 as never])],
    ['unknown-id at legs[1].market: got "X"', () => checkBasket(book, 'a', [order, { ...order, market: 'X' }])],
    ['range at unit: got 2, expected a row in use, 0 to 1', () => into({ unit: 2 })],
    ['range at unit: got -1, expected a row in use', () => into({ unit: -1 })],
    ['range at unit: got "a", expected a row in use', () => into({ unit: 'a' })],
    ['range at market: got 0.5, expected a row in use, 0 to 4', () => into({ market: 0.5 })],
    ['type at side: got 1, expected buy or sell', () => into({ side: 1 })],
    [`range at size: got NaN, ${NUMBER}`, () => into({ size: Number.NaN })],
    [`range at size: got 0, ${NUMBER}`, () => into({ size: 0 })],
    [`range at size: got -1, ${NUMBER}`, () => into({ size: -1 })],
    [`range at size: got 1e-40, ${NUMBER}`, () => into({ size: 1e-40 })],
    [`range at size: got "1", ${NUMBER}`, () => into({ size: '1' })],
    [`range at price: got Infinity, ${NUMBER}`, () => into({ price: Number.POSITIVE_INFINITY })],
    [`range at price: got 0, ${NUMBER}`, () => into({ price: 0 })],
    ['range at price: got 1, expected a number from 1e-30 to less than 1', () => into({ market: 4, price: 1 })],
    ['type at out: expected a Float64Array', () => into({ out: undefined })],
    ['range at out: got 11, expected at least 12 entries', () => into({ out: new Float64Array(11) })],
    ['type at book: got {}, expected a Book', () => checkInto({} as never, 0, 0, 'buy', 1, 100, out)],
  ];
  margin(book);
  const [before, columns] = [book.encode(), derived(book)];
  it.each(CASES)('%s', (message, ask) => {
    expect(ask).toThrow(MarginError);
    expect(ask).toThrow(message);
    expect(book.encode()).toEqual(before);
    expect(derived(book)).toEqual(columns);
    expect([...out]).toEqual(Array.from({ length: CHECK_WIDTH }, () => 7));
  });
});

describe('a book at its maximum', () => {
  const MARKETS = 9;
  /** One account with nine positions, one without; `spare` rows of each section are left. */
  function full(spare: { units: number; balances: number; positions: number }): Book {
    const maximum = {
      units: 2 + spare.units,
      balances: 2 + spare.balances,
      positions: MARKETS + spare.positions,
    };
    const book = Book.create({ maximum });
    book.addAsset({ id: 'USDT', price: 1 });
    book.addAsset({ id: 'COIN', price: 100 });
    for (let i = 0; i <= MARKETS; i++)
      book.addMarket({
        id: `M${i}`,
        kind: 'linear',
        settle: 'USDT',
        mark: 10,
        brackets: [{ upTo: null, maintenanceRate: 0.1 }],
      });
    const positions = Array.from({ length: MARKETS }, (_, i) => ({ market: `M${i}`, size: 1 + i, entry: 10 }));
    book.addAccount({ id: 'a', balances: { USDT: 45 }, positions });
    book.addAccount({ id: 'b', balances: { USDT: 1 } });
    return book;
  }
  const ALL: [string, (book: Book) => unknown][] = [
    ['check', (book) => check(book, 'a', { market: 'M9', side: 'buy', size: 0.01 })],
    ['checkInto', (book) => checkInto(book, 0, 9, 'buy', 0.01, 10, new Float64Array(CHECK_WIDTH))],
    ['checkAll', (book) => checkAll(book, [{ account: 'a', market: 'M9', side: 'buy', size: 0.01 }])],
    ['checkBasket', (book) => checkBasket(book, 'a', [{ market: 'M9', side: 'buy', size: 0.01 }])],
    ['maxOrder', (book) => maxOrder(book, 'a', { market: 'M9', side: 'buy' })],
    ['maxWithdraw', (book) => maxWithdraw(book, 'a', 'COIN', { borrow: true })],
    ['closeSizes', (book) => closeSizes(book, 'a', [{ market: 'M3' }], { target: 5 })],
  ];

  it.each(ALL)('answers, as the copy does not count, and leaves what was borrowed: %s', (_name, ask) => {
    const book = full({ units: 0, balances: 0, positions: 0 });
    const risk = margin(book);
    const [bytes, columns, equity] = [book.encode(), derived(book), risk.equity.slice()];
    const wide = full({ units: 9, balances: 99, positions: 999 });
    expect(ask(book)).toEqual(ask(wide));
    expect(risk.equity).toEqual(equity);
    expect(book.encode()).toEqual(bytes);
    expect(derived(book)).toEqual(columns);
  });

  it.each(ALL)('answers where the copy fits: %s', (_name, ask) => {
    const book = full({ units: 1, balances: 3, positions: 10 });
    const roomy = full({ units: 99, balances: 99, positions: 99 });
    margin(book);
    const [bytes, columns] = [book.encode(), derived(book)];
    expect(ask(book)).toEqual(ask(roomy));
    expect(book.encode()).toEqual(bytes);
    expect(derived(book)).toEqual(columns);
  });
});

describe('whatever the numbers', () => {
  it('an accepted order that is filled may be closed again, and a refused one is refused at any larger size', () => {
    const lots = fc.integer({ min: 1, max: 3000 }).map((n) => n / 10);
    fc.assert(
      fc.property(
        lots,
        lots,
        fc.integer({ min: 1, max: 2000 }),
        fc.constantFrom('buy', 'sell'),
        (size, more, cash, way) => {
          const side = way as 'buy' | 'sell';
          const book = exchange({ balances: { USDT: cash } }, { minNotional: 0, maxSize: null });
          const order: OrderCheck = { market: 'PERP', side, size };
          const { accept } = check(book, 'a', order);
          expect(accept).toBe(size * 10 <= cash);
          if (!accept) {
            expect(check(book, 'a', { ...order, size: Math.round((size + more) * 10) / 10 }).accept).toBe(false);
            return;
          }
          const after = filled(book.encode(), 'a', realTrade(book, order), size);
          const back: OrderCheck = { ...order, side: side === 'buy' ? 'sell' : 'buy', reduceOnly: true };
          expect(check(after, 'a', back)).toMatchObject({ accept: true, after: { equity: cash, initialMargin: 0 } });
        },
      ),
    );
  });
});
