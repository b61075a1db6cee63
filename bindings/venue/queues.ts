// Queues of a book for a run: scores of all who stand opposite those who default, by row of its ledger.
import type { BookBase } from '../book/book.js';
import { type Margin, margin } from '../margin.js';
import type { RowScores } from '../waterfall/event.js';
import type { State } from '../waterfall/state.js';
import { eachPosition } from './holders.js';
import { matchAccounts } from './match.js';
import { type ColumnScore, scoreOf } from './scores.js';
import { unitAt } from './unit-names.js';

/**
 * Scores for `DefaultEvent.scores`: a deleveraging then ranks by the kernel's columns, and no score is made twice.
 * @param book - the book that the ledger came from
 * @param state - the ledger
 * @param defaulters - of the event: accounts of the ledger (`a1`, `a1:3`)
 * @param score - whose formula, see `scoresOf`
 * @param risk - of the book, where it is at hand
 * @returns by market that a defaulter holds: rows of the ledger that hold the other side, rising, and their scores; where both
 *   sides are asked for, an account that holds both has the score of the larger one, which the ledger leaves of them
 * @throws MarginError unknown-id, type, conflict where the ledger is not of this book
 * @example
 * queuesOf(book, ledgerOf(book, { decimals: 2 }), ['a2'], 'hyperliquid')['BTC-PERP'].scores // new Float64Array([30])
 */
export function queuesOf(
  book: BookBase,
  state: State,
  defaulters: readonly string[],
  score: ColumnScore,
  risk: Margin = margin(book),
): Record<string, RowScores> {
  matchAccounts(book, state);
  const queues = sidesOpposite(book, defaulters).map(
    (sides, m) => sides && { id: book.marketId(m), sides, scoreAt: scoreOf(book, m, score, risk), ...NOBODY },
  );
  const { size } = book.store.columns.position;
  const each = (visit: (queue: Queue, row: number, unit: number, position: number) => void): void =>
    eachPosition(book, (m, p, u, row) => {
      const queue = queues[m];
      if (queue?.sides[(size[p] as number) > 0 ? 'long' : 'short']) visit(queue, row, u, p);
    });
  each((queue, row) => {
    if (queue.last !== row) queue.count += 1;
    queue.last = row;
  });
  for (const queue of queues) {
    if (queue) [queue.rows, queue.scores] = [new Uint32Array(queue.count), new Float64Array(queue.count)];
  }
  each((queue, row, u, p) => {
    const held = Math.abs(size[p] as number);
    if (queue.rows[queue.filled - 1] !== row) queue.filled += 1;
    else if (held <= queue.held) return;
    queue.rows[queue.filled - 1] = row;
    queue.scores[queue.filled - 1] = queue.scoreAt(u, p);
    queue.held = held;
  });
  return Object.fromEntries(
    queues.flatMap((queue) => (queue ? [[queue.id, { rows: queue.rows, scores: queue.scores }]] : [])),
  );
}

/** The scores of one market while they are gathered. */
interface Queue extends RowScores {
  id: string;
  sides: Sides;
  scoreAt(unit: number, position: number): number;
  /** How many there are, the last that was counted, how many have been written, and the contracts of the last of them. */
  count: number;
  last: number;
  filled: number;
  held: number;
}

const NOBODY = { rows: new Uint32Array(0), scores: new Float64Array(0), count: 0, last: -1, filled: 0, held: 0 };

interface Sides {
  long: boolean;
  short: boolean;
}

/** Sides opposite to what defaulters hold, by market. */
function sidesOpposite(book: BookBase, defaulters: readonly string[]): (Sides | undefined)[] {
  const { unit, position } = book.store.columns;
  const found = new Array<Sides | undefined>(book.markets).fill(undefined);
  for (const [i, id] of defaulters.entries()) {
    const u = unitAt(book, id, `defaulters[${i}]`);
    const first = unit.positionStart[u] as number;
    for (let p = first; p < first + (unit.positionCount[u] as number); p++) {
      const size = position.size[p] as number;
      if (size === 0) continue;
      const m = (position.key[p] as number) >>> 2;
      found[m] ??= { long: false, short: false };
      found[m][size > 0 ? 'short' : 'long'] = true;
    }
  }
  return found;
}
