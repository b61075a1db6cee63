// A list that a caller has to give: one that is missing is not an empty one.
import { MarginError } from '../errors.js';

/** @returns the list, holes as undefined, which `map` would leave out @throws MarginError missing-key, type */
export function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return Array.from(value);
  const got = value === undefined ? {} : { got: value };
  throw new MarginError(value === undefined ? 'missing-key' : 'type', { path, ...got, expected: 'a list' });
}
