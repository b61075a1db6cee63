// What margin asks of every account, as a measure of its ledger.
import type { BookBase } from '../book/book.js';
import { checkBook, type Margin } from '../margin.js';
import type { Amount } from '../waterfall/amount.js';
import { minorUp } from './minor.js';
import { type LedgerUnits, termsOf } from './terms.js';
import { unitOrder } from './unit-names.js';

/**
 * Maintenance margin of all accounts, for `ledgerOf(book, { measures: { maintenance } })`: scores of Binance and Bybit and
 * auctions of portfolios ask for it.
 * @param book - that was margined
 * @param risk - what `margin(book)` gave
 * @param asset - in which it is counted, at its price
 * @param units - digits of the asset
 * @returns minor units, rounded up, in the order of the ledger
 * @throws MarginError unknown-id, range
 * @example
 * requirementsOf(book, margin(book), 'USDT', { decimals: 2 })[0] // 24000n
 */
export function requirementsOf(book: BookBase, risk: Margin, asset: string, units: LedgerUnits = {}): Amount[] {
  checkBook(book);
  const a = book.asset(asset);
  const decimals = termsOf(book, units).decimals[a] as number;
  const price = (book.store.columns.asset.price[a] as number) || Number.POSITIVE_INFINITY;
  return Array.from(unitOrder(book), (u) => minorUp((risk.maintenanceMargin[u] as number) / price, decimals));
}
