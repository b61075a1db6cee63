// From daily closes to returns: over how many days, of which kind, and what happens on days without a price. Nothing is filled
// silently: prices carried over a gap, returns lent by another coin and days left out are counted by coin in the report.
import type { Closes } from '../../adapters/closes.js';
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import { closesGiven, dayIn, type Lender, namesOf, type Prices, pricesOf, proxiesOf } from './prices.js';
import { between, lent, type ReturnKind } from './return.js';

export type { ReturnKind } from './return.js';

/** Whose returns stand in, and how many times as large its log return is taken (default 1). */
export type Proxy = string | { readonly by: string; readonly beta?: number };

/** How returns are made of closes. */
export interface ReturnsOptions {
  /** Symbols, in the order of the columns; default: all of the table. */
  readonly names?: readonly string[];
  /** Default `simple`. */
  readonly kind?: ReturnKind;
  /** Rows of the table (days, of daily closes) that a return spans; they overlap. Default 1. */
  readonly horizon?: number;
  /** No earlier and no later day (YYYY-MM-DD) is used; the table may start later and end sooner. Default: all of it. */
  readonly from?: string;
  /** Last day that is used (YYYY-MM-DD); default: all of the table. */
  readonly to?: string;
  /** Days without a price between two with one that the last price is carried over, at the most; default 0. */
  readonly carry?: number;
  /** Coins that lend their returns where a coin has none of its own (not listed yet, no longer, a gap). */
  readonly proxies?: Readonly<Record<string, Proxy>>;
  /** What then still lacks a return: `refuse` (default), or `common`: only days on which every coin has one. */
  readonly gaps?: 'refuse' | 'common';
  /** Returns that a coin must have at least, those that another has lent it among them; default 2. */
  readonly least?: number;
}

/** What one column is made of. */
export interface CoinReport {
  /** Symbol of the coin. */
  readonly name: string;
  /** First and last day with a price. */
  readonly first: string | null;
  /** Last day with a price; null: none. */
  readonly last: string | null;
  /** Prices that were carried over a gap. */
  readonly carried: number;
  /** Returns that another coin has lent, of those that were kept. */
  readonly proxied: number;
  /** Coin that has lent them; null: none. */
  readonly by: string | null;
  /** Factor of the lent returns; null: none were. */
  readonly beta: number | null;
  /** Days on which it had no return, so that policy `common` has dropped them. */
  readonly lacking: number;
}

/** What was done about missing prices. */
export interface ReturnsReport {
  /** In the order of the columns. */
  readonly coins: readonly CoinReport[];
  /** Days that were left out, for any of the coins. */
  readonly dropped: number;
  /** Days that were kept. */
  readonly kept: number;
}

/** Returns of coins, oldest first; losses negative. */
export interface Returns {
  /** Symbols, in the order of the columns. */
  readonly names: readonly string[];
  /** The last day of each. */
  readonly dates: readonly string[];
  /** Simple (a fraction) or logarithmic. */
  readonly kind: ReturnKind;
  /** Days that each spans. */
  readonly horizon: number;
  /** By coin. */
  readonly columns: readonly Float64Array[];
  /** None, where they were not made from closes. */
  readonly report?: ReturnsReport;
}

/** Ten years: no horizon is longer. */
const MOST_DAYS = 3650;
const KEYS = ['names', 'kind', 'horizon', 'from', 'to', 'carry', 'proxies', 'gaps', 'least'];
const KINDS = { simple: 0, log: 1 };
const GAPS = { refuse: 0, common: 1 };

/**
 * Returns of daily closes, overlapping where they span more than a day.
 *
 * There is no policy that fills a missing return with zero: calm that nobody has seen makes every measure of risk smaller.
 * @throws MarginError unknown-id for a symbol that the table does not have; range for a window with too few of its days and for a
 * coin with too few returns; missing-key, with coin and day, where policy `refuse` meets a day without a return
 * @example
 * const closes = parseCloses('Date;BTC-USD;SOL-USD\n2021-01-01;100;\n2021-01-02;110;10\n2021-01-03;99;11\n2021-01-04;99;11\n');
 * const { dates, columns } = returnsOf(closes, { gaps: 'common' });
 * // dates are 2021-01-03 and 2021-01-04, columns[1] is 0.1, 0
 */
export function returnsOf(closes: Closes, options: ReturnsOptions = {}): Returns {
  const fields = new Fields(options, 'options', KEYS);
  const kind: ReturnKind = fields.word('kind', KINDS, 'simple') === 1 ? 'log' : 'simple';
  const horizon = fields.integer('horizon', 1, MOST_DAYS, 1);
  const carry = fields.integer('carry', 0, MOST_DAYS, 0);
  const least = fields.integer('least', 0, 1e6, 2);
  const common = fields.word('gaps', GAPS, 'refuse') === 1;
  closesGiven(closes);
  const names = namesOf(closes, options.names);
  const lenders = proxiesOf(closes, names, options.proxies);
  const [first, end] = [dayIn(closes, options.from, 'from'), dayIn(closes, options.to, 'to') + 1];
  if (end - first <= horizon)
    throw new MarginError('range', {
      path: 'closes',
      got: `${Math.max(0, end - first)} days`,
      expected: `more than ${horizon} days from ${options.from ?? 'the first'} to ${options.to ?? 'the last'}`,
    });
  const coins = names.map((name): Coin => {
    const prices = pricesOf(closes, name, first, end, carry);
    const lender = lenders.get(name);
    const own = between(prices.column, horizon, kind);
    const proxy = lender && between(pricesOf(closes, lender.by, first, end, carry).column, horizon, kind);
    const column = own.map((x, t) => (Number.isNaN(x) && proxy ? lent(proxy[t] ?? x, lender.beta, kind) : x));
    return { name, prices, lender, own, column };
  });
  const dates = closes.dates.slice(first + horizon, end);
  if (!common) refuseGaps(coins, dates);
  const rows = Array.from(dates.keys()).filter((t) => coins.every(({ column }) => !Number.isNaN(column[t])));
  const report = {
    coins: coins.map((coin) => reportOf(coin, rows, closes.dates.slice(first, end))),
    kept: rows.length,
    dropped: dates.length - rows.length,
  };
  refuseFew(report, least);
  const columns = coins.map(({ column }) => Float64Array.from(rows, (t) => column[t] ?? 0));
  return { names, dates: rows.map((t) => dates[t] ?? ''), kind, horizon, columns, report };
}

interface Coin {
  readonly name: string;
  readonly prices: Prices;
  readonly lender: Lender | undefined;
  /** Its returns, and those with what was lent; NaN where there is none. */
  readonly own: Float64Array;
  readonly column: Float64Array;
}

function refuseGaps(coins: readonly Coin[], dates: readonly string[]): void {
  for (const { name, column, lender } of coins) {
    const t = column.findIndex(Number.isNaN);
    if (t >= 0)
      throw new MarginError('missing-key', {
        path: `closes.${name}`,
        got: `no return on ${dates[t]}`,
        expected: 'a price at both ends of every return',
        hint: lender
          ? `Its proxy ${lender.by} has none either: gaps "common" leaves such days out`
          : 'Bridge a gap with `carry`, lend it the returns of another coin with `proxies`, or keep common days: gaps "common"',
      });
  }
}

function reportOf(
  { name, prices, lender, own, column }: Coin,
  rows: readonly number[],
  days: readonly string[],
): CoinReport {
  return {
    name,
    first: days[prices.first] ?? null,
    last: days[prices.last] ?? null,
    carried: prices.carried,
    proxied: rows.filter((t) => Number.isNaN(own[t])).length,
    by: lender?.by ?? null,
    beta: lender?.beta ?? null,
    lacking: column.filter(Number.isNaN).length,
  };
}

/** Names the coin that is why there are too few. */
function refuseFew({ coins, kept, dropped }: ReturnsReport, least: number): void {
  // What another coin lends was asked for: it counts.
  const few = coins.filter(({ proxied, by }) => (by === null ? kept - proxied : kept) < Math.max(1, least));
  const [worst] = few.sort((a, b) => b.lacking + b.proxied - a.lacking - a.proxied);
  if (worst)
    throw new MarginError('range', {
      path: `closes.${worst.name}`,
      got: `${worst.by === null ? kept - worst.proxied : kept} returns`,
      expected: `at least ${Math.max(1, least)}`,
      hint: `It has none on ${worst.lacking} of ${kept + dropped} days: ask for other days, or for fewer coins`,
    });
}
