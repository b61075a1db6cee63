// What happens to the book: snapshots that are taken whole or not, batches that happen whole or not, and what a restart brings back.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Book } from 'margin-kernel';
import { sample } from '../scripts/sample.mjs';
import { ask, bytes, exported, put, SNAPSHOT, TOKEN, worker } from './worker.mjs';

/** @type {Awaited<ReturnType<typeof worker>>} */
let server;
before(async () => {
  server = await worker();
});
after(() => server.stop());

const MARKET = 'BTC/USDT:USDT';
const ID = Book.decode(bytes).accountId(3);
const CHECK = { account: ID, order: { market: MARKET, side: 'buy', size: 0.001 } };

test('without a book there is nothing to check, and health says so', async () => {
  assert.deepEqual((await ask(server.url, '/health')).json.status, 'empty');
  const { status, json } = await ask(server.url, '/check', { account: 'a', order: {} });
  assert.deepEqual([status, json.code, json.hint], [503, 'no-book', 'None has been put yet']);
});

test('a snapshot comes back byte for byte', async () => {
  const { status, json } = await put(server.url);
  assert.equal(status, 200);
  assert.deepEqual([json.status, json.sequence, json.rows.accounts], ['ready', 1, 300]);
  assert.equal(Buffer.compare(await exported(server.url), bytes), 0);
});

test('a refused snapshot leaves the old one standing', async () => {
  const damaged = bytes.slice();
  damaged[bytes.length - 9] = /** @type {number} */ (damaged[bytes.length - 9]) ^ 1;
  for (const [body, code] of /** @type {[Uint8Array<ArrayBuffer>, string][]} */ ([
    [damaged, 'corrupt'],
    [bytes.slice(0, 1000), 'truncated'],
    [new Uint8Array(0), 'format'],
    [new TextEncoder().encode('{"format":"margin-kernel/book@1"}'), 'format'],
  ])) {
    const { status, json } = await put(server.url, body);
    assert.deepEqual([status, json.code], [422, code], JSON.stringify(json));
    assert.equal(Buffer.compare(await exported(server.url), bytes), 0);
  }
});

test('a tick is applied as a whole or not at all', async () => {
  const book = Book.decode(bytes);
  const marks = [
    { market: MARKET, mark: '61000.5', fundingIndex: 12 },
    { market: 'ETH/USDT:USDT', mark: 3000, index: 3001 },
  ];
  const refused = await ask(server.url, '/marks', { marks: [...marks, { market: 'SOL/USDT:USDT', mark: -1 }] });
  assert.deepEqual([refused.status, refused.json.code, refused.json.path], [422, 'range', 'marks[2].mark']);
  assert.equal(Buffer.compare(await exported(server.url), bytes), 0);
  const { json } = await ask(server.url, '/marks', { marks, prices: [{ asset: 'USDT', price: 0.9995 }] });
  assert.deepEqual(json, { sequence: 2, applied: 3 });
  book.setMark(MARKET, '61000.5');
  book.setFundingIndex(MARKET, 12);
  book.setMark('ETH/USDT:USDT', 3000, { index: 3001 });
  book.setPrice('USDT', 0.9995);
  assert.equal(Buffer.compare(await exported(server.url), Buffer.from(book.encode())), 0);
});

test('a batch of accounts is applied as a whole or not at all, each of its updates on what those before it leave', async () => {
  await put(server.url);
  const book = Book.decode(bytes);
  const order = { market: MARKET, side: 'buy', size: 0.5, price: 60_000 };
  const state = { id: 'new', balances: { USDT: '1000.5' }, positions: [{ market: MARKET, size: -1, entry: 61_000 }] };
  const updates = [
    { kind: 'set', account: state },
    { kind: 'deposit', account: 'new', asset: 'USDT', amount: -100, bucket: 2 },
    { kind: 'fill', account: ID, market: MARKET, size: -0.25, price: '61100.5', fee: 3 },
    { kind: 'place', account: ID, ...order },
    { kind: 'cancel', account: ID, ...order },
    { kind: 'place', account: 'new', ...order },
    { kind: 'leverage', account: 'new', market: MARKET, leverage: 20 },
    { kind: 'terms', account: 'new', marginMultiplier: 1.5 },
    { kind: 'set', account: { id: ID, balances: { USDT: 7 } } },
  ];
  const refusals = /** @type {[object, number, string, string][]} */ ([
    [{ kind: 'cancel', account: 'new', ...order, size: 0.6 }, 422, 'range', 'updates[9].size'],
    [{ kind: 'deposit', account: 'nobody', asset: 'USDT', amount: 1 }, 422, 'unknown-id', 'updates[9].account'],
    [{ kind: 'deposit', account: 'new', asset: 'USDX', amount: 1 }, 422, 'unknown-id', 'updates[9].asset'],
    [{ kind: 'fill', account: 'new', market: MARKET, size: 1e300, price: 1 }, 422, 'range', 'updates[9].size'],
    [{ kind: 'withdraw', account: 'new' }, 422, 'type', 'updates[9].kind'],
    [{ kind: 'terms', account: 'new', marginMultiplyer: 1 }, 422, 'unknown-key', 'updates[9].marginMultiplyer'],
    [{ kind: 'set', account: { id: 'x', balance: {} } }, 422, 'unknown-key', 'updates[9].account.balance'],
  ]);
  for (const [last, status, code, path] of refusals) {
    const { status: got, json } = await ask(server.url, '/accounts', { updates: [...updates, last] });
    assert.deepEqual([got, json.code, json.path], [status, code, path], JSON.stringify(json));
    assert.equal(Buffer.compare(await exported(server.url), bytes), 0);
  }
  const { json } = await ask(server.url, '/accounts', { updates });
  assert.equal(json.applied, updates.length, JSON.stringify(json));
  book.addAccount(/** @type {any} */ (state));
  book.deposit('new', 'USDT', -100, { bucket: 2 });
  book.placeOrder('new', /** @type {any} */ (order));
  book.setLeverage('new', MARKET, 20);
  book.setTerms('new', { marginMultiplier: 1.5 });
  book.fill(ID, { market: MARKET, size: -0.25, price: '61100.5', fee: 3 });
  book.replaceAccount({ id: ID, balances: { USDT: 7 } });
  assert.equal(Buffer.compare(await exported(server.url), Buffer.from(book.encode())), 0);
});

test('a batch that says its number is taken once, and in its place', async () => {
  const { sequence } = (await ask(server.url, '/health')).json;
  const updates = [{ kind: 'deposit', account: ID, asset: 'USDT', amount: 1 }];
  const first = await ask(server.url, '/accounts', { sequence: sequence + 1, updates });
  assert.equal(first.json.sequence, sequence + 1);
  for (const [said, hint] of [
    [sequence + 1, 'A batch of this number is in the book'],
    [sequence + 3, 'Batches before it are missing'],
  ]) {
    const { status, json } = await ask(server.url, '/accounts', { sequence: said, updates });
    assert.deepEqual([status, json.code, json.expected, json.hint], [409, 'sequence', String(sequence + 2), hint]);
  }
});

/**
 * A worker whose storage outlives it. `restart` kills it, starts another one and asserts that it has the same book, at the same number.
 * @param {Parameters<typeof worker>[0]} options
 * @param {(one: Awaited<ReturnType<typeof worker>>, restart: () => Promise<Awaited<ReturnType<typeof worker>>>) => Promise<void>} run
 */
async function lasting(options, run) {
  const storage = await mkdtemp(join(tmpdir(), 'edge-check-storage-'));
  const start = () => worker({ ...options, storage });
  let one = await start();
  const state = async () => [(await ask(one.url, '/health')).json.sequence, await exported(one.url)];
  const restart = async () => {
    const had = await state();
    await one.stop('SIGKILL');
    one = await start();
    assert.deepEqual(await state(), had);
    return one;
  };
  try {
    await run(one, restart);
  } finally {
    await one.stop();
    await rm(storage, { recursive: true, force: true });
  }
}

test('a worker that is killed comes back with the book, batches since the snapshot and all', async () => {
  await lasting({}, async ({ url }, restart) => {
    const marks = (/** @type {number} */ mark) => ask(url, '/marks', { marks: [{ market: MARKET, mark }] });
    await put(url);
    await marks(50_000);
    await put(url);
    for (let i = 0; i < 150; i++) await marks(60_000 + i);
    await ask(url, '/accounts', { updates: [{ kind: 'set', account: { id: 'late', balances: { USDT: 5 } } }] });
    assert.equal((await ask(url, '/health')).json.sequence, 154);
    for (let i = 0; i < 2; i++) await restart();
  });
});

test('many batches become a snapshot again, and a start after it brings back the same book', async () => {
  const bindings = { WRITE_TOKEN: TOKEN, JOURNAL_BATCHES: '10' };
  await lasting({ bindings }, async ({ url }, restart) => {
    await put(url);
    for (let i = 0; i < 64; i++) {
      const { status, text } = await ask(url, '/accounts', {
        updates: [{ kind: 'deposit', account: ID, asset: 'USDT', amount: i }],
      });
      assert.equal(status, 200, text);
    }
    const one = await restart();
    assert.equal((await ask(one.url, '/health')).json.sequence, 65);
  });
});

test('a snapshot that is put while batches become one is what a start brings back', async () => {
  // Of many parts, so that it would be stored after the one that is put behind it.
  const long = await sample(20_000);
  await lasting({ bindings: { WRITE_TOKEN: TOKEN, JOURNAL_BATCHES: '0' } }, async (first, restart) => {
    let { url } = first;
    for (const wait of [1, 2, 4, 8]) {
      await put(url, long);
      const batch = ask(url, '/marks', { marks: [{ market: MARKET, mark: 50_000 }] });
      await delay(wait);
      const next = await put(url);
      assert.deepEqual([(await batch).status, next.status], [200, 200]);
      url = (await restart()).url;
    }
  });
});

test('a batch that was taken is taken again at a start, however near the end of the memory', async () => {
  const bindings = { WRITE_TOKEN: TOKEN, JOURNAL_BATCHES: '7', MOST_MEMORY: String(2.5 * 1024 * 1024) };
  await lasting({ bindings, objects: 'apart' }, async (first, restart) => {
    let { url, other } = first;
    await put(url);
    let taken = 1;
    for (let refused = false; !refused && taken < 2000; ) {
      const updates = Array.from({ length: 100 }, (_, i) => ({
        kind: 'set',
        account: {
          id: `late ${taken}-${i}`,
          balances: { USDT: 5 },
          positions: [{ market: MARKET, size: 1, entry: 60_000 }],
        },
      }));
      const { status, json } = await ask(url, '/accounts', { updates });
      refused = status === 422;
      if (refused) assert.deepEqual([json.code, json.path], ['memory', 'book']);
      else taken += 1;
    }
    assert.ok(taken > 20, `${taken} batches`);
    // A book may take more memory when it is made again; here the limit goes down.
    bindings.MOST_MEMORY = '1';
    for (let i = 0; i < 3; i++) {
      assert.equal((await ask(other, '/check', { ...CHECK, sequence: taken })).json.sequence, taken);
      ({ url, other } = await restart());
      assert.equal((await ask(url, '/health')).json.sequence, taken);
    }
  });
});

/** A snapshot of which a kilobyte comes, and no more. @param {string} url */
function stalled(url) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const head = Object.entries({ host: 'x', ...SNAPSHOT, 'content-length': String(bytes.length) });
  socket.write(`PUT /snapshot HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  socket.write(bytes.subarray(0, 1000));
  return { socket, answer: once(socket, 'data').then(([data]) => String(data)) };
}

test('a snapshot that stalls keeps back the next one for a while, and nothing else', async () => {
  const one = await worker({ bindings: { WRITE_TOKEN: TOKEN, PATIENCE: '1000' } });
  let next = await put(one.url);
  let first = stalled(one.url);
  try {
    // Who is first is not known: one that comes while another is read is told so at once, and tries again.
    for (let i = 0; i < 200 && next.status === 200; i++) {
      const told = await Promise.race([first.answer, delay(5)]);
      if (told !== undefined) {
        first.socket.destroy();
        first = stalled(one.url);
      }
      next = await put(one.url);
    }
    assert.deepEqual([next.status, next.json.code], [409, 'busy']);
    assert.equal((await ask(one.url, '/marks', { marks: [{ market: MARKET, mark: 60_000 }] })).status, 200);
    assert.match(await first.answer, /^HTTP\/1.1 408 [\s\S]*urn:margin-kernel:problem:timeout/);
    assert.equal((await put(one.url)).status, 200);
  } finally {
    first.socket.destroy();
    await one.stop();
  }
});
