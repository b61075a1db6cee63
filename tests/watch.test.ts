// The watch against rescans: on random books with every feature, after every tick of walks, trends, gaps and crashes, between fills,
// transfers, orders, funding and changes of tables, it reports what a rescan of the same book reports.
import { describe, expect, it } from 'vitest';
import { Book } from '../bindings/index.js';
import type { BookJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Book as ScenarioBook } from '../bindings/scenario.js';
import type { Crossings } from '../bindings/watch/crossings.js';
import type { WatchLevels } from '../bindings/watch/lines.js';
import { Watch } from '../bindings/watch/watch.js';
import { Random, randomBook } from './random-book.js';
import { lists, Oracle } from './watch-twins.js';

const BOOKS = Number(process.env.WATCH_BOOKS ?? 30);
const TICKS = Number(process.env.WATCH_TICKS ?? 150);
const SEED = Number(process.env.WATCH_SEED ?? 1);
/** Milliseconds; a tick is about a tenth of one. */
const TIMEOUT = 20_000 + BOOKS * TICKS;

/** One change of a book, as a function of it: both books get the same. */
type Change = (book: Book) => void;

class Market {
  readonly #r: Random;
  readonly #json: BookJSON;
  readonly #kind: string;
  constructor(r: Random, json: BookJSON) {
    this.#r = r;
    this.#json = json;
    this.#kind = r.pick(['walk', 'walk', 'trend', 'gap', 'crash', 'mixed']);
  }
  #step(i: number): number {
    const r = this.#r;
    if (this.#kind === 'trend') return 1 + r.between(-0.0005, 0.003);
    if (this.#kind === 'gap' && r.chance(0.05)) return r.chance(0.5) ? r.between(0.7, 0.95) : r.between(1.05, 1.4);
    if (this.#kind === 'crash') return i % 60 < 20 ? r.between(0.96, 1) : r.between(0.995, 1.02);
    if (this.#kind === 'mixed' && r.chance(0.1)) return r.between(0.9, 1.1);
    return 1 + r.between(-1, 1) * 10 ** -r.between(2, 5);
  }
  change(i: number, book: Book): Change[] {
    const r = this.#r;
    const { market, asset } = book.store.columns;
    const m = r.int(0, book.markets - 1);
    const a = r.int(0, book.assets - 1);
    const prediction = market.kind[m] === 3;
    const mark = (x: number): number => (prediction ? Math.min(0.999, Math.max(0.001, x)) : x);
    const step = this.#step(i);
    const kind = r.next();
    const account = r.int(0, book.accounts - 1);
    if (kind < 0.55) {
      const price = mark((market.mark[m] as number) * step);
      const n = r.chance(0.1) ? book.markets : 1;
      if (n > 1) {
        const prices = Array.from({ length: n }, (_, k) => mark((market.mark[k] as number) * step));
        return prices.map((x, k) => (b: Book) => b.setMark(k, x));
      }
      return [(b) => b.setMark(m, price)];
    }
    if (kind < 0.7) {
      const price = (asset.price[a] as number) * step;
      return r.chance(0.02) ? [(b) => b.setPrice(a, 0)] : [(b) => b.setPrice(a, price === 0 ? 1 : price)];
    }
    if (kind < 0.74 && market.rounding[m] === 0) {
      const x = mark((market.twap[m] as number) * step);
      const key = r.chance(0.5) ? 'twap' : 'stable';
      const now = market.mark[m] as number;
      return [(b) => b.setMark(m, now, { [key]: x })];
    }
    if (kind < 0.77) {
      const x = (asset.stable[a] as number) * step;
      const now = asset.price[a] as number;
      return [(b) => b.setPrice(a, now, { stable: x })];
    }
    if (kind < 0.82 && market.kind[m] !== 4) {
      const x = (market.fundingIndex[m] as number) + r.between(-1, 1) * 0.001 * (market.mark[m] as number);
      return [(b) => b.setFundingIndex(m, x)];
    }
    if (kind < 0.86) {
      const index = r.chance(0.5) ? 'depositIndex' : 'borrowIndex';
      const x = (asset[index][a] as number) * (1 + r.between(0, 0.001));
      return [(b) => b.setTotals(a, { [index]: x })];
    }
    if (kind < 0.92) {
      const amount = (r.wide(1, 1e5) * (r.chance(0.6) ? 1 : -1)) / Math.max(asset.price[a] as number, 1e-6);
      const bucket = r.chance(0.1) ? r.int(1, 5) : 0;
      return [(b) => b.deposit(account, a, amount, { bucket })];
    }
    if (kind < 0.97) {
      const price = market.mark[m] as number;
      const contract = (market.multiplier[m] as number) * (market.kind[m] === 1 ? 1 : price);
      const size = (r.wide(1, 1e5) / contract) * (r.chance(0.5) ? 1 : -1);
      return [(b) => b.fill(account, { market: m, size, price, fee: 0 })];
    }
    if (kind < 0.985) {
      const price = market.mark[m] as number;
      const size = r.wide(1, 1e5) / price;
      const side = r.pick(['buy', 'sell'] as const);
      return [(b) => b.placeOrder(account, { market: m, side, size, price })];
    }
    if (kind < 0.993) {
      const x = r.between(0.8, 1.6);
      return [(b) => b.setTerms(account, { marginMultiplier: x })];
    }
    const json = this.#json.markets[m];
    if (!json) return [];
    const now = book.marketJSON(m);
    return [(b) => b.replaceMarket({ ...now, closingFee: 0.0007 })];
  }
}

function live(seed: number, features: number): { ticks: number; events: number; pops: number; rescans: number } {
  const r = new Random(seed);
  const json = randomBook(seed, { features, accounts: r.int(2, 30) });
  const levels: WatchLevels = r.pick([
    {},
    { warning: 'initial' },
    { warning: null },
    { backstop: null },
    { warning: 3, backstop: 0.9 },
  ]);
  const book = Book.fromJSON(json);
  const twin = Book.fromJSON(json);
  const watch = new Watch(book, { levels });
  const oracle = new Oracle(twin, levels);
  const market = new Market(r, json);
  let events = 0;
  for (let i = 0; i < TICKS; i++) {
    for (const change of market.change(i, twin)) {
      let refused = false;
      try {
        change(twin);
      } catch {
        refused = true;
      }
      if (refused) expect(() => change(book)).toThrow();
      else change(book);
    }
    const want = oracle.poll();
    const got = lists(watch.poll());
    expect(got, `seed ${seed}, features ${features}, tick ${i}`).toEqual(want);
    events += Object.values(want).flat().length;
  }
  const { pops, rescans } = watch.statistics;
  return { ticks: TICKS, events, pops, rescans };
}

const brackets = [{ upTo: null, maintenanceRate: 0.05, initialRate: 0.1 }];
const EXCHANGE: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [
    { id: 'BTC', kind: 'linear', settle: 'USDT', mark: 100, brackets },
    { id: 'ETH', kind: 'linear', settle: 'USDT', mark: 10, brackets },
    { id: 'YES', kind: 'prediction', settle: 'USDT', mark: 0.5, brackets },
  ],
  accounts: [
    { id: 'long', balances: { USDT: 20 }, positions: [{ market: 'BTC', size: 1, entry: 100 }] },
    { id: 'short', balances: { USDT: 20 }, positions: [{ market: 'BTC', size: -1, entry: 100 }] },
  ],
};

describe('a watch', () => {
  const accounts = (book: Book, units: Uint32Array): string[] =>
    [...units].map((u) => book.accountId(book.unitAccount(u)));

  it('says who is warned, liquidated, taken over, and who comes back', () => {
    const book = Book.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    const said = (crossings: Crossings): Record<string, string[]> =>
      Object.fromEntries(
        Object.entries(lists(crossings))
          .filter(([, units]) => units.length > 0)
          .map(([name, units]) => [name, accounts(book, Uint32Array.from(units))]),
      );
    expect(said(watch.tick('BTC', 90))).toEqual({});
    // Equity 20 + mark - 100; maintenance 5 % of the mark, warned at 6.25 %, taken over at 3.33 %.
    expect(said(watch.tick('BTC', 85.2))).toEqual({ warning: ['long'] });
    expect(said(watch.tick('BTC', 84))).toEqual({ liquidatable: ['long'] });
    expect(watch.zone(book.unit('long'))).toBe('liquidatable');
    expect(accounts(book, watch.liquidatable())).toEqual(['long']);
    expect(said(watch.tick('BTC', 82))).toEqual({ backstop: ['long'] });
    expect(said(watch.tick('BTC', 84.1))).toEqual({});
    expect(said(watch.tick('BTC', 85))).toEqual({ recovered: ['long'] });
    expect(said(watch.tick('BTC', 120))).toEqual({ liquidatable: ['short'], backstop: ['short'], cleared: ['long'] });
    expect(said(watch.tick('BTC', 100))).toEqual({ recovered: ['short'], cleared: ['short'] });
  });

  it('follows what is done to the book itself', () => {
    const book = Book.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    book.deposit('long', 'USDT', -16);
    expect(accounts(book, watch.poll().liquidatable)).toEqual(['long']);
    book.fill('long', { market: 'BTC', size: -1, price: 100 });
    expect(accounts(book, watch.poll().recovered)).toEqual(['long']);
    book.addAccount({ id: 'new', balances: { USDT: 1 }, positions: [{ market: 'ETH', size: 10, entry: 10 }] });
    expect(accounts(book, watch.poll().liquidatable)).toEqual(['new']);
    book.deposit('new', 'USDT', 50, { bucket: 3 });
    book.fill('new', { market: 'BTC', size: 10, price: 100 });
    expect(lists(watch.poll()).cleared).toEqual([]);
    expect(watch.zone(book.unit('new'))).toBe('backstop');
    expect(watch.zone(book.unit('new', 3))).toBe('healthy');
  });

  it('takes marks of many markets as one tick, all or none', () => {
    const book = Book.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    const markets = Uint32Array.of(0, 1);
    expect(watch.marks(markets, Float64Array.of(84, 9)).liquidatable).toHaveLength(1);
    expect(() => watch.marks(markets, Float64Array.of(50, Number.NaN))).toThrow('not-finite at marks[1]');
    expect(() => watch.marks(Uint32Array.of(0, 2), Float64Array.of(50, 1))).toThrow('range at marks[1]');
    expect(() => watch.marks(Uint32Array.of(0, 9), Float64Array.of(50, 1))).toThrow('unknown-id at markets[1]');
    expect(() => watch.marks(markets, Float64Array.of(50))).toThrow('range at marks: got 1');
    expect([...book.store.columns.market.mark.subarray(0, 2)]).toEqual([84, 9]);
    expect(watch.ticks([{ kind: 'price', id: 'USDT', value: 0.9 }]).liquidatable).toHaveLength(0);
  });

  it.each([
    ['kernel', Book],
    ['reference', ReferenceBook],
  ] as const)('takes many ticks all or none (%s)', (_name, Entry) => {
    const book = Entry.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    const before = Buffer.from(book.encode());
    const first = { kind: 'mark', id: 'BTC', value: 80 } as const;
    for (const [tick, message] of [
      [{ kind: 'mark', id: 'BTC', value: -1 }, 'range at ticks[1].value: got -1, expected a number > 0'],
      [{ kind: 'mark', id: 'BTC', value: null }, 'type at ticks[1].value'],
      [{ kind: 'mark', id: 'BTX', value: 1 }, 'unknown-id at ticks[1].id'],
      [{ kind: 'marc', id: 'BTC', value: 1 }, 'type at ticks[1].kind'],
      [{ kind: 'price', id: 'USDT', value: -1 }, 'range at ticks[1].value'],
      [{ kind: 'depositIndex', id: 'USDT', value: 0 }, 'range at ticks[1].value'],
      [{ kind: 'funding', id: 'BTC', value: Number.NaN }, 'not-finite at ticks[1].value'],
      [{ kind: 'index', id: 'BTC' }, 'missing-key at ticks[1].value'],
      [undefined, 'type at ticks[1]'],
    ] as const) {
      expect(() => watch.ticks([first, tick as never])).toThrow(message);
      expect(Buffer.compare(book.encode(), before)).toBe(0);
    }
    expect(() => watch.ticks({} as never)).toThrow('type at ticks');
    expect(watch.poll().liquidatable).toHaveLength(0);
    expect(lists(watch.ticks([first, { kind: 'funding', id: 'ETH', value: '0.5' }])).liquidatable).toEqual([0]);
    expect(book.marketJSON('ETH').fundingIndex).toBe(0.5);
  });

  it('reads marks as setMark does, each once', () => {
    const book = Book.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    watch.marks([0] as never, ['84.5'] as never);
    expect(book.marketJSON(0).mark).toBe(84.5);
    expect(() => watch.marks([0] as never, ['a lot'] as never)).toThrow('type at marks[0]');
    let asked = 0;
    const marks = Object.defineProperty([90, 0], 1, { get: () => (asked++ === 0 ? 9 : -1) });
    watch.marks([0, 1] as never, marks as never);
    expect([book.marketJSON(0).mark, book.marketJSON(1).mark]).toEqual([90, 9]);
  });

  it.each([
    ['kernel', Book],
    ['reference', ReferenceBook],
  ] as const)('tells by the next call what a clock that throws has kept back (%s)', (_name, Entry) => {
    const book = Entry.fromJSON(EXCHANGE);
    let calls = 0;
    let bad = -1;
    const clock = (): number => {
      calls++;
      if (calls === bad) throw new Error('no time');
      return calls;
    };
    const watch = new Watch(book, { clock });
    const fails = (call: number, tick: () => unknown): void => {
      bad = calls + call;
      expect(tick).toThrow('no time');
    };
    fails(2, () => watch.tick('BTC', 84));
    expect(lists(watch.poll()).liquidatable).toEqual([0]);
    expect(lists(watch.poll()).liquidatable).toEqual([]);
    fails(1, () => watch.tick('BTC', 120));
    expect(lists(watch.poll())).toMatchObject({ liquidatable: [1], recovered: [0] });
    // Down and back, the first of them kept back: nothing was crossed since the last answer.
    fails(2, () => watch.tick('BTC', 84));
    expect(lists(watch.tick('BTC', 120))).toMatchObject({ liquidatable: [], recovered: [], cleared: [] });
    fails(2, () => watch.tick('BTC', 84));
    fails(2, () => watch.tick('BTC', 84.1));
    expect(lists(watch.poll())).toMatchObject({ liquidatable: [0], recovered: [1] });
  });

  it('says what is wrong, and nothing changes', () => {
    const book = Book.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    expect(() => new Watch(book)).toThrow('conflict at book: expected a book without a watch');
    expect(() => watch.tick('BTX', 1)).toThrow('Did you mean "BTC"?');
    expect(() => watch.tick('BTC', -1)).toThrow('range at mark');
    expect(() => watch.tick('marc' as 'mark', 'BTC', 1)).toThrow(/at tick\.kind.*mark/s);
    expect(() => new Watch(Book.fromJSON(EXCHANGE), { levels: { warning: 0.5 } })).toThrow(
      'range at options.levels.warning',
    );
    expect(() => new Watch(Book.fromJSON(EXCHANGE), { levels: { backstop: 2 } })).toThrow(
      'range at options.levels.backstop',
    );
    expect(() => new Watch({} as Book)).toThrow('type at book');
    watch.close();
    expect(new Watch(book).zone(0)).toBe('healthy');
  });

  it('of a book without WebAssembly rescans, and says the same', () => {
    const book = ReferenceBook.fromJSON(EXCHANGE);
    const watch = new Watch(book);
    expect(lists(watch.tick('BTC', 84)).liquidatable).toEqual([0]);
    expect(lists(watch.tick('BTC', 120))).toMatchObject({ liquidatable: [1], recovered: [0] });
    expect(watch.statistics.rescans).toBe(3);
  });

  it('is timed by the clock that it is given', () => {
    let now = 0;
    const watch = new Watch(Book.fromJSON(EXCHANGE), { clock: () => (now += now < 3 ? 2 : 1) });
    watch.tick('BTC', 99);
    expect(watch.statistics).toMatchObject({ ticks: 1, lastTick: 2, worstTick: 2 });
    watch.tick('BTC', 98);
    expect(watch.statistics).toMatchObject({ ticks: 2, lastTick: 1, worstTick: 2, rescans: 1 });
  });
});

describe('a watch by boxes', () => {
  it.each([0, 0.3, 1])(
    'reports what rescans report, features %s',
    (features) => {
      let events = 0;
      for (let seed = SEED; seed < SEED + BOOKS; seed++) events += live(seed, features).events;
      expect(events).toBeGreaterThan(BOOKS);
    },
    TIMEOUT,
  );
});

describe('units that a scenario model margins', () => {
  const json: BookJSON = {
    ...EXCHANGE,
    models: [{ id: 'pm', scenarios: [{ price: -0.1 }, { price: 0.1 }], requirement: { scan: 'scan' } }],
    accounts: EXCHANGE.accounts.map((account) => ({ ...account, model: 'pm' })),
  };

  it('are exact on every tick, and looked at less often where that is asked for', () => {
    const [exact, lazy] = [{}, { scenariosEvery: 3 }].map((options) => new Watch(ScenarioBook.fromJSON(json), options));
    const marks = [90, 88, 85, 84, 95, 96, 97, 80];
    const count = (watch: Watch | undefined): (number | undefined)[][] =>
      marks.map((mark) => {
        const { liquidatable, recovered, deferred } = (watch as Watch).tick('BTC', mark);
        return [liquidatable.length, recovered.length, deferred];
      });
    expect(count(exact)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
    expect(count(lazy)).toEqual([
      [0, 0, 2],
      [0, 0, 2],
      [1, 0, 0],
      [0, 0, 2],
      [0, 0, 2],
      [0, 1, 0],
      [0, 0, 2],
      [0, 0, 2],
    ]);
  });
});
