// The demo's venue: the same on every run and engine, believable, and a book like any other.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../bindings/cli/demo/random.js';
import { realVenue } from '../bindings/cli/demo/real.js';
import { syntheticVenue } from '../bindings/cli/demo/synthetic.js';
import { accountsOf } from '../bindings/cli/demo/traders.js';
import { tenTo } from '../bindings/cli/demo/venue.js';
import { venueJSON } from '../bindings/cli/demo.js';
import { MarginError } from '../bindings/errors.js';
import { Book, margin } from '../bindings/index.js';
import { Book as ReferenceBook } from '../bindings/reference/index.js';
import { marketViews } from '../bindings/watch.js';
import { run } from './terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const venueText = (accounts: number, seed = 1): string => [...venueJSON(syntheticVenue(seed), accounts, seed)].join('');
const sourceFiles = [
  'crash/ledger.ts',
  'crash/shock.ts',
  'demo.ts',
  'demo/desk.ts',
  'demo/makers.ts',
  'demo/random.ts',
  'demo/real.ts',
  'demo/synthetic.ts',
  'demo/traders.ts',
  'demo/venue.ts',
];

describe('the synthetic venue', () => {
  it('is the same for the same seed, another for another', async () => {
    const [one, two, other] = await Promise.all([
      run('demo', '--accounts', '200', '--json'),
      run('demo', '--accounts', '200', '--json'),
      run('demo', '--accounts', '200', '--json', '--seed', '2'),
    ]);
    expect(one.code).toBe(0);
    expect(hash(one.out)).toBe(hash(two.out));
    expect(hash(one.out)).not.toBe(hash(other.out));
  });

  it('uses no host mathematics, so it is the same on every engine', () => {
    for (const file of sourceFiles) {
      const text = readFileSync(new URL(`../bindings/cli/${file}`, import.meta.url), 'utf8');
      const source = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(source, file).not.toMatch(
        /Math\.(?!round|floor|ceil|trunc|min|max|abs|sqrt|imul)[a-z]|\*\*|toFixed|random\(\)/,
      );
    }
  });

  it('gives both engines the same bits', () => {
    const text = venueText(500);
    const [wasm, plain] = [margin(Book.fromJSON(text)), margin(ReferenceBook.fromJSON(text))];
    for (const name of ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional'] as const) {
      expect(wasm[name]).toEqual(plain[name]);
    }
    expect(wasm.liquidatable).toEqual(plain.liquidatable);
  });

  it('has an account that does not depend on how many there are', () => {
    const few = [...accountsOf(syntheticVenue(1), 60, 1)].slice(0, 50);
    const many = [...accountsOf(syntheticVenue(1), 400, 1)].slice(0, 50);
    expect(few).toEqual(many);
  });

  it('has about fifty markets of every kind', () => {
    const kinds = new Map<string, number>();
    const { markets } = syntheticVenue(1);
    for (const { kind } of markets) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect([...kinds.keys()].sort()).toEqual(['inverse', 'linear', 'prediction', 'quanto', 'spot']);
    expect(markets.length).toBeGreaterThan(45);
  });

  it('has hedges, isolated buckets, debts and orders among its accounts', () => {
    const accounts = [...accountsOf(syntheticVenue(1), 2000, 1)];
    expect(accounts).toHaveLength(2000);
    expect(accounts.some((a) => a.positions?.some((p) => p.side === 'short'))).toBe(true);
    expect(accounts.some((a) => a.buckets?.length === 3)).toBe(true);
    expect(accounts.some((a) => Object.values(a.balances ?? {}).some((amount) => Number(amount) < 0))).toBe(true);
    expect(accounts.some((a) => (a.orders?.length ?? 0) > 0)).toBe(true);
  });

  it.each([1, 2, 3, 4])('liquidates a small share of its accounts (seed %i)', async (seed) => {
    const { counts, totals } = JSON.parse(
      (await run('demo', '--accounts', '5000', '--seed', String(seed), '--json')).out,
    );
    const share = (counts.liquidatable + counts.bankrupt) / 5000;
    expect(share).toBeGreaterThan(0.001);
    expect(share).toBeLessThan(0.025);
    expect(counts.bankrupt).toBeGreaterThan(0);
    expect(totals.deficit).toBeGreaterThan(0);
    expect(totals.equity).toBeGreaterThan(100 * totals.deficit);
  });

  it('sums to zero contracts in every market', () => {
    const { openInterest } = marketViews(Book.fromJSON(venueText(1000)));
    // Sizes are decimals: their sum in doubles is zero but for rounding.
    openInterest.long.forEach((long, m) => {
      expect(Math.abs(long - (openInterest.short[m] as number))).toBeLessThanOrEqual(1e-12 * 2 * long);
    });
    expect(openInterest.long.some((long) => long > 0)).toBe(true);
  });

  it('writes itself as a book that gives the same report, as JSON and as bytes', async () => {
    const [json, bytes] = [join(folder, 'venue.json'), join(folder, 'venue.mkb')];
    const demo = JSON.parse((await run('demo', '--accounts', '300', '--json', '--out', json)).out);
    await run('demo', '--accounts', '300', '--json', '--out', bytes);
    for (const path of [json, bytes]) {
      const { code, out } = await run('report', path, '--json');
      const report = JSON.parse(out);
      expect(code).toBe(demo.liquidatable.length > 0 ? 1 : 0);
      expect(report.accounts).toEqual(demo.accounts);
      expect(report.totals).toEqual(demo.totals);
    }
  });

  it('reads 1e3 as it reads 1_000, and no fraction', async () => {
    const [one, other] = [
      await run('demo', '--accounts', '2e1', '--json'),
      await run('demo', '--accounts', '2_0', '--json'),
    ];
    expect(one).toEqual(other);
    expect(JSON.parse(one.out).accounts).toHaveLength(20);
    for (const wrong of ['1.5', '1e-3', '1e99', 'e3']) expect((await run('demo', '--accounts', wrong)).code).toBe(2);
    expect(JSON.parse((await run('demo', '--accounts', '1.2e1', '--json')).out).accounts).toHaveLength(12);
  });

  it('says a speed only where there is enough to time', async () => {
    expect((await run('demo', '--accounts', '500')).out).not.toContain('units/s');
    expect((await run('demo', '--accounts', '10000')).out).toContain('units/s');
  });

  it.each([1, 5, 10, 11])('can be as small as %i', async (accounts) => {
    const { code, out } = await run('demo', '--accounts', String(accounts), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).accounts).toHaveLength(accounts);
  });
});

describe('random numbers', () => {
  it('are uniform, nearly normal and heavy', () => {
    const random = new Random(7);
    const n = 20_000;
    const uniform = Array.from({ length: n }, () => random.uniform());
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(uniform.reduce((a, b) => a + b) / n).toBeCloseTo(0.5, 2);
    const normal = Array.from({ length: n }, () => random.normal());
    expect(normal.reduce((a, b) => a + b * b) / n).toBeCloseTo(1, 1);
    const heavy = Array.from({ length: n }, () => random.heavy(1, 1000));
    expect(heavy.filter((x) => x > 2).length / n).toBeCloseTo(0.5, 1);
    expect(Math.max(...heavy)).toBeLessThanOrEqual(1000);
  });

  it('repeat for a seed and a stream, and for no other', () => {
    const words = (seed: number, stream: number): number[] => {
      const random = new Random(seed, stream);
      return [random.word(), random.word()];
    };
    expect(words(1, 5)).toEqual(words(1, 5));
    expect(words(1, 6)).not.toEqual(words(1, 5));
    expect(words(2, 5)).not.toEqual(words(1, 5));
  });

  it('powers of ten are exact', () => {
    for (let n = 0; n <= 15; n++) expect(tenTo(n)).toBe(Number(`1e${n}`));
  });
});

describe('the venue of real tables and closes', () => {
  const TABLE = '[{"minNotional":0,"maxNotional":1000,"maintenanceMarginRate":0.01,"maxLeverage":50}]';
  const symbols = [
    'BTC/USDT:USDT',
    '1000SHIB/USDT:USDT',
    'ETH/BTC:BTC',
    'BTC/USDT:USDT-241227',
    'XYZ/USDT:USDT',
    'SOL/USDT:USDT',
    'BTC/USD:BTC',
  ];
  const source = {
    bracketsText: `{${symbols.map((symbol) => `"${symbol}":${TABLE}`).join(',')}}`,
    bracketsName: 'tiers.json',
    closesText:
      'Date;BTC-USD;ETH-USD;SHIB-USD;SOL-USD;USDC-USD\n2022-11-07;20000;1500;0.00001;30;1\n2022-11-08;18500;1300;0.000011;24;1\n2022-11-09;16000;1100;0.0000093;;0.999\n',
    closesName: 'closes.csv',
    date: '2022-11-09',
  };

  it('takes what has a close, in the units of the contract, and names the rest', () => {
    const venue = realVenue(source);
    const marks = Object.fromEntries(venue.markets.map(({ id, mark }) => [id, mark]));
    expect(marks).toEqual({
      'BTC/USDT:USDT': 16000,
      '1000SHIB/USDT:USDT': 0.0000093 * 1000,
      'ETH/BTC:BTC': 1100 / 16000,
    });
    expect(venue.leftOut.flatMap(({ names }) => names).sort()).toEqual([
      'BTC/USD:BTC',
      'BTC/USDT:USDT-241227',
      'SOL',
      'XYZ',
    ]);
    expect(venue.notes.join(' ')).toContain('USDT has no close on 2022-11-09: taken at 1.');
    expect(venue.notes.join(' ')).toContain('USDC at its own close: 0.999.');
    expect(venue.assets.find(({ id }) => id === 'USDC')?.price).toBe(0.999);
  });

  it('names a few of what is left out, and more with --top', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `X${i}Y`);
    const table = Object.fromEntries(['BTC', ...names].map((name) => [`${name}/USDT:USDT`, JSON.parse(TABLE)]));
    const [tiers, closes] = [join(folder, 'tiers.json'), join(folder, 'closes.csv')];
    writeFileSync(tiers, JSON.stringify(table));
    writeFileSync(closes, source.closesText);
    const args = ['--brackets', tiers, '--closes', closes, '--date', source.date, '--accounts', '10'];
    const { out } = await run('demo', ...args);
    expect(out).toMatch(/not in the closes \(30\)\n( {2}X.*\s)+ *and 20 more\n/);
    expect((await run('demo', ...args, '--top', '30')).out).not.toContain('more\n');
    expect(JSON.parse((await run('demo', ...args, '--json')).out).leftOut[0].names).toHaveLength(30);
  });

  it('enters positions at the closes of the days before', () => {
    const closes = new Set([20000, 18500]);
    for (const account of accountsOf(realVenue(source), 200, 1)) {
      for (const p of account.positions ?? []) if (p.market === 'BTC/USDT:USDT') expect(closes).toContain(p.entry);
    }
  });

  it('has a first day, without days before it', () => {
    const [account] = accountsOf(realVenue({ ...source, date: '2022-11-07' }), 1, 1);
    expect(account?.id).toBe('t0000001');
  });

  it('is refused where no market has a close', () => {
    const nothing = { ...source, bracketsText: `{"XYZ/USDT:USDT":${TABLE}}` };
    expect(() => realVenue(nothing)).toThrow(MarginError);
    expect(() => realVenue({ ...source, date: '2023-01-01' })).toThrow(
      /the first is 2022-11-07, the last is 2022-11-09/,
    );
  });

  const data = (name: string): string => fileURLToPath(new URL(`../../shared/data/${name}`, import.meta.url));
  const [tiers, csv] = [data('binance-leverage-tiers.json'), data('crypto-daily-closes.csv')];
  it.skipIf(!existsSync(tiers) || !existsSync(csv)).each([
    ['2022-11-09', 15880.7802734375, 0.02, 0.25],
    ['2020-03-12', 4970.7880859375, 0.1, 0.5],
  ])('liquidates a believable share on %s', async (date, mark, least, most) => {
    const args = ['--brackets', tiers, '--closes', csv, '--date', date, '--accounts', '2000'];
    const { code, out } = await run('demo', ...args, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.exposure.find(({ market }: { market: string }) => market === 'BTC/USDT:USDT').mark).toBe(mark);
    const share = report.liquidatable.length / 2000;
    expect(share).toBeGreaterThan(least);
    expect(share).toBeLessThan(most);
    expect(report.leftOut.flatMap(({ names }: { names: string[] }) => names)).toContain('SOL');
  });
});
