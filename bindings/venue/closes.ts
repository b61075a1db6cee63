// How much of what defaulters hold has to be closed: sizes of the kernel in lots of the ledger.
import type { BookBase } from '../book/book.js';
import { type CloseOptions, closeSizes } from '../close-sizes.js';
import { legsOf } from '../legs.js';
import { exact, over, whole } from '../liquidation/exact.js';
import { checkBook } from '../margin.js';
import type { Amount } from '../waterfall/amount.js';
import { lotsOf } from './minor.js';
import { type LedgerUnits, type MarketUnit, termsOf } from './terms.js';
import { unitAt } from './unit-names.js';

/** What a close has to reach, and the lots of the ledger. */
export interface ClosesOptions extends Pick<LedgerUnits, 'lots'>, Pick<CloseOptions, 'level' | 'target' | 'minLeft'> {}

/**
 * The least lots that bring accounts back to health, for `DefaultEvent.closes`; all of what they hold where nothing does.
 * @param book - the book
 * @param accounts - of the ledger (`a1`, `a1:3`); legs close from the one that frees most
 * @param options - lots, and the level that has to be reached (default liquidationEnd)
 * @returns unsigned lots by account and market, rounded up; both sides of a market together
 * @throws MarginError unknown-id, type, range
 * @example
 * closesOf(book, ['a2']) // { a2: { 'BTC-PERP': 100n } }
 */
export function closesOf(
  book: BookBase,
  accounts: readonly string[],
  options: ClosesOptions = {},
): Record<string, Record<string, Amount>> {
  checkBook(book);
  const { lots, ...close } = options;
  const { markets } = termsOf(book, lots === undefined ? {} : { lots });
  const closes = accounts.map((id, i): [string, Record<string, Amount>] => {
    const u = unitAt(book, id, `accounts[${i}]`);
    const [account, bucket] = [book.unitAccount(u), book.unitBucket(u)];
    const legs = legsOf(book, account, { bucket }).sort((a, b) => b.requirement - a.requirement);
    const sizes = closeSizes(
      book,
      account,
      legs.map(({ market, positionSide }) => ({ market, positionSide })),
      { ...close, bucket },
    );
    const sums = new Map<string, Amount>();
    for (const { market, size } of sizes.legs) {
      const unit = markets[book.market(market)];
      if (unit && size > 0) sums.set(market, (sums.get(market) ?? 0n) + lotsUp(size, unit));
    }
    return [id, Object.fromEntries(sums)];
  });
  return Object.fromEntries(closes);
}

const lotsUp = (size: number, { lot }: MarketUnit): Amount =>
  lotsOf(size, lot) ?? whole(over(exact(size), exact(lot)), 'ceil');
