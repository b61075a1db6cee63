// Backtests of value at risk and expected shortfall: published tables, exact arithmetic, what must hold of every count, and what is
// refused or can not be told.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as statistics from '../bindings/statistics.js';
import {
  acerbiSzekely,
  backtestErrors,
  baselStarts,
  baselZone,
  binomialCdf,
  binomialProbability,
  binomialTail,
  christoffersen,
  christoffersenFrom,
  independence,
  kupiec,
  kupiecRegion,
  largestIncrease,
  marginVolatility,
  PUBLISHED_Z2,
  peakToTrough,
  type Transitions,
  transitions,
} from '../bindings/statistics.js';
import { refusal, refusedAt } from './refusal.js';

const SEED = 20260214;
const check = (property: fc.IRawProperty<unknown>): void => {
  fc.assert(property as fc.IRawProperty<unknown, false>, { seed: SEED, numRuns: 300 });
};
const near = (got: number | null, want: number, relative = 1e-12): void => {
  expect(Math.abs((got ?? Number.NaN) / want - 1), `${got} against ${want}`).toBeLessThan(relative);
};
/** 0 log 0 = 0, of the host: the formulas restated. */
const xlog = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y));

describe('binomial', () => {
  /** C(n, k) a^k (b - a)^(n - k) / b^n in whole numbers. */
  const exact = (n: number, k: number, a: bigint, b: bigint): number => {
    let ways = 1n;
    for (let i = 1n; i <= BigInt(k); i++) ways = (ways * (BigInt(n) - i + 1n)) / i;
    const above = ways * a ** BigInt(k) * (b - a) ** BigInt(n - k);
    return Number((above << 900n) / b ** BigInt(n)) / 2 ** 450 / 2 ** 450;
  };

  it('is exact arithmetic to 1e-13', () => {
    for (const [n, a, b] of [
      [1, 1n, 100n],
      [15, 1n, 3n],
      [17, 1n, 40n],
      [60, 1n, 2n],
      [250, 1n, 100n],
      [250, 99n, 100n],
    ] as const) {
      let sum = 0;
      for (let k = 0; k <= n; k++) {
        const want = exact(n, k, a, b);
        sum += want;
        if (want < 1e-200) continue;
        near(binomialProbability(n, k, `${a}/${b}`), want, 1e-13);
        near(binomialCdf(n, k, `${a}/${b}`), sum, 1e-12);
      }
    }
  });

  // mpmath 1.3.0 with 40 digits.
  it('does not underflow over a million days', () => {
    near(binomialProbability(1e6, 10_500, '0.01'), 1.575289547793473e-8, 1e-13);
    near(binomialTail(1e6, 10_500, '0.01'), 3.158565879247228e-7, 1e-12);
    near(binomialCdf(1e6, 9000, '0.01'), 8.35041591692376e-25, 1e-12);
    expect(binomialProbability(1e6, 25_000, '0.01')).toBe(0);
    expect(binomialCdf(1e9, 5e8, '0.5')).toBeCloseTo(0.5, 4);
  });

  it('tails are what distributions leave', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 999 }), fc.nat(), (n, mills, at) => {
        const k = at % (n + 1);
        const p = `${mills}/1000`;
        const below = k === 0 ? 0 : binomialCdf(n, k - 1, p);
        expect(below + binomialTail(n, k, p)).toBeCloseTo(1, 12);
        expect(binomialTail(n, k, p)).toBeCloseTo(binomialCdf(n, n - k, `${1000 - mills}/1000`), 11);
      }),
    );
  });

  it('ends are certain', () => {
    expect(binomialCdf(0, 0, '0.01')).toBe(1);
    expect(binomialProbability(0, 0, '0.01')).toBe(1);
    expect(binomialTail(250, 0, '0.01')).toBe(1);
    expect(binomialCdf(250, 250, '0.99')).toBe(1);
    near(binomialProbability(250, 250, '0.99'), 0.08105851616218142);
    near(binomialProbability(250, 0, '0.01'), 0.08105851616218142);
  });

  // Jorion, Value at Risk (3rd edition), chapter 6.
  it('errors of both types', () => {
    const { typeI, typeII } = backtestErrors(250, 4, '0.01', '0.03');
    near(typeI, 0.1078123730963749);
    near(typeII, 0.12820171530324392);
    expect(backtestErrors(250, 250, '0.01', '0.03')).toEqual({ typeI: 0, typeII: 1 });
  });

  it('refuses what is no count and no rate', () => {
    expect(refusal(() => binomialCdf(250.5, 1, '0.01'))).toBe(
      'type at observations: got 250.5, expected a whole number from 0 to 1000000000',
    );
    expect(refusedAt(() => binomialCdf(250, 251, '0.01'))).toBe('range exceptions');
    expect(refusedAt(() => binomialCdf(250, Number.NaN, '0.01'))).toBe('not-finite exceptions');
    expect(refusedAt(() => binomialCdf(250, -1, '0.01'))).toBe('range exceptions');
    expect(refusedAt(() => binomialCdf(1e10, 1, '0.01'))).toBe('range observations');
    expect(refusal(() => binomialCdf(250, 1, 1))).toBe(
      'range at p: got 1, expected a rate of exceptions strictly between 0 and 1, such as "0.01" or "1/100"',
    );
    for (const p of [0, -0.01, 1.5, '1e-300', '0.9999999999999']) {
      expect(
        refusedAt(() => binomialCdf(250, 1, p)),
        String(p),
      ).toBe('range p');
    }
    expect(refusedAt(() => binomialCdf(250, 1, Number.NaN))).toBe('not-finite p');
    expect(refusedAt(() => binomialCdf(250, 1, 'one'))).toBe('type p');
    expect(refusedAt(() => backtestErrors(250, 4, '0.01', 3))).toBe('range wrong');
  });
});

describe('Kupiec', () => {
  it.each([
    // Jorion, chapter 6: J.P. Morgan 1998; MathWorks Risk Management Toolbox, varbacktest.pof; no and only exceptions.
    [252, 20, '0.05', 3.9125508275532184],
    [1043, 57, '0.05', 0.46146639532895506],
    [1043, 17, '0.01', 3.511812860706897],
    [250, 0, '0.01', 5.025167926750725],
    [250, 250, '0.01', 2302.5850929940457],
    [1_000_000, 10_500, '0.01', 24.84601533410023],
    [5000, 1, '0.001', 4.78432652363486],
  ])('of %i days and %i exceptions at %s is %d', (days, hits, p, ratio) => {
    near(kupiec(days, hits, p).statistic, ratio, 3e-11);
  });

  it('says how likely a right model looks worse', () => {
    expect(kupiec(1043, 57, '0.05').pValue).toBeCloseTo(0.4969394476803891, 10);
    expect(kupiec(1_000_000, 10_000, '0.01')).toEqual({ statistic: 0, pValue: 1, undetermined: null });
    expect(kupiec(250, 250, '0.01').pValue).toBe(0);
  });

  it('is the formula, never negative, and the same of days without an exception', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 999 }), fc.nat(), (days, mills, at) => {
        const hits = at % (days + 1);
        const p = mills / 1000;
        const { statistic } = kupiec(days, hits, p);
        const formula =
          -2 *
          (xlog(days - hits, 1 - p) + xlog(hits, p) - xlog(days - hits, 1 - hits / days) - xlog(hits, hits / days));
        expect(statistic).toBeGreaterThanOrEqual(0);
        expect(statistic).toBeCloseTo(formula, 7);
        near(
          kupiec(days, days - hits, `${1000 - mills}/1000`).statistic ?? 0,
          statistic ?? 0,
          hits === days * p ? Infinity : 1e-9,
        );
      }),
    );
  });

  it('says nothing of no days', () => {
    expect(kupiec(0, 0, '0.01')).toEqual({ statistic: null, pValue: null, undetermined: 'no day was observed' });
  });

  // P. H. Kupiec (1995), P. Jorion, table 6-2, whose bounds are open; 0 exceptions of 255 days at 1 % are rejected.
  it('keeps the published numbers', () => {
    const rows = [255, 510, 1000].map((days) =>
      ['0.01', '0.025', '0.05', '0.075', '0.1'].map((p) => {
        const { min, max } = kupiecRegion(days, p);
        return `${min}-${max}`;
      }),
    );
    expect(rows).toEqual([
      ['1-6', '3-11', '7-20', '12-27', '17-35'],
      ['2-10', '7-20', '17-35', '28-50', '39-64'],
      ['5-16', '16-35', '38-64', '60-91', '82-119'],
    ]);
  });

  it('keeps what is inside and rejects what is not', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 999 }), (days, mills) => {
        const p = mills / 1000;
        const { min, max } = kupiecRegion(days, p, '0.9');
        const rejected = (hits: number): boolean => (kupiec(days, hits, p).pValue ?? 0) < 0.1 - 1e-12;
        if (min === null || max === null) {
          for (let hits = 0; hits <= days; hits++) expect(rejected(hits)).toBe(true);
          return;
        }
        expect([rejected(min), rejected(max)]).toEqual([false, false]);
        if (min > 0) expect(rejected(min - 1)).toBe(true);
        if (max < days) expect(rejected(max + 1)).toBe(true);
      }),
    );
    // Both 0 and 1 of 1 day at 1/2 have a ratio of 2 ln 2 = 1.386.
    expect(kupiecRegion(1, '0.5', '0.5')).toEqual({ min: null, max: null });
    expect(kupiecRegion(1, '0.5')).toEqual({ min: 0, max: 1 });
  });
});

describe('Christoffersen', () => {
  const cells = (n00: number, n01: number, n10: number, n11: number): Transitions => ({ n00, n01, n10, n11 });

  it('finds clusters (Jorion, chapter 6, question 10)', () => {
    const { coverage, independence: order } = christoffersenFrom(cells(244, 2, 2, 4), {
      observations: 252,
      exceptions: 6,
      p: '0.01',
    });
    near(coverage.statistic, 3.498776675481608);
    near(order.statistic, 25.837427763360225);
    expect(coverage.pValue).toBeGreaterThan(0.05);
    expect(order.pValue).toBeLessThan(1e-6);
  });

  it('of the MathWorks example', () => {
    const { independence: order, conditional } = christoffersenFrom(cells(932, 53, 53, 4), {
      observations: 1043,
      exceptions: 57,
      p: '0.05',
    });
    near(order.statistic, 0.2586631525858003, 1e-11);
    near(order.pValue, 0.6110400778478612, 1e-11);
    near(conditional.statistic, 0.7201295479147554, 1e-11);
    near(conditional.pValue, 0.6976311362779017, 1e-11);
  });

  it('adds nothing for empty cells, and says where nothing can be told', () => {
    expect(independence(cells(249, 0, 0, 0))).toEqual({
      statistic: 0,
      pValue: 1,
      undetermined: 'no exception has a day after it',
    });
    expect(independence(cells(0, 0, 0, 249)).undetermined).toBe('no day without an exception has a day after it');
    near(independence(cells(245, 2, 2, 0)).statistic, 0.032389017899152606, 1e-11);
    near(independence(cells(240, 5, 4, 0)).statistic, 0.1636085335814883, 1e-11);
    expect(independence(cells(0, 0, 0, 0)).statistic).toBe(null);
    // The last day is the only exception: no day after it.
    expect(christoffersen([0, 0, 0, 1], '0.25').independence.undetermined).toBe('no exception has a day after it');
  });

  it('counts pairs of days', () => {
    const hits = new Uint8Array(250);
    for (const day of [40, 41, 42, 100, 101, 200, 201, 202, 203, 204]) hits[day - 1] = 1;
    expect(transitions(hits)).toEqual(cells(236, 3, 3, 7));
    const { coverage, independence: order, conditional } = christoffersen(hits, '0.04');
    expect(coverage.statistic).toBe(0);
    near(order.statistic, 39.44368459601806);
    expect(conditional.statistic).toBe(order.statistic);
    expect(transitions([true, false])).toEqual(cells(0, 0, 1, 0));
    expect(transitions([])).toEqual(cells(0, 0, 0, 0));
  });

  it('is the formula', () => {
    const cell = fc.oneof(fc.constant(0), fc.nat({ max: 400 }));
    check(
      fc.property(cell, cell, cell, cell, (n00, n01, n10, n11) => {
        const all = n00 + n01 + n10 + n11;
        const { statistic, pValue } = independence(cells(n00, n01, n10, n11));
        if (all === 0) {
          expect(statistic).toBe(null);
          return;
        }
        const pi = (n01 + n11) / all;
        const [p01, p11] = [n01 / (n00 + n01 || 1), n11 / (n10 + n11 || 1)];
        const formula =
          -2 *
          (xlog(n00 + n10, 1 - pi) +
            xlog(n01 + n11, pi) -
            (xlog(n00, 1 - p01) + xlog(n01, p01) + xlog(n10, 1 - p11) + xlog(n11, p11)));
        expect(statistic).toBeCloseTo(formula, 9);
        expect(statistic).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('passes over a day that can not be told', () => {
    expect(christoffersen([], '0.01').conditional.undetermined).toBe('no day was observed');
    expect(christoffersen([1], '0.01').conditional).toEqual({
      statistic: null,
      pValue: null,
      undetermined: 'two consecutive days are needed',
    });
  });

  it('refuses what is no hit and what does not fit', () => {
    expect(refusal(() => christoffersen([0, 2], '0.01'))).toBe(
      'type at hits[1]: got 2, expected 0 or 1, true or false',
    );
    expect(refusedAt(() => christoffersen([0, Number.NaN], '0.01'))).toBe('type hits');
    expect(refusedAt(() => transitions('010' as never))).toBe('type hits');
    expect(refusedAt(() => independence(cells(-1, 0, 0, 0)))).toBe('range transitions.n00');
    expect(refusedAt(() => christoffersenFrom(cells(10, 0, 0, 0), { observations: 9, exceptions: 0, p: '0.01' }))).toBe(
      'range transitions',
    );
  });
});

describe('Basel', () => {
  // Supervisory framework for the use of backtesting (January 1996), table 2: cumulative probability in per cent; MAR99.
  const CUMULATIVE = [8.11, 28.58, 54.32, 75.81, 89.22, 95.88, 98.63, 99.6, 99.89, 99.97, 99.99];

  it('has the published table', () => {
    const rows = CUMULATIVE.map((_, exceptions) => baselZone(250, exceptions));
    expect(rows.map(({ cumulative }) => Number((100 * cumulative).toFixed(2)))).toEqual(CUMULATIVE);
    expect(rows.map(({ zone }) => zone[0]).join('')).toBe('gggggyyyyyr');
    expect(rows.map(({ plusFactor }) => plusFactor)).toEqual([0, 0, 0, 0, 0, 0.4, 0.5, 0.65, 0.75, 0.85, 1]);
    expect(rows.map(({ multiplier }) => multiplier)).toEqual([1.5, 1.5, 1.5, 1.5, 1.5, 1.7, 1.76, 1.83, 1.88, 1.92, 2]);
    expect(baselZone(250, 250)).toMatchObject({ zone: 'red', plusFactor: 1, multiplier: 2, cumulative: 1 });
    expect(rows.map(({ typeI }) => typeI)).toEqual(rows.map((_, exceptions) => binomialTail(250, exceptions, '0.01')));
  });

  it('goes on for other days and rates, without factors', () => {
    expect(baselStarts(750, '0.005')).toEqual({ yellow: 7, red: 13 });
    expect(baselStarts(250)).toEqual({ yellow: 5, red: 10 });
    expect(baselZone(500, 9)).toMatchObject({ zone: 'yellow', plusFactor: null, multiplier: null });
    expect(baselZone(250, 12, '0.05')).toMatchObject({ zone: 'green', plusFactor: null });
    expect(baselZone(250, 5, '1/100').plusFactor).toBe(0.4);
  });

  it('starts where the levels are reached', () => {
    check(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 500 }), (days, mills) => {
        const p = `${mills}/1000`;
        const { yellow, red } = baselStarts(days, p);
        expect(binomialCdf(days, yellow, p)).toBeGreaterThanOrEqual(0.95 - 1e-12);
        if (yellow > 0) expect(binomialCdf(days, yellow - 1, p)).toBeLessThan(0.95 + 1e-12);
        expect(binomialTail(days, Math.min(days, red + 1), p) > 1e-4 && red < days).toBe(false);
        if (red > 0) expect(binomialTail(days, red, p)).toBeGreaterThan(1e-4 * (1 - 1e-9));
      }),
    );
    const start = performance.now();
    expect(baselStarts(1e9, '0.5')).toEqual({ yellow: 500_026_007, red: 500_058_803 });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('Acerbi-Szekely', () => {
  it('is the definition', () => {
    const pnl = [-0.04, 0.01, -0.03, 0.02, -0.02];
    const { z1, z2, breaches } = acerbiSzekely(pnl, 0.025, 0.035, '0.025');
    near(z1, (-0.04 / 0.035 - 0.03 / 0.035) / 2 + 1);
    near(z2, (-0.04 / 0.035 - 0.03 / 0.035) / (5 * 0.025) + 1);
    expect(breaches).toBe(2);
  });

  it('takes VaR and shortfall by day', () => {
    const { z1, breaches } = acerbiSzekely([-3, -3, 1], [2, 4, 2], [2.5, 5, 2.5], '1/4');
    expect(breaches).toBe(1);
    near(z1, -3 / 2.5 + 1);
  });

  it('a loss of exactly VaR is no breach', () => {
    expect(acerbiSzekely([-2, -2, 1], 2, 3, '0.01').breaches).toBe(0);
  });

  it('says what is missing', () => {
    expect(acerbiSzekely([1, 2], 1, 2, '0.01')).toEqual({
      z1: null,
      z2: 1,
      breaches: 0,
      undetermined: 'no loss was beyond VaR: Z1 has nothing to look at',
    });
    expect(acerbiSzekely([], 1, 2, '0.01').undetermined).toBe('no day was observed');
    expect(acerbiSzekely([-1, 1], 0, 0, '0.01')).toMatchObject({ z1: null, z2: null, breaches: 1 });
    expect(acerbiSzekely([3, 1], [-4, 0], [-3.5, 0], '0.01')).toMatchObject({ z1: null, z2: null, breaches: 1 });
  });

  it('refuses what is no series', () => {
    expect(refusal(() => acerbiSzekely([1, Number.NaN], 1, 2, '0.01'))).toBe(
      'not-finite at pnl[1]: got NaN, expected a finite number. Leave days without a price out, in every column',
    );
    expect(refusal(() => acerbiSzekely([1, 2], [1], 2, '0.01'))).toBe(
      'range at valueAtRisk: got 1, expected as many rows as days: 2',
    );
    expect(refusedAt(() => acerbiSzekely([1, 2], 1, Number.POSITIVE_INFINITY, '0.01'))).toBe('not-finite shortfall');
    expect(refusedAt(() => acerbiSzekely([1e300], 1, 2, '0.01'))).toBe('range pnl');
  });

  it('has the published lines', () => {
    expect(PUBLISHED_Z2).toEqual({ '0.05': -0.7, '0.0001': -1.8 });
  });
});

describe('procyclicality', () => {
  it('from trough to peak', () => {
    expect(peakToTrough([10, 25, 20, 8])).toEqual({ ratio: 3.125, peak: 25, trough: 8, peakDay: 1, troughDay: 3 });
    expect(peakToTrough([10, 25, 20, 8], 2)).toEqual({ ratio: 2.5, peak: 25, trough: 10, peakDay: 1, troughDay: 0 });
    expect(peakToTrough([10, 25, 20, 8], 9)).toEqual(peakToTrough([10, 25, 20, 8]));
    expect(peakToTrough([7])).toMatchObject({ ratio: 1, peakDay: 0, troughDay: 0 });
  });

  it('has no ratio to nothing, and none of nothing', () => {
    expect(peakToTrough([1, 0, 2])).toEqual({ ratio: null, peak: 2, trough: 0, peakDay: 2, troughDay: 1 });
    expect(peakToTrough([0, 0]).ratio).toBe(null);
    expect(peakToTrough([]).ratio).toBe(null);
    // The window with a margin of 0 is the worst.
    expect(peakToTrough([1, 5, 2, 0, 2], 2)).toMatchObject({ ratio: null, peak: 2, trough: 0 });
  });

  it('rises within days', () => {
    expect(largestIncrease([10, 12, 30, 20])).toEqual({ amount: 18, share: 1.5, day: 2 });
    expect(largestIncrease([10, 12, 30, 20], 2)).toEqual({ amount: 20, share: 2, day: 2 });
    expect(largestIncrease([3, 2, 1])).toEqual({ amount: -1, share: -1 / 3, day: 1 });
    expect(largestIncrease([0, 2])).toEqual({ amount: 2, share: null, day: 1 });
    expect(largestIncrease([1, 2], 2)).toEqual({ amount: null, share: null, day: null });
  });

  it('has a volatility', () => {
    // Changes of ln 2, -ln 2, ln 2 about their mean: sqrt((3 - 1/3) / 2) ln 2.
    near(marginVolatility([10, 20, 10, 20]), Math.sqrt(4 / 3) * Math.LN2);
    expect(marginVolatility([5, 5, 5])).toBe(0);
    expect(marginVolatility([5, 6])).toBe(null);
    expect(marginVolatility([5, 0, 6])).toBe(null);
  });

  it('is of margins', () => {
    expect(refusal(() => peakToTrough([1, -1]))).toBe('range at margins[1]: got -1, expected a margin of at least 0');
    expect(refusedAt(() => peakToTrough([1, 2], 0))).toBe('range window');
    expect(refusedAt(() => largestIncrease([1, 2], 1.5))).toBe('type days');
  });
});

describe('examples of doc comments', () => {
  const folder = new URL('../bindings/statistics/backtest/', import.meta.url);
  const examples = readdirSync(folder).flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/@example\n((?: \* .*\n)+?) \*\//g)].map(
      ({ 1: lines = '' }) => {
        const [code = '', said = ''] = lines
          .replace(/^ \* ?/gm, '')
          .trim()
          .split(/\s*\/\/ /);
        return { name: `${file}: ${code.slice(0, 60)}`, code, said };
      },
    ),
  );
  const names = Object.keys(statistics);
  const evaluated = (code: string): unknown =>
    new Function(...names, code.includes(';') ? code : `return ${code}`)(...Object.values(statistics));

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(18);
  });

  it.each(examples)('$name', ({ code, said }) => {
    const value = evaluated(code);
    if (code.includes(';')) return;
    if (said.startsWith('{')) expect(value).toEqual(evaluated(`(${said})`));
    else if (said.endsWith('...')) expect(String(value)).toContain(said.slice(0, -3));
    else expect(String(value)).toBe(said);
  });
});
