// The command line as its users meet it: exit codes, stable keys, messages, tables and pages.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookJSON } from '../bindings/book/types.js';
import { collect, largest } from '../bindings/cli/collect.js';
import { money, percent, seconds, short, wrap } from '../bindings/cli/format.js';
import { reachText } from '../bindings/cli/reach-text.js';
import type { Terminal } from '../bindings/cli/terminal.js';
import { accountMargin, Book } from '../bindings/index.js';
import { equityAtRisk, type LadderColumns, liquidationLadder, marketViews } from '../bindings/watch.js';
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
const UNIT_KEYS = [
  'bucket',
  'status',
  'equity',
  'collateral',
  'initialMargin',
  'maintenanceMargin',
  'notional',
  'marginRatio',
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
      const { id, status, equity, collateral, initialMargin, maintenanceMargin, notional, marginRatio, units } =
        accountMargin(book, account.id);
      expect(account).toMatchObject({
        id,
        status,
        equity,
        collateral,
        initialMargin,
        maintenanceMargin,
        notional,
      });
      if (units.length === 1) expect([account.marginRatio, account.units]).toEqual([marginRatio, undefined]);
      else expect(account.units.map(Object.keys)).toEqual(units.map(() => UNIT_KEYS));
      for (const position of account.positions) {
        expect(Object.keys(position)).toEqual(expect.arrayContaining(POSITION_KEYS));
        expect(Object.keys(position.liquidationPrice)).toEqual(['down', 'up']);
      }
    }
    const [position] = report.accounts[0].positions;
    expect(position).toMatchObject({ market: 'BTC/USDT:USDT', size: 0.5, mark: 15880.8, notional: 0.5 * 15880.8 });
    expect(position.unrealizedPnl).toBeCloseTo(0.5 * (15880.8 - 20500), 8);
    expect(position.maintenanceMargin).toBeCloseTo(0.004 * 0.5 * 15880.8, 8);
    // 3000.5 + 0.5 (x - 20500) = 0.004 * 0.5 x
    expect(position.liquidationPrice.down).toBeCloseTo((0.5 * 20500 - 3000.5) / (0.5 * 0.996), 6);
    expect(position.liquidationPrice.up).toBeNull();
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

  it('says which bucket is to be liquidated, with the ratio of each; the account has the riskiest', async () => {
    const bucket = (balance: number): object => ({ ...isolated.buckets[0], balances: { USDT: balance } });
    const accounts = [
      { ...isolated, id: 'thin', buckets: [bucket(92)] },
      { ...isolated, id: 'lost', buckets: [{ ...bucket(500) }, { ...bucket(10), bucket: 7 }] },
      { ...isolated, id: 'empty', balances: {}, buckets: [bucket(500)] },
    ];
    const path = put('buckets.json', { ...calm, accounts });
    const report = JSON.parse((await run('report', path, '--json', '--top', '0')).out);
    const book = Book.fromJSON({ ...calm, accounts } as BookJSON);
    for (const account of report.accounts) {
      const { units } = accountMargin(book, account.id);
      expect(account.units).toEqual(units.map(({ inexact, health, ...rest }) => rest));
    }
    const [thin, lost, empty] = report.accounts;
    expect(thin.units.map(({ status }: { status: string }) => status)).toEqual(['healthy', 'liquidatable']);
    expect(thin.marginRatio).toBe(thin.units[1].marginRatio);
    expect(thin.marginRatio).toBeGreaterThan(1);
    expect((await run('report', path)).out).toMatch(
      new RegExp(`thin +liquidatable in 1 .* ${(100 * thin.marginRatio).toFixed(1)} %`),
    );
    expect(lost.units[2]).toMatchObject({ bucket: 7, status: 'bankrupt', marginRatio: null });
    expect(lost.marginRatio).toBeNull();
    expect(empty.marginRatio).toBe(empty.units[1].marginRatio);
    expect(empty.units[0].marginRatio).toBeNull();
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

  it('has markets with what their moves would liquidate, and equity at risk, as the library has them', async () => {
    await run('demo', '--accounts', '400', '--out', file('venue.mkb'), '-q', '--json');
    const { markets, equityAtRisk: risk, totals } = JSON.parse((await run('report', file('venue.mkb'), '--json')).out);
    const book = Book.decode(readFileSync(file('venue.mkb')));
    const views = marketViews(book);
    const shares = [0.01, 0.02, 0.05, 0.1, 0.2];
    const moves = [...shares.map((share) => -share).reverse(), ...shares];
    const ladder = liquidationLadder(book, { moves });
    expect(risk).toEqual(equityAtRisk(book));
    expect(totals).toEqual(views.fund.totals);
    expect(markets).toHaveLength(book.markets);
    const entry = (columns: LadderColumns, i: number): Record<keyof LadderColumns, number | undefined> => ({
      positions: columns.positions[i],
      units: columns.units[i],
      notional: columns.notional[i],
      unitNotional: columns.unitNotional[i],
    });
    let liquidated = 0;
    for (const [m, { moves: at, kind, ...market }] of markets.entries()) {
      const held = (views.positions[m] as number) > 0;
      expect(market).toEqual({
        id: book.marketId(m),
        mark: book.store.columns.market.mark[m],
        openInterest: { long: views.openInterest.long[m], short: views.openInterest.short[m] },
        notional: { long: views.notional.long[m], short: views.notional.short[m] },
        positions: views.positions[m],
        accounts: views.accounts[m],
        initialMargin: views.initialMargin[m],
        maintenanceMargin: views.maintenanceMargin[m],
        liquidatable: entry(ladder.now, m),
      });
      expect(typeof kind).toBe('string');
      expect(at).toHaveLength(held ? moves.length : 0);
      for (const [k, move] of at.entries()) {
        const i = m * moves.length + k;
        const { notional, unitNotional, ...counts } = entry(ladder.cumulative, i);
        expect(move).toMatchObject({ share: moves[k], price: ladder.price[i], ...counts });
        // Sums of finer steps.
        expect(move.notional).toBeCloseTo(notional ?? 0, 6);
        expect(move.unitNotional).toBeCloseTo(unitNotional ?? 0, 6);
        liquidated += move.units;
      }
    }
    expect(liquidated).toBeGreaterThan(100);
  });

  it('has the markets of which a small move would liquidate most', async () => {
    const { out } = await run('demo', '--accounts', '2000', '--top', '3');
    expect(out).toMatch(/\nEquity at risk, USD: a move of one market liquidates the unit\n +Units +Equity +Notional\n/);
    expect(out).toMatch(/\n liquidatable now +\d+ .*\n within 1 % .*\n within 2 % .*\n within 5 % /);
    expect(out).toMatch(
      /\nLiquidated by a move of the market within 5 %, USD at the mark\n.*\n.*\n(.*%.*\n){3} and \d+ more markets\n/,
    );
    const none = (await run('demo', '--accounts', '2000', '--top', '0')).out;
    expect(none).not.toContain('Equity at risk');
    expect((await run('report', put('calm.json', { ...calm, accounts: [] }))).out).not.toContain('Equity at risk');
    const book = Book.fromJSON(calm);
    const report = collect(book, { title: '', top: 1, buildSeconds: 0 });
    const unsolved = [...reachText(report, null, 1, { colour: false, columns: 80 } as Terminal)].join('');
    expect(unsolved).toContain('margin-kernel liquidations, --html and --json have it');
  });

  it('is a table for people', async () => {
    const { out, err } = await run('report', put('stormy.json', stormy));
    expect(err).toBe('');
    expect(out).toContain('3 accounts; 4 margin units, 2 positions; 1 market, 1 asset');
    expect(out).toMatch(/maintenance margin +38\.11/);
    expect(out).toMatch(/Account +Status +Equity.*\n ─+\n a2 /);
    expect(out).toMatch(/BTC\/USDT:USDT +linear +15,880\.8 +7,940 +1,588 +6,352 +2/);
    expect(out).toMatch(/To liquidate: 1 account\n {2}a2/);
    expect(out).toMatch(/margined in \d+ ms\n/);
    const none = await run('report', file('stormy.json'), '--top', '0');
    expect(none.out).not.toContain('Riskiest');
  });
});

describe('exposure', () => {
  it('shows the net where it is not 0, and says what is left out', async () => {
    const [market] = calm.markets as [object];
    const markets = ['A', 'B', 'C'].map((id) => ({ ...market, id }));
    const hold = (size: number): object[] => ['A', 'B'].map((id) => ({ market: id, size, entry: 15000 }));
    const accounts = [2, -2].map((size) => ({ id: `a${size}`, balances: { USDT: 9999 }, positions: hold(size) }));
    const even = (await run('report', put('even.json', { ...calm, markets, accounts }), '--top', '1')).out;
    expect(even).toMatch(/Long +Short +Accounts\n/);
    expect(even).toContain(' and 1 more market; left out: 1 without positions\n');
    const odd = (await run('report', put('odd.json', { ...calm, markets, accounts: accounts.slice(1) }))).out;
    expect(odd).toMatch(/Long +Short +Net +Accounts\n/);
    expect(odd).toContain('\n left out: 1 without positions\n');
  });
});

describe('explain', () => {
  const text = async (book: object, account: string): Promise<string> =>
    (await run('explain', put('explained.json', book), account)).out;

  it('says which unit is in danger, each with its own ratio', async () => {
    const out = await text(stormy, 'a2');
    const [head] = out.split('\n');
    expect(head).toBe(
      'Account a2 (USD): bankrupt in bucket 1. Worst margin ratio none (no positive collateral) in bucket 1. ' +
        'All units together: equity 421.92, maintenance margin 6.35',
    );
    expect(out).toContain('\nCross: healthy, equity 500.00, margin ratio 0.00 %\n');
    const bucket = { ...isolated.buckets[0], balances: { USDT: 94 } };
    const thin = await text({ ...calm, accounts: [{ ...isolated, buckets: [bucket] }] }, 'a2');
    expect(thin).toMatch(/^Account a2 \(USD\): liquidatable in bucket 1\. Worst margin ratio 107\.30 % in bucket 1\./);
    expect(thin).toContain('\nIsolated bucket 1: liquidatable, equity 5.92, margin ratio 107.30 %\n');
  });

  it('has collateral, margin and health at each level, so that a warning can be followed', async () => {
    const assets = [...calm.assets, { id: 'BTC', price: 100, assetWeight: { initial: 0.5, maintenance: 0.9 } }];
    const [market] = calm.markets as [object];
    const accounts = [
      { id: 'w', balances: { BTC: 1 }, positions: [{ market: 'BTC/USDT:USDT', size: 0.8, cost: 0.8 * 15880.8 }] },
    ];
    const out = await text({ ...calm, assets, markets: [market], accounts }, 'w');
    expect(out).toContain('Cross: warning, equity 100.00, margin ratio 56.47 %');
    expect(out).toContain('initial: collateral 50.00 - margin 101.64 = health -51.64');
    expect(out).toContain('maintenance: collateral 90.00 - margin 50.82 = health 39.18');
    expect(out).toContain('counts initial 50.00 (weight 50.00 %) | maintenance 90.00 (weight 90.00 %)');
    expect(out).toContain('long 0.8, entry 15,880.8, mark 15,880.8, notional 12,704.64');
  });

  it('has amounts of two decimals, sizes as they are, and no entry where nothing was paid', async () => {
    const positions = [{ market: 'BTC/USDT:USDT', size: 0.00000125, cost: 0 }];
    const out = await text({ ...calm, accounts: [{ id: 'z', balances: { USDT: 28258.75 }, positions }] }, 'z');
    expect(out).toContain('long 0.00000125, no entry (cost 0), mark 15,880.8, notional 0.020');
    expect(out).toContain('requires initial 0.00016 | maintenance 0.000079');
    expect(out).toContain('USDT  28,258.75 + PnL 0.019851, at 1 = 28,258.77');
    expect(out).not.toMatch(/\d\.\d*[1-9]0000/);
  });

  it('says that no fill is worse where none is', async () => {
    const assets = [...calm.assets, { id: 'BTC', price: 15880.8, assetWeight: 0.9 }];
    const spot = { id: 'BTC/USDT', kind: 'spot', base: 'BTC', quote: 'USDT', mark: 15880.8, spotOrders: 'fill' };
    const sell = (market: string, size: number): object => ({ market, side: 'sell', size, price: 16000 });
    const account = {
      id: 's',
      balances: { BTC: 1 },
      positions: [{ market: 'BTC/USDT:USDT', size: 1, entry: 15000 }],
      orders: [sell('BTC/USDT', 0.5), sell('BTC/USDT:USDT', 0.5)],
    };
    const book = { ...calm, assets, markets: [...calm.markets, spot], accounts: [account] };
    const out = await text(book, 's');
    expect(out).toContain('spot orders: bids 0, asks 0.5; no fill is worse\n');
    expect(out).toContain('open orders: bids 0, asks 0.5; no fill is worse\n');
    expect(out).not.toContain('bids fill');
    const [unit] = JSON.parse((await run('explain', file('explained.json'), 's', '--json')).out).units;
    expect(unit.spotOrders[0].outcome.maintenance).toBe('none');
    expect(unit.positions[0].orders).toMatchObject({ outcome: 'none', sizeAfter: 1 });
    const short = await text({ ...book, accounts: [{ ...account, balances: { BTC: -1, USDT: 9e4 } }] }, 's');
    expect(short).toContain('if all asks fill: BTC -23,821.20, cash 7,940.40 at every level');
  });

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
    expect(err).toContain('margin-kernel: there is a key that nobody reads (unknown-key)\n');
    expect(err).toContain(`file      ${path}`);
    expect(err).toContain('where     accounts[0].positons');
    expect(err).toMatch(/mend +Did you mean "positions"\?/);
    const wrong = put('wrong.json', { ...calm, assets: [{ id: 'USDT', price: -1 }] });
    const said = (await run('report', wrong)).err;
    expect(said).toMatch(/where +assets\[0\]\.price/);
    expect(said).toMatch(/got +-1/);
    expect(said).toMatch(/expected +\S/);
    expect(said).not.toMatch(/mend|note/);
    const damaged = Book.fromJSON(calm).encode();
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(file('damaged.mkb'), damaged);
    const corrupt = (await run('report', file('damaged.mkb'))).err;
    expect(corrupt).toMatch(/^margin-kernel: the file is damaged \(corrupt\)\n/);
    expect(corrupt).toMatch(/note +The bytes were changed/);
    expect(corrupt).not.toContain('mend');
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
    for (const command of ['demo', 'report', 'liquidations', 'explain', 'waterfall']) {
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

  it('has six charts in two widths, each with a title and a description', () => {
    const { document } = parseHTML(html);
    const charts = [...document.querySelectorAll('svg')];
    expect(charts).toHaveLength(12);
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

  it('has a heat map of what moves would liquidate, and the ladder of one market', () => {
    const { document } = parseHTML(html);
    const drawing = (name: string): Element =>
      [...document.querySelectorAll('svg')].find((svg) =>
        svg.getAttribute('aria-labelledby')?.startsWith(name),
      ) as Element;
    for (const [at, rows, cells] of [
      ['wide', 16, 40],
      ['narrow', 12, 20],
    ] as const) {
      const rects = [...drawing(`map-${at}`).querySelectorAll('rect')];
      const coloured = rects.filter((rect) => rect.getAttribute('fill')?.startsWith('var'));
      expect(rects.length - coloured.length).toBe(rows);
      expect(coloured.length).toBeGreaterThan((rows * cells) / 3);
      expect(coloured.length).toBeLessThanOrEqual(rows * cells);
      for (const css of ['fall', 'rise'])
        expect(coloured.some((rect) => rect.getAttribute('fill') === `var(--${css})`)).toBe(true);
      expect(drawing(`ladder-${at}`).querySelectorAll('rect').length).toBeGreaterThan(10);
    }
    expect(document.querySelector('#map-wide-desc')?.textContent).toMatch(
      /A fall of 5 % of every market.* makes \S+M so/,
    );
    expect(document.querySelectorAll('section[aria-labelledby=map] tbody tr')).toHaveLength(47);
    expect(document.querySelectorAll('section[aria-labelledby=map] .ramp i').length).toBeGreaterThanOrEqual(6);
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

  it('draws margin units by collateral, and says where those without a requirement are', async () => {
    const path = put('page.json', {
      ...stormy,
      assets: [...calm.assets, { id: 'BTC', price: 100, assetWeight: 0 }],
      accounts: [
        ...stormy.accounts,
        { id: 'owes', balances: { USDT: -1 } },
        { id: 'weightless', balances: { BTC: 9 }, positions: [{ market: 'BTC/USDT:USDT', size: 0.1, entry: 15880.8 }] },
      ],
    });
    await run('report', path, '--html', file('units.html'));
    const { document } = parseHTML(readFileSync(file('units.html'), 'utf8'));
    const said = document.querySelector('#scatter-wide-desc')?.textContent ?? '';
    expect(said).toContain('4 margin units');
    expect(said).toContain('On the left edge: 1 unit with a debt and no requirement.');
    expect(said).toContain('Not drawn: 2 units without a requirement');
    expect(said).toContain('On the lower edge: 3 units');
    const dots = (status: string): number =>
      (document.querySelector(`.wide .dots.few.${status}`)?.getAttribute('d') ?? '').split('M').length - 1;
    // The bankrupt bucket and the debt; what has equity but no collateral is liquidatable too.
    expect([dots('liquidatable'), dots('bankrupt')]).toEqual([1, 2]);
  });

  it('has bars of ratios in the colours of the statuses, the last one without an end', () => {
    const { document } = parseHTML(html);
    const [wide] = [...document.querySelectorAll('svg')].filter((svg) =>
      svg.getAttribute('aria-labelledby')?.startsWith('ratios-wide'),
    );
    const fills = [...(wide?.querySelectorAll('rect') ?? [])].map((rect) => rect.getAttribute('fill'));
    expect(new Set(fills)).toEqual(
      new Set(['healthy', 'warning', 'liquidatable', 'bankrupt'].map((status) => `var(--${status})`)),
    );
    expect(wide?.textContent).toContain('120 % and more');
  });

  it('scrolls its tables, also by the keyboard', () => {
    const { document } = parseHTML(html);
    for (const table of document.querySelectorAll('table')) {
      expect(table.parentElement?.className).toBe('scroll');
      expect(table.parentElement?.getAttribute('tabindex')).toBe('0');
    }
    expect(html).toMatch(/\.scroll \{\s*overflow-x: auto/);
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

  it.skipIf(!existsSync('/dev/full'))('says so where its answer cannot be written', () => {
    const { status, stderr } = spawn([], `"$NODE" "$CLI" report '${put('calm.json', calm)}' > /dev/full`);
    expect(stderr).toMatch(/^margin-kernel: cannot write the output: ENOSPC.*\n$/);
    expect(status).toBe(2);
  });

  it('reads UTF-8 and nothing that would become it', () => {
    const text = JSON.stringify(calm).replace('"a1"', '"caf\xe9"');
    writeFileSync(file('latin1.json'), Buffer.from(text, 'latin1'));
    const { status, stderr } = spawn(['report', file('latin1.json')]);
    expect([status, stderr]).toEqual([
      2,
      `margin-kernel: ${file('latin1.json')} is not UTF-8\n  Convert it: iconv -f latin1 -t utf8\n`,
    ]);
  });

  it('names the file that is wrong', () => {
    writeFileSync(file('closes.csv'), '\n');
    const { stderr } = spawn(['var', put('calm.json', calm), '--closes', file('closes.csv')]);
    expect(stderr).toContain('closes.csv, line 1');
    expect(stderr).not.toContain('calm.json');
  });

  it.skipIf(process.platform === 'win32')('reads a book from stdin', () => {
    put('stormy.json', stormy);
    const { stdout } = spawn([], `"$NODE" "$CLI" report - --json < '${file('stormy.json')}'`);
    expect(JSON.parse(String(stdout)).liquidatable).toEqual(['a2']);
  });
});
