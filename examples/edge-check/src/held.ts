// The book that this isolate has, one for all that runs here. Where the object lives in this isolate it is the object's own,
// and the door reads it; anywhere else it is a replica that the door keeps up to date, see replica.ts.
import type { BookState } from './book-state.js';
import type { Batch } from './stored.js';

/** A book, and what it has to do with what is stored. */
export interface Held {
  state: BookState;
  /** Name of the snapshot that was put: the batches of another one may have the same numbers. */
  edition: string;
  /** Number of the last batch that is known to be stored. */
  stored: number;
  /** The object that writes it; none: a replica. */
  writer?: string;
}

let here: Held | undefined;

export const held = (): Held | undefined => here;

export function hold(next: Held | undefined): void {
  here = next;
}

/** Does here what has been done and stored elsewhere; what is in it already, through another way, is passed over. */
export function applyStored(here: Held, batches: readonly Batch[]): void {
  for (const { sequence, kind, body } of batches) {
    if (sequence === here.state.sequence + 1) here.state.apply(kind, body);
    if (sequence <= here.state.sequence) here.stored = Math.max(here.stored, sequence);
  }
}

/** Whether all that is in it is known to be stored: only then another object, or a replica, may go on from it. */
export const isSettled = ({ state, stored }: Held): boolean => state.sequence === stored;
