// What a balance counts, two lanes at a time: value-tiered haircuts (a minimum of lines), debts (a maximum of lines),
// venue-wide scales, size curves, confidence penalty and the account's own rate floor. The result adds to two sums.
import * as abi from '../abi';
import { f64At, larger, smaller, u32At } from '../memory';
import { pow } from '../numeric/pow';
import * as at from './state';

/** Rows of tier columns are four doubles. */
const TIER: usize = 32;

/** Collateral and surcharge of the last call of `weighBoth`. */
export let worthA: v128 = i64x2.splat(0);
export let worthB: v128 = i64x2.splat(0);
export let surchargeA: v128 = i64x2.splat(0);
export let surchargeB: v128 = i64x2.splat(0);

/** Guarded value of signed amounts: assets at the low, debts at the high price. */
// @ts-ignore: decorator
@inline
export function guardedValue(asset: usize, lanes: usize, amount: v128): v128 {
  const low = v128.load(asset + lanes, abi.ASSET_LOW);
  const high = v128.load(asset + lanes, abi.ASSET_HIGH);
  return f64x2.mul(amount, v128.bitselect(high, low, f64x2.lt(amount, f64x2.splat(0))));
}

/** pow of both lanes. */
function powers(x: v128, exponent: f64): v128 {
  const first = f64x2.splat(pow(f64x2.extract_lane(x, 0), exponent));
  return f64x2.replace_lane(first, 1, pow(f64x2.extract_lane(x, 1), exponent));
}

/** Weighted value of positive balances worth `value`, of `amount` units; 0 where the value is 0. */
// @ts-ignore: decorator
@inline
export function assetWorth(row: u32, lanes: usize, value: v128, amount: v128, floor: f64): v128 {
  const asset = at.assetValue + <usize>row * abi.ASSET_ROW;
  const flags = load<i32>(asset, abi.ASSET_FLAGS);
  const counted = f64x2.pmin(value, v128.load(asset + lanes, abi.ASSET_CAPPED));
  let tier = <usize>u32At(at.assetTierStart, row) * TIER + lanes;
  const end = tier + <usize>u32At(at.assetTierCount, row) * TIER;
  let sum = f64x2.add(f64x2.mul(counted, v128.load(at.tierWeight + tier)), v128.load(at.tierOffset + tier));
  // Up to the first bound the first tier alone counts; most balances stay below it.
  const beyond = f64x2.gt(counted, f64x2.splat(f64At(at.tierUpTo, u32At(at.assetTierStart, row))));
  if (v128.any_true(beyond)) {
    let least = sum;
    for (tier += TIER; tier < end; tier += TIER) {
      const line = f64x2.add(f64x2.mul(counted, v128.load(at.tierWeight + tier)), v128.load(at.tierOffset + tier));
      least = f64x2.pmin(least, line);
    }
    sum = v128.bitselect(least, sum, beyond);
  }
  sum = f64x2.mul(sum, v128.load(asset + lanes, abi.ASSET_DEPOSIT_SCALE));
  const kind = flags & abi.ASSET_FLAG_CURVE;
  if (kind != 0) {
    const g = kind == abi.CURVE_SQRT ? f64x2.sqrt(amount) : powers(value, load<f64>(asset, abi.ASSET_EXPONENT));
    const spread = f64x2.add(f64x2.splat(1), f64x2.mul(v128.load(asset + lanes, abi.ASSET_FACTOR), g));
    const limit = f64x2.div(f64x2.splat(load<f64>(asset, abi.ASSET_NUMERATOR)), spread);
    sum = f64x2.pmin(sum, f64x2.mul(counted, limit));
  }
  sum = f64x2.sub(sum, f64x2.mul(counted, v128.load(asset + lanes, abi.ASSET_PENALTY)));
  sum = f64x2.pmax(sum, f64x2.splat(0));
  if (lanes == 0 && floor > 0 && (flags & abi.ASSET_FLAG_RATE_FLOOR) != 0) {
    const limit = f64x2.extract_lane(value, 0) * larger(1 - floor, 0);
    sum = f64x2.replace_lane(sum, 0, smaller(f64x2.extract_lane(sum, 0), limit));
  }
  return sum;
}

/** Weighted value of debts worth `value`, of `amount` units; 0 where the value is 0. */
// @ts-ignore: decorator
@inline
export function debtWorth(row: u32, lanes: usize, value: v128, amount: v128, floor: f64): v128 {
  const asset = at.assetValue + <usize>row * abi.ASSET_ROW;
  const flags = load<i32>(asset, abi.ASSET_FLAGS);
  let tier = <usize>u32At(at.assetDebtStart, row) * TIER + lanes;
  const end = tier + <usize>u32At(at.assetDebtCount, row) * TIER;
  let sum = f64x2.add(f64x2.mul(value, v128.load(at.tierWeight + tier)), v128.load(at.tierOffset + tier));
  for (tier += TIER; tier < end; tier += TIER) {
    const line = f64x2.add(f64x2.mul(value, v128.load(at.tierWeight + tier)), v128.load(at.tierOffset + tier));
    sum = f64x2.pmax(sum, line);
  }
  sum = f64x2.mul(sum, v128.load(asset + lanes, abi.ASSET_BORROW_SCALE));
  if ((flags & abi.ASSET_FLAG_CURVE) == abi.CURVE_SQRT) {
    const steep = f64x2.mul(v128.load(asset + lanes, abi.ASSET_FACTOR), f64x2.sqrt(amount));
    const kept = f64x2.mul(f64x2.splat(load<f64>(asset, abi.ASSET_DEBT_BASE)), sum);
    sum = f64x2.pmax(sum, f64x2.add(kept, f64x2.mul(steep, value)));
  }
  if (lanes == 0 && floor > 0 && (flags & abi.ASSET_FLAG_RATE_FLOOR) != 0) {
    const least = f64x2.extract_lane(value, 0) * (1 + floor);
    sum = f64x2.replace_lane(sum, 0, larger(f64x2.extract_lane(sum, 0), least));
  }
  return sum;
}

/** Debts among signed values; 0 where a lane owns. */
// @ts-ignore: decorator
@inline
function owedOf(value: v128): v128 {
  return v128.and(f64x2.neg(value), f64x2.lt(value, f64x2.splat(0)));
}

/** Assets among signed values; 0 where a lane owes. */
// @ts-ignore: decorator
@inline
function ownedOf(value: v128): v128 {
  return v128.andnot(value, f64x2.lt(value, f64x2.splat(0)));
}

/** Weighs signed guarded values in all four lanes: what they count, debts at their face, and the debts' surcharge. */
export function weighBoth(row: u32, a: v128, b: v128, amountA: v128, amountB: v128, floor: f64): void {
  const zero = f64x2.splat(0);
  const sizeA = f64x2.abs(amountA);
  const sizeB = f64x2.abs(amountB);
  if (!v128.any_true(v128.or(f64x2.lt(a, zero), f64x2.lt(b, zero)))) {
    worthA = assetWorth(row, 0, a, sizeA, floor);
    worthB = assetWorth(row, 16, b, sizeB, floor);
    surchargeA = zero;
    surchargeB = zero;
    return;
  }
  const owedA = owedOf(a);
  const owedB = owedOf(b);
  surchargeA = f64x2.sub(debtWorth(row, 0, owedA, sizeA, floor), owedA);
  surchargeB = f64x2.sub(debtWorth(row, 16, owedB, sizeB, floor), owedB);
  worthA = f64x2.sub(assetWorth(row, 0, ownedOf(a), sizeA, floor), owedA);
  worthB = f64x2.sub(assetWorth(row, 16, ownedOf(b), sizeB, floor), owedB);
}
