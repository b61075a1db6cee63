// Which name of a set of scenarios a market or an asset moves with: its own id, its underlying, or what the caller says.
import type { BookBase } from '../book/book.js';
import { isObject } from '../book/fields.js';
import { nearest } from '../book/nearest.js';
import { MarginError } from '../errors.js';
import { NONE } from '../layout.js';
import type { Scenarios } from './types.js';

/** By id of a market, an underlying or an asset: the name that it moves with, or null where it stays. */
export type Factors = Readonly<Record<string, string | null>>;

/** A column of the scenarios, and whether it is the move of the underlying (beta applies) or of the market itself. */
export interface Factor {
  readonly column: number;
  readonly own: boolean;
}

/** What stays where it is. */
const STILL = null;
/** How far from one numeraire an asset may be that stays without a word: stablecoins are. */
export const PEG = 0.1;

export class FactorMap {
  readonly #book: BookBase;
  readonly #names: ReadonlyMap<string, number>;
  readonly #factors: ReadonlyMap<string, number | null>;

  /** @throws MarginError type, unknown-id where a name is none of the scenarios' */
  constructor(book: BookBase, scenarios: Scenarios, factors: Factors = {}, path = 'options.factors') {
    this.#book = book;
    this.#names = new Map(scenarios.names.map((name, i) => [name, i]));
    if (!isObject(factors))
      throw new MarginError('type', {
        path,
        got: factors,
        expected: 'an object of names by market, underlying or asset',
      });
    const known = idsOf(book);
    this.#factors = new Map(
      Object.entries(factors).map(([id, name]) => {
        if (!known.has(id)) throw unknown(id, known, `${path}.${id}`);
        return [id, name === null ? null : this.#column(name, `${path}.${id}`)];
      }),
    );
  }

  #column(name: unknown, path: string): number {
    const column = typeof name === 'string' ? this.#names.get(name) : undefined;
    if (column !== undefined) return column;
    const names = [...this.#names.keys()];
    const near = typeof name === 'string' ? nearest(name, names) : undefined;
    throw new MarginError('unknown-id', {
      path,
      got: name,
      expected: `a name of the scenarios (${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}), or null for what stays`,
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }

  /** Column of an id: null where the caller says that it stays, undefined where nothing is known of it. */
  #of(id: string): number | null | undefined {
    const said = this.#factors.get(id);
    return said === undefined ? this.#names.get(id) : said;
  }

  /**
   * What a market moves with; null: it stays.
   * @throws MarginError unknown-id, where the scenarios know neither it nor its underlying: a market that nobody moves has no risk
   */
  market(m: number): Factor | null {
    const book = this.#book;
    const own = this.#of(book.marketId(m));
    if (own !== undefined) return own === STILL ? null : { column: own, own: true };
    const underlying = book.underlyingId(book.store.columns.market.underlying[m] ?? 0);
    const column = this.#of(underlying);
    if (column !== undefined) return column === STILL ? null : { column, own: false };
    throw new MarginError('unknown-id', {
      path: 'scenarios.names',
      got: book.marketId(m),
      expected: `a move of the market or of its underlying "${underlying}"`,
      hint: `Say what it moves with: factors: { "${underlying}": "..." }, or null where it stays`,
    });
  }

  /**
   * What an asset's price moves with; null: it stays, as those do that the scenarios do not know and that are worth about one numeraire.
   * @throws MarginError unknown-id, where the scenarios do not know it and it is no such asset
   */
  asset(a: number): number | null {
    const book = this.#book;
    const { asset } = book.store.columns;
    const id = book.assetId(a);
    const own = this.#of(id);
    if (own !== undefined) return own;
    const underlying = asset.underlying[a] ?? NONE;
    const column = underlying === NONE ? undefined : this.#of(book.underlyingId(underlying));
    if (column !== undefined) return column;
    if (Math.abs((asset.price[a] ?? 0) - 1) <= PEG) return STILL;
    throw new MarginError('unknown-id', {
      path: 'scenarios.names',
      got: id,
      expected: 'a move of the asset',
      hint: `Say what it moves with: factors: { ${JSON.stringify(id)}: "..." }, or null where it stays`,
    });
  }
}

/** Ids of markets, underlyings and assets. */
function idsOf(book: BookBase): Set<string> {
  const { underlying } = book.store.columns.market;
  const markets = Array.from({ length: book.markets }, (_, m) => m);
  return new Set([
    ...markets.map((m) => book.marketId(m)),
    ...markets.map((m) => book.underlyingId(underlying[m] ?? 0)),
    ...Array.from({ length: book.assets }, (_, a) => book.assetId(a)),
  ]);
}

function unknown(id: string, known: ReadonlySet<string>, path: string): MarginError {
  const near = nearest(id, [...known]);
  return new MarginError('unknown-id', {
    path,
    got: id,
    expected: 'the id of a market, an underlying or an asset of the book',
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  });
}
