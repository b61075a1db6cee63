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
    this.#factors = new Map(
      Object.entries(factors).map(([id, name]) => [id, name === null ? null : this.#column(name, `${path}.${id}`)]),
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

  /** What an asset's price moves with; null: it stays, as those do that the scenarios do not know. */
  asset(a: number): number | null {
    const own = this.#of(this.#book.assetId(a));
    if (own !== undefined) return own;
    const underlying = this.#book.store.columns.asset.underlying[a] ?? NONE;
    return underlying === NONE ? STILL : (this.#of(this.#book.underlyingId(underlying)) ?? STILL);
  }
}
