// Whether a quote is recent enough to be used, how much to widen around it while it ages, and a ceiling for prices that grow at
// a known speed.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, over, plus, times, ZERO } from '../liquidation/exact.js';
import { holds, type Ratio } from '../waterfall/amount.js';
import { argument, countAt, priceAt, shareAt, type Threshold, thresholdAt, timeAt, timeOf } from './read.js';
import { duration } from './window.js';

/** When a quote is too old, and how an ageing one is widened. */
export interface FreshnessRules {
  /** Age, units of time, at which a quote is too old; Drift: `>`. */
  stale: Threshold;
  /** Units of time that a quote may lie ahead of the clock; default 0. */
  ahead?: number;
  /** What an ageing quote is widened by; default nothing. */
  widen?: {
    /** Age up to which nothing is added, units of time. */
    after: number;
    /** Added for each unit of time after it, a fraction of the price. */
    rate: Ratio;
    /** Most that is added, a fraction. */
    most: Ratio;
  };
}

/** Whether a quote may be used. */
export interface Freshness {
  /** Whether it is neither too old nor from the future. */
  usable: boolean;
  /** Why it is not usable; null where it is. */
  reason: 'stale' | 'ahead' | null;
  /** Fraction of the price to widen a spread or a haircut by, exactly. */
  widen: string;
}

/**
 * Whether a quote may be used, by its age.
 * @param quote - at: its time
 * @param now - units of time
 * @param rules - when it is too old, and how an ageing one is widened
 * @returns usable or why not, and the fraction to widen by
 * @throws MarginError range, missing-key, type, unknown-key
 * @see drift-labs/protocol-v2 programs/drift/src/math/oracle.rs oracle_validity (slots_before_stale_for_margin)
 * @example
 * freshness({ at: 100 }, 130, { stale: { operator: '>', level: 60 }, widen: { after: 10, rate: '0.001', most: '0.05' } })
 *   // { usable: true, reason: null, widen: '0.02' }
 */
export function freshness(quote: { at: number }, now: number, rules: FreshnessRules): Freshness {
  const at = timeAt(argument(quote, 'quote', ['at']), 'at');
  const time = timeOf(now, 'now');
  const row = argument(rules, 'rules', ['stale', 'ahead', 'widen']);
  const stale = thresholdAt(row, 'stale');
  const ahead = at > time + timeAt(row, 'ahead', 0);
  const age = duration(at > time ? 0 : time - at);
  const reason = ahead ? 'ahead' : holds(age, stale.operator, stale.level) ? 'stale' : null;
  let widen = ZERO;
  if (row.has('widen')) {
    const wide = row.row('widen', ['after', 'rate', 'most']);
    const after = timeAt(wide, 'after');
    const [rate, most] = [shareAt(wide, 'rate'), shareAt(wide, 'most')];
    const grown = times(rate, duration(at + after < time ? time - at - after : 0));
    widen = compare(grown, most) < 0 ? grown : most;
  }
  return { usable: reason === null, reason, widen: fractionText(widen) };
}

/** A price that may grow at a known speed only: staked tokens, shares of a vault. */
export interface GrowthCap {
  /** Price when the cap was set, quote. */
  snapshot: Ratio;
  /** When that was. */
  at: number;
  /** Growth in a year, a fraction of the snapshot, not compounded. */
  growth: Ratio;
  /** Units of time of a year; default 31,536,000 seconds. */
  year?: number;
}

/**
 * The ceiling of a growing price.
 * @param cap - snapshot and speed
 * @param now - units of time, not before the snapshot
 * @returns quote, exactly, as text; the source's own rounds the growth of a second down
 * @throws MarginError range, missing-key, type, unknown-key
 * @see bgd-labs/aave-capo src/contracts/PriceCapAdapterBase.sol latestAnswer
 * @example
 * growthCap({ snapshot: '1.1', at: 0, growth: '0.1' }, 15_768_000) // '1.155'
 */
export function growthCap(cap: GrowthCap, now: number): string {
  return fractionText(capAt(cap, now, 'cap'));
}

/** @param clock - path of the time, for the error */
export function capAt(cap: unknown, now: number, path: string, clock = 'now'): Exact {
  const row = argument(cap, path, ['snapshot', 'at', 'growth', 'year']);
  const snapshot = priceAt(row, 'snapshot');
  const year = duration(countAt(row, 'year', 31_536_000));
  const from = timeAt(row, 'at');
  const passed = timeOf(now, clock) - from;
  if (passed < 0)
    throw new MarginError('range', { path: clock, got: now, expected: `at least ${from}, the snapshot's` });
  return plus(snapshot, times(times(snapshot, shareAt(row, 'growth')), over(duration(passed), year)));
}
