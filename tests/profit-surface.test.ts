// Profit of an account by price, volatility and date: hand-computed values, agreement with scenarios, equity and parity, refusals.
import { describe, expect, it } from 'vitest';
import type { BookJSON, MarketJSON } from '../bindings/book/types.js';
import { Book as DefaultBook } from '../bindings/index.js';
import {
  accountMargin,
  Book,
  explainScenarios,
  type ModelJSON,
  profitCurve,
  profitSurface,
} from '../bindings/scenario.js';
import { refusedAt } from './refusal.js';

const YEAR = 31_536_000;
/** 100 (2 Phi(s / 2) - 1): an option at the money, forward 100, a year, no rate; Phi by 40-digit arithmetic. */
const AT_20 = 7.965567455405804;
const AT_40 = 15.851941887820603;
/** Nothing moves but what is asked for. */
const free: ModelJSON = { id: 'free', requirement: { gross: 'linear', factor: 0 } };
const NO_BRACKETS = [{ upTo: null, maintenanceRate: 0 }];

const option = (kind: 'call' | 'put', strike: number, more: Partial<MarketJSON> = {}): MarketJSON => ({
  id: `${strike}-${kind}`,
  kind,
  expiry: 'year',
  strike,
  volatility: 0.2,
  settle: 'USD',
  ...more,
});
const perp: MarketJSON = { id: 'PERP', kind: 'linear', base: 'X', settle: 'USD', mark: 100, brackets: NO_BRACKETS };

function bookOf(account: object, markets: MarketJSON[], more: Partial<BookJSON> = {}): BookJSON {
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      { id: 'X', price: 100, hedges: 'X' },
      { id: 'Y', price: 10 },
    ],
    expiries: [{ id: 'year', asset: 'X', seconds: YEAR, forward: 100 }],
    models: [free],
    markets,
    accounts: [{ id: 'a', model: 'free', balances: { USD: 1000 }, ...account }],
    ...more,
  };
}
const read = (...args: Parameters<typeof bookOf>): Book => Book.fromJSON(bookOf(...args));
const list = (x: Float64Array | undefined): number[] => Array.from(x ?? []);

describe('a surface', () => {
  it('is linear in the price for what is linear, by its beta', () => {
    const half: MarketJSON = { ...perp, id: 'HALF', beta: 0.5 };
    const positions = [
      { market: 'PERP', size: 2, entry: 90 },
      { market: 'HALF', size: -1, entry: 100 },
    ];
    const { profit, prices, volatilities } = profitSurface(read({ positions }, [perp, half]), 'a', {
      prices: [-0.1, 0, 0.5],
      volatilities: [-0.5, 1],
    });
    // 2 x 100 x move - 1 x 100 x move / 2, at any volatility.
    expect(list(profit)).toEqual([-15, 0, 75, -15, 0, 75]);
    expect([list(prices), list(volatilities)]).toEqual([
      [-0.1, 0, 0.5],
      [-0.5, 1],
    ]);
  });

  it('has a row a volatility: an option at the money gains what its formula says', () => {
    const book = read({ positions: [{ market: '100-call', size: 3 }] }, [option('call', 100)]);
    const { profit } = profitSurface(book, 'a', { prices: [0, -1], volatilities: [-1, 0, 1] });
    expect(profit[0]).toBeCloseTo(-3 * AT_20, 10);
    expect(profit[2]).toBe(0);
    expect(profit[4]).toBeCloseTo(3 * (AT_40 - AT_20), 10);
    // Worth nothing without a price.
    for (const row of [0, 1, 2]) expect(profit[row * 2 + 1]).toBeCloseTo(-3 * AT_20, 8);
  });

  it('keeps parity: a call less a put is a forward, at every volatility', () => {
    const positions = [
      { market: '100-call', size: 2 },
      { market: '100-put', size: -2 },
      { market: 'PERP', size: -2, entry: 100 },
    ];
    const book = read({ positions }, [option('call', 100), option('put', 100), perp]);
    const { profit } = profitSurface(book, 'a', { prices: [-0.5, -0.1, 0.2, 3], volatilities: [-0.5, 0, 2] });
    for (const x of profit) expect(x).toBeCloseTo(0, 10);
  });

  it('counts coin at its price after the move: coin and a short inverse contract are dollars', () => {
    const inverse: MarketJSON = {
      id: 'INV',
      kind: 'inverse',
      settle: 'X',
      quote: 'USD',
      multiplier: 10,
      mark: 100,
      brackets: NO_BRACKETS,
    };
    const account = { balances: { X: 3 }, positions: [{ market: 'INV', size: -30, entry: 100 }] };
    const { profit, legs } = profitSurface(read(account, [inverse]), 'a', {
      prices: [-0.5, 1],
      volatilities: [0],
      legs: true,
    });
    expect(profit[0]).toBeCloseTo(0, 10);
    expect(profit[1]).toBeCloseTo(0, 10);
    // 300 dollars at 50 are 6 coins: 3 coins of profit, 50 each; 3 coins lose 50 each.
    expect(legs?.map(({ market, asset, size, bucket }) => [market ?? asset, size, bucket])).toEqual([
      ['INV', -30, 0],
      ['X', 3, 0],
    ]);
    expect(legs?.[0]?.profit[0]).toBeCloseTo(150, 10);
    expect(legs?.[1]?.profit[0]).toBe(-150);
  });

  it('gives an option that pays coin the dollars of one that pays dollars', () => {
    const markets = [option('call', 110), option('call', 110, { id: 'COIN', settle: 'X' })];
    const ask = { prices: [-0.3, 0.1, 0.4], volatilities: [-0.2, 0, 0.5] };
    const [dollars, coin] = ['110-call', 'COIN'].map((market) =>
      profitSurface(read({ positions: [{ market, size: 1 }] }, markets), 'a', ask),
    );
    for (let i = 0; i < 9; i++) expect(coin?.profit[i]).toBeCloseTo(dollars?.profit[i] as number, 10);
    expect(dollars?.profit[8]).toBeGreaterThan(30);
  });

  it('moves one underlying, or all', () => {
    const other: MarketJSON = { ...perp, id: 'OTHER', base: 'Y', mark: 10 };
    const positions = [
      { market: 'PERP', size: 1, entry: 100 },
      { market: 'OTHER', size: 10, entry: 10 },
    ];
    const book = read({ positions, balances: { USD: 1, X: 2 } }, [perp, other]);
    const ask = (underlying?: string): [number[], unknown] => {
      const answer = profitSurface(book, 'a', {
        prices: [0.1],
        volatilities: [0],
        ...(underlying ? { underlying } : {}),
      });
      return [list(answer.profit).map((x) => Number(x.toFixed(9))), answer.underlyings];
    };
    const [x, y] = [
      { underlying: 'X', spot: 100 },
      { underlying: 'Y', spot: 10 },
    ];
    expect(ask()).toEqual([[40], [x, y]]);
    expect(ask('X')).toEqual([[30], [x]]);
    expect(ask('Y')).toEqual([[10], [y]]);
  });

  it('moves the volatilities of that underlying alone', () => {
    const on = (id: string, expiry: string): MarketJSON => ({ ...option('call', 100), id, expiry });
    const expiries = ['X', 'Y'].map((asset) => ({ id: asset, asset, seconds: YEAR, forward: 100 }));
    const positions = ['X', 'Y'].map((market) => ({ market, size: 1 }));
    const book = read({ positions }, [on('X', 'X'), on('Y', 'Y')], { expiries });
    const ask = { prices: [0], volatilities: [1] };
    expect(profitSurface(book, 'a', { ...ask, underlying: 'Y' }).profit[0]).toBeCloseTo(AT_40 - AT_20, 10);
    expect(profitSurface(book, 'a', ask).profit[0]).toBeCloseTo(2 * (AT_40 - AT_20), 10);
  });

  it('is what the scenarios of a model gain, where they do nothing but move prices and volatilities', () => {
    const prices = [-0.15, 0, 0.15];
    const volatilities = [-0.3, 0, 0.4];
    const grid: ModelJSON = {
      id: 'grid',
      cash: 'USD',
      volatility: Object.fromEntries(volatilities.map((scale) => [`v${scale}`, { scale }])),
      scenarios: volatilities.flatMap((v) => prices.map((price) => ({ price, volatility: `v${v}` }))),
      requirement: { scan: 'scan' },
    };
    const positions = [
      { market: '90-put', size: -4 },
      { market: '110-call', size: 2 },
      { market: 'PERP', size: -0.5, entry: 80 },
    ];
    const markets = [option('put', 90, { volatility: 0.5 }), option('call', 110), perp];
    const account = { model: 'grid', positions, balances: { USD: 50, X: 0.7 } };
    const book = read(account, markets, { models: [grid] });
    const { profit } = profitSurface(book, 'a', { prices, volatilities });
    const { scenarios } = explainScenarios(book, 'a');
    scenarios.forEach(({ gain }, i) => {
      expect(profit[i], `scenario ${i}`).toBeCloseTo(gain, 10);
    });
  });

  it('is the change of equity, without a model and on the default engine too', () => {
    const inverse: MarketJSON = {
      id: 'INV',
      kind: 'inverse',
      settle: 'X',
      multiplier: 10,
      mark: 101,
      brackets: NO_BRACKETS,
      fundingIndex: 0.001,
    };
    const json: BookJSON = {
      format: 'margin-kernel/book@1',
      assets: [
        { id: 'USD', price: 1 },
        { id: 'X', price: 100, depositIndex: 1.5 },
      ],
      markets: [perp, inverse],
      accounts: [
        {
          id: 'a',
          balances: { USD: 5000, X: 2 },
          positions: [{ market: 'PERP', size: 3, entry: 90 }],
          buckets: [
            {
              bucket: 1,
              balances: { X: 5 },
              positions: [{ market: 'INV', size: 7, entry: 80, fundingIndex: 0 }],
            },
          ],
        },
      ],
    };
    for (const kind of [Book, DefaultBook]) {
      const book = kind.fromJSON(json);
      const before = accountMargin(book, 'a').equity;
      const { profit } = profitSurface(book, 'a', { prices: [-0.4], volatilities: [0] });
      expect(accountMargin(book, 'a').equity).toBe(before);
      book.setPrice('X', 60);
      book.setMark('PERP', 60);
      book.setMark('INV', 60.6);
      expect(profit[0]).toBeCloseTo(accountMargin(book, 'a').equity - before, 9);
    }
  });

  it('leaves every bit of the book as it was', () => {
    const positions = [
      { market: '100-call', size: 2 },
      { market: '90-put', size: -2 },
      { market: 'PERP', size: -2, entry: 100 },
    ];
    const markets = [option('call', 100, { mark: 9.5 }), option('put', 90), perp];
    const book = read({ positions, balances: { USD: 5, X: 1 } }, markets);
    const [before, margin] = [book.encode(), accountMargin(book, 'a')];
    profitSurface(book, 'a', { prices: [-0.2, 0.3], volatilities: [0.4], legs: true });
    profitCurve(book, 'a', { prices: [-0.2, 0.3] });
    expect(book.encode()).toEqual(before);
    expect(accountMargin(book, 'a')).toEqual(margin);
  });

  it('tells legs whose sum is the whole', () => {
    const positions = [
      { market: '100-call', size: 2 },
      { market: '90-put', size: -3 },
    ];
    const book = read({ positions, balances: { USD: 5, X: 1 } }, [option('call', 100), option('put', 90)]);
    const { profit, legs = [] } = profitSurface(book, 'a', { prices: [-0.2, 0.3], volatilities: [0, 0.4], legs: true });
    expect(legs).toHaveLength(3);
    profit.forEach((x, i) => {
      expect(x).toBe(legs.reduce((sum, leg) => sum + (leg.profit[i] as number), 0));
    });
  });
});

describe('curves', () => {
  it('are now and at each expiry: a bought call loses its premium or pays what is beyond the strike', () => {
    const book = read({ positions: [{ market: '100-call', size: 2 }] }, [option('call', 100)]);
    const { curves, underlyings } = profitCurve(book, 'a', { prices: [-0.2, 0, 0.25] });
    expect(underlyings).toEqual([{ underlying: 'X', spot: 100 }]);
    expect(curves.map(({ days, expiries }) => [days, expiries])).toEqual([
      [0, []],
      [365, ['year']],
    ]);
    expect(curves[0]?.profit[1]).toBe(0);
    expect(curves[1]?.profit[0]).toBeCloseTo(-2 * AT_20, 10);
    expect(curves[1]?.profit[1]).toBeCloseTo(-2 * AT_20, 10);
    expect(curves[1]?.profit[2]).toBeCloseTo(2 * (25 - AT_20), 10);
  });

  it('pay off against a mark of its own, and count paid premiums as paid', () => {
    const markets = [option('put', 100, { mark: 12 })];
    const book = read({ positions: [{ market: '100-put', size: -1, entry: 20 }] }, markets);
    const { curves } = profitCurve(book, 'a', { prices: [-0.3, 0, 0.3], days: [0, 365, 400] });
    // Sold: what it is marked at now is kept, less what is paid at the end.
    expect(list(curves[1]?.profit).map((x) => Number(x.toFixed(9)))).toEqual([-18, 12, 12]);
    expect(list(curves[2]?.profit)).toEqual(list(curves[1]?.profit));
    expect(curves.map(({ expiries }) => expiries)).toEqual([[], ['year'], []]);
  });

  it('end at the spot: a forward above it comes down, and a dated future with it', () => {
    const future: MarketJSON = { ...perp, id: 'DATED', mark: 121, expiry: 'year' };
    const account = {
      positions: [
        { market: '90-call', size: 1 },
        { market: 'DATED', size: 1, entry: 121 },
      ],
    };
    const book = read(account, [option('call', 90, { volatility: 0 }), future], {
      expiries: [{ id: 'year', asset: 'X', seconds: YEAR, forward: 121 }],
    });
    const { curves } = profitCurve(book, 'a', { prices: [0], days: [0, 182.5, 365] });
    // The forward goes 121, 110, 100; the call is worth what it is above 90.
    const losses = curves.map(({ profit }) => profit[0] as number);
    expect(losses[0]).toBe(0);
    expect(losses[1]).toBeCloseTo(-22, 10);
    expect(losses[2]).toBeCloseTo(-42, 10);
  });

  it('have a date an expiry, also where two share one', () => {
    const expiries = [
      { id: 'late', asset: 'X', seconds: 3 * 86_400, forward: 100 },
      { id: 'soon', asset: 'X', seconds: 86_400, forward: 100 },
      { id: 'twin', asset: 'X', seconds: 86_400, forward: 100 },
      { id: 'unheld', asset: 'X', seconds: 7, forward: 100 },
    ];
    const ids = ['late', 'soon', 'twin'];
    const markets = ids.map((expiry) => option('call', 100, { id: expiry, expiry }));
    const book = read({ positions: ids.map((market) => ({ market, size: 1 })) }, markets, { expiries });
    const { curves } = profitCurve(book, 'a', { prices: [0] });
    expect(curves.map(({ days, expiries: gone }) => [days, gone])).toEqual([
      [0, []],
      [1, ['soon', 'twin']],
      [3, ['late']],
    ]);
  });
});

describe('what is refused', () => {
  const book = read({ positions: [{ market: 'PERP', size: 1, entry: 100 }] }, [perp]);
  const flat = { prices: [0], volatilities: [0] };
  it.each<[string, () => unknown, [code: string, path: string]]>([
    [
      'a fall of more than all',
      () => profitSurface(book, 'a', { ...flat, prices: [0, -1.01] }),
      ['range', 'options.prices[1]'],
    ],
    [
      'a volatility below 0',
      () => profitSurface(book, 'a', { ...flat, volatilities: [-2] }),
      ['range', 'options.volatilities[0]'],
    ],
    [
      'no number',
      () => profitSurface(book, 'a', { ...flat, prices: [Number.NaN] }),
      ['not-finite', 'options.prices[0]'],
    ],
    [
      'no end',
      () => profitCurve(book, 'a', { prices: [Number.POSITIVE_INFINITY] }),
      ['not-finite', 'options.prices[0]'],
    ],
    ['an empty list', () => profitSurface(book, 'a', { ...flat, prices: [] }), ['range', 'options.prices']],
    [
      'an empty list of volatilities',
      () => profitSurface(book, 'a', { ...flat, volatilities: new Float64Array() }),
      ['range', 'options.volatilities'],
    ],
    ['no list', () => profitCurve(book, 'a', { prices: 3 as never }), ['type', 'options.prices']],
    [
      'a list that is missing',
      () => profitSurface(book, 'a', { prices: [0] } as never),
      ['missing-key', 'options.volatilities'],
    ],
    ['days before now', () => profitCurve(book, 'a', { prices: [0], days: [-1] }), ['range', 'options.days[0]']],
    [
      'an unknown underlying',
      () => profitCurve(book, 'a', { prices: [0], underlying: 'Z' }),
      ['unknown-id', 'options.underlying'],
    ],
    ['an unknown account', () => profitSurface(book, 'b', flat), ['unknown-id', 'account']],
    ['an unknown key', () => profitSurface(book, 'a', { ...flat, vols: [] } as never), ['unknown-key', 'options.vols']],
    [
      'too many points',
      () => profitSurface(book, 'a', { prices: new Float64Array(2000), volatilities: new Float64Array(2000) }),
      ['too-many', 'options.prices'],
    ],
  ])('%s', (_, work, [code, path]) => {
    expect(refusedAt(work)).toBe(`${code} ${path}`);
  });
});
