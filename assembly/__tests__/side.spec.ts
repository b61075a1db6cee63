// Rows of a market's sides: which one a size reads, where it stands, and where its lanes do.
import * as abi from '../abi';
import { getSide, putSide, shortOf, sideOf } from '../margin/side';
import { column } from '../memory';
import * as book from './book';

/** Four markets, of which the last alone has values for shorts. */
function markets(): void {
  book.newBook();
  const a = book.asset(1);
  for (let m = 0; m < 4; m++) book.flatTable(book.market(0, a, 100), 0.5);
  book.shortTable(3, [abi.NO_LIMIT, 0.25, 0.25, 0.25]);
  book.ready();
}

describe('the side of a size', () => {
  it('is that of shorts where it is negative and its market is sided', () => {
    markets();
    expect<u32>(shortOf(3, -2)).toBe(1);
    expect<u32>(shortOf(3, -0.25)).toBe(1);
    expect<u32>(shortOf(3, 2)).toBe(0);
    expect<u32>(shortOf(3, 0)).toBe(0);
    expect<u32>(shortOf(3, -0.0)).toBe(0);
  });
  it('is that of longs in every other market', () => {
    markets();
    for (let m = 0; m < 3; m++) {
      expect<u32>(shortOf(m, -2)).toBe(0);
      expect<u32>(shortOf(m, 2)).toBe(0);
    }
  });
});

describe('the row of a side', () => {
  it('stands behind the other of its market, the markets one after another', () => {
    markets();
    const first = column(book.header, abi.MARKET_VALUE);
    expect<usize>(sideOf(0, 0)).toBe(first);
    expect<usize>(sideOf(0, 1)).toBe(first + abi.SIDE_ROW);
    expect<usize>(sideOf(3, 0)).toBe(first + 6 * abi.SIDE_ROW);
    expect<usize>(sideOf(3, 1)).toBe(first + 7 * abi.SIDE_ROW);
  });
  it('holds the unit values of that side', () => {
    // The short table of market 3 is the line behind those of the four markets.
    markets();
    expect<f64>(load<f64>(sideOf(3, 0), abi.SIDE_LINE_START)).toBe(3);
    expect<f64>(load<f64>(sideOf(3, 1), abi.SIDE_LINE_START)).toBe(4);
    expect<f64>(load<f64>(sideOf(2, 1), abi.SIDE_LINE_START)).toBe(2);
  });
});

/** Slots of four lanes; the others hold one number. */
const wide: usize[] = [
  abi.SIDE_PNL,
  abi.SIDE_NOTIONAL,
  abi.SIDE_WORTH,
  abi.SIDE_FLAT,
  abi.SIDE_PNL_WEIGHT,
  abi.SIDE_PNL_CAP,
  abi.SIDE_CURVE_FACTOR,
  abi.SIDE_ENTRY,
];
const single: usize[] = [
  abi.SIDE_FLAGS,
  abi.SIDE_FUNDING,
  abi.SIDE_OPEN_INTEREST,
  abi.SIDE_VALUE,
  abi.SIDE_PNL_CURVE,
  abi.SIDE_CURVE_BASE,
  abi.SIDE_CURVE_UNIT,
  abi.SIDE_CURVE_KIND,
  abi.SIDE_CURVE_EXPONENT,
  abi.SIDE_LINE_START,
  abi.SIDE_LINE_COUNT,
  abi.SIDE_ORDER_UNIT,
  abi.SIDE_ORDER_MARGIN,
];

describe('lanes', () => {
  it('stand in two pairs, the second SIDE_END further on', () => {
    const row = heap.alloc(abi.SIDE_ROW);
    for (let lane = 0; lane < 4; lane++) putSide(row, abi.SIDE_WORTH, lane, <f64>(lane + 1));
    expect<f64>(load<f64>(row, abi.SIDE_WORTH)).toBe(1);
    expect<f64>(load<f64>(row, abi.SIDE_WORTH + 8)).toBe(2);
    expect<f64>(load<f64>(row, abi.SIDE_WORTH + abi.SIDE_END)).toBe(3);
    expect<f64>(load<f64>(row, abi.SIDE_WORTH + abi.SIDE_END + 8)).toBe(4);
    store<f64>(row, 5, abi.SIDE_WORTH + abi.SIDE_END);
    for (let lane = 0; lane < 4; lane++) {
      expect<f64>(getSide(row, abi.SIDE_WORTH, lane)).toBe(lane == 2 ? 5 : <f64>(lane + 1));
    }
    heap.free(row);
  });
  it('of a vector are those of its half', () => {
    const row = heap.alloc(abi.SIDE_ROW);
    v128.store(row, f64x2.replace_lane(f64x2.splat(7), 1, 8), abi.SIDE_FLAT);
    v128.store(row + abi.SIDE_END, f64x2.replace_lane(f64x2.splat(9), 1, 10), abi.SIDE_FLAT);
    for (let lane = 0; lane < 4; lane++) expect<f64>(getSide(row, abi.SIDE_FLAT, lane)).toBe(<f64>(7 + lane));
    heap.free(row);
  });
  it('of one slot are of no other, inside the row', () => {
    const row = heap.alloc(abi.SIDE_ROW + 8);
    memory.fill(row, 0, abi.SIDE_ROW + 8);
    let number: f64 = 0;
    for (let i = 0; i < wide.length; i++) for (let lane = 0; lane < 4; lane++) putSide(row, wide[i], lane, ++number);
    for (let i = 0; i < single.length; i++) putSide(row, single[i], 0, ++number);
    number = 0;
    for (let i = 0; i < wide.length; i++) {
      for (let lane = 0; lane < 4; lane++) expect<f64>(getSide(row, wide[i], lane)).toBe(++number);
    }
    for (let i = 0; i < single.length; i++) expect<f64>(getSide(row, single[i], 0)).toBe(++number);
    expect<f64>(load<f64>(row, abi.SIDE_ROW)).toBe(0);
    heap.free(row);
  });
});
