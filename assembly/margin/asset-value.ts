// Unit values of an asset: guarded prices and venue-wide scales; weights scale with what all accounts deposit or borrow.
import * as abi from '../abi';
import { column, larger, readF64, readU32, smaller } from '../memory';
import { get, LANES, level, LEVELS, put } from './lanes';

/** Counts at its price in every lane, whatever its amount. */
function plainAsset(header: usize, a: u32, row: usize): bool {
  if (readU32(header, abi.ASSET_CURVE_KIND, a) != 0) return false;
  if (readU32(header, abi.ASSET_TIER_COUNT, a) != 1 || readU32(header, abi.ASSET_DEBT_COUNT, a) != 1) return false;
  const weight = column(header, abi.TIER_WEIGHT);
  const tier = weight + ((<usize>readU32(header, abi.ASSET_TIER_START, a)) << 5);
  const debt = weight + ((<usize>readU32(header, abi.ASSET_DEBT_START, a)) << 5);
  for (let k = 0; k < LANES; k++) {
    if (get(row, abi.ASSET_LOW, k) != get(row, abi.ASSET_HIGH, k)) return false;
    if (get(row, abi.ASSET_DEPOSIT_SCALE, k) != 1 || get(row, abi.ASSET_BORROW_SCALE, k) != 1) return false;
    if (get(row, abi.ASSET_PENALTY, k) != 0 || get(row, abi.ASSET_CAPPED, k) < abi.NO_LIMIT) return false;
    if (get(tier, 0, k) != 1 || get(debt, 0, k) != 1) return false;
  }
  return true;
}

export function assetValue(header: usize, a: u32): void {
  const row = column(header, abi.ASSET_VALUE) + <usize>a * abi.ASSET_ROW;
  const price = readF64(header, abi.ASSET_PRICE, a);
  const twap = readF64(header, abi.ASSET_TWAP, a);
  const stable = readF64(header, abi.ASSET_STABLE, a);
  const low = smaller(smaller(price, twap), stable);
  const high = larger(larger(price, twap), stable);
  const guard = readU32(header, abi.ASSET_GUARD, a);
  const cap = readF64(header, abi.ASSET_CAP, a);
  for (let k = 0; k < LANES; k++) {
    const guarded = k < LEVELS && ((guard >>> k) & 1) != 0;
    put(row, abi.ASSET_LOW, k, guarded ? low : price);
    put(row, abi.ASSET_HIGH, k, guarded ? high : price);
    put(row, abi.ASSET_DEPOSIT_SCALE, k, 1);
    put(row, abi.ASSET_BORROW_SCALE, k, 1);
    put(row, abi.ASSET_PENALTY, k, 0);
    put(row, abi.ASSET_FACTOR, k, k < LEVELS ? level(header, abi.ASSET_CURVE_FACTOR, a, k) : 0);
    put(row, abi.ASSET_CAPPED, k, k < LEVELS ? cap : abi.NO_LIMIT);
  }
  const deposits = readF64(header, abi.ASSET_DEPOSITS, a) * price;
  const depositStart = readF64(header, abi.ASSET_DEPOSIT_SCALE_START, a);
  if (deposits > depositStart) put(row, abi.ASSET_DEPOSIT_SCALE, 0, depositStart / deposits);
  const borrows = readF64(header, abi.ASSET_BORROWS, a) * price;
  const borrowStart = readF64(header, abi.ASSET_BORROW_SCALE_START, a);
  if (borrows > borrowStart) put(row, abi.ASSET_BORROW_SCALE, 0, borrows / borrowStart);
  const confidence = readF64(header, abi.ASSET_CONFIDENCE, a);
  if (confidence < readF64(header, abi.ASSET_CONFIDENCE_THRESHOLD, a)) {
    put(row, abi.ASSET_PENALTY, 0, (1 - confidence) * readF64(header, abi.ASSET_CONFIDENCE_FACTOR, a));
  }
  put(row, abi.ASSET_NUMERATOR, 0, readF64(header, abi.ASSET_CURVE_NUMERATOR, a));
  put(row, abi.ASSET_EXPONENT, 0, readF64(header, abi.ASSET_CURVE_EXPONENT, a));
  put(row, abi.ASSET_DEBT_BASE, 0, readF64(header, abi.ASSET_CURVE_DEBT_BASE, a));
  let flags = <i32>readU32(header, abi.ASSET_CURVE_KIND, a);
  if (plainAsset(header, a, row)) flags |= abi.ASSET_FLAG_PLAIN;
  if (readU32(header, abi.ASSET_RATE_FLOOR, a) != 0) flags |= abi.ASSET_FLAG_RATE_FLOOR;
  put(row, abi.ASSET_FLAGS, 0, abi.FLAG_BASE + <f64>flags);
}
