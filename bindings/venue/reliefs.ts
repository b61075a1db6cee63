// What closing a leg would free, by the kernel: a leg that frees nothing hedges something else and is better left open.
import type { BookBase } from '../book/book.js';
import type { Level } from '../book/types.js';
import { LEVEL, PNL } from '../layout.js';
import { checkBook } from '../margin.js';
import { requirement } from '../reference/requirement.js';
import { sideRow } from '../reference/side.js';
import { checkKeys, ensureTrial } from '../trial.js';
import type { Reliefs } from '../waterfall/adl/state-scores.js';
import type { Amount } from '../waterfall/amount.js';
import { oneOf } from '../waterfall/words.js';
import { minorUp } from './minor.js';
import { digitsOf } from './terms.js';
import { unitAt } from './unit-names.js';

/** Which requirement, and in which units. */
export interface ReliefOptions {
  /** Of the requirement; default maintenance. */
  level?: Level;
  /** Digits of the amounts, in the numeraire; default 6. */
  decimals?: number;
}

/**
 * What closing its position in a market at the mark does to what an account has to have: tried on a copy of its margin unit,
 * with open orders, haircuts of profits and offsets as they count there.
 * @param book - the book
 * @param market - id or row
 * @param accounts - of the ledger (`a1`, `a1:3`)
 * @param options - level and digits
 * @returns for `DefaultEvent.reliefs`, by account that holds something there (its largest side, where it holds both): change of
 *   the requirement and that of the leg on its own (at least 1), in minor units of the numeraire, rounded up
 * @throws MarginError unknown-id, unknown-key, type
 * @example
 * hedgeReliefs(book, 'BTC-PERP', ['a1'], { decimals: 2 })
 *   // { a1: { deltaRequirement: -24000n, requirement: 24000n } }
 */
export function hedgeReliefs(
  book: BookBase,
  market: string | number,
  accounts: readonly string[],
  options: ReliefOptions = {},
): Reliefs {
  checkBook(book);
  checkKeys(options, 'options', ['level', 'decimals']);
  const { level = 'maintenance' } = options;
  const decimals = digitsOf(options.decimals ?? 6, 'options.decimals');
  const lane = LEVEL[oneOf(level, 'options.level', Object.keys(LEVEL) as Level[])];
  const m = book.market(market);
  book.refresh();
  const up = (value: number): Amount => minorUp(value, decimals);
  const units = accounts.map((id, i) => unitAt(book, id, `accounts[${i}]`));
  const reliefs = new Map<string, Reliefs[string]>();
  for (const [i, u] of units.entries()) {
    const p = largestOf(book, u, m);
    if (p === undefined) continue;
    const own = up(ownRequirement(book, u, p, lane));
    const effect = { deltaRequirement: up(change(book, u, p, lane)), requirement: own > 0n ? own : 1n };
    reliefs.set(accounts[i] as string, effect);
  }
  return Object.fromEntries(reliefs);
}

/** Row of the largest position of a unit in a market. */
function largestOf(book: BookBase, u: number, m: number): number | undefined {
  const { unit, position } = book.store.columns;
  const first = unit.positionStart[u] ?? 0;
  let largest: number | undefined;
  for (let p = first; p < first + (unit.positionCount[u] ?? 0); p++) {
    if ((position.key[p] ?? 0) >>> 2 !== m || position.size[p] === 0) continue;
    if (largest === undefined || Math.abs(position.size[p] ?? 0) > Math.abs(position.size[largest] ?? 0)) largest = p;
  }
  return largest;
}

/** Health before the close less health after it: a close at the mark leaves equity as it is, so the rest is requirement. */
function change(book: BookBase, u: number, p: number, lane: number): number {
  ensureTrial(book, u);
  const { store } = book;
  const { position, market } = store.columns;
  const [key, size] = [position.key[p] ?? 0, position.size[p] ?? 0];
  const terms = { market: key >>> 2, side: key & 3, buys: size < 0, price: market.mark[key >>> 2] ?? 0, fee: 0 };
  store.engine.openTrade(store, u, terms, lane, 0);
  return store.engine.sizeHealth(0) - store.engine.sizeHealth(Math.abs(size));
}

function ownRequirement(book: BookBase, u: number, p: number, lane: number): number {
  const { columns } = book.store;
  const { position, market, asset, unit } = columns;
  const [m, size] = [(position.key[p] ?? 0) >>> 2, position.size[p] ?? 0];
  const entry = Math.abs(position.cost[p] ?? 0);
  const need = requirement(columns, sideRow(m, size), lane, Math.abs(size), entry, position.ownRate[p] ?? 0);
  // A market that takes its requirement off the profit counts it in the settle asset, and no account has a factor on it.
  return market.pnlMode[m] === PNL.net
    ? need * (asset.price[market.settle[m] ?? 0] ?? 0)
    : need * (unit.multiplier[u] ?? 1);
}
