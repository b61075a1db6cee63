// Tools against procyclicality at margin level, as pure functions and state steps that a log replays: the three of EMIR (Regulation (EU)
// No 153/2013 Art. 28(1): a buffer of 25 %, a weight of 25 % on stress, a floor at ten years of volatility), limits of a step, and bands
// in which nothing moves. What they come to over time is in dynamic-margin.ts; margins are amounts of a fixed position, or rates.
import { AT_LEAST_0, decimal, Fields, FRACTION } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { pow } from '../../reference/numeric/pow.js';

/** The least buffer and the least weight of stress under Art. 28(1)(a) and (b). */
export const EMIR_SHARE = 0.25;
/** Half-lives in steps: longer ones would not move in the life of a system. */
export const HALF_LIFE = { above: 0, max: 1e6 } as const;

const marginOf = (value: unknown, path: string): number => decimal(value, path, AT_LEAST_0);

/**
 * Margin with a buffer: margin x (1 + share).
 * @param margin - calculated, >= 0
 * @param share - of it; default 0.25, the least that Art. 28(1)(a) permits
 * @throws MarginError range, type, not-finite
 * @example
 * buffered(140); // 175
 */
export function buffered(margin: number, share: number = EMIR_SHARE): number {
  return marginOf(margin, 'margin') * (1 + decimal(share, 'share', { min: 0, max: 1e6 }));
}

/**
 * Margin with a weight on stress: (1 - weight) x margin + weight x stressed.
 * @param margin - of recent observations, >= 0
 * @param stressed - of stressed ones, >= 0
 * @param weight - in [0, 1]; default 0.25, the least that Art. 28(1)(b) permits
 * @throws MarginError range, type, not-finite
 * @example
 * stressWeighted(140, 200); // 155
 */
export function stressWeighted(margin: number, stressed: number, weight: number = EMIR_SHARE): number {
  const w = decimal(weight, 'weight', FRACTION);
  return (1 - w) * marginOf(margin, 'margin') + w * marginOf(stressed, 'stressed');
}

/**
 * Margin with a floor: the larger of two.
 * @param margin - calculated, >= 0
 * @param floor - what it would be with the volatility of a long window; ten years under Art. 28(1)(c)
 * @throws MarginError range, type, not-finite
 * @example
 * floored(80, 110); // 110
 */
export function floored(margin: number, floor: number): number {
  const [own, least] = [marginOf(margin, 'margin'), marginOf(floor, 'floor')];
  return own < least ? least : own;
}

/** A whole number that a state has to have. @throws MarginError missing-key, type, range */
export function wholeOf(f: Fields, key: string, most: number): number {
  const n = f.number(key, { min: 0, max: most });
  if (Number.isInteger(n)) return n;
  throw new MarginError('type', { path: f.at(key), got: n, expected: 'a whole number' });
}

/** What is left of a weight after a step of a half-life. */
export const decayOf = (halfLife: number): number => pow(0.5, 1 / halfLife);

/** When a buffer is used, and how it comes back. */
export interface BufferRule {
  /** Of the calculated margin, where the buffer is full; default 0.25. */
  share?: number;
  /** A calculated margin rises significantly where it is more than this share above its running mean. */
  rise: number;
  /** Half-life of that mean, in steps. */
  halfLife: number;
  /** What comes back in a step in which it does not rise; of the calculated margin. */
  refill: number;
}

/** State of a buffer; JSON. */
export interface BufferState {
  /** Running mean of the calculated margin. */
  mean: number;
  /** What is left of the buffer, a share of the calculated margin. */
  share: number;
  /** What was asked last. */
  charged: number;
}

/** Margin with what is left of a buffer. */
export interface BufferStep {
  /** Calculated margin and what is left of the buffer. */
  margin: number;
  /** To be given to the next step. */
  state: BufferState;
  /** `full`; `released`: as much of it is used as keeps the margin where it was; `exhausted`: all of it; `refilling`. */
  because: 'full' | 'released' | 'exhausted' | 'refilling';
}

/**
 * A buffer that may be used up while margins rise significantly (Art. 28(1)(a)): in such a step only so much of it is asked as keeps the
 * margin where it was, and what is not asked is gone until it comes back.
 * @param state - null at first: the buffer is full
 * @param margin - calculated in this step, >= 0
 * @param rule - share, when it is used, how it comes back
 * @throws MarginError missing-key, unknown-key, range, type, not-finite
 * @example
 * const rule = { rise: 0.05, halfLife: 60, refill: 0.01 };
 * const { state } = bufferStep(null, 100, rule); // 125 is asked
 * bufferStep(state, 120, rule).margin; // 125: what is left of the buffer are 5
 */
export function bufferStep(state: BufferState | null, margin: number, rule: BufferRule): BufferStep {
  const f = new Fields(rule, 'rule', ['share', 'rise', 'halfLife', 'refill']);
  const full = f.number('share', { min: 0, max: 1e6 }, EMIR_SHARE);
  const rise = f.number('rise', AT_LEAST_0);
  const decay = decayOf(f.number('halfLife', HALF_LIFE));
  const refill = f.number('refill', AT_LEAST_0);
  const now = marginOf(margin, 'margin');
  if (state === null) {
    const charged = now * (1 + full);
    return { margin: charged, state: { mean: now, share: full, charged }, because: 'full' };
  }
  const s = new Fields(state, 'state', ['mean', 'share', 'charged']);
  const [mean, had, before] = [
    s.number('mean', AT_LEAST_0),
    s.number('share', AT_LEAST_0),
    s.number('charged', AT_LEAST_0),
  ];
  const rising = now > mean * (1 + rise);
  const left = rising ? smaller(had, larger(0, before / now - 1)) : smaller(full, had + refill);
  // To the bit what was asked before, where the buffer is what gives way.
  const charged = rising && left > 0 && left < had ? before : now * (1 + left);
  const because = left >= full ? 'full' : !rising ? 'refilling' : left === 0 ? 'exhausted' : 'released';
  return { margin: charged, state: { mean: mean + (1 - decay) * (now - mean), share: left, charged }, because };
}

const larger = (a: number, b: number): number => (a < b ? b : a);
const smaller = (a: number, b: number): number => (b < a ? b : a);

/** How far a margin may go in a step. */
export interface StepLimits {
  /** Largest rise, a share of what was asked last. */
  up: number;
  /** Largest fall, in [0, 1]; default 1: none. */
  down?: number;
  /** Steps in a row in which a rise may be cut; the next one is taken in full. Default: any number. */
  patience?: number;
}

/** State of limits; JSON. */
export interface LimitState {
  /** Margin of the step before. */
  margin: number;
  /** Steps in a row in which a rise has been cut. */
  behind: number;
}

/** Margin within its limits. */
export interface LimitedStep {
  /** To be asked for in this step. */
  margin: number;
  /** Calculated margin that is not asked yet; 0 where all is. */
  owed: number;
  /** To be given to the next step. */
  state: LimitState;
  /** `within` the limits; a `rise` or a `fall` that is cut; `caught-up`: in full, after as many cuts as are allowed. */
  because: 'within' | 'rise' | 'fall' | 'caught-up';
}

/**
 * A margin that goes to its target in limited steps ("avoiding disruptive or big step changes", Art. 28(1)). A margin of 0 before has no
 * share that could limit anything.
 * @param state - null at first: the target is taken as it is
 * @param target - calculated in this step, >= 0
 * @param limits - largest rise and fall, and how long a rise may lag behind
 * @throws MarginError missing-key, unknown-key, range, type, not-finite
 * @example
 * limitStep({ margin: 100, behind: 0 }, 150, { up: 0.2 }); // margin 120, owed 30, because 'rise'
 */
export function limitStep(state: LimitState | null, target: number, limits: StepLimits): LimitedStep {
  const f = new Fields(limits, 'limits', ['up', 'down', 'patience']);
  const [up, down] = [f.number('up', { min: 0, max: 1e6 }), f.number('down', FRACTION, 1)];
  const patience = f.has('patience') ? f.integer('patience', 0, 1e6, 0) : null;
  const wanted = marginOf(target, 'target');
  const all = (because: LimitedStep['because']): LimitedStep => ({
    margin: wanted,
    owed: 0,
    state: { margin: wanted, behind: 0 },
    because,
  });
  if (state === null) return all('within');
  const s = new Fields(state, 'state', ['margin', 'behind']);
  const [last, behind] = [s.number('margin', AT_LEAST_0), wholeOf(s, 'behind', Number.MAX_SAFE_INTEGER)];
  const [most, least] = [last * (1 + up), last * (1 - down)];
  if (last === 0 || (wanted <= most && wanted >= least)) return all('within');
  if (wanted < least) return { margin: least, owed: 0, state: { margin: least, behind: 0 }, because: 'fall' };
  if (patience !== null && behind >= patience) return all('caught-up');
  return { margin: most, owed: wanted - most, state: { margin: most, behind: behind + 1 }, because: 'rise' };
}

/**
 * A number that follows another only when that leaves a band around it; then it takes its value.
 * @param held - what holds; null at first
 * @param value - now, >= 0
 * @param band - shares of what holds: by how much the value may be above (`rise`) and below (`fall`, default as above)
 * @returns what holds from now on
 * @throws MarginError missing-key, unknown-key, range, type, not-finite
 * @example
 * [hysteresis(2, 2.1, { rise: 0.1 }), hysteresis(2, 2.3, { rise: 0.1 })]; // [2, 2.3]
 */
export function hysteresis(held: number | null, value: number, band: { rise: number; fall?: number }): number {
  const f = new Fields(band, 'band', ['rise', 'fall']);
  const rise = f.number('rise', { min: 0, max: 1e6 });
  const fall = f.number('fall', FRACTION, rise < 1 ? rise : 1);
  const now = marginOf(value, 'value');
  if (held === null) return now;
  const had = marginOf(held, 'held');
  return now > had * (1 + rise) || now < had * (1 - fall) ? now : had;
}
