// Why an account has paid or received what it has: stage by stage, its trades in a line each, its money with the rule, the weight
// and the capacity. In minor units for a program, or with a writer of amounts for people.
import { MarginError } from '../errors.js';
import { magnitude } from '../venues/integer.js';
import type { Amount } from './amount.js';
import { COST, POSITION, type Posting } from './journal.js';
import { worthOf } from './market.js';
import type { Outcome } from './run.js';
import { BALANCE } from './state.js';

/** What one stage has moved for an account. */
export interface Explained {
  /** Id of the stage. */
  stage: string;
  /** Of this account, in their order. */
  postings: Posting[];
  /** What its money and its positions at their marks have gained, minor units of the event's asset; below 0: it gave. */
  money: Amount;
  /** In words, a sentence each. */
  lines: string[];
  /** All of them in a line. */
  text: string;
}

/** Why an account has paid or received what it has. */
export interface AccountExplanation {
  /** Its id. */
  account: string;
  /** Sum over all stages, minor units of the event's asset; below 0: it gave. */
  money: Amount;
  /** Those that moved something of it. */
  stages: Explained[];
  /** All of it in words, a line a stage. */
  text: string;
}

/** How amounts are written. */
export interface AmountWords {
  /** An amount of an asset. */
  amount(amount: Amount, asset: string): string;
  /** A number that accounts were weighed by, and the sum of all. */
  weight(weight: Amount, name: string): string;
}

const PLAIN: AmountWords = { amount: (amount, asset) => `${amount} ${asset}`, weight: String };

/**
 * Takes an outcome apart for one account.
 * @param account - id
 * @param outcome - of `run`
 * @param words - how amounts are written; default: minor units
 * @returns its postings by stage, as data and in words; positions count at the marks of the outcome's state
 * @throws MarginError unknown-id, type
 * @example
 * explainAccount('fund', run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' })).text
 *   // 'fund gives 7 USD\n  insurance: pays 7 USD, its part of 7 USD (weighs 9 of 9 by capacity, 100.0 %; could give 9 USD; cappedProRata, largestRemainder)'
 */
export function explainAccount(
  account: string,
  outcome: Pick<Outcome, 'trace' | 'postings' | 'state'>,
  words: AmountWords = PLAIN,
): AccountExplanation {
  if (typeof outcome?.postings?.of !== 'function') {
    throw new MarginError('type', { path: 'outcome', got: typeof outcome, expected: 'what run() gave' });
  }
  const byStage = new Map<string, Posting[]>();
  for (const posting of outcome.postings.of(account)) {
    const list = byStage.get(posting.stage);
    if (list) list.push(posting);
    else byStage.set(posting.stage, [posting]);
  }
  const gains = gainsOf(account, outcome, [...byStage.values()]);
  const stages = [...byStage].map(([stage, postings], i): Explained => {
    const gain = gains[i] as Amount;
    const lines = linesOf(outcome.trace.asset, postings, gain, words);
    return { stage, postings, money: gain, lines, text: `${stage}: ${lines.join('; ')}` };
  });
  const money = stages.reduce((sum, stage) => sum + stage.money, 0n);
  const all = words.amount(magnitude(money), outcome.trace.asset);
  const moved = stages.some(({ postings }) => postings.some(({ purse }) => purse === POSITION));
  const marks = moved ? ', positions at their marks' : '';
  const head = `${account} ${money === 0n ? 'keeps what it has' : `${money < 0n ? 'gives' : 'receives'} ${all}`}${marks}`;
  return { account, money, stages, text: [head, ...stages.map(({ text }) => `  ${text}`)].join('\n') };
}

const moneyOf = (asset: string, postings: readonly Posting[]): Amount =>
  postings.reduce((sum, { purse, asset: of, delta }) => (purse !== POSITION && of === asset ? sum + delta : sum), 0n);

/**
 * What each stage has changed of an account: its money of the event's asset, and the worth of its positions at the marks. From the
 * state backwards, since a worth is rounded: so the stages add up to what the account has gained.
 */
function gainsOf(
  account: string,
  { trace, state }: Pick<Outcome, 'trace' | 'state'>,
  stages: readonly Posting[][],
): Amount[] {
  const lots = new Map<string, Amount>();
  const worth = (id: string): Amount => {
    const market = state.market(id);
    return market.settle === trace.asset ? worthOf(market, lots.get(id) as Amount, market.mark) : 0n;
  };
  return [...stages]
    .reverse()
    .map((postings) => {
      let gain = moneyOf(trace.asset, postings);
      for (const { purse, asset: id, delta } of postings) {
        if (purse !== POSITION) continue;
        if (!lots.has(id)) lots.set(id, state.position(account, id).lots);
        gain += worth(id);
        lots.set(id, (lots.get(id) as Amount) - delta);
        gain -= worth(id);
      }
      return gain;
    })
    .reverse();
}

/** Codes whose money is what positions have cost and made: it belongs to them. */
const TRADES: readonly string[] = ['traded', 'settled', 'sold', 'transferred'];

/** Trades by market and price, with what they give or cost at the mark; then money that was simply paid. */
function linesOf(asset: string, postings: readonly Posting[], gained: Amount, words: AmountWords): string[] {
  const trades = new Map<string, Posting>();
  const traded: Posting[] = [];
  const paid: Posting[] = [];
  for (const posting of postings) {
    const trade = TRADES.includes(posting.reason.code);
    if (trade && posting.purse === POSITION) {
      const key = `${posting.asset}\u0000${posting.reason.price ?? ''}\u0000${posting.delta > 0n}`;
      const before = trades.get(key);
      trades.set(key, before ? { ...before, delta: before.delta + posting.delta } : posting);
    }
    (trade ? traded : paid).push(posting);
  }
  const lines = [...trades.values()].map(({ asset, delta, reason }) => {
    const at = reason.price === undefined ? '' : ` at ${reason.price}`;
    const rule = reason.rule === undefined ? '' : ` (${reason.rule})`;
    const many = magnitude(delta) === 1n ? 'lot' : 'lots';
    return `${delta < 0n ? 'gives' : 'takes'} ${magnitude(delta)} ${many} of ${asset}${at}${rule}`;
  });
  const gain = gained - moneyOf(asset, paid);
  if (lines.length === 0) return [...traded, ...paid].map((posting) => said(posting, words));
  if (gain !== 0n) {
    const amount = words.amount(magnitude(gain), asset);
    lines.push(`${gain < 0n ? 'gives' : 'receives'} ${amount} with them, at the marks`);
  }
  return [...lines, ...paid.map((posting) => said(posting, words))];
}

/** One posting of money in words. */
function said({ purse, asset, market, delta, reason, weight, capacity }: Posting, words: AmountWords): string {
  const say = (amount: Amount): string => words.amount(amount, asset);
  const side = delta < 0n ? 'from' : 'into';
  const where = purse === BALANCE ? '' : purse === COST ? ` ${side} the cost of ${market}` : ` ${side} "${purse}"`;
  const grounds: string[] = [];
  if (weight !== undefined) {
    if (reason.total !== undefined) {
      const name = reason.weight ?? 'capacity';
      const tenths = reason.total === 0n ? 0n : (weight * 1000n) / reason.total;
      const part = `${words.weight(weight, name)} of ${words.weight(reason.total, name)}`;
      grounds.push(`weighs ${part} by ${name}, ${tenths / 10n}.${tenths % 10n} %`);
    }
    if (capacity !== null && capacity !== undefined) grounds.push(`could give ${say(capacity)}`);
  }
  if (reason.rule !== undefined) grounds.push(reason.rule);
  if (reason.note !== undefined) grounds.push(reason.note);
  const shared = weight !== undefined && reason.amount !== undefined;
  const why = shared ? `its part of ${say(reason.amount as Amount)}` : (REASONS[reason.code] ?? reason.code);
  const more = grounds.length === 0 ? '' : ` (${grounds.join('; ')})`;
  return `${delta < 0n ? 'pays' : 'receives'} ${say(magnitude(delta))}${where}, ${why}${more}`;
}

const REASONS: Partial<Record<string, string>> = {
  loss: 'what closing out has cost',
  absorbed: 'for the deficit',
  sold: 'for what was sold',
  issued: 'for new tokens',
  charged: 'a fee of what was sold',
  seized: 'collateral for a debt that was paid',
  replenished: 'to refill a fund',
  recovered: 'of what came back',
};
