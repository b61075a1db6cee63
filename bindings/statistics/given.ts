// Options and other objects of numbers, before anything is read of them.
import { isObject, knownKeys } from '../book/fields.js';
import { MarginError } from '../errors.js';

/**
 * Refuses what is no object, and keys that nothing reads where those that are read are said.
 * @throws MarginError type, unknown-key
 */
export function given(value: unknown, path: string, keys?: readonly string[]): void {
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: 'an object' });
  if (keys) knownKeys(value, path === 'options' ? '' : path, keys);
}
