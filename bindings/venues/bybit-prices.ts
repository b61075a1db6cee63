// Bybit: liquidation and bankruptcy prices as its help centre publishes them: maintenance at entry, so no bracket is crossed.
// Source: help.bybit.com 900000181046 (USDT), 360039261334 (inverse cross), 900000031623 and 360011431853 (bankruptcy).
import type { Decimal } from '../book/types.js';
import { inverseRoot, linearRoot } from './frozen-tier.js';
import { Row, type Side } from './rows.js';
import { roundToTick } from './tick.js';

/**
 * An isolated linear position: both margins at entry, liquidation price between entry and bankruptcy.
 * @param position - size (base, long positive), entry price, leverage, maintenance rate (fraction) and amount of its risk
 *   limit, margin that was added (quote)
 * @returns quote; liquidationPrice is null where there is none
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * isolatedPrices({ size: 1, entryPrice: 20_000, leverage: 50, maintenanceRate: 0.005 })
 *   // { initialMargin: 400, maintenanceMargin: 100, liquidationPrice: 19_700 }
 */
export function isolatedPrices(position: {
  size: Decimal;
  entryPrice: Decimal;
  leverage: Decimal;
  maintenanceRate: Decimal;
  /** mmDeduction of the risk limit; default 0. */
  deduction?: Decimal;
  extraMargin?: Decimal;
}): { initialMargin: number; maintenanceMargin: number; liquidationPrice: number | null } {
  const keys = ['size', 'entryPrice', 'leverage', 'maintenanceRate', 'deduction', 'extraMargin'];
  const row = new Row(position, '', keys, 'isolatedPrices');
  const size = row.number('size');
  const price = row.positive('entryPrice');
  const value = Math.abs(size) * price;
  const initialMargin = value / row.positive('leverage');
  const maintenanceMargin = value * row.rate('maintenanceRate') - row.number('deduction', 0);
  const equity = initialMargin + row.number('extraMargin', 0) - maintenanceMargin;
  return { initialMargin, maintenanceMargin, liquidationPrice: linearRoot(equity, [{ size, price }]) };
}

/**
 * Bankruptcy price of an isolated linear position, without fees: entry (1 - side / leverage).
 * @param position - side, entry price (quote), leverage
 * @returns quote; 0 for a long position without leverage, null below that
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * isolatedBankruptcyPrice({ side: 'long', entryPrice: 10_000, leverage: 50 }) // 9800
 */
export function isolatedBankruptcyPrice(position: {
  side: Side;
  entryPrice: Decimal;
  leverage: Decimal;
}): number | null {
  const row = new Row(position, '', ['side', 'entryPrice', 'leverage'], 'isolatedBankruptcyPrice');
  const price = row.positive('entryPrice');
  return linearRoot(price / row.positive('leverage'), [{ size: row.sign('side'), price }]);
}

/**
 * Bankruptcy price of a linear position in cross margin, without fees: (entry size - margin - wallet) / size.
 * @param position - size (base, long positive), entry price, its margin and the wallet beside it (quote)
 * @returns quote, or null
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * crossBankruptcyPrice({ size: 100, entryPrice: 500, positionMargin: 1_000, walletBalance: 100 }) // 489
 */
export function crossBankruptcyPrice(position: {
  size: Decimal;
  entryPrice: Decimal;
  positionMargin: Decimal;
  walletBalance: Decimal;
}): number | null {
  const row = new Row(position, '', ['size', 'entryPrice', 'positionMargin', 'walletBalance'], 'crossBankruptcyPrice');
  return linearRoot(row.number('positionMargin') + row.number('walletBalance'), [
    { size: row.number('size'), price: row.positive('entryPrice') },
  ]);
}

/**
 * Bankruptcy price of an isolated inverse position: entry leverage / (leverage + 1), short: / (leverage - 1).
 * @param position - side, entry price (USD), leverage, tick of the price (USD)
 * @returns USD: raw, and price rounded up to the tick for a long position, down for a short one; null for a short one with a
 *   leverage of 1 or less, which is never bankrupt
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * inverseIsolatedBankruptcyPrice({ side: 'long', entryPrice: 9_000, leverage: 2, tickSize: 0.5 })
 *   // { raw: 6000, price: 6000 }
 */
export function inverseIsolatedBankruptcyPrice(position: {
  side: Side;
  entryPrice: Decimal;
  leverage: Decimal;
  tickSize: Decimal;
}): { raw: number | null; price: number | null } {
  const keys = ['side', 'entryPrice', 'leverage', 'tickSize'];
  const row = new Row(position, '', keys, 'inverseIsolatedBankruptcyPrice');
  const price = row.positive('entryPrice');
  const side = row.sign('side');
  // A position of 1 coin at entry: its margin is 1 / leverage.
  const raw = inverseRoot(1 / row.positive('leverage'), [{ size: side * price, price }]);
  return { raw, price: onTick(raw, row, side) };
}

/**
 * One inverse position in cross margin, no orders: the fee to close is paid at the bankruptcy price, maintenance is at entry.
 * @param position - size (USD, long positive), entry price (USD), wallet (coin), maintenance and fee rates (fractions), tick
 * @returns USD: bankruptcyPrice, liquidationPriceRaw, and liquidationPrice rounded to the tick toward safety; null where
 *   there is none
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * inverseCrossPrices({ size: 10_000, entryPrice: 8_000, walletBalance: 0.5, maintenanceRate: 0.005, takerFeeRate: 0.00075,
 *   tickSize: 0.5 }).liquidationPrice // 5739.5
 */
export function inverseCrossPrices(position: {
  size: Decimal;
  entryPrice: Decimal;
  walletBalance: Decimal;
  maintenanceRate: Decimal;
  takerFeeRate: Decimal;
  tickSize: Decimal;
}): { bankruptcyPrice: number | null; liquidationPriceRaw: number | null; liquidationPrice: number | null } {
  const keys = ['size', 'entryPrice', 'walletBalance', 'maintenanceRate', 'takerFeeRate', 'tickSize'];
  const row = new Row(position, '', keys, 'inverseCrossPrices');
  const size = row.number('size');
  const price = row.positive('entryPrice');
  const wallet = row.number('walletBalance');
  const fee = row.rate('takerFeeRate');
  const maintenance = (Math.abs(size) / price) * row.rate('maintenanceRate');
  const bankruptcyPrice = inverseRoot(wallet, [{ size, price, rate: fee }]);
  // Without a bankruptcy price a short position is worth less coin the higher the price, and so is its fee: none in the end.
  const closing = bankruptcyPrice === null ? 0 : (Math.abs(size) * fee) / bankruptcyPrice;
  const liquidationPriceRaw = inverseRoot(wallet - maintenance - closing, [{ size, price }]);
  return { bankruptcyPrice, liquidationPriceRaw, liquidationPrice: onTick(liquidationPriceRaw, row, size) };
}

/** Up for a long position, down for a short one: the next price that is at least as safe. */
function onTick(price: number | null, row: Row, size: number): number | null {
  row.positive('tickSize');
  return price === null ? null : roundToTick(price, row.decimal('tickSize'), size < 0 ? 'down' : 'up');
}
