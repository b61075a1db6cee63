// Unit values of an asset: guarded prices, venue-wide scales, penalty, cap and curve, worked out by hand a slot at a time.
import * as abi from '../abi';
import * as book from './book';

function assetLanes(a: u32, slot: usize, initial: f64, maintenance: f64, end: f64, plain: f64): void {
  expect<f64>(book.ofAsset(a, slot, 0)).toBe(initial, 'initial');
  expect<f64>(book.ofAsset(a, slot, 1)).toBe(maintenance, 'maintenance');
  expect<f64>(book.ofAsset(a, slot, 2)).toBe(end, 'liquidation end');
  expect<f64>(book.ofAsset(a, slot, 3)).toBe(plain, 'plain');
}

describe('prices of an asset', () => {
  it('are the price where no guard is set', () => {
    book.newBook();
    const a = book.asset(10);
    book.set(abi.ASSET_TWAP, a, 8);
    book.set(abi.ASSET_STABLE, a, 13);
    book.ready();
    assetLanes(a, abi.ASSET_LOW, 10, 10, 10, 10);
    assetLanes(a, abi.ASSET_HIGH, 10, 10, 10, 10);
  });
  it('are the lowest and the highest of three at a guarded level, never in equity', () => {
    book.newBook();
    const a = book.asset(10);
    book.set(abi.ASSET_TWAP, a, 8);
    book.set(abi.ASSET_STABLE, a, 13);
    book.setIndex(abi.ASSET_GUARD, a, 0b101);
    const b = book.asset(10);
    book.set(abi.ASSET_TWAP, b, 12);
    book.set(abi.ASSET_STABLE, b, 7);
    book.setIndex(abi.ASSET_GUARD, b, 0b1010);
    const c = book.asset(10);
    book.set(abi.ASSET_TWAP, c, 11);
    book.set(abi.ASSET_STABLE, c, 11);
    book.setIndex(abi.ASSET_GUARD, c, 0b111);
    book.ready();
    assetLanes(a, abi.ASSET_LOW, 8, 10, 8, 10);
    assetLanes(a, abi.ASSET_HIGH, 13, 10, 13, 10);
    assetLanes(b, abi.ASSET_LOW, 10, 7, 10, 10);
    assetLanes(b, abi.ASSET_HIGH, 10, 12, 10, 10);
    assetLanes(c, abi.ASSET_LOW, 10, 10, 10, 10);
    assetLanes(c, abi.ASSET_HIGH, 11, 11, 11, 10);
  });
});

describe('scales of an asset', () => {
  it('are 1 up to their start', () => {
    book.newBook();
    const a = book.asset(2);
    book.set(abi.ASSET_DEPOSITS, a, 500);
    book.set(abi.ASSET_DEPOSIT_SCALE_START, a, 1000);
    book.set(abi.ASSET_BORROWS, a, 500);
    book.set(abi.ASSET_BORROW_SCALE_START, a, 1000);
    book.ready();
    assetLanes(a, abi.ASSET_DEPOSIT_SCALE, 1, 1, 1, 1);
    assetLanes(a, abi.ASSET_BORROW_SCALE, 1, 1, 1, 1);
  });
  it('fall with deposits and rise with borrows, at the initial level', () => {
    // Deposits 2000 * 2 = 4000 against 1000: 1/4. Borrows 750 * 2 = 1500 against 1000: 3/2.
    book.newBook();
    const a = book.asset(2);
    book.set(abi.ASSET_DEPOSITS, a, 2000);
    book.set(abi.ASSET_DEPOSIT_SCALE_START, a, 1000);
    book.set(abi.ASSET_BORROWS, a, 750);
    book.set(abi.ASSET_BORROW_SCALE_START, a, 1000);
    book.ready();
    assetLanes(a, abi.ASSET_DEPOSIT_SCALE, 0.25, 1, 1, 1);
    assetLanes(a, abi.ASSET_BORROW_SCALE, 1.5, 1, 1, 1);
  });
});

describe('penalty, cap and curve of an asset', () => {
  it('penalise a price of low confidence at the initial level: (1 - 1/4) * 1/4', () => {
    book.newBook();
    const a = book.asset(1);
    book.set(abi.ASSET_CONFIDENCE, a, 0.25);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, a, 0.75);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, a, 0.25);
    const b = book.asset(1);
    book.set(abi.ASSET_CONFIDENCE, b, 0.75);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, b, 0.75);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, b, 0.25);
    book.ready();
    assetLanes(a, abi.ASSET_PENALTY, 0.1875, 0, 0, 0);
    assetLanes(b, abi.ASSET_PENALTY, 0, 0, 0, 0);
  });
  it('cap at every level but equity', () => {
    book.newBook();
    const a = book.asset(1);
    book.set(abi.ASSET_CAP, a, 500);
    book.ready();
    assetLanes(a, abi.ASSET_CAPPED, 500, 500, 500, abi.NO_LIMIT);
  });
  it('pass the curve on, without a factor in equity', () => {
    book.newBook();
    book.asset(1);
    const a = book.asset(1);
    book.setIndex(abi.ASSET_CURVE_KIND, a, abi.CURVE_POWER);
    book.setLevels(abi.ASSET_CURVE_FACTOR, a, 0.5, 0.25, 0.125);
    book.set(abi.ASSET_CURVE_NUMERATOR, a, 1.25);
    book.set(abi.ASSET_CURVE_EXPONENT, a, 0.75);
    book.set(abi.ASSET_CURVE_DEBT_BASE, a, 0.875);
    book.ready();
    assetLanes(a, abi.ASSET_FACTOR, 0.5, 0.25, 0.125, 0);
    expect<f64>(book.ofAsset(a, abi.ASSET_NUMERATOR)).toBe(1.25);
    expect<f64>(book.ofAsset(a, abi.ASSET_EXPONENT)).toBe(0.75);
    expect<f64>(book.ofAsset(a, abi.ASSET_DEBT_BASE)).toBe(0.875);
    expect<i32>(book.flagsOfAsset(a)).toBe(2);
  });
});

describe('flags of an asset', () => {
  it('call it plain where it counts at its price whatever its amount', () => {
    book.newBook();
    const a = book.asset(1);
    const floored = book.asset(1);
    book.setIndex(abi.ASSET_RATE_FLOOR, floored, 1);
    book.ready();
    expect<i32>(book.flagsOfAsset(a)).toBe(abi.ASSET_FLAG_PLAIN);
    expect<i32>(book.flagsOfAsset(floored)).toBe(abi.ASSET_FLAG_PLAIN | abi.ASSET_FLAG_RATE_FLOOR);
  });
  it('do not where a weight, tier, guard, scale, penalty, cap or curve says otherwise', () => {
    book.newBook();
    const held = book.asset(1);
    book.tiers(held, [abi.NO_LIMIT, 1, 1, 0.75]);
    const owed = book.asset(1);
    book.debtTiers(owed, [abi.NO_LIMIT, 1.25, 1, 1]);
    const tiered = book.asset(1);
    book.tiers(tiered, [100, 1, 1, 1, abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    const debtTiered = book.asset(1);
    book.debtTiers(debtTiered, [100, 1, 1, 1, abi.NO_LIMIT, 1.5, 1.5, 1.5]);
    const guarded = book.asset(1);
    book.set(abi.ASSET_TWAP, guarded, 2);
    book.setIndex(abi.ASSET_GUARD, guarded, 0b010);
    const deposited = book.asset(1);
    book.set(abi.ASSET_DEPOSITS, deposited, 2);
    book.set(abi.ASSET_DEPOSIT_SCALE_START, deposited, 1);
    const borrowed = book.asset(1);
    book.set(abi.ASSET_BORROWS, borrowed, 2);
    book.set(abi.ASSET_BORROW_SCALE_START, borrowed, 1);
    const doubted = book.asset(1);
    book.set(abi.ASSET_CONFIDENCE, doubted, 0.5);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, doubted, 1);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, doubted, 1);
    const capped = book.asset(1);
    book.set(abi.ASSET_CAP, capped, 100);
    const curved = book.asset(1);
    book.setIndex(abi.ASSET_CURVE_KIND, curved, abi.CURVE_SQRT);
    book.ready();
    for (let a: u32 = 0; a < 9; a++) expect<i32>(book.flagsOfAsset(a)).toBe(0);
    expect<i32>(book.flagsOfAsset(curved)).toBe(1);
  });
});
