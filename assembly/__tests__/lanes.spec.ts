// Lanes of a derived row, four doubles a slot, and levels of an input column, three doubles a row.
import * as abi from '../abi';
import { get, LANES, level, LEVELS, put } from '../margin/lanes';
import * as book from './book';

describe('a lane', () => {
  it('is a double behind its slot, and only that', () => {
    const row = heap.alloc(64);
    memory.fill(row, 0, 64);
    for (let lane = 0; lane < LANES; lane++) put(row, 16, lane, <f64>(lane + 1));
    expect<f64>(load<f64>(row, 8)).toBe(0);
    for (let i = 0; i < 4; i++) expect<f64>(load<f64>(row + 16 + ((<usize>i) << 3))).toBe(<f64>(i + 1));
    expect<f64>(load<f64>(row, 48)).toBe(0);
    store<f64>(row, 9, 40);
    expect<f64>(get(row, 16, 0)).toBe(1);
    expect<f64>(get(row, 16, 3)).toBe(9);
    expect<f64>(get(row, 32, 1)).toBe(9);
    heap.free(row);
  });
});

describe('a level', () => {
  it('is one of three of a row of its column', () => {
    book.newBook();
    book.setLevels(abi.MARKET_CLOSING_FEE, 0, 1, 2, 3);
    book.setLevels(abi.MARKET_CLOSING_FEE, 1, 4, 5, 6);
    book.setLevels(abi.MARKET_CURVE_FACTOR, 1, 7, 8, 9);
    for (let k = 0; k < LEVELS; k++) {
      expect<f64>(level(book.header, abi.MARKET_CLOSING_FEE, 0, k)).toBe(<f64>(1 + k));
      expect<f64>(level(book.header, abi.MARKET_CLOSING_FEE, 1, k)).toBe(<f64>(4 + k));
      expect<f64>(level(book.header, abi.MARKET_CURVE_FACTOR, 1, k)).toBe(<f64>(7 + k));
    }
  });
});
