// How good somebody's bids were, and what follows: contributions to the default fund of those who left others to bid are used
// before those of the others (juniorisation).
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, positive } from '../../venues/integer.js';
import { type Row, rowsOf } from '../../venues/rows.js';
import type { Participant } from '../allocate.js';
import { type Amount, amountAt } from '../amount.js';
import { oneOf } from '../words.js';
import type { Bid } from './sealed.js';

/**
 * - `none`: no bid
 * - `poor`: fewer units than it had to bid for, or at prices that the reserve does not accept
 * - `behind`: as many as it had to, all below the lowest price served
 * - `competitive`: as many as it had to, one of them at or above the lowest price served, whether it got a unit or not
 */
export type Quality = 'none' | 'poor' | 'behind' | 'competitive';

/** Somebody who has to bid. */
export interface MandatoryBid {
  /** Who has to bid. */
  id: string;
  /** Least units, over all its bids at or above the reserve; default 1. */
  minUnits?: Integer;
}

/** How good somebody's bids were. */
export interface BidQuality {
  /** Who had to bid. */
  id: string;
  /** From none to competitive. */
  quality: Quality;
}

/** Groups of juniority, the lowest taken first. */
export const GROUP_OF: Readonly<Record<Quality, number>> = { none: 0, poor: 0, behind: 1, competitive: 2 };
const QUALITIES = Object.keys(GROUP_OF) as readonly Quality[];
/** Who did not have to bid stands with those who bid well. */
const SENIOR = GROUP_OF.competitive;

/** Quality of those who had to bid, in their order. @throws MarginError duplicate, missing-key, unknown-key, type, range */
export function qualityOf(
  rule: Row,
  bids: { given: readonly Bid[]; valid: readonly Bid[]; clearing: Amount | null },
): BidQuality[] {
  if (!rule.has('mandatory')) return [];
  const members = rule.rows('mandatory', ['id', 'minUnits']);
  const ids = members.map((row) => row.text('id'));
  unique(ids, rule.at('mandatory'));
  const held = new Set(bids.given.map(({ bidder }) => bidder));
  const valid = new Map<string, { units: Amount; best: Amount }>();
  for (const { bidder, units, price } of bids.valid) {
    const own = valid.get(bidder);
    const best = own && own.best > price ? own.best : price;
    valid.set(bidder, { units: (own?.units ?? 0n) + units, best });
  }
  return members.map((row, i) => {
    const id = ids[i] as string;
    const least = positive(row.integer('minUnits', 1n), row.at('minUnits'));
    if (!held.has(id)) return { id, quality: 'none' };
    const own = valid.get(id);
    if (!own || own.units < least) return { id, quality: 'poor' };
    return { id, quality: own.best >= (bids.clearing as Amount) ? 'competitive' : 'behind' };
  });
}

/**
 * Contributions to a default fund in the order in which they are used: who did not bid or bid badly first, then who was
 * behind, then who bid as well as the winners or did not have to bid.
 * @param quality - of those who had to bid, as `sealedAuction` gives it
 * @param contributions - of all members: id, and capacity in minor units
 * @returns participants of `allocate(loss, ..., { method: 'juniority' })`, in the order of the contributions
 * @throws MarginError duplicate, missing-key, unknown-key, type, inexact, range
 * @see Eurex Clearing (no, insufficient, medium, sufficient bid), LCH SwapClear (no bid, short bid, winning bid or better) and
 *   ICE Clear Singapore (no bid, losing, winning), as compared by Zeliade, How CCPs allocate default losses; Bank of England
 *   Financial Stability Paper 20
 * @example
 * juniority([{ id: 'a', quality: 'none' }], [{ id: 'a', capacity: 5n }, { id: 'b', capacity: 7n }])
 *   // [{ id: 'a', capacity: 5n, group: 0 }, { id: 'b', capacity: 7n, group: 2 }]
 */
export function juniority(
  quality: readonly BidQuality[],
  contributions: readonly { id: string; capacity: Integer }[],
): Participant[] {
  const bids = rowsOf(listOf(quality, 'quality'), 'quality', ['id', 'quality']);
  const members = rowsOf(listOf(contributions, 'contributions'), 'contributions', ['id', 'capacity']);
  const groups = new Map(
    bids.map((row) => [row.text('id'), GROUP_OF[oneOf(row.raw('quality'), row.at('quality'), QUALITIES)]]),
  );
  unique(
    bids.map((row) => row.text('id')),
    'quality',
  );
  unique(
    members.map((row) => row.text('id')),
    'contributions',
  );
  return members.map((row) => {
    const id = row.text('id');
    return { id, capacity: amountAt(row, 'capacity'), group: groups.get(id) ?? SENIOR };
  });
}

function unique(ids: readonly string[], path: string): void {
  const seen = new Set<string>();
  for (const [i, id] of ids.entries()) {
    if (seen.has(id)) throw new MarginError('duplicate', { path: `${path}[${i}].id`, got: id });
    seen.add(id);
  }
}
