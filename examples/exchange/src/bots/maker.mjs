// A market maker: ladders of limit orders on both sides of the index, leaning against what it holds. When prices jump
// its quotes stand further apart and smaller, which is when a venue needs them most.

/** @typedef {import('./desk.mjs').Desk} Desk */

const LEVELS = 5;
/** Half of the spread and the distance of levels, shares of the price, when nothing happens. */
const SPREAD = 0.0003;
/** Value of a level as a share of the equity. */
const LEVEL = 0.012;
/** Turbulence at which the spread has doubled and sizes are halved. */
const FEAR = 0.004;
/** Value that it holds at most, in its equity; and how far the quotes lean when it does, in spreads. */
const MOST = 1.2;
const LEAN = 3;

export class Maker {
  /** Index of the last quotes by market. @type {Map<string, number>} */
  #quoted = new Map();

  /** @param {string} id @param {readonly string[]} markets */
  constructor(id, markets) {
    this.id = id;
    this.markets = markets;
  }

  /** @param {Desk} desk */
  act(desk) {
    if (!desk.trades(this.id)) return;
    for (const market of this.markets) this.#quote(desk, market);
  }

  /** @param {Desk} desk @param {string} market */
  #quote(desk, market) {
    const { venue } = desk;
    const open = venue.ordersOf(this.id, market);
    const index = desk.index(market);
    const fear = desk.turbulence(market) / FEAR;
    const spread = SPREAD * (1 + fear);
    const quoted = this.#quoted.get(market) ?? 0;
    const whole = open.size >= 2 * LEVELS - 1;
    if (whole && Math.abs(index / quoted - 1) < spread / 2) return;
    for (const id of [...open.keys()]) venue.cancel(market, id);
    this.#quoted.set(market, index);
    const equity = desk.equity(this.id);
    const held = desk.value(this.id, market) / equity;
    const middle = index * (1 - spread * LEAN * Math.max(-1, Math.min(1, held / MOST)));
    const spec = venue.market(market);
    const value = (equity * LEVEL) / (1 + fear);
    for (const side of /** @type {const} */ (['buy', 'sell'])) {
      const sign = side === 'buy' ? -1 : 1;
      if (-sign * held > MOST) continue;
      for (let level = 1; level <= LEVELS; level++) {
        const price = spec.ticks(middle * (1 + sign * spread * level));
        const lots = spec.lotsFor(value, price);
        if (lots > 0) venue.submit({ account: this.id, market, side, lots, price, rests: true });
      }
    }
  }
}
