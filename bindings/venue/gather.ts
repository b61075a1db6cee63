// The columns of a ledger while they are gathered from a book: a margin unit becomes an account, its rows amounts and lots.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import type { Row } from '../venues/rows.js';
import type { Amount } from '../waterfall/amount.js';
import { AmountColumn } from '../waterfall/amount-column.js';
import { Holdings } from '../waterfall/holdings.js';
import { BALANCE, type Purse, purseKey } from '../waterfall/state.js';
import { computedMinor, lotsOf, minorOf } from './minor.js';
import type { MarketUnit, Terms } from './terms.js';
import { unitName } from './unit-names.js';

/** What one margin unit has in a market: lots and cost of both sides together. */
export interface LedgerPosition {
  lots: Amount;
  cost: Amount;
}

/** Lots and cost of a position row, as a ledger counts it. @throws MarginError inexact */
export function ledgerPosition(book: BookBase, u: number, p: number, unit: MarketUnit): LedgerPosition {
  const { position, market } = book.store.columns;
  const size = position.size[p] ?? 0;
  const lots = lotsOf(size, unit.lot);
  if (lots === undefined) {
    throw new MarginError('inexact', {
      path: `${unitName(book, u)}.positions.${unit.terms.id}`,
      got: size,
      expected: `a whole number of lots of ${unit.lot}`,
      hint: 'Name a smaller lot in `lots`; offLots(book) lists all such positions',
    });
  }
  const index = market.fundingIndex[(position.key[p] ?? 0) >>> 2] ?? 0;
  const owed = size * (index - (position.funding[p] ?? 0));
  return { lots, cost: computedMinor(-(position.cost[p] ?? 0) - owed, unit.decimals) };
}

/** Minor units of a balance row, after its index. */
export function ledgerBalance(book: BookBase, b: number, decimals: number): Amount {
  const { balance, asset } = book.store.columns;
  const [a, amount] = [balance.asset[b] ?? 0, balance.amount[b] ?? 0];
  return minorOf(amount * ((amount < 0 ? asset.borrowIndex[a] : asset.depositIndex[a]) ?? 1), decimals);
}

/** Holdings of a market while they are gathered. */
interface Gathered {
  unit: MarketUnit;
  holdings: Holdings;
}

/** Gathers the columns of a ledger, unit after unit. */
export class Gatherer {
  readonly #book: BookBase;
  readonly #accounts: number;
  readonly #terms: Terms;
  readonly #balances: (AmountColumn | undefined)[] = [];
  readonly #purses = new Map<string, Purse>();
  readonly #markets: (Gathered | undefined)[];

  constructor(book: BookBase, accounts: number, terms: Terms) {
    this.#book = book;
    this.#accounts = accounts;
    this.#terms = terms;
    this.#markets = terms.markets.map((unit) => unit && { unit, holdings: Holdings.none() });
  }

  /** A margin unit as an account. */
  unit(u: number, row: number): void {
    const { unit, balance, position } = this.#book.store.columns;
    const b0 = unit.balanceStart[u] as number;
    for (let b = b0; b < b0 + (unit.balanceCount[u] as number); b++) {
      const a = balance.asset[b] as number;
      if (balance.amount[b] !== 0) {
        this.#balance(a).set(row, ledgerBalance(this.#book, b, this.#terms.decimals[a] as number));
      }
    }
    const p0 = unit.positionStart[u] as number;
    for (let p = p0; p < p0 + (unit.positionCount[u] as number); p++) {
      if (position.size[p] !== 0 || position.cost[p] !== 0) this.#position(u, row, p);
    }
  }

  #balance(a: number): AmountColumn {
    const found = this.#balances[a];
    if (found) return found;
    const id = this.#book.assetId(a);
    const column = this.column(BALANCE, id, id);
    this.#balances[a] = column;
    return column;
  }

  #position(u: number, row: number, p: number): void {
    const m = (this.#book.store.columns.position.key[p] as number) >>> 2;
    const held = this.#markets[m];
    if (!held) return;
    const { lots, cost } = ledgerPosition(this.#book, u, p, held.unit);
    // Accounts rise, so this is a row behind the last, or the last where both sides are held.
    const at = held.holdings.ensure(row);
    held.holdings.lots.add(at, lots);
    held.holdings.cost.add(at, cost);
  }

  /** Column of a purse, of zeros at first. @throws MarginError unknown-id where the book has no such asset */
  column(purse: string, asset: string, path: string): AmountColumn {
    this.#book.asset(asset, path);
    const key = purseKey(purse, asset);
    const found = this.#purses.get(key) ?? { purse, asset, amounts: AmountColumn.zeros(this.#accounts) };
    this.#purses.set(key, found);
    return found.amounts;
  }

  purse(purse: string, assets: Row, row: number): void {
    for (const [asset] of assets.entries()) this.column(purse, asset, assets.at(asset)).set(row, assets.integer(asset));
  }

  columns() {
    const carried = this.#markets.filter((held) => held !== undefined);
    const held = carried.filter(({ holdings }) => holdings.accounts.length > 0);
    return {
      purses: this.#purses,
      markets: new Map(carried.map(({ unit }) => [unit.terms.id, unit.terms])),
      holdings: new Map(held.map(({ unit, holdings }) => [unit.terms.id, holdings])),
    };
  }
}
