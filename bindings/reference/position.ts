// One position row: its profit and its requirement in four lanes, with the worst outcome of its open orders.
import type { Columns } from '../memory.js';
import { FLAG, larger, PLAIN, SIDEVALUE, sideSlot, smaller, TIE } from './lanes.js';
import { requirement } from './requirement.js';
import { sideRow } from './side.js';
import { SIZE_DISCOUNT } from './size-curve.js';
import { notionalRule, wholeNotional } from './whole-units.js';

/** What a position row adds to its unit. */
export interface PositionTerms {
  /** Profit in settle units by lane, weighted and capped. */
  pnl: Float64Array;
  /** Requirement by lane (numeraire; 0 where the market nets it from the profit). */
  margin: Float64Array;
  /** |size| in numeraire. */
  notional: number;
  /** Worst outcome of the open orders by lane: 0 none, 1 all bids, 2 all asks. */
  outcome: Uint8Array;
}

export const positionTerms = (): PositionTerms => ({
  pnl: new Float64Array(4),
  margin: new Float64Array(4),
  notional: 0,
  outcome: new Uint8Array(4),
});

/** Entry notional after a fill: in proportion at the average entry, or at the mark where nothing was held. */
export function entryAfter(size: number, cost: number, after: number, worth: number): number {
  return size === 0 ? Math.abs(after) * worth : Math.abs(cost) * (Math.abs(after) / Math.abs(size));
}

/** Requirement of the worse of two outcomes, all bids filled or all asks filled (Drift, Mango); asks on a tie. */
function ordersMargin(columns: Columns, p: number, lane: number, ownRate: number, lossScale: number): [number, number] {
  const { key, order, size, cost } = columns.position;
  const v = columns.market.value;
  const market = key[p]! >>> 2;
  const o = order[p]! - 1;
  const { bidSize, bidNotional, askSize, askNotional } = columns.order;
  const bought = size[p]! + bidSize[o]!;
  const sold = size[p]! - askSize[o]!;
  const bidRow = sideRow(market, bought);
  const askRow = sideRow(market, sold);
  const worth = Math.abs(v[sideRow(market, size[p]!) + sideSlot(SIDEVALUE.pnl, PLAIN)]!);
  const bidEntry = entryAfter(size[p]!, cost[p]!, bought, worth);
  const askEntry = entryAfter(size[p]!, cost[p]!, sold, worth);
  let bids = requirement(columns, bidRow, lane, Math.abs(bought), bidEntry, ownRate);
  let asks = requirement(columns, askRow, lane, Math.abs(sold), askEntry, ownRate);
  const unit = v[bidRow + SIDEVALUE.orderUnit]!;
  if (unit !== 0) {
    const paid = bidNotional[o]! * unit - bidSize[o]! * v[bidRow + sideSlot(SIDEVALUE.pnl, lane)]!;
    const given = askSize[o]! * v[askRow + sideSlot(SIDEVALUE.pnl, lane)]! - askNotional[o]! * unit;
    bids = bids + larger(paid, 0) * lossScale;
    asks = asks + larger(given, 0) * lossScale;
  }
  return [larger(asks, bids), asks < bids * (1 - TIE) ? 1 : 2];
}

/**
 * Terms of position row `p`.
 * @param rateFloor - the account's own least initial rate
 * @param settleHigh - guarded price of the settle asset by lane
 * @param modelled - a model margins the unit: the market's own tables ask for nothing
 */
export function positionOf(
  columns: Columns,
  p: number,
  rateFloor: number,
  settleHigh: (lane: number) => number,
  modelled: boolean,
  out: PositionTerms,
): void {
  const { key, order, size, cost, funding, ownRate } = columns.position;
  const v = columns.market.value;
  const q = size[p]!;
  const row = sideRow(key[p]! >>> 2, q);
  const rate = larger(ownRate[p]!, rateFloor);
  const net = (v[row + SIDEVALUE.flags]! & FLAG.net) !== 0;
  const whole = (v[row + SIDEVALUE.flags]! & FLAG.wholeUnits) !== 0;
  const rule = notionalRule(columns.market.rounding[key[p]! >>> 2]!);
  const paid = v[row + SIDEVALUE.funding]! - funding[p]!;
  out.notional = Math.abs(q) * v[row + SIDEVALUE.value]!;
  out.outcome.fill(0);
  for (let lane = 0; lane < 4; lane++) {
    let pnl = q * (v[row + sideSlot(SIDEVALUE.pnl, lane)]! - paid) - cost[p]!;
    if (whole) {
      const notional = wholeNotional(rule, Math.abs(q), v[row + sideSlot(SIDEVALUE.pnl, lane)]!);
      pnl = (q < 0 ? -notional : notional) - q * paid - cost[p]!;
    }
    let margin = 0;
    if (lane < PLAIN && !modelled) {
      if (order[p] === 0) margin = requirement(columns, row, lane, Math.abs(q), Math.abs(cost[p]!), rate);
      else {
        const [worst, outcome] = ordersMargin(columns, p, lane, rate, net ? 1 : settleHigh(lane));
        margin = worst;
        out.outcome[lane] = outcome;
      }
      if (net) {
        pnl = pnl - margin;
        margin = 0;
      }
    }
    if (pnl > 0) {
      let weight = v[row + sideSlot(SIDEVALUE.pnlWeight, lane)]!;
      const curve = v[row + SIDEVALUE.pnlCurve]!;
      if (lane === 0 && curve > 0) weight = smaller(weight, SIZE_DISCOUNT / (1 + curve * Math.sqrt(pnl)));
      pnl = smaller(pnl * weight, v[row + sideSlot(SIDEVALUE.pnlCap, lane)]!);
    }
    out.pnl[lane] = pnl;
    out.margin[lane] = margin;
  }
}
