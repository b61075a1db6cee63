// Moves of a scenario: of the spot, and of volatilities by time to expiry or by moneyness.
// bindings/reference/scenario/arrays.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import { pow } from '../numeric/pow';
import { book, figureOf, parameterOf } from './terms';

/** A power of nearly no time stops here, so that no volatility is infinite. */
const MOST_MOVE: f64 = 1e6;

/** Relative move of the spot in row `row` of the table of model `k`; prices stop at 0. */
// @ts-ignore: decorator
@inline
export function priceMove(k: u32, row: u32, underlying: u32): f64 {
  const range = parameterOf(k, underlying, readU32(book, abi.SCENARIO_RANGE, row));
  return larger(readF64(book, abi.SCENARIO_PRICE, row) * range, -1);
}

// @ts-ignore: decorator
@inline
function termsOf(v: u32): usize {
  return column(book, abi.MOVE_TERMS) + <usize>v * abi.MOVE_ROW;
}

export function isSkew(v: u32): bool {
  return v != abi.NONE && readU32(book, abi.MOVE_KIND, v) == abi.MOVE_SKEW;
}

/** How far move `v` of volatilities goes for a time to expiry. */
function moveSize(k: u32, v: u32, underlying: u32, seconds: f64): f64 {
  const terms = termsOf(v);
  const by = load<f64>(terms, abi.MOVE_TERM_BY) * parameterOf(k, underlying, readU32(book, abi.MOVE_RANGE, v));
  const term = load<f64>(terms, abi.MOVE_TERM_TERM);
  if (term == 0 || by == 0) return by;
  const left = larger(seconds, load<f64>(terms, abi.MOVE_TERM_FLOOR));
  const exponent = seconds <= term ? load<f64>(terms, abi.MOVE_TERM_SHORT) : load<f64>(terms, abi.MOVE_TERM_LONG);
  return larger(-MOST_MOVE, smaller(MOST_MOVE, by * pow(term / left, exponent)));
}

/** How a volatility moves, left by `openMove`: max(least, max(0, vol * times + plus)). A skew goes by the strike too. */
export let times: f64 = 1;
export let plus: f64 = 0;
export let least: f64 = 0;

/** @param v - row of the move, or NONE */
export function openMove(k: u32, v: u32, underlying: u32, seconds: f64): void {
  times = 1;
  plus = 0;
  least = 0;
  if (v == abi.NONE || isSkew(v)) return;
  const by = moveSize(k, v, underlying, seconds);
  if (readU32(book, abi.MOVE_KIND, v) == abi.MOVE_SCALE) times = larger(0, 1 + by);
  else plus = by;
  const own = load<f64>(termsOf(v), abi.MOVE_TERM_LEAST);
  least = figureOf(k, underlying, own, readU32(book, abi.MOVE_LEAST_BY, v));
}

/** Volatility of an option after skew `v`. @param moneyness - ln(strike / forward) */
export function skewed(v: u32, vol: f64, rootTime: f64, moneyness: f64): f64 {
  const terms = termsOf(v);
  const cap = load<f64>(terms, abi.MOVE_TERM_BY) * rootTime + load<f64>(terms, abi.MOVE_TERM_CAP);
  const level = load<f64>(terms, abi.MOVE_TERM_LEVEL) + load<f64>(terms, abi.MOVE_TERM_SLOPE) * rootTime;
  const room = rootTime * load<f64>(terms, abi.MOVE_TERM_WIDTH) * level;
  const width = larger(load<f64>(terms, abi.MOVE_TERM_LEAST_WIDTH), room);
  const x = load<f64>(terms, abi.MOVE_TERM_SYMMETRIC) != 0 ? abs(moneyness) : moneyness;
  // 0 / 0 is 0: nothing moves where there is no cap or no distance.
  const rise = x * cap;
  const slope = rise == 0 ? 0 : rise / width;
  return vol * larger(0, 1 + (x >= 0 ? smaller(cap, slope) : larger(0 - cap, slope)));
}
