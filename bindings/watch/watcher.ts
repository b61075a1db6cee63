// How crossings are found: by boxes in the kernel (boxes.ts), or by rescans (rescan.ts).
import type { BookObserver } from '../book/book-rows.js';

/** What a watch has done since it was made. */
export interface Statistics {
  /** Ends of boxes that prices have crossed. */
  pops: number;
  /** Units that were margined. */
  margined: number;
  /** Rescans of the whole book: after gaps, and after changes of tables or parameters. */
  rescans: number;
  /** Units that still wait for a box after a rescan: ticks are exact, and slower. */
  waiting: number;
}

export const statistics = (): Statistics => ({ pops: 0, margined: 0, rescans: 0, waiting: 0 });

/** Is told of each unit whose zone has changed. */
export type Found = (unit: number, from: number, to: number) => void;

export interface Watcher extends BookObserver {
  readonly statistics: Statistics;
  /** Bytes on top of the book. */
  readonly bytes: number;
  /** Units with a scenario model whose margin the last poll has put off. */
  readonly deferred: number;
  /** Zone of a unit at the last poll. */
  zone(unit: number): number;
  /** Finds what has crossed a line since the last poll. A refusal (memory) leaves the watch to be polled again. */
  poll(found: Found): void;
  /** Finishes at once what is being rebuilt in the background of ticks. */
  settle(): void;
}
