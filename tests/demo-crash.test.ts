// `demo --crash`: one fall down several presets. The same bytes each time, amounts that add up, arguments refused, the fallen
// book and the page as they are said to be.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { rulesOf } from '../bindings/cli/crash/rules.js';
import { shockOf, strike, struck } from '../bindings/cli/crash/shock.js';
import { syntheticVenue } from '../bindings/cli/demo/synthetic.js';
import { accountsOf } from '../bindings/cli/demo/traders.js';
import { build } from '../bindings/cli/demo.js';
import { Phases } from '../bindings/cli/progress.js';
import { Book, margin } from '../bindings/index.js';
import { run } from './terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'crash-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

const crash = (...args: string[]) => run('demo', '--accounts', '400', '--crash', '0.35', ...args);
const json = async (...args: string[]) => JSON.parse((await crash('--json', ...args)).out);
/** Cents of a decimal text. */
function cents(text: string): bigint {
  const [units = '', fraction = ''] = text.split('.');
  return BigInt(units + fraction.padEnd(2, '0'));
}

describe('a fall', () => {
  it('moves every coin by the share, and nothing else', () => {
    const venue = syntheticVenue(1);
    const book = build({ ...venue, orders: false }, 50, 1);
    const shock = shockOf(venue, 0.35);
    strike(book, shock);
    const { market, asset } = book.store.columns;
    for (const { id, kind, mark } of venue.markets) {
      const m = book.market(id);
      const expected = Number(mark) * (kind === 'prediction' ? 1 : 0.65);
      for (const column of ['mark', 'index', 'twap', 'stable'] as const) {
        const now = market[column][m] as number;
        if (column === 'mark' || now !== 0) expect(Math.abs(now / expected - 1), `${id} ${column}`).toBeLessThan(1e-8);
      }
    }
    for (const { id, price } of venue.assets) {
      const expected = Number(price) * (id.startsWith('USD') ? 1 : 0.65);
      expect(Math.abs((asset.price[book.asset(id)] as number) / expected - 1), id).toBeLessThan(1e-8);
    }
    const again = build(struck({ ...venue, orders: false }, shock), 50, 1);
    expect(again.encode()).toEqual(book.encode());
  });

  it('keeps the price of a coin in another coin', () => {
    const venue = syntheticVenue(1);
    const pair = {
      id: 'ETH/BTC:BTC',
      kind: 'linear' as const,
      underlying: 'ETH',
      quote: 'BTC',
      settle: 'BTC',
      mark: 0.05,
    };
    const stable = { ...pair, id: 'USDC/USDT:USDT', underlying: 'USDC', quote: 'USDT', settle: 'USDT', mark: 1 };
    const { markets } = shockOf({ ...venue, markets: [...venue.markets, pair, stable] }, 0.5);
    expect([markets.has(pair.id), markets.has(stable.id)]).toEqual([false, false]);
    expect(markets.get('BTC/USDT:USDT')).toBe(Number(venue.markets[0]?.mark) / 2);
  });

  it('finds the people of the demo, without their orders', () => {
    const venue = syntheticVenue(1);
    const [all, none] = [accountsOf(venue, 200, 1), accountsOf({ ...venue, orders: false }, 200, 1)].map((each) => [
      ...each,
    ]);
    const strip = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, v) => (key === 'orders' ? undefined : v)));
    expect(strip(none)).toEqual(strip(all));
    expect(JSON.stringify(none)).not.toContain('"orders"');
  });
});

describe('demo --crash', () => {
  it('has one object with stable keys', async () => {
    const report = await json();
    expect(Object.keys(report)).toEqual(['format', 'numeraire', 'time', 'demo', 'before', 'after', 'crash', 'notes']);
    expect(report.format).toBe('margin-kernel/crash@1');
    expect(report.demo).toEqual({ accounts: 400, seed: 1, date: null });
    expect(Object.keys(report.crash)).toEqual(['share', 'setAside', 'presets']);
    expect(report.crash.share).toBe(0.35);
    const { presets } = report.crash;
    expect(presets.map(({ name }: { name: string }) => name)).toEqual([
      'binance',
      'hyperliquid',
      'dydx',
      'ccp',
      'gen3',
    ]);
    for (const preset of presets) {
      expect(Object.keys(preset)).toEqual([
        ...['name', 'rounds', 'defaultersByRound', 'defaulters', 'owed', 'layers', 'residual', 'residualByAsset'],
        ...[
          'unpaidAccounts',
          'stillLiquidatable',
          'payers',
          'payerCount',
          'conserved',
          'postings',
          'assets',
          'markets',
        ],
      ]);
      for (const layer of preset.layers) {
        expect(Object.keys(layer)).toEqual([
          'stage',
          'kind',
          'payer',
          'paid',
          'open',
          'accounts',
          'positions',
          'assets',
        ]);
      }
    }
    const { before, after } = report;
    expect(after.counts.bankrupt).toBeGreaterThan(before.counts.bankrupt);
    expect(after.totals.deficit).toBeGreaterThan(before.totals.deficit);
  });

  it.each([
    ['1', '0.35', 'binance,hyperliquid,dydx,ccp,gen3'],
    ['2', '0.6', 'bybit,okx,bitmex,drift,mango,gen1,gen2'],
  ])('adds up under every preset (seed %s)', async (seed, share, names) => {
    const args = ['--accounts', '300', '--seed', seed, '--crash', share, '--presets', names, '--json'];
    const { crash, after } = JSON.parse((await run('demo', ...args)).out);
    for (const { name, owed, layers, residual, conserved, rounds, unpaidAccounts, ...preset } of crash.presets) {
      const paid = layers.reduce((sum: bigint, layer: { paid: string }) => sum + cents(layer.paid), 0n);
      expect(paid + cents(residual), name).toBe(cents(owed));
      expect(layers.at(-1).open, name).toBe(residual);
      expect(conserved, name).toBe(true);
      expect(rounds, name).toBe(preset.defaultersByRound.length);
      expect(preset.defaulters, name).toBeGreaterThanOrEqual(after.counts.bankrupt);
      expect(unpaidAccounts > 0, name).toBe(cents(residual) > 0n);
      expect(preset.stillLiquidatable, name).toBeGreaterThanOrEqual(unpaidAccounts);
    }
  });

  it('covers everything where members share it', async () => {
    const { crash } = await json('--presets', 'ccp,gen1');
    for (const { name, residual } of crash.presets) expect(residual, name).toBe('0');
  });

  it('says the same each time, and tells seeds apart', async () => {
    const args = ['--presets', 'ccp,gen3'];
    const [one, two, other] = [await crash(...args), await crash(...args), await crash(...args, '--seed', '2')];
    expect(one).toEqual(two);
    expect(one.code).toBe(0);
    expect(one.out).not.toBe(other.out);
    expect(await crash('--json', ...args)).toEqual(await crash('--json', ...args));
  });

  it('tells the story in words', async () => {
    const { out, err } = await crash('--top', '2');
    expect(err).toBe('');
    for (const text of [
      'Every coin falls by 35 %; ',
      'Side by side, down 5 presets',
      'Who paid most',
      'binance, layer by layer',
      ' postings sum to zero under every preset',
      'Set aside: what the 2 largest defaulters (',
      'hyperliquid: no mark of before the fall',
    ]) {
      expect(out).toContain(text);
    }
    expect(out.match(/^ {1}\d {2}\S+ [\d,]+ /gm)).toHaveLength(2);
    expect(out.split('\n').every((line) => line.length <= 120)).toBe(true);
    expect((await crash('--top', '0')).out).not.toContain('Who paid most');
  });

  it('names what okx leaves open by its own rule', async () => {
    const { crash: found, notes } = await json('--presets', 'okx,bitmex');
    const [okx, bitmex] = found.presets;
    expect(cents(okx.residual)).toBeGreaterThan(cents(bitmex.residual));
    expect(notes.some((note: string) => note.startsWith('okx: deleverages at the mark'))).toBe(true);
  });

  it.each([1, 2, 9, 10, 11])('can be as small as %i', async (accounts) => {
    const { code, out } = await run('demo', '--accounts', String(accounts), '--crash', '0.9', '--json');
    expect(code).toBe(0);
    for (const { conserved } of JSON.parse(out).crash.presets) expect(conserved).toBe(true);
  });

  it('writes the book after the fall, before anybody is resolved', async () => {
    const [text, bytes] = [file('fallen.json'), file('fallen.mkb')];
    const { after } = await json('--presets', 'gen1', '--out', text);
    await crash('--presets', 'gen1', '--out', bytes);
    for (const path of [text, bytes]) {
      const report = JSON.parse((await run('report', path, '--json')).out);
      expect([report.counts, report.totals]).toEqual([after.counts, after.totals]);
    }
    expect(margin(Book.decode(readFileSync(bytes))).totals).toEqual(after.totals);
  });

  it('draws a page that needs nothing but itself', async () => {
    const { err } = await crash('--html', file('crash.html'));
    expect(err).toBe(`wrote ${file('crash.html')}\n`);
    const text = readFileSync(file('crash.html'), 'utf8');
    const { document } = parseHTML(text);
    expect(document.querySelector('h1')?.textContent).toContain('Every coin falls by 35');
    // Who paid, and a waterfall for each of five presets, each for wide and for narrow screens.
    expect(document.querySelectorAll('svg.plot')).toHaveLength(12);
    expect(document.querySelectorAll('.multiples .card')).toHaveLength(5);
    expect(text).not.toMatch(/src=|href="http|NaN|undefined/);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('what is refused', () => {
  it.each(['0', '1', '1.5', '-0.2', 'abc', '35', '0.0', '1e-1'])('a share of %s', async (share) => {
    const { code, err } = await run('demo', `--crash=${share}`);
    expect(code).toBe(2);
    expect(err).toContain('expected a share above 0 and below 1, such as 0.35');
  });

  it('more accounts than memory holds', async () => {
    const { code, err } = await run('demo', '--crash', '0.35', '--accounts', '1000001');
    expect([code, err]).toEqual([2, expect.stringContaining('a whole number from 1 to 1000000')]);
  });

  it('presets that are not known, with the nearest; those that manage something else', async () => {
    const unknown = await crash('--presets', 'binance,hyperliqid');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('--presets hyperliqid: there is no such preset\n  Did you mean hyperliquid?');
    expect((await crash('--presets', 'maker')).err).toContain('loans or pools, not the positions of a venue');
    expect((await crash('--presets', ',')).err).toContain('--presets names none');
    expect((await run('demo', '--presets', 'gen1')).err).toContain('--presets needs --crash');
  });

  it('not a name that comes twice', () => {
    expect(rulesOf('gen1, gen1,gen2').map(({ name }) => name)).toEqual(['gen1', 'gen2']);
  });
});

describe('progress', () => {
  it('is silent at first, then says what begins; quiet stays quiet', () => {
    const said: string[] = [];
    const stream = (isTTY: boolean) =>
      Object.assign(
        new Writable({
          write: (chunk, _, done) => {
            said.push(String(chunk));
            done();
          },
        }),
        {
          isTTY,
        },
      );
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const after = (phases: Phases, milliseconds: number): void => {
      now += milliseconds;
      phases.at(`at ${milliseconds}`);
    };
    for (const [isTTY, quiet] of [
      [true, false],
      [false, false],
      [false, true],
    ] as const) {
      const phases = new Phases({ out: process.stdout, err: stream(isTTY), colour: false, columns: 80 }, quiet);
      for (const step of [100, 200, 6000, 50]) after(phases, step);
      phases.end();
    }
    clock.mockRestore();
    expect(said).toEqual(['\r\x1b[2Kat 200', '\r\x1b[2Kat 6000', '\r\x1b[2K', 'at 6000, after 6.3 s\n']);
  });
});
