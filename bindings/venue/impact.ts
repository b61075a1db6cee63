// The impact of a parameter change before it is made: the whole book margined as it is and as it would be, on a copy.
import type { BookBase } from '../book/book.js';
import type { AssetJSON, MarketJSON } from '../book/types.js';
import { checkBook, margin } from '../margin.js';
import { checkKeys } from '../trial.js';
import { rowsOf } from '../venues/rows.js';
import { type Amount, byId } from '../waterfall/amount.js';
import { minorUp } from './minor.js';
import type { Moves } from './moves.js';
import { type Cover, cover, type Owners, type StressOptions, stressLosses } from './stress.js';
import { digitsOf } from './terms.js';
import { unitName } from './unit-names.js';

/** Parameters that would be others; keys that are not named stay as they are. */
export interface Changes {
  /** By id: what changes of each asset; what is left out stays. */
  assets?: readonly (Partial<AssetJSON> & { id: string })[];
  /** By id: what changes of each market; what is left out stays. */
  markets?: readonly (Partial<MarketJSON> & { id: string })[];
}

/** How an impact is measured. */
export interface ImpactOptions extends StressOptions {
  /** Scenario under which Cover-2 is measured; default: prices stay, so that those who are bankrupt already count. */
  moves?: Moves;
  /** Who owns which accounts; default: each its own. */
  owners?: Owners;
}

/** A book in figures; amounts are minor units of the numeraire, requirements and needs rounded up. */
export interface Standing {
  /** How many accounts stand so. */
  accounts: { warning: number; liquidatable: number; bankrupt: number };
  /** Sum over all accounts, minor units. */
  initialMargin: Amount;
  /** Sum over all accounts, minor units. */
  maintenanceMargin: Amount;
  /** What bankrupt accounts lack: what a fund has to meet if all are closed out at the marks. */
  fundNeed: Amount;
  /** What the two owners with the largest losses lack together. */
  cover2: Cover;
}

/** A book as it is, and as it would be. */
export interface Impact {
  /** With the parameters of now. */
  before: Standing;
  /** With the changes. */
  after: Standing;
  /** Accounts of the ledger that the change would make liquidatable, and those that would be so no longer; by id. */
  newly: string[];
  /** Accounts that would be liquidatable no longer, by id. */
  cured: string[];
  /** All that would be liquidatable. */
  liquidatable: string[];
}

/**
 * What would happen if parameters changed now: who becomes liquidatable, and how requirements, the need of the fund and
 * Cover-2 change. The kernel margins the book and a copy of it; the book stays as it is.
 * @param book - the book
 * @param changes - by asset and market: prices, weights, brackets, rates, caps ...; a market's kind, multiplier and assets
 *   can not change. A mark takes index and guards along where they follow it
 * @param options - scenario for Cover-2, its owners, digits (default 2)
 * @returns both standings, and who is affected
 * @throws MarginError unknown-id, unknown-key, type, range, conflict, not-concave, as `replaceMarket` and `replaceAsset`
 * @example
 * previewParameters(book, { markets: [{ id: 'BTC-PERP', mark: 54_000 }] }).newly // ['a1']
 */
export function previewParameters(book: BookBase, changes: Changes, options: ImpactOptions = {}): Impact {
  checkBook(book);
  checkKeys(options, 'options', ['decimals', 'beyond', 'moves', 'owners']);
  const copy = copyOf(book);
  apply(copy, changes);
  const before = standingOf(book, options);
  const after = standingOf(copy, options);
  const was = new Set(before.liquidatable);
  const is = new Set(after.liquidatable);
  return {
    before: before.standing,
    after: after.standing,
    newly: after.liquidatable.filter((id) => !was.has(id)),
    cured: before.liquidatable.filter((id) => !is.has(id)),
    liquidatable: after.liquidatable,
  };
}

/** A book of its own, on an engine of the same kind. */
function copyOf(book: BookBase): BookBase {
  const { decode } = book.constructor as unknown as { decode(bytes: Uint8Array): BookBase };
  return decode(book.encode());
}

function apply(book: BookBase, changes: Changes): void {
  checkKeys(changes, 'changes', ['assets', 'markets']);
  for (const row of rowsOf(changes.assets ?? [], 'changes.assets')) {
    const a = book.asset(row.text('id'), row.at('id'));
    book.replaceAsset(merged(book.assetJSON(a), row.entries(), 'price'), row.path);
  }
  for (const row of rowsOf(changes.markets ?? [], 'changes.markets')) {
    const m = book.market(row.text('id'), row.at('id'));
    book.replaceMarket(merged(book.marketJSON(m), row.entries(), 'mark'), row.path);
  }
}

/** Parameters with others in their place. Prices that equal the main one follow it. */
function merged<T extends object>(had: T, entries: [string, unknown][], main: keyof T & string): T {
  const next = new Map<string, unknown>(Object.entries(had));
  const moved = entries.find(([key]) => key === main);
  const price = next.get(main);
  if (moved) for (const key of ['index', 'twap', 'stable']) if (next.get(key) === price) next.delete(key);
  for (const [key, value] of entries) next.set(key, value);
  return Object.fromEntries(next) as T;
}

function standingOf(book: BookBase, options: ImpactOptions): { standing: Standing; liquidatable: string[] } {
  const { beyond = 'equity', moves = {}, owners } = options;
  const decimals = digitsOf(options.decimals ?? 2, 'options.decimals');
  const up = (value: number): Amount => minorUp(value, decimals);
  const losses = stressLosses(book, moves, { decimals, beyond });
  const { totals, status, liquidatable } = margin(book);
  const counts = [0, 0, 0, 0];
  for (const code of status) counts[code & 3] = (counts[code & 3] as number) + 1;
  const [, warning = 0, ill = 0, bankrupt = 0] = counts;
  return {
    standing: {
      accounts: { warning, liquidatable: ill + bankrupt, bankrupt },
      initialMargin: up(totals.initialMargin),
      maintenanceMargin: up(totals.maintenanceMargin),
      fundNeed: up(totals.deficit),
      cover2: cover(losses, 2, owners),
    },
    liquidatable: Array.from(liquidatable, (u) => unitName(book, u)).sort(byId),
  };
}
