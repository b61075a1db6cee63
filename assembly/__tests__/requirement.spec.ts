// Requirement of a number of contracts by level: table, then size curve, then floors, then what is flat per contract.
// Unless an example says otherwise a contract is one unit at 100, settled at 1, required at 1/4, 1/8 and 1/8.
import * as abi from '../abi';
import { endOf, ordinaryRequirement, requirement } from '../margin/requirement';
import { sideOf } from '../margin/side';
import * as book from './book';
import { differ, vectors } from './checks';
import { random } from './random';

/** Requirements of `contracts` of a market: (initial, maintenance), then (liquidation end, nothing). */
function needs(m: u32, contracts: f64, initial: f64, maintenance: f64, end: f64, short: u32 = 0): void {
  needsWith(m, contracts, 0, 0, initial, maintenance, end, short);
}

/** The same with an entry notional in settle units and an own initial rate. */
function needsWith(
  m: u32,
  contracts: f64,
  entry: f64,
  rate: f64,
  initial: f64,
  maintenance: f64,
  end: f64,
  short: u32 = 0,
): void {
  book.ready();
  const side = sideOf(m, short);
  const flags = load<i32>(side, abi.SIDE_FLAGS);
  const first = requirement(m, side, short, flags, contracts, entry, rate, false);
  vectors(first, requirement(m, side, short, flags, contracts, entry, rate, true), initial, maintenance, end, 0);
  vectors(first, endOf(m, side, short, flags, contracts, entry, first), initial, maintenance, end, 0);
}

/** Market 1 (so that no row is the first) with a table of one line. */
function contract(kind: u32, mark: f64, multiplier: f64, settlePrice: f64): u32 {
  book.newBook();
  book.flatTable(book.market(0, book.asset(1), 7), 1);
  const m = book.market(kind, book.asset(settlePrice), mark);
  book.set(abi.MARKET_MULTIPLIER, m, multiplier);
  book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.125]);
  return m;
}

function linear(): u32 {
  return contract(0, 100, 1, 1);
}

describe('a table of one line', () => {
  it('asks its rates of the notional, in the numeraire', () => {
    needs(linear(), 2, 50, 25, 25);
    // 4 * 1/2 * 100 = 200 settle units, 600 in the numeraire.
    needs(contract(0, 100, 0.5, 3), 4, 150, 75, 75);
  });
  it('asks nothing of nothing', () => needs(linear(), 0, 0, 0, 0));
});

describe('tables', () => {
  it('are marginal or whole, by level', () => {
    // 4 contracts are 400. Initial, whole: 400 / 2. Maintenance: 100 / 8 + 300 / 4. End: 100 / 8 + 300 / 2.
    const m = linear();
    book.setIndex(abi.MARKET_FORM, m, 0b001);
    book.table(m, [100, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.5]);
    needs(m, 4, 200, 87.5, 162.5);
    needs(m, 1, 25, 12.5, 12.5);
  });
  it('of whole form at liquidation end only', () => {
    // End: 400 / 2. The others: 100 / 4 + 300 / 2, half of it.
    const m = linear();
    book.setIndex(abi.MARKET_FORM, m, 0b100);
    book.table(m, [100, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.5]);
    needs(m, 4, 175, 87.5, 200);
    needs(m, 1, 25, 12.5, 12.5);
  });
  it('of whole form at every level', () => {
    const m = linear();
    book.wholeTable(m, [100, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.5]);
    needs(m, 4, 200, 100, 200);
    needs(m, 1, 25, 12.5, 12.5);
  });
  it('may differ for shorts', () => {
    // 4 short are 400: 100 / 2 + 300 * 3/4 = 275, 100 * 3/8 + 300 / 2 = 187.5, 100 / 4 + 300 * 3/8 = 137.5.
    const m = linear();
    book.shortTable(m, [100, 0.5, 0.375, 0.25, abi.NO_LIMIT, 0.75, 0.5, 0.375]);
    needs(m, 1, 25, 12.5, 12.5);
    needs(m, 1, 50, 37.5, 25, 1);
    needs(m, 4, 275, 187.5, 137.5, 1);
  });
  it('of the market serve shorts through the window, at their own price', () => {
    // Guarded at 120 at every level: 4 are 480, 100 / 4 + 380 / 2 = 215 and half of it; end 100 / 16 + 380 / 8.
    const m = linear();
    book.set(abi.MARKET_STABLE, m, 120);
    book.setIndex(abi.MARKET_GUARD, m, 0b111);
    book.table(m, [100, 0.25, 0.125, 0.0625, abi.NO_LIMIT, 0.5, 0.25, 0.125]);
    needs(m, 4, 215, 107.5, 53.75, 1);
    // Longs: 100 / 4 + 300 / 2; 100 / 16 + 300 / 8.
    needs(m, 4, 175, 87.5, 43.75);
    expect<i32>(book.flagsOf(m, true) & abi.FLAG_ORDINARY).toBe(abi.FLAG_ORDINARY);
  });
  it('in the numeraire, the quote or contracts have their bounds there', () => {
    // 4 contracts settled at 2: 800 in the numeraire. Initial there: 500 / 4 + 300 / 2 = 275.
    // Maintenance in settle units: 400 / 8 = 50, times 2. End by contracts: 4 / 8 of 200.
    const m = contract(0, 100, 1, 2);
    book.setIndex(abi.MARKET_UNIT, m, 0b000010);
    book.setIndex(abi.MARKET_BASIS, m, 0b010000);
    book.table(m, [500, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    needs(m, 4, 275, 100, 100);
    // Inverse in the quote: 8 of 100 are 800 of the quote, worth 1200 where the coin is at 75 and the mark at 50.
    const i = contract(abi.KIND_INVERSE, 50, 100, 75);
    book.setIndex(abi.MARKET_UNIT, i, 0b010101);
    book.table(i, [500, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    // (500 / 4 + 300 / 2) * 1.5 = 412.5, half of it for maintenance
    needs(i, 8, 412.5, 206.25, 206.25);
  });
  it('of whole form in the numeraire have their bounds there', () => {
    // 2 contracts settled at 2 are 400: above 300 at 1/2, while 200 settle units are not.
    const m = contract(0, 100, 1, 2);
    book.setIndex(abi.MARKET_UNIT, m, 0b100010);
    book.wholeTable(m, [300, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    needs(m, 2, 200, 50, 200);
    needs(m, 1, 50, 25, 25);
  });
  it('by entry go by the entry notional, at the levels that say so', () => {
    // Entered at 180 while the mark says 200. Initial by entry: 45. Maintenance by the mark: 25. End by entry: 22.5.
    const m = linear();
    book.setIndex(abi.MARKET_BASIS, m, 0b100010);
    needsWith(m, 2, 180, 0, 45, 25, 22.5);
    // Maintenance by entry, the others by the mark.
    book.setIndex(abi.MARKET_BASIS, m, 0b001000);
    needsWith(m, 2, 180, 0, 50, 22.5, 25);
    // Whole above 190: 200 at the mark is, 180 of entry is not. Maintenance 180 / 8.
    book.wholeTable(m, [190, 0.25, 0.125, 0.125, abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    needsWith(m, 2, 180, 0, 100, 22.5, 100);
  });
});

describe('whole units', () => {
  it('are rounded in settle units, and what is flat is added to their worth', () => {
    // A contract is 2.5, settled at 2: 101 are 252.5, rounded up 253. At 0.05 and 0.03: 12.65 and 7.59, up 13 and 8,
    // worth 26 and 16.
    const m = contract(0, 2.5, 1, 2);
    book.setIndex(abi.MARKET_ROUNDING, m, 5);
    book.table(m, [abi.NO_LIMIT, 0.05, 0.03, 0.03]);
    needs(m, 101, 26, 16, 16);
    // Fees on 101 * 2.5 * 2 = 505.
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.0625, 0.03125);
    needs(m, 101, 26 + 63.125, 16 + 31.5625, 16 + 15.78125);
    // The own rate of 0.1: 25.3, up 26, worth 52.
    needsWith(m, 101, 0, 0.1, 52 + 63.125, 16 + 31.5625, 16 + 15.78125);
  });
  it('are of these contracts, one more or less is another number', () => {
    // 253 at 0.6 and 0.5: 151.8 and 126.5, up 152 and 127. 102 are 255: 153 and 127.5. 100 are 250: 150 and 125.
    const m = contract(0, 2.5, 1, 1);
    book.setIndex(abi.MARKET_ROUNDING, m, 5);
    book.table(m, [abi.NO_LIMIT, 0.6, 0.5, 0.5]);
    needs(m, 101, 152, 127, 127);
    needs(m, 102, 153, 128, 128);
    needs(m, 100, 150, 125, 125);
  });
});

describe('size curves', () => {
  it('of the square root: base * table + factor * sqrt(size) * notional, no less than the table', () => {
    // 4 contracts are 400: table 100, 50. Initial: 100 / 2 + 1/8 * 2 * 400 = 150. Maintenance without factor: 50.
    // End: 50 / 2 + 1/16 * 2 * 400 = 75.
    const m = linear();
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, m, 0.5);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.125, 0, 0.0625);
    needs(m, 4, 150, 50, 75);
    expect<i32>(book.flagsOf(m) & abi.FLAG_ORDINARY).toBe(abi.FLAG_ORDINARY);
  });
  it('of a power of the notional', () => {
    // A contract is 16, its 3/4 power 8. Initial: 1/8 * 8 * 16. Maintenance: the table's 2. End: 1/16 * 8 * 16.
    const m = contract(0, 16, 1, 1);
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_POWER);
    book.setIndex(abi.MARKET_CURVE_OF, m, 1);
    book.set(abi.MARKET_CURVE_EXPONENT, m, 0.75);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.125, 0, 0.0625);
    needs(m, 1, 16, 2, 8);
  });
  it('by entry grow with contracts, on the entry notional', () => {
    // 4 entered for 360: table 90. Initial: 90 / 2 + 1/8 * sqrt(4) * 360 = 135. The others by the mark, without factor.
    const m = linear();
    book.setIndex(abi.MARKET_BASIS, m, 0b000010);
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, m, 0.5);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.125, 0, 0);
    needsWith(m, 4, 360, 0, 135, 50, 50);
  });
});

describe('floors of the initial rate', () => {
  it('by open interest', () => {
    // Halfway between 1000 and 3000: 1/4 + 1/2 * 3/4 = 5/8 of 200
    const m = linear();
    book.set(abi.MARKET_OPEN_INTEREST, m, 20);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    needs(m, 2, 125, 25, 25);
    // The own rate counts where it is higher: 3/4 of 200.
    needsWith(m, 2, 0, 0.75, 150, 25, 25);
    needsWith(m, 2, 0, 0.5, 125, 25, 25);
    book.set(abi.MARKET_OPEN_INTEREST, m, 10);
    needs(m, 2, 50, 25, 25);
    book.set(abi.MARKET_OPEN_INTEREST, m, 30);
    needs(m, 2, 200, 25, 25);
  });
  it('by the own rate', () => {
    const m = linear();
    needsWith(m, 2, 0, 0.5, 100, 25, 25);
    needsWith(m, 2, 0, 0.125, 50, 25, 25);
  });
  it('hold whatever the table and the curve say, and not on top of them', () => {
    // 4 contracts: the table asks 100, the curve 100 / 2 + 1/8 * 2 * 400 = 150; 1/2 of 400 is more, 1/4 of it is not.
    const m = linear();
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, m, 0.5);
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, 0.125, 0, 0);
    needsWith(m, 4, 0, 0.5, 200, 50, 50);
    needsWith(m, 4, 0, 0.25, 150, 50, 50);
  });
});

describe('what is flat per contract', () => {
  it('comes on top of the table: closing fee and confidence penalty', () => {
    // Fees 200 * (1/8, 1/16, 1/32). Penalty at the initial level: (1 - 1/2) * 1/4 * 200 = 25.
    const m = linear();
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0.0625, 0.03125);
    needs(m, 2, 75, 37.5, 31.25);
    book.set(abi.MARKET_CONFIDENCE, m, 0.5);
    book.set(abi.MARKET_CONFIDENCE_THRESHOLD, m, 1);
    book.set(abi.MARKET_CONFIDENCE_FACTOR, m, 0.25);
    needs(m, 2, 100, 37.5, 31.25);
  });
  it('comes on top of a floor', () => {
    // 1/2 of 200, and 200 / 8.
    const m = linear();
    book.setLevels(abi.MARKET_CLOSING_FEE, m, 0.125, 0, 0);
    needsWith(m, 2, 0, 0.5, 125, 25, 25);
  });
});

describe('liquidation end', () => {
  it('is the maintenance lane of the first pair where every input is the same', () => {
    const m = linear();
    book.ready();
    const side = sideOf(m, 0);
    const first = f64x2.replace_lane(f64x2.splat(5), 1, 3);
    const flags = load<i32>(side, abi.SIDE_FLAGS);
    vectors(first, endOf(m, side, 0, flags, 2, 0, first), 5, 3, 3, 0);
    // Without the flag it is computed: 200 / 8.
    vectors(first, endOf(m, side, 0, flags ^ abi.FLAG_SAME_END, 2, 0, first), 5, 3, 25, 0);
  });
  it('has neither own rate nor open interest', () => {
    const m = linear();
    book.table(m, [abi.NO_LIMIT, 0.25, 0.125, 0.0625]);
    book.set(abi.MARKET_OPEN_INTEREST, m, 30);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 1000);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 3000);
    needsWith(m, 2, 0, 2, 400, 25, 12.5);
  });
});

/** Ten lines, each bound 1.75 times the last from 100 up, rates 1/64 to 10/64, 17/16 and 18/16 of them by level. */
function steps(): f64[] {
  const lines = new Array<f64>();
  let upTo: f64 = 100;
  for (let i = 0; i < 10; i++) {
    lines.push(i == 9 ? abi.NO_LIMIT : upTo);
    for (let k = 0; k < 3; k++) lines.push((<f64>(i + 1) / 64) * (1 + <f64>k / 16));
    upTo *= 1.75;
  }
  return lines;
}

/** Requirements of many sizes through the window and line by line, to the bit; `form` by level as in the market. */
function windowsAgree(form: u32): void {
  const m = contract(0, 100, 1, 0.3);
  book.setIndex(abi.MARKET_FORM, m, form);
  book.table(m, steps());
  book.ready();
  const side = sideOf(m, 0);
  const flags = load<i32>(side, abi.SIDE_FLAGS);
  expect<i32>(flags & abi.FLAG_WINDOW).toBe(abi.FLAG_WINDOW);
  const walked = flags & ~(abi.FLAG_ORDINARY | abi.FLAG_WINDOW);
  const different = new Array<f64>();
  let contracts: f64 = 0;
  for (let i = 0; i < 400; i++) {
    // On the very bounds, then from 0.8 to 50,000 in steps of a thirtieth.
    contracts = i < 10 ? (i == 0 ? 1 : contracts * 1.75) : 0.008 * (1 + <f64>(i % 30) / 30) * <f64>(1 << (i / 26));
    for (let ends = 0; ends < 2; ends++) {
      const short = requirement(m, side, 0, flags, contracts, 0, 0, ends == 1);
      const long = requirement(m, side, 0, walked, contracts, 0, 0, ends == 1);
      if (differ(short, long)) different.push(contracts);
    }
  }
  expect<f64[]>(different).toStrictEqual([]);
}

describe('a window of the table gives the bits of the whole table', () => {
  it('of marginal form', () => windowsAgree(0));
  it('of whole form', () => windowsAgree(7));
  it('of whole form at the initial level', () => windowsAgree(1));
  it('of whole form at liquidation end', () => windowsAgree(4));
});

/** A market of up to six lines, with curve, guard, fees, floors and prices by chance: ordinary whatever they are. */
function randomOrdinary(): u32 {
  book.newBook(8);
  const m = book.market(<u32>(random() * 4), book.asset(0.1 + random() * 5), 0.1 + random() * 0.8);
  book.set(abi.MARKET_MULTIPLIER, m, 1 + random());
  if (random() < 0.3) {
    book.set(abi.MARKET_STABLE, m, 0.1 + random() * 0.8);
    book.setIndex(abi.MARKET_GUARD, m, 0b111);
  }
  if (random() < 0.5) book.setIndex(abi.MARKET_FORM, m, <u32>(random() * 8));
  const lines = new Array<f64>();
  const count = 1 + <i32>(random() * 6);
  let upTo: f64 = 1;
  let rate: f64 = 0.01;
  for (let i = 0; i < count; i++) {
    upTo *= 1.5 + random();
    rate += random() / 20;
    lines.push(i == count - 1 ? abi.NO_LIMIT : upTo);
    for (let k = 0; k < 3; k++) lines.push(rate * (1 - <f64>k / 8));
  }
  book.table(m, lines);
  if (random() < 0.5) {
    book.setIndex(abi.MARKET_CURVE_KIND, m, abi.CURVE_SQRT);
    book.set(abi.MARKET_CURVE_BASE, m, random());
    book.setLevels(abi.MARKET_CURVE_FACTOR, m, random() / 9, random() / 9, random() / 9);
  }
  if (random() < 0.5) book.setLevels(abi.MARKET_CLOSING_FEE, m, random(), random(), random());
  if (random() < 0.3) {
    book.set(abi.MARKET_OPEN_INTEREST, m, random() * 100);
    book.set(abi.MARKET_OPEN_INTEREST_LOWER, m, 10);
    book.set(abi.MARKET_OPEN_INTEREST_UPPER, m, 60);
  }
  return m;
}

describe('an ordinary market', () => {
  it('gives the bits of the long way, by window and line by line', () => {
    for (let i = 0; i < 300; i++) {
      const m = randomOrdinary();
      book.ready();
      const short: u32 = i & 1;
      const side = sideOf(m, short);
      const flags = load<i32>(side, abi.SIDE_FLAGS);
      expect<i32>(flags & abi.FLAG_ORDINARY).toBe(abi.FLAG_ORDINARY);
      const long = flags & ~abi.FLAG_ORDINARY;
      const walked = long & ~abi.FLAG_WINDOW;
      let windows = 0;
      let lines = 0;
      for (let j = 0; j < 12; j++) {
        const contracts = j == 0 ? 0 : random() * <f64>(1 << j);
        const rate = j % 3 == 0 ? random() / 4 : 0;
        for (let ends = 0; ends < 2; ends++) {
          const need = ordinaryRequirement(m, side, short, flags, contracts, rate, ends == 1);
          if (differ(need, requirement(m, side, short, long, contracts, 9, rate, ends == 1))) windows++;
          if (differ(need, requirement(m, side, short, walked, contracts, 9, rate, ends == 1))) lines++;
        }
      }
      expect<i32>(windows).toBe(0, 'by window, market ' + i.toString());
      expect<i32>(lines).toBe(0, 'line by line, market ' + i.toString());
    }
  });
});
