// The JSON door: text or object to the head of a book and the lists that book.ts adds one by one.
import { MarginError } from '../errors.js';
import type { ModelJSON } from '../scenario/types.js';
import { duplicateKey } from './duplicate-key.js';
import { Fields } from './fields.js';

export interface BookHead {
  numeraire: string;
  time: string | undefined;
  liquidatableWhen: '<' | '<=';
}

/** Names of a book in the order of their rows. */
export interface Contents {
  head: BookHead;
  assets: readonly string[];
  markets: readonly string[];
  accounts: readonly string[];
  underlyings: readonly string[];
  expiries: readonly string[];
  /** As they were written; packed rows follow from them. */
  models: readonly ModelJSON[];
}

export const FORMAT = 'margin-kernel/book@1';
const KEYS = [
  'format',
  'numeraire',
  'time',
  'liquidatableWhen',
  'assets',
  'expiries',
  'models',
  'markets',
  'accounts',
] as const;

/**
 * Parses text; an object is taken as it is. A key that stands twice in one object is refused, since JSON.parse would drop the
 * first.
 * @param path - what the text is, for the error
 */
export function readJSON(json: unknown, path = 'book'): unknown {
  if (typeof json !== 'string') return json;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (e) {
    throw new MarginError('syntax', { path, expected: `JSON text: ${whereOf(json, e as Error)}` });
  }
  const twice = duplicateKey(json);
  if (twice !== undefined) throw new MarginError('duplicate', { path: twice, expected: 'each key once in an object' });
  return value;
}

/** What is said of the book as a whole, also by the options of a new book and by a binary one. */
export function headOf(f: Fields): BookHead {
  const time = f.has('time') ? f.string('time') : undefined;
  if (time !== undefined && Number.isNaN(Date.parse(time))) {
    throw new MarginError('type', {
      path: f.at('time'),
      got: time,
      expected: 'an ISO 8601 time such as "2022-11-09T00:00:00Z"',
    });
  }
  return {
    numeraire: f.string('numeraire', 'USD'),
    time,
    liquidatableWhen: f.word('liquidatableWhen', { '<': 0, '<=': 1 }, '<') === 1 ? '<=' : '<',
  };
}

/** The parser's message; engines that say a position get its line and column. */
function whereOf(text: string, { message }: Error): string {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (Number.isNaN(position) || /line \d+/.test(message)) return message;
  const before = text.slice(0, position).split('\n');
  return `${message} (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}

/** Checks the outermost object. */
export function readHead(json: unknown): {
  head: BookHead;
  assets: unknown[];
  expiries: unknown[];
  models: unknown[];
  markets: unknown[];
  accounts: unknown[];
} {
  const f = new Fields(json, '', KEYS);
  if (!f.has('format')) throw new MarginError('missing-key', { path: 'format', expected: `"${FORMAT}"` });
  if (f.raw('format') !== FORMAT)
    throw new MarginError('format', { path: 'format', got: f.raw('format'), expected: `"${FORMAT}"` });
  for (const key of ['assets', 'markets', 'accounts'] as const) {
    if (!f.has(key)) throw new MarginError('missing-key', { path: key, expected: 'a list' });
  }
  return {
    head: headOf(f),
    assets: f.list('assets'),
    expiries: f.list('expiries'),
    models: f.list('models'),
    markets: f.list('markets'),
    accounts: f.list('accounts'),
  };
}
