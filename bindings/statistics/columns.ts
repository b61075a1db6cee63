// Columns of numbers as estimators take them: one a series, oldest number first, all of one length. Checked once, at the door.
import { MarginError } from '../errors.js';
import { MAX_INPUT } from '../layout.js';

/** A series, oldest number first. */
export type Column = Float64Array | readonly number[];

/** Whether a series is divided by how many numbers it has, or by one less. */
export type Divisor = 'n' | 'n-1';

/** Every number 0 or of a magnitude whose fourth power is a number. */
const expected = `finite numbers of at most ${MAX_INPUT}`;

/**
 * Checks a series.
 * @param least - numbers that it must have
 * @throws MarginError type, not-finite, range
 */
export function columnOf(x: Column, path: string, least = 1): Float64Array {
  if (!(x instanceof Float64Array) && !Array.isArray(x))
    throw new MarginError('type', { path, got: x, expected: 'a Float64Array or a list of numbers' });
  if (x.length < least) throw new MarginError('range', { path, got: x.length, expected: `at least ${least} numbers` });
  const column = x instanceof Float64Array ? x : new Float64Array(x.length);
  for (let index = 0; index < column.length; index++) {
    const value: unknown = x[index];
    if (typeof value !== 'number') throw new MarginError('type', { path, index, got: value, expected: 'a number' });
    if (!(Math.abs(value) <= MAX_INPUT))
      throw new MarginError(Number.isFinite(value) ? 'range' : 'not-finite', { path, index, got: value, expected });
    if (column !== x) column[index] = value;
  }
  return column;
}

/**
 * Checks series of one length.
 * @throws MarginError type, not-finite, range
 */
export function columnsOf(columns: readonly Column[], path = 'columns', least = 1): Float64Array[] {
  if (!Array.isArray(columns) || columns.length === 0)
    throw new MarginError('type', { path, got: columns, expected: 'a list of at least one column' });
  // Array.from, as map leaves holes out.
  const read = Array.from(columns, (x: Column, i) => columnOf(x, `${path}[${i}]`, least));
  const count = read[0]?.length ?? 0;
  const other = read.findIndex(({ length }) => length !== count);
  if (other >= 0)
    throw new MarginError('range', {
      path: `${path}[${other}]`,
      got: read[other]?.length,
      expected: `${count} numbers, as many as the first column has`,
    });
  return read;
}

/** What a sum of squares is divided by. @throws MarginError type */
export function divisorOf(count: number, divisor: Divisor, path = 'divisor'): number {
  if (divisor !== 'n' && divisor !== 'n-1')
    throw new MarginError('type', { path, got: divisor, expected: '"n" or "n-1"' });
  return divisor === 'n' ? count : count - 1;
}

/** Sum in the order of the series, divided by how many there are. */
export function meanOf(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] ?? 0;
  return sum / x.length;
}

/** Whether all numbers are one. */
export function isConstant(x: Float64Array): boolean {
  const first = x[0];
  for (let i = 1; i < x.length; i++) if (x[i] !== first) return false;
  return true;
}
