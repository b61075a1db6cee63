// 10,000 requests that mean harm: none of them ends the worker or is told that the worker is to blame, none that is refused
// changes the book, and afterwards a known check has its known answer.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Book } from 'margin-kernel';
import { hostile } from './mutations.mjs';
import { ask, bytes, exported, put, random, SEED, worker } from './worker.mjs';

const REQUESTS = Number(process.env.REQUESTS ?? 10_000);
const AT_ONCE = 8;
const PATIENCE = 20_000;

/**
 * Sends a request as it is, also one that no client would send.
 * @param {number} port
 * @param {import('./mutations.mjs').Hostile} request
 * @returns {Promise<{ status: number, text: string }>} status 0: closed without an answer
 */
function send(port, { method, path, headers, body, chunked }) {
  return new Promise((resolve, reject) => {
    let text = '';
    const length = chunked ? 'transfer-encoding: chunked' : `content-length: ${body.length}`;
    const lines = Object.entries(headers)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer to ${method} ${path}`)));
    socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines.join('')}${length}\r\n\r\n`);
    if (!chunked) socket.write(body);
    else {
      for (let i = 0; i < body.length; i += 16_000) {
        const part = body.subarray(i, i + 16_000);
        socket.write(`${part.length.toString(16)}\r\n`);
        socket.write(part);
        socket.write('\r\n');
      }
      socket.write('0\r\n\r\n');
    }
    /** @type {Error | undefined} */
    let failure;
    socket.setEncoding('latin1').on('data', (data) => {
      text += data;
      // workerd waits for seconds before it closes a connection: whoever has the whole answer goes first.
      if (isWhole(text, method)) socket.destroy();
    });
    socket.once('error', (error) => {
      failure = error;
    });
    socket.once('close', () => {
      // A body that was not wanted may meet a connection that is closed.
      const gone = failure && 'code' in failure && (failure.code === 'ECONNRESET' || failure.code === 'EPIPE');
      if (failure && !gone) reject(failure);
      else resolve({ status: Number(text.slice(9, 12)), text });
    });
  });
}

/** Whether a text is the whole of an answer. @param {string} text @param {string} method */
function isWhole(text, method) {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end + 2))?.[1];
  if (method === 'HEAD') return true;
  return length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= end + 4 + Number(length);
}

test(`${REQUESTS} hostile requests, seed ${SEED}`, { timeout: 300_000 }, async () => {
  const server = await worker();
  const port = Number(new URL(server.url).port);
  const book = Book.decode(bytes);
  const accounts = Array.from({ length: 20 }, (_, i) => book.accountId(i * 7));
  const known = { account: accounts[3], order: { market: 'BTC/USDT:USDT', side: 'buy', size: 0.01, price: 61_000 } };
  const check = async () => {
    const { status, json } = await ask(server.url, '/check', known);
    assert.equal(status, 200);
    const { sequence: _, ...verdict } = json;
    return verdict;
  };
  /** @type {Map<string, number>} */
  const seen = new Map();
  try {
    await put(server.url);
    const answer = await check();
    // Rounds, so that what is accepted (it happens) is known before the book is compared.
    for (let i = 0; i < REQUESTS; i += AT_ONCE) {
      const requests = Array.from({ length: AT_ONCE }, (_, k) => hostile(random(SEED + i + k), accounts));
      const answers = await Promise.all(requests.map((request) => send(port, request)));
      let written = false;
      for (const [k, { status, text }] of answers.entries()) {
        const { method, path, what, body } = /** @type {import('./mutations.mjs').Hostile} */ (requests[k]);
        const told = `seed ${SEED + i + k}, ${what}: ${method} ${path.slice(0, 60)} ${body.subarray(0, 200)}: ${text.slice(0, 800)}`;
        // A method that HTTP does not have is refused by workerd itself, in its own words.
        assert.ok(status < 500, told);
        assert.ok(status > 0 || body.length > 64 * 1024 || what === 'headers', told);
        if (status >= 400 && method !== 'HEAD' && /problem\+json/.test(text)) {
          const problem = JSON.parse(
            text.slice(text.indexOf('\r\n\r\n') + 4).replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/gi, ''),
          );
          assert.equal(problem.status, status, told);
          assert.ok(typeof problem.code === 'string' && JSON.stringify(problem).length < 1500, told);
        }
        if (status === 200 && method !== 'GET' && method !== 'HEAD' && !path.startsWith('/check')) written = true;
        const key = `${what} ${status}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
      if (written) assert.equal((await put(server.url)).status, 200);
      else if (i % 100 === 0)
        assert.equal(
          Buffer.compare(await exported(server.url), bytes),
          0,
          `seed ${SEED}, before ${i + AT_ONCE}: another book`,
        );
      if (i % 100 === 0) assert.deepEqual(await check(), answer, `seed ${SEED}, before ${i + AT_ONCE}`);
    }
    assert.ok(server.alive());
    assert.deepEqual(await check(), answer);
    assert.equal(Buffer.compare(await exported(server.url), bytes), 0);
    assert.equal(server.log.join(''), '', 'the worker has logged a defect');
  } finally {
    await server.stop();
    console.log(
      [...seen]
        .sort()
        .map(([what, n]) => `${what}: ${n}`)
        .join(', '),
    );
  }
});
