// `var` on the command line: what it says of a book and of closes that a person can follow, methods side by side, missing data, JSON, the
// page, backtests, and the table of docs/var.md where the real closes lie beside the project.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, it } from 'vitest';
import { backtestRows } from './backtest-table.js';
import { Random } from './random-book.js';
import { run } from './terminal.js';

const coins = fileURLToPath(new URL('../examples/node/coins.json', import.meta.url));
const real = fileURLToPath(new URL('../../shared/data/crypto-daily-closes.csv', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cli-var-'));
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const DAYS = 400;
const dateOf = (day: number): string => new Date(Date.UTC(2022, 0, 1 + day)).toISOString().slice(0, 10);

/** Closes of two coins that move together, and of one that is listed late and has a gap. */
function closesText(days = DAYS, header = 'Date;BTC-USD;ETH-USD;SOL-USD'): string {
  const r = new Random(7);
  let [btc, eth, sol] = [20_000, 1_500, 30];
  const lines = Array.from({ length: days }, (_, day) => {
    const common = r.between(-0.03, 0.03);
    btc *= 1 + common;
    eth *= 1 + 1.3 * common + r.between(-0.01, 0.01);
    sol *= 1 + 1.5 * common + r.between(-0.03, 0.03);
    const late = day < 100 || (day >= 200 && day < 203);
    return `${dateOf(day)};${btc.toFixed(4)};${eth.toFixed(4)};${late ? '' : sol.toFixed(4)}`;
  });
  return `${header}\n${lines.join('\n')}\n`;
}
const closes = put('closes.csv', closesText());

/** Three scenarios of one coin: closes 100, 110, 99, 89.1 are moves of +10 %, -10 % and -10 %. */
const short = put('short.csv', 'Date;BTC-USD\n2022-01-01;100\n2022-01-02;110\n2022-01-03;99\n2022-01-04;79.2\n');
const market = (id: string, underlying: string, mark: number): object => ({
  id,
  kind: 'linear',
  underlying,
  settle: 'USD',
  mark,
  brackets: [{ upTo: null, maintenanceRate: 0.01 }],
});
const bookOf = (positions: object[], equity = 1_000): string =>
  JSON.stringify({
    format: 'margin-kernel/book@1',
    assets: [{ id: 'USD', price: 1 }],
    markets: [market('BTC-PERP', 'BTC', 100), market('SOL-PERP', 'SOL', 20), market('XRP-PERP', 'XRP', 1)],
    accounts: [{ id: 'a1', balances: { USD: equity }, positions }],
  });
const ten = put('ten.json', bookOf([{ market: 'BTC-PERP', size: 10, entry: 100 }]));

interface Answer {
  portfolio: { var: number; es: number; total: number; tail: { label: string; loss: number }[]; components: object[] };
  methods: { name: string; var: number; es: number; flags: string[] }[];
  accounts: { id: string; var: number; es: number; equity: number; worst: string | null }[];
  backtests?: {
    name: string;
    from: string;
    to: string;
    days: number;
    methods: { name: string; exceptionDays: string[] }[];
  }[];
  returns: {
    count: number;
    symbols: string[];
    report: { dropped: number; coins: { name: string; proxied: number }[] };
  };
  profits: number[];
}
const answer = async (...args: string[]): Promise<Answer> => {
  const { out, err, code } = await run('var', ...args, '--json');
  expect(code, err).toBeLessThan(2);
  return JSON.parse(out) as Answer;
};

describe('var', () => {
  it('says what ten coins lose in three days that a person can follow', async () => {
    const { out, code } = await run('var', ten, '--closes', short, '--confidence', '2/3');
    expect(code).toBe(0);
    // 1,000 dollars of coins: +100, -100 and -200; the tail is one scenario.
    expect(out).toContain('value at risk, 2/3         200.00  20.0 % of equity\n');
    expect(out).toContain('worst scenario             200.00  2022-01-04\n');
    expect(out).toContain(' 2022-01-04  200.00  100.00 %\n');
    expect(out).toMatch(/ BTC-PERP +10 +200\.00 +100\.0 % +20 +0\.00\n/);
    const { portfolio, profits, accounts } = await answer(ten, '--closes', short, '--confidence', '1/3');
    expect(profits.map((x) => Math.round(x * 1e6) / 1e6)).toEqual([100, -100, -200]);
    expect(portfolio.es).toBeCloseTo(150, 9);
    expect(portfolio.total).toBeCloseTo(portfolio.es, 9);
    expect(accounts[0]).toMatchObject({ id: 'a1', equity: 1_000, worst: '2022-01-04' });
  });

  it('ends with 1 where an account may lose more than it has', async () => {
    const poor = put('poor.json', bookOf([{ market: 'BTC-PERP', size: 10, entry: 100 }], 150));
    expect((await run('var', poor, '--closes', short, '--confidence', '2/3')).code).toBe(1);
  });

  it('measures by every method, each account and all together', async () => {
    const names = 'historical,age,filtered,normal,cornish-fisher,monte-carlo';
    const { methods, accounts, portfolio } = await answer(coins, '--closes', closes, '--method', names);
    expect(methods.map(({ name }) => name).join(',')).toBe(names);
    for (const { name, var: risk, es } of methods) {
      // Uniform moves of up to 3 % and a third more: 300,000 dollars can lose 6,000 to 13,000 a day.
      expect(risk, name).toBeGreaterThan(5_000);
      expect(risk, name).toBeLessThan(14_000);
      expect(es, name).toBeGreaterThanOrEqual(risk);
    }
    expect(accounts.map(({ id }) => id)).toEqual(['BTC', 'ETH', 'equal weights']);
    expect(portfolio.es).toBeLessThanOrEqual(accounts.reduce((sum, { es }) => sum + es, 0) + 1e-6);
    const normal = await answer(coins, '--closes', closes, '--method', 'normal');
    expect(normal.methods[0]?.es).toBe(methods[3]?.es);
    expect(normal.accounts[0]?.worst).toBe(null);
    const { out } = await run('var', coins, '--closes', closes, '--method', names, '--top', '2');
    expect(out).toContain('By method\n');
    expect(out).toMatch(/^ Monte Carlo, normal, 10,000 paths .* 10,000$/m);
    expect(out).toContain(' and 1 more account\n');
  });

  it('takes one account, a horizon, a window, other measures', async () => {
    const one = await answer(coins, '--closes', closes, '--account', 'BTC', '--horizon', '10d', '--window', '100');
    expect(one.accounts.map(({ id }) => id)).toEqual(['BTC']);
    expect(one.returns).toMatchObject({ count: 100, symbols: ['BTC'] });
    const daily = await answer(coins, '--closes', closes, '--account', 'BTC', '--window', '100', '--measure', 'var');
    expect(one.portfolio.var).toBeGreaterThan(1.5 * daily.portfolio.var);
    expect(daily.portfolio.total).toBeCloseTo(daily.portfolio.var, 6);
    const seventh = await answer(coins, '--closes', closes, '--type', '7', '--convention', 'beyond-type-7');
    const first = await answer(coins, '--closes', closes);
    expect(seventh.portfolio.var).toBeLessThan(first.portfolio.var);
    const garch = await answer(coins, '--closes', closes, '--method', 'filtered', '--volatility', 'garch');
    expect(garch.methods[0]?.var).toBeGreaterThan(5_000);
    const student = await answer(
      coins,
      '--closes',
      closes,
      '--method',
      'monte-carlo',
      '--student',
      '3',
      '--generator',
      'sobol',
      '--paths',
      '4096',
    );
    expect(student.portfolio.es).toBeGreaterThan(0);
  });
});

describe('data that is not there', () => {
  const sol = put(
    'sol.json',
    bookOf([
      { market: 'SOL-PERP', size: 10, entry: 20 },
      { market: 'BTC-PERP', size: 1, entry: 100 },
    ]),
  );
  it('is refused by name, and taken as the user says', async () => {
    const refused = await run('var', sol, '--closes', closes);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('closes.SOL');
    expect(refused.err).toContain('no return on 2022-01-02');
    const common = await answer(sol, '--closes', closes, '--gaps', 'common');
    expect(common.returns.report.dropped).toBe(104);
    const lent = await answer(sol, '--closes', closes, '--proxy', 'SOL=ETH');
    expect(lent.returns.report.coins.find(({ name }) => name === 'SOL')?.proxied).toBe(104);
    const carried = await run('var', sol, '--closes', closes, '--carry', '3', '--gaps', 'common');
    expect(carried.out).toContain('SOL: 3 closes carried over a gap.');
    expect((await run('var', sol, '--closes', closes, '--proxy', 'SOL=ETH')).out).toContain(
      'SOL: 104 returns of ETH stand in for its own.',
    );
  });

  it.each<[string, string[], RegExp]>([
    ['no closes', [], /needs --closes <file>/],
    ['a file that is not there', ['--closes', '/nowhere.csv'], /cannot read \/nowhere\.csv: no such file/],
    [
      'a method that nobody has',
      ['--closes', closes, '--method', 'historic'],
      /--method historic: there is no such method[\s\S]*Did you mean historical\?/,
    ],
    [
      'a horizon without a number',
      ['--closes', closes, '--horizon', 'week'],
      /--horizon week: expected days, such as 1d or 10d/,
    ],
    ['a percentage', ['--closes', closes, '--confidence', '99'], /A percentage is given as a share: 99 % is 0\.99/],
    [
      'a factor without a coin',
      ['--closes', closes, '--factor', 'BTC'],
      /--factor BTC: expected two names with = between them/,
    ],
    ['a factor that the closes do not have', ['--closes', closes, '--factor', 'BTC=DOGE'], /the closes have no DOGE/],
    ['a policy that nobody has', ['--closes', closes, '--gaps', 'zero'], /--gaps zero: there is no such policy/],
    [
      'a convention that nobody has',
      ['--closes', closes, '--convention', 'acerbi'],
      /--convention acerbi: there is no such convention/,
    ],
    [
      'one degree of freedom',
      ['--closes', closes, '--method', 'monte-carlo', '--student', '1'],
      /--student 1: expected degrees of freedom above 2/,
    ],
    ['a backtest of ten days', ['--closes', closes, '--backtest', '--horizon', '10d'], /--backtest is of single days/],
    ['each of nothing', ['--closes', closes, '--each'], /--each needs --backtest/],
    ['an account that is not there', ['--closes', closes, '--account', 'DOGE'], /there is no such id/],
    [
      'too few days to test',
      ['--closes', closes, '--backtest', '--from', dateOf(100)],
      /--backtest needs 250 returns before[\s\S]*Use --from/,
    ],
    [
      'a line that is no line',
      ['--closes', put('broken.csv', 'Date;BTC-USD\n2022-01-01;1;2\n')],
      /broken\.csv, line 2/,
    ],
  ])('says how to mend %s', async (_, args, message) => {
    const { code, err, out } = await run('var', coins, ...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });

  it('asks what a market moves with', async () => {
    const xrp = put('xrp.json', bookOf([{ market: 'XRP-PERP', size: 10, entry: 1 }]));
    const { err, code } = await run('var', xrp, '--closes', closes);
    expect(code).toBe(2);
    expect(err).toMatch(
      /XRP-PERP moves with XRP, of which .* has no closes[\s\S]*--factor XRP=\w+, or --factor XRP=still/,
    );
    const proxied = await answer(xrp, '--closes', closes, '--factor', 'XRP=ETH');
    expect(proxied.portfolio.es).toBeGreaterThan(0);
  });
});

describe('backtests', () => {
  it('forecast every day from the days before it, for the portfolio or for each account', async () => {
    const whole = await answer(
      coins,
      '--closes',
      closes,
      '--backtest',
      '--window',
      '100',
      '--method',
      'historical,filtered',
    );
    expect(whole.backtests?.map(({ name }) => name)).toEqual(['all accounts']);
    const [test] = whole.backtests ?? [];
    expect(test).toMatchObject({ days: DAYS - 1 - 100, from: dateOf(101), to: dateOf(DAYS - 1) });
    const each = await answer(coins, '--closes', closes, '--backtest', '--each', '--window', '100');
    expect(each.backtests?.map(({ name }) => name)).toEqual(['BTC', 'ETH', 'equal weights']);
    const { out } = await run('var', coins, '--closes', closes, '--backtest', '--window', '100', '--account', 'BTC');
    expect(out).toContain('Backtest of BTC: VaR at 99 %, USD\n');
  });

  it.skipIf(!existsSync(real))(
    'give the table of docs/var.md',
    async () => {
      const { backtests } = await answer(
        ...[
          coins,
          '--closes',
          real,
          '--backtest',
          '--each',
          '--window',
          '250',
          '--from',
          '2021-01-01',
          '--to',
          '2023-12-31',
        ],
        ...['--method', 'historical,age,filtered,monte-carlo'],
      );
      const page = readFileSync(new URL('../docs/var.md', import.meta.url), 'utf8');
      expect(page).toContain(backtestRows(backtests as never));
    },
    60_000,
  );
});

describe('the page', () => {
  it('has a drawing of profits, parts and accounts, tables, and each backtest, every id once', async () => {
    const html = join(folder, 'var.html');
    const { code } = await run(
      ...[
        'var',
        coins,
        '--closes',
        closes,
        '--method',
        'historical,normal',
        '--backtest',
        '--each',
        '--window',
        '100',
        '--html',
        html,
        '-q',
      ],
    );
    expect(code).toBe(0);
    const text = readFileSync(html, 'utf8');
    const { document } = parseHTML(text);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const id of ['profits', 'components', 'accounts-bars', 'tail', 'methods']) expect(ids).toContain(id);
    expect(text).not.toMatch(/NaN|undefined|https?:\/\/(?!www\.w3\.org)/);
    expect(document.querySelectorAll('svg').length).toBeGreaterThanOrEqual(2 * (3 + 3 * 2));
    expect([...document.querySelectorAll('h2')].map((h) => h.textContent)).toContain(
      'What the expected shortfall is made of (USD)',
    );
  });
});
