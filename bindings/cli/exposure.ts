// Exposure by market, as the report shows it: what accounts hold long and short, in the numeraire at the mark, largest first.
import type { BookBase } from '../book/book.js';
import { KIND } from '../layout.js';
import { type MarketViews, marketViews } from '../watch/views/markets.js';

export interface Exposure {
  market: string;
  kind: string;
  mark: number;
  long: number;
  /** Positive. */
  short: number;
  accounts: number;
}

const KINDS = Object.keys(KIND);
export const kindOf = (book: BookBase, market: number): string =>
  KINDS[book.store.columns.market.kind[market] as number] ?? '';

/** Markets with positions, largest first. */
export function exposureOf(book: BookBase, { notional, accounts }: MarketViews = marketViews(book)): Exposure[] {
  const exposure = Array.from(
    accounts,
    (holders, m): Exposure => ({
      market: book.marketId(m),
      kind: kindOf(book, m),
      mark: book.store.columns.market.mark[m] as number,
      long: notional.long[m] as number,
      short: notional.short[m] as number,
      accounts: holders,
    }),
  );
  const gross = (e: Exposure): number => e.long + e.short;
  return exposure.filter((e) => e.accounts > 0).sort((a, b) => gross(b) - gross(a));
}
