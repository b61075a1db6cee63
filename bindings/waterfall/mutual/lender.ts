// The last resort: lenders who stand by offer money at a premium, and a need that nothing else covers takes the cheapest first.
import { MarginError } from '../../errors.js';
import { compare, type Exact, lowest } from '../../liquidation/exact.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, smaller } from '../../venues/integer.js';
import { Row, rowsOf } from '../../venues/rows.js';
import { type Amount, amount, amountAt, byId, ceilOf, type Ratio, ratioFrom0 } from '../amount.js';
import { oneOf } from '../words.js';

/** Money that a lender offers. */
export interface LoanOffer {
  /** Of the lender. */
  id: string;
  /** Minor units. */
  amount: Integer;
  /** Share of the loan that it costs, >= 0. */
  premium: Ratio;
}

/** Bounds of a loan, and its price. */
export interface LoanRule {
  /** Offers above it are left alone; default: any premium is paid. */
  maxPremium?: Ratio;
  /** Most that one lender gives, minor units; default: its offer. */
  perLender?: Integer;
  /** Most that is borrowed in all, minor units; default: the need. */
  most?: Integer;
  /** Premium that is paid: each lender's own, or to all the highest that was taken. Default `payAsBid`. */
  price?: 'payAsBid' | 'uniform';
}

/** What is borrowed of one lender. */
export interface LoanAward {
  /** Of the lender. */
  id: string;
  /** Minor units. */
  amount: Amount;
  /** Share of the loan, in lowest terms. */
  premium: Exact;
  /** amount x premium, minor units, rounded up: the borrower bears the unit. */
  cost: Amount;
}

/** What was borrowed, and what it costs. */
export interface Loans {
  /** The cheapest first, ties by id. */
  awards: LoanAward[];
  /** borrowed + residual is the need. */
  borrowed: Amount;
  /** What nobody lends, minor units. */
  residual: Amount;
  /** Sum of the costs. */
  cost: Amount;
  /** Highest premium that was taken; null where nothing is borrowed. */
  marginal: Exact | null;
}

/**
 * Borrows from those who offer, the cheapest first. What an offer is worth to its lender is for `breakEvenPremium`.
 * @param need - minor units
 * @param offers - one for each lender
 * @param rule - bounds, and what is paid
 * @returns awards, what they cost and what nobody lends
 * @throws MarginError duplicate, range, missing-key, unknown-key, type, inexact
 * @example
 * lenderOfLastResort(100n, [{ id: 'a', amount: 80n, premium: '0.05' }, { id: 'b', amount: 80n, premium: '0.02' }])
 *   .awards.map(({ id, amount, cost }) => [id, amount, cost]) // [['b', 80n, 2n], ['a', 20n, 1n]]
 */
export function lenderOfLastResort(need: Integer, offers: readonly LoanOffer[], rule: LoanRule = {}): Loans {
  const wanted = amount(need, 'need');
  const { highest, perLender, most, uniform } = ruleOf(rule);
  const ids = new Set<string>();
  const read = rowsOf(listOf(offers, 'offers'), 'offers', ['id', 'amount', 'premium']).map((row) => {
    const id = row.text('id');
    if (ids.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    ids.add(id);
    const premium = lowest(ratioFrom0(row.need('premium', 'a fraction of the loan') as Ratio, row.at('premium')));
    return { id, premium, amount: amountAt(row, 'amount') };
  });
  read.sort((a, b) => compare(a.premium, b.premium) || byId(a.id, b.id));
  const target = most === undefined ? wanted : smaller(wanted, most);
  let left = target;
  const taken: { id: string; amount: Amount; premium: Exact }[] = [];
  for (const { id, amount: offered, premium } of read) {
    if (highest && compare(premium, highest) > 0) break;
    const part = smaller(left, perLender === undefined ? offered : smaller(offered, perLender));
    if (part === 0n) continue;
    taken.push({ id, amount: part, premium });
    left -= part;
  }
  const marginal = taken.at(-1)?.premium ?? null;
  const awards = taken.map((each): LoanAward => {
    const premium = uniform && marginal ? marginal : each.premium;
    return { ...each, premium, cost: ceilOf(each.amount, premium) };
  });
  const borrowed = target - left;
  const cost = awards.reduce((sum, award) => sum + award.cost, 0n);
  return { awards, borrowed, residual: wanted - borrowed, cost, marginal };
}

function ruleOf(value: LoanRule) {
  const row = new Row(value, 'rule', ['maxPremium', 'perLender', 'most', 'price']);
  const bound = (key: string): Amount | undefined => (row.has(key) ? amountAt(row, key) : undefined);
  return {
    highest: row.has('maxPremium') ? ratioFrom0(row.raw('maxPremium') as Ratio, row.at('maxPremium')) : undefined,
    perLender: bound('perLender'),
    most: bound('most'),
    uniform:
      oneOf(row.has('price') ? row.raw('price') : 'payAsBid', 'rule.price', ['payAsBid', 'uniform']) === 'uniform',
  };
}
