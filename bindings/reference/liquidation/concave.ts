// Whether health is concave along a ray of prices. It is not where two moving prices are multiplied, a rate moves with a price,
// a table jumps, or spot orders of one token stand in two markets (docs/liquidation.md has the proof).
import { ASSET_VALUE_WIDTH, BASIS, CURVE, FOLLOW, KIND, NO_LIMIT, NONE, UNIT } from '../../layout.js';
import type { Columns } from '../../memory.js';
import { ASSET, ASSET_FLAG } from '../lanes.js';
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

/** Value beyond a cap counts no more but still lowers the weight. */
const cappedCurve = ({ asset }: Columns, a: number): boolean =>
  asset.cap[a]! < NO_LIMIT && asset.curveKind[a] !== CURVE.none;

function concaveAsset(columns: Columns, a: number, lane: number): boolean {
  const { depositScaleStart, borrowScaleStart } = columns.asset;
  if (cappedCurve(columns, a)) return false;
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

/** A curve that grows with the price while the notional that it is taken of stays. */
function curveAlone({ market }: Columns, m: number, lane: number): boolean {
  if (market.curveKind[m] === CURVE.none || of(market.basis[m]!, lane) !== BASIS.entry) return false;
  return market.curveOf[m] === 1 || market.kind[m] === KIND.inverse;
}

/** Largest rate that a position may be asked for, with all that is added to it. */
function mostRate({ market, line, unit, position }: Columns, u: number, p: number, lane: number): number {
  const m = position.key[p]! >>> 2;
  const short = position.size[p]! < 0;
  const [start, count] = short ? [market.shortStart, market.shortCount] : [market.lineStart, market.lineCount];
  let rate = line.rate[(start[m]! + count[m]! - 1) * 3 + lane]!;
  if (lane === 0) rate = Math.max(rate, Math.max(position.ownRate[p]!, unit.rateFloor[u]!));
  rate = (rate + market.closingFee[m * 3 + lane]!) * unit.multiplier[u]!;
  return lane === 2 ? rate + unit.buffer[u]! : rate;
}

/** Profit counts in full, at the settle asset's price, and more than any requirement grows. */
function gainsMore(columns: Columns, u: number, p: number, lane: number): boolean {
  const { market, asset, position } = columns;
  const m = position.key[p]! >>> 2;
  const flags = asset.value[market.settle[m]! * ASSET_VALUE_WIDTH + ASSET.flags]!;
  if (!(flags & ASSET_FLAG.plain)) return false;
  if (market.pnlCurve[m]! > 0) return false;
  if (market.pnlWeight[m * 3 + lane] !== 1 || market.pnlCap[m * 3 + lane]! < NO_LIMIT) return false;
  return mostRate(columns, u, p, lane) < 1;
}

/** A guard that may hold a price while it moves on: a kink that is concave only where health grows with the guarded price. */
function bentByGuard(columns: Columns, u: number, m: number, lane: number): boolean {
  const { market, unit, position } = columns;
  if (lane > 2 || unguarded(market, market.mark, m, lane)) return false;
  // The guard holds the notional, but not what a curve of it reads.
  if (market.curveKind[m] !== CURVE.none) return true;
  const first = unit.positionStart[u]!;
  for (let p = first; p < first + unit.positionCount[u]!; p++) {
    if (position.key[p]! >>> 2 !== m) continue;
    if (position.order[p] !== 0) return true;
    const long = position.size[p]! > 0;
    if ((long || market.kind[m] === KIND.prediction) && !gainsMore(columns, u, p, lane)) return true;
  }
  return false;
}

function concaveMarket(columns: Columns, ray: PriceRay, u: number, m: number, lane: number): boolean {
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
  if (penalised(columns, settle, lane) || cappedCurve(columns, settle) || curveAlone(columns, m, lane)) return false;
  // Profit in coin times the coin's price is linear while both are one coordinate, and 1 / price alone is convex for shorts.
  if (kind === KIND.inverse) {
    return settles === shift && unguarded(asset, asset.price, settle, lane) && unguarded(market, market.mark, m, lane);
  }
  return settles === 0 && !bentByGuard(columns, u, m, lane);
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
  // Requirements of scenario models bend both ways, and so do options.
  if (level < 3 && columns.unit.model[u] !== 0) return false;
  if (ray.rows.some(({ follow }) => follow === FOLLOW.value)) return false;
  const each = ray.rows.every(({ section, row }) =>
    section === 'asset' ? concaveAsset(columns, row, level) : concaveMarket(columns, ray, u, row, level),
  );
  return each && concaveOrders(columns, ray, u);
}
