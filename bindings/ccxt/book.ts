// All of it together: markets, tiers, prices, positions and balances of ccxt as a whole `book@1`, with the gaps beside it.
import { nearest } from '../book/nearest.js';
import type { BookJSON } from '../book/types.js';
import { type Gap, Gaps } from '../cells/gaps.js';
import { MarginError } from '../errors.js';
import { checkList } from '../trial.js';
import { Row } from '../venues/rows.js';
import { accountOf, type PositionRow, type Seen } from './account.js';
import { Maker } from './maker.js';
import { within } from './read.js';
import { ACCOUNT_KEYS, type CcxtSources, SOURCE_KEYS } from './sources.js';

/** Milliseconds since 1970 that a `Date` can hold. */
const MOMENT = { min: 0, max: 8.64e15 };

/** A book made of ccxt's answers, and what is missing in it. */
export interface CcxtBook {
  /** Without the rows that have gaps. `Book.fromJSON` takes it. */
  book: BookJSON;
  /** What could not be taken over, where, and how to mend it: the first thousand; `gapCount` has all. */
  gaps: Gap[];
  /** How many gaps there are in all. */
  gapCount: number;
  /** Accounts that are not whole because of a gap: their margin says nothing yet. */
  incomplete: string[];
  /** Rows that hold nothing: flat positions. */
  flat: number;
  /** Which row of `fetchPositions` each position of the book is. */
  rows: PositionRow[];
}

/**
 * A whole book from what ccxt hands out. Markets are those that positions are in, and `symbols`.
 * @param sources - answers of ccxt, as they are; prices where it has none
 * @returns the book and, row by row, what is missing in it; sizes in contracts, long positive, money in each market's settle asset
 * @throws MarginError type where a source has another shape than ccxt's, unknown-key; in strict mode the first gap
 * @example
 * const { book, gaps } = ccxtBook({ venue: 'binance', numeraire: 'USDT', markets: exchange.markets,
 *   tiers: await exchange.fetchLeverageTiers(), accounts: [{ id: 'me', balances: await exchange.fetchBalance(),
 *   positions: await exchange.fetchPositions() }] });
 */
export function ccxtBook(sources: CcxtSources): CcxtBook {
  const top = topOf(sources);
  const numeraire = top.text('numeraire', 'Name the asset that all values are counted in, such as USDT');
  const venue = top.text('venue', 'exchange.id of ccxt');
  top.need('markets', 'exchange.markets', 'Load them first: await exchange.loadMarkets()');
  for (const key of ['brackets', 'marks', 'assets']) if (top.has(key)) top.row(key);
  const time = top.has('time') ? Number(within(top, 'time', MOMENT)) : undefined;
  const fromNotional = top.flag('sizeFromNotional', false);
  const gaps = new Gaps(top.flag('strict', false));
  const maker = new Maker({ ...sources, venue, time }, gaps);
  maker.asset(numeraire);
  for (const model of top.has('models') ? top.rows('models') : []) {
    const cash = model.raw('cash');
    if (typeof cash === 'string') maker.asset(cash);
  }
  if (top.has('symbols')) checkList(sources.symbols, 'symbols');
  for (const symbol of sources.symbols ?? []) if (maker.trades(symbol)) maker.market(symbol);
  const result: Seen = { flat: 0, rows: [] };
  const accounts = top.rows('accounts', ACCOUNT_KEYS).map((row) => accountOf(row, fromNotional, maker, gaps, result));
  const expiries = [...maker.expiries.values()];
  const there = <T>(all: Map<string, T | null>): T[] => [...all.values()].filter((value) => value !== null);
  return {
    book: {
      format: 'margin-kernel/book@1',
      numeraire,
      ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
      assets: there(maker.assets),
      ...(expiries.length === 0 ? {} : { expiries }),
      ...(top.has('models') ? { models: sources.models ?? [] } : {}),
      markets: there(maker.markets),
      accounts,
    },
    ...gaps.result(),
    ...result,
  };
}

/** What is of an account is easily given beside it. @throws MarginError type, unknown-key */
function topOf(sources: CcxtSources): Row {
  try {
    return new Row(sources, '', SOURCE_KEYS, 'ccxtBook');
  } catch (error) {
    const of = error instanceof MarginError && error.hint === undefined ? error : undefined;
    const near = of?.code === 'unknown-key' ? nearest(of.path ?? '', ACCOUNT_KEYS) : undefined;
    if (near === undefined) throw error;
    throw of?.with({ hint: `Did you mean "${near}" of an account? accounts: [{ id, ${near}: ... }]` });
  }
}
