// Sources of scenarios: historical, age-weighted, filtered, stressed, Monte Carlo; both engines, splits, what is refused.
import { describe, expect, it } from 'vitest';
import * as reference from '../bindings/reference/var.ts';
import {
  covariance,
  ellipticalTau,
  kendallTau,
  normalRisk,
  quantile,
  quantileStandardError,
  type Returns,
  studentTailDependence,
  symmetricEigen,
} from '../bindings/statistics.ts';
import * as kernel from '../bindings/var.ts';
import { random } from './exact.ts';
import { refusal, refusedAt } from './refusal.ts';

const { ageWeighted, filtered, historical, joined, monteCarlo, stressed } = kernel;
const SEED = 19980101;
const { unit } = random(SEED);
const near = (x: ArrayLike<number>, digits = 12): unknown[] => Array.from(x, (value) => expect.closeTo(value, digits));
const sum = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0);

const returns: Returns = {
  names: ['BTC', 'ETH'],
  dates: ['2021-01-02', '2021-01-03', '2021-01-04'],
  kind: 'simple',
  horizon: 1,
  columns: [Float64Array.of(0.1, -0.1, 0.02), Float64Array.of(0.2, -0.25, 0.01)],
};
const logs: Returns = { ...returns, kind: 'log' };
const long = (count: number, scale = 0.03): Returns => ({
  ...returns,
  dates: [],
  columns: [0, 1].map(() => Float64Array.from({ length: count }, () => (unit() + unit() + unit() - 1.5) * scale)),
});

describe('historical', () => {
  it('is each day as it was', () => {
    const scenarios = historical(returns);
    expect(scenarios).toMatchObject({
      method: 'historical',
      names: returns.names,
      count: 3,
      horizon: 1,
      scaling: 'none',
      floored: 0,
    });
    expect(scenarios.moves).toEqual(returns.columns);
    expect(scenarios.labels).toEqual(returns.dates);
    expect(scenarios.weights).toBeUndefined();
    expect(historical({ ...returns, dates: [] }).labels).toBeUndefined();
  });

  it('makes moves of log returns, and scales by the root of time where it is told to', () => {
    expect(Array.from(historical(logs).moves[0]!)).toEqual(near([Math.expm1(0.1), Math.expm1(-0.1), Math.expm1(0.02)]));
    const four = historical(returns, { horizon: 4 });
    expect(four).toMatchObject({ horizon: 4, scaling: 'square-root-of-time' });
    expect(Array.from(four.moves[0]!)).toEqual(near([0.2, -0.2, 0.04]));
  });

  it('never lets a price fall by more than all', () => {
    const wide = historical(returns, { horizon: 100 });
    // -0.25 times the root of 100; -0.1 times it is -1 itself.
    expect(wide.floored).toBe(1);
    expect(Math.min(...wide.moves[1]!)).toBe(-1);
    const ends = { ...logs, columns: [Float64Array.of(-1e30), Float64Array.of(1e30)], dates: [] };
    const [down, up] = historical(ends).moves;
    expect(down![0]).toBe(-1);
    expect(up![0]! / 1e30).toBeCloseTo(Math.exp(69) / 1e30, 10);
  });

  it('refuses what are no returns', () => {
    expect(refusedAt(() => historical({ ...returns, columns: [returns.columns[0]!] }))).toBe('range returns.columns');
    expect(refusedAt(() => historical({ ...returns, names: ['BTC', 'BTC'] }))).toBe('duplicate returns.names[1]');
    expect(refusedAt(() => historical({ ...returns, names: [] }))).toBe('type returns.names');
    expect(refusedAt(() => historical({ ...returns, dates: ['2021-01-02'] }))).toBe('range returns.dates');
    expect(refusedAt(() => historical({ ...returns, kind: 'both' as 'log' }))).toBe('type returns.kind');
    expect(refusedAt(() => historical({ ...returns, horizon: 0 }))).toBe('range returns.horizon');
    expect(
      refusedAt(() => historical({ ...returns, columns: [Float64Array.of(Number.NaN), Float64Array.of(1)] })),
    ).toBe('not-finite returns.columns[0]');
    expect(refusedAt(() => historical(undefined as never))).toBe('type returns');
    expect(refusedAt(() => historical(returns, { horizon: 0 }))).toBe('range options.horizon');
  });
});

describe('ageWeighted', () => {
  it('weighs as Boudoukh, Richardson and Whitelaw do', () => {
    const { weights } = ageWeighted(returns, { decay: 0.5 });
    expect(Array.from(weights!)).toEqual(near([1 / 7, 2 / 7, 4 / 7], 15));
    expect(Array.from(ageWeighted(returns, { decay: 1 }).weights!)).toEqual(near([1 / 3, 1 / 3, 1 / 3], 15));
    const many = ageWeighted(long(20_000), { decay: 0.5 }).weights!;
    expect(sum(many)).toBeCloseTo(1, 12);
    expect(many[0]).toBe(0);
    // Hull's 500 days: the newest of lambda 0.995 weighs (1 - 0.995) / (1 - 0.995^500).
    expect(ageWeighted(long(500), { decay: 0.995 }).weights![499]).toBeCloseTo(0.005 / (1 - 0.995 ** 500), 15);
  });

  it('refuses weights that grow', () => {
    expect(refusedAt(() => ageWeighted(returns, { decay: 1.1 }))).toBe('range options.decay');
    expect(ageWeighted(returns).weights).toEqual(ageWeighted(returns, { decay: 0.99 }).weights);
  });
});

describe('filtered', () => {
  it('takes each day to the volatility of tomorrow', () => {
    const { moves, volatilityOf } = filtered(returns, { volatility: 'ewma', decay: 0.9 });
    const [r] = returns.columns;
    const mean = sum(r!) / 3;
    let v = sum(r!.map((x) => (x - mean) ** 2)) / 3;
    const past = Array.from(r!, (x) => {
      const known = v;
      v = 0.9 * v + 0.1 * x * x;
      return known;
    });
    expect(volatilityOf[0]!.forecast).toBeCloseTo(Math.sqrt(v), 14);
    expect(Array.from(volatilityOf[0]!.past)).toEqual(near(past.map(Math.sqrt)));
    expect(Array.from(moves[0]!)).toEqual(near(past.map((known, t) => r![t]! * Math.sqrt(v / known))));
  });

  it('fits GARCH coin by coin', () => {
    const series = long(300);
    const { moves, volatilityOf, method, count } = filtered(series, { volatility: 'garch' });
    expect([method, count, moves.length]).toEqual(['filtered', 300, 2]);
    const { fit, forecast, past } = volatilityOf[1]!;
    expect(forecast).toBe(Math.sqrt(fit!.next));
    expect(moves[1]![7]).toBe((series.columns[1]![7]! * forecast) / past[7]!);
  });

  it('names the coin that it can not filter', () => {
    const still = { ...long(100), columns: [long(100).columns[0]!, new Float64Array(100)] };
    expect(refusal(() => filtered(still, { volatility: 'garch' }))).toBe(
      'range at returns.ETH: got 0, expected a series that moves: a constant one has no volatility',
    );
    expect(refusedAt(() => filtered(still, { volatility: 'ewma' }))).toBe('range returns.ETH');
    expect(refusedAt(() => filtered(returns, { volatility: 'garch' }))).toBe('range returns.columns[0]');
    expect(refusedAt(() => filtered(returns, { volatility: 'sma' as 'ewma' }))).toBe('type options.volatility');
  });
});

describe('stressed', () => {
  const stress = {
    method: 'crash',
    names: ['ETH', 'BTC'],
    count: 1,
    moves: [Float64Array.of(-0.6), Float64Array.of(-0.5)],
    horizon: 1,
  };

  it('gives the stress a share of all weight', () => {
    const both = stressed(historical(returns), stress, { weight: 0.25 });
    expect(both).toMatchObject({ count: 4, names: ['BTC', 'ETH'], method: 'historical, stressed', horizon: 1 });
    expect(Array.from(both.weights!)).toEqual(near([0.25, 0.25, 0.25, 0.25], 15));
    expect(both.moves.map((x) => x[3])).toEqual([-0.5, -0.6]);
    expect(both.labels).toEqual([...returns.dates, 'crash 0']);
    expect(both.volatilities).toBeUndefined();
    const aged = stressed(ageWeighted(returns, { decay: 0.5 }), stress, { weight: 0.1 });
    expect(Array.from(aged.weights!)).toEqual(near([0.9 / 7, 1.8 / 7, 3.6 / 7, 0.1], 15));
    expect(sum(aged.weights!)).toBeCloseTo(1, 14);
  });

  it('leaves volatilities where only the stress moves them', () => {
    const both = stressed(
      historical(returns),
      { ...stress, volatilities: [undefined, Float64Array.of(1.5)] },
      { weight: 0.5 },
    );
    expect(both.volatilities).toEqual([Float64Array.of(0, 0, 0, 1.5), undefined]);
  });

  it('refuses scenarios that do not go together', () => {
    const base = historical(returns);
    expect(refusedAt(() => stressed(base, { ...stress, horizon: 5 }, { weight: 0.5 }))).toBe('conflict stress.horizon');
    expect(refusedAt(() => stressed(base, { ...stress, names: ['ETH', 'SOL'] }, { weight: 0.5 }))).toBe(
      'unknown-id stress.names',
    );
    expect(
      refusedAt(() => stressed(base, { ...stress, names: ['ETH'], moves: [stress.moves[0]!] }, { weight: 0.5 })),
    ).toBe('unknown-id stress.names');
    expect(refusedAt(() => stressed(base, { ...stress, count: 2 }, { weight: 0.5 }))).toBe('range stress.moves[0]');
    expect(
      refusedAt(() => stressed(base, { ...stress, moves: [Float64Array.of(-2), Float64Array.of(0)] }, { weight: 0.5 })),
    ).toBe('range stress.moves[0]');
    expect(refusedAt(() => stressed(base, { ...stress, weights: Float64Array.of(0.5) }, { weight: 0.5 }))).toBe(
      'range stress.weights',
    );
    for (const weight of [0, 1, -1])
      expect(refusedAt(() => stressed(base, stress, { weight }))).toBe('range options.weight');
  });
});

describe('joined', () => {
  const quarter = { ...historical(returns), names: ['ETH', 'BTC'], moves: [...historical(returns).moves].reverse() };

  it('puts sets one behind the other, by name', () => {
    const both = joined([historical(returns), quarter]);
    expect(both.count).toBe(6);
    expect(both.moves.map(([...x]) => x)).toEqual(returns.columns.map(([...x]) => [...x, ...x]));
    expect(both.labels).toEqual([...returns.dates, ...returns.dates]);
    expect(both.weights).toBeUndefined();
  });

  it('weighs each set by its scenarios where one is weighted', () => {
    const aged = joined([ageWeighted(returns, { decay: 0.5 }), historical(returns)]);
    expect(Array.from(aged.weights!)).toEqual(near([0.5 / 7, 1 / 7, 2 / 7, 1 / 6, 1 / 6, 1 / 6], 15));
  });

  it('names the part that does not go with the others', () => {
    const base = historical(returns);
    expect(refusedAt(() => joined([]))).toBe('type parts');
    expect(refusedAt(() => joined([base, { ...base, horizon: 5 }]))).toBe('conflict parts[1].horizon');
    expect(refusedAt(() => joined([base, base, { ...base, count: 2 }]))).toBe('range parts[2].moves[0]');
  });
});

describe.each(['philox', 'sobol'] as const)('monteCarlo of %s', (generator) => {
  const names = ['BTC', 'ETH'];
  // McNeil, Frey and Embrechts: L = 3 X1 - 2 X2, VaR 99 % of the normal distribution 1.65154315512837.
  const given = [
    [0.04, 0.018],
    [0.018, 0.09],
  ];
  const [first = 0, second = 0] = [3, -2];
  const sigma = Math.sqrt(9 * 0.04 - 12 * 0.018 + 4 * 0.09);
  const ask = { names, covariance: given, paths: 1 << 16, seed: 7, generator, kind: 'simple' } as const;

  it.each([1, 2, 3])('lands within 4 standard errors of the Gaussian value at risk (seed %i)', (seed) => {
    // Small moves, so that none stops at -1.
    const small = given.map((row) => row.map((x) => x / 1e4));
    const { moves } = monteCarlo({ ...ask, covariance: small, seed });
    const gains = moves[0]!.map((x, i) => -100 * (first * x + second * moves[1]![i]!));
    const { valueAtRisk } = normalRisk({ deviation: sigma }, '0.99');
    expect(valueAtRisk).toBeCloseTo(1.6515431551283748, 12);
    const error = quantileStandardError('0.99', ask.paths, { deviation: sigma });
    expect(Math.abs(-quantile(gains, '0.01') - valueAtRisk)).toBeLessThan(4 * error);
  });

  it.each([{ student: 4 }, { student: 3, match: 'scale' }, 'normal'] as const)(
    'is the same on both engines, in any split: %o',
    (distribution) => {
      // A tenth of the deviations: heavy tails of ten days would leave the range of moves.
      const calm = given.map((row) => row.map((x) => x / 100));
      const all = {
        ...ask,
        covariance: calm,
        distribution,
        paths: 1003,
        kind: 'log' as const,
        mean: [0.001, -0.002],
        horizon: 10,
      };
      const whole = monteCarlo(all);
      expect(reference.monteCarlo(all)).toEqual(whole);
      const parts = [0, 1, 500, 777].map((from, i, all_) => monteCarlo({ ...all, from, to: all_[i + 1] ?? 1003 }));
      const again = joined(parts);
      expect(again.moves).toEqual(whole.moves);
      expect([again.count, again.labels, again.first ?? 0, again.method]).toEqual([1003, undefined, 0, whole.method]);
      expect(parts[2]).toMatchObject({ from: 500, to: 777, count: 277 });
      expect(monteCarlo({ ...all, paths: 2000 }).moves[0]!.slice(0, 1003)).toEqual(whole.moves[0]);
      expect(monteCarlo({ ...all, seed: 8 }).moves[0]).not.toEqual(whole.moves[0]);
      // Seeds differ in their upper words as well.
      expect(monteCarlo({ ...all, seed: 7 + 2 ** 32 }).moves[0]).not.toEqual(whole.moves[0]);
    },
  );

  it('has the covariance that was asked for, also with heavy tails', () => {
    const small = given.map((row) => row.map((x) => x / 1e4));
    for (const distribution of ['normal', { student: 6 }] as const) {
      const { moves, student } = monteCarlo({ ...ask, covariance: small, distribution });
      const found = covariance(moves).matrix.map((x) => x * 1e4);
      [0.04, 0.018, 0.018, 0.09].forEach((x, at) => void expect(Math.abs(found[at]! - x)).toBeLessThan(0.003));
      expect(student).toBe(distribution === 'normal' ? null : 6);
    }
    const scale = monteCarlo({ ...ask, covariance: small, distribution: { student: 6, match: 'scale' } });
    expect(covariance(scale.moves).matrix[0]! * 1e4).toBeCloseTo((0.04 * 6) / 4, 2);
  });

  it('repairs what is no covariance, and says so', () => {
    const broken = [
      [1, 0.9, 0.7],
      [0.9, 1, 0.3],
      [0.7, 0.3, 1],
    ].map((row) => row.map((x) => x / 1e4));
    const {
      repaired,
      smallest,
      covariance: used,
    } = monteCarlo({ ...ask, names: ['A', 'B', 'C'], covariance: broken, paths: 8 });
    expect(repaired).toBe(true);
    expect(smallest).toBeCloseTo(-0.00735244, 8);
    expect(symmetricEigen(used, 3).values[2]).toBeGreaterThan(-1e-18);
    expect(monteCarlo({ ...ask, paths: 8 })).toMatchObject({ repaired: false, smallest: null });
  });
});

describe('monteCarlo', () => {
  it('estimates a covariance from returns', () => {
    const series = long(200);
    const of = (options: object) => monteCarlo({ returns: series, paths: 4, ...options });
    expect(of({}).covariance).toEqual(covariance(series.columns).matrix);
    expect(of({ estimator: 'ewma', decay: 0.97 }).covariance).not.toEqual(of({ estimator: 'ewma' }).covariance);
    expect(of({ estimator: 'shrinkage' }).covariance[0]).not.toBe(of({}).covariance[0]);
    expect(of({}).names).toEqual(['BTC', 'ETH']);
    const shifted = of({ mean: 'sample' }).moves[0]![0]! - of({}).moves[0]![0]!;
    expect(shifted).toBeCloseTo(sum(series.columns[0]!) / 200, 15);
  });

  it('scales by the root of time, and says so', () => {
    const one = { names: ['A'], covariance: Float64Array.of(1e-4), paths: 3, kind: 'simple' } as const;
    const [day, four] = [monteCarlo(one), monteCarlo({ ...one, horizon: 4 })];
    expect(Array.from(four.moves[0]!)).toEqual(near(day.moves[0]!.map((x) => 2 * x)));
    expect([day.scaling, four.scaling, four.horizon]).toEqual(['none', 'square-root-of-time', 4]);
    expect(monteCarlo({ ...one, period: 4, horizon: 4 }).moves).toEqual(day.moves);
  });

  it('moves a stablecoin beside a coin of far larger moves', () => {
    const { moves } = monteCarlo({
      names: ['A', 'B'],
      covariance: [
        [1e-2, 0],
        [0, 1e-16],
      ],
      paths: 4096,
      kind: 'simple',
    });
    expect(covariance(moves).matrix[3]! * 1e16).toBeCloseTo(1, 1);
  });

  it('takes coins without variance, and coins that move as one', () => {
    const { moves } = monteCarlo({
      names: ['A', 'B', 'C'],
      covariance: [
        [1e-4, 1e-4, 0],
        [1e-4, 1e-4, 0],
        [0, 0, 0],
      ],
      paths: 20,
    });
    expect(moves[0]).toEqual(moves[1]);
    expect(moves[2]).toEqual(new Float64Array(20));
  });

  it('refuses what it can not simulate', () => {
    const ask = {
      names: ['A', 'B'],
      covariance: [
        [1, 0],
        [0, 1],
      ],
      paths: 4,
    };
    const code = (options: object): string => refusedAt(() => monteCarlo({ ...ask, ...options } as never));
    expect(code({ paths: undefined })).toBe('missing-key options.paths');
    expect(code({ paths: 0 })).toBe('range options.paths');
    expect(code({ paths: 1.5 })).toBe('type options.paths');
    expect(code({ paths: 2 ** 40 })).toBe('too-many options.paths');
    expect(code({ paths: 2 ** 33, generator: 'sobol' })).toBe('range options.paths');
    expect(code({ from: 4 })).toBe('range options.from');
    expect(code({ from: 2, to: 2 })).toBe('range options.to');
    expect(code({ seed: -1 })).toBe('range options.seed');
    expect(code({ generator: 'mt19937' })).toBe('type options.generator');
    expect(code({ covariance: [[1, 0]] })).toBe('range options.covariance');
    expect(
      code({
        covariance: [
          [1, 2],
          [0, 1],
        ],
      }),
    ).toBe('range matrix, row 1, column 0');
    expect(
      code({
        covariance: [
          [-1, 0],
          [0, 1],
        ],
      }),
    ).toBe('range matrix, row 0');
    expect(code({ covariance: undefined })).toBe('missing-key options.covariance');
    expect(code({ returns: long(10), names: undefined })).toBe('conflict options.covariance');
    expect(code({ returns: long(10), covariance: undefined })).toBe('conflict options.names');
    expect(code({ mean: [1] })).toBe('range options.mean');
    expect(code({ mean: 'sample' })).toBe('conflict options.mean');
    expect(code({ mean: 'one' })).toBe('type options.mean');
    expect(code({ distribution: { student: 2 } })).toBe('range options.distribution.student');
    expect(code({ distribution: { student: 0.5, match: 'scale' } })).toBe('range options.distribution.student');
    expect(code({ distribution: 'cauchy' })).toBe('type options.distribution');
    expect(code({ names: ['A'] })).toBe('range options.covariance');
    expect(code({ names: undefined })).toBe('type options.names');
    expect(code({ path: 1 })).toBe('unknown-key options.path');
    const many = Array.from({ length: 1111 }, (_, i) => `c${i}`);
    expect(code({ names: many, generator: 'sobol', distribution: { student: 4 } })).toBe('too-many options.names');
  });

  it('simulates as many factors as there are dimensions', () => {
    const n = 1111;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) matrix[i * (n + 1)] = 1e-4;
    const ask = {
      names: Array.from({ length: n }, (_, i) => `c${i}`),
      covariance: matrix,
      paths: 3,
      generator: 'sobol',
    } as const;
    expect(monteCarlo(ask).moves[n - 1]).toEqual(reference.monteCarlo(ask).moves[n - 1]);
  });
});

describe('anchors', () => {
  it('are the closed forms of McNeil, Frey and Embrechts', () => {
    expect(studentTailDependence(0.5, 4)).toBeCloseTo(0.2531699951003227, 14);
    expect([studentTailDependence(1, 4), studentTailDependence(-1, 4)]).toEqual([1, 0]);
    expect(ellipticalTau(0.5)).toBeCloseTo(1 / 3, 15);
    expect([ellipticalTau(1), ellipticalTau(0), ellipticalTau(-1)]).toEqual([1, 0, -1]);
    expect(quantileStandardError('0.99', 1_000_000, { deviation: 0.7099295739719539 })).toBeCloseTo(
      0.0026503348283985154,
      15,
    );
    expect(quantileStandardError('0.99', 4, { density: 0.5 })).toBeCloseTo(Math.sqrt(0.0099 / 4) / 0.5, 15);
  });

  it('refuse what is none', () => {
    expect(refusedAt(() => ellipticalTau(1.1))).toBe('range correlation');
    expect(refusedAt(() => studentTailDependence(0.5, 0))).toBe('range dof');
    expect(refusedAt(() => quantileStandardError('0.99', 1.5, { density: 1 }))).toBe('type count');
    expect(refusedAt(() => quantileStandardError('0.99', 10, { density: 1, deviation: 1 } as never))).toBe(
      'conflict at.density',
    );
    expect(refusedAt(() => quantileStandardError('0.99', 10, {} as never))).toBe('missing-key at.density');
  });

  it('are what Student-t paths come to: tau of all, joint crashes of the worst', () => {
    const covariance = [
      [1e-4, 5e-5],
      [5e-5, 1e-4],
    ];
    const ask = { names: ['A', 'B'], covariance, seed: 3, distribution: { student: 4 } } as const;
    const small = monteCarlo({ ...ask, paths: 3000 }).moves;
    expect(Math.abs(kendallTau(small[0]!, small[1]!)! - ellipticalTau(0.5))).toBeLessThan(0.04);
    const { moves } = monteCarlo({ ...ask, paths: 200_000 });
    const bound = moves.map((x) => quantile(x, '0.002'));
    const joint = moves[0]!.filter((x, i) => x <= bound[0]! && moves[1]![i]! <= bound[1]!).length / 400;
    // From above: at 0.2 % the limit is nearly reached. Normal paths have 0.08 there.
    expect(Math.abs(joint - studentTailDependence(0.5, 4))).toBeLessThan(0.08);
    expect(joint).toBeGreaterThan(0.18);
  });
});

it('both entries have the same sources', () => {
  expect(Object.keys(reference).sort()).toEqual(Object.keys(kernel).sort());
});
