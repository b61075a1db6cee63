// Units of a book without special features, in the four variants of the plain scan: single lines, windows of tables,
// windows and funding, whole tables and funding. And the same bits as the full scan gives.
import * as abi from '../abi';
import { openAccounts, scanFull } from '../margin/account';
import { openPlain, scanSingle, scanWalk, scanWindow, scanWindowFunding } from '../margin/plain';
import * as book from './book';

const SINGLE = 0;
const WINDOW = 1;
const WINDOW_FUNDING = 2;
const WALK = 3;

let header: usize = 0;

function compute(u: u32, variant: i32): void {
  book.ready();
  openPlain(header);
  if (variant == SINGLE) scanSingle(u, u + 1);
  else if (variant == WINDOW) scanWindow(u, u + 1);
  else if (variant == WINDOW_FUNDING) scanWindowFunding(u, u + 1);
  else scanWalk(u, u + 1);
}

function gives(u: u32, equity: f64, initial: f64, maintenance: f64, notional: f64): void {
  expect<f64>(book.get(abi.UNIT_EQUITY, u)).toBe(equity, 'equity');
  expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, u)).toBe(initial, 'initial');
  expect<f64>(book.get(abi.UNIT_MAINTENANCE_MARGIN, u)).toBe(maintenance, 'maintenance');
  expect<f64>(book.get(abi.UNIT_NOTIONAL, u)).toBe(notional, 'notional');
}

/** The same answer in every variant: for books of single lines without funding. */
function alwaysGives(u: u32, equity: f64, initial: f64, maintenance: f64, notional: f64): void {
  for (let variant = SINGLE; variant <= WALK; variant++) {
    compute(u, variant);
    gives(u, equity, initial, maintenance, notional);
  }
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
    alwaysGives(0, 520 + 250, 50 + 100, 25 + 50, 600);
  });
  it('knows shorts and debts', () => {
    // -500 - 200 + 220 = -480. Coins -3 + 8 - 10 = -5, at 50.
    twoMarkets();
    book.balance(0, -500);
    book.position(0, -2, -220);
    book.balance(1, -3);
    book.position(1, -4, 10);
    alwaysGives(0, -480 - 250, 150, 75, 600);
  });
  it('of no balances is all zero', () => {
    twoMarkets();
    book.balance(0, 7);
    book.unit();
    book.set(abi.UNIT_EQUITY, 1, 9);
    alwaysGives(0, 7, 0, 0, 0);
    alwaysGives(1, 0, 0, 0, 0);
  });
  it('takes the price of equity, whatever a guard says', () => {
    twoMarkets();
    book.set(abi.ASSET_TWAP, 1, 40);
    book.set(abi.ASSET_STABLE, 1, 60);
    book.setIndex(abi.ASSET_GUARD, 1, 0b111);
    book.balance(1, 3);
    alwaysGives(0, 150, 0, 0, 0);
  });
  it('reads and writes its own rows only', () => {
    twoMarkets();
    book.balance(0, 500);
    book.position(0, 2, 180);
    book.unit();
    book.balance(0, 1);
    book.position(0, 1, 100);
    book.balance(1, 2);
    book.set(abi.UNIT_EQUITY, 0, 77);
    book.unit();
    alwaysGives(1, 101, 25, 12.5, 100);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(77);
  });
  it('finds the market of a position of either side in hedge mode', () => {
    // Keys 4 * 1 + 1 and 4 * 1 + 2: long 4 and short 1 of market 1, 2 coins a contract.
    twoMarkets();
    book.balance(1, 0);
    book.setIndex(abi.POSITION_KEY, book.position(1, 4, -8), 5);
    book.setIndex(abi.POSITION_KEY, book.position(1, -1, 2), 6);
    alwaysGives(0, 0, 125, 62.5, 500);
  });
});

describe('a range of units', () => {
  it('is scanned from its first to before its last', () => {
    twoMarkets();
    for (let u = 0; u < 3; u++) {
      book.unit();
      book.balance(0, <f64>u);
    }
    for (let variant = SINGLE; variant <= WALK; variant++) {
      for (let u = 0; u < 4; u++) book.set(abi.UNIT_EQUITY, u, -1);
      compute(0, variant);
      if (variant == SINGLE) scanSingle(2, 4);
      else if (variant == WINDOW) scanWindow(2, 4);
      else if (variant == WINDOW_FUNDING) scanWindowFunding(2, 4);
      else scanWalk(2, 4);
      expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(0);
      expect<f64>(book.get(abi.UNIT_EQUITY, 1)).toBe(-1);
      expect<f64>(book.get(abi.UNIT_EQUITY, 2)).toBe(1);
      expect<f64>(book.get(abi.UNIT_EQUITY, 3)).toBe(2);
    }
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
    compute(0, WINDOW_FUNDING);
    gives(0, 494 + 100, 150, 75, 600);
    compute(0, WALK);
    gives(0, 494 + 100, 150, 75, 600);
  });
  it('is left out of the variants without', () => {
    twoMarkets();
    book.set(abi.MARKET_FUNDING_INDEX, 0, 7);
    book.balance(0, 500);
    book.position(0, 2, 200);
    compute(0, SINGLE);
    gives(0, 500, 50, 25, 200);
    compute(0, WINDOW);
    gives(0, 500, 50, 25, 200);
  });
});

/** Requirement of a short of so many contracts of market 1 at the initial and the maintenance level. */
function short(contracts: f64, initial: f64, maintenance: f64): void {
  book.set(abi.POSITION_SIZE, 0, -contracts);
  book.set(abi.POSITION_COST, 0, -contracts * 100);
  for (let variant = WINDOW; variant <= WALK; variant++) {
    compute(0, variant);
    gives(0, 0, initial, maintenance, contracts * 200);
  }
}

describe('tables', () => {
  it('are the maximum of their lines, in the numeraire', () => {
    // Up to 100 at (1/4, 1/8), up to 400 at (1/2, 1/4), beyond at (1, 1/2); a contract is 100, settled at 2.
    header = book.newBook();
    const a = book.asset(2);
    book.table(book.market(0, a, 100), [10, 0.5, 0.5, 0.5, abi.NO_LIMIT, 1, 1, 1]);
    const m = book.market(0, a, 100);
    book.table(m, [100, 0.25, 0.125, 0.125, 400, 0.5, 0.25, 0.25, abi.NO_LIMIT, 1, 0.5, 0.5]);
    book.unit();
    book.balance(a, 0);
    book.position(m, -1, -100);
    short(0, 0, 0);
    // Far below and far above the bounds: 1/128 of a contract, 1024 contracts (25 + 150 + 102000 = 102175).
    short(0.0078125, 0.390625, 0.1953125);
    short(1024, 204350, 102175);
    // The kink at 100: 25. Between: 25 + 100 / 2 = 75. The kink at 400: 175. Beyond: 175 + 400 = 575.
    short(1, 50, 25);
    short(2, 150, 75);
    short(4, 350, 175);
    short(8, 1150, 575);
    // The variant of single lines knows the first only: 800 / 4 and 800 / 8, times 2.
    compute(0, SINGLE);
    gives(0, 0, 400, 200, 1600);
  });
  it('that do not fit a window are walked', () => {
    // Five bounds within a tenth: rates 1/8 to 3/4 in steps of 1/8, bounds 100 to 108 in steps of 2.
    // At 200: 12.5 + 2 * (1/4 + 3/8 + 1/2 + 5/8) + 92 * 3/4 = 85.
    header = book.newBook();
    const m = book.market(0, book.asset(1), 100);
    const lines = new Array<f64>();
    for (let i = 0; i < 6; i++) {
      lines.push(i == 5 ? abi.NO_LIMIT : 100 + 2 * <f64>i);
      for (let k = 0; k < 3; k++) lines.push(<f64>(i + 1) / 8);
    }
    book.table(m, lines);
    book.unit();
    book.balance(0, 0);
    book.position(m, 2, 200);
    compute(0, WALK);
    gives(0, 0, 85, 85, 200);
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
    let upTo = random() * 100;
    let rate = random() / 100;
    for (let i = 0; i < lines; i++) {
      upTo *= 1.5 + random();
      rate *= 1.01 + random();
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

function bits(word: i32, u: u32): u64 {
  return reinterpret<u64>(book.get(word, u));
}

/** Columns of the full scan, each with the column of the plain scan that it equals. */
const full: i32[] = [
  abi.UNIT_EQUITY,
  abi.UNIT_INITIAL_COLLATERAL,
  abi.UNIT_COLLATERAL,
  abi.UNIT_END_COLLATERAL,
  abi.UNIT_INITIAL_MARGIN,
  abi.UNIT_MAINTENANCE_MARGIN,
  abi.UNIT_END_MARGIN,
  abi.UNIT_NOTIONAL,
];
const plain: i32[] = [
  abi.UNIT_EQUITY,
  abi.UNIT_EQUITY,
  abi.UNIT_EQUITY,
  abi.UNIT_EQUITY,
  abi.UNIT_INITIAL_MARGIN,
  abi.UNIT_MAINTENANCE_MARGIN,
  abi.UNIT_MAINTENANCE_MARGIN,
  abi.UNIT_NOTIONAL,
];

function sameBits(variant: i32, lines: i32): void {
  for (let i = 0; i < 25; i++) {
    randomBook(lines, variant >= WINDOW_FUNDING);
    book.ready();
    openAccounts(header);
    scanFull(0, 4);
    const expected = new Array<u64>();
    for (let u: u32 = 0; u < 4; u++) for (let k = 0; k < full.length; k++) expected.push(bits(full[k], u));
    for (let u: u32 = 0; u < 4; u++) {
      compute(u, variant);
      for (let k = 0; k < plain.length; k++) expect<u64>(bits(plain[k], u)).toBe(expected[u * 8 + k]);
      expect<bool>(book.get(abi.UNIT_MAINTENANCE_MARGIN, u) > 0).toBe(true, 'something to compare');
    }
  }
}

describe('the same bits as the full scan', () => {
  it('with single lines', () => sameBits(SINGLE, 1));
  it('with windows', () => sameBits(WINDOW, 5));
  it('with windows and funding', () => sameBits(WINDOW_FUNDING, 5));
  it('with whole tables and funding', () => sameBits(WALK, 5));
  it('with single lines in the variants for tables', () => {
    sameBits(WINDOW, 1);
    sameBits(WALK, 1);
  });
});
