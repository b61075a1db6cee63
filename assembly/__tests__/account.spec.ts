// One margin unit with every feature: balances with the positions that settle in them, orders, account-wide factors.
// Lanes: initial, maintenance, liquidation end, equity (of collateral).
import * as abi from '../abi';
import { openAccounts, scanFull } from '../margin/account';
import * as position from '../margin/position';
import { shortOf, sideOf } from '../margin/side';
import { column as pointer } from '../memory';
import * as book from './book';
import { FEATURES, random, randomMarket } from './random';

let scanned: u32 = 0;

/** Margins unit `u` with its own multiplier, buffer and rate floor. */
function compute(u: u32 = 0): void {
  scanned = u;
  book.ready();
  book.setIndex(abi.HOUSE_FEATURES, 0, abi.FEATURE_FULL | abi.FEATURE_RESERVE);
  openAccounts(book.header);
  scanFull(u, u + 1);
}

function column(word: i32): f64 {
  return book.get(word, scanned);
}

function collateral(initial: f64, maintenance: f64, end: f64, equity: f64): void {
  expect<f64>(column(abi.UNIT_INITIAL_COLLATERAL)).toBe(initial, 'initial');
  expect<f64>(column(abi.UNIT_COLLATERAL)).toBe(maintenance, 'maintenance');
  expect<f64>(column(abi.UNIT_END_COLLATERAL)).toBe(end, 'liquidation end');
  expect<f64>(column(abi.UNIT_EQUITY)).toBe(equity, 'equity');
}

function allCollateral(value: f64): void {
  collateral(value, value, value, value);
}

function requires(initial: f64, maintenance: f64, end: f64): void {
  expect<f64>(column(abi.UNIT_INITIAL_MARGIN)).toBe(initial, 'initial');
  expect<f64>(column(abi.UNIT_MAINTENANCE_MARGIN)).toBe(maintenance, 'maintenance');
  expect<f64>(column(abi.UNIT_END_MARGIN)).toBe(end, 'liquidation end');
}

/** A perpetual of one unit at 100 that settles in `asset`, required at 1/4, 1/8 and 1/16. */
function perpetual(asset: u32): u32 {
  const m = book.market(0, asset, 100);
  book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
  return m;
}

describe('a unit', () => {
  it('without balances is all zero', () => {
    book.newBook();
    book.unit();
    compute();
    allCollateral(0);
    requires(0, 0, 0);
    expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(0);
  });
  it('adds its balances and positions up: 500 + 20 - 10 of dollars, 2 coins at 50', () => {
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(50);
    const m = perpetual(usd);
    const n = perpetual(usd);
    book.unit();
    book.balance(usd, 500);
    book.position(m, 2, 180);
    book.position(n, -1, -90);
    book.balance(coin, 2);
    compute();
    allCollateral(610);
    requires(75, 37.5, 18.75);
    expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(300);
  });
  it('reads its own rows only', () => {
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    book.unit();
    book.balance(usd, 500);
    book.position(m, 1, 100);
    book.unit();
    book.balance(usd, 70);
    book.position(m, -2, -220);
    book.unit();
    book.balance(usd, 9);
    compute(1);
    allCollateral(90);
    requires(50, 25, 12.5);
    compute(2);
    allCollateral(9);
    requires(0, 0, 0);
    expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(0);
  });
});

describe('equity', () => {
  it('ignores weights, guards, caps, profit weights and requirements', () => {
    // Coin at 50, guarded at 40 and weighted 1/2: (2 * 40 / 2, 2 * 50 / 2). Profit 20, weighted 1/2.
    book.newBook();
    const coin = book.asset(50);
    book.weights(coin, [0.5, 0.5, 0.5], [2, 2, 2]);
    book.set(abi.ASSET_TWAP, coin, 40);
    book.setIndex(abi.ASSET_GUARD, coin, 0b001);
    const usd = book.asset(1);
    book.set(abi.ASSET_CAP, usd, 100);
    const m = perpetual(usd);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.5, 0.5, 0.5);
    book.unit();
    book.balance(coin, 2);
    book.balance(usd, 95);
    book.position(m, 2, 180);
    compute();
    // 95 + 10 is more than the cap of 100.
    collateral(140, 150, 150, 215);
  });
});

describe('index of an asset', () => {
  it('of deposits for what is held, of borrows for what is owed', () => {
    book.newBook();
    const coin = book.asset(10);
    book.set(abi.ASSET_DEPOSIT_INDEX, coin, 1.25);
    book.set(abi.ASSET_BORROW_INDEX, coin, 1.5);
    book.unit();
    book.balance(coin, 4);
    book.unit();
    book.balance(coin, -4);
    compute(0);
    allCollateral(50);
    compute(1);
    allCollateral(-60);
  });
  it('counts for the balance, not for the profit that pools with it', () => {
    // 4 * 1.25 + 20
    book.newBook();
    const usd = book.asset(1);
    book.set(abi.ASSET_DEPOSIT_INDEX, usd, 1.25);
    const m = perpetual(usd);
    book.unit();
    book.balance(usd, 4);
    book.position(m, 2, 180);
    compute();
    allCollateral(25);
  });
});

describe('profit', () => {
  it('pools with the balance: 100 gained pay 100 owed', () => {
    book.newBook();
    const usd = book.asset(1);
    book.weights(usd, [0.5, 0.75, 1], [1.5, 1.25, 1]);
    const m = perpetual(usd);
    book.unit();
    book.balance(usd, -100);
    book.position(m, 2, 100);
    compute();
    allCollateral(0);
    requires(50, 25, 12.5);
  });
  it('separate: the gain counts at the low price, the debt at the high, with its surcharge', () => {
    // Low 1/2, high 2 at the initial level. Gain 100: 50, 100. Debt 100: 200 * 3/2, 100 * 5/4.
    book.newBook();
    const usd = book.asset(1);
    book.weights(usd, [0.5, 0.75, 1], [1.5, 1.25, 1]);
    book.set(abi.ASSET_TWAP, usd, 0.5);
    book.set(abi.ASSET_STABLE, usd, 2);
    book.setIndex(abi.ASSET_GUARD, usd, 0b001);
    const m = perpetual(usd);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_SEPARATE);
    book.unit();
    book.balance(usd, -100);
    book.position(m, 2, 100);
    compute();
    collateral(-150, 0, 0, 0);
    // Surcharge 200 / 2 = 100 and 25; the position at 2 and at 1: 200 / 4 * 2, 200 / 8, 200 / 16.
    requires(200, 50, 12.5);
  });
  it('separate: a loss counts at the high price', () => {
    book.newBook();
    const usd = book.asset(1);
    book.set(abi.ASSET_STABLE, usd, 2);
    book.setIndex(abi.ASSET_GUARD, usd, 0b100);
    const m = perpetual(usd);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_SEPARATE);
    book.unit();
    book.balance(usd, 300);
    book.position(m, 2, 300);
    compute();
    collateral(200, 200, 100, 200);
  });
  it('net: the requirement leaves the profit, nothing is left to require', () => {
    // 500 + 20 - (50, 25, 12.5)
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_NET);
    book.unit();
    book.balance(usd, 500);
    book.position(m, 2, 180);
    compute();
    collateral(470, 495, 507.5, 520);
    requires(0, 0, 0);
    expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(200);
  });
  it('turns a balance into a debt at the levels where a guard says so', () => {
    // Long 2 from 100, initially priced at 90: 10 - 20 = -10, a debt of weight 3/2. Elsewhere 10 of weight 3/4.
    book.newBook();
    const usd = book.asset(1);
    book.weights(usd, [0.75, 0.75, 0.75], [1.5, 1.5, 1.5]);
    const m = perpetual(usd);
    book.set(abi.MARKET_TWAP, m, 90);
    book.setIndex(abi.MARKET_GUARD, m, 0b001);
    book.unit();
    book.balance(usd, 10);
    book.position(m, 2, 200);
    compute();
    collateral(-10, 7.5, 7.5, 10);
    // 180 / 4 + 5
    requires(50, 25, 12.5);
  });
});

describe('account-wide terms', () => {
  it('the multiplier scales every requirement, surcharges and order margins included', () => {
    // Debt 100 at 3/2: 50. Position 200: 50, 25, 12.5. One order: 3.
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(1);
    book.weights(coin, [1, 1, 1], [1.5, 1.25, 1]);
    const m = perpetual(usd);
    book.set(abi.MARKET_ORDER_MARGIN, m, 3);
    book.unit();
    book.set(abi.UNIT_MULTIPLIER, 0, 2);
    book.balance(usd, 500);
    book.orders(book.position(m, 2, 200), 0, 0, 1, 100);
    book.balance(coin, -100);
    compute();
    collateral(400, 400, 400, 400);
    requires(206, 106, 31);
  });
  it('the buffer adds its share of the notional where a liquidation ends, after the multiplier', () => {
    // 2 * 12.5 + 200 / 16
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    book.unit();
    book.set(abi.UNIT_MULTIPLIER, 0, 2);
    book.set(abi.UNIT_BUFFER, 0, 0.0625);
    book.balance(usd, 500);
    book.position(m, -2, -200);
    compute();
    requires(100, 50, 37.5);
  });
  it('the rate floor limits positions and the assets that ask for it', () => {
    // Floor 1/2: position 100. Coins 100 * (1 - 1/2), dollars are exempt.
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(1);
    book.setIndex(abi.ASSET_RATE_FLOOR, coin, 1);
    const m = perpetual(usd);
    book.unit();
    book.set(abi.UNIT_RATE_FLOOR, 0, 0.5);
    book.balance(usd, 500);
    book.position(m, 2, 200);
    book.balance(coin, 100);
    compute();
    collateral(550, 600, 600, 600);
    requires(100, 25, 12.5);
  });
});

describe('orders', () => {
  it('count at their worse outcome', () => {
    // Long 2, bid 3: 500 at (1/4, 1/8, 1/16). The notional is of what is held.
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    book.unit();
    book.balance(usd, 500);
    book.orders(book.position(m, 2, 200), 3, 100, 1, 100);
    compute();
    allCollateral(500);
    requires(125, 62.5, 31.25);
    expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(200);
  });
  it('require a margin each, of spot markets too', () => {
    // Two orders of 3 on the perpetual, one of 5 on spot (worth 0, so that nothing else changes).
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(0);
    const m = perpetual(usd);
    book.set(abi.MARKET_ORDER_MARGIN, m, 3);
    const s = book.spotMarket(coin, usd, false);
    book.set(abi.MARKET_ORDER_MARGIN, s, 5);
    book.unit();
    book.balance(usd, 500);
    book.orders(book.position(m, 0, 0), 1, 100, 1, 100);
    book.balance(coin, 0);
    book.orders(book.position(s, 0, 0), 1, 10, 0, 0);
    compute();
    allCollateral(500);
    requires(25 + 11, 12.5 + 11, 6.25 + 11);
  });
});

describe('spot orders of the fill kind', () => {
  it('leave the worse of all bids and all asks, equity as it is', () => {
    // Coin at 10, weights 1/2 and 3/2. Bid 2: 20 bought for 20, worth 10. Ask 1: 10 owed against 10.
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(10);
    book.weights(coin, [0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    const m = book.spotMarket(coin, usd, false);
    book.unit();
    book.balance(usd, 500);
    book.balance(coin, 0);
    book.orders(book.position(m, 0, 0), 2, 9, 1, 11);
    compute();
    collateral(490, 490, 490, 500);
    requires(0, 0, 0);
    // Three asked: 30 owed against 30, and 15 of surcharge.
    book.orders(0, 2, 9, 3, 11);
    compute();
    allCollateral(500);
    requires(15, 15, 15);
  });
  it('pool with what is held and with each other', () => {
    // 4 coins held, bids of 2 and 1: 70 / 2 - 30 = 5, against 20 without.
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(10);
    book.weights(coin, [0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    const m = book.spotMarket(coin, usd, false);
    const n = book.spotMarket(coin, usd, false);
    book.unit();
    book.balance(usd, 0);
    book.balance(coin, 4);
    book.orders(book.position(m, 0, 0), 2, 9, 0, 0);
    book.orders(book.position(n, 0, 0), 1, 9, 0, 0);
    compute();
    collateral(5, 5, 5, 40);
  });
  it('stand beside positions that settle in the coin', () => {
    // Coins 0 + 2 of profit, bid 2: 40 / 2 - 20 = 0 against 10. A position row without orders is not one of them.
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(10);
    book.weights(coin, [0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    const s = book.spotMarket(coin, usd, false);
    const m = book.market(0, coin, 4);
    book.unit();
    book.balance(coin, 0);
    book.orders(book.position(s, 0, 0), 2, 9, 0, 0);
    book.position(m, 1, 2);
    compute();
    collateral(0, 0, 0, 20);
  });
});

/** Dollars (row 0) and a coin at 10 (row 1) of weights (1/2, 3/4, 1) and (3/2, 5/4, 1), market 0 between them. */
function reserveBook(dollars: f64, coins: f64): void {
  book.newBook();
  const usd = book.asset(1);
  const coin = book.asset(10);
  book.weights(coin, [0.5, 0.75, 1], [1.5, 1.25, 1]);
  book.spotMarket(coin, usd, true);
  book.unit();
  book.balance(usd, dollars);
  book.balance(coin, coins);
}

describe('spot orders of the reserve kind', () => {
  it('count as the worse of all base and all quote', () => {
    // 40 reserved to buy at 10, 3 coins to sell at 10: 7 coins or 70 dollars. 70 * (1/2, 3/4, 1), then 70.
    reserveBook(500, 0);
    book.orders(book.position(0, 0, 0), 4, 10, 3, 10);
    compute();
    collateral(535, 552.5, 570, 570);
    requires(0, 0, 0);
  });
  it('pay a debt first', () => {
    // 2 coins owed: 20 at (3/2, 5/4, 1). 7 coins: 2 fill it, 5 are left: 20 * 3/2 + 50 / 2 = 55, 25 + 37.5 = 62.5.
    reserveBook(500, -2);
    book.orders(book.position(0, 0, 0), 4, 10, 3, 10);
    compute();
    collateral(480 + 55, 480 + 62.5, 480 + 70, 480 + 70);
    requires(10, 5, 0);
  });
  it('of two markets share what could arrive', () => {
    // 5 coins owed, 40 and 30 dollars reserved at 10: 4 and 3 coins, 7 arrive in all. Of each market, full -5 + 7 = 2:
    // 2 count as assets, the others fill the debt: 20/2 + 20*3/2 = 40 is no worse than 40 dollars; 20/2 + 10*3/2 = 25
    // is worse than 30.
    reserveBook(0, -5);
    book.spotMarket(1, 0, true);
    book.orders(book.position(0, 0, 0), 4, 10, 0, 0);
    book.orders(book.position(1, 0, 0), 3, 10, 0, 0);
    compute();
    // Maintenance: 20 * 3/4 + 20 * 5/4 = 40, 20 * 3/4 + 10 * 5/4 = 27.5.
    collateral(-50 + 65, -50 + 67.5, -50 + 70, -50 + 70);
    requires(25, 12.5, 0);
  });
  it('find their assets among the balances of their own unit', () => {
    // A unit before it, and a third asset between and behind: 40 at 10 buy 4 coins: 20 of 40, 40 * 3/4, 40.
    reserveBook(7, 0);
    const other = book.asset(1);
    const last = book.asset(1);
    book.unit();
    book.balance(0, 500);
    book.balance(other, 60);
    book.balance(1, 0);
    book.orders(book.position(0, 0, 0), 4, 10, 0, 0);
    book.balance(last, 3);
    compute(1);
    collateral(583, 593, 603, 603);
    // Owed coins are filled first: of 4 that arrive 3 pay a debt of 3, 1 is left: 30 * 3/2 + 10 / 2 = 50, more than 40.
    book.set(abi.BALANCE_AMOUNT, 4, -3);
    compute(1);
    collateral(573, 573, 573, 573);
    requires(15, 7.5, 0);
  });
  it('of nothing add nothing', () => {
    reserveBook(500, 1);
    book.orders(book.position(0, 0, 0), 0, 0, 0, 0);
    compute();
    collateral(505, 507.5, 510, 510);
  });
});

describe('a range of units', () => {
  it('is written from its first to before its last, with the doubt of each', () => {
    // A contract of 1.05: 20 are 21, in doubt where markets count in whole units; 3 are 3.15.
    book.newBook();
    const usd = book.asset(1);
    const m = book.market(0, usd, 1.05);
    book.setIndex(abi.MARKET_ROUNDING, m, 5);
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    for (let u: u32 = 0; u < 4; u++) {
      book.unit();
      book.balance(usd, <f64>u);
      book.position(m, u == 1 ? 20 : 3, 0);
      book.setIndex(abi.UNIT_STATUS, u, 9);
      book.set(abi.UNIT_EQUITY, u, -1);
    }
    book.ready();
    openAccounts(book.header);
    scanFull(1, 3);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(-1);
    expect<f64>(book.get(abi.UNIT_EQUITY, 1)).toBe(22);
    expect<f64>(book.get(abi.UNIT_EQUITY, 2)).toBe(6);
    expect<f64>(book.get(abi.UNIT_EQUITY, 3)).toBe(-1);
    expect<u32>(book.index(abi.UNIT_STATUS, 0)).toBe(9);
    expect<u32>(book.index(abi.UNIT_STATUS, 1)).toBe(abi.INEXACT);
    expect<u32>(book.index(abi.UNIT_STATUS, 2)).toBe(0);
    expect<u32>(book.index(abi.UNIT_STATUS, 3)).toBe(9);
  });
});

/** What the model of unit 0 asks for. */
function asks(initial: f64, maintenance: f64, end: f64): void {
  book.setIndex(abi.UNIT_MODEL, 0, 1);
  book.set(abi.HOUSE_REQUIRED, 0, initial);
  book.set(abi.HOUSE_REQUIRED, 1, maintenance);
  book.set(abi.HOUSE_REQUIRED, 2, end);
}

describe('a unit that a model margins', () => {
  it('has its requirement from there, its profit from its rows', () => {
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    book.unit();
    book.balance(usd, 500);
    book.position(m, 2, 180);
    asks(30, 20, 10);
    compute();
    allCollateral(520);
    requires(30, 20, 10);
    expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(200);
  });
  it('has nothing of open orders, order margins and net profits asked by the tables', () => {
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    const n = perpetual(usd);
    book.set(abi.MARKET_ORDER_MARGIN, m, 3);
    book.setIndex(abi.MARKET_PNL_MODE, n, abi.PNL_NET);
    book.unit();
    book.balance(usd, 500);
    book.orders(book.position(m, 2, 180), 5, 90, 1, 120);
    book.position(n, -1, -90);
    asks(30, 20, 10);
    compute();
    allCollateral(510);
    requires(30, 20, 10);
  });
  it('keeps the surcharge of its debts, and its own factor and buffer', () => {
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(50);
    book.weights(coin, [1, 1, 1], [1.5, 1.25, 1]);
    const m = perpetual(usd);
    book.unit();
    book.set(abi.UNIT_MULTIPLIER, 0, 2);
    book.set(abi.UNIT_BUFFER, 0, 0.5);
    book.balance(usd, 500);
    book.position(m, 2, 180);
    book.balance(coin, -2);
    asks(30, 20, 10);
    compute();
    allCollateral(420);
    requires(160, 90, 120);
  });
  it('counts profits that stand apart, and weighs them', () => {
    book.newBook();
    const usd = book.asset(1);
    book.weights(usd, [0.5, 1, 1], [1, 1, 1]);
    const m = perpetual(usd);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_SEPARATE);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.5, 1, 1);
    book.unit();
    book.balance(usd, 500);
    book.position(m, 2, 180);
    asks(0, 0, 0);
    compute();
    collateral(260, 520, 520, 520);
    requires(0, 0, 0);
  });
  it('leaves the units beside it alone', () => {
    book.newBook();
    const usd = book.asset(1);
    const m = perpetual(usd);
    for (let u: u32 = 0; u < 2; u++) {
      book.unit();
      book.balance(usd, 500);
      book.position(m, 2, 180);
    }
    asks(30, 20, 10);
    compute(1);
    requires(50, 25, 12.5);
  });
  it('fills its spot orders as any other', () => {
    book.newBook();
    const usd = book.asset(1);
    const coin = book.asset(50);
    book.weights(coin, [0.5, 0.5, 0.5], [1, 1, 1]);
    const m = book.spotMarket(coin, usd, false);
    book.unit();
    book.balance(usd, 500);
    book.balance(coin, 0);
    book.orders(book.position(m, 0, 0), 4, 50, 0, 0);
    compute();
    const alone = column(abi.UNIT_INITIAL_COLLATERAL);
    expect<f64>(alone).toBe(400);
    asks(30, 20, 10);
    compute();
    expect<f64>(column(abi.UNIT_INITIAL_COLLATERAL)).toBe(alone);
    requires(30, 20, 10);
  });
});

describe('a row by itself', () => {
  it('adds what positionOf says, whatever way the unit goes: to the bit', () => {
    for (let i = 0; i < 240; i++) {
      const header = book.newBook(4);
      book.asset(0.5 + random());
      randomMarket(i % FEATURES);
      book.unit();
      const floor = i % 3 == 0 ? random() / 9 : 0;
      book.set(abi.UNIT_RATE_FLOOR, 0, floor);
      book.balance(0, 0);
      const size = (random() - 0.5) * 100;
      book.position(0, size, size * random());
      if (i % 5 == 0) book.set(abi.POSITION_OWN_RATE, 0, random() / 9);
      if (i % 7 == 0) book.set(abi.POSITION_FUNDING, 0, random());
      if (i % 2 == 1) book.orders(0, random() * 100, random(), random() * 100, random());
      if (i % 8 == 1) book.setIndex(abi.MARKET_ORDER_LOSS, 0, 1);
      compute();
      const short = shortOf(0, size);
      const side = sideOf(0, short);
      const flags = load<i32>(side, abi.SIDE_FLAGS);
      position.positionOf(0, 0, short, side, flags, size, floor, pointer(header, abi.ASSET_VALUE));
      const price = book.ofAsset(0, abi.ASSET_LOW);
      expect<f64>(column(abi.UNIT_INITIAL_COLLATERAL)).toBe(f64x2.extract_lane(position.pnlA, 0) * price);
      expect<f64>(column(abi.UNIT_COLLATERAL)).toBe(f64x2.extract_lane(position.pnlA, 1) * price);
      expect<f64>(column(abi.UNIT_END_COLLATERAL)).toBe(f64x2.extract_lane(position.pnlB, 0) * price);
      expect<f64>(column(abi.UNIT_EQUITY)).toBe(f64x2.extract_lane(position.pnlB, 1) * price);
      expect<f64>(column(abi.UNIT_INITIAL_MARGIN)).toBe(f64x2.extract_lane(position.marginA, 0));
      expect<f64>(column(abi.UNIT_MAINTENANCE_MARGIN)).toBe(f64x2.extract_lane(position.marginA, 1));
      expect<f64>(column(abi.UNIT_END_MARGIN)).toBe(f64x2.extract_lane(position.marginB, 0));
      expect<f64>(column(abi.UNIT_NOTIONAL)).toBe(position.notional);
    }
  });
});
