// Notional and requirement in whole units, by the stated rule: 0 exact, 1 ceil, 2 floor, 3 trunc. When the answer is
// in doubt, because doubles cannot tell on which side of a whole number it falls.
import * as abi from '../abi';
import { sideOf } from '../margin/side';
import {
  inexact,
  openInterestPpm,
  resetDoubt,
  roundedRequirement,
  wholeNotional,
  wholeQuotient,
} from '../margin/whole-units';
import * as book from './book';

const CEIL: u32 = 1;
const FLOOR: u32 = 2;
const TRUNC: u32 = 3;

/** Market 1, whose contract is 2.5, rounded by these rules, at rates of 0.05 and 0.03. */
function market(notionalRule: u32, requirementRule: u32): u32 {
  book.newBook();
  book.market(0, book.asset(2), 1);
  const m = book.market(0, 0, 2.5);
  book.setIndex(abi.MARKET_ROUNDING, m, notionalRule | (requirementRule << 2));
  book.table(m, [abi.NO_LIMIT, 0.05, 0.03, 0.03]);
  book.unit();
  book.balance(0, 0);
  return m;
}

/** Requirement in settle units at a level. */
function requirement(lane: i32, contracts: f64, ownRate: f64 = 0): f64 {
  book.ready();
  resetDoubt();
  return roundedRequirement(1, sideOf(1, 0), lane, contracts, ownRate);
}

describe('whole notional', () => {
  it('is rounded by its rule: 3 * 2.5 = 7.5', () => {
    expect<f64>(wholeNotional(0, 3, 2.5)).toBe(7.5);
    expect<f64>(wholeNotional(CEIL, 3, 2.5)).toBe(8);
    expect<f64>(wholeNotional(FLOOR, 3, 2.5)).toBe(7);
    expect<f64>(wholeNotional(TRUNC, 3, 2.5)).toBe(7);
  });
  it('stays where it is whole', () => {
    expect<f64>(wholeNotional(CEIL, 4, 2)).toBe(8);
    expect<f64>(wholeNotional(FLOOR, 4, 2)).toBe(8);
    expect<f64>(wholeNotional(CEIL, 0, 2.5)).toBe(0);
  });
});

/** Whether the notional is in doubt. */
function doubtful(rule: u32, contracts: f64, each: f64): bool {
  resetDoubt();
  wholeNotional(rule, contracts, each);
  return inexact;
}

describe('doubt', () => {
  it('is about whole numbers that are reached by parts', () => {
    // 2 * 2.5 = 5 could be a little less or more before rounding, were 2.5 the product of two inputs.
    expect<bool>(doubtful(CEIL, 2, 2.5)).toBe(true);
    expect<bool>(doubtful(CEIL, 3, 2.5)).toBe(false);
    expect<bool>(doubtful(CEIL, 10, 0.7)).toBe(true);
    expect<bool>(doubtful(FLOOR, 10, 0.71)).toBe(false);
  });
  it('is about 2^-50 of the number', () => {
    // Away from 1 by 2^-50 and by 2^-49.
    expect<bool>(doubtful(CEIL, 1, 1 + 1.0 / 1125899906842624)).toBe(true);
    expect<bool>(doubtful(CEIL, 1, 1 + 2.0 / 1125899906842624)).toBe(false);
    expect<bool>(doubtful(CEIL, 1, 1 - 1.0 / 1125899906842624 / 2)).toBe(true);
    expect<bool>(doubtful(CEIL, 1, 1 - 2.0 / 1125899906842624)).toBe(false);
  });
  it('is not about whole prices, nothing, or what is not rounded', () => {
    expect<bool>(doubtful(CEIL, 2, 3)).toBe(false);
    expect<bool>(doubtful(CEIL, 0, 2.5)).toBe(false);
    expect<bool>(doubtful(0, 2, 2.5)).toBe(false);
  });
  it('is about everything from 2^53 up', () => {
    expect<bool>(doubtful(CEIL, 1, 9007199254740991)).toBe(false);
    expect<bool>(doubtful(CEIL, 1, 9007199254740992)).toBe(true);
    expect<bool>(doubtful(0, 1, 9007199254740992)).toBe(false);
  });
  it('stays until it is reset', () => {
    expect<bool>(doubtful(CEIL, 2, 2.5)).toBe(true);
    wholeNotional(CEIL, 3, 2.5);
    expect<bool>(inexact).toBe(true);
    resetDoubt();
    expect<bool>(inexact).toBe(false);
  });
});

describe('requirement', () => {
  it('is rounded after the notional', () => {
    // 101 * 2.5 = 252.5. Up: 253 * 0.05 = 12.65, 253 * 0.03 = 7.59. Down: 252 * 0.05 = 12.6, 252 * 0.03 = 7.56.
    market(CEIL, CEIL);
    expect<f64>(requirement(0, 101)).toBe(13);
    expect<f64>(requirement(1, 101)).toBe(8);
    expect<f64>(requirement(2, 101)).toBe(8);
    market(FLOOR, FLOOR);
    expect<f64>(requirement(0, 101)).toBe(12);
    expect<f64>(requirement(1, 101)).toBe(7);
    market(TRUNC, 0);
    expect<f64>(requirement(0, 101)).toBe(12.6);
    expect<f64>(requirement(1, 101)).toBe(7.56);
    market(0, CEIL);
    // 8 * 2.5 = 20: exactly 1, not rounded up to 2.
    expect<f64>(requirement(0, 8)).toBe(1);
    expect<f64>(requirement(0, 101)).toBe(13);
  });
  it('of maintenance may be a share of the rounded initial one', () => {
    // Initial: 253 * 0.05 = 12.65, down to 12. Of that 0.9 is 10.8, down to 10; of the unrounded 12.65 it would be 11.
    const m = market(CEIL, FLOOR);
    book.set(abi.MARKET_MAINTENANCE_FRACTION, m, 0.9);
    expect<f64>(requirement(1, 101)).toBe(10);
    expect<f64>(requirement(2, 101)).toBe(10);
    expect<f64>(requirement(0, 101)).toBe(12);
  });
  it('of the initial level takes the own rate in whole millionths, of the others not', () => {
    // 252 * 0.1 = 25.2; 252 * 0.0500004 is 252 * 0.05.
    market(FLOOR, CEIL);
    expect<f64>(requirement(0, 101, 0.1)).toBe(26);
    expect<f64>(requirement(1, 101, 0.1)).toBe(8);
    market(FLOOR, 0);
    expect<f64>(requirement(0, 101, 0.1)).toBe(25.2);
    expect<f64>(requirement(0, 101, 0.0500004)).toBe(12.6);
    expect<f64>(requirement(0, 101, 0.01)).toBe(12.6);
  });
  it('of the initial level rises with open interest, the maintenance share does not', () => {
    // Halfway between 1000 and 3000: 50000 + 475000 = 525000. 252 * 0.525 = 132.3. Share 0.5 of floor(12.6).
    const m = market(FLOOR, FLOOR);
    book.set(abi.MARKET_OPEN_INTEREST, m, 800);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    book.set(abi.MARKET_MAINTENANCE_FRACTION, m, 0.5);
    expect<f64>(requirement(0, 101)).toBe(132);
    expect<f64>(requirement(1, 101)).toBe(6);
  });
  it('is exact as long as the notional is', () => {
    // 9007199254740991 * 0.05 = 450359962737049.55; 180143985095 * 0.05 = 9007199254.75
    const m = market(CEIL, CEIL);
    book.set(abi.MARKET_MARK, m, 1);
    expect<f64>(requirement(0, 9007199254740991)).toBe(450359962737050);
    expect<f64>(requirement(0, 180143985095)).toBe(9007199255);
    expect<bool>(inexact).toBe(false);
    // At a rate of 1000 the result itself passes 2^53.
    requirement(0, 9007199254740, 1000);
    expect<bool>(inexact).toBe(false);
    requirement(0, 9007199254741, 1000);
    expect<bool>(inexact).toBe(true);
    requirement(0, 9007199254740992);
    expect<bool>(inexact).toBe(true);
  });
  it('of a notional that is not rounded is in doubt where it may be whole', () => {
    // 8 * 2.5 * 0.05 = 1, were 2.5 the product of two inputs; 7 * 2.5 * 0.05 = 0.875
    market(0, CEIL);
    requirement(0, 8);
    expect<bool>(inexact).toBe(true);
    requirement(0, 7);
    expect<bool>(inexact).toBe(false);
  });
  it('is in doubt with the open interest that its rate rises with', () => {
    // 2 * 2.5 = 5 of open interest, in doubt by its parts; 9 * 2.5 = 22.5 is not.
    const m = market(CEIL, CEIL);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 100);
    book.set(abi.MARKET_OPEN_INTEREST, m, 2);
    requirement(0, 3);
    expect<bool>(inexact).toBe(true);
    requirement(1, 3);
    expect<bool>(inexact).toBe(false);
    book.set(abi.MARKET_OPEN_INTEREST, m, 9);
    requirement(0, 3);
    expect<bool>(inexact).toBe(false);
  });
});

describe('quotient of whole numbers', () => {
  it('is exact where the product is not a double', () => {
    // 10543294736853 * 950000 / 30000000000031 = 333870.99999999999...
    expect<f64>(wholeQuotient(10543294736853, 950000, 30000000000031)).toBe(333870);
    expect<f64>(wholeQuotient(9007199254740990, 1000000, 9007199254740991)).toBe(999999);
    expect<f64>(wholeQuotient(1, 1000000, 3)).toBe(333333);
    expect<f64>(wholeQuotient(0, 0, 1)).toBe(0);
  });
});

/** Whether what open interest adds is in doubt. */
function doubtfulInterest(open: f64, lower: f64, upper: f64, sure: bool): bool {
  resetDoubt();
  openInterestPpm(open, lower, upper, 50000, sure);
  return inexact;
}

describe('open interest', () => {
  it('adds in proportion between its limits', () => {
    // 950000 of room: 1/4 of it is 237500.
    expect<f64>(openInterestPpm(100, 100, 500, 50000, true)).toBe(0);
    expect<f64>(openInterestPpm(200, 100, 500, 50000, true)).toBe(237500);
    expect<f64>(openInterestPpm(500, 100, 500, 50000, true)).toBe(950000);
    expect<f64>(openInterestPpm(900, 100, 500, 50000, true)).toBe(950000);
    // No room above 10^6.
    expect<f64>(openInterestPpm(900, 100, 500, 2000000, true)).toBe(0);
  });
  it('is in doubt where an error of its own could cross a limit', () => {
    expect<bool>(doubtfulInterest(100, 100, 500, true)).toBe(false);
    expect<bool>(doubtfulInterest(100, 100, 500, false)).toBe(true);
    expect<bool>(doubtfulInterest(500, 100, 500, false)).toBe(true);
    expect<bool>(doubtfulInterest(90, 100, 500, false)).toBe(false);
  });
  it('is in doubt where its error, as large as itself, reaches a whole millionth', () => {
    // 1e15 of open interest err by 1, which is 95 millionths of 10^4 between the limits.
    expect<bool>(doubtfulInterest(1e15 + 5000.5, 1e15, 1e15 + 10000, false)).toBe(true);
    expect<bool>(doubtfulInterest(1e15 + 5000.5, 1e15, 1e15 + 10000, true)).toBe(false);
    expect<bool>(doubtfulInterest(130.3, 100, 1e6, false)).toBe(false);
  });
  it('is in doubt from 2^53 up', () => {
    expect<bool>(doubtfulInterest(5, 1, 9007199254740991, true)).toBe(false);
    expect<bool>(doubtfulInterest(5, 1, 9007199254740992, true)).toBe(true);
  });
});
