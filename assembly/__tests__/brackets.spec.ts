// Bracket tables as a maximum of lines, two levels in two lanes. The table of the examples, (initial, maintenance):
// up to 1000 at (1/4, 1/8), up to 3000 at (1/2, 1/4), beyond at (1, 1/2). A contract is 100 of the table's unit, one
// unit is worth 2 in the numeraire, so the lines per contract are those rates times 200 and their deductions times 2.
import * as abi from '../abi';
import {
  boundedWindow,
  marginalRequirement,
  wholeRequirement,
  windowLine,
  windowRequirement,
} from '../margin/brackets';

/** Rates, then deductions: 1000 / 4 = 250 and 250 + 3000 / 2 = 1750, times 2; half of that for maintenance. */
const marginal = StaticArray.fromArray<f64>([50, 25, 0, 0, 100, 50, 500, 250, 200, 100, 3500, 1750]);
/** The same rates on the whole notional: no deductions, each line counts above its lower bound. */
const whole = StaticArray.fromArray<f64>([50, 25, 0, 0, 100, 50, 0, 0, 200, 100, 0, 0]);
const wholeAbove = StaticArray.fromArray<f64>([-1, -1, -1, -1, 1000, 1000, -1, -1, 3000, 3000, -1, -1]);
/** Initial whole, maintenance marginal. */
const mixed = StaticArray.fromArray<f64>([50, 25, 0, 0, 100, 50, 0, 250, 200, 100, 0, 1750]);
const mixedAbove = StaticArray.fromArray<f64>([-1, -1, -1, -1, 1000, -1, -1, -1, 3000, -1, -1, -1]);
/** Five lines, rates 1 to 5 and deductions 0, 1, 3, 6, 10: line i is the largest from i to i + 1 contracts. */
const five = StaticArray.fromArray<f64>([1, 1, 0, 0, 2, 2, 1, 1, 3, 3, 3, 3, 4, 4, 6, 6, 5, 5, 10, 10]);

function pair(need: v128, initial: f64, maintenance: f64): void {
  expect<f64>(f64x2.extract_lane(need, 0)).toBe(initial, 'initial');
  expect<f64>(f64x2.extract_lane(need, 1)).toBe(maintenance, 'maintenance');
}

function needs(start: usize, count: usize, contracts: v128, initial: f64, maintenance: f64): void {
  pair(marginalRequirement(changetype<usize>(marginal), start, count, contracts), initial, maintenance);
}

/** Whole or mixed table, with the notional of the contracts. */
function needsOf(
  lines: StaticArray<f64>,
  above: StaticArray<f64>,
  start: usize,
  count: usize,
  contracts: v128,
  initial: f64,
  maintenance: f64,
): void {
  const notional = f64x2.mul(contracts, f64x2.splat(100));
  const bounds = changetype<usize>(above);
  const need = wholeRequirement(changetype<usize>(lines), bounds, start, count, notional, contracts);
  pair(need, initial, maintenance);
}

function inWindow(first: u32, last: u32, contracts: f64, need: f64): void {
  pair(windowRequirement(changetype<usize>(five), first, last, f64x2.splat(contracts)), need, need);
}

/** Upper bounds of `five`. */
const fiveUpTo = StaticArray.fromArray<f64>([10, 20, 30, 40, 1e300]);

/** @param form - bit 0: the initial level is of whole form; bit 1: maintenance */
function inBoundedWindow(form: i32, first: u32, notional: f64, contracts: f64, initial: f64, maintenance: f64): void {
  const lines = changetype<usize>(five);
  const upTo = changetype<usize>(fiveUpTo);
  const need = boundedWindow(lines, upTo, form, first, 4, notional, f64x2.splat(contracts));
  pair(need, initial, maintenance);
}

/** Buckets of a window from 64 up: 64, 72, 80 and 88; two bytes of another market stand before them. */
const buckets = StaticArray.fromArray<u8>([9, 9, 0, 1, 1, 7, 9]);

/** Line for a notional, of a table of lines 10 to 14. */
function lineFor(notional: f64): u32 {
  const window = new StaticArray<u32>(8);
  const row = changetype<usize>(window);
  store<u32>(row, 2, abi.WINDOW_BUCKET);
  store<u32>(row, <u32>(reinterpret<i64>(64.0) >> abi.BUCKET_SHIFT), abi.WINDOW_LOW);
  store<u32>(row, 3, abi.WINDOW_LAST);
  store<u32>(row, 10, abi.WINDOW_LINE);
  store<u32>(row, 14, abi.WINDOW_LAST_LINE);
  return windowLine(row, changetype<usize>(buckets), notional);
}

describe('marginal table', () => {
  it('takes the first line below the first bound', () => {
    // 8 contracts are 800: 800 / 4 * 2 = 400, 800 / 8 * 2 = 200
    needs(0, 3, f64x2.splat(8), 400, 200);
  });
  it('is continuous at a kink, where two lines meet', () => {
    // 1000 / 4 = 250 = 1000 / 2 - 250, times 2
    needs(0, 3, f64x2.splat(10), 500, 250);
    // 3000 / 2 - 250 = 1250 = 3000 - 1750, times 2
    needs(0, 3, f64x2.splat(30), 2500, 1250);
  });
  it('charges each part of the notional at its own rate', () => {
    // (1000 / 4 + 1000 / 2) * 2 = 1500; (1000 / 4 + 2000 / 2 + 1000) * 2 = 4500
    needs(0, 3, f64x2.splat(20), 1500, 750);
    needs(0, 3, f64x2.splat(40), 4500, 2250);
  });
  it('takes each lane at its own size', () => {
    needs(0, 3, f64x2(20, 40), 1500, 2250);
    needs(0, 3, f64x2(40, 8), 4500, 200);
  });
  it('requires nothing of nothing, and never less than nothing', () => {
    needs(0, 3, f64x2.splat(0), 0, 0);
    // The last line alone at 8: 1600 - 3500 < 0.
    needs(2, 1, f64x2.splat(8), 0, 0);
    needs(0, 0, f64x2.splat(8), 0, 0);
  });
  it('reads its own lines only', () => {
    // Lines 1 and 2 at 8: 800 - 500 = 300. Line 0 alone at 40: 2000.
    needs(1, 2, f64x2.splat(8), 300, 150);
    needs(0, 1, f64x2.splat(40), 2000, 1000);
  });
});

describe('whole table', () => {
  it('charges the whole notional at the rate of its tier', () => {
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(8), 400, 200);
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(20), 2000, 1000);
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(40), 8000, 4000);
  });
  it('counts a notional on a bound to the lower tier and jumps right above', () => {
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(10), 500, 250);
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(10.25), 1025, 512.5);
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(30), 3000, 1500);
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(30.25), 6050, 3025);
  });
  it('takes each lane on its own side of a bound', () => {
    needsOf(whole, wholeAbove, 0, 3, f64x2(10, 10.25), 500, 512.5);
  });
  it('reads its own lines and bounds only', () => {
    needsOf(whole, wholeAbove, 1, 2, f64x2.splat(10), 0, 0);
    needsOf(whole, wholeAbove, 1, 1, f64x2.splat(40), 4000, 2000);
  });
  it('requires nothing of nothing', () => {
    needsOf(whole, wholeAbove, 0, 3, f64x2.splat(0), 0, 0);
  });
});

describe('a table of one form by level', () => {
  it('jumps at one level and bends at the other', () => {
    // Initial: 1025 / 2 * 2. Maintenance: (1025 / 4 - 125) * 2.
    needsOf(mixed, mixedAbove, 0, 3, f64x2.splat(10), 500, 250);
    needsOf(mixed, mixedAbove, 0, 3, f64x2.splat(10.25), 1025, 262.5);
    needsOf(mixed, mixedAbove, 0, 3, f64x2.splat(40), 8000, 2250);
  });
});

describe('window', () => {
  it('takes the larger of two lines from its first', () => {
    // Lines 1 and 2 at 1.5, 2 and 2.5: 2 * 1.5 - 1, 2 * 2 - 1 = 3 * 2 - 3, 3 * 2.5 - 3
    inWindow(1, 4, 1.5, 2);
    inWindow(1, 4, 2, 3);
    inWindow(1, 4, 2.5, 4.5);
  });
  it('knows no line outside', () => {
    // At 10 line 3 would give 34, line 2 gives 27. At 1/2 line 0 would give 1/2, line 1 gives 0.
    inWindow(1, 4, 10, 27);
    inWindow(1, 4, 0.5, 0);
    inWindow(2, 4, 0.5, 0);
  });
  it('ends with the table', () => {
    inWindow(3, 4, 3.5, 8);
    inWindow(3, 4, 10, 40);
    inWindow(4, 4, 10, 40);
    inWindow(0, 0, 10, 10);
    inWindow(0, 1, 10, 19);
  });
});

describe('window of whole lines', () => {
  it('counts its second line above the bound of the first only', () => {
    // 8 contracts: line 1 gives 15, line 2 gives 21. A level without bounds takes the larger at any notional.
    inBoundedWindow(0b01, 1, 15, 8, 15, 21);
    inBoundedWindow(0b10, 1, 15, 8, 21, 15);
    inBoundedWindow(0b11, 1, 15, 8, 15, 15);
    inBoundedWindow(0b00, 1, 15, 8, 21, 21);
    inBoundedWindow(0b11, 1, 25, 8, 21, 21);
    // One contract: 2 - 1 = 1 and 3 - 3 = 0.
    inBoundedWindow(0b11, 1, 25, 1, 1, 1);
  });
  it('counts a notional on a bound to the lower line', () => {
    inBoundedWindow(0b01, 1, 20, 8, 15, 21);
  });
  it('ends with the table', () => {
    inBoundedWindow(0b01, 3, 35, 8, 26, 30);
    inBoundedWindow(0b01, 3, 45, 8, 30, 30);
    inBoundedWindow(0b11, 4, 45, 8, 30, 30);
    inBoundedWindow(0b11, 4, 35, 8, 30, 30);
  });
});

describe('look-up of a notional', () => {
  it('is by eighths of an octave, a lower end included', () => {
    expect<u32>(lineFor(64)).toBe(10);
    expect<u32>(lineFor(71.99)).toBe(10);
    expect<u32>(lineFor(72)).toBe(11);
    expect<u32>(lineFor(87)).toBe(11);
  });
  it('takes the first bucket below and the last above', () => {
    expect<u32>(lineFor(0)).toBe(10);
    expect<u32>(lineFor(1)).toBe(10);
    expect<u32>(lineFor(63)).toBe(10);
    expect<u32>(lineFor(96)).toBe(14);
    expect<u32>(lineFor(1e30)).toBe(14);
  });
  it('ends with the table', () => {
    // Byte 7 is line 17, beyond the last.
    expect<u32>(lineFor(88)).toBe(14);
  });
});
