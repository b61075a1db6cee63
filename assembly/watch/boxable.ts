// Which units can be boxed: those of whose losses loss.ts has a bound. The others are margined on every tick of anything they depend
// on; docs/watch.md lists what makes them so.
import * as abi from '../abi';
import { get, level } from '../margin/lanes';
import * as at from '../margin/state';
import { column, f64At, readF64, readU32, u32At } from '../memory';

let book: usize = 0;
let features: u32 = 0;
/** The level that is asked about. */
let k: i32 = 1;

export function open(header: usize): void {
  book = header;
  features = readU32(header, abi.HOUSE_FEATURES, 0);
}

function limited(word: i32, i: u32): bool {
  return readF64(book, word, i) < abi.NO_LIMIT;
}

// @ts-ignore: decorator
@inline
function tableUnit(m: u32): u32 {
  return (readU32(book, abi.MARKET_UNIT, m) >>> (2 * k)) & 3;
}

/** Weights of an asset that bend with more than its value: its holders are margined on every tick. */
function isBoundAsset(a: u32): bool {
  if (readU32(book, abi.ASSET_CURVE_KIND, a) != 0) return false;
  if (k != 0) return true;
  if (limited(abi.ASSET_DEPOSIT_SCALE_START, a) || limited(abi.ASSET_BORROW_SCALE_START, a)) return false;
  return get(column(book, abi.ASSET_VALUE) + <usize>a * abi.ASSET_ROW, abi.ASSET_PENALTY, 0) == 0;
}

/** The same of a row: whole units, profits net of their margin, tables of the entry, other curves, rates that move with the price. */
function isBoundRow(p: u32, m: u32): bool {
  const kind = readU32(book, abi.MARKET_KIND, m);
  if (kind >= abi.KIND_SPOT || readU32(book, abi.MARKET_ROUNDING, m) != 0) return false;
  if (readU32(book, abi.MARKET_PNL_MODE, m) == abi.PNL_NET) return false;
  if (((readU32(book, abi.MARKET_BASIS, m) >>> (2 * k)) & 3) == abi.BASIS_ENTRY) return false;
  const curve = readU32(book, abi.MARKET_CURVE_KIND, m);
  if (curve != 0) {
    if (curve != abi.CURVE_SQRT || kind == abi.KIND_INVERSE || readU32(book, abi.MARKET_CURVE_OF, m) == 1) return false;
  }
  const whole = ((readU32(book, abi.MARKET_FORM, m) >>> k) & 1) != 0;
  const lines = readU32(book, abi.MARKET_LINE_COUNT, m) + readU32(book, abi.MARKET_SHORT_COUNT, m);
  if (whole && lines > 2 && (tableUnit(m) == abi.UNIT_NUMERAIRE || kind == abi.KIND_PREDICTION)) return false;
  const ordered = u32At(at.positionOrder, p) != 0;
  if (ordered && kind == abi.KIND_PREDICTION) return false;
  if (ordered && kind == abi.KIND_INVERSE && readU32(book, abi.MARKET_ORDER_LOSS, m) != 0) return false;
  if (k != 0) return true;
  if (readF64(book, abi.MARKET_PNL_CURVE, m) > 0 || limited(abi.MARKET_OPEN_INTEREST_UPPER, m)) return false;
  return readF64(book, abi.MARKET_CONFIDENCE, m) >= readF64(book, abi.MARKET_CONFIDENCE_THRESHOLD, m);
}

/** Whether losses of unit `u` at level `lane` are bounded. Those of others are not: see `dependsOn` in box.ts. */
export function isBound(u: u32, lane: i32): bool {
  k = lane;
  if (readU32(book, abi.UNIT_MODEL, u) != 0) return false;
  if ((features & abi.FEATURE_FULL) == 0) return true;
  const b0 = u32At(at.unitBalanceStart, u);
  const bEnd = b0 + u32At(at.unitBalanceCount, u);
  for (let b = b0; b < bEnd; b++) if (!isBoundAsset(u32At(at.balanceAsset, b))) return false;
  const p0 = u32At(at.unitPositionStart, u);
  const pEnd = p0 + u32At(at.unitPositionCount, u);
  for (let p = p0; p < pEnd; p++) if (!isBoundRow(p, u32At(at.positionKey, p) >>> 2)) return false;
  return true;
}

/** Whether unit `u` has a requirement at maintenance at all prices: a row that asks for more than nothing from its first bracket on. */
export function needsAlways(u: u32): bool {
  const p0 = u32At(at.unitPositionStart, u);
  const pEnd = p0 + u32At(at.unitPositionCount, u);
  for (let p = p0; p < pEnd; p++) {
    if (f64At(at.positionSize, p) == 0) continue;
    const m = u32At(at.positionKey, p) >>> 2;
    if (level(book, abi.MARKET_CLOSING_FEE, m, 1) > 0) return true;
    const long = level(book, abi.LINE_RATE, readU32(book, abi.MARKET_LINE_START, m), 1);
    if (min(long, level(book, abi.LINE_RATE, readU32(book, abi.MARKET_SHORT_START, m), 1)) > 0) return true;
  }
  return false;
}
