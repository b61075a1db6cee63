// What a caller hands to a venue's functions, read key by key: every refusal names the caller's own key. Rows of an API may
// have keys that nobody reads; objects that a person writes are read with a list of keys and may not.
import { knownKeys, oneOf, POSITIVE, decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { type Integer, integer } from './integer.js';

/** More digits than any mint has. */
const MAX_DECIMALS = 36n;

/** The other spelling of a key: the same but for case and underscores, or one letter away. */
function misspelt(key: string, there: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll('_', '');
  const without = (text: string): string[] => Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1));
  const want = plain(key);
  const forms = new Set([want, ...without(want)]);
  return there.find((name) => name !== key && (forms.has(plain(name)) || without(plain(name)).includes(want)));
}

/** Which way a position is, where its size does not say so. */
export type Side = 'long' | 'short';

/** An object of the caller's with the path that leads to it. */
export class Row {
  /** Where it stands in what the caller gave; '' for an argument itself. */
  readonly path: string;
  readonly #value: Record<string, unknown>;

  /**
   * @param value - what the caller gave
   * @param path - of it; an argument itself has the path '' and is called `name`
   * @param keys - all keys that it may have; none: any, as in rows of an API
   * @throws MarginError type where it is not an object, unknown-key
   */
  constructor(value: unknown, path: string, keys?: readonly string[], name = 'the argument') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new MarginError('type', { path: path === '' ? name : path, got: value, expected: 'an object' });
    }
    this.path = path;
    this.#value = value as Record<string, unknown>;
    if (keys) knownKeys(this.#value, path, keys);
  }

  /** Path of a key. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  /** The value of a key as it was given. */
  raw(key: string): unknown {
    return this.#value[key];
  }

  /** Whether there is a value: APIs write null and '' for none. */
  has(key: string): boolean {
    const value = this.#value[key];
    return value !== undefined && value !== null && value !== '';
  }

  /** @throws MarginError missing-key; names another spelling of it that is there */
  need(key: string, expected: string, hint?: string): unknown {
    if (this.has(key)) return this.#value[key];
    const got = this.#value[key];
    const near = misspelt(key, Object.keys(this.#value));
    const advice = near === undefined ? hint : `There is "${near}". Did you mean "${key}"?`;
    throw new MarginError('missing-key', {
      path: this.at(key),
      ...(got === undefined ? {} : { got }),
      expected,
      ...(advice === undefined ? {} : { hint: advice }),
    });
  }

  /** A number as it was written. */
  decimal(key: string, hint?: string): Decimal {
    const value = this.need(key, 'a number', hint);
    real(value, this.at(key));
    return value as Decimal;
  }

  /** Its nearest double; the fallback where there is none. */
  number(key: string, fallback?: number): number {
    return !this.has(key) && fallback !== undefined ? fallback : real(this.decimal(key), this.at(key));
  }

  /** A number above 0. @throws MarginError missing-key, type, not-finite, range */
  positive(key: string): number {
    return real(this.decimal(key), this.at(key), POSITIVE);
  }

  /** A fraction from 0 to 1, to its nearest double; the fallback where there is none. */
  rate(key: string, fallback?: number): number {
    return !this.has(key) && fallback !== undefined ? fallback : real(fraction(this, key), this.at(key));
  }

  /** A whole number of any size. */
  integer(key: string, fallback?: bigint): bigint {
    if (!this.has(key) && fallback !== undefined) return fallback;
    return integer(this.need(key, 'a whole number') as Integer, this.at(key));
  }

  /** Digits after the point that the units of a token's mint have. */
  decimals(key: string): number {
    const digits = this.integer(key);
    if (digits >= 0n && digits <= MAX_DECIMALS) return Number(digits);
    throw new MarginError('range', { path: this.at(key), got: digits, expected: `0 to ${MAX_DECIMALS} digits` });
  }

  /** Text that is not empty. @throws MarginError missing-key, type */
  text(key: string, hint?: string): string {
    const value = this.need(key, 'a text', hint);
    if (typeof value !== 'string') {
      throw new MarginError('type', { path: this.at(key), got: value, expected: 'a text' });
    }
    return value;
  }

  /** One of the words; the fallback where there is none. @throws MarginError missing-key, type */
  word<W extends string>(key: string, words: readonly W[], fallback?: W): W {
    if (!this.has(key) && fallback !== undefined) return fallback;
    return oneOf(this.need(key, `one of ${words.join(', ')}`), this.at(key), words);
  }

  /** true or false; the fallback where there is neither. */
  flag(key: string, fallback?: boolean): boolean {
    if (!this.has(key) && fallback !== undefined) return fallback;
    const got = this.need(key, 'true or false');
    if (typeof got === 'boolean') return got;
    throw new MarginError('type', { path: this.at(key), got, expected: 'true or false' });
  }

  /** A `Side` as 1 for long, -1 for short. */
  sign(key: string): 1 | -1 {
    return this.word<Side>(key, ['long', 'short']) === 'short' ? -1 : 1;
  }

  /** `{ [as]: number }` where there is one, else nothing. */
  some<K extends string>(key: string, as: K): { [k in K]?: Decimal } {
    return this.has(key) ? ({ [as]: this.decimal(key) } as { [k in K]?: Decimal }) : {};
  }

  /** Keys and values as they were given, in their order. */
  entries(): [string, unknown][] {
    return Object.entries(this.#value);
  }

  /** An object under a key. @throws MarginError missing-key, type, unknown-key */
  row(key: string, keys?: readonly string[]): Row {
    return new Row(this.need(key, 'an object'), this.at(key), keys);
  }

  /** Rows of a list that must be there. */
  rows(key: string, keys?: readonly string[], hint?: string): Row[] {
    return rowsOf(this.need(key, 'a list', hint), this.at(key), keys);
  }
}

/**
 * Rows of a list.
 * @param value - what the caller gave
 * @param path - of it
 * @param keys - all keys that a row may have; none: any
 * @returns a row for each entry, with its index in the path
 * @throws MarginError type, unknown-key
 * @example
 * rowsOf([{ size: '1' }, { size: '2' }], 'positions')[1].at('size') // 'positions[1].size'
 */
export function rowsOf(value: unknown, path: string, keys?: readonly string[]): Row[] {
  if (!Array.isArray(value)) throw new MarginError('type', { path, got: value, expected: 'a list' });
  // `map` would pass over holes.
  return Array.from<unknown, Row>(value, (row, index) => new Row(row, `${path}[${index}]`, keys));
}

/**
 * Amounts by asset; rows of 0 are left out, so that the book need not know an asset that nobody holds.
 * @param rows - rows of a wallet
 * @param id - key of the asset
 * @param amount - amount of a row, or the key that has it
 * @returns amounts as they were written
 * @throws MarginError missing-key, type, duplicate
 * @example
 * balancesOf(rowsOf([{ coin: 'BTC', free: '0.5' }, { coin: 'ETH', free: '0.00' }], 'coins'), 'coin', 'free') // { BTC: '0.5' }
 */
export function balancesOf(
  rows: readonly Row[],
  id: string,
  amount: string | ((row: Row) => Decimal),
): Record<string, Decimal> {
  const seen = new Set<string>();
  const entries: [string, Decimal][] = [];
  for (const row of rows) {
    const asset = row.text(id);
    if (seen.has(asset)) {
      throw new MarginError('duplicate', { path: row.at(id), got: asset, expected: 'one row for each asset' });
    }
    seen.add(asset);
    const value = typeof amount === 'string' ? row.decimal(amount) : amount(row);
    if (real(value, row.path) !== 0) entries.push([asset, value]);
  }
  return Object.fromEntries(entries);
}

/**
 * Rates as the venue has them, told apart from percentages.
 * @param row - row of a table
 * @param key - of the rate
 * @returns the rate as it was written
 * @throws MarginError missing-key, type, range where it is above 1
 * @example
 * fraction(rowsOf([{ mmr: '0.004' }], 'tiers')[0], 'mmr') // '0.004'
 */
export function fraction(row: Row, key: string): Decimal {
  const value = row.decimal(key);
  const rate = real(value, row.at(key));
  if (rate >= 0 && rate <= 1) return value;
  throw new MarginError('range', {
    path: row.at(key),
    got: value,
    expected: 'a fraction from 0 to 1',
    ...(rate > 1 ? { hint: '1 % is 0.01' } : {}),
  });
}
