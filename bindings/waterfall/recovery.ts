// What comes back later goes to those who had paid, in reverse seniority: the last layer first, inside a layer in proportion
// to what each gave (CPSS-IOSCO recovery guidance; Nasdaq Clearing 2018 paid members back pro rata).
import { MarginError } from '../errors.js';
import type { Integer } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import { share } from './allocate.js';
import { type Amount, amountAt } from './amount.js';
import { Draft } from './draft.js';
import { Journal, type Posting, type Postings } from './journal.js';
import type { Outcome } from './run.js';
import { BALANCE, OUTSIDE, State } from './state.js';
import { type StateJSON, stateOf } from './state-json.js';

/** What came back after a default. */
export interface Recovery {
  /** What came back, minor units of the event's asset. */
  amount: Integer;
  /** Account that has it; default `outside`. */
  from?: string;
  /** Its purse; default `balance`. */
  purse?: string;
  /** Recoveries of the same outcome that were distributed before: nobody gets back more than it gave. */
  before?: readonly Pick<Recovered, 'postings'>[];
}

/** A recovery after it was distributed. */
export interface Recovered {
  /** After it. */
  state: State;
  /** Sums to zero in the asset. */
  postings: Postings;
  /** By stage, the last that had paid first, minor units. */
  byStage: ReadonlyMap<string, Amount>;
  /** What is more than everybody had paid, minor units: it stays where it is. */
  surplus: Amount;
}

/**
 * Distributes a recovery.
 * @param state - now, in which the money is
 * @param outcome - of the run whose payers are paid back
 * @param recovery - how much, and where it is
 * @returns postings to the purses that had paid, nobody more than it gave
 * @throws MarginError range where `before` gives somebody back more than it gave, or the money is not there; unknown-id,
 *   missing-key, unknown-key, type, inexact
 * @example
 * distributeRecovery({ accounts: [{ id: 'a', balances: { USD: 3n } }, { id: 'f', balances: { USD: 0n } }] },
 *   run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'f', balances: { USD: 7n } }] },
 *     [{ id: 'fund', who: ['f'] }], { defaulter: 'a' }), { amount: 3n, from: 'a' }).state.amount('f', 'USD') // 3n
 */
export function distributeRecovery(
  state: State | StateJSON,
  outcome: Pick<Outcome, 'postings' | 'trace'>,
  recovery: Recovery,
): Recovered {
  const before = state instanceof State ? state : stateOf(state);
  const row = new Row(recovery, 'recovery', ['amount', 'from', 'purse', 'before']);
  const draft = new Draft(before.columns);
  const from = draft.row(recovery.from ?? OUTSIDE, 'recovery.from');
  const run = new Row(outcome, 'outcome');
  run.row('trace').row('event');
  const { asset } = outcome.trace;
  const payers = payersOf(postingsOf(run), outcome.trace);
  for (const earlier of row.has('before') ? row.rows('before') : []) paidBack(payers, earlier);
  const journal = new Journal(draft);
  journal.at('recovery');
  const byStage = new Map<string, Amount>();
  let left = amountAt(row, 'amount');
  const held = draft.amountAt(from, recovery.purse ?? BALANCE, asset);
  if (from !== draft.row(OUTSIDE) && held < left) {
    const expected = `at most ${held}, which is what ${draft.id(from)} has`;
    throw new MarginError('range', { path: 'recovery.amount', got: left, expected });
  }
  for (const [stage, gave] of [...payers].reverse()) {
    const people = [...gave.values()];
    const { shares, taken } = share(
      left,
      people.map(({ id, amount }) => ({ id, weight: amount, capacity: amount })),
      'cappedProRata',
      'largestRemainder',
    );
    if (taken === 0n) continue;
    byStage.set(stage, taken);
    left -= taken;
    journal.enter({ code: 'recovered', rule: stage, amount: taken }, (pen) => {
      pen.money(from, asset, -taken, recovery.purse);
      people.forEach(({ id, purse }, k) => {
        pen.money(draft.row(id), asset, shares[k] as Amount, purse);
      });
    });
  }
  return { state: draft.done(), postings: journal.postings(), byStage, surplus: left };
}

/** @throws MarginError missing-key, type */
function postingsOf(row: Row): Iterable<Posting> {
  const postings = row.need('postings', 'postings');
  if (typeof postings === 'object' && postings !== null && Symbol.iterator in postings) return postings as Postings;
  throw new MarginError('type', { path: row.at('postings'), got: postings, expected: 'postings' });
}

/** Who had paid for others, stage by stage in their order; what a defaulter paid for itself is its own loss. */
function payersOf(
  postings: Iterable<Posting>,
  { asset, event }: Outcome['trace'],
): Map<string, Map<string, { id: string; purse: string; amount: Amount }>> {
  const { defaulter, defaulters = defaulter === undefined ? [] : [defaulter] } = event;
  const own = new Set(defaulters);
  const payers = new Map<string, Map<string, { id: string; purse: string; amount: Amount }>>();
  for (const { account, purse, asset: of, delta, stage, reason } of postings) {
    if (delta >= 0n || of !== asset || reason.code !== 'absorbed' || own.has(account)) continue;
    const gave = payers.get(stage) ?? new Map<string, { id: string; purse: string; amount: Amount }>();
    const key = `${account}\u0000${purse}`;
    gave.set(key, { id: account, purse, amount: (gave.get(key)?.amount ?? 0n) - delta });
    payers.set(stage, gave);
  }
  return payers;
}

/** Takes off what payers have got back. @throws MarginError range where it is more than they gave: a recovery counted twice */
function paidBack(payers: ReturnType<typeof payersOf>, earlier: Row): void {
  for (const { account, purse, delta, reason } of postingsOf(earlier)) {
    const gave = payers.get(reason.rule ?? '')?.get(`${account}\u0000${purse}`);
    if (!gave || delta <= 0n) continue;
    if (delta > gave.amount) {
      const expected = `at most ${gave.amount}, which is what ${account} gave and has not got back`;
      const hint = 'Name each recovery of this outcome once, and none of another';
      throw new MarginError('range', { path: earlier.path, got: delta, expected, hint });
    }
    gave.amount -= delta;
  }
}
