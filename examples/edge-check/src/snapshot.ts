// A stored snapshot, read part by part: by the object from its storage, by a replica from the object.
import { BookState } from './book-state.js';
import type { Held } from './held.js';

/** Storage takes values of up to 2 MB. */
export const PART = 1024 * 1024;

/** Of the snapshot that counts. */
export interface Head {
  /** Name of the snapshot that was put, the same where one has been made of it and of batches. */
  edition: string;
  /** Counts what has been stored. */
  generation: number;
  parts: number;
  bytes: number;
  /** Of the last batch that is in it. */
  sequence: number;
}

/** @returns undefined where another snapshot has taken its place meanwhile. @throws MarginError where it cannot be read */
export async function readSnapshot(
  { edition, generation, parts, bytes: length, sequence }: Head,
  part: (generation: number, i: number) => Promise<Uint8Array | undefined>,
): Promise<Held | undefined> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < parts; i++) {
    const next = await part(generation, i);
    if (!next) return undefined;
    bytes.set(next, i * PART);
  }
  return { state: BookState.decode(bytes, sequence), edition, stored: sequence };
}
