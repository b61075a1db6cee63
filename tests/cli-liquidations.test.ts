// Liquidation prices as users of the command line meet them: the list, its JSON and page, and what report and explain say of them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookJSON } from '../bindings/book/types.js';
import { Book, explainPrices, type LiquidationPrice, liquidationPrices } from '../bindings/index.js';
import { run } from './terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);
const put = (name: string, value: unknown): string => {
  writeFileSync(file(name), JSON.stringify(value));
  return file(name);
};

const LONG = '0x8ba1f109551bD432803012645Ac136ddd64DBA72';
const brackets = [
  { upTo: 50_000, maintenanceRate: 0.004 },
  { upTo: 250_000, maintenanceRate: 0.005 },
  { upTo: null, maintenanceRate: 0.01 },
];
/** Linear, inverse and spot collateral; cross, isolated and hedged; one is liquidatable, one owes, one is not concave. */
const mixed: BookJSON = {
  format: 'margin-kernel/book@1',
  numeraire: 'USD',
  assets: [
    { id: 'USDT', price: 1 },
    { id: 'BTC', price: 60_000, assetWeight: 0.95 },
    { id: 'ETH', price: 3000, assetWeight: 0.9 },
  ],
  markets: [
    { id: 'BTC-PERP', kind: 'linear', base: 'BTC', settle: 'USDT', mark: 60_000, tick: 0.5, brackets },
    { id: 'ETH-PERP', kind: 'linear', base: 'ETH', settle: 'USDT', mark: 3000, brackets },
    { id: 'BTC-INV', kind: 'inverse', base: 'BTC', settle: 'BTC', mark: 60_000, multiplier: 100, tick: 0.5, brackets },
    { id: 'BTC-ETH', kind: 'inverse', underlying: 'BTC', settle: 'ETH', mark: 60_100, multiplier: 100, brackets },
    { id: 'BTC/USDT', kind: 'spot', base: 'BTC', quote: 'USDT', mark: 60_000, spotOrders: 'fill' },
  ],
  accounts: [
    { id: LONG, balances: { USDT: 9000.5, BTC: 0.1 }, positions: [{ market: 'BTC-PERP', size: 5, entry: 61_000 }] },
    {
      id: 'split',
      balances: { USDT: 2000 },
      buckets: [
        { bucket: 3, balances: { BTC: 0.2 }, positions: [{ market: 'BTC-INV', size: -300, entry: 59_000 }] },
        { bucket: 4, balances: { USDT: 200 }, positions: [{ market: 'ETH-PERP', size: -3, entry: 2960 }] },
      ],
    },
    { id: 'lost', balances: { USDT: 1000 }, positions: [{ market: 'BTC-PERP', size: 5, entry: 60_000 }] },
    {
      id: 'hedged',
      balances: { USDT: -5000, BTC: 0.3 },
      positions: [
        { market: 'BTC-PERP', side: 'long', size: 2, entry: 59_000 },
        { market: 'BTC-PERP', side: 'short', size: -2.5, entry: 60_400 },
      ],
      orders: [
        { market: 'BTC/USDT', side: 'sell', size: 0.1, price: 61_000 },
        { market: 'ETH-PERP', side: 'buy', size: 1, price: 2900 },
      ],
    },
    { id: 'odd', balances: { ETH: 5 }, positions: [{ market: 'BTC-ETH', size: -500, entry: 59_000 }] },
    { id: 'owes', balances: { USDT: -10 } },
  ],
};
const calm: BookJSON = { ...mixed, accounts: mixed.accounts.slice(0, 2) };

beforeAll(() => {
  put('mixed.json', mixed);
  put('calm.json', calm);
});

const list = async (...args: string[]): Promise<ReturnType<typeof JSON.parse>> =>
  JSON.parse((await run('liquidations', file('mixed.json'), '--json', ...args)).out);

describe('liquidations', () => {
  it('exits 1 when something is liquidatable, also what has no position, else 0', async () => {
    expect((await run('liquidations', file('mixed.json'))).code).toBe(1);
    expect((await run('liquidations', file('calm.json'))).code).toBe(0);
    const debt = { ...mixed, accounts: mixed.accounts.slice(-1) };
    const { code, out } = await run('liquidations', put('debt.json', debt));
    expect(code).toBe(1);
    expect(out).toContain('Liquidatable now: 1 account without a position\n');
    expect((await run('liquidations', put('empty.json', { ...mixed, accounts: [] }))).code).toBe(0);
  });

  it('is a table, the liquidatable on top and then the nearest first', async () => {
    const { out, err } = await run('liquidations', file('mixed.json'));
    expect(err).toBe('');
    expect(out).toContain('6 accounts; 8 margin units, 7 positions; 1 without a liquidation price\n');
    expect(out).toContain('Liquidatable now: 2 accounts with 1 position, 300,000.00 USD\n');
    expect(out).toMatch(/Healed by\n ─+\n lost +BTC-PERP +long +5 +300,000 +60,000 +60,141 +- +\+0\.24 %\n/);
    const [, below = ''] = out.split('Nearest to liquidation\n');
    const rows = below.split('\n').slice(2, 8);
    expect(rows.map((row) => row.trim().split(/ +/)[0])).toEqual([
      'split',
      '0x8ba1f109551b…c136ddd64DBA72',
      'split',
      'hedged',
      'hedged',
      'odd',
    ]);
    expect(rows[0]).toMatch(/4 +ETH-PERP +short +3 +9,000 +3,000 +- +3,014\.608 +\+0\.49 %$/);
    expect(rows[1]).toMatch(/BTC-PERP +long +5 +300,000 +60,000 +58,414 +- +-2\.64 %$/);
    expect(rows[5]).toMatch(/- +- +- +bracketed$/);
    expect(out).toMatch(/ 5 % +1 +300,000 +1 +9,000\n/);
    expect(out).toContain('bracketed: health is not concave');
  });

  it('fits 120 columns, whatever the ids', async () => {
    const name = (id: string): string => `${id}-${'x'.repeat(60)}`;
    const markets = mixed.markets.map((market) => ({ ...market, id: name(market.id) }));
    const accounts = mixed.accounts.map((account) => ({
      ...account,
      id: name(account.id),
      positions: account.positions?.map((p) => ({ ...p, market: name(p.market) })) ?? [],
      buckets: [],
      orders: [],
    }));
    const path = put('wide.json', { ...mixed, markets, accounts });
    for (const command of ['liquidations', 'report']) {
      const { out } = await run(command, path);
      const tables = out.split('\n').filter((line) => line.includes('…') || line.includes('─'));
      expect(tables.length).toBeGreaterThan(5);
      expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(120);
    }
  });

  it('has stable keys and the numbers of the library', async () => {
    const answer = await list();
    expect(Object.keys(answer)).toEqual([
      'format',
      'numeraire',
      'time',
      'level',
      'account',
      'size',
      'counts',
      'moves',
      'liquidatable',
      'positions',
    ]);
    expect(answer).toMatchObject({
      level: 'maintenance',
      account: null,
      size: { accounts: 6, units: 8, positions: 7 },
      counts: { liquidatable: 1, priced: 5, without: 1 },
      liquidatable: ['lost', 'owes'],
    });
    const book = Book.fromJSON(mixed);
    for (const { account, notional, distance, ...price } of answer.positions) {
      const same = (p: LiquidationPrice): boolean =>
        p.market === price.market && p.side === price.side && p.bucket === price.bucket;
      expect(price).toEqual(liquidationPrices(book, account).find(same));
      expect(notional).toBeGreaterThan(0);
      const { status, mark, down, up } = price;
      const nearest = Math.min(...[down, up].filter((end) => end !== null).map((end) => Math.abs(end - mark) / mark));
      if (status === 'liquidatable') expect(distance).toBe(0);
      else expect(distance).toBe(Number.isFinite(nearest) ? nearest : null);
    }
    const distances = answer.positions.map(({ distance }: { distance: number | null }) => distance ?? 1e9);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  it('takes --top, --account and --level', async () => {
    expect((await list('--top', '2')).positions).toHaveLength(3);
    expect((await list('--top', '0')).positions).toHaveLength(7);
    const one = await list('--account', 'split');
    expect(one).toMatchObject({ account: 'split', liquidatable: [], size: { accounts: 1, units: 3, positions: 2 } });
    expect(one.positions.map(({ bucket }: { bucket: number }) => bucket)).toEqual([4, 3]);
    expect((await run('liquidations', file('mixed.json'), '--account', 'split')).code).toBe(0);
    const { out } = await run('liquidations', file('mixed.json'), '--account', 'lost');
    expect(out).toContain('account lost; 1 margin unit, 1 position\n');
    expect((await run('liquidations', file('mixed.json'), '--top', '1')).out).toContain(' and 5 more positions\n');
    const initial = { ...calm, markets: calm.markets.map((m) => ({ ...m })) };
    for (const market of initial.markets)
      if (market.brackets) market.brackets = [{ upTo: null, maintenanceRate: 0.01, initialRate: 0.03 }];
    const path = put('initial.json', initial);
    const { code, out: text } = await run('liquidations', path, '--level', 'initial', '--json');
    const prices = JSON.parse(text).positions;
    const book = Book.fromJSON(initial);
    expect(code).toBe(JSON.parse(text).liquidatable.length > 0 ? 1 : 0);
    for (const { account, market, down, up } of prices) {
      const [price] = liquidationPrices(book, account, { level: 'initial' }).filter((p) => p.market === market);
      expect([down, up]).toEqual([price?.down, price?.up]);
      const [maintenance] = liquidationPrices(book, account).filter((p) => p.market === market);
      expect([down, up]).not.toEqual([maintenance?.down, maintenance?.up]);
    }
    expect((await run('liquidations', path, '--level', 'initial')).out).toContain('the initial requirement');
  });

  it.each<[string, string[], string[]]>([
    ['a level', ['--level', 'maintenence'], ['there is no such level', 'Did you mean maintenance?']],
    ['an account', ['--account', 'hedge'], ['unknown-id', 'Did you mean "hedged"?']],
    ['a number of rows', ['--top', '-1'], ['--top']],
    ['a page', ['--html', '/no/such/folder/page.html'], ['cannot write']],
  ])('refuses %s that is not there', async (_, args, messages) => {
    const { code, out, err } = await run('liquidations', file('mixed.json'), ...args);
    expect([code, out]).toEqual([2, '']);
    for (const message of messages) expect(err).toContain(message);
  });

  it('writes a page with four charts and the tables', async () => {
    const evil = { ...mixed, accounts: [{ ...mixed.accounts[0], id: '<b>&"x' }, ...mixed.accounts.slice(1)] };
    const { err } = await run('liquidations', put('evil.json', evil), '--html', file('page.html'));
    expect(err).toBe(`wrote ${file('page.html')}\n`);
    const html = readFileSync(file('page.html'), 'utf8');
    expect(html).not.toMatch(/<script|<link|@import|url\(|src=|https?:\/\/(?!www\.w3\.org\/)/);
    expect(html).toContain('&lt;b&gt;&amp;&quot;x');
    expect(html).not.toContain('<b>&');
    const { document } = parseHTML(html);
    const charts = [...document.querySelectorAll('svg')];
    expect(charts).toHaveLength(8);
    for (const svg of charts)
      for (const id of (svg.getAttribute('aria-labelledby') ?? '').split(' '))
        expect(document.getElementById(id)?.textContent?.length).toBeGreaterThan(10);
    const rows = (id: string): number => document.querySelectorAll(`section[aria-labelledby=${id}] tbody tr`).length;
    expect([rows('ill') + rows('near'), rows('map')]).toEqual([7, 4]);
    await run('liquidations', file('empty.json'), '--html', file('none.html'));
    expect(readFileSync(file('none.html'), 'utf8')).toContain('</html>');
  });
});

describe('the demo', () => {
  it('has the same prices in the report as the library, position by position', async () => {
    await run('demo', '--accounts', '300', '--out', file('venue.json'), '-q', '--json');
    const { accounts } = JSON.parse((await run('report', file('venue.json'), '--json')).out);
    const book = Book.fromJSON(readFileSync(file('venue.json'), 'utf8'));
    let found = 0;
    for (const { id, positions } of accounts) {
      const prices = liquidationPrices(book, id);
      for (const { market, bucket, side, liquidationPrice } of positions) {
        const price = prices.find((p) => p.market === market && p.bucket === bucket && p.side === side);
        for (const end of ['down', 'up'] as const) {
          const [got, want] = [liquidationPrice[end], price?.[end] as number | null];
          if (want === null) expect(got, `${id} ${market} ${end}`).toBeNull();
          else expect(Math.abs(got / want - 1), `${id} ${market} ${end}`).toBeLessThan(1e-12);
          if (want !== null) found += 1;
        }
      }
    }
    expect(found).toBeGreaterThan(200);
  });

  it('says who is next in line', async () => {
    const { out } = await run('demo', '--accounts', '500');
    expect(out).toMatch(
      /Next in line, by margin ratio\n Account +Nearest position +Ratio .* Move\n ─+\n( t\d{7} .* %\n){5}\n/,
    );
    expect((await run('demo', '--accounts', '500', '--top', '0')).out).not.toContain('Next in line');
  });
});

describe('explain', () => {
  const text = async (account: string): Promise<string> => (await run('explain', file('mixed.json'), account)).out;

  it('says the price, the tick on both sides, the bracket, the residuals and the method', async () => {
    const out = await text(LONG);
    expect(out).toContain('Liquidation prices, each with all that shares its underlying; the rest stays\n');
    expect(out).toContain('  BTC-PERP  long 5, mark 60,000: healthy\n');
    expect(out).toContain(
      '    down  58,414.17245 (-2.64 %), in bracket 3: liquidatable at 58,414, one tick closer, 58,414.5, it is healthy\n',
    );
    expect(out).toMatch(/ health -\S+ at it, \S+ one double before; found by 1 Newton step, margined \d+ times\n/);
    expect(out).toContain('    up    none: healthy up to 62,900,000,000\n');
  });

  it('names buckets, sides, and what would heal an account', async () => {
    expect(await text('split')).toContain('  BTC-INV in bucket 3  short 300, mark 60,000: healthy\n');
    expect(await text('hedged')).toContain('  BTC-PERP  short side 2.5, mark 60,000: healthy\n');
    expect(await text('hedged')).toContain('  ETH-PERP  nothing held, mark 3,000: healthy\n');
    const lost = await text('lost');
    expect(lost).toContain('BTC-PERP  long 5, mark 60,000: liquidatable now\n');
    expect(lost).toContain('liquidatable at 60,141, one tick further, 60,141.5, it is healthy again\n');
    expect(lost).toContain('up    none: from there on healthy up to');
    expect(await text('odd')).toContain('none: healthy down to 0.0573, on a grid, as health is not concave\n');
    expect(await text('split')).toMatch(/ 3,014\.608234 \(\+0\.49 %\), in bracket 1: liquidatable there and beyond\n/);
    expect(await text('owes')).not.toContain('Liquidation prices');
  });

  it('has them in JSON with their certificates, in the order of the positions', async () => {
    const book = Book.fromJSON(mixed);
    for (const { id } of mixed.accounts) {
      const { units } = JSON.parse((await run('explain', file('mixed.json'), id, '--json')).out);
      const prices = units.flatMap((unit: { bucket: number; positions: ReturnType<typeof JSON.parse>[] }) =>
        unit.positions.map(({ market, side, size, liquidationPrice }) => ({
          ...{ market, side, size, bucket: unit.bucket },
          ...liquidationPrice,
        })),
      );
      const want = liquidationPrices(book, id).map(({ mark, status, ...rest }) => rest);
      expect(prices).toEqual(want);
    }
  });

  it('of prices alone is a function of the library', () => {
    const [price] = liquidationPrices(Book.fromJSON(mixed), 'lost') as [LiquidationPrice];
    const never = { ...price.certificate.up, end: 120_000 };
    const lines = explainPrices([{ ...price, down: null, up: null, certificate: { down: never, up: never } }]);
    expect(lines).toContain('up    none: healthy at no price up to 120,000');
    const point = { price: 100, health: -1e-12 };
    const steps = {
      ...price.certificate.down,
      ...{ method: 'bracketed' as const, bracket: null, tick: null, liquidatable: point, visited: [point, point] },
      healthy: { price: 101, health: 1 },
    };
    const odd = explainPrices([{ ...price, mark: 110, status: 'healthy', certificate: { down: steps, up: never } }]);
    expect(odd).toContain('down  100 (-9.09 %): liquidatable there and beyond\n');
    expect(odd).toContain('found by a grid and bisection, as health is not concave along this price, margined');
    expect(odd).toContain('health changes side, or comes near 0, at 100, 100\n');
    const capped = explainPrices([
      { ...price, certificate: { down: { ...price.certificate.down, status: 'capped' }, up: never } },
    ]);
    expect(capped).toContain('found by bisection after 3 Newton steps');
  });
});
