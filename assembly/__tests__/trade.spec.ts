// Trades and withdrawals of any size on a copy, always from what the unit holds, booked as Book.fill and Book.deposit do.
import * as abi from '../abi';
import { heldAmount, heldSize, openTrade, openWithdrawal, trade, withdraw } from '../liquidation/trade';
import * as book from './book';

const BUY: bool = true;
const SELL: bool = false;
let header: usize = 0;

/** Cash 1000 and, unless `size` is 0, a position at `entry`; the copy's rows are balance 1 and position 1. */
function holding(kind: u32, size: f64, cost: f64): void {
  header = book.newBook();
  book.asset(1);
  book.market(kind, 0, 100);
  book.unit();
  book.balance(0, 1000);
  if (size != 0) book.position(0, size, cost);
}

/** Cash and the position on the copy. */
function left(cash: f64, size: f64, cost: f64): void {
  const p = book.count(abi.COUNT_POSITION);
  expect<f64>(book.get(abi.BALANCE_AMOUNT, 1)).toBe(cash, 'cash');
  expect<f64>(book.get(abi.POSITION_SIZE, p)).toBe(size, 'size');
  expect<f64>(book.get(abi.POSITION_COST, p)).toBe(cost, 'cost');
}

describe('a trade', () => {
  it('opens, from nothing each time', () => {
    holding(abi.KIND_LINEAR, 0, 0);
    openTrade(header, 0, 0, 0, BUY, 90, 0);
    expect<f64>(heldSize()).toBe(0);
    trade(5);
    left(1000, 5, 450);
    trade(2);
    left(1000, 2, 180);
    trade(0);
    left(1000, 0, 0);
    openTrade(header, 0, 0, 0, SELL, 90, 0);
    trade(5);
    left(1000, -5, -450);
  });
  it('grows a position at its average', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    openTrade(header, 0, 0, 0, BUY, 110, 0);
    expect<f64>(heldSize()).toBe(10);
    trade(10);
    left(1000, 20, 2100);
  });
  it('leaves nothing where a close leaves less than a millionth of a lot, and what is more where it leaves more', () => {
    holding(abi.KIND_LINEAR, 0.1 + 0.2, 30);
    book.set(abi.MARKET_LOT, 0, 0.1);
    openTrade(header, 0, 0, 0, SELL, 100, 0);
    trade(0.3);
    left(1000 + (0.1 + 0.2) * 100 - 30, 0, 0);
    trade(0.25);
    expect<f64>(book.get(abi.POSITION_SIZE, book.count(abi.COUNT_POSITION))).toBe(0.1 + 0.2 - 0.25);
    book.set(abi.MARKET_LOT, 0, 0);
    openTrade(header, 0, 0, 0, SELL, 100, 0);
    trade(0.3);
    expect<f64>(book.get(abi.POSITION_SIZE, book.count(abi.COUNT_POSITION))).toBe(0.1 + 0.2 - 0.3);
  });
  it('reduces, closes and turns one round', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    openTrade(header, 0, 0, 0, SELL, 110, 0);
    trade(4);
    left(1040, 6, 600);
    trade(10);
    left(1100, 0, 0);
    trade(15);
    left(1100, -5, -550);
    // The book still holds what it held.
    expect<f64>(book.get(abi.POSITION_SIZE, 0)).toBe(10);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 0)).toBe(1000);
  });
  it('does so with a short', () => {
    holding(abi.KIND_LINEAR, -10, -1000);
    openTrade(header, 0, 0, 0, BUY, 110, 0);
    trade(4);
    left(960, -6, -600);
    trade(15);
    left(900, 5, 550);
  });
  it('pays the fee on its value, both ways, or earns it', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    openTrade(header, 0, 0, 0, SELL, 100, 0.125);
    trade(4);
    left(950, 6, 600);
    trade(20);
    left(750, -10, -1000);
    openTrade(header, 0, 0, 0, BUY, 100, -0.125);
    trade(4);
    left(1050, 14, 1400);
  });
  it('settles the funding of what was held, whatever its size', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    book.set(abi.MARKET_FUNDING_INDEX, 0, 3);
    book.set(abi.POSITION_FUNDING, 0, 1);
    openTrade(header, 0, 0, 0, BUY, 100, 0);
    trade(0);
    left(980, 10, 1000);
    expect<f64>(book.get(abi.POSITION_FUNDING, 1)).toBe(3);
    trade(10);
    left(980, 20, 2000);
    // A new row owes nothing.
    openTrade(header, 0, 0, 1, BUY, 100, 0);
    trade(10);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 1)).toBe(1000);
    expect<f64>(book.get(abi.POSITION_FUNDING, 2)).toBe(3);
  });
  it('of one side leaves the other alone', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    openTrade(header, 0, 0, 2, SELL, 100, 0);
    expect<f64>(heldSize()).toBe(0);
    trade(3);
    left(1000, 10, 1000);
    expect<u32>(book.index(abi.POSITION_KEY, 2)).toBe(2);
    expect<f64>(book.get(abi.POSITION_SIZE, 2)).toBe(-3);
  });
  it('counts the contract size', () => {
    holding(abi.KIND_QUANTO, 10, 20000);
    book.set(abi.MARKET_MULTIPLIER, 0, 20);
    openTrade(header, 0, 0, 0, SELL, 110, 0.0625);
    // A profit of 20 * 10 a contract, a sixteenth of 2200.
    trade(1);
    left(1062.5, 9, 18000);
  });
  it('of an inverse market is in coins', () => {
    holding(abi.KIND_INVERSE, 10, -10);
    book.set(abi.MARKET_MULTIPLIER, 0, 100);
    openTrade(header, 0, 0, 0, SELL, 200, 0.125);
    // A contract was 1 coin and is half of one: that half is gained on each, a sixteenth of a coin is paid.
    trade(4);
    left(1001.75, 6, -6);
    trade(14);
    left(1004.125, -4, 2);
    openTrade(header, 0, 0, 0, BUY, 200, 0);
    trade(2);
    left(1000, 12, -11);
  });
  it('leaves nothing where rounding does', () => {
    holding(abi.KIND_LINEAR, 1e-20, 1e-18);
    openTrade(header, 0, 0, 0, SELL, 100, 0);
    trade(1e-20 - 1e-31);
    expect<f64>(book.get(abi.POSITION_SIZE, 1)).toBe(0);
    expect<f64>(book.get(abi.POSITION_COST, 1)).toBe(0);
  });
  it('goes through the index of the cash', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    book.set(abi.ASSET_DEPOSIT_INDEX, 0, 2);
    book.set(abi.ASSET_BORROW_INDEX, 0, 4);
    openTrade(header, 0, 0, 0, SELL, 50, 0);
    // 2000 are held: 500 lost leave 1500, and 2400 paid for fees a debt of 400.
    trade(10);
    left(750, 0, 0);
    openTrade(header, 0, 0, 0, BUY, 100, 1);
    trade(24);
    left(-100, 34, 3400);
  });
});

/** A coin market of contracts of two, between assets 0 and 1. */
function coin(base: u32, quote: u32): void {
  header = book.newBook();
  book.asset(100);
  book.asset(1);
  book.set(abi.MARKET_MULTIPLIER, book.spotMarket(base, quote, false), 2);
}

describe('a spot trade', () => {
  it('moves coins against cash', () => {
    coin(0, 1);
    book.unit();
    book.balance(0, 10);
    book.balance(1, 1000);
    openTrade(header, 0, 0, 0, BUY, 100, 0.125);
    expect<f64>(heldSize()).toBe(0);
    trade(4);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 2)).toBe(18);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 3)).toBe(100);
    openTrade(header, 0, 0, 0, SELL, 100, 0.125);
    trade(4);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 2)).toBe(2);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 3)).toBe(1700);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 0)).toBe(10);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 1)).toBe(1000);
  });
  it('opens what is missing, in either order', () => {
    for (let base: u32 = 0; base < 2; base++) {
      coin(base, 1 - base);
      book.unit();
      openTrade(header, 0, 0, 0, BUY, 100, 0);
      trade(1);
      expect<u32>(book.index(abi.UNIT_BALANCE_COUNT, 1)).toBe(2);
      expect<u32>(book.index(abi.BALANCE_ASSET, 0)).toBe(0);
      expect<u32>(book.index(abi.BALANCE_ASSET, 1)).toBe(1);
      expect<f64>(book.get(abi.BALANCE_AMOUNT, base)).toBe(2);
      expect<f64>(book.get(abi.BALANCE_AMOUNT, 1 - base)).toBe(-200);
    }
  });
  it('keeps both where only one is new', () => {
    // Opening the base before the quote moves the quote.
    coin(0, 1);
    book.unit();
    book.balance(1, 1000);
    openTrade(header, 0, 0, 0, BUY, 100, 0);
    trade(1);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 1)).toBe(2);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 2)).toBe(800);
    coin(1, 0);
    book.unit();
    book.balance(1, 10);
    openTrade(header, 0, 0, 0, SELL, 100, 0);
    trade(1);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 1)).toBe(200);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 2)).toBe(8);
  });
});

describe('a withdrawal', () => {
  it('takes what was asked for from what is held', () => {
    holding(abi.KIND_LINEAR, 10, 1000);
    book.set(abi.ASSET_DEPOSIT_INDEX, 0, 2);
    book.set(abi.ASSET_BORROW_INDEX, 0, 4);
    openWithdrawal(header, 0, 0);
    expect<f64>(heldAmount()).toBe(2000);
    withdraw(500);
    left(750, 10, 1000);
    withdraw(2000);
    left(0, 10, 1000);
    withdraw(2400);
    left(-100, 10, 1000);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 0)).toBe(1000);
  });
  it('of an asset that is not held is a debt', () => {
    holding(abi.KIND_LINEAR, 0, 0);
    book.asset(5);
    openWithdrawal(header, 0, 1);
    expect<f64>(heldAmount()).toBe(0);
    withdraw(3);
    expect<u32>(book.index(abi.UNIT_BALANCE_COUNT, 1)).toBe(2);
    expect<f64>(book.get(abi.BALANCE_AMOUNT, 2)).toBe(-3);
  });
});
