// What outlives the memory of an isolate: a snapshot in parts and the batches since, in the storage of the object. A new
// snapshot counts from the moment its head is written, and the head is written last.
import type { BatchKind } from './book-state.js';
import { type Head, PART } from './snapshot.js';

export interface Batch {
  sequence: number;
  kind: BatchKind;
  body: unknown;
}

/** A batch as it is stored, with what all up to it weigh since a snapshot was made. */
interface Line extends Batch {
  bytes: number;
}

/** Storage deletes so many keys at once. */
const KEYS = 128;
/** Batches that are read at once. A body has up to 1 MiB, and what an object answers with up to 32. */
const PAGE = 16;
/** From here on a snapshot is made of the book, so that a start never replays more. */
export const MOST_BATCHES = 10_000;
const MOST_JOURNAL = 16 * 1024 * 1024;

const partKey = (generation: number, i: number): string => `part/${generation}/${String(i).padStart(4, '0')}`;
const batchKey = (sequence: number): string => `batch/${String(sequence).padStart(16, '0')}`;
const partKeys = ({ generation, parts }: Pick<Head, 'generation' | 'parts'>): string[] =>
  Array.from({ length: parts }, (_, i) => partKey(generation, i));

export class Stored {
  readonly #storage: DurableObjectStorage;
  readonly #most: number;
  #head: Head | undefined;
  #generation = 0;
  /** Of the first batch behind the head, of the next one, and what they weigh. */
  #first = 1;
  #next = 1;
  #bytes = 0;

  /** @param most - batches behind a snapshot, from which on another one is wanted */
  constructor(storage: DurableObjectStorage, most: number) {
    this.#storage = storage;
    this.#most = most;
  }

  /** The head of the snapshot that counts; undefined where none has been stored. */
  get head(): Head | undefined {
    return this.#head;
  }

  /** Reads the head, and how much there is behind it; first of all. */
  async open(): Promise<Head | undefined> {
    const stage = await this.#storage.get<Head>('stage');
    this.#head = await this.#storage.get<Head>('head');
    this.#generation = Math.max(stage?.generation ?? 0, this.#head?.generation ?? 0);
    // Parts of a snapshot that was never finished.
    if (stage) this.#forget([...partKeys(stage), 'stage']);
    if (this.#head) this.#first = this.#next = this.#head.sequence + 1;
    const last = await this.#storage.list<Line>({ prefix: 'batch/', reverse: true, limit: 1 });
    for (const { sequence, bytes } of last.values()) {
      this.#next = sequence + 1;
      this.#bytes = bytes;
    }
    return this.#head;
  }

  part(generation: number, i: number): Promise<Uint8Array | undefined> {
    return this.#storage.get<Uint8Array>(partKey(generation, i));
  }

  /** The next batches behind a number; undefined where they are part of the snapshot by now. */
  async since(sequence: number): Promise<Batch[] | undefined> {
    if (sequence + 1 < this.#first) return undefined;
    const start = batchKey(sequence + 1);
    const page = await this.#storage.list<Line>({ start, end: 'batch0', limit: PAGE });
    return [...page.values()];
  }

  /** Adds a batch. Answers of checks need not be held back for it; who has sent the batch waits, with `sync`. @returns whether it is time for a snapshot */
  append(batch: Batch, weight: number): boolean {
    this.#next = batch.sequence + 1;
    this.#bytes += weight;
    const line: Line = { ...batch, bytes: this.#bytes };
    // A failure to write ends the object, which starts again from what is stored.
    void this.#storage.put(batchKey(batch.sequence), line, { allowUnconfirmed: true });
    return this.#next - this.#first > this.#most || this.#bytes > MOST_JOURNAL;
  }

  sync(): Promise<void> {
    return this.#storage.sync();
  }

  /** Stores a snapshot part by part, which other requests may come between. @param commit - at the end, at once with the head: number of the last batch that it stands for */
  async save(bytes: Uint8Array, edition: string, commit: () => number): Promise<void> {
    this.#generation += 1;
    const stage = { generation: this.#generation, parts: Math.ceil(bytes.length / PART), bytes: bytes.length };
    await this.#storage.put('stage', stage);
    // A view would be stored with all that is behind it, so a part is copied out: always to the same place, which leaves no garbage
    // while two books and a snapshot are in memory. A value is serialized before `put` returns.
    const whole = new Uint8Array(PART);
    for (const [i, key] of partKeys(stage).entries()) {
      const rest = bytes.subarray(i * PART, (i + 1) * PART);
      const part = rest.length === PART ? whole : rest.slice();
      if (part === whole) whole.set(rest);
      await this.#storage.put(key, part, { allowUnconfirmed: true });
      await this.#storage.sync();
    }
    const sequence = commit();
    const head: Head = { edition, ...stage, sequence };
    void this.#storage.put('head', head);
    const gone = Array.from({ length: Math.max(0, sequence + 1 - this.#first) }, (_, i) => batchKey(this.#first + i));
    this.#forget(['stage', ...(this.#head ? partKeys(this.#head) : []), ...gone]);
    this.#head = head;
    this.#first = sequence + 1;
    this.#next = Math.max(this.#next, this.#first);
    this.#bytes = 0;
    await this.sync();
  }

  #forget(keys: string[]): void {
    for (let i = 0; i < keys.length; i += KEYS) void this.#storage.delete(keys.slice(i, i + KEYS));
  }
}
