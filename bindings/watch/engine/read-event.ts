// An event as a caller writes it into the form that is applied and recorded: rows for ids, doubles for decimals, words checked, what
// is left out left out. Whether a book takes it is the book's to say.
import type { BookBase } from '../../book/book.js';
import { decimal, Fields, isObject, wordOf } from '../../book/fields.js';
import { readJSON } from '../../book/json.js';
import { MarginError } from '../../errors.js';
import { NONE } from '../../layout.js';
import { actionBits } from './allow.js';
import type { EngineEvent, EventKind, NumberedEvent } from './event.js';
import { type FieldType, fieldsOf, KINDS, keysOf, kindNames } from './kinds.js';

/** Who knows the rows of ids: a book. Without one, events name rows. */
export type Names = Pick<BookBase, 'asset' | 'market' | 'account' | 'expiry'>;

/** Largest sequence: 48 bits. */
export const MAX_SEQUENCE = 281474976710655;

export const SIDES = ['buy', 'sell'] as const;
export const POSITION_SIDES = ['net', 'long', 'short'] as const;
const codes = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries(words.map((word, i) => [word, i]));
const WORDS = { side: /* @__PURE__ */ codes(SIDES), positionSide: /* @__PURE__ */ codes(POSITION_SIDES) };
const kindCodes = (): Record<string, number> => Object.fromEntries(kindNames.map((k) => [k, KINDS[k].code]));
/** Anything that the book may take; it names its own ranges. */
const DOUBLE = { most: 1e300 };

/** Refuses what JSON would turn into something else. */
function asText(value: unknown, path: string): string {
  const check = (key: string, x: unknown): unknown => {
    const at = key === '' ? path : `${path}: ${key}`;
    if (typeof x === 'number' && !Number.isFinite(x))
      throw new MarginError('not-finite', { path: at, got: x, expected: 'a finite number' });
    if (typeof x === 'bigint' || typeof x === 'function' || typeof x === 'symbol')
      throw new MarginError('type', { path: at, got: String(x), expected: 'what JSON can hold' });
    return x;
  };
  try {
    return JSON.stringify(value, check);
  } catch (e) {
    if (e instanceof MarginError) throw e;
    throw new MarginError('type', { path, got: value, expected: 'what JSON can hold' });
  }
}

/** The value of JSON as it comes out of a journal again, so that a replay applies the very same. */
function json(value: unknown, path: string): unknown {
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: 'an object' });
  return readJSON(asText(value, path), path);
}

function row(id: unknown, noun: keyof Names, path: string, names: Names | undefined): number {
  if (names) {
    if (typeof id === 'string' || typeof id === 'number') return names[noun](id, path);
    throw new MarginError(id === undefined ? 'missing-key' : 'type', { path, got: id, expected: 'an id or a row' });
  }
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < NONE) return id;
  throw new MarginError('type', { path, got: id, expected: 'a row', hint: 'Ids need the book that knows them' });
}

/** Markets with their marks. */
function marks(value: unknown, path: string, names: Names | undefined): [number, number][] {
  const expected = 'a list of [market, mark]';
  if (!Array.isArray(value))
    throw new MarginError(value === undefined ? 'missing-key' : 'type', { path, got: value, expected });
  return value.map((pair: unknown, i) => {
    const at = `${path}[${i}]`;
    if (!Array.isArray(pair) || pair.length !== 2) throw new MarginError('type', { path: at, got: pair, expected });
    return [row(pair[0], 'market', `${at}[0]`, names), decimal(pair[1], `${at}[1]`, DOUBLE)];
  });
}

function read(f: Fields, key: string, type: FieldType, names: Names | undefined): unknown {
  if (type.endsWith('?') && !f.has(key)) return undefined;
  const path = f.at(key);
  switch (type) {
    case 'asset':
    case 'market':
    case 'account':
    case 'expiry':
      return row(f.raw(key), type, path, names);
    case 'asset?':
    case 'market?':
      return row(f.raw(key), type.slice(0, -1) as 'asset' | 'market', path, names);
    case 'number':
    case 'number?':
      if (!f.has(key)) throw new MarginError('missing-key', { path, expected: 'a number' });
      return decimal(f.raw(key), path, DOUBLE);
    case 'count':
    case 'count?':
      return f.integer(key, 0, NONE - 1, 0);
    case 'side':
      return SIDES[wordOf(f.raw(key), path, WORDS.side)];
    case 'positionSide':
      return POSITION_SIDES[wordOf(f.raw(key) ?? 'net', path, WORDS.positionSide)];
    case 'actions':
      return actionBits(f.raw(key), path);
    case 'hash':
      if (typeof f.raw(key) === 'string' && /^[0-9a-f]{16}$/.test(f.raw(key) as string)) return f.raw(key);
      throw new MarginError('type', {
        path,
        got: f.raw(key),
        expected: 'the hash of an engine: 16 hexadecimal digits',
      });
    case 'marks':
      return marks(f.raw(key), path, names);
    case 'json':
      return json(f.raw(key), path);
  }
}

/** Number of an event that has one. @throws MarginError type, range */
export function sequenceOf(event: unknown, path = 'event'): number | undefined {
  if (!isObject(event)) throw new MarginError('type', { path, got: event, expected: 'an event, or the bytes of one' });
  const { sequence } = event;
  if (sequence === undefined || sequence === null) return undefined;
  if (typeof sequence === 'number' && Number.isInteger(sequence) && sequence > 0 && sequence <= MAX_SEQUENCE)
    return sequence;
  throw new MarginError('range', {
    path: `${path}.sequence`,
    got: sequence,
    expected: `a whole number from 1 to ${MAX_SEQUENCE}`,
  });
}

/**
 * @param sequence - where the event names none
 * @throws MarginError type, missing-key, unknown-key, unknown-id, not-finite, range
 */
export function readEvent(
  event: EngineEvent,
  sequence: number,
  names: Names | undefined,
  path = 'event',
): NumberedEvent {
  const number = sequenceOf(event, path) ?? sequence;
  const kind = event.kind as EventKind;
  const keys = keysOf(kind);
  // A refusal: no kind has this name.
  if (!keys) wordOf(kind, `${path}.kind`, kindCodes());
  const f = Fields.once(event, path, keys ?? []);
  const out: Record<string, unknown> = { kind, sequence: number };
  for (const [key, type] of fieldsOf(kind)) {
    const value = read(f, key, type, names);
    if (value !== undefined) out[key] = value;
  }
  return out as unknown as NumberedEvent;
}
