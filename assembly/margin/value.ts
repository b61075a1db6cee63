// Unit values: everything about an asset or a market that does not depend on who holds it, once a tick.
// Same numbers as bindings/reference/value.ts, operation by operation.
import * as abi from '../abi';
import { column, larger, readF64, readU32, rows, smaller } from '../memory';
import { getSide, putSide } from './side';
import { inexact, notionalRule, resetDoubt, wholeNotional, wholeQuotient } from './wholeunits';

const LEVELS: i32 = 3;
const LANES: i32 = 4;

// @ts-ignore: decorator
@inline
function put(row: usize, slot: usize, lane: i32, value: f64): void {
  store<f64>(row + slot + ((<usize>lane) << 3), value);
}

// @ts-ignore: decorator
@inline
function get(row: usize, slot: usize, lane: i32): f64 {
  return load<f64>(row + slot + ((<usize>lane) << 3));
}

/** Component `lane` of a column of three levels. */
// @ts-ignore: decorator
@inline
function level(header: usize, word: i32, i: u32, lane: i32): f64 {
  return load<f64>(column(header, word) + ((<usize>(i * 3 + lane)) << 3));
}

/** Counts at its price in every lane, whatever its amount. */
function plainAsset(header: usize, a: u32, row: usize): bool {
  if (readU32(header, abi.ASSET_CURVE_KIND, a) != 0) return false;
  if (readU32(header, abi.ASSET_TIER_COUNT, a) != 1 || readU32(header, abi.ASSET_DEBT_COUNT, a) != 1) return false;
  const weight = column(header, abi.TIER_WEIGHT);
  const tier = weight + ((<usize>readU32(header, abi.ASSET_TIER_START, a)) << 5);
  const debt = weight + ((<usize>readU32(header, abi.ASSET_DEBT_START, a)) << 5);
  for (let k = 0; k < LANES; k++) {
    if (get(row, abi.ASSET_LOW, k) != get(row, abi.ASSET_HIGH, k)) return false;
    if (get(row, abi.ASSET_DEPOSIT_SCALE, k) != 1 || get(row, abi.ASSET_BORROW_SCALE, k) != 1) return false;
    if (get(row, abi.ASSET_PENALTY, k) != 0 || get(row, abi.ASSET_CAPPED, k) < abi.NO_LIMIT) return false;
    if (get(tier, 0, k) != 1 || get(debt, 0, k) != 1) return false;
  }
  return true;
}

function assetValue(header: usize, a: u32): void {
  const row = column(header, abi.ASSET_VALUE) + <usize>a * abi.ASSET_ROW;
  const price = readF64(header, abi.ASSET_PRICE, a);
  const twap = readF64(header, abi.ASSET_TWAP, a);
  const stable = readF64(header, abi.ASSET_STABLE, a);
  const low = smaller(smaller(price, twap), stable);
  const high = larger(larger(price, twap), stable);
  const guard = readU32(header, abi.ASSET_GUARD, a);
  const cap = readF64(header, abi.ASSET_CAP, a);
  for (let k = 0; k < LANES; k++) {
    const guarded = k < LEVELS && ((guard >>> k) & 1) != 0;
    put(row, abi.ASSET_LOW, k, guarded ? low : price);
    put(row, abi.ASSET_HIGH, k, guarded ? high : price);
    put(row, abi.ASSET_DEPOSIT_SCALE, k, 1);
    put(row, abi.ASSET_BORROW_SCALE, k, 1);
    put(row, abi.ASSET_PENALTY, k, 0);
    put(row, abi.ASSET_FACTOR, k, k < LEVELS ? level(header, abi.ASSET_CURVE_FACTOR, a, k) : 0);
    put(row, abi.ASSET_CAPPED, k, k < LEVELS ? cap : abi.NO_LIMIT);
  }
  const deposits = readF64(header, abi.ASSET_DEPOSITS, a) * price;
  const depositStart = readF64(header, abi.ASSET_DEPOSIT_SCALE_START, a);
  if (deposits > depositStart) put(row, abi.ASSET_DEPOSIT_SCALE, 0, depositStart / deposits);
  const borrows = readF64(header, abi.ASSET_BORROWS, a) * price;
  const borrowStart = readF64(header, abi.ASSET_BORROW_SCALE_START, a);
  if (borrows > borrowStart) put(row, abi.ASSET_BORROW_SCALE, 0, borrows / borrowStart);
  const confidence = readF64(header, abi.ASSET_CONFIDENCE, a);
  if (confidence < readF64(header, abi.ASSET_CONFIDENCE_THRESHOLD, a)) {
    put(row, abi.ASSET_PENALTY, 0, (1 - confidence) * readF64(header, abi.ASSET_CONFIDENCE_FACTOR, a));
  }
  put(row, abi.ASSET_NUMERATOR, 0, readF64(header, abi.ASSET_CURVE_NUMERATOR, a));
  put(row, abi.ASSET_EXPONENT, 0, readF64(header, abi.ASSET_CURVE_EXPONENT, a));
  put(row, abi.ASSET_DEBT_BASE, 0, readF64(header, abi.ASSET_CURVE_DEBT_BASE, a));
  let flags = <i32>readU32(header, abi.ASSET_CURVE_KIND, a);
  if (plainAsset(header, a, row)) flags |= abi.ASSET_FLAG_PLAIN;
  if (readU32(header, abi.ASSET_RATE_FLOOR, a) != 0) flags |= abi.ASSET_FLAG_RATE_FLOOR;
  put(row, abi.ASSET_FLAGS, 0, abi.FLAG_BASE + <f64>flags);
}

/** Settle units that one contract is worth at a price; shorts of a prediction pay up to 1 - price. */
function settleNotional(kind: u32, multiplier: f64, price: f64, short: bool): f64 {
  if (kind == abi.KIND_INVERSE) return multiplier / price;
  if (kind == abi.KIND_PREDICTION && short) return multiplier * (1 - price);
  return multiplier * price;
}

/** Initial rate under open interest (dYdX liquidity tiers): linear from the table's first rate to 1 between the limits. */
function openInterestRate(header: usize, m: u32, notional: f64, base: f64): f64 {
  const open = readF64(header, abi.MARKET_OPEN_INTEREST, m) * notional;
  const lower = readF64(header, abi.MARKET_OPEN_INTEREST_LOWER, m);
  const upper = readF64(header, abi.MARKET_OPEN_INTEREST_UPPER, m);
  if (open <= lower) return 0;
  if (open >= upper) return 1;
  return base + ((open - lower) * (1 - base)) / (upper - lower);
}

/** From table unit to numeraire by lane, of the side that is being valued. */
const scales: usize = memory.data(LANES << 3);

/** Lines per contract in numeraire, so that the scan multiplies once: rate * worth, deduction * scale. */
function scaleLines(header: usize, row: usize, short: bool): void {
  const pairs = column(header, short ? abi.LINE_SHORT_PAIR : abi.LINE_LONG_PAIR);
  const ends = column(header, short ? abi.LINE_SHORT_END : abi.LINE_LONG_END);
  const start = <u32>load<f64>(row + abi.SIDE_LINE_START);
  const count = <u32>load<f64>(row + abi.SIDE_LINE_COUNT);
  for (let line = start; line < start + count; line++) {
    const pair = pairs + ((<usize>line) << 5);
    const end = ends + ((<usize>line) << 5);
    for (let k = 0; k < 2; k++) {
      put(pair, 0, k, level(header, abi.LINE_RATE, line, k) * getSide(row, abi.SIDE_WORTH, k));
      put(pair, 16, k, level(header, abi.LINE_DEDUCTION, line, k) * get(scales, 0, k));
    }
    put(end, 0, 0, level(header, abi.LINE_RATE, line, 2) * getSide(row, abi.SIDE_WORTH, 2));
    put(end, 0, 1, 0);
    put(end, 0, 2, level(header, abi.LINE_DEDUCTION, line, 2) * get(scales, 0, 2));
    put(end, 0, 3, 0);
  }
}

/** Whether the lanes maintenance and liquidation end of every input of the requirement are the same. */
function sameEnd(header: usize, row: usize, short: bool): bool {
  if (getSide(row, abi.SIDE_NOTIONAL, 1) != getSide(row, abi.SIDE_NOTIONAL, 2)) return false;
  if (getSide(row, abi.SIDE_ENTRY, 1) != getSide(row, abi.SIDE_ENTRY, 2)) return false;
  if (getSide(row, abi.SIDE_WORTH, 1) != getSide(row, abi.SIDE_WORTH, 2)) return false;
  if (getSide(row, abi.SIDE_FLAT, 1) != getSide(row, abi.SIDE_FLAT, 2)) return false;
  if (getSide(row, abi.SIDE_CURVE_FACTOR, 1) != getSide(row, abi.SIDE_CURVE_FACTOR, 2)) return false;
  const above = column(header, abi.LINE_ABOVE);
  const pairs = column(header, short ? abi.LINE_SHORT_PAIR : abi.LINE_LONG_PAIR);
  const ends = column(header, short ? abi.LINE_SHORT_END : abi.LINE_LONG_END);
  const start = <u32>load<f64>(row + abi.SIDE_LINE_START);
  const count = <u32>load<f64>(row + abi.SIDE_LINE_COUNT);
  for (let line = start; line < start + count; line++) {
    const pair = pairs + ((<usize>line) << 5);
    const end = ends + ((<usize>line) << 5);
    const bound = above + ((<usize>line) << 5);
    if (get(pair, 0, 1) != get(end, 0, 0) || get(pair, 0, 3) != get(end, 0, 2)) return false;
    if (get(bound, 0, 1) != get(bound, 0, 2)) return false;
  }
  return true;
}

/** Whether profit counts in full at maintenance and liquidation end, at the price that equity is valued at. */
function fullProfit(row: usize): bool {
  const plain = getSide(row, abi.SIDE_PNL, 3);
  for (let k = 1; k < LEVELS; k++) {
    if (getSide(row, abi.SIDE_PNL, k) != plain) return false;
    if (getSide(row, abi.SIDE_PNL_WEIGHT, k) != 1 || getSide(row, abi.SIDE_PNL_CAP, k) < abi.NO_LIMIT) return false;
  }
  return true;
}

/** Whether the look-up of a notional (bindings/book/tables.ts) serves this side: its table is the market's, read by one notional. */
function windowed(header: usize, m: u32, row: usize): bool {
  const window = column(header, abi.MARKET_WINDOW) + <usize>m * abi.WINDOW_ROW;
  const notional = getSide(row, abi.SIDE_NOTIONAL, 0);
  return (
    load<u32>(window, abi.WINDOW_FITS) == 1 &&
    load<f64>(row + abi.SIDE_LINE_COUNT) > 0 &&
    load<f64>(row + abi.SIDE_LINE_START) == <f64>readU32(header, abi.MARKET_LINE_START, m) &&
    getSide(row, abi.SIDE_NOTIONAL, 1) == notional &&
    getSide(row, abi.SIDE_NOTIONAL, 2) == notional
  );
}

/** What takes a row out of the runs of ordinary rows (rows.ts). */
const UNUSUAL: i32 =
  abi.FLAG_SPOT_FILL | abi.FLAG_SPOT_RESERVE | abi.FLAG_SEPARATE | abi.FLAG_NET | abi.FLAG_WHOLE_UNITS;

function flagsOf(header: usize, m: u32, row: usize, short: bool): i32 {
  let flags = <i32>(readU32(header, abi.MARKET_FORM, m) << abi.FLAG_FORM_SHIFT);
  if (readU32(header, abi.MARKET_KIND, m) == abi.KIND_SPOT) {
    flags |= readU32(header, abi.MARKET_SPOT_ORDERS, m) != 0 ? abi.FLAG_SPOT_RESERVE : abi.FLAG_SPOT_FILL;
  }
  const mode = readU32(header, abi.MARKET_PNL_MODE, m);
  if (mode == abi.PNL_SEPARATE) flags |= abi.FLAG_SEPARATE;
  if (mode == abi.PNL_NET) flags |= abi.FLAG_NET;
  if (readF64(header, abi.MARKET_PNL_CURVE, m) > 0) flags |= abi.FLAG_WEIGHTED | abi.FLAG_PNL_CURVE;
  for (let k = 0; k < LEVELS; k++) {
    if (getSide(row, abi.SIDE_PNL_WEIGHT, k) != 1 || getSide(row, abi.SIDE_PNL_CAP, k) < abi.NO_LIMIT) {
      flags |= abi.FLAG_WEIGHTED;
    }
    if (getSide(row, abi.SIDE_ENTRY, k) != 0) flags |= abi.FLAG_ENTRY;
  }
  if (readU32(header, abi.MARKET_FORM, m) != 0 && load<f64>(row + abi.SIDE_LINE_COUNT) > 1) flags |= abi.FLAG_WHOLE;
  if (sameEnd(header, row, short)) flags |= abi.FLAG_SAME_END;
  if (fullProfit(row)) flags |= abi.FLAG_FULL_PROFIT;
  if (readU32(header, abi.MARKET_CURVE_KIND, m) != 0) flags |= abi.FLAG_CURVE;
  if (readU32(header, abi.MARKET_ROUNDING, m) != 0) flags |= abi.FLAG_WHOLE_UNITS;
  if ((flags & abi.FLAG_ENTRY) == 0 && windowed(header, m, row)) flags |= abi.FLAG_WINDOW;
  if (
    (flags & abi.FLAG_WINDOW) != 0 &&
    (flags & UNUSUAL) == 0 &&
    readU32(header, abi.MARKET_CURVE_KIND, m) != abi.CURVE_POWER
  ) {
    flags |= abi.FLAG_ORDINARY;
  }
  return flags;
}

function sideValue(header: usize, m: u32, short: bool): void {
  const row = column(header, abi.MARKET_VALUE) + <usize>(m * 2 + (short ? 1 : 0)) * abi.SIDE_ROW;
  const kind = readU32(header, abi.MARKET_KIND, m);
  const spot = kind == abi.KIND_SPOT;
  const whole = readU32(header, abi.MARKET_ROUNDING, m) != 0;
  const multiplier = readF64(header, abi.MARKET_MULTIPLIER, m);
  const mark = readF64(header, abi.MARKET_MARK, m);
  const twap = readF64(header, abi.MARKET_TWAP, m);
  const stable = readF64(header, abi.MARKET_STABLE, m);
  const guard = readU32(header, abi.MARKET_GUARD, m);
  const units = readU32(header, abi.MARKET_UNIT, m);
  const bases = readU32(header, abi.MARKET_BASIS, m);
  const quote = readU32(header, abi.MARKET_QUOTE, m);
  const net = readU32(header, abi.MARKET_PNL_MODE, m) == abi.PNL_NET;
  const assets = column(header, abi.ASSET_VALUE);
  const settle = assets + <usize>readU32(header, abi.MARKET_SETTLE, m) * abi.ASSET_ROW;
  const confidence = readF64(header, abi.MARKET_CONFIDENCE, m);
  const penalised = confidence < readF64(header, abi.MARKET_CONFIDENCE_THRESHOLD, m);
  const guardPrice = short ? larger(larger(mark, twap), stable) : smaller(smaller(mark, twap), stable);
  for (let k = 0; k < LANES; k++) {
    const price = k < LEVELS && ((guard >>> k) & 1) != 0 ? guardPrice : mark;
    const worth = settleNotional(kind, multiplier, price, short);
    const settleHigh = get(settle, abi.ASSET_HIGH, k);
    const settleLow = get(settle, abi.ASSET_LOW, k);
    putSide(row, abi.SIDE_PNL, k, spot ? 0 : kind == abi.KIND_INVERSE ? -worth : multiplier * price);
    let notional = worth;
    let entry: f64 = 0;
    let scale: f64 = net ? 1 : settleHigh;
    let flat: f64 = 0;
    let cap = abi.NO_LIMIT;
    if (k < LEVELS) {
      const unit = (units >>> (2 * k)) & 3;
      const basis = (bases >>> (2 * k)) & 3;
      flat = level(header, abi.MARKET_CLOSING_FEE, m, k) * worth;
      if (k == 0 && penalised) {
        const atIndex = settleNotional(kind, multiplier, readF64(header, abi.MARKET_INDEX, m), short);
        flat = flat + (1 - confidence) * readF64(header, abi.MARKET_CONFIDENCE_FACTOR, m) * atIndex;
      }
      flat = flat * scale;
      if (basis == abi.BASIS_CONTRACTS) {
        notional = 1;
        scale = worth * settleHigh;
      } else if (unit == abi.UNIT_NUMERAIRE) {
        notional = worth * settleHigh;
        scale = 1;
      } else if (unit == abi.UNIT_QUOTE && kind == abi.KIND_INVERSE) {
        notional = multiplier;
        scale = quote == abi.NONE ? settleHigh / price : get(assets + <usize>quote * abi.ASSET_ROW, abi.ASSET_HIGH, k);
      }
      if (basis == abi.BASIS_ENTRY) {
        entry = 1;
        notional = unit == abi.UNIT_NUMERAIRE ? settleHigh : 1;
      }
      const limit = level(header, abi.MARKET_PNL_CAP, m, k);
      if (limit < abi.NO_LIMIT && settleLow > 0) cap = limit / settleLow;
    } else {
      notional = worth * settleHigh;
      scale = 1;
    }
    putSide(row, abi.SIDE_NOTIONAL, k, spot ? 0 : notional);
    putSide(row, abi.SIDE_ENTRY, k, entry);
    putSide(row, abi.SIDE_WORTH, k, spot ? 0 : whole ? scale : notional * scale);
    put(scales, 0, k, scale);
    putSide(row, abi.SIDE_FLAT, k, spot ? 0 : flat);
    putSide(row, abi.SIDE_CURVE_FACTOR, k, k < LEVELS ? level(header, abi.MARKET_CURVE_FACTOR, m, k) : 0);
    putSide(row, abi.SIDE_PNL_WEIGHT, k, k < LEVELS ? level(header, abi.MARKET_PNL_WEIGHT, m, k) : 1);
    putSide(row, abi.SIDE_PNL_CAP, k, cap);
  }
  const worth = settleNotional(kind, multiplier, mark, short);
  const quoteNotional = kind == abi.KIND_INVERSE ? multiplier : worth;
  const lineStart = readU32(header, short ? abi.MARKET_SHORT_START : abi.MARKET_LINE_START, m);
  const lineCount = readU32(header, short ? abi.MARKET_SHORT_COUNT : abi.MARKET_LINE_COUNT, m);
  const base = level(header, abi.LINE_RATE, lineStart, 0);
  const limited = readF64(header, abi.MARKET_OPEN_INTEREST_UPPER, m) < abi.NO_LIMIT;
  putSide(row, abi.SIDE_OPEN_INTEREST, 0, limited ? openInterestRate(header, m, quoteNotional, base) : 0);
  putSide(row, abi.SIDE_VALUE, 0, getSide(row, abi.SIDE_NOTIONAL, 3));
  putSide(row, abi.SIDE_CURVE_BASE, 0, readF64(header, abi.MARKET_CURVE_BASE, m));
  putSide(row, abi.SIDE_CURVE_EXPONENT, 0, readF64(header, abi.MARKET_CURVE_EXPONENT, m));
  const ofNotional = readU32(header, abi.MARKET_CURVE_OF, m) == 1;
  putSide(row, abi.SIDE_CURVE_UNIT, 0, ofNotional ? quoteNotional : kind == abi.KIND_INVERSE ? worth : multiplier);
  putSide(row, abi.SIDE_CURVE_KIND, 0, <f64>readU32(header, abi.MARKET_CURVE_KIND, m));
  putSide(row, abi.SIDE_FUNDING, 0, readF64(header, abi.MARKET_FUNDING_INDEX, m));
  putSide(row, abi.SIDE_LINE_START, 0, <f64>lineStart);
  putSide(row, abi.SIDE_LINE_COUNT, 0, <f64>lineCount);
  scaleLines(header, row, short);
  putSide(row, abi.SIDE_FLAGS, 0, abi.FLAG_BASE + <f64>flagsOf(header, m, row, short));
  putSide(row, abi.SIDE_PNL_CURVE, 0, readF64(header, abi.MARKET_PNL_CURVE, m));
  putSide(row, abi.SIDE_ORDER_UNIT, 0, readU32(header, abi.MARKET_ORDER_LOSS, m) != 0 ? multiplier : 0);
  putSide(row, abi.SIDE_ORDER_MARGIN, 0, readF64(header, abi.MARKET_ORDER_MARGIN, m));
}

/** Whether a short needs values of its own. Where it does not, half the rows stay out of the scan's caches. */
function sided(header: usize, m: u32): bool {
  const long = column(header, abi.MARKET_VALUE) + <usize>(m * 2) * abi.SIDE_ROW;
  for (let slot: usize = 0; slot < abi.SIDE_ROW; slot += 8) {
    if (load<f64>(long + slot) != load<f64>(long + abi.SIDE_ROW + slot)) return true;
  }
  return false;
}

function millionths(x: f64): f64 {
  return floor(x * 1e6 + 0.5);
}

/** Rates in whole millionths. The initial one rises with open interest, rounded down once after the multiplication (dYdX). */
function ppmValue(header: usize, m: u32): void {
  const row = column(header, abi.MARKET_PPM) + <usize>m * abi.PPM_ROW;
  const rounding = readU32(header, abi.MARKET_ROUNDING, m);
  const line = readU32(header, abi.MARKET_LINE_START, m);
  const has = rounding != 0;
  const base = has ? millionths(level(header, abi.LINE_RATE, line, 0)) : 0;
  store<f64>(row, base, abi.PPM_BASE);
  store<f64>(row, has ? millionths(level(header, abi.LINE_RATE, line, 1)) : 0, abi.PPM_MAINTENANCE);
  store<f64>(row, has ? millionths(readF64(header, abi.MARKET_MAINTENANCE_FRACTION, m)) : 0, abi.PPM_FRACTION);
  let initial = base;
  resetDoubt();
  const upper = readF64(header, abi.MARKET_OPEN_INTEREST_UPPER, m);
  if (has && upper < abi.NO_LIMIT) {
    const side = column(header, abi.MARKET_VALUE) + <usize>(m * 2) * abi.SIDE_ROW;
    const contracts = readF64(header, abi.MARKET_OPEN_INTEREST, m);
    const open = wholeNotional(notionalRule(rounding), contracts, getSide(side, abi.SIDE_NOTIONAL, 0));
    const lower = floor(readF64(header, abi.MARKET_OPEN_INTEREST_LOWER, m));
    const most = floor(upper);
    if (open >= most) initial = larger(base, 1e6);
    else if (open > lower && base < 1e6) initial = base + wholeQuotient(open - lower, 1e6 - base, most - lower);
  }
  store<f64>(row, inexact ? 1 : 0, abi.PPM_DOUBT);
  store<f64>(row, initial, abi.PPM_INITIAL);
}

/** What the plain scan reads of a market: the long side of the general row, without what is zero there. */
function plainValue(header: usize, m: u32): void {
  const row = column(header, abi.MARKET_VALUE) + <usize>(m * 2) * abi.SIDE_ROW;
  const plain = column(header, abi.MARKET_PLAIN) + <usize>m * abi.PLAIN_ROW;
  const line = <u32>load<f64>(row + abi.SIDE_LINE_START);
  const lines = load<f64>(row + abi.SIDE_LINE_COUNT);
  const pair = column(header, abi.LINE_LONG_PAIR) + ((<usize>line) << 5);
  put(plain, abi.PLAIN_PNL, 0, getSide(row, abi.SIDE_PNL, 3));
  put(plain, abi.PLAIN_VALUE, 0, getSide(row, abi.SIDE_NOTIONAL, 3));
  put(plain, abi.PLAIN_NOTIONAL, 0, getSide(row, abi.SIDE_NOTIONAL, 0));
  for (let k = 0; k < 2; k++) put(plain, abi.PLAIN_RATE, k, lines == 0 ? 0 : get(pair, 0, k));
}

/** Fills the derived columns of assets and markets from the inputs. */
export function values(header: usize): void {
  const assets = rows(header, abi.COUNT_ASSET);
  const markets = rows(header, abi.COUNT_MARKET);
  for (let a: u32 = 0; a < assets; a++) assetValue(header, a);
  for (let m: u32 = 0; m < markets; m++) {
    sideValue(header, m, false);
    sideValue(header, m, true);
    store<u32>(column(header, abi.MARKET_SIDED) + ((<usize>m) << 2), sided(header, m) ? 1 : 0);
    ppmValue(header, m);
    plainValue(header, m);
  }
}
