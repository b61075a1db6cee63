// Which markets an expiry has: how many, and the first. All of them are on one underlying, since their gains are summed as one.
import { MarginError } from '../errors.js';
import { NONE } from '../layout.js';
import type { Store } from '../memory.js';

export class ExpiryMarkets {
  readonly #first: number[] = [];
  readonly #counts: number[] = [];
  /** Markets counted so far: rows only ever come behind the last, through whichever door. */
  #counted = 0;

  /**
   * Refuses an underlying that the other markets of an expiry are not on.
   * @param replaced - 1 where one of its markets is replaced by this one, else 0
   * @param nameOf - of an underlying's number
   * @throws MarginError conflict
   */
  check(
    store: Store,
    market: { underlying: string; expiry: number },
    replaced: 0 | 1,
    nameOf: (underlying: number) => string,
    path: string,
  ): void {
    this.#count(store);
    const { expiry: e, underlying } = market;
    if (e === NONE || (this.#counts[e] ?? 0) <= replaced) return;
    const wanted = nameOf(store.columns.market.underlying[this.#first[e] ?? 0] ?? 0);
    if (underlying === wanted) return;
    throw new MarginError('conflict', {
      path: `${path}.underlying`,
      got: underlying,
      expected: `"${wanted}", as the other markets of its expiry`,
      hint: 'Give what is on another underlying an expiry of its own',
    });
  }

  #count(store: Store): void {
    const { expiry } = store.columns.market;
    for (; this.#counted < store.count('market'); this.#counted++) {
      const e = expiry[this.#counted] ?? NONE;
      if (e === NONE) continue;
      this.#first[e] ??= this.#counted;
      this.#counts[e] = (this.#counts[e] ?? 0) + 1;
    }
  }
}
