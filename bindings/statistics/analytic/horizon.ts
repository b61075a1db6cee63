// What a risk of one period is over several, by a rule that has a name.
import { decimal, Fields, isObject, wordOf } from '../../book/fields.js';

/**
 * `none`: the deviation given is that of the horizon already. `square-root`: periods are independent. An autocorrelation of
 * successive periods, as of an AR(1) series: the variance of h periods is h + 2 sum of (h - k) autocorrelation^k times that of one.
 */
export type HorizonRule = 'none' | 'square-root' | { readonly autocorrelation: number };

/** Over how many periods, and by which rule. */
export interface HorizonOptions {
  /** Periods, default 1; whole ones with an autocorrelation. */
  horizon?: number;
  /** Has to be said where the horizon is not 1. */
  scaling?: HorizonRule;
}

/** Factors of the mean and of the standard deviation of one period. */
export interface HorizonFactors {
  readonly mean: number;
  readonly deviation: number;
}

const MOST = 1e6;

/** @throws MarginError type, range, not-finite, missing-key, unknown-key */
export function horizonFactors(fields: Fields): HorizonFactors {
  const horizon = fields.number('horizon', { above: 0, max: MOST }, 1);
  if (horizon === 1 && !fields.has('scaling')) return { mean: 1, deviation: 1 };
  const rule = fields.raw('scaling') ?? undefined;
  const path = fields.at('scaling');
  if (!isObject(rule)) {
    const scaled = wordOf(rule, path, { none: 0, 'square-root': 1 }) === 1;
    return scaled ? { mean: horizon, deviation: Math.sqrt(horizon) } : { mean: 1, deviation: 1 };
  }
  const key = 'autocorrelation';
  const rho = decimal(new Fields(rule, path, [key]).raw(key), `${path}.${key}`, { above: -1, below: 1, least: 0 });
  const periods = fields.integer('horizon', 1, MOST, 1);
  let variance = periods;
  let power = 1;
  for (let k = 1; k < periods && power !== 0; k++) {
    power *= rho;
    variance += 2 * (periods - k) * power;
  }
  return { mean: periods, deviation: Math.sqrt(Math.max(0, variance)) };
}
