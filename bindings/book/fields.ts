// Reads the fields of one JSON object: kind, range and unknown keys are checked here, with the path in every message.
import { MarginError } from '../errors.js';
import { MAX_INPUT, MIN_INPUT, NO_LIMIT } from '../layout.js';
import { nearest } from './nearest.js';
import type { Decimal, Level } from './types.js';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Permitted interval of a number; `above` excludes its end. */
export interface Range {
  min?: number;
  max?: number;
  /** Strictly above this. */
  above?: number;
  /** Strictly below this. */
  below?: number;
  /** Least magnitude beside 0; where only positive numbers are permitted, `MIN_INPUT`. */
  least?: number;
  /** Largest magnitude, where products of inputs are; default `MAX_INPUT`. */
  most?: number;
}

export const ANY: Range = {};
export const AT_LEAST_0: Range = { min: 0 };
export const POSITIVE: Range = { above: 0 };
export const FRACTION: Range = { min: 0, max: 1 };
/** A price that may be 0, and a signed size: both are divided by. */
export const PRICE: Range = { min: 0, least: MIN_INPUT };
export const SIZE: Range = { least: MIN_INPUT };
/** Of an option, per root of a year. */
export const VOLATILITY: Range = { min: 0, max: 1e6 };
/** Initial rates reach 1000, so leverage, their inverse, goes down to a thousandth. */
export const LEVERAGE: Range = { min: 0.001 };
/** A contract's size and an account's factor go into products with much else; these ends keep them far from infinity. */
export const MULTIPLIER: Range = { above: 0, least: 1e-21, most: 1e21 };
export const MARGIN_MULTIPLIER: Range = { above: 0, max: 1e6 };

const inWords = ({ min, max, above, below }: Range): string =>
  [
    min !== undefined ? `>= ${min}` : above !== undefined ? `> ${above}` : '',
    max !== undefined ? `<= ${max}` : below !== undefined ? `< ${below}` : '',
  ]
    .filter(Boolean)
    .join(' and ');

const magnitude = (least: number, most: number, positive: boolean): string =>
  least === 0 ? `a magnitude of at most ${most}` : `${positive ? '' : '0 or '}a magnitude from ${least} to ${most}`;

/**
 * A number from a JSON number or a decimal string, to the nearest double. A refusal of its range ends with `why`.
 * @throws MarginError type, not-finite, range
 */
export function decimal(value: unknown, path: string, range: Range = ANY, why = ''): number {
  let n: number;
  if (typeof value === 'number') n = value;
  else if (typeof value === 'string' && DECIMAL.test(value)) n = Number(value);
  else throw new MarginError('type', { path, got: value, expected: 'a number or a decimal string such as "1000.50"' });
  if (!Number.isFinite(n)) throw new MarginError('not-finite', { path, got: value, expected: 'a finite number' });
  const { min, max, above, below } = range;
  if (
    (min !== undefined && n < min) ||
    (max !== undefined && n > max) ||
    (above !== undefined && n <= above) ||
    (below !== undefined && n >= below)
  ) {
    throw new MarginError('range', { path, got: value, expected: `a number ${inWords(range)}${why}` });
  }
  const { least = above === 0 ? MIN_INPUT : 0, most = MAX_INPUT } = range;
  if (Math.abs(n) > most || (n !== 0 && Math.abs(n) < least)) {
    throw new MarginError('range', { path, got: value, expected: magnitude(least, most, above === 0) + why });
  }
  // -0 and 0 are one amount; only one of them may reach the columns.
  return n + 0;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Refuses a key that is not known, naming the nearest that is. */
export function knownKeys(value: Record<string, unknown>, path: string, keys: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (keys.includes(key)) continue;
    const near = nearest(key, keys);
    throw new MarginError('unknown-key', {
      path: path === '' ? key : `${path}.${key}`,
      expected: `one of ${keys.join(', ')}`,
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
}

/** A copy that stays: getters are the caller's code, which runs here and never while rows are looked up or written. */
function copied(value: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const copy = { ...value };
  const above: unknown = Object.getPrototypeOf(value);
  if (above === Object.prototype || above === null) return copy;
  // What a class has as getters is inherited.
  for (const key of keys) {
    if (Object.hasOwn(copy, key)) continue;
    const inherited = value[key];
    if (inherited !== undefined) copy[key] = inherited;
  }
  return copy;
}

const LEVELS: readonly Level[] = ['initial', 'maintenance', 'liquidationEnd'];

export class Fields {
  readonly #value: Record<string, unknown>;
  readonly path: string;

  /**
   * Of an argument of a live update, which is read here and once: a getter that calls the book does so before anything is looked up.
   * What is read behind `said` needs none of this, so a book of a million accounts is not copied.
   */
  static once(value: unknown, path: string, keys: readonly string[]): Fields {
    return new Fields(isObject(value) ? copied(value, keys) : value, path, keys);
  }

  constructor(value: unknown, path: string, keys: readonly string[]) {
    if (!isObject(value)) throw new MarginError('type', { path: path || 'book', got: value, expected: 'an object' });
    knownKeys(value, path, keys);
    this.#value = value;
    this.path = path;
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  raw(key: string): unknown {
    return this.#value[key];
  }

  /** All that is said. */
  get all(): Readonly<Record<string, unknown>> {
    return this.#value;
  }

  #need(key: string, expected: string): void {
    if (this.#value[key] === undefined) throw new MarginError('missing-key', { path: this.at(key), expected });
  }

  /** Number, or the fallback where the key is missing or null; without fallback it must be there. */
  number(key: string, range: Range, fallback?: number): number {
    if (!this.has(key) && fallback !== undefined) return fallback;
    this.#need(key, `a number ${inWords(range)}`.trim());
    return decimal(this.#value[key], this.at(key), range);
  }

  /** Number where null and a missing key mean no limit. */
  limit(key: string, range: Range = AT_LEAST_0): number {
    const value = this.#value[key];
    if (value === Number.POSITIVE_INFINITY)
      throw new MarginError('not-finite', {
        path: this.at(key),
        got: value,
        expected: 'a finite number',
        hint: 'null is no limit',
      });
    return this.number(key, range, NO_LIMIT);
  }

  integer(key: string, min: number, max: number, fallback: number): number {
    const n = this.number(key, { min, max }, fallback);
    if (!Number.isInteger(n)) throw new MarginError('type', { path: this.at(key), got: n, expected: 'a whole number' });
    return n;
  }

  string(key: string, fallback?: string): string {
    if (!this.has(key) && fallback !== undefined) return fallback;
    this.#need(key, 'a text');
    const value = this.#value[key];
    if (typeof value !== 'string' || value === '') {
      throw new MarginError('type', { path: this.at(key), got: value, expected: 'a text that is not empty' });
    }
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.#value[key] ?? fallback;
    if (typeof value !== 'boolean') {
      throw new MarginError('type', { path: this.at(key), got: value, expected: 'true or false' });
    }
    return value;
  }

  /** Position of a word in a list of permitted words. */
  word<W extends string>(key: string, words: Readonly<Record<W, number>>, fallback?: NoInfer<W>): number {
    const value = this.has(key) ? this.#value[key] : fallback;
    return wordOf(value, this.at(key), words);
  }

  list(key: string): unknown[] {
    if (!this.has(key)) return [];
    const value = this.#value[key];
    if (!Array.isArray(value)) throw new MarginError('type', { path: this.at(key), got: value, expected: 'a list' });
    return value;
  }

  /** One value for all levels, or an object by level. */
  levels(key: string, read: (value: unknown, path: string) => number, fallback: number): [number, number, number] {
    return perLevel(this.#value[key] ?? undefined, this.at(key), read, fallback);
  }

  numbers(key: string, range: Range, fallback: number): [number, number, number] {
    return this.levels(key, (value, path) => decimal(value, path, range), fallback);
  }
}

/** One of the words, and the nearest of them where it is none. @throws MarginError missing-key, type */
export function oneOf<W extends string>(value: unknown, path: string, words: readonly W[]): W {
  if ((words as readonly unknown[]).includes(value)) return value as W;
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  throw new MarginError(value === undefined ? 'missing-key' : 'type', {
    path,
    ...(value === undefined ? {} : { got: value }),
    expected: `one of ${words.join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}

export const wordOf = <W extends string>(value: unknown, path: string, words: Readonly<Record<W, number>>): number =>
  words[oneOf(value, path, Object.keys(words) as W[])];

/** Reads `PerLevel`: maintenance defaults to initial, liquidationEnd to maintenance. */
export function perLevel(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => number,
  fallback: number,
): [number, number, number] {
  if (value === undefined) return [fallback, fallback, fallback];
  if (!isObject(value)) {
    const n = read(value, path);
    return [n, n, n];
  }
  knownKeys(value, path, LEVELS);
  if (value.initial === undefined)
    throw new MarginError('missing-key', { path: `${path}.initial`, expected: 'a value' });
  const initial = read(value.initial, `${path}.initial`);
  const maintenance = value.maintenance === undefined ? initial : read(value.maintenance, `${path}.maintenance`);
  const end = value.liquidationEnd === undefined ? maintenance : read(value.liquidationEnd, `${path}.liquidationEnd`);
  return [initial, maintenance, end];
}

/** `PerLevel` to write: one value where all are the same. */
export function levelsJSON<T>(of: (lane: number) => T): T | { initial: T; maintenance: T; liquidationEnd: T } {
  const [initial, maintenance, liquidationEnd] = [of(0), of(1), of(2)];
  return initial === maintenance && maintenance === liquidationEnd ? initial : { initial, maintenance, liquidationEnd };
}

/** Level bits from a list of level names. */
export function levelBits(fields: Fields, key: string, fallback: number): number {
  if (!fields.has(key)) return fallback;
  const bits = { initial: 1, maintenance: 2, liquidationEnd: 4 };
  return fields.list(key).reduce<number>((sum, w, i) => sum | wordOf(w, `${fields.at(key)}[${i}]`, bits), 0);
}

export const levelNames = (bits: number): Level[] => LEVELS.filter((_, k) => (bits >>> k) & 1);

/** A decimal that may also be null: no limit. */
export const limitOf =
  (range: Range) =>
  (value: unknown, path: string): number =>
    value === null ? NO_LIMIT : decimal(value, path, range);

export type { Decimal };
