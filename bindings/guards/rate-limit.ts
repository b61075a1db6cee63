// Withdrawal limits as capacity that refills: so much of what a venue holds in an hour, so much in a day. A deposit adds to the
// capacity, a withdrawal takes from it, and time draws it back to its baseline.
import { MarginError } from '../errors.js';
import { listOf } from '../liquidation/list.js';
import { type Integer, larger, magnitude } from '../venues/integer.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Amount, floorOf, type Ratio } from '../waterfall/amount.js';
import { amountAt, argument, countAt, laterAt, shareAt, timeAt } from './read.js';

/** One limit: so much of what is held, in so much time. */
export interface Limiter {
  /** Time in which an empty capacity is full again. */
  period: number;
  /** Baseline as a fraction of all that the venue holds. */
  share: Ratio;
  /** Least baseline, minor units; default 0. */
  least?: Integer;
}

/** dYdX v4, times in seconds: 1 % in an hour and 10 % in a day; least amounts are the venue's, by asset. */
export const DYDX_LIMITERS: readonly Limiter[] = [
  { period: 3_600, share: '0.01' },
  { period: 86_400, share: '0.1' },
];

/** Capacities between two steps, by limiter. */
export interface RateLimitState {
  /** Minor units that may leave now, by limiter, and what its refill owes: minor units times time. */
  capacities: readonly { capacity: bigint; owed: bigint }[];
  /** Time of the last step. */
  at: number;
}

/** What a step of the limits says. */
export interface RateLimitStep {
  /** Minor units that may leave after this step. */
  available: Amount;
  /** Whether the withdrawal may be made; a refused one takes nothing. */
  allowed: boolean;
  /** To be given to the next step. */
  state: RateLimitState;
}

/**
 * Capacities at their baselines.
 * @param at - units of time
 * @param held - all that the venue holds, minor units
 * @param limiters - periods and shares
 * @returns state for `rateLimit`
 * @throws MarginError range, missing-key, type, inexact, unknown-key
 * @example
 * startRateLimit(0, 1_000_000, DYDX_LIMITERS).capacities[0].capacity // 10_000n
 */
export function startRateLimit(at: number, held: Integer, limiters: readonly Limiter[]): RateLimitState {
  const row = argument({ at, held }, '', ['at', 'held']);
  const total = amountAt(row, 'held');
  const capacities = readLimiters(limiters).map((limiter) => ({ capacity: baselineOf(limiter, total), owed: 0n }));
  return { capacities, at: timeAt(row, 'at') };
}

/**
 * A withdrawal or a deposit under limits. Capacity moves toward its baseline by a baseline a period, and from above twice the
 * baseline faster; fractions of a unit that a short step owes are kept, so that many small steps refill as much as a long one.
 * In any stretch of time no more leaves than the baseline and its refill in that time, and what came in.
 * @param state - from `startRateLimit` or the step before
 * @param observation - now: units of time; held: all that the venue holds, minor units; deposit and withdraw: minor units,
 *   default 0
 * @param limiters - the same at each step
 * @returns whether the withdrawal is within every limit, what may leave afterwards, and the state to keep
 * @throws MarginError range where time runs backwards, missing-key, type, inexact, unknown-key
 * @see dydxprotocol/v4-chain protocol/x/ratelimit/util/capacity.go CalculateNewCapacityList
 * @example
 * rateLimit(startRateLimit(0, 1_000_000, DYDX_LIMITERS), { now: 0, held: 1_000_000, withdraw: 10_001 }, DYDX_LIMITERS).allowed
 *   // false
 */
export function rateLimit(
  state: RateLimitState,
  observation: { now: number; held: Integer; deposit?: Integer; withdraw?: Integer },
  limiters: readonly Limiter[],
): RateLimitStep {
  const before = argument(state, 'state', ['capacities', 'at']);
  const row = argument(observation, 'observation', ['now', 'held', 'deposit', 'withdraw']);
  const rules = readLimiters(limiters);
  const then = timeAt(before, 'at');
  const now = laterAt(row, 'now', then);
  const [held, deposit, withdraw] = [
    amountAt(row, 'held'),
    amountAt(row, 'deposit', 0n),
    amountAt(row, 'withdraw', 0n),
  ];
  const kept = rowsOf(listOf(before.raw('capacities'), before.at('capacities')), before.at('capacities'), [
    'capacity',
    'owed',
  ]);
  if (kept.length !== rules.length) {
    const expected = `${rules.length}, one for each limiter`;
    throw new MarginError('range', { path: before.at('capacities'), got: kept.length, expected });
  }
  const filled = kept.map((one, i) => {
    const after = refilled(one, rules[i] as ReadLimiter, held, now - then);
    return { ...after, capacity: after.capacity + deposit };
  });
  const least = filled.reduce((some, { capacity }) => (capacity < some ? capacity : some), filled[0]?.capacity ?? 0n);
  const allowed = withdraw <= least;
  const taken = allowed ? withdraw : 0n;
  const capacities = filled.map(({ capacity, owed }) => ({ capacity: capacity - taken, owed }));
  return { available: least - taken, allowed, state: { capacities, at: now } };
}

interface ReadLimiter {
  period: number;
  row: Row;
}

function readLimiters(limiters: unknown): ReadLimiter[] {
  const rows = rowsOf(listOf(limiters, 'limiters'), 'limiters', ['period', 'share', 'least']);
  if (rows.length > 0) return rows.map((row) => ({ period: countAt(row, 'period'), row }));
  throw new MarginError('range', { path: 'limiters', got: limiters, expected: 'at least one' });
}

const baselineOf = ({ row }: ReadLimiter, held: Amount): Amount =>
  larger(amountAt(row, 'least', 0n), floorOf(held, shareAt(row, 'share')));

function refilled(row: Row, limiter: ReadLimiter, held: Amount, passed: number): { capacity: bigint; owed: bigint } {
  const capacity = amountAt(row, 'capacity');
  const baseline = baselineOf(limiter, held);
  const away = capacity - baseline;
  const period = BigInt(limiter.period);
  const due = larger(baseline, away) * BigInt(passed) + amountAt(row, 'owed');
  const step = due / period;
  if (magnitude(away) <= step) return { capacity: baseline, owed: 0n };
  return { capacity: away < 0n ? capacity + step : capacity - step, owed: due - step * period };
}
