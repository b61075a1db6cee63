// A margin that follows the market: multipliers of an EWMA volatility and of a stress index, then the tools beside it, in one
// order. A state machine without a clock: what it knows is JSON, so a log of its observations replays to the same bits.
import { AT_LEAST_0, decimal, Fields, FRACTION } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { multiplierStep } from '../../guards/multiplier.js';
import { listOf } from '../../liquidation/list.js';
import {
  type BufferRule,
  type BufferState,
  bufferStep,
  decayOf,
  floored,
  HALF_LIFE,
  hysteresis,
  type LimitState,
  limitStep,
  type StepLimits,
  stressWeighted,
  wholeOf,
} from './tools.js';

const MULTIPLIER = { min: 0, max: 1e6 } as const;

/** Steps of a multiplier by a stress index. */
export interface StressRule {
  /** Index from which on (at it too) a multiplier holds, rising; below the first it is 1. */
  steps: readonly { from: number; multiplier: number }[];
  /** Share by which the index has to fall below a step before it is left, in [0, 1); default 0. */
  hysteresis?: number;
}

/** How many steps count as reached; JSON. */
export interface StressState {
  /** Steps reached, from 0. */
  step: number;
}

/** A multiplier by a stress index. */
export interface StressedMultiplier {
  /** Weighted mean of the indicators. */
  index: number;
  /** Of the margin, by the steps that are reached. */
  multiplier: number;
  /** To be given to the next step. */
  state: StressState;
}

/**
 * A multiplier of margins by a stress index: the weighted mean of indicators that the caller gives (realised over normal volatility, a
 * correlation, a credit spread over its mean ...). It rises at a step and falls only below the hysteresis, by `multiplierStep` of
 * margin-kernel/guards.
 * @param indicators - now, each >= 0 and the larger the worse
 * @param weights - of the indicators, >= 0, not all 0
 * @param rule - steps and hysteresis
 * @param state - how many steps are reached; default none
 * @throws MarginError range, missing-key, unknown-key, type, not-finite
 * @example
 * const rule = { steps: [{ from: 1.5, multiplier: 1.2 }, { from: 2, multiplier: 1.5 }], hysteresis: 0.1 };
 * stressMultiplier([1.8, 1.4], [1, 1], rule); // index 1.6, multiplier 1.2, step 1
 */
export function stressMultiplier(
  indicators: readonly number[],
  weights: readonly number[],
  rule: StressRule,
  state: StressState = { step: 0 },
): StressedMultiplier {
  const f = new Fields(rule, 'rule', ['steps', 'hysteresis']);
  const lag = f.number('hysteresis', { min: 0, below: 1 }, 0);
  const steps = listOf(f.raw('steps'), f.at('steps')).map((step, i) => {
    const s = new Fields(step, `${f.at('steps')}[${i}]`, ['from', 'multiplier']);
    return { from: s.number('from', AT_LEAST_0), multiplier: s.number('multiplier', MULTIPLIER) };
  });
  steps.forEach(({ from }, i) => {
    const before = steps[i - 1]?.from;
    if (before !== undefined && from <= before)
      throw new MarginError('range', {
        path: `${f.at('steps')}[${i}].from`,
        got: from,
        expected: `more than ${before}`,
      });
  });
  const step = wholeOf(new Fields(state, 'state', ['step']), 'step', steps.length);
  const index = indexOf(indicators, weights);
  const next = multiplierStep(
    { step },
    { stress: index },
    {
      levels: steps.map(({ from }) => from),
      multipliers: [1, ...steps.map(({ multiplier }) => multiplier)],
      back: steps.map(({ from }) => from * (1 - lag)),
    },
  );
  return { index, multiplier: steps[next.state.step - 1]?.multiplier ?? 1, state: next.state };
}

/** Sum of weight x indicator over the sum of weights, in order. */
function indexOf(indicators: readonly number[], weights: readonly number[]): number {
  const values = listOf(indicators, 'indicators').map((x, i) => decimal(x, `indicators[${i}]`, AT_LEAST_0));
  const each = listOf(weights, 'weights').map((x, i) => decimal(x, `weights[${i}]`, AT_LEAST_0));
  if (values.length !== each.length)
    throw new MarginError('range', {
      path: 'weights',
      got: each.length,
      expected: `${values.length}, one an indicator`,
    });
  const all = each.reduce((sum, weight) => sum + weight, 0);
  if (all === 0) throw new MarginError('range', { path: 'weights', got: weights, expected: 'at least one above 0' });
  return values.reduce((sum, value, i) => sum + (each[i] ?? 0) * value, 0) / all;
}

/** The rules of a dynamic margin. */
export interface DynamicMarginOptions {
  /** Half-life of the volatility, in steps. */
  halfLife: number;
  /** Volatility of a step at which the margin is right as it is calculated: the multiplier is volatility / normal. */
  normal: number;
  /** Least and largest multiplier of the volatility; default 1 and 1e6. */
  least?: number;
  /** Largest multiplier of the volatility; default 1e6. */
  most?: number;
  /** Share of the multiplier by which the volatility's has to leave it before it moves; default 0. */
  band?: number;
  /** Multiplier by a stress index on top, and the weights of its indicators. */
  stress?: StressRule & { weights: readonly number[] };
  /** Weight of the margin of stressed observations, in [0, 1]; Art. 28(1)(b) has 0.25 or more. */
  stressWeight?: number;
  /** A buffer that may be used up while margins rise; Art. 28(1)(a). */
  buffer?: BufferRule;
  /** Most that a margin moves in a step; default: no limits. */
  limits?: StepLimits;
}

/** What a step sees. */
export interface MarginObservation {
  /** Relative move of the price since the last step. */
  return: number;
  /** Margin of a fixed position as it is calculated at the normal volatility: an amount or a rate, >= 0. */
  margin: number;
  /** The same of stressed observations; needed with a stress weight. */
  stressed?: number;
  /** The same of a long window; the margin is never below it. */
  floor?: number;
  /** Needed with a stress index. */
  indicators?: readonly number[];
}

/** Everything that a step leaves to the next; JSON. */
export interface DynamicMarginState {
  /** EWMA of squared returns. */
  variance: number;
  /** Multiplier of the volatility that holds. */
  held: number;
  /** Of the stress index. */
  stress: StressState;
  /** Null where there is none. */
  buffer: BufferState | null;
  /** Null where there are none. */
  limits: LimitState | null;
}

/** A rule that was in force, and the margin after it. */
export interface MarginReason {
  /** Which rule it was. */
  rule: 'volatility' | 'stress-index' | 'stress-weight' | 'buffer' | 'limits' | 'floor';
  /** What the rule did: `held` or `moved`, the word of a buffer or of limits, `in-force` where there is only one. */
  did: string;
  /** After the rule. */
  margin: number;
}

/** Margin of a step, and why it is that. */
export interface DynamicMargin {
  /** To be asked for in this step. */
  margin: number;
  /** Of the calculated margin: volatility times stress index. */
  multiplier: number;
  /** Of a step. */
  volatility: number;
  /** Margin before buffer and limits that is not asked yet; 0 where all is. */
  owed: number;
  /** To be given to the next step. */
  state: DynamicMarginState;
  /** Rules in the order in which they came. */
  because: MarginReason[];
}

const OPTION_KEYS = [
  'halfLife',
  'normal',
  'least',
  'most',
  'band',
  'stress',
  'stressWeight',
  'buffer',
  'limits',
] as const;
const STATE_KEYS = ['variance', 'held', 'stress', 'buffer', 'limits'] as const;

/**
 * One step of a dynamic margin. In this order: the volatility takes the return in and multiplies, within its band; the stress index
 * multiplies; stressed margin is weighed in; the buffer is added, or used up; the step is limited; the floor holds whatever was before.
 * @param state - of the step before; null at first: the volatility is normal, the buffer full, and nothing limited
 * @param observation - return, calculated margin, and what the options need
 * @param options - which rules are in force, and their figures
 * @returns margin, the state to keep, and what each rule did
 * @throws MarginError missing-key, unknown-key, range, type, not-finite; nothing is kept of a refused step
 * @example
 * const options = { halfLife: 20, normal: 0.02, limits: { up: 0.1 } };
 * const { state } = dynamicMargin(null, { return: 0.01, margin: 0.05 }, options); // margin 0.05
 * dynamicMargin(state, { return: -0.2, margin: 0.05 }, options).margin.toFixed(3); // '0.055', and not more in one step
 */
export function dynamicMargin(
  state: DynamicMarginState | null,
  observation: MarginObservation,
  options: DynamicMarginOptions,
): DynamicMargin {
  const f = new Fields(options, 'options', OPTION_KEYS);
  const o = new Fields(observation, 'observation', ['return', 'margin', 'stressed', 'floor', 'indicators']);
  const s = state === null ? null : new Fields(state, 'state', STATE_KEYS);
  const because: MarginReason[] = [];
  const calculated = o.number('margin', AT_LEAST_0);
  const { variance, volatility, held, moved } = volatilityStep(s, f, o);
  let multiplier = held;
  let margin = calculated * multiplier;
  because.push({ rule: 'volatility', did: moved ? 'moved' : 'held', margin });
  let stress: StressState = { step: 0 };
  if (options.stress) {
    const { weights, ...rule } = options.stress;
    const had = s ? ((s.raw('stress') ?? null) as StressState) : stress;
    const next = called(
      {
        indicators: 'observation.indicators',
        weights: 'options.stress.weights',
        rule: 'options.stress',
        state: 'state.stress',
      },
      () => stressMultiplier(o.raw('indicators') as readonly number[], weights, rule, had),
    );
    stress = next.state;
    multiplier *= next.multiplier;
    margin = calculated * multiplier;
    because.push({ rule: 'stress-index', did: next.state.step === had.step ? 'held' : 'moved', margin });
  }
  if (f.has('stressWeight')) {
    margin = stressWeighted(margin, o.number('stressed', AT_LEAST_0), f.number('stressWeight', FRACTION));
    because.push({ rule: 'stress-weight', did: 'in-force', margin });
  }
  const wanted = margin;
  let buffer: BufferState | null = null;
  if (options.buffer) {
    const { buffer: rule } = options;
    const had = s ? (s.raw('buffer') as BufferState | null) : null;
    const next = called({ rule: 'options.buffer', state: 'state.buffer' }, () => bufferStep(had, margin, rule));
    ({ margin, state: buffer } = next);
    because.push({ rule: 'buffer', did: next.because, margin });
  }
  let limits: LimitState | null = null;
  if (options.limits) {
    const { limits: rule } = options;
    const had = s ? (s.raw('limits') as LimitState | null) : null;
    const next = called({ limits: 'options.limits', state: 'state.limits' }, () => limitStep(had, margin, rule));
    ({ margin, state: limits } = next);
    because.push({ rule: 'limits', did: next.because, margin });
  }
  if (o.has('floor')) {
    const least = o.number('floor', AT_LEAST_0);
    const did = margin < least ? 'in-force' : 'below';
    margin = floored(margin, least);
    because.push({ rule: 'floor', did, margin });
    // Limits go on from what is asked.
    if (limits) limits = { ...limits, margin };
  }
  const owed = wanted > margin ? wanted - margin : 0;
  return { margin, multiplier, volatility, owed, state: { variance, held, stress, buffer, limits }, because };
}

/** Runs a rule whose arguments the caller knows by other names. */
function called<T>(names: Readonly<Record<string, string>>, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MarginError) || error.path === undefined) throw error;
    const [argument = ''] = /^\w+/.exec(error.path) ?? [];
    const name = Object.hasOwn(names, argument) ? names[argument] : undefined;
    throw name === undefined ? error : error.with({ path: name + error.path.slice(argument.length) });
  }
}

/** EWMA of squared returns (RiskMetrics 1996: means are 0), and the multiplier that holds. */
function volatilityStep(
  s: Fields | null,
  f: Fields,
  o: Fields,
): { variance: number; volatility: number; held: number; moved: boolean } {
  const decay = decayOf(f.number('halfLife', HALF_LIFE));
  const normal = f.number('normal', { above: 0, max: 1e3, least: 1e-9 });
  const least = f.number('least', MULTIPLIER, 1);
  const most = f.number('most', { min: least, max: 1e6 }, 1e6);
  const move = o.number('return', { min: -1, max: 1e6 });
  const before = s ? s.number('variance', AT_LEAST_0) : normal * normal;
  const variance = decay * before + (1 - decay) * (move * move);
  const volatility = Math.sqrt(variance);
  const ratio = volatility / normal;
  const now = ratio < least ? least : ratio > most ? most : ratio;
  const had = s ? s.number('held', MULTIPLIER) : null;
  const band = f.number('band', { min: 0, below: 1 }, 0);
  const held = hysteresis(had, now, { rise: band, fall: band });
  return { variance, volatility, held, moved: had !== null && held !== had };
}
