// The mark that positions are margined at: the middle one of the index, the index with the book's basis of late, and
// the last trade. A thin book can not move it alone (so Binance: "Mark Price", median of price 1, price 2 and the
// contract's price).
import { medianPrice } from 'margin-kernel/guards';

/** Steps over which the basis is averaged. */
const WINDOW = 12;

export class Marker {
  /** Middle of the book less the index, ticks, by market. @type {Map<string, number[]>} */
  #basis = new Map();

  /**
   * @param {import('./market.mjs').Market} market
   * @param {number} price the index, quote
   * @param {import('./venue.mjs').Venue} venue
   * @returns {number} ticks
   */
  mark(market, price, venue) {
    const index = market.ticks(price);
    const basis = this.#basis.get(market.id) ?? [];
    this.#basis.set(market.id, basis);
    basis.push((venue.book(market.id).middle() ?? index) - index);
    if (basis.length > WINDOW) basis.shift();
    const average = basis.reduce((sum, one) => sum + one, 0) / basis.length;
    const last = /** @type {number} */ (venue.last.get(market.id));
    return Number(
      medianPrice([{ price: index }, { price: Math.max(1, Math.round(index + average)) }, { price: last }]),
    );
  }
}
