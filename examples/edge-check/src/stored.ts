// What outlives the memory of an isolate: a snapshot in parts and the batches since, in the storage of the object. A new
// snapshot counts from the moment its head is written, and the head is written last.
import type { BatchKind } from './book-state.js';

/** Of the snapshot that counts. */
interface Head {
  generation: number;
  parts: number;
  bytes: number;
  /** Of the last batch that is in it. */
  sequence: number;
}

export interface Batch {
  kind: BatchKind;
  body: unknown;
}

/** Storage takes values of up to 2 MB, and 128 keys at once. */
const PART = 1024 * 1024;
const KEYS = 128;
/** Batches that are read at once at a start. */
const PAGE = 64;
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

  /** The snapshot and its number; undefined where none has been stored. */
  async snapshot(): Promise<{ bytes: Uint8Array; sequence: number } | undefined> {
    const stage = await this.#storage.get<Head>('stage');
    this.#head = await this.#storage.get<Head>('head');
    this.#generation = Math.max(stage?.generation ?? 0, this.#head?.generation ?? 0);
    // Parts of a snapshot that was never finished.
    if (stage) this.#forget([...partKeys(stage), 'stage']);
    if (!this.#head) return undefined;
    const { bytes: length, sequence } = this.#head;
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const key of partKeys(this.#head)) {
      const part = (await this.#storage.get<Uint8Array>(key)) ?? new Uint8Array(0);
      bytes.set(part, at);
      at += part.length;
    }
    this.#first = this.#next = sequence + 1;
    return { bytes, sequence };
  }

  /** Batches behind the snapshot, in their order. */
  async *batches(): AsyncGenerator<Batch> {
    for (;;) {
      const page = await this.#storage.list<Batch & { weight: number }>({
        start: batchKey(this.#next),
        end: 'batch0',
        limit: PAGE,
      });
      for (const batch of page.values()) {
        this.#next += 1;
        this.#bytes += batch.weight;
        yield batch;
      }
      if (page.size < PAGE) return;
    }
  }

  /** Adds a batch. Answers of checks need not be held back for it; who has sent the batch waits, with `sync`. @returns whether it is time for a snapshot */
  append(sequence: number, kind: BatchKind, body: unknown, weight: number): boolean {
    // A failure to write ends the object, which starts again from what is stored.
    void this.#storage.put(batchKey(sequence), { kind, body, weight }, { allowUnconfirmed: true });
    this.#next = sequence + 1;
    this.#bytes += weight;
    return this.#next - this.#first > this.#most || this.#bytes > MOST_JOURNAL;
  }

  sync(): Promise<void> {
    return this.#storage.sync();
  }

  /** Stores a snapshot part by part, which other requests may come between. @param commit - at the end, at once with the head: number of the last batch that it stands for */
  async save(bytes: Uint8Array, commit: () => number): Promise<void> {
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
    void this.#storage.put('head', { ...stage, sequence });
    const gone = Array.from({ length: Math.max(0, sequence + 1 - this.#first) }, (_, i) => batchKey(this.#first + i));
    this.#forget(['stage', ...(this.#head ? partKeys(this.#head) : []), ...gone]);
    this.#head = { ...stage, sequence };
    this.#first = sequence + 1;
    this.#next = Math.max(this.#next, this.#first);
    this.#bytes = 0;
    await this.sync();
  }

  #forget(keys: string[]): void {
    for (let i = 0; i < keys.length; i += KEYS) void this.#storage.delete(keys.slice(i, i + KEYS));
  }
}
