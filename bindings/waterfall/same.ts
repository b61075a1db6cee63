// Whether what somebody says is what was found. It may come from JSON, where an amount is digits and a map an object, or from
// nobody knows where: nothing here throws, and what was found decides how deep one looks.
import { isObject } from '../book/fields.js';
import type { Amount } from './amount.js';

/** A whole number: bigint, digits, or a number that has lost none; undefined: it is none. */
export function wholeOf(said: unknown): Amount | undefined {
  if (typeof said === 'bigint') return said;
  if (typeof said === 'number') return Number.isSafeInteger(said) ? BigInt(said) : undefined;
  return typeof said === 'string' && /^-?\d+$/.test(said) ? BigInt(said) : undefined;
}

/** Keys whose value is left out say nothing. */
const entriesOf = (value: Record<string, unknown>): [string, unknown][] =>
  Object.entries(value).filter(([, entry]) => entry !== undefined);

/** Whether a value is the one that was found. */
export function same(said: unknown, found: unknown): boolean {
  if (said === found) return true;
  if (typeof found === 'bigint') return wholeOf(said) === found;
  if (typeof found !== 'object' || found === null) return false;
  if (Array.isArray(found)) {
    return Array.isArray(said) && said.length === found.length && found.every((each, i) => same(said[i], each));
  }
  if (!isObject(said)) return false;
  const entries = entriesOf(found as Record<string, unknown>);
  return entriesOf(said).length === entries.length && entries.every(([key, each]) => same(said[key], each));
}

/** A value in a sentence, whatever it is. */
export function inWords(said: unknown): string {
  if (typeof said === 'string') return JSON.stringify(said.length > 40 ? `${said.slice(0, 40)}...` : said);
  if (typeof said === 'object' && said !== null) return Array.isArray(said) ? 'a list' : 'an object';
  return String(said);
}
