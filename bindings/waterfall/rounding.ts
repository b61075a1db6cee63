// How the units that division leaves over are given out. Every rule names who bears them, so that shares and dust together
// are the amount, to the unit.
import { smaller } from '../venues/integer.js';
import { type Amount, byId } from './amount.js';
import type { AmountColumn } from './amount-column.js';
import type { Asked } from './asked.js';
import { firstOf } from './firsts.js';

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

/** An amount that is being split: parts rounded down, and what division has left of each. */
export interface Split {
  asked: Asked;
  /** By place. */
  shares: AmountColumn;
  rests: AmountColumn;
}

/**
 * Gives left-over units to those who bear them.
 * @param units - what the parts of all, rounded down, are short of the amount
 * @param split - whose shares are raised
 * @param members - places of those who may bear units, in their order
 * @param rule - who of them does
 * @returns what is left of the units: 0; above 0 with `euclid`, or where nobody has room; below 0 with `ceilKeep`
 */
export function roundOff(units: Amount, split: Split, members: readonly number[], rule: Rounding): Amount {
  if (rule === 'ceilKeep') return roundUp(units, split, members);
  if (units === 0n || rule === 'euclid') return units;
  const roomy = members.filter((place) => roomAt(split, place) !== 0n);
  return handOut(units, split, ordered(roomy, units, split, rule), rule);
}

/** Everybody's part is rounded up, as far as there is room. */
function roundUp(units: Amount, split: Split, members: readonly number[]): Amount {
  let left = units;
  for (const place of members) {
    if (split.rests.at(place) === 0n || roomAt(split, place) === 0n) continue;
    split.shares.add(place, 1n);
    left -= 1n;
  }
  return left;
}

/** null: no limit. */
function roomAt({ asked, shares }: Split, place: number): Amount | null {
  const capacity = asked.capacity(place);
  return capacity === null ? null : capacity - shares.at(place);
}

/** Places in the order in which left-over units are given; where fewer get one than could, those who do, in no order. */
function ordered(places: number[], units: Amount, { asked, rests }: Split, rule: Rounding): number[] {
  if (rule === 'floorThenLast') return places.reverse();
  const ids = (a: number, b: number): boolean => byId(asked.id(a), asked.id(b)) < 0;
  const fractions = (a: number, b: number): boolean => {
    const [x, y] = [rests.at(a), rests.at(b)];
    return x === y ? ids(a, b) : x > y;
  };
  const before = rule === 'floorThenId' ? ids : fractions;
  if (units < BigInt(places.length)) return firstOf(places, wholeOf(units), before);
  return places.sort((a, b) => (before(a, b) ? -1 : 1));
}

/** A count of units that is known to be below that of those who bear them. */
const wholeOf = (units: Amount): number => Number(units);

/** Gives units in turn to those with room; `floorThenLast` gives the first in the order all that it can bear. */
function handOut(units: Amount, split: Split, order: readonly number[], rule: Rounding): Amount {
  let left = units;
  for (let given = true; left > 0n && given; ) {
    given = false;
    for (const place of order) {
      if (left === 0n) break;
      const room = roomAt(split, place) ?? left;
      if (room <= 0n) continue;
      const part = rule === 'floorThenLast' ? smaller(room, left) : 1n;
      split.shares.add(place, part);
      left -= part;
      given = true;
    }
  }
  return left;
}
