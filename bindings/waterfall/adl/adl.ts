// Auto-deleveraging: whose positions or equity meet a default, how much each gives and at which price. The answer says
// first whether there is enough, then who closes what, and then what was needed, taken, taken too much and left open.

import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { magnitude } from '../../venues/integer.js';
import { share } from '../allocate.js';
import { type Amount, ceilOf } from '../amount.js';
import { gap, haircutsOf, lackOf } from './budget.js';
import {
  type AdlCandidate,
  type AdlRule,
  byWeight,
  type CheckedRule,
  checkedRule,
  type Read,
  readCandidates,
  turns,
} from './candidate.js';
import { type AdlNeed, type Task, taskOf } from './need.js';

/** What a counterparty gives. */
export interface AdlClose {
  /** Of the candidate. */
  id: string;
  /** Change of its position, signed lots, in the space `contracts`; else 0. With the defaulter's they add up to 0. */
  lots: Amount;
  /** What it gives against the mark, minor units; below 0: the price was better for it. */
  loss: Amount;
}

/** Whether there is enough, before anything is taken. Lots in the space `contracts`, else minor units. */
export interface AdlFeasibility {
  /** What is needed, in the unit of the space. */
  asked: Amount;
  /** Most that all candidates together can give. */
  capacity: Amount;
  /** Whether the capacity reaches. */
  feasible: boolean;
  /** asked / capacity; null without capacity. */
  factor: Exact | null;
}

export interface AdlResult extends AdlFeasibility {
  /** Who gives something: in the order in which they were asked, of a pro-rata split by id. */
  closes: AdlClose[];
  /** Change of the defaulter's position, signed lots. */
  defaulterLots: Amount;
  /** Minor units at which the closes are made, a lot; null outside of the space `contracts`. */
  price: Exact | null;
  /** What was needed, minor units: the loss beyond bankruptcy, or what layers before left of a loss. */
  needed: Amount;
  /** Sum of the losses of the closes, minor units. */
  taken: Amount;
  /** Taken and not needed; needed and not taken; minor units. */
  overshoot: Amount;
  /** Needed and not taken, minor units. */
  shortfall: Amount;
  /** Asked for and given by nobody, in the unit of the space. */
  residual: Amount;
  /** By candidate, in their order: the share that was taken of its lots, equity or profit, exactly. */
  haircuts: Exact[];
  /** Equity after it, minor units; null where the equity is not known. */
  after: (Amount | null)[];
  /** Who was passed over, as the price is beyond its own bankruptcy. */
  skipped: string[];
}

/**
 * Whether the candidates can meet a need at all, in this space: of `pnl`, whether the gains reach.
 * @param need - position or loss
 * @param candidates - who may be deleveraged; those whose own bankruptcy price is not reached do not count
 * @param rule - how
 * @returns what is asked, what there is, and their quotient
 * @throws MarginError as `adl`
 * @example
 * adlFeasibility({ loss: 9n }, [{ id: '1', pnl: 4n, cash: 90n }, { id: '2', pnl: 2n, cash: 0n }],
 *   { allocation: 'proRata', space: 'pnl' })
 *   // { asked: 9n, capacity: 6n, feasible: false, factor: { numerator: 9n, denominator: 6n } }
 */
export function adlFeasibility(need: AdlNeed, candidates: readonly AdlCandidate[], rule: AdlRule): AdlFeasibility {
  const { task, read } = prepared(need, candidates, checkedRule(rule));
  return feasibilityOf(task, read);
}

/**
 * Deleverages: meets a default out of the positions, equity or profits of others. Nobody gives more than it has; what
 * nobody gives is the residual, and the order of the list says nothing (but for the allocation `listed`).
 * @param need - the position that has to go (space `contracts`), or the loss that has to be met
 * @param candidates - the other side: each id once
 * @param rule - score x allocation x space x price
 * @returns closes, what was needed and what was taken, minor units; see `AdlResult`
 * @throws MarginError conflict where the defaulter is a candidate, duplicate, missing-key, unknown-key, type, inexact,
 *   range; none where there is not enough: that is an answer
 * @example
 * adl({ size: -2n, mark: 4_000, bankruptcy: 3_250 },
 *   [{ id: 'L1', lots: 1n, score: 2 }, { id: 'L2', lots: 1n, score: 1 }],
 *   { allocation: 'queue', space: 'contracts' }).closes
 *   // [{ id: 'L1', lots: -1n, loss: 750n }, { id: 'L2', lots: -1n, loss: 750n }]
 */
export function adl(need: AdlNeed, candidates: readonly AdlCandidate[], rule: AdlRule): AdlResult {
  const checked = checkedRule(rule);
  const { task, read, skipped } = prepared(need, candidates, checked);
  const { shares, order } = takings(task.asked, read, checked);
  const losses = lossesOf(task, shares, read, order);
  const closes = order
    .filter((place) => (shares[place] as Amount) > 0n)
    .map((place) => ({
      id: (read[place] as Read).id,
      lots: task.sign * (shares[place] as Amount),
      loss: losses[place] as Amount,
    }));
  const given = shares.reduce((sum, part) => sum + part, 0n);
  const taken = losses.reduce((sum, part) => sum + part, 0n);
  return {
    ...feasibilityOf(task, read),
    closes,
    defaulterLots: -task.sign * given,
    price: task.price,
    needed: task.needed,
    taken,
    ...gap(task.needed, taken),
    residual: task.asked - given,
    haircuts: haircutsOf(
      shares,
      read.map(({ endowment }) => endowment),
    ),
    after: read.map(({ equity }, place) => (equity === null ? null : equity - (losses[place] as Amount))),
    skipped,
  };
}

/** How much each gives of an amount, and in which order they were asked as far as it was read. */
export function takings(
  asked: Amount,
  read: readonly Read[],
  rule: CheckedRule,
): { shares: Amount[]; order: number[] } {
  if (byWeight(rule)) {
    const { shares } = share(asked, read, rule.allocation as 'proRata' | 'cappedProRata', rule.round);
    return { shares, order: [...turns(read, rule)] };
  }
  const shares = new Array<Amount>(read.length).fill(0n);
  const order: number[] = [];
  let left = asked;
  for (const place of turns(read, rule)) {
    if (left === 0n) break;
    const { capacity } = read[place] as Read;
    const part = capacity < left ? capacity : left;
    shares[place] = part;
    order.push(place);
    left -= part;
  }
  return { shares, order };
}

/** A need and who is asked: those who would be bankrupt at the price have no capacity, and the defaulter is not among them. */
function prepared(
  need: AdlNeed,
  candidates: readonly AdlCandidate[],
  rule: CheckedRule,
): { task: Task; read: Read[]; skipped: string[] } {
  const task = taskOf(need, rule);
  const all = readCandidates(candidates, rule);
  const self = all.findIndex(({ id }) => id === need.account);
  if (self >= 0) {
    const expected = 'others than the defaulter';
    throw new MarginError('conflict', { path: `candidates[${self}].id`, got: need.account, expected });
  }
  const { price, sign } = task;
  const skipped: string[] = [];
  if (price === null) return { task, read: all, skipped };
  const read = all.map((one) => {
    if (one.bankruptcy === null || lackOf(sign, price, one.bankruptcy).numerator <= 0n) return one;
    skipped.push(one.id);
    return { ...one, capacity: 0n };
  });
  return { task, read, skipped };
}

/** Losses against the mark: of a space of money what is given; of contracts the lots' part of the whole, which is rounded up once. */
function lossesOf(task: Task, shares: readonly Amount[], read: readonly Read[], order: readonly number[]): Amount[] {
  if (task.perLot === null) return [...shares];
  const losses = new Array<Amount>(shares.length).fill(0n);
  const closed = order.filter((place) => (shares[place] as Amount) > 0n);
  const total = ceilOf(
    closed.reduce((sum, place) => sum + (shares[place] as Amount), 0n),
    task.perLot,
  );
  const bearers = closed.map((place) => {
    return { id: (read[place] as Read).id, weight: shares[place] as Amount };
  });
  const parts = share(magnitude(total), bearers, 'proRata', 'largestRemainder').shares;
  closed.forEach((place, i) => {
    losses[place] = total < 0n ? -(parts[i] as Amount) : (parts[i] as Amount);
  });
  return losses;
}

function feasibilityOf({ asked }: Task, read: readonly Read[]): AdlFeasibility {
  const capacity = read.reduce((sum, one) => sum + one.capacity, 0n);
  const factor = capacity === 0n ? null : { numerator: asked, denominator: capacity };
  return { asked, capacity, feasible: asked <= capacity, factor };
}
