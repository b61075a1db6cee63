// Names of rows: id to row and back, in the order of the rows.
import { MarginError } from '../errors.js';
import { nearest } from './nearest.js';

/** No engine's Map holds more entries. */
const MOST_IDS = 16_777_216;

export class Ids {
  readonly names: string[] = [];
  readonly #rows = new Map<string, number>();
  readonly #noun: string;

  constructor(noun: string) {
    this.#noun = noun;
  }

  add(id: string): number {
    const row = this.names.length;
    this.names.push(id);
    this.#rows.set(id, row);
    return row;
  }

  /** Has other names from now on. */
  become(names: readonly string[]): void {
    this.names.length = 0;
    this.#rows.clear();
    for (const name of names) this.add(name);
  }

  has(id: string): boolean {
    return this.#rows.has(id);
  }

  /** Refuses more ids than can be kept. @throws MarginError too-many */
  fit(more: number, path: string): void {
    const rows = this.names.length + more;
    if (rows > MOST_IDS) {
      throw new MarginError('too-many', {
        path,
        got: rows,
        expected: `at most ${MOST_IDS} ${this.#noun}s`,
        hint: 'Split the accounts over several books',
      });
    }
  }

  /** Refuses an id that is taken. */
  free(id: string, path: string): void {
    this.fit(1, path);
    if (this.has(id))
      throw new MarginError('duplicate', { path, got: id, expected: `an id that no other ${this.#noun} has` });
  }

  /** Row of an id, or of a row number that is in use. @throws MarginError unknown-id */
  row(id: string | number, path: string): number {
    if (typeof id === 'number') {
      if (Number.isInteger(id) && id >= 0 && id < this.names.length) return id;
      throw new MarginError('unknown-id', {
        path,
        got: id,
        expected: `a row of ${this.#noun}s from 0 to ${this.names.length - 1}`,
      });
    }
    const row = this.#rows.get(id);
    if (row !== undefined) return row;
    const near = nearest(String(id), this.names, 1);
    throw new MarginError('unknown-id', {
      path,
      got: id,
      expected: `the id of ${/^[aeiou]/.test(this.#noun) ? 'an' : 'a'} ${this.#noun}`,
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }

  name(row: number): string {
    return this.names[row] ?? '';
  }
}

/** Names that begin with those that another list has now, without a second index of them. */
export class MoreIds extends Ids {
  readonly #first: Ids;
  readonly #known: number;

  constructor(noun: string, first: Ids) {
    super(noun);
    this.#first = first;
    this.#known = first.names.length;
    for (const name of first.names) this.names.push(name);
  }

  override has(id: string): boolean {
    return super.has(id) || this.#has(id);
  }

  override row(id: string | number, path: string): number {
    return typeof id === 'string' && this.#has(id) ? this.#first.row(id, path) : super.row(id, path);
  }

  /** What the other list has got since is not in this one. */
  #has(id: string): boolean {
    return this.#first.has(id) && this.#first.row(id, 'id') < this.#known;
  }
}
