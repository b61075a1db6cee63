// Margin that grows with stress in steps, and falls back later than it rose.
import { MarginError } from '../errors.js';
import { compare, type Exact, fractionText } from '../liquidation/exact.js';
import { listOf } from '../liquidation/list.js';
import { type Ratio, ratio } from '../waterfall/amount.js';
import { argument, atLeast0, timeAt } from './read.js';

/** Steps of a margin's multiplier by a stress index. */
export interface MultiplierRule {
  /** Stress from which on (at it too) the next multiplier holds, rising. */
  levels: readonly Ratio[];
  /** Multipliers of the margin: below the first level, from each level on; one more than levels. */
  multipliers: readonly Ratio[];
  /** Stress below which each level is left again, at most the level; default the levels. */
  back?: readonly Ratio[];
}

interface ReadMultipliers {
  levels: Exact[];
  multipliers: Exact[];
  back: Exact[];
}

/**
 * The multiplier of a margin by a stress index, without memory.
 * @param stress - realised over normal volatility, or whatever the levels are of
 * @param rule - levels and multipliers
 * @returns multiplier, exactly, as text
 * @throws MarginError range where levels fall or multipliers are not one more than levels, missing-key, type, unknown-key
 * @see pedroargento/dex-sim tests/test_components.py test_breaker_margin_multiplier
 * @example
 * stressMultiplier('1.5', { levels: [1, 2], multipliers: [1, '1.5', 2] }) // '1.5'
 */
export function stressMultiplier(stress: Ratio, rule: MultiplierRule): string {
  const { levels, multipliers } = readRule(rule);
  return fractionText(multipliers[reached(ratio(stress, 'stress'), levels)] as Exact);
}

/**
 * The multiplier of a margin with memory: it rises at a level and falls only below the level's `back`, so that stress which
 * trembles around a level does not move margins to and fro.
 * @param state - step: how many levels count as reached; 0 at first
 * @param observation - stress
 * @param rule - levels, multipliers, and where each is left
 * @returns multiplier, exactly, as text, and the state to keep
 * @throws MarginError range, missing-key, type, unknown-key
 * @example
 * multiplierStep({ step: 1 }, { stress: '0.9' }, { levels: [1, 2], multipliers: [1, '1.5', 2], back: ['0.8', '1.6'] })
 *   // { multiplier: '1.5', state: { step: 1 } }
 */
export function multiplierStep(
  state: { step: number },
  observation: { stress: Ratio },
  rule: MultiplierRule,
): { multiplier: string; state: { step: number } } {
  const { levels, multipliers, back } = readRule(rule);
  const row = argument(observation, 'observation', ['stress']);
  const stress = ratio(row.need('stress', 'a stress index') as Ratio, row.at('stress'));
  const before = timeAt(argument(state, 'state', ['step']), 'step');
  const [risen, kept] = [reached(stress, levels), reached(stress, back)];
  const held = kept < before ? kept : before;
  const step = risen > held ? risen : held;
  return { multiplier: fractionText(multipliers[step] as Exact), state: { step } };
}

/** How many rising levels a value has reached. */
const reached = (value: Exact, levels: readonly Exact[]): number =>
  levels.reduce((count, level) => (compare(value, level) >= 0 ? count + 1 : count), 0);

function readRule(rule: MultiplierRule): ReadMultipliers {
  const row = argument(rule, 'rule', ['levels', 'multipliers', 'back']);
  const list = (key: string, count?: number): Exact[] => {
    const values = listOf(row.raw(key), row.at(key));
    if (count !== undefined && values.length !== count) {
      throw new MarginError('range', { path: row.at(key), got: values.length, expected: `${count} of them` });
    }
    return values.map((value, i) => ratio(value as Ratio, `${row.at(key)}[${i}]`));
  };
  const rising = (values: Exact[], key: string): Exact[] => {
    const at = values.findIndex((value, i) => i > 0 && compare(value, values[i - 1] as Exact) < 0);
    if (at < 0) return values;
    throw new MarginError('range', { path: `${row.at(key)}[${at}]`, expected: 'at least the one before it' });
  };
  const levels = rising(list('levels'), 'levels');
  const multipliers = list('multipliers', levels.length + 1);
  multipliers.forEach((value, i) => void atLeast0(value, `${row.at('multipliers')}[${i}]`, fractionText(value)));
  const back = row.has('back') ? rising(list('back', levels.length), 'back') : levels;
  const above = back.findIndex((value, i) => compare(value, levels[i] as Exact) > 0);
  if (above < 0) return { levels, multipliers, back };
  throw new MarginError('range', { path: `${row.at('back')}[${above}]`, expected: 'at most its level' });
}
