// Who holds what in each market, and at which risk: a snapshot of a book that all queues of one event are read from.
import type { BookBase } from '../book/book.js';
import { checkBook, type Margin, margin } from '../margin.js';

/** Rows of open positions by market. Borrowed columns: a snapshot holds until the book changes. */
export interface Holders {
  risk: Margin;
  /** First row of each market, and behind the last. */
  start: Uint32Array;
  /** Rows of positions, and of their margin units; by market, in the order of the units. */
  position: Uint32Array;
  unit: Uint32Array;
}

/**
 * Margins a book and sorts its open positions by market, in one pass each.
 * @param book - of any kinds of markets
 * @returns the snapshot
 * @throws MarginError type
 * @example
 * holdersOf(book).start.length // 2
 */
export function holdersOf(book: BookBase): Holders {
  checkBook(book);
  const risk = margin(book);
  const { unit, position } = book.store.columns;
  const start = new Uint32Array(book.markets + 1);
  const each = (visit: (market: number, p: number, u: number) => void): void => {
    for (let u = 0; u < book.units; u++) {
      const first = unit.positionStart[u] as number;
      const end = first + (unit.positionCount[u] as number);
      for (let p = first; p < end; p++) if (position.size[p] !== 0) visit((position.key[p] as number) >>> 2, p, u);
    }
  };
  each((market) => {
    start[market + 1] = (start[market + 1] as number) + 1;
  });
  for (let m = 0; m < book.markets; m++) start[m + 1] = (start[m + 1] as number) + (start[m] as number);
  const open = start[book.markets] as number;
  const [positions, units, next] = [new Uint32Array(open), new Uint32Array(open), start.slice()];
  each((market, p, u) => {
    const at = next[market] as number;
    next[market] = at + 1;
    positions[at] = p;
    units[at] = u;
  });
  return { risk, start, position: positions, unit: units };
}
