// Whether an outcome is what its snapshot, stages and event give: replayed posting by posting. Who doubts a haircut needs the
// snapshot and the trace, and nobody's word.

import { isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';
import type { Amount } from './amount.js';
import type { DefaultEvent } from './event.js';
import { type Posting, type Postings, summedAs } from './journal.js';
import { type Outcome, run } from './run.js';
import { inWords, same, wholeOf } from './same.js';
import type { Stage } from './stage.js';
import { State } from './state.js';
import { differencesOf } from './state-difference.js';
import { type StateJSON, stateOf } from './state-json.js';

/** Whether an outcome holds. */
export interface Verified {
  /** Whether every posting is what the replay gives. */
  ok: boolean;
  /** What does not hold, in words; empty where all does. */
  problems: string[];
}

/** An outcome as `run` gave it, or read from JSON; what it leaves out is not compared. */
export type Claim = Pick<Outcome, 'trace' | 'residual'> &
  Partial<Pick<Outcome, 'deficits' | 'feasible' | 'feasibility'>> & {
    postings: Iterable<Posting>;
    state?: State | StateJSON;
    /** JSON has no maps: a list of stages with their units, or an object of both. */
    dust?: Outcome['dust'] | readonly (readonly [string, Amount])[] | Readonly<Record<string, Amount>>;
  };

/** How many differing postings are named. */
const MOST_NAMED = 5;

/**
 * Replays an outcome. A claim may be anything: what is malformed does not hold, and is told as a problem.
 * @param outcome - as `run` gave it, or read from JSON with amounts as digits (minor units); what it says beside trace, postings
 *   and residual (deficits, feasibility, dust, the state afterwards) has to hold as well
 * @param snapshot - the state before
 * @returns whether every posting is as the rules say and nothing was made or lost
 * @throws MarginError where the outcome is no object, or for a snapshot that `stateOf` refuses
 * @example
 * verify(run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' }),
 *   { accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] }).ok // true
 */
export function verify(outcome: Claim, snapshot: State | StateJSON): Verified {
  const claim: unknown = outcome;
  if (!isObject(claim)) {
    throw new MarginError('type', {
      path: 'outcome',
      got: claim,
      expected: 'an outcome of run, or what JSON made of it',
    });
  }
  const problems = problemsOf(claim, snapshot instanceof State ? snapshot : stateOf(snapshot));
  return { ok: problems.length === 0, problems };
}

function problemsOf(claim: Record<string, unknown>, snapshot: State): string[] {
  const { trace, postings, residual } = claim;
  if (!isObject(trace)) return ['the outcome has no trace, without which nothing can be replayed'];
  const replay = replayOf(trace, snapshot);
  if (typeof replay === 'string') return [replay];
  const problems = isList(postings)
    ? postingProblems(postings, replay.postings)
    : ['the outcome has no list of postings'];
  if (!same(residual, replay.residual)) {
    problems.push(`the residual is ${inWords(residual)}, the replay has ${replay.residual}`);
  }
  const { deficits, feasible, feasibility, dust } = claim;
  for (const [what, said, found] of [
    ['asset', trace.asset, replay.trace.asset],
    ['need', trace.need, replay.trace.need],
    ['steps', trace.steps, replay.trace.steps],
    ['deficits', deficits ?? replay.deficits, replay.deficits],
    ['feasible', feasible ?? replay.feasible, replay.feasible],
    ['feasibility', feasibility ?? replay.feasibility, replay.feasibility],
    ['dust', mapped(dust ?? replay.dust), mapped(replay.dust)],
  ] as const) {
    const other = what.endsWith('s') ? 'are not those' : 'is not that';
    if (!same(said, found)) problems.push(`${what} of the outcome ${other} of the replay`);
  }
  return problems.concat(stateProblems(claim.state ?? replay.state, replay.state));
}

/** What its trace gives, or why it gives nothing. */
function replayOf({ stages, event }: Record<string, unknown>, snapshot: State): Outcome | string {
  try {
    return run(snapshot, stages as readonly Stage[], event as DefaultEvent);
  } catch (error) {
    if (error instanceof MarginError) return `what the trace asks for is refused: ${error.message}`;
    throw error;
  }
}

const isList = (value: unknown): value is Iterable<unknown> =>
  isObject(value) || Array.isArray(value)
    ? typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
    : false;

/** A map as an object with a key each. */
function mapped(value: unknown): unknown {
  const isPair = (each: unknown): each is [string, unknown] => Array.isArray(each) && each.length === 2;
  const entries: unknown = value instanceof Map ? [...value] : value;
  return Array.isArray(entries) && entries.every(isPair) ? Object.fromEntries(entries) : entries;
}

function postingProblems(claimed: Iterable<unknown>, replayed: Postings): string[] {
  const sums = new Map<string, Amount>();
  const differing: string[] = [];
  let count = 0;
  for (const posting of claimed) {
    const wanted = replayed.at(count);
    const at = count++;
    const said = isObject(posting) ? posting : undefined;
    const delta = wholeOf(said?.delta);
    if (said && delta !== undefined) {
      const what = typeof said.asset === 'string' ? summedAs(String(said.purse), said.asset) : inWords(said.asset);
      sums.set(what, (sums.get(what) ?? 0n) + delta);
      if (!wanted || isSame(said, delta, wanted)) continue;
    }
    if (differing.length === MOST_NAMED) continue;
    if (!said) differing.push(`posting ${at} is ${inWords(posting)}, not an object`);
    else if (delta === undefined)
      differing.push(`posting ${at} has a delta of ${inWords(said.delta)}, no whole number`);
    else if (wanted) differing.push(difference(at, said, wanted));
  }
  const problems = [...sums].flatMap(([what, sum]) =>
    sum === 0n ? [] : [`postings of ${what} sum to ${sum}, not to 0`],
  );
  if (replayed.length !== count) problems.push(`the replay has ${replayed.length} postings, not ${count}`);
  return [...problems, ...differing];
}

/** Most postings are as they were: field by field, the cheap ones first, without a text of either. */
const isSame = (said: Record<string, unknown>, delta: Amount, wanted: Posting): boolean =>
  delta === wanted.delta &&
  said.account === wanted.account &&
  said.purse === wanted.purse &&
  said.asset === wanted.asset &&
  said.stage === wanted.stage &&
  said.market === wanted.market &&
  same(said.weight, wanted.weight) &&
  same(said.capacity, wanted.capacity) &&
  same(said.reason, wanted.reason);

function difference(at: number, said: Record<string, unknown>, wanted: Posting): string {
  const [is, has] = [shown(said), shown(wanted as unknown as Record<string, unknown>)];
  return `posting ${at} is ${is}, the replay has ${has}${is === has ? ' with another reason, weight or capacity' : ''}`;
}

function shown({ account, purse, asset, delta, stage, reason }: Record<string, unknown>): string {
  const word = (value: unknown): string => (typeof value === 'string' ? value : inWords(value));
  const code = isObject(reason) ? reason.code : undefined;
  return `${word(delta)} ${word(asset)} of ${word(account)}/${word(purse)} in ${word(stage)} (${word(code)})`;
}

/** What of the state afterwards is not as in the replay. */
function stateProblems(claimed: unknown, replayed: State): string[] {
  try {
    const state = claimed instanceof State ? claimed : stateOf(claimed as StateJSON);
    return differencesOf(state, replayed).map((difference) => `the state ${difference}`);
  } catch (error) {
    if (error instanceof MarginError) return [`the state can not be read: ${error.message}`];
    throw error;
  }
}
