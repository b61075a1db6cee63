// Vega: maintenance of a future or perpetual is slippage plus a risk factor on the notional, one factor a side; the other
// levels are multiples of it. Source: vega core/risk (linear slippage; the margin of the order book walk is not here).
import type { AccountJSON, Decimal, MarketJSON } from '../book/types.js';
import { Row } from './rows.js';

const MARKET = [
  'id',
  'settlementAsset',
  'markPrice',
  'linearSlippageFactor',
  'riskFactors',
  'scalingFactors',
  'fundingIndex',
] as const;

/** Margin parameters of a market. */
export interface Market {
  /** Of the market. */
  id: string;
  /** Asset that profit and loss are paid in. */
  settlementAsset: string;
  /** Settlement asset for a unit. */
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
 * @throws MarginError missing-key, unknown-key, type, not-finite
 * @example
 * market({ id: 'BTC', settlementAsset: 'USDT', markPrice: 15_900, linearSlippageFactor: 0.25,
 *   riskFactors: { long: 0.25, short: 0.5 } }).shortBrackets // [{ upTo: null, maintenanceRate: 0.75, initialRate: 0.75 }]
 */
export function market(market: Market): MarketJSON {
  const row = new Row(market, '', MARKET, 'market');
  const slippage = row.number('linearSlippageFactor');
  const factors = row.row('riskFactors', ['long', 'short']);
  const scale = row.has('scalingFactors')
    ? row.row('scalingFactors', ['initialMargin', 'searchLevel']).number('initialMargin', 1)
    : 1;
  const bracket = (side: 'long' | 'short'): NonNullable<MarketJSON['brackets']>[number] => {
    const maintenanceRate = slippage + factors.number(side);
    return { upTo: null, maintenanceRate, initialRate: scale * maintenanceRate };
  };
  return {
    id: row.text('id'),
    kind: 'linear',
    settle: row.text('settlementAsset'),
    mark: row.decimal('markPrice'),
    brackets: [bracket('long')],
    shortBrackets: [bracket('short')],
    ...row.some('fundingIndex', 'fundingIndex'),
  };
}

/**
 * A party: margin and general account together, open volume by market.
 * @param id - of the party
 * @param state - balance in the settlement asset and positions
 * @returns an account; positions of size 0 are left out
 * @throws MarginError missing-key, unknown-key, type
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
  const row = new Row(state, '', ['asset', 'balance', 'positions'], 'party');
  const open = row
    .rows('positions', ['market', 'openVolume', 'averageEntryPrice'])
    .filter((position) => position.number('openVolume') !== 0);
  return {
    id,
    balances: { [row.text('asset')]: row.decimal('balance') },
    positions: open.map((position) => ({
      market: position.text('market'),
      size: position.decimal('openVolume'),
      entry: position.decimal('averageEntryPrice'),
    })),
  };
}

export * from './vega-order.js';
export * from './vega-prices.js';
export * from './vega-settlement.js';
