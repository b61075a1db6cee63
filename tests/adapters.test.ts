// The doors for other people's shapes: ccxt leverage tiers and symbols, daily closes as CSV.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  bracketsFromTiers,
  type LeverageTier,
  parseLeverageTiers,
  parseSymbol,
  unitsOf,
} from '../bindings/adapters/ccxt.js';
import { closeOn, dayOf, parseCloses } from '../bindings/adapters/closes.js';
import { refusedWith } from './refusal.js';

const DATA = new URL('../../shared/data/', import.meta.url);
const TIERS = new URL('binance-leverage-tiers.json', DATA);
const CLOSES = new URL('crypto-daily-closes.csv', DATA);

const tier = (minNotional: number, maxNotional: number, rate: number, maxLeverage: number): LeverageTier => ({
  minNotional,
  maxNotional,
  maintenanceMarginRate: rate,
  maxLeverage,
});

describe('ccxt leverage tiers', () => {
  it('become brackets, the last one open', () => {
    const brackets = bracketsFromTiers([tier(0, 50_000, 0.004, 125), tier(50_000, 600_000, 0.005, 100)]);
    expect(brackets).toEqual([
      { upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
      { upTo: null, maintenanceRate: 0.005, maxLeverage: 100 },
    ]);
  });

  it('take a last tier without an end, as some venues give it', () => {
    const last = { minNotional: 10, maintenanceMarginRate: 0.1, maxLeverage: 5 };
    expect(bracketsFromTiers([tier(0, 10, 0.05, 10), last])[1]?.upTo).toBeNull();
  });

  it.each<[string, LeverageTier[], string, string]>([
    ['a gap', [tier(0, 10, 0.01, 10), tier(20, 30, 0.02, 5)], 'conflict', 'T[1].minNotional'],
    ['a first tier above 0', [tier(5, 10, 0.01, 10)], 'conflict', 'T[0].minNotional'],
    ['a falling rate', [tier(0, 10, 0.02, 10), tier(10, 20, 0.01, 5)], 'not-concave', 'T[1].maintenanceMarginRate'],
    ['a rising leverage', [tier(0, 10, 0.01, 5), tier(10, 20, 0.02, 10)], 'not-concave', 'T[1].maxLeverage'],
    ['an empty tier', [tier(0, 0, 0.01, 5)], 'range', 'T[0].maxNotional'],
    [
      'a missing rate',
      [{ minNotional: 0, maxNotional: 1, maxLeverage: 1 }],
      'missing-key',
      'T[0].maintenanceMarginRate',
    ],
    [
      'a missing end in the middle',
      [{ minNotional: 0, maintenanceMarginRate: 0.1, maxLeverage: 5 }, tier(1, 2, 0.1, 5)],
      'missing-key',
      'T[0].maxNotional',
    ],
    ['NaN', [tier(0, 10, Number.NaN, 5)], 'not-finite', 'T[0].maintenanceMarginRate'],
    ['a rate above 1', [tier(0, 10, 1.5, 5)], 'range', 'T[0].maintenanceMarginRate'],
    ['no tiers', [], 'type', 'T'],
  ])('refuse %s', (_, tiers, code, path) => {
    expect(refusedWith(() => bracketsFromTiers(tiers, 'T'))).toMatchObject({ code, path });
  });

  it('refuse text that is not JSON, or not an object of markets', () => {
    expect(refusedWith(() => parseLeverageTiers('{'))).toMatchObject({ code: 'syntax', path: 'brackets' });
    expect(refusedWith(() => parseLeverageTiers('[]'))).toMatchObject({ code: 'type' });
    expect(refusedWith(() => parseLeverageTiers('{"A/B:B": 3}'))).toMatchObject({
      code: 'type',
      path: 'brackets["A/B:B"]',
    });
    expect(refusedWith(() => parseLeverageTiers('{"A/B:B": [null]}'))).toMatchObject({ path: 'brackets["A/B:B"][0]' });
  });

  it.skipIf(!existsSync(TIERS))('read real tables of hundreds of markets', () => {
    const tables = parseLeverageTiers(readFileSync(TIERS, 'utf8'));
    expect(tables.size).toBe(349);
    expect(tables.get('BTC/USDT:USDT')?.[0]).toEqual({ upTo: 50_000, maintenanceRate: 0.004, maxLeverage: 125 });
    for (const brackets of tables.values()) expect(brackets.at(-1)?.upTo).toBeNull();
  });
});

describe('ccxt symbols', () => {
  it('come apart', () => {
    const perpetual = { base: 'BTC', quote: 'USDT', settle: 'USDT', expiry: null, option: null };
    expect(parseSymbol('BTC/USDT:USDT')).toEqual(perpetual);
    expect(parseSymbol('BTC/USDT:USDT-241227')).toEqual({ ...perpetual, expiry: '241227' });
    expect(parseSymbol('BTC/USD:BTC-241227-65000-C')).toMatchObject({
      settle: 'BTC',
      expiry: '241227',
      option: '65000-C',
    });
    expect(parseSymbol('BTC/USDT')).toBeNull();
  });

  it('keep their multiplier apart from their name', () => {
    expect(unitsOf('1000SHIB')).toEqual({ asset: 'SHIB', units: 1000 });
    expect(unitsOf('1MBABYDOGE')).toEqual({ asset: 'BABYDOGE', units: 1_000_000 });
    expect(unitsOf('1000000MOG')).toEqual({ asset: 'MOG', units: 1_000_000 });
    expect(unitsOf('1INCH')).toEqual({ asset: '1INCH', units: 1 });
    expect(unitsOf('BTC')).toEqual({ asset: 'BTC', units: 1 });
  });
});

describe('daily closes', () => {
  const TEXT = 'Date;BTC-USD;LUNA1-USD\n2022-11-08;18541.27;\n2022-11-09;15880.78;14.18\n';

  it('become columns by symbol', () => {
    const closes = parseCloses(TEXT);
    expect(closes.dates).toEqual(['2022-11-08', '2022-11-09']);
    expect(closes.symbols).toEqual(['BTC', 'LUNA']);
    expect(closeOn(closes, 'BTC', dayOf(closes, '2022-11-09'))).toBe(15880.78);
    expect(closeOn(closes, 'LUNA', 0)).toBeNull();
    expect(closeOn(closes, 'ETH', 0)).toBeNull();
  });

  it.each(['Date,BTC\n2022-01-01,1\n', 'Date\tBTC\n2022-01-01\t1', '\uFEFF"Date";"BTC"\r\n2022-01-01;"1"\r\n\r\n'])(
    'are told apart by their header: %j',
    (text) => {
      expect(parseCloses(text)).toMatchObject({ dates: ['2022-01-01'], symbols: ['BTC'] });
    },
  );

  it.each([
    ['', 'format', 'closes, line 1'],
    ['BTC;ETH\n1;2\n', 'format', 'closes, line 1'],
    ['Date;BTC\n', 'format', 'closes'],
    ['Date;BTC;BTC-USD\n2022-01-01;1;1\n', 'duplicate', 'closes, line 1, column 3'],
    ['Date;BTC\n2022-01-01;1;2\n', 'format', 'closes, line 2'],
    ['Date;BTC\n2022-13-01;1\n', 'type', 'closes, line 2'],
    ['Date;BTC\n2022-02-30;1\n', 'type', 'closes, line 2'],
    ['Date;BTC\n2022-01-02;1\n2022-01-01;1\n', 'range', 'closes, line 3'],
    ['Date;BTC\n2022-01-02;1\n2022-01-02;1\n', 'duplicate', 'closes, line 3'],
    ['Date;BTC\n2022-01-02;abc\n', 'type', 'closes, line 2, column BTC'],
    ['Date;BTC\n2022-01-02;-1\n', 'type', 'closes, line 2, column BTC'],
    ['Date;BTC\n2022-01-02;0\n', 'range', 'closes, line 2, column BTC'],
    ['Date;BTC\n2022-01-02;1e999\n', 'range', 'closes, line 2, column BTC'],
  ])('refuse %j', (text, code, path) => {
    expect(refusedWith(() => parseCloses(text))).toMatchObject({ code, path });
  });

  it.each([undefined, null, 5, {}, ['Date;BTC']])('refuse %j, which is no text', (text) => {
    expect(refusedWith(() => parseCloses(text as never))).toMatchObject({ code: 'type', path: 'closes' });
  });

  it('refuse options that nobody reads, and what is no table', () => {
    const of = (options: unknown) => refusedWith(() => parseCloses(TEXT, options as never));
    expect(of({ curency: 'EUR' })).toMatchObject({ path: 'options.curency', hint: 'Did you mean "currency"?' });
    expect(of(null)).toMatchObject({ code: 'type', path: 'options' });
    expect(of({ currency: 5 })).toMatchObject({ code: 'type', path: 'options.currency' });
    expect(of({ aliases: { LUNA1: 5 } })).toMatchObject({ code: 'type', path: 'options.aliases.LUNA1' });
    expect(refusedWith(() => closeOn(undefined as never, 'BTC', 0))).toMatchObject({ code: 'type', path: 'closes' });
    expect(refusedWith(() => dayOf({} as never, '2022-11-08'))).toMatchObject({ code: 'type', path: 'closes' });
    expect(refusedWith(() => dayOf(parseCloses(TEXT), 5 as never))).toMatchObject({ code: 'range', path: 'date' });
  });

  it('name the first and the last day where one is not there', () => {
    const { expected, hint } = refusedWith(() => dayOf(parseCloses(TEXT), '2024-01-01'));
    expect(expected).toContain('the first is 2022-11-08, the last is 2022-11-09');
    expect(hint).toBeUndefined();
  });

  it.skipIf(!existsSync(CLOSES))('read four real years', () => {
    const closes = parseCloses(readFileSync(CLOSES, 'utf8'));
    expect([closes.dates[0], closes.dates.at(-1), closes.dates.length]).toEqual(['2020-01-01', '2023-12-31', 1461]);
    expect(closeOn(closes, 'BTC', dayOf(closes, '2022-11-09'))).toBe(15880.7802734375);
    expect(closeOn(closes, 'SOL1', dayOf(closes, '2020-03-12'))).toBeNull();
  });
});
