// Reading the packed book: pointers and counts from the header, rows from columns, and the two comparisons.
import * as abi from '../abi';
import { column, f64At, larger, readF64, readU32, rows, smaller, u32At } from '../memory';
import * as book from './book';

function bits(x: f64): u64 {
  return reinterpret<u64>(x);
}

describe('header', () => {
  it('counts rows by section', () => {
    const header = book.newBook();
    book.asset(1);
    book.asset(2);
    book.unit();
    expect<u32>(rows(header, abi.COUNT_HOUSE)).toBe(1);
    expect<u32>(rows(header, abi.COUNT_ASSET)).toBe(2);
    expect<u32>(rows(header, abi.COUNT_UNIT)).toBe(1);
    expect<u32>(rows(header, abi.COUNT_POSITION)).toBe(0);
  });
  it('points to columns, also beyond 2 GB', () => {
    const header = heap.alloc((<usize>abi.HEADER_WORDS) << 2);
    for (let word = 0; word < abi.HEADER_WORDS; word++)
      store<u32>(header + ((<usize>word) << 2), 0xf0000000 + 64 * word);
    expect<usize>(column(header, abi.HOUSE_RULE)).toBe(0xf0000000 + 64 * abi.HOUSE_RULE);
    expect<usize>(column(header, abi.SCRATCH_HELD)).toBe(0xf0000000 + 64 * abi.SCRATCH_HELD);
    expect<u32>(rows(header, abi.COUNT_SCRATCH)).toBe(0xf0000000 + 64 * abi.COUNT_SCRATCH);
  });
});

describe('columns', () => {
  it('reads row i of a column of doubles', () => {
    const values = StaticArray.fromArray<f64>([1.5, -2.5, 3.5]);
    const pointer = changetype<usize>(values);
    expect<f64>(f64At(pointer, 0)).toBe(1.5);
    expect<f64>(f64At(pointer, 2)).toBe(3.5);
  });
  it('reads row i of a column of words', () => {
    const values = StaticArray.fromArray<u32>([7, 8, 0xffffffff]);
    const pointer = changetype<usize>(values);
    expect<u32>(u32At(pointer, 1)).toBe(8);
    expect<u32>(u32At(pointer, 2)).toBe(abi.NONE);
  });
  it('reads through the header', () => {
    const header = book.newBook();
    book.asset(2.5);
    book.asset(0.25);
    book.market(abi.KIND_INVERSE, 1, 10);
    expect<f64>(readF64(header, abi.ASSET_PRICE, 0)).toBe(2.5);
    expect<f64>(readF64(header, abi.ASSET_PRICE, 1)).toBe(0.25);
    expect<u32>(readU32(header, abi.MARKET_SETTLE, 0)).toBe(1);
    expect<u32>(readU32(header, abi.MARKET_KIND, 0)).toBe(abi.KIND_INVERSE);
  });
});

describe('larger and smaller', () => {
  it('order numbers', () => {
    expect<f64>(larger(1, 2)).toBe(2);
    expect<f64>(larger(2, 1)).toBe(2);
    expect<f64>(smaller(1, 2)).toBe(1);
    expect<f64>(smaller(2, 1)).toBe(1);
  });
  it('keep the first of two zeros', () => {
    expect<u64>(bits(larger(-0.0, 0))).toBe(bits(-0.0));
    expect<u64>(bits(larger(0, -0.0))).toBe(0);
    expect<u64>(bits(smaller(-0.0, 0))).toBe(bits(-0.0));
    expect<u64>(bits(smaller(0, -0.0))).toBe(0);
  });
  it('give the bits of f64x2.pmax and f64x2.pmin', () => {
    const special: f64[] = [0, -0.0, 1, -1, 5e-324, f64.MAX_VALUE, Infinity, -Infinity, NaN];
    for (let i = 0; i < special.length; i++) {
      for (let j = 0; j < special.length; j++) {
        const a = special[i];
        const b = special[j];
        const most = f64x2.extract_lane(f64x2.pmax(f64x2.splat(a), f64x2.splat(b)), 0);
        const least = f64x2.extract_lane(f64x2.pmin(f64x2.splat(a), f64x2.splat(b)), 0);
        expect<u64>(bits(larger(a, b))).toBe(bits(most));
        expect<u64>(bits(smaller(a, b))).toBe(bits(least));
      }
    }
  });
});
