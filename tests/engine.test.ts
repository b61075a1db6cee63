// The live engine: what each event does and what it refuses, sequences, held units, closed markets, settlements restated by hand,
// and replays of random streams that come to the same state and the same crossings as the live run.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { accountMargin, Book, MarginError, margin } from '../bindings/index.js';
import type { BookJSON, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Book as ScenarioBook } from '../bindings/scenario.js';
import { fieldsOf, KINDS, kindNames } from '../bindings/watch/engine/kinds.js';
import {
  decodeEvent,
  Engine,
  type EngineEvent,
  encodeEvent,
  hashOf,
  type Outcome,
  readJournal,
  settle,
  transfer,
  Watch,
} from '../bindings/watch.js';
import { randomEvent, said } from './engine-stream.js';
import { Random, randomBook } from './random-book.js';
import { randomModelBook } from './random-model.js';
import { refusedWith } from './refusal.js';

const EVENTS = Number(process.env.ENGINE_EVENTS ?? 300);
const BOOKS = Number(process.env.ENGINE_BOOKS ?? 6);

const PERP: MarketJSON = {
  id: 'BTC-PERP',
  kind: 'linear',
  base: 'BTC',
  settle: 'USDT',
  mark: 20_000,
  brackets: [{ upTo: null, maintenanceRate: 0.05, initialRate: 0.1 }],
};
const EXCHANGE: BookJSON = {
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 20_000 },
  ],
  markets: [
    PERP,
    { ...PERP, id: 'ETH-PERP', mark: 1000 },
    { ...PERP, id: 'BTC-COIN', kind: 'inverse', settle: 'BTC', multiplier: 100 },
    { ...PERP, id: 'YES', kind: 'prediction', mark: 0.25 },
    { id: 'BTC/USDT', kind: 'spot', base: 'BTC', quote: 'USDT', mark: 20_000 },
  ],
  accounts: [
    { id: 'alice', balances: { USDT: 3000 }, positions: [{ market: 'BTC-PERP', size: 1, entry: 20_000 }] },
    { id: 'bob', balances: { USDT: 50_000 }, positions: [{ market: 'BTC-PERP', size: -1, entry: 20_000 }] },
    { id: 'carol', balances: { USDT: 1000 } },
  ],
};
const exchange = (change: Partial<BookJSON> = {}): Engine<Book> =>
  new Engine(Book.fromJSON({ ...EXCHANGE, ...change }));
const names = (units: readonly { account: string }[]): string[] => units.map(({ account }) => account);
const mark = (price: number, more: object = {}): EngineEvent => ({
  kind: 'mark',
  market: 'BTC-PERP',
  mark: price,
  ...more,
});
const balance = (engine: Engine, account: string, asset = 'USDT'): number =>
  Number(engine.book.accountJSON(account).balances?.[asset] ?? 0);

describe('events', () => {
  const EXAMPLES: EngineEvent[] = [
    mark(19_000, { index: 19_001, twap: 19_002, stable: 19_003, allow: { liquidate: false, open: false } }),
    mark(18_000),
    {
      kind: 'marks',
      marks: [
        ['BTC-PERP', 17_900],
        ['ETH-PERP', '1000.5'],
      ],
    },
    { kind: 'price', asset: 'BTC', price: 19_000, twap: 19_100, allow: 5 },
    {
      kind: 'fill',
      account: 'carol',
      market: 'ETH-PERP',
      bucket: 4,
      positionSide: 'short',
      size: -2,
      price: '1001.5',
      fee: '0.25',
    },
    { kind: 'deposit', account: 'carol', asset: 'BTC', bucket: 4, amount: -0.5 },
    { kind: 'transfer', account: 'bob', to: 'carol', asset: 'USDT', bucket: 0, toBucket: 9, amount: 123.456 },
    { kind: 'placeOrder', account: 'carol', market: 'BTC/USDT', side: 'buy', size: 0.1, price: 15_000 },
    {
      kind: 'placeOrder',
      account: 'carol',
      market: 'BTC-PERP',
      side: 'sell',
      size: 3,
      notional: 66_000,
      worst: 21_000,
      count: 3,
    },
    { kind: 'cancelOrder', account: 'carol', market: 'BTC/USDT', side: 'buy', size: 0.1, price: 15_000, remaining: 0 },
    { kind: 'funding', market: 'BTC-PERP', index: -2.5 },
    { kind: 'interest', asset: 'USDT', depositIndex: 1.01, borrowIndex: 1.02 },
    { kind: 'totals', asset: 'USDT', borrows: 5e6 },
    { kind: 'openInterest', market: 'ETH-PERP', contracts: 1e5 },
    { kind: 'confidence', asset: 'BTC', confidence: 0.9 },
    { kind: 'confidence', market: 'BTC-PERP', confidence: 0.8 },
    { kind: 'leverage', account: 'alice', market: 'ETH-PERP', leverage: 3 },
    { kind: 'terms', account: 'alice', liquidationBuffer: 0.01 },
    { kind: 'settle', market: 'YES', price: 1 },
    { kind: 'delist', market: 'ETH-PERP' },
    { kind: 'addAsset', json: { id: 'SOL', price: '140.5', assetWeight: 0.9 } },
    { kind: 'addMarket', json: { ...PERP, id: 'SOL-PERP', mark: 140 } },
    {
      kind: 'addAccount',
      json: { id: 'dåve 🚀', balances: { SOL: 3 }, positions: [{ market: 'SOL-PERP', size: 1, entry: 100 }] },
    },
    { kind: 'replaceAsset', json: { id: 'SOL', price: 139, assetWeight: 0.8 } },
    { kind: 'replaceMarket', json: { ...PERP, id: 'SOL-PERP', mark: 141, takerFee: 0.001 } },
  ];
  const OPTIONS: EngineEvent[] = [
    {
      kind: 'addModel',
      json: { id: 'pm', scenarios: [{ price: -0.15 }, { price: 0.15 }], requirement: { scan: 'scan' } },
    },
    { kind: 'addExpiry', json: { id: 'JUN', asset: 'BTC', seconds: 7_776_000, forward: 61_000 } },
    {
      kind: 'addMarket',
      json: { id: 'C', kind: 'call', expiry: 'JUN', strike: 60_000, volatility: 0.5, settle: 'USDT' },
    },
    { kind: 'changeExpiry', expiry: 'JUN', json: { seconds: 7_000_000, forward: 60_000 } },
    { kind: 'volatility', market: 'C', volatility: 0.6 },
    { kind: 'mark', market: 'C', mark: 5000 },
    { kind: 'unquote', market: 'C' },
    {
      kind: 'replaceModel',
      json: { id: 'pm', scenarios: [{ price: -0.2 }, { price: 0.2 }], requirement: { scan: 'scan' } },
    },
    { kind: 'checkpoint', hash: '' },
    { kind: 'expire', expiry: 'JUN', price: 61_000 },
  ];

  it('of every kind are applied, journalled, read again and come to the same state', () => {
    const live = new Engine(ScenarioBook.fromJSON(EXCHANGE));
    const start = live.snapshot();
    const chunks: Uint8Array[] = [];
    live.record((bytes) => chunks.push(bytes));
    const outcomes = [...EXAMPLES, ...OPTIONS].map((event) =>
      live.apply(event.kind === 'checkpoint' ? { ...event, hash: live.hash() } : event),
    );
    expect(new Set([...EXAMPLES, ...OPTIONS].map(({ kind }) => kind))).toEqual(new Set(kindNames));
    const journal = readJournal(Buffer.concat(chunks));
    expect([journal.events, journal.damage]).toEqual([EXAMPLES.length + OPTIONS.length, undefined]);
    const again = Engine.restore(start, { decode: ScenarioBook.decode });
    const replayed: Outcome[] = [];
    expect(again.replay(journal, (outcome) => replayed.push(outcome))).toMatchObject({
      applied: journal.events,
      skipped: 0,
    });
    expect(again.hash()).toBe(live.hash());
    expect(replayed.map(said)).toEqual(outcomes.map(said));
  });

  it('are written as they are read, with or without a book', () => {
    const { book } = exchange();
    for (const [i, event] of EXAMPLES.entries()) {
      const sequence = 281474976710655 - i;
      if (!['addAsset', 'addMarket', 'addAccount'].includes(event.kind) && 'market' in event && event.market === 'SOL')
        continue;
      const bytes = encodeEvent({ ...event, sequence }, book);
      const read = decodeEvent(bytes);
      expect(read).toMatchObject({ kind: event.kind, sequence });
      expect(Buffer.compare(encodeEvent(read), bytes)).toBe(0);
      for (const [key, type] of fieldsOf(event.kind)) {
        const had = (event as unknown as Record<string, unknown>)[key];
        const got = (read as unknown as Record<string, unknown>)[key];
        if (type.startsWith('number')) expect(got).toBe(had === undefined ? undefined : Number(had));
        if (type === 'json') expect(got).toEqual(had);
      }
    }
  });

  it('of many marks are one tick, and all or none of them are taken', () => {
    const engine = new Engine(ScenarioBook.fromJSON(EXCHANGE));
    const { book } = engine;
    const before = engine.hash();
    const refused: EngineEvent = {
      kind: 'marks',
      marks: [
        ['BTC-PERP', 17_000],
        ['ETH-PERP', -1],
      ],
    };
    expect(() => engine.apply(refused)).toThrow('range at marks[1][1]: got -1, expected a number > 0');
    expect(engine.hash()).toBe(before);
    engine.apply({ ...refused, marks: refused.marks.map(([market]) => [market, 17_000] as const) });
    const rows = ['BTC-PERP', 'ETH-PERP'].map((id) => book.store.columns.market.mark[book.market(id)]);
    expect([engine.sequence, ...rows]).toEqual([1, 17_000, 17_000]);
  });

  it('are small', () => {
    const { book } = exchange();
    const bytes = (event: EngineEvent): number => encodeEvent({ ...event, sequence: 1 }, book).length;
    expect(bytes(mark(1))).toBe(34);
    expect(bytes(mark(1, { index: 1 }))).toBe(42);
    expect(bytes({ kind: 'funding', market: 0, index: 1 })).toBe(32);
    expect(bytes({ kind: 'deposit', account: 0, asset: 0, amount: 1 })).toBe(40);
    expect(bytes({ kind: 'fill', account: 0, market: 0, size: 1, price: 1 })).toBe(49);
    expect(bytes({ kind: 'fill', account: 0, market: 0, size: 1, price: 1, fee: 1 })).toBe(57);
  });

  it('keep every bit of a number', () => {
    for (const index of [5e-324, -1e300, 0.1, 1 / 3, 0]) {
      expect(decodeEvent(encodeEvent({ kind: 'funding', market: 0, index, sequence: 1 }))).toMatchObject({ index });
    }
  });
});

describe('sequences', () => {
  it('count from 1, and an event that was applied is ignored', () => {
    const engine = exchange();
    expect(engine.sequence).toBe(0);
    const first = engine.encode(mark(19_000));
    expect(engine.apply(first)).toMatchObject({ sequence: 1, applied: true });
    const hash = engine.hash();
    expect(engine.apply(first)).toEqual({
      sequence: 1,
      applied: false,
      crossings: { liquidatable: [], backstop: [], warning: [], recovered: [], cleared: [] },
      held: [],
      released: [],
    });
    expect(engine.apply({ ...mark(1), sequence: 1 }).applied).toBe(false);
    expect([engine.hash(), engine.sequence]).toEqual([hash, 1]);
    expect(engine.apply({ ...mark(19_500), sequence: 2 }).sequence).toBe(2);
  });

  it('have no gaps', () => {
    const engine = exchange();
    const hash = engine.hash();
    const refusal = refusedWith(() => engine.apply({ ...mark(19_000), sequence: 4 }));
    expect(refusal).toMatchObject({ code: 'conflict', path: 'sequence', got: 4, expected: '1, the next event' });
    expect(refusal.message).toContain('3 events are missing');
    expect([engine.hash(), engine.sequence]).toEqual([hash, 0]);
  });
});

describe('refused events', () => {
  const refused: [string, unknown, string][] = [
    ['no event', 7, 'type at event'],
    ['no kind', {}, 'missing-key at event.kind'],
    ['an unknown kind', { kind: 'marc' }, 'type at event.kind'],
    ['an unknown key', { ...mark(1), prise: 1 }, 'unknown-key at event.prise'],
    ['an unknown market', { kind: 'mark', market: 'BTC-PER', mark: 1 }, 'unknown-id at event.market'],
    ['an unknown row', { kind: 'mark', market: 99, mark: 1 }, 'unknown-id at event.market'],
    ['no market', { kind: 'mark', mark: 1 }, 'missing-key at event.market'],
    ['no mark', { kind: 'mark', market: 0 }, 'missing-key at event.mark'],
    ['a mark of 0', mark(0), 'range at mark'],
    ['a mark that is no number', mark(Number.NaN), 'not-finite at event.mark'],
    ['a twap that is no number, after a mark that is one', mark(5, { twap: -1 }), 'range at mark.twap'],
    ['an unknown action', mark(1, { allow: { liquidat: false } }), 'unknown-key at event.allow.liquidat'],
    ['bits of no action', mark(1, { allow: 1 << 11 }), 'range at event.allow'],
    ['a fraction of a sequence', { ...mark(1), sequence: 1.5 }, 'range at event.sequence'],
    ['a fill without price', { kind: 'fill', account: 'carol', market: 0, size: 1 }, 'missing-key at event.price'],
    ['a fill at 0', { kind: 'fill', account: 'carol', market: 0, size: 1, price: 0 }, 'range at fill.price'],
    [
      'a sale on the long side of a new bucket',
      { kind: 'fill', account: 'carol', market: 0, size: -1, price: 1, positionSide: 'long', bucket: 8 },
      'conflict at fill.size',
    ],
    ['half a bucket', { kind: 'deposit', account: 'carol', asset: 0, amount: 1, bucket: 0.5 }, 'type at event.bucket'],
    [
      'a transfer of nothing',
      { kind: 'transfer', account: 'bob', to: 'carol', asset: 0, amount: 0 },
      'range at amount',
    ],
    [
      'a transfer to itself',
      { kind: 'transfer', account: 'bob', to: 'bob', asset: 0, amount: 1 },
      'conflict at transfer',
    ],
    [
      'a transfer that overflows the balance of a new bucket',
      { kind: 'transfer', account: 'bob', to: 'carol', toBucket: 6, asset: 0, amount: '1.1e30' },
      'range at amount',
    ],
    [
      'a transfer that overflows the debtor alone',
      { kind: 'transfer', account: 'whale', bucket: 5, to: 'carol', toBucket: 6, asset: 0, amount: '1e30' },
      'range at amount',
    ],
    [
      'a cancelled order that is not open',
      { kind: 'cancelOrder', account: 'bob', market: 0, side: 'buy', size: 1, price: 1 },
      'unknown-id at order',
    ],
    ['confidence of nothing', { kind: 'confidence', confidence: 1 }, 'conflict at event'],
    ['confidence of both', { kind: 'confidence', market: 0, asset: 0, confidence: 1 }, 'conflict at event'],
    ['an outcome beyond 1', { kind: 'settle', market: 'YES', price: 1.5 }, 'range at settlements[0].price'],
    ['an inverse market at 0', { kind: 'settle', market: 'BTC-COIN', price: 0 }, 'range at settlements[0].price'],
    ['a settlement that overflows a balance', { kind: 'settle', market: 'BTC-PERP', price: 1e30 }, 'range at settle'],
    ['a market that is there', { kind: 'addMarket', json: PERP }, 'duplicate at market.id'],
    [
      'a market with a number that is none',
      { kind: 'addMarket', json: { ...PERP, id: 'X', beta: Number.NaN } },
      'not-finite at event.json: beta',
    ],
    ['a market in bigints', { kind: 'addMarket', json: { ...PERP, id: 'X', beta: 1n } }, 'type at event.json: beta'],
    ['an account that comes twice', { kind: 'addAccount', json: { id: 'bob' } }, 'duplicate at account.id'],
    ['no JSON', { kind: 'addAccount', json: '{}' }, 'type at event.json'],
    ['an expiry where there are none', { kind: 'expire', expiry: 'JUN', price: 1 }, 'unknown-id at event.expiry'],
    ['a model in a book without', { kind: 'addModel', json: { id: 'm' } }, 'engine at model'],
    ['a hash that is none', { kind: 'checkpoint', hash: 'x' }, 'type at event.hash'],
    ['the hash of another state', { kind: 'checkpoint', hash: '0000000000000000' }, 'conflict at event.hash'],
    [
      'bytes that are cut',
      encodeEvent({ kind: 'funding', market: 0, index: 1, sequence: 1 }).subarray(0, 31),
      'truncated at event',
    ],
    ['bytes with more behind', new Uint8Array(33).fill(0), 'corrupt at event.head'],
    [
      'bytes of a row that is not there',
      encodeEvent({ kind: 'funding', market: 77, index: 1, sequence: 1 }),
      'unknown-id at event.market',
    ],
  ];

  it.each(refused)('%s', (_, event, message) => {
    const engine = new Engine(
      Book.fromJSON({
        ...EXCHANGE,
        accounts: [
          ...EXCHANGE.accounts,
          { id: 'whale', balances: { USDT: '-1e30' }, buckets: [{ bucket: 5, balances: { USDT: '-9e29' } }] },
        ],
      }),
    );
    const chunks: Uint8Array[] = [];
    engine.record((bytes) => chunks.push(bytes));
    const [hash, bytes] = [engine.hash(), engine.book.encode()];
    const refusal = refusedWith(() => engine.apply(event as EngineEvent));
    expect(refusal).toBeInstanceOf(MarginError);
    expect(refusal.message.slice(0, message.length)).toBe(message);
    expect(Buffer.compare(engine.book.encode(), bytes)).toBe(0);
    expect([engine.hash(), engine.sequence, chunks.length]).toEqual([hash, 0, 1]);
    expect(engine.apply(mark(19_900)).sequence).toBe(1);
  });

  it('also where somebody else has changed the book, or watches it', () => {
    const engine = exchange();
    engine.book.setMark('BTC-PERP', 1);
    expect(refusedWith(() => engine.apply(mark(2))).message).toContain('a book that is changed by events only');
    expect(refusedWith(() => new Engine(engine.book)).path).toBe('book');
    engine.close();
    expect(new Engine(engine.book).apply(mark(20_000)).crossings.recovered).toHaveLength(1);
    const watched = Book.fromJSON(EXCHANGE);
    new Watch(watched);
    expect(refusedWith(() => new Engine(watched)).code).toBe('conflict');
  });
});

describe('crossings', () => {
  it('name account, bucket and unit, accounts in order', () => {
    const engine = exchange();
    // A bucket of the first account whose unit is the last row.
    engine.apply({ kind: 'transfer', account: 'alice', to: 'alice', toBucket: 2, asset: 'USDT', amount: 1500 });
    engine.apply({ kind: 'fill', account: 'alice', bucket: 2, market: 'BTC-PERP', size: 0.5, price: 20_000 });
    engine.apply({ kind: 'fill', account: 'carol', market: 'BTC-PERP', size: 0.3, price: 20_000 });
    const { crossings } = engine.apply(mark(17_500));
    // 1500 - 2500, 1500 - 1250 against 437.5, 1000 - 750 against 262.5.
    expect(crossings.liquidatable).toEqual([
      { account: 'alice', bucket: 0, unit: 0 },
      { account: 'alice', bucket: 2, unit: 3 },
      { account: 'carol', bucket: 0, unit: 2 },
    ]);
    expect(engine.liquidatable()).toEqual(crossings.liquidatable);
    expect(engine.apply(mark(20_000)).crossings.recovered).toHaveLength(crossings.liquidatable.length);
  });
});

describe('held units', () => {
  const bad = { allow: { liquidate: false } };

  it('wait for a price at which liquidation is allowed', () => {
    const engine = exchange();
    const tick = engine.apply(mark(17_600, bad));
    expect([names(tick.held), names(tick.crossings.liquidatable)]).toEqual([['alice'], []]);
    expect([names(engine.held()), names(engine.liquidatable())]).toEqual([['alice'], []]);
    expect(engine.allowed('market', 'BTC-PERP')).toMatchObject({ liquidate: false, open: true });
    // Still bad: nothing new.
    expect(engine.apply(mark(17_500, bad))).toMatchObject({ held: [], released: [], crossings: { liquidatable: [] } });
    // A price that allows it, and she is still below.
    const good = engine.apply(mark(17_600));
    expect([names(good.held), names(good.released), names(good.crossings.liquidatable)]).toEqual([[], [], ['alice']]);
    expect([names(engine.held()), names(engine.liquidatable())]).toEqual([[], ['alice']]);
    expect(names(engine.apply(mark(20_000)).crossings.recovered)).toEqual(['alice']);
  });

  it('are released by a bad tick that comes back, and were never liquidatable', () => {
    const engine = exchange();
    const tick = engine.apply(mark(9_000, bad));
    expect([names(tick.held), names(tick.crossings.backstop)]).toEqual([['alice'], []]);
    const back = engine.apply(mark(20_000));
    expect([names(back.released), names(back.crossings.liquidatable), names(back.crossings.recovered)]).toEqual([
      ['alice'],
      [],
      [],
    ]);
    expect(names(back.crossings.cleared)).toEqual(['alice']);
  });

  it('are reported below the backstop too, once they are free', () => {
    const engine = exchange();
    engine.apply(mark(9_000, bad));
    const free = engine.apply(mark(9_000));
    expect([names(free.crossings.liquidatable), names(free.crossings.backstop)]).toEqual([['alice'], ['alice']]);
  });

  it('are those alone that hold what the price is of', () => {
    const engine = exchange();
    engine.apply({ kind: 'fill', account: 'carol', market: 'ETH-PERP', size: 5, price: 1000 });
    engine.apply(mark(20_000, bad));
    const fall = engine.apply({ kind: 'mark', market: 'ETH-PERP', mark: 800 });
    expect([names(fall.held), names(fall.crossings.liquidatable)]).toEqual([[], ['carol']]);
    // An asset: of the balance, and of what positions settle in.
    const coin = exchange({
      accounts: [
        { id: 'a', balances: { BTC: 1, USDT: -15_000 } },
        { id: 'b', balances: { BTC: 0.1 }, positions: [{ market: 'BTC-COIN', size: -100, entry: 20_000 }] },
        { id: 'c', balances: { USDT: -1 } },
      ],
    });
    const price = coin.apply({ kind: 'price', asset: 'BTC', price: 10_000, ...bad });
    expect(names(price.held)).toEqual(['a']);
    expect(names(coin.apply({ kind: 'mark', market: 'BTC-COIN', mark: 30_000 }).held)).toEqual(['b']);
    expect(names(coin.apply({ kind: 'price', asset: 'BTC', price: 10_000 }).crossings.liquidatable)).toEqual([
      'a',
      'b',
    ]);
  });

  it('hold an asset by what their positions settle in, and by open spot orders', () => {
    const engine = exchange({
      accounts: [
        { id: 'pnl', balances: { USDT: 600 }, positions: [{ market: 'BTC-COIN', size: 50, entry: 20_000 }] },
        {
          id: 'order',
          balances: { BTC: 0.01 },
          orders: [{ market: 'BTC/USDT', side: 'sell', size: 0.01, price: 20_000 }],
          positions: [{ market: 'BTC-COIN', size: 1, entry: 20_000 }],
        },
      ],
    });
    expect(names(engine.apply({ kind: 'price', asset: 'BTC', price: 20_000, ...bad }).held)).toEqual([]);
    expect(names(engine.apply({ kind: 'mark', market: 'BTC-COIN', mark: 17_500 }).held)).toEqual(['pnl']);
    engine.apply({ kind: 'price', asset: 'BTC', price: 20_000 });
    engine.apply({ kind: 'price', asset: 'USDT', price: 1, ...bad });
    expect(names(engine.apply({ kind: 'mark', market: 'BTC-COIN', mark: 5_000 }).held)).toEqual(['order']);
  });

  it('hold the spot of their options', () => {
    const engine = new Engine(
      ScenarioBook.fromJSON({
        format: 'margin-kernel/book@1',
        assets: [
          { id: 'USD', price: 1 },
          { id: 'BTC', price: 60_000 },
        ],
        expiries: [{ id: 'JUN', asset: 'BTC', seconds: 7e6, forward: 60_000 }],
        models: [{ id: 'pm', scenarios: [{ price: -0.15 }, { price: 0.15 }], requirement: { scan: 'scan' } }],
        markets: [
          { id: 'C', kind: 'call', expiry: 'JUN', strike: 60_000, volatility: 0.5, settle: 'USD' },
          {
            id: 'P',
            kind: 'linear',
            base: 'BTC',
            settle: 'USD',
            mark: 60_000,
            brackets: [{ upTo: null, maintenanceRate: 0.01 }],
          },
        ],
        accounts: [
          { id: 'perp', model: 'pm', balances: { USD: 20_000 }, positions: [{ market: 'P', size: 1, entry: 60_000 }] },
          { id: 'tables', balances: { USD: 20_000 }, positions: [{ market: 'P', size: 1, entry: 60_000 }] },
          { id: 'a', model: 'pm', balances: { USD: 20_000 }, positions: [{ market: 'C', size: -1, entry: 5000 }] },
        ],
      }),
    );
    expect(names(engine.apply({ kind: 'price', asset: 'BTC', price: 66_000, ...bad }).held)).toEqual([]);
    const up = engine.apply({ kind: 'changeExpiry', expiry: 'JUN', json: { forward: 80_000 } });
    expect([names(up.held), names(up.crossings.liquidatable)]).toEqual([['a'], []]);
    const down = engine.apply({ kind: 'mark', market: 'P', mark: 40_000 });
    expect([names(down.held), names(down.crossings.liquidatable)]).toEqual([['perp'], ['tables']]);
  });

  it('are reported once where they are freed and fall further at once', () => {
    const engine = exchange();
    expect(names(engine.apply(mark(17_600, bad)).held)).toEqual(['alice']);
    const { crossings } = engine.apply(mark(9_000));
    expect([names(crossings.liquidatable), names(crossings.backstop)]).toEqual([['alice'], ['alice']]);
  });

  it('are free once their debt is paid, or the market is settled', () => {
    const engine = exchange({
      accounts: [
        {
          id: 'debtor',
          balances: { USDT: 20_500, BTC: -1 },
          positions: [{ market: 'ETH-PERP', size: 1, entry: 1000 }],
        },
        {
          id: 'both',
          balances: { USDT: 2000 },
          positions: [
            { market: 'BTC-PERP', size: 0.1, entry: 20_000 },
            { market: 'ETH-PERP', size: 10, entry: 1000 },
          ],
        },
        { id: 'rich', balances: { USDT: 1e6, BTC: 5 } },
      ],
    });
    engine.apply({ kind: 'price', asset: 'BTC', price: 20_000, ...bad });
    engine.apply(mark(20_000, bad));
    expect(names(engine.apply({ kind: 'mark', market: 'ETH-PERP', mark: 400 }).held)).toEqual(['debtor', 'both']);
    engine.apply({ kind: 'deposit', account: 'debtor', asset: 'USDT', amount: -20_500 });
    const paid = engine.apply({ kind: 'transfer', account: 'rich', to: 'debtor', asset: 'BTC', amount: 1 });
    expect(names(paid.crossings.liquidatable)).toEqual(['debtor']);
    expect(names(engine.apply({ kind: 'settle', market: 'BTC-PERP', price: 20_000 }).crossings.liquidatable)).toEqual([
      'both',
    ]);
  });

  it('are free where they no longer hold it', () => {
    const engine = exchange();
    engine.apply({ kind: 'fill', account: 'alice', market: 'ETH-PERP', size: 10, price: 1000 });
    expect(names(engine.apply(mark(15_000, bad)).held)).toEqual(['alice']);
    const fill = engine.apply({ kind: 'fill', account: 'alice', market: 'BTC-PERP', size: -1, price: 15_000 });
    expect(names(fill.crossings.liquidatable)).toEqual(['alice']);
  });

  it('and liquidatable ones are what outcomes add up to, and what a scan says, after every event', () => {
    let held = 0;
    for (let seed = 1; seed <= BOOKS; seed++) {
      const r = new Random(seed);
      const engine = new Engine(Book.fromJSON(randomBook(seed, { features: 1, accounts: 10 })));
      const name = ({ account, bucket }: { account: string; bucket: number }): string => `${account}:${bucket}`;
      const free = new Set(engine.liquidatable().map(name));
      const waiting = new Set<string>();
      const sides = { assets: new Set<number>(), markets: new Set<number>() };
      for (let i = 0; i < EVENTS; i++) {
        let outcome: Outcome;
        const event = randomEvent(r, engine.book, i);
        try {
          outcome = engine.apply(event);
        } catch {
          continue;
        }
        const { crossings } = outcome;
        for (const unit of crossings.recovered) expect(free.delete(name(unit))).toBe(true);
        for (const unit of outcome.released) expect(waiting.delete(name(unit))).toBe(true);
        for (const unit of outcome.held) {
          free.delete(name(unit));
          waiting.add(name(unit));
          held++;
        }
        for (const unit of crossings.liquidatable) {
          waiting.delete(name(unit));
          expect(free.has(name(unit))).toBe(false);
          free.add(name(unit));
        }
        expect(engine.liquidatable().map(name), `seed ${seed}, event ${i}`).toEqual(expect.arrayContaining([...free]));
        expect(new Set(engine.held().map(name)), `seed ${seed}, event ${i}`).toEqual(waiting);
        const scan = [...margin(engine.book).liquidatable].map((u) =>
          name({ account: engine.book.accountId(engine.book.unitAccount(u)), bucket: engine.book.unitBucket(u) }),
        );
        expect(new Set([...free, ...waiting]), `seed ${seed}, event ${i}`).toEqual(new Set(scan));
        // Restated: rows of positions, their settle assets, balances, and quotes of spot orders.
        if (event.kind === 'marks') {
          for (const [market] of event.marks) {
            const row = engine.book.market(market);
            if ((event.allow as { liquidate?: boolean } | undefined)?.liquidate !== false) sides.markets.delete(row);
            else sides.markets.add(row);
          }
        }
        if (event.kind === 'mark' || event.kind === 'price') {
          const set = event.kind === 'mark' ? sides.markets : sides.assets;
          const row = event.kind === 'mark' ? engine.book.market(event.market) : engine.book.asset(event.asset);
          if ((event.allow as { liquidate?: boolean }).liquidate !== false) set.delete(row);
          else set.add(row);
        }
        const distrusted = (id: string): boolean => {
          const [account = '', bucket] = id.split(':');
          const json = engine.book.accountJSON(account);
          const unit = bucket === '0' ? json : json.buckets?.find((b) => b.bucket === Number(bucket));
          const marketOf = ({ market }: { market: string }): MarketJSON => engine.book.marketJSON(market);
          const positions = unit?.positions ?? [];
          const orders = (unit?.orders ?? []).map(marketOf);
          const markets = [...positions.filter(({ size }) => size !== 0).map(marketOf), ...orders];
          const assets = [
            ...Object.entries(unit?.balances ?? {}).flatMap(([asset, amount]) => (amount === 0 ? [] : [asset])),
            ...positions.filter(({ size, cost }) => size !== 0 || (cost ?? 0) !== 0).map((row) => marketOf(row).settle),
            ...orders.flatMap((m) => (m.kind === 'spot' ? [m.base, m.quote] : [m.settle])),
          ];
          return (
            markets.some(({ id: market }) => sides.markets.has(engine.book.market(market))) ||
            assets.some((asset) => sides.assets.has(engine.book.asset(asset as string)))
          );
        };
        for (const id of waiting) expect(distrusted(id), `seed ${seed}, event ${i}: ${id}`).toBe(true);
        for (const unit of crossings.liquidatable)
          expect(distrusted(name(unit)), `seed ${seed}, event ${i}`).toBe(false);
        for (const unit of outcome.held) expect(distrusted(name(unit)), `seed ${seed}, event ${i}`).toBe(true);
      }
    }
    expect(held).toBeGreaterThan(BOOKS);
  }, 3_600_000);

  it('survive a snapshot', () => {
    const engine = exchange();
    engine.apply(mark(17_000, bad));
    const again = Engine.restore(engine.snapshot(), { decode: Book.decode });
    expect(names(again.held())).toEqual(['alice']);
    expect(names(again.apply(mark(17_000)).crossings.liquidatable)).toEqual(['alice']);
  });
});

describe('settlement', () => {
  it('closes every position at the price, funding due included, and conserves', () => {
    const engine = exchange();
    const events: EngineEvent[] = [
      { kind: 'fill', account: 'carol', market: 'BTC-PERP', size: 0.5, price: 20_100, fee: 1 },
      { kind: 'fill', account: 'bob', market: 'BTC-PERP', size: -0.5, price: 20_100, fee: 2 },
      { kind: 'placeOrder', account: 'carol', market: 'BTC-PERP', side: 'buy', size: 2, price: 15_000 },
      { kind: 'leverage', account: 'carol', market: 'BTC-PERP', leverage: 5 },
      { kind: 'funding', market: 'BTC-PERP', index: 10 },
    ];
    for (const event of events) engine.apply(event);
    engine.apply({ kind: 'settle', market: 'BTC-PERP', price: 21_000 });
    // alice: 3000 + 1000 - 10; carol: 1000 - 1 + 0.5 * (900 - 10); bob: 50,000 - 2 - 1000 - 450 + 15.
    expect(['alice', 'carol', 'bob'].map((id) => balance(engine, id))).toEqual([3990, 1444, 48_563]);
    expect(3990 + 1444 + 48_563 + 1 + 2).toBe(3000 + 1000 + 50_000);
    for (const id of ['alice', 'bob', 'carol']) expect(engine.book.accountJSON(id).positions ?? []).toEqual([]);
    expect(engine.book.accountJSON('carol').orders ?? []).toEqual([]);
    expect(engine.state('BTC-PERP')).toBe('settled');
    expect(accountMargin(engine.book, 'carol')).toMatchObject({ equity: 1444, maintenanceMargin: 0 });
  });

  it('is what fills at the price would have come to, to the bit, in every book', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const json = randomBook(seed, { features: 1, accounts: 4 });
      const [a, b] = [Book.fromJSON(json), Book.fromJSON(json)];
      const r = new Random(seed);
      for (let m = 0; m < a.markets; m++) {
        const { kind, mark: marks } = a.store.columns.market;
        const price = kind[m] === 3 ? r.next() : (marks[m] as number) * r.between(0.9, 1.1);
        settle(a, [{ market: m, price }]);
        for (let u = 0; u < b.units; u++) {
          const rows = (): number[] => {
            const { positionStart, positionCount } = b.store.columns.unit;
            return Array.from({ length: positionCount[u] as number }, (_, i) => (positionStart[u] as number) + i);
          };
          for (const row of rows()
            .map((p) => b.position(p))
            .filter(({ market, size }) => market === m && size !== 0)) {
            b.fill(b.unitAccount(u), {
              market: m,
              size: -row.size,
              price,
              positionSide: row.side,
              bucket: b.unitBucket(u),
            });
          }
        }
      }
      for (let i = 0; i < a.accounts; i++) {
        const [x, y] = [a.accountJSON(i), b.accountJSON(i)];
        expect([x.positions ?? [], x.orders ?? []], `seed ${seed}`).toEqual([[], []]);
        // A row of size 0 may have had a cost, which a fill leaves and a settlement pays.
        if ((y.positions ?? []).every(({ size }) => size !== 0) && (y.positions ?? []).length === 0)
          expect(x.balances, `seed ${seed}`).toEqual(y.balances);
      }
    }
  });

  it('pays predictions by their outcome, 0 and fractions too', () => {
    for (const [price, paid] of [
      [1, 75],
      [0, -25],
      [0.5, 25],
    ] as const) {
      const engine = exchange();
      engine.apply({ kind: 'fill', account: 'alice', market: 'YES', size: 100, price: 0.25 });
      engine.apply({ kind: 'fill', account: 'bob', market: 'YES', size: -100, price: 0.25 });
      engine.apply({ kind: 'settle', market: 'YES', price });
      expect([balance(engine, 'alice') - 3000, balance(engine, 'bob') - 50_000]).toEqual([paid, -paid]);
    }
  });

  it('pays what a row without size is owed', () => {
    const book = Book.fromJSON({
      ...EXCHANGE,
      accounts: [{ id: 'a', balances: { USDT: 10 }, positions: [{ market: 'BTC-PERP', size: 0, cost: -5 }] }],
    });
    settle(book, [{ market: 'BTC-PERP', price: 0 }]);
    expect(book.accountJSON('a')).toEqual({ id: 'a', balances: { USDT: 15 } });
  });

  it('as a call refuses what is no settlement', () => {
    const { book } = exchange();
    const refused = (settlements: unknown): string => refusedWith(() => settle(book, settlements as never)).message;
    expect(
      refused([
        { market: 0, price: 1 },
        { market: 'BTC-PERP', price: 1 },
      ]),
    ).toContain('each market once');
    expect(refused({})).toContain('a list');
    expect(refused([{ market: 0, price: -1 }])).toContain('range at settlements[0].price');
    expect(refused([{ market: 0, prise: 1 }])).toContain('unknown-key at settlements[0].prise');
    expect(refusedWith(() => settle({} as never, [])).path).toBe('book');
  });

  it('of a spot market drops its orders', () => {
    const engine = exchange();
    engine.apply({ kind: 'placeOrder', account: 'carol', market: 'BTC/USDT', side: 'buy', size: 0.01, price: 15_000 });
    engine.apply({ kind: 'settle', market: 'BTC/USDT', price: 1 });
    expect(engine.book.accountJSON('carol')).toEqual({ id: 'carol', balances: { USDT: 1000, BTC: 0 } });
  });

  const OPTIONS: BookJSON = {
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      { id: 'BTC', price: 60_000 },
    ],
    expiries: [{ id: 'JUN', asset: 'BTC', seconds: 86_400, forward: 60_000 }],
    models: [{ id: 'pm', scenarios: [{ price: -0.15 }, { price: 0.15 }], requirement: { scan: 'scan' } }],
    markets: [
      { id: 'C60', kind: 'call', expiry: 'JUN', strike: 60_000, volatility: 0.5, settle: 'USD' },
      { id: 'P60', kind: 'put', expiry: 'JUN', strike: 60_000, volatility: 0.5, settle: 'USD' },
      { id: 'C60c', kind: 'call', expiry: 'JUN', strike: 60_000, volatility: 0.5, settle: 'BTC' },
      {
        id: 'F',
        kind: 'linear',
        expiry: 'JUN',
        base: 'BTC',
        settle: 'USD',
        mark: 60_000,
        brackets: [{ upTo: null, maintenanceRate: 0.1 }],
      },
    ],
    accounts: [
      {
        id: 'long',
        model: 'pm',
        balances: { USD: 10_000, BTC: 1 },
        positions: [
          { market: 'C60', size: 2, entry: 900 },
          { market: 'P60', size: 3 },
          { market: 'C60c', size: 1, entry: 0.01 },
          { market: 'F', size: 1, entry: 59_000 },
        ],
      },
      {
        id: 'short',
        model: 'pm',
        balances: { USD: 90_000, BTC: 1 },
        positions: [
          { market: 'C60', size: -2, entry: 900 },
          { market: 'P60', size: -3 },
          { market: 'C60c', size: -1, entry: 0.01 },
          { market: 'F', size: -1, entry: 59_000 },
        ],
      },
    ],
  };

  it('expires options and futures at one price: calls pay, puts are worthless, coin pays coin', () => {
    const engine = new Engine(ScenarioBook.fromJSON(OPTIONS));
    expect(refusedWith(() => engine.apply({ kind: 'expire', expiry: 'JUN', price: 0 })).path).toBe('price');
    engine.apply({ kind: 'expire', expiry: 'JUN', price: 64_000 });
    // 2 * (4000 - 900) + 3 * 0 + 5000; 4000 / 64,000 - 0.01 coins.
    expect(engine.book.accountJSON('long')).toEqual({
      id: 'long',
      model: 'pm',
      balances: { USD: 21_200, BTC: 1.0525 },
    });
    expect(engine.book.accountJSON('short')).toEqual({
      id: 'short',
      model: 'pm',
      balances: { USD: 78_800, BTC: 0.9475 },
    });
    expect(engine.book.marketJSON('C60').id).toBe('C60');
    expect(['C60', 'P60', 'C60c', 'F'].map((id) => engine.state(id))).toEqual(Array(4).fill('settled'));
    expect(refusedWith(() => engine.apply({ kind: 'expire', expiry: 'JUN', price: 1 })).code).toBe('conflict');
    const again = Engine.restore(engine.snapshot(), { decode: ScenarioBook.decode });
    expect([again.hash(), again.state('F')]).toEqual([engine.hash(), 'settled']);
  });

  it('exercises puts below the strike, one market at a time', () => {
    const engine = new Engine(ScenarioBook.fromJSON(OPTIONS));
    engine.apply({ kind: 'settle', market: 'P60', price: 0 });
    engine.apply({ kind: 'settle', market: 'C60', price: 50_000 });
    expect(balance(engine, 'long', 'USD')).toBe(10_000 + 180_000 - 1800);
    engine.apply({ kind: 'expire', expiry: 'JUN', price: 59_000 });
    expect([balance(engine, 'long', 'USD'), balance(engine, 'long', 'BTC')]).toEqual([188_200, 0.99]);
  });
});

describe('transfer', () => {
  it('moves an amount between units, opens buckets, and keeps real amounts under indices', () => {
    const assets = [
      { id: 'USDT', price: 1, depositIndex: 2, borrowIndex: 4 },
      { id: 'BTC', price: 20_000 },
    ];
    const { book } = exchange({ assets });
    transfer(book, 'bob', 'bob', 'USDT', '500', { toBucket: 3 });
    transfer(book, 'carol', 'bob', 0, 2400, { bucket: 7, toBucket: 3 });
    expect(book.accountJSON('bob')).toMatchObject({
      balances: { USDT: 49_750 },
      buckets: [{ bucket: 3, balances: { USDT: 1450 } }],
    });
    // A debt of 2400, kept before the borrow index.
    expect(book.accountJSON('carol')).toMatchObject({ buckets: [{ bucket: 7, balances: { USDT: -600 } }] });
    transfer(book, 'bob', 'carol', 'BTC', 1);
    expect(book.accountJSON('bob').balances).toMatchObject({ BTC: -1 });
  });

  it('fits a book of a fixed size, or is refused whole', () => {
    const sized = Book.create({ maximum: { accounts: 2, units: 4, balances: 20, positions: 4, orders: 1 } });
    sized.addAsset({ id: 'USDT', price: 1 });
    for (const id of ['a', 'b']) sized.addAccount({ id, balances: { USDT: 10 } });
    transfer(sized, 'a', 'b', 'USDT', 1, { toBucket: 1 });
    const bytes = sized.encode();
    // Both want a bucket, and there is room for one: the first that was opened goes again.
    expect(refusedWith(() => transfer(sized, 'a', 'b', 'USDT', 1, { bucket: 2, toBucket: 2 })).code).toBe('too-many');
    expect(Buffer.compare(sized.encode(), bytes)).toBe(0);
    expect(sized.unitsOf('b')).toHaveLength(2);
  });
});

describe('delisting', () => {
  it('refuses fills and orders, and keeps positions until they are settled', () => {
    const engine = exchange();
    engine.apply({ kind: 'placeOrder', account: 'carol', market: 'BTC-PERP', side: 'buy', size: 1, price: 10_000 });
    engine.apply({ kind: 'delist', market: 'BTC-PERP' });
    const closed = (event: EngineEvent, engineNow = engine): string =>
      refusedWith(() => engineNow.apply(event)).message;
    const order = { account: 'carol', market: 'BTC-PERP', side: 'buy', size: 1, price: 10_000 } as const;
    const again = Engine.restore(engine.snapshot(), { decode: Book.decode });
    for (const live of [engine, again]) {
      expect(closed({ kind: 'fill', account: 'alice', market: 'BTC-PERP', size: -1, price: 1 }, live)).toContain(
        'delisted',
      );
      expect(closed({ kind: 'placeOrder', ...order }, live)).toContain('delisted');
      expect(closed({ kind: 'leverage', account: 'alice', market: 0, leverage: 2 }, live)).toContain('delisted');
      expect(closed({ kind: 'delist', market: 'BTC-PERP' }, live)).toContain('delisted');
      const position = { market: 'BTC-PERP', size: 1, entry: 1 };
      expect(closed({ kind: 'addAccount', json: { id: 'x', positions: [position] } }, live)).toContain('delisted');
      expect(
        closed({ kind: 'addAccount', json: { id: 'x', buckets: [{ bucket: 1, positions: [position] }] } }, live),
      ).toContain('delisted');
      live.apply({ kind: 'addAccount', json: { id: 'x' } });
      live.apply({ kind: 'cancelOrder', ...order });
      expect(names(live.apply(mark(17_000)).crossings.liquidatable)).toEqual(['alice']);
      expect(live.book.accountJSON('alice').positions).toHaveLength(1);
      live.apply({ kind: 'settle', market: 'BTC-PERP', price: 17_000 });
      expect(live.book.accountJSON('alice').positions ?? []).toEqual([]);
      expect(closed({ kind: 'settle', market: 'BTC-PERP', price: 17_000 }, live)).toContain('settled');
    }
    expect(again.hash()).toBe(engine.hash());
  });
});

describe('snapshots', () => {
  it('restore levels, and refuse every damaged byte', () => {
    const engine = new Engine(Book.fromJSON(EXCHANGE), { levels: { warning: 2, backstop: null } });
    engine.apply(mark(18_900));
    const bytes = engine.snapshot();
    const again = Engine.restore(bytes, { decode: Book.decode });
    expect([again.hash(), again.sequence, hashOf(bytes)]).toEqual([engine.hash(), 1, engine.hash()]);
    expect(again.apply(mark(9000)).crossings.backstop).toEqual([]);
    for (let i = 0; i < bytes.length; i += i < 300 ? 1 : 13) {
      const wrong = bytes.slice();
      wrong[i] = (wrong[i] as number) ^ (1 << (i % 8));
      expect(['format', 'corrupt'], `byte ${i}`).toContain(
        refusedWith(() => Engine.restore(wrong, { decode: Book.decode })).code,
      );
      const cut = bytes.subarray(0, i);
      expect(['format', 'corrupt', 'truncated'], `cut at ${i}`).toContain(
        refusedWith(() => Engine.restore(cut, { decode: Book.decode })).code,
      );
    }
  });

  it('are the same bytes whatever updates have left in memory', () => {
    const engine = exchange();
    for (let i = 0; i < 20; i++) {
      engine.apply({ kind: 'fill', account: 'carol', market: i % 2, bucket: i % 5, size: 1, price: 1000 });
      engine.apply({
        kind: 'placeOrder',
        account: 'alice',
        bucket: i % 3,
        market: 'ETH-PERP',
        side: 'buy',
        size: 1,
        price: 900,
      });
    }
    for (let i = 0; i < 20; i += 2)
      engine.apply({
        kind: 'cancelOrder',
        account: 'alice',
        bucket: i % 3,
        market: 'ETH-PERP',
        side: 'buy',
        size: 1,
        price: 900,
      });
    const again = Engine.restore(engine.snapshot(), { decode: Book.decode });
    expect(Buffer.compare(again.snapshot(), engine.snapshot())).toBe(0);
    expect(again.book.store.count('position')).toBeLessThan(engine.book.store.count('position'));
  });
});

describe('equal states', () => {
  it('have equal hashes, whichever way they were come to', () => {
    const forbid = { allow: { liquidate: false } };
    const json: BookJSON = {
      ...EXCHANGE,
      accounts: ['a', 'b'].map((id) => ({
        id,
        balances: { USDT: 2000 },
        positions: [
          {
            market: id === 'a' ? 'BTC-PERP' : 'ETH-PERP',
            size: id === 'a' ? 1 : 20,
            entry: id === 'a' ? 20_000 : 1000,
          },
        ],
      })),
    };
    const events: EngineEvent[] = [
      { kind: 'mark', market: 'ETH-PERP', mark: 900, ...forbid },
      mark(17_000, forbid),
      { kind: 'price', asset: 'BTC', price: 20_000, ...forbid },
      { kind: 'price', asset: 'USDT', price: 1, ...forbid },
      { kind: 'delist', market: 'ETH-PERP' },
      { kind: 'delist', market: 'BTC-PERP' },
      { kind: 'deposit', account: 'a', bucket: 2, asset: 'USDT', amount: 1 },
      { kind: 'deposit', account: 'a', bucket: 1, asset: 'USDT', amount: 1 },
    ];
    const [one, other] = [events, [...events].reverse()].map((order) => {
      const engine = new Engine(Book.fromJSON(json));
      for (const event of order) engine.apply(event);
      expect(engine.held()).toHaveLength(2);
      return engine.hash();
    });
    expect(one).toBe(other);
  });

  it('and a replay has what JSON makes of an object, not the object', () => {
    const engine = exchange();
    const chunks: Uint8Array[] = [];
    const snapshot = engine.snapshot();
    engine.record((bytes) => chunks.push(bytes));
    const json = { id: 'x', balances: { USDT: { toJSON: () => '12.5' } as never } };
    engine.apply({ kind: 'addAccount', json });
    expect(balance(engine, 'x')).toBe(12.5);
    const again = Engine.restore(snapshot, { decode: Book.decode });
    again.replay(readJournal(Buffer.concat(chunks)));
    expect(again.hash()).toBe(engine.hash());
  });
});

describe('hashes', () => {
  /** FNV-1a over 32-bit words, restated with integers. */
  function fnv(bytes: Uint8Array): string {
    const words: bigint[] = [];
    for (let i = 0; i < bytes.length; i += 4) {
      let word = 0n;
      for (let k = 0; k < 4; k++) word |= BigInt(bytes[i + k] ?? 0) << BigInt(8 * k);
      words.push(word);
    }
    words.push(BigInt(bytes.length));
    const hash = words.reduce((h, word) => ((h ^ word) * 0x100000001b3n) & 0xffffffffffffffffn, 0xcbf29ce484222325n);
    return hash.toString(16).padStart(16, '0');
  }

  it('are FNV-1a of 64 bits over words', () => {
    const r = new Random(1);
    for (let n = 0; n < 70; n++) {
      const bytes = Uint8Array.from({ length: n }, () => r.int(0, 255));
      expect(hashOf(bytes)).toBe(fnv(bytes));
      // At any place of a larger buffer.
      const moved = new Uint8Array(n + 3);
      moved.set(bytes, 3);
      expect(hashOf(moved.subarray(3))).toBe(fnv(bytes));
    }
    expect(hashOf(new Uint8Array(0))).not.toBe(hashOf(new Uint8Array(1)));
  });
});

describe('a closed engine', () => {
  it('takes nothing more in', () => {
    const engine = exchange();
    engine.close();
    expect(refusedWith(() => engine.apply(mark(1)))).toMatchObject({ code: 'conflict', path: 'engine' });
    expect(engine.sequence).toBe(0);
  });
});

describe('a sink that throws', () => {
  it('leaves the event applied and its record to be flushed', () => {
    const engine = exchange();
    const chunks: Uint8Array[] = [];
    let full = false;
    engine.record((bytes) => {
      if (full) throw new Error('disk full');
      chunks.push(bytes);
    });
    full = true;
    expect(() => engine.apply(mark(17_000))).toThrow('disk full');
    expect(engine.sequence).toBe(1);
    expect(refusedWith(() => engine.apply(mark(16_000))).hint).toContain('flush()');
    expect(() => engine.flush()).toThrow('disk full');
    full = false;
    expect(names(engine.flush()?.crossings.liquidatable ?? [])).toEqual(['alice']);
    expect(engine.flush()).toBeUndefined();
    engine.apply(mark(20_000));
    expect(readJournal(Buffer.concat(chunks))).toMatchObject({ events: 2, damage: undefined });
  });
});

describe('replay', () => {
  const engines = [
    ['kernel', Book],
    ['reference', ReferenceBook],
  ] as const;

  /** Plays a stream, and replays its journal from snapshots on the way. */
  function play(Entry: Pick<typeof Book, 'fromJSON' | 'decode'>, json: BookJSON, seed: number, events: number) {
    const r = new Random(1000 + seed);
    const engine = new Engine(Entry.fromJSON(json));
    const chunks: Uint8Array[] = [];
    engine.record((bytes) => chunks.push(bytes));
    const outcomes: Outcome[] = [];
    const kinds: string[] = [];
    const snapshots = [engine.snapshot()];
    let refusals = 0;
    for (let i = 0; i < events; i++) {
      const event =
        i % 70 === 69
          ? ({ kind: 'checkpoint', hash: engine.hash() } as const)
          : randomEvent(r, engine.book, seed * 100_000 + i);
      const hash = i % 5 === 0 ? engine.hash() : undefined;
      try {
        outcomes.push(engine.apply(event));
        kinds.push(event.kind);
      } catch (e) {
        if (!(e instanceof MarginError)) throw e;
        refusals++;
        expect(engine.sequence).toBe(outcomes.length);
        if (hash) expect(engine.hash(), `seed ${seed}, event ${i}: ${e.message}`).toBe(hash);
      }
      if (i % Math.max(40, Math.floor(events / 8)) === 39) snapshots.push(engine.snapshot());
    }
    const journal = readJournal(Buffer.concat(chunks));
    expect(journal).toMatchObject({ events: outcomes.length, damage: undefined });
    for (const [k, snapshot] of snapshots.entries()) {
      const again = Engine.restore(snapshot, { decode: Entry.decode });
      const from = again.sequence;
      const replayed: string[] = [];
      expect(again.replay(journal, (outcome) => replayed.push(said(outcome)))).toMatchObject({ skipped: from });
      expect(replayed, `seed ${seed}, snapshot ${k}`).toEqual(outcomes.slice(from).map(said));
      expect(again.hash(), `seed ${seed}, snapshot ${k}`).toBe(engine.hash());
    }
    return { outcomes, kinds, refusals };
  }

  it.each(engines)(
    'of random streams, from any snapshot: same state, same crossings (%s)',
    (name, Entry) => {
      const books = name === 'kernel' ? BOOKS : Math.ceil(BOOKS / 3);
      const kinds = new Set<string>();
      const seen = { refusals: 0, liquidatable: 0, held: 0, released: 0 };
      for (let seed = 1; seed <= books; seed++) {
        const json = randomBook(seed, { features: seed % 3 === 0 ? 0 : 1, accounts: 8 });
        const played = play(Entry as typeof Book, json, seed, EVENTS);
        for (const kind of played.kinds) kinds.add(kind);
        seen.refusals += played.refusals;
        for (const { crossings, held, released } of played.outcomes) {
          seen.liquidatable += crossings.liquidatable.length;
          seen.held += held.length;
          seen.released += released.length;
        }
      }
      if (process.env.ENGINE_SHOW) console.log(name, seen, kinds.size);
      if (name !== 'kernel') return;
      expect(kinds.size).toBeGreaterThan(18);
      expect(seen.liquidatable).toBeGreaterThan(10 * books);
      expect(seen.held).toBeGreaterThan(books);
      expect(seen.released).toBeGreaterThan(0);
      expect(seen.refusals).toBeLessThan(books * EVENTS * 0.5);
    },
    3_600_000,
  );

  it('of streams over options and models too', () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= Math.ceil(BOOKS / 2); seed++)
      for (const kind of play(ScenarioBook as never, randomModelBook(seed, 5), seed, EVENTS / 2).kinds) kinds.add(kind);
    for (const kind of ['volatility', 'unquote', 'changeExpiry', 'expire']) expect(kinds).toContain(kind);
  }, 3_600_000);

  it('is the same on both engines', () => {
    const hashes = engines.map(([, Entry]) => {
      const r = new Random(7);
      const engine = new Engine(Entry.fromJSON(randomBook(5, { features: 1, accounts: 6 })));
      const lines: string[] = [];
      for (let i = 0; i < 200; i++) {
        try {
          lines.push(said(engine.apply(randomEvent(r, engine.book, i))));
        } catch (e) {
          if (!(e instanceof MarginError)) throw e;
          lines.push(e.message);
        }
      }
      return [engine.hash(), ...lines];
    });
    expect(hashes[0]).toEqual(hashes[1]);
  });

  it('refuses a journal of another state, or one that starts behind it', () => {
    const engine = exchange();
    const chunks: Uint8Array[] = [];
    engine.record((bytes) => chunks.push(bytes));
    engine.apply(mark(19_000));
    const journal = readJournal(Buffer.concat(chunks));
    expect(refusedWith(() => exchange({ numeraire: 'EUR' }).replay(journal)).path).toBe('journal.hash');
    const late: Uint8Array[] = [];
    engine.record((bytes) => late.push(bytes));
    expect(refusedWith(() => exchange().replay(readJournal(Buffer.concat(late)))).path).toBe('journal.sequence');
    expect(engine.replay(journal)).toMatchObject({ applied: 0, skipped: 1 });
  });
});

describe('docs/engine.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../docs/engine.md', import.meta.url)), 'utf8');

  it('has every kind with its code and its payload', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (.*?) \|/gm)].map(([, kind, code, fields = '']) => [
      kind,
      Number(code),
      [...fields.matchAll(/`(\w+\??)`/g)].map(([, field]) => field),
    ]);
    const kinds = kindNames.map((kind) => [
      kind,
      KINDS[kind].code,
      fieldsOf(kind).map(([key, type]) => (type.endsWith('?') ? `${key}?` : key)),
    ]);
    expect(rows).toEqual(kinds);
  });
});

describe('sources', () => {
  it('use no clock, no randomness, and of Math only what is exact', () => {
    const folder = fileURLToPath(new URL('../bindings/watch/engine/', import.meta.url));
    const files = [
      ...readdirSync(folder).map((file) => folder + file),
      fileURLToPath(new URL('../bindings/book/settle.ts', import.meta.url)),
    ];
    expect(files.length).toBeGreaterThan(12);
    for (const file of files) {
      const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
      expect(
        text.match(/\bMath\.(?!(sqrt|abs|min|max|floor)\b)\w+|\bDate\b|\bperformance\b|\bcrypto\b|\*\*/g),
        file,
      ).toBeNull();
    }
  });
});

describe.each([
  ['kernel', Book],
  ['reference', ReferenceBook],
] as const)('an event whose getter calls (%s)', (_name, Entry) => {
  const deposit = (amount: number): EngineEvent => ({ kind: 'deposit', account: 'carol', asset: 'USDT', amount });
  const calling = (call: () => unknown): EngineEvent =>
    Object.defineProperty(deposit(5), 'amount', {
      enumerable: true,
      get: () => {
        call();
        return 5;
      },
    });

  it('the engine is refused, and nothing changes', () => {
    const engine = new Engine(Entry.fromJSON(EXCHANGE));
    const snapshot = engine.snapshot();
    const chunks: Uint8Array[] = [];
    engine.record((bytes) => chunks.push(bytes.slice()));
    const hash = engine.hash();
    expect(() => engine.apply(calling(() => engine.apply(deposit(7))))).toThrow(
      'conflict at event: expected no other event while one is being read',
    );
    expect([engine.sequence, engine.hash(), chunks.length]).toEqual([0, hash, 1]);
    engine.apply(deposit(7));
    engine.apply(deposit(5));
    expect(engine.sequence).toBe(2);
    const again = Engine.restore(snapshot, { decode: Entry.decode });
    again.replay(readJournal(Buffer.concat(chunks)));
    expect(again.hash()).toBe(engine.hash());
  });

  it.each([
    ['deposit', (book: Book) => book.deposit('carol', 'USDT', 7)],
    ['addAccount', (book: Book) => book.addAccount({ id: 'dave' })],
  ] as const)('the book is refused: %s', (_call, change) => {
    const engine = new Engine(Entry.fromJSON(EXCHANGE));
    expect(() => engine.apply(calling(() => change(engine.book as Book)))).toThrow('conflict at book');
    expect(engine.sequence).toBe(0);
    expect(() => engine.apply(deposit(1))).toThrow('conflict at book');
  });

  it('to close the engine applies nothing', () => {
    const engine = new Engine(Entry.fromJSON(EXCHANGE));
    expect(() => engine.apply(calling(() => engine.close()))).toThrow('conflict at engine');
    expect(balance(engine, 'carol')).toBe(1000);
  });
});
