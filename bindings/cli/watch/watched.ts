// A watch from its first event to its last, before anybody has decided how to show it: text.ts, json.ts and the page only read this.
import type { BookBase } from '../../book/book.js';
import type { UnitName } from '../../watch/engine/crossed.js';
import type { WatchStatistics } from '../../watch/watch.js';
import type { Durations } from './durations.js';
import type { Notice } from './notice.js';
import type { Totals } from './session.js';
import type { Source } from './source.js';
import type { Trail } from './trail.js';

/** What a replay is held against. */
export interface Proof {
  /** Hash that was expected; null: none was named. */
  expected: string | null;
  /** Checkpoints of the journal that were passed, and the one that was not. */
  checkpoints: number;
  differs: { sequence: number; got: string; hash: string } | null;
  /** Nothing was replayed: all events were in the state already. */
  idle: boolean;
  /** Nothing that was compared differs, and something was replayed. */
  equal: boolean;
}

export interface Watched {
  title: string;
  book: BookBase;
  source: Source;
  /** As it was before the first event. */
  start: { sequence: number; liquidatable: number };
  /** And behind the last. */
  end: { sequence: number; hash: string; liquidatable: readonly UnitName[]; held: readonly UnitName[] };
  applied: number;
  skipped: number;
  /** Somebody has ended it before its last event. */
  stopped: boolean;
  totals: Totals;
  notices: readonly Notice[];
  /** Notices of each crossing that are listed. */
  most: number;
  times: Durations;
  /** Of all: reading and writing included. */
  seconds: number;
  statistics: WatchStatistics;
  /** Files that were written, with what they are. */
  wrote: readonly (readonly [what: string, path: string, bytes: number])[];
  proof: Proof | null;
  trail: Trail | undefined;
}
