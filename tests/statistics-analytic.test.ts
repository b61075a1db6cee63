// Analytic value at risk: delta-normal, components, closed forms, Cornish-Fisher, Pareto tails, liquidity. Published examples, what
// must hold of a split, what is refused. Deltas and gammas: delta-gamma.test.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log } from '../bindings/reference/numeric/log.js';
import { pow } from '../bindings/reference/numeric/pow.js';
import {
  deltaNormal,
  fitPareto,
  gaussianComponents,
  isMonotone,
  liquidityAdjusted,
  modifiedComponents,
  modifiedRisk,
  normalRisk,
  type ParetoTail,
  paretoRisk,
  paretoShortfalls,
  studentRisk,
} from '../bindings/statistics.js';
import { random } from './exact.ts';
import { refusal, refusedAt } from './refusal.ts';

const unchecked = <A>(value: unknown): A => value as A;
const sum = (values: Float64Array): number => values.reduce((all, x) => all + x, 0);
const { unit } = random(20151017);
/** About normal: twelve uniform numbers less 6. */
const bell = (): number => Array.from({ length: 12 }, unit).reduce((all, x) => all + x, -6);

describe('delta-normal', () => {
  const hull = { volatilities: [0.02, 0.01], correlation: 0.3 };

  it('of two shares over ten days (Hull: 1471.3, 367.8, 1620.1)', () => {
    const { sigma, individual, valueAtRisk, undiversified } = deltaNormal([10000, 5000], hull, '0.99', {
      horizon: 10,
      scaling: 'square-root',
    });
    expect(sigma).toBeCloseTo(220.227, 3);
    expect(individual[0]).toBeCloseTo(1471.3, 1);
    expect(individual[1]).toBeCloseTo(367.8, 1);
    expect(valueAtRisk).toBeCloseTo(1620.1, 1);
    expect(undiversified).toBe((individual[0] ?? 0) + (individual[1] ?? 0));
  });

  it('takes the same from a covariance in rows or flat, and from a matrix of correlations', () => {
    const covariance = [
      [0.0004, 0.00006],
      [0.00006, 0.0001],
    ];
    const of = (moments: Parameters<typeof deltaNormal>[1]) => deltaNormal([10000, -5000], moments, '0.99').valueAtRisk;
    expect(of({ covariance })).toBeCloseTo(of(hull), 9);
    expect(of({ covariance: Float64Array.from(covariance.flat()) })).toBe(of({ covariance }));
    const correlation = [
      [1, 0.3],
      [0.3, 1],
    ];
    expect(of({ volatilities: [0.02, 0.01], correlation })).toBe(of(hull));
  });

  it('takes the mean off, and says the shortfall', () => {
    const { mean, valueAtRisk, shortfall } = deltaNormal(
      [100],
      { volatilities: [0.1], correlation: 1, means: [0.02] },
      '0.95',
    );
    expect(mean).toBe(2);
    expect(valueAtRisk).toBeCloseTo(10 * 1.6448536269514722 - 2, 10);
    expect(shortfall).toBeCloseTo(10 * 2.0627128075074253 - 2, 10);
  });

  it('is scaled by the rule that is named', () => {
    const over = (options: Parameters<typeof deltaNormal>[3]) =>
      deltaNormal([100], { volatilities: [0.1], correlation: 1, means: [0.001] }, { z: 1 }, options).valueAtRisk;
    expect(over({})).toBeCloseTo(9.9, 12);
    expect(over({ horizon: 4, scaling: 'square-root' })).toBeCloseTo(20 - 0.4, 12);
    expect(over({ horizon: 4, scaling: 'none' })).toBeCloseTo(9.9, 12);
    expect(over({ horizon: 4, scaling: { autocorrelation: 0 } })).toBeCloseTo(20 - 0.4, 12);
    // 2 + 2 rho.
    expect(over({ horizon: 2, scaling: { autocorrelation: 0.5 } })).toBeCloseTo(10 * Math.sqrt(3) - 0.2, 12);
    // 3 + 2 (2 rho + rho^2).
    expect(over({ horizon: 3, scaling: { autocorrelation: -0.5 } })).toBeCloseTo(10 * Math.sqrt(1.5) - 0.3, 12);
    expect(refusal(() => over({ horizon: 10 }))).toBe(
      'missing-key at options.scaling: expected one of none, square-root',
    );
    expect(refusedAt(() => over({ horizon: 0, scaling: 'none' }))).toBe('range options.horizon');
    expect(refusedAt(() => over({ horizon: 2.5, scaling: { autocorrelation: 0.1 } }))).toBe('type options.horizon');
    expect(refusedAt(() => over({ horizon: 2, scaling: { autocorrelation: 1 } }))).toBe(
      'range options.scaling.autocorrelation',
    );
  });

  it('refuses what is no covariance', () => {
    const of = (moments: unknown) => () => deltaNormal([1, 1], unchecked(moments), '0.99');
    const indefinite = [
      [1, 2],
      [2, 1],
    ];
    expect(refusal(of({ covariance: indefinite }))).toContain('expected a positive semidefinite matrix');
    expect(refusedAt(of({ volatilities: [1, 1], correlation: 1.2 }))).toBe('range moments.correlation');
    expect(refusedAt(of({ volatilities: [1, -1], correlation: 0 }))).toBe('range moments.volatilities[1]');
    expect(refusedAt(of({ volatilities: [1], correlation: 0 }))).toBe('range moments.volatilities');
    expect(refusedAt(of({ volatilities: [1, 1] }))).toBe('missing-key moments.correlation');
    expect(refusedAt(of({}))).toBe('missing-key moments.volatilities');
    expect(refusedAt(of({ covariance: indefinite, volatilities: [1, 1] }))).toBe('conflict moments');
    expect(refusedAt(of({ covariance: [[1, 0]] }))).toBe('range moments.covariance');
    expect(refusedAt(of({ covariance: [[1], [1]] }))).toBe('range moments.covariance[0]');
    expect(
      refusedAt(
        of({
          covariance: [
            [1, Number.NaN],
            [0, 1],
          ],
        }),
      ),
    ).toBe('not-finite moments.covariance[0][1]');
    expect(
      refusedAt(
        of({
          volatilities: [1, 1],
          correlation: [
            [1, 0],
            [0, 2],
          ],
        }),
      ),
    ).toContain('range moments.correlation');
    expect(refusedAt(() => deltaNormal([], unchecked({}), '0.99'))).toBe('range positions');
    expect(refusedAt(() => deltaNormal([1], { volatilities: [1], correlation: 1 }, { z: Number.NaN }))).toBe(
      'not-finite confidence.z',
    );
  });

  it('of coins that move as one, and of nothing', () => {
    const same = { volatilities: [0.5, 0.5], correlation: 1 };
    expect(deltaNormal([1, -1], same, '0.99').valueAtRisk).toBe(0);
    expect(deltaNormal([0, 0], same, '0.99')).toMatchObject({ valueAtRisk: 0, shortfall: 0, sigma: 0 });
  });
});

describe('components', () => {
  it('of Canadian dollars and euros (Jorion: 257 738, 0.0528 and 0.1521, 105 630 and 152 108)', () => {
    const { valueAtRisk, undiversified } = gaussianComponents(
      [2e6, 1e6],
      { volatilities: [0.05, 0.12], correlation: 0 },
      { z: 1.65 },
    );
    const { value, marginal, component } = valueAtRisk;
    expect(Math.round(value)).toBe(257738);
    expect(Array.from(marginal, (x) => x.toFixed(4))).toEqual(['0.0528', '0.1521']);
    expect(Math.round(component[0] ?? 0)).toBe(105630);
    expect(Math.round(component[1] ?? 0)).toBe(152108);
    expect(undiversified).toBeCloseTo(363000, 6);
  });

  it('sum to the total to the bit, are the slope of it, and leave with their position', () => {
    const n = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(n, fc.integer({ min: 1, max: 1e6 }), (size, seed) => {
        const { unit: next } = random(seed);
        const factor = Array.from({ length: size }, () => Array.from({ length: size }, () => next() - 0.5));
        const covariance = factor.map((a) => factor.map((b) => a.reduce((all, x, k) => all + x * (b[k] ?? 0), 0)));
        const positions = Float64Array.from({ length: size }, () => 100 * (next() - 0.3));
        const means = Float64Array.from({ length: size }, () => 0.1 * (next() - 0.5));
        const split = (x: Float64Array) => gaussianComponents(x, { covariance, means }, '0.99').valueAtRisk;
        const whole = split(positions);
        let total = 0;
        for (const part of whole.component) total += part;
        expect(Object.is(whole.total, total)).toBe(true);
        expect(whole.total).toBeCloseTo(whole.value, 8);
        positions.forEach((_, i) => {
          const moved = (by: number) => split(positions.map((x, j) => (j === i ? x + by : x))).value;
          expect((moved(1e-3) - moved(-1e-3)) / 2e-3).toBeCloseTo(whole.marginal[i] ?? 0, 3);
          const without = split(positions.map((x, j) => (j === i ? 0 : x))).value;
          expect(whole.incremental?.[i]).toBeCloseTo(whole.value - without, 9);
        });
      }),
      { seed: 4961, numRuns: 60 },
    );
  });

  it('of a portfolio without risk are its means', () => {
    const split = gaussianComponents([1, -1], { volatilities: [0.2, 0.2], correlation: 1, means: [0.01, 0] }, '0.99');
    expect(split).toMatchObject({ status: 'no-risk', sigma: 0, valueAtRisk: { total: -0.01 } });
    expect(Array.from(split.valueAtRisk.component)).toEqual([-0.01, 0]);
  });
});

describe('closed forms', () => {
  it('of the normal distribution and of Student (10 digits of SciPy)', () => {
    expect(normalRisk({ deviation: 2, mean: 0.5 }, '0.975').shortfall).toBeCloseTo(2 * 2.337802792201413 - 0.5, 10);
    expect(studentRisk({ degrees: 3, scale: 1 }, '0.99').shortfall).toBeCloseTo(7.003082036242113, 10);
    expect(studentRisk({ degrees: 6, scale: 1 }, '0.95').shortfall).toBeCloseTo(2.710738561479963, 10);
    expect(studentRisk({ degrees: 4, scale: 1 }, '0.99').valueAtRisk).toBeCloseTo(3.746947387979197, 10);
  });

  it('of Student with two degrees are elementary', () => {
    // q = (2a - 1) / sqrt(2a(1 - a)), ES = sqrt((1 - a) / a) sqrt(2) at tail a.
    const { valueAtRisk, shortfall } = studentRisk({ degrees: 2, scale: 3, mean: 1 }, '0.9');
    expect(valueAtRisk).toBeCloseTo((3 * 0.8) / Math.sqrt(0.18) - 1, 12);
    expect(shortfall).toBeCloseTo(3 * Math.sqrt(2 * 9) - 1, 10);
  });

  it('take a deviation or a scale, and say where the tail has no mean', () => {
    const scale = Math.sqrt(0.5);
    expect(studentRisk({ degrees: 4, deviation: 1 }, '0.99').valueAtRisk).toBeCloseTo(
      studentRisk({ degrees: 4, scale }, '0.99').valueAtRisk,
      12,
    );
    expect(studentRisk({ degrees: 1, scale: 1 }, '0.75')).toEqual({
      valueAtRisk: expect.closeTo(1, 12) as number,
      shortfall: null,
      status: 'infinite-shortfall',
    });
    expect(refusedAt(() => studentRisk({ degrees: 2, deviation: 1 }, '0.9'))).toBe('range gain.degrees');
    expect(refusedAt(() => studentRisk({ degrees: 3, deviation: 1, scale: 1 }, '0.9'))).toBe('conflict gain');
    expect(refusedAt(() => studentRisk({ degrees: 0, scale: 1 }, '0.9'))).toBe('range gain.degrees');
    expect(refusedAt(() => studentRisk(unchecked({ degrees: 3 }), '0.9'))).toBe('missing-key gain.deviation');
    expect(refusedAt(() => normalRisk({ deviation: -1 }, '0.9'))).toBe('range gain.deviation');
    expect(studentRisk({ degrees: 1e9, scale: 1 }, '0.99').shortfall).toBeCloseTo(2.665214220345808, 6);
  });
});

describe('Cornish-Fisher', () => {
  it('is the normal one without skewness and kurtosis', () => {
    // Skewness 0, kurtosis 3: three times as many in the middle would do; weights 1, 4, 1 at -sqrt 3, 0, sqrt 3.
    const side = Math.sqrt(3);
    const risk = modifiedRisk([-side, 0, 0, 0, 0, side], '0.99');
    expect(risk).toMatchObject({ monotone: true, capped: false, status: 'ok' });
    expect(risk.excessKurtosis).toBeCloseTo(0, 12);
    expect(risk.valueAtRisk).toBeCloseTo(2.3263478740408408, 12);
    expect(risk.shortfall).toBeCloseTo(2.665214220345808, 12);
  });

  it('is monotone where its slope is above 0 from -5 to 5', () => {
    for (let s = -4; s <= 4; s += 0.25) {
      for (let k = -2; k <= 20; k += 0.5) {
        let least = Infinity;
        for (let z = -5; z <= 5; z += 0.005)
          least = Math.min(least, 1 + (s * z) / 3 + (k * (z * z - 1)) / 8 - (s * s * (6 * z * z - 5)) / 36);
        if (Math.abs(least) > 1e-3) expect(isMonotone(s, k), `${s} ${k}`).toBe(least > 0);
      }
    }
  });

  it('caps a shortfall that is inside the value at risk, and says so', () => {
    const month = [0.01, 0.02, 0.01, 0.015, 0.02, 0.01, 0.012, 0.018, 0.011];
    const series = [...month, ...month, ...month, -0.01];
    const risk = modifiedRisk(series, '0.99');
    expect(risk.capped).toBe(true);
    expect(risk.shortfall).toBe(risk.valueAtRisk);
    expect(risk.uncappedShortfall).toBeLessThan(risk.valueAtRisk);
  });

  it('of a constant series is what it loses', () => {
    for (const x of [0.1, -0.3, 0]) {
      const risk = modifiedRisk([x, x, x], '0.99');
      expect(risk).toMatchObject({ status: 'constant', skewness: null, excessKurtosis: null, deviation: 0 });
      expect(risk.valueAtRisk).toBeCloseTo(-x, 15);
      expect(risk.shortfall).toBeCloseTo(-x, 15);
    }
    expect(refusedAt(() => modifiedRisk([], '0.99'))).toBe('range series');
    expect(refusedAt(() => modifiedRisk([1, Number.NaN], '0.99'))).toBe('not-finite series[1]');
  });
});

describe('components of modified risk', () => {
  const returns = Array.from({ length: 4 }, (_, i) =>
    Float64Array.from({ length: 120 }, () => 0.01 * bell() + (unit() < 0.05 ? -0.03 * i : 0)),
  );
  const weights = [0.4, 0.3, 0.5, -0.2];

  it('sum to the total to the bit and are its slopes', () => {
    for (const level of ['0.95', '0.99']) {
      const whole = modifiedComponents(returns, weights, level);
      for (const measure of ['valueAtRisk', 'shortfall'] as const) {
        let total = 0;
        for (const part of whole[measure].component) total += part;
        expect(Object.is(whole[measure].total, total)).toBe(true);
        expect(sum(whole[measure].share ?? new Float64Array())).toBeCloseTo(1, 12);
        weights.forEach((w, i) => {
          const moved = (by: number) =>
            modifiedComponents(
              returns,
              weights.map((x, j) => (j === i ? x + by : x)),
              level,
            )[measure].total;
          expect((w * (moved(1e-5) - moved(-1e-5))) / 2e-5).toBeCloseTo(whole[measure].component[i] ?? 0, 7);
        });
      }
    }
  });

  it('of one asset with divisor n are the risk of its series', () => {
    const [series = new Float64Array()] = returns;
    const risk = modifiedRisk(series, '0.99');
    const whole = modifiedComponents([series], [1], '0.99', { covariance: 'population' });
    expect(whole.valueAtRisk.total).toBeCloseTo(risk.valueAtRisk, 14);
    expect(whole.shortfall.total).toBeCloseTo(risk.shortfall, 14);
    expect(whole).toMatchObject({ capped: risk.capped, monotone: risk.monotone, status: 'ok' });
  });

  it('of a hedge that leaves nothing are means', () => {
    const hedged = modifiedComponents(
      [
        [0.1, 0.3, 0.2],
        [0.1, 0.3, 0.2],
        [1, 1, 1],
      ],
      [1 / 3, -1 / 3, 0.5],
      '0.99',
    );
    expect(hedged).toMatchObject({ status: 'constant', skewness: null, deviation: 0 });
    expect(hedged.valueAtRisk.total).toBeCloseTo(-0.5, 14);
    expect(modifiedComponents([[1, 1]], [0], '0.99').valueAtRisk.share).toBeNull();
  });

  it('refuse tables that are none', () => {
    expect(refusedAt(() => modifiedComponents([[1, 2], [1]], [1, 1], '0.99'))).toBe('range returns[1]');
    expect(refusedAt(() => modifiedComponents([[1, 2]], [1, 1], '0.99'))).toBe('range weights');
    expect(refusedAt(() => modifiedComponents([], [], '0.99'))).toBe('type returns');
    expect(refusedAt(() => modifiedComponents([[1]], [1], '0.99'))).toBe('range returns[0]');
    expect(refusedAt(() => modifiedComponents([[1, 2]], [1], '0.99', unchecked({ covariance: 'n' })))).toBe(
      'type options.covariance',
    );
  });
});

describe('Pareto tails', () => {
  const hull: ParetoTail = { threshold: 160, scale: 32.532, shape: 0.436, count: 500, exceedances: 22 };

  it('of four indices (Hull: 227.8 and 337.9 at 99 %)', () => {
    const { valueAtRisk, shortfall, status } = paretoRisk(hull, '0.99');
    expect([valueAtRisk.toFixed(2), shortfall?.toFixed(2), status]).toEqual(['227.74', '337.79', 'ok']);
  });

  it('go over into the exponential one where the shape is 0', () => {
    const at = (shape: number) => paretoRisk({ ...hull, shape }, '0.999');
    const exponential = 160 + 32.532 * log(44);
    expect(at(0).valueAtRisk).toBeCloseTo(exponential, 10);
    expect(at(0).shortfall).toBeCloseTo(exponential + 32.532, 10);
    for (const shape of [1e-12, -1e-12, 1e-9]) expect(at(shape).valueAtRisk).toBeCloseTo(exponential, 6);
    // Both sides of where the series takes over.
    const power = (shape: number) => 160 + (32.532 / shape) * (pow(44, shape) - 1);
    for (const shape of [0.0025, 0.0027, -0.0025, -0.0027, 0.3, -0.3])
      expect(at(shape).valueAtRisk / power(shape)).toBeCloseTo(1, 12);
  });

  it('say where the shortfall is infinite and where the level is outside', () => {
    expect(paretoRisk({ ...hull, shape: 1 }, '0.99')).toMatchObject({ shortfall: null, status: 'infinite-shortfall' });
    expect(paretoRisk(hull, '0.9').status).toBe('below-threshold');
    expect(paretoRisk(hull, '478/500')).toMatchObject({ valueAtRisk: 160, status: 'ok' });
    expect(refusedAt(() => paretoRisk({ ...hull, scale: 0 }, '0.99'))).toBe('range tail.scale');
    expect(refusedAt(() => paretoRisk({ ...hull, exceedances: 501 }, '0.99'))).toBe('range tail.exceedances');
    expect(refusedAt(() => paretoRisk({ ...hull, shape: Number.NaN }, '0.99'))).toBe('not-finite tail.shape');
    expect(refusedAt(() => paretoRisk({ ...hull, shape: 20 }, `0.${'9'.repeat(60)}`))).toBe('range confidence');
  });

  it('have shortfalls on a line', () => {
    const known = ['0.95', '0.999'].map((level) => paretoRisk({ ...hull, exceedances: 100 }, level));
    const asked = ['0.96', '0.99'].map((level) => paretoRisk({ ...hull, exceedances: 100 }, level));
    const pair = known.map(({ valueAtRisk, shortfall }) => ({ valueAtRisk, shortfall: shortfall ?? 0 }));
    const line = paretoShortfalls(
      asked.map(({ valueAtRisk }) => valueAtRisk),
      unchecked(pair),
    );
    expect(line.shape).toBeCloseTo(0.436, 10);
    asked.forEach(({ shortfall }, i) => {
      expect(line.shortfalls?.[i]).toBeCloseTo(shortfall ?? Number.NaN, 8);
    });
    const point = { valueAtRisk: 1, shortfall: 2 };
    expect(paretoShortfalls([1], [point, point])).toEqual({ shape: null, shortfalls: null, status: 'degenerate' });
    expect(paretoShortfalls([1], [point, { valueAtRisk: 0, shortfall: 3 }]).status).toBe('infinite-shortfall');
    expect(refusedAt(() => paretoShortfalls([1], unchecked([point])))).toBe('type known[1]');
  });

  const draws = (n: number, shape: number, scale: number): number[] =>
    Array.from({ length: n }, (_, i) => {
      // Quantiles at evenly spread levels: a sample without luck.
      const tail = (i + 0.5) / n;
      return shape === 0 ? -scale * log(tail) : (scale / shape) * (pow(tail, -shape) - 1);
    });

  it.each([0.6, 0.2, 0, -0.2])('are found again from losses of shape %d', (shape) => {
    const { tail, status } = fitPareto(
      draws(4000, shape, 3).map((y) => y + 10),
      { threshold: 10 },
    );
    expect(status).toBe('ok');
    expect(tail?.shape).toBeCloseTo(shape, 1);
    expect((tail?.scale ?? 0) / 3).toBeCloseTo(1, 1);
    expect(tail).toMatchObject({ threshold: 10, count: 4000, exceedances: 4000 });
  });

  it('have the largest likelihood of all', () => {
    const losses = Array.from({ length: 60 }, () => -4 * log(unit()) * (1 + unit()));
    const fit = fitPareto(losses, { threshold: 1 });
    const beyond = losses.filter((loss) => loss > 1).map((loss) => loss - 1);
    const likelihood = (shape: number, scale: number) =>
      beyond.reduce((all, y) => all - log(scale) - (1 + 1 / shape) * log(1 + (shape * y) / scale), 0);
    const { shape = 0, scale = 0 } = fit.tail ?? {};
    expect(fit.logLikelihood).toBeCloseTo(likelihood(shape, scale), 8);
    for (const [a, b] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 1e-3],
      [0, -1e-3],
      [0.01, 0.05],
    ] as const)
      expect(likelihood(shape + a, scale + b)).toBeLessThan(fit.logLikelihood ?? 0);
  });

  it('do not depend on units, and say what they can not fit', () => {
    const losses = draws(300, 0.3, 1);
    const one = fitPareto(losses, { threshold: 0 });
    const large = fitPareto(
      losses.map((y) => y * 1e9),
      { threshold: 0 },
    );
    expect(large.tail?.shape).toBeCloseTo(one.tail?.shape ?? Number.NaN, 9);
    expect((large.tail?.scale ?? 0) / 1e9).toBeCloseTo(one.tail?.scale ?? Number.NaN, 9);
    expect(fitPareto([1, 2, 3, 4], { threshold: 0 }).status).toBe('too-few');
    expect(fitPareto(losses, { threshold: 1e6 }).status).toBe('too-few');
    expect(fitPareto([5, 5, 5, 5, 5, 5], { threshold: 1 }).status).toBe('constant');
    // Evenly spread losses: a shape of -1 and below, where the likelihood has no end.
    expect(fitPareto(draws(2000, -1.5, 3), { threshold: 0 })).toEqual({
      tail: null,
      logLikelihood: null,
      status: 'not-converged',
    });
    const heavy = fitPareto(draws(2000, 1.4, 3), { threshold: 0 });
    expect(heavy.status).toBe('infinite-shortfall');
    expect(heavy.tail && paretoRisk(heavy.tail, '0.99').shortfall).toBeNull();
    expect(refusedAt(() => fitPareto([1], unchecked({})))).toBe('missing-key options.threshold');
    expect(refusedAt(() => fitPareto([Infinity], { threshold: 0 }))).toBe('not-finite losses[0]');
  });
});

describe('liquidity', () => {
  it('adds half of the spread, whatever the horizon', () => {
    expect(liquidityAdjusted(23263.47874040841, 1e6, 0.003).adjusted).toBeCloseTo(24763.47874040841, 8);
    expect(liquidityAdjusted(73565.57911859555, -1e6, 0.003).cost).toBe(1500);
  });

  it('widens the spread by its deviations (Bangia et al.)', () => {
    expect(liquidityAdjusted(10, 100, { mean: 0.01, deviation: 0.005, multiple: 3 })).toEqual({
      valueAtRisk: 10,
      cost: 1.25,
      adjusted: 11.25,
    });
    expect(refusedAt(() => liquidityAdjusted(1, 1, { mean: 1, deviation: 1, multiple: 3 }))).toBe('range spread');
    expect(refusedAt(() => liquidityAdjusted(1, 1, unchecked({ mean: 1 })))).toBe('missing-key spread.deviation');
    expect(refusedAt(() => liquidityAdjusted(1, 1, -0.1))).toBe('range spread');
    expect(refusedAt(() => liquidityAdjusted(Number.NaN, 1, 0))).toBe('not-finite valueAtRisk');
  });
});
