// Scores of a deleveraging as an event has them: columns of numbers, or what JSON makes of columns. JSON has neither typed arrays
// nor infinities, and an event that was kept with its outcome is read again when the outcome is verified.
import { MarginError } from '../errors.js';

/** A score; JSON writes an infinity as null, so it is kept as text. */
export type GivenScore = number | 'Infinity' | '-Infinity';

/** A column with a score for each row of the state, or those of some rows. */
export type GivenScores =
  | ArrayLike<GivenScore>
  | { readonly rows: ArrayLike<number>; readonly scores: ArrayLike<GivenScore> };

/** Scores of some accounts: their rows in the state, rising, and a score each. All others have 0. */
export interface RowScores {
  /** Rows of accounts, rising. */
  rows: Uint32Array;
  /** Of these rows, in their order; all others have 0. */
  scores: Float64Array;
}

/** Scores as they are worked with. @throws MarginError type, not-finite where one is not a number, range */
export function scoresOf(value: unknown, path: string): ArrayLike<number> | RowScores {
  const column = columnOf(value);
  if (column) return numbersOf(column, path);
  const { rows, scores } = (value ?? {}) as Partial<Record<string, unknown>>;
  const [some, theirs] = [columnOf(rows) ?? emptyOf(rows), columnOf(scores) ?? emptyOf(scores)];
  if (!some || !theirs) {
    const expected = 'a column of numbers, one for each account, or two: { rows, scores }';
    throw new MarginError('type', { path, got: typeof value, expected });
  }
  if (some.length !== theirs.length) {
    throw new MarginError('range', { path: `${path}.scores`, got: theirs.length, expected: `${some.length} scores` });
  }
  return { rows: rowsOf(some, `${path}.rows`), scores: numbersOf(theirs, `${path}.scores`) };
}

/** A list, a typed array, or the object that JSON makes of one: `{ "0": 3, "1": 5 }`. */
function columnOf(value: unknown): ArrayLike<unknown> | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return value as unknown as ArrayLike<unknown>;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key], i) => key === String(i))
    ? entries.map(([, entry]) => entry)
    : undefined;
}

/** JSON makes `{}` of a typed array that has nothing in it. */
const emptyOf = (value: unknown): [] | undefined =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? [] : undefined;

function numbersOf(column: ArrayLike<unknown>, path: string): Float64Array {
  const numbers = column instanceof Float64Array ? column : new Float64Array(column.length);
  for (let index = 0; index < column.length; index++) {
    const score = column[index];
    const read =
      score === 'Infinity' ? Number.POSITIVE_INFINITY : score === '-Infinity' ? Number.NEGATIVE_INFINITY : score;
    if (typeof read !== 'number') {
      const hint = score === null ? 'JSON writes an infinity as null: write "Infinity"' : undefined;
      const expected = 'a number, "Infinity" or "-Infinity"';
      throw new MarginError('type', { path, index, got: score, expected, ...(hint === undefined ? {} : { hint }) });
    }
    if (Number.isNaN(read)) throw new MarginError('not-finite', { path, index, got: read, expected: 'a number' });
    if (numbers !== column) numbers[index] = read;
  }
  return numbers;
}

function rowsOf(column: ArrayLike<unknown>, path: string): Uint32Array {
  const rows = column instanceof Uint32Array ? column : new Uint32Array(column.length);
  for (let index = 0; index < column.length; index++) {
    const row = column[index] as number;
    if (rows !== column) rows[index] = row;
    if (rows[index] !== row)
      throw new MarginError('type', { path, index, got: row, expected: 'the row of an account' });
    if (index > 0 && row <= (rows[index - 1] as number)) {
      throw new MarginError('range', { path, index, got: row, expected: 'rising rows' });
    }
  }
  return rows;
}
