// Whether a ledger is that of a book as the book is now: what is written back from one that is not would undo trades.
import type { BookBase } from '../book/book.js';
import { MarginError } from '../errors.js';
import { compare } from '../liquidation/exact.js';
import { larger, magnitude } from '../venues/integer.js';
import type { Amount } from '../waterfall/amount.js';
import { Holdings } from '../waterfall/holdings.js';
import { BALANCE, purseKey, type State } from '../waterfall/state.js';
import { Gatherer } from './gather.js';
import type { MarketUnit, Terms } from './terms.js';
import { unitName, unitOrder } from './unit-names.js';

/** A double has 53 bits, so money beyond them comes back from a book with a last digit of its own. */
const DOUBLE_BITS = 50n;

const ANEW = 'Make the ledger after the last change of the book: ledgerOf(book, options)';

/** @throws MarginError conflict where the ledger has other accounts than the book */
export function matchAccounts(book: BookBase, state: State): void {
  for (const [row, u] of unitOrder(book).entries()) {
    const id = unitName(book, u);
    const got = row < state.accounts ? state.id(row) : undefined;
    if (got === id) continue;
    throw new MarginError('conflict', {
      path: 'state',
      index: row,
      got,
      expected: `"${id}", as the book has it`,
      hint: ANEW,
    });
  }
}

/** @throws MarginError conflict where the ledger counts a market in other units */
export function matchUnits(state: State, unit: MarketUnit | undefined, id: string): void {
  const { settle, lotValue } = state.market(id);
  if (unit && unit.terms.settle === settle && compare(unit.terms.lotValue, lotValue) === 0) return;
  throw new MarginError('conflict', {
    path: `state.markets.${id}`,
    expected: 'the market of the book, in the decimals and lots with which its ledger was made',
    hint: 'Pass the `decimals` and `lots` that ledgerOf had',
  });
}

/** @throws MarginError conflict where accounts, units, positions or balances differ */
export function matchLedger(book: BookBase, state: State, terms: Terms): void {
  matchAccounts(book, state);
  for (const id of state.columns.markets.keys()) matchUnits(state, terms.markets[book.market(id, 'state.markets')], id);
  const order = unitOrder(book);
  const gathered = new Gatherer(book, state.accounts, terms);
  for (const [row, u] of order.entries()) gathered.unit(u, row);
  const now = gathered.columns();
  const differs = (row: number, what: string, got: Amount, has: Amount): MarginError =>
    new MarginError('conflict', {
      path: `state.${state.id(row)}.${what}`,
      got,
      expected: `${has}, as the book has it now`,
      hint: ANEW,
    });
  for (const id of new Set([...now.holdings.keys(), ...state.columns.holdings.keys()])) {
    const [held, kept] = [now.holdings, state.columns.holdings].map((all) => all.get(id) ?? Holdings.none());
    for (const [row, has, got] of pairsOf(held as Holdings, kept as Holdings)) {
      if (row < order.length && has !== got) throw differs(row, `positions.${id}.lots`, got, has);
    }
  }
  for (let a = 0; a < book.assets; a++) {
    const id = book.assetId(a);
    const [held, kept] = [now.purses, state.columns.purses].map((all) => all.get(purseKey(BALANCE, id))?.amounts);
    for (let row = 0; row < order.length; row++) {
      const has = held?.at(row) ?? 0n;
      const got = kept?.at(row) ?? 0n;
      const most = larger(magnitude(has), magnitude(got)) >> DOUBLE_BITS;
      if (magnitude(has - got) > most) throw differs(row, `balances.${id}`, got, has);
    }
  }
}

/** Accounts of two holdings with their lots in both, by rising account. */
function* pairsOf(one: Holdings, other: Holdings): Generator<[row: number, one: Amount, other: Amount]> {
  let [i, j] = [0, 0];
  while (i < one.accounts.length || j < other.accounts.length) {
    const a = one.accounts[i] ?? Number.POSITIVE_INFINITY;
    const b = other.accounts[j] ?? Number.POSITIVE_INFINITY;
    yield [Math.min(a, b), a <= b ? one.lots.at(i++) : 0n, b <= a ? other.lots.at(j++) : 0n];
  }
}
