// What the functions of many numbers in both numeric entries share: their shapes, and the check of what they are given.
import { MarginError } from './errors.js';
import { clobbers } from './overlap.js';

/**
 * A function of every number of `x`, written to `into` (a new array, where none is given) and returned. `into` is at least as long
 * as `x`; it may be `x` itself or overlap it. Every number has the bits that the function of one number gives.
 * @throws MarginError type, where x or into is no Float64Array; range, where into is too short
 */
export type Batch = (x: Float64Array, into?: Float64Array) => Float64Array;

/**
 * The same for functions of x and one more number, which is one for all of them.
 * @throws MarginError type, where that is no number; and as `Batch` does
 */
export type BatchWith = (x: Float64Array, parameter: number, into?: Float64Array) => Float64Array;

/** Refuses the one number of a `BatchWith` where it is none: NaN itself is a number, and its answer NaN. */
export function checkParameter(value: unknown, path: string): void {
  if (typeof value !== 'number') throw new MarginError('type', { path, got: value, expected: 'a number' });
}

/** The two arrays of a batch: checked, and such that writing the second never changes what is still to be read of the first. */
export function batchOf(x: Float64Array, into?: Float64Array): { from: Float64Array; to: Float64Array } {
  if (!(x instanceof Float64Array)) throw new MarginError('type', { path: 'x', got: x, expected: 'a Float64Array' });
  if (into === undefined) return { from: x, to: new Float64Array(x.length) };
  if (!(into instanceof Float64Array))
    throw new MarginError('type', { path: 'into', got: into, expected: 'a Float64Array' });
  if (into.length < x.length)
    throw new MarginError('range', {
      path: 'into',
      got: into.length,
      expected: `at least ${x.length} numbers, as x has`,
    });
  return { from: clobbers(into, x) ? x.slice() : x, to: into };
}
