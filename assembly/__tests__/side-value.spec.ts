// Unit values of a market's sides: prices, units, scales and fees, worked out by hand a slot at a time.
import * as abi from '../abi';
import * as book from './book';
import { lanes, same } from './checks';

/** Rates, then deductions of a line per contract. */
function line(word: i32, row: u32, a: f64, b: f64, c: f64, d: f64): void {
  expect<f64>(book.get(word, row * 4)).toBe(a, 'rate, lane 0');
  expect<f64>(book.get(word, row * 4 + 1)).toBe(b, 'rate, lane 1');
  expect<f64>(book.get(word, row * 4 + 2)).toBe(c, 'deduction, lane 0');
  expect<f64>(book.get(word, row * 4 + 3)).toBe(d, 'deduction, lane 1');
}

describe('a linear contract', () => {
  it('of 1/2 unit at 100, settled at 2: profit 50, notional 50, worth 100', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.set(abi.MARKET_MULTIPLIER, m, 0.5);
    book.flatTable(m, 0.25);
    book.ready();
    same(m, abi.SIDE_PNL, 50);
    same(m, abi.SIDE_ROW + abi.SIDE_PNL, 50);
    lanes(m, abi.SIDE_NOTIONAL, 50, 50, 50, 100);
    same(m, abi.SIDE_WORTH, 100);
    same(m, abi.SIDE_FLAT, 0);
    same(m, abi.SIDE_ENTRY, 0);
    expect<f64>(book.ofLong(m, abi.SIDE_OPEN_INTEREST)).toBe(0);
    expect<f64>(book.ofLong(m, abi.SIDE_VALUE)).toBe(100);
  });
  it('is worth the highest price of the settle asset', () => {
    book.newBook();
    const a = book.asset(2);
    book.set(abi.ASSET_TWAP, a, 3);
    book.setIndex(abi.ASSET_GUARD, a, 0b001);
    const m = book.market(0, a, 100);
    book.ready();
    lanes(m, abi.SIDE_WORTH, 300, 200, 200, 200);
    lanes(m, abi.SIDE_NOTIONAL, 100, 100, 100, 200);
  });
  it('with a table in the numeraire has its notional there', () => {
    // Levels initial and liquidation end: 100 * 2. Maintenance stays in settle units.
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_UNIT, m, 0b100010);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 200, 100, 200, 200);
    same(m, abi.SIDE_WORTH, 200);
  });
  it('with a table by contracts has a notional of 1', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_BASIS, m, 0b000100);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 100, 1, 100, 200);
    same(m, abi.SIDE_WORTH, 200);
  });
  it('with a table by entry has a notional per settle unit of cost', () => {
    // Initial in settle units: 1, worth 2. Maintenance in the numeraire: 2, worth 2.
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_BASIS, m, 0b001010);
    book.setIndex(abi.MARKET_UNIT, m, 0b001000);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 1, 2, 100, 200);
    lanes(m, abi.SIDE_ENTRY, 1, 1, 0, 0);
    lanes(m, abi.SIDE_WORTH, 2, 2, 200, 200);
  });
});

describe('an inverse contract', () => {
  it('of 100 at 50 is worth 2 coins, and loses them as the price rises', () => {
    book.newBook();
    const m = book.market(abi.KIND_INVERSE, book.asset(50), 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.ready();
    same(m, abi.SIDE_PNL, -2);
    same(m, abi.SIDE_ROW + abi.SIDE_PNL, -2);
    lanes(m, abi.SIDE_NOTIONAL, 2, 2, 2, 100);
    same(m, abi.SIDE_WORTH, 100);
  });
  it('with a table in the quote has its face as notional', () => {
    // Without a quote asset a unit of the quote is worth coin price / mark = 60 / 50; with one, that asset's price.
    book.newBook();
    const coin = book.asset(60);
    const quote = book.asset(1.5);
    const m = book.market(abi.KIND_INVERSE, coin, 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.setIndex(abi.MARKET_UNIT, m, 0b000101);
    const q = book.market(abi.KIND_INVERSE, coin, 50);
    book.set(abi.MARKET_MULTIPLIER, q, 100);
    book.setIndex(abi.MARKET_QUOTE, q, quote);
    book.setIndex(abi.MARKET_UNIT, q, 0b000101);
    book.ready();
    lanes(m, abi.SIDE_NOTIONAL, 100, 100, 2, 120);
    same(m, abi.SIDE_WORTH, 120);
    lanes(q, abi.SIDE_NOTIONAL, 100, 100, 2, 120);
    lanes(q, abi.SIDE_WORTH, 150, 150, 120, 120);
  });
  it('takes the guarded price of the coin and of its quote', () => {
    book.newBook();
    const coin = book.asset(50);
    const quote = book.asset(1);
    book.set(abi.ASSET_TWAP, quote, 1.25);
    book.setIndex(abi.ASSET_GUARD, quote, 0b001);
    const m = book.market(abi.KIND_INVERSE, coin, 50);
    book.setIndex(abi.MARKET_QUOTE, m, quote);
    book.setIndex(abi.MARKET_UNIT, m, 0b000101);
    book.ready();
    lanes(m, abi.SIDE_WORTH, 1.25, 1, 1, 1);
  });
});

describe('a quanto contract', () => {
  it('of 1/4 coin a point at 100, coin at 40: profit 25 coins, notional 1000', () => {
    book.newBook();
    const m = book.market(2, book.asset(40), 100);
    book.set(abi.MARKET_MULTIPLIER, m, 0.25);
    book.ready();
    same(m, abi.SIDE_PNL, 25);
    lanes(m, abi.SIDE_NOTIONAL, 25, 25, 25, 1000);
    same(m, abi.SIDE_WORTH, 1000);
  });
});

describe('a prediction', () => {
  it('at 1/4: a long can lose 1/4, a short 3/4, both gain with the price', () => {
    book.newBook();
    const m = book.market(abi.KIND_PREDICTION, book.asset(2), 0.25);
    book.set(abi.MARKET_MULTIPLIER, m, 8);
    book.ready();
    same(m, abi.SIDE_PNL, 2);
    same(m, abi.SIDE_ROW + abi.SIDE_PNL, 2);
    lanes(m, abi.SIDE_NOTIONAL, 2, 2, 2, 4);
    lanes(m, abi.SIDE_ROW + abi.SIDE_NOTIONAL, 6, 6, 6, 12);
  });
});

describe('a spot market', () => {
  it('has no contract: only the margin of its orders', () => {
    book.newBook();
    const base = book.asset(10);
    const m = book.spotMarket(base, book.asset(1), false);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 1, 1, 1);
    book.set(abi.MARKET_ORDER_MARGIN, m, 3);
    book.ready();
    same(m, abi.SIDE_PNL, 0);
    same(m, abi.SIDE_NOTIONAL, 0);
    same(m, abi.SIDE_WORTH, 0);
    same(m, abi.SIDE_FLAT, 0);
    expect<f64>(book.ofLong(m, abi.SIDE_ORDER_MARGIN)).toBe(3);
  });
});

describe('guards of a market', () => {
  it('price longs low and shorts high at the guarded levels', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.set(abi.MARKET_TWAP, m, 90);
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b101);
    const n = book.market(0, 0, 100);
    book.set(abi.MARKET_TWAP, n, 120);
    book.set(abi.MARKET_STABLE, n, 90);
    book.setIndex(abi.MARKET_GUARD, n, 0b1010);
    book.ready();
    lanes(m, abi.SIDE_PNL, 90, 100, 90, 100);
    lanes(m, abi.SIDE_NOTIONAL, 90, 100, 90, 100);
    lanes(m, abi.SIDE_ROW + abi.SIDE_PNL, 120, 100, 120, 100);
    lanes(n, abi.SIDE_PNL, 100, 90, 100, 100);
    lanes(n, abi.SIDE_ROW + abi.SIDE_PNL, 100, 120, 100, 100);
  });
});

describe('open interest', () => {
  it('raises the initial rate from the first rate to 1 between the limits', () => {
    // A contract is 100, the limits 1000 and 3000. 10 contracts are at the lower limit, 30 at the upper;
    // 20 are halfway: 1/4 + 1/2 * 3/4 = 5/8.
    book.newBook();
    const a = book.asset(2);
    const open: f64[] = [10, 20, 30, 40];
    for (let i = 0; i < 4; i++) {
      const m = book.market(0, a, 100);
      book.table(m, [500, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.5, 0.5]);
      book.set(abi.MARKET_OPEN_INTEREST, m, open[i]);
      book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
      book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    }
    book.ready();
    expect<f64>(book.ofLong(0, abi.SIDE_OPEN_INTEREST)).toBe(0);
    expect<f64>(book.ofLong(1, abi.SIDE_OPEN_INTEREST)).toBe(0.625);
    expect<f64>(book.ofLong(2, abi.SIDE_OPEN_INTEREST)).toBe(1);
    expect<f64>(book.ofLong(3, abi.SIDE_OPEN_INTEREST)).toBe(1);
  });
  it('counts the face of inverse contracts and starts from the rate of the side', () => {
    // 20 contracts of 100 are 2000 whatever the coin costs. Shorts: 1/2 + 1/2 * 1/2 = 3/4.
    book.newBook();
    const m = book.market(abi.KIND_INVERSE, book.asset(50), 50);
    book.set(abi.MARKET_MULTIPLIER, m, 100);
    book.flatTable(m, 0.25);
    book.shortTable(m, [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    book.set(abi.MARKET_OPEN_INTEREST, m, 20);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_OPEN_INTEREST)).toBe(0.625);
    expect<f64>(book.ofShort(m, abi.SIDE_OPEN_INTEREST)).toBe(0.75);
  });
});

describe('what is flat per contract', () => {
  it('is the closing fee on the notional, in the numeraire', () => {
    // 100 * (1/8, 1/16, 1/32) * 2
    book.newBook();
    book.market(0, book.asset(2), 1);
    const m = book.market(0, 0, 100);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.0625, 0.03125);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 25, 12.5, 6.25, 0);
  });
  it('and at the initial level the confidence penalty on the index', () => {
    // (100 / 8 + (1 - 1/4) * 1/4 * 80) * 2 = (12.5 + 15) * 2 = 55
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.125, 0.125);
    book.set(abi.MARKET_INDEX, m, 80);
    book.set(abi.MARKET_CONFIDENCE, m, 0.25);
    book.set(abi.MARKET_CONFIDENCE_THRESHOLD, m, 0.75);
    book.set(abi.MARKET_CONFIDENCE_FACTOR, m, 0.25);
    const n = book.market(0, 0, 100);
    book.set(abi.MARKET_CONFIDENCE, n, 0.75);
    book.set(abi.MARKET_CONFIDENCE_THRESHOLD, n, 0.75);
    book.set(abi.MARKET_CONFIDENCE_FACTOR, n, 0.25);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 55, 25, 25, 0);
    lanes(n, abi.SIDE_FLAT, 0, 0, 0, 0);
  });
  it('is in the numeraire whatever the unit of the table', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.125, 0.125);
    book.setIndex(abi.MARKET_UNIT, m, 0b000010);
    book.setIndex(abi.MARKET_BASIS, m, 0b000100);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 25, 25, 25, 0);
  });
  it('stays in settle units where the requirement is netted', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_PNL_MODE, m, abi.PNL_NET);
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.125, 0.125);
    book.ready();
    lanes(m, abi.SIDE_FLAT, 12.5, 12.5, 12.5, 0);
    lanes(m, abi.SIDE_WORTH, 100, 100, 100, 200);
  });
});

describe('profit', () => {
  it('has weights and caps by level, none in equity; a cap is in settle units at the low price', () => {
    // 300 / 2, and 300 / 1.5 where the guard counts
    book.newBook();
    const a = book.asset(2);
    book.set(abi.ASSET_TWAP, a, 1.5);
    book.setIndex(abi.ASSET_GUARD, a, 0b001);
    book.market(0, a, 1);
    const m = book.market(0, a, 100);
    book.setLevels(abi.MARKET_PNL_WEIGHT, m, 0.5, 0.75, 0.875);
    book.setLevels(abi.MARKET_PNL_CAP, m, 300, 300, abi.NO_LIMIT);
    book.ready();
    lanes(m, abi.SIDE_PNL_WEIGHT, 0.5, 0.75, 0.875, 1);
    lanes(m, abi.SIDE_PNL_CAP, 200, 150, abi.NO_LIMIT, abi.NO_LIMIT);
    same(0, abi.SIDE_PNL_CAP, abi.NO_LIMIT);
  });
  it('has no cap where the settle asset is worth nothing', () => {
    book.newBook();
    const m = book.market(0, book.asset(0), 100);
    book.setLevels(abi.MARKET_PNL_CAP, m, 300, 300, 300);
    book.ready();
    same(m, abi.SIDE_PNL_CAP, abi.NO_LIMIT);
  });
  it('passes the curve of its weight on', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 1);
    book.set(abi.MARKET_PNL_CURVE, m, 0.125);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_PNL_CURVE)).toBe(0.125);
    expect<f64>(book.ofShort(m, abi.SIDE_PNL_CURVE)).toBe(0.125);
  });
});

describe('the size curve of a market', () => {
  it('is of the size: the multiplier, or coins of an inverse contract', () => {
    book.newBook();
    const a = book.asset(1);
    const m = book.market(0, a, 100);
    book.set(abi.MARKET_MULTIPLIER, m, 0.5);
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, m, 0.75);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.5, 0.25, 0.125);
    const inverse = book.market(abi.KIND_INVERSE, a, 50);
    book.set(abi.MARKET_MULTIPLIER, inverse, 100);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_UNIT)).toBe(0.5);
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_KIND)).toBe(1);
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_BASE)).toBe(0.75);
    lanes(m, abi.SIDE_CURVE_FACTOR, 0.5, 0.25, 0.125, 0);
    expect<f64>(book.ofLong(inverse, abi.SIDE_CURVE_UNIT)).toBe(2);
  });
  it('or of the notional in the quote', () => {
    book.newBook();
    const a = book.asset(3);
    const m = book.market(0, a, 100);
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_POWER);
    book.setIndex(abi.MARKET_CURVE_OF, m, 1);
    book.set(abi.MARKET_CURVE_EXPONENT, m, 0.75);
    const inverse = book.market(abi.KIND_INVERSE, a, 50);
    book.set(abi.MARKET_MULTIPLIER, inverse, 100);
    book.setIndex(abi.MARKET_CURVE_OF, inverse, 1);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_UNIT)).toBe(100);
    expect<f64>(book.ofLong(m, abi.SIDE_CURVE_EXPONENT)).toBe(0.75);
    expect<f64>(book.ofLong(inverse, abi.SIDE_CURVE_UNIT)).toBe(100);
  });
});

describe('tables and orders of a market', () => {
  it('are those of the side', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.table(m, [1000, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.shortTable(m, [abi.NO_LIMIT, 1, 0.5, 0.5]);
    book.set(abi.MARKET_FUNDING_INDEX, m, 7);
    book.ready();
    expect<f64>(book.ofLong(m, abi.SIDE_LINE_START)).toBe(0);
    expect<f64>(book.ofLong(m, abi.SIDE_LINE_COUNT)).toBe(2);
    expect<f64>(book.ofShort(m, abi.SIDE_LINE_START)).toBe(2);
    expect<f64>(book.ofShort(m, abi.SIDE_LINE_COUNT)).toBe(1);
    expect<f64>(book.ofLong(m, abi.SIDE_FUNDING)).toBe(7);
    expect<f64>(book.ofShort(m, abi.SIDE_FUNDING)).toBe(7);
  });
  it('weigh the loss of a fill only where it is asked for', () => {
    book.newBook();
    const a = book.asset(1);
    book.set(abi.MARKET_MULTIPLIER, book.market(0, a, 1), 4);
    book.set(abi.MARKET_MULTIPLIER, book.market(0, a, 1), 4);
    book.setIndex(abi.MARKET_ORDER_LOSS, 1, 1);
    book.ready();
    expect<f64>(book.ofLong(0, abi.SIDE_ORDER_UNIT)).toBe(0);
    expect<f64>(book.ofLong(1, abi.SIDE_ORDER_UNIT)).toBe(4);
  });
});

describe('lines per contract', () => {
  it('are rates times what a contract is worth and deductions in the numeraire', () => {
    // A contract is worth 200 long, 240 short (guarded at maintenance: 120 * 2). Deductions 1000 / 2 = 500, 250, 125.
    book.newBook();
    const a = book.asset(2);
    book.table(book.market(0, a, 1), [abi.NO_LIMIT, 1, 1, 1]);
    const m = book.market(0, a, 100);
    book.set(abi.MARKET_TWAP, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b010);
    book.table(m, [1000, 0.5, 0.25, 0.125, abi.NO_LIMIT, 1, 0.5, 0.25]);
    book.ready();
    line(abi.LINE_LONG_PAIR, 1, 100, 50, 0, 0);
    line(abi.LINE_LONG_PAIR, 2, 200, 100, 1000, 500);
    line(abi.LINE_LONG_END, 1, 25, 0, 0, 0);
    line(abi.LINE_LONG_END, 2, 50, 0, 250, 0);
    line(abi.LINE_SHORT_PAIR, 1, 100, 60, 0, 0);
    line(abi.LINE_SHORT_PAIR, 2, 200, 120, 1000, 500);
    line(abi.LINE_SHORT_END, 2, 50, 0, 250, 0);
  });
  it('of the short table are for shorts', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.flatTable(m, 0.5);
    book.shortTable(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.ready();
    line(abi.LINE_LONG_PAIR, 0, 50, 50, 0, 0);
    line(abi.LINE_SHORT_PAIR, 1, 25, 12.5, 0, 0);
    line(abi.LINE_SHORT_END, 1, 6.25, 0, 0, 0);
  });
  it('of a table by contracts have their deductions in contracts', () => {
    // Up to 10 contracts at 1/4, beyond at 1/2: deduction 10 / 4 contracts of 200.
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_BASIS, m, 0b010101);
    book.table(m, [10, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.ready();
    line(abi.LINE_LONG_PAIR, 1, 100, 50, 500, 250);
  });
});

describe('a market in whole units', () => {
  it('has no worth but that of one settle unit: rates meet whole notionals', () => {
    book.newBook();
    book.market(0, book.asset(2), 100);
    const m = book.market(0, 0, 100);
    book.setIndex(abi.MARKET_ROUNDING, m, abi.ROUNDING_CEIL);
    book.ready();
    lanes(m, abi.SIDE_WORTH, 2, 2, 2, 1);
    lanes(m, abi.SIDE_NOTIONAL, 100, 100, 100, 200);
  });
});
