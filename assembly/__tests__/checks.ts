// What several specs expect alike: the four lanes of a side's slot, or of two vectors.
import * as book from './book';

/** Lanes of the long side of a market, or with SIDE_ROW added to the slot, of the short. */
export function lanes(m: u32, slot: usize, initial: f64, maintenance: f64, end: f64, plain: f64): void {
  expect<f64>(book.ofLong(m, slot, 0)).toBe(initial, 'initial');
  expect<f64>(book.ofLong(m, slot, 1)).toBe(maintenance, 'maintenance');
  expect<f64>(book.ofLong(m, slot, 2)).toBe(end, 'liquidation end');
  expect<f64>(book.ofLong(m, slot, 3)).toBe(plain, 'plain');
}

/** The same number in all four. */
export function same(m: u32, slot: usize, value: f64): void {
  lanes(m, slot, value, value, value, value);
}

/** Lanes (initial, maintenance) of one vector and (liquidation end, plain) of another. */
export function vectors(a: v128, b: v128, initial: f64, maintenance: f64, end: f64, plain: f64): void {
  expect<f64>(f64x2.extract_lane(a, 0)).toBe(initial, 'initial');
  expect<f64>(f64x2.extract_lane(a, 1)).toBe(maintenance, 'maintenance');
  expect<f64>(f64x2.extract_lane(b, 0)).toBe(end, 'liquidation end');
  expect<f64>(f64x2.extract_lane(b, 1)).toBe(plain, 'plain');
}

/** Whether some bit of the two vectors differs. */
export function differ(a: v128, b: v128): bool {
  return v128.any_true(v128.xor(a, b));
}
