// Hedges in the deleveraging queue: closing a leg that another leg covers takes no risk away, it makes some. What a close
// relieves comes from the margin engine; here it lowers the score.
import type { Exact } from '../../liquidation/exact.js';
import { type Integer, positive } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { fraction, holds, type Operator, type Ratio } from '../amount.js';
import { type Score, scoreOf } from './score.js';

/** What closing a leg does to its account's requirement, minor units, as a margin engine tells. */
export interface HedgeEffect {
  /** Requirement after the close less the one before: below 0 a relief; 0 or above it: the leg is a hedge. */
  deltaRequirement: Integer;
  /** Requirement of the leg on its own, > 0. */
  requirement: Integer;
}

/** From which relief on a leg is a hedge. */
export interface HedgeRule {
  /** Relief as a share of the leg's own requirement, 0 to 1; default 0. */
  share?: Ratio;
  /** How the relief is compared with it; default `<=`. */
  operator?: Extract<Operator, '<' | '<='>;
}

/**
 * A score that knows what closing the leg would do: it is lowered by the share of the leg that is no hedge (a loser's,
 * below 0, is divided by it), and a leg that is one by the rule comes after all that are none.
 * @param score - of the position on its own
 * @param effect - change of the account's requirement and the leg's own requirement, minor units
 * @param rule - where a hedge begins; default: where the close relieves nothing
 * @returns the score in the queue
 * @throws MarginError missing-key, type, inexact, range where the requirement is not above 0 or the share is not in 0 to 1
 * @example
 * hedgeAware({ numerator: 6n, denominator: 1n }, { deltaRequirement: -25n, requirement: 100n })
 *   // { numerator: 150n, denominator: 100n }
 */
export function hedgeAware(score: Score, effect: HedgeEffect, rule: HedgeRule = {}): Score {
  return lowered(scoreOf(score, 'score'), new Row(effect, '', EFFECT, 'effect'), ruleAt(rule, 'rule'));
}

/** Keys of a `HedgeEffect`. */
export const EFFECT = ['deltaRequirement', 'requirement'] as const;

export const ruleAt = (rule: HedgeRule, path: string): Row => new Row(rule, path, ['share', 'operator']);

/** As `hedgeAware`, of rows that know where they stand: an effect may be told at a candidate, or by account. */
export function lowered(score: Score, row: Row, rules: Row): Score {
  const requirement = positive(row.integer('requirement'), row.at('requirement'));
  const relief = -row.integer('deltaRequirement');
  const share: Exact = { numerator: relief > requirement ? requirement : relief, denominator: requirement };
  const operator = rules.word('operator', ['<', '<='] as const, '<=');
  if (holds(share, operator, fraction((rules.has('share') ? rules.raw('share') : 0) as Ratio, rules.at('share'))))
    return { ...score, hedged: true };
  const { numerator, denominator } = score;
  if (denominator === 0n) return score;
  // A loser's score, below 0, is divided, so that it falls, too; by nothing it can not be.
  if (numerator < 0n && share.numerator === 0n) return score;
  const [up, down] = numerator < 0n ? [requirement, share.numerator] : [share.numerator, requirement];
  return { ...score, numerator: numerator * up, denominator: denominator * down };
}
