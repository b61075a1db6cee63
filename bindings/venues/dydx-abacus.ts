// dYdX v4: what the front end prints of a position, in doubles (the protocol's own integers are in dydx-rules.ts). Source:
// dydxprotocol/v4-abacus SubaccountCalculator.kt, V4CalculationTests.kt.
import type { Decimal } from '../book/types.js';
import { linearRoot } from './frozen-tier.js';
import { Row } from './rows.js';

/** What Abacus prints; USD, ratios as fractions; null where there is none. */
export interface AbacusPosition {
  /** USD. */
  equity: number;
  /** Equity less initial margin, USD. */
  freeCollateral: number;
  /** Notional over equity; null where the equity is 0. */
  leverage: number | null;
  /** Share of the equity that initial margin takes; null where the equity is 0. */
  marginUsage: number | null;
  /** USD; null where there is none. */
  liquidationPrice: number | null;
}

/**
 * A subaccount with one perpetual position as the front end prints it.
 * @param subaccount - size (units, long positive), oraclePrice and quoteBalance (USD), initial and maintenance margin fraction
 *   of the market; otherEquity and requirements of other positions (USD) at their oracle prices, default 0
 * @returns equity and ratios at the oracle price, and the price at which equity is the maintenance margin. The fraction is
 *   today's
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * abacusPosition({ size: -1, oraclePrice: 1_000, quoteBalance: 1_250, initialMarginFraction: 0.5,
 *   maintenanceMarginFraction: 0.25 }).liquidationPrice // 1000
 */
export function abacusPosition(subaccount: {
  size: Decimal;
  oraclePrice: Decimal;
  quoteBalance: Decimal;
  initialMarginFraction: Decimal;
  maintenanceMarginFraction: Decimal;
  otherEquity?: Decimal;
  otherInitialMargin?: Decimal;
  otherMaintenanceMargin?: Decimal;
}): AbacusPosition {
  const keys = [
    'size',
    'oraclePrice',
    'quoteBalance',
    'initialMarginFraction',
    'maintenanceMarginFraction',
    'otherEquity',
    'otherInitialMargin',
    'otherMaintenanceMargin',
  ];
  const row = new Row(subaccount, '', keys, 'abacusPosition');
  const size = row.number('size');
  const price = row.positive('oraclePrice');
  const notional = Math.abs(size) * price;
  const equity = row.number('quoteBalance') + size * price + row.number('otherEquity', 0);
  const initial = notional * row.rate('initialMarginFraction') + row.number('otherInitialMargin', 0);
  const freeCollateral = equity - initial;
  const rate = row.rate('maintenanceMarginFraction');
  return {
    equity,
    freeCollateral,
    leverage: equity === 0 ? null : notional / equity,
    marginUsage: equity === 0 ? null : 1 - freeCollateral / equity,
    liquidationPrice: linearRoot(equity - row.number('otherMaintenanceMargin', 0), [{ size, price, rate }]),
  };
}
