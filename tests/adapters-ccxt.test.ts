// Shapes of ccxt as venues really fill them, into a book: each trap with the thread it was seen in, and what is reported.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bracketsFromTiers,
  type CcxtSources,
  ccxtBook,
  compareVenue,
  gapsText,
  type LeverageTier,
  type Market,
  type Position,
  parseSymbol,
  unitsOf,
  venues,
} from '../bindings/adapters/ccxt.js';
import * as kernel from '../bindings/index.js';
import { accountMargin, presets, Book as ScenarioBook } from '../bindings/scenario.js';
import { refusedAt, refusedWith } from './refusal.js';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 4584), numRuns: Number(process.env.FC_RUNS ?? 100) });

const tiers: LeverageTier[] = [
  { minNotional: 0, maxNotional: 50_000, maintenanceMarginRate: 0.004, maxLeverage: 125 },
  { minNotional: 50_000, maxNotional: 600_000, maintenanceMarginRate: 0.005, maxLeverage: 100 },
];
const BTC: Market = {
  symbol: 'BTC/USDT:USDT',
  base: 'BTC',
  quote: 'USDT',
  settle: 'USDT',
  type: 'swap',
  spot: false,
  contract: true,
  linear: true,
  inverse: false,
  contractSize: 1,
  active: true,
};
const COIN: Market = {
  ...BTC,
  symbol: 'BTC/USD:BTC',
  quote: 'USD',
  settle: 'BTC',
  linear: false,
  inverse: true,
  contractSize: 100,
};
const SHIB: Market = { ...BTC, symbol: '1000SHIB/USDT:USDT', base: '1000SHIB' };
const QUANTO: Market = {
  ...BTC,
  symbol: 'ETH/USD:BTC',
  base: 'ETH',
  quote: 'USD',
  settle: 'BTC',
  linear: false,
  quanto: true,
  contractSize: 1e-6,
};
const SPOT: Market = { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', type: 'spot', spot: true, contract: false };
const DEAD: Market = { ...BTC, symbol: 'LUNA/USDT:USDT', base: 'LUNA', active: false };
const markets = [BTC, COIN, SHIB, QUANTO, SPOT, DEAD, undefined];

const long: Position = {
  symbol: 'BTC/USDT:USDT',
  contracts: 0.5,
  contractSize: 1,
  side: 'long',
  entryPrice: 20_000,
  markPrice: 21_000,
  unrealizedPnl: 500,
  marginMode: 'cross',
};
const balances = {
  info: {},
  free: { USDT: 900 },
  used: { USDT: 100 },
  total: { USDT: 1500 },
  USDT: { free: 900, used: 100, total: 1500 },
};

const sources = (positions: Position[], more: Partial<CcxtSources> = {}, account: object = {}): CcxtSources => ({
  venue: 'binance',
  numeraire: 'USDT',
  markets,
  tiers: Object.fromEntries(markets.map((market) => [market?.symbol ?? '', tiers])),
  assets: { BTC: 21_000 },
  accounts: [{ id: 'me', balances, positions, ...account }],
  ...more,
});
const convert = (positions: Position[], more?: Partial<CcxtSources>, account?: object) =>
  ccxtBook(sources(positions, more, account));
/** What one position becomes. */
const position = (changes: Position, more?: Partial<CcxtSources>) => {
  const { book, gaps } = convert([{ ...long, ...changes }], more);
  expect(gapsText(gaps)).toBe('');
  return book.accounts[0]?.positions?.[0];
};
/** Code and path of the gaps that one position leaves. */
const gapsOf = (changes: Position, more?: Partial<CcxtSources>) =>
  convert([{ ...long, ...changes }], more).gaps.map(({ code, path }) => `${code} ${path.replace('accounts[0].', '')}`);

describe('a position', () => {
  it('is signed contracts at its entry price', () => {
    expect(position({})).toEqual({ market: 'BTC/USDT:USDT', size: 0.5, entry: 20_000 });
    expect(position({ side: 'short' })).toMatchObject({ size: '-0.5' });
    expect(position({ leverage: 20 })).toMatchObject({ leverage: 20 });
  });

  it.each<[string, Position, unknown]>([
    ['sell with contracts above 0 (ccxt/ccxt#20117)', { side: 'sell', contracts: 4 }, '-4'],
    ['sell with contracts below 0 (ccxt/ccxt#11143)', { side: 'sell', contracts: -4 }, '-4'],
    ['no side, contracts below 0 (ccxt/ccxt#24034)', { side: undefined, contracts: -4 }, '-4'],
    ['both, contracts below 0 (ccxt/ccxt#21526)', { side: 'both', contracts: -100 }, '-100'],
    ['both, contracts above 0 (ccxt/ccxt#21526)', { side: 'both', contracts: 100 }, 100],
    ['text (ccxt/ccxt#24034)', { contracts: '0.00066', entryPrice: '67349.0' }, '0.00066'],
    ['capitals', { side: 'LONG' }, 0.5],
  ])('has a sign from %s', (_, changes, size) => {
    expect(position(changes)?.size).toBe(size);
  });

  it.each<[string, Position, string]>([
    ['no contracts (ccxt/ccxt#26913)', { contracts: undefined }, 'missing-key positions[0].contracts'],
    [
      'no contracts but a notional (ccxt/ccxt#26913)',
      { contracts: undefined, notional: 10_500 },
      'missing-key positions[0].contracts',
    ],
    ['contracts of 0 and a notional', { contracts: 0, notional: 10_500 }, 'missing-key positions[0].contracts'],
    ['no side', { side: undefined }, 'missing-key positions[0].side'],
    ['another side', { side: 'up' }, 'type positions[0].side'],
    ['a side against its sign', { contracts: -1 }, 'conflict positions[0].side'],
    ['no entry', { entryPrice: undefined }, 'missing-key positions[0].entryPrice'],
    ['an entry of 0', { entryPrice: 0 }, 'missing-key positions[0].entryPrice'],
    ['an entry that is text', { entryPrice: 'n/a' }, 'type positions[0].entryPrice'],
    ['NaN', { contracts: Number.NaN }, 'not-finite positions[0].contracts'],
    ['another contract size', { contractSize: 10 }, 'conflict positions[0].contractSize'],
    ['another margin mode', { marginMode: 'portfolio' }, 'type positions[0].marginMode'],
    ['no margin mode', { marginMode: undefined }, 'missing-key positions[0].marginMode'],
    ['no symbol', { symbol: undefined }, 'missing-key positions[0].symbol'],
    ['an unknown symbol', { symbol: 'BTC/USDT:USD' }, 'unknown-id positions[0].symbol'],
    ['a spot symbol (ccxt/ccxt#16542)', { symbol: 'BTC/USDT' }, 'conflict markets[4].spot'],
  ])('is a gap with %s', (_, changes, gap) => {
    const found = gapsOf(changes);
    expect(found).toContain(gap);
    const { book, incomplete } = convert([{ ...long, ...changes }]);
    expect(book.accounts[0]?.positions).toEqual([]);
    expect(incomplete).toEqual(['me']);
    expect(kernel.margin(kernel.Book.fromJSON(book)).equity).toHaveLength(1);
    expect(refusedWith(() => ccxtBook(sources([{ ...long, ...changes }], { strict: true }))).hint).not.toBe('');
  });

  it.each<[string, Position]>([
    ['contracts of 0', { contracts: 0 }],
    ['text of 0', { contracts: '0' }],
    ['0 and a side (ccxt/ccxt#16166)', { contracts: 0, contractSize: 10, side: 'short', entryPrice: undefined }],
    ['a notional of 0', { contracts: undefined, notional: 0 }],
  ])('is flat with %s', (_, changes) => {
    const { book, gaps, flat } = convert([{ ...long, ...changes }]);
    expect([gaps, flat, book.accounts[0]?.positions]).toEqual([[], 1, []]);
  });

  it('may have a contract size of 0, where the market has one (ccxt/ccxt#13207)', () => {
    expect(position({ contractSize: 0 })?.size).toBe(0.5);
    expect(gapsOf({ contractSize: 0 }, { markets: [{ ...BTC, contractSize: 0 }] })).toEqual([
      'missing-key markets[0].contractSize',
      'conflict positions[0].symbol',
    ]);
  });

  it('is sized from its notional only where that was asked for', () => {
    const more = { sizeFromNotional: true };
    expect(position({ contracts: undefined, notional: -10_500 }, more)?.size).toBe(0.5);
    const coin = { symbol: COIN.symbol, contractSize: 100, contracts: undefined, notional: 0.5, unrealizedPnl: 0 };
    const { book } = convert([{ ...long, ...coin }], more, { balances: { BTC: { total: 1 } } });
    expect(Number(book.accounts[0]?.positions?.[0]?.size)).toBeCloseTo(105, 9);
  });

  it('has contracts that are worth its notional, at the mark or at the entry', () => {
    for (const notional of [10_500, -10_500, 10_000, 10_250]) expect(gapsOf({ notional })).toEqual([]);
    const coin = { ...COIN, contractSize: 10 };
    // Deribit's size is USD (ccxt/ccxt#26913): 21,000 USD are 2,100 contracts of 10, worth 1 BTC.
    const row = { ...long, symbol: coin.symbol, contractSize: 10, contracts: 21_000, notional: 1, unrealizedPnl: 0 };
    const of = (more: Partial<CcxtSources>) =>
      convert([row], { markets: [coin], ...more }, { balances: { BTC: { total: 2 } } });
    expect(of({}).gaps).toMatchObject([{ code: 'conflict', path: 'accounts[0].positions[0].notional', lost: 'row' }]);
    const deribit = of({ venue: 'deribit', conventions: { inverseTiers: 'settle', tierForm: 'marginal' } });
    expect(deribit.gaps).toEqual([]);
    expect(deribit.book.accounts[0]?.positions?.[0]?.size).toBe(2100);
    // In another unit altogether: a note, and the position stays.
    const note = convert([{ ...long, notional: 0.5 }], { strict: true });
    expect(note.gaps).toMatchObject([{ code: 'conflict', lost: 'nothing' }]);
    expect(note.incomplete).toEqual([]);
    expect(note.book.accounts[0]?.positions).toHaveLength(1);
  });

  it('is one a market and side; two sides are hedge mode whether or not the rows say so', () => {
    const { book, gaps } = convert([long, { ...long, side: 'short', unrealizedPnl: -500 }]);
    expect(gaps).toEqual([]);
    expect(book.accounts[0]?.positions?.map(({ side, size }) => [side, size])).toEqual([
      ['long', 0.5],
      ['short', '-0.5'],
    ]);
    expect(position({ hedged: true })).toMatchObject({ side: 'long' });
    const twice = convert([long, { ...long, contracts: 0 }, long]);
    expect(twice.gaps[0]).toMatchObject({ code: 'duplicate', path: 'accounts[0].positions[2].symbol' });
    expect(twice.book.accounts[0]?.positions).toHaveLength(1);
  });

  it('takes its margin mode from the account where rows do not say it', () => {
    const { book, gaps } = convert(
      [{ ...long, marginMode: undefined, collateral: 700 }],
      {},
      { marginMode: 'isolated' },
    );
    expect(gaps).toEqual([]);
    expect(book.accounts[0]?.buckets).toHaveLength(1);
    expect(
      convert([{ ...long, marginMode: undefined }], {
        venue: 'deribit',
        conventions: { tierForm: 'marginal', linearTiers: 'settle' },
      }).gaps,
    ).toEqual([]);
  });
});

describe('an isolated position', () => {
  const isolated: Position = { ...long, marginMode: 'isolated', collateral: 900 };

  it('is a bucket of its own with what it holds beside its profit', () => {
    const { book, gaps } = convert([long, { ...isolated, side: 'short', unrealizedPnl: -500 }]);
    expect(gaps).toEqual([]);
    expect(book.accounts[0]).toEqual({
      id: 'me',
      balances: { USDT: '100' }, // 1500 is equity: less 500 of the long position, less 900 of the isolated one
      positions: [{ market: BTC.symbol, side: 'long', size: 0.5, entry: 20_000 }],
      buckets: [
        {
          bucket: 1,
          balances: { USDT: '1400' },
          positions: [{ market: BTC.symbol, side: 'short', size: '-0.5', entry: 20_000 }],
        },
      ],
    });
    const equity = kernel.margin(kernel.Book.fromJSON(book)).totals.equity;
    expect(equity).toBe(1500);
  });

  it.each(['wallet', 'equity'] as const)('adds up whatever total means: %s', (total) => {
    for (const collateral of ['wallet', 'equity'] as const) {
      for (const inside of ['inside', 'outside'] as const) {
        const { book } = convert([long, { ...isolated, side: 'short', unrealizedPnl: -300 }], {
          conventions: { total, collateral, isolated: inside },
        });
        const wallet = collateral === 'wallet' ? 900 : 1200;
        const cross =
          1500 - (total === 'equity' ? 500 : 0) - (inside === 'inside' ? wallet + (total === 'equity' ? -300 : 0) : 0);
        expect(Number(book.accounts[0]?.balances?.USDT ?? 0)).toBe(cross);
        expect(Number(book.accounts[0]?.buckets?.[0]?.balances?.USDT)).toBe(wallet);
      }
    }
  });

  it.each<[string, Position, string]>([
    ['no collateral', { collateral: undefined }, 'missing-key positions[0].collateral'],
    [
      'collateral of 0, which ccxt writes for none (ccxt/ccxt#26450)',
      { collateral: 0 },
      'missing-key positions[0].collateral',
    ],
    ['no profit', { unrealizedPnl: undefined, markPrice: undefined }, 'missing-key positions[0].unrealizedPnl'],
  ])('is a gap with %s', (_, changes, gap) => {
    const marks = { [BTC.symbol as string]: 21_000 };
    const { gaps, incomplete, book } = convert([{ ...isolated, ...changes }], { marks });
    expect(gaps.map(({ code, path }) => `${code} ${path.replace('accounts[0].', '')}`)).toContain(gap);
    expect(incomplete).toEqual(['me']);
    expect(book.accounts[0]?.buckets).toBeUndefined();
  });

  it('is one gap where its wallet is missing, and the balance that has it inside another', () => {
    const { gaps, gapCount } = convert([{ ...isolated, collateral: undefined }]);
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'missing-key accounts[0].positions[0].collateral',
      'conflict accounts[0].balances.USDT',
    ]);
    expect(gapCount).toBe(2);
    // What several rows of an account are missing for is said once.
    const conventions = { linearTiers: 'settle', tierForm: 'marginal', total: 'wallet', isolated: 'inside' } as const;
    const unknown = convert([isolated, { ...isolated, side: 'short' }], { venue: 'bitget', conventions });
    expect(unknown.gaps.filter(({ path }) => path === 'conventions.collateral')).toHaveLength(1);
    expect(unknown.gapCount).toBe(unknown.gaps.length);
  });

  it('has its profit from its own mark and entry where the venue says none', () => {
    const { book } = convert([{ ...isolated, unrealizedPnl: undefined }]);
    expect(book.accounts[0]?.buckets?.[0]?.balances).toEqual({ USDT: '400' });
    const coin = {
      ...isolated,
      symbol: COIN.symbol,
      contractSize: 100,
      contracts: 210,
      unrealizedPnl: undefined,
      collateral: 1.2,
    };
    const inverse = convert([coin], {}, { balances: { BTC: { total: 2 } } });
    expect(Number(inverse.book.accounts[0]?.buckets?.[0]?.balances?.BTC)).toBeCloseTo(
      1.2 - 21_000 * (1 / 20_000 - 1 / 21_000),
      12,
    );
  });
});

describe('a balance', () => {
  const of = (rows: object, more: Partial<CcxtSources> = {}) => convert([], more, { balances: rows });
  it('is total, or free and used, less debt', () => {
    const rows = {
      info: { USDT: { total: 9 } },
      timestamp: 1,
      datetime: '2024-01-01',
      free: {},
      USDT: { free: '0.1', used: '0.2', total: undefined },
      BTC: { free: 1, used: 0, total: 1, debt: 1.5 },
      ETH: { free: 0, used: 0, total: 0 },
    };
    const { book, gaps } = of(rows);
    expect(gaps).toEqual([]);
    expect(book.accounts[0]?.balances).toEqual({ USDT: '0.3', BTC: '-0.5' });
    for (const [parts, amount] of [
      [{ total: { USDT: 5 } }, 5],
      [{ free: { USDT: 600 }, used: { USDT: 0 }, total: { USDT: 1000 }, debt: { USDT: 400 } }, '600'],
      [{ free: { USDT: 1 }, used: { USDT: 3 } }, '4'],
    ] as const) {
      const { book: own, gaps: lost } = of(parts);
      expect([own.accounts[0]?.balances, lost]).toEqual([{ USDT: amount }, []]);
    }
  });

  it('is a gap without a total or a price', () => {
    expect(of({ USDT: { free: 5 } }).gaps[0]).toMatchObject({
      code: 'missing-key',
      path: 'accounts[0].balances.USDT.total',
    });
    // An amount alone may be what is free, or all of it.
    expect(of({ USDT: 1000 }).gaps[0]).toMatchObject({ path: 'accounts[0].balances.USDT.total' });
    expect(of({ free: { USDT: 5 } }).gaps[0]).toMatchObject({ path: 'accounts[0].balances.free.USDT.total' });
    const { gaps, incomplete, book } = of({ DOGE: { total: 5 }, USDT: { total: 1 } });
    expect(gaps.map(({ path }) => path)).toEqual(['assets.DOGE', 'accounts[0].balances.DOGE']);
    expect(incomplete).toEqual(['me']);
    expect(book.accounts[0]?.balances).toEqual({ USDT: 1 });
    const prices = { 'DOGE/USDT': { last: 0.1, markPrice: undefined, indexPrice: undefined } };
    expect(of({ DOGE: { total: 5 } }, { prices }).book.assets).toContainEqual({ id: 'DOGE', price: 0.1 });
  });

  it('that a cross position needs is a gap where there is none', () => {
    const { gaps } = convert([long], {}, { balances: { BTC: { total: 1 } } });
    expect(gaps[0]).toMatchObject({ code: 'missing-key', path: 'accounts[0].balances.USDT', lost: 'field' });
  });

  it('has no meaning at a venue that is not known, until somebody says it', () => {
    const { gaps } = convert([long], { venue: 'bitget' });
    expect(gaps.map(({ path }) => path)).toContain('conventions.linearTiers');
    const conventions = { linearTiers: 'settle', tierForm: 'marginal' } as const;
    const half = convert([long], { venue: 'bitget', conventions });
    expect(half.gaps).toMatchObject([{ path: 'conventions.total', account: 'me' }]);
    expect(convert([long], { venue: 'bitget', conventions: { ...conventions, total: 'wallet' } }).gaps).toEqual([]);
    expect(convert([long], { venue: 'binanse' }).gaps[0]?.hint).toContain('did you mean the venue "binance"?');
    expect(venues).toContain('okx');
  });
});

describe('a market', () => {
  const one = (market: Market, more: Partial<CcxtSources> = {}) =>
    convert([], { markets: [market], symbols: [market.symbol ?? ''], marks: { [market.symbol ?? '']: 3 }, ...more });

  it('is linear, inverse or quanto as the row says', () => {
    expect(one(BTC).book.markets).toEqual([
      {
        id: BTC.symbol,
        kind: 'linear',
        settle: 'USDT',
        underlying: 'BTC',
        multiplier: 1,
        mark: 3,
        brackets: bracketsFromTiers(tiers),
      },
    ]);
    expect(one(COIN).book.markets[0]).toMatchObject({ kind: 'inverse', settle: 'BTC', multiplier: 100 });
    expect(one(QUANTO).book.markets[0]).toMatchObject({ kind: 'quanto', settle: 'BTC', underlying: 'ETH' });
    expect(one(SHIB).book.markets[0]).toMatchObject({ underlying: 'SHIB', multiplier: 1 });
    for (const market of [BTC, COIN, QUANTO, SHIB]) expect(kernel.Book.fromJSON(one(market).book).markets).toBe(1);
  });

  it('carries steps and fees', () => {
    const more = {
      precision: { amount: 0.001, price: '0.1' },
      limits: { amount: { max: 1000 }, cost: { min: 5 } },
      taker: 0.0005,
      maker: 0,
    };
    const [market] = one({ ...BTC, ...more }).book.markets;
    expect(market).toMatchObject({
      tick: '0.1',
      lot: 0.001,
      minNotional: 5,
      maxSize: 1000,
      takerFee: 0.0005,
      makerFee: 0,
    });
    const bare = {
      precision: { amount: undefined, price: undefined },
      limits: { amount: { max: undefined } },
      taker: undefined,
    };
    expect(one({ ...BTC, ...bare }).gaps).toEqual([]);
  });

  it('has steps by the mode of its precision', () => {
    const of = (precisionMode: unknown, precision: object) =>
      one({ ...BTC, precision }, { precisionMode: precisionMode as never });
    expect(of(4, { amount: 0.001, price: '0.1' }).book.markets[0]).toMatchObject({ lot: 0.001, tick: '0.1' });
    expect(of(undefined, { amount: 0.001, price: '0.1' }).book.markets[0]).toMatchObject({ lot: 0.001, tick: '0.1' });
    expect(of(2, { amount: 3, price: '1' }).book.markets[0]).toMatchObject({ lot: '0.001', tick: '0.1' });
    expect(of(2, { amount: 0, price: -1 }).book.markets[0]).toMatchObject({ lot: '1', tick: '10' });
    expect(of(2, { amount: 0.001 }).gaps).toMatchObject([{ code: 'type', path: 'markets[0].precision.amount' }]);
    expect(of(2, { amount: 3000 }).gaps).toMatchObject([{ code: 'range', path: 'markets[0].precision.amount' }]);
    for (const mode of [3, 5, '2']) {
      const { book, gaps } = of(mode, { amount: 3, price: 1 });
      expect(gaps).toMatchObject([{ code: 'range', path: 'precisionMode', lost: 'field', got: mode }]);
      expect(book.markets[0]).not.toHaveProperty('tick');
      expect(book.markets[0]).not.toHaveProperty('lot');
    }
  });

  it.each<[string, Market, string]>([
    ['no contract size', { ...BTC, contractSize: undefined }, 'missing-key markets[0].contractSize'],
    ['no settle asset', { ...BTC, settle: undefined }, 'missing-key markets[0].settle'],
  ])('is a gap with %s', (_, market, gap) => {
    const { gaps, book } = one(market);
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([gap]);
    expect(book.markets).toEqual([]);
  });

  it('is a gap where the kind, the mark or the tiers are missing', () => {
    const symbol = BTC.symbol ?? '';
    const neither = { ...BTC, linear: undefined, inverse: undefined };
    expect(refusedAt(() => ccxtBook(sources([long], { markets: [neither], strict: true })))).toBe(
      'missing-key markets[0].linear',
    );
    expect(one(BTC, { tiers: {} }).gaps[0]?.path).toBe(`tiers["${symbol}"]`);
    expect(one(BTC, { marks: {} }).gaps[0]?.path).toBe(`marks["${symbol}"]`);
    expect(one(BTC, { marks: {}, prices: [{ symbol, markPrice: 0, last: 5 }] }).gaps[0]?.path).toBe(
      `marks["${symbol}"]`,
    );
    expect(one(BTC, { marks: {}, prices: [{ symbol, markPrice: '7', indexPrice: 8 }] }).book.markets[0]).toMatchObject({
      mark: '7',
      index: 8,
    });
    const brackets = { [symbol]: [{ upTo: null, maintenanceRate: 0.01 }] };
    expect(one(BTC, { tiers: {}, brackets, venue: 'nowhere' }).gaps).toEqual([]);
  });

  it('is not made of spot or of what no longer trades', () => {
    const { book, gaps } = convert([], { symbols: ['BTC/USDT', 'LUNA/USDT:USDT'] });
    expect([book.markets, gaps]).toEqual([[], []]);
  });

  it('counts bounds in the unit of the venue', () => {
    const table = (venue: string, market = BTC) => one(market, { venue }).book.markets[0]?.tables;
    expect(table('binance')).toBeUndefined();
    expect(table('okx')).toEqual({ form: 'whole', basis: 'contracts' });
    expect(table('okx', COIN)).toEqual({ form: 'whole', basis: 'contracts' });
    expect(one(BTC, { conventions: { linearTiers: 'quote' } }).book.markets[0]?.tables).toEqual({ unit: 'quote' });
  });
});

describe('tiers', () => {
  it('may come in any order, as text, and without their lower bounds', () => {
    const want = bracketsFromTiers(tiers);
    expect(bracketsFromTiers([...tiers].reverse())).toEqual(want);
    // digifinex, hashkey, and Binance's COIN-M in ccxt 4.5.84: minNotional is undefined.
    expect(bracketsFromTiers([...tiers].reverse().map((tier) => ({ ...tier, minNotional: undefined })))).toEqual(want);
    const text = tiers.map((tier) =>
      Object.fromEntries(Object.entries(tier).map(([key, value]) => [key, String(value)])),
    );
    expect(bracketsFromTiers(text)).toEqual(want);
    // krakenfutures: the last has no maxNotional.
    expect(bracketsFromTiers([tiers[0]!, { ...tiers[1], maxNotional: undefined }])).toEqual(want);
  });

  it('may be one list whose rows name their market', () => {
    const named = (symbol: string | undefined, all = tiers) => all.map((tier) => ({ ...tier, symbol }));
    const both = [BTC.symbol ?? '', SHIB.symbol ?? ''];
    const of = (list: LeverageTier[]) =>
      convert([], { tiers: list, symbols: both, marks: Object.fromEntries(both.map((symbol) => [symbol, 3])) });
    const { book, gaps } = of([...named(both[0]), ...named(both[1], tiers.slice(0, 1))]);
    expect(gaps).toEqual([]);
    expect(book.markets.map(({ brackets }) => brackets)).toEqual([
      bracketsFromTiers(tiers),
      bracketsFromTiers(tiers.slice(0, 1)),
    ]);
    expect(of(named(both[0])).gaps).toMatchObject([{ code: 'missing-key', path: `tiers["${both[1]}"]` }]);
    const wrong = [...named(both[1]), { ...tiers[0], symbol: both[0], maxLeverage: 'x' }];
    expect(of(wrong).gaps).toMatchObject([{ code: 'type', path: 'tiers[2].maxLeverage' }]);
  });

  it('are a gap where a row of a list names no market, which may be any', () => {
    const symbol = BTC.symbol ?? '';
    const list = [...tiers.map((tier) => ({ ...tier, symbol })), { ...tiers[1] }, null as never];
    const { book, gaps, incomplete } = convert([long], { tiers: list });
    expect(gaps.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'missing-key tiers[2].symbol',
      'type tiers[3]',
      'conflict tiers',
      'conflict accounts[0].positions[0].symbol',
    ]);
    expect(gaps[0]?.hint).toContain('lists by symbol');
    expect([book.markets, incomplete]).toEqual([[], ['me']]);
  });

  it('name the caller’s own row', () => {
    const wrong = [{ ...tiers[1], maintenanceMarginRate: 0.001 }, tiers[0]!];
    expect(refusedAt(() => bracketsFromTiers(wrong, 'T'))).toBe('not-concave T[0].maintenanceMarginRate');
    // mexc by symbol: all bounds are undefined.
    const bare = tiers.map((tier) => ({ ...tier, minNotional: undefined, maxNotional: undefined }));
    expect(refusedAt(() => bracketsFromTiers(bare, 'T'))).toBe('missing-key T[0].maxNotional');
    // A list with a hole.
    const holed = [...tiers];
    delete holed[0];
    expect(refusedAt(() => bracketsFromTiers(holed, 'T'))).toBe('type T[0]');
  });

  it('do not care for the order of their rows', () => {
    const table = fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 8 }).map((bounds) => {
      const ends = bounds.sort((a, b) => a - b);
      return ends.map((maxNotional, i) => ({
        minNotional: ends[i - 1] ?? 0,
        maxNotional,
        maintenanceMarginRate: 0.004 * (i + 1),
        maxLeverage: 100 / (i + 1),
      }));
    });
    fc.assert(
      fc.property(
        table.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, mixed]) => {
          expect(bracketsFromTiers(mixed)).toEqual(bracketsFromTiers(rows));
        },
      ),
    );
  });
});

describe('options', () => {
  const expiry = 1_719_561_600_000;
  const option: Market = {
    symbol: 'BTC/USD:BTC-240628-70000-C',
    base: 'BTC',
    quote: 'USD',
    settle: 'BTC',
    type: 'option',
    option: true,
    contract: true,
    linear: false,
    inverse: true,
    contractSize: 1,
    expiry,
    strike: 70_000,
    optionType: 'call',
  };
  const symbol = option.symbol ?? '';
  const greeks = { [symbol]: { markImpliedVolatility: 55.5, underlyingPrice: 66_000, markPrice: 0.03 } };
  const held: Position = { symbol, contracts: 2, side: 'short', markPrice: 0.03, unrealizedPnl: 0 };
  const model = presets.deribit({ id: 'pm', cash: 'BTC' });
  const all = (more: Partial<CcxtSources> = {}, account: object = { model: 'pm' }): CcxtSources => ({
    venue: 'deribit',
    numeraire: 'USD',
    markets: [option],
    greeks,
    assets: { BTC: 65_000 },
    models: [model],
    time: expiry - 86_400_000,
    accounts: [{ id: 'me', balances: { BTC: { total: 1 } }, positions: [held], ...account }],
    ...more,
  });

  it('have an expiry, a strike, and a volatility that is a fraction', () => {
    const { book, gaps } = ccxtBook(all());
    expect(gaps).toEqual([]);
    expect(book.expiries).toEqual([{ id: `BTC:BTC-${expiry}`, asset: 'BTC', seconds: 86_400, forward: 66_000 }]);
    expect(book.markets).toEqual([
      {
        id: symbol,
        kind: 'call',
        settle: 'BTC',
        expiry: `BTC:BTC-${expiry}`,
        strike: 70_000,
        volatility: '0.555',
        multiplier: 1,
        mark: 0.03,
      },
    ]);
    expect(book.accounts[0]).toMatchObject({ model: 'pm', positions: [{ market: symbol, size: '-2' }] });
  });

  it('are gaps without Greeks, a model or the time, and after their expiry', () => {
    const gaps = (more: Partial<CcxtSources>, account?: object) =>
      ccxtBook(all(more, account)).gaps.map(({ path }) => path);
    expect(gaps({ greeks: {} })[0]).toBe(`greeks["${symbol}"]`);
    expect(gaps({ greeks: { [symbol]: { markImpliedVolatility: 50 } } })[0]).toBe(
      `greeks["${symbol}"].underlyingPrice`,
    );
    expect(gaps({}, {})).toEqual(['accounts[0].model']);
    expect(gaps({ time: undefined })[0]).toBe('time');
    expect(gaps({ time: expiry + 1 })[0]).toBe('markets[0].expiry');
    expect(gaps({ venue: 'delta', conventions: { marginMode: 'cross', total: 'wallet' } })[0]).toBe(
      'conventions.volatility',
    );
  });

  it('are margined by the model', () => {
    const { book } = ccxtBook(all());
    const { maintenanceMargin, equity } = accountMargin(ScenarioBook.fromJSON(book), 'me');
    // A short call a day before its expiry, far out of the money: a part of its forward, and its price.
    expect(maintenanceMargin).toBeGreaterThan(0);
    expect(maintenanceMargin).toBeLessThan(2 * 66_000);
    // The venue's equity of 1 BTC: what the option is worth is taken off and comes back.
    expect(book.accounts[0]?.balances).toEqual({ BTC: '1.06' });
    expect(equity).toBeCloseTo(65_000, 6);
  });
});

describe('compareVenue', () => {
  it('has the venue’s figures beside ours', () => {
    // One cross position of 0.5 BTC from 20,000 with 1,000 USDT: liquidated where 1000 + 0.5 (p - 20000) = 0.004 * 0.5 p.
    const at = (1000 - 0.5 * 20_000) / (0.004 * 0.5 - 0.5);
    const row = { ...long, liquidationPrice: at * 1.001, maintenanceMargin: 42 };
    const converted = convert(
      [
        row,
        { ...long, side: 'short', marginMode: 'isolated', collateral: 900, unrealizedPnl: -500, liquidationPrice: 0 },
      ],
      {},
      { balances: { USDT: { total: 2400 } } },
    );
    expect(converted.gaps).toEqual([]);
    const [cross, isolated] = compareVenue(converted, kernel.Book.fromJSON(converted.book), kernel);
    expect(cross).toMatchObject({ account: 'me', bucket: 0, market: BTC.symbol, side: 'long', index: 0 });
    expect(cross?.ours.liquidationPrice).toBeCloseTo(at, 9);
    expect(cross?.ours.maintenanceMargin).toBeCloseTo(42, 9);
    expect(cross?.difference.liquidationPrice).toBeCloseTo(-0.001 / 1.001, 9);
    expect(cross?.difference.maintenanceMargin).toBeCloseTo(0, 12);
    expect(isolated).toMatchObject({
      bucket: 1,
      side: 'short',
      venue: { liquidationPrice: null },
      difference: { liquidationPrice: null },
    });
    expect(isolated?.ours.liquidationPrice).toBeGreaterThan(21_000);
  });

  it('counts maintenance margin in the settle asset', () => {
    const coin = {
      ...long,
      symbol: COIN.symbol,
      contractSize: 100,
      contracts: 210,
      unrealizedPnl: 0,
      maintenanceMargin: 0.004,
    };
    const converted = convert([coin], {}, { balances: { BTC: { total: 2 } } });
    const [row] = compareVenue(converted, kernel.Book.fromJSON(converted.book), kernel);
    expect(row?.ours.maintenanceMargin).toBeCloseTo(0.004, 12);
  });
});

it('refuses what is none of ccxt’s', () => {
  expect(refusedAt(() => ccxtBook(undefined as never))).toBe('type ccxtBook');
  expect(refusedAt(() => ccxtBook({ ...sources([]), numeraire: undefined as never }))).toBe('missing-key numeraire');
  expect(refusedAt(() => ccxtBook({ ...sources([]), markets: 5 as never }))).toBe('type markets');
  expect(refusedAt(() => ccxtBook({ ...sources([]), markets: undefined }))).toBe('missing-key markets');
  expect(refusedAt(() => ccxtBook({ ...sources([]), accounts: {} as never }))).toBe('type accounts');
  expect(refusedAt(() => convert({} as never))).toBe('type accounts[0].positions');
});

describe('what is wrong with the call', () => {
  const at = (more: object, account?: object) =>
    refusedWith(() => convert([long], more as Partial<CcxtSources>, account));

  it.each<[string, object, string, string, string | undefined]>([
    ['Equity', { total: 'Equity' }, 'conventions.total', 'one of wallet, equity', 'Did you mean "equity"?'],
    ['flat', { tierForm: 'flat' }, 'conventions.tierForm', 'one of marginal, whole', undefined],
    [
      'contract',
      { linearTiers: 'contract' },
      'conventions.linearTiers',
      'one of settle, quote, contracts',
      'Did you mean "contracts"?',
    ],
    ['a number', { marginMode: 1 }, 'conventions.marginMode', 'one of cross, isolated', undefined],
  ])('is a convention of another word: %s', (_, conventions, path, expected, hint) => {
    expect(at({ conventions })).toMatchObject({ code: 'type', path, expected, hint });
  });

  it('is a convention of another name, or no conventions', () => {
    const { code, path, expected, hint } = at({ conventions: { totl: 'wallet' } });
    expect([code, path, hint]).toEqual(['unknown-key', 'conventions.totl', 'Did you mean "total"?']);
    expect(expected).toMatch(/^one of total, isolated, /);
    expect(at({ conventions: 'wallet' })).toMatchObject({ code: 'type', path: 'conventions' });
    // What says nothing leaves what is known of the venue.
    expect(convert([long], { conventions: { total: undefined } as never }).gaps).toEqual([]);
  });

  it('is a key that nobody reads', () => {
    expect(at({ stric: true })).toMatchObject({ code: 'unknown-key', path: 'stric', hint: 'Did you mean "strict"?' });
    for (const key of ['position', 'positions'])
      expect(at({ [key]: [] })).toMatchObject({
        code: 'unknown-key',
        path: key,
        hint: 'Did you mean "positions" of an account? accounts: [{ id, positions: ... }]',
      });
    expect(at({}, { balance: {} })).toMatchObject({
      code: 'unknown-key',
      path: 'accounts[0].balance',
      hint: 'Did you mean "balances"?',
    });
  });

  it.each<[string, object, string]>([
    ['a word for true', { strict: 'yes' }, 'type strict'],
    ['a word for true', { sizeFromNotional: 1 }, 'type sizeFromNotional'],
    ['no list of symbols', { symbols: 5 }, 'type symbols'],
    ['no list of models', { models: 5 }, 'type models'],
    ['no model', { models: [null] }, 'type models[0]'],
    ['no moment', { time: Number.NaN }, 'not-finite time'],
    ['a moment that no date has', { time: 1e17 }, 'range time'],
    ['no tiers', { tiers: 5 }, 'type tiers'],
    ['no brackets', { brackets: [] }, 'type brackets'],
    ['no marks', { marks: 5 }, 'type marks'],
    ['no prices of assets', { assets: 'x' }, 'type assets'],
  ])('is %s', (_, more, refused) => {
    expect(refusedAt(() => convert([long], more as Partial<CcxtSources>))).toBe(refused);
  });

  it('is refused by the other functions', () => {
    const converted = convert([long]);
    const book = kernel.Book.fromJSON(converted.book);
    expect(refusedAt(() => compareVenue(undefined as never, book, kernel))).toBe('type converted');
    expect(refusedAt(() => compareVenue({ ...converted, rows: 5 as never }, book, kernel))).toBe('type converted.rows');
    expect(refusedAt(() => compareVenue(converted, book, undefined as never))).toBe('type engine');
    expect(refusedAt(() => compareVenue(converted, book, {} as never))).toBe('missing-key engine.liquidationPrices');
    expect(refusedAt(() => gapsText(5 as never))).toBe('type gaps');
    expect(refusedAt(() => gapsText([null as never]))).toBe('type gaps[0]');
    expect(refusedAt(() => unitsOf(undefined as never))).toBe('type base');
    expect(parseSymbol(undefined as never)).toBeNull();
  });
});

describe('whatever comes', () => {
  const junk = fc.constantFrom<unknown>(
    ...[
      undefined,
      null,
      0,
      '0',
      '',
      'x',
      '1.5',
      -1,
      1,
      2.5,
      1e-40,
      1e40,
      1e-12,
      Number.NaN,
      Infinity,
      true,
      false,
      [],
      {},
    ],
    ...[
      'long',
      'short',
      'both',
      'cross',
      'isolated',
      'BTC/USDT:USDT',
      'BTC/USDT',
      'USDT',
      'BTC',
      '__proto__',
      1_719_561_600_000,
    ],
  );
  /** A row with some of its keys spoilt. */
  const spoilt = (row: object) =>
    fc
      .dictionary(fc.constantFrom(...Object.keys(row)), junk, { maxKeys: 3 })
      .map((changes) => ({ ...row, ...changes }));
  const option: Market = {
    ...COIN,
    symbol: 'BTC/USD:BTC-240628-70000-C',
    type: 'option',
    option: true,
    expiry: 1_719_561_600_000,
    strike: 70_000,
    optionType: 'call',
  };
  const full = {
    ...long,
    notional: 10_500,
    leverage: 10,
    hedged: false,
    collateral: 900,
    liquidationPrice: 1,
    maintenanceMargin: 1,
  };
  const market = {
    precision: { price: 0.1, amount: 1 },
    limits: { cost: { min: 1 } },
    taker: 0,
    quanto: false,
    spot: false,
  };
  const arbitrary = fc.record({
    markets: fc.tuple(...[BTC, COIN, QUANTO, option].map((row) => spoilt({ ...row, ...market }))),
    positions: fc.array(fc.oneof(...[BTC, COIN, QUANTO, option].map(({ symbol }) => spoilt({ ...full, symbol }))), {
      maxLength: 4,
    }),
    tiers: fc.tuple(...tiers.map(spoilt)),
    balance: spoilt({ free: 1, used: 0, total: 1500, debt: 0 }),
    greeks: spoilt({ markImpliedVolatility: 0.5, underlyingPrice: 21_000 }),
    prices: spoilt({ markPrice: 21_000, indexPrice: 21_000 }),
    venue: fc.constantFrom(...venues, 'nowhere'),
    numeraire: fc.constantFrom('USDT', 'BTC', 'USD'),
    sizeFromNotional: fc.boolean(),
  });

  it('is a book that can be read, or gaps, or a refusal; never another error', () => {
    let whole = 0;
    fc.assert(
      fc.property(arbitrary, ({ balance, positions, ...any }) => {
        const symbols = [BTC, COIN, QUANTO, option].map(({ symbol = '' }) => symbol);
        const given = {
          ...any,
          tiers: Object.fromEntries(symbols.map((symbol) => [symbol, any.tiers])),
          greeks: { [symbols[3] ?? '']: any.greeks },
          prices: { [symbols[0] ?? '']: any.prices },
          assets: { BTC: 21_000, USDT: 1 },
          models: [presets.deribit({ id: 'pm', cash: 'BTC' })],
          time: 1_719_000_000_000,
          accounts: [{ id: 'me', model: 'pm', balances: { USDT: balance, BTC: balance }, positions }],
        } as unknown as CcxtSources;
        let converted: ReturnType<typeof ccxtBook>;
        try {
          converted = ccxtBook(given);
        } catch (error) {
          if ((error as Error).name !== 'MarginError') throw error;
          return;
        }
        const { book, gaps, incomplete, rows } = converted;
        const read = ScenarioBook.fromJSON(book);
        if (gaps.every(({ lost }) => lost === 'nothing')) whole++;
        const strict = (): unknown => ccxtBook({ ...given, strict: true });
        if (gaps.some(({ lost }) => lost !== 'nothing'))
          expect(refusedWith(strict).message).toBe(gaps.find(({ lost }) => lost !== 'nothing')?.message);
        else expect(strict).not.toThrow();
        const [account] = book.accounts;
        expect(rows.length).toBe((account?.positions?.length ?? 0) + (account?.buckets?.length ?? 0));
        const dropped = positions.length - rows.length - converted.flat;
        expect(dropped).toBeGreaterThanOrEqual(0);
        if (dropped > 0) expect(incomplete).toEqual(['me']);
        expect(read.accounts).toBe(1);
      }),
      { numRuns: 8 * Number(process.env.FC_RUNS ?? 100) },
    );
    expect(whole).toBeGreaterThan(20);
  });
});
