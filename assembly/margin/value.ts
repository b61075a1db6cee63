// Unit values: everything about an asset or a market that does not depend on who holds it, once a tick.
// Same numbers as bindings/reference/value.ts, operation by operation.
import * as abi from '../abi';
import { column, readF64, readU32, rows } from '../memory';
import { assetValue } from './asset-value';
import { get, level, put } from './lanes';
import { getSide } from './side';
import { sidePrices, sideValue } from './side-value';
import { inexact, notionalRule, openInterestPpm, resetDoubt, sureNotional, wholeNotional } from './whole-units';

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
    const each = getSide(side, abi.SIDE_NOTIONAL, 0);
    const open = wholeNotional(notionalRule(rounding), contracts, each);
    const lower = floor(readF64(header, abi.MARKET_OPEN_INTEREST_LOWER, m));
    const most = floor(upper);
    const sure = notionalRule(rounding) != abi.ROUNDING_EXACT || sureNotional(contracts, each);
    initial = base + openInterestPpm(open, lower, most, base, sure);
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

/** Fills the derived columns of one market from its inputs; those of its assets must stand. */
export function marketValues(header: usize, m: u32): void {
  sideValue(header, m, false);
  sideValue(header, m, true);
  store<u32>(column(header, abi.MARKET_SIDED) + ((<usize>m) << 2), sided(header, m) ? 1 : 0);
  ppmValue(header, m);
  plainValue(header, m);
}

/** The same where nothing but prices and funding of the market have moved: what depends on parameters alone stays. */
export function markValues(header: usize, m: u32): void {
  const isSided =
    readU32(header, abi.MARKET_SIDED, m) != 0 || readU32(header, abi.MARKET_KIND, m) == abi.KIND_PREDICTION;
  if (isSided || readU32(header, abi.MARKET_GUARD, m) != 0 || readU32(header, abi.MARKET_ROUNDING, m) != 0) {
    marketValues(header, m);
    return;
  }
  sidePrices(header, m, false);
  plainValue(header, m);
}

/** Fills the derived columns of assets and markets from the inputs. */
export function values(header: usize): void {
  const assets = rows(header, abi.COUNT_ASSET);
  const markets = rows(header, abi.COUNT_MARKET);
  for (let a: u32 = 0; a < assets; a++) assetValue(header, a);
  for (let m: u32 = 0; m < markets; m++) marketValues(header, m);
}
