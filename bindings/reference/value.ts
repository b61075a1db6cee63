// Unit values: everything about an asset or a market that does not depend on who holds it, once a tick.
// Guards, penalties, scales and units are settled here, so that the account scan only multiplies and adds.
import { NO_LIMIT, PLAIN_VALUE_WIDTH, PPM_WIDTH, ROUNDING, SIDE_VALUE_WIDTH } from '../layout.js';
import type { Columns } from '../memory.js';
import { assetValue } from './asset-value.js';
import { PLAIN, PLAINVALUE, PPM, SIDEVALUE, sideSlot } from './lanes.js';
import { sideValue } from './side-value.js';
import { doubt, MILLION, notionalRule, openInterestPpm, sureNotional, wholeNotional } from './whole-units.js';

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
    const sure = notionalRule(c.rounding[m]!) !== ROUNDING.exact || sureNotional(c.openInterest[m]!, each);
    initial = base + openInterestPpm(open, lower, upper, base, sure);
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

/** Fills the derived columns of one market from its inputs; those of its assets must stand. */
export function marketValues(columns: Columns, m: number): void {
  sideValue(columns, m, false);
  sideValue(columns, m, true);
  columns.market.sided[m] = sided(columns, m) ? 1 : 0;
  ppmValue(columns, m);
  plainValue(columns, m);
}

/** Fills the derived columns of assets and markets from the inputs. */
export function values(columns: Columns, assets: number, markets: number): void {
  for (let a = 0; a < assets; a++) assetValue(columns, a);
  for (let m = 0; m < markets; m++) marketValues(columns, m);
}
