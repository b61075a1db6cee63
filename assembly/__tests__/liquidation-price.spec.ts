// Liquidation prices of all positions: by the lines of a table where one mark moves alone, on the ray otherwise, and the
// questions that leave prices as they stood.
import * as abi from '../abi';
import { liquidationPrices } from '../liquidation/price';
import { openRay, rayHealth, solveRay } from '../liquidation/question';
import { scan } from '../margin/scan';
import * as book from './book';

const CLOSED: u32 = abi.ROOT_CLOSED | (abi.ROOT_CLOSED << 8);
const NO_DOWN: u32 = abi.ROOT_NONE;
const NO_UP: u32 = abi.ROOT_NONE << 8;
const ILL: u32 = abi.ROOT_LIQUIDATABLE | (abi.ROOT_LIQUIDATABLE << 8);
let header: usize = 0;

/** Dollars (row 0), a coin at 64 (row 1); market 0 at 100 with lines of 1/2 and, beyond 60, 5/8. */
function newBook(): void {
  header = book.newBook();
  book.asset(1);
  book.asset(64);
  book.table(book.market(0, 0, 100), [60, 0.5, 0.5, 0.5, abi.NO_LIMIT, 0.625, 0.625, 0.625]);
}

/** A unit with `cash` and `size` contracts of market 0 from 100. */
function held(size: f64, cash: f64): u32 {
  const u = book.unit();
  book.balance(0, cash);
  book.position(0, size, size * 100);
  return u;
}

function compute(features: u32): void {
  book.ready();
  book.setIndex(abi.HOUSE_FEATURES, 0, features);
  scan(header, 0, book.count(abi.COUNT_UNIT), true);
  liquidationPrices(header, 0, book.count(abi.COUNT_UNIT));
}

function gives(p: u32, down: f64, up: f64, code: u32): void {
  expect<f64>(book.get(abi.PRICE_DOWN, p)).toBe(down, 'down');
  expect<f64>(book.get(abi.PRICE_UP, p)).toBe(up, 'up');
  expect<u32>(book.index(abi.PRICE_CODE, p)).toBe(code, 'code');
}

function answer(slot: usize): f64 {
  return book.get(abi.HOUSE_ANSWER, <u32>(slot >> 3));
}

function next(x: f64, up: bool): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) + (up ? 1 : -1));
}

describe('by the lines of a table', () => {
  it('the line that binds at the price gives it, below and above a bound', () => {
    newBook();
    held(1, 75);
    held(1, 47.5 + 15);
    held(-1, 75);
    compute(abi.FEATURE_BRACKETS);
    // 75 - 100 + P/2; 62.5 - 100 + 3P/8 + 7.5; 75 + 100 - 13P/8 + 7.5.
    gives(0, 50, Infinity, CLOSED | NO_UP);
    gives(1, 80, Infinity, CLOSED | NO_UP);
    expect<bool>(Math.abs(book.get(abi.PRICE_UP, 2) - 182.5 / 1.625) < 1e-12).toBeTruthy();
    expect<f64>(book.get(abi.PRICE_DOWN, 2)).toBe(0);
    expect<u32>(book.index(abi.PRICE_CODE, 2)).toBe(CLOSED | NO_DOWN);
  });
  it('of a unit that is liquidatable, lies where it heals', () => {
    newBook();
    held(1, 40);
    compute(abi.FEATURE_BRACKETS);
    gives(0, 140, Infinity, CLOSED | ILL | NO_UP);
  });
  it('there is none where it would be 0 or beyond the ends', () => {
    newBook();
    held(1, 100);
    held(1, 1e9);
    held(-1, 1e9);
    held(0, 5);
    compute(abi.FEATURE_BRACKETS);
    for (let p: u32 = 0; p < 4; p++) gives(p, 0, Infinity, CLOSED | NO_DOWN | NO_UP);
  });
  it('what else the unit holds is worth what it is worth: two markets', () => {
    newBook();
    book.flatTable(book.market(0, 0, 10), 0.5);
    held(1, 75);
    book.position(1, 4, 40);
    compute(abi.FEATURE_BRACKETS);
    // 75 - 20 behind the first; 75 - 55 = 20 behind the second, 20 - 40 + 2P.
    gives(0, 100 / 1.0, Infinity, CLOSED | NO_UP);
    gives(1, 10, Infinity, CLOSED | NO_UP);
  });
});

describe('on the ray', () => {
  it('are the first double at which the unit is liquidatable', () => {
    newBook();
    held(1, 75);
    held(1, 62.5);
    compute(abi.FEATURE_FULL);
    gives(0, next(50, false), Infinity, NO_UP);
    gives(1, next(80, false), Infinity, NO_UP);
  });
  it('where a coin of the unit moves with the mark', () => {
    newBook();
    book.set(abi.ASSET_PRICE, 1, 100);
    book.set(abi.ASSET_TWAP, 1, 100);
    book.set(abi.ASSET_STABLE, 1, 100);
    book.together([1], [0]);
    book.flatTable(0, 0.5);
    held(2, 50);
    book.balance(1, 1);
    held(2, 200);
    compute(0);
    // 50 - 200 + 2P + P - P = 0 at 75; without the coin 200 - 200 + P.
    gives(0, next(75, false), Infinity, NO_UP);
    gives(1, 0, Infinity, CLOSED | NO_DOWN | NO_UP);
  });
  it('where another market of the unit does', () => {
    newBook();
    book.flatTable(0, 0.5);
    book.flatTable(book.market(0, 0, 100), 0.5);
    book.together([], [0, 1]);
    held(2, 50);
    book.position(1, 1, 100);
    compute(0);
    // 50 + 3P - 300 - 1.5P, seen from both.
    const root = 250.0 / 1.5;
    for (let p: u32 = 0; p < 2; p++) {
      expect<bool>(Math.abs(book.get(abi.PRICE_DOWN, p) - root) < 1e-12).toBeTruthy();
      expect<u32>(book.index(abi.PRICE_CODE, p)).toBe(ILL | NO_UP);
    }
  });
  it('rows of spot orders have none', () => {
    newBook();
    held(1, 75);
    book.balance(1, 0);
    book.orders(book.position(book.spotMarket(1, 0, false), 0, 0), 1, 40, 0, 0);
    compute(abi.FEATURE_FULL);
    gives(1, 0, Infinity, NO_DOWN | NO_UP);
  });
});

describe('a question', () => {
  it('says where prices end, the neighbours and their health, and leaves prices as they stood', () => {
    newBook();
    held(1, 75);
    compute(abi.FEATURE_BRACKETS);
    openRay(header, 0, 0, 1);
    expect<f64>(answer(abi.ANSWER_LOW)).toBe(100 / 1048576.0);
    expect<f64>(answer(abi.ANSWER_GRAIN)).toBe(0);
    expect<i32>(solveRay(false)).toBe(0);
    expect<f64>(answer(abi.ANSWER_WELL)).toBe(50);
    expect<f64>(answer(abi.ANSWER_ILL)).toBe(next(50, false));
    expect<f64>(answer(abi.ANSWER_WELL_HEALTH)).toBe(0);
    expect<bool>(answer(abi.ANSWER_ILL_HEALTH) < 0).toBeTruthy();
    expect<bool>(answer(abi.ANSWER_EVALUATIONS) < 20).toBeTruthy('few points');
    expect<f64>(answer(abi.ANSWER_VISITS)).toBe(0);
    expect<f64>(book.get(abi.MARKET_MARK, 0)).toBe(100);
    expect<f64>(rayHealth(64)).toBe(75 - 36 - 32.5);
    expect<f64>(rayHealth(100)).toBe(75 - 55);
    expect<f64>(book.ofLong(0, abi.SIDE_VALUE)).toBe(100);
  });
  it('of a unit in the red has the lower end above the mark, and the upper end behind it', () => {
    // 9 behind 2 long, and 3 short above 120: nothing else loses beyond it.
    newBook();
    book.flatTable(0, 0);
    const short = book.market(0, 0, 100);
    book.flatTable(short, 0);
    book.setLevels(abi.MARKET_PNL_WEIGHT, short, 0, 0, 0);
    book.together([], [0, short]);
    const u = book.unit();
    book.balance(0, -20);
    book.position(0, 2, 200);
    book.position(short, -4, -480);
    compute(abi.FEATURE_FULL);
    // -20 + 2 (P - 100) - 4 max(0, P - 120) is 0 at 110 and at 130.
    openRay(header, u, 0, 1);
    expect<i32>(solveRay(false) & abi.ROOT_LIQUIDATABLE).toBe(abi.ROOT_LIQUIDATABLE);
    expect<f64>(answer(abi.ANSWER_WELL)).toBe(110);
    openRay(header, u, 0, 1);
    expect<i32>(solveRay(true)).toBe(abi.ROOT_LIQUIDATABLE);
    expect<f64>(answer(abi.ANSWER_WELL)).toBe(130);
    expect<f64>(answer(abi.ANSWER_ILL)).toBe(next(130, true));
  });
  it('of a joint move is led by a factor of 1', () => {
    newBook();
    held(1, 75);
    compute(abi.FEATURE_BRACKETS);
    book.set(abi.MARKET_SHIFT, 0, 0.5);
    openRay(header, 0, abi.NONE, 1);
    expect<f64>(rayHealth(0.5)).toBe(75 - 25 - 46.875 + 7.5);
    expect<i32>(solveRay(false)).toBe(abi.ROOT_NONE, 'at a factor of 0 the price is 50');
  });
});
