// Parquet in, Parquet out: two files become a book through the column door, and the margin of every account a third.
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { Book, margin } from 'margin-kernel';
import { marginColumns, rowsTable, toColumns } from 'margin-kernel/adapters/rows';

/** @typedef {import('hyparquet').AsyncBuffer | ArrayBuffer} File */

/**
 * @param {Parameters<typeof Book.fromJSON>[0]} venue - a book without accounts
 * @param {File} balances - account, asset, units
 * @param {File} positions - account, market, size, entry
 * @param {number} scale - digits after the point of the units; INT64 has none of its own
 */
export async function bookOf(venue, balances, positions, scale) {
  const book = Book.fromJSON(venue);
  const tables = {
    balances: rowsTable(await parquetReadObjects({ file: balances }), {
      path: 'balances.parquet',
      columns: { amount: { name: 'units', scale } },
    }),
    positions: rowsTable(await parquetReadObjects({ file: positions }), { path: 'positions.parquet' }),
  };
  const { columns, ...missing } = toColumns(tables, book);
  book.addColumns(columns);
  return { book, ...missing };
}

/** Margin of every unit as Parquet bytes, a column a figure. @param {Book} book */
export function marginParquet(book) {
  const { account, bucket, status, ...figures } = marginColumns(book, margin(book));
  return parquetWriteBuffer({
    columnData: [
      { name: 'account', data: account, type: 'STRING', nullable: false },
      { name: 'bucket', data: Int32Array.from(bucket), type: 'INT32', nullable: false },
      { name: 'status', data: status, type: 'STRING', nullable: false },
      ...Object.entries(figures).map(([name, data]) => ({
        name,
        data,
        type: /** @type {const} */ ('DOUBLE'),
        nullable: false,
      })),
    ],
  });
}
