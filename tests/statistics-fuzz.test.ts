// margin-kernel/statistics and the sources and backtests of margin-kernel/var under fire: hostile values in the place of every argument
// and every option. FUZZ_CASES sets the number of random cases, FUZZ_SEED the first seed.
import { describe, expect, it } from 'vitest';
import * as statistics from '../bindings/statistics.js';
import { ageWeighted, backtest, filtered, historical, monteCarlo, stressed } from '../bindings/var.js';
import { shareOf } from './cases.js';
import { functionsOf } from './examples.js';
import { ask, type Call, HOSTILE, hostileAt, hostileMany, placesOf } from './hostile.js';
import { Random } from './random-book.js';

const CASES = Number(process.env.FUZZ_CASES ?? 25) * 10;
const FIRST = Number(process.env.FUZZ_SEED ?? 0);

const wave = (count: number, step = 37): number[] =>
  Array.from({ length: count }, (_, i) => ((i * step) % 101) / 1000 - 0.05);
const closes = () => ({
  dates: ['2021-01-01', '2021-01-02', '2021-01-03', '2021-01-04', '2021-01-05'],
  symbols: ['A', 'B'],
  prices: [Float64Array.of(100, 110, 99, 99, 120), Float64Array.of(Number.NaN, 10, 11, 11, 12)],
});
const returns = (count = 8) => ({
  names: ['A', 'B'],
  dates: Array.from({ length: count }, (_, i) => `day ${i}`),
  kind: 'simple',
  horizon: 1,
  columns: [Float64Array.from(wave(count)), Float64Array.from(wave(count, 23))],
});
const scenarios = () => ({
  method: 'hand',
  names: ['A', 'B'],
  count: 3,
  moves: [Float64Array.of(-0.1, 0, 0.2), Float64Array.of(0.1, 0.1, -1)],
  volatilities: [undefined, Float64Array.of(0, 1, -1)],
  weights: Float64Array.of(0.2, 0.3, 0.5),
  labels: ['a', 'b', 'c'],
  horizon: 1,
});
const matrix = (): Float64Array => Float64Array.of(4, 2, 2, 3);
const model = () => ({
  delta: [1, -2],
  gamma: [
    [-1, 0.2],
    [0.2, 0.5],
  ],
  omega: [
    [1, 0.3],
    [0.3, 2],
  ],
});
const portfolio = () => ({
  positions: [
    {
      market: 'A',
      size: 2,
      delta: [1, 0],
      gamma: [
        [-1, 0.2],
        [0.2, 0],
      ],
    },
    { asset: 'B', delta: Float64Array.of(0, -2), gamma: Float64Array.of(0, 0, 0, 0.5) },
  ],
  omega: [
    [1, 0.3],
    [0.3, 2],
  ],
});
const moments = () => ({ volatilities: [0.3, 0.4], correlation: 0.2, means: [0, 0.1] });
const flat = () => ({ horizon: 10, scaling: { autocorrelation: 0.2 } });
const transitions = () => ({ n00: 932, n01: 53, n10: 53, n11: 4 });
const worst = ({ pnl }: { pnl: Float64Array }) => {
  const loss = -Math.min(...pnl);
  return { valueAtRisk: loss, shortfall: loss };
};
const stress = () => ({ steps: [{ from: 1.5, multiplier: 1.2 }], hysteresis: 0.1 });
const buffer = () => ({ share: 0.25, rise: 0.05, halfLife: 60, refill: 0.01 });
const limits = () => ({ up: 0.2, down: 0.5, patience: 3 });

/** Arguments of every function, all options said. Several of one function: `name 2`. */
const ARGUMENTS: Readonly<Record<string, () => unknown[]>> = {
  tailShare: () => ['0.99'],
  complement: () => ['0.99'],
  dynamicMargin: () => [
    {
      variance: 1e-4,
      held: 1,
      stress: { step: 0 },
      buffer: { mean: 1, share: 0.2, charged: 1 },
      limits: { margin: 1, behind: 0 },
    },
    { return: 0.01, margin: 0.05, stressed: 0.1, floor: 0.01, indicators: [1] },
    {
      halfLife: 20,
      normal: 0.02,
      least: 1,
      most: 3,
      band: 0.1,
      stress: { ...stress(), weights: [1] },
      stressWeight: 0.25,
      buffer: buffer(),
      limits: limits(),
    },
  ],
  'dynamicMargin 2': () => [null, { return: 0.01, margin: 0.05 }, { halfLife: 20, normal: 0.02 }],
  stressMultiplier: () => [[1.8, 1.4], [1, 1], stress(), { step: 0 }],
  buffered: () => [140, 0.25],
  bufferStep: () => [{ mean: 100, share: 0.25, charged: 125 }, 120, buffer()],
  floored: () => [80, 110],
  hysteresis: () => [2, 2.1, { rise: 0.1, fall: 0.1 }],
  limitStep: () => [{ margin: 100, behind: 0 }, 150, limits()],
  stressWeighted: () => [140, 200, 0.25],
  gaussianComponents: () => [[50, 50], moments(), { z: 1.645 }, flat()],
  'gaussianComponents 2': () => [Float64Array.of(50, 50), { covariance: matrix() }, '0.99', {}],
  studentComponents: () => [[50, 50], moments(), '0.99', { degrees: 4, spread: 'deviation', ...flat() }],
  deltaGammaComponents: () => [portfolio(), { z: 2 }, { incremental: true }],
  deltaGammaExactComponents: () => [portfolio(), '0.99', { incremental: true }],
  deltaGammaSaddlepointComponents: () => [portfolio(), '0.99', { incremental: true }],
  liquidityComponents: () => [
    { value: 3, total: 3, component: [1, 2], marginal: [0.1, 0.2], incremental: [0.5, 1], share: [1 / 3, 2 / 3] },
    [
      { value: 50, spread: 0.02 },
      { value: 50, spread: { mean: 0.01, deviation: 0.01, multiple: 3 } },
    ],
  ],
  isMonotone: () => [-0.1, 1],
  deltaGammaExact: () => [model(), '0.99'],
  'deltaGammaExact 2': () => [{ delta: [1], gamma: Float64Array.of(-1), omega: Float64Array.of(2) }, '0.99'],
  'deltaGammaExact 3': () => [
    { delta: Float64Array.of(1, 2), gamma: Float64Array.of(1, 0, 0, 1), omega: matrix() },
    0.01,
  ],
  deltaGammaMoments: () => [model()],
  deltaGammaRisk: () => [model(), '0.99'],
  'deltaGammaRisk 2': () => [{ delta: [1e-100], gamma: [[0]], omega: [[1]] }, '0.99'],
  deltaGammaSaddlepoint: () => [model(), '0.99'],
  deltaNormal: () => [[2e6, 1e6], moments(), { z: 1.65 }, flat()],
  'deltaNormal 2': () => [[2e6, 1e6], { covariance: [...[[4, 2]], [2, 3]] }, '0.99', {}],
  liquidityAdjusted: () => [3.3, 100, { mean: 0.01, deviation: 0.01, multiple: 3 }],
  modifiedRisk: () => [wave(9), '0.95'],
  modifiedComponents: () => [[wave(9), wave(9, 23)], [0.5, 0.5], '0.95', { covariance: 'sample' }],
  normalRisk: () => [{ mean: 0, deviation: 1 }, '0.99'],
  studentRisk: () => [{ mean: 0, degrees: 4, scale: 1 }, '0.99'],
  'studentRisk 2': () => [{ degrees: 4, deviation: 1 }, '0.99'],
  paretoRisk: () => [{ threshold: 160, scale: 32.532, shape: 0.436, count: 500, exceedances: 22 }, '0.99'],
  paretoShortfalls: () => [
    [3],
    [
      { valueAtRisk: 1, shortfall: 2 },
      { valueAtRisk: 2, shortfall: 4 },
    ],
  ],
  fitPareto: () => [[1, 2, 3, 4, 5, 7, 9, 20], { threshold: 0 }],
  meanAtOrBelow: () => [[1, -2, 3, -4], -2],
  quantile: () => [[1, 3, 2, 4], '0.3', 7],
  quantiles: () => [[1, 3, 2, 4], ['1/4', '3/4'], 'nearest'],
  tailRank: () => [1000, '0.99'],
  sampleShortfall: () => [[3, -5, 1, -2], '0.5', { convention: 'acerbi-tasche' }],
  'sampleShortfall 2': () => [{ worst: [5, 2], count: 4 }, '0.5', { convention: 'rockafellar-uryasev' }],
  'sampleShortfall 3': () => [[3, -5, 1, -2], '0.5', { convention: 'beyond-type-7' }],
  sampleVar: () => [{ worst: [5, 2, 1], count: 4 }, '0.75', { type: 7 }],
  ageWeights: () => [5, 0.5],
  weightedTail: () => [[-1, 2, -3, 4], [0.1, 0.2, 0.3, 0.4], '0.7', { interpolation: 'linear' }],
  'weightedTail 2': () => [{ worst: [3, 1] }, [0.3, 0.1], '0.7', {}],
  acerbiSzekely: () => [[-3, 1, 1, 1], [2, 2, 2, 2], 2.5, '0.25'],
  baselStarts: () => [750, '0.005'],
  baselZone: () => [250, 7, '0.01'],
  backtestErrors: () => [250, 4, '0.01', '0.03'],
  binomialCdf: () => [250, 4, '0.01'],
  binomialProbability: () => [250, 5, '0.01'],
  binomialTail: () => [250, 10, '0.01'],
  christoffersen: () => [[0, 0, 1, 1, 0, 0, 0, 0], '0.25'],
  christoffersenFrom: () => [transitions(), { observations: 1043, exceptions: 57, p: '0.05' }],
  independence: () => [transitions()],
  transitions: () => [[0, 1, 1, 0]],
  largestIncrease: () => [[10, 12, 30, 20], 2],
  marginSwing: () => [[10, 25, 20, 8], 2],
  marginVolatility: () => [[10, 20, 10, 20]],
  kupiec: () => [252, 20, '0.05'],
  kupiecRegion: () => [255, '0.05', '0.95'],
  rollingBacktest: () => [
    {
      returns: [wave(6), wave(6, 23)],
      holdings: [1, [1, 2, 3, 4, 5, 6]],
      methods: { worst },
      window: 2,
      confidence: '0.9',
      labels: ['a', 'b', 'c', 'd', 'e', 'f'],
      zoneDays: 3,
      increaseDays: 2,
    },
  ],
  acerbiSzekelyChances: () => [
    { z1: -0.2, z2: -1.42 },
    { observations: 25, p: '0.025', paths: 1000, seed: 1 },
  ],
  acerbiSzekelyCritical: () => [{ observations: 25, p: '0.025', paths: 1000, seed: 1 }, '0.05'],
  stoplightBounds: () => [
    {
      observations: 3,
      days: 2,
      portfolios: 2,
      correlation: [
        [1, 0.5],
        [0.5, 1],
      ],
      confidence: '0.99',
      levels: ['0.95', '0.99'],
      paths: 10_000,
      seed: 1,
    },
  ],
  'stoplightBounds 2': () => [{ observations: 250 }],
  chiSquareCdf: () => [3, 2],
  chiSquareQuantile: () => [0.5, 3],
  chiSquareTail: () => [3, 2],
  gammaLower: () => [2, 3],
  gammaUpper: () => [2, 3],
  logGamma: () => [3],
  ellipticalTau: () => [0.5],
  studentTailDependence: () => [0.5, 4],
  correlation: () => [[wave(5), wave(5, 23)]],
  correlationOf: () => [matrix(), 2],
  covariance: () => [[wave(5), wave(5, 23)], { divisor: 'n', mean: 'sample' }],
  ewmaCovariance: () => [[wave(5), wave(5, 23)], { decay: 0.94, start: 'sample' }],
  kendallTau: () => [wave(5), Float64Array.from(wave(5, 23))],
  fitGarch: () => [wave(50)],
  garchVariances: () => [wave(5), { mu: 0, omega: 0.01, alpha: 0.1, beta: 0.8 }],
  cholesky: () => [matrix(), 2],
  symmetricEigen: () => [matrix(), 2],
  repairPsd: () => [Float64Array.of(1, 0.9, 0.7, 0.9, 1, 0.3, 0.7, 0.3, 1), 3],
  moments: () => [wave(5), 'n'],
  returnsOf: () => [
    closes(),
    {
      names: ['A', 'B'],
      kind: 'log',
      horizon: 1,
      from: '2021-01-01',
      to: '2021-01-05',
      carry: 1,
      proxies: { B: { by: 'A', beta: 1.5 } },
      gaps: 'common',
      least: 1,
    },
  ],
  ledoitWolf: () => [[wave(5), wave(5, 23)]],
  quantileStandardError: () => ['0.99', 1000, { deviation: 1 }],
  ewmaVariance: () => [wave(5), { decay: 0.94, start: 0.01 }],
  filteredReturns: () => [wave(3), { variances: Float64Array.of(0.1, 0.2, 0.3), next: 0.2 }],
  winsorise: () => [returns(), { lower: '0.1', upper: '0.9', type: 7 }],
  historical: () => [returns(), { horizon: 10 }],
  ageWeighted: () => [returns(), { decay: 0.9, horizon: 2 }],
  filtered: () => [returns(), { volatility: 'ewma', decay: 0.9, horizon: 2 }],
  stressed: () => [scenarios(), scenarios(), { weight: 0.25 }],
  monteCarlo: () => [
    {
      names: ['A', 'B'],
      covariance: [
        [1e-4, 1e-5],
        [1e-5, 2e-4],
      ],
      mean: [0, 0.01],
      kind: 'log',
      period: 1,
      horizon: 10,
      paths: 100,
      from: 10,
      to: 20,
      seed: 3,
      generator: 'sobol',
      distribution: { student: 4, match: 'covariance' },
    },
  ],
  'monteCarlo 2': () => [{ returns: returns(), estimator: 'ewma', decay: 0.9, mean: 'sample', paths: 10 }],
  backtest: () => [
    {
      returns: [wave(9), wave(9, 23)],
      holdings: [1, 2],
      methods: {
        a: 'historical',
        b: { method: 'age', decay: 0.9 },
        c: { method: 'filtered', volatility: 'ewma', decay: 0.9 },
        d: { method: 'normal', mean: 'sample' },
        e: { method: 'cornish-fisher' },
        f: { method: 'monte-carlo', paths: 100, seed: 1, estimator: 'sample', decay: 0.9, distribution: 'normal' },
      },
      window: 6,
      confidence: '0.9',
    },
  ],
};

/** Words and bits of random numbers: functions of an inner loop, which check nothing. */
const BARE = ['openUnit', 'philox', 'unit', 'centred', 'directionNumbers', 'directionsOf', 'scrambled', 'sobol'];
/** Documented to answer NaN outside of where they are defined, and infinities at its ends. */
const OPEN = /^(chiSquare|gamma|logGamma)/;

const functions: Readonly<Record<string, unknown>> = {
  ...statistics,
  ...{ historical, ageWeighted, filtered, stressed, monteCarlo, backtest },
};
const CALLS: readonly Call[] = Object.entries(ARGUMENTS).map(([name, args]) => ({
  name,
  run: functions[name.split(' ')[0] ?? ''] as Call['run'],
  args,
  open: OPEN.test(name),
}));

describe('every function', () => {
  it('is under fire', () => {
    const names = new Set(CALLS.map(({ name }) => name.split(' ')[0]));
    expect(functionsOf(statistics).filter((name) => !names.has(name))).toEqual(BARE.slice().sort(byPlace));
  });

  it.each(CALLS)('$name answers what it is meant for', (call) => {
    const { answer, wrong } = ask(call, call.args());
    expect(wrong).toBeUndefined();
    expect(answer.refused).toBeUndefined();
  });

  it.each(CALLS)('$name answers or refuses hostile values', (call) => {
    const tries = placesOf(call.args()).flatMap((path) => HOSTILE.map((make) => ({ path, make })));
    const all = shareOf(tries).flatMap(({ path, make }) => hostileAt(call, path, make));
    expect(all.slice(0, 20).join('\n')).toBe('');
  });
});

const order = functionsOf(statistics);
const byPlace = (a: string, b: string): number => order.indexOf(a) - order.indexOf(b);

it(
  `answers or refuses ${CASES} calls with several hostile values, twice the same`,
  () => {
    const wrong: string[] = [];
    for (let i = 0; i < CASES && wrong.length < 20; i++) {
      const r = new Random((FIRST + i) ^ 0x57a7);
      wrong.push(...hostileMany(r.pick(CALLS), r, `seed ${FIRST + i}`));
    }
    expect(wrong.length, wrong.join('\n')).toBe(0);
  },
  60_000 + CASES * 20,
);
