// Quantiles and shortfalls of samples and of weighted samples: published examples, what must hold of every convention, what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ageWeights,
  complement,
  meanAtOrBelow,
  type QuantileRule,
  quantile,
  quantiles,
  type ShortfallConvention,
  STRATA_RULES,
  sampleShortfall,
  sampleVar,
  tailRank,
  weightedTail,
} from '../bindings/statistics.js';
import { refusal, refusedAt } from './refusal.ts';

const unchecked = <A>(value: unknown): A => value as A;
const SEED = { seed: 20080925, numRuns: 300 };

/** J. C. Hull, four indices, 500 scenarios, 25 September 2008: the five worst, in thousands of dollars. */
const HULL = [477.841, 345.435, 282.204, 277.041, 253.385];
const HULL_SCENARIOS = [494, 339, 349, 329, 487];
const CONVENTIONS: ShortfallConvention[] = [
  'acerbi-tasche',
  'rockafellar-uryasev',
  'at-or-beyond',
  'beyond',
  'beyond-type-7',
];
const RULES: QuantileRule[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 'nearest', 'nearest-plus-one', 'from-above'];
const uniform = (n: number): number[] => Array.from({ length: n }, (_, i) => ((i * 7919) % n) - n / 2);

describe('ranks', () => {
  it.each([
    [100, '0.95', 5],
    [20, 0.95, 1],
    [1000, '0.99', 10],
    [1000, 0.99, 10],
    [2000, 0.975, 50],
    [40, '39/40', 1],
    [1000, '0.999', 1],
    [3, '2/3', 1],
    [250, '99e-2', 3],
  ])('of %d at %s is %d', (n, confidence, k) => {
    expect(tailRank(n, confidence)).toBe(k);
  });

  it('count whole numbers of observations', () => {
    expect(refusedAt(() => tailRank(0, '0.99'))).toBe('range count');
    expect(refusedAt(() => tailRank(2.5, '0.99'))).toBe('type count');
    expect(refusedAt(() => tailRank(Number.NaN, '0.99'))).toBe('not-finite count');
    expect(refusedAt(() => tailRank(5, '1'))).toBe('range confidence');
    expect(refusedAt(() => tailRank(5, 0))).toBe('range confidence');
    expect(refusal(() => tailRank(5, 99))).toBe(
      'range at confidence: got 99, expected a level strictly between 0 and 1, such as "0.99" or "99/100". A percentage is given as a share: 99 % is 0.99',
    );
  });
});

describe('quantiles', () => {
  it('of ten numbers by every rule', () => {
    // Levels where rules part: on a number, between two, half way.
    const ten = [10, 1, 9, 2, 8, 3, 7, 4, 6, 5];
    const at = (level: string): number[] => RULES.map((rule) => quantile(ten, level, rule));
    const round = (all: number[]): number[] => all.map((x) => Math.round(x * 1e6) / 1e6);
    expect(round(at('0.3'))).toEqual([3, 3.5, 3, 3, 3.5, 3.3, 3.7, 3.433333, 3.45, 3, 3, 4]);
    expect(round(at('0.25'))).toEqual([3, 3, 2, 2.5, 3, 2.75, 3.25, 2.916667, 2.9375, 3, 3, 3]);
    expect(round(at('0.45'))).toEqual([5, 5, 4, 4.5, 5, 4.95, 5.05, 4.983333, 4.9875, 5, 5, 5]);
    expect(round(at('0.999'))).toEqual([10, 10, 10, 9.99, 10, 10, 9.991, 10, 10, 10, 10, 10]);
    expect(round(at('0.001'))).toEqual([1, 1, 1, 1, 1, 1, 1.009, 1, 1, 1, 1, 1]);
  });

  it('are those of the other tail, turned around', () => {
    const sample = uniform(97);
    const turned = sample.map((x) => -x);
    for (const level of ['0.01', '0.31', '0.5', '48/97']) {
      expect(quantile(sample, level, 'from-above')).toBe(-quantile(turned, complement(level), 1));
      for (const type of [5, 6, 7, 8, 9] as const)
        expect(quantile(sample, level, type)).toBeCloseTo(-quantile(turned, complement(level), type), 10);
    }
  });

  it('have the names that Strata gives them', () => {
    expect(Object.values(STRATA_RULES)).toEqual([1, 'nearest', 'nearest-plus-one', 4, 5, 6, 7]);
    expect(quantiles([1, 3, 2, 4], [0.3], STRATA_RULES.excel)).toEqual([1.9]);
  });

  it('lie in the sample and rise with the level', () => {
    const level = fc.integer({ min: 1, max: 999 });
    const sample = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sample, level, level, fc.constantFrom(...RULES), (numbers, a, b, rule) => {
        const [low = 0, high = 0] = quantiles(numbers, [`${Math.min(a, b)}/1000`, `${Math.max(a, b)}/1000`], rule);
        expect(low).toBeLessThanOrEqual(high + 1e-6);
        expect(low).toBeGreaterThanOrEqual(Math.min(...numbers) - 1e-6);
        expect(high).toBeLessThanOrEqual(Math.max(...numbers) + 1e-6);
      }),
      SEED,
    );
  });

  it('refuse what is no sample, no level and no rule', () => {
    expect(refusedAt(() => quantile([], '0.5'))).toBe('range sample');
    expect(refusedAt(() => quantile([1, Number.NaN], '0.5'))).toBe('not-finite sample[1]');
    expect(refusedAt(() => quantile([1, Infinity], '0.5'))).toBe('not-finite sample[1]');
    expect(refusedAt(() => quantile([1e31], '0.5'))).toBe('range sample[0]');
    expect(refusedAt(() => quantile(unchecked('abc'), '0.5'))).toBe('type sample');
    expect(refusedAt(() => quantile([1, unchecked(null)], '0.5'))).toBe('type sample[1]');
    expect(refusedAt(() => quantile([1], '1.5'))).toBe('range level');
    expect(refusedAt(() => quantile([1], unchecked(undefined)))).toBe('type level');
    expect(refusedAt(() => quantile([1], '0.5', unchecked(10)))).toBe('range rule');
    expect(refusal(() => quantile([1], '0.5', unchecked('excel')))).toBe(
      'range at rule: got "excel", expected a quantile type from 1 to 9, nearest, nearest-plus-one or from-above',
    );
  });

  it('leave a sample as it was', () => {
    const sample = Float64Array.of(3, 1, 2);
    quantile(sample, '0.5');
    expect(Array.from(sample)).toEqual([3, 1, 2]);
  });
});

describe('means of a part', () => {
  it('count what is at the bound', () => {
    expect(meanAtOrBelow([4, 1, 2, 1], 1)).toEqual({ mean: 1, count: 2 });
    expect(meanAtOrBelow([4, 1, 2, 1], 0)).toEqual({ mean: null, count: 0 });
    expect(refusedAt(() => meanAtOrBelow([1], Number.NaN))).toBe('not-finite bound[0]');
  });
});

describe('value at risk and shortfall of a sample', () => {
  it('of the worst losses alone (Hull)', () => {
    const known = { worst: HULL, count: 500 };
    expect(sampleVar(known, '0.99')).toEqual({ valueAtRisk: 253.385, thin: false });
    expect(sampleShortfall(known, '0.99').shortfall).toBeCloseTo(327.181, 3);
    expect(sampleShortfall(known, '0.999')).toEqual({
      shortfall: 477.841,
      valueAtRisk: 477.841,
      observations: 1,
      status: 'ok',
      thin: true,
    });
    expect(sampleVar({ worst: [...HULL].reverse(), count: 500 }, '0.992').valueAtRisk).toBe(277.041);
  });

  it('of the worst losses are those of the whole sample', () => {
    const pnl = uniform(500);
    const worst = [...pnl]
      .sort((a, b) => a - b)
      .map((x) => -x)
      .slice(0, 8);
    for (const confidence of ['0.99', '0.9875', '0.995']) {
      expect(sampleVar({ worst, count: 500 }, confidence, { type: 7 })).toEqual(
        sampleVar(pnl, confidence, { type: 7 }),
      );
      for (const convention of CONVENTIONS)
        expect(sampleShortfall({ worst, count: 500 }, confidence, { convention })).toEqual(
          sampleShortfall(pnl, confidence, { convention }),
        );
    }
  });

  it('need as many of the worst as the level asks for', () => {
    const known = { worst: HULL, count: 500 };
    expect(refusal(() => sampleVar(known, '0.98'))).toBe(
      'range at losses.worst: got 5, expected at least the 10 worst losses for this level and convention',
    );
    expect(refusedAt(() => sampleVar(known, '0.99', { type: 7 }))).toBe('range losses.worst');
    expect(refusedAt(() => sampleShortfall({ worst: HULL, count: 510 }, '0.99'))).toBe('range losses.worst');
    expect(refusedAt(() => sampleVar({ worst: HULL, count: 4 }, '0.99'))).toBe('range losses.count');
    expect(refusedAt(() => sampleVar(unchecked({ worst: HULL }), '0.99'))).toBe('type losses.count');
    expect(refusal(() => sampleVar(unchecked({ worst: HULL, counts: 5 }), '0.99'))).toContain('Did you mean "count"?');
  });

  it('differ by convention, and say where nothing is beyond', () => {
    const pnl = [-10, -10, -4, -3, -2, -1, 0, 1, 2, 3];
    const at = (convention: ShortfallConvention, confidence: string) => {
      const { shortfall, observations, status } = sampleShortfall(pnl, confidence, { convention });
      return [shortfall, observations, status];
    };
    expect(at('acerbi-tasche', '0.75')).toEqual([(10 + 10 + 0.5 * 4) / 2.5, 3, 'ok']);
    expect(at('rockafellar-uryasev', '0.75')).toEqual([4 + 12 / 2.5, 3, 'ok']);
    expect(at('at-or-beyond', '0.75')).toEqual([8, 3, 'ok']);
    expect(at('beyond', '0.75')).toEqual([10, 2, 'ok']);
    // Type 7 of the losses is 3.75: between the third and the fourth.
    expect(at('beyond-type-7', '0.75')).toEqual([8, 3, 'ok']);
    for (const convention of ['beyond', 'beyond-type-7'] as const)
      expect(at(convention, '0.9')).toEqual([null, 0, 'none-beyond']);
    expect(at('acerbi-tasche', '0.9')).toEqual([10, 1, 'ok']);
  });

  it('are coherent: both names of one number, at least the value at risk, sub-additive', () => {
    const pair = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -1000, max: 1000 }));
    const sample = fc.array(pair, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sample, fc.integer({ min: 1, max: 99 }), (pairs, percent) => {
        const confidence = `${percent}/100`;
        const figure = (of: (pair: [number, number]) => number) => sampleShortfall(pairs.map(of), confidence);
        const both = figure(([a, b]) => a + b);
        const uryasev = sampleShortfall(
          pairs.map(([a, b]) => a + b),
          confidence,
          { convention: 'rockafellar-uryasev' },
        );
        expect(uryasev.shortfall).toBeCloseTo(both.shortfall ?? Number.NaN, 8);
        expect(both.shortfall ?? 0).toBeGreaterThanOrEqual(both.valueAtRisk - 1e-9);
        const parts = (figure(([a]) => a).shortfall ?? 0) + (figure(([, b]) => b).shortfall ?? 0);
        expect(both.shortfall ?? 0).toBeLessThanOrEqual(parts + 1e-9);
      }),
      SEED,
    );
  });

  it('of one observation, of equal ones, of zeros', () => {
    for (const convention of ['acerbi-tasche', 'rockafellar-uryasev', 'at-or-beyond'] as const) {
      expect(sampleShortfall([-7], '0.99', { convention })).toMatchObject({ shortfall: 7, thin: true });
      expect(sampleShortfall([3, 3, 3, 3], '0.5', { convention }).shortfall).toBe(-3);
    }
    expect(sampleVar([0, -0], '0.5').valueAtRisk).toBe(0);
    expect(sampleVar(new Float64Array(10), '0.99', { type: 5 }).valueAtRisk).toBe(0);
  });

  it('refuse unknown words', () => {
    expect(refusal(() => sampleShortfall([1], '0.9', { convention: unchecked('acerbi') }))).toBe(
      'type at options.convention: got "acerbi", expected one of acerbi-tasche, rockafellar-uryasev, at-or-beyond, beyond, beyond-type-7',
    );
    expect(refusedAt(() => sampleVar([1], '0.9', unchecked({ convention: 7 })))).toBe('unknown-key options.convention');
    expect(refusedAt(() => sampleVar([1], '0.9', { type: unchecked(0) }))).toBe('range options.type');
    expect(refusedAt(() => sampleVar(unchecked(undefined), '0.9'))).toBe('type pnl');
    expect(refusedAt(() => sampleVar(unchecked(null), '0.9'))).toBe('type pnl');
  });
});

describe('weights of age', () => {
  it('fall by the decay and sum to 1', () => {
    const weights = ageWeights(500, 0.995);
    // Hull: 0.00528, 0.00243, 0.00255, 0.00231, 0.00510.
    expect(HULL_SCENARIOS.map((i) => weights[i - 1]?.toFixed(5))).toEqual([
      '0.00528',
      '0.00243',
      '0.00255',
      '0.00231',
      '0.00510',
    ]);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
    for (let i = 1; i < 500; i++) expect((weights[i - 1] ?? 0) / (weights[i] ?? 0)).toBeCloseTo(0.995, 12);
  });

  it('are alike without decay, all on the last with much of it', () => {
    expect(ageWeights(4, 1)).toEqual(Float64Array.of(0.25, 0.25, 0.25, 0.25));
    expect(ageWeights(1, 0.5)).toEqual(Float64Array.of(1));
    expect(ageWeights(3, 1e-30)[2]).toBeCloseTo(1, 12);
    expect(ageWeights(1000, 1 - 2 ** -52)[0]).toBeCloseTo(0.001, 14);
  });

  it('refuse a decay that is none', () => {
    expect(refusedAt(() => ageWeights(3, 0))).toBe('range decay');
    expect(refusedAt(() => ageWeights(3, 1.01))).toBe('range decay');
    expect(refusedAt(() => ageWeights(0, 0.9))).toBe('range count');
    expect(refusedAt(() => ageWeights(2, Number.NaN))).toBe('not-finite decay');
  });
});

describe('weighted tails', () => {
  it('by step (Hull, age weights)', () => {
    const all = ageWeights(500, 0.995);
    const weights = HULL_SCENARIOS.map((i) => all[i - 1] ?? 0);
    const tail = weightedTail({ worst: HULL }, weights, '0.99');
    expect(tail.valueAtRisk).toBe(282.204);
    expect(tail.shortfall).toBeCloseTo(400.914, 3);
    expect(Array.from(tail.places)).toEqual([0, 1, 2]);
    expect(Array.from(tail.weights)).toEqual(weights.slice(0, 3));
    expect(tail.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14);
    expect(refusedAt(() => weightedTail({ worst: HULL }, weights, '0.98'))).toBe('range losses.worst');
  });

  it('with equal weights are those of the sample', () => {
    for (const n of [20, 100, 250, 1000, 2000]) {
      const pnl = uniform(n);
      const weights = new Float64Array(n).fill(1 / n);
      for (const confidence of ['0.95', '0.975', '0.99', '0.999']) {
        const tail = weightedTail(pnl, weights, confidence);
        // Ten times 1/1000 is 1/100, whatever doubles say.
        expect(tail.valueAtRisk, `${n} ${confidence}`).toBe(sampleVar(pnl, confidence).valueAtRisk);
        expect(tail.shortfall).toBeCloseTo(sampleShortfall(pnl, confidence).shortfall ?? Number.NaN, 9);
      }
    }
  });

  it('by interpolation (Strata), where two and where one are in the tail', () => {
    const sample = [-4, -1, -3, -2];
    const weights = [0.1, 0.2, 0.3, 0.4];
    const two = weightedTail(sample, weights, '0.8', { interpolation: 'linear' });
    // W = 0.4 of the two worst, half of 0.3 - 0.1 too much: a = 0.2 / 0.3.
    expect(two.valueAtRisk).toBeCloseTo(3 / 3 + (4 * 2) / 3, 12);
    expect(two.shortfall).toBeCloseTo((((1 / 9) * 0.3 * 3) / 2 + ((5 / 9) * 0.3 * 4) / 2 + 0.1 * 4) / 0.2, 12);
    expect(two.shares[0]).toBeCloseTo(1 - (1 / 9) * 0.75, 12);
    const one = weightedTail(sample, weights, '0.95', { interpolation: 'linear' });
    expect([one.valueAtRisk, one.shortfall, one.thin]).toEqual([4, 4, true]);
  });

  it('sum to one, are worst first, and never turn around', () => {
    const row = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 99 }),
        fc.constantFrom('step' as const, 'linear' as const),
        (rows, percent, interpolation) => {
          const sum = rows.reduce((all, [, w]) => all + w, 0);
          fc.pre(sum > 0);
          const weights = rows.map(([, w]) => w / sum);
          const sample = rows.map(([x]) => x);
          const tail = weightedTail(sample, weights, `${percent}/100`, { interpolation });
          const losses = Array.from(tail.places, (place) => -(sample[place] ?? 0));
          expect(losses).toEqual([...losses].sort((a, b) => b - a));
          expect(tail.shares.reduce((all, share) => all + share, 0)).toBeCloseTo(1, 9);
          expect(tail.shortfall).toBeGreaterThanOrEqual(tail.valueAtRisk - 1e-9);
          expect(Number.isFinite(tail.shortfall + tail.valueAtRisk)).toBe(true);
        },
      ),
      SEED,
    );
  });

  it('take the later of equal losses first', () => {
    expect(Array.from(weightedTail([-1, -1, -1, 0], [0.25, 0.25, 0.25, 0.25], '0.5').places)).toEqual([2, 1]);
  });

  it('refuse weights that are none', () => {
    expect(refusal(() => weightedTail([1, 2], [0.5, 0.4], '0.9'))).toBe(
      'range at weights: got 0.9, expected weights that sum to 1',
    );
    expect(refusedAt(() => weightedTail([1, 2], [1], '0.9'))).toBe('range weights');
    expect(refusedAt(() => weightedTail([1, 2], [1.5, -0.5], '0.9'))).toBe('range weights[1]');
    expect(refusedAt(() => weightedTail({ worst: [1, 2] }, [0.9, 0.2], '0.9'))).toBe('range weights');
    expect(refusedAt(() => weightedTail([1], [1], '0.9', { interpolation: unchecked('cubic') }))).toBe(
      'type options.interpolation',
    );
  });
});
