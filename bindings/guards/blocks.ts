// The rolling list of a state in blocks, so that a step reads and copies one or two of them and not its whole window. A block that
// a step has made is frozen: what was read of it still holds, and so does what it comes to.
import { MarginError } from '../errors.js';
import { listOf } from '../liquidation/list.js';
import { type Row, rowsOf } from '../venues/rows.js';
import { laterAt } from './read.js';
import { since } from './window.js';

/** Entries of a block: 64 to 256 are alike fast in a window of 30,000 (80 to 130 us a step), 16 take ten times as long. */
const MOST = 128;

/** Entries by rising time; no block is empty. */
export type Blocks<E> = readonly (readonly E[])[];

type Timed = { readonly at: number };

export class BlockList<E extends Timed, S> {
  readonly #keys: readonly string[];
  readonly #read: (row: Row) => Omit<E, 'at'>;
  readonly #sum: (block: readonly E[]) => S;
  readonly #sums = new WeakMap<readonly E[], S>();

  /**
   * @param read - an entry's values, which `keys` are the names of, but its time
   * @param sum - what a block comes to
   */
  constructor(keys: readonly string[], read: (row: Row) => Omit<E, 'at'>, sum: (block: readonly E[]) => S) {
    this.#keys = ['at', ...keys];
    this.#read = read;
    this.#sum = sum;
  }

  /** Blocks of a state, whoever has made them. @throws MarginError missing-key, type, unknown-key, range where times fall */
  read(state: Row, key: string): Blocks<E> {
    const place = (i: number): string => `${state.at(key)}[${i}]`;
    let last = 0;
    return listOf(state.raw(key), state.at(key)).flatMap((given, i) => {
      const block = this.#sums.has(given as E[]) ? (given as readonly E[]) : this.#readBlock(given, place(i));
      const [first, end] = [block[0], block.at(-1)];
      if (!first || !end) return [];
      if (first.at < last)
        throw new MarginError('range', { path: place(i), got: first.at, expected: `at least ${last}` });
      last = end.at;
      return [block];
    });
  }

  #readBlock(given: unknown, path: string): readonly E[] {
    let seen: number | null = null;
    const entries = rowsOf(listOf(given, path), path, this.#keys).map((row) => {
      seen = laterAt(row, 'at', seen);
      return { at: seen, ...this.#read(row) } as E;
    });
    return this.block(entries);
  }

  /** A block that the next step knows. */
  block(entries: readonly E[]): readonly E[] {
    const block = Object.freeze(entries.map((entry) => Object.freeze(entry)));
    if (block.length > 0) this.#sums.set(block, this.#sum(block));
    return block;
  }

  /** What a block comes to. */
  sum(block: readonly E[]): S {
    return this.#sums.get(block) as S;
  }

  /** With entries at the end. */
  with(blocks: Blocks<E>, entries: readonly E[]): Blocks<E> {
    if (entries.length === 0) return blocks;
    const tail = [...(blocks.at(-1) ?? []), ...entries];
    const grown = [...blocks.slice(0, -1)];
    for (let i = 0; i < tail.length; i += MOST) grown.push(this.block(tail.slice(i, i + MOST)));
    return grown;
  }

  /** All from a time on, those at it with them. */
  from(blocks: Blocks<E>, begin: number): Blocks<E> {
    const [head, ...rest] = blocks.filter((block) => (block.at(-1) as E).at >= begin);
    if (!head) return [];
    return [(head[0] as E).at >= begin ? head : this.block(head.filter(({ at }) => at >= begin)), ...rest];
  }

  /** What a window needs that begins at `from`, as `since` of a plain list. */
  since(blocks: Blocks<E>, from: number): Blocks<E> {
    const [head, ...rest] = since(
      blocks.map((block) => ({ at: (block[0] as E).at, block })),
      from,
    ).map(({ block }) => block);
    if (!head) return [];
    const kept = since(head, from);
    return [kept.length === head.length ? head : this.block(kept), ...rest];
  }
}
