// Bracket tables as a maximum of lines, two levels in two lanes: M(N) = max(rate * N - deduction) over the lines that count.
// No search and no branch on the notional; a line of whole form is masked out below its lower bound.

/** Rows of line columns are two or four doubles: 32 bytes each. */
const LINE: usize = 32;

/**
 * Requirement of two levels, in the table's unit, >= 0.
 * @param lines - column of (rate, rate, deduction, deduction)
 * @param above - column of lower bounds at the two lanes meant, or 0 where every line counts
 */
// @ts-ignore: decorator
@inline
export function requirementOf(lines: usize, above: usize, start: usize, count: usize, notional: v128): v128 {
  let most = f64x2.splat(0);
  let line = lines + start * LINE;
  const end = line + count * LINE;
  if (above == 0) {
    for (; line < end; line += LINE) {
      most = f64x2.pmax(most, f64x2.sub(f64x2.mul(v128.load(line), notional), v128.load(line, 16)));
    }
  } else {
    let bound = above + start * LINE;
    for (; line < end; line += LINE, bound += LINE) {
      const value = f64x2.sub(f64x2.mul(v128.load(line), notional), v128.load(line, 16));
      most = f64x2.pmax(most, v128.and(f64x2.gt(notional, v128.load(bound)), value));
    }
  }
  return most;
}
