// Who bears how much of an amount: one after the other, in proportion, in proportion up to what each can bear, or by
// seniority. The rule for left-over units is apart (rounding.ts), and so is who may be asked and for how much (layer.ts).
import { MarginError } from '../errors.js';
import { listOf } from '../liquidation/list.js';
import { type Integer, smaller } from '../venues/integer.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Amount, amount as amountOf, byId } from './amount.js';
import { AmountColumn } from './amount-column.js';
import { type Ask, Asked } from './asked.js';
import { ROUNDINGS, type Rounding, roundOff, type Split } from './rounding.js';
import { oneOf } from './words.js';

/**
 * - `sequential`: in the listed order, each up to its capacity
 * - `queue`: by falling rank, each up to its capacity; ties by id
 * - `proRata`: by weight, what is beyond somebody's capacity stays open
 * - `cappedProRata`: by weight, what is beyond somebody's capacity goes to the others (water-filling)
 * - `juniority`: group after group, the lowest first; inside a group as `cappedProRata`
 */
export type Allocation = 'sequential' | 'queue' | 'proRata' | 'cappedProRata' | 'juniority';

export const ALLOCATIONS: readonly Allocation[] = ['sequential', 'queue', 'proRata', 'cappedProRata', 'juniority'];

/** Somebody who may bear a part. */
export interface Participant {
  /** Unique among participants; ties go to the lower one. */
  id: string;
  /** By which it is asked, >= 0; default: its capacity. */
  weight?: Integer;
  /** Most that it bears, minor units; null or left out: no limit. */
  capacity?: Integer | null;
  /** Place in a queue: the largest first; a score, not money. Default 0. */
  rank?: number;
  /** Seniority: the lowest group is taken first; default 0. */
  group?: number;
}

/** How an amount is split. */
export interface AllocationRule {
  /** Who bears how much. */
  method: Allocation;
  /** Default `largestRemainder`. */
  round?: Rounding;
}

/** A split amount. */
export interface Allocated {
  /** Minor units by participant, in the order of the participants. */
  shares: Amount[];
  /** Sum of the shares. */
  taken: Amount;
  /** What nobody bears. */
  residual: Amount;
  /**
   * Left-over units that a named account bears (above 0, `euclid`) or receives (below 0, `ceilKeep`):
   * taken + residual + dust = amount.
   */
  dust: Amount;
}

const PARTICIPANT = ['id', 'weight', 'capacity', 'rank', 'group'] as const;

/**
 * Splits an amount between participants.
 * @param amount - minor units, >= 0
 * @param participants - each id once
 * @param rule - method, and who bears left-over units
 * @returns shares, and what nobody bears; nobody gives more than its capacity, and the parts are the amount to the unit
 * @throws MarginError range where an amount, weight or capacity is below 0 or all weights are 0 while somebody has room,
 *   duplicate, missing-key, type, inexact
 * @example
 * allocate(10n, [{ id: '1', capacity: 7n }, { id: '2', capacity: 7n }, { id: '3', capacity: 7n }],
 *   { method: 'cappedProRata', round: 'floorThenId' })
 *   // { shares: [4n, 3n, 3n], taken: 10n, residual: 0n, dust: 0n }
 */
export function allocate(amount: Integer, participants: readonly Participant[], rule: AllocationRule): Allocated {
  const total = amountOf(amount, 'amount');
  const asked = rowsOf(listOf(participants, 'participants'), 'participants', PARTICIPANT).map(asksOf);
  const ids = new Set<string>();
  for (const [i, { id }] of asked.entries()) {
    if (ids.has(id)) throw new MarginError('duplicate', { path: `participants[${i}].id`, got: id });
    ids.add(id);
  }
  const method = oneOf(rule?.method, 'rule.method', ALLOCATIONS);
  return share(total, asked, method, oneOf(rule.round ?? 'largestRemainder', 'rule.round', ROUNDINGS));
}

/** As `allocate`, of what has been read already. */
export function share(amount: Amount, asks: readonly Ask[], method: Allocation, round: Rounding): Allocated {
  const { shares, ...rest } = shareColumns(amount, Asked.of(asks), method, round);
  return { shares: [...shares], ...rest };
}

/** As `share`, of columns. */
export function shareColumns(
  amount: Amount,
  asked: Asked,
  method: Allocation,
  round: Rounding,
): Omit<Allocated, 'shares'> & { shares: AmountColumn } {
  const shares = AmountColumn.zeros(asked.length);
  let open = amount;
  let dust = 0n;
  for (const places of turnsOf(asked, method)) {
    if (open === 0n) break;
    if (method === 'sequential' || method === 'queue') open = inTurn(open, asked, places, shares);
    else ({ open, dust } = byWeight(open, asked, places, method === 'proRata', round, shares));
    if (dust !== 0n) break;
  }
  return { shares, taken: amount - open - dust, residual: open, dust };
}

/** Places of those who are asked together, turn after turn. */
function turnsOf(asked: Asked, method: Allocation): number[][] {
  const places = asked.keys.map((_, place) => place);
  if (method === 'queue') {
    const order = (a: number, b: number): number => asked.rank(b) - asked.rank(a) || byId(asked.id(a), asked.id(b));
    return [places.sort(order)];
  }
  if (method !== 'juniority') return [places];
  const groups = new Map<number, number[]>();
  for (const place of places) {
    const group = asked.group(place);
    const members = groups.get(group);
    if (members) members.push(place);
    else groups.set(group, [place]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, members]) => members);
}

/** One after the other, each up to its capacity. @returns what is left */
function inTurn(amount: Amount, asked: Asked, places: readonly number[], shares: AmountColumn): Amount {
  let left = amount;
  for (const place of places) {
    if (left === 0n) break;
    const part = smaller(left, asked.capacity(place) ?? left);
    shares.set(place, part);
    left -= part;
  }
  return left;
}

/** By weight. With `strict` what is beyond a capacity stays open, otherwise the others bear it. */
function byWeight(
  amount: Amount,
  asked: Asked,
  places: readonly number[],
  strict: boolean,
  round: Rounding,
  shares: AmountColumn,
): { open: Amount; dust: Amount } {
  const weighty = asked.weighty(places);
  if (weighty.length === 0) {
    if (places.every((place) => asked.capacity(place) === 0n)) return { open: amount, dust: 0n };
    const expected = 'a weight above 0 for somebody who has room';
    throw new MarginError('range', { path: 'participants', got: 0n, expected, hint: 'All weights are 0' });
  }
  const split = { asked, shares, rests: AmountColumn.zeros(asked.length) };
  const { members, cut, left } = (strict ? capped : filled)(amount, split, weighty);
  const rest = roundOff(left, split, members, round);
  if (round === 'euclid') return { open: cut, dust: rest };
  // What was rounded up for some first fills what others could not bear.
  const open = cut + rest;
  return open < 0n ? { open: 0n, dust: open } : { open, dust: 0n };
}

/** Parts of an amount, rounded down. */
interface Parts {
  /** Who bears left-over units: those that are not full. */
  members: readonly number[];
  /** What is beyond capacities. */
  cut: Amount;
  /** Left-over units, fewer than members. */
  left: Amount;
}

/** Everybody's part, at most what it can bear. */
function capped(amount: Amount, { asked, shares, rests }: Split, places: readonly number[]): Parts {
  const total = asked.weightOf(places);
  let [left, cut] = [amount, 0n];
  for (const place of places) {
    const product = amount * asked.weight(place);
    const part = product / total;
    const borne = smaller(part, asked.capacity(place) ?? part);
    shares.set(place, borne);
    rests.set(place, product % total);
    left -= part;
    cut += part - borne;
  }
  return { members: places, cut, left };
}

/**
 * Everybody's part, where who would bear more than it can is full and the others share the rest. Round after round: taking
 * the full ones out only raises the part of the others, so who is full stays full, and few rounds are needed (water-filling
 * without a sort).
 */
function filled(amount: Amount, { asked, shares, rests }: Split, places: readonly number[]): Parts {
  let [members, open, total] = [places, amount, asked.weightOf(places)];
  for (;;) {
    let [left, full, weight] = [open, 0n, 0n];
    for (const place of members) {
      const weighs = asked.weight(place);
      const product = open * weighs;
      const part = product / total;
      const capacity = asked.capacity(place);
      // Capacities are whole, so the part rounded down reaches them where the part does.
      if (capacity !== null && capacity <= part) {
        shares.set(place, capacity);
        full += capacity;
        weight += weighs;
        continue;
      }
      shares.set(place, part);
      rests.set(place, product % total);
      left -= part;
    }
    if (weight === 0n) return { members, cut: 0n, left };
    members = members.filter((place) => shares.at(place) !== asked.capacity(place));
    [open, total] = [open - full, total - weight];
    if (members.length === 0) return { members, cut: open, left: 0n };
  }
}

function asksOf(row: Row): Ask {
  const capacity = row.has('capacity') ? amountOf(row.integer('capacity'), row.at('capacity')) : null;
  if (!row.has('weight') && capacity === null) row.need('weight', 'a weight, or a capacity');
  const weight = row.has('weight') ? amountOf(row.integer('weight'), row.at('weight')) : (capacity as Amount);
  return { id: row.text('id'), weight, capacity, rank: row.number('rank', 0), group: row.number('group', 0) };
}
