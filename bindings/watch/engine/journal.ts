// A journal: a head that says at which state it starts, then one record an event. Written once, never changed; read back to the last
// whole event wherever it was cut, and with what is corrupt by name.
//
//   0 magic "MKJRNL"  6 version u16  8 sequence of the state it starts from u48, 2 bytes of 0  16 hash of that state
//   24 CRC-32 of bytes 0 to 23  28 records
import { crc32 } from '../../book/crc.js';
import { MarginError } from '../../errors.js';
import { corruptHead, cutShort, type Damage, damaged, gapBefore } from './damage.js';
import type { NumberedEvent } from './event.js';
import {
  getHash,
  getUint48,
  HEAD_BYTES,
  type Head,
  headAt,
  isBytes,
  isWhole,
  putHash,
  recordAt,
  setUint48,
  viewOf,
} from './record.js';

const MAGIC = 'MKJRNL';
const VERSION = 1;
/** Bytes before the first record. */
export const JOURNAL_HEAD = 28;

/** A state, by the number of the last event in it. */
export interface State {
  /** Number of the last event in it. */
  sequence: number;
  /** 16 hexadecimal digits; see `Engine.hash`. */
  hash: string;
}

/** First bytes of a journal. */
export function journalHead({ sequence, hash }: State): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(JOURNAL_HEAD);
  const view = viewOf(bytes);
  for (let i = 0; i < MAGIC.length; i++) view.setUint8(i, MAGIC.charCodeAt(i));
  view.setUint16(6, VERSION, true);
  setUint48(view, 8, sequence);
  putHash(view, 16, hash);
  view.setUint32(24, crc32(bytes.subarray(0, 24)), true);
  return bytes;
}

/** Begins with the magic, as far as there are bytes. */
const isJournal = (bytes: Uint8Array): boolean =>
  [...MAGIC].every((c, i) => (bytes[i] ?? c.charCodeAt(0)) === c.charCodeAt(0));

/** The whole events of a journal, in order; and what is wrong behind the last of them. */
export class Journal implements Iterable<NumberedEvent> {
  /** State that it starts from; undefined where its head is cut or corrupt. */
  readonly start: State | undefined;
  /** Whole events. */
  readonly events: number;
  /** Bytes up to the end of the last whole event: cut it there to go on writing. */
  readonly whole: number;
  /** What stands behind them: nothing, a cut event, a corrupt one, or one that does not follow. */
  readonly damage: Damage | undefined;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** Made by `readJournal`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.start = this.#start();
    let at = this.start ? JOURNAL_HEAD : 0;
    let events = 0;
    let last = this.start?.sequence ?? 0;
    this.damage = this.start
      ? undefined
      : bytes.length < JOURNAL_HEAD
        ? cutShort(bytes, 0, JOURNAL_HEAD, { events, last }, undefined)
        : corruptHead(bytes);
    while (!this.damage && at < bytes.length) {
      const head = this.#whole(at);
      if (!head) this.damage = damaged(bytes, at, { events, last });
      else if (head.sequence > last + 1) this.damage = gapBefore(bytes, at, { events, last }, head);
      else {
        at += head.bytes;
        events++;
        if (head.sequence > last) last = head.sequence;
      }
    }
    this.events = events;
    this.whole = at;
  }

  /** Events as they were recorded, refs as rows. @throws MarginError corrupt, where the checksum holds and the payload makes no sense */
  *[Symbol.iterator](): Iterator<NumberedEvent> {
    for (let at = JOURNAL_HEAD; at < this.whole; ) {
      const head = headAt(this.#bytes, this.#view, at) as Head;
      yield recordAt(this.#bytes, at, head, `journal, byte ${at}`);
      at += head.bytes;
    }
  }

  #start(): State | undefined {
    const bytes = this.#bytes;
    const view = this.#view;
    if (bytes.length < JOURNAL_HEAD || crc32(bytes.subarray(0, 24)) !== view.getUint32(24, true)) {
      if (!isJournal(bytes))
        throw new MarginError('format', { path: 'journal', expected: `a journal, starting with "${MAGIC}"` });
      return undefined;
    }
    if (!isJournal(bytes))
      throw new MarginError('format', { path: 'journal', expected: `a journal, starting with "${MAGIC}"` });
    const version = view.getUint16(6, true);
    if (version !== VERSION)
      throw new MarginError('format', { path: 'journal.version', got: version, expected: `version ${VERSION}` });
    return { sequence: getUint48(view, 8), hash: getHash(view, 16) };
  }

  /** Head of the record at a byte, where all of it is there and as it was written. */
  #whole(at: number): Head | undefined {
    const bytes = this.#bytes;
    if (at + HEAD_BYTES > bytes.length) return undefined;
    const head = headAt(bytes, this.#view, at);
    if (!head || head.kind === undefined || at + head.bytes > bytes.length) return undefined;
    return isWhole(bytes, this.#view, at, head) ? head : undefined;
  }
}

/**
 * Reads a journal. One that was cut, at whatever byte, or that is corrupt gives all events before that place and says what is wrong
 * in `damage`; nothing of a damaged event is ever given.
 * @param bytes - the whole journal; kept, not copied
 * @throws MarginError type; format, where it is no journal or one of another version
 * @example
 * const journal = readJournal(bytes);
 * for (const event of journal) console.log(event.sequence, event.kind);
 * if (journal.damage) console.error(journal.damage.message);
 */
export function readJournal(bytes: Uint8Array): Journal {
  if (!isBytes(bytes)) throw new MarginError('type', { path: 'journal', got: bytes, expected: 'a Uint8Array' });
  return new Journal(bytes);
}
