// From the kernel's book to the ledger and back: equity to the minor unit, lots that sum to zero, a default from detection to
// the margin afterwards, and queues that agree with the exact scores.
import { describe, expect, it } from 'vitest';
import { accountMargin, Book, type BookJSON, margin } from '../bindings/index.js';
import * as venue from '../bindings/venue/index.js';
import {
  candidatesOf,
  closesOf,
  defaultsOf,
  hedgeReliefs,
  holdersOf,
  ledgerOf,
  offLots,
  projectInto,
  queuesOf,
  rankPreview,
  requirementsOf,
  scoresOf,
  unitName,
} from '../bindings/venue/index.js';
import { minorOf } from '../bindings/venue/minor.js';
import * as waterfall from '../bindings/waterfall/index.js';
import { ADL_SCORES, adl, queueOf, run, type State, verify } from '../bindings/waterfall/index.js';
import { evaluateWith, examplesOf } from './examples.js';
import { Random, randomBook } from './random-book.js';
import { refusal } from './refusal.js';

const BRACKETS = [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.02 }];
const exchange = (): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'USDT', price: 1, decimals: 2 },
    { id: 'BTC', price: 50_000, decimals: 8 },
  ],
  markets: [
    { id: 'BTC-PERP', kind: 'linear', settle: 'USDT', base: 'BTC', mark: 50_000, lot: 0.001, brackets: BRACKETS },
    { id: 'BTC-USD', kind: 'inverse', settle: 'BTC', multiplier: 100, mark: 50_000, lot: 1, brackets: BRACKETS },
    { id: 'SPOT', kind: 'spot', base: 'BTC', quote: 'USDT', mark: 50_000 },
  ],
  accounts: [
    { id: 'long', balances: { USDT: '1000.25' }, positions: [{ market: 'BTC-PERP', size: 0.3, entry: 60_000 }] },
    { id: 'short', balances: { USDT: 5000 }, positions: [{ market: 'BTC-PERP', size: -0.2, entry: 61_000 }] },
    { id: 'other', balances: { USDT: 900 }, positions: [{ market: 'BTC-PERP', size: -0.1, entry: 49_000 }] },
    { id: 'coin', balances: { BTC: '0.5' }, positions: [{ market: 'BTC-USD', size: 200, entry: 40_000 }] },
    {
      id: 'maker',
      balances: { USDT: '0.1', BTC: '-0.00000001' },
      positions: [{ market: 'BTC-USD', size: -200, entry: 40_000 }],
      buckets: [{ bucket: 3, balances: { USDT: 70 } }],
    },
  ],
});

describe('a book as a ledger', () => {
  const book = Book.fromJSON(exchange());
  const state = ledgerOf(book, {
    funds: [{ id: 'insurance', balances: { USDT: 500_000n }, purses: { seed: { USDT: 7n } } }],
    purses: { fund: { USDT: { long: 100n, short: 200n } } },
    measures: { stake: [3n, 2n] },
    block: 9,
  });

  it('counts balances in minor units and positions in lots', () => {
    expect(state.amount('long', 'USDT')).toBe(100_025n);
    expect(state.amount('maker', 'USDT')).toBe(10n);
    expect(state.amount('maker', 'BTC')).toBe(-1n);
    expect(state.position('long', 'BTC-PERP')).toEqual({ lots: 300n, cost: -1_800_000n });
    expect(state.position('short', 'BTC-PERP')).toEqual({ lots: -200n, cost: 1_220_000n });
    expect(state.position('coin', 'BTC-USD')).toEqual({ lots: 200n, cost: 50_000_000n });
  });

  it('comes to the equity of the kernel', () => {
    expect(state.equity('long', 'USDT')).toBe(-199_975n);
    expect(accountMargin(book, 'long').equity).toBe(-1999.75);
    expect(state.equity('coin', 'BTC')).toBe(60_000_000n);
    expect(accountMargin(book, 'coin').equity).toBe(30_000);
  });

  it('gives an isolated bucket and the venue accounts of their own', () => {
    expect(state.columns.ids.names).toEqual([
      ...['long', 'short', 'other', 'coin', 'maker', 'maker:3', 'insurance', 'dust', 'outside'],
    ]);
    expect(state.amount('maker:3', 'USDT')).toBe(7000n);
    expect([...state.columns.house]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect([state.amount('insurance', 'USDT'), state.amount('insurance', 'USDT', 'seed')]).toEqual([500_000n, 7n]);
    expect([state.amount('long', 'USDT', 'fund'), state.amount('other', 'USDT', 'fund')]).toEqual([100n, 0n]);
    expect([...(state.columns.measures.get('stake') ?? [])].slice(0, 3)).toEqual([3n, 2n, 0n]);
    expect(state.columns.block).toBe(9);
  });

  it('shares names with the book and does not see those that come later', () => {
    const live = Book.fromJSON(exchange());
    const before = ledgerOf(live);
    live.addAccount({ id: 'late' });
    expect(before.columns.ids.has('late')).toBe(false);
    expect(before.accounts).toBe(8);
    expect(() => before.row('late')).toThrow(/unknown-id/);
    expect(ledgerOf(live).row('late')).toBe(5);
    expect(before.row('long')).toBe(0);
  });

  it('nets both sides of a hedged market, and counts funding that is owed as paid', () => {
    const json = exchange();
    json.markets[0] = { ...(json.markets[0] as BookJSON['markets'][0]), fundingIndex: 10 };
    json.accounts = [
      {
        id: 'h',
        balances: { USDT: 100 },
        positions: [
          { market: 'BTC-PERP', side: 'long', size: 0.5, entry: 50_000, fundingIndex: 8 },
          { market: 'BTC-PERP', side: 'short', size: -0.2, entry: 50_000 },
        ],
      },
    ];
    const hedged = Book.fromJSON(json);
    const ledger = ledgerOf(hedged);
    expect(ledger.position('h', 'BTC-PERP')).toEqual({ lots: 300n, cost: -1_500_100n });
    expect(ledger.equity('h', 'USDT')).toBe(9900n);
    expect(accountMargin(hedged, 'h').equity).toBe(99);
  });

  it('rounds what is no whole unit against whoever has it', () => {
    expect(minorOf(0.1, 18)).toBe(100_000_000_000_000_000n);
    expect(minorOf(1.005, 2)).toBe(100n);
    expect(minorOf(-1.005, 2)).toBe(-101n);
    expect(minorOf(-0.000001, 2)).toBe(-1n);
    expect(minorOf(4503599627370495.5, 1)).toBe(45_035_996_273_704_955n);
    expect(minorOf(1e21, 2)).toBe(10n ** 23n);
    const r = new Random(4);
    for (let i = 0; i < 20_000; i++) {
      const [units, decimals] = [r.int(-1e9, 1e9) * r.pick([1, 999_999]), r.int(0, 18)];
      if (Math.abs(units) >= 1e15) continue;
      expect(minorOf(Number(`${units}e-${decimals}`), decimals)).toBe(BigInt(units));
    }
  });
});

describe('what a ledger does not carry is refused', () => {
  const changed = (change: (json: BookJSON) => void, options = {}): string => {
    const json = exchange();
    change(json);
    return refusal(() => ledgerOf(Book.fromJSON(json), options));
  };

  it('fractions of lots, names that are taken', () => {
    expect(changed(() => {}, { lots: { nope: 1 } })).toMatch(/lots\.nope/);
    const half = (json: BookJSON): void => {
      json.accounts.push({ id: 'x', positions: [{ market: 'BTC-PERP', size: 0.0015, entry: 5 }] });
    };
    expect(changed(half)).toMatch(/inexact at x\.positions\.BTC-PERP: got 0\.0015.*lots of 0\.001/);
    const json = exchange();
    half(json);
    const book = Book.fromJSON(json);
    expect(offLots(book)).toEqual([{ account: 'x', market: 'BTC-PERP', size: 0.0015, lot: 0.001 }]);
    expect(ledgerOf(book, { lots: { 'BTC-PERP': '0.0001' } }).position('x', 'BTC-PERP').lots).toBe(15n);
    expect(changed((book) => void book.accounts.push({ id: 'maker:3' }))).toMatch(/duplicate at book: got "maker:3"/);
    expect(changed(() => {}, { funds: [{ id: 'long', balances: { USDT: 1n } }] })).toMatch(/conflict at funds\[0\]/);
    expect(changed(() => {}, { funds: [{ id: 'f' }, { id: 'f' }] })).toMatch(/duplicate at funds\[1\]\.id/);
    expect(changed(() => {}, { purses: { balance: { USDT: {} } } })).toMatch(/conflict at purses\.balance/);
    expect(changed(() => {}, { purses: { fund: { USDT: { nobody: 1n } } } })).toMatch(/purses\.fund\.USDT\.nobody/);
    expect(changed(() => {}, { measures: { stake: { long: -1n } } })).toMatch(/range at measures\.stake\.long/);
    expect(changed(() => {}, { decimals: 31 })).toMatch(/range at decimals/);
    expect(changed(() => {}, { decimal: 2 })).toMatch(/unknown-key.*"decimals"/);
  });
});

/** Books of every kind of market with isolated buckets, both sides, funding, and orders. */
function carried(seed: number): BookJSON {
  const json = randomBook(seed, { features: 0.4, accounts: 4 });
  for (const market of json.markets) {
    delete market.rounding;
    delete market.spotOrders;
  }
  for (const account of json.accounts) {
    for (const unit of [account, ...(account.buckets ?? [])]) {
      for (const position of unit.positions ?? []) position.size = Number(Number(position.size).toPrecision(9));
    }
  }
  return json;
}

/** A lot for everything: sizes of nine digits are whole numbers of it. */
const fine = (book: BookJSON): { lots: Record<string, string> } => ({
  lots: Object.fromEntries(
    book.markets.filter(({ kind }) => kind !== 'spot').map(({ id }): [string, string] => [id, '1e-21']),
  ),
});

/** Equity of a margin unit as the ledger has it, in the numeraire, and what its minor units may make of it. */
function ledgerEquity(book: Book, state: State, u: number, decimals: number): { equity: number; bound: number } {
  const row = state.row(unitName(book, u));
  let [equity, size] = [0, 0];
  for (let a = 0; a < book.assets; a++) {
    const price = book.store.columns.asset.price[a] as number;
    const minor = state.equityAt(row, book.assetId(a));
    equity += Number(minor) * 10 ** -decimals * price;
    size += (1 + book.markets * 4) * 10 ** -decimals * price;
    size += Math.abs(Number(state.amountAt(row, 'balance', book.assetId(a)))) * 10 ** -decimals * price * 1e-12;
  }
  for (const { id, settle } of state.columns.markets.values()) {
    const price = book.store.columns.asset.price[book.asset(settle)] as number;
    size += Math.abs(Number(state.positionAt(row, id).cost)) * 10 ** -decimals * price * 1e-12;
  }
  return { equity, bound: size };
}

describe('random books', () => {
  it('have the same equity in the ledger, unit by unit, to a minor unit a row', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const json = carried(seed);
      const book = Book.fromJSON(json);
      const decimals = 9;
      const state = ledgerOf(book, { ...fine(json), decimals });
      const { equity } = margin(book);
      for (let u = 0; u < book.units; u++) {
        const found = ledgerEquity(book, state, u, decimals);
        expect(Math.abs(found.equity - (equity[u] as number)), `seed ${seed}, unit ${u}`).toBeLessThanOrEqual(
          found.bound + Math.abs(equity[u] as number) * 1e-12,
        );
      }
    }
  });

  it('stay as they are when their own ledger is written back', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const json = carried(seed);
      const book = Book.fromJSON(json);
      const before = book.encode();
      const units = { ...fine(json), decimals: 9 };
      projectInto(
        book,
        ledgerOf(book, units),
        Book.decode(before)
          .toJSON()
          .accounts.map(({ id }) => id),
        units,
      );
      // Byte by byte, as the test runner's own comparison takes seconds.
      expect(Buffer.compare(book.encode(), before), `seed ${seed}`).toBe(0);
    }
  });

  it('margin the same after any change that comes from a ledger', () => {
    for (let seed = 1; seed <= 120; seed++) {
      const json = carried(seed);
      const book = Book.fromJSON(json);
      const units = { ...fine(json), decimals: 9 };
      const state = ledgerOf(book, units);
      const r = new Random(seed);
      const names = Array.from({ length: book.units }, (_, u) => unitName(book, u));
      const held = [...state.columns.holdings.keys()];
      const asset = held.length > 0 ? state.market(r.pick(held)).settle : (json.assets[0]?.id as string);
      const stages: waterfall.Stage[] = [
        { kind: 'transfer', id: 'vault', to: r.pick(names), price: 'mark' },
        { id: 'rest', who: 'survivors', whenEmpty: 'skip' },
      ];
      const taker = (stages[0] as { to: string }).to;
      const defaulters = names.filter((id) => id !== taker).slice(0, 2);
      if (defaulters.length === 0) continue;
      const outcome = run(state, stages, { asset, defaulters });
      projectInto(book, outcome.state, outcome.postings, units);
      const again = ledgerOf(book, units);
      const { equity } = margin(book);
      for (let u = 0; u < book.units; u++) {
        const row = outcome.state.row(unitName(book, u));
        for (const market of outcome.state.columns.markets.keys()) {
          const [had, has] = [outcome.state.positionAt(row, market), again.positionAt(row, market)];
          expect(has.lots, `seed ${seed}, ${unitName(book, u)}, ${market}`).toBe(had.lots);
        }
        const found = ledgerEquity(book, outcome.state, u, 9);
        const off = Math.abs(found.equity - (equity[u] as number));
        expect(off, `seed ${seed}, unit ${u}`).toBeLessThanOrEqual(
          2 * found.bound + Math.abs(equity[u] as number) * 1e-11,
        );
      }
    }
  });
});

describe('a default from detection to the margin afterwards', () => {
  const insurance = [{ id: 'vault', balances: { USDT: 50_000_00n } }];

  it('closes the defaulter, and the book says so', () => {
    const book = Book.fromJSON(exchange());
    const risk = margin(book);
    const defaulters = defaultsOf(book, risk);
    expect(defaulters).toEqual(['maker', 'long']);
    const state = ledgerOf(book, { funds: insurance });
    const stages: waterfall.Stage[] = [
      { kind: 'transfer', id: 'takeover', to: 'vault', price: 'mark' },
      { id: 'insurance', who: ['vault'] },
    ];
    const outcome = run(state, stages, { asset: 'USDT', defaulters: ['long'], solvent: 'take' });
    expect(outcome.residual).toBe(0n);
    expect(verify(outcome, state).problems).toEqual([]);
    expect(projectInto(book, outcome.state, outcome.postings)).toEqual(['long']);
    expect(accountMargin(book, 'long')).toMatchObject({ status: 'healthy', equity: 0, notional: 0 });
    expect(book.accountJSON('long').positions).toBeUndefined();
    expect(accountMargin(book, 'short').equity).toBe(7200);
  });

  it('adds the taker to the book where that is wanted: positions sum to zero again', () => {
    const book = Book.fromJSON(exchange());
    const state = ledgerOf(book, { funds: insurance });
    const takeover: waterfall.Stage = { kind: 'transfer', id: 'takeover', to: 'vault' };
    const outcome = run(state, [takeover], { asset: 'USDT', defaulters: ['long'], solvent: 'take' });
    expect(projectInto(book, outcome.state, outcome.postings, { missing: 'add' })).toEqual(['long', 'vault']);
    expect(accountMargin(book, 'vault').equity).toBe(48_000.25);
    expect(book.accountJSON('vault').positions).toEqual([
      { market: 'BTC-PERP', size: 0.3, cost: 18_000, fundingIndex: 0 },
    ]);
    const lots = ledgerOf(book).columns.holdings.get('BTC-PERP')?.lots.sum() ?? 0n;
    expect(lots).toBe(0n);
  });

  it('shrinks one side of a hedged account, then the other', () => {
    const json = exchange();
    json.accounts = [
      {
        id: 'h',
        balances: { USDT: 100 },
        positions: [
          { market: 'BTC-PERP', side: 'long', size: 0.5, entry: 50_000 },
          { market: 'BTC-PERP', side: 'short', size: -0.2, entry: 52_000 },
        ],
      },
      { id: 't', balances: { USDT: 1 }, positions: [{ market: 'BTC-PERP', size: -0.3, entry: 50_000 }] },
    ];
    const book = Book.fromJSON(json);
    const before = accountMargin(book, 'h').equity;
    const event = { asset: 'USDT', defaulters: ['h'], solvent: 'take' } as const;
    const some: waterfall.DefaultEvent = {
      ...event,
      closes: { h: { 'BTC-PERP': 200n } },
      depth: { 'BTC-PERP': { bids: [[50_000, 1000]] } },
    };
    const sold = run(ledgerOf(book), [{ kind: 'liquidate', id: 'book' }], some);
    projectInto(book, sold.state, sold.postings);
    const sides = (): unknown => book.accountJSON('h').positions?.map(({ side, size }) => [side, size]);
    expect(sides()).toEqual([
      ['long', 0.3],
      ['short', -0.2],
    ]);
    const outcome = run(sold.state, [{ kind: 'transfer', id: 'x', to: 't', price: 'mark' }], event);
    projectInto(book, outcome.state, outcome.postings);
    // Two sides of the same size are nothing to the ledger, but they ask for margin: where all of it is gone, they close.
    expect(sides()).toBeUndefined();
    expect(accountMargin(book, 'h')).toMatchObject({ equity: before, maintenanceMargin: 0 });
    expect(book.accountJSON('t').positions).toEqual([
      { market: 'BTC-PERP', size: -0.2, cost: -10_000, fundingIndex: 0 },
    ]);
  });

  it('writes sizes that a fill has rounded', () => {
    const json = exchange();
    json.markets = [
      {
        ...json.markets[0],
        id: 'AVAX',
        mark: 20,
        lot: 0.1,
        brackets: [{ upTo: null, maintenanceRate: 0.01 }],
      } as never,
    ];
    json.accounts = [
      { id: 'h', balances: { USDT: 100 }, positions: [{ market: 'AVAX', size: 1234.5, entry: 20 }] },
      { id: 't', balances: { USDT: 1 } },
    ];
    const book = Book.fromJSON(json);
    const event: waterfall.DefaultEvent = {
      asset: 'USDT',
      defaulters: ['h'],
      solvent: 'take' as const,
      closes: { h: { AVAX: 12_326n } },
      depth: { AVAX: { bids: [[20, 99_999]] } },
    };
    const { state, postings } = run(ledgerOf(book), [{ kind: 'liquidate', id: 'book' }], event);
    projectInto(book, state, postings);
    expect(book.accountJSON('h').positions?.[0]?.size).toBe(1.9);
  });

  it('refuses a ledger in other units', () => {
    const book = Book.fromJSON(exchange());
    const state = ledgerOf(book, { decimals: 6 });
    expect(refusal(() => projectInto(book, state, ['long']))).toMatch(/conflict at state\.markets\.BTC-PERP/);
    expect(refusal(() => projectInto(book, state, ['lng'], { decimals: 6 }))).toMatch(/Did you mean "long"/);
  });
});

describe('queues of a book', () => {
  /** Winners and losers of one market, and some who have nothing left. */
  const crowd = (seed: number): Book => {
    const r = new Random(seed);
    const json = exchange();
    json.accounts = Array.from({ length: 40 }, (_, i) => ({
      id: `c${i}`,
      balances: { USDT: r.int(100, 20_000) },
      positions: [
        {
          market: 'BTC-PERP',
          size: (r.chance(0.5) ? 1 : -1) * (r.int(1, 900) / 1000),
          entry: r.int(40_000, 60_000),
        },
      ],
    }));
    return Book.fromJSON(json);
  };

  it.each(['hyperliquid', 'binance', 'bybit', 'bitmex', 'okx'] as const)('%s: in the order of exact scores', (name) => {
    for (let seed = 1; seed <= 20; seed++) {
      const book = crowd(seed);
      const { risk } = holdersOf(book);
      for (const side of ['long', 'short'] as const) {
        const columns = scoresOf(book, 'BTC-PERP', side, name);
        const state = ledgerOf(book);
        const exact = Array.from(columns.unit, (u) => {
          const id = unitName(book, u);
          const { lots, cost } = state.position(id, 'BTC-PERP');
          const value = lots * 5000n;
          const pnl = value + cost;
          const [wallet, equity] = [state.amount(id, 'USDT'), state.equity(id, 'USDT')];
          const size = value < 0n ? -value : value;
          const entry = cost < 0n ? -cost : cost;
          const maintenance = minorOf(risk.maintenanceMargin[u] as number, 2);
          const position = {
            hyperliquid: {
              mark: 50_000,
              entry: { numerator: entry, denominator: (lots < 0n ? -lots : lots) / 1n },
              notional: size,
              accountValue: equity,
            },
            binance: { pnl, wallet, maintenance, one: 100n },
            bybit: { pnl, wallet, maintenance, one: 100n },
            bitmex: { entry: -cost, mark: value, bankruptcy: value - equity },
            okx: { pnl, entry, notional: size, margin: equity },
          }[name];
          const { score } = ADL_SCORES[name](position as never);
          return { id, lots: lots < 0n ? -lots : lots, score };
        });
        const queue = queueOf(exact, { space: 'contracts' }).map(({ id }) => id);
        const first = candidatesOf(book, state, columns, 40);
        expect(first.map(({ id }) => id)).toEqual(queue);
        for (const [rank, id] of queue.entries()) {
          const [place] = rankPreview(book, id, 'BTC-PERP', name);
          expect(place).toMatchObject({ id, side, rank: rank + 1, of: queue.length });
        }
      }
    }
  });

  it('are gathered for a run: all who stand opposite a defaulter, isolated buckets as accounts of their own', () => {
    let seen = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const json = carried(seed);
      const book = Book.fromJSON(json);
      const state = ledgerOf(book, { ...fine(json), decimals: 9 });
      const defaulters = Array.from({ length: book.units }, (_, u) => unitName(book, u)).filter(
        (_, u) => u % 4 === seed % 4,
      );
      const queues = queuesOf(book, state, defaulters, 'okx');
      for (let m = 0; m < book.markets; m++) {
        const id = book.marketId(m);
        const wanted = new Map<number, number>();
        const sizes = new Map<number, number>();
        for (const side of ['long', 'short'] as const) {
          const opposite = scoresOf(book, m, side === 'long' ? 'short' : 'long', 'okx');
          const columns = scoresOf(book, m, side, 'okx');
          if (![...opposite.unit].some((u) => defaulters.includes(unitName(book, u)))) continue;
          columns.unit.forEach((u, i) => {
            const [row, size] = [state.row(unitName(book, u)), columns.size[i] as number];
            if (size > (sizes.get(row) ?? 0)) wanted.set(row, columns.score[i] as number);
            sizes.set(row, Math.max(size, sizes.get(row) ?? 0));
          });
        }
        const { rows, scores } = queues[id] ?? { rows: new Uint32Array(0), scores: new Float64Array(0) };
        expect(new Map([...rows].map((row, i) => [row, scores[i]]))).toEqual(wanted);
        expect([...rows]).toEqual([...wanted.keys()].sort((a, b) => a - b));
        seen += rows.length;
      }
    }
    expect(seen).toBeGreaterThan(100);
  });

  it('rank a run alike, as scores of all rows or of some', () => {
    const book = crowd(5);
    const state = ledgerOf(book);
    const defaulters = ['c1', 'c2', 'c3'];
    const event = { asset: 'USDT', defaulters, solvent: 'take' } as const;
    const some = queuesOf(book, state, defaulters, 'hyperliquid');
    const { rows, scores } = some['BTC-PERP'] ?? { rows: [], scores: [] };
    const all = new Float64Array(state.accounts);
    rows.forEach((row, i) => {
      all[row] = scores[i] as number;
    });
    const stages = [{ kind: 'adl', id: 'adl', price: 'mark' }] as const;
    const outcome = run(state, stages, { ...event, scores: some });
    expect(outcome.postings.length).toBeGreaterThan(0);
    const other = run(state, stages, { ...event, scores: { 'BTC-PERP': all } });
    expect(other.postings.toArray()).toEqual(outcome.postings.toArray());
    expect(run(state, stages, event).postings.toArray()).not.toEqual(outcome.postings.toArray());
    const wrong = (value: unknown) =>
      refusal(() => run(state, stages, { ...event, scores: { 'BTC-PERP': value as Float64Array } }));
    expect(wrong('fast')).toMatch(/type at event\.scores\.BTC-PERP: got "string", expected a column of numbers/);
    const columns = { rows: new Uint32Array([1, 1]), scores: new Float64Array(2) };
    expect(wrong({ ...columns, scores: new Float64Array(3) })).toMatch(
      /range at event\.scores\.BTC-PERP\.scores: got 3/,
    );
    expect(wrong(columns)).toMatch(/range at event\.scores\.BTC-PERP\.rows\[1\]: got 1, expected rising rows/);
  });

  it('give an ADL its candidates', () => {
    const book = crowd(3);
    const state = ledgerOf(book);
    const candidates = candidatesOf(book, state, scoresOf(book, 'BTC-PERP', 'short', 'bitmex'), 5);
    expect(candidates.length).toBe(5);
    const need = { size: 1000n, mark: 5000, bankruptcy: 5100 };
    const { closes, residual, defaulterLots } = adl(need, candidates, { allocation: 'queue', space: 'contracts' });
    expect(closes.reduce((sum, { lots }) => sum + lots, defaulterLots)).toBe(0n);
    expect(residual).toBe(0n);
  });

  it('know what a close would free', () => {
    const book = Book.fromJSON(exchange());
    const { short: relief } = hedgeReliefs(book, 'BTC-PERP', ['short'], { decimals: 2 });
    expect(relief).toEqual({ deltaRequirement: -10_000n, requirement: 10_000n });
    expect(hedgeReliefs(book, 'BTC-PERP', ['short'], { decimals: 2, level: 'initial' }).short?.requirement).toBe(
      20_000n,
    );
    expect(hedgeReliefs(book, 'BTC-PERP', ['coin'])).toEqual({});
    // The bid would be filled into a short that covers it: without the short it needs margin of its own.
    book.placeOrder('short', { market: 'BTC-PERP', side: 'buy', size: 0.4, price: 50_000 });
    const { short: hedge } = hedgeReliefs(book, 'BTC-PERP', ['short'], { decimals: 2 });
    expect(hedge).toEqual({ deltaRequirement: 10_000n, requirement: 10_000n });
    expect(refusal(() => hedgeReliefs(book, 'BTC-PERP', ['shrt']))).toMatch(/Did you mean "short"/);
  });
});

describe('an event of the kernel', () => {
  it('runs a preset with scores, closes and requirements of the book', () => {
    const book = Book.fromJSON(exchange());
    const risk = margin(book);
    const maintenance = requirementsOf(book, risk, 'USDT');
    const state = ledgerOf(book, { funds: [{ id: 'insurance' }], measures: { maintenance } });
    expect(maintenance.slice(0, 3)).toEqual([15_000n, 10_000n, 5_000n]);
    const event: waterfall.DefaultEvent = {
      asset: 'USDT',
      defaulters: ['long'],
      closes: closesOf(book, ['long']),
      scores: queuesOf(book, state, ['long'], 'binance'),
    };
    expect(event.closes).toEqual({ long: { 'BTC-PERP': 300n } });
    const stages = waterfall.binance();
    const outcome = run(state, stages, event);
    const { scores, ...own } = event;
    const other = run(state, stages, own);
    expect(outcome.postings.toArray()).toEqual(other.postings.toArray());
    expect(outcome.residual).toBe(0n);
    projectInto(book, outcome.state, outcome.postings);
    const lots = ledgerOf(book).columns.holdings.get('BTC-PERP')?.lots.sum() ?? 0n;
    expect(lots).toBe(0n);
    expect(accountMargin(book, 'long')).toMatchObject({ equity: 0, notional: 0 });
    expect(refusal(() => queuesOf(book, ledgerOf(Book.fromJSON({ ...exchange(), accounts: [] })), [], 'okx'))).toMatch(
      /conflict at state\[0\]/,
    );
  });

  it('closes no more than health asks for', () => {
    const json = exchange();
    json.accounts = [
      { id: 'w', balances: { USDT: 250 }, positions: [{ market: 'BTC-PERP', size: 0.4, entry: 50_250 }] },
    ];
    const book = Book.fromJSON(json);
    expect(defaultsOf(book, margin(book))).toEqual(['w']);
    expect(closesOf(book, ['w'])).toEqual({ w: { 'BTC-PERP': 100n } });
  });
});

describe('who defaults', () => {
  it('is in one order: the bankrupt first, the riskiest first, ties by id; a few of them without a sort', () => {
    const r = new Random(8);
    const json = exchange();
    json.accounts = Array.from({ length: 300 }, (_, i) => ({
      id: `d${i}`,
      balances: { USDT: r.int(0, 60) * 100 },
      positions: [{ market: 'BTC-PERP', size: r.int(1, 5) / 10, entry: r.pick([50_000, 55_000, 60_000]) }],
    }));
    const book = Book.fromJSON(json);
    const all = defaultsOf(book, margin(book));
    expect(all.length).toBeGreaterThan(50);
    const status = all.map((id) => accountMargin(book, id).status);
    expect(status.lastIndexOf('bankrupt')).toBe(status.indexOf('liquidatable') - 1);
    for (const most of [0, 1, 7, 49, all.length, 1000]) {
      expect(defaultsOf(book, margin(book), { most })).toEqual(all.slice(0, most));
    }
    const lost = defaultsOf(book, margin(book), { bankrupt: true });
    expect(lost).toEqual(all.slice(0, lost.length));
    expect(refusal(() => defaultsOf(book, margin(book), { most: -1 }))).toMatch(/range at options\.most/);
  });
});

describe('examples', () => {
  const book = Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [{ id: 'USDT', price: 1 }],
    markets: [
      {
        id: 'BTC-PERP',
        kind: 'linear',
        settle: 'USDT',
        mark: 60_000,
        lot: 0.001,
        brackets: [
          { upTo: 10_000, maintenanceRate: 0.004 },
          { upTo: null, maintenanceRate: 0.01 },
        ],
      },
    ],
    accounts: [
      { id: 'a1', balances: { USDT: 1000 }, positions: [{ market: 'BTC-PERP', size: 0.5, entry: 60_000 }] },
      { id: 'a2', balances: { USDT: 100 }, positions: [{ market: 'BTC-PERP', size: -0.1, entry: 58_000 }] },
    ],
  });
  const bytes = book.encode();

  it.each(examplesOf('venue/'))('$name', ({ expression, result }) => {
    const evaluate = evaluateWith({ ...waterfall, ...venue, margin, book: Book.decode(bytes) });
    expect(evaluate(expression)).toEqual(evaluate(result));
  });
});
