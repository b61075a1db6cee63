// The order book of one market: price-time priority, prices in ticks, sizes in lots. It knows nothing of accounts but
// their names, and matches; who may trade at all is asked before.
//
// Self-trade prevention is "cancel resting": where both orders are of one account, the older one goes and the newer one
// trades on. Whoever sends an order wants its new price; to refuse it would let a forgotten quote stand in the way of a
// close.

/** @typedef {'buy' | 'sell'} Side */
/**
 * @typedef {object} Order
 * @property {number} id rising in the order of arrival
 * @property {string} account
 * @property {Side} side
 * @property {number} price ticks
 * @property {number} lots that are open
 */
/** @typedef {{ maker: Order, lots: number, price: number }} Trade */
/**
 * @typedef {{ trades: Trade[], cancelled: Order[], left: number }} Match what was traded, own orders that went, lots
 *   that found nobody
 */

/** A price with its orders, the oldest first. */
/** @typedef {{ price: number, orders: Order[] }} Level */

export class OrderBook {
  /** Best first. @type {Record<Side, Level[]>} */
  #levels = { buy: [], sell: [] };
  /** @type {Map<number, Order>} */
  #orders = new Map();
  #next = 1;

  /** Best price of a side, ticks; undefined: nobody is there. @param {Side} side */
  best(side) {
    return this.#levels[side][0]?.price;
  }

  /** Between best bid and ask, rounded to a tick; undefined where one is missing. */
  middle() {
    const [bid, ask] = [this.best('buy'), this.best('sell')];
    return bid === undefined || ask === undefined ? undefined : Math.round((bid + ask) / 2);
  }

  /** Lots that can be had from a side at a price or better. @param {Side} side @param {number} limit ticks */
  depth(side, limit) {
    let lots = 0;
    for (const { price, orders } of this.#levels[side]) {
      if (worse(side, price, limit)) break;
      for (const order of orders) lots += order.lots;
    }
    return lots;
  }

  /** @param {Side} side @returns {Level[]} best first; to look at */
  levels(side) {
    return this.#levels[side];
  }

  /** @param {number} id */
  order(id) {
    return this.#orders.get(id);
  }

  /**
   * Trades an order against the other side, best price first, at a price the oldest first, each at the price of the order that was
   * there. Nothing of it rests: see `rest`.
   * @param {string} account @param {Side} side @param {number} lots @param {number} limit ticks; a market order has one too
   * @returns {Match}
   */
  match(account, side, lots, limit) {
    const against = other(side);
    const levels = this.#levels[against];
    /** @type {Match} */
    const match = { trades: [], cancelled: [], left: lots };
    while (match.left > 0 && levels[0] && !worse(against, levels[0].price, limit)) {
      const maker = /** @type {Order} */ (levels[0].orders[0]);
      if (maker.account === account) {
        match.cancelled.push(this.cancel(maker.id));
        continue;
      }
      const traded = Math.min(match.left, maker.lots);
      maker.lots -= traded;
      match.left -= traded;
      match.trades.push({ maker, lots: traded, price: maker.price });
      if (maker.lots === 0) this.#remove(maker);
    }
    return match;
  }

  /**
   * Leaves an order in the book, behind all at its price.
   * @param {string} account @param {Side} side @param {number} lots @param {number} price ticks
   * @returns {Order}
   */
  rest(account, side, lots, price) {
    const crossed = this.best(other(side));
    if (crossed !== undefined && !worse(other(side), crossed, price)) {
      throw new RangeError(`an order at ${price} would cross ${crossed}: match it first`);
    }
    const order = { id: this.#next++, account, side, price, lots };
    const levels = this.#levels[side];
    const at = placeOf(levels, side, price);
    if (levels[at]?.price === price) levels[at].orders.push(order);
    else levels.splice(at, 0, { price, orders: [order] });
    this.#orders.set(order.id, order);
    return order;
  }

  /** Takes an order out. @param {number} id @returns {Order} */
  cancel(id) {
    const order = this.#orders.get(id);
    if (!order) throw new RangeError(`no open order ${id}`);
    this.#remove(order);
    return order;
  }

  /** @param {Order} order */
  #remove(order) {
    this.#orders.delete(order.id);
    const levels = this.#levels[order.side];
    const at = placeOf(levels, order.side, order.price);
    const { orders } = /** @type {Level} */ (levels[at]);
    if (orders.length === 1) levels.splice(at, 1);
    else orders.splice(orders.indexOf(order), 1);
  }
}

/** @param {Side} side @returns {Side} */
export const other = (side) => (side === 'buy' ? 'sell' : 'buy');

/**
 * Whether a price of this side of the book is beyond a limit of who takes it.
 * @param {Side} side
 * @param {number} price
 * @param {number} limit
 */
const worse = (side, price, limit) => (side === 'buy' ? price < limit : price > limit);

/**
 * Where a price stands or belongs in its side, by bisection.
 * @param {Level[]} levels
 * @param {Side} side
 * @param {number} price
 */
function placeOf(levels, side, price) {
  let [low, high] = [0, levels.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = /** @type {Level} */ (levels[middle]).price;
    if (side === 'buy' ? at > price : at < price) low = middle + 1;
    else high = middle;
  }
  return low;
}
