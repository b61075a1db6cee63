// What it costs to leave a position: the sweep of a depth ladder, as often as the ladder fills up again within a horizon.
import { AT_LEAST_0, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { type Depth, sweep } from './execution.js';
import { SIDES, type Side } from './side.js';

/** What it costs to leave a position. */
export interface LiquidityAddOn {
  /** Quote, >= 0: what is lost against the mark, and the charge of what nobody takes. */
  cost: number;
  /** Contracts that the ladder takes within the horizon, and those that it does not. */
  filled: number;
  /** Contracts that the ladder does not take within the horizon. */
  unfilled: number;
  /** Average price of what is filled, quote; null where nothing is. */
  vwap: number | null;
}

/**
 * The exit cost of a position against a depth curve: what it loses against the mark when it is sold in equal slices, one for each time
 * that the ladder is there. An add-on to margin: it does not grow with the root of time.
 * @param position - side, contracts, mark (quote)
 * @param depth - levels of the side that takes them, best first, as a [price, size] list: bids for a long position
 * @param horizon - refills: how often the ladder is there (default 1); beyond: charge of what nobody takes, a share of the mark (default
 *   1; a short one may lose more)
 * @throws MarginError range where levels do not stand best first, missing-key, type, not-finite, unknown-key
 * @see A. Bangia, F. Diebold, T. Schuermann, J. Stroughair, Liquidity on the outside (Risk 12, 1999): cost of exit beside value at risk
 * @example
 * liquidityAddOn({ side: 'long', size: 3, mark: 100 }, [[99, 2], [95, 10]]).cost // 7
 */
export function liquidityAddOn(
  position: { side: Side; size: Decimal; mark: Decimal },
  depth: Depth,
  horizon: { refills?: number; beyond?: Decimal } = {},
): LiquidityAddOn {
  const f = new Fields(position, 'position', ['side', 'size', 'mark']);
  const h = new Fields(horizon, 'horizon', ['refills', 'beyond']);
  const sign = f.word('side', SIDES);
  const [size, mark] = [f.number('size', AT_LEAST_0), f.number('mark', POSITIVE)];
  const times = h.integer('refills', 1, 1e6, 1);
  const beyond = h.number('beyond', { min: 0, max: 1e6 }, 1);
  const { side } = position;
  const slice = sweep(depth, { size: size / times, side });
  const lost = sign * (mark * slice.filled - slice.notional);
  // A ladder that pays more than the mark lessens no margin.
  const cost = (lost > 0 ? lost : 0) + slice.unfilled * mark * beyond;
  return { cost: cost * times, filled: slice.filled * times, unfilled: slice.unfilled * times, vwap: slice.vwap };
}
