// Several waterfalls side by side, a waterfall a column: what each comes to, and what each account pays.
import { largestFirst } from '../waterfall/contributions.js';
import type { Amount, Contribution, NamedOutcome, Outcome } from '../waterfall/index.js';
import { DUST, OUTSIDE } from '../waterfall/state.js';
import { count } from './format.js';
import { givenIn, payersOf, type Rows, speaker } from './waterfall-rows.js';

/** Who an account is to the loss. */
type Party = 'defaulters' | 'venue' | 'others' | 'market' | 'rounding';

function partyOf({ state, deficits, dust, trace }: Outcome): (given: Contribution) => Party {
  const defaulters = new Set(deficits.map(({ account }) => account));
  const { house } = state.columns;
  const dusty = dust.size > 0 && trace.steps.length > 0;
  return ({ account }) => {
    if (defaulters.has(account)) return 'defaulters';
    if (dusty && account === DUST) return 'rounding';
    if (account === OUTSIDE) return 'market';
    return house[state.row(account)] ? 'venue' : 'others';
  };
}

/** Facts that are left out where they are 0 under every waterfall. */
const RARE = ['Lost in the market', 'Rounding'];

/** Facts of several waterfalls, a waterfall a column. */
export function compareTable(runs: readonly NamedOutcome[]): Rows {
  const facts = runs.map((run): [string, string][] => {
    const say = speaker(run);
    const { outcome } = run;
    const sums: Record<Party, Amount> = { defaulters: 0n, venue: 0n, others: 0n, market: 0n, rounding: 0n };
    const party = partyOf(outcome);
    for (const given of givenIn(outcome)) sums[party(given)] += given.amount;
    const payers = payersOf(outcome);
    const reached = outcome.trace.steps.filter(({ need, status }) => need > 0n && status !== 'held').length;
    const [most] = payers;
    return [
      ['Loss', say(outcome.trace.need)],
      ['Lost in the market', say(-sums.market)],
      ['Paid by the defaulters', say(sums.defaulters)],
      ['Paid by the venue', say(sums.venue)],
      ['Paid by other accounts', say(sums.others)],
      ['Rounding', say(sums.rounding)],
      ['Left open', say(outcome.residual)],
      ['Layers reached', `${reached} of ${outcome.trace.stages.length}`],
      ['Accounts that paid', count(payers.length)],
      ['Largest payer', most ? most.account : '-'],
      ['Its payment', most ? say(most.amount) : '-'],
      ['Covered', outcome.feasible ? 'yes' : 'no'],
    ];
  });
  const names = (facts[0] ?? []).map(([name]) => name);
  const cells = names.map((name, i) => [name, ...facts.map((column) => (column[i] as [string, string])[1])]);
  return {
    columns: [{ title: '', left: true }, ...runs.map(({ name }) => ({ title: name }))],
    cells: cells.filter(([name = '', ...row]) => !RARE.includes(name) || row.some((cell) => /[1-9]/.test(cell))),
  };
}

/** What each account pays under each waterfall: those first who pay most under any. */
export function payerCompareTable(runs: readonly NamedOutcome[], top: number): Rows & { total: number } {
  const most = new Map<string, Amount>();
  const paid = runs.map(({ outcome }) => new Map(payersOf(outcome).map(({ account, amount }) => [account, amount])));
  for (const [account, amount] of paid.flatMap((map) => [...map])) {
    if (amount > (most.get(account) ?? 0n)) most.set(account, amount);
  }
  const order = [...most].map(([account, amount]) => ({ account, amount })).sort(largestFirst);
  const cells = order.slice(0, top).map(({ account }) => [
    account,
    ...runs.map((run, i) => {
      const amount = paid[i]?.get(account);
      return amount === undefined ? '-' : speaker(run)(amount);
    }),
  ]);
  const columns = [{ title: 'Account', left: true }, ...runs.map(({ name }) => ({ title: name }))];
  return { columns, cells, total: order.length };
}
