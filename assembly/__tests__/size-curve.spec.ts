// Size curves: the square root ignores its exponent, other powers go through the kernel's pow.
import * as abi from '../abi';
import { curveOf, SIZE_DISCOUNT } from '../margin/size-curve';
import { pow } from '../numeric/pow';

describe('square root', () => {
  it('is exact and takes no exponent', () => {
    expect<f64>(curveOf(abi.CURVE_SQRT, 0, 0.8)).toBe(0);
    expect<f64>(curveOf(abi.CURVE_SQRT, 9, 0.8)).toBe(3);
    expect<f64>(curveOf(abi.CURVE_SQRT, 2, 0)).toBe(1.4142135623730951);
  });
});

describe('power', () => {
  it('of 3/4: 16^(3/4) = 8, 81^(3/4) = 27', () => {
    expect<f64>(curveOf(abi.CURVE_POWER, 16, 0.75)).toBe(8);
    expect<f64>(curveOf(abi.CURVE_POWER, 81, 0.75)).toBe(27);
  });
  it('of 1 is the argument, of 0 is 0', () => {
    expect<f64>(curveOf(abi.CURVE_POWER, 0.1, 1)).toBe(0.1);
    expect<f64>(curveOf(abi.CURVE_POWER, 0, 0.8)).toBe(0);
  });
  it('of 0.8 has the bits of pow', () => {
    for (let x: f64 = 0.001; x < 1e12; x *= 7) expect<f64>(curveOf(abi.CURVE_POWER, x, 0.8)).toBe(pow(x, 0.8));
  });
});

it('Drift discounts with a numerator of 1.1', () => {
  expect<f64>(SIZE_DISCOUNT).toBe(1.1);
});
