// Why an account has paid or received what it has: its postings stage by stage, with the rule, the weight and the capacity.
import { magnitude } from '../venues/integer.js';
import type { Amount } from './amount.js';
import { COST, POSITION, type Posting } from './journal.js';
import type { Outcome } from './run.js';
import { BALANCE } from './state.js';

/** What one stage has moved for an account. */
export interface Explained {
  stage: string;
  postings: Posting[];
  /** Sum of what its purses of the event's asset got, minor units; below 0: paid. */
  money: Amount;
  /** In words. */
  text: string;
}

export interface AccountExplanation {
  account: string;
  /** Sum over all stages, minor units of the event's asset; below 0: paid. */
  money: Amount;
  stages: Explained[];
  /** All of it in words, a line a stage. */
  text: string;
}

/**
 * Takes an outcome apart for one account.
 * @param account - id
 * @param outcome - of `run`
 * @returns its postings by stage, as data and in words
 * @throws MarginError unknown-id
 * @example
 * explainAccount('fund', run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' })).money // -7n
 */
export function explainAccount(account: string, outcome: Pick<Outcome, 'trace' | 'postings'>): AccountExplanation {
  const { asset } = outcome.trace;
  const byStage = new Map<string, Posting[]>();
  for (const posting of outcome.postings.of(account)) {
    const list = byStage.get(posting.stage) ?? [];
    list.push(posting);
    byStage.set(posting.stage, list);
  }
  const stages = [...byStage].map(([stage, postings]): Explained => {
    const money = postings.reduce((sum, { delta, purse, asset: of }) => {
      return purse === POSITION || of !== asset ? sum : sum + delta;
    }, 0n);
    return { stage, postings, money, text: `${stage}: ${postings.map((posting) => said(posting, asset)).join('; ')}` };
  });
  const money = stages.reduce((sum, stage) => sum + stage.money, 0n);
  const head =
    money === 0n
      ? `${account} keeps its money`
      : `${account} ${money < 0n ? 'pays' : 'receives'} ${magnitude(money)} ${asset}`;
  return { account, money, stages, text: [head, ...stages.map(({ text }) => `  ${text}`)].join('\n') };
}

/** One posting in words. */
function said({ purse, asset, market, delta, reason, weight, capacity }: Posting, main: string): string {
  const amount = magnitude(delta);
  if (purse === POSITION) {
    const at = reason.price === undefined ? '' : ` at ${reason.price}`;
    return `${delta < 0n ? 'gives' : 'takes'} ${amount} lots of ${asset}${at} (${reason.code})`;
  }
  const where =
    purse === BALANCE
      ? ''
      : purse === COST
        ? ` through the cost of ${market}`
        : ` ${delta < 0n ? 'from' : 'into'} ${purse}`;
  const what = `${delta < 0n ? 'pays' : 'receives'} ${amount} ${asset === main ? '' : asset}`.trimEnd() + where;
  if (weight === undefined) return `${what} (${reason.code}${reason.note === undefined ? '' : `, ${reason.note}`})`;
  const asked = reason.total === undefined ? '' : `, ${weight} of ${reason.total} by ${reason.weight}`;
  const most = capacity === null || capacity === undefined ? '' : `, could give ${capacity}`;
  return `${what} of ${reason.amount} (${reason.rule}${asked}${most})`;
}
