// A list of numbers as it comes in: checked once, copied, in the order given or rising. Sums over a sample are folds in that order.
import { decimal } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { MAX_INPUT } from '../layout.js';

/** Numbers in any order: profit and loss by scenario, returns by day. Losses are negative. */
export type Sample = readonly number[] | Float64Array;

/** Observations of a sample at the most: what an array of JavaScript holds. */
const MOST = 4294967295;

/** Whether it is a list, and not an object that says more. */
export const isList = (values: unknown): values is readonly number[] | Float64Array =>
  Array.isArray(values) || values instanceof Float64Array;

/**
 * A copy of a sample, -0 as 0.
 * @throws MarginError type where it is no list of numbers, not-finite, range for fewer than `least` and for sizes above 1e30
 */
export function readSample(values: Sample, path: string, least = 1): Float64Array {
  const given: unknown = values;
  if (!isList(given)) throw new MarginError('type', { path, got: given, expected: 'a list of numbers' });
  if (given.length < least) {
    const expected = `at least ${least} ${least === 1 ? 'number' : 'numbers'}`;
    throw new MarginError('range', { path, got: given.length, expected });
  }
  const copy = new Float64Array(given.length);
  for (let i = 0; i < copy.length; i++) {
    const value: unknown = given[i];
    // The path is put together only where there is something to say.
    copy[i] = typeof value === 'number' && Math.abs(value) <= MAX_INPUT ? value + 0 : decimal(value, `${path}[${i}]`);
  }
  return copy;
}

/** The numbers of a sample from the least to the largest. */
export const rising = (values: Float64Array): Float64Array => values.slice().sort();

/** Places of the numbers of a sample from the least to the largest; equal ones keep their order. */
export function risingPlaces(values: Float64Array): Uint32Array {
  const places = Uint32Array.from(values, (_, i) => i);
  return places.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

/** How many observations there are. @throws MarginError type, range */
export function readCount(count: number, path: string, most: number = MOST): number {
  const n = decimal(count, path, { min: 1, max: most });
  if (!Number.isInteger(n)) throw new MarginError('type', { path, got: count, expected: 'a whole number' });
  return n;
}
