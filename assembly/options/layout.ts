// The block that options are computed in: columns of ROWS doubles, one behind the other. The numbers of
// bindings/options/layout.ts (a test compares). Two rows go into a vector, so that ROWS is even.

export const ROWS: usize = 128;

export const SPOT: i32 = 1;

export const INPUT_TYPE: usize = 0;
export const INPUT_UNDERLYING: usize = 1;
export const INPUT_STRIKE: usize = 2;
export const INPUT_VOL: usize = 3;
export const INPUT_TIME: usize = 4;
export const INPUT_DISCOUNT: usize = 5;
export const INPUT_DIVIDEND_YIELD: usize = 6;
export const STATUS_COLUMN: usize = 7;
export const ANSWERS: usize = 8;

export const STATUS_OK: i32 = 0;
export const STATUS_BELOW_INTRINSIC: i32 = 1;
export const STATUS_ABOVE_MAXIMUM: i32 = 2;
export const STATUS_EXPIRED: i32 = 3;
export const STATUS_INVALID: i32 = 4;

/** Two rows of a column. */
// @ts-ignore: decorator
@inline
export function get(rows: usize, column: usize): v128 {
  return v128.load(rows + column * (ROWS << 3));
}

// @ts-ignore: decorator
@inline
export function put(rows: usize, column: usize, values: v128): void {
  v128.store(rows + column * (ROWS << 3), values);
}

/** The first lane. */
// @ts-ignore: decorator
@inline
export function one(values: v128): f64 {
  return f64x2.extract_lane(values, 0);
}
