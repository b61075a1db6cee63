// A small packed book for the specs: a header and columns on the heap, filled row by row. What a setter does not name
// is neutral: weight 1, no guard, no limit, no fee. Tables are derived here as bindings/book/tables.ts derives them.
import * as abi from '../abi';
import { getSide } from '../margin/side';
import * as at from '../margin/state';
import { values } from '../margin/value';

/** Bytes of windows that fit, of all markets. */
const BUCKETS: usize = 4096;

/** Header of the book that is being filled. */
export let header: usize = 0;
let most: u32 = 0;

/** Bytes of a row: four doubles hold what most columns have, the derived rows are wider, scratch of scenarios is long. */
function rowBytes(word: i32): usize {
  if (word == abi.NODE_TERMS || word == abi.MOVE_TERMS || word == abi.MODEL_DISCOUNT) return abi.NODE_ROW;
  if (word == abi.WORK_COLUMN || word == abi.CELL_VALUE || word == abi.FOLD_SUM) return 128 << 3;
  if (word == abi.ASSET_VALUE) return abi.ASSET_ROW;
  if (word == abi.MARKET_VALUE) return 2 * abi.SIDE_ROW;
  return word == abi.MARKET_PLAIN || word == abi.LINE_ROOT || word == abi.SCRATCH_HELD || word == abi.HOUSE_TOTALS
    ? 8 << 3
    : 4 << 3;
}

function zeros(bytes: usize): usize {
  const pointer = heap.alloc(bytes);
  memory.fill(pointer, 0, bytes);
  return pointer;
}

/** Starts an empty book with room for so many rows in each section; the setters below add to it. @returns its header */
export function newBook(room: u32 = 32): usize {
  most = room;
  header = zeros((<usize>abi.HEADER_WORDS) << 2);
  for (let word = abi.HOUSE_RULE; word < abi.HEADER_WORDS; word++) {
    const bytes = word == abi.BUCKET_FIRST ? BUCKETS : rowBytes(word) * room;
    store<u32>(header + ((<usize>word) << 2), <u32>zeros(bytes));
  }
  store<u32>(header + ((<usize>abi.COUNT_HOUSE) << 2), 1);
  return header;
}

function pointer(word: i32): usize {
  return load<u32>(header + ((<usize>word) << 2));
}

/** Rows of a section. */
export function count(section: i32): u32 {
  return load<u32>(header + ((<usize>section) << 2));
}

/** Adds a row to a section, all zeros. */
export function add(section: i32): u32 {
  const row = count(section);
  assert(row < most, 'room for so many rows');
  store<u32>(header + ((<usize>section) << 2), row + 1);
  return row;
}

/** Sets a u32 of a column. */
export function setIndex(word: i32, row: u32, value: u32): void {
  store<u32>(pointer(word) + ((<usize>row) << 2), value);
}

export function index(word: i32, row: u32): u32 {
  return load<u32>(pointer(word) + ((<usize>row) << 2));
}

/** Sets an f64 of a column that is one number wide. */
export function set(word: i32, row: u32, value: f64): void {
  store<f64>(pointer(word) + ((<usize>row) << 3), value);
}

export function get(word: i32, row: u32): f64 {
  return load<f64>(pointer(word) + ((<usize>row) << 3));
}

/** Sets a column of three levels. */
export function setLevels(word: i32, row: u32, initial: f64, maintenance: f64, end: f64): void {
  set(word, row * 3, initial);
  set(word, row * 3 + 1, maintenance);
  set(word, row * 3 + 2, end);
}

/** An asset at a price, of full weight. */
export function asset(price: f64): u32 {
  const a = add(abi.COUNT_ASSET);
  set(abi.ASSET_PRICE, a, price);
  set(abi.ASSET_TWAP, a, price);
  set(abi.ASSET_STABLE, a, price);
  set(abi.ASSET_CONFIDENCE, a, 1);
  set(abi.ASSET_CAP, a, abi.NO_LIMIT);
  set(abi.ASSET_CURVE_NUMERATOR, a, 1);
  set(abi.ASSET_CURVE_EXPONENT, a, 1);
  set(abi.ASSET_CURVE_DEBT_BASE, a, 1);
  set(abi.ASSET_DEPOSIT_SCALE_START, a, abi.NO_LIMIT);
  set(abi.ASSET_BORROW_SCALE_START, a, abi.NO_LIMIT);
  set(abi.ASSET_DEPOSIT_INDEX, a, 1);
  set(abi.ASSET_BORROW_INDEX, a, 1);
  setIndex(abi.ASSET_UNDERLYING, a, abi.NONE);
  setIndex(abi.ASSET_HEDGES, a, abi.NONE);
  tiers(a, [abi.NO_LIMIT, 1, 1, 1]);
  debtTiers(a, [abi.NO_LIMIT, 1, 1, 1]);
  return a;
}

/** Weights at the three levels, one tier each for what is held and for what is owed. */
export function weights(a: u32, held: f64[], owed: f64[]): void {
  tiers(a, [abi.NO_LIMIT, held[0], held[1], held[2]]);
  debtTiers(a, [abi.NO_LIMIT, owed[0], owed[1], owed[2]]);
}

/** Asset tiers, four numbers each: upTo, then the weights initial, maintenance, liquidation end. */
export function tiers(a: u32, table: f64[]): void {
  setIndex(abi.ASSET_TIER_START, a, tierRows(table));
  setIndex(abi.ASSET_TIER_COUNT, a, table.length >> 2);
}

/** Liability tiers, as `tiers`. */
export function debtTiers(a: u32, table: f64[]): void {
  setIndex(abi.ASSET_DEBT_START, a, tierRows(table));
  setIndex(abi.ASSET_DEBT_COUNT, a, table.length >> 2);
}

function tierRows(table: f64[]): u32 {
  const first = count(abi.COUNT_TIER);
  for (let i = 0; i < table.length; i += 4) {
    const row = add(abi.COUNT_TIER);
    set(abi.TIER_UP_TO, row, table[i]);
    for (let k = 0; k < 4; k++) {
      const weight: f64 = k < 3 ? table[i + 1 + k] : 1;
      set(abi.TIER_WEIGHT, row * 4 + k, weight);
      if (row == first) continue;
      const step = get(abi.TIER_WEIGHT, (row - 1) * 4 + k) - weight;
      set(abi.TIER_OFFSET, row * 4 + k, get(abi.TIER_OFFSET, (row - 1) * 4 + k) + table[i - 4] * step);
    }
  }
  return first;
}

/** A market of multiplier 1 that settles in an asset, without a table: it requires nothing yet, and its mark moves alone. */
export function market(kind: u32, settle: u32, mark: f64): u32 {
  const m = add(abi.COUNT_MARKET);
  setIndex(abi.MARKET_KIND, m, kind);
  setIndex(abi.MARKET_UNDERLYING, m, m);
  set(abi.MARKET_BETA, m, 1);
  setIndex(abi.MARKET_BASE, m, abi.NONE);
  setIndex(abi.MARKET_EXPIRY, m, abi.NONE);
  setIndex(abi.MARKET_QUOTE, m, abi.NONE);
  setIndex(abi.MARKET_SETTLE, m, settle);
  set(abi.MARKET_MULTIPLIER, m, 1);
  set(abi.MARKET_MARK, m, mark);
  set(abi.MARKET_INDEX, m, mark);
  set(abi.MARKET_TWAP, m, mark);
  set(abi.MARKET_STABLE, m, mark);
  set(abi.MARKET_CONFIDENCE, m, 1);
  set(abi.MARKET_CURVE_EXPONENT, m, 1);
  set(abi.MARKET_OPEN_INTEREST_LOWER, m, abi.NO_LIMIT);
  set(abi.MARKET_OPEN_INTEREST_UPPER, m, abi.NO_LIMIT);
  setLevels(abi.MARKET_PNL_WEIGHT, m, 1, 1, 1);
  setLevels(abi.MARKET_PNL_CAP, m, abi.NO_LIMIT, abi.NO_LIMIT, abi.NO_LIMIT);
  return m;
}

/** Has the assets and markets move together: one underlying, the number of the first market. */
export function together(assets: u32[], markets: u32[]): void {
  for (let i = 0; i < assets.length; i++) setIndex(abi.ASSET_UNDERLYING, assets[i], markets[0]);
  for (let i = 0; i < markets.length; i++) setIndex(abi.MARKET_UNDERLYING, markets[i], markets[0]);
}

/** A spot market: its order rows stand under the base balance. */
export function spotMarket(base: u32, quote: u32, reserve: bool): u32 {
  const m = market(abi.KIND_SPOT, base, 1);
  setIndex(abi.MARKET_BASE, m, base);
  setIndex(abi.MARKET_QUOTE, m, quote);
  setIndex(abi.MARKET_SPOT_ORDERS, m, reserve ? 1 : 0);
  return m;
}

/** Bracket table of both sides, four numbers a line: upTo, then the rates initial, maintenance, liquidation end. */
export function table(m: u32, lines: f64[]): void {
  setIndex(abi.MARKET_LINE_START, m, lineRows(lines, index(abi.MARKET_FORM, m)));
  setIndex(abi.MARKET_LINE_COUNT, m, lines.length >> 2);
  setIndex(abi.MARKET_SHORT_START, m, index(abi.MARKET_LINE_START, m));
  setIndex(abi.MARKET_SHORT_COUNT, m, lines.length >> 2);
  layWindow(m);
}

/** One table line of the same rate at every level, for both sides. */
export function flatTable(m: u32, rate: f64): void {
  table(m, [abi.NO_LIMIT, rate, rate, rate]);
}

/** A table of whole form at every level. */
export function wholeTable(m: u32, lines: f64[]): void {
  setIndex(abi.MARKET_FORM, m, 7);
  table(m, lines);
}

/** Another table for shorts. */
export function shortTable(m: u32, lines: f64[]): void {
  setIndex(abi.MARKET_SHORT_START, m, lineRows(lines, index(abi.MARKET_FORM, m)));
  setIndex(abi.MARKET_SHORT_COUNT, m, lines.length >> 2);
}

function lineRows(lines: f64[], form: u32): u32 {
  const first = count(abi.COUNT_LINE);
  for (let i = 0; i < lines.length; i += 4) {
    const row = add(abi.COUNT_LINE);
    const lower: f64 = i == 0 ? 0 : lines[i - 4];
    set(abi.LINE_UP_TO, row, lines[i]);
    set(abi.LINE_ABOVE, row * 4 + 3, -1);
    for (let k = 0; k < 3; k++) {
      const rate = lines[i + 1 + k];
      const whole = ((form >>> k) & 1) != 0;
      set(abi.LINE_RATE, row * 3 + k, rate);
      set(abi.LINE_ABOVE, row * 4 + k, whole && i > 0 ? lower : -1);
      if (whole || i == 0) continue;
      const before = get(abi.LINE_DEDUCTION, (row - 1) * 3 + k);
      set(abi.LINE_DEDUCTION, row * 3 + k, before + lower * (rate - lines[i - 3 + k]));
    }
  }
  return first;
}

function setWindow(m: u32, slot: usize, value: u32): void {
  store<u32>(pointer(abi.MARKET_WINDOW) + <usize>m * abi.WINDOW_ROW + slot, value);
}

function bucketOf(notional: f64): i32 {
  return <i32>(reinterpret<i64>(notional) >> abi.BUCKET_SHIFT);
}

/** First line that can be the largest for a notional in the bucket, or -1 where there are more than two. */
function windowOf(start: u32, lines: u32, bucket: i32): i32 {
  const low = reinterpret<f64>((<i64>bucket) << abi.BUCKET_SHIFT) * (1 - 1.0 / 1048576);
  const high = reinterpret<f64>((<i64>bucket + 1) << abi.BUCKET_SHIFT) * (1 + 1.0 / 1048576);
  let first: u32 = 0;
  while (first < lines - 1 && get(abi.LINE_UP_TO, start + first) < low) first++;
  let last = first;
  while (last < lines - 1 && get(abi.LINE_UP_TO, start + last) <= high) last++;
  return last - first < 2 ? first : -1;
}

/** Has the table of a market walked line by line, as one that fits no window. */
export function walk(m: u32): void {
  setWindow(m, abi.WINDOW_FITS, 0);
}

/** Lays out where a notional is looked up; a table that does not fit can only be walked. */
function layWindow(m: u32): void {
  const start = index(abi.MARKET_LINE_START, m);
  const lines = index(abi.MARKET_LINE_COUNT, m);
  setWindow(m, abi.WINDOW_LINE, start);
  setWindow(m, abi.WINDOW_LAST_LINE, start + lines - 1);
  setWindow(m, abi.WINDOW_FITS, lines < 2 ? 1 : 0);
  if (lines < 2) return;
  const first = count(abi.COUNT_BUCKET);
  const low = bucketOf(get(abi.LINE_UP_TO, start)) - 1;
  const high = bucketOf(get(abi.LINE_UP_TO, start + lines - 2)) + 1;
  for (let bucket = low; bucket <= high; bucket++) {
    const line = windowOf(start, lines, bucket);
    if (line < 0) return;
    store<u8>(pointer(abi.BUCKET_FIRST) + first + <u32>(bucket - low), <u8>line);
  }
  setWindow(m, abi.WINDOW_BUCKET, first);
  setWindow(m, abi.WINDOW_LOW, low);
  setWindow(m, abi.WINDOW_LAST, high - low);
  setWindow(m, abi.WINDOW_FITS, 1);
  store<u32>(header + ((<usize>abi.COUNT_BUCKET) << 2), first + <u32>(high - low) + 1);
  assert(count(abi.COUNT_BUCKET) <= <u32>BUCKETS, 'room for so many buckets');
}

/** A margin unit, an account of its own. What follows is added to the last one. */
export function unit(): u32 {
  const u = add(abi.COUNT_UNIT);
  setIndex(abi.UNIT_ACCOUNT, u, add(abi.COUNT_ACCOUNT));
  setIndex(abi.UNIT_NEXT, u, abi.NONE);
  set(abi.UNIT_MULTIPLIER, u, 1);
  setIndex(abi.UNIT_BALANCE_START, u, count(abi.COUNT_BALANCE));
  setIndex(abi.UNIT_POSITION_START, u, count(abi.COUNT_POSITION));
  return u;
}

/** What the last unit holds or owes of an asset. */
export function balance(a: u32, amount: f64): u32 {
  const b = add(abi.COUNT_BALANCE);
  const u = count(abi.COUNT_UNIT) - 1;
  setIndex(abi.BALANCE_ASSET, b, a);
  set(abi.BALANCE_AMOUNT, b, amount);
  setIndex(abi.UNIT_BALANCE_COUNT, u, index(abi.UNIT_BALANCE_COUNT, u) + 1);
  return b;
}

/** A position of the last unit, under its last balance; `cost` is the signed entry value in settle units. */
export function position(m: u32, size: f64, cost: f64): u32 {
  const p = add(abi.COUNT_POSITION);
  const b = count(abi.COUNT_BALANCE) - 1;
  const u = count(abi.COUNT_UNIT) - 1;
  setIndex(abi.POSITION_KEY, p, m << 2);
  set(abi.POSITION_SIZE, p, size);
  set(abi.POSITION_COST, p, cost);
  setIndex(abi.BALANCE_POSITIONS, b, index(abi.BALANCE_POSITIONS, b) + 1);
  setIndex(abi.UNIT_POSITION_COUNT, u, index(abi.UNIT_POSITION_COUNT, u) + 1);
  return p;
}

/** Open orders of a position: contracts bid and asked, each side at one price. @returns the order row */
export function orders(p: u32, bid: f64, bidPrice: f64, ask: f64, askPrice: f64): u32 {
  const o = add(abi.COUNT_ORDER);
  setIndex(abi.POSITION_ORDER, p, o + 1);
  set(abi.ORDER_BID_SIZE, o, bid);
  set(abi.ORDER_BID_NOTIONAL, o, bid * bidPrice);
  set(abi.ORDER_BID_WORST, o, bid == 0 ? 0 : bidPrice);
  set(abi.ORDER_ASK_SIZE, o, ask);
  set(abi.ORDER_ASK_NOTIONAL, o, ask * askPrice);
  set(abi.ORDER_ASK_WORST, o, ask == 0 ? 0 : askPrice);
  setIndex(abi.ORDER_COUNT, o, (bid == 0 ? 0 : 1) + (ask == 0 ? 0 : 1));
  return o;
}

/** Settles the unit values and points the kernel at the book. */
export function ready(): void {
  values(header);
  at.open(header);
}

/** Lane of a slot of an asset's row of unit values. */
export function ofAsset(a: u32, slot: usize, lane: i32 = 0): f64 {
  return load<f64>(pointer(abi.ASSET_VALUE) + <usize>a * abi.ASSET_ROW + slot + ((<usize>lane) << 3));
}

/** Lane of a slot of the long side of a market. */
export function ofLong(m: u32, slot: usize, lane: i32 = 0): f64 {
  return getSide(pointer(abi.MARKET_VALUE) + <usize>(2 * m) * abi.SIDE_ROW, slot, lane);
}

/** Lane of a slot of the short side of a market. */
export function ofShort(m: u32, slot: usize, lane: i32 = 0): f64 {
  return ofLong(m, slot + abi.SIDE_ROW, lane);
}

/** Flags of an asset. */
export function flagsOfAsset(a: u32): i32 {
  return load<i32>(pointer(abi.ASSET_VALUE) + <usize>a * abi.ASSET_ROW + abi.ASSET_FLAGS);
}

/** Flags of the long side of a market, or of the short. */
export function flagsOf(m: u32, short: bool = false): i32 {
  return load<i32>(pointer(abi.MARKET_VALUE) + <usize>(2 * m + (short ? 1 : 0)) * abi.SIDE_ROW + abi.SIDE_FLAGS);
}

/** Lane of a slot of a market's plain row. */
export function ofPlain(m: u32, slot: usize, lane: i32 = 0): f64 {
  return load<f64>(pointer(abi.MARKET_PLAIN) + <usize>m * abi.PLAIN_ROW + slot + ((<usize>lane) << 3));
}
