// Kernel against reference: the same book, the same bits, in every derived and every result column.
import { describe, expect, it } from 'vitest';
import { Book, margin } from '../bindings/index.js';
import { layout, type Section } from '../bindings/layout.js';
import { MARGIN_COLUMNS } from '../bindings/margin-columns.js';
import type { AccountJSON, AssetJSON, BookBase, BookJSON, Bracket, MarketJSON } from '../bindings/public.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { Random, randomBook } from './random-book.js';

/** Books of the whole run, and the seed of the first; the default keeps `npm test` short, `npm run test:long` has more and others. */
const BOOKS = Number(process.env.DIFFERENTIAL_BOOKS ?? 200);
const FIRST = Number(process.env.DIFFERENTIAL_SEED ?? 0);
const TIMEOUT = 60_000 + BOOKS * 15;

function difference(a: BookBase, b: BookBase): string | undefined {
  for (const section of ['asset', 'market'] as Section[]) {
    for (const [name, c] of Object.entries(layout[section])) {
      if (c.role !== 'derived') continue;
      const [x, y] = [a, b].map((k) => (k.store.columns[section] as unknown as Record<string, Float64Array>)[name]);
      for (let i = 0; i < a.store.count(section) * c.width; i++) {
        if (!Object.is(x?.[i], y?.[i])) return `${section}.${name}[${i / c.width}]: ${x?.[i]} and ${y?.[i]}`;
      }
    }
  }
  const [p, q] = [margin(a), margin(b)];
  for (const name of [...MARGIN_COLUMNS, 'status', 'liquidatable'] as const) {
    if (p[name].length !== q[name].length) return `${name}: ${p[name].length} and ${q[name].length} entries`;
    for (let i = 0; i < p[name].length; i++) {
      if (!Object.is(p[name][i], q[name][i])) return `${name}[${i}]: ${p[name][i]} and ${q[name][i]}`;
      if (Number.isNaN(p[name][i])) return `${name}[${i}] is NaN`;
    }
  }
  for (const name of Object.keys(p.totals) as (keyof typeof p.totals)[]) {
    if (!Object.is(p.totals[name], q.totals[name])) return `totals.${name}: ${p.totals[name]} and ${q.totals[name]}`;
  }
  return undefined;
}

function compare(seed: number, json: BookJSON): void {
  const kernel = Book.fromJSON(json);
  const reference = ReferenceBook.fromJSON(json);
  kernel.refresh();
  reference.refresh();
  const found = difference(kernel, reference);
  expect(found, `seed ${seed}: ${found}`).toBeUndefined();
}

/** A market, an account that gains, one that loses and owes: nothing that a scan of plain books could not do. */
const plainBook = (): BookJSON => ({
  format: 'margin-kernel/book@1',
  assets: [
    { id: 'U', price: 1 },
    { id: 'C', price: 100 },
  ],
  markets: [
    {
      id: 'M',
      kind: 'linear',
      settle: 'U',
      mark: 100,
      brackets: [
        { upTo: 50_000, maintenanceRate: 0.005, initialRate: 0.01 },
        { upTo: null, maintenanceRate: 0.01, initialRate: 0.02 },
      ],
      tables: { form: 'marginal' },
    },
  ],
  accounts: [
    { id: 'gains', balances: { U: 500, C: 3 }, positions: [{ market: 'M', size: 1000, entry: 98.5 }] },
    { id: 'loses', balances: { U: -500, C: 9 }, positions: [{ market: 'M', size: -700, entry: 97.25 }] },
  ],
});

type Change = (book: BookJSON) => void;
const market =
  (keys: Partial<MarketJSON>): Change =>
  (b) =>
    Object.assign(b.markets[0] as MarketJSON, keys);
const coin =
  (keys: Partial<AssetJSON>): Change =>
  (b) =>
    Object.assign(b.assets[1] as AssetJSON, keys);
const account =
  (keys: Partial<AccountJSON>): Change =>
  (b) =>
    Object.assign(b.accounts[0] as AccountJSON, keys);
const money =
  (keys: Partial<AssetJSON>): Change =>
  (b) =>
    Object.assign(b.assets[0] as AssetJSON, keys);
const order = { market: 'M', side: 'buy', size: 500, price: 101 } as const;
const table = (rates: Partial<Bracket>): Bracket[] => [{ upTo: null, maintenanceRate: 0.01, ...rates }];

/** Each feature of a book, alone. */
const ALONE: Record<string, Change> = {
  pnlCurve: market({ pnlCurve: 0.01 }),
  pnlWeight: market({ pnlWeight: { initial: 0.9, maintenance: 1 } }),
  'pnlWeight at the end': market({ pnlWeight: { initial: 1, maintenance: 1, liquidationEnd: 0.5 } }),
  pnlCap: market({ pnlCap: { initial: 100, maintenance: null } }),
  closingFee: market({ closingFee: 0.001 }),
  'a sqrt curve': market({ curve: { kind: 'sqrt', factor: 0.01 } }),
  'a power curve': market({ curve: { kind: 'power', factor: 0.01 } }),
  'open interest': market({ openInterest: 1e5, openInterestLower: 1e6, openInterestUpper: 1e8 }),
  twap: market({ twap: 99 }),
  stable: market({ stable: 102, guard: ['liquidationEnd'] }),
  confidence: market({ confidence: 0.5, confidenceThreshold: 0.9, confidenceFactor: 0.1 }),
  'PnL apart': (b) => {
    market({ pnl: 'separate' })(b);
    money({ assetWeight: 0.9 })(b);
  },
  'PnL net': market({ pnl: 'net', tables: {} }),
  rounding: (b) => {
    market({ rounding: { notional: 'ceil', requirement: 'ceil' }, brackets: table({}), mark: 99.7 })(b);
    delete (b.markets[0] as MarketJSON).tables;
  },
  'a whole table': market({ tables: {} }),
  'a table by entry': market({ tables: { form: 'marginal', basis: 'entry' } }),
  'a table by contracts': market({ tables: { form: 'marginal', basis: 'contracts' } }),
  'one table by contracts': market({
    tables: { form: 'marginal', basis: { initial: 'notional', maintenance: 'notional', liquidationEnd: 'contracts' } },
  }),
  'a table for shorts': market({ shortBrackets: table({ initialRate: 0.5 }) }),
  'another end': market({ brackets: table({ initialRate: 0.02, liquidationEndRate: 0.015 }) }),
  funding: (b) => {
    market({ fundingIndex: 0.25 })(b);
    for (const a of b.accounts) for (const p of a.positions ?? []) p.fundingIndex = 0;
  },
  'weights of assets': coin({ assetWeight: 0.9 }),
  'weights of debts': money({ liabilityWeight: 1.1 }),
  tiers: coin({
    tiers: [
      { upTo: 200, weight: 0.9 },
      { upTo: null, weight: 0.5 },
    ],
  }),
  'tiers of debts': money({
    liabilityTiers: [
      { upTo: 200, weight: 1.1 },
      { upTo: null, weight: 1.5 },
    ],
  }),
  cap: coin({ cap: 100 }),
  'a curve of weights': coin({ curve: { kind: 'sqrt', factor: 0.5 } }),
  'deposits of all': coin({ deposits: 1000, depositScaleStart: 1000 }),
  'borrows of all': money({ borrows: 1000, borrowScaleStart: 500, liabilityWeight: 1.0001 }),
  'a price guard of an asset': coin({ twap: 95 }),
  'confidence of an asset': coin({ confidence: 0.5, confidenceThreshold: 0.9, confidenceFactor: 0.1 }),
  depositIndex: coin({ depositIndex: 1.25 }),
  borrowIndex: money({ borrowIndex: 1.25 }),
  'a factor of the account': account({ marginMultiplier: 1.5 }),
  'a buffer of the account': account({ liquidationBuffer: 0.01 }),
  'a rate floor of the account': account({ initialRateFloor: 0.2 }),
  'own leverage': account({ positions: [{ market: 'M', size: 1000, entry: 98.5, leverage: 5 }] }),
  'own funding index': account({ positions: [{ market: 'M', size: 1000, entry: 98.5, fundingIndex: 0.5 }] }),
  orders: account({ orders: [order] }),
  'order margin': (b) => {
    market({ orderMargin: 7 })(b);
    account({ orders: [{ ...order, side: 'sell', size: 1 }] })(b);
  },
  orderLoss: (b) => {
    market({ orderLoss: true })(b);
    account({ orders: [order] })(b);
  },
  'a bucket': account({
    buckets: [{ bucket: 1, balances: { U: 5 }, positions: [{ market: 'M', size: 1, entry: 100 }] }],
  }),
  'an inverse market': market({ kind: 'inverse', settle: 'C' }),
  'a quanto market': market({ kind: 'quanto', settle: 'C', multiplier: 0.01 }),
  'a prediction': (b) => {
    market({ kind: 'prediction', mark: 0.3 })(b);
    for (const a of b.accounts) for (const p of a.positions ?? []) p.entry = 0.4;
  },
  'spot orders': (b) => {
    b.markets.push({ id: 'S', kind: 'spot', base: 'C', quote: 'U', mark: 100 });
    coin({ assetWeight: 0.9 })(b);
    account({ orders: [{ market: 'S', side: 'buy', size: 1, price: 100 }] })(b);
  },
  'reserved spot orders': (b) => {
    b.markets.push({ id: 'S', kind: 'spot', base: 'C', quote: 'U', mark: 100, spotOrders: 'reserve' });
    account({ orders: [{ market: 'S', side: 'buy', size: 1, price: 100 }] })(b);
  },
};

describe('kernel and reference agree to the bit', () => {
  it(
    `on ${BOOKS} random books with every feature switched on`,
    () => {
      for (let seed = FIRST; seed < FIRST + BOOKS; seed++) compare(seed, randomBook(seed));
    },
    TIMEOUT,
  );

  it(
    'on plain books, where the kernel takes its short cuts',
    () => {
      for (let seed = FIRST; seed < FIRST + BOOKS / 10; seed++)
        compare(seed, randomBook(seed, { features: 0, accounts: 5 }));
    },
    TIMEOUT,
  );

  it(
    'on sparse books, where one feature alone must end the short cuts',
    () => {
      for (let seed = FIRST; seed < FIRST + BOOKS / 2; seed++)
        compare(seed, randomBook(seed, { features: 0.01 + (seed % 20) / 100, accounts: 4 }));
    },
    TIMEOUT,
  );

  it.each(Object.entries(ALONE))('on a plain book with one feature more: %s', (_, change) => {
    const plain = plainBook();
    const json = plainBook();
    change(json);
    compare(0, json);
    const numbers = (book: BookJSON): string => {
      const {
        equity,
        initialCollateral,
        collateral,
        endCollateral,
        initialMargin,
        maintenanceMargin,
        endMargin,
        notional,
      } = margin(Book.fromJSON(book));
      const columns = [
        equity,
        initialCollateral,
        collateral,
        endCollateral,
        initialMargin,
        maintenanceMargin,
        endMargin,
      ];
      return [...columns, notional].map((column) => column.join()).join(';');
    };
    expect(numbers(json), 'the feature changes nothing here').not.toBe(numbers(plain));
  });

  it('on rates that lose their bits to underflow', () => {
    const brackets = [100, 200, 400, 800, 1600, null].map((upTo, i) => ({ upTo, maintenanceRate: (i + 1) * 5e-324 }));
    const tables = { form: 'marginal' as const };
    const markets = [{ id: 'M', kind: 'linear' as const, settle: 'A', mark: 0.4, brackets, tables }];
    const accounts = Array.from({ length: 50 }, (_, i) => ({
      id: `${i}`,
      positions: [{ market: 'M', size: 100 * (i + 1), entry: 1 }],
    }));
    compare(0, { format: 'margin-kernel/book@1', assets: [{ id: 'A', price: 1 }], markets, accounts });
  });

  it('on rates that are equal but for their last bits, at whatever level', () => {
    // A window of two lines must not miss a third that rounding lifts above them.
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const level = random.pick(['initialRate', 'maintenanceRate', 'liquidationEndRate'] as const);
      const rates = Array.from({ length: 8 }, () => 0.25 + random.int(0, 2) * 2 ** -52).sort();
      // Far enough apart for windows.
      const upTo = [100, 150, 220, 330, 500, 750, 1100, null];
      const brackets = upTo.map((bound, i): Bracket => {
        const flat = { initialRate: 0.5 + i / 16, maintenanceRate: 0.25, liquidationEndRate: 0.5 + i / 16 };
        if (level !== 'maintenanceRate') flat.maintenanceRate = 0.25 + i / 16;
        return { upTo: bound, ...flat, [level]: rates[i] as number };
      });
      const markets = [
        { id: 'M', kind: 'linear' as const, settle: 'A', mark: 1, brackets, tables: { form: 'marginal' as const } },
      ];
      const accounts = Array.from({ length: 40 }, (_, i) => ({
        id: `${i}`,
        positions: [{ market: 'M', size: random.wide(50, 2000), entry: 1 }],
      }));
      compare(seed, {
        format: 'margin-kernel/book@1',
        assets: [{ id: 'A', price: random.between(0.1, 3) }],
        markets,
        accounts,
      });
    }
  });
});
