// The position rows of one balance: runs of ordinary rows, rows by themselves, and the order of every sum.
// Unless an example says otherwise a contract is one unit at 100, settled at 1, required at 1/4, 1/8 and 1/16.
import * as abi from '../abi';
import { guardedValue } from '../margin/collateral';
import * as position from '../margin/position';
import * as rows from '../margin/rows';
import { shortOf, sideOf } from '../margin/side';
import * as at from '../margin/state';
import { f64At, u32At } from '../memory';
import * as book from './book';
import { differ, vectors } from './checks';
import { FEATURES, random, randomMarket } from './random';

/** Folds all rows of the book as those of a balance of asset 0 that holds `amount`, in a unit of its own. */
function fold(amount: f64, floor: f64 = 0): void {
  book.ready();
  rows.startUnit();
  rows.foldRows(0, book.count(abi.COUNT_POSITION), amount, at.assetValue, floor);
}

/** What the balance holds with its profits. */
function holds(initial: f64, maintenance: f64, end: f64, plain: f64): void {
  vectors(rows.totalA, rows.totalB, initial, maintenance, end, plain);
}

function holdsAlways(value: f64): void {
  holds(value, value, value, value);
}

function requires(initial: f64, maintenance: f64, end: f64, size: f64): void {
  vectors(rows.needA, rows.needB, initial, maintenance, end, 0);
  expect<f64>(rows.size).toBe(size, 'size');
}

function counts(initial: f64, maintenance: f64, end: f64, plain: f64): void {
  vectors(rows.worthA, rows.worthB, initial, maintenance, end, plain);
}

function start(): void {
  book.newBook();
  book.asset(1);
  book.unit();
  book.balance(0, 0);
}

function linear(): u32 {
  const m = book.market(0, 0, 100);
  book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
  return m;
}

/** A contract of 1, required in full at the initial level, not at all at the others. */
function units(): u32 {
  const m = book.market(0, 0, 1);
  book.table(m, [abi.NO_LIMIT, 1, 0, 0]);
  return m;
}

/** From here on every second whole number is a double: one added to it alone is lost. */
const LARGE: f64 = 9007199254740992;

describe('a run of ordinary rows', () => {
  it('adds profits to what is held, requirements and sizes to those of the unit', () => {
    // 500, long 2 from 90 gains 20, short 1 from 90 loses 10, 4 at 10 from 9 gain 4. Sizes 200 + 100 + 40.
    start();
    const m = linear();
    const n = linear();
    const o = linear();
    book.set(abi.MARKET_MARK, o, 10);
    book.position(m, 2, 180);
    book.position(n, -1, -90);
    book.position(o, 4, 36);
    fold(500);
    holdsAlways(514);
    requires(85, 42.5, 21.25, 340);
    counts(0, 0, 0, 0);
    expect<bool>(rows.spot).toBe(false);
  });
  it('of no rows leaves what is held', () => {
    start();
    fold(500);
    holdsAlways(500);
    requires(0, 0, 0, 0);
  });
  it('is of the rows that it is given', () => {
    start();
    const m = linear();
    for (let i = 1; i < 5; i++) book.position(m, i, 0);
    book.ready();
    rows.startUnit();
    // 2 and 3 contracts, gained in full.
    rows.foldRows(1, 3, 7, at.assetValue, 0);
    holdsAlways(507);
    requires(125, 62.5, 31.25, 500);
  });
  it('takes the unit values of its side', () => {
    // Predictions of 8 at 1/4: a long is worth 2, a short 6. Profits 2 - 4 and -2 + 4.
    start();
    const m = book.market(abi.KIND_PREDICTION, 0, 0.25);
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.position(m, -8, -4);
    fold(10);
    holdsAlways(12);
    requires(1.5, 0.75, 0.375, 6);
    book.position(m, 8, 4);
    fold(10);
    holdsAlways(10);
    requires(2, 1, 0.5, 8);
  });
  it('is broken by a short with a table of its own, and goes on behind it', () => {
    // Longs 100 at (1/4, 1/8, 1/16), the short 100 at (1/2, 3/8, 1/4). Profits 1 + 2 + 4.
    start();
    const m = linear();
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.375, 0.25]);
    book.position(m, 1, 99);
    book.position(m, -1, -102);
    book.position(m, 1, 96);
    fold(0);
    holdsAlways(7);
    requires(100, 62.5, 37.5, 300);
    expect<i32>(book.flagsOf(m) & abi.FLAG_ORDINARY).toBe(abi.FLAG_ORDINARY);
    expect<i32>(book.flagsOf(m, true) & abi.FLAG_ORDINARY).toBe(0);
  });
  it('prices longs low and shorts high where a guard says so, equity at the mark', () => {
    // At 90 and 120: long 2 from 100 loses 20, short 1 from 100 loses 20. Required 180 and 120 of it at every level.
    start();
    const m = linear();
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b111);
    book.position(m, 2, 200);
    book.position(m, -1, -100);
    fold(100);
    holds(60, 60, 60, 100);
    requires(75, 37.5, 18.75, 300);
  });
  it('ends at rates of its own or as maintenance, row by row', () => {
    // 100 at 1/16, then at 1/8 because its market says nothing else, then at 1/2.
    start();
    const m = linear();
    const n = book.market(0, 0, 100);
    book.table(n, [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
    const o = book.market(0, 0, 100);
    book.table(o, [abi.NO_LIMIT, 0.25, 0.125, 0.5]);
    book.position(m, 1, 100);
    book.position(n, 1, 100);
    book.position(o, 1, 100);
    fold(0);
    requires(75, 37.5, 6.25 + 12.5 + 50, 300);
  });
  it('weighs gains by level, losses not', () => {
    // 80 gained: initially 20, elsewhere in full. Then 80 at (1/4, 1/2, 3/4): 20, 40, 60. A loss of 5.
    start();
    const m = linear();
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.25, 1, 1);
    const n = linear();
    book.setLevels(abi.MARKET_PNL_WEIGHT, n, 0.25, 0.5, 0.75);
    book.position(m, 2, 120);
    fold(0);
    holds(20, 80, 80, 80);
    book.position(n, 2, 120);
    book.position(n, 1, 105);
    fold(0);
    holds(35, 115, 135, 155);
  });
  it('caps gains and lets their weight fall as they grow', () => {
    // 80 under a cap of 30. 64 with a curve of 1/8: 1.1 / (1 + 1/8 * 8) of 64 = 35.2 initially.
    start();
    const m = linear();
    book.setLevels(abi.MARKET_PNL_CAP, m, abi.NO_LIMIT, 30, abi.NO_LIMIT);
    const n = linear();
    book.set(abi.MARKET_PNL_CURVE, n, 0.125);
    book.position(m, 2, 120);
    fold(0);
    holds(80, 30, 80, 80);
    book.position(n, 2, 136);
    fold(0);
    holds(115.2, 94, 144, 144);
  });
  it('pays funding since the last settlement', () => {
    // 3 a contract: 2 long pay 6, 1 short receives 3; where 7 have been paid there is nothing left.
    start();
    const m = linear();
    book.set(abi.MARKET_FUNDING_INDEX, m, 7);
    book.set(abi.POSITION_FUNDING, book.position(m, 2, 200), 4);
    book.set(abi.POSITION_FUNDING, book.position(m, -1, -100), 4);
    book.set(abi.POSITION_FUNDING, book.position(m, 1, 100), 7);
    fold(0);
    holdsAlways(-3);
  });
  it("requires the row's own rate or the account's, whichever is higher", () => {
    // 200 at 1/2 and 100 at 3/4; with a floor of 5/8 125 and 75.
    start();
    const m = linear();
    book.set(abi.POSITION_OWN_RATE, book.position(m, 2, 200), 0.5);
    book.set(abi.POSITION_OWN_RATE, book.position(m, 1, 100), 0.75);
    fold(0);
    requires(175, 37.5, 18.75, 300);
    fold(0, 0.625);
    requires(200, 37.5, 18.75, 300);
  });
  it('reads tables and square-root curves', () => {
    // 4 are 400: 100 / 4 + 300 / 2 = 175, half and a quarter of it. Then 100 / 2 + 1/8 * sqrt(4) * 400 = 150 at the initial
    // level and 50, the table, at maintenance; at the end 25 / 2 + 1/16 * 2 * 400 = 62.5.
    start();
    const m = book.market(0, 0, 100);
    book.table(m, [100, 0.25, 0.125, 0.0625, abi.NO_LIMIT, 0.5, 0.25, 0.125]);
    const n = linear();
    book.setIndex(abi.MARKET_CURVE_KIND, n, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, n, 0.5);
    book.setLevels(abi.MARKET_CURVE_FACTOR, n, 0.125, 0, 0.0625);
    book.position(m, 4, 400);
    book.position(n, -4, -400);
    fold(0);
    requires(175 + 150, 87.5 + 50, 43.75 + 62.5, 800);
  });
});

describe('a row with orders', () => {
  it('requires the worse of all bids and all asks, and its size is what is held', () => {
    // Long 2 from 90. Bid 3: 5, 500. Ask 8: 6 short, 600. Asks 9.5: 7.5 short.
    start();
    const p = book.position(linear(), 2, 180);
    book.orders(p, 3, 100, 1, 100);
    fold(500);
    holdsAlways(520);
    requires(125, 62.5, 31.25, 200);
    book.orders(p, 3, 100, 8, 100);
    fold(500);
    requires(150, 75, 37.5, 200);
    book.orders(p, 0, 0, 9.5, 100);
    fold(500);
    requires(187.5, 93.75, 46.875, 200);
    // Short 2: bids of 5 leave 3 long, asks of 2 leave 4 short.
    book.set(abi.POSITION_SIZE, p, -2);
    book.orders(p, 5, 100, 2, 100);
    fold(500);
    requires(100, 50, 25, 200);
  });
  it('ends as maintenance where every input is the same', () => {
    start();
    const m = book.market(0, 0, 100);
    book.flatTable(m, 0.125);
    book.orders(book.position(m, 2, 200), 3, 100, 0, 0);
    fold(0);
    requires(62.5, 62.5, 62.5, 200);
  });
  it('weighs its profit as a run does', () => {
    // 80 at (1/4, 1/2, 3/4); 80 at 1/4 initially.
    start();
    const m = linear();
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.25, 0.5, 0.75);
    book.orders(book.position(m, 2, 120), 1, 100, 0, 0);
    fold(0);
    holds(20, 40, 60, 80);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.25, 1, 1);
    fold(0);
    holds(20, 80, 80, 80);
  });
  it('pays funding, and has the higher of the rate floors', () => {
    // 3 a contract since 4. Bid 2: 400 at 1/2, or at 3/4.
    start();
    const m = linear();
    book.set(abi.MARKET_FUNDING_INDEX, m, 7);
    const p = book.position(m, 2, 200);
    book.set(abi.POSITION_FUNDING, p, 4);
    book.set(abi.POSITION_OWN_RATE, p, 0.5);
    book.orders(p, 2, 100, 0, 0);
    fold(0);
    holdsAlways(-6);
    requires(200, 50, 25, 200);
    fold(0, 0.75);
    requires(300, 50, 25, 200);
    // Ask 6: 4 short.
    book.orders(p, 0, 0, 6, 100);
    fold(0, 0.75);
    requires(300, 50, 25, 200);
  });
  it('requires a margin for each of them, at every level, not in equity', () => {
    // Two orders of 3.
    start();
    const m = linear();
    book.set(abi.MARKET_ORDER_MARGIN, m, 3);
    book.orders(book.position(m, 2, 200), 1, 100, 1, 100);
    fold(0);
    requires(75 + 6, 37.5 + 6, 18.75 + 6, 200);
  });
  it('in a sided market takes the side that each fill leads to', () => {
    // Long 1: sold 3 are 2 short at (1/2, 3/8, 1/4). Short 3: 5 bought are 2 long at (1/4, 1/8, 1/16), 3 short are worse.
    start();
    const m = linear();
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.375, 0.25]);
    book.orders(book.position(m, 1, 100), 0, 0, 3, 100);
    fold(0);
    requires(100, 75, 50, 100);
    book.orders(book.position(m, -3, -300), 5, 100, 0, 0);
    fold(0);
    requires(100 + 150, 75 + 112.5, 50 + 75, 400);
  });
  it('adds what a fill loses, where its market says so', () => {
    // 3 bought at 110 lose 30. Two orders of 1.
    start();
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.set(abi.MARKET_ORDER_MARGIN, m, 1);
    book.orders(book.position(m, 0, 0), 3, 110, 1, 100);
    fold(0);
    requires(105 + 2, 67.5 + 2, 48.75 + 2, 0);
  });
});

/** Folds 100, a long of 1 that gained 10, what `m` adds as one long from 80, and a short of 1 that lost 10. */
function between(m: u32, orders: bool): void {
  const n = linear();
  book.position(n, 1, 90);
  const p = book.position(m, 1, 80);
  if (orders) book.orders(p, 1, 100, 0, 0);
  book.position(n, -1, -90);
  fold(100);
}

describe('a run goes on behind', () => {
  it('a row with orders', () => {
    // 20 gained, 2 contracts required.
    start();
    between(linear(), true);
    holdsAlways(120);
    requires(100, 50, 25, 300);
  });
  it('a row whose profit is weighed by itself', () => {
    // 20 gained, 20 counted; the settle asset at 1/2 to 2 makes that 10 and the requirement 200 at the initial level.
    start();
    const m = linear();
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_SEPARATE);
    book.set(abi.ASSET_TWAP, 0, 0.5);
    book.set(abi.ASSET_STABLE, 0, 2);
    book.setIndex(abi.ASSET_GUARD, 0, 0b001);
    between(m, false);
    holdsAlways(100);
    counts(10, 20, 20, 20);
    requires(150, 37.5, 18.75, 300);
    // A loss of 20 is 40 there, and 20 at the other levels: 10 - 40, 20 - 20.
    book.position(m, 1, 120);
    fold(100);
    holdsAlways(100);
    counts(-30, 0, 0, 0);
  });
  it('a row whose requirement leaves its profit', () => {
    // 20 - (25, 12.5, 6.25), nothing required.
    start();
    const m = linear();
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_NET);
    between(m, false);
    holds(95, 107.5, 113.75, 120);
    requires(50, 25, 12.5, 300);
  });
  it('a row in whole units', () => {
    // 99.5 is 100: 20 gained; at 0.251 and 0.121 25.1 and 12.1, up 26 and 13. Liquidation end has the maintenance rate.
    start();
    const m = book.market(0, 0, 99.5);
    book.setIndex(abi.MARKET_ROUNDING, m, 5);
    book.table(m, [abi.NO_LIMIT, 0.251, 0.121, 0.121]);
    between(m, false);
    holdsAlways(120);
    requires(50 + 26, 25 + 13, 12.5 + 13, 299.5);
  });
  it('a row by entry', () => {
    // 80 / 4; the mark elsewhere.
    start();
    const m = linear();
    book.setIndex(abi.MARKET_BASIS, m, 0b000010);
    between(m, false);
    holdsAlways(120);
    requires(70, 37.5, 18.75, 300);
  });
  it('a row under a power curve', () => {
    // A contract of 1 to the power of 3/4 is 1: 100 / 2. Profits 20 as ever.
    start();
    const m = linear();
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_POWER);
    book.set(abi.MARKET_CURVE_EXPONENT, m, 0.75);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.5, 0, 0);
    between(m, false);
    holdsAlways(120);
    requires(100, 37.5, 18.75, 300);
  });
  it('a row of a spot market, which adds the margin of its orders alone', () => {
    for (let reserve = 0; reserve < 2; reserve++) {
      start();
      const m = book.spotMarket(0, book.asset(1), reserve == 1);
      book.set(abi.MARKET_ORDER_MARGIN, m, 3);
      between(m, true);
      holdsAlways(100);
      requires(53, 28, 15.5, 200);
      expect<bool>(rows.spot).toBe(true);
    }
  });
  it('any of them at the start and at the end of the rows', () => {
    // Orders, separate, ordinary, separate, orders: 20 + 0 + 20 on the balance, 40 counted; 2 + 1 + 1 + 1 + 2 contracts.
    start();
    const m = linear();
    const n = linear();
    book.setIndex(abi.MARKET_PNL_MODE, n, abi.PNL_SEPARATE);
    book.orders(book.position(m, 1, 80), 1, 100, 0, 0);
    book.position(n, 1, 80);
    book.position(m, 1, 100);
    book.position(n, 1, 80);
    book.orders(book.position(m, 1, 80), 0, 0, 3, 100);
    fold(0);
    holdsAlways(40);
    counts(40, 40, 40, 40);
    requires(175, 87.5, 43.75, 500);
  });
});

describe('balances of a unit', () => {
  it('start with what they hold, and go on with the sums of the unit', () => {
    start();
    const m = linear();
    const n = linear();
    const s = book.spotMarket(0, book.asset(1), false);
    book.setIndex(abi.MARKET_PNL_MODE, n, abi.PNL_SEPARATE);
    book.position(m, 1, 90);
    book.position(n, 1, 95);
    book.orders(book.position(s, 0, 0), 1, 100, 0, 0);
    book.position(m, 2, 180);
    book.ready();
    rows.startUnit();
    rows.foldRows(0, 3, 100, at.assetValue, 0);
    holdsAlways(110);
    expect<bool>(rows.spot).toBe(true);
    rows.addWorth(f64x2.splat(110), f64x2.splat(120));
    rows.addNeed(f64x2.splat(7), f64x2.replace_lane(f64x2.splat(0), 0, 5));
    rows.foldRows(3, 4, -30, at.assetValue, 0);
    // -30 + 20; 5 of the separate profit and what was added; 4 contracts.
    holdsAlways(-10);
    counts(115, 115, 125, 125);
    requires(100 + 7, 50 + 7, 25 + 5, 400);
    expect<bool>(rows.spot).toBe(false);
  });
  it('leave nothing to the next unit', () => {
    start();
    const m = linear();
    const n = linear();
    book.setIndex(abi.MARKET_PNL_MODE, n, abi.PNL_SEPARATE);
    book.position(n, 1, 95);
    book.position(m, 1, 90);
    fold(100);
    counts(5, 5, 5, 5);
    requires(50, 25, 12.5, 200);
    rows.startUnit();
    counts(0, 0, 0, 0);
    requires(0, 0, 0, 0);
    rows.foldRows(1, 2, 1, at.assetValue, 0);
    holdsAlways(11);
    counts(0, 0, 0, 0);
    requires(25, 12.5, 6.25, 100);
  });
});

describe('sums follow the rows', () => {
  it('profits behind the balance: 2^53 + 1 - 2^53 = 0, and 2^53 - 2^53 + 1 = 1', () => {
    // Rows of size 0 keep what their cost left.
    start();
    const m = linear();
    const p = book.position(m, 0, -1);
    const q = book.position(m, 0, LARGE);
    fold(LARGE);
    holdsAlways(0);
    book.set(abi.POSITION_COST, p, LARGE);
    book.set(abi.POSITION_COST, q, -1);
    fold(LARGE);
    holdsAlways(1);
  });
  it('requirements and sizes: 2^53 + 1 + 1 = 2^53, and 1 + 1 + 2^53 = 2^53 + 2', () => {
    start();
    const m = units();
    const p = book.position(m, LARGE, LARGE);
    book.position(m, 1, 1);
    const q = book.position(m, 1, 1);
    fold(0);
    requires(LARGE, 0, 0, LARGE);
    book.set(abi.POSITION_SIZE, p, 1);
    book.set(abi.POSITION_SIZE, q, LARGE);
    fold(0);
    requires(LARGE + 2, 0, 0, LARGE + 2);
  });
  it('a run goes on with the sums before it, it does not add one of its own', () => {
    // 2^53 by entry, then a run of two: 2^53 + 1 + 1, not 2^53 + 2. The balance takes the ones of profit alike.
    start();
    const m = units();
    book.setIndex(abi.MARKET_BASIS, m, 0b000010);
    const n = units();
    book.position(m, LARGE, LARGE);
    book.position(n, 1, 0);
    book.position(n, 1, 0);
    fold(LARGE);
    holdsAlways(LARGE);
    requires(LARGE, 0, 0, LARGE);
  });
  it('a row by itself goes on with the sums of the run before it', () => {
    // 1 + 1 of the run, then 2^53 with asks that would leave nothing of it: 2^53 + 2.
    start();
    const m = units();
    book.position(m, 1, 0);
    book.position(m, 1, 0);
    book.orders(book.position(m, LARGE, 0), 0, 0, LARGE, 1);
    fold(0);
    holdsAlways(LARGE + 2);
    requires(LARGE + 2, 0, 0, LARGE + 2);
  });
  it('the margin of orders comes before the requirement of their row', () => {
    // (1 + 1) + 2^53 = 2^53 + 2; the other way round each 1 would be lost. A row with order loss alike.
    for (let loss = 0; loss < 2; loss++) {
      start();
      const m = units();
      book.position(m, 1, 0);
      const n = units();
      book.set(abi.MARKET_ORDER_MARGIN, n, 1);
      book.setIndex(abi.MARKET_ORDER_LOSS, n, loss);
      book.orders(book.position(n, LARGE, LARGE), 0, 0, 1, 1);
      fold(0);
      requires(LARGE + 2, 1, 1, LARGE);
    }
  });
});

let totalA: v128 = i64x2.splat(0);
let totalB: v128 = i64x2.splat(0);
let worthA: v128 = i64x2.splat(0);
let worthB: v128 = i64x2.splat(0);
let needA: v128 = i64x2.splat(0);
let needB: v128 = i64x2.splat(0);
let size: f64 = 0;

/** Adds row `p` by what positionOf says of it. */
function addRow(p: u32, floor: f64): void {
  const market = u32At(at.positionKey, p) >>> 2;
  const held = f64At(at.positionSize, p);
  const short = shortOf(market, held);
  const side = sideOf(market, short);
  const flags = load<i32>(side, abi.SIDE_FLAGS);
  const order = u32At(at.positionOrder, p);
  const margins = order == 0 ? 0 : book.get(abi.MARKET_ORDER_MARGIN, market) * book.index(abi.ORDER_COUNT, order - 1);
  needA = f64x2.add(needA, f64x2.splat(margins));
  needB = f64x2.add(needB, f64x2.replace_lane(f64x2.splat(0), 0, margins));
  if (flags & (abi.FLAG_SPOT_FILL | abi.FLAG_SPOT_RESERVE)) return;
  position.positionOf(p, market, short, side, flags, held, floor, at.assetValue);
  if (flags & abi.FLAG_SEPARATE) {
    worthA = f64x2.add(worthA, guardedValue(at.assetValue, 0, position.pnlA));
    worthB = f64x2.add(worthB, guardedValue(at.assetValue, 16, position.pnlB));
  } else {
    totalA = f64x2.add(totalA, position.pnlA);
    totalB = f64x2.add(totalB, position.pnlB);
  }
  needA = f64x2.add(needA, position.marginA);
  needB = f64x2.add(needB, position.marginB);
  size += position.notional;
}

/** One market of each feature, one of each kind that leaves the runs, and a spot market of each kind. */
function markets(): void {
  book.newBook(64);
  book.asset(0.5 + random());
  book.set(abi.ASSET_TWAP, 0, 0.5 + random());
  book.setIndex(abi.ASSET_GUARD, 0, 0b101);
  for (let feature = 0; feature < FEATURES; feature++) randomMarket(feature);
  book.setIndex(abi.MARKET_PNL_MODE, randomMarket(0), abi.PNL_SEPARATE);
  book.setIndex(abi.MARKET_PNL_MODE, randomMarket(2), abi.PNL_NET);
  book.setIndex(abi.MARKET_ROUNDING, randomMarket(0), 5);
  book.setIndex(abi.MARKET_ORDER_LOSS, randomMarket(0), 1);
  const quote = book.asset(1);
  book.spotMarket(0, quote, false);
  book.spotMarket(0, quote, true);
  for (let m: u32 = 0; m < book.count(abi.COUNT_MARKET); m++) {
    if (random() < 0.5) book.set(abi.MARKET_ORDER_MARGIN, m, random());
  }
  book.unit();
  book.balance(0, 0);
}

describe('the sums of a fold', () => {
  it('are those of its rows one by one, to the bit', () => {
    for (let i = 0; i < 60; i++) {
      markets();
      const most = book.count(abi.COUNT_MARKET);
      for (let p = 0; p < 48; p++) {
        const held = random() < 0.1 ? 0 : (random() - 0.5) * 100;
        const row = book.position(<u32>(random() * most), held, held * random());
        if (random() < 0.2) book.set(abi.POSITION_OWN_RATE, row, random() / 9);
        if (random() < 0.2) book.set(abi.POSITION_FUNDING, row, random());
        if (random() < 0.2) book.orders(row, random() * 100, random(), random() * 100, random());
      }
      const floor = i % 3 == 0 ? random() / 9 : 0;
      const amount = (random() - 0.5) * 1000;
      fold(amount, floor);
      totalA = f64x2.splat(amount);
      totalB = totalA;
      worthA = f64x2.splat(0);
      worthB = worthA;
      needA = worthA;
      needB = worthA;
      size = 0;
      for (let p: u32 = 0; p < 48; p++) addRow(p, floor);
      const name = 'book ' + i.toString();
      expect<bool>(differ(rows.totalA, totalA) || differ(rows.totalB, totalB)).toBe(false, 'totals, ' + name);
      expect<bool>(differ(rows.worthA, worthA) || differ(rows.worthB, worthB)).toBe(false, 'worth, ' + name);
      expect<bool>(differ(rows.needA, needA) || differ(rows.needB, needB)).toBe(false, 'requirement, ' + name);
      expect<f64>(rows.size).toBe(size, 'size, ' + name);
    }
  });
});
