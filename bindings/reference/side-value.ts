// Unit values of a market's longs or shorts: guards, penalties, scales and units are settled here, so that the account scan
// only multiplies and adds.
import { ASSET_VALUE_WIDTH, BASIS, KIND, LEVEL, NO_LIMIT, NONE, PNL, SIDE_VALUE_WIDTH, UNIT } from '../layout.js';
import type { Columns } from '../memory.js';
import { flagsOf } from './flags.js';
import { ASSET, larger, PLAIN, SIDEVALUE, sideSlot, smaller } from './lanes.js';

const lowest = (a: number, b: number, c: number): number => smaller(smaller(a, b), c);
const highest = (a: number, b: number, c: number): number => larger(larger(a, b), c);

/** Settle units that one contract is worth at a price; `short` matters for predictions, whose shorts pay up to 1 - price. */
function settleNotional(kind: number, multiplier: number, price: number, short: boolean): number {
  if (kind === KIND.inverse) return multiplier / price;
  if (kind === KIND.prediction && short) return multiplier * (1 - price);
  return multiplier * price;
}

/** Initial rate under open interest (dYdX liquidity tiers): linear from the table's first rate to 1 between the limits. */
function openInterestRate(columns: Columns, m: number, notional: number, base: number): number {
  const c = columns.market;
  const open = c.openInterest[m]! * notional;
  const lower = c.openInterestLower[m]!;
  const upper = c.openInterestUpper[m]!;
  if (open <= lower) return 0;
  if (open >= upper) return 1;
  return base + ((open - lower) * (1 - base)) / (upper - lower);
}

export function sideValue(columns: Columns, m: number, short: boolean): void {
  const c = columns.market;
  const v = c.value;
  const row = (m * 2 + (short ? 1 : 0)) * SIDE_VALUE_WIDTH;
  const kind = c.kind[m]!;
  const spot = kind === KIND.spot;
  const multiplier = c.multiplier[m]!;
  const mark = c.mark[m]!;
  const settle = columns.asset.value;
  const settleRow = c.settle[m]! * ASSET_VALUE_WIDTH;
  const quote = c.quote[m]!;
  const net = c.pnlMode[m] === PNL.net;
  const scales = [0, 0, 0, 0];
  const guardPrice = short ? highest(mark, c.twap[m]!, c.stable[m]!) : lowest(mark, c.twap[m]!, c.stable[m]!);
  for (let k = 0; k < 4; k++) {
    const price = k < PLAIN && (c.guard[m]! >>> k) & 1 ? guardPrice : mark;
    const worth = settleNotional(kind, multiplier, price, short);
    const settleHigh = settle[settleRow + ASSET.high + k]!;
    const settleLow = settle[settleRow + ASSET.low + k]!;
    v[row + sideSlot(SIDEVALUE.pnl, k)] = spot ? 0 : kind === KIND.inverse ? -worth : multiplier * price;
    let notional = worth;
    let entry = 0;
    let scale = net ? 1 : settleHigh;
    let flat = 0;
    let cap: number = NO_LIMIT;
    if (k < PLAIN) {
      const unit = (c.unit[m]! >>> (2 * k)) & 3;
      const basis = (c.basis[m]! >>> (2 * k)) & 3;
      flat = c.closingFee[m * 3 + k]! * worth;
      if (k === LEVEL.initial && c.confidence[m]! < c.confidenceThreshold[m]!) {
        const atIndex = settleNotional(kind, multiplier, c.index[m]!, short);
        flat = flat + (1 - c.confidence[m]!) * c.confidenceFactor[m]! * atIndex;
      }
      flat = flat * scale;
      if (basis === BASIS.contracts) {
        notional = 1;
        scale = worth * settleHigh;
      } else if (unit === UNIT.numeraire) {
        notional = worth * settleHigh;
        scale = 1;
      } else if (unit === UNIT.quote && kind === KIND.inverse) {
        notional = multiplier;
        scale = quote === NONE ? settleHigh / price : columns.asset.value[quote * ASSET_VALUE_WIDTH + ASSET.high + k]!;
      }
      if (basis === BASIS.entry) {
        entry = 1;
        notional = unit === UNIT.numeraire ? settleHigh : 1;
      }
      if (c.pnlCap[m * 3 + k]! < NO_LIMIT && settleLow > 0) cap = c.pnlCap[m * 3 + k]! / settleLow;
    } else {
      notional = worth * settleHigh;
      scale = 1;
    }
    v[row + sideSlot(SIDEVALUE.notional, k)] = spot ? 0 : notional;
    v[row + sideSlot(SIDEVALUE.entry, k)] = entry;
    v[row + sideSlot(SIDEVALUE.worth, k)] = spot ? 0 : c.rounding[m] ? scale : notional * scale;
    scales[k] = scale;
    v[row + sideSlot(SIDEVALUE.flat, k)] = spot ? 0 : flat;
    v[row + sideSlot(SIDEVALUE.curveFactor, k)] = k < PLAIN ? c.curveFactor[m * 3 + k]! : 0;
    v[row + sideSlot(SIDEVALUE.pnlWeight, k)] = k < PLAIN ? c.pnlWeight[m * 3 + k]! : 1;
    v[row + sideSlot(SIDEVALUE.pnlCap, k)] = cap;
  }
  const worth = settleNotional(kind, multiplier, mark, short);
  const quoteNotional = kind === KIND.inverse ? multiplier : worth;
  const lineStart = short ? c.shortStart[m]! : c.lineStart[m]!;
  const limited = c.openInterestUpper[m]! < NO_LIMIT;
  const base = columns.line.rate[lineStart * 3]!;
  v[row + SIDEVALUE.openInterest] = limited ? openInterestRate(columns, m, quoteNotional, base) : 0;
  v[row + SIDEVALUE.value] = v[row + sideSlot(SIDEVALUE.notional, PLAIN)]!;
  v[row + SIDEVALUE.curveBase] = c.curveBase[m]!;
  v[row + SIDEVALUE.curveExponent] = c.curveExponent[m]!;
  v[row + SIDEVALUE.curveUnit] = c.curveOf[m] === 1 ? quoteNotional : kind === KIND.inverse ? worth : multiplier;
  v[row + SIDEVALUE.curveKind] = c.curveKind[m]!;
  v[row + SIDEVALUE.funding] = c.fundingIndex[m]!;
  v[row + SIDEVALUE.lineStart] = lineStart;
  v[row + SIDEVALUE.lineCount] = short ? c.shortCount[m]! : c.lineCount[m]!;
  scaleLines(columns, row, short, scales);
  v[row + SIDEVALUE.flags] = flagsOf(columns, m, row, short);
  v[row + SIDEVALUE.pnlCurve] = c.pnlCurve[m]!;
  v[row + SIDEVALUE.orderUnit] = c.orderLoss[m] ? multiplier : 0;
  v[row + SIDEVALUE.orderMargin] = c.orderMargin[m]!;
}

/** Lines per contract in numeraire, so that the scan multiplies once: rate * worth, deduction * scale. */
function scaleLines(columns: Columns, row: number, short: boolean, scales: number[]): void {
  const { rate, deduction, longPair, longEnd, shortPair, shortEnd } = columns.line;
  const v = columns.market.value;
  const pair = short ? shortPair : longPair;
  const end = short ? shortEnd : longEnd;
  const start = v[row + SIDEVALUE.lineStart]!;
  for (let line = start; line < start + v[row + SIDEVALUE.lineCount]!; line++) {
    for (let k = 0; k < 2; k++) {
      pair[line * 4 + k] = rate[line * 3 + k]! * v[row + sideSlot(SIDEVALUE.worth, k)]!;
      pair[line * 4 + 2 + k] = deduction[line * 3 + k]! * scales[k]!;
    }
    end[line * 4] = rate[line * 3 + 2]! * v[row + sideSlot(SIDEVALUE.worth, 2)]!;
    end[line * 4 + 1] = 0;
    end[line * 4 + 2] = deduction[line * 3 + 2]! * scales[2]!;
    end[line * 4 + 3] = 0;
  }
}
