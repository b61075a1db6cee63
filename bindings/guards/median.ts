// The median of prices, weighted or not: what no minority of sources can move beyond what the others say.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, over, plus, ZERO } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { rowsOf } from '../venues/rows.js';
import type { Ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { priceAt, shareAt } from './read.js';

/** What stands in the middle where weight falls into two equal halves: the lower price, the upper, or the mean of both. */
export type Middle = 'lower' | 'upper' | 'mean';

export const MIDDLES: readonly Middle[] = ['lower', 'upper', 'mean'];

export interface Weighted {
  value: Exact;
  weight: Exact;
}

/** Median by weight, of values whose weights are above 0 together; the order of the values does not matter. */
export function medianOf(values: readonly Weighted[], middle: Middle): Exact {
  const sorted = values.filter(({ weight }) => weight.numerator > 0n).sort((a, b) => compare(a.value, b.value));
  const total = sorted.reduce((sum, { weight }) => plus(sum, weight), ZERO);
  let below = ZERO;
  for (const [i, { value, weight }] of sorted.entries()) {
    below = plus(below, weight);
    const half = compare(plus(below, below), total);
    if (half < 0) continue;
    const next = sorted[i + 1]?.value ?? value;
    if (half > 0 || middle === 'lower') return value;
    return middle === 'upper' ? next : over(plus(value, next), { numerator: 2n, denominator: 1n });
  }
  return ZERO;
}

/**
 * Median of prices: half of the weight lies at or below it.
 * @param prices - quote, above 0; weight: >= 0, default 1
 * @param middle - which price counts where weight falls into equal halves, as with an even number of sources of one weight;
 *   default `mean`
 * @returns quote, exactly, as text; never outside the prices that have weight
 * @throws MarginError range where a price is not above 0 or nothing has weight, missing-key, type, unknown-key
 * @see makerdao/median src/median.sol (an odd number of feeds, the one in the middle)
 * @example
 * medianPrice([{ price: 100 }, { price: 104 }, { price: 5 }, { price: 101 }]) // '100.5'
 */
export function medianPrice(prices: readonly { price: Ratio; weight?: Ratio }[], middle: Middle = 'mean'): string {
  const values = rowsOf(listOf(prices, 'prices'), 'prices', ['price', 'weight']).map((row) => ({
    value: priceAt(row, 'price'),
    weight: shareAt(row, 'weight', 1),
  }));
  const rule = oneOf(middle, 'middle', MIDDLES);
  if (values.some(({ weight }) => weight.numerator > 0n)) return fractionText(medianOf(values, rule));
  throw new MarginError('range', { path: 'prices', got: prices, expected: 'at least one price with a weight' });
}
