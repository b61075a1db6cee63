// What is wrong with a journal behind its last whole event, in words; and which whole events stand behind the damage, so that nobody
// takes a flipped bit in the middle for the end.
import type { EventKind } from './event.js';
import { HEAD_BYTES, type Head, headAt, isWhole, LEAST_RECORD, viewOf } from './record.js';

/** Whole events behind a damage, which do not follow what is before it. */
export interface Behind {
  /** How many are whole. */
  events: number;
  /** Byte and sequence of the first. */
  offset: number;
  /** Number of the first. */
  sequence: number;
}

/** What is wrong with a journal behind its last whole event. */
export interface Damage {
  /**
   * cut: the bytes end before the event does, as after a crash; nothing that was whole is lost. corrupt: bytes are not what was
   * written. gap: an event is whole, and events before it are missing.
   */
  state: 'cut' | 'corrupt' | 'gap';
  /** Byte at which the event begins. */
  offset: number;
  /** Its sequence and kind, as its head says; the next sequence where the head is gone, and no kind. */
  sequence: number;
  /** undefined: its head does not say. */
  kind: EventKind | undefined;
  /** undefined: none. */
  behind: Behind | undefined;
  /** All of it in a sentence. */
  message: string;
}

/** What has been read before the damage. */
export interface Read {
  events: number;
  /** Sequence of the last event, or of the state that the journal starts from. */
  last: number;
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const wholeBefore = ({ events, last }: Read): string =>
  events === 0
    ? 'no event is whole'
    : `${plural(events, 'event')} before it ${events === 1 ? 'is' : 'are'} whole, up to sequence ${last}`;
const inWords = (behind: Behind | undefined): string =>
  behind
    ? `${plural(behind.events, 'whole event')} behind it, from sequence ${behind.sequence} at byte ${behind.offset}`
    : 'nothing whole behind it';

/** Whole events from a byte on, wherever they begin. */
function behindFrom(bytes: Uint8Array, from: number): Behind | undefined {
  const view = viewOf(bytes);
  let behind: Behind | undefined;
  for (let at = from; at + LEAST_RECORD <= bytes.length; ) {
    // The length is looked at first: it rules out most places.
    const fits = at + view.getUint32(at, true) + LEAST_RECORD <= bytes.length;
    const head = fits ? headAt(bytes, view, at) : undefined;
    if (!head || !isWhole(bytes, view, at, head)) {
      at++;
      continue;
    }
    behind ??= { events: 0, offset: at, sequence: head.sequence };
    behind.events++;
    at += head.bytes;
  }
  return behind;
}

/** A record of which the first bytes are there. @param bytes - of the whole record, where its head says so */
export function cutShort(
  all: Uint8Array,
  offset: number,
  bytes: number | undefined,
  read: Read,
  head: Head | undefined,
): Damage {
  const there = all.length - offset;
  const sequence = head?.sequence ?? read.last + 1;
  const what = offset === 0 ? 'the head of the journal' : `event ${sequence}${head?.kind ? ` (${head.kind})` : ''}`;
  const part = bytes === undefined ? `${plural(there, 'byte')}` : `${there} of ${bytes} bytes`;
  return {
    state: 'cut',
    offset,
    sequence,
    kind: head?.kind,
    behind: undefined,
    message: `cut at byte ${all.length}: of ${what}, which begins at byte ${offset}, ${part} ${there === 1 && bytes === undefined ? 'is' : 'are'} there; ${wholeBefore(read)}`,
  };
}

function corruptAt(all: Uint8Array, offset: number, read: Read, head: Head | undefined, why: string): Damage {
  const sequence = head?.sequence ?? read.last + 1;
  const behind = behindFrom(all, head ? offset + head.bytes : offset + 1) ?? behindFrom(all, offset + 1);
  const what = `event ${sequence}${head?.kind ? ` (${head.kind})` : ''}`;
  return {
    state: 'corrupt',
    offset,
    sequence,
    kind: head?.kind,
    behind,
    message: `${what} at byte ${offset} is corrupt: ${why}; ${wholeBefore(read)}, ${inWords(behind)}`,
  };
}

/** The head of the journal is not what was written. */
export function corruptHead(all: Uint8Array): Damage {
  const behind = behindFrom(all, 0);
  return {
    state: 'corrupt',
    offset: 0,
    sequence: 0,
    kind: undefined,
    behind,
    message: `the head of the journal is corrupt: its checksum does not hold; ${inWords(behind)}`,
  };
}

/** An event that is whole and not the next. */
export function gapBefore(all: Uint8Array, offset: number, read: Read, head: Head): Damage {
  const behind = behindFrom(all, offset);
  return {
    state: 'gap',
    offset,
    sequence: head.sequence,
    kind: head.kind,
    behind,
    message: `event ${read.last + 1} is missing: at byte ${offset} stands event ${head.sequence}; ${wholeBefore(read)}, ${inWords(behind)}`,
  };
}

/** What is wrong with the record at a byte that is not whole. */
export function damaged(all: Uint8Array, offset: number, read: Read): Damage {
  const rest = all.subarray(offset);
  // Room that was made for a file and never written.
  if (rest.length < HEAD_BYTES || rest.every((byte) => byte === 0))
    return cutShort(all, offset, undefined, read, undefined);
  const head = headAt(all, viewOf(all), offset);
  if (!head) return corruptAt(all, offset, read, undefined, 'the checksum of its head does not hold');
  if (offset + head.bytes > all.length) return cutShort(all, offset, head.bytes, read, head);
  if (head.kind === undefined) return corruptAt(all, offset, read, head, `this version knows no kind ${head.code}`);
  return corruptAt(all, offset, read, head, 'its checksum does not hold');
}
