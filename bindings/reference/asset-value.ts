// Unit values of an asset: guarded prices and venue-wide scales.
import { ASSET_VALUE_WIDTH, NO_LIMIT } from '../layout.js';
import type { Columns } from '../memory.js';
import { ASSET, ASSET_FLAG, FLAG_BASE, larger, PLAIN, smaller } from './lanes.js';

const lowest = (a: number, b: number, c: number): number => smaller(smaller(a, b), c);
const highest = (a: number, b: number, c: number): number => larger(larger(a, b), c);

/** Guarded prices and venue-wide scales of an asset: weights scale with what all accounts deposit or borrow. */
export function assetValue(columns: Columns, a: number): void {
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
