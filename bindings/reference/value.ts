// Unit values: everything about an asset or a market that does not depend on who holds it, once a tick.
// Guards, penalties, scales and units are settled here, so that the account scan only multiplies and adds.
import {
  ASSET_VALUE_WIDTH,
  BASIS,
  CURVE,
  KIND,
  LEVEL,
  NO_LIMIT,
  NONE,
  PLAIN_VALUE_WIDTH,
  PNL,
  PPM_WIDTH,
  SIDE_VALUE_WIDTH,
  UNIT,
  WINDOW_WIDTH,
} from '../layout.js';
import type { Columns } from '../memory.js';
import {
  ASSET,
  ASSET_FLAG,
  FLAG,
  FLAG_BASE,
  FLAG_FORM_SHIFT,
  larger,
  PLAIN,
  PLAINVALUE,
  PPM,
  SIDEVALUE,
  sideSlot,
  smaller,
  WINDOW,
} from './lanes.js';
import { doubt, MILLION, notionalRule, wholeNotional, wholeQuotient } from './whole-units.js';

const lowest = (a: number, b: number, c: number): number => smaller(smaller(a, b), c);
const highest = (a: number, b: number, c: number): number => larger(larger(a, b), c);

/** Guarded prices and venue-wide scales of an asset: weights scale with what all accounts deposit or borrow. */
function assetValue(columns: Columns, a: number): void {
  const c = columns.asset;
  const v = c.value;
  const row = a * ASSET_VALUE_WIDTH;
  const price = c.price[a]!;
  const low = lowest(price, c.twap[a]!, c.stable[a]!);
  const high = highest(price, c.twap[a]!, c.stable[a]!);
  for (let k = 0; k < 4; k++) {
    const guarded = k < PLAIN && (c.guard[a]! >>> k) & 1;
    v[row + ASSET.low + k] = guarded ? low : price;
    v[row + ASSET.high + k] = guarded ? high : price;
    v[row + ASSET.depositScale + k] = 1;
    v[row + ASSET.borrowScale + k] = 1;
    v[row + ASSET.penalty + k] = 0;
    v[row + ASSET.curveFactor + k] = k < PLAIN ? c.curveFactor[a * 3 + k]! : 0;
    v[row + ASSET.cap + k] = k < PLAIN ? c.cap[a]! : NO_LIMIT;
  }
  const deposits = c.deposits[a]! * price;
  if (deposits > c.depositScaleStart[a]!) v[row + ASSET.depositScale] = c.depositScaleStart[a]! / deposits;
  const borrows = c.borrows[a]! * price;
  if (borrows > c.borrowScaleStart[a]!) v[row + ASSET.borrowScale] = borrows / c.borrowScaleStart[a]!;
  if (c.confidence[a]! < c.confidenceThreshold[a]!) {
    v[row + ASSET.penalty] = (1 - c.confidence[a]!) * c.confidenceFactor[a]!;
  }
  v[row + ASSET.numerator] = c.curveNumerator[a]!;
  v[row + ASSET.exponent] = c.curveExponent[a]!;
  v[row + ASSET.debtBase] = c.curveDebtBase[a]!;
  v[row + ASSET.flags] =
    FLAG_BASE +
    (c.curveKind[a]! | (plainAsset(columns, a) ? ASSET_FLAG.plain : 0) | (c.rateFloor[a] ? ASSET_FLAG.rateFloor : 0));
}

/** Counts at its price in every lane, whatever its amount. */
function plainAsset(columns: Columns, a: number): boolean {
  const c = columns.asset;
  const v = c.value;
  const row = a * ASSET_VALUE_WIDTH;
  const { weight } = columns.tier;
  if (c.curveKind[a] !== 0 || c.tierCount[a] !== 1 || c.debtCount[a] !== 1) return false;
  for (let k = 0; k < 4; k++) {
    if (v[row + ASSET.low + k] !== v[row + ASSET.high + k]) return false;
    if (v[row + ASSET.depositScale + k] !== 1 || v[row + ASSET.borrowScale + k] !== 1) return false;
    if (v[row + ASSET.penalty + k] !== 0 || v[row + ASSET.cap + k]! < NO_LIMIT) return false;
    if (weight[c.tierStart[a]! * 4 + k] !== 1 || weight[c.debtStart[a]! * 4 + k] !== 1) return false;
  }
  return true;
}

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

function sideValue(columns: Columns, m: number, short: boolean): void {
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

function flagsOf(columns: Columns, m: number, row: number, short: boolean): number {
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

/** Whether a short needs values of its own. Where it does not, half the rows stay out of the scan's caches. */
function sided(columns: Columns, m: number): boolean {
  const v = columns.market.value;
  const row = m * 2 * SIDE_VALUE_WIDTH;
  for (let slot = 0; slot < SIDE_VALUE_WIDTH; slot++) {
    if (v[row + slot] !== v[row + SIDE_VALUE_WIDTH + slot]) return true;
  }
  return false;
}

/** Rates in whole millionths. The initial one rises with open interest, rounded down once after the multiplication (dYdX). */
function ppmValue(columns: Columns, m: number): void {
  const c = columns.market;
  const rate = c.lineStart[m]! * 3;
  const millionths = (x: number): number => Math.floor(x * MILLION + 0.5);
  const has = c.rounding[m] !== 0;
  const base = has ? millionths(columns.line.rate[rate]!) : 0;
  const row = m * PPM_WIDTH;
  c.ppm[row + PPM.base] = base;
  c.ppm[row + PPM.maintenance] = has ? millionths(columns.line.rate[rate + 1]!) : 0;
  c.ppm[row + PPM.fraction] = has ? millionths(c.maintenanceFraction[m]!) : 0;
  let initial = base;
  doubt.inexact = false;
  if (has && c.openInterestUpper[m]! < NO_LIMIT) {
    const each = columns.market.value[m * 2 * SIDE_VALUE_WIDTH + SIDEVALUE.notional]!;
    const open = wholeNotional(notionalRule(c.rounding[m]!), c.openInterest[m]!, each);
    const lower = Math.floor(c.openInterestLower[m]!);
    const upper = Math.floor(c.openInterestUpper[m]!);
    if (open >= upper) initial = larger(base, MILLION);
    else if (open > lower && base < MILLION)
      initial = base + wholeQuotient(open - lower, MILLION - base, upper - lower);
  }
  c.ppm[row + PPM.doubt] = doubt.inexact ? 1 : 0;
  c.ppm[row + PPM.initial] = initial;
}

/** What the plain scan reads of a market: the long side of the general row, without what is zero there. */
function plainValue(columns: Columns, m: number): void {
  const v = columns.market.value;
  const row = m * 2 * SIDE_VALUE_WIDTH;
  const p = columns.market.plain;
  const plain = m * PLAIN_VALUE_WIDTH;
  const line = v[row + SIDEVALUE.lineStart]!;
  const lines = v[row + SIDEVALUE.lineCount]!;
  p[plain + PLAINVALUE.pnl] = v[row + sideSlot(SIDEVALUE.pnl, PLAIN)]!;
  p[plain + PLAINVALUE.value] = v[row + sideSlot(SIDEVALUE.notional, PLAIN)]!;
  p[plain + PLAINVALUE.notional] = v[row + SIDEVALUE.notional]!;
  for (let k = 0; k < 2; k++) p[plain + PLAINVALUE.rate + k] = lines === 0 ? 0 : columns.line.longPair[line * 4 + k]!;
}

/** Fills `asset.value`, `market.value` and `market.plain` from the inputs. */
export function values(columns: Columns, assets: number, markets: number): void {
  for (let a = 0; a < assets; a++) assetValue(columns, a);
  for (let m = 0; m < markets; m++) {
    sideValue(columns, m, false);
    sideValue(columns, m, true);
    columns.market.sided[m] = sided(columns, m) ? 1 : 0;
    ppmValue(columns, m);
    plainValue(columns, m);
  }
}
