// Changes of parameters that wait before they come into force, so that whoever disagrees can leave: proposed, ready at a known
// time, then applied or cancelled. A queue is a list that steps copy and never change.
import { MarginError } from '../errors.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { oneOf } from '../waterfall/words.js';
import {
  diffParameters,
  leavesOf,
  type ParameterChange,
  type ParameterSet,
  parameterSet,
  type Tree,
} from './parameters.js';
import { argument, countAt, endAt, endOf, laterAt, timeAt } from './read.js';

/** How long a change waits. */
export interface TimelockRule {
  /** Time between proposal and force. */
  delay: number;
  /** Time after which a proposal that is ready can not be applied any more; default: it always can. */
  grace?: number;
}

/** A change of parameters in a queue. */
export interface Proposal {
  /** Its name, unique in the queue. */
  id: string;
  /** Who has proposed it. */
  author: string;
  /** Version that it was written for: another one in force makes it a different change. */
  base: number;
  /** All values as they should be. */
  values: Tree;
  /** Units of time. */
  proposedAt: number;
  /** When it may be applied, units of time. */
  readyAt: number;
  /** Null: it does not expire. */
  expiresAt: number | null;
  /** Whether it waits, is in force, or was taken back. */
  status: 'queued' | 'applied' | 'cancelled';
  /** Who applied or cancelled it and when; null while it waits. */
  closed: { by: string; at: number } | null;
}

/** Proposals in the order in which they were made; steps return a new one. */
export type Queue = readonly Proposal[];

const PROPOSAL = ['id', 'author', 'base', 'values', 'proposedAt', 'readyAt', 'expiresAt', 'status', 'closed'] as const;

/**
 * Puts a change into the queue.
 * @param queue - proposals so far; an empty list at first
 * @param current - the set in force
 * @param proposal - id, author, values and time
 * @param rule - delay
 * @returns the queue with it at the end
 * @throws MarginError duplicate, conflict where nothing would change, range, missing-key, type, unknown-key
 * @example
 * propose([], { version: 1, author: 'dao', at: 0, values: { ltv: 70 } }, { id: 'p1', author: 'ana', values: { ltv: 75 }, at: 5 },
 *   { delay: 100 })[0].readyAt // 105
 */
export function propose(
  queue: Queue,
  current: ParameterSet,
  proposal: { id: string; author: string; values: Tree; at: number },
  rule: TimelockRule,
): Queue {
  const before = readQueue(queue);
  const set = parameterSet(current, 'current');
  const row = argument(proposal, 'proposal', ['id', 'author', 'values', 'at']);
  const lock = argument(rule, 'rule', ['delay', 'grace']);
  const id = row.text('id');
  if (before.some((one) => one.id === id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
  const values = row.need('values', 'an object') as Tree;
  leavesOf(values, row.at('values'));
  const proposedAt = laterAt(row, 'at', set.at);
  if (diffParameters(set.values, values).length === 0) {
    throw new MarginError('conflict', { path: row.at('values'), expected: 'a change of the set in force' });
  }
  const readyAt = endOf(proposedAt, timeAt(lock, 'delay'), lock.at('delay'));
  const expiresAt = lock.has('grace') ? endOf(readyAt, timeAt(lock, 'grace'), lock.at('grace')) : null;
  const author = row.text('author');
  const base = set.version;
  return [...before, { id, author, base, values, proposedAt, readyAt, expiresAt, status: 'queued', closed: null }];
}

/**
 * Takes a waiting change back.
 * @param queue - proposals
 * @param id - of one that waits
 * @param action - by whom, and when
 * @returns the queue with the proposal cancelled; it stays as a record
 * @throws MarginError unknown-id, conflict where it no longer waits, range, missing-key, type, unknown-key
 * @example
 * cancelProposal(propose([], { version: 1, author: 'dao', at: 0, values: { a: 1 } }, { id: 'p', author: 'b', values: { a: 2 },
 *   at: 0 }, { delay: 9 }), 'p', { by: 'guardian', at: 3 })[0].status // 'cancelled'
 */
export function cancelProposal(queue: Queue, id: string, action: { by: string; at: number }): Queue {
  const before = readQueue(queue);
  const proposal = waiting(before, id);
  return closed(before, proposal, 'cancelled', action);
}

/**
 * Puts a change that is ready into force.
 * @param current - the set in force: the one that the proposal was written for
 * @param queue - proposals
 * @param id - of one that waits
 * @param action - by whom, and when
 * @returns the next version, what changes with it, and the queue with the proposal applied
 * @throws MarginError unknown-id, conflict where it no longer waits or another version is in force, range where it is not ready
 *   or has expired, missing-key, type, unknown-key
 * @example
 * applyAt({ version: 1, author: 'dao', at: 0, values: { a: 1 } }, propose([], { version: 1, author: 'dao', at: 0, values: { a: 1 } },
 *   { id: 'p', author: 'b', values: { a: 2 }, at: 0 }, { delay: 9 }), 'p', { by: 'anyone', at: 9 }).parameters.version // 2
 */
export function applyAt(
  current: ParameterSet,
  queue: Queue,
  id: string,
  action: { by: string; at: number },
): { parameters: ParameterSet; changes: ParameterChange[]; queue: Queue } {
  const set = parameterSet(current, 'current');
  const before = readQueue(queue);
  const proposal = waiting(before, id);
  const { base, values, author, readyAt, expiresAt } = proposal;
  if (base !== set.version) {
    const hint = 'Propose it anew: it was written for another set';
    throw new MarginError('conflict', { path: 'current.version', got: set.version, expected: `version ${base}`, hint });
  }
  const next = closed(before, proposal, 'applied', action);
  const { at } = action;
  if (at < readyAt || (expiresAt !== null && at > expiresAt)) {
    const expected = `${readyAt}${expiresAt === null ? ' or later' : ` to ${expiresAt}`}`;
    throw new MarginError('range', { path: 'action.at', got: at, expected });
  }
  const parameters = { version: set.version + 1, author, at, values };
  return { parameters, changes: diffParameters(set.values, values), queue: next };
}

function readQueue(queue: Queue): Proposal[] {
  const ids = new Set<string>();
  return rowsOf(listOf(queue, 'queue'), 'queue', PROPOSAL).map((row) => {
    const proposal = readProposal(row);
    if (ids.has(proposal.id)) throw new MarginError('duplicate', { path: row.at('id'), got: proposal.id });
    ids.add(proposal.id);
    return proposal;
  });
}

function readProposal(row: Row): Proposal {
  const values = row.need('values', 'an object') as Tree;
  leavesOf(values, row.at('values'));
  const proposedAt = timeAt(row, 'proposedAt');
  const status = oneOf(row.raw('status'), row.at('status'), ['queued', 'applied', 'cancelled']);
  const end = row.has('closed') ? row.row('closed', ['by', 'at']) : null;
  if ((status === 'queued') !== (end === null)) {
    const expected = status === 'queued' ? 'null while it waits' : `who ${status} it, and when`;
    throw new MarginError('conflict', { path: row.at('closed'), got: row.raw('closed'), expected });
  }
  return {
    id: row.text('id'),
    author: row.text('author'),
    base: countAt(row, 'base'),
    values,
    proposedAt,
    readyAt: endAt(row, 'readyAt'),
    expiresAt: row.has('expiresAt') ? endAt(row, 'expiresAt') : null,
    status,
    closed: end && { by: end.text('by'), at: laterAt(end, 'at', proposedAt) },
  };
}

function waiting(queue: readonly Proposal[], id: string): Proposal {
  const proposal = queue.find((one) => one.id === id);
  if (!proposal) throw new MarginError('unknown-id', { path: 'id', got: id, expected: 'a proposal of the queue' });
  if (proposal.status === 'queued') return proposal;
  throw new MarginError('conflict', { path: 'id', got: id, expected: `one that waits; it is ${proposal.status}` });
}

function closed(
  queue: readonly Proposal[],
  proposal: Proposal,
  status: 'applied' | 'cancelled',
  action: { by: string; at: number },
): Queue {
  const row = argument(action, 'action', ['by', 'at']);
  const at = laterAt(row, 'at', proposal.proposedAt);
  const by = row.text('by');
  return queue.map((one) => (one === proposal ? { ...one, status, closed: { by, at } } : one));
}
