// Equity at risk: the margin units that a small move of one market makes liquidatable, and those that are.
import type { BookBase } from '../../book/book.js';
import { type Decimal, decimal, Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import type { LiquidationColumns } from '../../liquidation.js';
import { checkBook, margin } from '../../margin.js';
import { eachHeld, eachUnit } from './held.js';
import { pricesFor } from './ladder.js';
import { StepPrices } from './step-prices.js';

/** Which moves are looked at. */
export interface AtRiskOptions {
  /** Shares of the mark; default 1, 2, 5, 10 and 20 %. */
  within?: readonly Decimal[];
  /** Of `liquidationPrices(book)`, where they are at hand and the book has not changed since. */
  prices?: LiquidationColumns;
}

/** Margin units, in the numeraire. */
export interface UnitSums {
  /** How many margin units. */
  units: number;
  /** Value at weight 1; negative ones pull it down. */
  equity: number;
  /** Of all that they hold. */
  notional: number;
  /** What those of negative equity lack. */
  deficit: number;
}

export interface WithinReach extends UnitSums {
  /** The unit has a market that makes it liquidatable by a move of at most this share of the mark, alone. */
  within: number;
}

/** What is liquidatable, and what small moves make so; numeraire. */
export interface EquityAtRisk {
  /** Liquidatable where prices stand; in none of the rows below. */
  now: UnitSums;
  /** One an entry of the option, nearest first; a farther one has what nearer ones have. */
  within: WithinReach[];
}

const MOST_SHARES = 1000;
const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2];
/** Statuses from here on are liquidatable. */
const LIQUIDATABLE = 2;

function sharesOf(options: AtRiskOptions): number[] {
  new Fields(options, 'options', ['within', 'prices']);
  const { within = SHARES } = options;
  const path = 'options.within';
  if (!Array.isArray(within) || within.length === 0 || within.length > MOST_SHARES)
    throw new MarginError('type', { path, got: within, expected: `a list of 1 to ${MOST_SHARES} shares of the mark` });
  const shares = within.map((share, i) => decimal(share, `${path}[${i}]`, { above: 0, max: 1e6, least: 1e-9 }));
  shares.sort((a, b) => a - b);
  for (const [i, share] of shares.entries())
    if (share === shares[i - 1]) throw new MarginError('range', { path, got: share, expected: 'each share once' });
  return shares;
}

const none = (): UnitSums => ({ units: 0, equity: 0, notional: 0, deficit: 0 });

function add(sums: UnitSums, equity: number, notional: number): void {
  sums.units += 1;
  sums.equity += equity;
  sums.notional += notional;
  sums.deficit += Math.max(0, -equity);
}

/**
 * The same from prices that are at hand.
 * @param shares - rising
 * @param counts - whether a unit's prices are known; default of all
 */
export function equityWithin(
  book: BookBase,
  prices: LiquidationColumns,
  shares: readonly number[],
  counts: (unit: number) => boolean = () => true,
): EquityAtRisk {
  const { equity, notional, status } = margin(book);
  const { columns } = book.store;
  const moves = Float64Array.from([...shares.map((share) => -share).reverse(), ...shares]);
  const at = new StepPrices(columns, book.markets, moves);
  const now = none();
  const added = shares.map(none);
  eachUnit(book, (u) => {
    const [e, n] = [equity[u] as number, notional[u] as number];
    if (((status[u] as number) & 3) >= LIQUIDATABLE) {
      add(now, e, n);
      return;
    }
    if (!counts(u)) return;
    let nearest = shares.length;
    eachHeld(columns, u, (p, m) => {
      const [fall, rise] = [at.fall(m, prices.down[p] as number), at.rise(m, prices.up[p] as number)];
      if (fall >= 0) nearest = Math.min(nearest, at.falls - 1 - fall);
      if (rise >= 0) nearest = Math.min(nearest, rise - at.falls);
    });
    const sums = added[nearest];
    if (sums) add(sums, e, n);
  });
  const sum = none();
  const within = shares.map((share, i): WithinReach => {
    for (const name of ['units', 'equity', 'notional', 'deficit'] as const) sum[name] += (added[i] as UnitSums)[name];
    return { within: share, ...sum };
  });
  return { now, within };
}

/**
 * Equity and notional of the margin units that are near: of which some market, moving alone by at most `within` of its mark, makes
 * them liquidatable; and of those that are liquidatable now.
 * @throws MarginError type, range, unknown-key, conflict
 * @example
 * const { now, within } = equityAtRisk(book, { within: ['0.01', '0.05'] });
 * console.log(now.units, within[1]?.equity);
 */
export function equityAtRisk(book: BookBase, options: AtRiskOptions = {}): EquityAtRisk {
  checkBook(book);
  const shares = sharesOf(options);
  return equityWithin(book, pricesFor(book, options.prices), shares);
}
