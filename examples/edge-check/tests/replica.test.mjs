// Doors that are not where the object is: what they know of the book, how soon, and that it is the same book.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Book, check } from 'margin-kernel';
import { ask, bytes, exported, put, TOKEN, worker } from './worker.mjs';

const MARKET = 'BTC/USDT:USDT';
const ORDER = /** @type {const} */ ({ market: MARKET, side: 'buy', size: 0.001 });
const ID = Book.decode(bytes).accountId(3);
/** Milliseconds: what the README promises, where nobody would ask between checks; and more, for a machine that is busy. */
const MOST_AGE = 1000;
const SOON = 5000;
/** workerd gives an object up that has not been asked for ten seconds. */
const IDLE = 13_000;

const told = (/** @type {string} */ url, more = {}) => ask(url, '/check', { account: ID, order: ORDER, ...more });
const marks = (/** @type {string} */ url, /** @type {number} */ mark) =>
  ask(url, '/marks', { marks: [{ market: MARKET, mark }] });
const deposit = (/** @type {string} */ url, /** @type {number} */ amount) =>
  ask(url, '/accounts', { updates: [{ kind: 'deposit', account: ID, asset: 'USDT', amount }] });

/** Asserts that a door says of a batch what Node says of the book. @param {string} url @param {number} sequence @param {Book} book */
async function same(url, sequence, book) {
  const { status, json, text } = await told(url, { sequence });
  assert.equal(status, 200, text);
  assert.deepEqual(json, { sequence, ...JSON.parse(JSON.stringify(check(book, ID, ORDER))) });
}

test('a door where a batch was not sent has it at once when asked for its number, and soon in any case', async () => {
  const server = await worker({ objects: 'apart' });
  try {
    const book = Book.decode(bytes);
    for (const url of [server.url, server.other]) assert.equal((await told(url)).json.code, 'no-book');
    await put(server.url);
    await same(server.url, 1, book);
    await same(server.other, 1, book);
    for (const [i, mark] of [61_000, 61_500, 60_000].entries()) {
      book.setMark(MARKET, mark);
      assert.equal((await marks(server.other, mark)).json.sequence, i + 2);
      assert.equal((await told(server.other)).json.sequence, i + 2, 'who has written finds it');
      await same(server.url, i + 2, book);
    }
    const waited = [];
    for (const sequence of [5, 6, 7, 8, 9]) {
      await marks(server.other, 59_000 + sequence);
      const start = performance.now();
      while ((await told(server.url)).json.sequence < sequence) {
        assert.ok(performance.now() - start < SOON, 'the batch never came');
        await pause(20);
      }
      waited.push(performance.now() - start);
    }
    assert.ok(Math.min(...waited) < MOST_AGE / 2, `came after ${waited} ms`);
    const { status, json } = await told(server.url, { sequence: 10 });
    assert.deepEqual([status, json.code, json.expected], [409, 'sequence', 'at most 9']);
    assert.equal((await told(server.url, { sequence: -1 })).json.path, 'sequence');
    assert.equal(server.log.join(''), '');
  } finally {
    await server.stop();
  }
});

test('a door that is far behind, or has a snapshot that was replaced, catches up with the same book', async () => {
  const server = await worker({ objects: 'apart', bindings: { WRITE_TOKEN: TOKEN, JOURNAL_BATCHES: '60' } });
  try {
    let book = Book.decode(bytes);
    await put(server.url);
    await same(server.other, 1, book);
    let sequence = 1;
    // More batches than are told at once, then more than are kept beside a snapshot.
    for (const batches of [50, 100]) {
      for (let i = 0; i < batches; i++) {
        book.deposit(ID, 'USDT', 1 + i);
        await deposit(server.url, 1 + i);
      }
      sequence += batches;
      await same(server.other, sequence, book);
    }
    // A snapshot starts another edition; its number goes on, so what the door has could be mistaken for a part of it.
    book = Book.decode(bytes);
    await put(server.url);
    await same(server.other, sequence + 1, book);
    assert.equal(Buffer.compare(await exported(server.other), bytes), 0);
    assert.equal(server.log.join(''), '');
  } finally {
    await server.stop();
  }
});

test('an object that was given up comes back with the book, whoever has kept it', async () => {
  await Promise.all(
    /** @type {const} */ (['here', 'apart']).map(async (objects) => {
      const server = await worker({ objects });
      try {
        const book = Book.decode(bytes);
        await put(server.url);
        for (let i = 2; i < 40; i++) {
          book.setMark(MARKET, 60_000 + i);
          await marks(server.url, 60_000 + i);
        }
        await same(server.url, 39, book);
        await pause(IDLE);
        await same(server.url, 39, book);
        book.deposit(ID, 'USDT', 5);
        assert.equal((await deposit(server.url, 5)).json.sequence, 40);
        await same(server.url, 40, book);
        assert.equal(Buffer.compare(await exported(server.url), Buffer.from(book.encode())), 0);
        assert.equal(server.log.join(''), '');
      } finally {
        await server.stop();
      }
    }),
  );
});
