// What an index is told of its own past: states and positions, which a caller keeps and hands back. All are whole numbers, and
// those that come out of JSON as digits are read as such.
import { MarginError } from '../../errors.js';
import type { Integer } from '../../venues/integer.js';
import { Row } from '../../venues/rows.js';
import { type Amount, amountAt } from '../amount.js';

/** A state as it is kept: bigints may have become digits. */
export type Stored<T> = {
  readonly [K in keyof T]: T[K] extends bigint ? Integer : T[K] extends readonly bigint[] ? readonly Integer[] : T[K];
};

/**
 * Whole numbers >= 0 of a state, key by key.
 * @throws MarginError type, missing-key, inexact, range
 */
export function amountsOf<K extends string>(
  state: { readonly [k in K]: Integer },
  path: string,
  keys: readonly K[],
): Record<K, Amount> {
  const row = new Row(state, path);
  return Object.fromEntries(keys.map((key) => [key, amountAt(row, key)])) as Record<K, Amount>;
}

/** @throws MarginError range where somebody asks for more than there is */
export function atMost(value: Amount, most: Amount, path: string, hint?: string): Amount {
  if (value <= most) return value;
  throw new MarginError('range', {
    path,
    got: value,
    expected: `at most ${most}`,
    ...(hint === undefined ? {} : { hint }),
  });
}
