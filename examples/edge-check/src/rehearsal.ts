// A batch happens as a whole or not at all. It is rehearsed first, on a small book with the same assets and markets and with a
// copy of each account that the batch names: an update asks for nothing else, so what passes there passes in the book.
import { Book } from 'margin-kernel';
import { has, known, type Update } from './accounts.js';
import { applyMarks } from './marks.js';
import type { Shape } from './validation.js';

/** Copies have numbers for names and are used again by every batch. */
const copyId = (i: number): string => `copy ${i}`;

export class Rehearsal {
  readonly #book: Book;
  /** The small book; none: it has to be made anew. */
  #stage: Book | undefined;

  constructor(book: Book) {
    this.#book = book;
  }

  get #copies(): Book {
    this.#stage ??= stageOf(this.#book);
    return this.#stage;
  }

  /** @throws MarginError, and the book may go on as if nothing had been asked */
  marks(body: Shape): void {
    try {
      applyMarks(this.#copies, body);
    } catch (error) {
      // The first entries of the tick are in it.
      this.#stage = undefined;
      throw error;
    }
  }

  /** @throws MarginError */
  updates(updates: readonly Update[]): void {
    // One update alone changes all that it says or nothing.
    if (updates.length === 1) return;
    const copies = this.#copies;
    const names = new Map<string, string>();
    for (const { account, sets, path, apply } of updates) {
      let copy = names.get(account);
      if (copy === undefined) {
        copy = copyId(names.size);
        const state = has(this.#book, account) ? this.#book.accountJSON(account) : undefined;
        if (!state && !sets) known(this.#book, account, `${path}.account`);
        if (has(copies, copy)) copies.replaceAccount({ ...state, id: copy });
        else copies.addAccount({ ...state, id: copy });
        names.set(account, copy);
      }
      apply(copies, copy);
    }
  }
}

/** A book with the same assets and markets and nobody in it. */
function stageOf(book: Book): Book {
  const { numeraire } = book;
  return Book.fromJSON({
    format: 'margin-kernel/book@1',
    numeraire,
    assets: Array.from({ length: book.assets }, (_, row) => book.assetJSON(row)),
    markets: Array.from({ length: book.markets }, (_, row) => book.marketJSON(row)),
    accounts: [],
  });
}
