// Derive: the standard manager's check of a trade that leaves cash and one perpetual. Source: derivexyz/v2-core
// src/risk-managers/StandardManager.sol. Whole portfolios of its managers are in derive-portfolio.ts, and exported from here too.
import type { Decimal } from '../book/types.js';
import { Row } from './rows.js';

export * from './derive-portfolio.js';

/**
 * Whether cash backs a perpetual at the initial level: cash - |size| price requirement + unrealised profit >= 0.
 * @param account - after the trade: cash (USD), perp (signed size), price (USD), perpImRequirement (fraction) and
 *   unrealisedPnl (USD; default 0, a trade at the mark)
 * @returns netInitialMargin (USD), and whether the trade is taken
 * @throws MarginError missing-key, unknown-key, type, range
 * @example
 * perpTradeCheck({ cash: 1_499, perp: 10, price: 1_500, perpImRequirement: 0.1 }) // { netInitialMargin: -1, ok: false }
 */
export function perpTradeCheck(account: {
  cash: Decimal;
  perp: Decimal;
  price: Decimal;
  perpImRequirement: Decimal;
  unrealisedPnl?: Decimal;
}): { netInitialMargin: number; ok: boolean } {
  const row = new Row(account, '', ['cash', 'perp', 'price', 'perpImRequirement', 'unrealisedPnl'], 'perpTradeCheck');
  const requirement = Math.abs(row.number('perp')) * row.positive('price') * row.rate('perpImRequirement');
  const netInitialMargin = row.number('cash') - requirement + row.number('unrealisedPnl', 0);
  return { netInitialMargin, ok: netInitialMargin >= 0 };
}
