// A circuit breaker as data: levels of rising severity with a condition and a list of what they forbid, and a step that says at
// which level the market is. What the value is (a price move, a stress index, a deficit) is the caller's.

import { MarginError } from '../errors.js';
import { compare } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { holds, type Ratio, ratio } from '../waterfall/amount.js';
import { type Action, type Allowed, actionsOf, allowedBut, TRADING } from './actions.js';
import { argument, endAt, endOf, laterAt, type ReadThreshold, type Threshold, thresholdAt, timeAt } from './read.js';

/** One level of a breaker: what trips it, how long it lasts, and what it forbids. */
export interface BreakerLevel {
  /** What the value has to be for it; left out: this level is only set by hand. */
  trip?: Threshold;
  /** What it has to be to leave the level again, after `hold`; left out: anything that does not trip it. */
  release?: Threshold;
  /** Time that it lasts at least; null: until somebody sets the breaker back. Default 0. */
  hold?: number | null;
  /** Time after which it does not trip any more, in the clock of the observations. */
  notAfter?: number;
  /** What may not be done at this level. */
  forbids: readonly Action[];
}

/** The levels of a breaker. */
export interface BreakerRules {
  /** By rising severity; level 1 is the first. */
  levels: readonly BreakerLevel[];
  /** Whether a level trips once only, and after it only a higher one; a new session begins with `CLOSED_CIRCUIT`. */
  once?: boolean;
}

/** What a breaker knows between two steps; plain JSON. */
export interface BreakerState {
  /** 0: nothing is forbidden. */
  level: number;
  /** End of the level's `hold`; null where it lasts by its condition or until it is set back. */
  until: number | null;
  /** Whether it lasts until it is set back. */
  latched: boolean;
  /** Highest level that has tripped. */
  tripped: number;
  /** Time up to which (at it too) it does not trip, after it was set by hand; null: it always does. */
  quietUntil: number | null;
  /** Time of the last step; null at first. */
  at: number | null;
}

/** A breaker that lets everything through. */
export const CLOSED_CIRCUIT: BreakerState = {
  level: 0,
  until: null,
  latched: false,
  tripped: 0,
  quietUntil: null,
  at: null,
};

/** What a step of a breaker says. */
export interface BreakerStep {
  /** Level after the step; 0: nothing is forbidden. */
  level: number;
  /** Whether this step raised the level. */
  tripped: boolean;
  /** Whether each action may be done. */
  allowed: Allowed;
  /** End of the level's `hold`, units of time; null where it lasts by its condition or until it is set back. */
  until: number | null;
  /** To be given to the next step. */
  state: BreakerState;
}

const LEVEL = ['trip', 'release', 'hold', 'notAfter', 'forbids'] as const;
const STATE = ['level', 'until', 'latched', 'tripped', 'quietUntil', 'at'] as const;

interface ReadLevel {
  trip: ReadThreshold | null;
  release: ReadThreshold | null;
  hold: number | null;
  notAfter: number | null;
  forbids: Action[];
}

/**
 * The level of a breaker after a value. A level is left when its time is over and its `release` holds, downward to the highest
 * level that still has a reason; it is raised at any time.
 * @param state - `CLOSED_CIRCUIT` at first
 * @param observation - now: units of time; value: exactly, in the unit of the thresholds
 * @param rules - levels
 * @returns level, what it allows, until when, and the state to keep
 * @throws MarginError range where time runs backwards or a release can hold together with its trip, missing-key, type,
 *   unknown-key
 * @see makerdao/clipper-mom src/ClipperMom.sol; US National Market System plan to address extraordinary market volatility
 * @example
 * breakerStep(CLOSED_CIRCUIT, { now: 600, value: '0.08' }, US_MARKET_WIDE).until // 1500
 */
export function breakerStep(
  state: BreakerState,
  observation: { now: number; value: Ratio },
  rules: BreakerRules,
): BreakerStep {
  const { levels, once } = readRules(rules);
  const before = readState(state, levels.length);
  const row = argument(observation, 'observation', ['now', 'value']);
  const now = laterAt(row, 'now', before.at);
  const value = ratio(row.need('value', 'a fraction') as Ratio, row.at('value'));
  const reached = (threshold: ReadThreshold | null): boolean =>
    threshold !== null && holds(value, threshold.operator, threshold.level);
  const trips = ({ trip, notAfter }: ReadLevel): boolean => reached(trip) && (notAfter === null || now <= notAfter);
  const lasts = (level: ReadLevel): boolean => (level.release ? !reached(level.release) : reached(level.trip));
  const highest = (from: number, to: number, test: (level: ReadLevel) => boolean): number => {
    for (let i = to; i > from; i--) if (test(levels[i - 1] as ReadLevel)) return i;
    return 0;
  };

  let { level, until, latched, tripped } = before;
  const floor = once && tripped > level ? tripped : level;
  const quiet = before.quietUntil !== null && now <= before.quietUntil;
  const raised = quiet ? 0 : highest(floor, levels.length, trips);
  if (raised > 0) {
    const { hold } = levels[raised - 1] as ReadLevel;
    level = raised;
    until = hold === null || hold === 0 ? null : endOf(now, hold, `rules.levels[${raised - 1}].hold`);
    latched = hold === null;
    tripped = raised > tripped ? raised : tripped;
  } else if (!latched && (until === null || now >= until)) {
    level = once ? 0 : highest(0, level, lasts);
    until = null;
  }
  const next: BreakerState = { level, until, latched, tripped, quietUntil: before.quietUntil, at: now };
  return { level, tripped: raised > 0, allowed: allowedBut(levels[level - 1]?.forbids ?? []), until, state: next };
}

/**
 * Sets a breaker by hand: governance stops a market, or lets it run again.
 * @param state - of the breaker
 * @param action - now: units of time; level: 0 lets everything through; quiet: time in which it does not trip by itself,
 *   default 0: not at this time
 * @returns the state to keep; a level above 0 lasts until it is set back
 * @throws MarginError range, missing-key, type, unknown-key
 * @see makerdao/clipper-mom src/ClipperMom.sol setBreaker
 * @example
 * setBreaker(CLOSED_CIRCUIT, { now: 10, level: 0, quiet: 3600 }).quietUntil // 3610
 */
export function setBreaker(state: BreakerState, action: { now: number; level: number; quiet?: number }): BreakerState {
  const before = readState(state, null);
  const row = argument(action, 'action', ['now', 'level', 'quiet']);
  const now = laterAt(row, 'now', before.at);
  const level = timeAt(row, 'level');
  const quietUntil = endOf(now, timeAt(row, 'quiet', 0), row.at('quiet'));
  return { level, until: null, latched: level > 0, tripped: before.tripped, quietUntil, at: now };
}

/**
 * Maker's breaker of a collateral, for values of next price over current price: below the tolerance no auction begins or is
 * reset until governance sets it back. Level 1 stops new auctions, level 3 purchases too; both are set by hand.
 * @param tolerance - least acceptable next price, a fraction of the current one
 * @returns rules for `breakerStep`
 * @throws MarginError type
 * @see makerdao/clipper-mom src/ClipperMom.sol; makerdao/dss src/clip.sol stopped
 * @example
 * breakerStep(CLOSED_CIRCUIT, { now: 0, value: priceRatio(59, 100) }, clipperMom('0.6')).level // 2
 */
export function clipperMom(tolerance: Ratio): BreakerRules {
  ratio(tolerance, 'tolerance');
  return {
    levels: [
      { forbids: ['auction'] },
      { trip: { operator: '<', level: tolerance }, hold: null, forbids: ['auction', 'restart'] },
      { forbids: ['auction', 'restart', 'bid'] },
    ],
  };
}

/**
 * US market-wide breakers, for values of the fall of the S&P 500 from yesterday's close: 7 and 13 % stop trading for 15 minutes,
 * once a day each and until 15:25, 20 % for the rest of the day. Seconds since the opening at 9:30; each day begins with
 * `CLOSED_CIRCUIT`.
 */
export const US_MARKET_WIDE: BreakerRules = {
  once: true,
  levels: [
    { trip: { operator: '>=', level: '0.07' }, hold: 900, notAfter: 21_300, forbids: TRADING },
    { trip: { operator: '>=', level: '0.13' }, hold: 900, notAfter: 21_300, forbids: TRADING },
    { trip: { operator: '>=', level: '0.20' }, hold: null, forbids: TRADING },
  ],
};

function readRules(rules: BreakerRules): { levels: ReadLevel[]; once: boolean } {
  const row = argument(rules, 'rules', ['levels', 'once']);
  const levels = rowsOf(listOf(row.raw('levels'), row.at('levels')), row.at('levels'), LEVEL).map(readLevel);
  return { levels, once: row.has('once') && row.flag('once') };
}

function readLevel(row: Row): ReadLevel {
  const trip = row.has('trip') ? thresholdAt(row, 'trip') : null;
  const release = row.has('release') ? thresholdAt(row, 'release') : null;
  if (release && (!trip || overlap(trip, release))) {
    const hint = 'A value that trips and releases at once would flap';
    throw new MarginError('range', { path: row.at('release'), expected: 'a level apart from its trip', hint });
  }
  return {
    trip,
    release,
    hold: row.raw('hold') === null ? null : timeAt(row, 'hold', 0),
    notAfter: row.has('notAfter') ? timeAt(row, 'notAfter') : null,
    forbids: actionsOf(row.raw('forbids'), row.at('forbids')),
  };
}

/** Whether some value meets both thresholds. */
export function overlap(a: ReadThreshold, b: ReadThreshold): boolean {
  const [down, up] = [a.operator.startsWith('<'), b.operator.startsWith('<')];
  if (down === up) return true;
  const [below, above] = down ? [a, b] : [b, a];
  const order = compare(above.level, below.level);
  return order < 0 || (order === 0 && below.operator === '<=' && above.operator === '>=');
}

function readState(state: BreakerState, levels: number | null): BreakerState {
  const row = argument(state, 'state', STATE);
  const level = timeAt(row, 'level');
  if (levels !== null && level > levels) {
    throw new MarginError('range', { path: row.at('level'), got: level, expected: `0 to ${levels}` });
  }
  return {
    level,
    until: row.has('until') ? endAt(row, 'until') : null,
    latched: row.flag('latched'),
    tripped: timeAt(row, 'tripped'),
    quietUntil: row.has('quietUntil') ? endAt(row, 'quietUntil') : null,
    at: row.has('at') ? timeAt(row, 'at') : null,
  };
}
