// The book that a worker holds, and how far it has come: every batch that was taken in has the next number.
import { accountMargin, Book, liquidationPrices, MarginError } from 'margin-kernel';
import { version } from 'margin-kernel/package.json';
import { known, readUpdates } from './accounts.js';
import { checkOf } from './checks.js';
import { applyMarks } from './marks.js';
import { Problem } from './problem.js';
import { Rehearsal } from './rehearsal.js';
import { object, type Shape, whole } from './validation.js';

/** What changes a book, by route. */
export type BatchKind = 'marks' | 'accounts';

/** Room for rows that updates will need: a tenth, before anything has to grow. */
const SLACK = 0.1;

/** A batch that passed its rehearsal and was refused by the book half-way: the book is neither what it was nor what it should be. */
export class Torn extends Error {}

export class BookState {
  readonly book: Book;
  /** Number of the last batch that is in it. */
  sequence: number;
  readonly #rehearsal: Rehearsal;

  constructor(book: Book, sequence: number) {
    this.book = book;
    this.sequence = sequence;
    this.#rehearsal = new Rehearsal(book);
  }

  /** @throws MarginError format, truncated, corrupt: nothing is there then */
  static decode(bytes: Uint8Array, sequence: number): BookState {
    const book = Book.decode(bytes, { slack: SLACK });
    // The first question brings unit values up to date; it had better not be somebody's order.
    book.refresh();
    return new BookState(book, sequence);
  }

  /**
   * Whether there is memory for one more batch of accounts. Asked before a batch is taken and never of one that has been: how much a
   * book takes depends on how it came about.
   * @throws MarginError memory
   */
  checkRoom(most: number): void {
    const { memory } = this.book.store.bytes;
    if (memory <= most) return;
    const expected = `at most ${most} bytes of memory before a batch`;
    const hint = 'Put a fresh snapshot, or split the accounts';
    throw new MarginError('memory', { path: 'book', got: memory, expected, hint });
  }

  /**
   * Takes in a batch, as a whole or not at all.
   * @throws MarginError, Problem 409 where `sequence` is not the next number; nothing has changed then
   */
  apply(kind: BatchKind, json: unknown): object {
    const body = object(json, 'body', kind === 'marks' ? ['sequence', 'marks', 'prices'] : ['sequence', 'updates']);
    this.#next(body);
    const applied = kind === 'marks' ? this.#marks(body) : this.#accounts(body);
    this.sequence += 1;
    return { sequence: this.sequence, applied };
  }

  #next(body: Shape): void {
    const said = whole(body, 'body', 'sequence');
    if (said === undefined || said === this.sequence + 1) return;
    const hint = said <= this.sequence ? 'A batch of this number is in the book' : 'Batches before it are missing';
    throw new Problem(409, 'sequence', { path: 'sequence', got: said, expected: `${this.sequence + 1}`, hint });
  }

  #marks(body: Shape): number {
    this.#rehearsal.marks(body);
    try {
      return applyMarks(this.book, body);
    } catch (cause) {
      throw new Torn('a tick that was rehearsed was refused', { cause });
    }
  }

  #accounts(body: Shape): number {
    const updates = readUpdates(body);
    this.#rehearsal.updates(updates);
    updates.forEach(({ account, sets, path, apply }, i) => {
      try {
        if (!sets) known(this.book, account, `${path}.account`);
        apply(this.book, account);
      } catch (cause) {
        throw i === 0 ? cause : new Torn('memory ran out in a batch', { cause });
      }
    });
    return updates.length;
  }

  check(json: unknown): object {
    return { sequence: this.sequence, ...checkOf(this.book, json) };
  }

  /** Risk of an account, by margin unit, and where its positions are liquidated. @throws Problem 404 */
  account(id: string): object {
    const { book, sequence } = this;
    if (!book.accountIds.has(id))
      throw new Problem(404, 'not-found', { path: 'id', got: id, expected: 'an account of the book' });
    return { sequence, ...accountMargin(book, id), liquidationPrices: liquidationPrices(book, id) };
  }

  health(): object {
    const { book, sequence } = this;
    const { assets, markets, accounts, units } = book;
    const { columns, memory } = book.store.bytes;
    const rows = { assets, markets, accounts, units, positions: book.store.count('position') };
    return { status: 'ready', sequence, version, time: book.time ?? null, rows, memory: { columns, kernel: memory } };
  }
}

/** What health says where there is no book. */
export const emptyHealth = (status: 'empty' | 'damaged'): object => ({ status, version });
