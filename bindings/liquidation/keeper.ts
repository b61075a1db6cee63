// Whether anybody will do it: what a liquidator has left of a bonus after gas, lost races and the sale of what it takes
// over. Keepers that are out of pocket stay away, as in March 2020.
import { AT_LEAST_0, Fields, POSITIVE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { type Depth, sweep } from './execution.js';
import { SIDES, type Side } from './side.js';

/** What a keeper is offered. */
export interface KeeperOffer {
  /** Of the position that it takes over and closes in the market. */
  side: Side;
  /** Contracts. */
  size: Decimal;
  /** Price at which it takes the position over, quote. */
  price: Decimal;
  /** Paid on top of that price, quote. */
  bonus: Decimal;
}

/** What it costs. */
export interface KeeperCosts {
  /** Of one attempt, quote. */
  gas: Decimal;
  /** The side of the book that it sells or buys back into. */
  depth: Depth;
  /** Of what it trades, a fraction; default 0. */
  feeRate?: Decimal;
  /** Chance that an attempt wins against other keepers, in (0, 1]; gas of lost ones is paid too. Default 1. */
  chance?: Decimal;
}

/** What is left for a keeper. */
export interface KeeperEconomics {
  /** Expected of one won liquidation, quote: bonus less gas of all attempts, slippage and fees. */
  net: number;
  /** The bonus at which `net` is 0, quote, at least 0. */
  minBonus: number;
  /** Loss of selling below (buying above) the price of the takeover, quote; negative is a gain. */
  slippage: number;
  /** Contracts that the book does not take: nobody can say what they will bring. */
  unfilled: number;
  /** Whether there is something left, and nothing unsold. */
  profitable: boolean;
}

/**
 * What is left for a keeper.
 * @param offer - position, price and bonus
 * @param costs - gas and depth
 * @returns expected result, and the least bonus that would do
 * @throws MarginError range, missing-key, type, not-finite, unknown-key
 * @see makerdao/dss src/clip.sol: tip and chip are such a bonus
 * @example
 * keeperEconomics({ side: 'long', size: 2, price: 100, bonus: 5 }, { gas: 1, depth: [[99.5, 1], [98.5, 9]] })
 *   // { net: 2, minBonus: 3, slippage: 2, unfilled: 0, profitable: true }
 */
export function keeperEconomics(offer: KeeperOffer, costs: KeeperCosts): KeeperEconomics {
  const fields = new Fields(offer, 'offer', ['side', 'size', 'price', 'bonus']);
  const cost = new Fields(costs, 'costs', ['gas', 'depth', 'feeRate', 'chance']);
  const side = fields.word('side', SIDES);
  const size = fields.number('size', POSITIVE);
  const { filled, unfilled, notional } = sweep(cost.raw('depth') as Depth, { size, side: offer.side });
  const slippage = side * (fields.number('price', POSITIVE) * filled - notional);
  const gas = cost.number('gas', AT_LEAST_0) / cost.number('chance', { above: 0, max: 1 }, 1);
  const spent = gas + slippage + cost.number('feeRate', AT_LEAST_0, 0) * notional;
  const net = fields.number('bonus', AT_LEAST_0) - spent;
  return { net, minBonus: Math.max(0, spent), slippage, unfilled, profitable: net > 0 && unfilled === 0 };
}
