// Where Newton's steps may be taken: which books have concave health along a ray, and how far rounding may move it.
import * as abi from '../abi';
import { concaveRay, grainOf } from '../liquidation/concave';
import { openMarket } from '../liquidation/move';
import * as book from './book';

let header: usize = 0;

/** Dollars (row 0) and a coin at 50 (row 1), both held; a position in market 0 of the kind, settled in the asset. */
function held(kind: u32, settle: u32): void {
  header = book.newBook();
  book.asset(1);
  book.asset(50);
  const m = book.market(kind, settle, kind == abi.KIND_PREDICTION ? 0.5 : 50);
  book.table(m, [100, 0.01, 0.01, 0.01, abi.NO_LIMIT, 0.02, 0.02, 0.02]);
  book.unit();
  book.balance(0, 500);
  if (settle == 0) book.position(m, 1, 50);
  book.balance(1, 5);
  if (settle == 1) book.position(m, 1, 50);
}

function isConcave(level: i32 = 1): bool {
  book.ready();
  openMarket(header, 0, 0);
  return concaveRay(header, 0, level);
}

describe('health is concave', () => {
  it('for linear, quanto and prediction markets that settle in what stands still', () => {
    const kinds: u32[] = [abi.KIND_LINEAR, abi.KIND_QUANTO, abi.KIND_PREDICTION];
    for (let i = 0; i < kinds.length; i++) {
      held(kinds[i], 0);
      for (let level = 0; level < 3; level++) expect<bool>(isConcave(level)).toBeTruthy();
    }
  });
  it('with the coin as collateral that moves', () => {
    held(abi.KIND_LINEAR, 0);
    book.together([1], [0]);
    expect<bool>(isConcave()).toBeTruthy();
  });
  it('for an inverse market whose coin is one coordinate with it', () => {
    held(abi.KIND_INVERSE, 1);
    expect<bool>(isConcave()).toBeFalsy('the coin stands');
    book.together([1], [0]);
    expect<bool>(isConcave()).toBeTruthy();
    book.set(abi.ASSET_TWAP, 1, 49);
    expect<bool>(isConcave()).toBeTruthy('a guard that counts nowhere');
    book.setIndex(abi.ASSET_GUARD, 1, 0b010);
    expect<bool>(isConcave(1)).toBeFalsy('a guard of the coin');
    expect<bool>(isConcave(0)).toBeTruthy('at another level');
    book.set(abi.ASSET_TWAP, 1, 50);
    book.set(abi.MARKET_STABLE, 0, 51);
    book.setIndex(abi.MARKET_GUARD, 0, 0b010);
    expect<bool>(isConcave(1)).toBeFalsy('a guard of the mark');
  });
});

describe('it is not', () => {
  it('where what is settled in moves too', () => {
    held(abi.KIND_QUANTO, 1);
    expect<bool>(isConcave()).toBeTruthy();
    book.together([1], [0]);
    expect<bool>(isConcave()).toBeFalsy();
    held(abi.KIND_LINEAR, 1);
    book.together([1], [0]);
    expect<bool>(isConcave()).toBeFalsy();
  });
  it('where a table of whole form is read by what moves, at its level', () => {
    held(abi.KIND_LINEAR, 0);
    book.setIndex(abi.MARKET_FORM, 0, 0b001);
    expect<bool>(isConcave(0)).toBeFalsy();
    expect<bool>(isConcave(1)).toBeTruthy();
    book.setIndex(abi.MARKET_BASIS, 0, 0b01);
    expect<bool>(isConcave(0)).toBeTruthy('by contracts');
    book.setIndex(abi.MARKET_BASIS, 0, 0);
    book.flatTable(0, 0.5);
    expect<bool>(isConcave(0)).toBeTruthy('one line is no step');
  });
  it('where initial rates follow open interest', () => {
    held(abi.KIND_LINEAR, 0);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, 0, 1000);
    expect<bool>(isConcave(0)).toBeFalsy();
    expect<bool>(isConcave(1)).toBeTruthy();
  });
  it("where a moving asset's weight follows the deposits or borrows of all", () => {
    held(abi.KIND_LINEAR, 0);
    book.together([1], [0]);
    book.set(abi.ASSET_DEPOSIT_SCALE_START, 1, 1000);
    expect<bool>(isConcave(0)).toBeFalsy();
    expect<bool>(isConcave(1)).toBeTruthy();
    book.set(abi.ASSET_DEPOSIT_SCALE_START, 1, abi.NO_LIMIT);
    book.set(abi.ASSET_BORROW_SCALE_START, 1, 1000);
    expect<bool>(isConcave(0)).toBeFalsy();
  });
  it('where an unsure price of a moving asset, or of what is settled in, is penalised', () => {
    held(abi.KIND_LINEAR, 0);
    book.together([1], [0]);
    book.set(abi.ASSET_CONFIDENCE, 1, 0.5);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, 1, 0.75);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, 1, 1);
    expect<bool>(isConcave(0)).toBeFalsy();
    expect<bool>(isConcave(1)).toBeTruthy();
    book.setIndex(abi.ASSET_UNDERLYING, 1, abi.NONE);
    expect<bool>(isConcave(0)).toBeTruthy();
    book.set(abi.ASSET_CONFIDENCE, 0, 0.5);
    book.set(abi.ASSET_CONFIDENCE_THRESHOLD, 0, 0.75);
    book.set(abi.ASSET_CONFIDENCE_FACTOR, 0, 1);
    expect<bool>(isConcave(0)).toBeFalsy('what is settled in');
  });
  it('where spot orders of one token stand in two markets, or have reserved funds', () => {
    held(abi.KIND_LINEAR, 0);
    book.together([1], [0]);
    const first = book.spotMarket(1, 0, false);
    book.orders(book.position(first, 0, 0), 1, 40, 0, 0);
    expect<bool>(isConcave()).toBeTruthy('one market');
    book.setIndex(abi.MARKET_SPOT_ORDERS, first, 1);
    expect<bool>(isConcave()).toBeFalsy('reserved');
    book.setIndex(abi.MARKET_SPOT_ORDERS, first, 0);
    book.orders(book.position(book.spotMarket(1, 0, false), 0, 0), 1, 40, 0, 0);
    expect<bool>(isConcave()).toBeFalsy('two markets');
  });
});

describe('the grain', () => {
  it('is four units for each row in whole units that moves', () => {
    held(abi.KIND_LINEAR, 0);
    isConcave();
    expect<f64>(grainOf(header, 0, 1)).toBe(0);
    book.setIndex(abi.MARKET_ROUNDING, 0, 0b0101);
    book.set(abi.ASSET_PRICE, 0, 0.25);
    book.set(abi.ASSET_TWAP, 0, 0.25);
    book.set(abi.ASSET_STABLE, 0, 0.25);
    isConcave();
    expect<f64>(grainOf(header, 0, 1)).toBe(1);
    book.set(abi.UNIT_MULTIPLIER, 0, 3);
    expect<f64>(grainOf(header, 0, 1)).toBe(3);
    book.set(abi.UNIT_MULTIPLIER, 0, 0.5);
    expect<f64>(grainOf(header, 0, 1)).toBe(1);
  });
});
