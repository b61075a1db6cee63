// Rolling backtests: nothing of the future is seen, every number is what the single tests say, and the figure and the table of one.
import { existsSync, readFileSync } from 'node:fs';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { parseCloses } from '../bindings/adapters/closes.js';
import { backtestText } from '../bindings/cli/backtest-text.js';
import { backtestCards, backtestFigure } from '../bindings/cli/html/backtest.js';
import { MarginError } from '../bindings/errors.js';
import { backtest as reference } from '../bindings/reference/var.js';
import { exceptionHistogram, thresholdOf } from '../bindings/statistics/backtest/overlapping.js';
import { beyond } from '../bindings/statistics/backtest/read.js';
import { wordSource } from '../bindings/statistics/backtest/words.js';
import * as statistics from '../bindings/statistics/empirical/shortfall.js';
import {
  acerbiSzekely,
  acerbiSzekelyChances,
  acerbiSzekelyCritical,
  baselZone,
  christoffersen,
  marginSwing,
  PUBLISHED_Z2,
  type RollingOptions,
  rollingBacktest,
  stoplightBounds,
  type TailHistory,
  type TailMethod,
} from '../bindings/statistics.js';
import { backtest as kernel } from '../bindings/var.js';
import { refusal, refusedAt } from './refusal.js';

/** Paths by number of exceptions from 0 on, of 20,000 with seed 1: numbers that no engine may change. */
const PINNED = [10892, 3950, 2274, 1316, 793, 402];

/** The k-th worst of the window, and the mean of the k worst. */
const historical: TailMethod = ({ pnl, tail }) => {
  const sorted = pnl.slice().sort();
  const k = Math.ceil(pnl.length * tail.value - 1e-9);
  const worst = Array.from(sorted.subarray(0, k));
  return { valueAtRisk: -(sorted[k - 1] ?? 0), shortfall: -worst.reduce((sum, gain) => sum + gain, 0) / k };
};
/** Twice the root mean square: VaR without a view of the tail. */
const normal: TailMethod = ({ pnl }) => {
  const deviation = Math.sqrt(pnl.reduce((sum, gain) => sum + gain * gain, 0) / pnl.length);
  return { valueAtRisk: 2 * deviation, shortfall: 2.4 * deviation };
};

/** Numbers without a pattern, the same every time. */
function noise(days: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: days }, (_, day) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const draw = state / 0x7fffffff - 0.5;
    return draw * draw * draw * (day % 100 > 70 ? 0.6 : 0.2);
  });
}

const returns = noise(700, 7);
const options: RollingOptions = { returns, methods: { historical, normal }, window: 200, confidence: '0.975' };

/** Every number below a value, with where it stands. */
function* numbersOf(value: unknown, path = ''): Generator<[path: string, number]> {
  if (typeof value === 'number') yield [path, value];
  else if (value !== null && typeof value === 'object') {
    const entries = ArrayBuffer.isView(value) ? Array.from(value as Float64Array).entries() : Object.entries(value);
    for (const [key, entry] of entries) yield* numbersOf(entry, `${path}.${key}`);
  }
}
const notFinite = (value: unknown): string[] =>
  [...numbersOf(value)].filter(([, x]) => !Number.isFinite(x)).map(([path]) => path);

describe('rollingBacktest', () => {
  const result = rollingBacktest(options);
  const [first, second] = result.methods;

  it('forecasts every day after the window, and nothing else', () => {
    expect([result.first, result.days, result.window, result.expected]).toEqual([200, 500, 200, 12.5]);
    expect(result.pnl).toEqual(returns.slice(200));
    expect(result.methods.map(({ name }) => name)).toEqual(['historical', 'normal']);
    for (const day of [0, 1, 123, 499]) {
      const pnl = returns.slice(day, day + 200);
      const want = historical({ pnl, tail: { value: 0.025 } } as TailHistory);
      expect(first?.valueAtRisk[day]).toBe(want.valueAtRisk);
      expect(first?.shortfall[day]).toBe(want.shortfall);
      expect(first?.hits[day]).toBe((returns[200 + day] ?? 0) < -want.valueAtRisk ? 1 : 0);
    }
  });

  it('says of the hits what the tests say', () => {
    for (const method of [first, second]) {
      if (!method) throw new Error('two methods');
      const { hits, exceptions } = method;
      expect(exceptions).toBe(hits.reduce((sum, hit) => sum + hit, 0));
      expect(exceptions).toBeGreaterThan(0);
      expect(method.christoffersen).toEqual(christoffersen(hits, '0.025'));
      expect(method.basel.all).toEqual(baselZone(500, exceptions, '0.025'));
      const recent = hits.slice(250).reduce((sum, hit) => sum + hit, 0);
      expect(method.basel.last).toEqual(baselZone(250, recent, '0.025'));
      expect(method.acerbiSzekely).toEqual(acerbiSzekely(result.pnl, method.valueAtRisk, method.shortfall, '0.025'));
      expect(method.procyclicality.peakToTrough).toEqual(marginSwing(method.valueAtRisk));
      expect(method.meanValueAtRisk).toBe(method.valueAtRisk.reduce((sum, x) => sum + x, 0) / 500);
    }
  });

  it('has a zone of each day, from the days up to it', () => {
    const { basel, hits } = first as NonNullable<typeof first>;
    for (const day of [30, 249, 250, 400, 499]) {
      const from = Math.max(0, day - 249);
      const recent = hits.slice(from, day + 1).reduce((sum, hit) => sum + hit, 0);
      expect(basel.byDay[day], String(day)).toBe(baselZone(day + 1 - from, recent, '0.025').zone);
    }
    // After two days no exception at all has a chance of 0.95: there is no green yet.
    expect(basel.byDay.slice(0, 4)).toEqual([null, null, 'green', 'green']);
    expect(basel.days.green + basel.days.yellow + basel.days.red).toBe(498);
  });

  it('gives a method the past alone', () => {
    const seen: TailHistory[] = [];
    const spy: TailMethod = (history) => {
      seen.push(history);
      return historical(history);
    };
    rollingBacktest({ ...options, methods: { spy } });
    expect(seen.length).toBe(500);
    for (const { pnl, day, returns: columns, holdings, confidence } of seen) {
      expect(Array.from(pnl)).toEqual(Array.from(returns.slice(day - 200, day)));
      expect([columns.length, columns[0]?.length, holdings[0], confidence]).toEqual([1, 200, 1, '0.975']);
    }
    const changed = returns.slice();
    changed.fill(-9, 600);
    const later = rollingBacktest({ ...options, returns: changed });
    expect(later.methods[0]?.valueAtRisk.slice(0, 401)).toEqual(first?.valueAtRisk.slice(0, 401));
    expect(later.methods[0]?.valueAtRisk[401]).not.toBe(first?.valueAtRisk[401]);
  });

  it('adds up a portfolio, with what is held on the day', () => {
    const [a, b] = [noise(300, 1), noise(300, 2)];
    const sum = a.map((x, day) => 2 * x - (b[day] ?? 0));
    const one = rollingBacktest({ returns: sum, methods: { historical } });
    const two = rollingBacktest({ returns: [a, b], holdings: [2, -1], methods: { historical } });
    expect(two.pnl).toEqual(one.pnl);
    expect(two.methods).toEqual(one.methods);
    // Held by day: the window is what today's holding would have made.
    const held = Float64Array.from(a, (_, day) => (day < 280 ? 2 : 4));
    const moving = rollingBacktest({ returns: [a], holdings: [held], methods: { historical } });
    const fixed = rollingBacktest({ returns: [a], holdings: [2], methods: { historical } });
    const at = (day: number): number =>
      (moving.methods[0]?.valueAtRisk[day] ?? 0) / (fixed.methods[0]?.valueAtRisk[day] ?? 0);
    expect([at(0), at(29), at(30), at(49)]).toEqual([1, 1, 2, 2]);
    expect(moving.pnl[30]).toBe(4 * (a[280] ?? 0));
  });

  it('a calm without end has no NaN', () => {
    const still = rollingBacktest({ returns: new Float64Array(300), methods: { historical, normal } });
    expect(notFinite(still)).toEqual([]);
    expect(still.methods[0]).toMatchObject({ exceptions: 0, meanValueAtRisk: 0 });
    expect(still.methods[0]?.acerbiSzekely).toMatchObject({ z1: null, z2: 1 });
    expect(still.methods[0]?.procyclicality).toMatchObject({ peakToTrough: { ratio: null }, volatility: null });
    // A fall after the calm: an exception beyond a shortfall of 0.
    const fall = rollingBacktest({ returns: new Float64Array(300).fill(-1, 299), methods: { historical } });
    expect(notFinite(fall)).toEqual([]);
    expect(fall.methods[0]).toMatchObject({ exceptions: 1, acerbiSzekely: { z1: null, z2: null, breaches: 1 } });
    expect(notFinite(rollingBacktest({ returns: [1, -1, 1], window: 1, methods: { historical } }))).toEqual([]);
    const gains = rollingBacktest({ returns: new Float64Array(300).fill(2), methods: { historical } });
    expect(notFinite(gains)).toEqual([]);
    expect(gains.methods[0]?.meanValueAtRisk).toBe(-2);
  });

  it('counts what forecasts are flagged with', () => {
    const flagged: TailMethod = ({ day }) => ({
      valueAtRisk: 1,
      shortfall: 1,
      flag: day < 203 ? 'young' : day < 205 ? 'old' : null,
    });
    expect(rollingBacktest({ ...options, methods: { flagged } }).methods[0]?.flags).toEqual([
      { flag: 'young', days: 3 },
      { flag: 'old', days: 2 },
    ]);
  });

  it('refuses, and names method and day', () => {
    const bad = (changes: object): string => refusal(() => rollingBacktest({ ...options, ...changes }));
    expect(bad({ returns: returns.slice(0, 200) })).toBe(
      'range at returns: got 200, expected more days than the window: at least 201. Shorten the window, or give more days',
    );
    expect(bad({ returns: [] })).toMatch(/^range at returns: got 0/);
    expect(bad({ returns: Float64Array.of(1, Number.NaN) })).toMatch(/^not-finite at returns\[1\]/);
    expect(bad({ returns: [returns, returns] })).toMatch(/^missing-key at holdings: expected what is held/);
    expect(bad({ returns: [returns, returns.slice(1)], holdings: [1, 1] })).toMatch(/^range at returns\[1\]: got 699/);
    expect(bad({ holdings: [1, 2] })).toMatch(/^range at holdings: got 2/);
    expect(bad({ holdings: [[1, 2]] })).toMatch(/^range at holdings\[0\]: got 2, expected one a day: 700/);
    expect(bad({ methods: {} })).toMatch(/^type at methods/);
    expect(bad({ methods: { a: 1 } })).toMatch(/^type at methods.a: got 1, expected a function of a history/);
    expect(bad({ confidence: 99 })).toMatch(/^range at confidence: got 99/);
    expect(bad({ window: 0 })).toMatch(/^range at window/);
    expect(bad({ labels: ['a'] })).toMatch(/^range at labels: got 1, expected a text a day: 700/);
    expect(bad({ methods: { broken: () => ({ valueAtRisk: Number.NaN, shortfall: 1 }) } })).toBe(
      'not-finite at methods.broken, day 200: valueAtRisk: got NaN, expected a finite number, losses positive',
    );
    expect(bad({ methods: { broken: () => ({ valueAtRisk: 1 }) } })).toMatch(
      /^type at methods.broken, day 200: shortfall/,
    );
    const labels = Array.from(returns, (_, day) => `d${day}`);
    const throwing: TailMethod = ({ day }) => {
      if (day === 300) throw new MarginError('range', { path: 'sample', got: 0 });
      return { valueAtRisk: 1, shortfall: 1 };
    };
    expect(bad({ labels, methods: { throwing } })).toBe('range at methods.throwing, day d300: sample: got 0');
  });
});

describe('stoplightBounds', () => {
  it('is exact for windows of one day', () => {
    expect(stoplightBounds({ observations: 250 })).toEqual({ maxGreen: 4, maxAmber: 9, method: 'exact', paths: 0 });
    expect(stoplightBounds({ observations: 1, levels: ['0.5', '0.9'] })).toMatchObject({ maxGreen: -1, maxAmber: -1 });
  });

  // QuantExt, test/stoplightbounds.cpp: 7 and 22 (simulated there too).
  it('is within one of the published number where windows overlap', () => {
    const { maxGreen, maxAmber, method } = stoplightBounds({ observations: 200, days: 10, paths: 200_000 });
    expect(method).toBe('simulated');
    expect(Math.abs(maxGreen - 7)).toBeLessThanOrEqual(1);
    expect(Math.abs(maxAmber - 22)).toBeLessThanOrEqual(1);
  });

  it('agrees with the binomial distribution where that is known', () => {
    const two = (correlation: number) =>
      stoplightBounds({ observations: 250, portfolios: 2, correlation, paths: 50_000, seed: 3 });
    // Twice the same; two that are apart and never both; two that have nothing to do with each other.
    const twice = two(1);
    expect([twice.maxGreen, twice.maxAmber]).toEqual([9, 19]);
    for (const correlation of [0, -1]) {
      const { maxGreen, maxAmber } = two(correlation);
      const exact = stoplightBounds({
        observations: correlation === 0 ? 500 : 250,
        confidence: correlation === 0 ? '0.99' : '0.98',
      });
      expect(Math.abs(maxGreen - exact.maxGreen)).toBeLessThanOrEqual(1);
      expect(Math.abs(maxAmber - exact.maxAmber)).toBeLessThanOrEqual(1);
    }
  });

  it('has exceptions as often as promised, and the same ones every time', () => {
    const overlap = {
      observations: 100,
      days: 5,
      portfolios: 1,
      factor: Float64Array.of(1),
      threshold: thresholdOf(beyond('0.99')),
      paths: 20_000,
    };
    const histogram = exceptionHistogram(overlap, wordSource(1, 1));
    const several = exceptionHistogram(
      { ...overlap, portfolios: 2, factor: Float64Array.of(1, 0, 0.5, Math.sqrt(0.75)) },
      wordSource(1, 1),
    );
    const mean = (counts: Uint32Array): number => counts.reduce((sum, paths, k) => sum + paths * k, 0) / 20_000;
    expect(mean(histogram)).toBeGreaterThan(0.97);
    expect(mean(histogram)).toBeLessThan(1.03);
    expect(Math.abs(mean(several) - 2)).toBeLessThan(0.06);
    expect(histogram.reduce((sum, paths) => sum + paths, 0)).toBe(20_000);
    expect(Array.from(histogram.slice(0, 6))).toEqual(PINNED);
    expect(exceptionHistogram(overlap, wordSource(2, 1))).not.toEqual(histogram);
  });

  it('refuses what can not be', () => {
    const bad = (changes: object): string =>
      refusedAt(() => stoplightBounds({ observations: 250, days: 10, ...changes }));
    expect(bad({ observations: 0 })).toBe('range observations');
    expect(bad({ paths: 10_001 })).toBe('range paths');
    expect(bad({ paths: 1 })).toBe('range paths');
    expect(bad({ seed: -1 })).toBe('range seed');
    expect(bad({ portfolios: 2, correlation: 2 })).toBe('range correlation');
    expect(bad({ portfolios: 3, correlation: -0.9 })).toBe('range correlation');
    expect(bad({ portfolios: 2, correlation: [[1]] })).toBe('range correlation');
    expect(bad({ confidence: 1 })).toBe('range confidence');
    expect(bad({ levels: ['0.95', 2] })).toBe('range levels[1]');
    expect(bad({ paths: 1e8, observations: 1e5 })).toBe('too-many undefined');
  });
});

describe('critical values of Z1 and Z2', () => {
  it('are the published ones of 97.5 % and 250 days', () => {
    const { z2 } = acerbiSzekelyCritical({ observations: 250, p: '0.025' });
    expect(z2).toBeCloseTo(PUBLISHED_Z2['0.05'], 1);
    const rare = acerbiSzekelyCritical({ observations: 250, p: '0.025', paths: 200_000 }, '0.0001');
    expect(Math.abs((rare.z2 ?? 0) - PUBLISHED_Z2['0.0001'])).toBeLessThan(0.1);
  });

  it('chances go with them', () => {
    const options = { observations: 250, p: '0.025', paths: 20_000 };
    const { z1, z2 } = acerbiSzekelyCritical(options);
    const chances = acerbiSzekelyChances({ z1, z2 }, options);
    expect(chances.z1).toBeCloseTo(0.05, 3);
    expect(chances.z2).toBeCloseTo(0.05, 3);
    expect(acerbiSzekelyChances({ z1: null, z2: 1 }, options)).toEqual({ z1: null, z2: 1 });
    expect(refusedAt(() => acerbiSzekelyChances({ z1: 0, z2: 0 }, { ...options, observations: 0 }))).toBe(
      'range observations',
    );
    expect(refusedAt(() => acerbiSzekelyCritical({ ...options, observations: 1e6, paths: 1e7 }))).toBe(
      'too-many paths',
    );
  });
});

describe('a rolling backtest for people', () => {
  const labels = Array.from(returns, (_, day) => new Date(Date.UTC(2022, 0, 1 + day)).toISOString().slice(0, 10));
  const result = rollingBacktest({ ...options, methods: { 'his<t>': historical, normal }, labels });

  it('as text', () => {
    const text = [...backtestText(result, { colour: false, columns: 100 }, { title: 'BTC' })].join('');
    expect(text).toContain('Backtest of BTC: VaR at 97.5 %\n');
    expect(text).toContain('500 days from 2022-07-20 to 2023-12-01, each forecast from the 200 before it\n');
    const [head = '', , one = ''] = text.split('\n').slice(3);
    expect(head.trim().split(/ {2,}/)).toEqual(
      'Method|Mean VaR|Mean ES|Exceptions|Basel|Latest|Kupiec|Order|Both|Z1|Z2|Peak/low|5-day rise'.split('|'),
    );
    const [method] = result.methods;
    expect(one.trim().split(/ {2,}/).slice(0, 6)).toEqual([
      'his<t>',
      `${(100 * (method?.meanValueAtRisk ?? 0)).toFixed(2)} %`,
      `${(100 * (method?.meanShortfall ?? 0)).toFixed(2)} %`,
      String(method?.exceptions),
      method?.basel.all.zone,
      method?.basel.last.zone,
    ]);
    expect(text).toContain('12.5 exceptions are expected of 500 days.');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it('as text without dates, in money, and where nothing can be told', () => {
    const calm = rollingBacktest({ returns: new Float64Array(300), methods: { historical } });
    const text = [...backtestText(calm, { colour: false, columns: 100 }, { unit: 'USD' })].join('');
    expect(text).toContain('Backtest of portfolio: VaR at 99 %, USD\n50 days, each forecast');
    expect(text).toMatch(/ historical +0 +0 +0 +green +green +0\.316 +1\.000 +/);
    expect(text).toContain('historical: no exception has a day after it; no loss was beyond VaR');
  });

  it('as a page that needs nothing else', () => {
    const page = backtestFigure(result, { title: '<BTC>' });
    const { document } = parseHTML(page);
    expect(page).not.toMatch(/https?:(?!\/\/www\.w3\.org\/)|<script|NaN|undefined|Infinity/);
    expect(document.querySelector('h1')?.textContent).toBe('Backtest: <BTC>');
    const drawn = [...document.querySelectorAll('#backtest-BTC ~ .wide circle')];
    const days = new Set(result.methods.flatMap(({ hits }) => Array.from(hits, (hit, day) => (hit ? day : -1))));
    days.delete(-1);
    expect(drawn.length).toBe(days.size);
    expect(drawn[0]?.querySelector('title')?.textContent).toMatch(/^2022-\d\d-\d\d: -\d+\.\d\d %, beyond .+ \(\d/);
    // A stroke in a lane is an exception.
    const lanes = document.querySelector('#zones-BTC ~ .wide path[stroke="var(--ink)"]')?.getAttribute('d') ?? '';
    expect(lanes.split('M').length - 1).toBe(result.methods.reduce((sum, { exceptions }) => sum + exceptions, 0));
    expect([...document.querySelectorAll('tbody tr')].length).toBe(2);
    expect(document.querySelector('tbody td')?.textContent).toBe('his<t>');
    expect([...backtestCards(result)].length).toBe(3);
  });

  it('as a page of days without names, and of one day', () => {
    const short = rollingBacktest({ returns: [0.1, -0.1, -0.2], window: 2, methods: { historical } });
    expect(backtestFigure(short)).not.toMatch(/NaN|undefined|Infinity/);
    const plain = rollingBacktest({ ...options, returns: returns.slice(0, 300) });
    expect(backtestFigure(plain)).toContain('>Traffic light<');
  });
});

describe.each([
  ['kernel', kernel],
  ['reference', reference],
])('methods by name, on the %s', (_, backtest) => {
  const columns = [noise(330, 11), noise(330, 12).map((x, day) => x + 0.3 * (noise(330, 11)[day] ?? 0))];
  const past = { returns: columns, holdings: [3, -1], confidence: '0.975' };
  const names = ['historical', 'age', 'filtered', 'normal', 'cornish-fisher', 'monte-carlo'] as const;
  const result = backtest({ ...past, methods: names });
  const of = (name: string) => result.methods.find((method) => method.name === name) as (typeof result.methods)[number];
  const window = result.pnl.length;

  it('are what their samples say on the first day', () => {
    const pnl = (columns[0] as Float64Array).slice(0, 250).map((x, day) => 3 * x - (columns[1]?.[day] ?? 0));
    const { valueAtRisk, shortfall } = statistics.sampleShortfall(pnl, '0.975');
    expect([of('historical').valueAtRisk[0], of('historical').shortfall[0]]).toEqual([valueAtRisk, shortfall]);
    const deviation = Math.sqrt(pnl.reduce((sum, x) => sum + (x - pnl.reduce((a, b) => a + b, 0) / 250) ** 2, 0) / 249);
    expect(of('normal').valueAtRisk[0]).toBeCloseTo(1.959963984540054 * deviation, 12);
    expect(of('normal').shortfall[0]).toBeCloseTo(2.337802792201 * deviation, 10);
    expect(window).toBe(80);
    expect(notFinite(result)).toEqual([]);
  });

  it('keep the order of VaR and shortfall', () => {
    for (const { name, valueAtRisk, shortfall } of result.methods) {
      expect(
        valueAtRisk.every((loss, day) => loss > 0 && loss <= (shortfall[day] ?? 0)),
        name,
      ).toBe(true);
    }
  });

  it('simulate what a normal distribution would say, whatever the unit', () => {
    const sample = { method: 'monte-carlo', estimator: 'sample', paths: 40_000 } as const;
    const simulated = backtest({ ...past, returns: columns.map((x) => x.slice(0, 252)), methods: { sample } });
    for (const day of [0, 1]) {
      const ratio = (simulated.methods[0]?.valueAtRisk[day] ?? 0) / (of('normal').valueAtRisk[day] ?? 1);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
    }
    // Money instead of returns: a thousand times as much of all, and no loss stops at -1.
    const large = backtest({ ...past, returns: columns.map((x) => x.map((y) => 1024 * 1024 * y)), methods: names });
    for (const { name, valueAtRisk } of large.methods) {
      valueAtRisk.forEach((loss, day) => {
        expect(loss / (of(name).valueAtRisk[day] ?? 1) / 1048576, name).toBeCloseTo(1, 9);
      });
    }
  });

  it('have options, and refuse others', () => {
    const short = { ...past, returns: columns.map((x) => x.slice(0, 253)) };
    const { methods } = backtest({
      ...short,
      methods: {
        slow: { method: 'filtered', decay: 0.99 },
        garch: { method: 'filtered', volatility: 'garch' },
        young: { method: 'age', decay: 0.9 },
        fat: { method: 'monte-carlo', distribution: { student: 3 }, seed: 7 },
        own: historical,
      },
    });
    expect(methods.map(({ name }) => name)).toEqual(['slow', 'garch', 'young', 'fat', 'own']);
    expect(methods[2]?.valueAtRisk).not.toEqual(of('age').valueAtRisk.slice(0, 3));
    expect(notFinite(methods)).toEqual([]);
    const bad = (given: unknown): string => refusal(() => backtest({ ...short, methods: given as never }));
    expect(bad(['historic'])).toMatch(
      /^type at methods\[0\].method: got "historic", expected one of historical, age, .*Did you mean "historical"/,
    );
    expect(bad(['age', 'age'])).toBe('duplicate at methods[1]: got "age", expected each name once');
    expect(bad({ a: { method: 'normal', decay: 0.9 } })).toMatch(/^unknown-key at methods.a.decay/);
    expect(bad({ a: { method: 'age', decay: 2 } })).toMatch(/^range at methods.a.decay/);
    expect(bad({ a: { method: 'monte-carlo', paths: 1 } })).toMatch(/^range at methods.a.paths/);
    expect(bad({ a: 3 })).toMatch(/^type at methods.a: got 3, expected an object/);
    expect(bad('age')).toMatch(/^type at methods/);
  });

  it('say which method can not forecast a calm, on which day', () => {
    const calm = { returns: new Float64Array(260), window: 250 };
    expect(refusal(() => backtest({ ...calm, methods: ['filtered'] }))).toMatch(
      /^range at methods.filtered, day 250: returns/,
    );
    for (const name of ['historical', 'age', 'normal', 'cornish-fisher', 'monte-carlo'] as const) {
      const still = backtest({ ...calm, methods: [name] });
      expect(notFinite(still), name).toEqual([]);
      expect(still.methods[0]?.meanValueAtRisk, name).toBe(0);
    }
  });
});

it('named methods have the same bits on both engines', () => {
  const past = {
    returns: [noise(270, 5), noise(270, 6)],
    holdings: [1, 1],
    methods: ['filtered', 'monte-carlo'] as const,
  };
  expect(kernel(past)).toEqual(reference(past));
});

const closesFile = new URL('../../shared/data/crypto-daily-closes.csv', import.meta.url);

describe.skipIf(!existsSync(closesFile))('three years of real closes', () => {
  const { prices, symbols, dates } = parseCloses(readFileSync(closesFile, 'utf8'));
  const columns = ['BTC', 'ETH'].map((name) => {
    const column = prices[symbols.indexOf(name)] as Float64Array;
    return Float64Array.from(
      { length: column.length - 1 },
      (_, day) => (column[day + 1] ?? 0) / (column[day] ?? 1) - 1,
    );
  });

  it('take seconds, and keep what is known of the methods', () => {
    const start = performance.now();
    const { methods, days } = kernel({
      returns: columns,
      holdings: [0.6, 0.4],
      labels: dates.slice(1),
      methods: {
        historical: 'historical',
        age: 'age',
        filtered: 'filtered',
        simulated: { method: 'monte-carlo', estimator: 'ewma' },
      },
    });
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(days).toBe(1210);
    const [calm, , filteredOne, simulated] = methods;
    expect(calm?.basel.all.zone).toBe('green');
    // Normal numbers at today's volatility have too thin a tail for coins.
    expect(simulated?.christoffersen.coverage.pValue).toBeLessThan(0.01);
    // What follows volatility is the more procyclical one.
    expect(filteredOne?.procyclicality.peakToTrough.ratio).toBeGreaterThan(
      2 * (calm?.procyclicality.peakToTrough.ratio ?? 0),
    );
  });
});
