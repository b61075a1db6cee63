// What a fund or pool can no longer bear: one that is used up, and one that profits outgrow.
import { fractionText, minus, over, times, ZERO } from '../liquidation/exact.js';
import { type Integer, integer } from '../venues/integer.js';
import { holds, type Operator, type Ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { argument, operatorAt, priceAt, ratioAt, shareAt, type Threshold } from './read.js';

/**
 * Whether a fund is used up.
 * @param fund - minor units, either sign
 * @param operator - how it is compared with 0, default `<=`
 * @returns whether the comparison holds
 * @throws MarginError type, inexact
 * @see bybit-exchange/docs docs/v5/market/adl-alert.mdx (insurance pool equity)
 * @example
 * depleted(0n) // true
 */
export function depleted(fund: Integer, operator: Operator = '<='): boolean {
  const row = argument({ operator }, '', ['operator']);
  return holds({ numerator: integer(fund, 'fund'), denominator: 1n }, operatorAt(row), ZERO);
}

/**
 * Profit of one side of a market's positions over the pool that pays it, and whether it is beyond a cap. As the value of
 * `breakerStep` the factor starts at one level and stops at another.
 * @param positions - side, size (contracts, >= 0), entry and price (quote, >= 0), pool: quote, above 0
 * @param cap - level: a fraction of the pool; operator: GMX `>`
 * @returns pnl and factor, exactly, as text; on: whether there is a profit and it is beyond the cap
 * @throws MarginError range, missing-key, type, unknown-key
 * @see gmx-io/gmx-synthetics contracts/market/MarketUtils.sol isPnlFactorExceeded
 * @example
 * pnlFactor({ side: 'long', size: 100_000, entry: 20, price: 26, pool: 5_000_000 }, { operator: '>', level: '0.1' })
 *   // { pnl: '600000', factor: '0.12', on: true }
 */
export function pnlFactor(
  positions: { side: 'long' | 'short'; size: Ratio; entry: Ratio; price: Ratio; pool: Ratio },
  cap: Threshold,
): { pnl: string; factor: string; on: boolean } {
  const row = argument(positions, 'positions', ['side', 'size', 'entry', 'price', 'pool']);
  const long = oneOf(row.raw('side'), row.at('side'), ['long', 'short']) === 'long';
  const rule = argument(cap, 'cap', ['operator', 'level']);
  const [operator, level] = [operatorAt(rule), ratioAt(rule, 'level')];
  const [price, entry] = [shareAt(row, 'price'), shareAt(row, 'entry')];
  const pnl = times(shareAt(row, 'size'), long ? minus(price, entry) : minus(entry, price));
  const factor = over(pnl, priceAt(row, 'pool'));
  const on = pnl.numerator > 0n && holds(factor, operator, level);
  return { pnl: fractionText(pnl), factor: fractionText(factor), on };
}
