// Queues of a book for a run: the score columns of the markets that an event is about, by row of its ledger.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import type { State } from '../waterfall/state.js';
import { type Holders, holdersOf } from './holders.js';
import { type ColumnScore, eachScore } from './scores.js';
import { unitName, unitOrder } from './unit-names.js';

/**
 * Scores for `DefaultEvent.scores`: a deleveraging then ranks by the kernel's columns, and no score is made twice.
 * @param book - the book that the ledger came from
 * @param state - the ledger
 * @param markets - those that defaulters hold
 * @param score - whose formula, see `scoresOf`
 * @param holders - a snapshot of the book
 * @returns by market a column with a score for each account of the ledger, both sides in one; 0 for those who hold nothing. An
 *   account that holds both sides has the score of the short one, which stands behind the long one in the book
 * @throws MarginError unknown-id, type, conflict where the ledger is not of this book
 * @example
 * queuesOf(book, ledgerOf(book, { decimals: 2 }), ['BTC-PERP'], 'hyperliquid')['BTC-PERP'][0] // 30
 */
export function queuesOf(
  book: BookBase,
  state: State,
  markets: readonly string[],
  score: ColumnScore,
  holders: Holders = holdersOf(book),
): Record<string, Float64Array> {
  const rows = rowsOfUnits(book, state);
  return Object.fromEntries(
    markets.map((id) => {
      const column = new Float64Array(state.accounts);
      eachScore(book, book.market(id), score, holders, (at, value) => {
        column[rows[holders.unit[at] as number] as number] = value;
      });
      return [id, column];
    }),
  );
}

/** Row in the ledger by margin unit. @throws MarginError conflict */
export function rowsOfUnits(book: BookBase, state: State): Uint32Array {
  const order = unitOrder(book);
  const rows = new Uint32Array(order.length);
  for (let row = 0; row < order.length; row++) {
    const u = order[row] as number;
    rows[u] = row;
    const id = unitName(book, u);
    if (state.id(row) === id) continue;
    const expected = `"${id}", as the book has it: the ledger of this book, made after its last change of accounts`;
    throw new MarginError('conflict', { path: 'state', index: row, got: state.id(row), expected });
  }
  return rows;
}
