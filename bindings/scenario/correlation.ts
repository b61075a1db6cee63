// Correlation matrices at the door: size, symmetry, diagonal, and whether every quadratic form of one is at least 0.
import { decimal } from '../book/fields.js';
import { MarginError } from '../errors.js';

/** Of the unit diagonal: far above rounding, far below the two digits that correlations are published with. */
const TOLERANCE = 1e-10;

/**
 * Reads a correlation matrix.
 * @param size - rows and columns that it must have
 * @throws MarginError type, not-finite, range, conflict
 */
export function readCorrelation(json: unknown, path: string, size: number): number[][] {
  const rows = list(json, path, size, 'rows').map((row, i) =>
    list(row, `${path}[${i}]`, size, 'numbers').map((value, j) => {
      const at = `${path}[${i}][${j}]`;
      return i === j ? one(value, at) : decimal(value, at, { min: -1, max: 1 });
    }),
  );
  rows.forEach((row, i) => {
    for (let j = 0; j < i; j++) {
      const mirrored = rows[j]?.[i];
      if (row[j] !== mirrored)
        throw new MarginError('conflict', {
          path: `${path}[${i}][${j}]`,
          got: row[j],
          expected: `${mirrored}, as at [${j}][${i}]: correlations are symmetric`,
        });
    }
  });
  return rows;
}

function list(json: unknown, path: string, size: number, of: string): unknown[] {
  if (!Array.isArray(json))
    throw new MarginError(json === undefined ? 'missing-key' : 'type', {
      path,
      ...(json === undefined ? {} : { got: json }),
      expected: `a list of ${size} ${of}`,
    });
  if (json.length !== size)
    throw new MarginError('range', { path, got: json.length, expected: `${size} ${of}, one for each tenor` });
  return json;
}

function one(value: unknown, path: string): number {
  const n = decimal(value, path);
  if (n !== 1) throw new MarginError('range', { path, got: value, expected: '1 on the diagonal' });
  return n;
}

/**
 * Whether a symmetric matrix with a unit diagonal has no negative quadratic form (to 1e-10): Cholesky's elimination, the
 * largest diagonal first, so that matrices of any rank pass.
 */
export function isSemidefinite(matrix: readonly (readonly number[])[]): boolean {
  const rest = matrix.map((row) => [...row]);
  const open = new Set(rest.keys());
  const entry = (i: number, j: number): number => rest[i]?.[j] ?? 0;
  while (open.size > 0) {
    const pivot = [...open].reduce((p, i) => (entry(i, i) > entry(p, p) ? i : p));
    const size = entry(pivot, pivot);
    // What is left has no diagonal any more, so it must have nothing beside it either; NaN, out of infinities, is no diagonal.
    if (!(size > TOLERANCE)) return [...open].every((i) => [...open].every((j) => Math.abs(entry(i, j)) <= TOLERANCE));
    open.delete(pivot);
    for (const i of open) {
      const factor = entry(i, pivot) / size;
      for (const j of open) rest[i]![j] = entry(i, j) - factor * entry(pivot, j);
    }
  }
  return true;
}
