// Scenarios of a stress period (or made by hand) mixed into those of the present, with a share of all weight of their own.
import { Fields } from '../../book/fields.js';
import type { Scenarios } from '../types.js';
import { joined } from './joined.js';

/** How much stress weighs. */
export interface StressedOptions {
  /** What the stress scenarios weigh together: above 0, below 1. EMIR's article 28 asks for at least 0.25. */
  readonly weight: number;
}

/** Weights of a set, all together so much. */
const weightsOf = ({ weights, count }: Scenarios, all: number): Float64Array =>
  (weights ?? new Float64Array(count).fill(1 / count)).map((w) => w * all);

/**
 * Both sets of scenarios, base first: weights of the base times 1 - weight, those of the stress times weight.
 * @throws MarginError type, range, not-finite; unknown-id for a name that only one of them has; conflict for two horizons
 * @example
 * const march2020 = historical(returnsOf(closes, { from: '2020-03-01', to: '2020-04-30' }));
 * const scenarios = stressed(historical(returns), march2020, { weight: 0.25 });
 */
export function stressed(base: Scenarios, stress: Scenarios, options: StressedOptions): Scenarios {
  const weight = new Fields(options, 'options', ['weight']).number('weight', { above: 0, below: 1 });
  const both = joined([base, stress], ['base', 'stress']);
  const weights = new Float64Array(both.count);
  weights.set(weightsOf(base, 1 - weight));
  weights.set(weightsOf(stress, weight), base.count);
  return { ...both, method: `${base.method}, stressed`, weights };
}
