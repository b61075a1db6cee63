// How the units that division leaves over are given out. Every rule names who bears them, so that shares and dust together
// are the amount, to the unit.
import { type Amount, byId } from './amount.js';
import { firsts } from './firsts.js';

/**
 * - `largestRemainder`: a unit each to the largest fractions, ties to the lower id
 * - `floorThenId`: a unit each by ascending id, round and round (MetaFlux)
 * - `floorThenLast`: all to the last in the listed order (Vega)
 * - `ceilKeep`: everybody's share is rounded up, the excess is kept on a named account (Drift, Mango)
 * - `euclid`: everybody's share is rounded down, a named account bears the rest (dYdX)
 */
export type Rounding = 'largestRemainder' | 'floorThenId' | 'floorThenLast' | 'ceilKeep' | 'euclid';

export const ROUNDINGS: readonly Rounding[] = [
  'largestRemainder',
  'floorThenId',
  'floorThenLast',
  'ceilKeep',
  'euclid',
];

/** Somebody between whom an amount is split. */
export interface Bearer {
  id: string;
  weight: Amount;
  /** Most that it bears; null: no limit. */
  capacity: Amount | null;
}

/**
 * Splits an amount by weights: amount x weight / total each, at most the capacity, and the left-over units by the rule, to
 * those who have room.
 * @param amount - to be split
 * @param bearers - with a positive weight
 * @param total - sum of the weights, > 0
 * @param rule - who bears the left-over units
 * @param out - filled with a share for each bearer, in their order
 * @returns cut: what is beyond capacities; dust: what the shares and the cut are short of the amount: 0; above 0 with
 *   `euclid`, or where nobody has room; below 0 with `ceilKeep`
 */
export function split(
  amount: Amount,
  bearers: readonly Bearer[],
  total: Amount,
  rule: Rounding,
  out: Amount[],
): { cut: Amount; dust: Amount } {
  let [dust, cut] = [amount, 0n];
  const rests: Amount[] = [];
  for (const { weight, capacity } of bearers) {
    const product = amount * weight;
    let part = product / total;
    const rest = product - part * total;
    if (rule === 'ceilKeep' && rest > 0n) part += 1n;
    dust -= part;
    if (capacity !== null && part > capacity) {
      cut += part - capacity;
      part = capacity;
    }
    out.push(part);
    if (rule === 'largestRemainder') rests.push(rest);
  }
  if (dust <= 0n || rule === 'euclid' || rule === 'ceilKeep') return { cut, dust };
  return { cut, dust: handOut(dust, bearers, orderOf(bearers, rests, rule, out, dust), rule, out) };
}

/** Places of the bearers in the order in which left-over units are given: no more of them than there are units. */
function orderOf(
  bearers: readonly Bearer[],
  rests: readonly Amount[],
  rule: Rounding,
  out: readonly Amount[],
  units: Amount,
): number[] {
  const roomy: number[] = [];
  for (const [i, { capacity }] of bearers.entries())
    if (capacity === null || (out[i] as Amount) < capacity) roomy.push(i);
  if (rule === 'floorThenLast') return roomy.reverse();
  const ids = (a: number, b: number): boolean => byId((bearers[a] as Bearer).id, (bearers[b] as Bearer).id) < 0;
  const before = (a: number, b: number): boolean => {
    const [x, y] = [rests[a] as Amount, rests[b] as Amount];
    return x === y ? ids(a, b) : x > y;
  };
  const first = rule === 'floorThenId' ? ids : before;
  // A few units are found in one pass; where many get one, a sort is as good.
  if (units * FEW > BigInt(roomy.length)) return roomy.sort((a, b) => (first(a, b) ? -1 : 1));
  const places = firsts(roomy.length, wholeOf(units), (a, b) => first(roomy[a] as number, roomy[b] as number));
  return places.map((place) => roomy[place] as number);
}

/** Below this part of the bearers their first are picked instead of sorting all. */
const FEW = 16n;

/** A count of units that is known to be below that of the bearers. */
const wholeOf = (units: Amount): number => Number(units);

/** Gives units in turn to those with room; `floorThenLast` gives the first in the order all that it can bear. */
function handOut(
  units: Amount,
  bearers: readonly Bearer[],
  order: readonly number[],
  rule: Rounding,
  out: Amount[],
): Amount {
  let left = units;
  for (let given = true; left > 0n && given; ) {
    given = false;
    for (const i of order) {
      if (left === 0n) break;
      const { capacity } = bearers[i] as Bearer;
      const held = out[i] as Amount;
      const room = capacity === null ? left : capacity - held;
      if (room <= 0n) continue;
      const part = rule === 'floorThenLast' ? (room < left ? room : left) : 1n;
      out[i] = held + part;
      left -= part;
      given = true;
    }
  }
  return left;
}
