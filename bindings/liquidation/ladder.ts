// A tier ladder as data: levels of health with a comparison and an action each, and a cooldown within which a partial
// close is not tried twice. A step is pure: state, health and time in, action and next state out.
import { AT_LEAST_0, decimal, Fields, type Range, wordOf } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { listOf } from './list.js';

/** What a tier does: tell the owner, close a part, close all, or hand over to a fund, vault or netting. */
export type Action = 'warn' | 'partial' | 'full' | 'backstop';

/** A tier of a ladder: below which health, and what is done there. */
export interface Tier {
  /** Its name. */
  tier: string;
  /** The tier holds where health is below its level (`<`, default) or at it too (`<=`). */
  op?: '<' | '<=';
  /** Health, equity over requirement. */
  level: Decimal;
  /** What is done in it. */
  action: Action;
  /** Share that a partial close takes, (0, 1]; default 1/2. */
  fraction?: Decimal;
}

/** Tiers of health with an action each. */
export interface Ladder {
  /** By falling level; the last that holds counts. */
  tiers: readonly Tier[];
  /** Time that an action of `arms` begins; default 0. */
  cooldown?: Decimal;
  /** What a partial tier does within the cooldown: close all (default), nothing, or another part. */
  again?: 'full' | 'wait' | 'partial';
  /** Actions that begin the cooldown; default partial, full and backstop. */
  arms?: readonly Action[];
}

/** What a ladder remembers of an account. */
export interface LadderState {
  /** Time of the last action that began a cooldown; null for none. */
  armedAt: number | null;
}

/** An account that nothing has been done to. */
export const UNARMED: LadderState = { armedAt: null };

/** What a ladder says about an account now. */
export interface LadderStep {
  /** Name of the tier; null where none holds. */
  tier: string | null;
  /** `none` where no tier holds, or where it waits. */
  action: Action | 'none';
  /** Share of the position to close: 0, the part, or 1. */
  fraction: number;
  /** When the same health may lead to something else: the end of the cooldown; null without one. */
  nextAt: number | null;
  /** To be given to the next step. */
  state: LadderState;
}

/** MetaFlux, times in ms: a warning, half, all, and the backstop. Only a part begins the cooldown. */
export const METAFLUX_LADDER: Ladder = {
  tiers: [
    { tier: 'T0', level: 1.1, action: 'warn' },
    { tier: 'T1', level: 1, action: 'partial' },
    { tier: 'T2', level: 0.8, action: 'full' },
    { tier: 'T3', level: 0.667, action: 'backstop' },
  ],
  cooldown: 30_000,
  arms: ['partial'],
};

const ACTIONS: Readonly<Record<Action, number>> = { warn: 0, partial: 1, full: 2, backstop: 3 };
/** Actions within the cooldown, by the number of the word. */
const AGAIN = ['full', 'none', 'partial'] as const;
const PART: Range = { above: 0, max: 1 };

interface Rung {
  tier: string;
  level: number;
  inclusive: boolean;
  action: Action;
  fraction: number;
}

function rungsOf(fields: Fields): Rung[] {
  const rungs = listOf(fields.raw('tiers'), fields.at('tiers')).map((tier, i) => {
    const row = new Fields(tier, `${fields.at('tiers')}[${i}]`, ['tier', 'op', 'level', 'action', 'fraction']);
    row.word('action', ACTIONS);
    return {
      tier: row.string('tier'),
      level: row.number('level', {}),
      inclusive: row.word('op', { '<': 0, '<=': 1 }, '<') === 1,
      action: row.raw('action') as Action,
      fraction: row.number('fraction', PART, 0.5),
    };
  });
  rungs.forEach(({ level, inclusive }, i) => {
    const above = rungs[i - 1];
    if (!above || level < above.level || (level === above.level && above.inclusive && !inclusive)) return;
    const expected = `below ${above.level}, the level of the tier before it`;
    throw new MarginError('range', { path: `${fields.at('tiers')}[${i}].level`, got: level, expected });
  });
  return rungs;
}

/**
 * What to do with an account now.
 * @param ladder - tiers and cooldown
 * @param state - of the account; `UNARMED` at first
 * @param health - equity over requirement; null without a requirement: there is nothing to do
 * @param now - time, in the unit of the cooldown
 * @returns tier, action, and the state to keep
 * @throws MarginError range where levels do not fall or time runs backwards, missing-key, type, not-finite, unknown-key
 * @see mtf-exchange/metaflux-knowledges docs/concepts/tiered-liquidation.md
 * @example
 * ladderStep(METAFLUX_LADDER, UNARMED, 0.8, 1_000)
 *   // { tier: 'T1', action: 'partial', fraction: 0.5, nextAt: 31_000, state: { armedAt: 1_000 } }
 */
export function ladderStep(ladder: Ladder, state: LadderState, health: number | null, now: Decimal): LadderStep {
  const fields = new Fields(ladder, 'ladder', ['tiers', 'cooldown', 'again', 'arms']);
  const kept = new Fields(state, 'state', ['armedAt']);
  const rungs = rungsOf(fields);
  const cooldown = fields.number('cooldown', AT_LEAST_0, 0);
  const again = AGAIN[fields.word('again', { full: 0, wait: 1, partial: 2 }, 'full')] ?? 'full';
  const arms = fields.has('arms') ? fields.list('arms') : ['partial', 'full', 'backstop'];
  arms.forEach((action, i) => void wordOf(action, `${fields.at('arms')}[${i}]`, ACTIONS));
  const time = decimal(now, 'now');
  const armed = kept.has('armedAt') ? kept.number('armedAt', { max: time }) : null;
  const cooling = armed !== null && time - armed < cooldown;
  const ratio = health === null ? Number.POSITIVE_INFINITY : decimal(health, 'health');
  const rung = rungs.filter(({ level, inclusive }) => ratio < level || (inclusive && ratio === level)).at(-1);
  const action = !rung ? 'none' : rung.action === 'partial' && cooling ? again : rung.action;
  const armedAt = arms.includes(action) ? time : armed;
  const fraction = action === 'partial' ? (rung?.fraction ?? 0) : action === 'full' || action === 'backstop' ? 1 : 0;
  const end = armedAt === null ? null : armedAt + cooldown;
  const nextAt = end !== null && end > time ? end : null;
  return { tier: rung?.tier ?? null, action, fraction, nextAt, state: { armedAt } };
}
