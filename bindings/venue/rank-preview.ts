// "Am I next": where an account stands in a queue of the book as it is, from the score column, without a ledger and without a
// sort. It runs wherever a book does, in a browser too.
import type { BookBase } from '../book/book.js';
import { byId } from '../waterfall/amount.js';
import { type Holders, holdersOf } from './holders.js';
import { type ColumnScore, type ScoreColumns, scoresOf } from './scores.js';
import { unitAt, unitName } from './unit-names.js';

/** A place in the queue; amounts are contracts. */
export interface BookPlace {
  /** Account of the ledger. */
  id: string;
  /** Of its position. */
  side: 'long' | 'short';
  /** 1 is closed first; of so many. */
  rank: number;
  /** How many stand in the queue. */
  of: number;
  /** What those in front hold, and the account itself. */
  ahead: number;
  /** Contracts of the account itself. */
  amount: number;
  /** Accounts up to and including it, in hundredths of all, rounded up: 1 to 100. */
  percentile: number;
  /** Quintile of the amount up to and including it: 20 (closed first), 40, 60, 80, 100. */
  light: number;
}

/**
 * Places of an account in the queues of a market.
 * @param book - the book as a client has it
 * @param account - of the ledger (`a1`, `a1:3`)
 * @param market - id or row
 * @param score - whose formula, see `scoresOf`
 * @param holders - a snapshot, where several places are asked for
 * @returns one entry for each side that it holds; none where it holds nothing there
 * @throws MarginError unknown-id, type
 * @see BitMEX, Auto-Deleveraging (quintiles by cumulative quantity)
 * @example
 * rankPreview(book, 'a1', 'BTC-PERP', 'okx')
 *   // [{ id: 'a1', side: 'long', rank: 1, of: 1, ahead: 0, amount: 0.5, percentile: 100, light: 100 }]
 */
export function rankPreview(
  book: BookBase,
  account: string,
  market: string | number,
  score: ColumnScore,
  holders: Holders = holdersOf(book),
): BookPlace[] {
  const u = unitAt(book, account, 'account');
  return (['long', 'short'] as const).flatMap((side) => {
    const columns = scoresOf(book, market, side, score, holders);
    const at = columns.unit.indexOf(u);
    return at < 0 ? [] : [placeOf(book, account, columns, at)];
  });
}

function placeOf(book: BookBase, id: string, { side, unit, size, score }: ScoreColumns, at: number): BookPlace {
  const [own, amount] = [score[at] as number, size[at] as number];
  let [rank, ahead, total] = [1, 0, 0];
  for (let i = 0; i < score.length; i++) {
    const [other, held] = [score[i] as number, size[i] as number];
    total += held;
    if (i === at || other < own) continue;
    if (other === own && byId(unitName(book, unit[i] as number), id) > 0) continue;
    rank += 1;
    ahead += held;
  }
  const fifths = Math.min(5, Math.ceil((5 * (ahead + amount)) / total));
  const percentile = Math.ceil((100 * rank) / score.length);
  return { id, side, rank, of: score.length, ahead, amount, percentile, light: 20 * fifths };
}
