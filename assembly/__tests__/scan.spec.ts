// The scan: results to columns, status and the `<=` rule, the liquidatable list, house totals, partial scans, and which
// variant runs. Unit values are settled before each.
import * as abi from '../abi';
import { scan } from '../margin/scan';
import { values } from '../margin/value';
import { column } from '../memory';
import * as book from './book';

const FULL = abi.FEATURE_FULL;

let header: usize = 0;

/** Scans units [from, to) with the parts of the model that the bits name. */
function run(features: u32, from: u32, to: u32, whole: bool): void {
  book.setIndex(abi.HOUSE_FEATURES, 0, features);
  values(header);
  scan(header, from, to, whole);
}

function scanAll(features: u32): void {
  run(features, 0, book.count(abi.COUNT_UNIT), true);
}

/** Dollars, and a market at 100 that requires 1/4 and 1/8 (liquidation end 1/8). */
function house(): void {
  header = book.newBook();
  const usd = book.asset(1);
  book.table(book.market(0, usd, 100), [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
}

/** A unit with dollars and a long of 8 contracts entered at 100: initial requirement 200, maintenance 100. */
function trader(dollars: f64): u32 {
  const u = book.unit();
  book.balance(0, dollars);
  book.position(0, 8, 800);
  return u;
}

function status(u: u32): u32 {
  return book.index(abi.UNIT_STATUS, u);
}

function totals(equity: f64, collateral: f64, initial: f64, maintenance: f64, notional: f64, deficit: f64): void {
  expect<f64>(book.get(abi.HOUSE_TOTALS, 0)).toBe(equity, 'equity');
  expect<f64>(book.get(abi.HOUSE_TOTALS, 1)).toBe(collateral, 'collateral');
  expect<f64>(book.get(abi.HOUSE_TOTALS, 2)).toBe(initial, 'initial margin');
  expect<f64>(book.get(abi.HOUSE_TOTALS, 3)).toBe(maintenance, 'maintenance margin');
  expect<f64>(book.get(abi.HOUSE_TOTALS, 4)).toBe(notional, 'notional');
  expect<f64>(book.get(abi.HOUSE_TOTALS, 5)).toBe(deficit, 'deficit');
}

function listed(): u32 {
  return book.index(abi.HOUSE_LIQUIDATABLE, 0);
}

/** Statuses of units with these many dollars, as digits. */
function statuses(features: u32, dollars: f64[]): string {
  house();
  for (let i = 0; i < dollars.length; i++) trader(dollars[i]);
  scanAll(features);
  let digits = '';
  for (let i = 0; i < dollars.length; i++) digits += status(i).toString();
  return digits;
}

describe('status', () => {
  it('is healthy from the initial requirement up, a warning from the maintenance requirement up', () => {
    // Requirements 200 and 100.
    expect<string>(statuses(0, [250, 200, 199.5, 100, 99.5, 0, -0.5])).toBe('0011223');
    expect<string>(statuses(FULL, [250, 200, 199.5, 100, 99.5, 0, -0.5])).toBe('0011223');
  });
  it('is liquidatable at the maintenance requirement where the rule says <=', () => {
    house();
    trader(100.5);
    trader(100);
    trader(99.5);
    trader(-1);
    book.setIndex(abi.HOUSE_RULE, 0, 1);
    scanAll(0);
    expect<u32>(status(0)).toBe(1);
    expect<u32>(status(1)).toBe(2);
    expect<u32>(status(2)).toBe(2);
    expect<u32>(status(3)).toBe(3);
    expect<u32>(listed()).toBe(3);
    scanAll(FULL);
    expect<u32>(status(0)).toBe(1);
    expect<u32>(status(1)).toBe(2);
  });
  it('under <= is not for a unit that is required nothing, empty or in debt', () => {
    house();
    book.unit();
    book.unit();
    book.balance(0, -5);
    book.setIndex(abi.HOUSE_RULE, 0, 1);
    scanAll(0);
    expect<u32>(status(0)).toBe(0);
    expect<u32>(status(1)).toBe(1);
    book.setIndex(abi.HOUSE_RULE, 0, 0);
    scanAll(0);
    expect<u32>(status(0)).toBe(0);
    expect<u32>(status(1)).toBe(3);
  });
  it('compares health at each level with the collateral of that level', () => {
    // 8 long: 200, 100. Dollars weigh 1/2 initially, 3/4 at maintenance. 120: 60, 90: liquidatable, not bankrupt.
    // 400: 200, 300: healthy. 300: 150, 225: warning.
    house();
    book.weights(0, [0.5, 0.75, 1], [1, 1, 1]);
    trader(120);
    trader(400);
    trader(300);
    scanAll(FULL);
    expect<u32>(status(0)).toBe(2);
    expect<u32>(status(1)).toBe(0);
    expect<u32>(status(2)).toBe(1);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(120);
    expect<f64>(book.get(abi.UNIT_INITIAL_COLLATERAL, 0)).toBe(60);
    expect<f64>(book.get(abi.UNIT_COLLATERAL, 0)).toBe(90);
    expect<f64>(book.get(abi.UNIT_END_COLLATERAL, 0)).toBe(120);
  });
});

describe('results', () => {
  it('of the full scan fill every column', () => {
    // Coins at 50 of weights 1/2, 3/4, 7/8; 8 long at 100, at (1/4, 1/8, 1/16) and gaining 8 dollars; multiplier 2,
    // buffer 1/32 of 800.
    house();
    book.table(0, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    const coin = book.asset(50);
    book.weights(coin, [0.5, 0.75, 0.875], [1, 1, 1]);
    book.unit();
    const u = book.unit();
    book.set(abi.UNIT_MULTIPLIER, u, 2);
    book.set(abi.UNIT_BUFFER, u, 0.03125);
    book.balance(0, 500);
    book.position(0, 8, 792);
    book.balance(coin, 2);
    scanAll(FULL);
    expect<f64>(book.get(abi.UNIT_EQUITY, u)).toBe(608);
    expect<f64>(book.get(abi.UNIT_INITIAL_COLLATERAL, u)).toBe(558);
    expect<f64>(book.get(abi.UNIT_COLLATERAL, u)).toBe(583);
    expect<f64>(book.get(abi.UNIT_END_COLLATERAL, u)).toBe(595.5);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, u)).toBe(400);
    expect<f64>(book.get(abi.UNIT_MAINTENANCE_MARGIN, u)).toBe(200);
    expect<f64>(book.get(abi.UNIT_END_MARGIN, u)).toBe(125);
    expect<f64>(book.get(abi.UNIT_NOTIONAL, u)).toBe(800);
    expect<u32>(book.index(abi.HOUSE_WRITTEN, 0)).toBe(abi.WRITTEN_COLLATERAL | abi.WRITTEN_END);
  });
  it('of the full scan take the rate floor of the unit', () => {
    house();
    trader(500);
    book.set(abi.UNIT_RATE_FLOOR, 0, 0.5);
    scanAll(FULL);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(400);
    expect<f64>(book.get(abi.UNIT_MAINTENANCE_MARGIN, 0)).toBe(100);
  });
  it('of the plain scan fill what is not a copy, and say so', () => {
    house();
    trader(7);
    const u = trader(500);
    book.set(abi.UNIT_COLLATERAL, u, -1);
    book.set(abi.UNIT_INITIAL_COLLATERAL, u, -1);
    book.set(abi.UNIT_END_COLLATERAL, u, -1);
    book.set(abi.UNIT_END_MARGIN, u, -1);
    book.setIndex(abi.HOUSE_WRITTEN, 0, 3);
    scanAll(0);
    expect<f64>(book.get(abi.UNIT_EQUITY, u)).toBe(500);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, u)).toBe(200);
    expect<f64>(book.get(abi.UNIT_MAINTENANCE_MARGIN, u)).toBe(100);
    expect<f64>(book.get(abi.UNIT_NOTIONAL, u)).toBe(800);
    expect<f64>(book.get(abi.UNIT_COLLATERAL, u)).toBe(-1);
    expect<f64>(book.get(abi.UNIT_INITIAL_COLLATERAL, u)).toBe(-1);
    expect<f64>(book.get(abi.UNIT_END_COLLATERAL, u)).toBe(-1);
    expect<f64>(book.get(abi.UNIT_END_MARGIN, u)).toBe(-1);
    expect<u32>(book.index(abi.HOUSE_WRITTEN, 0)).toBe(0);
  });
});

describe('the variant', () => {
  it('is chosen by the features', () => {
    // Two lines: 100 / 4 + 700 / 2 = 375. Funding: 8 * 2 = 16. Weight 1/2, which only the full scan knows.
    house();
    book.table(0, [100, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.set(abi.MARKET_FUNDING_INDEX, 0, 2);
    book.weights(0, [0.5, 0.5, 0.5], [1, 1, 1]);
    trader(500);
    scanAll(0);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(500);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(200);
    scanAll(abi.FEATURE_FUNDING);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(484);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(375);
    scanAll(abi.FEATURE_BRACKETS);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(500);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(375);
    scanAll(abi.FEATURE_BRACKETS | abi.FEATURE_FUNDING);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(484);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(375);
    scanAll(abi.FEATURE_BRACKETS | abi.FEATURE_WALK);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(484);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(375);
    expect<u32>(book.index(abi.HOUSE_WRITTEN, 0)).toBe(0);
    scanAll(abi.FEATURE_FULL);
    expect<f64>(book.get(abi.UNIT_COLLATERAL, 0)).toBe(242);
    scanAll(abi.FEATURE_FULL | abi.FEATURE_BRACKETS | abi.FEATURE_FUNDING | abi.FEATURE_WALK);
    expect<f64>(book.get(abi.UNIT_COLLATERAL, 0)).toBe(242);
    expect<f64>(book.get(abi.UNIT_INITIAL_MARGIN, 0)).toBe(375);
    expect<u32>(book.index(abi.HOUSE_WRITTEN, 0)).toBe(3);
  });
});

describe('the house', () => {
  it('adds its units up, and what is missing of the bankrupt', () => {
    house();
    trader(500);
    trader(-50);
    trader(90);
    trader(-30);
    scanAll(0);
    totals(510, 510, 800, 400, 3200, 80);
    scanAll(FULL);
    totals(510, 510, 800, 400, 3200, 80);
  });
  it('adds the collateral at the maintenance weights', () => {
    // 500 * 3/4 - 50
    house();
    book.weights(0, [0.5, 0.75, 1], [1, 1, 1]);
    trader(500);
    trader(-50);
    scanAll(FULL);
    totals(450, 325, 400, 200, 1600, 50);
  });
  it('lists its liquidatable units in order, the bankrupt among them', () => {
    house();
    trader(500);
    trader(90);
    trader(150);
    trader(-5);
    trader(99);
    trader(100);
    scanAll(0);
    expect<u32>(listed()).toBe(3);
    expect<u32>(book.index(abi.UNIT_LIST, 0)).toBe(1);
    expect<u32>(book.index(abi.UNIT_LIST, 1)).toBe(3);
    expect<u32>(book.index(abi.UNIT_LIST, 2)).toBe(4);
    scanAll(FULL);
    expect<u32>(listed()).toBe(3);
    expect<u32>(book.index(abi.UNIT_LIST, 2)).toBe(4);
  });
  it('starts anew with every whole scan', () => {
    house();
    trader(50);
    scanAll(0);
    scanAll(0);
    totals(50, 50, 200, 100, 800, 0);
    expect<u32>(listed()).toBe(1);
    book.set(abi.BALANCE_AMOUNT, 0, 500);
    scanAll(FULL);
    totals(500, 500, 200, 100, 800, 0);
    expect<u32>(listed()).toBe(0);
  });
  it('folds its sums in unit order: (1e16 + 1) - 1e16 = 0', () => {
    house();
    const dollars: f64[] = [1e16, 1, -1e16];
    for (let i = 0; i < 3; i++) {
      book.unit();
      book.balance(0, dollars[i]);
    }
    scanAll(0);
    totals(0, 0, 0, 0, 0, 1e16);
    scanAll(FULL);
    totals(0, 0, 0, 0, 0, 1e16);
  });
  it('of no units has nothing', () => {
    house();
    book.set(abi.HOUSE_TOTALS, 0, 9);
    book.setIndex(abi.HOUSE_LIQUIDATABLE, 0, 9);
    scanAll(0);
    totals(0, 0, 0, 0, 0, 0);
    expect<u32>(listed()).toBe(0);
  });
});

/** Scans the middle of three units after a price fall, and checks that nothing else is touched. */
function partial(features: u32): void {
  house();
  trader(500);
  trader(300);
  trader(90);
  scanAll(features);
  totals(890, 890, 600, 300, 2400, 0);
  book.set(abi.MARKET_MARK, 0, 50);
  run(features, 1, 2, false);
  // 300 - 8 * 50 = -100
  expect<f64>(book.get(abi.UNIT_EQUITY, 1)).toBe(-100);
  expect<f64>(book.get(abi.UNIT_MAINTENANCE_MARGIN, 1)).toBe(50);
  expect<u32>(status(1)).toBe(3);
  expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(500);
  expect<f64>(book.get(abi.UNIT_EQUITY, 2)).toBe(90);
  expect<u32>(status(0)).toBe(0);
  totals(890, 890, 600, 300, 2400, 0);
  expect<u32>(listed()).toBe(1);
  expect<u32>(book.index(abi.UNIT_LIST, 0)).toBe(2);
}

describe('a partial scan', () => {
  it('leaves the other units, the totals and the list alone', () => {
    partial(0);
    partial(FULL);
  });
  it('of an empty range touches no unit', () => {
    house();
    trader(500);
    scanAll(FULL);
    book.set(abi.MARKET_MARK, 0, 50);
    run(FULL, 1, 1, false);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(500);
    totals(500, 500, 200, 100, 800, 0);
  });
});

describe('a scan of many units', () => {
  it('works in blocks of 512 and leaves no seam: 1100 units, every one before a seam liquidatable', () => {
    header = book.newBook(1100);
    book.asset(1);
    book.table(book.market(0, 0, 100), [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
    for (let u: u32 = 0; u < 1100; u++) trader(u % 512 == 511 || u == 1099 ? 90 : 512);
    // 1097 * 512 + 3 * 90 = 561934
    scanAll(0);
    totals(561934, 561934, 220000, 110000, 880000, 0);
    expect<u32>(listed()).toBe(3);
    expect<u32>(book.index(abi.UNIT_LIST, 0)).toBe(511);
    expect<u32>(book.index(abi.UNIT_LIST, 1)).toBe(1023);
    expect<u32>(book.index(abi.UNIT_LIST, 2)).toBe(1099);
    expect<u32>(status(512)).toBe(0);
    scanAll(FULL);
    totals(561934, 561934, 220000, 110000, 880000, 0);
    expect<u32>(listed()).toBe(3);
    // Part of it, across a seam: units 500 to 1030 at another price, 8 * 1 lost.
    book.set(abi.MARKET_MARK, 0, 99);
    run(0, 500, 1030, false);
    expect<f64>(book.get(abi.UNIT_EQUITY, 499)).toBe(512);
    expect<f64>(book.get(abi.UNIT_EQUITY, 500)).toBe(504);
    expect<f64>(book.get(abi.UNIT_EQUITY, 1012)).toBe(504);
    expect<f64>(book.get(abi.UNIT_EQUITY, 1029)).toBe(504);
    expect<f64>(book.get(abi.UNIT_EQUITY, 1030)).toBe(512);
  });
});

describe('doubt', () => {
  it('of a rounded number is a bit beside the status of the unit', () => {
    // A contract of 0.1 * 10: 8 of them are 8.000..., either side of a whole number for all that doubles can say.
    house();
    book.setIndex(abi.MARKET_ROUNDING, 0, 5);
    book.set(abi.MARKET_MULTIPLIER, 0, 0.1);
    book.set(abi.MARKET_MARK, 0, 10.5);
    book.unit();
    book.balance(0, 50);
    book.position(0, 1.5, 1.575);
    book.unit();
    book.balance(0, 50);
    book.position(0, 20, 21);
    book.unit();
    book.balance(0, -50);
    book.position(0, 20, 21);
    scanAll(FULL);
    // 1.5 * 1.05 = 1.575 is not near a whole number, 20 * 1.05 = 21 is.
    expect<u32>(status(0)).toBe(0);
    expect<u32>(status(1)).toBe(abi.INEXACT);
    expect<u32>(status(2)).toBe(abi.INEXACT + 3);
    expect<u32>(listed()).toBe(1);
    scanAll(0);
    expect<u32>(status(1)).toBe(0);
  });
});

describe('a scan', () => {
  it('reads the book it is given', () => {
    house();
    trader(500);
    const first = header;
    house();
    trader(90);
    scanAll(0);
    expect<f64>(book.get(abi.UNIT_EQUITY, 0)).toBe(90);
    store<u32>(column(first, abi.HOUSE_FEATURES), FULL);
    values(first);
    scan(first, 0, 1, true);
    expect<f64>(load<f64>(column(first, abi.UNIT_EQUITY))).toBe(500);
    expect<f64>(load<f64>(column(first, abi.HOUSE_TOTALS))).toBe(500);
    expect<f64>(book.get(abi.HOUSE_TOTALS, 0)).toBe(90);
  });
  it('gives the same bits plain and full', () => {
    house();
    const u = trader(500.1);
    book.set(abi.MARKET_MARK, 0, 99.7);
    trader(0.3);
    trader(-7.7);
    scanAll(0);
    const columns = [abi.UNIT_EQUITY, abi.UNIT_INITIAL_MARGIN, abi.UNIT_MAINTENANCE_MARGIN, abi.UNIT_NOTIONAL];
    const plain = new Array<f64>();
    for (let i = 0; i < 4; i++) for (let k: u32 = 0; k < 3; k++) plain.push(book.get(columns[i], u + k));
    for (let k = 0; k < 6; k++) plain.push(book.get(abi.HOUSE_TOTALS, k));
    scanAll(FULL);
    for (let i = 0; i < 4; i++) {
      for (let k: u32 = 0; k < 3; k++) expect<f64>(book.get(columns[i], u + k)).toBe(plain[i * 3 + k]);
    }
    for (let k = 0; k < 6; k++) expect<f64>(book.get(abi.HOUSE_TOTALS, k)).toBe(plain[12 + k]);
  });
});
