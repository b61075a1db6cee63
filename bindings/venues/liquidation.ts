// What liquidations of different venues have in common, in integers: a fee that the account can always pay, and a rate that
// climbs while nobody liquidates.
import { type Integer, integer, smaller } from './integer.js';

/**
 * What the insurance fund gets from a liquidation. The fee is never more than the account has left, and what the account
 * falls short of the fund pays.
 * @param left - equity that the liquidation leaves before the fee; negative: it went bankrupt
 * @param fee - what the venue would like, >= 0
 * @returns the same unit; negative: the fund pays
 * @throws MarginError type, inexact
 * @example
 * fundDelta(300, 500) // 300n
 */
export function fundDelta(left: Integer, fee: Integer): bigint {
  return smaller(integer(left, 'left'), integer(fee, 'fee'));
}

/** A rate that is constant at first and then climbs by a step for every unit of time, counted from the start. */
export interface Ramp {
  /** Rate at the start, and the largest. */
  least: Integer;
  /** Largest rate. */
  most: Integer;
  /** What it climbs in a unit of time. */
  step: Integer;
  /** Time during which it stays at the start; what it would have climbed is caught up at once. */
  grace: Integer;
}

/**
 * A climbing rate.
 * @param ramp - all in one unit of rate and one of time
 * @param elapsed - time since the start
 * @returns the rate
 * @throws MarginError type, inexact
 * @example
 * ramped({ least: 20_000, most: 50_000, step: 1, grace: 1_500 }, 1_500) // 21_500n
 */
export function ramped(ramp: Ramp, elapsed: Integer): bigint {
  const least = integer(ramp.least, 'least');
  const time = integer(elapsed, 'elapsed');
  if (time < integer(ramp.grace, 'grace')) return least;
  return smaller(integer(ramp.most, 'most'), least + time * integer(ramp.step, 'step'));
}
