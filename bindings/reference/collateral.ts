// What a balance counts: value-tiered haircuts (a minimum of lines), debts (a maximum of lines), venue-wide scales,
// size curves, confidence penalty and the account's own rate floor. One lane at a time.
import { ASSET_VALUE_WIDTH, CURVE } from '../layout.js';
import type { Columns } from '../memory.js';
import { ASSET, larger, smaller } from './lanes.js';
import { curveOf } from './size-curve.js';

/** Guarded value of a signed amount: assets at the low, debts at the high price. */
export function guardedValue(columns: Columns, asset: number, lane: number, amount: number): number {
  const v = columns.asset.value;
  return amount * v[asset * ASSET_VALUE_WIDTH + (amount < 0 ? ASSET.high : ASSET.low) + lane]!;
}

/** Weighted value of a positive balance worth `value`, of `amount` units. Never above `value`. */
export function assetWorth(
  columns: Columns,
  asset: number,
  lane: number,
  value: number,
  amount: number,
  rateFloor: number,
): number {
  const v = columns.asset.value;
  const row = asset * ASSET_VALUE_WIDTH;
  const { weight, offset } = columns.tier;
  const start = columns.asset.tierStart[asset]!;
  const count = columns.asset.tierCount[asset]!;
  const counted = smaller(value, v[row + ASSET.cap + lane]!);
  let worth = counted * weight[start * 4 + lane]! + offset[start * 4 + lane]!;
  // Up to the first bound the first tier alone counts, whatever rounding makes of the others.
  const tiers = counted > columns.tier.upTo[start]! ? count : 1;
  for (let tier = start + 1; tier < start + tiers; tier++) {
    worth = smaller(worth, counted * weight[tier * 4 + lane]! + offset[tier * 4 + lane]!);
  }
  worth = worth * v[row + ASSET.depositScale + lane]!;
  const kind = columns.asset.curveKind[asset]!;
  if (kind !== CURVE.none) {
    const x = kind === CURVE.sqrt ? amount : value;
    const g = curveOf(columns, kind, x, v[row + ASSET.exponent]!);
    const limit = v[row + ASSET.numerator]! / (1 + v[row + ASSET.curveFactor + lane]! * g);
    worth = smaller(worth, counted * limit);
  }
  worth = larger(worth - counted * v[row + ASSET.penalty + lane]!, 0);
  if (lane === 0 && rateFloor > 0 && columns.asset.rateFloor[asset]) {
    worth = smaller(worth, value * larger(1 - rateFloor, 0));
  }
  return worth;
}

/** Weighted value of a debt worth `value` (both > 0), of `amount` units. Never below `value`. */
export function debtWorth(
  columns: Columns,
  asset: number,
  lane: number,
  value: number,
  amount: number,
  rateFloor: number,
): number {
  const v = columns.asset.value;
  const row = asset * ASSET_VALUE_WIDTH;
  const { weight, offset } = columns.tier;
  const start = columns.asset.debtStart[asset]!;
  const count = columns.asset.debtCount[asset]!;
  let worth = value * weight[start * 4 + lane]! + offset[start * 4 + lane]!;
  for (let tier = start + 1; tier < start + count; tier++) {
    worth = larger(worth, value * weight[tier * 4 + lane]! + offset[tier * 4 + lane]!);
  }
  worth = worth * v[row + ASSET.borrowScale + lane]!;
  if (columns.asset.curveKind[asset] === CURVE.sqrt) {
    const steep = v[row + ASSET.curveFactor + lane]! * Math.sqrt(amount);
    worth = larger(worth, v[row + ASSET.debtBase]! * worth + steep * value);
  }
  if (lane === 0 && rateFloor > 0 && columns.asset.rateFloor[asset]) {
    worth = larger(worth, value * (1 + rateFloor));
  }
  return worth;
}
