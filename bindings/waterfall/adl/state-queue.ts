// Am I next: the deleveraging queue of a market, from a state, with the order that a run uses. Pure, so a browser can ask it of
// the venue's published state.
import { MarginError } from '../../errors.js';
import { magnitude } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { Holdings } from '../holdings.js';
import { State } from '../state.js';
import { type StateJSON, stateOf } from '../state-json.js';
import { oneOf } from '../words.js';
import type { AdlCandidate } from './candidate.js';
import { type QueuePlace, queueOf, rankOf } from './rank.js';
import { type Reliefs, relieved, stateScore } from './state-scores.js';
import { SCORES, type ScoreName } from './venue-scores.js';

/** Which queue. */
export interface StateQueue {
  /** Id of the market. */
  market: string;
  /** Side of the positions in the queue: who is closed when somebody of the other side defaults. */
  side: 'long' | 'short';
  /**
   * Default `given`: the ranks of the state. `binance` and `bybit` count a wallet as at least one minor unit, not one whole unit,
   * which a state does not know.
   */
  score?: ScoreName;
  /** What closing a leg would do to requirements, by account, whatever the score: hedges stand at the end. */
  reliefs?: Reliefs;
}

/**
 * The queue of one side of a market.
 * @param state - of the venue
 * @param queue - market, side and score
 * @returns places, who is closed first in front; lots
 * @throws MarginError unknown-id, missing-key, unknown-key, type, and as the score
 * @example
 * adlQueue({ markets: [{ id: 'M', settle: 'USD', mark: 12 }], accounts: [{ id: 'a', balances: { USD: 9n }, rank: 1,
 *   positions: { M: { lots: 3n, cost: -30n } } }] }, { market: 'M', side: 'long' })[0].light // 100
 */
export function adlQueue(state: State | StateJSON, queue: StateQueue): QueuePlace[] {
  return queueOf(candidatesOf(read(state), queue), { space: 'contracts' });
}

/**
 * The place of one account in its queue, without sorting the others.
 * @param account - id
 * @param state - of the venue
 * @param queue - market and score; the side is the account's own
 * @returns its place, and closedIf: lots that would be closed of it if so many had to be met
 * @throws MarginError unknown-id, range where the account holds nothing there; missing-key, unknown-key, type, and as the
 *   score
 * @example
 * adlRank('a', { markets: [{ id: 'M', settle: 'USD', mark: 12 }], accounts: [{ id: 'a', balances: { USD: 9n }, rank: 1,
 *   positions: { M: { lots: 3n, cost: -30n } } }] }, { market: 'M' }).closedIf(2n) // 2n
 */
export function adlRank(
  account: string,
  state: State | StateJSON,
  queue: Omit<StateQueue, 'side'>,
): ReturnType<typeof rankOf> {
  const from = read(state);
  const { lots } = from.position(account, checked(queue).text('market'));
  if (lots === 0n) {
    throw new MarginError('range', { path: 'account', got: account, expected: `a position in ${queue.market}` });
  }
  return rankOf(account, candidatesOf(from, { ...queue, side: lots > 0n ? 'long' : 'short' }), { space: 'contracts' });
}

const read = (state: State | StateJSON): State => (state instanceof State ? state : stateOf(state));

const checked = (queue: unknown): Row => new Row(queue, 'queue', ['market', 'side', 'score', 'reliefs']);

function candidatesOf(state: State, queue: StateQueue): AdlCandidate[] {
  const row = checked(queue);
  const market = state.market(row.text('market'), row.at('market'));
  const side = oneOf(row.raw('side'), row.at('side'), ['long', 'short'] as const);
  const score = oneOf(row.raw('score') ?? 'given', row.at('score'), SCORES);
  if (row.has('reliefs')) row.row('reliefs');
  const { reliefs } = queue;
  const { holdings, house, ranks } = state.columns;
  const { accounts, lots } = holdings.get(market.id) ?? Holdings.none();
  const candidates: AdlCandidate[] = [];
  accounts.forEach((account, at) => {
    const held = lots.at(at);
    if (house[account] || held === 0n || held > 0n !== (side === 'long')) return;
    candidates.push({
      id: state.id(account),
      lots: magnitude(held),
      score:
        score === 'given'
          ? relieved(ranks[account] as number, state.id(account), reliefs)
          : stateScore(state, market, account, score, reliefs),
    });
  });
  return candidates;
}
