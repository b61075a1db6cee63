// What-ifs on the scenario requirement of an account: what would a trade make of it? The account is opened once; each question then
// costs as much as there are scenarios.
import type { BookBase } from '../book/book.js';
import type { Ref } from '../book/book-rows.js';
import { decimal, SIZE } from '../book/fields.js';
import type { Decimal } from '../book/types.js';
import type { ScenarioEngine } from '../engine.js';
import { MarginError } from '../errors.js';
import { KIND } from '../layout.js';
import { checkBook } from '../margin.js';
import { ensureTrial } from '../trial.js';

/** A requirement at both levels, in the numeraire, and how much more it is than without the trade. */
export interface WhatIfMargin {
  /** With the trade, numeraire. */
  initialMargin: number;
  /** With the trade, numeraire. */
  maintenanceMargin: number;
  /** With the trade less without it, numeraire. */
  incremental: { initial: number; maintenance: number };
}

/**
 * An account opened for what-ifs: positions alone, without its open orders. It follows the book: after a fill or a price the account
 * is opened anew by the next question, and what was added is gone. Questions to the book change nothing.
 */
export class WhatIf {
  readonly #book: BookBase;
  readonly #unit: number;
  readonly #engine: ScenarioEngine;
  #version = -1;
  #changes = -1;
  readonly #added: { market: number; size: number }[] = [];
  #initial = 0;
  #maintenance = 0;

  /** @internal */
  constructor(book: BookBase, unit: number, engine: ScenarioEngine) {
    this.#book = book;
    this.#unit = unit;
    this.#engine = engine;
    this.#open();
  }

  /** Requirement of the account as it is open, with what has been added. */
  get margin(): { initialMargin: number; maintenanceMargin: number } {
    this.#open();
    return { initialMargin: this.#initial, maintenanceMargin: this.#maintenance };
  }

  /**
   * Requirement with `size` contracts more of a market (negative: sold). Nothing is kept.
   * @throws MarginError unknown-id, type, range
   * @example
   * const { incremental } = whatIf(book, 'a1').try('BTC-27DEC24-100000-C', -5);
   */
  try(market: Ref, size: Decimal): WhatIfMargin {
    const m = this.#market(market);
    const contracts = decimal(size, 'size', SIZE);
    this.#open();
    this.#engine.tryPosition(this.#book.store, m, contracts);
    const { required } = this.#book.store.columns.house;
    const [initialMargin = 0, maintenanceMargin = 0] = required;
    return {
      initialMargin,
      maintenanceMargin,
      incremental: { initial: initialMargin - this.#initial, maintenance: maintenanceMargin - this.#maintenance },
    };
  }

  /**
   * The same for an inner loop: the row of a market, checked by the caller; writes initial and maintenance requirement to `out`,
   * allocates nothing.
   */
  tryInto(market: number, size: number, out: Float64Array): void {
    this.#open();
    this.#engine.tryPosition(this.#book.store, market, size);
    const { required } = this.#book.store.columns.house;
    out[0] = required[0] ?? 0;
    out[1] = required[1] ?? 0;
  }

  /** Keeps `size` contracts more of a market, until the book changes. @throws MarginError unknown-id, type, range */
  add(market: Ref, size: Decimal): WhatIfMargin {
    const m = this.#market(market);
    const contracts = decimal(size, 'size', SIZE);
    const result = this.try(m, contracts);
    this.#engine.addPosition(this.#book.store, m, contracts);
    this.#added.push({ market: m, size: contracts });
    this.#initial = result.initialMargin;
    this.#maintenance = result.maintenanceMargin;
    return result;
  }

  #market(market: Ref): number {
    const m = this.#book.market(market);
    const { market: c, unit } = this.#book.store.columns;
    this.#book.margined(m, unit.model[this.#unit] ?? 0, 'market');
    if (c.kind[m] !== KIND.spot) return m;
    throw new MarginError('conflict', { path: 'market', got: market, expected: 'a market that has positions' });
  }

  #open(): void {
    const book = this.#book;
    if (book.version === this.#version) return;
    book.refresh();
    // A position in every market at most.
    ensureTrial(book, this.#unit, book.markets);
    this.#engine.openAccount(book.store, this.#unit);
    if (book.changes !== this.#changes) this.#added.length = 0;
    for (const { market, size } of this.#added) this.#engine.addPosition(book.store, market, size);
    const last = this.#added.at(-1);
    if (last) this.#engine.tryPosition(book.store, last.market, 0);
    const { required } = book.store.columns.house;
    this.#initial = required[0] ?? 0;
    this.#maintenance = required[1] ?? 0;
    this.#version = book.version;
    this.#changes = book.changes;
  }
}

/**
 * Opens an account for what-ifs on its scenario requirement.
 * @param account - id or row
 * @throws MarginError unknown-id, and conflict where no model margins the account
 * @example
 * const what = whatIf(book, 'a1');
 * const { initialMargin, incremental } = what.try('ETH-PERP', 10);
 */
export function whatIf(book: BookBase, account: Ref, options: { bucket?: number } = {}): WhatIf {
  checkBook(book);
  const unit = book.unit(account, options.bucket ?? 0);
  const engine = book.store.engine.scenarios;
  if (!engine || book.store.columns.unit.model[unit] === 0) {
    throw new MarginError('conflict', {
      path: 'account',
      got: book.accountId(book.account(account)),
      expected: 'an account that a scenario model margins',
      hint: 'check() asks the same of the others',
    });
  }
  return new WhatIf(book, unit, engine);
}
