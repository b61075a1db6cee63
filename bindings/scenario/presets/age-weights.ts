// Weights of scenarios that a scan can hold: all alike, or each so many times less than the next younger one.
import { MarginError } from '../../errors.js';
import type { ScenarioSet } from './value-at-risk-table.js';

/** Relative difference of two weights that rounding makes of equal ones: products of up to 65536 decays. */
const ROUNDING = 1e-9;

const alike = (a: number, b: number): boolean => Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));

/**
 * The decay by which scenarios weigh less the older they are, the youngest standing last.
 * @param given - by the caller
 * @returns undefined where all weigh the same
 * @throws MarginError conflict where weights are neither, or given twice
 */
export function ageOf({ weights, count }: ScenarioSet, given: number | undefined, path: string): number | undefined {
  const decay = given === 1 ? undefined : given;
  if (weights === undefined || count === 1) return decay;
  const at = (s: number): number => weights[s] ?? 0;
  const found = at(count - 2) / at(count - 1);
  const steady = Array.from({ length: count - 1 }, (_, s) => alike(at(s), found * at(s + 1))).every(Boolean);
  if (!steady || !(found > 0) || (found > 1 && !alike(found, 1)))
    throw new MarginError('conflict', {
      path: `${path}.weights`,
      expected: 'none, equal ones, or such as fall by one factor from the last scenario to the first',
      hint: 'A stressed window counts with a weight of its own under "stressed"',
    });
  if (alike(found, 1)) return decay;
  if (decay === undefined || alike(decay, found)) return found;
  throw new MarginError('conflict', { path: 'decay', got: given, expected: `${found}, as ${path}.weights say` });
}
