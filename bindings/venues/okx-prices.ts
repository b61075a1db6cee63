// OKX and Gate: the liquidation price of an isolated linear position, with the tier of its size kept. Source: OKX help
// 6997123251341; the same form for Gate: freqtrade/freqtrade freqtrade/exchange/exchange.py, dry_run_liquidation_price.
import type { Decimal } from '../book/types.js';
import { linearRoot } from './frozen-tier.js';
import { Row } from './rows.js';

/**
 * Liquidation price of an isolated position: (entry - side margin / size) / (1 - side (mmr + fee)). The fee to close is part
 * of the requirement.
 * @param position - size (base: contracts times ctVal; long positive), avgPx, margin (quote), mmr of its tier and
 *   takerFeeRate (fractions)
 * @returns quote; null where there is none. OKX's tiers go by contracts, so the price crosses none; Gate's go by value and are
 *   kept: optimistic where the price crosses into a higher one
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * isolatedLiquidationPrice({ size: -1, avgPx: 10, margin: 2, mmr: 0.2, takerFeeRate: 0 }) // 10
 */
export function isolatedLiquidationPrice(position: {
  size: Decimal;
  avgPx: Decimal;
  margin: Decimal;
  mmr: Decimal;
  takerFeeRate: Decimal;
}): number | null {
  const row = new Row(position, '', ['size', 'avgPx', 'margin', 'mmr', 'takerFeeRate'], 'isolatedLiquidationPrice');
  const rate = row.rate('mmr') + row.rate('takerFeeRate');
  return linearRoot(row.number('margin'), [{ size: row.number('size'), price: row.positive('avgPx'), rate }]);
}
