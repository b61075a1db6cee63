// Who holds what in each market, and at which risk: a snapshot of a book that all queues of one event are read from.
import type { BookBase } from '../book/book.js';
import { checkBook, type Margin, margin } from '../margin.js';
import { unitOrder } from './unit-names.js';

/** Open positions by market, borrowed as the risk is: a snapshot holds until the book changes. */
export interface Holders {
  /** The margin of the book, borrowed until its next call. */
  risk: Margin;
  /** First position of each market, and behind the last. */
  start: Uint32Array;
  /** Of each position: its margin unit, by market in the order of a ledger, and its row in the book. */
  unit: Uint32Array;
  /** Of each position: its row in the book. */
  position: Uint32Array;
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
  const start = new Uint32Array(book.markets + 1);
  eachPosition(book, (market) => {
    start[market + 1] = (start[market + 1] as number) + 1;
  });
  for (let m = 0; m < book.markets; m++) start[m + 1] = (start[m + 1] as number) + (start[m] as number);
  const open = start[book.markets] as number;
  // Rows alone: large columns are dear where the heap is large, each brings the next full collection nearer.
  const [units, positions, next] = [new Uint32Array(open), new Uint32Array(open), start.slice()];
  eachPosition(book, (market, p, u) => {
    const at = next[market] as number;
    next[market] = at + 1;
    units[at] = u;
    positions[at] = p;
  });
  return { risk, start, unit: units, position: positions };
}

/** Visits open positions with their units, in the order of a ledger, which is mostly that of the memory. */
export function eachPosition(
  book: BookBase,
  visit: (market: number, position: number, unit: number, row: number) => void,
): void {
  const { unit, position } = book.store.columns;
  const order = unitOrder(book);
  for (let row = 0; row < order.length; row++) {
    const u = order[row] as number;
    const first = unit.positionStart[u] as number;
    const end = first + (unit.positionCount[u] as number);
    for (let p = first; p < end; p++) if (position.size[p] !== 0) visit((position.key[p] as number) >>> 2, p, u, row);
  }
}
