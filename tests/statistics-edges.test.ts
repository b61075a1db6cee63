// Ends of the doubles: levels next to 0 and 1, series of any size, lists with holes and with what is no number.
import { expect, it } from 'vitest';
import {
  acerbiSzekely,
  covariance,
  deltaGammaMoments,
  dynamicMargin,
  fitGarch,
  logGamma,
  normalRisk,
  repairPsd,
  stressMultiplier,
  studentRisk,
  tailShare,
} from '../bindings/statistics.js';
import { refusedAt } from './refusal.js';

it('a level has a tail that is a double, in a text of some length', () => {
  for (const level of [1e-320, '1e-400', '1e-30', `0.${'9'.repeat(400)}`, '1'.repeat(400)])
    expect(refusedAt(() => normalRisk({ deviation: 1 }, level))).toBe('range confidence');
  for (const level of [`0.${'9'.repeat(1_000_000)}`, `${'7'.repeat(20_000)}/${'8'.repeat(20_000)}`])
    expect(refusedAt(() => tailShare(level))).toBe('type confidence');
  expect(tailShare(`0.${'9'.repeat(280)}`).value).toBe(1e-280);
  expect(refusedAt(() => studentRisk({ degrees: 0.05, scale: 1 }, `0.${'9'.repeat(300)}`))).toBe('range confidence');
});

it('null is no return of 0', () => {
  for (const x of [null, '', '7', true, [], 1n, undefined])
    expect(refusedAt(() => covariance([[1, x as never, 3]]))).toBe('type columns[0]');
});

it('GARCH takes returns of any unit', () => {
  const wave = Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) / 50 - 1);
  const { beta } = fitGarch(wave);
  for (const unit of [2 ** -60, 2 ** -400, 2 ** 80]) {
    const fit = fitGarch(wave.map((x) => x * unit));
    expect(fit.beta / beta - 1).toBeCloseTo(0, 9);
    expect(fit.variances.every(Number.isFinite)).toBe(true);
  }
  expect(refusedAt(() => fitGarch(wave.map((x) => x * 1e-150)))).toBe('range returns');
});

it('moments of small portfolios are numbers or none', () => {
  const { skewness, excessKurtosis } = deltaGammaMoments({ delta: [1e-100], gamma: [[0]], omega: [[1]] });
  expect([skewness, excessKurtosis].some(Number.isNaN)).toBe(false);
  expect(refusedAt(() => deltaGammaMoments({ delta: [1], gamma: Float64Array.of(1e200), omega: [[1]] }))).toBe(
    'range model.gamma',
  );
});

it('no quotient leaves the doubles', () => {
  expect(acerbiSzekely([-1e30], 0, 1e-270, '1e-12').undetermined).not.toBeNull();
  expect(stressMultiplier([2], [1], { steps: [{ from: 1, multiplier: 1e-20 }] }).multiplier).toBe(1e-20);
});

it('a text is no number to the gamma function', () => {
  expect(logGamma('0.5' as never)).toBeNaN();
});

it('a state without its stress is refused by name', () => {
  const options = { halfLife: 20, normal: 0.02, stress: { steps: [{ from: 1, multiplier: 2 }], weights: [1] } };
  const observation = { return: 0, margin: 1, indicators: [1] };
  const { state } = dynamicMargin(null, observation, options);
  const { stress, ...rest } = state;
  expect(stress).toEqual({ step: 1 });
  expect(refusedAt(() => dynamicMargin(rest as never, observation, options))).toBe('type state.stress');
  expect(refusedAt(() => repairPsd(new Array(4) as never, 2))).toBe('type matrix');
});
