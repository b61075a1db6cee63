// What one contract of a market settles at, by the price of its underlying.
import type { BookBase } from '../../book/book.js';
import { decimal, POSITIVE, PRICE } from '../../book/fields.js';
import { KIND } from '../../layout.js';

/**
 * @param price - quote: of a future its settlement price, of a prediction its outcome, of an option the price of its underlying
 * @returns price to close positions at: of an option its payoff, in the asset that it pays
 * @throws MarginError type, range
 */
export function settlementOf(book: BookBase, market: number, price: number, path: string): number {
  const { kind, strike, settle, base } = book.store.columns.market;
  const isCall = kind[market] === KIND.call;
  if (!isCall && kind[market] !== KIND.put) return price;
  const inCoin = settle[market] === base[market];
  const spot = decimal(price, path, inCoin ? POSITIVE : PRICE);
  const k = strike[market] ?? 0;
  const gain = isCall ? spot - k : k - spot;
  if (gain <= 0) return 0;
  return inCoin ? gain / spot : gain;
}
