// What positions bring of every analytic measure: parts sum to it, are its slopes, are conditional means, and leave with their position.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { log } from '../bindings/reference/numeric/log.js';
import { normalQuantile } from '../bindings/reference/numeric/normal.js';
import { Book } from '../bindings/reference/var.js';
import {
  type AttributedPair,
  type Attribution,
  deltaGammaComponents,
  deltaGammaExact,
  deltaGammaExactComponents,
  deltaGammaRisk,
  deltaGammaSaddlepoint,
  deltaGammaSaddlepointComponents,
  deltaNormal,
  type FactorPortfolio,
  type FactorPosition,
  fitPareto,
  gaussianComponents,
  liquidityAdjusted,
  liquidityComponents,
  modifiedComponents,
  paretoRisk,
  studentComponents,
  studentRisk,
} from '../bindings/statistics.js';
import { exposures } from '../bindings/var/public.js';
import { cases } from './cases.js';
import { random } from './exact.ts';
import { refusal, refusedAt } from './refusal.ts';

const MEASURES = ['valueAtRisk', 'shortfall'] as const;
const unchecked = <A>(value: unknown): A => value as A;

/** About normal: twelve uniform numbers less 6. */
const bells = (unit: () => number) => (): number => Array.from({ length: 12 }, unit).reduce((all, x) => all + x, -6);

/** A portfolio of `count` positions in `n` factors; gammas of both signs, or short ones only. */
function made(seed: number, n: number, count: number, gammas: 'mixed' | 'short' | 'none' = 'mixed'): FactorPortfolio {
  const bell = bells(random(seed).unit);
  const square = (): number[][] => Array.from({ length: n }, () => Array.from({ length: n }, bell));
  const root = square();
  const omega = root.map((a) => root.map((b) => a.reduce((all, x, k) => all + x * (b[k] ?? 0), 0) / n));
  const positions = Array.from({ length: count }, (): FactorPosition => {
    const half = square();
    const gamma = half.map((a, i) =>
      half.map((b, j) =>
        gammas === 'mixed'
          ? 0.3 * ((a[j] ?? 0) + (b[i] ?? 0))
          : -0.2 * a.reduce((all, x, k) => all + x * (b[k] ?? 0), 0),
      ),
    );
    const delta = Array.from({ length: n }, bell);
    return gammas === 'none' ? { delta } : { delta, gamma };
  });
  return { positions, omega };
}

/** A position `by` times as large. */
const scaledBy = (by: number, { delta, gamma }: FactorPosition): FactorPosition => ({
  delta: Array.from(delta, (x) => by * x),
  ...(gamma ? { gamma: (gamma as readonly number[][]).map((row) => row.map((x) => by * x)) } : {}),
});
const withScale = ({ positions, omega }: FactorPortfolio, i: number, by: number): FactorPortfolio => ({
  positions: positions.map((position, j) => (j === i ? scaledBy(by, position) : position)),
  omega,
});
const without = ({ positions, omega }: FactorPortfolio, i: number): FactorPortfolio => ({
  positions: positions.filter((_, j) => j !== i),
  omega,
});
const sumOf = ({ positions, omega }: FactorPortfolio) => {
  const n = positions[0]?.delta.length ?? 0;
  const zero = Array.from({ length: n }, () => 0);
  return {
    delta: zero.map((_, k) => positions.reduce((all, { delta }) => all + (delta[k] ?? 0), 0)),
    gamma: zero.map((_, k) =>
      zero.map((__, l) =>
        positions.reduce((all, { gamma }) => all + ((gamma as readonly number[][])?.[k]?.[l] ?? 0), 0),
      ),
    ),
    omega,
  };
};

/** The derivative by differences of sixth order. */
function slope(of: (by: number) => number, h: number): number {
  const odd = (k: number): number => of(1 + k * h) - of(1 - k * h);
  return (45 * odd(1) - 9 * odd(2) + odd(3)) / (60 * h);
}

/** What holds of every attribution, to the bit. */
function wellFormed(split: Attribution): void {
  let total = 0;
  for (const part of split.component) total += part;
  expect(Object.is(split.total, total)).toBe(true);
  for (const values of [split.component, split.marginal, split.incremental ?? []])
    for (const x of values) expect(Number.isFinite(x) && !Object.is(x, -0)).toBe(true);
  // Of large hedges to the digits that are left of them.
  const sized = split.share?.reduce((all, x) => all + Math.abs(x), 0) ?? 0;
  if (split.share)
    near(
      split.share.reduce((all, x) => all + x, 0),
      1,
      1e-14 * sized,
    );
}
function near(got: number | undefined, wanted: number | null | undefined, tolerance: number, what = ''): void {
  const off = Math.abs((got ?? Number.NaN) - (wanted ?? Number.NaN));
  if (!(off <= tolerance)) throw new Error(`${what}: ${got} is ${off} from ${wanted}`);
}
const found = (pair: { valueAtRisk: Attribution | null; shortfall: Attribution | null }): AttributedPair => {
  if (!pair.valueAtRisk || !pair.shortfall) throw new Error('was not found');
  return { valueAtRisk: pair.valueAtRisk, shortfall: pair.shortfall };
};

/** Each measure of deltas and gammas: its attribution, and its figures. */
const KINDS = {
  'delta-normal': {
    split: (p: FactorPortfolio, level: string) => deltaGammaComponents(p, level).deltaNormal,
    figure: (p: FactorPortfolio, level: string) => deltaGammaRisk(sumOf(p), level).deltaNormal,
  },
  'delta-gamma-normal': {
    split: (p: FactorPortfolio, level: string) => deltaGammaComponents(p, level).deltaGammaNormal,
    figure: (p: FactorPortfolio, level: string) => deltaGammaRisk(sumOf(p), level).deltaGammaNormal,
  },
  'Cornish-Fisher': {
    split: (p: FactorPortfolio, level: string) => deltaGammaComponents(p, level).cornishFisher,
    figure: (p: FactorPortfolio, level: string) => deltaGammaRisk(sumOf(p), level).cornishFisher,
  },
  exact: {
    split: (p: FactorPortfolio, level: string) => found(deltaGammaExactComponents(p, level)),
    figure: (p: FactorPortfolio, level: string) => deltaGammaExact(sumOf(p), level),
  },
  saddlepoint: {
    split: (p: FactorPortfolio, level: string) => found(deltaGammaSaddlepointComponents(p, level)),
    figure: (p: FactorPortfolio, level: string) => deltaGammaSaddlepoint(sumOf(p), level),
  },
};
const kinds = Object.entries(KINDS);

describe('slopes of deltas and gammas', () => {
  const portfolios = [
    made(1, 1, 3),
    made(2, 2, 2, 'short'),
    made(3, 3, 5),
    made(4, 5, 4),
    made(5, 8, 6, 'short'),
    made(6, 4, 3, 'none'),
  ];

  it.each(kinds)('%s: sum to the measure, and are its slopes', (_, { split, figure }) => {
    for (const portfolio of portfolios) {
      for (const level of ['0.9', '0.99', '0.9999']) {
        const [parts, whole] = [split(portfolio, level), figure(portfolio, level)];
        for (const measure of MEASURES) {
          const one = parts[measure];
          wellFormed(one);
          const size = Math.abs(whole[measure] ?? 0) + 1;
          near(one.value, whole[measure], 1e-14 * size, 'value');
          near(one.total, whole[measure], 1e-9 * size, `${measure} at ${level}: total`);
          portfolio.positions.forEach((__, i) => {
            const by = slope((x) => figure(withScale(portfolio, i, x), level)[measure] ?? Number.NaN, 2e-3);
            near(one.component[i], by, 1e-7 * size, `${measure} at ${level}: slope ${i}`);
            if (portfolio.positions.length > 1) {
              const rest = figure(without(portfolio, i), level)[measure] ?? Number.NaN;
              near(one.incremental?.[i], (whole[measure] ?? 0) - rest, 1e-9 * size, 'incremental');
            }
          });
        }
      }
    }
  });
});

describe('components of deltas and gammas', () => {
  const independent = (n: number): number[][] =>
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
  const square = (n: number, at: number, gamma: number): FactorPosition => ({
    delta: Array.from({ length: n }, () => 0),
    gamma: independent(n).map((row, i) => row.map((x) => (i === at ? x * gamma : 0))),
  });
  const parts = (split: Attribution | null): number[] => Array.from(split?.component ?? []);

  it('without gammas are those of jointly normal positions, also where gammas cancel', () => {
    const flat = made(11, 3, 4, 'none');
    // A position in factor space moves by delta'X: positions of 1 with that covariance.
    const covariance = flat.positions.map(({ delta: a }) =>
      flat.positions.map(({ delta: b }) =>
        Array.from(a).reduce(
          (all, x, k) =>
            all + x * Array.from(b).reduce((sum, y, l) => sum + y * ((flat.omega as number[][])[k]?.[l] ?? 0), 0),
          0,
        ),
      ),
    );
    for (const level of ['0.95', '0.99', '0.2']) {
      const normal = gaussianComponents([1, 1, 1, 1], { covariance }, level);
      for (const [kind, { split }] of kinds)
        for (const measure of MEASURES)
          for (const field of ['component', 'marginal', 'incremental'] as const)
            split(flat, level)[measure][field]?.forEach((x, i) => {
              near(x, normal[measure][field]?.[i], 1e-9, `${kind}, ${measure}, ${field}`);
            });
      // A straddle bought and sold: nothing of the whole, and no part of it, but a conditional square of each.
      const both = { ...flat, positions: [...flat.positions, square(3, 0, 2), square(3, 0, -2)] };
      const exact = found(deltaGammaExactComponents(both, level));
      const z = normal.valueAtRisk.value / normal.sigma;
      const beta = (flat.omega as number[][])[0] ?? [];
      const slopeOf = flat.positions.reduce(
        (all, { delta }) => all + Array.from(delta).reduce((sum, d, k) => sum + d * (beta[k] ?? 0), 0),
        0,
      );
      // E[X^2 | loss] = variance + (cov / sigma)^2 (z^2 - 1).
      const mean = (beta[0] ?? 0) + (slopeOf / normal.sigma) ** 2 * (z * z - 1);
      near(exact.valueAtRisk.component[4], -mean, 1e-9);
      near(exact.valueAtRisk.component[5], mean, 1e-9);
    }
  });

  it.each(kinds)('%s: of one position are the measure, of none nothing', (_, { split, figure }) => {
    for (const gammas of ['mixed', 'short', 'none'] as const) {
      const one = made(21, 3, 1, gammas);
      const nothing = { delta: [0, 0, 0], gamma: independent(3).map((row) => row.map(() => 0)) };
      const two = { ...one, positions: [nothing, ...one.positions] };
      const [alone, beside, whole] = [split(one, '0.99'), split(two, '0.99'), figure(one, '0.99')];
      for (const measure of MEASURES) {
        const value = whole[measure] ?? Number.NaN;
        near(alone[measure].component[0], value, 1e-10 * (1 + Math.abs(value)));
        near(alone[measure].incremental?.[0], value, 1e-13);
        expect(beside[measure].component[0]).toBe(0);
        expect(beside[measure].incremental?.[0]).toBe(0);
        expect(beside[measure].total).toBe(beside[measure].component[1]);
      }
    }
  });

  it('are the same shares for squares that are alike, and known for a pair that is not', () => {
    // Two pairs of squares: v / 4 each, whatever the level.
    const alike = { positions: [0, 1, 2, 3].map((at) => square(4, at, -1)), omega: independent(4) };
    for (const level of ['0.9', '0.999']) {
      const { valueAtRisk, shortfall } = found(deltaGammaExactComponents(alike, level));
      for (const one of [valueAtRisk, shortfall])
        for (const part of one.component) near(part, one.value / 4, 1e-11 * one.value);
    }
    // X^2 / 2 in the plane at radius r: r^2 / 4; xy has mean 0.
    const cross = {
      delta: [0, 0],
      gamma: [
        [0, -1],
        [-1, 0],
      ],
    };
    const plane = {
      positions: [square(2, 0, -0.5), square(2, 0, -0.5), square(2, 1, -1), cross, scaledBy(-1, cross)],
      omega: independent(2),
    };
    const { valueAtRisk } = found(deltaGammaExactComponents(plane, '0.99'));
    [0.25, 0.25, 0.5, 0, 0].forEach((share, i) => {
      near(valueAtRisk.component[i], share * valueAtRisk.value, 1e-11);
    });
  });

  it('are conditional means of a simulation', () => {
    const portfolio = made(31, 3, 4);
    const { positions, omega } = portfolio;
    const exact = found(deltaGammaExactComponents(portfolio, '0.95', { incremental: false }));
    // Factors as omega has them: its root by rows.
    const lower = [0, 1, 2].map(() => [0, 0, 0]);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        let rest = (omega as number[][])[i]?.[j] ?? 0;
        for (let k = 0; k < j; k++) rest -= (lower[i]?.[k] ?? 0) * (lower[j]?.[k] ?? 0);
        (lower[i] as number[])[j] = i === j ? Math.sqrt(rest) : rest / (lower[j]?.[j] ?? 1);
      }
    }
    const { unit } = random(1999);
    const runs = 200_000;
    const bell = (): number => normalQuantile(unit() || 0.5);
    const [at, beyond] = [positions.map(() => 0), positions.map(() => 0)];
    const [squares, v] = [positions.map(() => 0), exact.valueAtRisk.value];
    let [close, far] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const y = [bell(), bell(), bell()];
      const x = lower.map((row) => row.reduce((all, a, k) => all + a * (y[k] ?? 0), 0));
      const losses = positions.map(({ delta, gamma }) =>
        x.reduce(
          (all, a, k) =>
            all -
            a * ((delta[k] ?? 0) + 0.5 * x.reduce((sum, b, l) => sum + b * ((gamma as number[][])[k]?.[l] ?? 0), 0)),
          0,
        ),
      );
      const loss = losses.reduce((all, one) => all + one, 0);
      if (Math.abs(loss - v) < 0.05 * v) {
        close++;
        losses.forEach((one, i) => {
          at[i] = (at[i] ?? 0) + one;
          squares[i] = (squares[i] ?? 0) + one * one;
        });
      }
      if (loss < v) continue;
      far++;
      losses.forEach((one, i) => {
        beyond[i] = (beyond[i] ?? 0) + one;
      });
    }
    expect(far / runs).toBeCloseTo(0.05, 2);
    positions.forEach((_, i) => {
      const mean = (at[i] ?? 0) / close;
      const error = Math.sqrt(((squares[i] ?? 0) / close - mean * mean) / close);
      near(exact.valueAtRisk.component[i], mean, 4 * error, `at ${i}`);
      near(exact.shortfall.component[i], (beyond[i] ?? 0) / far, 0.03 * v, `beyond ${i}`);
    });
  });

  it('go by contracts where sizes are given', () => {
    const portfolio = made(41, 2, 3);
    const sized = {
      ...portfolio,
      positions: portfolio.positions.map((position, i) => ({
        ...position,
        market: `M${i}`,
        size: [-4, 0.5, 0][i] ?? 1,
      })),
    };
    for (const [, { split }] of kinds) {
      const [plain, by] = [split(portfolio, '0.99').shortfall, split(sized, '0.99').shortfall];
      expect(by.component).toEqual(plain.component);
      expect(plain.marginal).toEqual(plain.component);
      expect(by.marginal[0]).toBe((plain.component[0] ?? 0) / -4);
      expect(by.marginal[1]).toBe((plain.component[1] ?? 0) / 0.5);
      expect(by.marginal[2]).toBe(0);
    }
    expect(deltaGammaExactComponents(portfolio, '0.99', { incremental: false }).shortfall?.incremental).toBeNull();
    expect(
      deltaGammaComponents(portfolio, '0.99', { incremental: false }).deltaNormal.shortfall.incremental,
    ).toBeNull();
  });

  it('of what does not move are means', () => {
    // A factor without variance, and a position that is hedged away.
    const still = { positions: [{ delta: [3] }, { delta: [-3] }], omega: [[4]] };
    for (const [, { split }] of kinds)
      expect(split(still, '0.99').valueAtRisk).toMatchObject({ value: 0, total: 0, share: null });
    const gammas = { positions: [square(1, 0, 1), square(1, 0, 2), square(1, 0, -3)], omega: [[4]] };
    expect(deltaGammaExactComponents(gammas, '0.99').status).toBe('constant');
    expect(parts(deltaGammaExactComponents(gammas, '0.99').valueAtRisk)).toEqual([-2, -4, 6]);
    expect(parts(deltaGammaComponents(gammas, '0.99').cornishFisher.shortfall)).toEqual([-2, -4, 6]);
    const tiny = { positions: [{ delta: [1e-100] }], omega: [[1e-100]] };
    for (const [, { split }] of kinds) wellFormed(split(tiny, '0.99').shortfall);
  });

  it('say where they are rough, and where there are none', () => {
    const traced = { positions: [square(2, 0, 1), { delta: [0, 3.5e-8] }], omega: independent(2) };
    const rough = deltaGammaExactComponents(traced, '0.9999', { incremental: false });
    expect(rough.status).toBe('rough');
    near(rough.valueAtRisk?.component[0], rough.valueAtRisk?.value, 1e-6);
    near(rough.shortfall?.total, rough.shortfall?.value, 1e-6);
    // The saddlepoint of long gammas at their end: its parts would not sum to it.
    const long = { positions: [square(1, 0, 1), square(1, 0, 2)], omega: [[1]] };
    expect(deltaGammaSaddlepointComponents(long, '0.99999999999')).toEqual({
      valueAtRisk: null,
      shortfall: null,
      status: 'not-converged',
    });
    expect(deltaGammaExactComponents(long, '0.99999').status).toBe('ok');
  });

  it('of a shortfall that is capped are those of the value at risk', () => {
    const bent = { positions: [square(1, 0, -2), { delta: [0.3] }, square(1, 0, -0.5)], omega: [[1]] };
    const levels = ['0.9', '0.95', '0.99', '0.999'].filter(
      (level) => deltaGammaComponents(bent, level).cornishFisher.capped,
    );
    expect(levels.length).toBeGreaterThan(0);
    for (const level of levels) {
      const { valueAtRisk, shortfall } = deltaGammaComponents(bent, level).cornishFisher;
      expect(shortfall.component).toEqual(valueAtRisk.component);
      expect(shortfall.value).toBe(valueAtRisk.value);
    }
  });

  it('of the saddlepoint hold next to the mean', () => {
    const portfolio = made(77, 4, 3);
    for (let percent = 50; percent < 62; percent += 0.25) {
      const split = found(deltaGammaSaddlepointComponents(portfolio, String(percent / 100), { incremental: false }));
      near(split.valueAtRisk.total, split.valueAtRisk.value, 1e-7);
      near(split.shortfall.total, split.shortfall.value, 1e-5);
    }
  });

  it('are numbers, whatever the sizes: singular, tiny, huge, hedged away', () => {
    const number = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.constantFrom(-40, -8, -3, 0, 0, 0, 0, 1, 2, 14));
    const value = number.map(([x, e]) => x * Number(`1e${e}`));
    const position = fc.tuple(value, value, value, value, value);
    const level = fc.constantFrom('0.001', '0.5', '0.99', '0.999999');
    fc.assert(
      fc.property(fc.array(position, { minLength: 1, maxLength: 4 }), value, value, level, (rows, a, b, confidence) => {
        const positions = rows.map(([c, d, x, y, z]) => ({
          delta: [c, d],
          gamma: [
            [x, y],
            [y, z],
          ],
        }));
        // Of rank one, and diagonal.
        for (const omega of [
          [
            [a * a, a * b],
            [a * b, b * b],
          ],
          [
            [a * a, 0],
            [0, b * b],
          ],
        ]) {
          const {
            deltaNormal: linear,
            deltaGammaNormal,
            cornishFisher,
          } = deltaGammaComponents({ positions, omega }, confidence);
          for (const pair of [linear, deltaGammaNormal, cornishFisher]) for (const m of MEASURES) wellFormed(pair[m]);
          for (const [components, figure] of [
            [deltaGammaExactComponents, deltaGammaExact],
            [deltaGammaSaddlepointComponents, deltaGammaSaddlepoint],
          ] as const) {
            const split = components({ positions, omega }, confidence);
            expect(split.status).toBe(figure(sumOf({ positions, omega }), confidence).status);
            for (const m of MEASURES) if (split[m]) wellFormed(split[m]);
          }
        }
      }),
      { seed: 1938, numRuns: cases(150) },
    );
  });

  it('refuse what is no portfolio', () => {
    const of = (portfolio: unknown) => () => deltaGammaExactComponents(unchecked(portfolio), '0.99');
    expect(refusedAt(of(undefined))).toBe('type portfolio');
    expect(refusedAt(of({ positions: [], omega: [[1]] }))).toBe('range portfolio.positions');
    expect(refusedAt(of({ positions: {}, omega: [[1]] }))).toBe('type portfolio.positions');
    expect(refusedAt(of({ positions: [{ delta: [1] }, { delta: [1, 2] }], omega: [[1]] }))).toBe(
      'range portfolio.positions[1].delta',
    );
    expect(refusal(of({ positions: [{ delta: [1], gama: [[1]] }], omega: [[1]] }))).toContain('Did you mean "gamma"?');
    expect(refusedAt(of({ positions: [{ delta: [1], gamma: [[1, 2]] }], omega: [[1]] }))).toBe(
      'range portfolio.positions[0].gamma[0]',
    );
    expect(refusedAt(of({ positions: [{ delta: [Number.NaN] }], omega: [[1]] }))).toBe(
      'not-finite portfolio.positions[0].delta[0]',
    );
    expect(refusedAt(of({ positions: [{ delta: [1], size: Infinity }], omega: [[1]] }))).toBe(
      'not-finite portfolio.positions[0].size',
    );
    expect(refusedAt(of({ positions: [{ delta: [1] }], omega: [[-1]] }))).toBe('range portfolio.omega');
    expect(refusedAt(of({ positions: [{ delta: [1] }] }))).toBe('type portfolio.omega');
    for (const call of [deltaGammaComponents, deltaGammaExactComponents, deltaGammaSaddlepointComponents]) {
      const one = { positions: [{ delta: [1] }], omega: [[1]] };
      expect(refusedAt(() => call(one, '1'))).toBe('range confidence');
      expect(refusedAt(() => call(one, '0.99', unchecked({ incremental: 1 })))).toBe('type options.incremental');
    }
  });
});

describe('components of jointly normal and Student positions', () => {
  const moments = { volatilities: [0.02, 0.05, 0.03], correlation: 0.4, means: [0.001, -0.002, 0.004] };
  const positions = [100, -40, 70];
  const rules = [
    {},
    { horizon: 10, scaling: 'square-root' },
    { horizon: 5, scaling: { autocorrelation: 0.2 } },
  ] as const;
  const moved = (i: number, by: number): number[] => positions.map((x, j) => (j === i ? x * by : x));

  it('of both measures: normal, with means, over a horizon', () => {
    for (const options of rules) {
      const split = gaussianComponents(positions, moments, '0.975', options);
      const whole = (x: number[]) => deltaNormal(x, moments, '0.975', options);
      for (const measure of MEASURES) {
        const one = split[measure];
        wellFormed(one);
        expect(one.value).toBe(whole(positions)[measure]);
        near(one.total, one.value, 1e-12);
        positions.forEach((x, i) => {
          near(
            one.component[i],
            slope((by) => whole(moved(i, by))[measure], 1e-3),
            1e-9,
          );
          near(one.marginal[i], (one.component[i] ?? 0) / x, 1e-15);
          near(one.incremental?.[i], one.value - whole(moved(i, 0))[measure], 1e-13);
        });
      }
    }
    // Without means nothing is taken off.
    const { means: _, ...rest } = moments;
    const both = [moments, rest].map((given) => gaussianComponents(positions, given, '0.99').valueAtRisk.component[1]);
    near(both[1], (both[0] ?? 0) + 0.08, 1e-13);
  });

  it('of both measures: Student, by deviations and by scales', () => {
    for (const options of rules) {
      const given = { degrees: 4, ...options };
      const split = found(studentComponents(positions, moments, '0.99', given));
      const whole = (x: number[]) => found(studentComponents(x, moments, '0.99', given));
      for (const measure of MEASURES) {
        wellFormed(split[measure]);
        near(split[measure].total, split[measure].value, 1e-12);
        positions.forEach((_, i) => {
          near(
            split[measure].component[i],
            slope((by) => whole(moved(i, by))[measure].value, 1e-3),
            1e-9,
          );
          near(split[measure].incremental?.[i], split[measure].value - whole(moved(i, 0))[measure].value, 1e-13);
        });
      }
    }
    const one = { volatilities: [0.3], correlation: 0, means: [0.02] };
    for (const spread of ['deviation', 'scale'] as const) {
      const alone = studentComponents([100], one, '0.99', { degrees: 5, spread });
      const closed = studentRisk({ degrees: 5, mean: 2, [spread]: 30 }, '0.99');
      for (const measure of MEASURES) near(alone[measure]?.component[0], closed[measure], 1e-12);
    }
    // Many degrees: normal.
    const many = found(studentComponents(positions, moments, '0.99', { degrees: 1e9 }));
    const normal = gaussianComponents(positions, moments, '0.99');
    for (const measure of MEASURES)
      positions.forEach((_, i) => {
        near(many[measure].component[i], normal[measure].component[i], 1e-6);
      });
    const heavy = studentComponents(positions, moments, '0.99', { degrees: 1, spread: 'scale' });
    expect(heavy).toMatchObject({ shortfall: null, status: 'infinite-shortfall' });
    wellFormed(heavy.valueAtRisk);
    expect(studentComponents([0, 0, 0], moments, '0.99', { degrees: 3 }).status).toBe('no-risk');
    const student = (options: unknown) => () => studentComponents(positions, moments, '0.99', unchecked(options));
    expect(refusedAt(student({}))).toBe('missing-key options.degrees');
    expect(refusedAt(student({ degrees: 2 }))).toBe('range options.degrees');
    expect(refusedAt(student({ degrees: 4, spread: 'variance' }))).toBe('type options.spread');
    expect(refusedAt(student({ degrees: 4, horizon: 10 }))).toBe('missing-key options.scaling');
  });
});

describe('components of modified risk', () => {
  const bell = bells(random(7).unit);
  const { unit } = random(8);
  const returns = [0, 1, 2].map((i) =>
    Array.from({ length: 150 }, () => 0.01 * bell() + (unit() < 0.06 ? -0.02 * i : 0.001)),
  );
  const weights = [0.5, 0.8, -0.3];

  it('have slopes and what goes with an asset', () => {
    for (const level of ['0.95', '0.99', '0.999']) {
      const split = (x: number[]) => modifiedComponents(returns, x, level);
      const whole = split(weights);
      for (const measure of MEASURES) {
        wellFormed(whole[measure]);
        near(whole[measure].total, whole[measure].value, 1e-14);
        weights.forEach((w, i) => {
          const scaled = (by: number) => weights.map((x, j) => (j === i ? x * by : x));
          near(whole[measure].marginal[i], slope((by) => split(scaled(by))[measure].value, 1e-3) / w, 1e-9);
          const rest = modifiedComponents(
            returns.filter((_, j) => j !== i),
            weights.filter((_, j) => j !== i),
            level,
          );
          near(whole[measure].incremental?.[i], whole[measure].value - rest[measure].value, 1e-14);
        });
      }
    }
    // A weight of 0 has a slope, and no part.
    const none = modifiedComponents(returns, [0.5, 0, 0.5], '0.99').shortfall;
    expect([none.component[1], none.incremental?.[1]]).toEqual([0, 0]);
    expect(none.marginal[1]).not.toBe(0);
  });
});

describe('components of liquidity', () => {
  const risk = gaussianComponents([100, -50], { volatilities: [0.02, 0.05], correlation: 0.5 }, '0.99').valueAtRisk;
  const positions = [
    { value: 100, spread: 0.01 },
    { value: -50, spread: { mean: 0.02, deviation: 0.01, multiple: 3 }, size: -5 },
  ];

  it('are those of the risk with the cost of each position', () => {
    const { cost, adjusted } = liquidityComponents(risk, positions);
    for (const one of [cost, adjusted]) wellFormed(one);
    expect(Array.from(cost.component)).toEqual([0.5, 1.25]);
    expect(Array.from(cost.marginal)).toEqual([0.005, -0.25]);
    expect(cost.value).toBe(1.75);
    expect(adjusted.value).toBe(risk.value + 1.75);
    near(adjusted.total, adjusted.value, 1e-13);
    for (const field of ['component', 'marginal', 'incremental'] as const)
      adjusted[field]?.forEach((x, i) => {
        near(x, (risk[field]?.[i] ?? 0) + (cost[field]?.[i] ?? 0), 0);
      });
    // Of one position: what liquidityAdjusted says.
    const alone = gaussianComponents([100], { volatilities: [0.02], correlation: 0 }, '0.99').valueAtRisk;
    const one = liquidityComponents(alone, [{ value: 100, spread: 0.01 }]).adjusted;
    expect(one.component[0]).toBe(liquidityAdjusted(alone.value, 100, 0.01).adjusted);
    expect(liquidityComponents({ ...alone, incremental: null }, [{ value: 0, spread: 0.01 }]).cost).toMatchObject({
      value: 0,
      marginal: Float64Array.of(0),
      incremental: null,
    });
  });

  it('refuse what does not go together', () => {
    const of =
      (...given: unknown[]) =>
      () =>
        liquidityComponents(...(given as Parameters<typeof liquidityComponents>));
    expect(refusedAt(of(risk, positions.slice(1)))).toBe('range risk.component');
    expect(refusedAt(of(risk, 3))).toBe('type positions');
    expect(refusedAt(of(3, positions))).toBe('type risk');
    expect(refusedAt(of(risk, [positions[0], { value: 1, spread: 3 }]))).toBe('range positions[1].spread');
    expect(refusedAt(of(risk, [positions[0], { spread: 0.1 }]))).toBe('type positions[1].value');
  });
});

describe('peaks over a threshold', () => {
  it('have no components, and say so', () => {
    const unsplit = { components: null, unsplit: 'fitted-to-the-whole' };
    const tail = { threshold: 1, scale: 1, shape: 0.3, count: 100, exceedances: 10 };
    expect(paretoRisk(tail, '0.99')).toMatchObject(unsplit);
    expect(paretoRisk({ ...tail, shape: 2 }, '0.99')).toMatchObject(unsplit);
    const fitted = fitPareto(
      Array.from({ length: 200 }, (_, i) => -log((i + 0.5) / 200)),
      { threshold: 1 },
    ).tail;
    expect(fitted && paretoRisk(fitted, '0.99')).toMatchObject(unsplit);
  });
});

describe('components of a book', () => {
  const brackets = [{ upTo: null, maintenanceRate: 0.01 }];
  const book = Book.fromJSON({
    format: 'margin-kernel/book@1',
    assets: [
      { id: 'USD', price: 1 },
      { id: 'BTC', price: 20_000 },
    ],
    expiries: [{ id: 'JUN', asset: 'BTC', seconds: 31_536_000 / 4, forward: 20_000 }],
    models: [{ id: 'pm', scenarios: [{ price: -0.1 }], requirement: { scan: 'scan' } }],
    markets: [
      { id: 'C', kind: 'call', expiry: 'JUN', strike: 22_000, volatility: 0.6, settle: 'USD' },
      { id: 'ETH-PERP', kind: 'linear', underlying: 'ETH', settle: 'USD', mark: 1_000, brackets },
    ],
    accounts: [
      {
        id: 'a1',
        model: 'pm',
        balances: { USD: 1_000, BTC: 0.7 },
        positions: [
          { market: 'C', size: -3, entry: 1_000 },
          { market: 'ETH-PERP', size: 6, entry: 900 },
        ],
      },
    ],
  });

  it('follow from the exposures of its instruments', () => {
    const { delta, gamma, positions = [] } = exposures(book, ['BTC', 'ETH'], { positions: true });
    expect(positions.map(({ market, asset, size }) => [market ?? asset, size])).toEqual([
      ['C', -3],
      ['ETH-PERP', 6],
      ['BTC', 0.7],
    ]);
    [0, 1].forEach((k) => {
      near(
        positions.reduce((all, one) => all + (one.delta[k] ?? 0), 0),
        delta[k],
        1e-7,
      );
    });
    [0, 1, 2, 3].forEach((k) => {
      near(
        positions.reduce((all, one) => all + (one.gamma[k] ?? 0), 0),
        gamma[k],
        1e-5,
      );
    });
    expect(exposures(book, ['BTC', 'ETH']).positions).toBeUndefined();
    const omega = [
      [0.0016, 0.0014],
      [0.0014, 0.0025],
    ];
    const { valueAtRisk } = found(deltaGammaExactComponents({ positions, omega }, '0.99'));
    near(valueAtRisk.total, deltaGammaExact({ delta, gamma, omega }, '0.99').valueAtRisk, 1e-6);
    near(valueAtRisk.marginal[1], (valueAtRisk.component[1] ?? 0) / 6, 1e-12);
    expect(() => exposures(book, ['BTC'], { positions: 1 as never })).toThrow(/^type at options\.positions/);
  });
});
