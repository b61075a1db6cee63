// Where events come from, in batches: between two of them output is written and journals are saved. A source says where an event
// stands, for refusals, and on which day it was, where it knows.
import type { EngineEvent } from '../../watch/engine/event.js';

export interface Source {
  /** As it is called in a heading: `stdin`, a file, `100,000 diffusive ticks, seed 1`. */
  readonly name: string;
  readonly kind: 'generated' | 'lines' | 'journal';
  /** Events; 0: nobody knows. */
  readonly total: number;
  /** What was assumed or mended, for people. */
  readonly notes: readonly string[];
  batches(): AsyncIterable<Iterable<EngineEvent>> | Iterable<Iterable<EngineEvent>>;
  /** Its events have days. */
  readonly dated: boolean;
  /** Where the event stands that was given out last; null: the event itself says enough. */
  where(): string | null;
  /** Its day, YYYY-MM-DD; null: none. */
  day(): string | null;
}

/** Events from one write to the next. */
const BATCH = 4096;

/** Cuts events into batches. */
export function* batchesOf(events: Iterable<EngineEvent>): Generator<Iterable<EngineEvent>> {
  const iterator = events[Symbol.iterator]();
  let next = iterator.next();
  function* batch(): Generator<EngineEvent> {
    for (let i = 0; i < BATCH && !next.done; i++) {
      yield next.value;
      next = iterator.next();
    }
  }
  while (!next.done) yield batch();
}
