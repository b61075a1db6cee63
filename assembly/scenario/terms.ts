// What instruments are worth to a model: an option, anything linear, a balance. Risk arrays, exposures and rules read it here.
// bindings/reference/scenario/terms.ts is the definition.
import * as abi from '../abi';
import { column, larger, readF64, readU32, rows, smaller } from '../memory';
import { exp } from '../numeric/exp';

const SECONDS_PER_YEAR: f64 = 31536000;

/** Header of the book that is asked, and how many rows it has. */
export let book: usize = 0;
export let markets: u32 = 0;
export let expiries: u32 = 0;

export function openTerms(header: usize): void {
  book = header;
  markets = rows(header, abi.COUNT_MARKET);
  expiries = rows(header, abi.COUNT_EXPIRY);
}

// @ts-ignore: decorator
@inline
export function isOption(m: u32): bool {
  return readU32(book, abi.MARKET_KIND, m) >= abi.KIND_CALL;
}

/** Base asset of an option. */
// @ts-ignore: decorator
@inline
export function baseOf(m: u32): u32 {
  return readU32(book, abi.EXPIRY_ASSET, readU32(book, abi.MARKET_EXPIRY, m));
}

/** Whether an option pays its own base asset: its mark is in coin, its strike and its forward are in quote. */
// @ts-ignore: decorator
@inline
export function paysCoin(m: u32): bool {
  return readU32(book, abi.MARKET_SETTLE, m) == baseOf(m);
}

/** Numeraire per unit of the settle asset that a contract pays. */
// @ts-ignore: decorator
@inline
export function payUnit(m: u32): f64 {
  return readF64(book, abi.MARKET_MULTIPLIER, m) * readF64(book, abi.ASSET_PRICE, readU32(book, abi.MARKET_SETTLE, m));
}

/** Numeraire per unit of the underlying, at the spot. */
export function unitSpot(m: u32): f64 {
  const price = readF64(book, abi.ASSET_PRICE, readU32(book, abi.MARKET_SETTLE, m));
  const inverse = readU32(book, abi.MARKET_KIND, m) == abi.KIND_INVERSE;
  return inverse || (isOption(m) && paysCoin(m)) ? price : price * spotOf(m);
}

/** Value of a long contract at its mark, numeraire. */
export function markValue(m: u32): f64 {
  const mark = readF64(book, abi.MARKET_MARK, m);
  return payUnit(m) * (readU32(book, abi.MARKET_KIND, m) == abi.KIND_INVERSE ? 1 / mark : mark);
}

/** What a contract moves, at the spot: the price of the base asset of an option, the index of anything else. */
export function spotOf(m: u32): f64 {
  if (isOption(m)) return readF64(book, abi.ASSET_PRICE, baseOf(m));
  const index = readF64(book, abi.MARKET_INDEX, m);
  return readU32(book, abi.MARKET_KIND, m) == abi.KIND_INVERSE ? 1 / index : index;
}

/** What a contract moves, at the spot, in the numeraire. An option that pays coin is on so many units of it. */
export function contractSpot(m: u32): f64 {
  if (isOption(m) && paysCoin(m)) return payUnit(m);
  return payUnit(m) * spotOf(m);
}

/** Forward of an expiry at `times` its spot: what averaging has fixed stays. */
export function forwardOf(e: u32, times: f64): f64 {
  const spot = readF64(book, abi.ASSET_PRICE, readU32(book, abi.EXPIRY_ASSET, e));
  return readF64(book, abi.EXPIRY_CARRY, e) * spot * times + readF64(book, abi.EXPIRY_SETTLED, e);
}

/** Exponents of discounts stop here, so that products of them stay far from infinity. */
const MOST_EXPONENT: f64 = 50;

/** e^x of a rate times a time. */
export function grown(x: f64): f64 {
  return exp(larger(-MOST_EXPONENT, smaller(MOST_EXPONENT, x)));
}

/** A value in coins; of a coin that is worth nothing there are not enough. */
// @ts-ignore: decorator
@inline
export function inCoins(value: f64, price: f64): f64 {
  return price > 0 ? value / price : 0;
}

// @ts-ignore: decorator
@inline
export function yearsOf(seconds: f64): f64 {
  return (seconds > 0 ? seconds : 0) / SECONDS_PER_YEAR;
}

/** Parameter of model `k` for an underlying; 1 where none is named. */
export function parameterOf(k: u32, underlying: u32, index: u32): f64 {
  if (index == abi.NONE) return 1;
  const first = readU32(book, abi.MODEL_PARAMETER, k) + underlying * readU32(book, abi.MODEL_PARAMETERS, k);
  return readF64(book, abi.PARAMETER_VALUE, first + index);
}

/** A number of model `k` for an underlying: of its own, times a parameter. */
// @ts-ignore: decorator
@inline
export function figureOf(k: u32, underlying: u32, value: f64, by: u32): f64 {
  return value * parameterOf(k, underlying, by);
}

/** Bytes of a row of node.termBy. */
const NAMED_ROW: usize = (<usize>abi.NODE_NAMED) << 2;

/** A number of node `n` that may be a parameter. @param slot - of node.terms, in bytes */
export function termOf(k: u32, n: u32, slot: usize, underlying: u32): f64 {
  const terms = column(book, abi.NODE_TERMS) + <usize>n * abi.NODE_ROW;
  const by = column(book, abi.NODE_TERM_BY) + <usize>n * NAMED_ROW;
  return figureOf(k, underlying, load<f64>(terms + slot), load<u32>(by + (slot >> 1)));
}

/** A number of a scenario, with the column of its parameters. */
// @ts-ignore: decorator
@inline
export function scenarioFigure(k: u32, underlying: u32, row: u32, word: i32, by: i32): f64 {
  return figureOf(k, underlying, readF64(book, word, row), readU32(book, by, row));
}

/** Amount of a balance row after its index. */
export function amountOf(b: u32): f64 {
  const a = readU32(book, abi.BALANCE_ASSET, b);
  const amount = readF64(book, abi.BALANCE_AMOUNT, b);
  return amount * readF64(book, amount < 0 ? abi.ASSET_BORROW_INDEX : abi.ASSET_DEPOSIT_INDEX, a);
}

/** Underlying that a balance of an asset moves with, or NONE. */
export function hedgedUnderlying(a: u32): u32 {
  const hedged = readU32(book, abi.ASSET_HEDGES, a);
  return hedged == abi.NONE ? abi.NONE : readU32(book, abi.ASSET_UNDERLYING, hedged);
}
