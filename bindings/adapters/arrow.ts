// Arrow tables, of apache-arrow and of flechette alike, as accounts or columns of a book, and results back as plain columns.
// Shapes only, no package: a table is what has `getChild(name)`, a column what has `toArray()` and `nullCount`.
import { type Cells, type Mapping, readerOptions, Table } from '../cells/table.js';
import { MarginError } from '../errors.js';

export { toAccounts } from '../cells/accounts.js';
export { type Names, toColumns } from '../cells/columns.js';
export { type Gap, gapsText, type Lost } from '../cells/gaps.js';
export type { Missing, TableOptions, Tables } from '../cells/holdings.js';
export { type MarginReport, marginColumns, type ReportColumns, reportRows, type Units } from '../cells/report.js';
export type { Column, Mapping, Table } from '../cells/table.js';

/** A column (apache-arrow `Vector`, flechette `Column`), of one chunk or of many. */
export interface ArrowColumn {
  /** Rows. */
  readonly length: number;
  /** How many of them are null. */
  readonly nullCount: number;
  /** What the schema says, where it says it. */
  readonly type?: unknown;
  /** Its chunks; flechette's say what array they are made into. */
  readonly data?: readonly object[];
  /** All values in one array; where there are nulls anything may stand. */
  toArray(): ArrayLike<unknown>;
  /** The value, null where there is none: arrays of apache-arrow have 0 there. */
  get(row: number): unknown;
}

/** A table of apache-arrow or flechette. */
export interface ArrowTable {
  /** Rows. */
  readonly numRows: number;
  /** The column of a name; null or undefined where there is none. */
  getChild(name: string): ArrowColumn | null | undefined;
  /** Names of all columns, for hints. */
  readonly schema?: { readonly fields: readonly { readonly name: unknown }[] } | undefined;
}

/** What a table is called, and how its columns are. */
export interface ArrowOptions {
  /** What to call the table in errors; default `table`. */
  path?: string | undefined;
  /** Names of the table's columns, where they are others. */
  columns?: Mapping | undefined;
}

/** Type ids of Arrow's schema (Schema.fbs), as both libraries have them. */
const TYPE = { int: 2, float: 3, decimal: 7, runEndEncoded: 22, dictionary: -1 };
/** Of a float: half. */
const HALF = 0;
/** Dates, times, timestamps, intervals and durations: numbers inside, and no amounts. */
const TIMES: readonly unknown[] = [8, 9, 10, 11, 18];

interface TypeOf {
  typeId?: unknown;
  /** Of a dictionary: what its entries are. */
  dictionary?: unknown;
  /** Of runs: their ends, and what they are. */
  children?: readonly { readonly type?: unknown }[];
  scale?: unknown;
  bitWidth?: unknown;
  precision?: unknown;
}

/** A column ready to be read. */
interface Loaded {
  at: (row: number) => unknown;
  scale: number | undefined;
}

/** The type of a column's values, behind dictionaries and runs. */
function typeOf(type: unknown): TypeOf & { nested?: boolean } {
  const own = (type ?? {}) as TypeOf;
  if (own.typeId === TYPE.dictionary) return { ...typeOf(own.dictionary), nested: true };
  if (own.typeId === TYPE.runEndEncoded) return { ...typeOf(own.children?.[1]?.type), nested: true };
  const { typeId, scale, bitWidth, precision } = own;
  return { typeId, scale, bitWidth, precision };
}

/** Whether decimals are doubles with their scale applied already, as flechette makes them; where there are nulls, in a plain array. */
function areDoubles({ data }: ArrowColumn, values: ArrayLike<unknown>): boolean {
  if (!Array.isArray(values)) return values instanceof Float64Array;
  const batch = data?.[0];
  if (batch === undefined) return typeof values.find((value) => (value ?? null) !== null) === 'number';
  return (batch.constructor as { ArrayType?: unknown }).ArrayType === Float64Array;
}

/** All values of a column. @throws MarginError inexact where the library cannot give them */
function valuesOf(column: ArrowColumn, path: string): ArrayLike<unknown> {
  try {
    return column.toArray();
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Read the table with useBigInt: true';
    throw new MarginError('inexact', { path, got, expected: 'values that the library can give', hint });
  }
}

/** Little-endian words as a whole number with a sign. */
function wholeOf(words: Uint32Array, row: number, width: number): bigint {
  let value = 0n;
  for (let word = width - 1; word >= 0; word--) value = (value << 32n) | BigInt(words[row * width + word] as number);
  return BigInt.asIntN(32 * width, value);
}

/** Reads what the schema says of a column into values that keep their unit: whole numbers become bigint. */
function loaded(column: ArrowColumn, rows: number, path: string): Loaded {
  if (typeof column.toArray !== 'function' || typeof column.nullCount !== 'number') {
    throw new MarginError('type', { path, got: column, expected: 'a column with toArray() and nullCount' });
  }
  const type = typeOf(column.type);
  const values = valuesOf(column, path);
  const isDecimal = type.typeId === TYPE.decimal;
  const words = isDecimal && values instanceof Uint32Array && values.length !== rows ? values.length / rows : 1;
  if (values?.length !== rows * words || !Number.isInteger(words)) {
    throw new MarginError('range', { path, got: values?.length, expected: `${rows} entries, as the table has rows` });
  }
  if (TIMES.includes(type.typeId)) {
    const hint = 'Cast the column, or leave it out of the columns that are read';
    throw new MarginError('type', {
      path,
      got: 'a column of dates or times',
      expected: 'numbers, decimals or text',
      hint,
    });
  }
  if (type.typeId === TYPE.float && type.precision === HALF) {
    const hint = 'Cast the column to float64';
    throw new MarginError('type', { path, got: 'a column of half floats', expected: 'floats of 32 or 64 bits', hint });
  }
  if (isDecimal && type.nested) {
    const hint = 'Cast the column to plain decimals';
    throw new MarginError('type', {
      path,
      got: 'decimals in a dictionary or in runs',
      expected: 'plain decimals',
      hint,
    });
  }
  const raw = isDecimal && !areDoubles(column, values);
  const value = valueAt(values, type, words, raw, path);
  const { nullCount } = column;
  const scale = raw && typeof type.scale === 'number' ? type.scale : undefined;
  return { at: nullCount === 0 ? value : (row) => ((column.get(row) ?? null) === null ? null : value(row)), scale };
}

/** @param raw - decimals as whole numbers, their scale not applied */
function valueAt(
  values: ArrayLike<unknown>,
  type: TypeOf,
  words: number,
  raw: boolean,
  path: string,
): (row: number) => unknown {
  if (words > 1) return (row) => wholeOf(values as Uint32Array, row, words);
  const wide = type.typeId === TYPE.int && type.bitWidth === 64;
  if (!wide && !raw) return (row) => values[row];
  // flechette hands out 64-bit integers as doubles; they are no less whole numbers without a unit for that.
  return (row) => {
    const value = values[row];
    if (typeof value !== 'number') return value;
    if (Number.isSafeInteger(value)) return BigInt(raw && values instanceof Uint32Array ? value | 0 : value);
    const hint = 'Read the table with useBigInt: true';
    throw new MarginError('inexact', {
      path: `${path}[${row}]`,
      got: value,
      expected: 'a whole number below 2^53',
      hint,
    });
  };
}

/**
 * An Arrow table as a table of accounts, balances or positions. Nulls are gaps unless the column has a default; 64-bit integers
 * need a `scale`, decimals bring their own; texts may be plain or dictionaries; chunks make no difference.
 * @throws MarginError type where it is not an Arrow table, unknown-key, range where a column has another length
 * @example
 * arrowTable(tableFromIPC(bytes), { columns: { amount: { name: 'satoshis', scale: 8 } } })
 */
export function arrowTable(table: ArrowTable, options: ArrowOptions = {}): Table {
  const { path, columns } = readerOptions(options, 'table');
  if (typeof table?.getChild !== 'function' || !Number.isInteger(table.numRows)) {
    throw new MarginError('type', { path, got: table, expected: 'an Arrow table: numRows and getChild(name)' });
  }
  const rows = table.numRows;
  const fields: unknown = table.schema?.fields;
  const known = new Map<string, Loaded | null>();
  const column = (name: string): Loaded | null => {
    const there = known.get(name);
    if (there !== undefined) return there;
    const child = table.getChild(name) ?? null;
    const fresh = child === null ? null : loaded(child, rows, `${path}.${name}`);
    known.set(name, fresh);
    return fresh;
  };
  const cells: Cells = {
    length: rows,
    // For hints only, so what has no schema is a table too.
    names: Array.isArray(fields) ? fields.map((field: { name?: unknown } | null) => String(field?.name)) : [],
    has: (name) => column(name) !== null,
    cell: (name, row) => column(name)?.at(row),
    at: (name, row) => `${path}.${name}[${row}]`,
    scale: (name) => column(name)?.scale,
  };
  return new Table(cells, path, columns);
}
