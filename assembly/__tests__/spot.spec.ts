// Open spot orders. fill: all bids or all asks, whichever leaves less. reserve: the funds as base or as quote,
// whichever is worth less. The lanes are initial, maintenance; liquidation end, equity.
import * as abi from '../abi';
import * as spot from '../margin/spot';
import * as at from '../margin/state';
import * as book from './book';

function pair(got: v128, a: f64, b: f64): void {
  expect<f64>(f64x2.extract_lane(got, 0)).toBe(a, 'lane 0');
  expect<f64>(f64x2.extract_lane(got, 1)).toBe(b, 'lane 1');
}

/** A coin at 10 and the orders of one market of it; rows: coin 0, quote 1, orders 0. */
function coin(held: f64[], owed: f64[]): void {
  book.newBook();
  const base = book.asset(10);
  book.weights(base, held, owed);
  book.asset(1);
  book.spotMarket(base, 1, false);
  book.unit();
  book.balance(base, 0);
  book.position(0, 0, 0);
}

function hold(amount: f64): void {
  const value = f64x2.splat(amount * 10);
  const contracts = f64x2.splat(amount);
  spot.hold(value, value, contracts, contracts);
}

describe('holding', () => {
  it('starts without cash', () => {
    spot.hold(f64x2(1, 2), f64x2(3, 4), f64x2(5, 6), f64x2(7, 8));
    pair(spot.valueA, 1, 2);
    pair(spot.valueB, 3, 4);
    pair(spot.amountA, 5, 6);
    pair(spot.amountB, 7, 8);
    pair(spot.cashA, 0, 0);
    pair(spot.cashB, 0, 0);
  });
});

describe('fill', () => {
  it('buys where the bids leave less, equity stays', () => {
    // Bids: 20 / 2 - 20 = -10. Asks: -10 * 3/2 + 10 = -5.
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.orders(0, 2, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, 20, 20);
    pair(spot.amountA, 2, 2);
    pair(spot.cashA, -20, -20);
    pair(spot.valueB, 20, 0);
    pair(spot.amountB, 2, 0);
    pair(spot.cashB, -20, 0);
  });
  it('sells where the asks leave less', () => {
    // Bids: 10 / 2 - 10 = -5. Asks: -20 * 3/2 + 20 = -10.
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.orders(0, 1, 9, 2, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, -20, -20);
    pair(spot.amountA, -2, -2);
    pair(spot.cashA, 20, 20);
    pair(spot.valueB, -20, 0);
    pair(spot.amountB, -2, 0);
    pair(spot.cashB, 20, 0);
  });
  it('sells on a tie', () => {
    // 10 / 2 - 10 = -5 = -10 * 3/2 + 10
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.orders(0, 1, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, -10, -10);
    pair(spot.cashA, 10, 10);
    pair(spot.valueB, -10, 0);
  });
  it('sells where only rounding makes the bids the worse', () => {
    // 100 * 0.85 - 100 = -15 = -100 * 1.15 + 100, in doubles -15 and -14.999999999999986.
    coin([0.85, 0.85, 0.85], [1.15, 1.15, 1.15]);
    book.orders(0, 10, 9, 10, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.amountA, -10, -10);
    // 2^-45 more of a coin bid is more than rounding.
    book.orders(0, 10 + (10.0 / 35184372088832.0) * 256, 9, 10, 11);
    hold(0);
    spot.fillSpot(0, 0, 1, 0);
    expect<f64>(f64x2.extract_lane(spot.amountA, 0)).toBeGreaterThan(10);
  });
  it('decides each level by itself', () => {
    // Initial: -15 against -5. Maintenance: 30 - 30 = 0 against -10 * 5/4 + 10 = -2.5. End: a tie at 0.
    coin([0.5, 1, 1], [1.5, 1.25, 1]);
    book.orders(0, 3, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, 30, -10);
    pair(spot.amountA, 3, -1);
    pair(spot.cashA, -30, 10);
    pair(spot.valueB, -10, 0);
  });
  it('weighs the holding with the fill', () => {
    // Of 3 coins, 2 are offered: unsold 30 / 2 = 15, sold 10 / 2 + 20 = 25. Nothing happening is worse.
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.orders(0, 0, 0, 2, 11);
    book.ready();
    hold(3);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, 30, 30);
    pair(spot.amountA, 3, 3);
    pair(spot.cashA, 0, 0);
    pair(spot.valueB, 30, 30);
    // From a debt of 3 a bid of 2 pays back: owing 30 is 45, owing 10 is 15 and 20 paid. Nothing happening is worse.
    book.orders(0, 2, 9, 0, 0);
    hold(-3);
    spot.fillSpot(0, 0, 1, 0);
    pair(spot.valueA, -30, -30);
    pair(spot.cashA, 0, 0);
  });
  it('adds up over markets of the same coin', () => {
    // First 2 bought: 20, cash -20. Then 4 more: 60 / 2 - 40 = -10 against 20 / 2 = 10.
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.orders(0, 2, 9, 1, 11);
    book.orders(0, 4, 9, 0, 0);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    spot.fillSpot(0, 0, 1, 0);
    pair(spot.valueA, 60, 60);
    pair(spot.amountA, 6, 6);
    pair(spot.cashA, -60, -60);
  });
  it('trades at the guarded high price', () => {
    // High 12: 2 bought for 24, worth 12: -12 against -12 * 3/2 + 12 = -6.
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.set(abi.ASSET_TWAP, 0, 12);
    book.setIndex(abi.ASSET_GUARD, 0, 0b001);
    book.orders(0, 2, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, 24, 20);
    pair(spot.cashA, -24, -20);
  });
  it('passes the amount to the curve and the rate floor to the weight', () => {
    // 4 bought: weight 1 / (1 + 1/2 * sqrt(4)) = 1/2, 20 - 40 = -20. 1 sold: no debt base, so
    // 1/2 * 1 * 10 + 10 = 15, -15 + 10 = -5.
    coin([1, 1, 1], [1, 1, 1]);
    book.setIndex(abi.ASSET_CURVE_KIND, 0, abi.CURVE_SQRT);
    book.setLevels(abi.ASSET_CURVE_FACTOR, 0, 0.5, 0, 0);
    book.orders(0, 4, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, 40, -10);
    // Floor 1/4: bought 2 of 20: 15 - 20 = -5; sold 1: -12.5 + 10 = -2.5. Without it a tie, which sells.
    coin([1, 1, 1], [1, 1, 1]);
    book.setIndex(abi.ASSET_RATE_FLOOR, 0, 1);
    book.orders(0, 2, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0.25);
    pair(spot.valueA, 20, -10);
    pair(spot.valueB, -10, 0);
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.valueA, -10, -10);
  });
});

describe('fill under a curve', () => {
  it('takes the amount that each outcome leaves', () => {
    // Of 4 coins. 5 bought: 90 / (1 + sqrt(9) / 2) = 36, less 50 is -14.
    // 8.5 sold: 45 owed at 45 * (1 + sqrt(4.5) / 2) = 92.7, 85 received: -7.7.
    coin([1, 1, 1], [1, 1, 1]);
    book.setIndex(abi.ASSET_CURVE_KIND, 0, abi.CURVE_SQRT);
    book.setLevels(abi.ASSET_CURVE_FACTOR, 0, 0.5, 0.5, 0.5);
    book.orders(0, 5, 9, 8.5, 11);
    book.ready();
    hold(4);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.amountA, 9, 9);
    pair(spot.valueB, 90, 40);
    // Of nothing. 2 bought: 20 / (1 + sqrt(2) / 2) - 20 = -8.3. 4 sold: 40 + 40 of curve are owed: -40.
    book.orders(0, 2, 9, 4, 11);
    hold(0);
    spot.fillSpot(0, 0, 1, 0);
    pair(spot.amountA, -4, -4);
  });
});

describe('fill of any coin', () => {
  it('counts contracts of several coins', () => {
    // 1 and 1/2 contracts of 2 coins: the orders of the first example.
    coin([0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.set(abi.MARKET_MULTIPLIER, 0, 2);
    book.orders(0, 1, 9, 0.5, 11);
    book.ready();
    hold(0);
    spot.fillSpot(0, 0, 0, 0);
    pair(spot.amountA, 2, 2);
    pair(spot.cashA, -20, -20);
  });
  it('reads its own row, its price at liquidation end, and parts of a coin', () => {
    // Coin 1 at 10, at liquidation end guarded at 14, weights 1/2 and 3/2: 2 bought for 20, for 28 at the end.
    book.newBook();
    book.asset(1);
    const a = book.asset(10);
    book.weights(a, [0.5, 0.5, 0.5], [1.5, 1.5, 1.5]);
    book.set(abi.ASSET_TWAP, a, 14);
    book.setIndex(abi.ASSET_GUARD, a, 0b100);
    book.spotMarket(a, 0, false);
    book.unit();
    book.balance(a, 0);
    book.orders(book.position(0, 0, 0), 2, 9, 1, 11);
    book.ready();
    hold(0);
    spot.fillSpot(a, 0, 0, 0);
    pair(spot.valueA, 20, 20);
    pair(spot.valueB, 28, 0);
    pair(spot.cashB, -28, 0);
    // 1/20 of a coin held: 0.5, its worth 0.25. 1/80 bought: 0.3125 - 0.125; 1/80 sold: 0.1875 + 0.125.
    book.orders(0, 0.0125, 9, 0.0125, 11);
    hold(0.05);
    spot.fillSpot(a, 0, 1, 0);
    pair(spot.valueA, 0.625, 0.625);
  });
});

/** Quote at 1 (row 0), coin at 10 (row 1), an order that reserves `ask` coins and 40 of the quote. */
function reserved(bid: f64, bidPrice: f64, ask: f64, askPrice: f64): void {
  book.newBook();
  const quote = book.asset(1);
  const base = book.asset(10);
  book.spotMarket(base, quote, true);
  book.unit();
  book.balance(base, 0);
  book.orders(book.position(0, 0, 0), bid, bidPrice, ask, askPrice);
  book.ready();
  spot.reservedFunds(0, base, quote, 0);
}

describe('reserved funds', () => {
  it('convert at the prices where the orders are no worse', () => {
    // 3 coins asked at 12 and 40 bid at 8: 3 + 40 / 10 = 7 coins, 40 + 3 * 10 = 70 quote.
    reserved(5, 8, 3, 12);
    expect<f64>(spot.asBase).toBe(7);
    expect<f64>(spot.asQuote).toBe(70);
  });
  it("convert at the orders' own prices where those are worse", () => {
    // 40 bid at 20 buy 2 coins, 3 coins asked at 8 bring 24.
    reserved(2, 20, 3, 8);
    expect<f64>(spot.asBase).toBe(5);
    expect<f64>(spot.asQuote).toBe(64);
  });
  it('of contracts of several coins', () => {
    // The first example in contracts of 2 coins: 20 of the notional bid, 3/2 asked.
    reserved(2.5, 8, 1.5, 12);
    book.set(abi.MARKET_MULTIPLIER, 0, 2);
    spot.reservedFunds(0, 1, 0, 0);
    expect<f64>(spot.asBase).toBe(7);
    expect<f64>(spot.asQuote).toBe(70);
  });
  it('of a coin of small price alike', () => {
    // Coin at 1/2: 40 bid at 0.8 buy 50 coins, 3 coins asked at 1/4 bring 3/4.
    reserved(50, 0.8, 3, 0.25);
    book.set(abi.ASSET_PRICE, 1, 0.5);
    book.ready();
    spot.reservedFunds(0, 1, 0, 0);
    expect<f64>(spot.asBase).toBe(53);
    expect<f64>(spot.asQuote).toBe(40.75);
  });
  it('convert at the prices where the worst order is unknown', () => {
    reserved(2, 20, 3, 8);
    book.set(abi.ORDER_BID_WORST, 0, 0);
    book.set(abi.ORDER_ASK_WORST, 0, 0);
    spot.reservedFunds(0, 1, 0, 0);
    expect<f64>(spot.asBase).toBe(7);
    expect<f64>(spot.asQuote).toBe(70);
  });
  it('of one side alone', () => {
    reserved(5, 8, 0, 0);
    expect<f64>(spot.asBase).toBe(4);
    expect<f64>(spot.asQuote).toBe(40);
    reserved(0, 0, 3, 12);
    expect<f64>(spot.asBase).toBe(3);
    expect<f64>(spot.asQuote).toBe(30);
  });
  it('take unguarded prices, also of a quote that is not the numeraire', () => {
    // Quote at 2: 40 * 2 / 10 = 8 coins, 3 * 10 / 2 = 15 quote.
    reserved(5, 4, 3, 12);
    book.set(abi.ORDER_BID_NOTIONAL, 0, 40);
    book.set(abi.ASSET_PRICE, 0, 2);
    book.set(abi.ASSET_TWAP, 0, 1);
    book.setIndex(abi.ASSET_GUARD, 0, 0b111);
    book.set(abi.ASSET_TWAP, 1, 5);
    book.setIndex(abi.ASSET_GUARD, 1, 0b111);
    book.ready();
    spot.reservedFunds(0, 1, 0, 0);
    expect<f64>(spot.asBase).toBe(11);
    expect<f64>(spot.asQuote).toBe(55);
  });
  it('do not convert at a price of 0', () => {
    reserved(5, 8, 3, 12);
    book.set(abi.ASSET_PRICE, 1, 0);
    book.ready();
    spot.reservedFunds(0, 1, 0, 0);
    expect<f64>(spot.asBase).toBe(3);
    expect<f64>(spot.asQuote).toBe(40);
    book.set(abi.ASSET_PRICE, 1, 10);
    book.set(abi.ASSET_PRICE, 0, 0);
    book.ready();
    spot.reservedFunds(0, 1, 0, 0);
    expect<f64>(spot.asBase).toBe(3);
    expect<f64>(spot.asQuote).toBe(40);
  });
});

/** Scratch row 0 of a token: what it holds by lane, and what could arrive. */
function scratch(initial: f64, maintenance: f64, end: f64, plain: f64, arriving: f64): usize {
  const s = at.scratchHeld;
  store<f64>(s, initial);
  store<f64>(s, maintenance, 8);
  store<f64>(s, end, 16);
  store<f64>(s, plain, 24);
  store<f64>(s, arriving, abi.SCRATCH_ARRIVING);
  return s;
}

describe('reserved funds as one asset', () => {
  it('count at its weights and prices', () => {
    // 4 coins at 10 into what is held: 40 * (1/2, 3/4), (7/8, 1)
    coin([0.5, 0.75, 0.875], [1.5, 1.25, 1]);
    book.ready();
    const s = scratch(6, 6, 6, 6, 4);
    pair(spot.reserveEffect(0, s, 0, 4), 20, 30);
    pair(spot.reserveEffect(0, s, 16, 4), 35, 40);
  });
  it('of another row count at its own weights and prices', () => {
    coin([0.5, 0.75, 0.875], [1.5, 1.25, 1]);
    const a = book.asset(3);
    book.weights(a, [0.25, 0.5, 0.75], [2, 2, 2]);
    book.ready();
    const s = scratch(6, 6, 6, -1, 4);
    pair(spot.reserveEffect(a, s, 0, 4), 3, 6);
    // 9; 3 coins into -1 + 4 are 9 and 1 fills the debt: 3
    pair(spot.reserveEffect(a, s, 16, 4), 9, 12);
  });
  it('fill a debt first, at its weights', () => {
    // Holding -5, 7 arrive: 2 are left as an asset, 5 fill the debt.
    // 20 / 2 + 50 * 3/2 = 85; 20 * 3/4 + 50 * 5/4 = 77.5.
    coin([0.5, 0.75, 0.875], [1.5, 1.25, 1]);
    book.ready();
    const s = scratch(-5, -5, -5, -5, 7);
    pair(spot.reserveEffect(0, s, 0, 7), 85, 77.5);
    // 20 * 7/8 + 50; 20 + 50
    pair(spot.reserveEffect(0, s, 16, 7), 67.5, 70);
  });
  it('all fill a debt that stays', () => {
    // Holding -9, 7 arrive: all 7 count as debt paid back. Maintenance holds -8: the same. 70 * (3/2, 5/4)
    coin([0.5, 0.75, 0.875], [1.5, 1.25, 1]);
    book.ready();
    const s = scratch(-9, -8, 0, 0, 7);
    pair(spot.reserveEffect(0, s, 0, 7), 105, 87.5);
    // Of 7 that arrive 3 are of this market: nothing of them is left at -5 + 7 = 2 but 2.
    scratch(-5, -9, 0, 0, 7);
    pair(spot.reserveEffect(0, s, 0, 3), 10 + 15, 37.5);
  });
  it('take guarded prices and scales', () => {
    // Low 8, high 12, deposit scale 1/2, borrow scale 2, all at the initial level: 2 * 1/4 * 8 + 5 * 3 * 12 = 184.
    coin([0.5, 0.75, 0.875], [1.5, 1.25, 1]);
    book.set(abi.ASSET_TWAP, 0, 8);
    book.set(abi.ASSET_STABLE, 0, 12);
    book.setIndex(abi.ASSET_GUARD, 0, 0b001);
    book.set(abi.ASSET_DEPOSITS, 0, 200);
    book.set(abi.ASSET_DEPOSIT_SCALE_START, 0, 1000);
    book.set(abi.ASSET_BORROWS, 0, 200);
    book.set(abi.ASSET_BORROW_SCALE_START, 0, 1000);
    book.ready();
    const s = scratch(-5, -5, -5, -5, 7);
    pair(spot.reserveEffect(0, s, 0, 7), 184, 77.5);
  });
});
