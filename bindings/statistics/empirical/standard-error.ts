// How far off a quantile of a sample is, as a standard error: what a simulation of so many paths can be held to.
import { decimal, Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { normalDensity, normalQuantile } from '../../reference/numeric/normal.js';
import { type Confidence, tailShare } from '../confidence.js';

/** What is known of the distribution: its density at the quantile, or, of a normal one, its standard deviation. */
export type AtQuantile = { readonly density: number } | { readonly deviation: number };

/**
 * sqrt(p (1 - p) / count) / density, p the confidence: the standard error of the p-quantile of `count` independent numbers, in the
 * unit of the numbers.
 * @throws MarginError type, not-finite, range, missing-key, unknown-key
 * @example
 * quantileStandardError('0.99', 1_000_000, { deviation: 1 }) // 0.003733236261126969
 */
export function quantileStandardError(confidence: Confidence, count: number, at: AtQuantile): number {
  const { value } = tailShare(confidence);
  const n = decimal(count, 'count', { min: 1 });
  if (!Number.isInteger(n)) throw new MarginError('type', { path: 'count', got: count, expected: 'a whole number' });
  const fields = new Fields(at, 'at', ['density', 'deviation']);
  const normal = fields.has('deviation');
  if (normal === fields.has('density'))
    throw new MarginError(normal ? 'conflict' : 'missing-key', {
      path: 'at.density',
      expected: 'either `density` or `deviation`',
    });
  const density = normal
    ? normalDensity(normalQuantile(value)) / fields.number('deviation', { above: 0 })
    : fields.number('density', { above: 0 });
  return Math.sqrt((value * (1 - value)) / n) / density;
}
