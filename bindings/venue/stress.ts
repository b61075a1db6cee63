// Stress: what each account would lack after prices have moved, and what its owner's defaults would take from a fund.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import { checkBook, margin } from '../margin.js';
import { checkKeys } from '../trial.js';
import type { Integer } from '../venues/integer.js';
import { rowsOf } from '../venues/rows.js';
import { type Amount, amount, byId } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { minorUp } from './minor.js';
import { type Moves, underMoves } from './moves.js';
import { digitsOf } from './terms.js';

/** What somebody lacks, minor units of the numeraire, above 0. */
export interface StressLoss {
  /** Account, or owner. */
  id: string;
  /** Minor units, positive. */
  loss: Amount;
}

/** What counts as a loss, and in which units. */
export interface StressOptions {
  /** Digits of the amounts, in the numeraire; default 2. */
  decimals?: number;
  /**
   * - `equity` (default): what is lacking once all that the account has is gone
   * - `requirement`: what the moves take beyond the initial requirement, as if every account had no more than that
   */
  beyond?: 'equity' | 'requirement';
}

/** Who owns accounts, by account; who is not there owns itself. */
export type Owners = Readonly<Record<string, string>>;

/**
 * Losses that accounts could not bear if prices moved at once; the book is as it was afterwards.
 * @param book - the book
 * @param moves - relative moves by underlying, market and asset
 * @param options - digits, and beyond what
 * @returns accounts with a loss, rounded up, the largest first, ties by id; each isolated bucket counts for itself, and an
 *   account is the sum of them
 * @throws MarginError unknown-id, unknown-key, type, range
 * @see CPSS-IOSCO, Principles for financial market infrastructures, 2012, principle 4
 * @example
 * stressLosses(book, { markets: { 'BTC-PERP': -0.1 } }) // [{ id: 'a1', loss: 200000n }]
 */
export function stressLosses(book: BookBase, moves: Moves, options: StressOptions = {}): StressLoss[] {
  checkBook(book);
  checkKeys(options, 'options', ['decimals', 'beyond']);
  const { beyond = 'equity' } = options;
  const decimals = digitsOf(options.decimals ?? 2, 'options.decimals');
  const whole = oneOf(beyond, 'options.beyond', ['equity', 'requirement']) === 'equity';
  const before = whole ? undefined : margin(book).copy();
  const sums = new Map<number, Amount>();
  underMoves(book, moves, ({ equity }) => {
    for (let u = 0; u < equity.length; u++) {
      const free = before ? (before.equity[u] as number) - (before.initialMargin[u] as number) : 0;
      const loss = minorUp(free - (equity[u] as number), decimals);
      if (loss <= 0n) continue;
      const account = book.unitAccount(u);
      sums.set(account, (sums.get(account) ?? 0n) + loss);
    }
  });
  return fallingLosses([...sums].map(([account, loss]) => ({ id: book.accountId(account), loss })));
}

const fallingLosses = (losses: StressLoss[]): StressLoss[] =>
  losses.sort((a, b) => (a.loss === b.loss ? byId(a.id, b.id) : a.loss > b.loss ? -1 : 1));

/** What the n largest owners would take from a fund, minor units. */
export interface Cover {
  /** Sum of their losses, minor units. */
  amount: Amount;
  /** The n with the largest losses, largest first. */
  owners: StressLoss[];
}

/**
 * Cover-n: what the n owners with the largest losses lack together.
 * @param losses - of one scenario, each account once
 * @param n - 1, 2, ...: how many default at once
 * @param owners - who owns accounts, by account
 * @returns the sum, and who they are, the largest first, ties by id
 * @throws MarginError duplicate, missing-key, type, inexact, range
 * @see CPSS-IOSCO, Principles for financial market infrastructures, 2012, principle 4, key considerations 4 to 6
 * @example
 * cover([{ id: 'a', loss: 5n }, { id: 'b', loss: 4n }, { id: 'c', loss: 3n }], 1, { b: 'x', c: 'x' })
 *   // { amount: 7n, owners: [{ id: 'x', loss: 7n }] }
 */
export function cover(losses: readonly { id: string; loss: Integer }[], n: number, owners: Owners = {}): Cover {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new MarginError('range', { path: 'n', got: n, expected: 'a whole number from 1' });
  }
  const largest = byOwner(losses, owners).slice(0, n);
  return { amount: largest.reduce((sum, { loss }) => sum + loss, 0n), owners: largest };
}

/** Losses of owners, the largest first. @throws MarginError duplicate, missing-key, type, inexact, range */
export function byOwner(losses: readonly { id: string; loss: Integer }[], owners: Owners): StressLoss[] {
  const sums = new Map<string, Amount>();
  const seen = new Set<string>();
  for (const row of rowsOf(losses, 'losses', ['id', 'loss'])) {
    const id = row.text('id');
    if (seen.has(id)) throw new MarginError('duplicate', { path: row.at('id'), got: id });
    seen.add(id);
    const owner = Object.hasOwn(owners, id) ? (owners[id] as string) : id;
    sums.set(owner, (sums.get(owner) ?? 0n) + amount(row.integer('loss'), row.at('loss')));
  }
  return fallingLosses([...sums].map(([id, loss]) => ({ id, loss })));
}
