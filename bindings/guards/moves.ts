// How far a price has moved, and the plain tests of a move: a tolerance towards the last price, a band around a reference.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, minus, over, plus, times } from '../liquidation/exact.js';
import type { Row } from '../venues/rows.js';
import { holds, type Operator, type Ratio, ratio } from '../waterfall/amount.js';
import { argument, atLeast0, operatorAt, priceOf, shareAt } from './read.js';

const ONE = { numerator: 1n, denominator: 1n };

/**
 * A price as a share of another.
 * @param price - quote, >= 0
 * @param reference - quote, above 0
 * @returns price / reference, exactly, as text
 * @throws MarginError type, range
 * @example
 * priceRatio(59, 100) // '0.59'
 */
export function priceRatio(price: Ratio, reference: Ratio): string {
  return fractionText(over(atLeast0(ratio(price, 'price'), 'price', price), priceOf(reference, 'reference')));
}

/**
 * How far a price has fallen, as a share of a reference.
 * @param price - quote, >= 0
 * @param reference - quote, above 0
 * @returns 1 - price / reference, exactly, as text; below 0 where it has risen
 * @throws MarginError type, range
 * @example
 * decline(93, 100) // '0.07'
 */
export function decline(price: Ratio, reference: Ratio): string {
  const share = over(atLeast0(ratio(price, 'price'), 'price', price), priceOf(reference, 'reference'));
  return fractionText(minus(ONE, share));
}

/**
 * Whether the next price of a delayed feed falls too far below the one that counts now.
 * @param prices - current and next, quote, >= 0
 * @param rule - tolerance: a fraction of the current price; operator: how the next price is compared with it, default `<`
 * @returns trip, and the least acceptable next price: quote, exactly, as text
 * @throws MarginError range, missing-key, type, unknown-key
 * @see makerdao/clipper-mom src/ClipperMom.sol tripBreaker
 * @example
 * priceTolerance({ current: 100, next: 59 }, { tolerance: '0.6' }) // { trip: true, least: '60' }
 */
export function priceTolerance(
  prices: { current: Ratio; next: Ratio },
  rule: { tolerance: Ratio; operator?: Operator },
): { trip: boolean; least: string } {
  const row = argument(prices, 'prices', ['current', 'next']);
  const rules = argument(rule, 'rule', ['tolerance', 'operator']);
  const least = times(shareAt(row, 'current'), shareAt(rules, 'tolerance'));
  return { trip: holds(shareAt(row, 'next'), operatorAt(rules, '<'), least), least: fractionText(least) };
}

/**
 * A band around a reference price.
 * @param reference - quote, above 0
 * @param percent - half of its width, a fraction of the reference, >= 0
 * @returns lower and upper end: quote, exactly, as text
 * @throws MarginError type, range
 * @see US National Market System plan to address extraordinary market volatility (limit up, limit down), section V
 * @example
 * priceBand(100, '0.05') // { lower: '95', upper: '105' }
 */
export function priceBand(reference: Ratio, percent: Ratio): { lower: string; upper: string } {
  const middle = priceOf(reference, 'reference');
  const width = times(middle, atLeast0(ratio(percent, 'percent'), 'percent', percent));
  return { lower: fractionText(minus(middle, width)), upper: fractionText(plus(middle, width)) };
}

/**
 * Bounds around a reference price from the quantiles of a model that the caller has: what the price reaches within a horizon
 * with a given probability, as factors.
 * @param reference - quote, above 0
 * @param factors - down, at most 1, and up, at least 1
 * @returns lower and upper bound: quote, exactly, as text
 * @throws MarginError range, missing-key, type, unknown-key
 * @see vegaprotocol/specs protocol/0032-PRIM-price_monitoring.md
 * @example
 * priceBounds(100, { down: '0.93', up: '1.08' }) // { lower: '93', upper: '108' }
 */
export function priceBounds(reference: Ratio, factors: { down: Ratio; up: Ratio }): { lower: string; upper: string } {
  const middle = priceOf(reference, 'reference');
  return boundsOf(middle, factorsOf(argument(factors, 'factors', ['down', 'up'])));
}

export interface Factors {
  down: Exact;
  up: Exact;
}

/** Factors of a price, read before there is one. @throws MarginError missing-key, type, range */
export function factorsOf(row: Row): Factors {
  const [down, up] = [shareAt(row, 'down'), shareAt(row, 'up')];
  if (compare(down, ONE) > 0) throw bound(row.at('down'), row.raw('down'), 'at most 1');
  if (compare(up, ONE) < 0) throw bound(row.at('up'), row.raw('up'), 'at least 1');
  return { down, up };
}

export const boundsOf = (middle: Exact, { down, up }: Factors): { lower: string; upper: string } => ({
  lower: fractionText(times(middle, down)),
  upper: fractionText(times(middle, up)),
});

const bound = (path: string, got: unknown, expected: string): MarginError =>
  new MarginError('range', { path, got, expected });
