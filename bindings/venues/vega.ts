// Vega: maintenance of a future or perpetual is slippage plus a risk factor on the notional, one factor a side; the other
// levels are multiples of it. Source: vega core/risk (linear slippage; the margin of the order book walk is not here).
import { decimal as real } from '../book/fields.js';
import type { AccountJSON, Decimal, MarketJSON } from '../book/types.js';

/** Margin parameters of a market. */
export interface Market {
  id: string;
  settlementAsset: string;
  markPrice: Decimal;
  /** Most slippage that is assumed, a fraction of the price. */
  linearSlippageFactor: Decimal;
  /** Risk factors of the model by side, fractions. */
  riskFactors: { long: Decimal; short: Decimal };
  /** Multiples of the maintenance margin; initial defaults to 1. */
  scalingFactors?: { initialMargin?: Decimal; searchLevel?: Decimal };
  /** Current cumulative funding for each unit, settlement asset. */
  fundingIndex?: Decimal;
}

/**
 * A market with its two sides.
 * @param market - price and factors
 * @returns a linear market whose rate is slippage plus the side's risk factor
 * @throws MarginError type, not-finite
 * @example
 * market({ id: 'BTC', settlementAsset: 'USDT', markPrice: 15_900, linearSlippageFactor: 0.25,
 *   riskFactors: { long: 0.25, short: 0.5 } }).shortBrackets // [{ upTo: null, maintenanceRate: 0.75, initialRate: 0.75 }]
 */
export function market(market: Market): MarketJSON {
  const slippage = real(market.linearSlippageFactor, 'linearSlippageFactor');
  const scale = real(market.scalingFactors?.initialMargin ?? 1, 'scalingFactors.initialMargin');
  const bracket = (riskFactor: Decimal): NonNullable<MarketJSON['brackets']>[number] => {
    const maintenanceRate = slippage + real(riskFactor, 'riskFactors');
    return { upTo: null, maintenanceRate, initialRate: scale * maintenanceRate };
  };
  return {
    id: market.id,
    kind: 'linear',
    settle: market.settlementAsset,
    mark: market.markPrice,
    brackets: [bracket(market.riskFactors.long)],
    shortBrackets: [bracket(market.riskFactors.short)],
    ...(market.fundingIndex === undefined ? {} : { fundingIndex: market.fundingIndex }),
  };
}

/**
 * A party: margin and general account together, open volume by market.
 * @param id - of the party
 * @param state - balance in the settlement asset and positions
 * @returns an account
 * @example
 * party('p', { asset: 'USDT', balance: 5_000, positions: [{ market: 'BTC', openVolume: -1, averageEntryPrice: 15_900 }] })
 *   .positions[0].size // -1
 */
export function party(
  id: string,
  state: {
    asset: string;
    balance: Decimal;
    positions: readonly { market: string; openVolume: Decimal; averageEntryPrice: Decimal }[];
  },
): AccountJSON {
  return {
    id,
    balances: { [state.asset]: state.balance },
    positions: state.positions.map(({ market: id, openVolume, averageEntryPrice }) => ({
      market: id,
      size: openVolume,
      entry: averageEntryPrice,
    })),
  };
}
