// What every bot can see and do: prices of its market, its own position and equity, and a market order that stays near
// the mark.
import { amountOf } from '../market.mjs';

/** @typedef {import('../venue.mjs').Venue} Venue */
/** @typedef {import('../order-book.mjs').Side} Side */
/** @typedef {import('../random.mjs').Random} Random */

/** How far from the mark a market order may trade: in an empty book the best price may be a forgotten one. */
const SLIPPAGE = 0.01;
/** Below so much (USDT) a bot has given up. */
const RUINED = 20;

export class Desk {
  /**
   * @param {Venue} venue
   * @param {ReadonlyMap<string, Float64Array>} indices quote by step
   * @param {Random} random
   */
  constructor(venue, indices, random) {
    this.venue = venue;
    this.indices = indices;
    this.random = random;
    this.step = 0;
  }

  /** The index, quote, some steps ago. @param {string} market @param {number} [ago] */
  index(market, ago = 0) {
    const path = /** @type {Float64Array} */ (this.indices.get(market));
    return /** @type {number} */ (path[Math.max(0, this.step - ago)]);
  }

  /** Mean absolute move of the index a step, of late. @param {string} market */
  turbulence(market) {
    let sum = 0;
    for (let ago = 0; ago < 6; ago++) sum += Math.abs(this.index(market, ago) / this.index(market, ago + 1) - 1);
    return sum / 6;
  }

  /** USDT. @param {string} account */
  equity(account) {
    return amountOf(this.venue.ledger.equity(account));
  }

  /** Whether an account may and wants to trade on. @param {string} account */
  trades(account) {
    return !this.venue.endangered.has(account) && this.equity(account) > RUINED;
  }

  /** Signed lots. @param {string} account @param {string} market */
  lots(account, market) {
    return Number(this.venue.ledger.lots(account, market));
  }

  /** Value of a position at the mark, signed, USDT. @param {string} account @param {string} market */
  value(account, market) {
    const { ledger } = this.venue;
    return amountOf(ledger.worth(market, ledger.lots(account, market)));
  }

  /**
   * A market order for signed lots; what finds nobody within the slippage is not done.
   * @param {string} account
   * @param {string} market
   * @param {number} lots
   */
  take(account, market, lots) {
    if (lots === 0) return;
    const { venue } = this;
    /** @type {Side} */
    const side = lots > 0 ? 'buy' : 'sell';
    const price = venue.market(market).ticks(venue.markPrice(market) * (side === 'buy' ? 1 + SLIPPAGE : 1 - SLIPPAGE));
    return venue.submit({ account, market, side, lots: Math.abs(lots), price });
  }

  /**
   * Brings a position to a value, signed, USDT.
   * @param {string} account
   * @param {string} market
   * @param {number} value
   */
  aim(account, market, value) {
    const mark = this.venue.markOf(market);
    const wanted = Math.sign(value) * this.venue.market(market).lotsFor(Math.abs(value), mark);
    return this.take(account, market, wanted - this.lots(account, market));
  }
}
