// Who has given how much to the deficits, stage by stage: money and cost that moved, lots at their marks. So a takeover and a
// position closed at another price than the mark count with what they cost, beside money that was simply paid.
import { type Amount, byId } from './amount.js';
import { POSITION, type Posting } from './journal.js';
import { worthOf } from './market.js';
import type { Outcome } from './run.js';
import { BALANCE } from './state.js';

/** What an account gave in a stage. */
export interface Contribution {
  /** Id of the stage. */
  stage: string;
  /** Its id. */
  account: string;
  /** Minor units of the event's asset; below 0: received. */
  amount: Amount;
}

interface Moved {
  money: Amount;
  lots: Map<string, Amount>;
}

/** Kinds that sell what the defaulter has: what comes in is its own, whoever buys. */
const SALES: readonly string[] = ['convert', 'collateral'];

/**
 * Takes an outcome apart by who gave. A defaulter gives what it paid out of further purses of its own, and what its other assets
 * were sold for; what it received to cover its deficit, the loss itself, and refills of funds are left out.
 * @param outcome - of `run`
 * @returns what each account gave in each stage: stages in their order, the largest first, then by id
 * @example
 * contributions(run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' })) // [{ stage: 'insurance', account: 'fund', amount: 7n }]
 */
export function contributions({ postings, state, trace, deficits }: Outcome): Contribution[] {
  const { asset } = trace;
  const defaulters = new Set(deficits.map(({ account }) => account));
  const stages = new Map(trace.steps.map(({ stage }) => [stage, new Map<string, Moved>()]));
  const sales = new Set(trace.steps.flatMap(({ stage, kind }) => (SALES.includes(kind) ? [stage] : [])));
  for (const posting of postings) {
    if (posting.reason.code === 'loss' || posting.reason.code === 'replenished') continue;
    const sale = sales.has(posting.stage);
    const isDefaulter = defaulters.has(posting.account);
    if (sale ? !isDefaulter : isDefaulter && !isOwn(posting)) continue;
    const accounts = stages.get(posting.stage);
    const moved = accounts?.get(posting.account) ?? { money: 0n, lots: new Map<string, Amount>() };
    if (posting.purse === POSITION)
      moved.lots.set(posting.asset, (moved.lots.get(posting.asset) ?? 0n) + posting.delta);
    else if (posting.asset === asset) moved.money += sale ? -posting.delta : posting.delta;
    accounts?.set(posting.account, moved);
  }
  return [...stages].flatMap(([stage, accounts]) =>
    [...accounts]
      .map(([account, { money, lots }]): Contribution => {
        let got = money;
        for (const [id, moved] of lots) {
          const market = state.market(id);
          if (market.settle === asset) got += worthOf(market, moved, market.mark);
        }
        return { stage, account, amount: -got };
      })
      .filter(({ amount }) => amount !== 0n)
      .sort(largestFirst),
  );
}

/** What a defaulter pays for itself comes from another purse than the balance that it fills. */
const isOwn = ({ delta, purse, reason }: Posting): boolean =>
  delta < 0n && reason.code === 'absorbed' && purse !== BALANCE;

interface Paid {
  account: string;
  amount: Amount;
}

/** Order of those who paid: the largest first, then by id. */
export const largestFirst = (a: Paid, b: Paid): number =>
  a.amount === b.amount ? byId(a.account, b.account) : a.amount > b.amount ? -1 : 1;

/** Sum over stages by account, the largest first, then by id. */
export function byAccount(
  given: readonly Contribution[],
): { account: string; amount: Amount; stages: Contribution[] }[] {
  const sums = new Map<string, { account: string; amount: Amount; stages: Contribution[] }>();
  for (const contribution of given) {
    const { account, amount } = contribution;
    const sum = sums.get(account) ?? { account, amount: 0n, stages: [] };
    sum.amount += amount;
    sum.stages.push(contribution);
    sums.set(account, sum);
  }
  return [...sums.values()].sort(largestFirst);
}
