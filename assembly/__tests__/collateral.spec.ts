// What a balance counts: tiers, cap, scales, curves, penalty and rate floor, one after another, worked out by hand.
// `first` asks for the lanes initial and maintenance, `second` for liquidation end and equity.
import * as abi from '../abi';
import {
  assetWorth,
  debtWorth,
  guardedValue,
  surchargeA,
  surchargeB,
  weighBoth,
  worthA,
  worthB,
} from '../margin/collateral';
import * as at from '../margin/state';
import * as book from './book';

function pair(got: v128, a: f64, b: f64): void {
  expect<f64>(f64x2.extract_lane(got, 0)).toBe(a, 'lane 0');
  expect<f64>(f64x2.extract_lane(got, 1)).toBe(b, 'lane 1');
}

/** Worth of an asset, the same value and amount in both lanes. */
function asset(a: u32, value: f64, initial: f64, maintenance: f64, floor: f64 = 0, amount: f64 = value): void {
  pair(assetWorth(a, 0, f64x2.splat(value), f64x2.splat(amount), floor), initial, maintenance);
}

function debt(a: u32, value: f64, initial: f64, maintenance: f64, floor: f64 = 0, amount: f64 = value): void {
  pair(debtWorth(a, 0, f64x2.splat(value), f64x2.splat(amount), floor), initial, maintenance);
}

/** Worth and surcharge of a signed value, the same in all lanes. */
function weigh(a: u32, value: f64, amount: f64, floor: f64 = 0): void {
  const values = f64x2.splat(value);
  const amounts = f64x2.splat(amount);
  weighBoth(a, values, values, amounts, amounts, floor);
}

describe('guarded value', () => {
  it('prices what is held low and what is owed high', () => {
    // Low 8 and high 12 at the initial level and at liquidation end, 10 at the others.
    book.newBook();
    const a = book.asset(10);
    book.set(abi.ASSET_TWAP, a, 8);
    book.set(abi.ASSET_STABLE, a, 12);
    book.setIndex(abi.ASSET_GUARD, a, 0b101);
    book.ready();
    pair(guardedValue(at.assetValue, 0, f64x2.splat(2)), 16, 20);
    pair(guardedValue(at.assetValue, 0, f64x2.splat(-2)), -24, -20);
    pair(guardedValue(at.assetValue, 16, f64x2.splat(2)), 16, 20);
    pair(guardedValue(at.assetValue, 16, f64x2(-2, 2)), -24, 20);
    pair(guardedValue(at.assetValue, 0, f64x2(2, -2)), 16, -20);
  });
});

describe('weights of an asset', () => {
  it('are those of the level, 1 in equity', () => {
    book.newBook();
    book.asset(1);
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 0.875], [1, 1, 1]);
    book.ready();
    asset(a, 100, 50, 75);
    pair(assetWorth(a, 16, f64x2.splat(100), f64x2.splat(100), 0), 87.5, 100);
    asset(0, 100, 100, 100);
  });
  it('fall by tiers: up to 1000 at (3/4, 1), up to 3000 at (1/2, 3/4), beyond at (0, 1/4)', () => {
    book.newBook();
    const a = book.asset(1);
    book.tiers(a, [1000, 0.75, 1, 1, 3000, 0.5, 0.75, 1, abi.NO_LIMIT, 0, 0.25, 1]);
    book.ready();
    asset(a, 0, 0, 0);
    asset(a, 800, 600, 800);
    asset(a, 1000, 750, 1000);
    // 750 + 1000 / 2 = 1250; 1000 + 1000 * 3/4 = 1750
    asset(a, 2000, 1250, 1750);
    // 750 + 2000 / 2 = 1750; 1000 + 2000 * 3/4 = 2500
    asset(a, 3000, 1750, 2500);
    // 1750 + 0; 2500 + 1000 / 4 = 2750
    asset(a, 4000, 1750, 2750);
    pair(assetWorth(a, 0, f64x2(2000, 800), f64x2.splat(1), 0), 1250, 800);
    pair(assetWorth(a, 16, f64x2.splat(4000), f64x2.splat(1), 0), 4000, 4000);
  });
});

describe('cap', () => {
  it('is the value that counts at most, before the weight, not in equity', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 1], [1, 1, 1]);
    book.set(abi.ASSET_CAP, a, 1000);
    book.ready();
    asset(a, 800, 400, 600);
    asset(a, 4000, 500, 750);
    pair(assetWorth(a, 16, f64x2.splat(4000), f64x2.splat(1), 0), 1000, 4000);
  });
});

describe('scales', () => {
  it('lower the initial weight of deposits: 1000 / 4000', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 1], [1, 1, 1]);
    book.set(abi.ASSET_DEPOSITS, a, 4000);
    book.set(abi.ASSET_DEPOSIT_SCALE_START, a, 1000);
    book.ready();
    asset(a, 100, 12.5, 75);
  });
  it('raise the initial weight of debts: 4000 / 2000', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [1, 1, 1], [1.5, 1.25, 1]);
    book.set(abi.ASSET_BORROWS, a, 4000);
    book.set(abi.ASSET_BORROW_SCALE_START, a, 2000);
    book.ready();
    debt(a, 100, 300, 125);
    asset(a, 100, 100, 100);
  });
});

describe('square-root curve', () => {
  it('limits the weight to numerator / (1 + factor * sqrt(amount))', () => {
    // Amount 16: limit 1.25 / (1 + 4 / 4) = 5/8 at the initial level, 1.25 / (1 + 0) at maintenance. Value 800.
    book.newBook();
    const a = book.asset(50);
    book.weights(a, [0.75, 0.875, 1], [1, 1, 1]);
    book.setIndex(abi.ASSET_CURVE_KIND, a, abi.CURVE_SQRT);
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 0.25, 0, 0.75);
    book.set(abi.ASSET_CURVE_NUMERATOR, a, 1.25);
    book.ready();
    asset(a, 800, 500, 700, 0, 16);
    // Amount 1: limit 1.25 / 1.25 = 1, so the weight of 3/4 holds.
    asset(a, 50, 37.5, 43.75, 0, 1);
    // Liquidation end: 1.25 / (1 + 3/4 * 4) = 5/16; equity: 1.25 is no limit.
    pair(assetWorth(a, 16, f64x2.splat(800), f64x2.splat(16), 0), 250, 800);
  });
  it('raises debts: base * weighted + factor * sqrt(amount) * value', () => {
    // Weight 5/4, base 1/2, amount 16: 125 / 2 + 1/4 * 4 * 100 = 162.5. Without a factor the weighted 125 is more.
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [1, 1, 1], [1.25, 1.25, 1.25]);
    book.setIndex(abi.ASSET_CURVE_KIND, a, abi.CURVE_SQRT);
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 0.25, 0, 0.5);
    book.set(abi.ASSET_CURVE_DEBT_BASE, a, 0.5);
    book.ready();
    debt(a, 100, 162.5, 125, 0, 16);
    // Liquidation end: 62.5 + 1/2 * 4 * 100; equity keeps the face.
    pair(debtWorth(a, 16, f64x2.splat(100), f64x2.splat(16), 0), 262.5, 100);
  });
});

describe('power curve', () => {
  it('limits the weight by the value: 1 / (1 + 1/8 * 16^(3/4)) = 1/2', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.75, 0.75, 0.75], [1.25, 1.25, 1.25]);
    book.setIndex(abi.ASSET_CURVE_KIND, a, abi.CURVE_POWER);
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 0.125, 0, 0);
    book.set(abi.ASSET_CURVE_EXPONENT, a, 0.75);
    book.ready();
    asset(a, 16, 8, 12, 0, 1e6);
    // Lanes of their own value: 81^(3/4) = 27, 1 / (1 + 27/8) = 8/35.
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 0.125, 0.125, 0);
    book.ready();
    pair(assetWorth(a, 0, f64x2(16, 81), f64x2.splat(1), 0), 8, 81 * (1 / 4.375));
  });
  it('leaves debts alone', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [1, 1, 1], [1.25, 1.25, 1.25]);
    book.setIndex(abi.ASSET_CURVE_KIND, a, abi.CURVE_POWER);
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 4, 4, 4);
    book.ready();
    debt(a, 16, 20, 20, 0, 1e6);
  });
});

describe('confidence penalty', () => {
  it('takes its share of the value at the initial level, and leaves no less than 0', () => {
    // (1 - 1/2) * 1/2 = 1/4: 75 - 25. With a factor of 4 the penalty of 200 is more than there is.
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.75, 0.75, 0.75], [1, 1, 1]);
    book.set(abi.ASSET_CONFIDENCE, a, 0.5);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, a, 1);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, a, 0.5);
    book.ready();
    asset(a, 100, 50, 75);
    debt(a, 100, 100, 100);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, a, 4);
    book.ready();
    asset(a, 100, 0, 75);
  });
  it('takes it of what counts under the cap', () => {
    // Cap 40: 40 * 3/4 - 40 / 4 = 20
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.75, 0.75, 0.75], [1, 1, 1]);
    book.set(abi.ASSET_CAP, a, 40);
    book.set(abi.ASSET_CONFIDENCE, a, 0.5);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, a, 1);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, a, 0.5);
    book.ready();
    asset(a, 100, 20, 30);
  });
});

describe("an account's own rate floor", () => {
  it('limits initial weights to 1 - floor, and debts to 1 + floor', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.75, 0.75, 0.75], [1.25, 1.25, 1.25]);
    book.setIndex(abi.ASSET_RATE_FLOOR, a, 1);
    book.ready();
    asset(a, 100, 50, 75, 0.5);
    asset(a, 100, 75, 75, 0.125);
    asset(a, 100, 0, 75, 1.5);
    asset(a, 100, 75, 75, 0);
    debt(a, 100, 150, 125, 0.5);
    debt(a, 100, 125, 125, 0.125);
    pair(assetWorth(a, 16, f64x2.splat(100), f64x2.splat(100), 0.5), 75, 100);
    pair(debtWorth(a, 16, f64x2.splat(100), f64x2.splat(100), 0.5), 125, 100);
  });
  it('counts only for assets that ask for it', () => {
    book.newBook();
    const a = book.asset(1);
    book.ready();
    asset(a, 100, 100, 100, 0.5);
    debt(a, 100, 100, 100, 0.5);
  });
});

describe('weights of a debt', () => {
  it('rise by tiers: up to 1000 at (1, 1), beyond at (3/2, 5/4)', () => {
    book.newBook();
    book.asset(1);
    const a = book.asset(1);
    book.debtTiers(a, [1000, 1, 1, 1, abi.NO_LIMIT, 1.5, 1.25, 2]);
    book.ready();
    debt(a, 0, 0, 0);
    debt(a, 1000, 1000, 1000);
    // 1000 + 1000 * 3/2; 1000 + 1000 * 5/4
    debt(a, 2000, 2500, 2250);
    pair(debtWorth(a, 16, f64x2.splat(2000), f64x2.splat(1), 0), 3000, 2000);
  });
});

describe('a balance', () => {
  it('held counts its weighted value, without a surcharge', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 0.875], [1.5, 1.25, 1.125]);
    book.ready();
    weigh(a, 100, 100);
    pair(worthA, 50, 75);
    pair(worthB, 87.5, 100);
    pair(surchargeA, 0, 0);
    pair(surchargeB, 0, 0);
  });
  it('owed counts its face, and its weight beyond as surcharge', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 0.875], [1.5, 1.25, 1.125]);
    book.ready();
    weigh(a, -100, -100);
    pair(worthA, -100, -100);
    pair(worthB, -100, -100);
    pair(surchargeA, 50, 25);
    pair(surchargeB, 12.5, 0);
  });
  it('may be held at one level and owed at another', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 0.875], [1.5, 1.25, 1.125]);
    book.ready();
    const held = f64x2.splat(100);
    const first = f64x2(-100, 100);
    const second = f64x2(100, -100);
    weighBoth(a, first, held, first, held, 0);
    pair(worthA, -100, 75);
    pair(worthB, 87.5, 100);
    pair(surchargeA, 50, 0);
    pair(surchargeB, 0, 0);
    weighBoth(a, second, held, second, held, 0);
    pair(worthA, 50, -100);
    pair(surchargeA, 0, 25);
    weighBoth(a, held, first, held, first, 0);
    pair(worthA, 50, 75);
    pair(worthB, -100, 100);
    pair(surchargeA, 0, 0);
    pair(surchargeB, 12.5, 0);
    weighBoth(a, held, second, held, second, 0);
    pair(worthB, 87.5, -100);
    pair(surchargeB, 0, 0);
  });
  it('of less than 1 is weighed like any other', () => {
    book.newBook();
    const a = book.asset(1);
    book.weights(a, [0.5, 0.75, 0.875], [1.5, 1.25, 1.125]);
    book.ready();
    weigh(a, 0.5, 0.5);
    pair(worthA, 0.25, 0.375);
    weigh(a, -0.5, -0.5);
    pair(worthA, -0.5, -0.5);
    pair(surchargeA, 0.25, 0.125);
    weigh(a, 0, 0);
    pair(worthA, 0, 0);
    pair(surchargeB, 0, 0);
  });
  it('takes the size of its amount for the curve', () => {
    // 1 / (1 + 1/4 * sqrt(16)) = 1/2 of what is held; 1/4 * 4 * 100 + 100 for what is owed. At the end 3/4 * 4 = 3.
    book.newBook();
    const a = book.asset(1);
    book.setIndex(abi.ASSET_CURVE_KIND, a, abi.CURVE_SQRT);
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 0.25, 0, 0.75);
    book.ready();
    weigh(a, 100, 16);
    pair(worthA, 50, 100);
    pair(worthB, 25, 100);
    weigh(a, -100, -16);
    pair(worthA, -100, -100);
    pair(surchargeA, 100, 0);
    pair(surchargeB, 300, 0);
  });
  it('passes the rate floor on', () => {
    book.newBook();
    const a = book.asset(1);
    book.setIndex(abi.ASSET_RATE_FLOOR, a, 1);
    book.ready();
    weigh(a, 100, 100, 0.25);
    pair(worthA, 75, 100);
    pair(worthB, 100, 100);
    weigh(a, -100, -100, 0.25);
    pair(worthA, -100, -100);
    pair(surchargeA, 25, 0);
    pair(surchargeB, 0, 0);
  });
});
