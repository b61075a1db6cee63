// Bracket tables as a maximum of lines, two levels in two lanes: M = max(rate * x - deduction) over the lines that count.
// Lines are per contract and in numeraire; no branch on the size. bindings/reference/brackets.ts is the definition.
import * as abi from '../abi';

/** Rows of line columns are four doubles: (rate, rate, deduction, deduction) or bounds by level. */
const LINE: usize = 32;

// @ts-ignore: decorator
@inline
function lineAt(line: usize, x: v128): v128 {
  return f64x2.sub(f64x2.mul(v128.load(line), x), v128.load(line, 16));
}

/** Requirement where every line counts; numeraire, >= 0. */
// @ts-ignore: decorator
@inline
export function marginalRequirement(lines: usize, start: usize, count: usize, x: v128): v128 {
  let most = f64x2.splat(0);
  let line = lines + start * LINE;
  const end = line + count * LINE;
  for (; line < end; line += LINE) most = f64x2.pmax(most, lineAt(line, x));
  return most;
}

/**
 * Requirement where some lines count only above their bound: whole tables.
 * @param above - column of lower bounds, at the two lanes meant
 * @param notional - what the bounds are compared with, table unit
 */
// @ts-ignore: decorator
@inline
export function wholeRequirement(
  lines: usize,
  above: usize,
  start: usize,
  count: usize,
  notional: v128,
  x: v128,
): v128 {
  let most = f64x2.splat(0);
  let line = lines + start * LINE;
  let bound = above + start * LINE;
  const end = line + count * LINE;
  for (; line < end; line += LINE, bound += LINE) {
    most = f64x2.pmax(most, v128.and(f64x2.gt(notional, v128.load(bound)), lineAt(line, x)));
  }
  return most;
}

/** First line of the window that a notional's bucket names, of a market whose window row is `window`. */
// @ts-ignore: decorator
@inline
export function windowLine(window: usize, buckets: usize, notional: f64): u32 {
  const bits = reinterpret<i64>(notional) >> abi.BUCKET_SHIFT;
  const bucket = <i32>bits - <i32>load<u32>(window, abi.WINDOW_LOW);
  const inside = max(0, min(bucket, <i32>load<u32>(window, abi.WINDOW_LAST)));
  const first =
    load<u32>(window, abi.WINDOW_LINE) + <u32>load<u8>(buckets + load<u32>(window, abi.WINDOW_BUCKET) + inside);
  return min(first, load<u32>(window, abi.WINDOW_LAST_LINE));
}

/**
 * Requirement from the two lines of a window, clamped to the table: the others cannot be the largest (book/tables.ts).
 * @param first - first line of the window
 * @param last - last line of the table
 */
// @ts-ignore: decorator
@inline
export function windowRequirement(lines: usize, first: u32, last: u32, x: v128): v128 {
  const most = f64x2.pmax(f64x2.splat(0), lineAt(lines + <usize>first * LINE, x));
  return f64x2.pmax(most, lineAt(lines + <usize>min(first + 1, last) * LINE, x));
}

/** Lanes that count whatever the notional, by two bits of a form: bit 0 bounds lane 0, bit 1 lane 1. */
const always: usize = memory.data<u64>([~0, ~0, 0, ~0, ~0, 0, 0, 0], 16);

/**
 * The same where lines of whole form count only above their bound. The first of a window lies above its own.
 * @param upTo - upper bounds of the lines
 * @param form - two bits of the market's form, of the two lanes meant
 */
// @ts-ignore: decorator
@inline
export function boundedWindow(
  lines: usize,
  upTo: usize,
  form: i32,
  first: u32,
  last: u32,
  notional: f64,
  x: v128,
): v128 {
  const most = f64x2.pmax(f64x2.splat(0), lineAt(lines + <usize>first * LINE, x));
  const counts = f64x2.gt(f64x2.splat(notional), v128.load_splat<f64>(upTo + ((<usize>first) << 3)));
  const next = lineAt(lines + <usize>min(first + 1, last) * LINE, x);
  return f64x2.pmax(most, v128.and(v128.or(counts, v128.load(always + ((<usize>form) << 4))), next));
}
