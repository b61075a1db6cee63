// The rank preview: where an account stands in the queue and what would be closed of it, with the order that production
// uses. It needs no margin engine and runs in a browser.
import { MarginError } from '../../errors.js';
import { type Integer, integer } from '../../venues/integer.js';
import { type Amount, amount, byId } from '../amount.js';
import { takings } from './adl.js';
import { type AdlCandidate, type AdlRule, checkedRule, type Read, readCandidates, turns } from './candidate.js';
import { orderOf } from './score.js';

/** A place in the queue. Amounts are lots in the space `contracts`, else minor units. */
export interface QueuePlace {
  /** Of the candidate. */
  id: string;
  /** 1 is closed first. */
  rank: number;
  /** What those in front can give. */
  ahead: Amount;
  /** What it can give itself. */
  amount: Amount;
  /** Accounts up to and including it, in hundredths of all, rounded up: 1 to 100. */
  percentile: number;
  /** Quintile of the amount up to and including it: 20 (closed first), 40, 60, 80, 100; 0 where all up to it have nothing. */
  light: number;
}

/** What decides a place. */
export type QueueRule = Omit<AdlRule, 'allocation' | 'price' | 'round' | 'risk' | 'seed'>;

/**
 * The whole queue.
 * @param candidates - of one side of the market, each id once
 * @param rule - score, space, hedges
 * @returns places, first to be closed first
 * @throws MarginError duplicate, missing-key, unknown-key, type, inexact, range
 * @see BitMEX, Auto-Deleveraging (quintiles by cumulative quantity)
 * @example
 * queueOf([{ id: 'a', lots: 30n, score: 1 }, { id: 'b', lots: 10n, score: 2 }], { space: 'contracts' })
 *   // [{ id: 'b', rank: 1, ahead: 0n, amount: 10n, percentile: 50, light: 40 },
 *   { id: 'a', rank: 2, ahead: 10n, amount: 30n, percentile: 100, light: 100 }]
 */
export function queueOf(candidates: readonly AdlCandidate[], rule: QueueRule): QueuePlace[] {
  const checked = checkedRule({ ...rule, allocation: 'queue' });
  const read = readCandidates(candidates, checked);
  const total = totalOf(read);
  const places: QueuePlace[] = [];
  let ahead = 0n;
  for (const place of turns(read, checked)) {
    const one = read[place] as Read;
    places.push(placeOf(one, places.length + 1, ahead, read.length, total));
    ahead += one.capacity;
  }
  return places;
}

/**
 * The place of one account, without sorting the others.
 * @param id - of the account
 * @param candidates - of its side of the market, itself among them
 * @param rule - as `queueOf`; with an allocation other than `queue`, `closedIf` answers by that
 * @returns its place, and closedIf: what would be closed of it if so much (lots, or minor units) had to be met
 * @throws MarginError unknown-id where the account is not among them, and as `queueOf`
 * @example
 * rankOf('a', [{ id: 'a', lots: 30n, score: 1 }, { id: 'b', lots: 10n, score: 2 }], { space: 'contracts' }).closedIf(15n)
 *   // 5n
 */
export function rankOf(
  id: string,
  candidates: readonly AdlCandidate[],
  rule: QueueRule & Partial<AdlRule>,
): QueuePlace & { closedIf: (need: Integer) => Amount } {
  const checked = checkedRule({ allocation: 'queue', ...rule });
  const read = readCandidates(candidates, { ...checked, allocation: 'queue' });
  const at = read.findIndex((one) => one.id === id);
  const own = read[at];
  if (own === undefined) throw new MarginError('unknown-id', { path: 'id', got: id, expected: 'a candidate' });
  let [rank, ahead] = [1, 0n];
  for (const one of read) {
    const order = orderOf(one.score, own.score);
    if (order > 0 || (order === 0 && byId(one.id, id) >= 0)) continue;
    rank++;
    ahead += one.capacity;
  }
  const bearers = checked.allocation === 'queue' ? read : readCandidates(candidates, checked);
  const closedIf = (need: Integer): Amount => {
    const asked = amount(integer(need, 'need'), 'need');
    if (checked.allocation !== 'queue') return takings(asked, bearers, checked).shares[at] as Amount;
    const reached = asked > ahead ? asked - ahead : 0n;
    return reached < own.capacity ? reached : own.capacity;
  };
  return { ...placeOf(own, rank, ahead, read.length, totalOf(read)), closedIf };
}

const LIGHTS = 5n;

function placeOf({ id, capacity }: Read, rank: number, ahead: Amount, count: number, total: Amount): QueuePlace {
  const reached = LIGHTS * (ahead + capacity);
  const fifths = total === 0n ? 0n : (reached + total - 1n) / total;
  const percentile = Number((100n * BigInt(rank) + BigInt(count) - 1n) / BigInt(count));
  return { id, rank, ahead, amount: capacity, percentile, light: 20 * Number(fifths) };
}

const totalOf = (read: readonly Read[]): Amount => read.reduce((sum, { capacity }) => sum + capacity, 0n);
