// Watched books live: prices, guards, indices, fills, orders, new rows and changes of parameters. After every poll a watch by boxes
// reports what rescans report, and its heaps are whole.
import { describe, expect, it } from 'vitest';
import type { BookBase } from '../bindings/book/book.js';
import { Book, margin } from '../bindings/index.js';
import type { BookJSON } from '../bindings/public.js';
import { Book as ScenarioBook } from '../bindings/scenario.js';
import type { WatchLevels } from '../bindings/watch/lines.js';
import { Random, randomBook } from './random-book.js';
import { randomModelBook } from './random-model.js';
import { FEATURES, featureBook } from './watch-books.js';
import { nearLines } from './watch-corners.js';
import { type Change, Events, Twins } from './watch-twins.js';

const BOOKS = Number(process.env.BOX_BOOKS ?? 1);
const SEED = Number(process.env.BOX_SEED ?? 1);
const TICKS = Number(process.env.BOX_TICKS ?? 60);
const LEVELS: WatchLevels[] = [
  {},
  {},
  { warning: 'initial' },
  { warning: null },
  { backstop: null },
  { warning: 3, backstop: 0.9 },
];

function tuned(r: Random, json: BookJSON, levels: WatchLevels): BookJSON {
  const book = Book.fromJSON(json);
  nearLines(r, book, levels);
  return book.toJSON();
}

function live(seed: number, name: string, json: BookJSON, ticks: number, scenarios = false): Twins {
  const r = new Random(seed);
  const levels = r.pick(LEVELS);
  const twins = scenarios ? new Twins(json, levels, ScenarioBook.fromJSON) : new Twins(tuned(r, json, levels), levels);
  const events = new Events(r, r.pick([0.001, 0.01, 0.05]));
  for (let i = 0; i < ticks; i++) {
    const where = `${name}, seed ${seed}, tick ${i}`;
    for (const change of events.next(twins.twin)) twins.do(change);
    if (r.chance(0.02)) twins.reopen();
    twins.poll(where);
    if (i % 10 === 0) twins.check(where);
  }
  twins.check(`${name}, seed ${seed}, at the end`);
  return twins;
}

/** Many accounts on markets without special features, some of whom are near their lines. */
function crowd(r: Random, accounts: number, features: { full: boolean }): BookJSON {
  const markets = Array.from({ length: r.int(1, 4) }, (_, i) => {
    const inverse = r.chance(0.3);
    const coin = inverse || r.chance(0.2);
    return {
      id: `M${i}`,
      kind: inverse ? ('inverse' as const) : ('linear' as const),
      settle: coin ? 'BTC' : 'USDT',
      mark: r.between(1, 500),
      multiplier: inverse ? 100 : 1,
      ...(r.chance(0.5) ? { fundingIndex: r.between(-1, 1) } : {}),
      brackets: [
        ...(r.chance(0.3) ? [{ upTo: 3e3, maintenanceRate: 0 }] : []),
        { upTo: 1e4, maintenanceRate: 0.01, initialRate: 0.02 },
        { upTo: 1e5, maintenanceRate: 0.03, initialRate: 0.05 },
        { upTo: null, maintenanceRate: 0.1, initialRate: 0.2 },
      ].slice(r.int(0, 2)),
      tables: { form: 'marginal' as const },
      ...(features.full ? { closingFee: 0.001 } : {}),
    };
  });
  return {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USDT', price: 1 },
      { id: 'BTC', price: 100 },
    ],
    markets,
    accounts: Array.from({ length: accounts }, (_, i) => {
      const positions = markets
        .filter(() => r.chance(0.5))
        .map(({ id, mark, multiplier, kind }) => ({
          market: id,
          size: (r.wide(10, 1e5) * (r.chance(0.5) ? 1 : -1)) / (kind === 'inverse' ? multiplier : mark),
          entry: mark * r.between(0.95, 1.05),
        }));
      const worth = r.wide(10, 1e4) * 10 ** -r.between(0, 2) * (r.chance(0.1) ? -1 : 1);
      return {
        id: `a${i}`,
        balances: r.chance(0.2)
          ? { USDT: worth, BTC: worth / 100 }
          : r.chance(0.2)
            ? { BTC: worth / 100 }
            : { USDT: worth },
        positions,
      };
    }),
  };
}

/** Marks, prices and funding alone, with gaps: nothing that asks for more than the plain scan. */
function drift(r: Random, book: BookBase, size: number): Change {
  const { market, asset } = book.store.columns;
  const m = r.int(0, book.markets - 1);
  const step = r.chance(0.04) ? r.between(0.8, 1.25) : 1 + r.between(-1, 1) * size * 10 ** -r.between(0, 3);
  const what = r.next();
  if (what < 0.7) {
    const mark = (market.mark[m] as number) * step;
    return (b) => b.setMark(m, mark);
  }
  if (what < 0.9) {
    const price = (asset.price[1] as number) * step;
    return (b) => b.setPrice(1, price);
  }
  if (what < 0.93) {
    const index = (market.fundingIndex[m] as number) + r.between(-1, 1) * size;
    return (b) => b.setFundingIndex(m, index);
  }
  if (what < 0.96) return (b) => void margin(b);
  const account = r.int(0, book.accounts - 1);
  return (b) => b.deposit(account, 0, 3);
}

describe('a watched book', () => {
  const names = Object.keys(FEATURES);
  it('reports what rescans report, with features alone and together', () => {
    const r = new Random(SEED);
    let events = 0;
    for (let i = 0; i < 80 * BOOKS; i++) {
      const some = Array.from({ length: r.int(1, 3) }, () => r.pick(names));
      const seed = SEED + i;
      let json: BookJSON;
      try {
        json = featureBook(new Random(seed), some);
        Book.fromJSON(json);
      } catch {
        continue;
      }
      events += live(seed, some.join(' + '), json, TICKS).events;
    }
    expect(events).toBeGreaterThan(100);
  });
  it.each([0, 0.3, 1])('reports what rescans report in random books, features %s', (features) => {
    for (let seed = SEED; seed < SEED + 10 * BOOKS; seed++)
      live(seed, `features ${features}`, randomBook(seed, { features, accounts: 10 }), TICKS);
  });
  it('reports what rescans report with options and scenario models', () => {
    for (let seed = SEED; seed < SEED + 12 * BOOKS; seed++)
      live(seed, 'models', randomModelBook(seed, 4), Math.min(TICKS, 40), true);
  });
  it.each(['<', '<='] as const)('reports what rescans report of a plain crowd, liquidatable when %s', (when) => {
    let events = 0;
    for (let seed = SEED; seed < SEED + 12 * BOOKS; seed++) {
      const r = new Random(seed);
      const levels = r.pick(LEVELS);
      const json = { ...crowd(r, r.int(200, 1500), { full: false }), liquidatableWhen: when };
      const twins = new Twins(json, levels);
      const size = r.pick([0.001, 0.01, 0.03]);
      for (let i = 0; i < TICKS; i++) {
        for (let n = r.chance(0.8) ? 1 : 3; n > 0; n--) twins.do(drift(r, twins.twin, size));
        twins.poll(`plain crowd ${when}, seed ${seed}, tick ${i}`);
      }
      twins.check(`plain crowd ${when}, seed ${seed}`);
      events += twins.events;
    }
    expect(events).toBeGreaterThan(1000);
  });
  it.each([false, true])('reports what rescans report of a crowd, special features %s', (full) => {
    for (let seed = SEED; seed < SEED + 4 * BOOKS; seed++) {
      const r = new Random(seed);
      const levels = r.pick(LEVELS);
      const twins = new Twins(crowd(r, r.int(200, 2500), { full }), levels);
      const events = new Events(r, r.pick([0.001, 0.01]));
      for (let i = 0; i < TICKS; i++) {
        const where = `crowd ${full}, seed ${seed}, tick ${i}`;
        for (const change of events.next(twins.twin)) twins.do(change);
        twins.poll(where);
        if (i % 20 === 0) twins.check(where);
      }
      twins.check(`crowd ${full}, seed ${seed}`);
    }
  });
});

const TABLE = [{ upTo: null, maintenanceRate: 0.1, initialRate: 0.2 }];
const bookOf = (book: Partial<BookJSON>): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 100 },
  ],
  markets: [{ id: 'M', kind: 'linear', settle: 'USDT', mark: 100, brackets: TABLE }],
  accounts: [],
  ...book,
});

describe('a watched book at its edges', () => {
  it('follows an index that comes to equal the price', () => {
    for (const index of ['depositIndex', 'borrowIndex'] as const) {
      const sign = index === 'depositIndex' ? 1 : -1;
      const json = bookOf({
        assets: [
          { id: 'USDT', price: 1.02 },
          { id: 'BTC', price: 1 },
        ],
        accounts: [
          {
            id: 'a',
            balances: { USDT: sign > 0 ? 99 : -100, BTC: sign > 0 ? 0 : 205 },
            positions: [{ market: 'M', size: -10, entry: 100 }],
          },
        ],
      });
      const twins = new Twins(json, {});
      twins.do((book) => book.setTotals('USDT', { [index]: 1.02 }));
      twins.poll(index);
      expect(twins.events).toBeGreaterThan(0);
      twins.check(index);
    }
  });
  it('follows a funding index that comes to equal the mark', () => {
    const json = bookOf({
      accounts: [{ id: 'a', balances: { USDT: 150 }, positions: [{ market: 'M', size: 10, entry: 100 }] }],
    });
    const twins = new Twins(json, {});
    twins.do((book) => book.setFundingIndex('M', 100));
    twins.poll('funding');
    expect(twins.events).toBeGreaterThan(0);
  });
  it('knows that a guard price follows from where it is met', () => {
    // The guard of a long in need stands at 99. The mark falls to it, takes it along, and both rise further than the mark has.
    for (const [twap, size, back] of [
      [99, 10, 1],
      [101, -10, -1],
    ] as const) {
      const json = bookOf({
        markets: [{ id: 'M', kind: 'linear', settle: 'USDT', mark: 100, twap, brackets: TABLE }],
        accounts: [{ id: 'a', balances: { USDT: 80 }, positions: [{ market: 'M', size, entry: 100 }] }],
      });
      const twins = new Twins(json, { warning: null, backstop: null });
      twins.do((book) => book.setMark('M', twap));
      twins.poll('met');
      for (let i = 0; i < 100; i++) {
        twins.do((book) => book.setMark('M', twap + back * 0.05 * i));
        twins.poll(`from ${twap}, ${i}`);
      }
      expect(twins.events).toBeGreaterThan(0);
    }
  });
  it('knows a guard price that is left behind and met again', () => {
    const json = bookOf({
      markets: [
        {
          id: 'M',
          kind: 'linear',
          settle: 'USDT',
          mark: 99,
          twap: 99,
          guard: ['initial', 'maintenance'],
          brackets: TABLE,
        },
      ],
      accounts: [{ id: 'a', balances: { USDT: 80 }, positions: [{ market: 'M', size: 10, entry: 100 }] }],
    });
    const twins = new Twins(json, { warning: null, backstop: null });
    for (let i = 0; i < 10; i++) {
      twins.do((book) => book.setMark('M', 100 + i / 1e6, { twap: 99 }));
      twins.poll('left');
    }
    twins.do((book) => book.deposit('a', 'USDT', 1e-6));
    twins.poll('a box of its own');
    for (let i = 0; i < 100; i++) {
      twins.do((book) => book.setMark('M', 99 + 0.05 * i));
      twins.poll(`met again, ${i}`);
    }
    expect(twins.events).toBeGreaterThan(0);
  });
  it('knows what orders require whatever their settle asset is worth', () => {
    const json = bookOf({
      markets: [{ id: 'M', kind: 'linear', settle: 'BTC', mark: 1, brackets: TABLE, orderMargin: 50 }],
      accounts: [{ id: 'a', balances: { BTC: 1 }, positions: [{ market: 'M', size: 0.01, entry: 1 }] }],
    });
    const twins = new Twins(json, {});
    twins.poll('start');
    twins.do((book) => book.placeOrder('a', { market: 'M', side: 'buy', size: 0.01, price: 1 }));
    twins.poll('order');
    for (let price = 98; price > 40; price -= 2) {
      twins.do((book) => book.setPrice('BTC', price));
      twins.poll(`at ${price}`);
    }
    expect(twins.events).toBeGreaterThan(0);
  });
  it('does a rescan that was refused', () => {
    const json = bookOf({
      accounts: [{ id: 'a', balances: { USDT: 100 }, positions: [{ market: 'M', size: 10, entry: 100 }] }],
    });
    const twins = new Twins(json, {});
    twins.poll('start');
    const { store } = twins.book;
    const { engine } = store;
    const { scan } = engine;
    twins.do((book) => book.setFundingIndex('M', 5));
    engine.scan = () => {
      throw new Error('refused');
    };
    expect(() => twins.watch.poll()).toThrow('refused');
    engine.scan = scan;
    twins.poll('again');
    expect(twins.events).toBeGreaterThan(0);
    twins.check('again');
  });
  it('counts anew when it is watched anew', () => {
    const twins = new Twins(
      bookOf({ accounts: [{ id: 'a', balances: { USDT: 101 }, positions: [{ market: 'M', size: 10, entry: 100 }] }] }),
      {},
    );
    twins.do((book) => book.setMark('M', 90));
    twins.poll('fall');
    expect(twins.watch.statistics.pops).toBeGreaterThan(0);
    twins.reopen();
    expect(twins.watch.statistics).toMatchObject({ pops: 0, waiting: 0, rescans: 1 });
    twins.do((book) => book.setMark('M', 110));
    twins.poll('rise');
    twins.check('rise');
  });
  it('works without accounts, markets and assets, and with those that come', () => {
    const twins = new Twins({ format: 'margin-kernel/book@1', assets: [], markets: [], accounts: [] }, {});
    twins.poll('empty');
    for (let i = 0; i < 12; i++) {
      twins.do((book) => void book.addAsset({ id: `A${i}`, price: i % 3 === 0 ? 0 : i }));
      twins.poll(`asset ${i}`);
      twins.do(
        (book) => void book.addMarket({ id: `M${i}`, kind: 'linear', settle: `A${i}`, mark: 100, brackets: TABLE }),
      );
      twins.poll(`market ${i}`);
      twins.do(
        (book) =>
          void book.addAccount({
            id: `a${i}`,
            balances: { [`A${i}`]: 10.5 },
            positions: [{ market: `M${i}`, size: 1, entry: 100 }],
          }),
      );
      twins.poll(`account ${i}`);
      for (let k = 0; k <= i; k++) {
        twins.do((book) => book.setMark(k, 100 - 3 * ((i + k) % 5)));
        twins.poll(`mark ${i} ${k}`);
        twins.do((book) => book.setPrice(k, (i + k) % 4));
        twins.poll(`price ${i} ${k}`);
      }
      twins.check(`after ${i}`);
    }
    expect(twins.events).toBeGreaterThan(20);
  });
  it('knows of units that wait for boxes where their requirement begins', () => {
    const brackets = [
      { upTo: 1000, maintenanceRate: 0 },
      { upTo: null, maintenanceRate: 0.5 },
    ];
    const market = {
      kind: 'linear' as const,
      settle: 'USDT',
      mark: 100,
      brackets,
      tables: { form: 'marginal' as const },
    };
    // Health far below 0: nobody is liquidatable for it without a requirement.
    const accounts = Array.from({ length: 500 }, (_, i) => ({
      id: `a${i}`,
      balances: { USDT: -1000 - i },
      positions: [{ market: 'M', size: i % 2 === 0 ? 9.9 : 10.1, entry: 100 }],
    }));
    for (const mark of [98, 102]) {
      const markets = [
        { id: 'M', ...market },
        { id: 'N', ...market },
      ];
      const twins = new Twins(bookOf({ markets, accounts, liquidatableWhen: '<=' }), {});
      twins.do((book) => book.setFundingIndex('N', 1));
      twins.poll('a rescan');
      expect(twins.watch.statistics.waiting).toBeGreaterThan(400);
      twins.do((book) => book.setMark('M', mark));
      twins.poll(`at ${mark}`);
      expect(twins.events).toBeGreaterThanOrEqual(250);
      twins.check(`at ${mark}`);
    }
  });
  it('knows what units that wait for boxes withstand', () => {
    // More of them than a tick gives boxes to, at every distance, and moves that end just before the next class of distances.
    const market = {
      kind: 'linear' as const,
      settle: 'USDT',
      mark: 100,
      brackets: [{ upTo: null, maintenanceRate: 0.01 }],
    };
    const accounts = Array.from({ length: 3000 }, (_, i) => ({
      id: `a${i}`,
      balances: { USDT: 12.5 + i / 50 },
      positions: [{ market: 'M', size: i % 2 === 0 ? 10 : -10, entry: 100 }],
    }));
    const markets = [
      { id: 'M', ...market },
      { id: 'N', ...market },
    ];
    for (const move of [1 / 64, 1.5 / 64, 1 / 32, 1.5 / 32]) {
      for (const sign of [1, -1]) {
        const twins = new Twins(bookOf({ markets, accounts }), {});
        twins.do((book) => book.setFundingIndex('N', 1));
        twins.poll('a rescan');
        twins.do((book) => book.setMark('M', 100 * (1 + sign * move * 0.999)));
        twins.poll(`a move of ${sign * move}`);
        expect(twins.events).toBeGreaterThan(100);
      }
    }
  });
  it('has room for what is added while it follows', () => {
    const r = new Random(SEED);
    const markets = Array.from({ length: 300 }, (_, i) => ({
      id: `M${i}`,
      kind: 'linear' as const,
      settle: 'USDT',
      mark: 100,
      brackets: TABLE,
    }));
    const twins = new Twins(bookOf({ markets, accounts: [{ id: 'a', balances: { USDT: 1000 } }] }), {});
    for (let i = 0; i < 400; i++) {
      const size = r.between(-1, 1);
      const other = r.int(0, 299);
      if (i < 300) twins.do((book) => book.fill('a', { market: i, size, price: 100, fee: 0 }));
      else twins.do((book) => book.deposit('a', 'USDT', 20, { bucket: i }));
      if (i >= 300) twins.do((book) => book.fill('a', { market: other, size: 1, price: 100, fee: 0, bucket: i }));
      const balances = { USDT: r.between(8, 14) };
      twins.do(
        (book) =>
          void book.addAccount({ id: `n${i}`, balances, positions: [{ market: `M${i % 300}`, size: 1, entry: 100 }] }),
      );
      const m = r.int(0, 299);
      const mark = r.between(98, 102);
      twins.do((book) => book.setMark(m, mark));
      twins.poll(`row ${i}`);
      if (i % 50 === 0) twins.check(`row ${i}`);
    }
    twins.check('grown');
    expect(twins.events).toBeGreaterThan(20);
  });
  it('follows more than 65,536 units', () => {
    const r = new Random(SEED);
    const accounts = Array.from({ length: 70_000 }, (_, i) => ({
      id: `a${i}`,
      balances: { USDT: 12.5 + (i % 7000) / 100 },
      positions: [{ market: 'M', size: i % 2 === 0 ? 1 : -1, entry: 100 }],
    }));
    const twins = new Twins(bookOf({ accounts }), {});
    let mark = 100;
    for (let i = 0; i < 40; i++) {
      mark *= 1 + r.between(-0.003, 0.003);
      const to = i === 20 ? mark * 0.97 : mark;
      twins.do((book) => book.setMark('M', to));
      twins.poll(`tick ${i}`);
    }
    twins.check('at the end');
    expect(twins.events).toBeGreaterThan(1000);
  });
});
