// Whether an outcome is what its snapshot, stages and event give: replayed posting by posting. Who doubts a haircut needs the
// snapshot and the trace, and nobody's word.
import type { Amount } from './amount.js';
import { type Posting, summedAs } from './journal.js';
import { type Outcome, run } from './run.js';
import type { State } from './state.js';
import type { StateJSON } from './state-json.js';

export interface Verified {
  ok: boolean;
  /** What does not hold, in words; empty where all does. */
  problems: string[];
}

/** How many differing postings are named. */
const MOST_NAMED = 5;

/**
 * Replays an outcome.
 * @param outcome - as `run` gave it, or read from JSON with amounts as digits (minor units)
 * @param snapshot - the state before
 * @returns whether every posting is as the rules say and nothing was made or lost
 * @example
 * verify(run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' }),
 *   { accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] }).ok // true
 */
export function verify(
  outcome: Pick<Outcome, 'trace' | 'residual'> & Partial<Pick<Outcome, 'deficits'>> & { postings: Iterable<Posting> },
  snapshot: State | StateJSON,
): Verified {
  const problems: string[] = [];
  const claimed = [...outcome.postings].map((posting) => ({ ...posting, delta: BigInt(posting.delta) }));
  const sums = new Map<string, Amount>();
  for (const { purse, asset, delta } of claimed) {
    const what = summedAs(purse, asset);
    sums.set(what, (sums.get(what) ?? 0n) + delta);
  }
  for (const [what, sum] of sums) if (sum !== 0n) problems.push(`postings of ${what} sum to ${sum}, not to 0`);
  const { stages, event } = outcome.trace;
  const replay = run(snapshot, stages, event);
  if (replay.postings.length !== claimed.length) {
    problems.push(`the replay has ${replay.postings.length} postings, not ${claimed.length}`);
  }
  let named = 0;
  for (const [i, posting] of claimed.entries()) {
    const wanted = replay.postings.at(i);
    if (!wanted || textOf(posting) === textOf(wanted) || named++ >= MOST_NAMED) continue;
    const same = shown(posting) === shown(wanted) ? ' with another reason, weight or capacity' : '';
    problems.push(`posting ${i} is ${shown(posting)}, the replay has ${shown(wanted)}${same}`);
  }
  if (replay.residual !== BigInt(outcome.residual)) {
    problems.push(`the residual is ${outcome.residual}, the replay has ${replay.residual}`);
  }
  for (const [what, said, found] of [
    ['need', outcome.trace.need, replay.trace.need],
    ['steps', outcome.trace.steps, replay.trace.steps],
    ['deficits', outcome.deficits ?? replay.deficits, replay.deficits],
  ] as const) {
    if (textOf(said) !== textOf(found)) problems.push(`${what} of the outcome are not those of the replay`);
  }
  return { ok: problems.length === 0, problems };
}

/** A value as text with its keys in order: amounts as digits, as JSON has them. */
function textOf(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${textOf(entry)}`)
    .join()}}`;
}

const shown = ({ account, purse, asset, delta, stage, reason }: Posting): string =>
  `${delta} ${asset} of ${account}/${purse} in ${stage} (${reason?.code})`;
