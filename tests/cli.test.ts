// The command line as its users meet it: exit codes, stable keys, messages, tables and pages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookJSON } from '../bindings/book/types.js';
import { largest } from '../bindings/cli/collect.js';
import { money, percent, seconds, short, wrap } from '../bindings/cli/format.js';
import { accountMargin, Book } from '../bindings/index.js';
import { run } from './terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);
const put = (name: string, value: unknown): string => {
  writeFileSync(file(name), typeof value === 'string' ? value : JSON.stringify(value));
  return file(name);
};

const calm: BookJSON = {
  format: 'margin-kernel/book@1',
  numeraire: 'USD',
  time: '2022-11-09T00:00:00Z',
  assets: [{ id: 'USDT', price: 1 }],
  markets: [
    {
      id: 'BTC/USDT:USDT',
      kind: 'linear',
      settle: 'USDT',
      mark: 15880.8,
      brackets: [{ upTo: null, maintenanceRate: 0.004, initialRate: 0.008 }],
    },
  ],
  accounts: [
    { id: 'a1', balances: { USDT: '3000.50' }, positions: [{ market: 'BTC/USDT:USDT', size: 0.5, entry: 20500 }] },
    { id: '<b>&"x', balances: { USDT: 5 } },
  ],
};
/** Cross is well, bucket 1 is bankrupt. */
const isolated = {
  id: 'a2',
  balances: { USDT: 500 },
  buckets: [{ bucket: 1, balances: { USDT: 10 }, positions: [{ market: 'BTC/USDT:USDT', size: -0.1, entry: 15000 }] }],
};
const stormy: BookJSON = { ...calm, accounts: [...calm.accounts, isolated] };

const ACCOUNT_KEYS = [
  'id',
  'status',
  'equity',
  'collateral',
  'initialMargin',
  'maintenanceMargin',
  'notional',
  'marginRatio',
  'positions',
];
const POSITION_KEYS = [
  'market',
  'size',
  'mark',
  'notional',
  'unrealizedPnl',
  'initialMargin',
  'maintenanceMargin',
  'liquidationPrice',
];
const TOTAL_KEYS = ['equity', 'collateral', 'initialMargin', 'maintenanceMargin', 'notional', 'deficit'];

describe('report', () => {
  it('exits 0 when nothing is liquidatable, 1 when something is', async () => {
    expect((await run('report', put('calm.json', calm))).code).toBe(0);
    expect((await run('report', put('stormy.json', stormy))).code).toBe(1);
  });

  it('has stable keys and the numbers of the library', async () => {
    const { out } = await run('report', put('stormy.json', stormy), '--json');
    const report = JSON.parse(out);
    const book = Book.fromJSON(stormy);
    expect(Object.keys(report)).toEqual(expect.arrayContaining(['accounts', 'liquidatable', 'totals']));
    expect(Object.keys(report.totals)).toEqual(expect.arrayContaining(TOTAL_KEYS));
    expect(report.liquidatable).toEqual(['a2']);
    for (const account of report.accounts) {
      expect(Object.keys(account)).toEqual(expect.arrayContaining(ACCOUNT_KEYS));
      const { id, status, equity, collateral, initialMargin, maintenanceMargin, notional, marginRatio } = accountMargin(
        book,
        account.id,
      );
      expect(account).toMatchObject({
        id,
        status,
        equity,
        collateral,
        initialMargin,
        maintenanceMargin,
        notional,
        marginRatio,
      });
      for (const position of account.positions) {
        expect(Object.keys(position)).toEqual(expect.arrayContaining(POSITION_KEYS));
        expect(position.liquidationPrice).toEqual({ down: null, up: null });
      }
    }
    const [position] = report.accounts[0].positions;
    expect(position).toMatchObject({ market: 'BTC/USDT:USDT', size: 0.5, mark: 15880.8, notional: 0.5 * 15880.8 });
    expect(position.unrealizedPnl).toBeCloseTo(0.5 * (15880.8 - 20500), 8);
    expect(position.maintenanceMargin).toBeCloseTo(0.004 * 0.5 * 15880.8, 8);
  });

  it('adds units up and takes the worst status', async () => {
    const { accounts } = JSON.parse((await run('report', put('stormy.json', stormy), '--json')).out);
    const a2 = accounts.find(({ id }: { id: string }) => id === 'a2');
    expect(a2.status).toBe('bankrupt');
    expect(a2.equity).toBeCloseTo(500 + 10 - 0.1 * 880.8, 8);
    expect(a2.positions[0].bucket).toBe(1);
    const text = (await run('report', file('stormy.json'))).out;
    expect(text).toMatch(/a2\s+bankrupt in 1/);
  });

  it('has null for a ratio without collateral, and rows of orders are no positions', async () => {
    const order = { market: 'BTC/USDT:USDT', side: 'buy' as const, size: 1, price: 15000 };
    const book: BookJSON = { ...calm, accounts: [{ id: 'debt', balances: { USDT: -1 }, orders: [order] }] };
    const { accounts } = JSON.parse((await run('report', put('debt.json', book), '--json')).out);
    expect(accounts[0]).toMatchObject({ status: 'bankrupt', marginRatio: null, positions: [] });
  });

  it('reads the binary form, and an empty book', async () => {
    writeFileSync(file('stormy.mkb'), Book.fromJSON(stormy).encode());
    const [json, bytes] = [
      await run('report', put('stormy.json', stormy), '--json'),
      await run('report', file('stormy.mkb'), '--json'),
    ];
    expect(bytes.out).toBe(json.out);
    const empty = put('empty.json', { ...calm, accounts: [], markets: [], assets: [] });
    expect((await run('report', empty)).code).toBe(0);
    expect(JSON.parse((await run('report', empty, '--json')).out)).toMatchObject({ accounts: [], liquidatable: [] });
  });

  it('counts exposure long and short, a short of a prediction by what it risks, an account once', async () => {
    const market = {
      id: 'YES',
      kind: 'prediction' as const,
      settle: 'USDT',
      mark: 0.3,
      brackets: [{ upTo: null, maintenanceRate: 0.1 }],
    };
    const hold = (size: number): object => ({ market: 'YES', size, entry: 0.3, side: size > 0 ? 'long' : 'short' });
    const accounts = [{ id: 'a', balances: { USDT: 100 }, positions: [hold(10), hold(-20)] }];
    const { exposure, size } = JSON.parse(
      (await run('report', put('yes.json', { ...calm, markets: [market], accounts }), '--json')).out,
    );
    expect(size.positions).toBe(2);
    expect(exposure).toEqual([{ market: 'YES', kind: 'prediction', mark: 0.3, long: 3, short: 14, accounts: 1 }]);
  });

  it('is a table for people', async () => {
    const { out, err } = await run('report', put('stormy.json', stormy));
    expect(err).toBe('');
    expect(out).toContain('3 accounts; 4 margin units, 2 positions; 1 market, 1 asset');
    expect(out).toMatch(/maintenance margin +38\.11/);
    expect(out).toMatch(/Account +Status +Equity.*\n ─+\n a2 /);
    expect(out).toMatch(/BTC\/USDT:USDT +linear +15,880\.8 +7,940 +1,588 +6,352 +2/);
    expect(out).toMatch(/To liquidate: 1 account\n {2}a2/);
    const none = await run('report', file('stormy.json'), '--top', '0');
    expect(none.out).not.toContain('Riskiest');
  });
});

describe('explain', () => {
  it('takes an account apart', async () => {
    const { code, out } = await run('explain', put('calm.json', calm), 'a1');
    expect(code).toBe(0);
    expect(out).toContain('Account a1 (USD): ');
    const { account, units } = JSON.parse((await run('explain', file('calm.json'), 'a1', '--json')).out);
    expect(account).toBe('a1');
    expect(units[0].positions[0].binding.maintenance.rate).toBe(0.004);
    expect((await run('explain', put('stormy.json', stormy), 'a2')).code).toBe(1);
  });

  it('names the nearest account', async () => {
    const { code, err } = await run('explain', put('calm.json', calm), 'a3');
    expect(code).toBe(2);
    expect(err).toContain('Did you mean "a1"?');
  });
});

describe('what is wrong', () => {
  it.each<[string, string[], string[]]>([
    ['a command', ['reprot'], ['unknown command reprot', 'Did you mean report?']],
    ['an option', ['report', 'x', '--jsn'], ['unknown option --jsn', 'Did you mean --json?']],
    ['an option before the command', ['--hlep'], ['unknown option --hlep', 'Did you mean --help?']],
    ['no book', ['report'], ['report needs <book>']],
    ['two books', ['report', 'a', 'b'], ['takes no argument "b"']],
    ['no value', ['report', 'x', '--top'], ['--top needs a value']],
    ['an option for a value', ['report', 'x', '--html', '--json'], ['--html needs a value']],
    ['a switch with a value', ['report', 'x', '--json=yes'], ['--json takes no value']],
    ['a word for a number', ['demo', '--accounts', 'many'], ['--accounts many', 'whole number from 1']],
    ['nothing to make', ['demo', '--accounts', '0'], ['whole number from 1']],
    ['a missing file', ['report', 'nope.json'], ['cannot read nope.json', 'no such file']],
    ['a folder', ['report', '.'], ['cannot read .', 'folder']],
    ['half of a real venue', ['demo', '--date', '2022-11-09'], ['--brackets, --closes and --date together']],
    ['an option twice', ['demo', '--seed', '1', '--seed', '2'], ['--seed is given twice']],
  ])('%s: exits 2 and says how to mend it', async (_, args, messages) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    for (const message of messages) expect(err).toContain(message);
    expect(args.includes('--json') ? '' : out).toBe('');
  });

  it('a book: exits 2 and says code, file, where, got, expected and how to mend it', async () => {
    const path = put('bad.json', { ...calm, accounts: [{ id: 'a', positons: [] }] });
    const { code, err } = await run('report', path);
    expect(code).toBe(2);
    expect(err).toContain('margin-kernel: unknown-key');
    expect(err).toContain(`file      ${path}`);
    expect(err).toContain('where     accounts[0].positons');
    expect(err).toMatch(/mend +Did you mean "positions"\?/);
    const wrong = put('wrong.json', { ...calm, assets: [{ id: 'USDT', price: -1 }] });
    const said = (await run('report', wrong)).err;
    expect(said).toMatch(/where +assets\[0\]\.price/);
    expect(said).toMatch(/got +-1/);
    expect(said).toMatch(/expected +\S/);
  });

  it('with --json the error is an object on stdout too', async () => {
    const { code, out } = await run('report', put('bad.json', '{'), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({ code: 'syntax', file: file('bad.json') });
    expect(JSON.parse((await run('report', 'nope.json', '--json')).out).error).toMatchObject({ code: 'usage' });
  });

  it('a truncated binary book, a page that can not be written', async () => {
    writeFileSync(file('half.mkb'), Book.fromJSON(calm).encode().slice(0, 200));
    expect(await run('report', file('half.mkb'))).toMatchObject({ code: 2, out: '' });
    const { code, err } = await run('report', put('calm.json', calm), '--html', file('no/such/page.html'));
    expect(code).toBe(2);
    expect(err).toContain('cannot write');
  });
});

describe('help', () => {
  it('is there for the program and each command', async () => {
    expect((await run('--help')).out).toContain('demo exits 0 whatever it finds');
    expect(await run('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
    for (const command of ['demo', 'report', 'explain']) {
      const { code, out } = await run(command, '--help');
      expect(code).toBe(0);
      expect(out).toContain(`margin-kernel ${command}`);
      expect(out).toContain('Exit status: 0');
    }
    expect(await run()).toMatchObject({ code: 2, out: '' });
  });
});

describe('the page', () => {
  let html = '';
  beforeAll(async () => {
    await run('demo', '--accounts', '8000', '--html', file('demo.html'), '--quiet');
    html = readFileSync(file('demo.html'), 'utf8');
  });

  it('needs nothing but itself', () => {
    expect(html).not.toMatch(/<script|<link|@import|url\(|src=|https?:\/\/(?!www\.w3\.org\/)/);
    expect(html.length).toBeLessThan(500_000);
  });

  it('has four charts in two widths, each with a title and a description', () => {
    const { document } = parseHTML(html);
    const charts = [...document.querySelectorAll('svg')];
    expect(charts).toHaveLength(8);
    for (const svg of charts) {
      expect(svg.getAttribute('role')).toBe('img');
      for (const id of (svg.getAttribute('aria-labelledby') ?? '').split(' ')) {
        expect(document.getElementById(id)?.textContent?.length).toBeGreaterThan(10);
      }
    }
    expect(document.querySelectorAll('table').length).toBeGreaterThanOrEqual(2);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('draws every account that is not healthy, and a sample of the others', async () => {
    const { counts } = JSON.parse((await run('demo', '--accounts', '8000', '--json', '--quiet')).out);
    const { document } = parseHTML(html);
    const dots = (status: string): number =>
      (document.querySelector(`.wide .dots.${status}`)?.getAttribute('d') ?? '').split('M').length - 1;
    // Points on the same half pixel are drawn once.
    expect(dots('liquidatable')).toBeGreaterThan(0.8 * counts.liquidatable);
    expect(dots('bankrupt')).toBeGreaterThan(0.5 * counts.bankrupt);
    expect(dots('healthy')).toBeLessThanOrEqual(5000);
  });

  it('lets no id become markup', async () => {
    await run('report', put('calm.json', calm), '--html', file('calm.html'));
    const page = readFileSync(file('calm.html'), 'utf8');
    expect(page).toContain('&lt;b&gt;&amp;&quot;x');
    expect(page).not.toContain('<b>&');
    const { document } = parseHTML(page);
    expect(document.querySelector('h1')?.textContent).toContain('calm.json');
  });

  it('stands without accounts', async () => {
    await run('report', put('empty.json', { ...calm, accounts: [] }), '--html', file('empty.html'));
    expect(readFileSync(file('empty.html'), 'utf8')).toContain('</html>');
  });
});

describe('words and numbers', () => {
  it('have one form', () => {
    expect([money(1234567.891), money(-0.001), short(1_234_567), percent(0.1234), percent(1, 0)]).toEqual([
      '1,234,567.89',
      '0.00',
      '1.23M',
      '12.3 %',
      '100 %',
    ]);
    expect([seconds(0.0001), seconds(0.25), seconds(1.5), seconds(75)]).toEqual(['1 ms', '250 ms', '1.50 s', '75.0 s']);
    expect(wrap('one two three', 8, '  ')).toBe('  one\n  two\n  three');
  });

  it('the largest come first, infinite ones too', () => {
    const keys = [1, Number.POSITIVE_INFINITY, 3, Number.POSITIVE_INFINITY, 2];
    expect(largest(Uint32Array.from([0, 1, 2, 3, 4]), (row) => keys[row] as number, 3)).toEqual([1, 3, 2]);
    expect(largest(new Uint32Array(), () => 0, 3)).toEqual([]);
  });
});

const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
describe.skipIf(!existsSync(program))('the program', () => {
  const spawn = (args: string[], command = ''): ReturnType<typeof spawnSync> =>
    command === ''
      ? spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
      : spawnSync('sh', ['-c', command], {
          encoding: 'utf8',
          env: { ...process.env, NODE: process.execPath, CLI: program },
        });

  it('hands its answer to the process', () => {
    expect(spawn(['report', put('stormy.json', stormy)]).status).toBe(1);
    expect(spawn(['report', put('calm.json', calm)]).status).toBe(0);
    expect(spawn(['report', 'nope.json']).status).toBe(2);
    expect(spawn(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.skipIf(process.platform === 'win32')('outlives a reader that leaves early', () => {
    const { status, stdout, stderr } = spawn([], '"$NODE" "$CLI" demo --accounts 3000 --json | head -n 1 | wc -l');
    expect(status).toBe(0);
    expect(String(stdout).trim()).toBe('1');
    expect(stderr).toBe('');
  });

  it.skipIf(process.platform === 'win32')('reads a book from stdin', () => {
    put('stormy.json', stormy);
    const { stdout } = spawn([], `"$NODE" "$CLI" report - --json < '${file('stormy.json')}'`);
    expect(JSON.parse(String(stdout)).liquidatable).toEqual(['a2']);
  });
});
