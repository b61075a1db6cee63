// One round of deleveraging over all accounts of a venue: what those below 0 lack is taken from those above it and, where
// the rule says so, given to them. Source: arXiv 2512.01112, severity of a round.
import type { Exact } from '../../liquidation/exact.js';
import { Row } from '../../venues/rows.js';
import { share } from '../allocate.js';
import { type Amount, below0, fraction, type Ratio } from '../amount.js';
import { oneOf } from '../words.js';
import { adl, takings } from './adl.js';
import { type AdlCandidate, type AdlRule, checkedRule, type Read, readCandidates } from './candidate.js';

/** How a round is done: a rule over equity, and what becomes of the amount that is taken. */
export interface AdlRoundRule extends Omit<AdlRule, 'space' | 'price'> {
  /** Part of the deficit that is met, 0 to 1; default 1. */
  severity?: Ratio;
  /**
   * Who gets it: `none` (the fund that bears the deficits does), `inTurn` (in the order of the allocation, each what it
   * lacks), `proRata` (by what each lacks). Default `inTurn`.
   */
  credit?: 'none' | 'inTurn' | 'proRata';
}

/** What a round does, minor units; lists are in the order of the accounts. */
export interface AdlRound {
  /** What accounts below 0 lack, together. */
  deficit: Amount;
  /** The part of it that is asked for, rounded down. */
  budget: Amount;
  /** budget / what all have; null where nobody has anything. */
  factor: Exact | null;
  /** By account, in their order: minor units. */
  taken: Amount[];
  /** By account: the share of its equity that was taken, exactly. */
  haircuts: Exact[];
  /** By account: minor units of the deficit that others have met. */
  received: Amount[];
  /** By account: equity after the round, minor units. */
  after: Amount[];
  /** Of the budget what nobody could give. */
  residual: Amount;
}

/**
 * One round: the deficits of some out of the equity of others.
 * @param accounts - all of them, with their equity (signed), and what the rule ranks them by
 * @param rule - allocation, severity, and who is credited
 * @returns what each gives and gets; credited in full the sum of equity is the same before and after
 * @throws MarginError as `adl`
 * @see pluriholonomic/autodeleveraging-analysis paper/main.tex:1374
 * @example
 * adlRound([{ id: '1', equity: 100n }, { id: '2', equity: 60n }, { id: '3', equity: -80n }],
 *   { allocation: 'proRata', severity: '1/2' }).after // [75n, 45n, -40n]
 */
export function adlRound(accounts: readonly AdlCandidate[], rule: AdlRoundRule): AdlRound {
  const row = new Row(rule, 'rule');
  const { severity: _, credit = 'inTurn', ...rest } = rule;
  const severity = fraction((row.has('severity') ? row.raw('severity') : 1) as Ratio, row.at('severity'));
  const how = oneOf(credit, 'rule.credit', ['none', 'inTurn', 'proRata'] as const);
  const checked = checkedRule({ ...rest, space: 'equity' });
  const read = readCandidates(accounts, checked, 'accounts');
  const deficit = read.reduce((sum, { equity }) => sum + lack(equity), 0n);
  const round = adl({ loss: deficit, severity }, accounts, checked);
  const taken = read.map(({ equity }, place) => (equity as Amount) - (round.after[place] as Amount));
  const received = how === 'none' ? read.map(() => 0n) : credits(round.taken, read, checked, how);
  return {
    deficit,
    budget: round.asked,
    factor: round.factor,
    taken,
    haircuts: round.haircuts,
    received,
    after: received.map((part, place) => (round.after[place] as Amount) + part),
    residual: round.residual,
  };
}

const lack = (equity: Amount | null): Amount => below0(equity ?? 0n);

function credits(
  amount: Amount,
  read: readonly Read[],
  rule: ReturnType<typeof checkedRule>,
  how: 'inTurn' | 'proRata',
): Amount[] {
  const lacking = read.map((one) => ({ ...one, capacity: lack(one.equity), weight: lack(one.equity) }));
  if (how === 'inTurn') {
    const allocation = rule.allocation === 'queue' || rule.allocation === 'rotation' ? rule.allocation : 'listed';
    return takings(amount, lacking, { ...rule, allocation }).shares;
  }
  return share(amount, lacking, 'proRata', rule.round).shares;
}
