// How far off a quantile of a sample is, as a standard error: what a simulation of so many paths can be held to.
import { decimal } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { type Confidence, tailShare } from './confidence.js';

/**
 * sqrt(p (1 - p) / count) / density, p the confidence: the standard error of the p-quantile of `count` independent numbers whose
 * density there is known.
 * @param density - at the quantile, per unit of the number; > 0
 * @throws MarginError type, not-finite, range
 * @example
 * quantileStandardError('0.99', 1_000_000, 0.0375); // 0.00265...
 */
export function quantileStandardError(confidence: Confidence, count: number, density: number): number {
  const { value } = tailShare(confidence);
  const n = decimal(count, 'count', { min: 1 });
  const f = decimal(density, 'density', { above: 0 });
  if (!Number.isInteger(n)) throw new MarginError('type', { path: 'count', got: count, expected: 'a whole number' });
  return Math.sqrt((value * (1 - value)) / n) / f;
}
