// Flags of a side: what its rows need beside profit and table, and which short ways the kernel may go.
import { CURVE, KIND, NO_LIMIT, PNL, WINDOW_WIDTH } from '../layout.js';
import type { Columns } from '../memory.js';
import { FLAG, FLAG_BASE, FLAG_FORM_SHIFT, PLAIN, SIDEVALUE, sideSlot, WINDOW } from './lanes.js';

/** Whether the lanes maintenance and liquidation end of every input of the requirement are the same. */
function sameEnd(columns: Columns, row: number, short: boolean): boolean {
  const v = columns.market.value;
  for (const slot of [SIDEVALUE.notional, SIDEVALUE.entry, SIDEVALUE.worth, SIDEVALUE.flat, SIDEVALUE.curveFactor]) {
    if (v[row + sideSlot(slot, 1)] !== v[row + sideSlot(slot, 2)]) return false;
  }
  const { above, longPair, longEnd, shortPair, shortEnd } = columns.line;
  const pair = short ? shortPair : longPair;
  const end = short ? shortEnd : longEnd;
  const start = v[row + SIDEVALUE.lineStart]!;
  for (let line = start; line < start + v[row + SIDEVALUE.lineCount]!; line++) {
    if (pair[line * 4 + 1] !== end[line * 4] || pair[line * 4 + 3] !== end[line * 4 + 2]) return false;
    if (above[line * 4 + 1] !== above[line * 4 + 2]) return false;
  }
  return true;
}

/** Whether profit counts in full at maintenance and liquidation end, at the price that equity is valued at. */
function fullProfit(v: Float64Array, row: number): boolean {
  const plain = v[row + sideSlot(SIDEVALUE.pnl, PLAIN)];
  for (let k = 1; k < PLAIN; k++) {
    if (v[row + sideSlot(SIDEVALUE.pnl, k)] !== plain) return false;
    if (v[row + sideSlot(SIDEVALUE.pnlWeight, k)] !== 1) return false;
    if (v[row + sideSlot(SIDEVALUE.pnlCap, k)]! < NO_LIMIT) return false;
  }
  return true;
}

/** Whether the look-up of a notional (book/tables.ts) serves this side: its table is the market's, read by one notional. */
function windowed(columns: Columns, m: number, row: number): boolean {
  const v = columns.market.value;
  const notional = v[row + SIDEVALUE.notional]!;
  return (
    columns.market.window[m * WINDOW_WIDTH + WINDOW.fits] === 1 &&
    v[row + SIDEVALUE.lineCount]! > 0 &&
    v[row + SIDEVALUE.lineStart] === columns.market.lineStart[m] &&
    v[row + sideSlot(SIDEVALUE.notional, 1)] === notional &&
    v[row + sideSlot(SIDEVALUE.notional, 2)] === notional
  );
}

/** What takes a row out of the runs of ordinary rows. */
const UNUSUAL = FLAG.spotFill | FLAG.spotReserve | FLAG.separate | FLAG.net | FLAG.wholeUnits;

export function flagsOf(columns: Columns, m: number, row: number, short: boolean): number {
  const c = columns.market;
  const v = c.value;
  let flags = c.form[m]! << FLAG_FORM_SHIFT;
  if (c.kind[m] === KIND.spot) flags |= c.spotOrders[m] ? FLAG.spotReserve : FLAG.spotFill;
  if (c.pnlMode[m] === PNL.separate) flags |= FLAG.separate;
  if (c.pnlMode[m] === PNL.net) flags |= FLAG.net;
  if (c.pnlCurve[m]! > 0) flags |= FLAG.weighted | FLAG.pnlCurve;
  for (let k = 0; k < PLAIN; k++) {
    if (v[row + sideSlot(SIDEVALUE.pnlWeight, k)] !== 1 || v[row + sideSlot(SIDEVALUE.pnlCap, k)]! < NO_LIMIT)
      flags |= FLAG.weighted;
    if (v[row + sideSlot(SIDEVALUE.entry, k)] !== 0) flags |= FLAG.entry;
  }
  if (c.form[m] !== 0 && v[row + SIDEVALUE.lineCount]! > 1) flags |= FLAG.whole;
  if (sameEnd(columns, row, short)) flags |= FLAG.sameEnd;
  if (fullProfit(v, row)) flags |= FLAG.fullProfit;
  if (c.curveKind[m] !== 0) flags |= FLAG.curve;
  if (c.rounding[m] !== 0) flags |= FLAG.wholeUnits;
  if (!(flags & FLAG.entry) && windowed(columns, m, row)) flags |= FLAG.window;
  if (flags & FLAG.window && !(flags & UNUSUAL) && c.curveKind[m] !== CURVE.power) flags |= FLAG.ordinary;
  return FLAG_BASE + flags;
}
