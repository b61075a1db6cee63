// Open spot orders, in the two ways venues treat them. fill: the worse of all bids and all asks filled (Drift).
// reserve: the funds have left the balance and count as the worse of all base and all quote (Mango).
import { ASSET_VALUE_WIDTH, SCRATCH_WIDTH } from '../layout.js';
import type { Columns } from '../memory.js';
import { assetWorth, debtWorth } from './collateral.js';
import { ASSET, PLAIN, smaller, TIE } from './lanes.js';

/** Slot of the scratch row that sums the funds that could arrive in this asset; the lanes before it hold the amount. */
export const ARRIVING = 4;

/** A held asset by lane while spot orders are weighed: guarded value and amount. */
export interface Holding {
  value: Float64Array;
  amount: Float64Array;
  /** Value that the chosen outcome pays (negative) or receives, by lane. */
  cash: Float64Array;
}

const health = (columns: Columns, asset: number, lane: number, value: number, amount: number, floor: number): number =>
  value < 0
    ? -debtWorth(columns, asset, lane, -value, Math.abs(amount), floor)
    : assetWorth(columns, asset, lane, value, Math.abs(amount), floor);

/** Applies the worse outcome of order aggregate `o` in spot market `market` to `held`; asks on a tie. Equity is not touched. */
export function fillSpot(
  columns: Columns,
  asset: number,
  market: number,
  o: number,
  floor: number,
  held: Holding,
  chosen?: Uint8Array,
): void {
  const { bidSize, askSize } = columns.order;
  const contract = columns.market.multiplier[market]!;
  const bought = bidSize[o]! * contract;
  const sold = -(askSize[o]! * contract);
  for (let lane = 0; lane < PLAIN; lane++) {
    const high = columns.asset.value[asset * ASSET_VALUE_WIDTH + ASSET.high + lane]!;
    const value = held.value[lane]!;
    const amount = held.amount[lane]!;
    const bidValue = value + bought * high;
    const askValue = value + sold * high;
    const bids = health(columns, asset, lane, bidValue, amount + bought, floor) - bought * high;
    const asks = health(columns, asset, lane, askValue, amount + sold, floor) - sold * high;
    const size = Math.abs(value) + (Math.abs(bought * high) + Math.abs(sold * high));
    const bid = bids < asks - size * TIE;
    if (chosen) chosen[lane] = bid ? 1 : 2;
    held.value[lane] = bid ? bidValue : askValue;
    held.amount[lane] = amount + (bid ? bought : sold);
    held.cash[lane] = held.cash[lane]! - (bid ? bought : sold) * high;
  }
}

/** What reserved funds of an order aggregate are as base and as quote, in units of each (Mango `Serum3Info`). */
export function reservedFunds(columns: Columns, market: number, o: number): { base: number; quote: number } {
  const { bidNotional, bidWorst, askSize, askWorst } = columns.order;
  const v = columns.asset.value;
  const basePrice = v[columns.market.base[market]! * ASSET_VALUE_WIDTH + ASSET.low + PLAIN]!;
  const quotePrice = v[columns.market.quote[market]! * ASSET_VALUE_WIDTH + ASSET.low + PLAIN]!;
  const contract = columns.market.multiplier[market]!;
  const reservedBase = askSize[o]! * contract;
  const reservedQuote = bidNotional[o]! * contract;
  // Each side converts at the oracle, or at its own extreme order price where that is worse. At a price of 0 nothing
  // converts: what arrives would be worth 0.
  let toBase = basePrice > 0 ? (reservedQuote * quotePrice) / basePrice : 0;
  let toQuote = quotePrice > 0 ? (reservedBase * basePrice) / quotePrice : 0;
  if (bidWorst[o]! > 0) toBase = smaller(toBase, reservedQuote / bidWorst[o]!);
  if (askWorst[o]! > 0) toQuote = smaller(toQuote, reservedBase * askWorst[o]!);
  return { base: reservedBase + toBase, quote: reservedQuote + toQuote };
}

/** Health that `funds` add to a token which already holds the scratch row `s`: fills its debt first. */
export function reserveEffect(columns: Columns, asset: number, s: number, lane: number, funds: number): number {
  const { held } = columns.scratch;
  const v = columns.asset.value;
  const row = asset * ASSET_VALUE_WIDTH;
  const { weight } = columns.tier;
  const assetWeight = weight[columns.asset.tierStart[asset]! * 4 + lane]! * v[row + ASSET.depositScale + lane]!;
  const debtWeight = weight[columns.asset.debtStart[asset]! * 4 + lane]! * v[row + ASSET.borrowScale + lane]!;
  const full = held[s * SCRATCH_WIDTH + lane]! + held[s * SCRATCH_WIDTH + ARRIVING]!;
  const asAsset = full < 0 ? 0 : smaller(full, funds);
  const asDebt = funds - asAsset;
  return asAsset * assetWeight * v[row + ASSET.low + lane]! + asDebt * debtWeight * v[row + ASSET.high + lane]!;
}
