// A snapshot: all of an engine's state in one buffer. What it knows beside the book is JSON with sorted rows, so that equal states
// have equal bytes; the book follows as its own codec writes it.
//
//   0 magic "MKSNAP"  6 version u16  8 sequence u48, 2 bytes of 0  16 length of the JSON u32  20 CRC-32 of all others
//   24 JSON {levels, markets, assets, closed, held, zones}, padded with spaces to a multiple of 8; then the book
import { crc32 } from '../../book/crc.js';
import { Fields } from '../../book/fields.js';
import { MarginError } from '../../errors.js';
import type { WatchLevels } from '../lines.js';
import { ZONES } from '../lines.js';
import { ALL_ACTIONS } from './allow.js';
import type { MarketState } from './apply.js';
import { getUint48, isBytes, setUint48, viewOf } from './record.js';

const MAGIC = 'MKSNAP';
const VERSION = 1;
const HEAD = 24;

/** An account's row and a bucket. */
export type Place = [account: number, bucket: number];

/** What an engine knows beside the book; lists rise by row, places by account, then bucket. */
export interface Beside {
  levels: WatchLevels;
  /** What is allowed, of markets and assets where that is not everything: rows and bits. */
  markets: [row: number, bits: number][];
  assets: [row: number, bits: number][];
  closed: [market: number, state: MarketState][];
  held: Place[];
  /** Units that are not healthy, with the number of their zone. */
  zones: [account: number, bucket: number, zone: number][];
}

export function encodeSnapshot(sequence: number, beside: Beside, book: Uint8Array): Uint8Array<ArrayBuffer> {
  const { levels, markets, assets, closed, held, zones } = beside;
  const text = new TextEncoder().encode(JSON.stringify({ levels, markets, assets, closed, held, zones }));
  const room = text.length + ((8 - (text.length % 8)) % 8);
  const bytes = new Uint8Array(HEAD + room + book.length);
  const view = viewOf(bytes);
  for (let i = 0; i < MAGIC.length; i++) view.setUint8(i, MAGIC.charCodeAt(i));
  view.setUint16(6, VERSION, true);
  setUint48(view, 8, sequence);
  view.setUint32(16, room, true);
  bytes.fill(0x20, HEAD, HEAD + room);
  bytes.set(text, HEAD);
  bytes.set(book, HEAD + room);
  view.setUint32(20, crc32(bytes.subarray(HEAD), crc32(bytes.subarray(0, 20))), true);
  return bytes;
}

const corrupt = (path: string, expected: string): MarginError => new MarginError('corrupt', { path, expected });

/** Rows of whole numbers below their limits. */
function rowsOf<T extends number[]>(f: Fields, key: string, limits: readonly number[]): T[] {
  return f.list(key).map((entry, i) => {
    const right =
      Array.isArray(entry) &&
      entry.length === limits.length &&
      entry.every((x, k) => Number.isInteger(x) && x >= 0 && x < (limits[k] ?? 0));
    if (!right) throw corrupt(`${f.at(key)}[${i}]`, `${limits.length} whole numbers`);
    return entry as T;
  });
}

/** @throws MarginError type, format, truncated, corrupt */
export function decodeSnapshot(bytes: Uint8Array): { sequence: number; beside: Beside; book: Uint8Array } {
  const path = 'snapshot';
  if (!isBytes(bytes)) throw new MarginError('type', { path, got: bytes, expected: 'a Uint8Array' });
  if (bytes.length < HEAD)
    throw new MarginError('truncated', { path, got: bytes.length, expected: `at least ${HEAD} bytes` });
  const view = viewOf(bytes);
  if ([...MAGIC].some((c, i) => bytes[i] !== c.charCodeAt(0)))
    throw new MarginError('format', { path, expected: `a snapshot, starting with "${MAGIC}"` });
  const version = view.getUint16(6, true);
  if (version !== VERSION)
    throw new MarginError('format', { path: `${path}.version`, got: version, expected: `version ${VERSION}` });
  if (crc32(bytes.subarray(HEAD), crc32(bytes.subarray(0, 20))) !== view.getUint32(20, true)) {
    throw new MarginError('corrupt', {
      path: `${path}.checksum`,
      expected: 'the bytes that were written, all of them',
      hint: 'The snapshot was cut or changed; restore an older one and replay the journal from there',
    });
  }
  const start = HEAD + view.getUint32(16, true);
  if (start > bytes.length) throw corrupt(path, `at least ${start} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(HEAD, start)));
  } catch {
    throw corrupt(path, 'JSON behind its head');
  }
  return { sequence: getUint48(view, 8), beside: besideOf(json, path), book: bytes.subarray(start) };
}

function besideOf(json: unknown, path: string): Beside {
  const f = new Fields(json, path, ['levels', 'markets', 'assets', 'closed', 'held', 'zones']);
  const any = Number.POSITIVE_INFINITY;
  const closed = f.list('closed').map((entry, i) => {
    const [row, state] = Array.isArray(entry) ? entry : [];
    if (Number.isInteger(row) && (state === 'delisted' || state === 'settled'))
      return [row, state] as [number, MarketState];
    throw corrupt(`${f.at('closed')}[${i}]`, 'a market and its state');
  });
  return {
    levels: f.raw('levels') as WatchLevels,
    markets: rowsOf(f, 'markets', [any, ALL_ACTIONS + 1]),
    assets: rowsOf(f, 'assets', [any, ALL_ACTIONS + 1]),
    closed,
    held: rowsOf(f, 'held', [any, any]),
    zones: rowsOf(f, 'zones', [any, any, ZONES.length]),
  };
}
