// A steward may move parameters without a vote, as long as each moves only a little and not too often.
import { compare, type Exact, magnitude, minus, over, times, whole } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { type Ratio, ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { diffParameters, numberOf, type ParameterChange, type Tree } from './parameters.js';
import { argument, priceAt, shareAt, timeAt, timeOf } from './read.js';

/** How far a value may be moved at once. */
export interface ChangeBound {
  /** Whether `max` is a fraction of the current value, or in the value's own unit. */
  kind: 'absolute' | 'relative';
  /** Largest change either way; a change of it is allowed. */
  max: Ratio;
  /** What the largest change is rounded down to a multiple of; default: it is not rounded. Aave: 1. */
  step?: Ratio;
}

/** How far, and how often, parameters of a path may be moved. */
export interface ParameterBound extends ChangeBound {
  /** Path as in `diffParameters`; `*` stands for one key or place. */
  path: string;
  /** Time that has to pass between two changes of a path; default 0. */
  minDelay?: number;
}

/**
 * - `unbounded`: no bound is given for the path, so the steward has no say
 * - `shape`: the parameter is added, taken away, or no number
 * - `range`: it changes by more than its bound
 * - `delay`: it has been changed too lately
 */
export type RejectionReason = 'unbounded' | 'shape' | 'range' | 'delay';

/** Whether a proposal is within its bounds. */
export interface Stewarded {
  /** Whether it may be applied. */
  ok: boolean;
  /** By path; the whole proposal fails with one. */
  rejections: { path: string; reason: RejectionReason }[];
  /** What the proposal changes, by rising path. */
  changes: ParameterChange[];
  /** Times of last changes as they are after the proposal; unchanged where it fails. */
  lastUpdate: Readonly<Record<string, number>>;
}

const BOUND = ['kind', 'max', 'step'] as const;

/**
 * Whether a value may be changed to another.
 * @param current - the value now
 * @param proposed - the value wanted
 * @param bound - how far it may move
 * @returns whether the change is at most the bound
 * @throws MarginError range, missing-key, type, unknown-key
 * @see aave-dao/aave-v3-risk-stewards src/contracts/RiskSteward.sol _updateWithinAllowedRange
 * @example
 * withinBound(1_000_000, 1_500_001, { kind: 'relative', max: '0.5' }) // false
 */
export function withinBound(current: Ratio, proposed: Ratio, bound: ChangeBound): boolean {
  const rule = argument(bound, 'bound', BOUND);
  return within(ratio(current, 'current'), ratio(proposed, 'proposed'), rule);
}

function within(current: Exact, proposed: Exact, rule: Row): boolean {
  const max = shareAt(rule, 'max');
  const relative = oneOf(rule.raw('kind'), rule.at('kind'), ['absolute', 'relative']) === 'relative';
  const most = relative ? times(magnitude(current), max) : max;
  return compare(magnitude(minus(proposed, current)), rule.has('step') ? down(most, priceAt(rule, 'step')) : most) <= 0;
}

/** The multiple of a step at or below a value. */
const down = (value: Exact, step: Exact): Exact =>
  times({ numerator: whole(over(value, step), 'floor'), denominator: 1n }, step);

/**
 * Judges a change of parameters by bounds.
 * @param current - values in force
 * @param proposed - all values as they should be
 * @param lastUpdate - when each path was last changed; a path that is not there never was
 * @param now - units of time
 * @param bounds - the first whose path fits counts
 * @returns ok, or every reason against it by path
 * @throws MarginError range, missing-key, type, unknown-key
 * @see aave-dao/aave-v3-risk-stewards src/contracts/RiskSteward.sol _validateParamUpdate
 * @example
 * steward({ ltv: 6500 }, { ltv: 7001 }, {}, 0, [{ path: 'ltv', kind: 'absolute', max: 500 }]).rejections
 *   // [{ path: 'ltv', reason: 'range' }]
 */
export function steward(
  current: Tree,
  proposed: Tree,
  lastUpdate: Readonly<Record<string, number>>,
  now: number,
  bounds: readonly ParameterBound[],
): Stewarded {
  const time = timeOf(now, 'now');
  const rules = rowsOf(listOf(bounds, 'bounds'), 'bounds', [...BOUND, 'path', 'minDelay']).map((row) => {
    // Read now, so that a bound that nothing uses is refused too.
    within(ratio(0), ratio(0), row);
    return { row, delay: timeAt(row, 'minDelay', 0), path: partsOf(row.text('path')) };
  });
  const last = argument(lastUpdate, 'lastUpdate', Object.keys(lastUpdate ?? {}));
  const changes = diffParameters(current, proposed);
  const rejections = changes.flatMap(({ path, from, to }): Stewarded['rejections'] => {
    const parts = partsOf(path);
    const rule = rules.find((bound) => fits(bound.path, parts));
    if (!rule) return [{ path, reason: 'unbounded' }];
    const [before, after] = [numberOf(from), numberOf(to)];
    const since = last.has(path) ? time - timeOf(last.raw(path), `lastUpdate.${path}`) : null;
    const reasons: RejectionReason[] = [];
    if (since !== null && since < rule.delay) reasons.push('delay');
    if (!before || !after) reasons.push('shape');
    else if (!within(before, after, rule.row)) reasons.push('range');
    return reasons.map((reason) => ({ path, reason }));
  });
  const ok = rejections.length === 0;
  const updated = ok ? Object.fromEntries(changes.map(({ path }) => [path, time])) : {};
  return { ok, rejections, changes, lastUpdate: { ...lastUpdate, ...updated } };
}

/** Keys and places of a path. */
const partsOf = (path: string): string[] => path.match(/\["(?:[^"\\]|\\.)*"\]|\[[^\]]*\]|[^.[\]]+/g) ?? [];

const fits = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((one, i) => one === '*' || one === '[*]' || one === parts[i]);
