// Unit values: guards, penalties, scales and units of assets and markets, worked out by hand a slot at a time.
import * as abi from '../abi';
import * as book from './book';

/** One table line of the same rate at every level. */
function flatTable(m: u32, rate: f64): void {
  book.table(m, [abi.NO_LIMIT, rate, rate, rate]);
}

function assetLanes(a: u32, slot: usize, initial: f64, maintenance: f64, end: f64, plain: f64): void {
  expect<f64>(book.ofAsset(a, slot, 0)).toBe(initial, 'initial');
  expect<f64>(book.ofAsset(a, slot, 1)).toBe(maintenance, 'maintenance');
  expect<f64>(book.ofAsset(a, slot, 2)).toBe(end, 'liquidation end');
  expect<f64>(book.ofAsset(a, slot, 3)).toBe(plain, 'plain');
}

/** Flags of a market without special features. */
const ORDINARY: i32 = abi.FLAG_WINDOW | abi.FLAG_SAME_END | abi.FLAG_FULL_PROFIT | abi.FLAG_ORDINARY;

/** Lanes of the long side, or with SIDE_ROW added to the slot, of the short. */
function lanes(m: u32, slot: usize, initial: f64, maintenance: f64, end: f64, plain: f64): void {
  expect<f64>(book.ofLong(m, slot, 0)).toBe(initial, 'initial');
  expect<f64>(book.ofLong(m, slot, 1)).toBe(maintenance, 'maintenance');
  expect<f64>(book.ofLong(m, slot, 2)).toBe(end, 'liquidation end');
  expect<f64>(book.ofLong(m, slot, 3)).toBe(plain, 'plain');
}

function same(m: u32, slot: usize, value: f64): void {
  lanes(m, slot, value, value, value, value);
}

/** Rates, then deductions of a line per contract. */
function line(word: i32, row: u32, a: f64, b: f64, c: f64, d: f64): void {
  expect<f64>(book.get(word, row * 4)).toBe(a, 'rate, lane 0');
  expect<f64>(book.get(word, row * 4 + 1)).toBe(b, 'rate, lane 1');
  expect<f64>(book.get(word, row * 4 + 2)).toBe(c, 'deduction, lane 0');
  expect<f64>(book.get(word, row * 4 + 3)).toBe(d, 'deduction, lane 1');
}

/** Millionths of a market in whole units. */
function ppm(m: u32, initial: f64, maintenance: f64, base: f64, fraction: f64): void {
  expect<f64>(book.get(abi.MARKET_PPM, m * 5)).toBe(initial, 'initial');
  expect<f64>(book.get(abi.MARKET_PPM, m * 5 + 1)).toBe(maintenance, 'maintenance');
  expect<f64>(book.get(abi.MARKET_PPM, m * 5 + 2)).toBe(base, 'base');
  expect<f64>(book.get(abi.MARKET_PPM, m * 5 + 3)).toBe(fraction, 'fraction');
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
  it('penalise a price of low confidence at the initial level: (1 - 1/2) * 1/4', () => {
    book.newBook();
    const a = book.asset(1);
    book.set(abi.ASSET_CONFIDENCE, a, 0.5);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, a, 0.75);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, a, 0.25);
    const b = book.asset(1);
    book.set(abi.ASSET_CONFIDENCE, b, 0.75);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, b, 0.75);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, b, 0.25);
    book.ready();
    assetLanes(a, abi.ASSET_PENALTY, 0.125, 0, 0, 0);
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

describe('a linear contract', () => {
  it('of 1/2 unit at 100, settled at 2: profit 50, notional 50, worth 100', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.set(abi.MARKET_MULTIPLIER, m, 0.5);
    flatTable(m, 0.25);
    book.ready();
    same(m, abi.SIDE_PNL, 50);
    same(m, abi.SIDE_ROW + abi.SIDE_PNL, 50);
    lanes(m, abi.SIDE_NOTIONAL, 50, 50, 50, 100);
    same(m, abi.SIDE_WORTH, 100);
    same(m, abi.SIDE_FLAT, 0);
    same(m, abi.SIDE_ENTRY, 0);
    expect<f64>(book.ofLong(m, abi.SIDE_OPEN_INTEREST)).toBe(0);
    expect<f64>(book.ofLong(m, abi.SIDE_VALUE)).toBe(100);
    expect<i32>(book.flagsOf(m)).toBe(ORDINARY);
  });
  it('is worth the highest price of the settle asset', () => {
    book.newBook();
    const a = book.asset(2);
    book.set(abi.ASSET_TWAP, a, 3);
    book.setIndex(abi.ASSET_GUARD, a, 0b001);
    const m = book.market(0, a, 100);
    book.ready();
    lanes(m, abi.SIDE_WORTH, 300, 200, 200, 200);
    lanes(m, abi.SIDE_NOTIONAL, 100, 100, 100, 200);
  });
  it('with a table in the numeraire has its notional there', () => {
    // Levels initial and liquidation end: 100 * 2. Maintenance stays in settle units.
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_UNIT, m, 0b100010);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 200, 100, 200, 200);
    same(m, abi.SIDE_WORTH, 200);
  });
  it('with a table by contracts has a notional of 1', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_BASIS, m, 0b000100);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 100, 1, 100, 200);
    same(m, abi.SIDE_WORTH, 200);
  });
  it('with a table by entry has a notional per settle unit of cost', () => {
    // Initial in settle units: 1, worth 2. Maintenance in the numeraire: 2, worth 2.
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_BASIS, m, 0b001010);
    book.setIndex(abi.MARKET_UNIT, m, 0b001000);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 1, 2, 100, 200);
    lanes(m, abi.SIDE_ENTRY, 1, 1, 0, 0);
    lanes(m, abi.SIDE_WORTH, 2, 2, 200, 200);
    expect<i32>(book.flagsOf(m)).toBe(abi.FLAG_ENTRY | abi.FLAG_FULL_PROFIT);
  });
});

describe('an inverse contract', () => {
  it('of 100 at 50 is worth 2 coins, and loses them as the price rises', () => {
    book.newBook();
    const m = book.market(abi.KIND_INVERSE, book.asset(50), 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.ready();
    same(m, abi.SIDE_PNL, -2);
    same(m, abi.SIDE_ROW + abi.SIDE_PNL, -2);
    lanes(m, abi.SIDE_NOTIONAL, 2, 2, 2, 100);
    same(m, abi.SIDE_WORTH, 100);
  });
  it('with a table in the quote has its face as notional', () => {
    // Without a quote asset a unit of the quote is worth coin price / mark = 60 / 50; with one, that asset's price.
    book.newBook();
    const coin = book.asset(60);
    const quote = book.asset(1.5);
    const m = book.market(abi.KIND_INVERSE, coin, 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.setIndex(abi.MARKET_UNIT, m, 0b000101);
    const q = book.market(abi.KIND_INVERSE, coin, 50);
    book.set(abi.MARKET_MULTIPLIER, q, 100);
    book.setIndex(abi.MARKET_QUOTE, q, quote);
    book.setIndex(abi.MARKET_UNIT, q, 0b000101);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 100, 100, 2, 120);
    same(m, abi.SIDE_WORTH, 120);
    lanes(q, abi.SIDE_NOTIONAL, 100, 100, 2, 120);
    lanes(q, abi.SIDE_WORTH, 150, 150, 120, 120);
  });
  it('takes the guarded price of the coin and of its quote', () => {
    book.newBook();
    const coin = book.asset(50);
    const quote = book.asset(1);
    book.set(abi.ASSET_TWAP, quote, 1.25);
    book.setIndex(abi.ASSET_GUARD, quote, 0b001);
    const m = book.market(abi.KIND_INVERSE, coin, 50);
    book.setIndex(abi.MARKET_QUOTE, m, quote);
    book.setIndex(abi.MARKET_UNIT, m, 0b000101);
    book.ready();
    lanes(m, abi.SIDE_WORTH, 1.25, 1, 1, 1);
  });
});

describe('a quanto contract', () => {
  it('of 1/4 coin a point at 100, coin at 40: profit 25 coins, notional 1000', () => {
    book.newBook();
    const m = book.market(2, book.asset(40), 100);
    book.set(abi.MARKET_MULTIPLIER, m, 0.25);
    book.ready();
    same(m, abi.SIDE_PNL, 25);
    lanes(m, abi.SIDE_NOTIONAL, 25, 25, 25, 1000);
    same(m, abi.SIDE_WORTH, 1000);
  });
});

describe('a prediction', () => {
  it('at 1/4: a long can lose 1/4, a short 3/4, both gain with the price', () => {
    book.newBook();
    const m = book.market(abi.KIND_PREDICTION, book.asset(2), 0.25);
    book.set(abi.MARKET_MULTIPLIER, m, 8);
    book.ready();
    same(m, abi.SIDE_PNL, 2);
    same(m, abi.SIDE_ROW + abi.SIDE_PNL, 2);
    lanes(m, abi.SIDE_NOTIONAL, 2, 2, 2, 4);
    lanes(m, abi.SIDE_ROW + abi.SIDE_NOTIONAL, 6, 6, 6, 12);
  });
});

describe('a spot market', () => {
  it('has no contract: only flags and the margin of its orders', () => {
    book.newBook();
    const base = book.asset(10);
    const m = book.spotMarket(base, book.asset(1), false);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 1, 1, 1);
    book.set(abi.MARKET_ORDER_MARGIN, m, 3);
    const r = book.spotMarket(base, 1, true);
    book.ready();
    same(m, abi.SIDE_PNL, 0);
    same(m, abi.SIDE_NOTIONAL, 0);
    same(m, abi.SIDE_WORTH, 0);
    same(m, abi.SIDE_FLAT, 0);
    expect<f64>(book.ofLong(m, abi.SIDE_ORDER_MARGIN)).toBe(3);
    expect<i32>(book.flagsOf(m) & 15).toBe(abi.FLAG_SPOT_FILL);
    expect<i32>(book.flagsOf(r) & 15).toBe(abi.FLAG_SPOT_RESERVE);
  });
});

describe('guards of a market', () => {
  it('price longs low and shorts high at the guarded levels', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b101);
    const n = book.market(0, 0, 100);
    book.set(abi.MARKET_TWAP, n, 120);
    book.set(abi.MARKET_STABLE, n, 90);
    book.setIndex(abi.MARKET_GUARD, n, 0b1010);
    book.ready();
    lanes(m, abi.SIDE_PNL, 90, 100, 90, 100);
    lanes(m, abi.SIDE_NOTIONAL, 90, 100, 90, 100);
    lanes(m, abi.SIDE_ROW + abi.SIDE_PNL, 120, 100, 120, 100);
    lanes(n, abi.SIDE_PNL, 100, 90, 100, 100);
    lanes(n, abi.SIDE_ROW + abi.SIDE_PNL, 100, 120, 100, 100);
  });
});

describe('open interest', () => {
  it('raises the initial rate from the first rate to 1 between the limits', () => {
    // A contract is 100, the limits 1000 and 3000. 10 contracts are at the lower limit, 30 at the upper;
    // 20 are halfway: 1/4 + 1/2 * 3/4 = 5/8.
    book.newBook();
    const a = book.asset(2);
    const open: f64[] = [10, 20, 30, 40];
    for (let i = 0; i < 4; i++) {
      const m = book.market(0, a, 100);
      book.table(m, [500, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.5, 0.5]);
      book.set(abi.MARKET_OPEN_INTEREST, m, open[i]);
      book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
      book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    }
    book.ready();
    expect<f64>(book.ofLong(0, abi.SIDE_OPEN_INTEREST)).toBe(0);
    expect<f64>(book.ofLong(1, abi.SIDE_OPEN_INTEREST)).toBe(0.625);
    expect<f64>(book.ofLong(2, abi.SIDE_OPEN_INTEREST)).toBe(1);
    expect<f64>(book.ofLong(3, abi.SIDE_OPEN_INTEREST)).toBe(1);
  });
  it('counts the face of inverse contracts and starts from the rate of the side', () => {
    // 20 contracts of 100 are 2000 whatever the coin costs. Shorts: 1/2 + 1/2 * 1/2 = 3/4.
    book.newBook();
    const m = book.market(abi.KIND_INVERSE, book.asset(50), 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    flatTable(m, 0.25);
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    book.set(abi.MARKET_OPEN_INTEREST, m, 20);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_OPEN_INTEREST)).toBe(0.625);
    expect<f64>(book.ofShort(m, abi.SIDE_OPEN_INTEREST)).toBe(0.75);
  });
});

describe('what is flat per contract', () => {
  it('is the closing fee on the notional, in the numeraire', () => {
    // 100 * (1/8, 1/16, 1/32) * 2
    book.newBook();
    book.market(0, book.asset(2), 1);
    const m = book.market(0, 0, 100);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.0625, 0.03125);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 25, 12.5, 6.25, 0);
  });
  it('and at the initial level the confidence penalty on the index', () => {
    // (100 / 8 + (1 - 1/2) * 1/4 * 80) * 2 = (12.5 + 10) * 2 = 45
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.125, 0.125);
    book.set(abi.MARKET_INDEX, m, 80);
    book.set(abi.MARKET_CONFIDENCE, m, 0.5);
    book.set(abi.MARKET_CONFIDENCE_THRESHOLD, m, 0.75);
    book.set(abi.MARKET_CONFIDENCE_FACTOR, m, 0.25);
    const n = book.market(0, 0, 100);
    book.set(abi.MARKET_CONFIDENCE, n, 0.75);
    book.set(abi.MARKET_CONFIDENCE_THRESHOLD, n, 0.75);
    book.set(abi.MARKET_CONFIDENCE_FACTOR, n, 0.25);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 45, 25, 25, 0);
    lanes(n, abi.SIDE_FLAT, 0, 0, 0, 0);
  });
  it('is in the numeraire whatever the unit of the table', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.125, 0.125);
    book.setIndex(abi.MARKET_UNIT, m, 0b000010);
    book.setIndex(abi.MARKET_BASIS, m, 0b000100);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 25, 25, 25, 0);
  });
  it('stays in settle units where the requirement is netted', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_NET);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.125, 0.125);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 12.5, 12.5, 12.5, 0);
    lanes(m, abi.SIDE_WORTH, 100, 100, 100, 200);
    expect<i32>(book.flagsOf(m) & abi.FLAG_NET).toBe(abi.FLAG_NET);
  });
});

describe('profit', () => {
  it('has weights and caps by level, none in equity; a cap is in settle units at the low price', () => {
    // 300 / 2, and 300 / 1.5 where the guard counts
    book.newBook();
    const a = book.asset(2);
    book.set(abi.ASSET_TWAP, a, 1.5);
    book.setIndex(abi.ASSET_GUARD, a, 0b001);
    book.market(0, a, 1);
    const m = book.market(0, a, 100);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.5, 0.75, 0.875);
    book.setLevels(abi.MARKET_PNL_CAP, m, 300, 300, abi.NO_LIMIT);
    book.ready();
    lanes(m, abi.SIDE_PNL_WEIGHT, 0.5, 0.75, 0.875, 1);
    lanes(m, abi.SIDE_PNL_CAP, 200, 150, abi.NO_LIMIT, abi.NO_LIMIT);
    same(0, abi.SIDE_PNL_CAP, abi.NO_LIMIT);
    expect<i32>(book.flagsOf(m) & abi.FLAG_WEIGHTED).toBe(abi.FLAG_WEIGHTED);
    expect<i32>(book.flagsOf(0) & abi.FLAG_WEIGHTED).toBe(0);
  });
  it('has no cap where the settle asset is worth nothing', () => {
    book.newBook();
    const m = book.market(0, book.asset(0), 100);
    book.setLevels(abi.MARKET_PNL_CAP, m, 300, 300, 300);
    book.ready();
    same(m, abi.SIDE_PNL_CAP, abi.NO_LIMIT);
  });
  it('is weighted where only one weight, one cap or the curve asks for it', () => {
    book.newBook();
    const a = book.asset(1);
    book.setLevels(abi.MARKET_PNL_WEIGHT, book.market(0, a, 1), 1, 1, 0.5);
    book.setLevels(abi.MARKET_PNL_CAP, book.market(0, a, 1), abi.NO_LIMIT, 9, abi.NO_LIMIT);
    book.set(abi.MARKET_PNL_CURVE, book.market(0, a, 1), 0.125);
    book.ready();
    for (let m: u32 = 0; m < 3; m++) expect<i32>(book.flagsOf(m) & abi.FLAG_WEIGHTED).toBe(abi.FLAG_WEIGHTED);
    expect<f64>(book.ofLong(2, abi.SIDE_PNL_CURVE)).toBe(0.125);
  });
  it('is pooled, separate or net', () => {
    book.newBook();
    const a = book.asset(1);
    book.market(0, a, 1);
    book.setIndex(abi.MARKET_PNL_MODE, book.market(0, a, 1), abi.PNL_SEPARATE);
    book.setIndex(abi.MARKET_PNL_MODE, book.market(0, a, 1), abi.PNL_NET);
    book.ready();
    expect<i32>(book.flagsOf(0) & 3).toBe(0);
    expect<i32>(book.flagsOf(1) & 3).toBe(abi.FLAG_SEPARATE);
    expect<i32>(book.flagsOf(2) & 3).toBe(abi.FLAG_NET);
  });
});

describe('the size curve of a market', () => {
  it('is of the size: the multiplier, or coins of an inverse contract', () => {
    book.newBook();
    const a = book.asset(1);
    const m = book.market(0, a, 100);
    book.set(abi.MARKET_MULTIPLIER, m, 0.5);
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, m, 0.75);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.5, 0.25, 0.125);
    const inverse = book.market(abi.KIND_INVERSE, a, 50);
    book.set(abi.MARKET_MULTIPLIER, inverse, 100);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_UNIT)).toBe(0.5);
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_KIND)).toBe(1);
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_BASE)).toBe(0.75);
    lanes(m, abi.SIDE_CURVE_FACTOR, 0.5, 0.25, 0.125, 0);
    expect<i32>(book.flagsOf(m) & abi.FLAG_CURVE).toBe(abi.FLAG_CURVE);
    expect<f64>(book.ofLong(inverse, abi.SIDE_CURVE_UNIT)).toBe(2);
    expect<i32>(book.flagsOf(inverse) & abi.FLAG_CURVE).toBe(0);
  });
  it('or of the notional in the quote', () => {
    book.newBook();
    const a = book.asset(3);
    const m = book.market(0, a, 100);
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_POWER);
    book.setIndex(abi.MARKET_CURVE_OF, m, 1);
    book.set(abi.MARKET_CURVE_EXPONENT, m, 0.75);
    const inverse = book.market(abi.KIND_INVERSE, a, 50);
    book.set(abi.MARKET_MULTIPLIER, inverse, 100);
    book.setIndex(abi.MARKET_CURVE_OF, inverse, 1);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_UNIT)).toBe(100);
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_EXPONENT)).toBe(0.75);
    expect<f64>(book.ofLong(inverse, abi.SIDE_CURVE_UNIT)).toBe(100);
  });
});

describe('tables and orders of a market', () => {
  it('are those of the side', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.table(m, [1000, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.shortTable(m, [abi.NO_LIMIT, 1, 0.5, 0.5]);
    book.set(abi.MARKET_FUNDING_INDEX, m, 7);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_LINE_START)).toBe(0);
    expect<f64>(book.ofLong(m, abi.SIDE_LINE_COUNT)).toBe(2);
    expect<f64>(book.ofShort(m, abi.SIDE_LINE_START)).toBe(2);
    expect<f64>(book.ofShort(m, abi.SIDE_LINE_COUNT)).toBe(1);
    expect<f64>(book.ofLong(m, abi.SIDE_FUNDING)).toBe(7);
    expect<f64>(book.ofShort(m, abi.SIDE_FUNDING)).toBe(7);
  });
  it('need bounds only where a whole table has more than one line', () => {
    book.newBook();
    const a = book.asset(1);
    book.wholeTable(book.market(0, a, 1), [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    book.wholeTable(book.market(0, a, 1), [10, 0.5, 0.5, 0.5, abi.NO_LIMIT, 1, 1, 1]);
    book.table(book.market(0, a, 1), [10, 0.5, 0.5, 0.5, abi.NO_LIMIT, 1, 1, 1]);
    book.ready();
    expect<i32>(book.flagsOf(0) & abi.FLAG_WHOLE).toBe(0);
    expect<i32>(book.flagsOf(1) & abi.FLAG_WHOLE).toBe(abi.FLAG_WHOLE);
    expect<i32>(book.flagsOf(2) & abi.FLAG_WHOLE).toBe(0);
  });
  it('weigh the loss of a fill only where it is asked for', () => {
    book.newBook();
    const a = book.asset(1);
    book.set(abi.MARKET_MULTIPLIER, book.market(0, a, 1), 4);
    book.set(abi.MARKET_MULTIPLIER, book.market(0, a, 1), 4);
    book.setIndex(abi.MARKET_ORDER_LOSS, 1, 1);
    book.ready();
    expect<f64>(book.ofLong(0, abi.SIDE_ORDER_UNIT)).toBe(0);
    expect<f64>(book.ofLong(1, abi.SIDE_ORDER_UNIT)).toBe(4);
  });
});

describe('lines per contract', () => {
  it('are rates times what a contract is worth and deductions in the numeraire', () => {
    // A contract is worth 200 long, 240 short (guarded at maintenance: 120 * 2). Deductions 1000 / 2 = 500, 250, 125.
    book.newBook();
    const a = book.asset(2);
    book.table(book.market(0, a, 1), [abi.NO_LIMIT, 1, 1, 1]);
    const m = book.market(0, a, 100);
    book.set(abi.MARKET_TWAP, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b010);
    book.table(m, [1000, 0.5, 0.25, 0.125, abi.NO_LIMIT, 1, 0.5, 0.25]);
    book.ready();
    line(abi.LINE_LONG_PAIR, 1, 100, 50, 0, 0);
    line(abi.LINE_LONG_PAIR, 2, 200, 100, 1000, 500);
    line(abi.LINE_LONG_END, 1, 25, 0, 0, 0);
    line(abi.LINE_LONG_END, 2, 50, 0, 250, 0);
    line(abi.LINE_SHORT_PAIR, 1, 100, 60, 0, 0);
    line(abi.LINE_SHORT_PAIR, 2, 200, 120, 1000, 500);
    line(abi.LINE_SHORT_END, 2, 50, 0, 250, 0);
  });
  it('of the short table are for shorts', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    flatTable(m, 0.5);
    book.shortTable(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.ready();
    line(abi.LINE_LONG_PAIR, 0, 50, 50, 0, 0);
    line(abi.LINE_SHORT_PAIR, 1, 25, 12.5, 0, 0);
    line(abi.LINE_SHORT_END, 1, 6.25, 0, 0, 0);
  });
  it('of a table by contracts have their deductions in contracts', () => {
    // Up to 10 contracts at 1/4, beyond at 1/2: deduction 10 / 4 contracts of 200.
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_BASIS, m, 0b010101);
    book.table(m, [10, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.ready();
    line(abi.LINE_LONG_PAIR, 1, 100, 50, 500, 250);
  });
});

describe('a market in whole units', () => {
  it('has its rates in millionths, and no worth but that of one unit', () => {
    book.newBook();
    book.market(0, book.asset(2), 100);
    const m = book.market(0, 0, 100);
    book.setIndex(abi.MARKET_ROUNDING, m, abi.ROUNDING_CEIL);
    book.table(m, [abi.NO_LIMIT, 0.05, 0.03, 0.03]);
    book.set(abi.MARKET_MAINTENANCE_FRACTION, m, 0.6);
    book.ready();
    ppm(m, 50000, 30000, 50000, 600000);
    lanes(m, abi.SIDE_WORTH, 2, 2, 2, 1);
    lanes(m, abi.SIDE_NOTIONAL, 100, 100, 100, 200);
    expect<i32>(book.flagsOf(m)).toBe(abi.FLAG_WHOLE_UNITS | (ORDINARY ^ abi.FLAG_ORDINARY));
    ppm(0, 0, 0, 0, 0);
    expect<i32>(book.flagsOf(0)).toBe(abi.FLAG_SAME_END | abi.FLAG_FULL_PROFIT);
  });
  it('rounds its initial rate under open interest down to a millionth', () => {
    // 13 contracts of 100 between 1000 and 1700: 250000 + 300 * 750000 / 700 = 250000 + 321428.57...
    book.newBook();
    const a = book.asset(1);
    const open: f64[] = [10, 13, 17, 18, 12.995];
    for (let i = 0; i < 5; i++) {
      const m = book.market(0, a, 100);
      book.setIndex(abi.MARKET_ROUNDING, m, 4 | abi.ROUNDING_CEIL);
      flatTable(m, 0.25);
      book.set(abi.MARKET_OPEN_INTEREST, m, open[i]);
      book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
      book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 1700);
    }
    book.ready();
    ppm(0, 250000, 250000, 250000, 0);
    ppm(1, 571428, 250000, 250000, 0);
    ppm(2, 1000000, 250000, 250000, 0);
    ppm(3, 1000000, 250000, 250000, 0);
    // 1299.5 is 1300 rounded up.
    ppm(4, 571428, 250000, 250000, 0);
  });
  it('without open-interest limits or rounding keeps its rate', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    flatTable(m, 0.25);
    book.set(abi.MARKET_OPEN_INTEREST, m, 1e6);
    book.setIndex(abi.MARKET_ROUNDING, m, 1);
    const n = book.market(0, 0, 100);
    flatTable(n, 0.25);
    book.set(abi.MARKET_OPEN_INTEREST, n, 20);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, n, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, n, 3000);
    book.ready();
    ppm(m, 250000, 250000, 250000, 0);
    ppm(n, 0, 0, 0, 0);
  });
});

describe('a window', () => {
  it("serves a side whose table is the market's, of one notional at all levels", () => {
    book.newBook();
    const a = book.asset(1);
    const two: f64[] = [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.25];
    const m = book.market(0, a, 100);
    book.table(m, two);
    const w = book.market(0, a, 100);
    book.wholeTable(w, two);
    const own = book.market(0, a, 100);
    book.table(own, two);
    book.shortTable(own, two);
    book.ready();
    expect<i32>(book.flagsOf(m)).toBe(ORDINARY);
    expect<i32>(book.flagsOf(m, true)).toBe(ORDINARY);
    expect<i32>(book.flagsOf(w)).toBe(ORDINARY | abi.FLAG_WHOLE | (0b111 << abi.FLAG_FORM_SHIFT));
    expect<i32>(book.flagsOf(own) & abi.FLAG_WINDOW).toBe(abi.FLAG_WINDOW);
    expect<i32>(book.flagsOf(own, true) & abi.FLAG_WINDOW).toBe(0);
  });
  it('serves no empty table, unlaid window, guard of some levels, unit of some levels, or entry', () => {
    book.newBook();
    const a = book.asset(2);
    const two: f64[] = [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.25];
    book.market(0, a, 100);
    for (let m = 1; m < 7; m++) book.table(book.market(0, a, 100), two);
    book.walk(1);
    book.set(abi.MARKET_TWAP, 2, 90);
    book.setIndex(abi.MARKET_GUARD, 2, 0b010);
    book.set(abi.MARKET_TWAP, 3, 90);
    book.setIndex(abi.MARKET_GUARD, 3, 0b100);
    book.setIndex(abi.MARKET_UNIT, 4, 0b000010);
    book.setIndex(abi.MARKET_BASIS, 5, 0b101010);
    book.setIndex(abi.MARKET_BASIS, 6, 0b100000);
    book.ready();
    for (let m: u32 = 0; m < 7; m++) expect<i32>(book.flagsOf(m) & abi.FLAG_WINDOW).toBe(0);
  });
});

describe('an ordinary market', () => {
  it('pools its profits and is not spot, in whole units, without a window or under a power curve', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 7; m++) flatTable(book.market(0, a, 100), 0.5);
    book.setIndex(abi.MARKET_CURVE_KIND, 0, abi.CURVE_SQRT);
    book.setIndex(abi.MARKET_CURVE_KIND, 1, abi.CURVE_POWER);
    book.setIndex(abi.MARKET_PNL_MODE, 2, abi.PNL_SEPARATE);
    book.setIndex(abi.MARKET_PNL_MODE, 3, abi.PNL_NET);
    book.setIndex(abi.MARKET_ROUNDING, 4, 1);
    book.setIndex(abi.MARKET_BASIS, 5, 0b101010);
    book.spotMarket(book.asset(2), a, false);
    book.ready();
    const expected: bool[] = [true, false, false, false, false, false, true, false];
    for (let m = 0; m < 8; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_ORDINARY) != 0).toBe(expected[m]);
  });
});

describe('profit at maintenance and liquidation end', () => {
  it('counts in full without weight, cap and guard there, whatever holds at the initial level', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 7; m++) flatTable(book.market(0, a, 100), 0.5);
    book.setLevels(abi.MARKET_PNL_WEIGHT, 0, 0.5, 1, 1);
    book.setLevels(abi.MARKET_PNL_CAP, 0, 10, abi.NO_LIMIT, abi.NO_LIMIT);
    book.set(abi.MARKET_TWAP, 1, 90);
    book.setIndex(abi.MARKET_GUARD, 1, 0b001);
    book.setLevels(abi.MARKET_PNL_WEIGHT, 2, 1, 0.5, 1);
    book.setLevels(abi.MARKET_PNL_WEIGHT, 3, 1, 1, 0.5);
    book.setLevels(abi.MARKET_PNL_CAP, 4, abi.NO_LIMIT, 10, abi.NO_LIMIT);
    book.setLevels(abi.MARKET_PNL_CAP, 5, abi.NO_LIMIT, abi.NO_LIMIT, 10);
    book.set(abi.MARKET_TWAP, 6, 90);
    book.setIndex(abi.MARKET_GUARD, 6, 0b100);
    book.ready();
    for (let m = 0; m < 7; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_FULL_PROFIT) != 0).toBe(m < 2);
  });
});

describe('a market is sided', () => {
  it('where shorts have another value, guarded price or table', () => {
    book.newBook();
    const a = book.asset(1);
    flatTable(book.market(0, a, 100), 0.5);
    flatTable(book.market(abi.KIND_INVERSE, a, 50), 0.5);
    flatTable(book.market(abi.KIND_PREDICTION, a, 0.25), 0.5);
    flatTable(book.market(0, a, 100), 0.5);
    book.set(abi.MARKET_STABLE, 3, 120);
    book.setIndex(abi.MARKET_GUARD, 3, 0b100);
    flatTable(book.market(0, a, 100), 0.5);
    book.shortTable(4, [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    // At 1/2 longs and shorts of a prediction can lose the same.
    flatTable(book.market(abi.KIND_PREDICTION, a, 0.5), 0.5);
    book.setIndex(abi.MARKET_SIDED, 0, 7);
    book.ready();
    const expected: u32[] = [0, 0, 1, 1, 1, 0];
    for (let m: u32 = 0; m < 6; m++) expect<u32>(book.index(abi.MARKET_SIDED, m)).toBe(expected[m]);
  });
});

describe('liquidation end is maintenance', () => {
  it('where every input is', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.table(m, [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.25]);
    book.ready();
    expect<i32>(book.flagsOf(m) & abi.FLAG_SAME_END).toBe(abi.FLAG_SAME_END);
  });
  it('not where a rate, form, basis, unit, guard, fee or curve differs', () => {
    book.newBook();
    const a = book.asset(2);
    const guarded = book.asset(2);
    book.set(abi.ASSET_TWAP, guarded, 3);
    book.setIndex(abi.ASSET_GUARD, guarded, 0b010);
    book.table(book.market(0, a, 100), [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.5]);
    book.setIndex(abi.MARKET_FORM, book.market(0, a, 100), 0b011);
    book.table(1, [1000, 0.5, 0.25, 0.25, abi.NO_LIMIT, 1, 0.5, 0.5]);
    book.setIndex(abi.MARKET_BASIS, book.market(0, a, 100), 0b000100);
    book.setIndex(abi.MARKET_BASIS, book.market(0, a, 100), 0b001000);
    book.setIndex(abi.MARKET_UNIT, book.market(0, a, 100), 0b001000);
    book.set(abi.MARKET_TWAP, book.market(0, a, 100), 90);
    book.setIndex(abi.MARKET_GUARD, 5, 0b010);
    book.setLevels(abi.MARKET_CLOSING_FEE, book.market(0, a, 100), 0, 0, 0.5);
    book.setLevels(abi.MARKET_CURVE_FACTOR, book.market(0, a, 100), 0, 0.5, 0);
    book.market(0, guarded, 100);
    book.ready();
    for (let m: u32 = 0; m < 9; m++) expect<i32>(book.flagsOf(m) & abi.FLAG_SAME_END).toBe(0);
  });
});

describe('the plain row', () => {
  it('is the long side: profit, value, and the first line per contract', () => {
    // 100 / 50 = 2 coins at 60: (1/2, 1/4) of 120.
    book.newBook();
    const m = book.market(abi.KIND_INVERSE, book.asset(60), 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.setIndex(abi.MARKET_UNIT, m, 0b000100);
    book.table(m, [1000, 0.5, 0.25, 0.25, abi.NO_LIMIT, 1, 1, 1]);
    book.ready();
    expect<f64>(book.ofPlain(m, abi.PLAIN_PNL)).toBe(-2);
    expect<f64>(book.ofPlain(m, abi.PLAIN_VALUE)).toBe(120);
    expect<f64>(book.ofPlain(m, abi.PLAIN_NOTIONAL)).toBe(2);
    expect<f64>(book.ofPlain(m, abi.PLAIN_RATE, 0)).toBe(60);
    expect<f64>(book.ofPlain(m, abi.PLAIN_RATE, 1)).toBe(30);
  });
  it('has rate 0 without a table', () => {
    book.newBook();
    const a = book.asset(1);
    flatTable(book.market(0, a, 100), 0.5);
    book.market(0, a, 100);
    book.ready();
    expect<f64>(book.ofPlain(0, abi.PLAIN_RATE, 0)).toBe(50);
    expect<f64>(book.ofPlain(1, abi.PLAIN_RATE, 0)).toBe(0);
    expect<f64>(book.ofPlain(1, abi.PLAIN_RATE, 1)).toBe(0);
  });
});
