// Liquidation prices as exchanges without a file of their own publish them (MoonXBT, Phemex, 10101, text books), one form a
// function. Margins and rates are the caller's.
import type { Decimal } from '../book/types.js';
import { inverseRoot, linearRoot } from './frozen-tier.js';
import { Row, type Side } from './rows.js';

/** A position that was opened with entry value / leverage. */
export interface Leveraged {
  /** Of the position. */
  side: Side;
  /** Quote; inverse: USD. */
  entryPrice: Decimal;
  /** Entry value over margin. */
  leverage: Decimal;
  /** Maintenance rate on the value at entry, a fraction; 0: the price is that of bankruptcy. */
  maintenanceRate: Decimal;
}

function leveraged(position: Leveraged, name: string): { sign: number; price: number; leverage: number; rate: number } {
  const row = new Row(position, '', ['side', 'entryPrice', 'leverage', 'maintenanceRate'], name);
  return {
    sign: row.sign('side'),
    price: row.positive('entryPrice'),
    leverage: row.positive('leverage'),
    rate: row.rate('maintenanceRate'),
  };
}

/**
 * Cross margin with everything available behind one position: entry - side (available + initial - maintenance) / size.
 * @param position - size (base, long positive), entry price; available balance, initial and maintenance margin (quote)
 * @returns quote, or null
 * @throws MarginError missing-key, unknown-key, type, range
 * @see support.moonxbt.com 5532119155343
 * @example
 * crossLiquidationPrice({ size: 1, entryPrice: 20_000, availableBalance: 2_000, initialMargin: 200,
 *   maintenanceMargin: 100 }) // 17_900
 */
export function crossLiquidationPrice(position: {
  size: Decimal;
  entryPrice: Decimal;
  availableBalance: Decimal;
  initialMargin: Decimal;
  maintenanceMargin: Decimal;
}): number | null {
  const keys = ['size', 'entryPrice', 'availableBalance', 'initialMargin', 'maintenanceMargin'];
  const row = new Row(position, '', keys, 'crossLiquidationPrice');
  const equity = row.number('availableBalance') + row.number('initialMargin') - row.number('maintenanceMargin');
  return linearRoot(equity, [{ size: row.number('size'), price: row.positive('entryPrice') }]);
}

/**
 * An isolated linear position, maintenance at entry, no fees: entry (1 - side (1 / leverage - rate)).
 * @param position - side, entry price, leverage, rate
 * @returns quote; null where there is none
 * @throws MarginError missing-key, unknown-key, type, range
 * @see support.moonxbt.com 5532119155343
 * @example
 * isolatedLiquidationPrice({ side: 'short', entryPrice: 20_000, leverage: 40, maintenanceRate: 0.005 }) // 20_400
 */
export function isolatedLiquidationPrice(position: Leveraged): number | null {
  const { sign, price, leverage, rate } = leveraged(position, 'isolatedLiquidationPrice');
  return linearRoot(price / leverage - price * rate, [{ size: sign, price }]);
}

/**
 * An isolated inverse position whose maintenance is a fixed amount of coin, rate times the value at entry:
 * entry leverage / (leverage + side (1 - rate leverage)).
 * @param position - side, entry price, leverage, rate
 * @returns USD; null where there is none: a short position of leverage 1 without maintenance
 * @throws MarginError missing-key, unknown-key, type, range
 * @see github.com/get10101/10101 issue 2419; get10101/itchysats taker-frontend LiquidationPrice (rate 0)
 * @example
 * inverseIsolatedLiquidationPrice({ side: 'short', entryPrice: 60_000, leverage: 2, maintenanceRate: 0 }) // 120_000
 */
export function inverseIsolatedLiquidationPrice(position: Leveraged): number | null {
  const { sign, price, leverage, rate } = leveraged(position, 'inverseIsolatedLiquidationPrice');
  return inverseRoot(1 / leverage - rate, [{ size: sign * price, price }]);
}

/**
 * An isolated linear position with an assigned balance and a fee to close, maintenance at the price: for a long position
 * (value - assigned - amount) / (1 - fee - rate) / size.
 * @param position - size (base, long positive), value at entry, assigned balance and maintenance amount (quote), rates
 * @returns quote; null where there is none. The maintenance amount is that of one tier: optimistic where the price crosses
 *   into a higher one
 * @throws MarginError missing-key, unknown-key, type, range
 * @see phemex.com/help-center/liq-price-for-USDTM
 * @example
 * assignedLiquidationPrice({ size: 500, openValue: 200, assignedBalance: 40, maintenanceAmount: 0, maintenanceRate: 0.2,
 *   takerFeeRate: 0 }) // 0.4
 */
export function assignedLiquidationPrice(position: {
  size: Decimal;
  openValue: Decimal;
  assignedBalance: Decimal;
  maintenanceAmount: Decimal;
  maintenanceRate: Decimal;
  takerFeeRate: Decimal;
}): number | null {
  const keys = ['size', 'openValue', 'assignedBalance', 'maintenanceAmount', 'maintenanceRate', 'takerFeeRate'];
  const row = new Row(position, '', keys, 'assignedLiquidationPrice');
  const size = row.number('size');
  return linearRoot(row.number('assignedBalance'), [
    {
      size,
      price: row.positive('openValue') / Math.abs(size),
      rate: row.rate('maintenanceRate') + row.rate('takerFeeRate'),
      deduction: row.number('maintenanceAmount'),
    },
  ]);
}
