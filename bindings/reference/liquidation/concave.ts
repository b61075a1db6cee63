// Whether health is concave along a ray of prices. It is not where two moving prices are multiplied, a rate moves with a price,
// a table jumps, or spot orders of one token stand in two markets (docs/liquidation.md has the proof).
import { ASSET_VALUE_WIDTH, BASIS, KIND, NO_LIMIT, NONE, UNIT } from '../../layout.js';
import type { Columns } from '../../memory.js';
import { ASSET } from '../lanes.js';
import type { PriceRay } from './move.js';

type Guarded = { guard: Uint32Array; twap: Float64Array; stable: Float64Array };

/** Guards do not bind and cannot: the row counts at the price that moves. */
function unguarded(c: Guarded, price: Float64Array, i: number, lane: number): boolean {
  if (((c.guard[i]! >>> lane) & 1) === 0) return true;
  return c.twap[i] === price[i] && c.stable[i] === price[i];
}

/** The penalty of an unsure price is taken off a haircut that falls with size: what is left may fall. */
const penalised = (columns: Columns, a: number, lane: number): boolean =>
  columns.asset.value[a * ASSET_VALUE_WIDTH + ASSET.penalty + lane] !== 0;

function concaveAsset(columns: Columns, a: number, lane: number): boolean {
  const { depositScaleStart, borrowScaleStart } = columns.asset;
  if (lane !== 0) return true;
  if (depositScaleStart[a]! < NO_LIMIT || borrowScaleStart[a]! < NO_LIMIT) return false;
  return !penalised(columns, a, lane);
}

const of = (packed: number, lane: number): number => (packed >>> (2 * lane)) & 3;

/** A table of whole form read by something that moves. */
function jumps({ market }: Columns, m: number, lane: number): boolean {
  if (((market.form[m]! >>> lane) & 1) === 0 || of(market.basis[m]!, lane) !== BASIS.notional) return false;
  return market.lineCount[m]! > 1 || market.shortCount[m]! > 1;
}

function concaveMarket(columns: Columns, ray: PriceRay, m: number, lane: number): boolean {
  const { market, asset } = columns;
  const kind = market.kind[m]!;
  const settle = market.settle[m]!;
  const shift = ray.marketShift(m);
  const settles = ray.assetShift(settle);
  const unit = of(market.unit[m]!, lane);
  if (kind === KIND.spot) return true;
  if (settles !== 0 && jumps(columns, m, lane) && unit === UNIT.numeraire) return false;
  if (shift === 0) return true;
  if (jumps(columns, m, lane) && !(kind === KIND.inverse && unit !== UNIT.settle)) return false;
  if (lane === 0 && market.openInterestUpper[m]! < NO_LIMIT) return false;
  if (penalised(columns, settle, lane)) return false;
  // Profit in coin times the coin's price is linear while both are one coordinate, and 1 / price alone is convex for shorts.
  if (kind === KIND.inverse) {
    return settles === shift && unguarded(asset, asset.price, settle, lane) && unguarded(market, market.mark, m, lane);
  }
  return settles === 0;
}

/** Spot orders of unit `u`: those that reserve funds, or stand in two markets of one token. */
function concaveOrders({ unit, position, market }: Columns, ray: PriceRay, u: number): boolean {
  const first = unit.positionStart[u]!;
  let last = NONE;
  for (let p = first; p < first + unit.positionCount[u]!; p++) {
    const m = position.key[p]! >>> 2;
    if (market.kind[m] !== KIND.spot || position.order[p] === 0) continue;
    const base = market.base[m]!;
    const moves = ray.assetShift(base) !== 0 || ray.assetShift(market.quote[m]!) !== 0;
    if (moves && market.spotOrders[m] !== 0) return false;
    // Rows that share a base stand together: they settle in it.
    if (base === last) return false;
    last = base;
  }
  return true;
}

/** Units of a settle asset by which rounding may move a row's health: profit, notional, and requirement twice. */
const ROUNDED_UNITS = 4;

/** How far rounding to whole units may move health along the ray: it is concave but for steps of this size. */
export function grainOf(columns: Columns, ray: PriceRay, u: number, level: number): number {
  const { unit, position, market, asset } = columns;
  const first = unit.positionStart[u]!;
  let grain = 0;
  for (let p = first; p < first + unit.positionCount[u]!; p++) {
    const m = position.key[p]! >>> 2;
    if (market.rounding[m] === 0 || ray.marketShift(m) === 0) continue;
    grain = grain + ROUNDED_UNITS * asset.value[market.settle[m]! * ASSET_VALUE_WIDTH + ASSET.high + level]!;
  }
  return grain * Math.max(1, unit.multiplier[u]!);
}

/** @param level - at which health is asked for */
export function concaveRay(columns: Columns, ray: PriceRay, u: number, level: number): boolean {
  const each = ray.rows.every(({ section, row }) =>
    section === 'asset' ? concaveAsset(columns, row, level) : concaveMarket(columns, ray, row, level),
  );
  return each && concaveOrders(columns, ray, u);
}
