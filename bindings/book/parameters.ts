// Parameters of an asset or a market: rows of checked values, and what their tables have in common.
import { MarginError } from '../errors.js';
import { NO_LIMIT } from '../layout.js';

/** One checked row: columns of the section by name. */
export type Row = Record<string, number | number[]>;

/** Writes checked values into a row; vectors by component. */
export function writeRow(columns: Record<string, Float64Array | Uint32Array>, index: number, row: Row): void {
  for (const [name, value] of Object.entries(row)) {
    const view = columns[name] as Float64Array;
    if (typeof value === 'number') view[index] = value;
    else view.set(value, index * value.length);
  }
}

/** Bounds of a table rise, and only its last row may be open. */
export function checkBound(path: string, i: number, before: number, upTo: number): void {
  if (before >= NO_LIMIT) {
    throw new MarginError('missing-key', {
      path: `${path}[${i - 1}].upTo`,
      expected: 'a bound: only the last row of a table may be open',
    });
  }
  if (upTo <= before) {
    throw new MarginError('range', {
      path: `${path}[${i}].upTo`,
      got: upTo,
      expected: `more than ${before}`,
      hint: 'Write the rows by rising upTo',
    });
  }
}

/** No limit is null in JSON. */
export const orNull = (x: number): number | null => (x >= NO_LIMIT ? null : x);

export const nameOf = (words: Record<string, number>, value: number): string =>
  Object.keys(words).find((w) => words[w] === value) ?? '';
