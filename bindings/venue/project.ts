// A ledger back into its book, so that the kernel margins what a default has left. Money is written, never read back: an
// amount becomes the double that does not exceed it, and rows that have not changed keep theirs.

import type { BookBase } from '../book/book.js';
import { findBalance } from '../book/rows.js';
import type { PositionJSON } from '../book/types.js';
import { SIDE } from '../layout.js';
import { checkBook } from '../margin.js';
import { checkKeys } from '../trial.js';
import { magnitude } from '../venues/integer.js';
import type { Amount } from '../waterfall/amount.js';
import type { Postings } from '../waterfall/journal.js';
import { BALANCE, type State } from '../waterfall/state.js';
import { oneOf } from '../waterfall/words.js';
import { type LedgerPosition, ledgerBalance, ledgerPosition } from './gather.js';
import { matchUnits } from './match.js';
import { doubleOf, sizeOfLots } from './minor.js';
import { type LedgerUnits, type MarketUnit, type Terms, termsOf } from './terms.js';
import { unitNamed } from './unit-names.js';

export interface ProjectOptions extends LedgerUnits {
  /** What becomes of accounts that the book has not (funds, `outside`): left out, or added with what they hold. Default skip. */
  missing?: 'skip' | 'add';
}

/** What an account is to hold. */
interface Target {
  /** Minor units by row of the asset. */
  balances: Map<number, Amount>;
  /** By row of the market. */
  positions: Map<number, LedgerPosition>;
}

/**
 * Writes what a run has changed into the book that the ledger came from.
 * @param book - balances and positions of the accounts are replaced where they differ; orders and terms stay
 * @param state - the ledger, in the units in which it was made
 * @param which - postings of a run, or accounts
 * @param options - the units, and what becomes of accounts that the book has not
 * @returns accounts that were written
 * @throws MarginError conflict where the ledger counts in other units than these, unknown-id; nothing is written then
 * @example
 * projectInto(book, ledgerOf(book, { decimals: 2 }), ['a1'], { decimals: 2 }) // ['a1']
 */
export function projectInto(
  book: BookBase,
  state: State,
  which: Postings | Iterable<string>,
  options: ProjectOptions = {},
): string[] {
  checkBook(book);
  checkKeys(options, 'options', ['decimals', 'lots', 'missing']);
  const missing = oneOf(options.missing ?? 'skip', 'options.missing', ['skip', 'add'] as const);
  const terms = termsOf(book, options);
  const targets = targetsOf(book, state, which, terms);
  const written: string[] = [];
  for (const [row, target] of targets) {
    const id = state.id(row);
    const u = unitNamed(book, id);
    if (u !== undefined) new Unit(book, u, terms).write(target);
    else if (missing === 'add') addAccount(book, id, target, terms);
    else continue;
    written.push(id);
  }
  return written;
}

/** What the ledger says of the accounts that are meant, by row. */
function targetsOf(
  book: BookBase,
  state: State,
  which: Postings | Iterable<string>,
  terms: Terms,
): Map<number, Target> {
  for (const id of state.columns.markets.keys()) matchUnits(state, terms.markets[book.market(id, 'state.markets')], id);
  const wanted = new Uint8Array(state.accounts);
  const targets = new Map<number, Target>();
  for (const entry of which) {
    const row = state.row(typeof entry === 'string' ? entry : entry.account);
    if (wanted[row] === 1) continue;
    wanted[row] = 1;
    targets.set(row, { balances: new Map(), positions: new Map() });
  }
  for (const { purse, asset, amounts } of state.columns.purses.values()) {
    if (purse !== BALANCE) continue;
    const a = book.asset(asset, 'state.purses');
    for (const [row, { balances }] of targets) balances.set(a, amounts.at(row));
  }
  for (const [id, { accounts, lots, cost }] of state.columns.holdings) {
    const m = book.market(id, 'state.markets');
    for (let at = 0; at < accounts.length; at++) {
      const row = accounts[at] as number;
      if (wanted[row] !== 1) continue;
      targets.get(row)?.positions.set(m, { lots: lots.at(at), cost: cost.at(at) });
    }
  }
  return targets;
}

/** A margin unit that is written to, through the doors of the book, so that rows open and go as they always do. */
class Unit {
  readonly #book: BookBase;
  readonly #unit: number;
  readonly #place: { bucket: number };
  readonly #account: number;
  readonly #terms: Terms;

  constructor(book: BookBase, unit: number, terms: Terms) {
    this.#book = book;
    this.#unit = unit;
    this.#place = { bucket: book.unitBucket(unit) };
    this.#account = book.unitAccount(unit);
    this.#terms = terms;
  }

  write({ balances, positions }: Target): void {
    const before = this.#balances();
    for (const [m, position] of positions) this.#position(m, position, balances);
    for (const [a, amount] of balances) {
      const had = before.get(a);
      if (had?.minor === amount) this.#keep(a, had.kept);
      else if (had || amount !== 0n || this.#row(a) >= 0) {
        this.#balance(a, doubleOf(amount, this.#terms.decimals[a] as number));
      }
    }
  }

  #row(a: number): number {
    return findBalance(this.#book.store, this.#unit, a);
  }

  /** What the balance rows hold: in minor units, and as it is kept. */
  #balances(): Map<number, { minor: Amount; kept: number }> {
    const { unit, balance } = this.#book.store.columns;
    const first = unit.balanceStart[this.#unit] ?? 0;
    return new Map(
      Array.from({ length: unit.balanceCount[this.#unit] ?? 0 }, (_, i) => {
        const a = balance.asset[first + i] ?? 0;
        const minor = ledgerBalance(this.#book, first + i, this.#terms.decimals[a] as number);
        return [a, { minor, kept: balance.amount[first + i] ?? 0 }];
      }),
    );
  }

  #keep(a: number, kept: number): void {
    this.#book.store.columns.balance.amount[this.#row(a)] = kept;
  }

  #balance(a: number, value: number): void {
    if (this.#row(a) < 0) this.#book.deposit(this.#account, a, value, this.#place);
    const { asset } = this.#book.store.columns;
    this.#keep(a, value / ((value < 0 ? asset.borrowIndex[a] : asset.depositIndex[a]) ?? 1));
  }

  /** Position rows of a market. */
  #rows(m: number): PositionRow[] {
    const { unit: units, position } = this.#book.store.columns;
    const first = units.positionStart[this.#unit] ?? 0;
    return Array.from({ length: units.positionCount[this.#unit] ?? 0 }, (_, i) => first + i)
      .filter((p) => (position.key[p] ?? 0) >>> 2 === m)
      .map((p) => ({ p, side: (position.key[p] ?? 0) & 3, size: position.size[p] ?? 0 }));
  }

  /** Position rows of a market, with their lots and cost as the ledger counts them. */
  #held(m: number, unit: MarketUnit): Held[] {
    return this.#rows(m).map((row) => ({ ...row, ...ledgerPosition(this.#book, this.#unit, row.p, unit) }));
  }

  /** Trades what the ledger has traded, then says what is left of it has cost. Where nothing is left, both sides of a hedge close. */
  #position(m: number, { lots, cost }: LedgerPosition, balances: Map<number, Amount>): void {
    const unit = this.#terms.markets[m] as MarketUnit;
    const held = this.#held(m, unit);
    const had = held.reduce((sum, row) => ({ lots: sum.lots + row.lots, cost: sum.cost + row.cost }), NOTHING);
    if (had.lots === lots && had.cost === cost) return;
    const next = lots === 0n ? new Map(held.map(({ side }) => [side, 0n])) : sidesAfter(held, lots - had.lots);
    for (const [side, after] of next) {
      const row = held.find((one) => one.side === side);
      const delta = after - (row?.lots ?? 0n);
      if (delta === 0n) continue;
      const size = after === 0n && row ? -row.size : sizeOfLots(delta, unit.lot);
      const positionSide = NAMES[side] as (typeof NAMES)[number];
      const price = this.#book.store.columns.market.mark[m] as number;
      this.#book.fill(this.#account, { market: m, size, price, positionSide, ...this.#place });
    }
    balances.set(unit.settle, balances.get(unit.settle) ?? 0n);
    this.#write(m, unit, next, cost, balances);
  }

  /** Sizes and costs of the rows that are left: the largest bears what the others have not cost. */
  #write(
    m: number,
    unit: MarketUnit,
    next: ReadonlyMap<number, Amount>,
    cost: Amount,
    balances: Map<number, Amount>,
  ): void {
    const { position, market } = this.#book.store.columns;
    const { settle, decimals } = unit;
    // A fill leaves a size that is whole lots but for its rounding, which the ledger would refuse: it is written anew.
    const rows = this.#rows(m);
    for (const { p, side } of rows) {
      position.size[p] = sizeOfLots(next.get(side) ?? 0n, unit.lot);
      position.funding[p] = market.fundingIndex[m] ?? 0;
    }
    const open = rows.filter(({ side }) => (next.get(side) ?? 0n) !== 0n);
    const largest = open.reduce<PositionRow | undefined>((most, row) => {
      return most && magnitude(next.get(most.side) ?? 0n) >= magnitude(next.get(row.side) ?? 0n) ? most : row;
    }, undefined);
    // A position of nothing has no place in a book: what it has cost goes to the balance.
    if (!largest) balances.set(settle, (balances.get(settle) ?? 0n) + cost);
    else {
      const others = open.reduce((sum, { p }) => (p === largest.p ? sum : sum + (position.cost[p] ?? 0)), 0);
      position.cost[largest.p] = -doubleOf(cost, decimals) - others + 0;
    }
  }
}

interface PositionRow {
  p: number;
  side: number;
  size: number;
}

interface Held extends PositionRow, LedgerPosition {}

const NOTHING: LedgerPosition = { lots: 0n, cost: 0n };
const NAMES = ['net', 'long', 'short'] as const;

/** Lots by side after a change: what is held the other way closes first, and the rest is opened where it may stand. */
function sidesAfter(held: readonly Held[], change: Amount): Map<number, Amount> {
  const next = new Map(held.map(({ side, lots }) => [side, lots]));
  let left = change;
  for (const { side, lots } of held) {
    if (lots === 0n || left === 0n || lots > 0n === left > 0n) continue;
    const closed = magnitude(lots) < magnitude(left) ? -lots : left;
    next.set(side, lots + closed);
    left -= closed;
  }
  if (left === 0n) return next;
  const hedged = held.length > 0 && !next.has(SIDE.net);
  const side = !hedged ? SIDE.net : left > 0n ? SIDE.long : SIDE.short;
  return next.set(side, (next.get(side) ?? 0n) + left);
}

/** An account that the book has not, with what it holds. */
function addAccount(book: BookBase, id: string, { balances, positions }: Target, terms: Terms): void {
  const owned = new Map(balances);
  const rows: PositionJSON[] = [];
  for (const [m, { lots, cost }] of positions) {
    const { lot, settle, decimals, terms: market } = terms.markets[m] as MarketUnit;
    if (lots === 0n) owned.set(settle, (owned.get(settle) ?? 0n) + cost);
    else {
      // JSON has the cost of an inverse position with the sign of its size.
      const paid = (market.kind === 'inverse' ? 1 : -1) * doubleOf(cost, decimals) + 0;
      rows.push({ market: market.id, size: sizeOfLots(lots, lot), cost: paid });
    }
  }
  const amounts = [...owned].filter(([, amount]) => amount !== 0n);
  book.addAccount({
    id,
    balances: Object.fromEntries(
      amounts.map(([a, amount]) => [book.assetId(a), doubleOf(amount, terms.decimals[a] as number)]),
    ),
    positions: rows,
  });
}
