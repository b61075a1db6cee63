// A word out of a list of words, as a caller gives it: layers, allocations, roundings, operators.
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';

/** @throws MarginError missing-key, type; names the nearest word that is known */
export function oneOf<W extends string>(value: unknown, path: string, words: readonly W[]): W {
  if (typeof value === 'string' && (words as readonly string[]).includes(value)) return value as W;
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  throw new MarginError(value === undefined ? 'missing-key' : 'type', {
    path,
    ...(value === undefined ? {} : { got: value }),
    expected: `one of ${words.join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}
