// Checks the options of a preset before a model is made of them: unknown keys and words, missing options and wrong kinds of value.
// What a preset only hands on (parts, moves, spreads, arrays) is checked where the model is read.
import { ANY, decimal, isObject, knownKeys, type Range, wordOf } from '../../book/fields.js';
import { MarginError } from '../../errors.js';

/** Refuses a value that an option can not be. @throws MarginError with its path */
export type Check = (value: unknown, path: string) => void;
type Checks<T> = { readonly [K in keyof T]-?: Check };

const refuse = (got: unknown, path: string, expected: string): never => {
  throw new MarginError('type', { path, got, expected });
};

export const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') refuse(value, path, 'a text that is not empty');
};
/** A number and no decimal string: presets calculate with it. */
export const numberIn =
  (range: Range): Check =>
  (value, path) => {
    if (typeof value !== 'number') refuse(value, path, 'a number');
    decimal(value, path, range);
  };
export const number: Check = numberIn(ANY);
/** Steps of a table: more of them would be a mistake. */
export const steps: Check = (value, path) => {
  numberIn({ min: 1, max: 1000 })(value, path);
  if (!Number.isInteger(value)) refuse(value, path, 'a whole number');
};
export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') refuse(value, path, 'true or false');
};
/** Any object: what is in it is checked with the model. */
export const object: Check = (value, path) => {
  if (!isObject(value)) refuse(value, path, 'an object');
};

export const word =
  (...words: readonly string[]): Check =>
  (value, path) => {
    wordOf(value, path, Object.fromEntries(words.map((each) => [each, 0])));
  };

/** @param length - of the list, where it has to be one */
export const listOf =
  (check: Check, length?: number): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return refuse(value, path, 'a list');
    if (length !== undefined && value.length !== length)
      throw new MarginError('range', { path, got: value.length, expected: `a list of ${length}` });
    for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`);
  };

export const orNull =
  (check: Check): Check =>
  (value, path) => {
    if (value !== null) check(value, path);
  };

/** An object of these keys. @param needed - of them, those that have to be there */
export const fields =
  <T>(checks: Checks<T>, needed: readonly (keyof T & string)[] = []): Check =>
  (value, path) => {
    if (!isObject(value)) return refuse(value, path || 'options', 'an object');
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    knownKeys(value, path, Object.keys(checks));
    for (const [key, check] of Object.entries<Check>(checks)) {
      const own = value[key];
      if (own !== undefined) check(own, at(key));
      else if ((needed as readonly string[]).includes(key))
        throw new MarginError('missing-key', { path: at(key), expected: 'a value: it has no default' });
    }
  };

/** An object of the same numbers. @param whole - all of them have to be there */
export function like(example: object, whole = true): Check {
  const entries = Object.entries(example);
  const checks = entries.map(([key, value]) => [key, isObject(value) ? like(value, whole) : number] as const);
  return fields<Record<string, unknown>>(Object.fromEntries(checks), whole ? entries.map(([key]) => key) : []);
}

/** Rows by underlying. */
export const rowsOf =
  (check: Check): Check =>
  (value, path) => {
    if (!isObject(value)) return refuse(value, path, 'an object by underlying; "*" is for all others');
    for (const [name, row] of Object.entries(value)) check(row, `${path}.${name}`);
  };

/** Moves of volatility up and down; null: accounts hold no options. */
export const moves: Check = orNull(fields({ up: object, down: object }, ['up', 'down']));

/** Options that every preset has. */
export const HEAD = { id: text, cash: text } as const;

/**
 * The options of a preset, none where none are given.
 * @throws MarginError with the path of the option
 */
export function checked<O extends object>(options: O | undefined, check: Check): O {
  const given = options === undefined ? ({} as O) : options;
  check(given, '');
  return given;
}
