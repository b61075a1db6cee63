// Derived columns of bracket and tier tables: computed once when a table enters the book, read by both engines.
import { WINDOW_WIDTH } from '../layout.js';
import type { Columns, Store } from '../memory.js';
import { BUCKET_SHIFT, WINDOW, WINDOW_LINES } from '../reference/lanes.js';

/** Fills deductions and lower bounds of one table from `upTo` and `rate`. Level bits in `form` are whole, the others marginal. */
export function deriveLines(columns: Columns, start: number, count: number, form: number): void {
  const { upTo, rate, deduction, above } = columns.line;
  for (let lane = 0; lane < 3; lane++) {
    const whole = ((form >>> lane) & 1) === 1;
    let sum = 0;
    for (let row = start; row < start + count; row++) {
      const first = row === start;
      const lower = first ? 0 : (upTo[row - 1] as number);
      if (!first && !whole) sum += lower * ((rate[row * 3 + lane] as number) - (rate[(row - 1) * 3 + lane] as number));
      deduction[row * 3 + lane] = sum;
      above[row * 4 + lane] = whole && !first ? lower : -1;
      above[row * 4 + 3] = -1;
    }
  }
}

const scratch = new Float64Array(1);
const bits = new BigUint64Array(scratch.buffer);
/** Bucket of a notional: exponent and the first bits of the mantissa. */
function bucketOf(notional: number): number {
  scratch[0] = notional;
  return Number((bits[0] as bigint) >> BigInt(BUCKET_SHIFT));
}
/** Lower end of a bucket. */
function bucketStart(bucket: number): number {
  bits[0] = BigInt(bucket) << BigInt(BUCKET_SHIFT);
  return scratch[0] as number;
}

/** Part of a bucket's width by which its neighbours' lines count as its own: rounding must not let a line outside win. */
const MARGIN = 1 / 0x100000;
/** Rates closer than this (and not equal) could trade places by rounding within the margin. */
const LEAST_STEP = 1 / 0x10000000;

/** Rates below this could make products that lose bits to underflow. */
const LEAST_RATE = 1e-150;

/** Lines `[first, last]` that can be the largest for a notional in the bucket. */
function linesIn(columns: Columns, start: number, count: number, bucket: number): [number, number] {
  const { upTo } = columns.line;
  const low = bucketStart(bucket) * (1 - MARGIN);
  const high = bucketStart(bucket + 1) * (1 + MARGIN);
  let first = 0;
  while (first < count - 1 && (upTo[start + first] as number) < low) first += 1;
  let last = first;
  while (last < count - 1 && (upTo[start + last] as number) <= high) last += 1;
  return [first, last];
}

function stepsAreClear(columns: Columns, start: number, count: number): boolean {
  const { rate } = columns.line;
  for (let row = start + 1; row < start + count; row++) {
    for (let lane = 0; lane < 3; lane++) {
      const a = rate[(row - 1) * 3 + lane] as number;
      const b = rate[row * 3 + lane] as number;
      if (a !== b && (b - a < b * LEAST_STEP || b < LEAST_RATE)) return false;
    }
  }
  return true;
}

/** Buckets that a table of so many lines can need at most: an octave has eight, doubles from MIN_INPUT to MAX_INPUT two hundred octaves. */
export const MOST_BUCKETS = 2048;

/**
 * Lays out the window of market `m`: for each bucket of notionals between the first and the last bound, the first of the
 * WINDOW_LINES lines among which the largest is. Where a bucket would need more lines `fits` stays 0: the scan walks then.
 */
export function deriveWindow(store: Store, m: number): void {
  const { market } = store.columns;
  const start = market.lineStart[m] as number;
  const count = market.lineCount[m] as number;
  const set = (slot: number, value: number): void => {
    store.columns.market.window[m * WINDOW_WIDTH + slot] = value;
  };
  set(WINDOW.line, start);
  set(WINDOW.lastLine, start + Math.max(count, 1) - 1);
  for (const slot of [WINDOW.bucket, WINDOW.low, WINDOW.last]) set(slot, 0);
  set(WINDOW.fits, count <= 1 ? 1 : 0);
  // `bucket.first` is a byte.
  if (count <= 1 || count > 256 || !stepsAreClear(store.columns, start, count)) return;
  const low = bucketOf(store.columns.line.upTo[start] as number) - 1;
  const high = bucketOf(store.columns.line.upTo[start + count - 2] as number) + 1;
  const windows: number[] = [];
  for (let bucket = low; bucket <= high; bucket++) {
    const [first, last] = linesIn(store.columns, start, count, bucket);
    if (last - first >= WINDOW_LINES) return;
    windows.push(first);
  }
  const at = store.append('bucket', windows.length);
  store.columns.bucket.first.set(windows, at);
  set(WINDOW.bucket, at);
  set(WINDOW.low, low);
  set(WINDOW.last, windows.length - 1);
  set(WINDOW.fits, 1);
}

/** Fills `offset` of one tier table, so that value * weight + offset is continuous at every bound. */
export function deriveTiers(columns: Columns, start: number, count: number): void {
  const { upTo, weight, offset } = columns.tier;
  for (let lane = 0; lane < 4; lane++) {
    let sum = 0;
    for (let tier = start; tier < start + count; tier++) {
      if (tier > start)
        sum +=
          (upTo[tier - 1] as number) *
          ((weight[(tier - 1) * 4 + lane] as number) - (weight[tier * 4 + lane] as number));
      offset[tier * 4 + lane] = sum;
    }
  }
}

/** Fills all derived columns of tables. Windows come last: they append rows, which may cut the columns anew. */
export function deriveTables(store: Store): void {
  const { columns } = store;
  const { asset, market } = columns;
  const [assets, markets] = [store.count('asset'), store.count('market')];
  for (let a = 0; a < assets; a++) {
    deriveTiers(columns, asset.tierStart[a] ?? 0, asset.tierCount[a] ?? 0);
    deriveTiers(columns, asset.debtStart[a] ?? 0, asset.debtCount[a] ?? 0);
  }
  for (let m = 0; m < markets; m++) {
    deriveLines(columns, market.lineStart[m] ?? 0, market.lineCount[m] ?? 0, market.form[m] ?? 0);
    deriveLines(columns, market.shortStart[m] ?? 0, market.shortCount[m] ?? 0, market.form[m] ?? 0);
  }
  store.setCount('bucket', 0);
  for (let m = 0; m < markets; m++) deriveWindow(store, m);
}
