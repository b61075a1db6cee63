// Unit values of a book: those of every asset and side, whether a market's sides differ, rates in whole millionths, and the
// row that plain scans read.
import * as abi from '../abi';
import { marketValues } from '../margin/value';
import * as book from './book';

/** Millionths of a market in whole units. */
function ppm(m: u32, initial: f64, maintenance: f64, base: f64, fraction: f64): void {
  expect<f64>(book.get(abi.MARKET_PPM, m * 5)).toBe(initial, 'initial');
  expect<f64>(book.get(abi.MARKET_PPM, m * 5 + 1)).toBe(maintenance, 'maintenance');
  expect<f64>(book.get(abi.MARKET_PPM, m * 5 + 2)).toBe(base, 'base');
  expect<f64>(book.get(abi.MARKET_PPM, m * 5 + 3)).toBe(fraction, 'fraction');
}

describe('a market in whole units', () => {
  it('has its rates in millionths, others have none', () => {
    book.newBook();
    book.market(0, book.asset(2), 100);
    const m = book.market(0, 0, 100);
    book.setIndex(abi.MARKET_ROUNDING, m, abi.ROUNDING_CEIL);
    book.table(m, [abi.NO_LIMIT, 0.05, 0.03, 0.03]);
    book.set(abi.MARKET_MAINTENANCE_FRACTION, m, 0.6);
    book.ready();
    ppm(m, 50000, 30000, 50000, 600000);
    ppm(0, 0, 0, 0, 0);
  });
  it('rounds its initial rate under open interest down to a millionth', () => {
    // 13 contracts of 100 between 1000 and 1700: 250000 + 300 * 750000 / 700 = 250000 + 321428.57...
    book.newBook();
    const a = book.asset(1);
    const open: f64[] = [10, 13, 17, 18, 12.995];
    for (let i = 0; i < 5; i++) {
      const m = book.market(0, a, 100);
      book.setIndex(abi.MARKET_ROUNDING, m, 4 | abi.ROUNDING_CEIL);
      book.flatTable(m, 0.25);
      book.set(abi.MARKET_OPEN_INTEREST, m, open[i]);
      book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
      book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 1700);
    }
    book.ready();
    ppm(0, 250000, 250000, 250000, 0);
    ppm(1, 571428, 250000, 250000, 0);
    ppm(2, 1000000, 250000, 250000, 0);
    ppm(3, 1000000, 250000, 250000, 0);
    // 1299.5 is 1300 rounded up.
    ppm(4, 571428, 250000, 250000, 0);
  });
  it('without open-interest limits or rounding keeps its rate', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.flatTable(m, 0.25);
    book.set(abi.MARKET_OPEN_INTEREST, m, 1e6);
    book.setIndex(abi.MARKET_ROUNDING, m, 1);
    const n = book.market(0, 0, 100);
    book.flatTable(n, 0.25);
    book.set(abi.MARKET_OPEN_INTEREST, n, 20);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, n, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, n, 3000);
    book.ready();
    ppm(m, 250000, 250000, 250000, 0);
    ppm(n, 0, 0, 0, 0);
  });
});

describe('a market is sided', () => {
  it('where shorts have another value, guarded price or table', () => {
    book.newBook();
    const a = book.asset(1);
    book.flatTable(book.market(0, a, 100), 0.5);
    book.flatTable(book.market(abi.KIND_INVERSE, a, 50), 0.5);
    book.flatTable(book.market(abi.KIND_PREDICTION, a, 0.25), 0.5);
    book.flatTable(book.market(0, a, 100), 0.5);
    book.set(abi.MARKET_STABLE, 3, 120);
    book.setIndex(abi.MARKET_GUARD, 3, 0b100);
    book.flatTable(book.market(0, a, 100), 0.5);
    book.shortTable(4, [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    // At 1/2 longs and shorts of a prediction can lose the same.
    book.flatTable(book.market(abi.KIND_PREDICTION, a, 0.5), 0.5);
    book.setIndex(abi.MARKET_SIDED, 0, 7);
    book.ready();
    const expected: u32[] = [0, 0, 1, 1, 1, 0];
    for (let m: u32 = 0; m < 6; m++) expect<u32>(book.index(abi.MARKET_SIDED, m)).toBe(expected[m]);
  });
});

describe('the plain row', () => {
  it('is the long side: profit, value, and the first line per contract', () => {
    // 100 / 50 = 2 coins at 60: (1/2, 1/4) of 120.
    book.newBook();
    const m = book.market(abi.KIND_INVERSE, book.asset(60), 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.setIndex(abi.MARKET_UNIT, m, 0b000100);
    book.table(m, [1000, 0.5, 0.25, 0.25, abi.NO_LIMIT, 1, 1, 1]);
    book.ready();
    expect<f64>(book.ofPlain(m, abi.PLAIN_PNL)).toBe(-2);
    expect<f64>(book.ofPlain(m, abi.PLAIN_VALUE)).toBe(120);
    expect<f64>(book.ofPlain(m, abi.PLAIN_NOTIONAL)).toBe(2);
    expect<f64>(book.ofPlain(m, abi.PLAIN_RATE, 0)).toBe(60);
    expect<f64>(book.ofPlain(m, abi.PLAIN_RATE, 1)).toBe(30);
  });
  it('has rate 0 without a table', () => {
    book.newBook();
    const a = book.asset(1);
    book.flatTable(book.market(0, a, 100), 0.5);
    book.market(0, a, 100);
    book.ready();
    expect<f64>(book.ofPlain(0, abi.PLAIN_RATE, 0)).toBe(50);
    expect<f64>(book.ofPlain(1, abi.PLAIN_RATE, 0)).toBe(0);
    expect<f64>(book.ofPlain(1, abi.PLAIN_RATE, 1)).toBe(0);
  });
});

describe('values', () => {
  it('are those of every asset and of both sides of every market', () => {
    // The second asset at 3 and the second market at 100: 300 long, 360 short where a guard says 120.
    book.newBook();
    book.asset(2);
    book.market(0, book.asset(3), 7);
    const m = book.market(0, 1, 100);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b001);
    book.ready();
    expect<f64>(book.ofAsset(0, abi.ASSET_LOW)).toBe(2);
    expect<f64>(book.ofAsset(1, abi.ASSET_LOW)).toBe(3);
    expect<f64>(book.ofLong(0, abi.SIDE_WORTH)).toBe(21);
    expect<f64>(book.ofLong(m, abi.SIDE_WORTH)).toBe(300);
    expect<f64>(book.ofShort(m, abi.SIDE_WORTH)).toBe(360);
  });
  it('of one market alone leave assets and other markets as they were', () => {
    // The price goes from 2 to 5, marks from 100 to 110. Market 1 takes its mark: the settle asset stays at 2. Its 15 open
    // contracts go from 1500 to 1650 between 1000 and 1700: 250000 + 500 * 750000 / 700, and with 650, rounded down.
    book.newBook();
    const a = book.asset(2);
    for (let m = 0; m < 3; m++) {
      book.flatTable(book.market(0, a, 100), 0.25);
      book.setIndex(abi.MARKET_ROUNDING, m, 4 | abi.ROUNDING_CEIL);
      book.set(abi.MARKET_OPEN_INTEREST, m, 15);
      book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
      book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 1700);
    }
    book.ready();
    book.set(abi.ASSET_PRICE, a, 5);
    for (let m = 0; m < 3; m++) book.set(abi.MARKET_MARK, m, 110);
    marketValues(book.header, 1);
    expect<f64>(book.ofAsset(a, abi.ASSET_LOW)).toBe(2);
    for (let m = 0; m < 3; m++) {
      const mark: f64 = m == 1 ? 110 : 100;
      expect<f64>(book.ofLong(m, abi.SIDE_PNL)).toBe(mark);
      expect<f64>(book.ofShort(m, abi.SIDE_PNL)).toBe(mark);
      expect<f64>(book.ofPlain(m, abi.PLAIN_VALUE)).toBe(2 * mark);
    }
    ppm(0, 785714, 250000, 250000, 0);
    ppm(1, 946428, 250000, 250000, 0);
    ppm(2, 785714, 250000, 250000, 0);
  });
  it('of one market say anew whether its sides differ', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 2; m++) {
      book.flatTable(book.market(0, a, 100), 0.25);
      book.setIndex(abi.MARKET_GUARD, m, 0b001);
    }
    book.ready();
    for (let m = 0; m < 2; m++) book.set(abi.MARKET_MARK, m, 110);
    marketValues(book.header, 1);
    expect<u32>(book.index(abi.MARKET_SIDED, 0)).toBe(0);
    expect<u32>(book.index(abi.MARKET_SIDED, 1)).toBe(1);
  });
});
