// Relative moves of a market as prices: which of them a liquidation price is reached with first. Prices are compared, not shares of
// them, so that the answer is that of `setMark` to the price of the step.

import type { Columns } from '../../memory.js';
import { leadPrice } from './held.js';

export class StepPrices {
  /** Relative moves, rising; those below 0 are falls. */
  readonly moves: Float64Array;
  /** Moves that are falls. */
  readonly falls: number;
  /** Of each market (row) at each move. */
  readonly prices: Float64Array;

  /** @param moves - rising, without 0 */
  constructor(columns: Columns, markets: number, moves: Float64Array) {
    this.moves = moves;
    this.falls = moves.findIndex((move) => move > 0);
    if (this.falls < 0) this.falls = moves.length;
    this.prices = new Float64Array(markets * moves.length);
    for (let m = 0, i = 0; m < markets; m++) {
      const lead = leadPrice(columns, m);
      for (const move of moves) this.prices[i++] = lead + lead * move;
    }
  }

  /** The least fall at which a price is reached, -1 where none is. @param down - 0: there is none */
  fall(market: number, down: number): number {
    const row = market * this.moves.length;
    if (!(down > 0)) return -1;
    // The last price that is not above it.
    let [low, high] = [-1, this.falls - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.prices[row + middle] as number) <= down) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The least rise at which a price is reached, -1 where none is. @param up - Infinity: there is none */
  rise(market: number, up: number): number {
    const row = market * this.moves.length;
    let [low, high] = [this.falls, this.moves.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.prices[row + middle] as number) >= up) high = middle;
      else low = middle + 1;
    }
    return low < this.moves.length ? low : -1;
  }
}
