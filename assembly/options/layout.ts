// The block that options are computed in: columns of ROWS doubles, one behind the other. The numbers of
// bindings/options/layout.ts (a test compares).

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

// @ts-ignore: decorator
@inline
export function get(row: usize, column: usize): f64 {
  return load<f64>(row + column * (ROWS << 3));
}

// @ts-ignore: decorator
@inline
export function put(row: usize, column: usize, value: f64): void {
  store<f64>(row + column * (ROWS << 3), value);
}
