// Liquidation prices of every position, down and up. Where nothing but one mark moves and health is a maximum of lines, the
// root is one too: the largest of the lines' own roots for a long, the least for a short. Anything else is solved on its ray.
import * as abi from '../abi';
import { level } from '../margin/lanes';
import { foldHouse } from '../margin/house';
import { openPlain, scanKeeping } from '../margin/plain';
import { BLOCK, scan } from '../margin/scan';
import * as at from '../margin/state';
import { column, f64At, readU32, rows, u32At } from '../memory';
import * as move from './move';
import { openRay, solveRay } from './question';

/** `market.closed`: prices of its positions have a closed form, and no other market or asset shares the underlying. */
const CLOSED: u32 = 1;
const ALONE: u32 = 2;
/** Bytes of a row of line.root. */
const ROOT_ROW: usize = 64;

let plainRows: usize = 0;
let closedRows: usize = 0;
let roots: usize = 0;
let marks: usize = 0;
let lineStarts: usize = 0;
let lineCounts: usize = 0;
let underlyings: usize = 0;
let assetUnderlyings: usize = 0;
let equities: usize = 0;
let maintenances: usize = 0;
let statuses: usize = 0;
let downs: usize = 0;
let ups: usize = 0;
let codes: usize = 0;

function open(header: usize): void {
  plainRows = column(header, abi.MARKET_PLAIN);
  closedRows = column(header, abi.MARKET_CLOSED);
  roots = column(header, abi.LINE_ROOT);
  marks = column(header, abi.MARKET_MARK);
  lineStarts = column(header, abi.MARKET_LINE_START);
  lineCounts = column(header, abi.MARKET_LINE_COUNT);
  underlyings = column(header, abi.MARKET_UNDERLYING);
  assetUnderlyings = column(header, abi.ASSET_UNDERLYING);
  equities = column(header, abi.UNIT_EQUITY);
  maintenances = column(header, abi.UNIT_MAINTENANCE_MARGIN);
  statuses = column(header, abi.UNIT_STATUS);
  downs = column(header, abi.PRICE_DOWN);
  ups = column(header, abi.PRICE_UP);
  codes = column(header, abi.PRICE_CODE);
}

/**
 * Maintenance lines of a table in pairs, an odd last one twice: deductions, 1 / (1 - rate), 1 / (1 + rate).
 * @returns whether all rates are below 1, so that the root of the line that binds is the unit's
 */
function rootLines(header: usize, m: u32): bool {
  const start = readU32(header, abi.MARKET_LINE_START, m);
  const count = readU32(header, abi.MARKET_LINE_COUNT, m);
  const pairs = column(header, abi.LINE_LONG_PAIR);
  for (let line: u32 = 0; line < count + (count & 1); line++) {
    const row = start + min(line, count - 1);
    const rate = level(header, abi.LINE_RATE, row, 1);
    if (rate >= 1) return false;
    const root = roots + <usize>(start + (line & ~1)) * ROOT_ROW + ((<usize>(line & 1)) << 3);
    store<f64>(root, load<f64>(pairs + ((<usize>row) << 5), 24));
    store<f64>(root, 1 / (1 - rate), 16);
    store<f64>(root, 1 / (1 + rate), 32);
  }
  return true;
}

/** Whether a price of `m` is led by nothing else: no other market, no asset. */
function alone(header: usize, m: u32): bool {
  const underlying = u32At(underlyings, m);
  for (let a: u32 = 0; a < rows(header, abi.COUNT_ASSET); a++)
    if (u32At(assetUnderlyings, a) == underlying) return false;
  for (let o: u32 = 0; o < rows(header, abi.COUNT_MARKET); o++) {
    if (o != m && u32At(underlyings, o) == underlying) return false;
  }
  return true;
}

function closedForm(header: usize, m: u32): u32 {
  const kind = readU32(header, abi.MARKET_KIND, m);
  if (kind != abi.KIND_LINEAR && kind != abi.KIND_QUANTO) return 0;
  const basis = (readU32(header, abi.MARKET_BASIS, m) >>> 2) & 3;
  if (basis != 0 && u32At(lineCounts, m) > 1) return 0;
  if (u32At(assetUnderlyings, readU32(header, abi.MARKET_SETTLE, m)) == u32At(underlyings, m)) return 0;
  if (!rootLines(header, m)) return 0;
  return alone(header, m) ? CLOSED | ALONE : CLOSED;
}

/** Whether row `p` alone moves when its market's underlying does. */
function movesAlone(u: u32, p: u32, market: u32): bool {
  const underlying = u32At(underlyings, market);
  const first = u32At(at.unitPositionStart, u);
  const end = first + u32At(at.unitPositionCount, u);
  for (let q = first; q < end; q++) {
    if (q != p && u32At(underlyings, u32At(at.positionKey, q) >>> 2) == underlying) return false;
  }
  const balances = u32At(at.unitBalanceStart, u);
  const held = balances + u32At(at.unitBalanceCount, u);
  for (let b = balances; b < held; b++) {
    if (u32At(assetUnderlyings, u32At(at.balanceAsset, b)) == underlying) return false;
  }
  return true;
}

function write(p: u32, down: f64, up: f64, code: i32): void {
  store<f64>(downs + ((<usize>p) << 3), down);
  store<f64>(ups + ((<usize>p) << 3), up);
  store<u32>(codes + ((<usize>p) << 2), <u32>code);
}

const BOTH_CLOSED: i32 = abi.ROOT_CLOSED | (abi.ROOT_CLOSED << 8);
const BOTH_LIQUIDATABLE: i32 = abi.ROOT_LIQUIDATABLE | (abi.ROOT_LIQUIDATABLE << 8);
const NONE_DOWN: i32 = abi.ROOT_NONE;
const NONE_UP: i32 = abi.ROOT_NONE << 8;
const NOWHERE: v128 = f64x2(0, Infinity);

/**
 * Writes a row's prices by the lines of the market's table: health is rest + side * notional - max(rate * notional - deduction),
 * with side 1 or -1: the largest root of a line for a long, the least for a short. No branch depends on the row.
 * @param rest - health of the unit at maintenance without this row's requirement; its value is taken off here
 * @param both - code of both ends
 */
// @ts-ignore: decorator
@inline
function closed(
  p: u32,
  rest: f64,
  held: f64,
  row: usize,
  mark: f64,
  first: usize,
  lines: u32,
  both: u32,
  down: usize,
  up: usize,
  code: usize,
): void {
  const side = copysign<f64>(1, held);
  const notional = abs(held) * load<f64>(row, abi.PLAIN_VALUE);
  const missing = f64x2.splat(-(rest - side * notional));
  const slope: usize = held > 0 ? 16 : 32;
  let line = first;
  const end = line + <usize>lines * ROOT_ROW;
  let most = f64x2.mul(f64x2.sub(missing, v128.load(line)), v128.load(line + slope));
  for (line += 2 * ROOT_ROW; line < end; line += 2 * ROOT_ROW) {
    most = f64x2.pmax(most, f64x2.mul(f64x2.sub(missing, v128.load(line)), v128.load(line + slope)));
  }
  const best = f64x2.extract_lane(f64x2.pmax(most, v128.shuffle<f64>(most, most, 1, 0)), 0);
  const price = f64x2.splat(best * side * (mark / notional));
  // Where prices end, as on any other ray.
  const low = f64x2.gt(price, f64x2.splat(mark * move.MARGIN));
  const high = f64x2.lt(price, f64x2.splat(mark * move.REACH));
  const isSide = f64x2.gt(f64x2.replace_lane(f64x2.splat(held), 1, -held), f64x2.splat(0));
  const found = v128.and(v128.and(low, high), isSide);
  const ends = v128.bitselect(price, NOWHERE, found);
  const bits = i64x2.bitmask(found);
  const none = ((~bits & 1) * NONE_DOWN) | (((~bits >>> 1) & 1) * NONE_UP);
  v128.store64_lane(down + ((<usize>p) << 3), ends, 0);
  v128.store64_lane(up + ((<usize>p) << 3), ends, 1);
  store<u32>(code + ((<usize>p) << 2), both | (<u32>none));
}

/** A row between `first` and `p` of an option on the same asset: both have the prices of that. NONE: there is none. */
function alikeOf(header: usize, first: u32, p: u32, market: u32): u32 {
  const base = readU32(header, abi.MARKET_BASE, market);
  for (let q = first; q < p; q++) {
    const m = u32At(at.positionKey, q) >>> 2;
    if (readU32(header, abi.MARKET_KIND, m) >= abi.KIND_CALL && readU32(header, abi.MARKET_BASE, m) == base) return q;
  }
  return abi.NONE;
}

function solved(header: usize, u: u32, p: u32, market: u32): void {
  const kind = readU32(header, abi.MARKET_KIND, market);
  if (kind == abi.KIND_SPOT) {
    write(p, 0, Infinity, NONE_DOWN | NONE_UP);
    return;
  }
  const q = kind >= abi.KIND_CALL ? alikeOf(header, u32At(at.unitPositionStart, u), p, market) : abi.NONE;
  if (q != abi.NONE) {
    write(p, f64At(downs, q), f64At(ups, q), <i32>u32At(codes, q));
    return;
  }
  openRay(header, u, market, 1);
  const answer = column(header, abi.HOUSE_ANSWER);
  const down = solveRay(false);
  const low = (down & abi.ROOT_NONE) != 0 ? 0 : load<f64>(answer, abi.ANSWER_ILL);
  openRay(header, u, market, 1);
  const up = solveRay(true);
  const high = (up & abi.ROOT_NONE) != 0 ? Infinity : load<f64>(answer, abi.ANSWER_ILL);
  write(p, low, high, down | (up << 8));
}

/** Health of a unit of a plain book at maintenance. */
// @ts-ignore: decorator
@inline
function healthOf(u: u32): f64 {
  return f64At(equities, u) - f64At(maintenances, u);
}

// @ts-ignore: decorator
@inline
function codeOf(u: u32): u32 {
  return (<u32>BOTH_CLOSED) | (((u32At(statuses, u) >>> 1) & 1) * <u32>BOTH_LIQUIDATABLE);
}

/** Whether some row of a unit is one side of a hedged position: its market may then have another row in the unit. */
// @ts-ignore: decorator
@inline
function isHedged(keys: usize, first: u32, end: u32): bool {
  let sides: u32 = 0;
  for (let p = first; p < end; p++) sides |= u32At(keys, p);
  return (sides & 3) != 0;
}

/** Of a unit of any kind, each row by the way that fits it; where a form is closed, `price.down` holds its requirement. */
function anyPrices(header: usize, u: u32): void {
  const first = u32At(at.unitPositionStart, u);
  const end = first + u32At(at.unitPositionCount, u);
  const health = healthOf(u);
  const both = codeOf(u);
  const hedged = isHedged(at.positionKey, first, end);
  for (let p = first; p < end; p++) {
    const m = u32At(at.positionKey, p) >>> 2;
    const form = u32At(closedRows, m);
    if (form == 0 || ((form == CLOSED || hedged) && !movesAlone(u, p, m))) {
      solved(header, u, p, m);
      continue;
    }
    const row = plainRows + <usize>m * abi.PLAIN_ROW;
    const line = roots + <usize>u32At(lineStarts, m) * ROOT_ROW;
    const held = f64At(at.positionSize, p);
    const rest = health + f64At(downs, p);
    closed(p, rest, held, row, f64At(marks, m), line, u32At(lineCounts, m), both, downs, ups, codes);
  }
}

/** Of units whose markets all have a closed form and move alone; `price.down` holds requirements. Bases are locals: 1.1x. */
function closedPrices(header: usize, from: u32, to: u32): void {
  const plain = plainRows;
  const lines = roots;
  const starts = lineStarts;
  const counts = lineCounts;
  const marked = marks;
  const keys = at.positionKey;
  const sizes = at.positionSize;
  const down = downs;
  const up = ups;
  const code = codes;
  const firsts = at.unitPositionStart;
  const open = at.unitPositionCount;
  for (let u = from; u < to; u++) {
    const first = u32At(firsts, u);
    const end = first + u32At(open, u);
    if (isHedged(keys, first, end)) {
      anyPrices(header, u);
      continue;
    }
    const health = healthOf(u);
    const both = codeOf(u);
    for (let p = first; p < end; p++) {
      const m = u32At(keys, p) >>> 2;
      const row = plain + <usize>m * abi.PLAIN_ROW;
      const line = lines + <usize>u32At(starts, m) * ROOT_ROW;
      const rest = health + f64At(down, p);
      closed(p, rest, f64At(sizes, p), row, f64At(marked, m), line, u32At(counts, m), both, down, up, code);
    }
  }
}

/** Margins units `[from, to)` and gives the prices of their positions, in blocks, while their rows are in the nearest caches. */
export function liquidationPrices(header: usize, from: u32, to: u32): void {
  open(header);
  const features = readU32(header, abi.HOUSE_FEATURES, 0);
  const plain = (features & abi.FEATURE_FULL) == 0;
  const walk = (features & abi.FEATURE_WALK) != 0;
  let all = plain;
  for (let m: u32 = 0; m < rows(header, abi.COUNT_MARKET); m++) {
    const form = plain ? closedForm(header, m) : 0;
    store<u32>(closedRows + ((<usize>m) << 2), form);
    if (form != (CLOSED | ALONE)) all = false;
  }
  for (let block = from; block < to; block += BLOCK) {
    const end = min(to, block + BLOCK);
    if (plain) {
      at.open(header);
      openPlain(header);
      scanKeeping(block, end, walk, downs);
      foldHouse(header, block, end, false, false);
    } else {
      scan(header, block, end, false);
    }
    if (all) closedPrices(header, block, end);
    else for (let u = block; u < end; u++) anyPrices(header, u);
  }
}
