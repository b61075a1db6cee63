// Whether a layer can bear a loss at all: a fund that must not go below 0, members who can be called upon up to a multiple of
// what they have paid in.
import { MarginError } from '../errors.js';
import { type Integer, integer } from '../venues/integer.js';
import { Row } from '../venues/rows.js';
import { type Amount, amount, floorOf, type Ratio, ratioFrom0 } from './amount.js';

/**
 * Whether a fund stays at 0 or above after a delta.
 * @param balance - minor units
 * @param delta - minor units; below 0 where the fund pays
 * @returns true where it receives, or has what it pays
 * @throws MarginError type, inexact
 * @see dydxprotocol/v4-chain protocol/x/clob/keeper/deleveraging.go IsValidInsuranceFundDelta
 * @example
 * fundCovers(10_000_000_000n, -10_000_000_001n) // false
 */
export function fundCovers(balance: Integer, delta: Integer): boolean {
  const [held, change] = [integer(balance, 'balance'), integer(delta, 'delta')];
  return change >= 0n || held + change >= 0n;
}

/** Multiples of a member's contribution that it can be assessed in one cooling-off period. */
export interface AssessmentRule {
  /** For one default. */
  single: Ratio;
  /** For several together. */
  multiple: Ratio;
}

/** CME: 275 % for one default, 550 % for several. */
export const CME_ASSESSMENT: AssessmentRule = { single: '2.75', multiple: '5.5' };

/**
 * Most that a member can be assessed in one cooling-off period.
 * @param contribution - its own to the guaranty fund, minor units, >= 0
 * @param defaults - in the period, at least 1
 * @param rule - default CME's
 * @returns minor units, rounded down
 * @throws MarginError range, missing-key, type, inexact, unknown-key
 * @see CME Rulebook chapter 8F, assessment powers
 * @example
 * assessmentCap(100n, 2) // 550n
 */
export function assessmentCap(contribution: Integer, defaults: number, rule: AssessmentRule = CME_ASSESSMENT): Amount {
  const row = new Row(rule, 'rule', ['single', 'multiple']);
  const paid = amount(contribution, 'contribution');
  if (!Number.isInteger(defaults) || defaults < 1) {
    throw new MarginError('range', { path: 'defaults', got: defaults, expected: 'a whole number above 0' });
  }
  const key = defaults === 1 ? 'single' : 'multiple';
  return floorOf(paid, ratioFrom0(row.need(key, 'a multiple') as Ratio, row.at(key)));
}
