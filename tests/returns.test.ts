// Returns of closes: kinds, horizons, windows, what happens on days without a price, winsorising; and real closes of 14 coins.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Closes, parseCloses } from '../bindings/adapters/closes.ts';
import { type Returns, type ReturnsOptions, returnsOf, winsorise } from '../bindings/statistics.ts';
import { refusal, refusedAt } from './refusal.ts';

const DATA = new URL('../../shared/data/crypto-daily-closes.csv', import.meta.url);

/** BTC has all days, ETH a gap of two, SOL starts late and stops early. */
const closes = parseCloses(`Date;BTC-USD;ETH-USD;SOL-USD
2021-01-01;100;10;
2021-01-02;110;11;
2021-01-03;99;;4
2021-01-04;99;;5
2021-01-05;108.9;12.1;4
2021-01-06;98.01;12.1;
`);
const near = (x: ArrayLike<number>, digits = 12): unknown[] => Array.from(x, (value) => expect.closeTo(value, digits));
const of = (options: ReturnsOptions): Returns => returnsOf(closes, { least: 1, ...options });

describe('returns', () => {
  it('are simple or log, over one day or more', () => {
    const one = of({ names: ['BTC'] });
    expect(one.dates).toEqual(['2021-01-02', '2021-01-03', '2021-01-04', '2021-01-05', '2021-01-06']);
    expect(Array.from(one.columns[0]!)).toEqual(near([0.1, -0.1, 0, 0.1, -0.1]));
    const two = of({ names: ['BTC'], kind: 'log', horizon: 2 });
    expect(two).toMatchObject({
      kind: 'log',
      horizon: 2,
      dates: ['2021-01-03', '2021-01-04', '2021-01-05', '2021-01-06'],
    });
    expect(Array.from(two.columns[0]!)).toEqual(near([0.99, 0.9, 1.1, 0.99].map(Math.log)));
  });

  it('are of the days asked for, whether or not the table has them', () => {
    expect(of({ names: ['BTC'], from: '2021-01-03' }).dates[0]).toBe('2021-01-04');
    expect(of({ names: ['BTC'], from: '2020-06-01', to: '2021-01-03' }).dates).toEqual(['2021-01-02', '2021-01-03']);
    expect(of({ names: ['BTC'], to: '2029-01-01' }).dates.length).toBe(5);
    expect(refusedAt(() => of({ from: '2022-01-01' }))).toBe('range options.from');
    expect(refusedAt(() => of({ to: '2020-01-01' }))).toBe('range options.to');
    expect(refusedAt(() => of({ from: 'yesterday' }))).toBe('type options.from');
    expect(refusal(() => of({ from: '2021-01-05', horizon: 2 }))).toBe(
      'range at closes: got "2 days", expected more than 2 days from 2021-01-05 to the last',
    );
  });

  it('refuse a day without a price, and name it', () => {
    expect(refusal(() => of({}))).toBe(
      'missing-key at closes.ETH: got "no return on 2021-01-03", expected a price at both ends of every return. ' +
        'Bridge a gap with `carry`, lend it the returns of another coin with `proxies`, or keep common days: gaps "common"',
    );
  });

  it('keep the days on which all coins have one', () => {
    const { dates, columns, report } = of({ names: ['BTC', 'ETH'], gaps: 'common' });
    expect(dates).toEqual(['2021-01-02', '2021-01-06']);
    expect(Array.from(columns[0]!)).toEqual(near([0.1, -0.1]));
    expect(report).toMatchObject({ kept: 2, dropped: 3 });
    expect(report!.coins[1]).toEqual({
      name: 'ETH',
      first: '2021-01-01',
      last: '2021-01-06',
      carried: 0,
      proxied: 0,
      by: null,
      beta: null,
      lacking: 3,
    });
  });

  it('carry a price over a gap of at most so many days, never past the last one', () => {
    const { columns, report } = of({ names: ['BTC', 'ETH'], carry: 2 });
    expect(Array.from(columns[1]!)).toEqual(near([0.1, 0, 0, 0.1, 0]));
    expect(report!.coins[1]!.carried).toBe(2);
    expect(report).toMatchObject({ kept: 5, dropped: 0 });
    expect(refusedAt(() => of({ names: ['ETH'], carry: 1 }))).toBe('missing-key closes.ETH');
    expect(refusal(() => of({ names: ['SOL'], carry: 9 }))).toContain('no return on 2021-01-02');
  });

  it('are lent by another coin, counted', () => {
    const { columns, report } = of({ names: ['BTC', 'SOL'], proxies: { SOL: 'BTC' } });
    expect(Array.from(columns[1]!)).toEqual(near([0.1, -0.1, 0.25, -0.2, -0.1]));
    expect(report!.coins[1]).toMatchObject({ first: '2021-01-03', last: '2021-01-05', proxied: 3, by: 'BTC', beta: 1 });
    const twice = of({ names: ['SOL'], proxies: { SOL: { by: 'BTC', beta: 2 } } });
    // Twice the log return: a coin never loses more than all.
    expect(Array.from(twice.columns[0]!)).toEqual(near([0.21, -0.19, 0.25, -0.2, -0.19]));
    const logs = of({ names: ['SOL'], kind: 'log', proxies: { SOL: { by: 'BTC', beta: -0.5 } } });
    expect(logs.columns[0]![0]).toBeCloseTo(-0.5 * Math.log(1.1), 12);
    expect(refusal(() => of({ names: ['SOL'], proxies: { SOL: 'ETH' } }))).toContain(
      'Its proxy ETH has none either: gaps "common" leaves such days out',
    );
  });

  it('refuse proxies, names and options that are none', () => {
    expect(refusedAt(() => of({ names: ['SOL'], proxies: { SOL: 'SOL' } }))).toBe('conflict options.proxies.SOL');
    expect(refusedAt(() => of({ names: ['SOL'], proxies: { SOL: 'DOT' } }))).toBe('unknown-id options.proxies.SOL');
    expect(refusedAt(() => of({ names: ['BTC'], proxies: { SOL: 'BTC' } }))).toBe('unknown-key options.proxies.SOL');
    expect(refusedAt(() => of({ proxies: { SOL: { by: 'BTC', beta: 99 } } }))).toBe('range options.proxies.SOL.beta');
    expect(refusedAt(() => of({ proxies: 'ETH' as never }))).toBe('type options.proxies');
    expect(refusal(() => of({ names: ['BTX'] }))).toBe(
      'unknown-id at options.names[0]: got "BTX", expected a symbol of the table: BTC, ETH, SOL. Did you mean "BTC"?',
    );
    expect(refusedAt(() => of({ names: ['BTC', 'BTC'] }))).toBe('duplicate options.names[1]');
    expect(refusedAt(() => of({ names: [] }))).toBe('type options.names');
    expect(refusedAt(() => of({ gap: 'common' } as never))).toBe('unknown-key options.gap');
    expect(refusedAt(() => of({ gaps: 'zero' as never }))).toBe('type options.gaps');
    expect(refusedAt(() => of({ horizon: 1.5 }))).toBe('type options.horizon');
    expect(refusedAt(() => of({ carry: -1 }))).toBe('range options.carry');
    const wrong: Closes = { ...closes, prices: [Float64Array.of(1, 0, 1, 1, 1, 1), ...closes.prices.slice(1)] };
    expect(refusal(() => returnsOf(wrong, { names: ['BTC'] }))).toBe(
      'range at closes.BTC: got 0, expected a price above 0 on 2021-01-02, or NaN where there is none',
    );
  });

  it('name the coin that is why there are too few', () => {
    expect(refusal(() => of({ gaps: 'common' }))).toBe(
      'range at closes.ETH: got "0 returns", expected at least 1. ' +
        'It has none on 3 of 5 days: ask for other days, or for fewer coins',
    );
    expect(refusedAt(() => of({ names: ['SOL'], proxies: { SOL: 'BTC' }, least: 6 }))).toBe('range closes.SOL');
    const lent = parseCloses('Date;BTC-USD;NEW-USD\n2021-01-01;1;\n2021-01-02;2;\n2021-01-03;3;\n');
    expect(returnsOf(lent, { proxies: { NEW: 'BTC' } }).report!.coins[1]).toMatchObject({
      proxied: 2,
      first: null,
    });
  });
});

describe('winsorise', () => {
  const returns: Returns = {
    names: ['A'],
    dates: [],
    kind: 'simple',
    horizon: 1,
    columns: [Float64Array.from({ length: 101 }, (_, i) => (i === 0 ? -9 : i === 100 ? 9 : i / 100))],
  };

  it('draws the ends in to quantiles', () => {
    const { columns, bounds } = winsorise(returns, { lower: '0.01', upper: '0.99' });
    expect(bounds).toEqual([{ lower: 0.01, upper: 0.99, raised: 1, lowered: 1 }]);
    expect([columns[0]![0], columns[0]![1], columns[0]![100]]).toEqual([0.01, 0.01, 0.99]);
    expect(winsorise(returns, { upper: 0.9, type: 1 }).bounds[0]).toMatchObject({
      lower: null,
      raised: 0,
      lowered: 10,
    });
    expect(winsorise(returns, {}).columns[0]).toEqual(returns.columns[0]);
  });

  it('refuses bounds that are none', () => {
    expect(refusedAt(() => winsorise(returns, { lower: 0.9, upper: 0.1 }))).toBe('range lower');
    expect(refusedAt(() => winsorise(returns, { lower: 1 }))).toBe('range lower');
    expect(refusedAt(() => winsorise(returns, { upper: '0.9', type: 10 as 9 }))).toBe('range type');
  });
});

describe.skipIf(!existsSync(DATA))('closes of 14 coins from 2020 to 2023', () => {
  const table = existsSync(DATA) ? parseCloses(readFileSync(DATA, 'utf8')) : closes;
  const proxies = { SOL1: 'ETH', LUNA: { by: 'ETH', beta: 1.5 }, AVAX: 'ETH', MATIC: 'ETH', ALGO: 'ETH' };
  const finite = ({ columns, dates }: Returns): void => {
    for (const column of columns) {
      expect(column.length).toBe(dates.length);
      expect(column.every((x) => Number.isFinite(x) && x >= -1)).toBe(true);
    }
  };

  it('refuses the first coin with a missing day', () => {
    expect(refusal(() => returnsOf(table))).toContain('missing-key at closes.SOL1: got "no return on 2020-01-02"');
  });

  it('has the common days of all coins', () => {
    const common = returnsOf(table, { gaps: 'common' });
    finite(common);
    expect(common.names.length).toBe(14);
    expect([common.dates[0], common.dates[common.dates.length - 1]]).toEqual(['2021-09-21', '2022-10-09']);
    expect(common.report!.kept + common.report!.dropped).toBe(table.dates.length - 1);
    const days = common.report!.coins.find(({ name }) => name === 'SOL1')!;
    expect([days.first, days.last, days.lacking]).toEqual(['2021-09-20', '2022-10-09', common.report!.dropped]);
  });

  it('has all days with proxies, and says how many were lent', () => {
    const lent = returnsOf(table, { proxies });
    finite(lent);
    expect(lent.dates.length).toBe(table.dates.length - 1);
    const by = new Map(lent.report!.coins.map((coin) => [coin.name, coin]));
    expect(by.get('BTC')!.proxied).toBe(0);
    expect(by.get('SOL1')!.proxied).toBeGreaterThan(1000);
    expect(by.get('LUNA')).toMatchObject({ by: 'ETH', beta: 1.5 });
    const ten = returnsOf(table, { proxies, horizon: 10, kind: 'log' });
    expect(ten.dates.length).toBe(table.dates.length - 10);
  });

  it('carries AVAX over its gap, and no coin past its last day', () => {
    const names = ['BTC', 'AVAX'];
    const gap = returnsOf(table, { names, gaps: 'common' });
    const bridged = returnsOf(table, { names, gaps: 'common', carry: 100 });
    const [before, after] = [gap.report!.coins[1]!, bridged.report!.coins[1]!];
    expect(after.carried).toBeGreaterThan(0);
    expect(bridged.report!.kept).toBe(gap.report!.kept + before.lacking - after.lacking);
    expect(returnsOf(table, { names: ['LUNA'], gaps: 'common', carry: 3000 }).report!.coins[0]!.last).toBe(
      '2022-10-09',
    );
  });
});
