// Flags of a side: what its rows need beside profit and table, and which short ways they may go.
import * as abi from '../abi';
import { column, readF64, readU32 } from '../memory';
import { get, LEVELS } from './lanes';
import { getSide } from './side';

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

export function flagsOf(header: usize, m: u32, row: usize, short: bool): i32 {
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
