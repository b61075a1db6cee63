// Views of markets and of the fund as a whole, in one pass over the book: open interest, who holds it, what is required of it.
import type { BookBase } from '../../book/book.js';
import { STATUS } from '../../layout.js';
import { checkBook, margin, type Status, type Totals } from '../../margin.js';
import { eachHeld, eachUnit } from './held.js';
import { eachRequirement } from './requirement.js';

/** An entry a market (row), for each side. */
export interface Sides {
  /** By market row. */
  readonly long: Float64Array;
  /** |size|: not below 0. */
  readonly short: Float64Array;
}

/** The book as one account. */
export interface FundView {
  /** Sums over all margin units: equity, collateral, requirements, notional, deficit. */
  totals: Totals;
  /** How many accounts. */
  accounts: number;
  /** How many positions. */
  positions: number;
  /** Margin units by status. */
  units: Record<Status, number>;
  /** Of them those that scenario models margin: their requirements are of a portfolio, not of markets. */
  modelled: { units: number; initialMargin: number; maintenanceMargin: number };
}

/** Columns by market row, the caller's. Values in the numeraire. */
export interface MarketViews {
  /** Contracts. */
  readonly openInterest: Sides;
  /** At the mark. */
  readonly notional: Sides;
  /** Rows that are held: both sides of a hedged account are two. */
  readonly positions: Uint32Array;
  /** By market row: accounts that hold a position in it. */
  readonly accounts: Uint32Array;
  /**
   * What the tables of the market ask for of its positions, with the worst outcome of their open orders and the accounts' own
   * factors. Not in it: units that a model margins, and markets that net the requirement from the profit (0).
   */
  readonly initialMargin: Float64Array;
  /** As `initialMargin`, at the maintenance level. */
  readonly maintenanceMargin: Float64Array;
  /** All margin units together. */
  readonly fund: FundView;
}

function sidesOf(markets: number): Sides {
  return { long: new Float64Array(markets), short: new Float64Array(markets) };
}

const increase = (column: Float64Array | Uint32Array, i: number, by: number): void => {
  column[i] = (column[i] as number) + by;
};

/**
 * Margins the book and adds up by market: open interest, notional, holders and requirements; and the fund as a whole. Sums fold by
 * account, cross first, then by bucket and row.
 * @returns columns by market row, the caller's
 * @throws MarginError type
 * @example
 * const { openInterest, notional, fund } = marketViews(book);
 * const btc = book.market('BTC-PERP');
 * console.log(openInterest.long[btc], notional.short[btc], fund.units.liquidatable);
 */
export function marketViews(book: BookBase): MarketViews {
  checkBook(book);
  const risk = margin(book);
  const { columns } = book.store;
  const { markets } = book;
  const [openInterest, notional] = [sidesOf(markets), sidesOf(markets)];
  const [positions, accounts] = [new Uint32Array(markets), new Uint32Array(markets)];
  const [initialMargin, maintenanceMargin] = [new Float64Array(markets), new Float64Array(markets)];
  const units = Object.fromEntries(STATUS.map((status) => [status, 0])) as Record<Status, number>;
  const modelled = { units: 0, initialMargin: 0, maintenanceMargin: 0 };
  // One more than the row of the account that was counted last: 0 is nobody.
  const counted = new Uint32Array(markets);
  let held = 0;
  eachUnit(book, (u, account) => {
    units[STATUS[(risk.status[u] as number) & 3] as Status] += 1;
    eachHeld(columns, u, (_, m, size, value) => {
      const side = size > 0 ? 'long' : 'short';
      increase(openInterest[side], m, Math.abs(size));
      increase(notional[side], m, value);
      increase(positions, m, 1);
      held += 1;
      if (counted[m] === account + 1) return;
      counted[m] = account + 1;
      increase(accounts, m, 1);
    });
    if (columns.unit.model[u] !== 0) {
      modelled.units += 1;
      modelled.initialMargin += risk.initialMargin[u] as number;
      modelled.maintenanceMargin += risk.maintenanceMargin[u] as number;
      return;
    }
    eachRequirement(columns, u, (m, initial, maintenance) => {
      increase(initialMargin, m, initial);
      increase(maintenanceMargin, m, maintenance);
    });
  });
  const fund = { totals: risk.totals, accounts: book.accounts, positions: held, units, modelled };
  return { openInterest, notional, positions, accounts, initialMargin, maintenanceMargin, fund };
}
