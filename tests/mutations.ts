// Mutations of books, for tests that open doors under fire: objects, texts, bytes and tables of contents that are nearly right.
import { crc32 } from '../bindings/book/crc.js';
import type { Random } from './random-book.js';

type Node = Record<string, unknown> | unknown[];
const isNode = (x: unknown): x is Node => typeof x === 'object' && x !== null;

/** All objects and lists of a value; without recursion, since nests grow. */
function nodesOf(value: Node): Node[] {
  const nodes = [value];
  for (let i = 0; i < nodes.length; i++) nodes.push(...Object.values(nodes[i] ?? []).filter(isNode));
  return nodes;
}

const nest = (depth: number): unknown => {
  let x: unknown = 1;
  for (let i = 0; i < depth; i++) x = i % 2 === 0 ? [x] : { x };
  return x;
};

const VALUES = [
  null,
  undefined,
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  1e30,
  -1e30,
  1e-30,
  1e31,
  1e300,
  5e-324,
  4294967295,
  4294967296,
  2 ** 53,
  true,
  false,
  '',
  ' ',
  'NaN',
  'Infinity',
  '1e999',
  '0x10',
  '1,000',
  '1_0',
  '-',
  '.',
  '1.',
  '.5',
  '١',
  'USDT',
  'BTC',
  'M0',
  'a0',
  'long',
  'initial',
  '__proto__',
  [],
  {},
  [[]],
  [null],
  { initial: 1 },
  { initial: NaN },
  { __proto__: null },
] as const;
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'toJSON',
  'length',
  '0',
  '',
  ' id',
  'ID',
  'price',
  'id',
  'upTo',
];

/** Sets an own key, whatever its name. */
const put = (node: Node, key: string, value: unknown): void => {
  if (Array.isArray(node)) node[Number(key) || 0] = value;
  else Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
};

export function mutate(json: object, r: Random): void {
  const nodes = nodesOf(json as Node);
  const node = r.pick(nodes);
  const keys = Object.keys(node);
  const key = keys.length === 0 ? 'x' : r.pick(keys);
  const old = (node as Record<string, unknown>)[key];
  const drop = (): void => {
    if (Array.isArray(node)) node.splice(Number(key) || 0, 1);
    else delete node[key];
  };
  const kind = r.int(0, 9);
  if (kind <= 2) put(node, key, structuredClone(r.pick(VALUES)));
  else if (kind === 3) drop();
  else if (kind === 4) {
    drop();
    put(node, r.pick([...KEYS, `${key}s`, key.slice(1), key.toUpperCase()]), old);
  } else if (kind === 5) put(node, key, structuredClone(r.pick(nodes)));
  else if (kind === 6) put(node, r.pick(KEYS), structuredClone(old ?? null));
  else if (kind === 7) put(node, key, nest(r.pick([2, 50, 500])));
  else if (kind === 8 && typeof old === 'number')
    put(node, key, r.pick([String(old), old * 1e20, old * 1e-20, -old, old + 1e-9, old * r.between(0.1, 10)]));
  else if (Array.isArray(node)) node.push(structuredClone(r.pick(node.length > 0 ? node : [1])));
  else put(node, key, [old]);
}

/** Text with characters or whole tokens put in, taken out or doubled. */
export function mutateText(text: string, r: Random): string {
  const at = r.int(0, text.length);
  const end = Math.min(text.length, at + r.int(1, 12));
  const token = r.pick([
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '0',
    '-',
    'e',
    '.',
    'null',
    'true',
    '"__proto__":',
    '\u0000',
    '\ud800',
    '1e9',
    '"id":"a0",',
  ]);
  const kind = r.int(0, 3);
  if (kind === 0) return text.slice(0, at) + token + text.slice(at);
  if (kind === 1) return text.slice(0, at) + text.slice(end);
  if (kind === 2) return text.slice(0, end) + text.slice(at);
  return text.slice(0, at) + token + text.slice(end);
}

/** Writes a fitting checksum. */
export function seal(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= 16) new DataView(bytes.buffer).setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

const DOUBLES = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  1e30,
  1e31,
  1e-30,
  1e-31,
  5e-324,
  1e300,
  1e301,
  1.7e308,
  2e81,
  2e60,
  1000,
];
const WORDS = [0, 1, 2, 3, 4, 5, 7, 8, 255, 65536, 0x7fffffff, 0xfffffffe, 0xffffffff];

/** Bytes flipped, cut, put in, doubled or overwritten with numbers that matter. */
export function mutateBytes(bytes: Uint8Array, r: Random): Uint8Array {
  const copy = bytes.slice();
  if (copy.length < 64) return copy;
  const view = new DataView(copy.buffer);
  const at = r.int(0, copy.length - 1);
  const columns = Math.min(Math.ceil((16 + view.getUint32(8, true)) / 8) * 8, Math.floor(copy.length / 16) * 8);
  const anyCell = (): number => columns + 8 * r.int(0, Math.floor((copy.length - columns) / 8) - 1);
  const cell = anyCell();
  const kind = r.int(0, 9);
  if (kind === 0) copy[at] = (copy[at] ?? 0) ^ (1 << r.int(0, 7));
  else if (kind === 1) return copy.slice(0, at);
  else if (kind === 2)
    return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(r.int(0, at), at), ...copy.subarray(at)]);
  else if (kind === 3) return Uint8Array.from([...copy.subarray(0, at), r.int(0, 255), ...copy.subarray(at)]);
  else if (kind <= 6) view.setFloat64(cell, r.pick(DOUBLES), true);
  else if (kind <= 8) view.setUint32(cell + 4 * r.int(0, 1), r.pick(WORDS), true);
  else copy.copyWithin(cell, anyCell(), copy.length - r.int(0, 64));
  return copy;
}

/** Another table of contents before the same columns. */
export function mutateContents(bytes: Uint8Array, r: Random): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  const start = Math.ceil((16 + length) / 8) * 8;
  const contents: object = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
  mutate(contents, r);
  const text = new TextEncoder().encode(JSON.stringify(contents) ?? '');
  const at = Math.ceil((16 + text.length) / 8) * 8;
  const out = new Uint8Array(at + bytes.length - start);
  out.set(bytes.subarray(0, 16));
  new DataView(out.buffer).setUint32(8, text.length, true);
  out.set(text, 16);
  out.set(bytes.subarray(start), at);
  return out;
}
