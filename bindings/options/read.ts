// Options and columns of them, checked and put into the block of an engine. Numbers of any value are let through, as their rows
// are answered with a status; what is not a number, or no column of the right length, is refused.
import { isObject, knownKeys } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { overlaps } from '../overlap.js';
import type { Form } from './engine.js';
import { FORM, INPUT, ROWS } from './layout.js';

const UNDERLYING = {
  forward: ['forward', 'discount'],
  spot: ['spot', 'rate', 'dividendYield'],
} as const;

/** Value of a key that may be left out. */
const DEFAULTS: Readonly<Record<string, number>> = { discount: 1, rate: 0, dividendYield: 0 };
const TYPES: Readonly<Record<string, number>> = { call: 1, put: -1 };

type Fields = Record<string, unknown>;

/** Keys of a form by input column; `measure` is what stands in the column of the vol. */
function keysOf(form: Form, measure: 'vol' | 'price'): string[] {
  const [underlying, ...others] = form === FORM.spot ? UNDERLYING.spot : UNDERLYING.forward;
  return ['type', underlying, 'strike', measure, 'time', ...others];
}

/** An object with the keys of one of the forms and no others. @throws MarginError type, conflict, missing-key, unknown-key */
function formOf(value: unknown, path: string, measure: 'vol' | 'price'): { fields: Fields; form: Form } {
  if (!isObject(value)) throw new MarginError('type', { path, got: value, expected: 'an object' });
  const both = value.forward !== undefined && value.spot !== undefined;
  const expected = 'forward (with discount) or spot (with rate and dividendYield)';
  if (both) throw new MarginError('conflict', { path, expected });
  if (value.forward === undefined && value.spot === undefined) {
    throw new MarginError('missing-key', { path: `${path}.forward`, expected });
  }
  const form = value.spot !== undefined ? FORM.spot : FORM.forward;
  knownKeys(value, path, keysOf(form, measure));
  return { fields: value, form };
}

/** Puts one option into the first row. @returns its form */
export function readOption(block: Float64Array, value: unknown, measure: 'vol' | 'price'): Form {
  const { fields, form } = formOf(value, 'option', measure);
  const keys = keysOf(form, measure);
  for (let column = 1; column < keys.length; column++) {
    const key = keys[column]!;
    const number = fields[key] ?? DEFAULTS[key];
    if (typeof number !== 'number') throw notANumber(`option.${key}`, number);
    block[column * ROWS] = number;
  }
  block[INPUT.type * ROWS] = typeOf(fields.type, 'option.type', 'call or put');
  return form;
}

function notANumber(path: string, got: unknown): MarginError {
  if (got === undefined || got === null) return new MarginError('missing-key', { path, expected: 'a number' });
  return new MarginError('type', { path, got, expected: 'a number' });
}

function typeOf(value: unknown, path: string, expected: string): number {
  const type = typeof value === 'string' && Object.hasOwn(TYPES, value) ? TYPES[value] : undefined;
  if (type !== undefined) return type;
  if (value === undefined || value === null) throw new MarginError('missing-key', { path, expected });
  throw new MarginError(typeof value === 'string' ? 'range' : 'type', { path, got: value, expected });
}

/** Columns of a batch, by input column; a number stands for all rows. */
export interface Batch {
  form: Form;
  columns: (Float64Array | Int8Array | number)[];
}

/** Reads columns of `rows` rows. @throws MarginError type, range, missing-key, unknown-key, conflict */
export function readBatch(value: unknown, measure: 'vol' | 'price', rows: number): Batch {
  const { fields, form } = formOf(value, 'options', measure);
  const columns = keysOf(form, measure).map((key) => {
    const path = `options.${key}`;
    const column = fields[key] ?? DEFAULTS[key];
    if (key === 'type') {
      if (!(column instanceof Int8Array)) return typeOf(column, path, 'call, put or an Int8Array of 1 and -1');
    } else if (typeof column === 'number') {
      return column;
    } else if (!(column instanceof Float64Array)) {
      const expected = 'a Float64Array or a number';
      if (column === undefined || column === null) throw new MarginError('missing-key', { path, expected });
      throw new MarginError('type', { path, got: column, expected });
    }
    if (column.length !== rows) throw lengthOf(path, column.length, rows);
    return column;
  });
  return { form, columns };
}

const lengthOf = (path: string, got: number, rows: number): MarginError =>
  new MarginError('range', { path, got, expected: `${rows} rows, as status has` });

/**
 * Answer columns by name; `status` gives the number of rows, and those in `needed` have to be there. None overlaps another.
 * @throws MarginError type, range, missing-key, unknown-key, conflict
 */
export function readInto(
  value: unknown,
  names: readonly string[],
  needed: readonly string[],
): { status: Uint8Array; columns: (Float64Array | undefined)[]; rows: number } {
  if (!isObject(value)) throw new MarginError('type', { path: 'into', got: value, expected: 'an object of columns' });
  knownKeys(value, 'into', [...names, 'status']);
  const { status } = value;
  if (status === undefined) throw new MarginError('missing-key', { path: 'into.status', expected: 'a Uint8Array' });
  if (!(status instanceof Uint8Array)) {
    throw new MarginError('type', { path: 'into.status', got: status, expected: 'a Uint8Array' });
  }
  const rows = status.length;
  const columns = names.map((name) => {
    const column = value[name];
    const path = `into.${name}`;
    if (column === undefined && !needed.includes(name)) return undefined;
    if (column === undefined) throw new MarginError('missing-key', { path, expected: 'a Float64Array' });
    if (!(column instanceof Float64Array)) {
      throw new MarginError('type', { path, got: column, expected: 'a Float64Array' });
    }
    if (column.length !== rows) throw lengthOf(path, column.length, rows);
    return column;
  });
  refuseOverlaps(status, columns, names);
  return { status, columns, rows };
}

/** @throws MarginError conflict, where an answer would be written over another */
function refuseOverlaps(
  status: Uint8Array,
  columns: readonly (Float64Array | undefined)[],
  names: readonly string[],
): void {
  for (let k = 0; k < columns.length; k++) {
    const column = columns[k];
    if (!column) continue;
    if (overlaps(column, status)) throw overlapOf(names[k]!, 'status');
    for (let j = 0; j < k; j++) {
      const other = columns[j];
      if (other && overlaps(column, other)) throw overlapOf(names[k]!, names[j]!);
    }
  }
}

const overlapOf = (name: string, other: string): MarginError =>
  new MarginError('conflict', { path: `into.${name}`, expected: `an array that does not overlap into.${other}` });
