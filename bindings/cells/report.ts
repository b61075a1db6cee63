// Results on their way out: one column a figure, in plain arrays that every table library takes, and the same as rows.
import { isObject } from '../book/fields.js';
import { MarginError } from '../errors.js';
import { STATUS } from '../layout.js';
import { MARGIN_COLUMNS, type MarginColumn } from '../margin-columns.js';
import { Row } from '../venues/rows.js';

/** Columns of one length. */
export type ReportColumns = { readonly [name: string]: ArrayLike<string | number | null> };

/** @throws MarginError type */
function listed(value: unknown, path: string): void {
  const length = typeof value === 'object' && value !== null && 'length' in value ? value.length : undefined;
  if (Number.isInteger(length)) return;
  throw new MarginError('type', { path, got: value, expected: 'a list or a typed array' });
}

/** Names of a book's margin units: a `Book` is one. */
export interface Units {
  /** How many margin units. */
  readonly units: number;
  /** Row of the account that a unit is of. */
  unitAccount(unit: number): number;
  /** Bucket of a unit: 0 cross, isolated from 1. */
  unitBucket(unit: number): number;
  /** Id of an account's row. */
  accountId(row: number): string;
}

/** Risk of every margin unit: ids and words as text, figures in the numeraire, owned by the caller. */
export type MarginReport = {
  account: string[];
  bucket: Uint32Array<ArrayBuffer>;
  /** healthy, warning, liquidatable or bankrupt. */
  status: string[];
} & Record<MarginColumn, Float64Array<ArrayBuffer>>;

/**
 * The answer of `margin` as columns that outlive it: `tableFromArrays` of apache-arrow and of flechette take them as they are.
 * @param book - the book that was margined
 * @param risk - the answer of `margin(book)`; it is copied
 * @returns one entry a margin unit, in the book's order; figures in the numeraire, requirements positive
 * @throws MarginError type, missing-key where they are something else
 * @example
 * tableToIPC(tableFromArrays(marginColumns(book, margin(book))));
 */
export function marginColumns(
  book: Units,
  risk: Readonly<Record<MarginColumn, Float64Array>> & { readonly status: Uint32Array },
): MarginReport {
  if (!isObject(book) || typeof book.unitAccount !== 'function') {
    throw new MarginError('type', { path: 'book', got: book, expected: 'the book that was margined' });
  }
  const figures = new Row(risk, 'risk');
  for (const name of ['status', ...MARGIN_COLUMNS]) {
    listed(figures.need(name, 'a column', 'Give the answer of margin(book)'), figures.at(name));
  }
  const units = Array.from({ length: book.units }, (_, unit) => unit);
  return {
    account: units.map((unit) => book.accountId(book.unitAccount(unit))),
    bucket: Uint32Array.from(units, (unit) => book.unitBucket(unit)),
    status: units.map((unit) => STATUS[(risk.status[unit] ?? 0) & 3] ?? 'healthy'),
    ...(Object.fromEntries(MARGIN_COLUMNS.map((name) => [name, Float64Array.from(risk[name])])) as Record<
      MarginColumn,
      Float64Array<ArrayBuffer>
    >),
  };
}

/**
 * Columns as rows of plain objects.
 * @throws MarginError type where it is no columns, range where a column has another length
 * @example
 * reportRows({ account: ['a'], equity: Float64Array.of(1) }) // [{ account: 'a', equity: 1 }]
 */
export function reportRows(columns: ReportColumns): Record<string, string | number | null>[] {
  const entries = new Row(columns, 'columns').entries() as [string, ArrayLike<string | number | null>][];
  for (const [name, column] of entries) listed(column, `columns.${name}`);
  const length = entries[0]?.[1].length ?? 0;
  for (const [name, column] of entries) {
    if (column.length !== length) {
      const expected = `${length} entries, as in the other columns`;
      throw new MarginError('range', { path: `columns.${name}`, got: column.length, expected });
    }
  }
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(entries.map(([name, column]) => [name, column[row] ?? null])),
  );
}
