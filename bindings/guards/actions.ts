// What a guard may forbid. One list for all guards, so that what several of them say can be taken together.
import { listOf } from '../liquidation/list.js';
import { Row } from '../venues/rows.js';
import { oneOf } from '../waterfall/words.js';

/**
 * - `open`: raise a position or a debt
 * - `close`: lower one at the owner's wish
 * - `liquidate`: close somebody's position against its will
 * - `withdraw`: take collateral out
 * - `settle`: realise profit and loss
 * - `adl`: close the winner's side of a default
 * - `trigger`: fire conditional orders
 * - `funding`: move the funding rate
 * - `auction`, `restart`, `bid`: begin an auction of collateral, reset its price, take a part of it
 */
export type Action =
  | 'open'
  | 'close'
  | 'liquidate'
  | 'withdraw'
  | 'settle'
  | 'adl'
  | 'trigger'
  | 'funding'
  | 'auction'
  | 'restart'
  | 'bid';

/** Every action that a guard may forbid, in the order in which answers list them. */
export const ACTIONS: readonly Action[] = [
  'open',
  'close',
  'liquidate',
  'withdraw',
  'settle',
  'adl',
  'trigger',
  'funding',
  'auction',
  'restart',
  'bid',
];

/** What needs a market that trades: a halt forbids it. */
export const TRADING: readonly Action[] = ['open', 'close', 'liquidate', 'trigger'];

/** Whether each action may be done. */
export type Allowed = Readonly<Record<Action, boolean>>;

/** Everything but what is forbidden. */
export function allowedBut(forbidden: Iterable<Action>): Allowed {
  const set = new Set(forbidden);
  return Object.fromEntries(ACTIONS.map((action) => [action, !set.has(action)])) as Record<Action, boolean>;
}

/** @throws MarginError missing-key, type */
export function actionsOf(value: unknown, path: string): Action[] {
  return listOf(value, path).map((action, i) => oneOf(action, `${path}[${i}]`, ACTIONS));
}

/**
 * What several guards allow together: only what each of them does.
 * @param guards - what each allows; none: everything
 * @returns whether each action may be done
 * @throws MarginError missing-key, type, unknown-key
 * @example
 * allowedBy(guardPrice([], {}, { now: 0 }).actions).open // false
 */
export function allowedBy(...guards: readonly Allowed[]): Allowed {
  const forbidden = guards.map((allowed, i) => {
    const row = new Row(allowed, `guards[${i}]`, ACTIONS);
    return ACTIONS.filter((action) => !row.flag(action));
  });
  return allowedBut(forbidden.flat());
}
