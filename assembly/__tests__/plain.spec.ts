// One margin unit of a book without special features, in its four variants; and the same bits as the full margin gives.
import * as abi from '../abi';
import * as account from '../margin/account';
import { equity, notional, plainUnit, requirement } from '../margin/plain';
import { column } from '../memory';
import * as book from './book';

let header: usize = 0;

function compute(u: u32, brackets: bool, funding: bool): void {
  book.ready();
  const rows = column(header, abi.MARKET_PLAIN);
  const start = column(header, abi.MARKET_LINE_START);
  const count = column(header, abi.MARKET_LINE_COUNT);
  const index = column(header, abi.MARKET_FUNDING_INDEX);
  if (brackets) {
    if (funding) plainUnit(u, rows, start, count, true, true, index);
    else plainUnit(u, rows, start, count, true, false, index);
  } else if (funding) plainUnit(u, rows, start, count, false, true, index);
  else plainUnit(u, rows, start, count, false, false, index);
}

function gives(value: f64, initial: f64, maintenance: f64, size: f64): void {
  expect<f64>(equity).toBe(value, 'equity');
  expect<f64>(f64x2.extract_lane(requirement, 0)).toBe(initial, 'initial');
  expect<f64>(f64x2.extract_lane(requirement, 1)).toBe(maintenance, 'maintenance');
  expect<f64>(notional).toBe(size, 'notional');
}

/** Dollars (row 0), a coin at 50 (row 1); market 0 linear at 100, market 1 inverse of 100 at 50; rates 1/4 and 1/8. */
function twoMarkets(): void {
  header = book.newBook();
  const usd = book.asset(1);
  const coin = book.asset(50);
  book.table(book.market(0, usd, 100), [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
  const inverse = book.market(abi.KIND_INVERSE, coin, 50);
  book.set(abi.MARKET_MULTIPLIER, inverse, 100);
  book.table(inverse, [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
  book.unit();
}

describe('a plain unit', () => {
  it('adds balances, profits and requirements up', () => {
    // 500 + 2 * 100 - 180 = 520. Coins 3 + 4 * -2 + 10 = 5, at 50. Notional 200 + 8 * 50.
    twoMarkets();
    book.balance(0, 500);
    book.position(0, 2, 180);
    book.balance(1, 3);
    book.position(1, 4, -10);
    compute(0, false, false);
    gives(520 + 250, 50 + 100, 25 + 50, 600);
  });
  it('knows shorts and debts', () => {
    // -500 - 200 + 220 = -480. Coins -3 + 8 - 10 = -5, at 50.
    twoMarkets();
    book.balance(0, -500);
    book.position(0, -2, -220);
    book.balance(1, -3);
    book.position(1, -4, 10);
    compute(0, false, false);
    gives(-480 - 250, 150, 75, 600);
  });
  it('of no balances is all zero', () => {
    twoMarkets();
    book.balance(0, 7);
    book.unit();
    compute(0, false, false);
    gives(7, 0, 0, 0);
    compute(1, true, true);
    gives(0, 0, 0, 0);
  });
  it('takes the price of equity, whatever a guard says', () => {
    twoMarkets();
    book.set(abi.ASSET_TWAP, 1, 40);
    book.set(abi.ASSET_STABLE, 1, 60);
    book.setIndex(abi.ASSET_GUARD, 1, 0b111);
    book.balance(1, 3);
    compute(0, false, false);
    gives(150, 0, 0, 0);
  });
  it('reads its own rows only', () => {
    twoMarkets();
    book.balance(0, 500);
    book.position(0, 2, 180);
    book.unit();
    book.balance(0, 1);
    book.position(0, 1, 100);
    book.balance(1, 2);
    compute(1, false, false);
    gives(101, 25, 12.5, 100);
  });
});

describe('funding', () => {
  it('is what the index rose since, times the signed size', () => {
    // Long 2: 2 * (7 - 4) paid. Inverse short 4: 4 * (1 - 1/2) coins received.
    twoMarkets();
    book.set(abi.MARKET_FUNDING_INDEX, 0, 7);
    book.set(abi.MARKET_FUNDING_INDEX, 1, 1);
    book.balance(0, 500);
    book.set(abi.POSITION_FUNDING, book.position(0, 2, 200), 4);
    book.balance(1, 0);
    book.set(abi.POSITION_FUNDING, book.position(1, -4, 8), 0.5);
    compute(0, false, true);
    gives(494 + 100, 150, 75, 600);
    compute(0, true, true);
    gives(494 + 100, 150, 75, 600);
  });
  it('is left out of the variants without', () => {
    twoMarkets();
    book.set(abi.MARKET_FUNDING_INDEX, 0, 7);
    book.balance(0, 500);
    book.position(0, 2, 200);
    compute(0, false, false);
    gives(500, 50, 25, 200);
    compute(0, true, false);
    gives(500, 50, 25, 200);
  });
});

describe('brackets', () => {
  it('are the maximum of the lines', () => {
    // 4 contracts are 400: 100 / 4 + 300 / 2 = 175 and 100 / 8 + 300 / 4 = 87.5, settled at 2.
    header = book.newBook();
    const a = book.asset(2);
    book.table(book.market(0, a, 100), [abi.NO_LIMIT, 1, 1, 1]);
    const m = book.market(0, a, 100);
    book.table(m, [100, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.unit();
    book.balance(a, 0);
    book.position(m, -4, -400);
    compute(0, true, false);
    gives(0, 350, 175, 800);
    // On the kink: 25.
    book.set(abi.POSITION_SIZE, 0, -1);
    book.set(abi.POSITION_COST, 0, -100);
    compute(0, true, false);
    gives(0, 50, 25, 200);
    // The variant without brackets knows the first line only.
    book.set(abi.POSITION_SIZE, 0, -4);
    book.set(abi.POSITION_COST, 0, -400);
    compute(0, false, false);
    gives(0, 200, 100, 800);
  });
});

let state: u64 = 88172645463325252;

/** xorshift64, in [0, 1). */
function random(): f64 {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return <f64>(state >> 11) / 9007199254740992.0;
}

/** A plain book of numbers that do not add up exactly, in any order but one. */
function randomBook(lines: i32, funding: bool): void {
  header = book.newBook();
  for (let a = 0; a < 3; a++) book.asset(random() * 1000);
  for (let m = 0; m < 6; m++) {
    const row = book.market(m % 3, m >> 1, 1 + random() * 1000);
    book.set(abi.MARKET_MULTIPLIER, row, random() * 10);
    if (m == 3) book.setIndex(abi.MARKET_BASIS, row, 0b010101);
    if (m == 5) book.setIndex(abi.MARKET_UNIT, row, 0b101010);
    if (funding) book.set(abi.MARKET_FUNDING_INDEX, row, random() - 0.5);
    const table = new Array<f64>();
    let upTo: f64 = 0;
    let rate = random() / 100;
    for (let i = 0; i < lines; i++) {
      upTo += random() * 1000;
      rate *= 1 + random();
      table.push(i == lines - 1 ? abi.NO_LIMIT : upTo);
      table.push(2 * rate);
      table.push(rate);
      table.push(rate);
    }
    book.table(row, table);
  }
  for (let u = 0; u < 4; u++) {
    book.unit();
    for (let a = 0; a < 3; a++) {
      book.balance(a, (random() - 0.5) * 1000);
      for (let m = 2 * a; m < 2 * a + 2; m++) {
        const p = book.position(m, (random() - 0.5) * 100, (random() - 0.5) * 100);
        if (funding) book.set(abi.POSITION_FUNDING, p, random() - 0.5);
      }
    }
  }
}

function bits(x: f64): u64 {
  return reinterpret<u64>(x);
}

function sameBits(brackets: bool, funding: bool): void {
  for (let i = 0; i < 25; i++) {
    randomBook(brackets ? 4 : 1, funding);
    for (let u: u32 = 0; u < 4; u++) {
      compute(u, brackets, funding);
      account.marginUnit(u, 1, 0, 0);
      const collateral = account.collateralB;
      expect<u64>(bits(equity)).toBe(bits(f64x2.extract_lane(collateral, 1)), 'equity');
      expect<u64>(bits(equity)).toBe(bits(f64x2.extract_lane(collateral, 0)), 'collateral at liquidation end');
      expect<u64>(bits(equity)).toBe(bits(f64x2.extract_lane(account.collateralA, 0)), 'initial collateral');
      expect<u64>(bits(equity)).toBe(bits(f64x2.extract_lane(account.collateralA, 1)), 'collateral');
      const needs = account.requirementA;
      expect<u64>(bits(f64x2.extract_lane(requirement, 0))).toBe(bits(f64x2.extract_lane(needs, 0)), 'initial');
      expect<u64>(bits(f64x2.extract_lane(requirement, 1))).toBe(bits(f64x2.extract_lane(needs, 1)), 'maintenance');
      const end = f64x2.extract_lane(account.requirementB, 0);
      expect<u64>(bits(f64x2.extract_lane(requirement, 1))).toBe(bits(end), 'liquidation end');
      expect<u64>(bits(notional)).toBe(bits(account.notional), 'notional');
      expect<bool>(notional > 0 && f64x2.extract_lane(requirement, 1) > 0).toBe(true, 'something to compare');
    }
  }
}

describe('the same bits as the full margin', () => {
  it('with single lines', () => sameBits(false, false));
  it('with funding', () => sameBits(false, true));
  it('with brackets', () => sameBits(true, false));
  it('with brackets and funding', () => sameBits(true, true));
});
