// Closes what the engine says is below its maintenance margin: open orders go first, then as much of the positions as
// brings the initial margin back, through the order book, at a price that the venue's policy allows. What the book does
// not take stays for the backstop.
import { closeSizes, legsOf } from 'margin-kernel';
import { bankruptcyPrice, orderLegs, towardFund } from 'margin-kernel/liquidation';
import { amountOf, FEES, feeOf } from './market.mjs';

/** @typedef {import('./venue.mjs').Venue} Venue */
/** @typedef {import('./tape.mjs').Tape} Tape */

/** No forced order trades further from the mark than this, whatever the policy. */
const BAND = 0.05;

export class Liquidator {
  /** @param {Venue} venue @param {Tape} tape @param {'none' | 'bankruptcy'} floor of the preset's order book stage */
  constructor(venue, tape, floor) {
    this.venue = venue;
    this.tape = tape;
    this.floor = floor;
  }

  run() {
    const { venue } = this;
    for (const account of [...venue.endangered]) {
      venue.cancelAll(account);
      if (venue.endangered.has(account)) this.#close(account);
    }
  }

  /** @param {string} account */
  #close(account) {
    const { venue } = this;
    const { kernel } = venue;
    // One position a market, so its id is the leg's; the leg that frees most comes first.
    const legs = legsOf(kernel, account).map(({ market: _, positionSide: __, ...leg }) => leg);
    const markets = orderLegs(legs, 'maxRelief').flatMap((step) => step.legs.map(({ id }) => ({ market: id })));
    for (const { market, size } of closeSizes(kernel, account, markets, { level: 'initial' }).legs) {
      if (size > 0) this.#sell(account, market, size);
    }
    venue.trueUp(account);
  }

  /** @param {string} account @param {string} id @param {number} lots to close, unsigned */
  #sell(account, id, lots) {
    const { venue, tape } = this;
    const held = venue.ledger.lots(account, id);
    const side = held > 0n ? 'sell' : 'buy';
    const price = this.#limit(account, id, Number(held));
    const { filled, worth } = venue.submit({ account, market: id, side, lots, price, forced: true });
    if (filled === 0) return;
    // A fee that the account has not got would be a loss of the fund's own making.
    const left = venue.ledger.equity(account);
    const due = feeOf(worth, FEES.liquidation);
    const fee = due < left ? due : left > 0n ? left : 0n;
    venue.pay(account, venue.fund, fee);
    tape.liquidated(account, id, side === 'sell' ? -filled : filled, worth, fee);
  }

  /**
   * The worst price that a close may fetch, ticks.
   * @param {string} account
   * @param {string} id
   * @param {number} held signed lots
   */
  #limit(account, id, held) {
    const { venue } = this;
    const market = venue.market(id);
    const mark = venue.markPrice(id);
    const long = held > 0;
    const band = market.ticks(mark * (long ? 1 - BAND : 1 + BAND));
    if (this.floor === 'none') return band;
    const equity = amountOf(venue.ledger.equity(account));
    const zero = bankruptcyPrice({ size: held, mark, equity, multiplier: market.coins(1) }) ?? mark;
    const bankrupt = market.ticks(towardFund(zero, market.price(1), long ? 'long' : 'short'));
    return long ? Math.max(band, bankrupt) : Math.min(band, bankrupt);
  }
}
