// Events of a binary journal. One that was cut is read to its last whole event, and a note says so; one with a damaged or a missing event
// is refused before anything is applied.
import type { BookBase } from '../../book/book.js';
import { MarginError } from '../../errors.js';
import type { Damage } from '../../watch/engine/damage.js';
import type { Engine } from '../../watch/engine/engine.js';
import type { EngineEvent } from '../../watch/engine/event.js';
import { JOURNAL_HEAD, type Journal, readJournal } from '../../watch/engine/journal.js';
import { count, many } from '../format.js';
import { batchesOf, type Source } from './source.js';

const MAGIC = 'MKJRNL';
/** Of a journal or more: as many bytes as tell it from anything else. */
export const MAGIC_BYTES = MAGIC.length;

export const isJournal = (bytes: Uint8Array): boolean =>
  bytes.length >= MAGIC_BYTES && [...MAGIC].every((c, i) => bytes[i] === c.charCodeAt(0));

/** @throws MarginError format */
function read(name: string, bytes: Uint8Array): Journal {
  try {
    return readJournal(bytes);
  } catch (error) {
    if (!(error instanceof MarginError)) throw error;
    throw error.with({
      path: `journal ${name}`,
      hint: `Check the file; JSON lines come on stdin: margin-kernel watch < ${name}`,
    });
  }
}

/** What to do about a damage that is not at the end alone. */
function mend({ offset }: Damage, name: string): string {
  return offset === 0
    ? 'Use a copy of it, or a snapshot and a later journal'
    : `Keep the ${many(offset, 'byte')} before it to apply what is whole: head -c ${offset} ${name}`;
}

export class JournalSource implements Source {
  readonly name: string;
  readonly kind = 'journal';
  readonly total: number;
  readonly dated = false;
  readonly notes: readonly string[];
  /** Where the journal was cut; null: it is whole. */
  readonly cut: Damage | null;
  readonly #journal: Journal;
  readonly #head: Uint8Array;

  /** @throws MarginError format, truncated, corrupt: where nothing of it, or not all before a whole event, can be read */
  constructor(name: string, bytes: Uint8Array) {
    const journal = read(name, bytes);
    const { damage, start, events } = journal;
    if (damage && (damage.state !== 'cut' || !start)) {
      throw new MarginError(damage.state === 'cut' ? 'truncated' : 'corrupt', {
        path: `journal ${name}`,
        expected: `whole events in order; ${damage.message}`,
        hint: mend(damage, name),
      });
    }
    this.name = name;
    this.total = events;
    this.cut = damage ?? null;
    this.notes = damage
      ? [`The journal was ${damage.message}. Applied up to there; ${count(journal.whole)} bytes of it are whole.`]
      : [];
    this.#journal = journal;
    this.#head = bytes.subarray(0, JOURNAL_HEAD);
  }

  /** Refuses a journal that starts behind the engine's state, or from another state. @throws MarginError conflict */
  startsFrom(engine: Engine<BookBase>, from: string): void {
    try {
      engine.replay(readJournal(this.#head));
    } catch (error) {
      if (!(error instanceof MarginError)) throw error;
      throw error.with({
        path: `journal ${this.name}, its ${error.path?.split('.').pop()}`,
        hint: `Give the state that it was recorded from: ${from}`,
      });
    }
  }

  where(): null {
    return null;
  }

  day(): null {
    return null;
  }

  batches(): Iterable<Iterable<EngineEvent>> {
    return batchesOf(this.#journal);
  }
}
