// What follows from the result columns of a range, set by hand here: status, the list of liquidatable units, totals.
import * as abi from '../abi';
import { foldHouse, resetHouse, writeHouse } from '../margin/house';
import * as book from './book';

let header: usize = 0;

/** A unit as a scan left it; its collateral is its equity at every level unless `weighted` sets it. */
function result(equity: f64, initial: f64, maintenance: f64, notional: f64): u32 {
  const u = book.unit();
  book.set(abi.UNIT_EQUITY, u, equity);
  book.set(abi.UNIT_INITIAL_COLLATERAL, u, equity);
  book.set(abi.UNIT_COLLATERAL, u, equity);
  book.set(abi.UNIT_INITIAL_MARGIN, u, initial);
  book.set(abi.UNIT_MAINTENANCE_MARGIN, u, maintenance);
  book.set(abi.UNIT_NOTIONAL, u, notional);
  return u;
}

function weighted(u: u32, initial: f64, maintenance: f64): void {
  book.set(abi.UNIT_INITIAL_COLLATERAL, u, initial);
  book.set(abi.UNIT_COLLATERAL, u, maintenance);
}

function fold(full: bool): void {
  resetHouse();
  foldHouse(header, 0, book.count(abi.COUNT_UNIT), full, true);
  writeHouse(header);
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

/** Units of requirements 200 and 100 at, above and below each border. */
function borders(): void {
  header = book.newBook();
  const equities: f64[] = [200, 199.5, 100.5, 100, 99.5, 0, -0.5];
  for (let i = 0; i < 7; i++) result(equities[i], 200, 100, 800);
}

describe('status', () => {
  it('is worse below each requirement, and bankrupt below 0', () => {
    borders();
    fold(false);
    const expected: u32[] = [0, 1, 1, 1, 2, 2, 3];
    for (let u: u32 = 0; u < 7; u++) expect<u32>(status(u)).toBe(expected[u]);
  });
  it('under the rule <= is liquidatable at the maintenance requirement', () => {
    borders();
    book.setIndex(abi.HOUSE_RULE, 0, 1);
    fold(false);
    const expected: u32[] = [0, 1, 1, 2, 2, 2, 3];
    for (let u: u32 = 0; u < 7; u++) expect<u32>(status(u)).toBe(expected[u]);
  });
  it('under the rule <= is never liquidatable where nothing is required', () => {
    header = book.newBook();
    book.setIndex(abi.HOUSE_RULE, 0, 1);
    result(0, 0, 0, 0);
    result(-5, 0, 0, 0);
    result(0.25, 1, 0.5, 4);
    fold(false);
    expect<u32>(status(0)).toBe(0);
    expect<u32>(status(1)).toBe(1);
    expect<u32>(status(2)).toBe(2);
    book.setIndex(abi.HOUSE_RULE, 0, 2);
    fold(false);
    expect<u32>(status(1)).toBe(3);
  });
  it('after a full scan compares the collateral of the level', () => {
    header = book.newBook();
    weighted(result(400, 200, 100, 800), 199, 150);
    weighted(result(400, 200, 100, 800), 200, 99);
    weighted(result(-1, 200, 100, 800), 200, 100);
    fold(true);
    expect<u32>(status(0)).toBe(1);
    expect<u32>(status(1)).toBe(2);
    expect<u32>(status(2)).toBe(0);
    fold(false);
    expect<u32>(status(0)).toBe(0);
    expect<u32>(status(1)).toBe(0);
    expect<u32>(status(2)).toBe(3);
  });
  it('keeps the bit of doubt that a full scan left, and clears what stood there otherwise', () => {
    header = book.newBook();
    result(400, 200, 100, 800);
    result(50, 200, 100, 800);
    book.setIndex(abi.UNIT_STATUS, 0, abi.INEXACT);
    book.setIndex(abi.UNIT_STATUS, 1, abi.INEXACT);
    fold(true);
    expect<u32>(status(0)).toBe(4);
    expect<u32>(status(1)).toBe(6);
    fold(false);
    expect<u32>(status(0)).toBe(0);
    expect<u32>(status(1)).toBe(2);
  });
});

describe('list', () => {
  it('names the liquidatable units in order, the bankrupt and the doubtful among them', () => {
    borders();
    book.setIndex(abi.UNIT_STATUS, 5, abi.INEXACT);
    fold(true);
    expect<u32>(book.index(abi.HOUSE_LIQUIDATABLE, 0)).toBe(3);
    expect<u32>(book.index(abi.UNIT_LIST, 0)).toBe(4);
    expect<u32>(book.index(abi.UNIT_LIST, 1)).toBe(5);
    expect<u32>(book.index(abi.UNIT_LIST, 2)).toBe(6);
  });
});

describe('totals', () => {
  it('add up, with what is missing of the bankrupt', () => {
    header = book.newBook();
    weighted(result(500, 200, 100, 800), 300, 400);
    result(-50, 20, 10, 80);
    result(-30, 2, 1, 8);
    fold(true);
    totals(420, 320, 222, 111, 888, 80);
    fold(false);
    totals(420, 420, 222, 111, 888, 80);
  });
  it('go on from range to range until they are reset', () => {
    header = book.newBook();
    result(500, 200, 100, 800);
    result(50, 20, 60, 80);
    result(5, 2, 6, 8);
    resetHouse();
    foldHouse(header, 0, 2, false, true);
    foldHouse(header, 2, 3, false, true);
    writeHouse(header);
    totals(555, 555, 222, 166, 888, 0);
    expect<u32>(book.index(abi.HOUSE_LIQUIDATABLE, 0)).toBe(2);
    expect<u32>(book.index(abi.UNIT_LIST, 1)).toBe(2);
    resetHouse();
    foldHouse(header, 1, 2, false, true);
    writeHouse(header);
    totals(50, 50, 20, 60, 80, 0);
    expect<u32>(book.index(abi.HOUSE_LIQUIDATABLE, 0)).toBe(1);
  });
  it('fold in unit order: (1e16 + 1) - 1e16 = 0', () => {
    header = book.newBook();
    const numbers: f64[] = [1e16, 1, -1e16];
    for (let i = 0; i < 3; i++) result(numbers[i], numbers[i], numbers[i], numbers[i]);
    fold(false);
    totals(0, 0, 0, 0, 0, 1e16);
  });
  it('stay as they are where only a part is looked at', () => {
    header = book.newBook();
    result(500, 200, 100, 800);
    result(50, 200, 100, 800);
    fold(false);
    book.set(abi.UNIT_EQUITY, 0, -1);
    foldHouse(header, 0, 1, false, false);
    writeHouse(header);
    totals(550, 550, 400, 200, 1600, 0);
    expect<u32>(status(0)).toBe(3);
    expect<u32>(book.index(abi.HOUSE_LIQUIDATABLE, 0)).toBe(1);
    expect<u32>(book.index(abi.UNIT_LIST, 0)).toBe(1);
  });
});
