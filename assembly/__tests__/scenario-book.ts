// What scenario models add to the small packed book of book.ts: expiries, options, tables of scenarios and the parts of a
// requirement, one model a book. Rows are laid as bindings/scenario/compile.ts lays them.
import * as abi from '../abi';
import { riskArrays } from '../scenario/arrays';
import { valueOptions } from '../scenario/option-value';
import { requirement } from '../scenario/requirement';
import * as book from './book';

/** An expiry of options on an asset: its forward, in so many years. */
export function expiry(asset: u32, years: f64, forward: f64): u32 {
  const e = book.add(abi.COUNT_EXPIRY);
  book.setIndex(abi.EXPIRY_ASSET, e, asset);
  book.set(abi.EXPIRY_SECONDS, e, years * 31536000);
  book.set(abi.EXPIRY_FORWARD, e, forward);
  book.set(abi.EXPIRY_CONFIDENCE, e, 1);
  return e;
}

/** A call or a put of an expiry, of no volatility unless it is set, and with its value as mark. */
export function option(kind: u32, e: u32, strike: f64, settle: u32): u32 {
  const m = book.market(kind, settle, 0);
  const base = book.index(abi.EXPIRY_ASSET, e);
  book.setIndex(abi.MARKET_EXPIRY, m, e);
  book.setIndex(abi.MARKET_BASE, m, base);
  book.setIndex(abi.MARKET_UNDERLYING, m, base);
  book.setIndex(abi.MARKET_VALUED, m, 1);
  book.setIndex(abi.MARKET_TWIN, m, m);
  book.set(abi.MARKET_STRIKE, m, strike);
  book.flatTable(m, 0);
  return m;
}

/** A linear market on an asset, which its scenarios move. */
export function linear(base: u32, settle: u32, mark: f64): u32 {
  const m = book.market(abi.KIND_LINEAR, settle, mark);
  book.setIndex(abi.MARKET_BASE, m, base);
  book.setIndex(abi.MARKET_UNDERLYING, m, base);
  book.flatTable(m, 0);
  return m;
}

/** A scenario: the relative move of the spot. */
export function scenario(price: f64, operation: u32 = 0): u32 {
  const s = book.add(abi.COUNT_SCENARIO);
  book.set(abi.SCENARIO_PRICE, s, price);
  book.setIndex(abi.SCENARIO_RANGE, s, abi.NONE);
  book.setIndex(abi.SCENARIO_MOVE, s, abi.NONE);
  book.set(abi.SCENARIO_WEIGHT, s, 1);
  book.setIndex(abi.SCENARIO_WEIGHT_BY, s, abi.NONE);
  book.set(abi.SCENARIO_COIN_WEIGHT, s, 1);
  book.setIndex(abi.SCENARIO_COIN_WEIGHT_BY, s, abi.NONE);
  book.setIndex(abi.SCENARIO_DAMPENER_BY, s, abi.NONE);
  book.setIndex(abi.SCENARIO_OPERATION, s, operation);
  book.setIndex(abi.SCENARIO_PAIR, s, s);
  return s;
}

/** A part of the requirement, factor 1. Parts are added in pre-order; `close` says where one ends. */
export function node(kind: u32): u32 {
  const n = book.add(abi.COUNT_NODE);
  book.setIndex(abi.NODE_KIND, n, kind);
  book.setIndex(abi.NODE_END, n, n + 1);
  book.set(abi.NODE_FACTOR, n * 2, 1);
  book.set(abi.NODE_FACTOR, n * 2 + 1, 1);
  book.setIndex(abi.NODE_PARAMETER, n * 2, abi.NONE);
  book.setIndex(abi.NODE_PARAMETER, n * 2 + 1, abi.NONE);
  book.setIndex(abi.NODE_PEG, n, abi.NONE);
  book.setIndex(abi.NODE_FEED, n, abi.NONE);
  for (let i: u32 = 0; i < <u32>abi.NODE_NAMED; i++) {
    book.setIndex(abi.NODE_TERM_BY, n * <u32>abi.NODE_NAMED + i, abi.NONE);
  }
  return n;
}

/** Ends a part behind the last one that there is. */
export function close(n: u32): void {
  book.setIndex(abi.NODE_END, n, book.count(abi.COUNT_NODE));
}

/** A term of a part. @param slot - NODE_TERM constant, in bytes */
export function term(n: u32, slot: usize, value: f64): void {
  book.set(abi.NODE_TERMS, n * <u32>(abi.NODE_ROW >> 3) + <u32>(slot >> 3), value);
}

/** A scan of rows `[from, to)` of the table, all gains in full. */
export function scan(from: u32, to: u32): u32 {
  const n = node(abi.NODE_SCAN);
  book.setIndex(abi.NODE_FROM, n, from);
  book.setIndex(abi.NODE_TO, n, to);
  term(n, abi.NODE_TERM_GAINS, 1);
  term(n, abi.NODE_TERM_BASE, 1);
  return n;
}

/** An exposure of INSTRUMENT code `what` at AT code `at`, in full whatever its confidence. */
export function exposure(kind: u32, what: u32, at: u32): u32 {
  const n = node(kind);
  book.setIndex(abi.NODE_OF, n, what);
  book.setIndex(abi.NODE_AT, n, at);
  term(n, abi.NODE_TERM_THRESHOLD, 2);
  return n;
}

/** The one model: all scenarios that there are, and the part that is its root. */
export function model(root: u32): void {
  const count = book.count(abi.COUNT_SCENARIO);
  book.add(abi.COUNT_MODEL);
  book.setIndex(abi.MODEL_SCENARIOS, 0, count);
  book.setIndex(abi.MODEL_NODE, 0, root);
  book.setIndex(abi.MODEL_WIDTH, 0, (count + 4) & ~1);
  book.setIndex(abi.MODEL_CASH, 0, abi.NONE);
  book.setIndex(abi.MODEL_GROUP, 0, abi.NONE);
  book.setIndex(abi.MODEL_ORDERS, 0, 1);
  book.setIndex(abi.MODEL_END, 0, 1);
  book.set(abi.MODEL_DISCOUNT, 0, 1);
}

/** Values options, makes risk arrays and settles the unit values. */
export function ready(): void {
  valueOptions(book.header);
  riskArrays(book.header);
  book.ready();
}

/** Number `i` of the risk array of market `m`, or of asset `m - markets`: scenarios, then value, delta and what it moves. */
export function cell(m: u32, i: u32): f64 {
  return book.get(abi.CELL_VALUE, m * book.index(abi.MODEL_WIDTH, 0) + i);
}

/** Requirement of unit `u` at a level. */
export function required(u: u32, level: u32 = 0): f64 {
  book.setIndex(abi.UNIT_MODEL, u, 1);
  requirement(book.header, u);
  return book.get(abi.HOUSE_REQUIRED, level);
}
