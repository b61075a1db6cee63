// Flags of a side: what its rows need beside profit and table, and which short ways they may go.
import * as abi from '../abi';
import * as book from './book';

/** Flags of a market without special features. */
const ORDINARY: i32 = abi.FLAG_WINDOW | abi.FLAG_SAME_END | abi.FLAG_FULL_PROFIT | abi.FLAG_ORDINARY;

describe('a side', () => {
  it('without special features may go every short way', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.flatTable(m, 0.25);
    book.ready();
    expect<i32>(book.flagsOf(m)).toBe(ORDINARY);
    expect<i32>(book.flagsOf(m, true)).toBe(ORDINARY);
  });
  it('without a table has no window', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.ready();
    expect<i32>(book.flagsOf(m)).toBe(abi.FLAG_SAME_END | abi.FLAG_FULL_PROFIT);
  });
  it('in whole units has a window and leaves the runs', () => {
    book.newBook();
    const m = book.market(0, book.asset(2), 100);
    book.setIndex(abi.MARKET_ROUNDING, m, abi.ROUNDING_CEIL);
    book.flatTable(m, 0.25);
    book.ready();
    expect<i32>(book.flagsOf(m)).toBe(abi.FLAG_WHOLE_UNITS | (ORDINARY ^ abi.FLAG_ORDINARY));
  });
  it('of a spot market names how its orders count', () => {
    book.newBook();
    const base = book.asset(10);
    const quote = book.asset(1);
    const fill = book.spotMarket(base, quote, false);
    const reserve = book.spotMarket(base, quote, true);
    book.ready();
    expect<i32>(book.flagsOf(fill) & 15).toBe(abi.FLAG_SPOT_FILL);
    expect<i32>(book.flagsOf(reserve) & 15).toBe(abi.FLAG_SPOT_RESERVE);
  });
});

describe('a table', () => {
  it('by entry at some level is read by entry', () => {
    book.newBook();
    const a = book.asset(1);
    const bases: u32[] = [0b000010, 0b001000, 0b100000, 0b010101];
    for (let m = 0; m < 4; m++) {
      book.market(0, a, 100);
      book.setIndex(abi.MARKET_BASIS, m, bases[m]);
    }
    book.ready();
    for (let m = 0; m < 4; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_ENTRY) != 0).toBe(m < 3);
    expect<i32>(book.flagsOf(0)).toBe(abi.FLAG_ENTRY | abi.FLAG_SAME_END | abi.FLAG_FULL_PROFIT);
  });
  it('needs bounds only where it is whole and has more than one line', () => {
    book.newBook();
    const a = book.asset(1);
    book.wholeTable(book.market(0, a, 1), [abi.NO_LIMIT, 0.5, 0.5, 0.5]);
    book.wholeTable(book.market(0, a, 1), [10, 0.5, 0.5, 0.5, abi.NO_LIMIT, 1, 1, 1]);
    book.table(book.market(0, a, 1), [10, 0.5, 0.5, 0.5, abi.NO_LIMIT, 1, 1, 1]);
    book.ready();
    expect<i32>(book.flagsOf(0) & abi.FLAG_WHOLE).toBe(0);
    expect<i32>(book.flagsOf(1) & abi.FLAG_WHOLE).toBe(abi.FLAG_WHOLE);
    expect<i32>(book.flagsOf(2) & abi.FLAG_WHOLE).toBe(0);
  });
  it('has its form behind the flags, by level', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 1);
    book.setIndex(abi.MARKET_FORM, m, 0b101);
    book.ready();
    expect<i32>(book.flagsOf(m) >>> abi.FLAG_FORM_SHIFT).toBe(0b101);
  });
  it('under a size curve says so', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 3; m++) book.setIndex(abi.MARKET_CURVE_KIND, book.market(0, a, 1), m);
    book.ready();
    expect<i32>(book.flagsOf(0) & abi.FLAG_CURVE).toBe(0);
    expect<i32>(book.flagsOf(1) & abi.FLAG_CURVE).toBe(abi.FLAG_CURVE);
    expect<i32>(book.flagsOf(2) & abi.FLAG_CURVE).toBe(abi.FLAG_CURVE);
  });
});

describe('profit', () => {
  it('is weighted where only one weight, one cap or the curve asks for it', () => {
    book.newBook();
    const a = book.asset(1);
    for (let k = 0; k < 3; k++) book.set(abi.MARKET_PNL_WEIGHT, <u32>book.market(0, a, 1) * 3 + k, 0.5);
    for (let k = 0; k < 3; k++) book.set(abi.MARKET_PNL_CAP, <u32>book.market(0, a, 1) * 3 + k, 9);
    book.set(abi.MARKET_PNL_CURVE, book.market(0, a, 1), 0.125);
    book.market(0, a, 1);
    book.ready();
    for (let m = 0; m < 8; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_WEIGHTED) != 0).toBe(m < 7);
    for (let m = 0; m < 8; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_PNL_CURVE) != 0).toBe(m == 6);
  });
  it('is pooled, separate or net', () => {
    book.newBook();
    const a = book.asset(1);
    book.market(0, a, 1);
    book.setIndex(abi.MARKET_PNL_MODE, book.market(0, a, 1), abi.PNL_SEPARATE);
    book.setIndex(abi.MARKET_PNL_MODE, book.market(0, a, 1), abi.PNL_NET);
    book.ready();
    expect<i32>(book.flagsOf(0) & 3).toBe(0);
    expect<i32>(book.flagsOf(1) & 3).toBe(abi.FLAG_SEPARATE);
    expect<i32>(book.flagsOf(2) & 3).toBe(abi.FLAG_NET);
  });
});

describe('a window', () => {
  it("serves a side whose table is the market's, of one notional at all levels", () => {
    book.newBook();
    const a = book.asset(1);
    const two: f64[] = [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.25];
    const m = book.market(0, a, 100);
    book.table(m, two);
    const w = book.market(0, a, 100);
    book.wholeTable(w, two);
    const own = book.market(0, a, 100);
    book.table(own, two);
    book.shortTable(own, two);
    book.ready();
    expect<i32>(book.flagsOf(m)).toBe(ORDINARY);
    expect<i32>(book.flagsOf(m, true)).toBe(ORDINARY);
    expect<i32>(book.flagsOf(w)).toBe(ORDINARY | abi.FLAG_WHOLE | (0b111 << abi.FLAG_FORM_SHIFT));
    expect<i32>(book.flagsOf(own) & abi.FLAG_WINDOW).toBe(abi.FLAG_WINDOW);
    expect<i32>(book.flagsOf(own, true) & abi.FLAG_WINDOW).toBe(0);
  });
  it('serves no empty table, unlaid window, guard of some levels, unit of some levels, or entry', () => {
    book.newBook();
    const a = book.asset(2);
    const two: f64[] = [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.25];
    book.market(0, a, 100);
    for (let m = 1; m < 7; m++) book.table(book.market(0, a, 100), two);
    book.walk(1);
    book.set(abi.MARKET_TWAP, 2, 90);
    book.setIndex(abi.MARKET_GUARD, 2, 0b010);
    book.set(abi.MARKET_TWAP, 3, 90);
    book.setIndex(abi.MARKET_GUARD, 3, 0b100);
    book.setIndex(abi.MARKET_UNIT, 4, 0b000010);
    book.setIndex(abi.MARKET_BASIS, 5, 0b101010);
    book.setIndex(abi.MARKET_BASIS, 6, 0b100000);
    book.ready();
    for (let m: u32 = 0; m < 7; m++) expect<i32>(book.flagsOf(m) & abi.FLAG_WINDOW).toBe(0);
  });
});

describe('an ordinary market', () => {
  it('pools its profits and is not spot, in whole units, without a window or under a power curve', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 7; m++) book.flatTable(book.market(0, a, 100), 0.5);
    book.setIndex(abi.MARKET_CURVE_KIND, 0, abi.CURVE_SQRT);
    book.setIndex(abi.MARKET_CURVE_KIND, 1, abi.CURVE_POWER);
    book.setIndex(abi.MARKET_PNL_MODE, 2, abi.PNL_SEPARATE);
    book.setIndex(abi.MARKET_PNL_MODE, 3, abi.PNL_NET);
    book.setIndex(abi.MARKET_ROUNDING, 4, 1);
    book.setIndex(abi.MARKET_BASIS, 5, 0b101010);
    book.flatTable(book.spotMarket(book.asset(2), a, false), 0.5);
    book.ready();
    const expected: bool[] = [true, false, false, false, false, false, true, false];
    for (let m = 0; m < 8; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_ORDINARY) != 0).toBe(expected[m]);
  });
});

describe('profit at maintenance and liquidation end', () => {
  it('counts in full without weight, cap and guard there, whatever holds at the initial level', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 7; m++) book.flatTable(book.market(0, a, 100), 0.5);
    book.setLevels(abi.MARKET_PNL_WEIGHT, 0, 0.5, 1, 1);
    book.setLevels(abi.MARKET_PNL_CAP, 0, 10, abi.NO_LIMIT, abi.NO_LIMIT);
    book.set(abi.MARKET_TWAP, 1, 90);
    book.setIndex(abi.MARKET_GUARD, 1, 0b001);
    book.setLevels(abi.MARKET_PNL_WEIGHT, 2, 1, 0.5, 1);
    book.setLevels(abi.MARKET_PNL_WEIGHT, 3, 1, 1, 0.5);
    book.setLevels(abi.MARKET_PNL_CAP, 4, abi.NO_LIMIT, 10, abi.NO_LIMIT);
    book.setLevels(abi.MARKET_PNL_CAP, 5, abi.NO_LIMIT, abi.NO_LIMIT, 10);
    book.set(abi.MARKET_TWAP, 6, 90);
    book.setIndex(abi.MARKET_GUARD, 6, 0b100);
    book.ready();
    for (let m = 0; m < 7; m++) expect<bool>((book.flagsOf(m) & abi.FLAG_FULL_PROFIT) != 0).toBe(m < 2);
  });
});

describe('liquidation end is maintenance', () => {
  it('where every input is', () => {
    book.newBook();
    const m = book.market(0, book.asset(1), 100);
    book.table(m, [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.25]);
    book.ready();
    expect<i32>(book.flagsOf(m) & abi.FLAG_SAME_END).toBe(abi.FLAG_SAME_END);
  });
  it('not where a rate, form, basis, unit, guard, fee or curve differs', () => {
    book.newBook();
    const a = book.asset(2);
    const guarded = book.asset(2);
    book.set(abi.ASSET_TWAP, guarded, 3);
    book.setIndex(abi.ASSET_GUARD, guarded, 0b010);
    book.table(book.market(0, a, 100), [1000, 0.5, 0.125, 0.125, abi.NO_LIMIT, 1, 0.25, 0.5]);
    book.setIndex(abi.MARKET_FORM, book.market(0, a, 100), 0b011);
    book.table(1, [1000, 0.5, 0.25, 0.25, abi.NO_LIMIT, 1, 0.5, 0.5]);
    book.setIndex(abi.MARKET_BASIS, book.market(0, a, 100), 0b000100);
    book.setIndex(abi.MARKET_BASIS, book.market(0, a, 100), 0b001000);
    book.setIndex(abi.MARKET_UNIT, book.market(0, a, 100), 0b001000);
    book.set(abi.MARKET_TWAP, book.market(0, a, 100), 90);
    book.setIndex(abi.MARKET_GUARD, 5, 0b010);
    book.setLevels(abi.MARKET_CLOSING_FEE, book.market(0, a, 100), 0, 0, 0.5);
    book.setLevels(abi.MARKET_CURVE_FACTOR, book.market(0, a, 100), 0, 0.5, 0);
    book.market(0, guarded, 100);
    book.ready();
    for (let m: u32 = 0; m < 9; m++) expect<i32>(book.flagsOf(m) & abi.FLAG_SAME_END).toBe(0);
  });
  it('not where only what is read by entry, or only a bound, differs', () => {
    // A contract is 1, read by entry or not; a second line of the same rate, whole at maintenance.
    book.newBook();
    const a = book.asset(1);
    book.setIndex(abi.MARKET_BASIS, book.market(0, a, 1), 0b001000);
    book.setIndex(abi.MARKET_FORM, book.market(0, a, 1), 0b010);
    book.table(1, [1000, 0.5, 0.25, 0.25, abi.NO_LIMIT, 1, 0.25, 0.25]);
    book.ready();
    for (let m: u32 = 0; m < 2; m++) expect<i32>(book.flagsOf(m) & abi.FLAG_SAME_END).toBe(0);
  });
  it('is asked of each side by its own table', () => {
    book.newBook();
    const a = book.asset(1);
    for (let m = 0; m < 2; m++) book.table(book.market(0, a, 100), [abi.NO_LIMIT, 0.5, 0.25, m == 0 ? 0.25 : 0.125]);
    book.shortTable(0, [abi.NO_LIMIT, 0.5, 0.25, 0.125]);
    book.shortTable(1, [abi.NO_LIMIT, 0.5, 0.25, 0.25]);
    book.ready();
    expect<i32>(book.flagsOf(0) & abi.FLAG_SAME_END).toBe(abi.FLAG_SAME_END);
    expect<i32>(book.flagsOf(0, true) & abi.FLAG_SAME_END).toBe(0);
    expect<i32>(book.flagsOf(1) & abi.FLAG_SAME_END).toBe(0);
    expect<i32>(book.flagsOf(1, true) & abi.FLAG_SAME_END).toBe(abi.FLAG_SAME_END);
  });
});
