// What a place in the deleveraging queue is decided by: a score as an exact fraction, so that two accounts have the same
// order on every machine, and what two scores come to. The scores of venues are in venue-scores.ts, of hedges in hedge.ts.
import { MarginError } from '../../errors.js';
import type { Exact } from '../../liquidation/exact.js';
import { integer } from '../../venues/integer.js';
import { type Ratio, ratio } from '../amount.js';

/**
 * A place in the queue: the largest first. A denominator of 0 is infinity (an account without equity has no bound to its
 * leverage): before every finite score, and all infinite ones alike. Equal scores go by id.
 */
export interface Score extends Exact {
  /** A hedge: after all that are none, and among hedges by the score. */
  hedged?: boolean;
}

/** A score and the two factors that it is made of. */
export interface Scored {
  /** Return of the position, as the venue counts it. */
  profit: Exact;
  /** Leverage, or the ratio that stands for it; a denominator of 0: no bound. */
  risk: Exact;
  /** What the queue goes by: the largest is closed first. */
  score: Score;
}

/** Before every finite score. */
export const INFINITE: Score = { numerator: 1n, denominator: 0n };

/**
 * Order of two scores: by cross-multiplication, nothing is divided.
 * @param a - one score
 * @param b - another
 * @returns negative where `a` is closed first, positive where `b` is, 0 where their ids decide
 * @throws MarginError type, inexact, range where a denominator is below 0
 * @example
 * compareScores({ numerator: 1n, denominator: 0n }, { numerator: 7n, denominator: 2n }) // -1
 */
export const compareScores = (a: Score, b: Score): number => orderOf(scoreOf(a, 'a'), scoreOf(b, 'b'));

/** As `compareScores`, of scores that have been read. */
export function orderOf(a: Score, b: Score): number {
  const [hedge, other] = [a.hedged === true, b.hedged === true];
  if (hedge !== other) return hedge ? 1 : -1;
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference > 0n ? -1 : difference < 0n ? 1 : 0;
}

/** Reads a score: a ratio, or one that is infinite or a hedge's. @throws MarginError type, range */
export function scoreOf(value: Ratio | Score, path: string): Score {
  if (typeof value !== 'object' || value === null) return ratio(value, path);
  const hedged = 'hedged' in value && value.hedged === true ? { hedged: true } : {};
  if (integer(value.denominator, `${path}.denominator`) !== 0n) return { ...ratio(value, path), ...hedged };
  if (integer(value.numerator, `${path}.numerator`) > 0n) return { ...INFINITE, ...hedged };
  throw new MarginError('range', { path, got: value, expected: 'a numerator above 0 where the denominator is 0' });
}

/** a x b of factors that may be infinite; 0 of nothing, whatever the other is. */
export function product(a: Exact, b: Exact): Score {
  if (a.numerator === 0n || b.numerator === 0n) return { numerator: 0n, denominator: 1n };
  const denominator = a.denominator * b.denominator;
  return denominator === 0n ? INFINITE : { numerator: a.numerator * b.numerator, denominator };
}
