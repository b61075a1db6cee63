// Who bears how much of an amount: one after the other, in proportion, in proportion up to what each can bear, or by
// seniority. The rule for left-over units is apart (rounding.ts), and so is who may be asked and for how much (layer.ts).
import { MarginError } from '../errors.js';
import { listOf } from '../liquidation/list.js';
import type { Integer } from '../venues/integer.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Amount, amount as amountOf, byId } from './amount.js';
import { type Bearer, ROUNDINGS, type Rounding, split } from './rounding.js';
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

export interface AllocationRule {
  method: Allocation;
  /** Default `largestRemainder`. */
  round?: Rounding;
}

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

/** A participant as it is worked with. */
export interface Asked extends Bearer {
  rank: number;
  group: number;
}

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
export function share(amount: Amount, asked: readonly Asked[], method: Allocation, round: Rounding): Allocated {
  const shares: Amount[] = new Array<Amount>(asked.length).fill(0n);
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
function turnsOf(asked: readonly Asked[], method: Allocation): number[][] {
  const places = asked.map((_, i) => i);
  if (method === 'queue') {
    const order = (a: Asked, b: Asked): number => (a.rank === b.rank ? byId(a.id, b.id) : a.rank > b.rank ? -1 : 1);
    return [places.sort((i, j) => order(asked[i] as Asked, asked[j] as Asked))];
  }
  if (method !== 'juniority') return [places];
  const groups = new Map<number, number[]>();
  for (const i of places) {
    const { group } = asked[i] as Asked;
    const members = groups.get(group);
    if (members) members.push(i);
    else groups.set(group, [i]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, members]) => members);
}

/** One after the other, each up to its capacity. @returns what is left */
function inTurn(amount: Amount, asked: readonly Asked[], places: readonly number[], shares: Amount[]): Amount {
  let left = amount;
  for (const i of places) {
    if (left === 0n) break;
    const { capacity } = asked[i] as Asked;
    const part = capacity === null || capacity > left ? left : capacity;
    shares[i] = part;
    left -= part;
  }
  return left;
}

/** By weight. With `strict` what is beyond a capacity stays open, otherwise the others bear it. */
function byWeight(
  amount: Amount,
  asked: readonly Asked[],
  places: readonly number[],
  strict: boolean,
  round: Rounding,
  shares: Amount[],
): { open: Amount; dust: Amount } {
  const weighty = places.filter((i) => (asked[i] as Asked).weight > 0n);
  if (weighty.length === 0) {
    if (places.every((i) => (asked[i] as Asked).capacity === 0n)) return { open: amount, dust: 0n };
    const expected = 'a weight above 0 for somebody who has room';
    throw new MarginError('range', { path: 'participants', got: 0n, expected, hint: 'All weights are 0' });
  }
  const { members, left } = strict ? { members: weighty, left: amount } : filled(amount, asked, weighty, shares);
  if (members.length === 0) return { open: left, dust: 0n };
  const out: Amount[] = [];
  const bearers = members.map((i) => asked[i] as Asked);
  const { cut, dust } = split(left, bearers, weightOf(asked, members), round, out);
  members.forEach((i, k) => {
    shares[i] = out[k] as Amount;
  });
  return round === 'euclid' || round === 'ceilKeep' ? { open: cut, dust } : { open: cut + dust, dust: 0n };
}

const weightOf = (asked: readonly Asked[], places: readonly number[]): Amount =>
  places.reduce((sum, i) => sum + (asked[i] as Asked).weight, 0n);

/**
 * Fills up those whose part is beyond their capacity. Round after round: taking them out only raises the part of the
 * others, so who is full stays full, and few rounds are needed (water-filling without a sort).
 * @returns who is not full, and what is left for them
 */
function filled(
  amount: Amount,
  asked: readonly Asked[],
  places: readonly number[],
  shares: Amount[],
): { members: readonly number[]; left: Amount } {
  let [members, left] = [places, amount];
  for (let total = weightOf(asked, members); members.length > 0; ) {
    let [full, weight] = [0n, 0n];
    const rest: number[] = [];
    for (const i of members) {
      const bearer = asked[i] as Asked;
      if (bearer.capacity === null || bearer.capacity * total > left * bearer.weight) rest.push(i);
      else {
        shares[i] = bearer.capacity;
        full += bearer.capacity;
        weight += bearer.weight;
      }
    }
    if (rest.length === members.length) break;
    members = rest;
    left -= full;
    total -= weight;
  }
  return { members, left };
}

function asksOf(row: Row): Asked {
  const capacity = row.has('capacity') ? amountOf(row.integer('capacity'), row.at('capacity')) : null;
  if (!row.has('weight') && capacity === null) row.need('weight', 'a weight, or a capacity');
  const weight = row.has('weight') ? amountOf(row.integer('weight'), row.at('weight')) : (capacity as Amount);
  return { id: row.text('id'), weight, capacity, rank: row.number('rank', 0), group: row.number('group', 0) };
}
