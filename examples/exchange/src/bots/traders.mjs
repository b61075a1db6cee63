// Those who come to trade: trend followers, people with much leverage on one idea, and everybody else. What a bot is
// like comes from the seed once; what it does depends on prices, its account, and chance.

/** @typedef {import('./desk.mjs').Desk} Desk */
/** @typedef {import('../random.mjs').Random} Random */

/** Buys what rises and sells what falls. */
export class TrendFollower {
  /** @param {string} id @param {string} market @param {Random} random */
  constructor(id, market, random) {
    this.id = id;
    this.market = market;
    this.leverage = random.between(2, 12);
    this.window = 6 + random.below(40);
    this.threshold = random.between(0.004, 0.012);
    this.patience = random.between(0.05, 0.25);
  }

  /** @param {Desk} desk */
  act(desk) {
    if (!desk.random.happens(this.patience) || !desk.trades(this.id)) return;
    const trend = desk.index(this.market) / desk.index(this.market, this.window) - 1;
    const held = Math.sign(desk.lots(this.id, this.market));
    const wanted = Math.abs(trend) < this.threshold ? 0 : Math.sign(trend);
    if (wanted !== held) desk.aim(this.id, this.market, wanted * this.leverage * desk.equity(this.id));
  }
}

/** Bets on one direction with all it has, takes a profit, and hopes otherwise. */
export class Leveraged {
  /** @param {string} id @param {string} market @param {1 | -1} side @param {Random} random */
  constructor(id, market, side, random) {
    this.id = id;
    this.market = market;
    this.side = side;
    this.leverage = Math.min(40, random.around(12, 0.6));
    this.profit = random.between(0.3, 2);
    this.boldness = random.between(0.005, 0.05);
    this.equity = 0;
  }

  /** @param {Desk} desk */
  act(desk) {
    const held = desk.lots(this.id, this.market);
    if (!desk.random.happens(held === 0 ? this.boldness : 0.05) || !desk.trades(this.id)) return;
    const equity = desk.equity(this.id);
    if (held === 0) {
      this.equity = equity;
      desk.aim(this.id, this.market, this.side * this.leverage * equity);
    } else if (equity > this.equity * (1 + this.profit)) desk.take(this.id, this.market, -held);
  }
}

/** Trades a little of everything, half of it with limit orders that may wait. */
export class Everybody {
  /** @param {string} id @param {readonly string[]} markets @param {Random} random */
  constructor(id, markets, random) {
    this.id = id;
    this.markets = markets;
    this.leverage = random.between(0.5, 4);
    this.activity = random.between(0.01, 0.08);
  }

  /** @param {Desk} desk */
  act(desk) {
    const { random, venue } = desk;
    if (!random.happens(this.activity) || !desk.trades(this.id)) return;
    const market = random.pick(this.markets);
    const value = random.between(-1, 1) * this.leverage * desk.equity(this.id);
    if (random.happens(0.5)) {
      desk.aim(this.id, market, value);
      return;
    }
    for (const id of [...venue.ordersOf(this.id, market).keys()]) venue.cancel(market, id);
    const spec = venue.market(market);
    const side = value > 0 ? 'buy' : 'sell';
    const away = random.between(0.0002, 0.01) * (side === 'buy' ? -1 : 1);
    const price = spec.ticks(desk.index(market) * (1 + away));
    const lots = spec.lotsFor(Math.abs(value), price);
    if (lots > 0) venue.submit({ account: this.id, market, side, lots, price, rests: true });
  }
}
