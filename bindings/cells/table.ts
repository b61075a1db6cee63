// A table of somebody else's, read cell by cell: rows of objects, lines of CSV and columns of Arrow look alike from here on.
// A mapping names the columns; numbers stay exact decimals until a book or a column wants doubles.
import { isObject, knownKeys, oneOf, type Range, decimal as real } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { decimal, scaled } from '../venues/decimal.js';
import { Row } from '../venues/rows.js';

/** Where a field is read from. */
export interface Column {
  /** Name in the table; default the field's own. */
  name?: string | undefined;
  /**
   * Digits after the point of a column that counts smallest units: 8 reads 150000000 as 1.5, 0 takes whole numbers as they
   * are. Columns of bigint have no value without it.
   */
  scale?: number | undefined;
  /** What an empty cell, a null or a missing column counts as; without it they are gaps. */
  default?: Decimal | undefined;
}

/** Column names by field: `{ account: 'client_id', size: { name: 'qty', scale: 8 } }`. */
export type Mapping = { readonly [field: string]: string | Column };

/**
 * What all three readers are told of a table.
 * @param keys - that one of them takes beside these
 * @throws MarginError type, unknown-key
 */
export function readerOptions(
  options: { path?: string | undefined; columns?: Mapping | undefined },
  name: string,
  keys: readonly string[] = [],
): { path: string; columns: Mapping | undefined; said: Row } {
  const said = new Row(options, 'options', ['path', ...keys, 'columns']);
  return { path: said.has('path') ? said.text('path') : name, columns: options.columns, said };
}

/** Cells by column name and row. Nothing in a cell: undefined, null or an empty text. */
export interface Cells {
  readonly length: number;
  /** All column names, for hints. */
  readonly names: readonly string[];
  has(name: string): boolean;
  cell(name: string, row: number): unknown;
  /** What to call a cell in errors. */
  at(name: string, row: number): string;
  /** Scale that the column itself states (Arrow's decimals). */
  scale?(name: string): number | undefined;
  /** Numbers are written 1,5. */
  readonly comma?: boolean;
}

const MAX_SCALE = 76; // digits of the widest decimals, Arrow's decimal256

const empty = (value: unknown): value is undefined | null | '' => value === undefined || value === null || value === '';

/** Whether it is a `Table`, of this copy of the package or of another. */
export const isTable = (value: unknown): value is Table =>
  isObject(value) && typeof value.expect === 'function' && typeof value.length === 'number';

interface Read {
  name: string;
  scale: number | undefined;
  fallback: Decimal | undefined;
  there: boolean;
}

/** A table with its mapping. Made by `rowsTable`, `csvTable` and `arrowTable`. */
export class Table {
  /** Rows. */
  readonly length: number;
  /** What it is called in errors. */
  readonly path: string;
  readonly #cells: Cells;
  readonly #mapping: Mapping;
  readonly #fields = new Map<string, Read>();

  /** @throws MarginError type where the mapping is none @internal */
  constructor(cells: Cells, path: string, mapping: Mapping = {}) {
    if (!isObject(mapping)) {
      const expected = 'an object of column names by field';
      throw new MarginError('type', { path: `${path}.columns`, got: mapping, expected });
    }
    this.length = cells.length;
    this.path = path;
    this.#cells = cells;
    this.#mapping = mapping;
  }

  /**
   * Says which fields are read.
   * @throws MarginError unknown-key for a mapping of another field, missing-key for a column that must be there
   * @internal
   */
  expect(fields: readonly string[], needed: readonly string[]): void {
    knownKeys(this.#mapping as Record<string, unknown>, `${this.path}.columns`, fields);
    for (const field of fields) {
      const read = this.#read(field);
      const asked = needed.includes(field) || Object.hasOwn(this.#mapping, field);
      if (asked && !this.has(field)) throw this.#without(read, field);
    }
  }

  /** Says that one of two fields is read of rows. @throws MarginError missing-key where there is a column of neither @internal */
  expectEither(field: string, other: string): void {
    if (!this.has(field) && !this.has(other)) throw this.#without(this.#read(field), field, ` or "${other}"`);
  }

  #without({ name }: Read, field: string, other = ''): MarginError {
    const { names } = this.#cells;
    const near = nearest(name, names);
    return new MarginError('missing-key', {
      path: `${this.path}.columns.${field}`,
      expected: `a column "${name}"${other} among ${names.join(', ') || 'none'}`,
      hint: `${near === undefined ? 'Name' : `Did you mean "${near}"? Name`} the column: columns: { ${field}: ... }`,
    });
  }

  #read(field: string): Read {
    const known = this.#fields.get(field);
    if (known) return known;
    const given = this.#mapping[field] ?? {};
    const path = `${this.path}.columns.${field}`;
    if (typeof given !== 'string' && !isObject(given)) {
      throw new MarginError('type', { path, got: given, expected: 'a name, or { name, scale, default }' });
    }
    const column: Column = typeof given === 'string' ? { name: given } : given;
    knownKeys(column as Record<string, unknown>, path, ['name', 'scale', 'default']);
    const name = column.name ?? field;
    if (typeof name !== 'string')
      throw new MarginError('type', { path: `${path}.name`, got: name, expected: 'a text' });
    const { scale } = column;
    if (scale !== undefined && !(Number.isInteger(scale) && scale >= 0 && scale <= MAX_SCALE)) {
      throw new MarginError('range', {
        path: `${path}.scale`,
        got: scale,
        expected: `a whole number up to ${MAX_SCALE}`,
      });
    }
    const own = this.#cells.has(name) ? this.#cells.scale?.(name) : undefined;
    if (own !== undefined && scale !== undefined && own !== scale) {
      throw new MarginError('conflict', {
        path: `${path}.scale`,
        got: scale,
        expected: `${own}, as the column "${name}" says`,
      });
    }
    const read = { name, scale: scale ?? own, fallback: column.default, there: this.#cells.has(name) };
    this.#fields.set(field, read);
    return read;
  }

  /** Whether the field has a column or a default. @internal */
  has(field: string): boolean {
    const read = this.#read(field);
    return read.there || read.fallback !== undefined;
  }

  /** Whether this row says something of the field. @internal */
  says(field: string, row: number): boolean {
    const read = this.#read(field);
    return read.fallback !== undefined || this.#cell(read, row) !== undefined;
  }

  /** What to call a cell in errors. @internal */
  at(field: string, row: number): string {
    return this.#cells.at(this.#read(field).name, row);
  }

  /** The cell as it is; undefined where there is nothing in it. */
  #cell(read: Read, row: number): unknown {
    const value = read.there ? this.#cells.cell(read.name, row) : undefined;
    return empty(value) || (typeof value === 'string' && value.trim() === '') ? undefined : value;
  }

  /** The cell, or the default. */
  #need(field: string, row: number, expected: string): unknown {
    const read = this.#read(field);
    const value = this.#cell(read, row) ?? read.fallback;
    if (value !== undefined) return value;
    throw new MarginError('missing-key', {
      path: this.at(field, row),
      expected,
      hint: `The cell is empty: fill it, or give columns: { ${field}: { default: ... } }`,
    });
  }

  /** An id: text, or a whole number as text. @throws MarginError missing-key, type @internal */
  text(field: string, row: number): string {
    const value = this.#need(field, row, 'an id');
    if (typeof value === 'string') return value;
    if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
    throw new MarginError('type', { path: this.at(field, row), got: value, expected: 'a text or a whole number' });
  }

  /** One of some words. @throws MarginError missing-key, type @internal */
  word<W extends string>(field: string, row: number, words: readonly W[]): W {
    return oneOf(this.#need(field, row, `one of ${words.join(', ')}`), this.at(field, row), words);
  }

  /** A count. @throws MarginError missing-key, type, range @internal */
  whole(field: string, row: number): number {
    const value = this.#need(field, row, 'a whole number');
    const n =
      typeof value === 'bigint' ? Number(value) : real(this.#plain(value, this.at(field, row)), this.at(field, row));
    if (Number.isSafeInteger(n) && n >= 0) return n;
    throw new MarginError('range', { path: this.at(field, row), got: value, expected: 'a whole number, 0 or more' });
  }

  /** A number without loss. @throws MarginError missing-key, type, not-finite, range, inexact @internal */
  decimal(field: string, row: number, range?: Range): Decimal {
    const number = this.#decimal(field, row);
    real(number, this.at(field, row), range);
    return number;
  }

  /** Its nearest double. @internal */
  number(field: string, row: number, range?: Range): number {
    return real(this.#decimal(field, row), this.at(field, row), range);
  }

  #decimal(field: string, row: number): Decimal {
    const read = this.#read(field);
    const value = this.#cell(read, row);
    if (value === undefined && read.fallback !== undefined) return read.fallback;
    return this.#number(this.#need(field, row, 'a number'), read, this.at(field, row));
  }

  #number(value: unknown, { name, scale }: Read, path: string): Decimal {
    const plain = typeof value === 'bigint' ? value : this.#plain(value, path);
    if (scale !== undefined) {
      if (typeof plain !== 'bigint') real(plain, path);
      return decimal(scaled(plain as Decimal | bigint, 0, path), scale);
    }
    if (typeof plain !== 'bigint') return plain as Decimal;
    throw new MarginError('type', {
      path,
      got: value,
      expected: `a scale of the column "${name}": its whole numbers have no unit`,
      hint: 'Give columns: { field: { scale: digits } }; 0 takes them as they are',
    });
  }

  /** A text as a decimal with a point. */
  #plain(value: unknown, path: string): unknown {
    if (typeof value !== 'string') return value;
    const text = value.trim();
    // Where 1,5 is one and a half, 1.234 is a thousand to whoever wrote it, and no more than that to whoever reads it.
    if (this.#cells.comma && text.includes('.')) {
      const hint = 'Write thousands without a separator';
      throw new MarginError('type', { path, got: value, expected: 'a number with a decimal comma', hint });
    }
    return this.#cells.comma && /^[+-]?\d*(,\d+)?(e[+-]?\d+)?$/i.test(text) ? text.replace(',', '.') : text;
  }
}
