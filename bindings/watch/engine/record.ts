// An event as bytes, little-endian. The head has a checksum of its own, so that a damaged length is known for what it is.
//   0 length of the payload u32   4 kind u8   5 bits of the optional fields that are there u8   6 sequence u48
//   12 CRC-32 of bytes 0 to 11    16 payload  16 + length: CRC-32 of bytes 0 to 11 and the payload
import { crc32 } from '../../book/crc.js';
import { readJSON } from '../../book/json.js';
import { MarginError } from '../../errors.js';
import { ALL_ACTIONS } from './allow.js';
import type { EngineEvent, EventKind, NumberedEvent } from './event.js';
import { type FieldType, fieldsOf, KINDS, kindOf } from './kinds.js';
import { type Names, POSITION_SIDES, readEvent, SIDES } from './read-event.js';

export const HEAD_BYTES = 16;
const TAIL_BYTES = 4;
/** The least that a record takes. */
export const LEAST_RECORD: number = HEAD_BYTES + TAIL_BYTES;
/** No payload without text or marks is longer. */
const FIXED = 128;
/** Of a market and its mark. */
const MARK_BYTES = 12;
const TWO_16 = 65536;

/** Writes a whole number of 48 bits. */
export function setUint48(view: DataView, at: number, value: number): void {
  const low = value % TWO_16;
  view.setUint16(at, low, true);
  view.setUint32(at + 2, (value - low) / TWO_16, true);
}
export const getUint48 = (view: DataView, at: number): number =>
  view.getUint32(at + 2, true) * TWO_16 + view.getUint16(at, true);

/** Also of another realm. */
export const isBytes = (value: unknown): value is Uint8Array =>
  Object.prototype.toString.call(value) === '[object Uint8Array]';

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const isOptional = (type: FieldType): boolean => type.endsWith('?');

/** Writes fields one behind the other. */
class Writer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  at = HEAD_BYTES;

  constructor(room: number) {
    this.bytes = new Uint8Array(room);
    this.view = viewOf(this.bytes);
  }

  put(type: FieldType, value: unknown): void {
    const { view } = this;
    switch (type) {
      case 'number':
      case 'number?':
        view.setFloat64(this.at, value as number, true);
        this.at += 8;
        return;
      case 'side':
      case 'positionSide':
        view.setUint8(this.at, (type === 'side' ? SIDES : POSITION_SIDES).indexOf(value as never));
        this.at += 1;
        return;
      case 'actions':
        view.setUint16(this.at, value as number, true);
        this.at += 2;
        return;
      case 'hash':
        putHash(view, this.at, value as string);
        this.at += 8;
        return;
      case 'marks':
        for (const [market, mark] of value as [number, number][]) {
          view.setUint32(this.at, market, true);
          view.setFloat64(this.at + 4, mark, true);
          this.at += MARK_BYTES;
        }
        return;
      case 'json':
        this.bytes.set(value as Uint8Array, this.at);
        this.at += (value as Uint8Array).length;
        return;
      default:
        view.setUint32(this.at, value as number, true);
        this.at += 4;
    }
  }
}

/** Writes a hash as it is read: its first digits in the first byte. */
export function putHash(view: DataView, at: number, hash: string): void {
  view.setUint32(at, Number.parseInt(hash.slice(0, 8), 16), false);
  view.setUint32(at + 4, Number.parseInt(hash.slice(8), 16), false);
}
export const getHash = (view: DataView, at: number): string =>
  [at, at + 4].map((i) => view.getUint32(i, false).toString(16).padStart(8, '0')).join('');

/** Bytes of an event that has been read. */
export function writeRecord(event: NumberedEvent): Uint8Array<ArrayBuffer> {
  const values = event as unknown as Record<string, unknown>;
  const text = 'json' in event ? new TextEncoder().encode(JSON.stringify(event.json)) : undefined;
  const list = 'marks' in event ? event.marks.length * MARK_BYTES : 0;
  const writer = new Writer(HEAD_BYTES + FIXED + (text?.length ?? 0) + list + TAIL_BYTES);
  const { view, bytes } = writer;
  let present = 0;
  let optional = 0;
  for (const [key, type] of fieldsOf(event.kind)) {
    if (isOptional(type)) {
      const flag = 1 << optional++;
      if (values[key] === undefined) continue;
      present |= flag;
    }
    writer.put(type, type === 'json' ? text : values[key]);
  }
  const end = writer.at;
  view.setUint32(0, end - HEAD_BYTES, true);
  view.setUint8(4, KINDS[event.kind].code);
  view.setUint8(5, present);
  setUint48(view, 6, event.sequence);
  const head = crc32(bytes.subarray(0, 12));
  view.setUint32(12, head, true);
  // Goes on from the head's: a checksum over bytes and their own checksum would not depend on them.
  view.setUint32(end, crc32(bytes.subarray(HEAD_BYTES, end), head), true);
  return bytes.slice(0, end + TAIL_BYTES);
}

export interface Head {
  kind: EventKind | undefined;
  code: number;
  sequence: number;
  present: number;
  /** Bytes of the whole record. */
  bytes: number;
}

/** Head of the record that begins at a byte; undefined where its checksum does not hold. At least its 16 bytes must be there. */
export function headAt(bytes: Uint8Array, view: DataView, at: number): Head | undefined {
  if (crc32(bytes.subarray(at, at + 12)) !== view.getUint32(at + 12, true)) return undefined;
  const code = view.getUint8(at + 4);
  return {
    kind: kindOf(code),
    code,
    sequence: getUint48(view, at + 6),
    present: view.getUint8(at + 5),
    bytes: view.getUint32(at, true) + LEAST_RECORD,
  };
}

/** Whether the record of a head, all of which is there, is what was written. */
export function isWhole(bytes: Uint8Array, view: DataView, at: number, head: Head): boolean {
  const end = at + head.bytes - TAIL_BYTES;
  return crc32(bytes.subarray(at + HEAD_BYTES, end), view.getUint32(at + 12, true)) === view.getUint32(end, true);
}

const corrupt = (path: string, expected: string, got?: unknown): MarginError =>
  new MarginError('corrupt', { path, expected, ...(got === undefined ? {} : { got }) });

function word(words: readonly string[], code: number, path: string): string {
  const found = words[code];
  if (found === undefined) throw corrupt(path, `a code of ${words.join(', ')}`, code);
  return found;
}

function take(bytes: Uint8Array, view: DataView, at: number, type: FieldType, path: string): unknown {
  switch (type) {
    case 'number':
    case 'number?': {
      const x = view.getFloat64(at, true);
      if (!Number.isFinite(x)) throw corrupt(path, 'a finite number', x);
      return x;
    }
    case 'side':
      return word(SIDES, view.getUint8(at), path);
    case 'positionSide':
      return word(POSITION_SIDES, view.getUint8(at), path);
    case 'actions': {
      const bits = view.getUint16(at, true);
      if (bits > ALL_ACTIONS) throw corrupt(path, `bits of actions, at most ${ALL_ACTIONS}`, bits);
      return bits;
    }
    case 'hash':
      return getHash(view, at);
    case 'marks':
      return marksAt(view, at, path);
    case 'json':
      return textAt(bytes.subarray(at), path);
    default:
      return view.getUint32(at, true);
  }
}

function marksAt(view: DataView, from: number, path: string): [number, number][] {
  const rest = view.byteLength - from;
  if (rest % MARK_BYTES !== 0) throw corrupt(path, `marks of ${MARK_BYTES} bytes each`, rest);
  return Array.from({ length: rest / MARK_BYTES }, (_, i) => {
    const at = from + i * MARK_BYTES;
    const mark = view.getFloat64(at + 4, true);
    if (!Number.isFinite(mark)) throw corrupt(`${path}[${i}]`, 'a finite number', mark);
    return [view.getUint32(at, true), mark];
  });
}

function textAt(bytes: Uint8Array, path: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw corrupt(path, 'UTF-8 text');
  }
  return readJSON(text, path);
}

const bytesOf = (type: FieldType, rest: number): number => {
  if (type === 'json' || type === 'marks') return rest;
  if (type === 'number' || type === 'number?' || type === 'hash') return 8;
  if (type === 'actions') return 2;
  return type === 'side' || type === 'positionSide' ? 1 : 4;
};

/**
 * Event of a record that is whole. @param payload - its bytes between head and last checksum
 * @throws MarginError corrupt, syntax, duplicate
 */
export function payloadOf(payload: Uint8Array, head: Head, path: string): NumberedEvent {
  const { kind } = head;
  if (kind === undefined) throw corrupt(`${path}.kind`, 'the code of a kind that this version knows', head.code);
  const view = viewOf(payload);
  const event: Record<string, unknown> = { kind, sequence: head.sequence };
  let at = 0;
  let optional = 0;
  for (const [key, type] of fieldsOf(kind)) {
    if (isOptional(type) && ((head.present >>> optional++) & 1) === 0) continue;
    const size = bytesOf(type, payload.length - at);
    if (at + size > payload.length) throw corrupt(path, `a payload of at least ${at + size} bytes`, payload.length);
    event[key] = take(payload, view, at, type, `${path}.${key}`);
    at += size;
  }
  if (at !== payload.length) throw corrupt(path, `a payload of ${at} bytes`, payload.length);
  if (head.present >>> optional !== 0) throw corrupt(path, `bits of ${optional} optional fields`, head.present);
  return event as unknown as NumberedEvent;
}

/** Event of the record at a byte, all of which is there. */
export function recordAt(bytes: Uint8Array, at: number, head: Head, path = 'event'): NumberedEvent {
  return payloadOf(bytes.subarray(at + HEAD_BYTES, at + head.bytes - TAIL_BYTES), head, path);
}

/**
 * An event as bytes: a message, or a record of a journal.
 * @param event - with its sequence; refs are rows where there is no book
 * @param names - the book that knows its ids
 * @returns bytes of its own
 * @throws MarginError type, missing-key, unknown-key, unknown-id, not-finite, range
 * @example
 * const bytes = encodeEvent({ kind: 'mark', sequence: 7, market: 'BTC-PERP', mark: 58_400 }, book); // 34 bytes
 */
export function encodeEvent(event: EngineEvent & { sequence: number }, names?: Names): Uint8Array<ArrayBuffer> {
  return writeRecord(readEvent(event, 0, names));
}

/**
 * The event that bytes hold, refs as rows, `allow` as bits.
 * @throws MarginError type, truncated, corrupt
 * @example
 * decodeEvent(bytes) // { kind: 'mark', sequence: 7, market: 0, allow: 2047, mark: 58400 }
 */
export function decodeEvent(bytes: Uint8Array): NumberedEvent {
  if (!isBytes(bytes)) throw new MarginError('type', { path: 'event', got: bytes, expected: 'a Uint8Array' });
  const short = (expected: number): MarginError =>
    new MarginError('truncated', { path: 'event', got: bytes.length, expected: `${expected} bytes` });
  if (bytes.length < LEAST_RECORD) throw short(LEAST_RECORD);
  const view = viewOf(bytes);
  const head = headAt(bytes, view, 0);
  if (!head) throw corrupt('event.head', 'the checksum of its head');
  if (bytes.length < head.bytes) throw short(head.bytes);
  if (bytes.length > head.bytes) throw corrupt('event', `${head.bytes} bytes`, bytes.length);
  if (!isWhole(bytes, view, 0, head)) throw corrupt('event', 'the checksum of the whole event');
  return recordAt(bytes, 0, head);
}
