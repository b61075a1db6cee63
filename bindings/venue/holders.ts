// Who holds what in each market, and at which risk: a snapshot of a book that all queues of one event are read from.
import type { BookBase } from '../book/book.js';
import { FEATURE } from '../layout.js';
import { checkBook, type Margin, margin } from '../margin.js';

/** Open positions by market. The risk is borrowed: a snapshot holds until the book changes. */
export interface Holders {
  risk: Margin;
  /** First position of each market, and behind the last. */
  start: Uint32Array;
  /** Margin unit of each position; by market, in the order of the units. */
  unit: Uint32Array;
  /** Of each position: signed contracts, and what they have cost with the funding that is owed, settle units. */
  size: Float64Array;
  cost: Float64Array;
  paid: Float64Array;
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
  const { unit, position, market: markets } = book.store.columns;
  const { fundingIndex } = markets;
  const owed = (book.refresh() & FEATURE.funding) !== 0;
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
  const [units, next] = [new Uint32Array(open), start.slice()];
  const [sizes, costs] = [new Float64Array(open), new Float64Array(open)];
  // Large columns are dear where the heap is large: each brings the next full collection nearer.
  const paid = owed ? new Float64Array(open) : costs;
  each((market, p, u) => {
    const at = next[market] as number;
    next[market] = at + 1;
    units[at] = u;
    const size = position.size[p] as number;
    const cost = position.cost[p] as number;
    sizes[at] = size;
    costs[at] = cost;
    if (owed) paid[at] = cost + size * ((fundingIndex[market] as number) - (position.funding[p] as number));
  });
  return { risk, start, unit: units, size: sizes, cost: costs, paid };
}
