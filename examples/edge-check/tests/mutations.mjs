// Requests that mean harm, or that went wrong on their way: values, texts, bytes, headers and whole requests, from a seed.
import { crc32 } from 'node:zlib';
import { bytes, TOKEN } from './worker.mjs';

/** @typedef {ReturnType<typeof import('./worker.mjs').random>} Random */
/** @typedef {{ method: string, path: string, headers: Record<string, string>, body: Buffer, chunked: boolean, what: string }} Hostile */

const VALUES = [
  0,
  -0,
  -1,
  1e308,
  -1e308,
  1e-320,
  1e30,
  1.5,
  null,
  true,
  '',
  ' ',
  '1e400',
  'NaN',
  '0x10',
  '1,000',
  '\u0000',
  '\ud800',
  '🙂',
  [],
  {},
  [[]],
  { a: 1 },
  2 ** 53,
  '9'.repeat(300),
  '__proto__',
  'constructor',
  'toString',
];
const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '0',
  'size',
  'id',
  'sequence',
  'x'.repeat(300),
  '\u0000',
];
const WORDS = [
  '1e999',
  '-1e999',
  '01',
  '+1',
  '.5',
  '1.',
  'NaN',
  'Infinity',
  'undefined',
  "'a'",
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  '/**/',
  '\ufeff',
  '\u2028',
  '1'.repeat(400),
];
const PATHS = [
  '/',
  '/check',
  '/accounts',
  '/snapshot',
  '/marks',
  '/health',
  '/accounts/%00',
  '/accounts/%ff%fe',
  '/accounts/..%2f..',
  '/../check',
  '//',
  '/check/../../x',
  '/CHECK',
  '/check;x',
  '/check%00',
  '/__proto__',
  '/accounts/__proto__',
  '/accounts/constructor',
  `/${'a/'.repeat(500)}`,
  `/accounts/${'a'.repeat(3000)}`,
  '/check?x=%',
  '/%',
  '/health#x',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK'];
const TYPES = [
  'application/json',
  'application/octet-stream',
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '',
  ';;;',
  'a'.repeat(5000),
];

/** Requests as they should be. @param {Random} r @param {string[]} accounts @returns {{ path: string, method: string, json: any }} */
function good(r, accounts) {
  const account = r.pick(accounts);
  const market = r.pick(['BTC/USDT:USDT', 'ETH/USDT:USDT', 'BTC/USD:BTC']);
  const order = {
    market,
    side: r.pick(['buy', 'sell']),
    size: r.pick([0.01, '0.5', 3]),
    price: r.pick([60_000, '2962.5']),
  };
  const state = {
    id: account,
    balances: { USDT: '5000' },
    positions: [{ market, size: 0.1, entry: 60_000 }],
    orders: [order],
    buckets: [{ bucket: 1, balances: { USDT: 5 } }],
  };
  const updates = [
    { kind: 'set', account: state },
    { kind: 'deposit', account, asset: 'USDT', amount: '12.5' },
    { kind: 'fill', account, market, size: 0.1, price: 60_000, fee: 1 },
    { kind: 'place', account, ...order },
    { kind: 'terms', account, marginMultiplier: 1.5 },
    { kind: 'leverage', account, market, leverage: 10 },
  ];
  return r.pick([
    { path: '/check', method: 'POST', json: { account, order } },
    {
      path: '/check',
      method: 'POST',
      json: { account, order: { market, side: 'buy', size: 1, price: 100 }, brief: true },
    },
    {
      path: '/check',
      method: 'POST',
      json: { account, legs: [order, { ...order, side: 'sell', market: 'SOL/USDT:USDT' }] },
    },
    {
      path: '/marks',
      method: 'POST',
      json: {
        ...(r.chance(0.2) ? { sequence: 5 } : {}),
        marks: [{ market, mark: 61_000, index: 60_900, fundingIndex: 2 }],
        prices: [{ asset: 'BTC', price: '61000' }],
      },
    },
    { path: '/accounts', method: 'POST', json: { updates: updates.slice(0, r.int(1, 6)) } },
    { path: `/accounts/${encodeURIComponent(account)}`, method: 'GET', json: undefined },
  ]);
}

/** Every object and list inside a value. @param {any} value @returns {any[]} */
const inside = (value) =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(inside)] : [];

/** @param {any} json @param {Random} r */
function mutateValue(json, r) {
  const at = r.pick(inside(json));
  const keys = Object.keys(at);
  const key = keys.length > 0 ? r.pick(keys) : '0';
  const how = r.int(0, 5);
  const set = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    Object.defineProperty(at, name, { value, enumerable: true, configurable: true, writable: true });
  if (how === 0) set(key, structuredClone(r.pick(VALUES)));
  else if (how === 1) delete at[key];
  else if (how === 2) set(r.pick(KEYS), structuredClone(r.pick(VALUES)));
  else if (how === 3) {
    let deep = /** @type {any} */ (1);
    for (let n = r.pick([5, 13, 200]); n > 0; n--) deep = r.chance(0.5) ? [deep] : { a: deep };
    set(key, deep);
  } else if (how === 4)
    set(
      key,
      Array.from({ length: r.pick([40, 1100]) }, () => at[key]),
    );
  else set(key, r.next() * 10 ** r.int(-40, 40) * (r.chance(0.3) ? -1 : 1));
}

/** @param {Buffer} out @param {Random} r */
function flip(out, r) {
  const at = r.int(0, out.length - 1);
  out[at] = /** @type {number} */ (out[at]) ^ (1 << r.int(0, 7));
}

/** @param {Buffer} body @param {Random} r */
function mutateBytes(body, r) {
  if (body.length === 0) return Buffer.from([r.int(0, 255)]);
  const out = Buffer.from(body);
  const at = r.int(0, out.length - 1);
  const how = r.int(0, 4);
  if (how === 0) for (let n = r.int(1, 8); n > 0; n--) flip(out, r);
  else if (how === 1) return out.subarray(0, at);
  else if (how === 2)
    return Buffer.concat([
      out.subarray(0, at),
      Buffer.from([0xff, 0xc0, 0xed, 0xa0, 0x80].slice(0, r.int(1, 5))),
      out.subarray(at),
    ]);
  else if (how === 3) return Buffer.concat([out.subarray(0, at), Buffer.from(r.pick(WORDS)), out.subarray(at)]);
  else return Buffer.concat([out.subarray(0, at), out.subarray(Math.max(0, at - r.int(1, 60)))]);
  return out;
}

/** A snapshot with damage: as it is, or with the checksum that fits it. @param {Random} r */
function snapshot(r) {
  const out = Buffer.from(bytes);
  const contents = out.readUInt32LE(8);
  const how = r.int(0, 3);
  // A bit of a column, a number that columns do not have, a byte of the contents, an end.
  if (how === 0) for (let n = r.int(1, 5); n > 0; n--) flip(out, r);
  else if (how === 1)
    out.writeDoubleLE(
      r.pick([Number.NaN, Infinity, -1, 1e300, 0, 5e-324]),
      16 + contents + 8 * r.int(0, ((out.length - contents - 24) >> 3) - 1),
    );
  else if (how === 2) out[16 + r.int(0, contents - 1)] = r.int(0x20, 0x7e);
  const cut = how === 3 ? out.subarray(0, r.int(0, out.length)) : out;
  if (cut.length > 16 && r.chance(0.7)) cut.writeUInt32LE(crc32(cut.subarray(16)), 12);
  return cut;
}

/** @param {Random} r @param {string[]} accounts @returns {Hostile} */
export function hostile(r, accounts) {
  const { path, method, json } = good(r, accounts);
  const authorization = r.chance(0.7)
    ? `Bearer ${TOKEN}`
    : r.pick(['', 'Bearer x', `bearer  ${TOKEN}`, `Bearer ${'a'.repeat(3000)}`]);
  /** @type {Hostile} */
  const request = {
    method,
    path,
    headers: { 'content-type': 'application/json', authorization },
    body: Buffer.alloc(0),
    chunked: r.chance(0.1),
    what: '',
  };
  const kind = r.next();
  if (kind < 0.05) {
    const headers = { ...request.headers, 'content-type': 'application/octet-stream' };
    return { ...request, method: 'PUT', path: '/snapshot', headers, body: snapshot(r), what: 'snapshot' };
  }
  for (let n = r.int(1, 3); n > 0 && json !== undefined; n--) mutateValue(json, r);
  request.body = Buffer.from(json === undefined ? '' : JSON.stringify(json));
  request.what = 'values';
  if (kind < 0.35) return request;
  if (kind < 0.7) {
    for (let n = r.int(1, 3); n > 0; n--) request.body = mutateBytes(request.body, r);
    return { ...request, what: 'bytes' };
  }
  if (kind < 0.8) return { ...request, method: r.pick(METHODS), path: r.pick(PATHS), what: 'route' };
  if (kind < 0.9) {
    const more = {
      'content-type': r.pick(TYPES),
      [r.pick(['accept', 'x-a', 'content-encoding', 'expect', 'range', 'cookie'])]: r.pick([
        'gzip',
        '100-continue',
        'bytes=0-1',
        'a'.repeat(r.pick([10, 4000, 20_000])),
      ]),
    };
    return { ...request, headers: { ...request.headers, ...more }, what: 'headers' };
  }
  if (kind < 0.95) {
    const size = r.pick([64 * 1024 + 1, 200_000, 1024 * 1024 + 1]);
    return {
      ...request,
      chunked: true,
      body: Buffer.alloc(size, r.pick([0x20, 0x5b, 0x22, 0x31, 0x00])),
      what: 'large',
    };
  }
  return { ...request, body: Buffer.from(r.pick(['[', '{"a":', '[[', '"\\']).repeat(r.int(1, 15_000))), what: 'deep' };
}
