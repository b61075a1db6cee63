// Which way a position points: closing a long sells, closing a short buys.
import { MarginError } from '../errors.js';

/** Which way a position points. */
export type Side = 'long' | 'short';

/** 1 for a long, -1 for a short, as `Fields.word` reads them. */
export const SIDES: Readonly<Record<Side, number>> = { long: 1, short: -1 };

export const sideOf = (size: number): Side => (size < 0 ? 'short' : 'long');

/** A size that stands where 0 makes no sense. @throws MarginError range */
export function notZero(size: number, path: string): number {
  if (size === 0) throw new MarginError('range', { path, got: size, expected: 'not 0' });
  return size;
}
