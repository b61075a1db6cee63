// How rows of ccxt are read: 0 stands for "none" where a number must not be 0, lists and dictionaries are both rows by symbol.
import { POSITIVE, type Range, decimal as real } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import { MarginError } from '../errors.js';
import { Row } from '../venues/rows.js';
import type { BySymbol } from './shapes.js';

/** Whether there is a number that says something: 0 and '0' are what venues write for none. */
export const filled = (row: Row, key: string): boolean => row.has(key) && row.number(key) !== 0;

/** A number as it was written, in a range. @throws MarginError missing-key, type, not-finite, range */
export function within(row: Row, key: string, range: Range): Decimal {
  const value = row.decimal(key);
  real(value, row.at(key), range);
  return value;
}

/** A number that is not 0, and above it as a rule. @throws MarginError missing-key, type, not-finite, range */
export function nonzero(row: Row, key: string, expected: string, hint: string, range: Range = POSITIVE): Decimal {
  if (filled(row, key)) return within(row, key, range);
  const got = row.raw(key);
  throw new MarginError('missing-key', {
    path: row.at(key),
    ...(got === undefined || got === null ? {} : { got }),
    expected,
    hint,
  });
}

/** Rows by their symbol. Of two rows with one symbol the last counts, as it does in ccxt. */
export function bySymbol(source: BySymbol<unknown> | undefined, path: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  if (source === undefined || source === null) return rows;
  if (Array.isArray(source)) {
    source.forEach((value: unknown, index) => {
      if (value === undefined || value === null) return;
      const row = new Row(value, `${path}[${index}]`);
      if (row.has('symbol')) rows.set(row.text('symbol'), row);
    });
    return rows;
  }
  for (const [symbol, value] of new Row(source, path).entries()) {
    if (value !== undefined && value !== null) rows.set(symbol, new Row(value, `${path}["${symbol}"]`));
  }
  return rows;
}
