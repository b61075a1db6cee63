// Whether an outcome is what its snapshot, stages and event give: replayed posting by posting. Who doubts a haircut needs the
// snapshot and the trace, and nobody's word.
import type { Amount } from './amount.js';
import type { Posting } from './journal.js';
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
 * @param outcome - as `run` gave it: its trace and postings (a list of postings will do, as JSON has it)
 * @param snapshot - the state before
 * @returns whether every posting is as the rules say and nothing was made or lost
 * @example
 * verify(run({ accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] },
 *   [{ id: 'insurance', who: ['fund'] }], { defaulter: 'a' }),
 *   { accounts: [{ id: 'a', balances: { USD: -7n } }, { id: 'fund', balances: { USD: 9n } }] }).ok // true
 */
export function verify(
  outcome: Pick<Outcome, 'trace' | 'residual'> & { postings: Iterable<Posting> },
  snapshot: State | StateJSON,
): Verified {
  const problems: string[] = [];
  const claimed = [...outcome.postings];
  const sums = new Map<string, Amount>();
  for (const { purse, asset, delta } of claimed) {
    const what = purse === 'position' ? `lots of ${asset}` : asset;
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
    if (!wanted || same(posting, wanted) || named++ >= MOST_NAMED) continue;
    problems.push(`posting ${i} is ${shown(posting)}, the replay has ${shown(wanted)}`);
  }
  if (replay.residual !== outcome.residual) {
    problems.push(`the residual is ${outcome.residual}, the replay has ${replay.residual}`);
  }
  return { ok: problems.length === 0, problems };
}

const same = (a: Posting, b: Posting): boolean =>
  a.account === b.account && a.purse === b.purse && a.asset === b.asset && a.delta === b.delta && a.stage === b.stage;

const shown = ({ account, purse, asset, delta, stage }: Posting): string =>
  `${delta} ${asset} of ${account}/${purse} in ${stage}`;
