// Many defaults of one side at once: one ranking of all counterparties serves them, so a cascade costs one pass over the
// accounts and a heap step for each that is closed.
import { MarginError } from '../../errors.js';
import { listOf } from '../../liquidation/list.js';
import { type Integer, integer } from '../../venues/integer.js';
import { type Amount, amount } from '../amount.js';
import { RankQueue } from './rank-queue.js';

/** A close out of the queue. */
export interface QueueFill {
  /** Place of the default in the list of needs. */
  need: number;
  /** Place of the counterparty in the columns. */
  place: number;
  /** Unsigned. */
  lots: Amount;
}

/**
 * Closes defaults one after the other against one queue; who is closed in part stays the first.
 * @param needs - lots of each default, unsigned, in the order in which they are met
 * @param scores - of the counterparties, the largest first; as `RankQueue`
 * @param lots - of the counterparties, unsigned
 * @param ids - of the counterparties, for ties; without them ties go by place
 * @returns fills in the order in which they are made, and what of each need nobody is left for
 * @throws MarginError missing-key, type, inexact, range where lots are below 0 or the columns differ in length, not-finite
 * @example
 * closeMany([3n, 4n], new Float64Array([1, 9]), new BigInt64Array([5n, 4n]))
 *   // { fills: [{ need: 0, place: 1, lots: 3n }, { need: 1, place: 1, lots: 1n }, { need: 1, place: 0, lots: 3n }],
 *   residuals: [0n, 0n] }
 */
export function closeMany(
  needs: readonly Integer[],
  scores: Float64Array,
  lots: BigInt64Array | readonly Amount[],
  ids?: readonly string[],
): { fills: QueueFill[]; residuals: Amount[] } {
  const open = listOf(needs, 'needs').map((need, i) => amount(integer(need as Integer, `needs[${i}]`), `needs[${i}]`));
  const queue = new RankQueue(scores, ids);
  const has = lots instanceof BigInt64Array ? lots.length : listOf(lots, 'lots').length;
  if (has !== queue.size) {
    throw new MarginError('range', { path: 'lots', got: has, expected: `${queue.size}, one for each score` });
  }
  const fills: QueueFill[] = [];
  let place = queue.pop();
  let held = heldAt(lots, place);
  const residuals = open.map((asked, need) => {
    let left = asked;
    while (left > 0n && place !== undefined) {
      const part = held < left ? held : left;
      if (part > 0n) fills.push({ need, place, lots: part });
      left -= part;
      held -= part;
      if (held > 0n) break;
      place = queue.pop();
      held = heldAt(lots, place);
    }
    return left;
  });
  return { fills, residuals };
}

const heldAt = (lots: BigInt64Array | readonly Amount[], place: number | undefined): Amount =>
  place === undefined ? 0n : amount(lots[place] as Amount, `lots[${place}]`);
