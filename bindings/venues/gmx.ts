// GMX v1: the liquidation price of its interface. Two limits, a largest leverage and what is left after fees; the one that is
// reached first counts. Source: gmx-io/gmx-interface src/lib/__tests__/getLiquidationPrice.spec.ts.
import type { Decimal } from '../book/types.js';
import { linearRoot } from './frozen-tier.js';
import { Row } from './rows.js';

/** Largest leverage; the collateral left at it is 1 % of the size. */
const MAX_LEVERAGE = 100;
/** USD. */
const LIQUIDATION_FEE = 5;
/** Share of the size. */
const MARGIN_FEE_RATE = 0.001;

/**
 * Liquidation price of a position: average price less (long) or plus (short) average (collateral - fees) / size, with fees
 * = max(size / 100, 5 + size / 1000 + funding fee).
 * @param position - isLong; size (of the position), collateral and fundingFee in USD; averagePrice (USD)
 * @returns USD, not truncated to the 4 decimals that the interface shows; null where there is none
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * liquidationPrice({ isLong: true, size: 1_000, collateral: 110, averagePrice: 20_000, fundingFee: 0 }) // 18_000
 */
export function liquidationPrice(position: {
  isLong: boolean;
  size: Decimal;
  collateral: Decimal;
  averagePrice: Decimal;
  fundingFee: Decimal;
}): number | null {
  const row = new Row(position, '', ['isLong', 'size', 'collateral', 'averagePrice', 'fundingFee'], 'liquidationPrice');
  const size = row.number('size');
  const price = row.positive('averagePrice');
  const fees = Math.max(size / MAX_LEVERAGE, LIQUIDATION_FEE + size * MARGIN_FEE_RATE + row.number('fundingFee'));
  const base = size / price;
  return linearRoot(row.number('collateral') - fees, [{ size: row.flag('isLong') ? base : -base, price }]);
}
