// What moves along a ray that names it: the `shift` and `drift` columns of assets and markets, written for one question.
import type { BookBase } from './book/book.js';
import type { Certificate, Point } from './certificate.js';
import { MarginError } from './errors.js';
import { MAX_INPUT, MIN_INPUT } from './layout.js';

/** Numbers by id, all finite. @throws MarginError type, unknown-id */
export function numbersOf(
  rows: Record<string, number> | undefined,
  path: string,
  row: (id: string, path: string) => number,
) {
  if ((rows !== undefined || path === 'rates') && (typeof rows !== 'object' || rows === null || Array.isArray(rows)))
    throw new MarginError('type', { path, got: rows, expected: 'numbers by id, e.g. { "BTC-PERP": 1 }' });
  return Object.entries(rows ?? {}).map(([id, value]) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new MarginError('type', { path: `${path}.${id}`, got: value, expected: 'a finite number' });
    if (value !== 0 && !(Math.abs(value) >= MIN_INPUT && Math.abs(value) <= MAX_INPUT))
      throw new MarginError('range', {
        path: `${path}.${id}`,
        got: value,
        expected: `0 or a magnitude from ${MIN_INPUT} to ${MAX_INPUT}`,
      });
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

/** Points of the ray's factor, which stands at 1, as moves: the distance from there, as parts of `scale`. */
export function asMoves(certificate: Certificate, scale = 1): Certificate {
  const move = ({ price, health }: Point): Point => ({ price: (price - 1) / scale, health });
  const { healthy, liquidatable, visited, end } = certificate;
  return {
    ...certificate,
    healthy: healthy && move(healthy),
    liquidatable: liquidatable && move(liquidatable),
    visited: visited.map(move),
    end: (end - 1) / scale,
  };
}
