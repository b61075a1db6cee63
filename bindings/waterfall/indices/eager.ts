// The same events without an index: every claim is looked at, one after the other, and split by allocate. Slow and plain; the
// lazy indices are proven against it (tests/waterfall-indices.test.ts), each within the dust that its file declares.
import type { Integer } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { allocate } from '../allocate.js';
import { type Amount, amount } from '../amount.js';
import type { Rounding } from '../rounding.js';
import { atMost } from './state.js';

/** What everybody has, by id: minor units, or whatever a split goes by. */
export type Claims = Readonly<Record<string, Amount>>;

const claimsOf = (claims: Claims): Claims => {
  const held = new Row(claims, 'claims').entries();
  return Object.fromEntries(held.map(([id, value]) => [id, amount(value as Integer, `claims.${id}`)]));
};

/**
 * Parts of an amount by what everybody has.
 * @param value - minor units
 * @param claims - by id, >= 0
 * @param round - default `largestRemainder`
 * @returns minor units by id, in the order of the claims
 * @throws MarginError range where nobody has anything; type, inexact
 * @example
 * eagerShares(10, { a: 1n, b: 2n }) // { a: 3n, b: 7n }
 */
export function eagerShares(value: Integer, claims: Claims, round: Rounding = 'largestRemainder'): Claims {
  const held = Object.entries(claimsOf(claims)).map(([id, weight]) => ({ id, weight }));
  const { shares } = allocate(value, held, { method: 'proRata', round });
  return Object.fromEntries(held.map(({ id }, i) => [id, shares[i] as Amount]));
}

/** Claims that are more, or less, by their parts of an amount. */
function moved(value: Integer, claims: Claims, sign: 1n | -1n): Claims {
  const parts = eagerShares(value, claims);
  return Object.fromEntries(
    Object.entries(claimsOf(claims)).map(([id, held]) => [id, held + sign * (parts[id] as Amount)]),
  );
}

/**
 * Takes a loss from everybody, in proportion to what they have.
 * @param claims - before
 * @param loss - minor units, at most what all have
 * @returns claims after
 * @throws MarginError range where all have less; type, inexact
 * @example
 * eagerLoss({ a: 100n, b: 200n }, 30) // { a: 90n, b: 180n }
 */
export function eagerLoss(claims: Claims, loss: Integer): Claims {
  const all = Object.values(claimsOf(claims)).reduce((sum, held) => sum + held, 0n);
  return moved(atMost(amount(loss, 'loss'), all, 'loss'), claims, -1n);
}

/**
 * Gives income to everybody, in proportion to what they have.
 * @param claims - before
 * @param gain - minor units
 * @returns claims after
 * @throws MarginError range where nobody has anything; type, inexact
 * @example
 * eagerGain({ a: 100n, b: 200n }, 30) // { a: 110n, b: 220n }
 */
export function eagerGain(claims: Claims, gain: Integer): Claims {
  return moved(gain, claims, 1n);
}
