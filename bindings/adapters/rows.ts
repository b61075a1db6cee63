// Rows of plain objects (a database's, an API's, a Parquet reader's) as accounts or columns of a book, and results back as rows.
// What is read and reported: docs/adapters.md.
import type { Cells, Mapping } from '../cells/table.js';
import { readerOptions, Table } from '../cells/table.js';
import { MarginError } from '../errors.js';

export { toAccounts } from '../cells/accounts.js';
export { type Names, toColumns } from '../cells/columns.js';
export { type Gap, gapsText, type Lost } from '../cells/gaps.js';
export type { Missing, TableOptions, Tables } from '../cells/holdings.js';
export { type MarginReport, marginColumns, type ReportColumns, reportRows, type Units } from '../cells/report.js';
export type { Column, Mapping, Table } from '../cells/table.js';

/** What rows are called, and how their keys are. */
export interface RowsOptions {
  /** What to call the rows in errors; default `rows`. */
  path?: string | undefined;
  /** Names of the rows' keys, where they are others. */
  columns?: Mapping | undefined;
}

/**
 * A list of plain objects as a table. Numbers may be numbers, decimal text (kept exactly) or bigint (with a `scale`).
 * @throws MarginError type where it is not a list of objects, unknown-key
 * @example
 * rowsTable([{ client: 'a', coin: 'BTC', sats: 150000000n }],
 *   { columns: { account: 'client', asset: 'coin', amount: { name: 'sats', scale: 8 } } })
 */
export function rowsTable(rows: readonly object[], options: RowsOptions = {}): Table {
  const { path, columns } = readerOptions(options, 'rows');
  if (!Array.isArray(rows)) throw new MarginError('type', { path, got: rows, expected: 'a list of objects' });
  const all = rows as readonly Readonly<Record<string, unknown>>[];
  const names = new Set<string>();
  for (const [index, row] of all.entries()) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new MarginError('type', { path: `${path}[${index}]`, got: row, expected: 'an object' });
    }
    for (const name of Object.keys(row)) names.add(name);
  }
  const cells: Cells = {
    length: all.length,
    names: [...names],
    has: (name) => names.has(name) || all.length === 0,
    cell: (name, row) => (Object.hasOwn(all[row] as object, name) ? all[row]?.[name] : undefined),
    at: (name, row) => `${path}[${row}].${name}`,
  };
  return new Table(cells, path, columns);
}
