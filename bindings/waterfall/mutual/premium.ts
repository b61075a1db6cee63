// What it costs to stand behind others: the expected loss, as an insurer charges it in advance and as a lender has to earn it
// from those who survive. Exact fractions, since a premium is compared before it is paid.
import { MarginError } from '../../errors.js';
import { type Exact, lowest, minus, over, plus, times } from '../../liquidation/exact.js';
import type { Integer } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt, ceilOf, fraction, type Ratio, ratioFrom0 } from '../amount.js';

/** What is covered, and what the mutual adds. */
export interface PremiumTerms {
  /** What is covered, minor units. */
  cover: Integer;
  /** What the mutual adds for costs and risk, as a share of the expected loss, >= 0; default 0. */
  loading?: Ratio;
}

const ONE: Exact = { numerator: 1n, denominator: 1n };

/**
 * Premium of a mutual's cover, which is paid in advance and kept whatever comes.
 * @param pd - probability of default in the term, 0 to 1
 * @param lgd - share of the cover that a default costs, 0 to 1
 * @param terms - cover and loading
 * @returns rate pd x lgd x (1 + loading) in lowest terms; premium cover x rate, minor units, rounded up
 * @throws MarginError range, missing-key, unknown-key, type, inexact
 * @example
 * mutualPremium('0.02', '0.6', { cover: 1_000_000n, loading: '0.25' })
 *   // { rate: { numerator: 3n, denominator: 200n }, premium: 15_000n }
 */
export function mutualPremium(pd: Ratio, lgd: Ratio, terms: PremiumTerms): { rate: Exact; premium: Amount } {
  const row = new Row(terms, 'terms', ['cover', 'loading']);
  const expected = times(fraction(pd, 'pd'), fraction(lgd, 'lgd'));
  const loading = ratioFrom0((row.has('loading') ? row.raw('loading') : 0n) as Ratio, row.at('loading'));
  const rate = lowest(times(expected, plus(ONE, loading)));
  return { rate, premium: ceilOf(amountAt(row, 'cover'), rate) };
}

/**
 * Premium at which a lender neither gains nor loses: it is paid by those who do not default, who have to make up for those who do.
 * @param pd - probability that the borrower defaults, 0 to below 1
 * @param lgd - share of the loan that is lost then, 0 to 1
 * @param cost - what the money costs the lender, as a share of the loan, >= 0; default 0
 * @returns (cost + pd x lgd) / (1 - pd) as a share of the loan, in lowest terms
 * @throws MarginError range, type
 * @example
 * breakEvenPremium('0.2', '0.6') // { numerator: 3n, denominator: 20n }
 */
export function breakEvenPremium(pd: Ratio, lgd: Ratio, cost: Ratio = 0n): Exact {
  const defaults = fraction(pd, 'pd');
  const survives = minus(ONE, defaults);
  if (survives.numerator === 0n) {
    throw new MarginError('range', { path: 'pd', got: pd, expected: 'below 1: who surely defaults pays no premium' });
  }
  return lowest(over(plus(ratioFrom0(cost, 'cost'), times(defaults, fraction(lgd, 'lgd'))), survives));
}
