// The binary door: a book in one buffer. 16 bytes of head, a table of contents in JSON, then the columns, little-endian.
//
//   0 magic "MKBOOK"  6 version u16  8 length of the contents u32  12 CRC-32 of all bytes from 16
//   16 contents {head, names, columns: [[section, column, type, width, rows, offset]]}, padded to 8, then columns at
//   their offsets from the end of the contents, each a multiple of 8
import type { ScenarioEngine } from '../engine.js';
import { MarginError } from '../errors.js';
import { bytesOf, type Column, layout, type Section, sections } from '../layout.js';
import type { Store } from '../memory.js';
import type { ModelJSON } from '../scenario/types.js';
import type { Packed } from './compact.js';
import { crc32 } from './crc.js';
import { Fields, isObject } from './fields.js';
import { type Contents, headOf } from './json.js';
import { deriveTables } from './tables.js';
import { checkRows } from './validate.js';

const MAGIC = 'MKBOOK';
const VERSION = 2;
const HEAD = 16;

type ColumnEntry = [section: Section, column: string, type: string, width: number, rows: number, offset: number];

const up8 = (n: number): number => Math.ceil(n / 8) * 8;
const inputs = (section: Section): [string, Column][] =>
  Object.entries(layout[section] as Record<string, Column>).filter(([, c]) => c.role === 'input');
/** Books are little-endian, as WebAssembly memory is; so is every machine that runs this. */
const asBytes = (view: Float64Array | Uint32Array): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

export function isEncoded(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && [...MAGIC].every((c, i) => bytes[i] === c.charCodeAt(0));
}

export function encodeBook(packed: Packed, names: Contents): Uint8Array<ArrayBuffer> {
  const columns: ColumnEntry[] = [];
  const views: (Float64Array | Uint32Array)[] = [];
  let offset = 0;
  for (const s of sections) {
    for (const [name, c] of inputs(s)) {
      const view = packed[s][name] as Float64Array | Uint32Array;
      columns.push([s, name, c.type, c.width, view.length / c.width, offset]);
      views.push(view);
      offset += up8(view.byteLength);
    }
  }
  const contents = new TextEncoder().encode(JSON.stringify({ ...names, columns }));
  const start = up8(HEAD + contents.length);
  const bytes = new Uint8Array(start + offset);
  const head = new DataView(bytes.buffer);
  [...MAGIC].forEach((c, i) => {
    head.setUint8(i, c.charCodeAt(0));
  });
  head.setUint16(6, VERSION, true);
  head.setUint32(8, contents.length, true);
  bytes.set(contents, HEAD);
  views.forEach((view, i) => {
    bytes.set(asBytes(view), start + (columns[i]?.[5] ?? 0));
  });
  head.setUint32(12, crc32(bytes.subarray(HEAD)), true);
  return bytes;
}

const corrupt = (path: string, expected: string, got?: unknown): MarginError =>
  new MarginError('corrupt', { path, expected, ...(got === undefined ? {} : { got }) });

/** Bytes of the columns that a table of contents lists behind one another; NaN where it lists anything else. */
function lengthOf(columns: unknown): number {
  if (!Array.isArray(columns)) return Number.NaN;
  return columns.reduce((end: number, entry: unknown) => {
    const [, , type, width, rows, offset] = Array.isArray(entry) ? (entry as ColumnEntry) : [];
    return offset === end ? end + up8(Number(width) * Number(rows) * (type === 'f64' ? 8 : 4)) : Number.NaN;
  }, 0);
}

function readContents(bytes: Uint8Array): { names: Contents; columns: ColumnEntry[]; start: number } {
  if (Object.prototype.toString.call(bytes) !== '[object Uint8Array]') {
    throw new MarginError('type', { path: 'bytes', got: bytes, expected: 'a Uint8Array' });
  }
  if (!isEncoded(bytes))
    throw new MarginError('format', { path: 'bytes', expected: `a binary book, starting with "${MAGIC}"` });
  if (bytes.length < HEAD)
    throw new MarginError('truncated', { path: 'bytes', got: bytes.length, expected: `at least ${HEAD} bytes` });
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  const version = head.getUint16(6, true);
  if (version !== VERSION)
    throw new MarginError('format', { path: 'version', got: version, expected: `version ${VERSION}` });
  const length = head.getUint32(8, true);
  const start = up8(HEAD + length);
  if (start > bytes.length)
    throw new MarginError('truncated', { path: 'bytes', got: bytes.length, expected: `at least ${start} bytes` });
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(HEAD, HEAD + length)));
  } catch {
    // The checksum says whether the contents were damaged or written so.
  }
  // Before the checksum, which is wrong too where bytes are missing.
  const end = start + lengthOf(isObject(json) ? json.columns : undefined);
  if (end > bytes.length)
    throw new MarginError('truncated', { path: 'bytes', got: bytes.length, expected: `${end} bytes` });
  const crc = crc32(bytes.subarray(HEAD));
  if (crc !== head.getUint32(12, true)) {
    throw new MarginError('corrupt', {
      path: 'checksum',
      got: crc,
      expected: `${head.getUint32(12, true)}`,
      hint: 'The bytes were changed after they were written',
    });
  }
  if (json === undefined) throw corrupt('contents', 'a table of contents in JSON');
  const f = new Fields(json, 'contents', [
    'head',
    'assets',
    'markets',
    'accounts',
    'underlyings',
    'expiries',
    'models',
    'columns',
  ]);
  const h = new Fields(f.raw('head'), 'contents.head', ['numeraire', 'time', 'liquidatableWhen']);
  const list = (key: string): string[] => {
    const names = f.list(key);
    const seen = new Set<unknown>();
    names.forEach((name, i) => {
      if (typeof name !== 'string' || name === '')
        throw corrupt(`contents.${key}[${i}]`, 'a text that is not empty', name);
      if (seen.has(name)) throw corrupt(`contents.${key}[${i}]`, 'a name of its own', name);
      seen.add(name);
    });
    return names as string[];
  };
  const names: Contents = {
    head: headOf(h),
    assets: list('assets'),
    markets: list('markets'),
    accounts: list('accounts'),
    underlyings: list('underlyings'),
    expiries: list('expiries'),
    models: f.list('models') as ModelJSON[],
  };
  return { names, columns: f.list('columns') as ColumnEntry[], start };
}

/** The column table must be the layout's own, its columns behind one another as they are written, and inside the buffer. */
function checkColumns(columns: ColumnEntry[], room: number): Record<Section, number> {
  const rows = {} as Record<Section, number>;
  let i = 0;
  let end = 0;
  for (const s of sections) {
    for (const [name, c] of inputs(s)) {
      const path = `contents.columns[${i}]`;
      const entry = columns[i++];
      if (!Array.isArray(entry) || entry[0] !== s || entry[1] !== name || entry[2] !== c.type || entry[3] !== c.width) {
        throw corrupt(path, `["${s}", "${name}", "${c.type}", ${c.width}, rows, offset]`, entry);
      }
      const [, , , , n, offset] = entry;
      const whole = (x: unknown): x is number => typeof x === 'number' && Number.isInteger(x) && x >= 0;
      if (!whole(n) || !whole(offset) || offset % 8 !== 0)
        throw corrupt(path, 'whole rows and an offset that is a multiple of 8', entry);
      if (rows[s] !== undefined && rows[s] !== n) throw corrupt(path, `${rows[s]} rows, as the columns before it`, n);
      rows[s] = n;
      if (offset + n * bytesOf(c) > room) {
        throw new MarginError('truncated', {
          path,
          got: room,
          expected: `at least ${offset + n * bytesOf(c)} bytes of columns`,
        });
      }
      // Of two columns that share bytes one would be read as the other.
      if (offset !== end) throw corrupt(path, `the offset ${end}, behind the column before it`, entry);
      end += up8(n * bytesOf(c));
    }
  }
  if (columns.length !== i) throw corrupt('contents.columns', `${i} columns`, columns.length);
  return rows;
}

/** Fills an empty store and returns the names. @param slack - rows to reserve beside those that are read, as a share of them @throws MarginError format, truncated, corrupt; throw the store away then */
export function decodeBook(
  store: Store,
  bytes: Uint8Array,
  slack: (section: Section) => number,
  scenarios: (path: string) => ScenarioEngine,
): Contents {
  const { names, columns, start } = readContents(bytes);
  const rows = checkColumns(columns, bytes.length - start);
  if (rows.house !== 1) throw corrupt('house', 'one row', rows.house);
  const counts: [Section, readonly string[]][] = [
    ['asset', names.assets],
    ['market', names.markets],
    ['account', names.accounts],
    ['expiry', names.expiries],
  ];
  for (const [s, list] of counts) {
    if (rows[s] !== list.length) throw corrupt(`contents.${s}s`, `${rows[s]} names`, list.length);
  }
  for (const s of sections) {
    const n = rows[s] ?? 0;
    store.reserve(s, n + Math.ceil(n * slack(s)));
    store.setCount(s, n);
  }
  columns.forEach(([s, name, type, width, n, offset]) => {
    const view = (store.columns[s] as Record<string, Float64Array | Uint32Array>)[name] as Float64Array;
    const size = width * n * (type === 'f64' ? 8 : 4);
    asBytes(view).set(bytes.subarray(start + offset, start + offset + size));
  });
  checkRows(store, names, scenarios);
  deriveTables(store);
  return names;
}
