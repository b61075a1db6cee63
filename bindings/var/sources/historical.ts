// Scenarios that have happened: every return of the past once, all alike, or the older the lighter.
import { Fields } from '../../book/fields.js';
import { ageWeights } from '../../statistics/empirical/weighted.js';
import type { Returns } from '../../statistics/estimation/returns.js';
import { MOST_DAYS, movesOf, returnsGiven } from '../../statistics/estimation/returns-given.js';
import type { Scenarios } from '../types.js';

/** How long scenarios are to be. */
export interface HorizonOptions {
  /** Days that scenarios shall span, where they are not those of the returns: the square root of time scales them. */
  readonly horizon?: number;
}

export interface HistoricalScenarios extends Scenarios {
  /** How returns of one horizon became scenarios of another. */
  readonly scaling: 'none' | 'square-root-of-time';
  /** Moves that would have been below -1, and are -1. */
  readonly floored: number;
}

/** Scenarios of returns: moves, labels, horizon. */
export function scenariosOf(method: string, returns: Returns, horizon: number): HistoricalScenarios {
  const scale = Math.sqrt(horizon / returns.horizon);
  const columns = horizon === returns.horizon ? returns.columns : returns.columns.map((x) => x.map((r) => r * scale));
  return {
    method,
    names: returns.names,
    count: columns[0]?.length ?? 0,
    ...movesOf(columns, returns.kind),
    ...(returns.dates.length > 0 ? { labels: returns.dates } : {}),
    horizon,
    scaling: horizon === returns.horizon ? 'none' : 'square-root-of-time',
  };
}

/**
 * Historical simulation: each day of the past as it was.
 * @throws MarginError type, range, not-finite
 * @example
 * const scenarios = historical(returnsOf(closes, { gaps: 'common' }));
 */
export function historical(returns: Returns, options: HorizonOptions = {}): HistoricalScenarios {
  const given = returnsGiven(returns);
  const horizon = new Fields(options, 'options', ['horizon']).integer('horizon', 1, MOST_DAYS, given.horizon);
  return scenariosOf('historical', given, horizon);
}

/** How weights fade with age. */
export interface AgeWeightedOptions extends HorizonOptions {
  /** What a day weighs of the day after it: above 0, at most 1 (all alike); default 0.99. */
  readonly decay?: number;
}

/**
 * Age-weighted simulation (J. Boudoukh, M. Richardson and R. Whitelaw, The best of both worlds, 1998): day i of n weighs
 * decay^(n - i) (1 - decay) / (1 - decay^n).
 * @throws MarginError type, range, not-finite, missing-key
 * @example
 * const { weights } = ageWeighted(returns, { decay: 0.995 });
 */
export function ageWeighted(returns: Returns, options: AgeWeightedOptions = {}): HistoricalScenarios {
  const given = returnsGiven(returns);
  const fields = new Fields(options, 'options', ['decay', 'horizon']);
  const decay = fields.number('decay', { above: 0, max: 1 }, 0.99);
  const scenarios = scenariosOf('age-weighted', given, fields.integer('horizon', 1, MOST_DAYS, given.horizon));
  return { ...scenarios, weights: ageWeights(scenarios.count, decay) };
}
