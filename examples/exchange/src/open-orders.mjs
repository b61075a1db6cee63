// Orders that rest, by who sent them: to cancel them all, and to know the extreme price that the kernel margins them at.

/** @typedef {import('./order-book.mjs').Order} Order */
/** @typedef {import('./order-book.mjs').Side} Side */

export class OpenOrders {
  /** By account, market and id. @type {Map<string, Map<string, Map<number, Order>>>} */
  #orders = new Map();

  /** @param {string} account @param {string} market @returns {Map<number, Order>} */
  of(account, market) {
    const markets = this.#orders.get(account) ?? new Map();
    this.#orders.set(account, markets);
    const orders = markets.get(market) ?? new Map();
    markets.set(market, orders);
    return orders;
  }

  /** All of an account, in the order of its markets and ids. @param {string} account @returns {[market: string, id: number][]} */
  all(account) {
    return [...(this.#orders.get(account) ?? [])].flatMap(([market, orders]) =>
      [...orders.keys()].map((id) => /** @type {[string, number]} */ ([market, id])),
    );
  }

  /**
   * The highest open bid or the lowest open ask, ticks; undefined: there is none.
   * @param {string} account @param {string} market @param {Side} side
   */
  extreme(account, market, side) {
    let extreme;
    for (const { side: of, price } of this.of(account, market).values()) {
      if (of !== side) continue;
      if (extreme === undefined || (side === 'buy' ? price > extreme : price < extreme)) extreme = price;
    }
    return extreme;
  }
}
