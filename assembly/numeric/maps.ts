// Functions of many numbers: n doubles from one address to another, two at a time, with the bits of the scalar functions. The
// two places may be the same, but not overlap otherwise; both have room for an even count, as the last pair is written
// whole. Codes are the order of names in bindings/numeric.ts.

import { erfcPair, erfcxPair, erfPair } from './erf';
import { expPair } from './exp';
import { logPair } from './log';
import { normalCdfPair, normalDensityPair, normalLogCdfPair, normalQuantilePair } from './normal';
import { pow } from './pow';
import { studentCdf, studentQuantile } from './student';

// @ts-ignore: decorator
@inline
function pairOf(code: i32, x: v128): v128 {
  switch (code) {
    case 0:
      return expPair(x);
    case 1:
      return logPair(x);
    case 2:
      return erfPair(x);
    case 3:
      return erfcPair(x);
    case 4:
      return erfcxPair(x);
    case 5:
      return normalCdfPair(x);
    case 6:
      return normalLogCdfPair(x);
    case 7:
      return normalDensityPair(x);
    default:
      return normalQuantilePair(x);
  }
}

/** Writes the function of each of n doubles. */
export function map(code: i32, from: usize, to: usize, n: i32): void {
  const end = from + ((<usize>n) << 3);
  for (; from < end; from += 16, to += 16) v128.store(to, pairOf(code, v128.load(from)));
}

/** The same for functions of x and one more number y. */
export function mapWith(code: i32, from: usize, to: usize, n: i32, y: f64): void {
  for (let i: usize = 0; i < (<usize>n) << 3; i += 8) {
    const x = load<f64>(from + i);
    store<f64>(to + i, code == 0 ? pow(x, y) : code == 1 ? studentCdf(x, y) : studentQuantile(x, y));
  }
}
