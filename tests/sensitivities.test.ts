// Margin of sensitivities: published results (Open Source Risk Engine, ISDA's unit tests), a computation by hand in 50 digits,
// properties of the rule, who owes what, and what is refused.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as api from '../bindings/scenario/sensitivities.js';
import {
  type SensitivityJSON,
  SensitivityModel,
  type SensitivityModelJSON,
  type SensitivitySide,
  sensitivityMargin,
  sensitivityWhatIf,
  simm26,
} from '../bindings/scenario/sensitivities.js';
import { evaluateWith, examplesOf } from './examples.js';
import { refusedAt, refusedWith } from './refusal.js';
import { alternative } from './simm-alternative.js';
import { allDeltas, combinations, deltas, simm25a, singles, vegas, volatilities } from './simm-isda.js';

const rules26 = new SensitivityModel(simm26);
const rules25 = new SensitivityModel(simm25a);

const delta = (tenor: string, curve: string, amount: number, currency = 'USD'): SensitivityJSON => ({
  ...{ kind: 'delta', currency, tenor, curve, amount },
});
const vega = (tenor: string, amount: number, currency = 'USD'): SensitivityJSON => ({
  ...{ kind: 'vega', currency, tenor, amount },
});

/** The portfolio of ORE Examples/InitialMargin, crif.csv. */
const ore: SensitivityJSON[] = [
  delta('10y', 'Libor3m', -1991.02),
  delta('10y', 'OIS', -304.84),
  delta('15y', 'Libor3m', -611.3),
  delta('15y', 'OIS', -510.15),
  delta('1y', 'Libor3m', -0.09),
  delta('1y', 'OIS', -0.38),
  delta('20y', 'Libor3m', -5926.95),
  delta('20y', 'OIS', -660.82),
  delta('2w', 'Libor3m', 11.18),
  delta('2w', 'OIS', -0.93),
  delta('2y', 'Libor3m', -0.23),
  delta('2y', 'OIS', -2.93),
  delta('30y', 'Libor3m', -1894.5),
  delta('30y', 'OIS', -62.5),
  delta('3m', 'Libor3m', 0.05),
  delta('3m', 'OIS', -3.28),
  delta('3y', 'Libor3m', -1.05),
  delta('3y', 'OIS', -6.63),
  delta('5y', 'Libor3m', -1431.81),
  delta('5y', 'OIS', -71.68),
  delta('6m', 'Libor3m', -0.03),
  delta('6m', 'OIS', 2.01),
  vega('10y', 498253.14),
  vega('15y', 163454.34),
  vega('3y', 2813.27),
  vega('5y', 264121.38),
];

// --- random portfolios ------------------------------------------------------------------------------------------------

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows of one currency or several; with or without inflation and basis, which the model must know. */
function portfolio(random: () => number, currencies: readonly string[], extras: boolean): SensitivityJSON[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const amount = (size: number): number => Math.round((random() - 0.5) * size * 100) / 100;
  const count = (most: number): number => (random() < 0.15 ? 0 : Math.floor(random() * most));
  const rows: SensitivityJSON[] = [];
  for (let i = count(20); i > 0; i--)
    rows.push(delta(pick(simm26.tenors), pick(['OIS', 'Libor3m', 'Prime']), amount(1e6), pick(currencies)));
  for (let i = count(8); i > 0; i--) rows.push(vega(pick(simm26.tenors), amount(1e8), pick(currencies)));
  if (!extras) return rows;
  for (let i = count(4); i > 0; i--)
    rows.push({ kind: pick(['inflation', 'basis'] as const), currency: pick(currencies), amount: amount(1e6) });
  for (let i = count(4); i > 0; i--)
    rows.push({ kind: 'inflationVega', currency: pick(currencies), tenor: pick(simm26.tenors), amount: amount(1e8) });
  return rows;
}

/** A model of one group and horizon, as a case of its own would give it. */
function modelOf(days: number, threshold: { delta: number | null; vega: number | null } | null): SensitivityModelJSON {
  const { tenors, tenorCorrelation } = simm26;
  const riskWeights = [109, 105, 90, 71, 66, 66, 64, 60, 60, 61, 61, 67];
  const groups = [{ id: 'all', riskWeights, concentration: threshold }];
  return {
    ...{ id: 'own', tenors, tenorCorrelation, subCurveCorrelation: 0.97 },
    ...{ currencyCorrelation: 0.4, inflationCorrelation: 0.3, basisCorrelation: 0.1 },
    horizons: [{ days, vegaRiskWeight: 0.2, hvr: 0.6, inflationRiskWeight: 55, basisRiskWeight: 20, groups }],
  };
}

const shuffled = <T>(list: readonly T[], random: () => number): T[] =>
  list
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
const scaled = (rows: readonly SensitivityJSON[], by: number): SensitivityJSON[] =>
  rows.map((row) => ({ ...row, amount: Number(row.amount) * by }));
const numbers = ({ delta: d, vega: v, curvature, curvatureBucket, total }: SensitivitySide): number[] => [
  ...[d, v, curvature, curvatureBucket, total],
];
const near = (got: number, want: number, within: number): void =>
  expect(Math.abs(got - want), `${got} for ${want}`).toBeLessThanOrEqual(within);

// --- published results ------------------------------------------------------------------------------------------------

describe('SIMM 2.6 of Open Source Risk Engine', () => {
  // Examples/InitialMargin/ExpectedOutput/SIMM2.6_10D/simm.csv and SIMM2.6_1D/simm.csv, printed to 1e-9.
  it.each([
    [10, 811888.163042849, 210187.747722988, 2124.922827633, 64143.54814429, 1086219.458910127, 1022075.910765837],
    [1, 230705.488412977, 42037.549544598, 212.492282763, 5447.639286841, 278190.677244416, 272743.037957575],
  ])('%i days', (horizonDays, ...[d, v, bucket, curvature, call, post]) => {
    const margin = sensitivityMargin(ore, simm26, { horizonDays });
    const within = 2e-9;
    numbers(margin.call).forEach((got, i) => void near(got, [d, v, curvature, bucket, call][i]!, within));
    numbers(margin.post).forEach((got, i) => void near(got, [d, v, 0, bucket, post][i]!, within));
    expect(margin.buckets.map(({ currency, curvature: k }) => [currency, k])).toEqual([
      ['USD', margin.call.curvatureBucket],
    ]);
    expect(margin).toMatchObject({ model: 'simm-rates', version: '2.6', horizonDays });
  });

  it('ten days are its default', () => {
    expect(sensitivityMargin(ore, simm26)).toEqual(sensitivityMargin(ore, rules26, { horizonDays: '10' }));
  });
});

describe.each([
  [10, 0],
  [1, 1],
] as const)("ISDA's unit tests of SIMM 2.5A, %i days", (horizonDays, at) => {
  const within = (want: number): number => 1e-12 * want;
  const margin = (rows: readonly SensitivityJSON[]): SensitivitySide =>
    sensitivityMargin(rows, rules25, { horizonDays }).call;
  const chosen = (from: readonly SensitivityJSON[], rows: readonly number[]): SensitivityJSON[] =>
    rows.map((row) => from[row - 1]!);

  it('C1 to C46: one sensitivity each', () => {
    expect(deltas.length).toBe(46);
    singles.forEach((want, i) => void near(margin([deltas[i]!]).total, want[at], within(want[at])));
  });

  it.each(combinations)('%s', (_, rows, ...want) =>
    near(margin(chosen(deltas, rows)).delta, want[at], within(want[at])),
  );

  it('C67: all of both product classes', () => {
    near(margin(deltas.slice(0, 40)).total + margin(deltas.slice(40)).total, allDeltas[at], within(allDeltas[at]));
  });

  it.each(volatilities)('%s', (_, rows, ...want) => {
    const { vega: v, curvature } = margin(chosen(vegas, rows));
    near(v, want[at][0], within(want[at][0]));
    near(curvature, want[at][1], within(want[at][1]));
  });
});

describe('the weights of 2.6', () => {
  it('are those of 2.5A for rates', () => {
    singles.forEach(([tenDays, oneDay], i) => {
      const row = deltas[i]!;
      if (row.kind !== 'delta') return;
      near(sensitivityMargin([row], rules26).call.total, tenDays, 1e-6);
      near(sensitivityMargin([row], rules26, { horizonDays: 1 }).call.total, oneDay, 1e-6);
    });
  });
});

// --- by hand ----------------------------------------------------------------------------------------------------------

describe('a computation by hand', () => {
  const compare = (rows: SensitivityJSON[], model: SensitivityModelJSON, days: number): void => {
    const { call, post } = sensitivityMargin(rows, model, { horizonDays: days });
    const want = alternative(rows, model, days);
    for (const side of [call, post]) {
      near(side.delta, want.delta, 1e-12 * want.scale.delta);
      near(side.vega, want.vega, 1e-12 * want.scale.vega);
      near(side.curvatureBucket, want.curvatureBucket, 1e-12 * want.scale.curvature);
      expect(side.total).toBe(side.delta + side.vega + side.curvature);
    }
    near(call.curvature, want.call, 1e-12 * want.scale.curvature);
    near(post.curvature, want.post, 1e-12 * want.scale.curvature);
  };

  it('of one currency gives the same at any horizon, with and without thresholds', () => {
    const random = randomOf(20231202);
    for (let i = 0; i < 150; i++) {
      const days = [10, 1, 5, 0.5, 20, 400][i % 6]!;
      const threshold = [null, { delta: null, vega: 1e6 }, { delta: 1e5, vega: null }, { delta: 1e4, vega: 1e5 }][
        i % 4
      ]!;
      compare(portfolio(random, ['USD'], i % 2 === 0), modelOf(days, threshold), days);
    }
  });

  it('of several currencies gives the same', () => {
    const random = randomOf(20231204);
    for (let i = 0; i < 100; i++) {
      const [model, days] =
        i % 2 === 0
          ? ([simm26, [10, 1][(i / 2) % 2]!] as const)
          : ([modelOf(10, { delta: 1e5, vega: 1e7 }), 10] as const);
      compare(
        scaled(portfolio(random, ['USD', 'JPY', 'BRL', 'CAD', 'EUR'], true), i % 3 === 0 ? 1000 : 1),
        model,
        days,
      );
    }
  });

  it('of negative vegas only, of rows that net to nothing and of no rows gives the same', () => {
    compare([vega('5y', -3e6), vega('1y', -2e6)], simm26, 10);
    compare([vega('5y', 3e6), vega('5y', -3e6), delta('1y', 'OIS', 5), delta('1y', 'OIS', -5)], simm26, 10);
    compare([vega('2w', 1e6), vega('2w', -4e6), vega('10y', 1e7)], simm26, 1);
    compare([], simm26, 10);
    compare([vega('2w', 1e6)], simm26, 10);
    compare([delta('2w', 'OIS', -1e6)], simm26, 10);
  });
});

// --- properties -------------------------------------------------------------------------------------------------------

describe('margin', () => {
  const free = new SensitivityModel(modelOf(10, null));
  const CURRENCIES = ['USD', 'EUR', 'JPY'];
  const portfolios = (seed: number, extras = true): SensitivityJSON[][] => {
    const random = randomOf(seed);
    return Array.from({ length: 60 }, () => portfolio(random, CURRENCIES, extras));
  };

  it('of nothing is 0 everywhere', () => {
    const { call, post, buckets } = sensitivityMargin([], simm26);
    for (const side of [call, post]) {
      expect(numbers(side)).toEqual([0, 0, 0, 0, 0]);
      expect(side.attribution.components.map(({ row, part, amount }) => [row, part, amount])).toEqual([
        [null, 'deltaConcentration', 0],
        [null, 'vegaConcentration', 0],
      ]);
      expect(side.attribution.total).toBe(0);
    }
    expect(buckets).toEqual([]);
  });

  it('has no negative zeros', () => {
    for (const rows of [...portfolios(3), [delta('1y', 'OIS', 0)], [vega('1y', 0)], [vega('1y', 1), vega('1y', -1)]]) {
      const { call, post } = sensitivityMargin(rows, simm26);
      const all = [call, post].flatMap((side) => [
        ...numbers(side),
        ...side.attribution.components.map(({ amount }) => amount),
      ]);
      for (const n of all) expect(Number.isFinite(n) && !Object.is(n, -0), String(n)).toBe(true);
    }
  });

  it('doubles with its sensitivities, to the bit, where nothing is concentrated', () => {
    for (const rows of portfolios(4)) {
      const once = sensitivityMargin(rows, free);
      const twice = sensitivityMargin(scaled(rows, 2), free);
      for (const side of ['call', 'post'] as const)
        expect(numbers(twice[side])).toEqual(numbers(once[side]).map((n) => 2 * n));
      const third = sensitivityMargin(scaled(rows, 3), free);
      near(third.call.total, 3 * once.call.total, 1e-11 * once.call.total);
    }
  });

  it('grows with the power 3/2 where everything is beyond its threshold', () => {
    const model = modelOf(10, { delta: 1, vega: 1 });
    const rows = [delta('1y', 'OIS', 4), delta('5y', 'Prime', 12), vega('1y', 16)];
    const [once, four] = [rows, scaled(rows, 4)].map((list) => sensitivityMargin(list, model).call);
    expect([four!.delta, four!.vega]).toEqual([8 * once!.delta, 8 * once!.vega]);
    expect(four!.curvature).toBe(4 * once!.curvature);
  });

  it('of turned signs is that of the other side, to the bit', () => {
    for (const rows of portfolios(5)) {
      const one = sensitivityMargin(rows, rules26);
      const other = sensitivityMargin(scaled(rows, -1), rules26);
      expect(other.call).toEqual(one.post);
      expect(other.post).toEqual(one.call);
      expect(other.buckets).toEqual(one.buckets);
    }
  });

  it('differs between the sides in curvature alone; who is short all options has none', () => {
    for (const rows of portfolios(6)) {
      const { call, post } = sensitivityMargin(rows, rules26);
      expect([post.delta, post.vega, post.curvatureBucket]).toEqual([call.delta, call.vega, call.curvatureBucket]);
    }
    const long = sensitivityMargin([vega('1y', 5e6), vega('10y', 3e6, 'EUR')], simm26);
    expect(long.call.curvature).toBeGreaterThan(0);
    expect(long.post.curvature).toBe(0);
    expect(long.post.total).toBe(long.call.delta + long.call.vega);
  });

  it('does not depend on the order of rows: to the bit where none are netted, else to rounding', () => {
    const random = randomOf(7);
    for (const rows of portfolios(7)) {
      const seen = new Set<string>();
      const factors = rows.filter(({ amount: _, ...factor }) => {
        const name = JSON.stringify(factor.kind === 'inflationVega' ? { ...factor, tenor: '' } : factor);
        return !seen.has(name) && seen.add(name);
      });
      const one = sensitivityMargin(factors, rules26);
      const other = sensitivityMargin(shuffled(factors, random), rules26);
      expect(numbers(other.call)).toEqual(numbers(one.call));
      expect(numbers(other.post)).toEqual(numbers(one.post));
      const all = sensitivityMargin(rows, rules26).call.total;
      near(sensitivityMargin(shuffled(rows, random), rules26).call.total, all, 1e-11 * all);
    }
  });

  it('of two parts is at most the sum of theirs, for delta and vega', () => {
    const random = randomOf(8);
    for (const rows of portfolios(8)) {
      const cut = Math.floor(random() * rows.length);
      const [a, b, both] = [rows.slice(0, cut), rows.slice(cut), rows].map(
        (list) => sensitivityMargin(list, free).call,
      );
      if (new Set(rows.map(({ currency }) => currency)).size > 1) continue;
      expect(both!.delta).toBeLessThanOrEqual((a!.delta + b!.delta) * (1 + 1e-12));
      expect(both!.vega).toBeLessThanOrEqual((a!.vega + b!.vega) * (1 + 1e-12));
    }
  });

  it('of currencies without correlation is the root of their squares', () => {
    const model = { ...modelOf(10, null), currencyCorrelation: 0 };
    const { call, buckets } = sensitivityMargin([delta('1y', 'OIS', 3 / 66), delta('1y', 'OIS', 4 / 66, 'EUR')], model);
    expect(buckets.map((bucket) => [bucket.currency, bucket.delta])).toEqual([
      ['EUR', 4],
      ['USD', 3],
    ]);
    expect(call.delta).toBe(5);
  });

  it('tells the group and the concentration of a currency', () => {
    const { buckets } = sensitivityMargin(
      [delta('1y', 'OIS', 120e6, 'BRL'), { kind: 'basis', currency: 'USD', amount: 1e12 }, vega('1y', 19.6e9)],
      simm26,
    );
    expect(buckets.map((b) => [b.currency, b.group, b.deltaConcentration, b.vegaConcentration])).toEqual([
      ['BRL', 'high', 2, 1],
      ['USD', 'regular, well traded', 1, 2],
    ]);
  });
});

describe('the attribution', () => {
  const CURRENCIES = ['USD', 'JPY', 'BRL'];

  it('sums to its total exactly, and to the margin up to rounding', () => {
    const random = randomOf(11);
    for (let i = 0; i < 100; i++) {
      const rows = scaled(portfolio(random, CURRENCIES, true), i % 2 === 0 ? 1 : 1000);
      const margin = sensitivityMargin(rows, rules26, { horizonDays: i % 3 === 0 ? 1 : 10 });
      for (const { attribution, total } of [margin.call, margin.post]) {
        const amounts = attribution.components.map(({ amount }) => amount);
        expect(attribution.total).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
        near(attribution.total, total, 1e-12 * amounts.reduce((sum, amount) => sum + Math.abs(amount), 0));
      }
    }
  });

  it('has each row in its parts, in the order of rows', () => {
    const rows: SensitivityJSON[] = [
      vega('1y', 1e6),
      delta('1y', 'OIS', 10),
      { kind: 'inflationVega', currency: 'USD', tenor: '5y', amount: -1e5 },
      { kind: 'basis', currency: 'EUR', amount: 5 },
    ];
    const { components } = sensitivityMargin(rows, simm26).call.attribution;
    expect(components.map(({ row, part }) => [row, part])).toEqual([
      [0, 'vega'],
      [0, 'curvature'],
      [1, 'delta'],
      [2, 'vega'],
      [2, 'curvature'],
      [3, 'delta'],
      [null, 'deltaConcentration'],
      [null, 'vegaConcentration'],
    ]);
  });

  it('is each sensitivity times the derivative by it', () => {
    const random = randomOf(12);
    const model = modelOf(10, null);
    const STEP = 1e-6;
    for (let i = 0; i < 40; i++) {
      const rows = portfolio(random, CURRENCIES, true);
      const margin = sensitivityMargin(rows, model);
      for (const side of ['call', 'post'] as const) {
        const { components } = margin[side].attribution;
        rows.forEach((row, at) => {
          const moved = [1 + STEP, 1 - STEP].map((by) => {
            const list = rows.map((other, j) => (j === at ? { ...row, amount: Number(row.amount) * by } : other));
            return sensitivityMargin(list, model)[side];
          });
          for (const part of ['delta', 'vega', 'curvature'] as const) {
            const owed = components.find((c) => c.row === at && c.part === part)?.amount ?? 0;
            near(owed, (moved[0]![part] - moved[1]![part]) / (2 * STEP), 1e-6 * (margin[side][part] + Math.abs(owed)));
          }
        });
      }
    }
  });

  it('names what concentration adds: the margin less that of a model without thresholds', () => {
    const rows = [
      delta('1y', 'OIS', 90e6, 'BRL'),
      delta('5y', 'Prime', 400e6),
      vega('1y', 90e6, 'BRL'),
      vega('2y', 5e9),
    ];
    const loose = {
      ...simm26,
      horizons: simm26.horizons.map((horizon) => ({
        ...horizon,
        groups: horizon.groups.map((group) => ({ ...group, concentration: null })),
      })),
    };
    const [with_, without] = [simm26, loose].map((model) => sensitivityMargin(rows, model).call);
    const added = with_!.attribution.components.filter(({ row }) => row === null).map(({ amount }) => amount);
    expect(added).toEqual([with_!.delta - without!.delta, with_!.vega - without!.vega]);
    expect(Math.min(...added)).toBeGreaterThan(1e6);
    const own = (side: SensitivitySide) => side.attribution.components.filter(({ row }) => row !== null);
    expect(own(with_!)).toEqual(own(without!));
  });

  it('gives rows of one risk factor their share of it', () => {
    const { components } = sensitivityMargin([delta('1y', 'OIS', 3), delta('1y', 'OIS', -1)], simm26).call.attribution;
    expect(components.slice(0, 2).map(({ amount }) => amount)).toEqual([198, -66]);
  });
});

describe('sensitivityWhatIf', () => {
  it('is the margin with, less the margin without', () => {
    const random = randomOf(13);
    for (let i = 0; i < 20; i++) {
      const [base, added] = [portfolio(random, ['USD', 'EUR'], true), portfolio(random, ['USD', 'BRL'], true)];
      const { before, after, incremental } = sensitivityWhatIf(base, added, simm26, { horizonDays: 1 });
      expect(before).toEqual(sensitivityMargin(base, simm26, { horizonDays: 1 }));
      expect(after).toEqual(sensitivityMargin([...base, ...added], simm26, { horizonDays: 1 }));
      for (const side of ['call', 'post'] as const)
        for (const part of ['delta', 'vega', 'curvature', 'total'] as const)
          expect(incremental[side][part]).toBe(after[side][part] - before[side][part]);
    }
  });

  it('of the opposite position frees all margin', () => {
    const { after, incremental, before } = sensitivityWhatIf(ore, scaled(ore, -1), rules26);
    expect([after.call.total, after.post.total]).toEqual([0, 0]);
    expect(incremental.call.total).toBe(-before.call.total);
  });
});

// --- refusals ---------------------------------------------------------------------------------------------------------

describe('refused', () => {
  type Loose = ReturnType<typeof JSON.parse>;
  const changed = (change: (model: Loose) => void): (() => unknown) => {
    const model = JSON.parse(JSON.stringify(simm26));
    change(model);
    return () => sensitivityMargin([], model);
  };

  it.each<[string, (model: Loose) => void]>([
    ['missing-key model.id', (m) => delete m.id],
    ['unknown-key model.riskWeight', (m) => (m.riskWeight = 1)],
    ['missing-key model.tenors', (m) => delete m.tenors],
    ['range model.tenors', (m) => (m.tenors = [])],
    ['type model.tenors[0]', (m) => (m.tenors[0] = 'two weeks')],
    ['type model.tenors[3]', (m) => (m.tenors[3] = 6)],
    ['duplicate model.tenors[2]', (m) => (m.tenors[2] = '2w')],
    ['missing-key model.tenorCorrelation', (m) => delete m.tenorCorrelation],
    ['range model.tenorCorrelation', (m) => m.tenorCorrelation.pop()],
    ['range model.tenorCorrelation[4]', (m) => m.tenorCorrelation[4].pop()],
    ['type model.tenorCorrelation[4]', (m) => (m.tenorCorrelation[4] = 0.5)],
    ['range model.tenorCorrelation[2][2]', (m) => (m.tenorCorrelation[2][2] = 0.99)],
    ['range model.tenorCorrelation[0][3]', (m) => (m.tenorCorrelation[0][3] = 1.01)],
    ['not-finite model.tenorCorrelation[0][3]', (m) => (m.tenorCorrelation[0][3] = '1e999')],
    ['conflict model.tenorCorrelation[5][1]', (m) => (m.tenorCorrelation[1][5] = 0.44)],
    ['type model.curves[0]', (m) => (m.curves = [''])],
    ['missing-key model.subCurveCorrelation', (m) => delete m.subCurveCorrelation],
    ['range model.subCurveCorrelation', (m) => (m.subCurveCorrelation = -0.1)],
    ['range model.currencyCorrelation', (m) => (m.currencyCorrelation = 1.1)],
    ['range model.confidence', (m) => (m.confidence = 1)],
    ['type model.indefinite', (m) => (m.indefinite = 'yes')],
    ['missing-key model.horizons', (m) => delete m.horizons],
    ['duplicate model.horizons[1].days', (m) => (m.horizons[1].days = 10)],
    ['range model.horizons[0].days', (m) => (m.horizons[0].days = 0)],
    ['missing-key model.horizons[0].vegaRiskWeight', (m) => delete m.horizons[0].vegaRiskWeight],
    ['range model.horizons[0].hvr', (m) => (m.horizons[0].hvr = 0)],
    ['missing-key model.horizons[1].inflationRiskWeight', (m) => delete m.horizons[1].inflationRiskWeight],
    ['missing-key model.basisCorrelation', (m) => delete m.basisCorrelation],
    ['missing-key model.horizons[0].groups', (m) => delete m.horizons[0].groups],
    ['duplicate model.horizons[0].groups[1].id', (m) => (m.horizons[0].groups[1].id = 'regular, well traded')],
    ['duplicate model.horizons[0].groups[2].currencies[0]', (m) => (m.horizons[0].groups[2].currencies = ['GBP'])],
    ['conflict model.horizons[0].groups[3].currencies', (m) => delete m.horizons[0].groups[2].currencies],
    ['range model.horizons[0].groups[0].riskWeights', (m) => m.horizons[0].groups[0].riskWeights.pop()],
    ['range model.horizons[1].groups[2].riskWeights[7]', (m) => (m.horizons[1].groups[2].riskWeights[7] = -1)],
    ['range model.horizons[0].groups[0].concentration.vega', (m) => (m.horizons[0].groups[0].concentration.vega = 0)],
    [
      'unknown-key model.horizons[0].groups[0].concentration.gamma',
      (m) => (m.horizons[0].groups[0].concentration.gamma = 0),
    ],
  ])('%s', (want, change) => expect(refusedAt(changed(change))).toBe(want));

  it.each<[string, unknown]>([
    ['type sensitivities', 'USD'],
    ['type sensitivities[0]', [7]],
    ['missing-key sensitivities[0].kind', [{ currency: 'USD', amount: 1 }]],
    ['type sensitivities[0].kind', [{ kind: 'gamma', currency: 'USD', amount: 1 }]],
    ['missing-key sensitivities[0].currency', [{ kind: 'basis', amount: 1 }]],
    ['missing-key sensitivities[0].amount', [{ kind: 'basis', currency: 'USD' }]],
    ['not-finite sensitivities[0].amount', [{ kind: 'basis', currency: 'USD', amount: Number.NaN }]],
    ['range sensitivities[0].amount', [{ kind: 'basis', currency: 'USD', amount: 1e31 }]],
    ['missing-key sensitivities[0].tenor', [{ kind: 'vega', currency: 'USD', amount: 1 }]],
    ['missing-key sensitivities[0].curve', [{ kind: 'delta', currency: 'USD', tenor: '1y', amount: 1 }]],
    ['unknown-key sensitivities[1].curve', [vega('1y', 1), { ...vega('1y', 1), curve: 'OIS' }]],
    ['unknown-id sensitivities[0].tenor', [vega('7y', 1)]],
    ['unknown-id sensitivities[0].curve', [delta('1y', 'LIBOR3M', 1)]],
  ])('%s', (want, rows) => expect(refusedAt(() => sensitivityMargin(rows as SensitivityJSON[], rules26))).toBe(want));

  it('names what is meant', () => {
    expect(refusedWith(() => sensitivityMargin([delta('1y', 'LIBOR3M', 1)], simm26)).hint).toBe(
      'Did you mean "Libor3m"?',
    );
    expect(refusedWith(() => sensitivityMargin([vega('7y', 1)], simm26)).expected).toContain('2w, 1m');
    expect(refusedWith(() => sensitivityWhatIf(ore, [vega('7y', 1)], simm26)).path).toBe('added[0].tenor');
  });

  it('a horizon that the model is not calibrated to', () => {
    expect(refusedAt(() => sensitivityMargin([], simm26, { horizonDays: 5 }))).toBe('range horizonDays');
    expect(refusedWith(() => sensitivityMargin([], simm26, { horizonDays: 5 })).expected).toContain('10, 1');
    expect(refusedAt(() => sensitivityMargin([], simm26, { horizonDays: 'ten' }))).toBe('type horizonDays');
  });

  it('options that there are none of', () => {
    for (const ask of [
      (options: never) => sensitivityMargin([], simm26, options),
      (options: never) => sensitivityWhatIf([], [], simm26, options),
    ]) {
      expect(refusedWith(() => ask({ horizonDay: 10 } as never))).toMatchObject({
        code: 'unknown-key',
        path: 'options.horizonDay',
        hint: 'Did you mean "horizonDays"?',
      });
      expect(refusedAt(() => ask(10 as never))).toBe('type options');
    }
  });

  it('a currency that is no code of three capitals, unless the model names it', () => {
    for (const currency of ['usd', 'US', 'USDT', 'U5D'])
      expect(refusedAt(() => sensitivityMargin([delta('1y', 'OIS', 1, currency)], simm26))).toBe(
        'type sensitivities[0].currency',
      );
    expect(refusedWith(() => sensitivityMargin([delta('1y', 'OIS', 1, 'usd')], simm26)).hint).toBe(
      'Did you mean "USD"?',
    );
    expect(sensitivityMargin([delta('1y', 'OIS', 1, 'XXX')], simm26).buckets[0]?.currency).toBe('XXX');
    const own = structuredClone(simm26) as unknown as { horizons: { groups: { currencies?: string[] }[] }[] };
    for (const { groups } of own.horizons) groups[0]?.currencies?.push('coin');
    expect(
      sensitivityMargin([delta('1y', 'OIS', 1, 'coin')], own as never).buckets.map(({ currency }) => currency),
    ).toEqual(['coin']);
  });

  it('sensitivities that the model has no parameters for', () => {
    const { basisCorrelation: _b, inflationCorrelation: _i, currencyCorrelation: _c, ...bare } = modelOf(10, null);
    const horizons = bare.horizons.map(({ inflationRiskWeight: _w, basisRiskWeight: _v, ...horizon }) => horizon);
    const model = { ...bare, horizons };
    const at = (...rows: SensitivityJSON[]): string => refusedAt(() => sensitivityMargin(rows, model));
    expect(at({ kind: 'basis', currency: 'USD', amount: 1 })).toBe('missing-key model.basisCorrelation');
    expect(at({ kind: 'inflation', currency: 'USD', amount: 1 })).toBe('missing-key model.inflationCorrelation');
    expect(at({ kind: 'inflationVega', currency: 'USD', tenor: '1y', amount: 1 })).toBe(
      'missing-key model.inflationCorrelation',
    );
    expect(at(vega('1y', 1), vega('1y', 1, 'EUR'))).toBe('missing-key model.currencyCorrelation');
    expect(sensitivityMargin([vega('1y', 1), delta('1y', 'any', 1)], model).call.total).toBeGreaterThan(0);
  });

  it('a currency that is in no group', () => {
    const model = JSON.parse(JSON.stringify(simm26));
    model.horizons[0].groups.pop();
    expect(refusedAt(() => sensitivityMargin([vega('1y', 1, 'USX')], model))).toBe(
      'unknown-id sensitivities[0].currency',
    );
    expect(refusedWith(() => sensitivityMargin([vega('1y', 1, 'USX')], model)).hint).toBe('Did you mean "USD"?');
  });
});

describe('correlations', () => {
  /** Three tenors, of which the first and the last go against each other. */
  const three = (outer: number): SensitivityModelJSON => ({
    id: 'three',
    tenors: ['1y', '2y', '3y'],
    tenorCorrelation: [
      [1, 0.9, outer],
      [0.9, 1, 0.9],
      [outer, 0.9, 1],
    ],
    subCurveCorrelation: 1,
    horizons: [{ days: 10, vegaRiskWeight: 1, hvr: 1, groups: [{ id: 'all', riskWeights: [1, 1, 1] }] }],
  });

  it('that are not semi-definite are refused, or their squares below 0 count as 0', () => {
    // The determinant is (1 - c)(1 + c - 1.62), 0 at c = 0.62.
    expect(() => new SensitivityModel(three(0.62))).not.toThrow();
    expect(refusedAt(() => new SensitivityModel(three(0.61)))).toBe('conflict model.tenorCorrelation');
    expect(refusedWith(() => new SensitivityModel(three(0.61))).hint).toContain('"floor"');
    const hedge = [delta('1y', 'OIS', 1), delta('2y', 'OIS', -1.9), delta('3y', 'OIS', 1)];
    const { call } = sensitivityMargin(hedge, { ...three(0.5), indefinite: 'floor' });
    expect(call.total).toBe(0);
    expect(call.attribution.components.every(({ amount }) => amount === 0)).toBe(true);
  });

  it('may have any rank', () => {
    const ones = three(1);
    const all = { ...ones, tenorCorrelation: ones.tenorCorrelation.map((row) => row.map(() => 1)) };
    expect(sensitivityMargin([delta('1y', 'OIS', 1), delta('3y', 'OIS', 2)], all).call.delta).toBe(3);
  });

  it('count with those of inflation and basis, on as many curves as there may be', () => {
    const own = modelOf(10, null);
    expect(refusedAt(() => new SensitivityModel({ ...own, inflationCorrelation: 0.8 }))).toBe(
      'conflict model.tenorCorrelation',
    );
    expect(refusedAt(() => new SensitivityModel({ ...own, inflationCorrelation: 0.7, basisCorrelation: 0.7 }))).toBe(
      'conflict model.tenorCorrelation',
    );
    // Of curves without correlation no more than the listed ones can share theirs with inflation.
    const loose = { ...own, subCurveCorrelation: 0 };
    expect(refusedAt(() => new SensitivityModel(loose))).toBe('conflict model.tenorCorrelation');
    expect(() => new SensitivityModel({ ...loose, curves: ['OIS', 'Prime'] })).not.toThrow();
    const many = Array.from({ length: 9 }, (_, i) => `c${i}`);
    expect(refusedAt(() => new SensitivityModel({ ...loose, curves: many }))).toBe('conflict model.tenorCorrelation');
  });
});

describe('docs/sensitivities.md', () => {
  const page = readFileSync(new URL('../docs/sensitivities.md', import.meta.url), 'utf8');

  it('has every key and word of a model and of its rows', () => {
    const refused = (rows: object[], change: object): string =>
      refusedWith(() => sensitivityMargin(rows as SensitivityJSON[], { ...simm26, ...change })).expected ?? '';
    const [horizon] = simm26.horizons;
    const lists = [
      refused([], { x: 1 }),
      refused([], { horizons: [{ x: 1 }] }),
      refused([], { horizons: [{ ...horizon, groups: [{ x: 1 }] }] }),
      refused([], { indefinite: 'x' }),
      refused([{ kind: 'x' }], {}),
      refused([{ ...delta('1y', 'OIS', 1), x: 1 }], {}),
    ];
    for (const list of lists) {
      const words = list.replace('one of ', '').split(', ');
      expect(words.length).toBeGreaterThan(1);
      for (const word of words.filter((w) => w !== 'amount')) expect(page).toContain(`\`${word}\``);
    }
  });
});

describe('examples of the doc comments', () => {
  const evaluate = evaluateWith(api);
  const examples = examplesOf('scenario/').filter(({ name }) => /^sensitivit/.test(name));

  it('are there', () => expect(examples.length).toBe(3));

  it.each(examples)('$name', ({ expression, result }) => expect(evaluate(expression)).toEqual(evaluate(result)));
});
