// Prices, Greeks, digitals, implied vols and the scenario kernel against decimal arithmetic, region by region. A small run of
// what `npm run accuracy` measures; the bounds are those of docs/numerics.md.
import { describe, expect, it } from 'vitest';
import * as calls from '../bindings/options.js';
import { random } from './exact.ts';
import { cdf, errorOf, exactly, real } from './exact-options.ts';
import { optionRegions, scenarioPrice, worstOf } from './option-regions.ts';

const SEED = 20221109;
const ROWS = 25;

describe('the oracle', () => {
  it('has digits that are known: Phi(-1), Phi(-5), Phi(-10) of M. Abramowitz and I. A. Stegun, tables 26.1 and 26.2', () => {
    const digits = (x: number): string => cdf(real(x)).toExponential(9);
    expect(digits(-1)).toBe('1.586552539e-1');
    expect(digits(-5)).toBe('2.866515719e-7');
    expect(digits(-10)).toBe('7.619853024e-24');
    expect(
      cdf(real(-6 + 1e-12))
        .div(cdf(real(-6 - 1e-12)))
        .minus(1)
        .toNumber(),
    ).toBeLessThan(1.3e-11);
  });

  it('is that of a forward where spot, rate and yield make one', () => {
    const row = { type: -1, strike: 110, vol: 0.4, time: 0.5, dividendYield: 0 };
    const spot = exactly({ ...row, spot: true, underlying: 100, discount: 0.08 });
    const forward = exactly({ ...row, spot: false, underlying: 100 * Math.exp(0.04), discount: Math.exp(-0.04) });
    expect(errorOf(spot.price.toNumber(), forward.price)).toBeLessThan(1e-15);
  });
});

describe('accuracy', () => {
  const { unit } = random(SEED);

  it.each(optionRegions)('$name, $region: $bound', (region) => {
    const { error, at } = worstOf(region, calls, ROWS, unit);
    expect(error, JSON.stringify(at)).toBeLessThanOrEqual(region.bound);
    expect(error).toBeGreaterThan(0);
  });

  it('a minute before expiry the scenario kernel loses nothing to logarithms that are large', () => {
    for (const distance of [1e-9, 1e-7, 3e-5, 1e-4, 1e-3, 3e-3]) {
      const row = { type: 1, underlying: 1e29, strike: 1e29 * (1 + distance), vol: 0.8, time: 60 / 31_536_000 };
      const exact = exactly({ ...row, spot: false, discount: 1, dividendYield: 0 });
      const got = scenarioPrice({ ...row, discount: 1, dividendYield: 0 });
      expect(errorOf(got, exact.price, exact.least)).toBeLessThan(1e-15);
    }
  });
});
