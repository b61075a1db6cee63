// Deltas and gammas in normal factors: published quantiles, closed forms of sums of squares, simulation, ends of the distribution and
// singular covariances.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exp } from '../bindings/reference/numeric/exp.js';
import { log, log1p } from '../bindings/reference/numeric/log.js';
import { normalQuantile } from '../bindings/reference/numeric/normal.js';
import { tailShare } from '../bindings/statistics/confidence.js';
import { exactAt } from '../bindings/statistics/delta-gamma/imhof.js';
import {
  type QuadraticForm,
  quadraticForm,
  readFactors,
  supportOf,
} from '../bindings/statistics/delta-gamma/quadratic-form.js';
import { approximateAt } from '../bindings/statistics/delta-gamma/saddlepoint.js';
import {
  deltaGammaExact,
  deltaGammaMoments,
  deltaGammaRisk,
  deltaGammaSaddlepoint,
  type FactorModel,
} from '../bindings/statistics.js';
import { random } from './exact.ts';
import { refusal, refusedAt } from './refusal.ts';

const LEVELS = ['0.5', '0.9', '0.99', '0.999', '0.01', '0.999999'];
const diagonal = (values: readonly number[]): number[][] =>
  values.map((x, i) => values.map((_, j) => (i === j ? x : 0)));
/** Gammas without deltas in independent factors. */
const squares = (gamma: number[]): FactorModel => ({
  delta: gamma.map(() => 0),
  gamma: diagonal(gamma),
  omega: diagonal(gamma.map(() => 1)),
});
const tailOf = (level: string): number => tailShare(level).value;

describe('exact quantiles', () => {
  it('of two equal squares are exponential', () => {
    for (const level of LEVELS) {
      // Short gamma: the loss is (X^2 + Y^2) / 2; long gamma: minus that.
      const short = deltaGammaExact(squares([-1, -1]), level);
      expect((short.valueAtRisk ?? 0) / -log(tailOf(level))).toBeCloseTo(1, 10);
      expect((short.shortfall ?? 0) / (1 - log(tailOf(level)))).toBeCloseTo(1, 10);
      const p = tailOf(level);
      const long = deltaGammaExact(squares([1, 1]), level);
      expect((long.valueAtRisk ?? 0) / log1p(-p)).toBeCloseTo(1, 10);
      // E[X; X < x] of an exponential X at x = -ln(1 - p).
      const mean = (p + (1 - p) * log1p(-p)) / p;
      expect((long.shortfall ?? 0) / -mean).toBeCloseTo(1, 8);
    }
  });

  it('of squares against squares are those of a Laplace distribution', () => {
    for (const level of LEVELS) {
      const p = tailOf(level);
      const at = p <= 0.5 ? -log(2 * p) : log(2 * (1 - p));
      expect(deltaGammaExact(squares([1, 1, -1, -1]), level).valueAtRisk).toBeCloseTo(at, 10);
    }
  });

  it('of 2 k squares are those of Erlang', () => {
    for (const k of [2, 5, 20]) {
      const model = squares(Array.from({ length: 2 * k }, () => -1));
      for (const level of LEVELS) {
        const { valueAtRisk = 0, shortfall = 0 } = deltaGammaExact(model, level);
        const x = valueAtRisk ?? 0;
        // P(X > x) = e^-x sum of x^j / j!.
        let [term, sum] = [1, 0];
        for (let j = 0; j < k; j++) {
          sum += term;
          term *= x / (j + 1);
        }
        expect((exp(-x) * sum) / tailOf(level)).toBeCloseTo(1, 9);
        // E[X; X > x] = k P(X' > x), X' with one more.
        expect((shortfall ?? 0) / ((k * exp(-x) * (sum + term)) / tailOf(level))).toBeCloseTo(1, 9);
      }
    }
  });

  it('of one factor are two tails of a normal number', () => {
    // Exactly gamma omega PPND((1 + q) / 2)^2 / 2 without a delta.
    expect(deltaGammaExact(squares([-1]), '0.99').valueAtRisk).toBeCloseTo(0.5 * normalQuantile(0.995) ** 2, 13);
    expect(deltaGammaExact(squares([1]), '0.99').valueAtRisk).toBeCloseTo(-0.5 * normalQuantile(0.505) ** 2, 13);
    // With a delta: a second factor that is next to nothing sends it through the integral.
    for (const gamma of [-0.7, 0.7, -1e-9, 30]) {
      for (const level of ['0.6', '0.99', '0.9999', '0.05']) {
        const one = deltaGammaExact({ delta: [2], gamma: [[gamma]], omega: [[1]] }, level);
        const two = deltaGammaExact({ delta: [2, 0], gamma: diagonal([gamma, 1e-12]), omega: diagonal([1, 1]) }, level);
        const unit = 1 + Math.abs(gamma);
        expect((one.valueAtRisk ?? 0) / unit).toBeCloseTo((two.valueAtRisk ?? Number.NaN) / unit, 9);
        expect((one.shortfall ?? 0) / unit).toBeCloseTo((two.shortfall ?? Number.NaN) / unit, 9);
      }
    }
  });

  it('are delta-normal without gammas', () => {
    const model = {
      delta: [3, 4],
      gamma: diagonal([0, 0]),
      omega: [
        [1, 0.5],
        [0.5, 1],
      ],
    };
    for (const level of LEVELS) {
      const linear = deltaGammaRisk(model, level);
      for (const figure of [deltaGammaExact(model, level), deltaGammaSaddlepoint(model, level)]) {
        expect(figure.valueAtRisk).toBeCloseTo(linear.deltaNormal.valueAtRisk, 10);
        expect(figure.shortfall).toBeCloseTo(linear.deltaNormal.shortfall, 9);
      }
      expect(linear.deltaGammaNormal.valueAtRisk).toBeCloseTo(linear.deltaNormal.valueAtRisk, 10);
      expect(linear.cornishFisher.valueAtRisk).toBeCloseTo(linear.deltaNormal.valueAtRisk, 10);
    }
  });

  it('do not depend on how factors are turned or measured', () => {
    const model = { delta: [1, -2, 0.5], gamma: diagonal([-1, 0.5, 0.2]), omega: diagonal([1, 1, 1]) };
    // Rotated by (3, 4) / 5 in the first two, the third in units of a millionth.
    const turn = [
      [0.6, -0.8, 0],
      [0.8, 0.6, 0],
      [0, 0, 1e-6],
    ];
    const times = (a: number[][], b: number[][]) =>
      a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((all, x, k) => all + x * (b[k]?.[j] ?? 0), 0)));
    const transposed = turn.map((_, i) => turn.map((row) => row[i] ?? 0));
    const inverse = [
      [0.6, 0.8, 0],
      [-0.8, 0.6, 0],
      [0, 0, 1e6],
    ];
    const back = inverse.map((_, i) => inverse.map((row) => row[i] ?? 0));
    const turned = {
      delta: times([model.delta], inverse)[0] ?? [],
      gamma: times(times(back, model.gamma), inverse),
      omega: times(turn, transposed),
    };
    for (const level of LEVELS)
      expect(deltaGammaExact(turned, level).valueAtRisk).toBeCloseTo(deltaGammaExact(model, level).valueAtRisk ?? 0, 9);
  });

  it('of singular covariances are those of the factors that are left', () => {
    const same = {
      delta: [1, 2],
      gamma: diagonal([-1, -3]),
      omega: [
        [4, 4],
        [4, 4],
      ],
    };
    const one = { delta: [3], gamma: [[-4]], omega: [[4]] };
    const still = {
      delta: [3, 9],
      gamma: diagonal([-4, -9]),
      omega: [
        [4, 0],
        [0, 0],
      ],
    };
    const ones = {
      delta: [1, 1, 1],
      gamma: diagonal([0, 0, 0]),
      omega: [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
    };
    for (const level of LEVELS) {
      const { valueAtRisk } = deltaGammaExact(one, level);
      expect(deltaGammaExact(same, level).valueAtRisk).toBeCloseTo(valueAtRisk ?? 0, 9);
      expect(deltaGammaExact(still, level).valueAtRisk).toBeCloseTo(valueAtRisk ?? 0, 9);
      expect(deltaGammaExact(ones, level).valueAtRisk).toBeCloseTo(-3 * normalQuantile(tailOf(level)), 9);
    }
    const nothing = { delta: [1, 1], gamma: diagonal([1, 1]), omega: diagonal([0, 0]) };
    expect(deltaGammaExact(nothing, '0.99')).toEqual({ valueAtRisk: 0, shortfall: 0, status: 'constant' });
    expect(deltaGammaSaddlepoint(nothing, '0.99').status).toBe('constant');
    expect(deltaGammaRisk(nothing, '0.99')).toMatchObject({ status: 'constant', moments: { skewness: null } });
  });

  it('agree with a million draws', () => {
    const model = {
      delta: [1, 0.5, -1],
      gamma: [
        [-0.6, 0.2, 0],
        [0.2, 0.4, -0.1],
        [0, -0.1, -1],
      ],
      omega: [
        [1, 0.3, 0],
        [0.3, 2, 0.1],
        [0, 0.1, 0.5],
      ],
    };
    const form = quadraticForm(readFactors(model));
    const { unit } = random(715);
    const losses = Float64Array.from({ length: 200_000 }, () => {
      let loss = form.linear * normalQuantile(unit());
      form.curves.forEach((l, j) => {
        const y = normalQuantile(unit());
        loss += (form.slopes[j] ?? 0) * y + 0.5 * l * (y * y - 1);
      });
      return form.mean + form.deviation * loss;
    }).sort();
    for (const [level, within] of [
      ['0.95', 0.02],
      ['0.99', 0.05],
    ] as const) {
      const k = Math.floor(Number(level) * losses.length);
      const { valueAtRisk, shortfall } = deltaGammaExact(model, level);
      expect(Math.abs((losses[k] ?? 0) - (valueAtRisk ?? 0))).toBeLessThan(within * form.deviation);
      const mean = losses.subarray(k).reduce((all, x) => all + x, 0) / (losses.length - k);
      expect(Math.abs(mean - (shortfall ?? 0))).toBeLessThan(2 * within * form.deviation);
    }
  });

  it('are consistent everywhere: tails, density, excess and the way back', () => {
    const row = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.integer({ min: -6, max: 0 }),
    );
    const level = fc.constantFrom('0.001', '0.5', '0.95', '0.99', '0.9999');
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 12 }), level, (rows, confidence) => {
        const model = {
          delta: rows.map(([, c]) => c),
          gamma: diagonal(rows.map(([l, , e]) => l * Number(`1e${e}`))),
          omega: diagonal(rows.map(() => 1)),
        };
        const form = quadraticForm(readFactors(model));
        fc.pre(form.deviation > 1e-3 && form.curves.length + Math.sign(form.linear) > 1);
        const { valueAtRisk, shortfall, status } = deltaGammaExact(model, confidence);
        expect(['ok', 'rough']).toContain(status);
        const y = ((valueAtRisk ?? 0) - form.mean) / form.deviation;
        const at = exactAt(form, y);
        expect(at.lower + at.upper).toBeCloseTo(1, 11);
        const { least, most } = supportOf(form);
        // Next to its end a double has no digits left for the tail.
        if (status === 'ok' && y - least > 0.01 && most - y > 0.01)
          expect(at.upper / tailOf(confidence)).toBeCloseTo(1, 8);
        expect((shortfall ?? 0) - (valueAtRisk ?? 0)).toBeGreaterThanOrEqual(-1e-9 * form.deviation);
      }),
      { seed: 1961, numRuns: 150 },
    );
  });

  it('are rough, and say so, where traces blur the end of a square', () => {
    const traced = { delta: [0, 3.5e-8], gamma: diagonal([1, 0]), omega: diagonal([1, 1]) };
    const { valueAtRisk, shortfall, status } = deltaGammaExact(traced, '0.9999');
    const alone = deltaGammaExact(squares([1]), '0.9999');
    expect(status).toBe('rough');
    expect(valueAtRisk).toBeCloseTo(alone.valueAtRisk ?? Number.NaN, 6);
    expect(shortfall).toBeCloseTo(alone.shortfall ?? Number.NaN, 6);
  });

  it('end where all gammas are long', () => {
    // The loss is at most 0, and next to it for every level.
    const { valueAtRisk, shortfall } = deltaGammaExact(squares([1, 1e-3]), '0.999999');
    expect(valueAtRisk).toBeLessThan(0);
    expect(valueAtRisk).toBeGreaterThan(-1e-6);
    expect(shortfall).toBeGreaterThan(valueAtRisk ?? 0);
    expect(shortfall).toBeLessThan(0);
    const form = quadraticForm(readFactors(squares([1, 1])));
    expect(supportOf(form)).toEqual({ least: -Infinity, most: expect.closeTo(1, 14) as number });
    expect(exactAt(form, 1.1)).toMatchObject({ lower: 1, upper: 0, density: 0, excess: 0 });
    expect(exactAt(form, -1e4)).toMatchObject({ lower: 0, upper: 1 });
  });
});

describe('moments and expansions', () => {
  it('are those of a chi-square number, and of Alexander with the terms in delta', () => {
    expect(deltaGammaMoments(squares([1]))).toMatchObject({ mean: 0.5, variance: 0.5 });
    expect(deltaGammaMoments(squares([1])).skewness).toBeCloseTo(Math.sqrt(8), 14);
    expect(deltaGammaMoments(squares([1])).excessKurtosis).toBeCloseTo(12, 13);
    const mixed = { delta: [1], gamma: [[1]], omega: [[1]] };
    // k3 = 1 + 3, k4 = 3 + 12, of variance 3 / 2.
    expect(deltaGammaMoments(mixed).skewness).toBeCloseTo(4 / 1.5 ** 1.5, 13);
    expect(deltaGammaMoments(mixed).excessKurtosis).toBeCloseTo(15 / 2.25, 13);
  });

  it('flag an expansion that is no quantile', () => {
    expect(deltaGammaRisk(squares([-1]), '0.99').cornishFisher.monotone).toBe(false);
    expect(deltaGammaRisk(squares(Array.from({ length: 40 }, () => -1)), '0.99').cornishFisher.monotone).toBe(true);
  });
});

describe('the saddlepoint', () => {
  const forty = squares(Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 : -1)));

  it('is near the exact quantile', () => {
    const form = quadraticForm(readFactors(forty));
    for (const level of LEVELS) {
      const [exact, near] = [deltaGammaExact(forty, level), deltaGammaSaddlepoint(forty, level)];
      expect(Math.abs((exact.valueAtRisk ?? 0) - (near.valueAtRisk ?? 0)) / form.deviation).toBeLessThan(2e-3);
      expect(Math.abs((exact.shortfall ?? 0) - (near.shortfall ?? 0)) / form.deviation).toBeLessThan(2e-3);
    }
    const bent = deltaGammaSaddlepoint(squares([-1]), '0.99').valueAtRisk ?? 0;
    expect(bent / (0.5 * normalQuantile(0.995) ** 2)).toBeCloseTo(1, 1);
  });

  it('has no hole at the mean', () => {
    const form = quadraticForm(readFactors(forty));
    const at = (y: number) => approximateAt(form, y);
    for (const y of [0, 1e-12, -1e-12, 1e-7, 9.9e-5, 1.01e-4, -1e-3]) {
      const exact = exactAt(form, y);
      expect(Math.abs(at(y).upper - exact.upper), `${y}`).toBeLessThan(2e-3);
      expect(Math.abs(at(y).excess - exact.excess), `${y}`).toBeLessThan(2e-3);
    }
    // Both sides of where the series stops.
    expect(at(9.999e-5).upper).toBeCloseTo(at(1.0001e-4).upper, 7);
    expect(at(9.999e-5).excess).toBeCloseTo(at(1.0001e-4).excess, 5);
  });
});

describe('what is refused', () => {
  const model = { delta: [1, 1], gamma: diagonal([0, 0]), omega: diagonal([1, 1]) };
  it('is no portfolio', () => {
    const at = (change: object) => refusedAt(() => deltaGammaExact({ ...model, ...change }, '0.99'));
    expect(
      at({
        omega: [
          [1, 2],
          [2, 1],
        ],
      }),
    ).toBe('range model.omega');
    expect(
      at({
        omega: [
          [-1, 0],
          [0, 1],
        ],
      }),
    ).toBe('range model.omega');
    expect(
      at({
        omega: [
          [0, 1],
          [1, 1],
        ],
      }),
    ).toBe('range model.omega');
    expect(
      at({
        gamma: [
          [1, 2],
          [3, 4],
        ],
      }),
    ).toContain('range model.gamma');
    expect(at({ delta: [1] })).toBe('range model.gamma');
    expect(at({ delta: [1, Number.NaN] })).toBe('not-finite model.delta[1]');
    expect(refusedAt(() => deltaGammaExact(null as unknown as FactorModel, '0.99'))).toBe('type model');
    expect(refusedAt(() => deltaGammaExact(model, '1'))).toBe('range confidence');
    expect(
      refusal(() =>
        deltaGammaRisk(
          {
            ...model,
            omega: [
              [1, 2],
              [2, 1],
            ],
          },
          '0.99',
        ),
      ),
    ).toContain('It has an eigenvalue below 0');
  });

  it('has the same bits at every call', () => {
    const form: QuadraticForm = quadraticForm(
      readFactors({
        ...model,
        gamma: [
          [-1, 0.3],
          [0.3, 0.4],
        ],
      }),
    );
    expect(exactAt(form, 1)).toEqual(exactAt(form, 1));
  });
});
