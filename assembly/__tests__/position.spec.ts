// One position row: profit, and the requirement with its open orders (the formula itself: requirement.spec.ts), by level. Lanes: initial, maintenance, liquidation end, equity.
// Unless an example says otherwise a contract is one unit at 100, settled at 1, required at 1/4, 1/8 and 1/8.
import * as abi from '../abi';
import { marginA, marginB, notional, pnlA, pnlB, positionOf } from '../margin/position';
import { shortOf, sideOf } from '../margin/side';
import * as at from '../margin/state';
import * as book from './book';
import { vectors } from './checks';

/** Settles the book and computes position row `p` on an account whose own least rate is `floor`. */
function compute(p: u32, floor: f64 = 0): void {
  book.ready();
  const market = book.index(abi.POSITION_KEY, p) >>> 2;
  const size = book.get(abi.POSITION_SIZE, p);
  const short = shortOf(market, size);
  const side = sideOf(market, short);
  const flags = load<i32>(side, abi.SIDE_FLAGS);
  const settle = at.assetValue + <usize>book.index(abi.MARKET_SETTLE, market) * abi.ASSET_ROW;
  positionOf(p, market, short, side, flags, size, floor, settle);
}

function pnl(initial: f64, maintenance: f64, end: f64, plain: f64): void {
  vectors(pnlA, pnlB, initial, maintenance, end, plain);
}

function samePnl(value: f64): void {
  pnl(value, value, value, value);
}

function requires(initial: f64, maintenance: f64, end: f64): void {
  vectors(marginA, marginB, initial, maintenance, end, 0);
}

/** Market 0 with a table of one line, a unit with an empty balance. */
function contract(kind: u32, mark: f64, multiplier: f64, settlePrice: f64): u32 {
  book.newBook();
  const m = book.market(kind, book.asset(settlePrice), mark);
  book.set(abi.MARKET_MULTIPLIER, m, multiplier);
  book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
  book.unit();
  book.balance(0, 0);
  return m;
}

function linear(): u32 {
  return contract(0, 100, 1, 1);
}

describe('a linear position', () => {
  it('long 2 from 90 gains 20', () => {
    compute(book.position(linear(), 2, 180));
    samePnl(20);
    requires(50, 25, 25);
    expect<f64>(notional).toBe(200);
  });
  it('short 2 from 90 loses 20', () => {
    compute(book.position(linear(), -2, -180));
    samePnl(-20);
    requires(50, 25, 25);
    expect<f64>(notional).toBe(200);
  });
  it('of multiplier 1/2 that settles at 3 keeps its profit in settle units', () => {
    // 4 * 1/2 * 100 = 200 settle units, 600 in the numeraire
    compute(book.position(contract(0, 100, 0.5, 3), 4, 180));
    samePnl(20);
    requires(150, 75, 75);
    expect<f64>(notional).toBe(600);
  });
  it('of a fraction of a contract is on its own side, of any market', () => {
    // 50 at (1/4, 1/8, 1/16) long, at (1/2, 3/8, 1/4) short.
    const first = linear();
    const m = book.market(0, 0, 100);
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.375, 0.25]);
    compute(book.position(m, 0.5, 50));
    requires(12.5, 6.25, 3.125);
    compute(book.position(m, -0.5, -50));
    requires(25, 18.75, 12.5);
    compute(book.position(first, -0.5, -50));
    requires(12.5, 6.25, 6.25);
  });
  it('of size 0 keeps what its cost left', () => {
    compute(book.position(linear(), 0, 7));
    samePnl(-7);
    requires(0, 0, 0);
    expect<f64>(notional).toBe(0);
  });
});

describe('an inverse position', () => {
  it('long 4 contracts of 100 from 40 to 50 gains 10 - 8 = 2 coins', () => {
    compute(book.position(contract(abi.KIND_INVERSE, 50, 100, 50), 4, -10));
    samePnl(2);
    // 8 coins at 50: 400
    requires(100, 50, 50);
    expect<f64>(notional).toBe(400);
  });
  it('short 4 loses them', () => {
    compute(book.position(contract(abi.KIND_INVERSE, 50, 100, 50), -4, 10));
    samePnl(-2);
    requires(100, 50, 50);
    expect<f64>(notional).toBe(400);
  });
});

describe('a quanto position', () => {
  it('long 2 at 1/4 coin a point from 90 gains 5 coins', () => {
    compute(book.position(contract(2, 100, 0.25, 40), 2, 45));
    samePnl(5);
    // 50 coins at 40: 2000
    requires(500, 250, 250);
    expect<f64>(notional).toBe(2000);
  });
  it('short 2 loses them', () => {
    compute(book.position(contract(2, 100, 0.25, 40), -2, -45));
    samePnl(-5);
    requires(500, 250, 250);
  });
});

describe('a prediction', () => {
  it('long 8 from 1/2 to 1/4 loses 2 and is required on 8 * 1/4', () => {
    compute(book.position(contract(abi.KIND_PREDICTION, 0.25, 1, 1), 8, 4));
    samePnl(-2);
    requires(0.5, 0.25, 0.25);
    expect<f64>(notional).toBe(2);
  });
  it('short 8 gains 2 and is required on 8 * 3/4', () => {
    compute(book.position(contract(abi.KIND_PREDICTION, 0.25, 1, 1), -8, -4));
    samePnl(2);
    requires(1.5, 0.75, 0.75);
    expect<f64>(notional).toBe(6);
  });
});

describe('guards', () => {
  it('price a long low and a short high, equity at the mark', () => {
    const m = linear();
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b011);
    compute(book.position(m, 2, 200));
    pnl(-20, -20, 0, 0);
    requires(45, 22.5, 25);
    compute(book.position(m, -2, -200));
    pnl(-40, -40, 0, 0);
    requires(60, 30, 25);
    expect<f64>(notional).toBe(200);
  });
});

describe('funding', () => {
  it('since the last settlement is paid by longs and received by shorts, once per contract', () => {
    const m = linear();
    book.set(abi.MARKET_FUNDING_INDEX, m, 7);
    const long = book.position(m, 2, 200);
    book.set(abi.POSITION_FUNDING, long, 4);
    compute(long);
    samePnl(-6);
    const short = book.position(m, -2, -200);
    book.set(abi.POSITION_FUNDING, short, 4);
    compute(short);
    samePnl(6);
    requires(50, 25, 25);
  });
});

describe('the requirement', () => {
  it('by entry goes by the cost, long or short', () => {
    // Cost 180 while the mark says 200. Initial by entry: 45. Maintenance by the mark: 25. End by entry: 22.5.
    const m = linear();
    book.setIndex(abi.MARKET_BASIS, m, 0b100010);
    compute(book.position(m, 2, 180));
    requires(45, 25, 22.5);
    compute(book.position(m, -2, -180));
    requires(45, 25, 22.5);
    expect<f64>(notional).toBe(200);
  });
  it("has the position's own rate or the account's as floor, whichever is higher", () => {
    const p = book.position(linear(), 2, 200);
    book.set(abi.POSITION_OWN_RATE, p, 0.5);
    compute(p);
    requires(100, 25, 25);
    compute(p, 0.75);
    requires(150, 25, 25);
    compute(p, 0.375);
    requires(100, 25, 25);
    book.set(abi.POSITION_OWN_RATE, p, 0.125);
    compute(p);
    requires(50, 25, 25);
  });
  it('at liquidation end has rates of its own', () => {
    const m = linear();
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    compute(book.position(m, -2, -200));
    requires(50, 25, 12.5);
  });
});

describe('whole units', () => {
  it('round |notional| for profit, then subtract funding and cost', () => {
    // A contract is 2.5: 101 are 252.5, rounded up 253. Funding 101 * 1, cost 250. Settled at 2: 505.
    linear();
    const m = book.market(0, book.asset(2), 2.5);
    book.setIndex(abi.MARKET_ROUNDING, m, 5);
    book.table(m, [abi.NO_LIMIT, 0.05, 0.03, 0.03]);
    book.set(abi.MARKET_FUNDING_INDEX, m, 1);
    book.balance(1, 0);
    compute(book.position(m, 101, 250));
    samePnl(-98);
    // 253 at 0.05 and 0.03: 12.65 and 7.59, up 13 and 8, worth 26 and 16.
    requires(26, 16, 16);
    expect<f64>(notional).toBe(505);
    compute(book.position(m, -101, -250));
    samePnl(98);
    requires(26, 16, 16);
  });
  it('count orders alike', () => {
    // 101 and 99 bid are 200 contracts, 500 whole: 25 and 15.
    linear();
    const m = book.market(0, 0, 2.5);
    book.setIndex(abi.MARKET_ROUNDING, m, 5);
    book.table(m, [abi.NO_LIMIT, 0.05, 0.03, 0.03]);
    const p = book.position(m, 101, 250);
    book.orders(p, 99, 2, 300, 2);
    compute(p);
    // 199 short are 497.5, 498: 24.9 and 14.94, the same 25 and 15.
    requires(25, 15, 15);
    samePnl(3);
  });
});

describe('profit', () => {
  it('is weighted by level, losses are not', () => {
    const m = linear();
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.25, 0.5, 0.75);
    compute(book.position(m, 2, 120));
    pnl(20, 40, 60, 80);
    compute(book.position(m, 2, 199.5));
    pnl(0.125, 0.25, 0.375, 0.5);
    compute(book.position(m, -2, -120));
    samePnl(-80);
  });
  it('is capped after the weight', () => {
    // 80 / 4 = 20 and 80 / 2 = 40 under caps of 30 / 1; settled at 2 the cap is 15.
    const m = linear();
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.25, 0.5, 1);
    book.setLevels(abi.MARKET_PNL_CAP, m, 30, 30, abi.NO_LIMIT);
    const p = book.position(m, 2, 120);
    compute(p);
    pnl(20, 30, 80, 80);
    book.set(abi.ASSET_PRICE, 0, 2);
    compute(p);
    pnl(15, 15, 80, 80);
  });
  it('may lose weight as it grows, at the initial level: 1.1 / (1 + 1/8 * sqrt(64)) = 0.55', () => {
    const m = linear();
    book.set(abi.MARKET_PNL_CURVE, m, 0.125);
    compute(book.position(m, 2, 136));
    pnl(35.2, 64, 64, 64);
    // sqrt(1/4) = 1/2: 1.1 / (1 + 1/16) > 1, the weight stays. With a curve of 4: 1.1 / 3.
    const small = book.position(m, 2, 199.75);
    compute(small);
    samePnl(0.25);
    book.set(abi.MARKET_PNL_CURVE, m, 4);
    compute(small);
    pnl(0.25 * (1.1 / 3), 0.25, 0.25, 0.25);
    book.set(abi.MARKET_PNL_CURVE, m, 0.125);
    compute(book.position(m, 2, 264));
    samePnl(-64);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.5, 1, 1);
    compute(book.position(m, 2, 136));
    pnl(32, 64, 64, 64);
    // The profit of the initial level: 36 under a guard of 86, 1.1 / (1 + 1/8 * 6) of 36; not the 64 of maintenance.
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 1, 1, 1);
    book.set(abi.MARKET_TWAP, m, 86);
    book.setIndex(abi.MARKET_GUARD, m, 0b001);
    compute(book.position(m, 2, 136));
    pnl(36 * (1.1 / 1.75), 64, 64, 64);
  });
  it('net: the requirement is taken from it, in settle units, before the weight', () => {
    // 80 - 50 = 30, 80 - 25 = 55; weights 1/2 of what is left. Settled at 3 nothing changes.
    const m = contract(0, 100, 1, 3);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_NET);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.5, 0.5, 1);
    compute(book.position(m, 2, 120));
    pnl(15, 27.5, 55, 80);
    requires(0, 0, 0);
    // 20 - 50 < 0 is a loss and not weighted.
    compute(book.position(m, 2, 180));
    pnl(-30, -5, -5, 20);
    expect<f64>(notional).toBe(600);
  });
});

describe('open orders', () => {
  it('count at their worse outcome, all bids or all asks', () => {
    // Long 2. Bid 3: 5 contracts. Ask 1: 1 contract. 500 at (1/4, 1/8).
    const m = linear();
    const p = book.position(m, 2, 200);
    book.orders(p, 3, 100, 1, 100);
    compute(p);
    requires(125, 62.5, 62.5);
    samePnl(0);
    expect<f64>(notional).toBe(200);
    // Ask 8: short 6.
    book.orders(p, 3, 100, 8, 100);
    compute(p);
    requires(150, 75, 75);
    // A tie, both 5.
    book.orders(p, 3, 100, 7, 100);
    compute(p);
    requires(125, 62.5, 62.5);
  });
  it('are what remains where they only reduce', () => {
    // Long 2, ask 2: selling leaves nothing, so nothing happening is worse.
    const p = book.position(linear(), 2, 200);
    book.orders(p, 0, 0, 2, 100);
    compute(p);
    requires(50, 25, 25);
  });
  it("take the other side's price and table where they turn the position", () => {
    // Long 1 guarded at 90; sold 3 short 2 at 120 and a rate of 1/2: 120. Maintenance 200 * 3/8, end 200 / 4.
    const m = linear();
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b001);
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.375, 0.25]);
    const p = book.position(m, 1, 100);
    book.orders(p, 0, 0, 3, 100);
    compute(p);
    requires(120, 75, 50);
    pnl(-10, 0, 0, 0);
  });
  it('may bind differently by level', () => {
    // Bids: long 3, 300 at (1/4, 1/8, 1/8). Asks: short 2, 200 at (1/2, 1/16, 1).
    const m = linear();
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.0625, 1]);
    const p = book.position(m, 0, 0);
    book.orders(p, 3, 100, 2, 100);
    compute(p);
    requires(100, 37.5, 200);
  });
  it('keep the average entry, or enter at the mark, where the table goes by entry', () => {
    // Long 2 for 180, bid 2: 4 for 360. Sold 3: short 1 for 90.
    const m = linear();
    book.setIndex(abi.MARKET_BASIS, m, 0b101010);
    const p = book.position(m, 2, 180);
    book.orders(p, 2, 100, 3, 100);
    compute(p);
    requires(90, 45, 45);
    book.orders(p, 0, 0, 7, 100);
    compute(p);
    // Short 5 for 450
    requires(112.5, 56.25, 56.25);
    // Nothing held: bids and asks enter at the mark of 100.
    const flat = book.position(m, 0, 0);
    book.orders(flat, 2, 90, 1, 110);
    compute(flat);
    requires(50, 25, 25);
    book.orders(flat, 1, 90, 3, 110);
    compute(flat);
    requires(75, 37.5, 37.5);
    // Short 2 for 180: bid 6 is long 4 for 360, ask 1 is short 3 for 270.
    const short = book.position(m, -2, -180);
    book.orders(short, 6, 100, 1, 100);
    compute(short);
    requires(90, 45, 45);
    book.orders(short, 1, 100, 3, 100);
    compute(short);
    requires(112.5, 56.25, 56.25);
  });
  it('that enter at the mark take the unguarded one', () => {
    // By entry at liquidation end only, where guards say 90 and 120: 3 sold are 300 nevertheless.
    const m = linear();
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b100);
    book.setIndex(abi.MARKET_BASIS, m, 0b100000);
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    const p = book.position(m, 0, 0);
    book.orders(p, 1, 100, 3, 100);
    compute(p);
    requires(150, 150, 150);
  });
  it('take curve, form and end of the side that they lead to', () => {
    // Whole at maintenance: above 100 at 1/2. Bids: short 3 to short 1, at 1/8. Asks: short 4 and 200.
    // The end is by the long table 1/16, by the short 1/4.
    const m = linear();
    book.setIndex(abi.MARKET_FORM, m, 0b010);
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.shortTable(m, [100, 0.25, 0.125, 0.25, abi.NO_LIMIT, 0.25, 0.5, 0.25]);
    const p = book.position(m, -3, -300);
    book.orders(p, 4, 100, 1, 100);
    compute(p);
    requires(100, 200, 100);
    // Bids: long 6, 600 at (1/4, 1/8, 1/16). Asks: short 1, on the bound, 100 at (1/4, 1/8, 1/4).
    const q = book.position(m, 1, 100);
    book.orders(q, 5, 100, 2, 100);
    compute(q);
    requires(150, 75, 37.5);
  });
  it('read each table in its own form', () => {
    // Longs whole, below 500 at 1/4, shorts of one line at 1/8: bids 400 / 4, asks 100 / 8.
    const m = linear();
    book.setIndex(abi.MARKET_FORM, m, 7);
    book.table(m, [500, 0.25, 0.25, 0.25, abi.NO_LIMIT, 1, 1, 1]);
    book.shortTable(m, [abi.NO_LIMIT, 0.125, 0.125, 0.125]);
    const p = book.position(m, 0, 0);
    book.orders(p, 4, 100, 1, 100);
    compute(p);
    requires(100, 100, 100);
    // The other way round.
    const n = linear();
    book.setIndex(abi.MARKET_FORM, n, 7);
    book.table(n, [abi.NO_LIMIT, 0.125, 0.125, 0.125]);
    book.shortTable(n, [500, 0.25, 0.25, 0.25, abi.NO_LIMIT, 1, 1, 1]);
    const q = book.position(n, 0, 0);
    book.orders(q, 1, 100, 4, 100);
    compute(q);
    requires(100, 100, 100);
  });
  it('end by the table of their own side', () => {
    // Longs end at 1/4, shorts as maintenance at 1/8: bids 200 / 4, asks 200 / 8.
    const m = linear();
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.25]);
    book.shortTable(m, [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
    const p = book.position(m, 0, 0);
    book.orders(p, 2, 100, 2, 100);
    compute(p);
    requires(50, 25, 50);
    // By entry at the end: long 4 for 360 at 1/2, sold 1 short 1 of 90. Bids 180, asks 90 / 8.
    const n = linear();
    book.setIndex(abi.MARKET_BASIS, n, 0b100000);
    book.table(n, [abi.NO_LIMIT, 0.25, 0.125, 0.5]);
    const q = book.position(n, 2, 180);
    book.orders(q, 2, 100, 3, 100);
    compute(q);
    requires(100, 50, 180);
  });
  it('of shorts that bids reduce or turn take the side that is left', () => {
    // Short 3, bid 1: short 2. Ask nothing: short 3 at (1/2, 1/2, 1). Bid 5: long 2 at (1/4, 1/8, 1/8).
    const m = linear();
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.5, 1]);
    const p = book.position(m, -3, -300);
    book.orders(p, 1, 100, 0, 0);
    compute(p);
    requires(150, 150, 300);
    book.orders(p, 19, 100, 0, 0);
    compute(p);
    requires(400, 200, 300);
  });
  it('pass own rate and open interest on', () => {
    // 4 contracts at 3/4; the open-interest rate of 5/8 is less. Then alone: 5/8.
    const m = linear();
    book.set(abi.MARKET_OPEN_INTEREST, m, 20);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    const p = book.position(m, 2, 200);
    book.orders(p, 2, 100, 0, 0);
    compute(p, 0.75);
    requires(300, 50, 50);
    compute(p);
    requires(250, 50, 50);
  });
});

describe('order loss', () => {
  it('adds what a fill at the own price loses against the mark, in the numeraire', () => {
    // 3 bought at 110 lose 30, settled at 2: 60. On top of 300 * (1/4, 1/8) * 2.
    const m = contract(0, 100, 1, 2);
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    const p = book.position(m, 0, 0);
    book.orders(p, 3, 110, 1, 100);
    compute(p);
    requires(210, 135, 135);
    // 3 sold at 90 lose 30 as well.
    book.orders(p, 1, 100, 3, 90);
    compute(p);
    requires(210, 135, 135);
  });
  it('does not reward a fill better than the mark', () => {
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    const p = book.position(m, 0, 0);
    book.orders(p, 3, 90, 1, 110);
    compute(p);
    requires(75, 37.5, 37.5);
    book.orders(p, 1, 90, 3, 110);
    compute(p);
    requires(75, 37.5, 37.5);
  });
  it('may make the smaller side the worse one', () => {
    // Bids: 300 / 4 = 75. Asks: 200 / 4 + 2 * 20 = 90; maintenance 37.5 against 65.
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    const p = book.position(m, 0, 0);
    book.orders(p, 3, 100, 2, 80);
    compute(p);
    requires(90, 65, 65);
  });
  it('is measured at the guarded price of the side and of the settle asset', () => {
    // Long guarded at 90, settled at 1 or 2. 1 bought at 100 loses 10 at the initial level; 90 / 4 + 10, times 2.
    // At liquidation end the settle asset is guarded alone: 100 / 8 * 2.
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.set(abi.MARKET_TWAP, m, 90);
    book.setIndex(abi.MARKET_GUARD, m, 0b001);
    book.set(abi.ASSET_TWAP, 0, 2);
    book.setIndex(abi.ASSET_GUARD, 0, 0b101);
    const p = book.position(m, 0, 0);
    book.orders(p, 1, 100, 0, 0);
    compute(p);
    requires(65, 12.5, 25);
  });
  it('of a fill that closes is measured at the price of longs', () => {
    // Guarded at 90 and 120. Short 2 bought back at 100 loses 200 - 2 * 90 = 20, and nothing is left to require.
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.table(m, [abi.NO_LIMIT, 0.0625, 0.0625, 0.0625]);
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b111);
    const p = book.position(m, -2, -200);
    book.orders(p, 2, 100, 0, 0);
    compute(p);
    // Bids: 0 + 20. Asks: 240 / 16 = 15.
    requires(20, 20, 20);
    // Long 2 sold at 80: 2 * 90 - 160 = 20. Bids: 180 / 16 = 11.25.
    const q = book.position(m, 2, 200);
    book.orders(q, 0, 0, 2, 80);
    compute(q);
    requires(20, 20, 20);
  });
  it('of each side is measured at the price of the side that it leads to', () => {
    // Bids lead long 4, at 90: 4 * 100 - 4 * 90 = 40, with 360 / 16 = 22.5. Asks lead short 1, at 120: 120 - 110 = 10.
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.table(m, [abi.NO_LIMIT, 0.0625, 0.0625, 0.0625]);
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b111);
    const p = book.position(m, 0, 0);
    book.orders(p, 4, 100, 1, 110);
    compute(p);
    requires(62.5, 62.5, 62.5);
    // Asks lead short 4: 4 * 120 - 4 * 100 = 80, with 480 / 16 = 30.
    book.orders(p, 1, 100, 4, 100);
    compute(p);
    requires(110, 110, 110);
  });
  it('of a bid may outweigh the short that it reduces, or leave part of a contract', () => {
    // Shorts at (1/2, 1/4, 3/8). Short 3, bid 1 at 400 loses 300: 200 at the rates, and 300; staying short needs less.
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.25, 0.375]);
    const p = book.position(m, -3, -300);
    book.orders(p, 1, 400, 0, 0);
    compute(p);
    requires(100 + 300, 50 + 300, 75 + 300);
    // Bid 3.5: long 1/2, 3.5 * 300 lost. Long half at (1/4, 1/8, 1/16).
    book.orders(p, 3.5, 400, 0, 0);
    compute(p);
    requires(12.5 + 1050, 6.25 + 1050, 3.125 + 1050);
    // Long 3, ask 2.5 at 0: long 1/2 and 250 lost; bids need 75.
    const q = book.position(m, 3, 300);
    book.orders(q, 0, 0, 2.5, 0);
    compute(q);
    requires(12.5 + 250, 6.25 + 250, 3.125 + 250);
  });
  it('is scaled by the settle price of its level', () => {
    // 1 bought at 110 loses 10: at a settle price of 2, and of 4 at liquidation end, where the low one is 1.
    const m = contract(0, 100, 1, 2);
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.set(abi.ASSET_STABLE, 0, 1);
    book.set(abi.ASSET_TWAP, 0, 4);
    book.setIndex(abi.ASSET_GUARD, 0, 0b100);
    const p = book.position(m, 0, 0);
    book.orders(p, 1, 110, 0, 0);
    compute(p);
    requires(50 + 20, 25 + 20, 50 + 40);
    book.orders(p, 0, 0, 1, 90);
    compute(p);
    requires(50 + 20, 25 + 20, 50 + 40);
  });
  it('counts at liquidation end too', () => {
    // Guards at liquidation end only: 1 bought at 100 loses 10 there; 90 / 8 + 10. Sold at 100 under 120: 120 / 8 + 20.
    const m = linear();
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b100);
    const p = book.position(m, 0, 0);
    book.orders(p, 1, 100, 0, 0);
    compute(p);
    requires(25, 12.5, 21.25);
    book.orders(p, 0, 0, 1, 100);
    compute(p);
    requires(25, 12.5, 35);
  });
  it('stays in settle units where the requirement is netted', () => {
    // 3 bought at 110: 300 / 4 + 30 = 105, 300 / 8 + 30 = 67.5, whatever the settle asset costs.
    const m = contract(0, 100, 1, 2);
    book.setIndex(abi.MARKET_ORDER_LOSS, m, 1);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_NET);
    const p = book.position(m, 0, 0);
    book.orders(p, 3, 110, 0, 0);
    compute(p);
    requires(0, 0, 0);
    pnl(-105, -67.5, -67.5, 0);
  });
});
