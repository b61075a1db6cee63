// What moves along a ray that names it: the `shift` and `drift` columns of assets and markets, written for one question.
import type { BookBase } from './book/book.js';
import { MarginError } from './errors.js';

/** Numbers by id, all finite. @throws MarginError type, unknown-id */
export function numbersOf(
  rows: Record<string, number> | undefined,
  path: string,
  row: (id: string, path: string) => number,
) {
  if (rows !== undefined && (typeof rows !== 'object' || rows === null || Array.isArray(rows)))
    throw new MarginError('type', { path, got: rows, expected: 'numbers by id, e.g. { "BTC-PERP": 1 }' });
  return Object.entries(rows ?? {}).map(([id, value]) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new MarginError('type', { path: `${path}.${id}`, got: value, expected: 'a finite number' });
    return [row(id, `${path}.${id}`), value] as const;
  });
}

/** Nothing moves. */
export function clearShifts(book: BookBase): void {
  const { asset, market } = book.store.columns;
  asset.shift.fill(0);
  market.shift.fill(0);
  market.drift.fill(0);
}
