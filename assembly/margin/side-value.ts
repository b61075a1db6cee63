// Unit values of a market's longs or shorts: prices, units, scales and fees are settled here, so that the scan only multiplies and adds.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import { flagsOf } from './flags';
import { get, LANES, level, LEVELS, put } from './lanes';
import { getSide, putSide } from './side';

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
  const rates = column(header, abi.LINE_RATE);
  const deductions = column(header, abi.LINE_DEDUCTION);
  const worth = v128.load(row, abi.SIDE_WORTH);
  const scale = v128.load(scales);
  const endWorth = getSide(row, abi.SIDE_WORTH, 2);
  const endScale = get(scales, 0, 2);
  const zero = f64x2.splat(0);
  for (let line = start; line < start + count; line++) {
    const pair = pairs + ((<usize>line) << 5);
    const end = ends + ((<usize>line) << 5);
    // Three levels a row.
    const rate = rates + <usize>line * 24;
    const deduction = deductions + <usize>line * 24;
    v128.store(pair, f64x2.mul(v128.load(rate), worth));
    v128.store(pair, f64x2.mul(v128.load(deduction), scale), 16);
    v128.store(end, f64x2.replace_lane(zero, 0, load<f64>(rate, 16) * endWorth));
    v128.store(end, f64x2.replace_lane(zero, 0, load<f64>(deduction, 16) * endScale), 16);
  }
}

/** What of a side follows prices. */
export function sidePrices(header: usize, m: u32, short: bool): void {
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
    putSide(row, abi.SIDE_PNL_CAP, k, cap);
  }
  const worth = settleNotional(kind, multiplier, mark, short);
  const quoteNotional = kind == abi.KIND_INVERSE ? multiplier : worth;
  const lineStart = readU32(header, short ? abi.MARKET_SHORT_START : abi.MARKET_LINE_START, m);
  const base = level(header, abi.LINE_RATE, lineStart, 0);
  const limited = readF64(header, abi.MARKET_OPEN_INTEREST_UPPER, m) < abi.NO_LIMIT;
  putSide(row, abi.SIDE_OPEN_INTEREST, 0, limited ? openInterestRate(header, m, quoteNotional, base) : 0);
  putSide(row, abi.SIDE_VALUE, 0, getSide(row, abi.SIDE_NOTIONAL, 3));
  const ofNotional = readU32(header, abi.MARKET_CURVE_OF, m) == 1;
  putSide(row, abi.SIDE_CURVE_UNIT, 0, ofNotional ? quoteNotional : kind == abi.KIND_INVERSE ? worth : multiplier);
  putSide(row, abi.SIDE_FUNDING, 0, readF64(header, abi.MARKET_FUNDING_INDEX, m));
  putSide(row, abi.SIDE_LINE_START, 0, <f64>lineStart);
  const lineCount = readU32(header, short ? abi.MARKET_SHORT_COUNT : abi.MARKET_LINE_COUNT, m);
  putSide(row, abi.SIDE_LINE_COUNT, 0, <f64>lineCount);
  scaleLines(header, row, short);
}

export function sideValue(header: usize, m: u32, short: bool): void {
  const row = column(header, abi.MARKET_VALUE) + <usize>(m * 2 + (short ? 1 : 0)) * abi.SIDE_ROW;
  for (let k = 0; k < LANES; k++) {
    putSide(row, abi.SIDE_CURVE_FACTOR, k, k < LEVELS ? level(header, abi.MARKET_CURVE_FACTOR, m, k) : 0);
    putSide(row, abi.SIDE_PNL_WEIGHT, k, k < LEVELS ? level(header, abi.MARKET_PNL_WEIGHT, m, k) : 1);
  }
  sidePrices(header, m, short);
  putSide(row, abi.SIDE_CURVE_BASE, 0, readF64(header, abi.MARKET_CURVE_BASE, m));
  putSide(row, abi.SIDE_CURVE_EXPONENT, 0, readF64(header, abi.MARKET_CURVE_EXPONENT, m));
  putSide(row, abi.SIDE_CURVE_KIND, 0, <f64>readU32(header, abi.MARKET_CURVE_KIND, m));
  putSide(row, abi.SIDE_FLAGS, 0, abi.FLAG_BASE + <f64>flagsOf(header, m, row, short));
  putSide(row, abi.SIDE_PNL_CURVE, 0, readF64(header, abi.MARKET_PNL_CURVE, m));
  putSide(
    row,
    abi.SIDE_ORDER_UNIT,
    0,
    readU32(header, abi.MARKET_ORDER_LOSS, m) != 0 ? readF64(header, abi.MARKET_MULTIPLIER, m) : 0,
  );
  putSide(row, abi.SIDE_ORDER_MARGIN, 0, readF64(header, abi.MARKET_ORDER_MARGIN, m));
}
