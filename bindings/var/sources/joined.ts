// Sets of scenarios one behind the other: parts of a simulation that several workers have made, or two kinds of scenarios.
import { MarginError } from '../../errors.js';
import { checkScenarios } from '../check-scenarios.js';
import type { Scenarios } from '../types.js';

/** @throws MarginError unknown-id for a name that only one of them has; conflict for two horizons */
function checkAlike(first: Scenarios, other: Scenarios, path: string): void {
  if (first.horizon !== other.horizon)
    throw new MarginError('conflict', {
      path: `${path}.horizon`,
      got: other.horizon,
      expected: `${first.horizon} days, as the others span`,
    });
  const alone = other.names.find((name) => !first.names.includes(name));
  const lacking = first.names.find((name) => !other.names.includes(name));
  const name = alone ?? lacking;
  if (name === undefined) return;
  const expected = alone === undefined ? 'moves of every name that the others have' : 'a name that the others have';
  throw new MarginError('unknown-id', { path: `${path}.names`, got: name, expected });
}

/** Columns one behind the other; zeros for a set that has none. */
function behind(parts: readonly Scenarios[], of: (part: Scenarios) => ArrayLike<number> | undefined): Float64Array {
  const column = new Float64Array(parts.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const part of parts) {
    const own = of(part);
    if (own) column.set(own, at);
    at += part.count;
  }
  return column;
}

/** What a scenario is called in a set of several. */
const labelsOf = ({ labels, method, count, first = 0 }: Scenarios): readonly string[] =>
  labels ?? Array.from({ length: count }, (_, i) => `${method} ${first + i}`);

/**
 * Sets of scenarios as one, in the order given. Where any of them has weights, each weighs as many scenarios as it has.
 * @throws MarginError type, range, not-finite; unknown-id for a name that only one of them has; conflict for two horizons
 * @example
 * const options = { names: ['BTC'], covariance: [[0.0016]], paths: 1000, seed: 1 };
 * const both = joined([monteCarlo({ ...options, to: 400 }), monteCarlo({ ...options, from: 400 })]); // as in one go
 */
export function joined(parts: readonly Scenarios[], paths: readonly string[] = []): Scenarios {
  if (!Array.isArray(parts) || parts.length === 0)
    throw new MarginError('type', { path: 'parts', got: parts, expected: 'a list of at least one set of scenarios' });
  const sets = parts as readonly Scenarios[];
  const pathOf = (i: number): string => paths[i] ?? `parts[${i}]`;
  sets.forEach((part, i) => void checkScenarios(part, pathOf(i)));
  const [head] = sets as readonly [Scenarios, ...Scenarios[]];
  sets.forEach((part, i) => void checkAlike(head, part, pathOf(i)));
  const { names, method, horizon } = head;
  const count = sets.reduce((sum, part) => sum + part.count, 0);
  const at = (part: Scenarios, name: string): number => part.names.indexOf(name);
  const volatilities = names.map((name) =>
    sets.some((part) => part.volatilities?.[at(part, name)])
      ? behind(sets, (part) => part.volatilities?.[at(part, name)])
      : undefined,
  );
  const weighted = sets.some(({ weights }) => weights !== undefined);
  const alike = (part: Scenarios): Float64Array =>
    (part.weights ?? new Float64Array(part.count).fill(1 / part.count)).map((w) => (w * part.count) / count);
  // Parts of one simulation, one behind the other, are numbered through.
  const through = sets.every((part, i) => {
    const before = sets[i - 1];
    return (
      part.labels === undefined &&
      part.method === method &&
      (!before || (before.first ?? 0) + before.count === (part.first ?? 0))
    );
  });
  return {
    method,
    names,
    count,
    moves: names.map((name) => behind(sets, (part) => part.moves[at(part, name)])),
    ...(volatilities.some(Boolean) ? { volatilities } : {}),
    ...(weighted ? { weights: behind(sets, alike) } : {}),
    ...(through ? (head.first ? { first: head.first } : {}) : { labels: sets.flatMap(labelsOf) }),
    horizon,
  };
}
