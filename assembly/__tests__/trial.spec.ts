// A copy of a unit behind the last rows: rows in canonical order, new ones opened in their places, the book itself untouched.
import * as abi from '../abi';
import * as trial from '../liquidation/trial';
import * as book from './book';

let header: usize = 0;

/** Assets 0 to 3, a market for each of 0, 1, 2 and the first two of them again; units that have them, and one without rows. */
function exchange(): void {
  header = book.newBook();
  for (let a = 0; a < 4; a++) book.asset(1 + <f64>a);
  for (let m = 0; m < 5; m++) book.market(abi.KIND_LINEAR, <u32>(m % 3), 10);
  book.set(abi.MARKET_FUNDING_INDEX, 3, 7);
  book.set(abi.MARKET_FUNDING_INDEX, 1, 9);
  book.unit();
  book.balance(0, 100);
  book.position(0, 1, 10);
  book.unit();
  book.balance(0, 50);
  book.orders(book.position(0, 2, 20), 1, 9, 0, 0);
  book.position(4, -3, -30);
  book.balance(2, 70);
  book.set(abi.POSITION_OWN_RATE, book.position(2, 5, 50), 0.25);
  book.unit();
  book.set(abi.UNIT_MULTIPLIER, 1, 2);
  book.set(abi.UNIT_BUFFER, 1, 0.5);
  book.set(abi.UNIT_RATE_FLOOR, 1, 0.125);
  book.setIndex(abi.UNIT_MODEL, 1, 3);
}

/** A balance row: its asset, amount and number of positions. */
function isBalance(row: u32, asset: u32, amount: f64, positions: u32): void {
  expect<u32>(book.index(abi.BALANCE_ASSET, row)).toBe(asset, 'asset');
  expect<f64>(book.get(abi.BALANCE_AMOUNT, row)).toBe(amount, 'amount');
  expect<u32>(book.index(abi.BALANCE_POSITIONS, row)).toBe(positions, 'positions');
}

function isPosition(row: u32, market: u32, size: f64, cost: f64): void {
  expect<u32>(book.index(abi.POSITION_KEY, row)).toBe(market * 4, 'key');
  expect<f64>(book.get(abi.POSITION_SIZE, row)).toBe(size, 'size');
  expect<f64>(book.get(abi.POSITION_COST, row)).toBe(cost, 'cost');
}

/** The rows of the book as `exchange` laid them. */
function untouched(): void {
  expect<u32>(book.count(abi.COUNT_UNIT)).toBe(3);
  expect<u32>(book.count(abi.COUNT_BALANCE)).toBe(3);
  expect<u32>(book.count(abi.COUNT_POSITION)).toBe(4);
  isBalance(0, 0, 100, 1);
  isBalance(1, 0, 50, 2);
  isBalance(2, 2, 70, 1);
  isPosition(0, 0, 1, 10);
  isPosition(1, 0, 2, 20);
  isPosition(2, 4, -3, -30);
  isPosition(3, 2, 5, 50);
  expect<u32>(book.index(abi.UNIT_BALANCE_COUNT, 1)).toBe(2);
  expect<u32>(book.index(abi.UNIT_POSITION_COUNT, 1)).toBe(3);
}

describe('a copy', () => {
  it('has the rows and terms of the unit', () => {
    exchange();
    trial.openTrial(header, 1);
    expect<u32>(trial.unit).toBe(3);
    expect<u32>(book.index(abi.UNIT_BALANCE_START, 3)).toBe(3);
    expect<u32>(book.index(abi.UNIT_BALANCE_COUNT, 3)).toBe(2);
    expect<u32>(book.index(abi.UNIT_POSITION_START, 3)).toBe(4);
    expect<u32>(book.index(abi.UNIT_POSITION_COUNT, 3)).toBe(3);
    expect<f64>(book.get(abi.UNIT_MULTIPLIER, 3)).toBe(2);
    expect<f64>(book.get(abi.UNIT_BUFFER, 3)).toBe(0.5);
    expect<f64>(book.get(abi.UNIT_RATE_FLOOR, 3)).toBe(0.125);
    expect<u32>(book.index(abi.UNIT_MODEL, 3)).toBe(3);
    isBalance(3, 0, 50, 2);
    isBalance(4, 2, 70, 1);
    isPosition(4, 0, 2, 20);
    isPosition(5, 4, -3, -30);
    isPosition(6, 2, 5, 50);
    // It counts the same open orders.
    expect<u32>(book.index(abi.POSITION_ORDER, 4)).toBe(1);
    expect<f64>(book.get(abi.POSITION_OWN_RATE, 6)).toBe(0.25);
    untouched();
  });
  it('of another unit takes its place', () => {
    exchange();
    trial.openTrial(header, 1);
    trial.openTrial(header, 0);
    expect<u32>(book.index(abi.UNIT_POSITION_COUNT, 3)).toBe(1);
    isBalance(3, 0, 100, 1);
    isPosition(4, 0, 1, 10);
    expect<f64>(book.get(abi.UNIT_MULTIPLIER, 3)).toBe(1);
  });
  it('of the copy is the copy', () => {
    exchange();
    trial.openTrial(header, 1);
    trial.putPosition(trial.positionOf(1, 4), 8, 80, 9);
    trial.openTrial(header, trial.unit);
    expect<u32>(trial.unit).toBe(3);
    expect<u32>(book.index(abi.UNIT_BALANCE_COUNT, 3)).toBe(3);
    isBalance(4, 1, 0, 1);
    isPosition(6, 1, 8, 80);
    isPosition(7, 2, 5, 50);
    untouched();
  });
});

describe('a row', () => {
  it('that is there is found', () => {
    exchange();
    trial.openTrial(header, 1);
    expect<u32>(trial.balanceOf(0)).toBe(3);
    expect<u32>(trial.balanceOf(2)).toBe(4);
    expect<u32>(trial.positionOf(0, 0)).toBe(4);
    expect<u32>(trial.positionOf(0, 16)).toBe(5);
    expect<u32>(trial.positionOf(2, 8)).toBe(6);
    expect<u32>(book.index(abi.UNIT_POSITION_COUNT, 3)).toBe(3);
  });
  it('of an asset is opened between the others', () => {
    exchange();
    trial.openTrial(header, 1);
    expect<u32>(trial.balanceOf(1)).toBe(4);
    isBalance(3, 0, 50, 2);
    isBalance(4, 1, 0, 0);
    isBalance(5, 2, 70, 1);
    expect<u32>(trial.balanceOf(3)).toBe(6);
    isBalance(6, 3, 0, 0);
    expect<u32>(book.index(abi.UNIT_BALANCE_COUNT, 3)).toBe(4);
    untouched();
  });
  it('of a market is opened under its asset, at the funding that stands', () => {
    exchange();
    trial.openTrial(header, 1);
    // Market 3 settles in asset 0, between markets 0 and 4.
    expect<u32>(trial.positionOf(0, 12)).toBe(5);
    isPosition(5, 3, 0, 0);
    expect<f64>(book.get(abi.POSITION_FUNDING, 5)).toBe(7);
    expect<u32>(book.index(abi.POSITION_ORDER, 5)).toBe(0);
    expect<f64>(book.get(abi.POSITION_OWN_RATE, 5)).toBe(0);
    isPosition(6, 4, -3, -30);
    isPosition(7, 2, 5, 50);
    expect<f64>(book.get(abi.POSITION_OWN_RATE, 7)).toBe(0.25);
    isBalance(3, 0, 50, 3);
    untouched();
  });
  it('of one side of a market stands after the net side', () => {
    exchange();
    trial.openTrial(header, 1);
    expect<u32>(trial.positionOf(0, 2)).toBe(5);
    expect<u32>(trial.positionOf(0, 1)).toBe(5);
    expect<u32>(book.index(abi.POSITION_KEY, 4)).toBe(0);
    expect<u32>(book.index(abi.POSITION_KEY, 5)).toBe(1);
    expect<u32>(book.index(abi.POSITION_KEY, 6)).toBe(2);
    expect<u32>(book.index(abi.POSITION_KEY, 7)).toBe(16);
  });
  it('of a market in an asset that is not held opens both', () => {
    exchange();
    trial.openTrial(header, 2);
    expect<u32>(trial.positionOf(1, 4)).toBe(4);
    isBalance(3, 1, 0, 1);
    isPosition(4, 1, 0, 0);
    expect<f64>(book.get(abi.POSITION_FUNDING, 4)).toBe(9);
    untouched();
  });
});

describe('amounts', () => {
  it('are kept before the index of their sign', () => {
    exchange();
    book.set(abi.ASSET_DEPOSIT_INDEX, 0, 2);
    book.set(abi.ASSET_BORROW_INDEX, 0, 4);
    trial.openTrial(header, 1);
    expect<f64>(trial.realAmount(0, 3)).toBe(100);
    trial.putReal(0, 3, 30);
    isBalance(3, 0, 15, 2);
    trial.putReal(0, 3, -30);
    isBalance(3, 0, -7.5, 2);
    expect<f64>(trial.realAmount(0, 3)).toBe(-30);
  });
  it('are never -0', () => {
    exchange();
    trial.openTrial(header, 1);
    trial.putReal(0, 3, -0.0);
    expect<i64>(reinterpret<i64>(book.get(abi.BALANCE_AMOUNT, 3))).toBe(0);
    trial.putPosition(4, -0.0, -0.0, 0);
    expect<i64>(reinterpret<i64>(book.get(abi.POSITION_SIZE, 4))).toBe(0);
    expect<i64>(reinterpret<i64>(book.get(abi.POSITION_COST, 4))).toBe(0);
  });
});
