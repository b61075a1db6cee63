// What positions bring of every analytic measure: parts sum to it, are its slopes, are conditional means, and leave with their position.
import { describe, expect, it } from 'vitest';
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
} from '../bindings/statistics/analytic.js';
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
  if (split.share) expect(split.share.reduce((all, x) => all + x, 0)).toBeCloseTo(1, 9);
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

describe('components of deltas and gammas', () => {
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
