// Triggers on the fall of a fund or of a market's profit below a peak or a mean of the last hours: when ADL or another measure
// starts, when it stops, and how much of the loss lies beyond the start.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText, minus, plus, times, whole } from '../liquidation/exact.js';
import { type Integer, larger } from '../venues/integer.js';
import type { Row } from '../venues/rows.js';
import { holds, type Operator, type Ratio } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import type { Blocks } from './blocks.js';
import { meanOf, OBSERVATIONS, type Observed, peaksOf, withoutLower } from './observed.js';
import {
  amountAt,
  argument,
  countAt,
  laterAt,
  operatorAt,
  quotient,
  ratioAt,
  type Threshold,
  thresholdAt,
} from './read.js';

/** A level below a reference; whether equality counts is data. */
export interface DrawdownLevel {
  /** How the fall is compared with the level. */
  operator: Operator;
  /** Of the base, signed: -0.3 is 30 % of the base below the reference. */
  level: Ratio;
  /** Least distance below the reference, minor units; default 0. */
  least?: Integer;
}

/** Where a trigger on a fall starts and stops. */
export interface DrawdownLevels {
  /** Where it starts. */
  start: DrawdownLevel;
  /** Where it stops again; left out: where it does not start. */
  stop?: DrawdownLevel;
  /** What the fund has to be for a fall to start anything, minor units; Bybit: `>` 1. */
  counts?: Threshold;
}

/** How far a value lies below its reference, and what follows. */
export interface Drawdown {
  /** (value - reference) / base, exactly, as text; null for a base of 0. */
  ratio: string | null;
  /** Value at which it starts, minor units, exactly, as text. */
  threshold: string;
  /** Whether the fall is where it starts. */
  start: boolean;
  /** Whether it is where it stops. */
  stop: boolean;
  /** Minor units of the loss beyond the start, rounded up: what ADL takes over so that the value stands at the threshold. */
  adlCloses: bigint;
}

const LEVEL = ['operator', 'level', 'least'] as const;
const LEVELS = ['start', 'stop', 'counts'] as const;

/**
 * How far a value lies below its reference, and what that starts or stops.
 * @param fall - value and reference: minor units, either sign; base: what levels are fractions of, above 0, default the
 *   reference; fund: only where `counts` looks at it
 * @param levels - where it starts and stops
 * @returns ratio, threshold, both verdicts, and the part of the loss beyond the start
 * @throws MarginError range, missing-key, type, inexact, unknown-key
 * @see bybit-exchange/docs docs/v5/market/adl-alert.mdx; OKX help centre, auto-deleveraging
 * @example
 * drawdownAt({ value: 400_000, reference: 1_000_000, base: 1_500_000 }, { start: { operator: '<', level: '-0.3' } })
 *   // { ratio: '-0.4', threshold: '550000', start: true, stop: false, adlCloses: 150_000n }
 */
export function drawdownAt(
  fall: { value: Integer; reference: Integer; base?: Integer; fund?: Integer },
  levels: DrawdownLevels,
): Drawdown {
  const row = argument(fall, 'fall', ['value', 'reference', 'base', 'fund']);
  const reference = units(row.integer('reference'));
  const base = row.has('base') ? units(row.integer('base')) : reference;
  if (row.has('base') && base.numerator <= 0n) {
    throw new MarginError('range', { path: row.at('base'), got: row.raw('base'), expected: '> 0' });
  }
  const rules = argument(levels, 'levels', LEVELS);
  const fund = units(rules.has('counts') ? row.integer('fund') : 0n);
  return judge(units(row.integer('value')), reference, base, fund, rules);
}

function judge(value: Exact, reference: Exact, base: Exact, fund: Exact, levels: Row): Drawdown {
  const counts = levels.has('counts') ? thresholdAt(levels, 'counts') : null;
  const at = (key: string): { operator: Operator; level: Exact } => {
    const row = levels.row(key, LEVEL);
    const drop = times(ratioAt(row, 'level'), base);
    const least = units(-amountAt(row, 'least', 0n));
    // Without a least distance a level may lie above the reference too.
    const far = row.has('least') && compare(least, drop) < 0 ? least : drop;
    return { operator: operatorAt(row), level: plus(reference, far) };
  };
  const start = at('start');
  const beyondStart = holds(value, start.operator, start.level);
  const stop = levels.has('stop') ? at('stop') : null;
  const beyond = minus(start.level, value);
  return {
    ratio: base.numerator === 0n ? null : quotient(minus(value, reference), base),
    threshold: fractionText(start.level),
    start: beyondStart && (!counts || holds(fund, counts.operator, counts.level)),
    stop: stop ? holds(value, stop.operator, stop.level) : !beyondStart,
    adlCloses: beyond.numerator > 0n ? whole(beyond, 'ceil') : 0n,
  };
}

/** A trigger on the fall below the peak or the mean of a window. */
export interface DrawdownRule extends DrawdownLevels {
  /** The largest value of the window, or its time-weighted mean. */
  reference: 'max' | 'avg';
  /** Units of time. */
  window: number;
  /** A fund at which it starts whatever the fall, minor units; Bybit: `<=` 0. */
  empty?: Threshold;
}

/** Bybit, times in milliseconds: 30 % of the fund's peak below the profit's peak of 8 hours, until 25 %; or an empty fund. */
export const BYBIT_DRAWDOWN: DrawdownRule = {
  reference: 'max',
  window: 28_800_000,
  start: { operator: '<', level: '-0.3' },
  stop: { operator: '>', level: '-0.25' },
  counts: { operator: '>', level: 1 },
  empty: { operator: '<=', level: 0 },
};

/** What a trigger is told at a step. */
export interface DrawdownObservation {
  /** Units of time; not before the last one. */
  at: number;
  /** What falls: a market's profit, or the fund itself; minor units, either sign. */
  value: Integer;
  /** The fund, minor units; left out: the value is the fund. */
  fund?: Integer;
}

/** What a trigger knows between two steps; plain JSON. */
export interface DrawdownState {
  /** Whether it is on. */
  on: boolean;
  /** Observations that the window still needs, in blocks. */
  seen: Blocks<Observed>;
}

/** Nothing seen, nothing started. */
export const NO_DRAWDOWN: DrawdownState = { on: false, seen: [] };

/** What a step of a trigger says. */
export interface DrawdownStep extends Drawdown {
  /** Whether it is on after the step. */
  on: boolean;
  /** What holds it on; null where it is off. */
  why: 'drawdown' | 'empty' | null;
  /** To be given to the next step. */
  state: DrawdownState;
}

/**
 * The trigger after an observation. Between start and stop it stays as it was, so a value that trembles there does not switch
 * it. Levels are fractions of the fund's peak in the window, or of the reference where the value is the fund.
 * @param state - `NO_DRAWDOWN` at first
 * @param observation - time, value and fund
 * @param rule - reference, window, levels; the same at each step
 * @returns whether it is on and why, the drawdown, and the state to keep
 * @throws MarginError range where time runs backwards or a value could start and stop at once, missing-key, type, inexact,
 *   unknown-key
 * @see bybit-exchange/docs docs/v5/market/adl-alert.mdx; OKX help centre, auto-deleveraging
 * @example
 * drawdownTrigger(NO_DRAWDOWN, { at: 0, value: 0, fund: 0 }, BYBIT_DRAWDOWN).why // 'empty'
 */
export function drawdownTrigger(
  state: DrawdownState,
  observation: DrawdownObservation,
  rule: DrawdownRule,
): DrawdownStep {
  const rules = argument(rule, 'rule', [...LEVELS, 'reference', 'window', 'empty']);
  const kind = oneOf(rules.raw('reference'), rules.at('reference'), ['max', 'avg']);
  apart(rules);
  const before = argument(state, 'state', ['on', 'seen']);
  const row = argument(observation, 'observation', ['at', 'value', 'fund']);
  const past = OBSERVATIONS.read(before, 'seen');
  const at = laterAt(row, 'at', past.at(-1)?.at(-1)?.at ?? null);
  const value = row.integer('value');
  const fund = row.has('fund') ? row.integer('fund') : value;
  const from = at - countAt(rules, 'window');
  const now = { at, value, fund };
  const seen = OBSERVATIONS.since(OBSERVATIONS.with(kind === 'max' ? withoutLower(past, now) : past, [now]), from);
  const peaks = peaksOf(seen);
  const reference = kind === 'avg' ? meanOf(seen, from, at) : units(peaks.value);
  const base = row.has('fund') ? units(larger(peaks.fund, 0n)) : reference;
  const fallen = judge(units(value), reference, base, units(fund), rules);
  const empty = rules.has('empty') ? thresholdAt(rules, 'empty') : null;
  const none = empty !== null && holds(units(fund), empty.operator, empty.level);
  const falling = before.flag('on') ? !fallen.stop : fallen.start;
  const why = none ? 'empty' : falling ? 'drawdown' : null;
  return { ...fallen, on: why !== null, why, state: { on: falling, seen } };
}

/** A start and a stop that could both hold would switch at every step. */
function apart(rules: Row): void {
  const start = rules.row('start', LEVEL);
  const falls = operatorAt(start, undefined, ['<', '<=']);
  if (!rules.has('stop')) return;
  const stop = rules.row('stop', LEVEL);
  const rises = operatorAt(stop, undefined, ['>', '>=']);
  const order = compare(ratioAt(stop, 'level'), ratioAt(start, 'level'));
  const [near, far] = [amountAt(stop, 'least', 0n), amountAt(start, 'least', 0n)];
  const touching = order === 0 && near === far && falls === '<=' && rises === '>=';
  if (order >= 0 && near <= far && !touching) return;
  const hint = 'A value that starts and stops at once would flap';
  throw new MarginError('range', { path: rules.at('stop'), expected: 'a level above where it starts', hint });
}

const units = (amount: bigint): Exact => ({ numerator: amount, denominator: 1n });
