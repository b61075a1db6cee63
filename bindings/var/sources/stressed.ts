// Scenarios of a stress period (or made by hand) mixed into those of the present, with a share of all weight of their own.
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { checkScenarios } from '../check-scenarios.js';
import type { Scenarios } from '../types.js';

export interface StressedOptions {
  /** What the stress scenarios weigh together: above 0, below 1. EMIR's article 28 asks for at least 0.25. */
  readonly weight: number;
}

const alike = (count: number): Float64Array => new Float64Array(count).fill(1 / count);

/**
 * Both sets of scenarios, base first: weights of the base times 1 - weight, those of the stress times weight.
 * @throws MarginError type, range, not-finite; unknown-id for a name that only one of them has; conflict for two horizons
 * @example
 * const march2020 = historical(returnsOf(closes, { from: '2020-03-01', to: '2020-04-30' }));
 * const scenarios = stressed(historical(returns), march2020, { weight: 0.25 });
 */
export function stressed(base: Scenarios, stress: Scenarios, options: StressedOptions): Scenarios {
  const weight = new Fields(options, 'options', ['weight']).number('weight', { above: 0, below: 1 });
  checkScenarios(base, 'base');
  checkScenarios(stress, 'stress');
  const [first, second] = [base, stress];
  if (first.horizon !== second.horizon)
    throw new MarginError('conflict', {
      path: 'stress.horizon',
      got: second.horizon,
      expected: `${first.horizon} days, as the base spans`,
    });
  for (const [path, names, others] of [
    ['stress', second.names, first.names],
    ['base', first.names, second.names],
  ] as const) {
    const alone = names.find((name) => !others.includes(name));
    if (alone !== undefined)
      throw new MarginError('unknown-id', { path: `${path}.names`, got: alone, expected: 'a name of both' });
  }
  const order = first.names.map((name) => second.names.indexOf(name));
  const joined = (a: Float64Array | undefined, b: Float64Array | undefined): Float64Array => {
    const both = new Float64Array(first.count + second.count);
    if (a) both.set(a);
    if (b) both.set(b, first.count);
    return both;
  };
  const [own, added] = [first.weights ?? alike(first.count), second.weights ?? alike(second.count)];
  const labels = (scenarios: Scenarios): readonly string[] =>
    scenarios.labels ?? Array.from({ length: scenarios.count }, (_, i) => `${scenarios.method} ${i}`);
  const volatilities = order.map((at, i) => {
    const [a, b] = [first.volatilities?.[i], second.volatilities?.[at]];
    return a || b ? joined(a, b) : undefined;
  });
  return {
    method: `${first.method}, stressed`,
    names: first.names,
    count: first.count + second.count,
    moves: order.map((at, i) => joined(first.moves[i], second.moves[at])),
    ...(volatilities.some(Boolean) ? { volatilities } : {}),
    weights: joined(
      own.map((w) => w * (1 - weight)),
      added.map((w) => w * weight),
    ),
    labels: [...labels(first), ...labels(second)],
    horizon: first.horizon,
  };
}
