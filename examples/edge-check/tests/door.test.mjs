// The door: routes, methods, media types, tokens, sizes; what a refusal looks like.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { Book } from 'margin-kernel';
import { ask, bytes, put, SNAPSHOT, TOKEN, worker } from './worker.mjs';

/** @type {Awaited<ReturnType<typeof worker>>} */
let server;
before(async () => {
  server = await worker();
  await put(server.url);
});
after(() => server.stop());

const JSON_TYPE = { 'content-type': 'application/json' };
const ID = Book.decode(bytes).accountId(0);
const ORDER = { market: 'BTC/USDT:USDT', side: 'buy', size: 0.001 };
const call = (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => fetch(server.url + path, init);

test('a refusal is problem+json with code, path, got, expected and hint', async () => {
  const { status, type, json } = await ask(server.url, '/check', {
    account: ID,
    order: { ...ORDER, market: 'BTC/USDT:USDX' },
  });
  assert.deepEqual([status, type], [422, 'application/problem+json']);
  assert.deepEqual(json, {
    type: 'urn:margin-kernel:problem:unknown-id',
    title: 'Refused',
    status: 422,
    detail:
      'unknown-id at order.market: got "BTC/USDT:USDX", expected the id of a market. Did you mean "BTC/USDT:USDT"?',
    code: 'unknown-id',
    path: 'order.market',
    got: 'BTC/USDT:USDX',
    expected: 'the id of a market',
    hint: 'Did you mean "BTC/USDT:USDT"?',
  });
});

test('routes: what is not there is 404, another method 405 with those that are', async () => {
  for (const path of ['/', '/checks', '/check/', '/accounts/a/b', '/accounts/', '/health/x', '//check'])
    assert.equal((await call(path)).status, 404, path);
  for (const [method, path, allow] of [
    ['GET', '/check', 'POST'],
    ['DELETE', '/snapshot', 'GET, HEAD, PUT'],
    ['GET', '/accounts', 'POST'],
    ['PUT', `/accounts/${ID}`, 'GET, HEAD'],
  ]) {
    const response = await call(path ?? '', { method: method ?? '' });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, allow], `${method} ${path}`);
  }
  assert.equal((await call('/health?x=1')).status, 400);
  assert.equal((await call('/accounts/%ff')).status, 400);
  assert.equal((await call('/accounts/nobody')).status, 404);
  const head = await call('/health', { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
});

test('tokens: writes and the export need one, checks do where one is set', async () => {
  for (const authorization of [
    '',
    'Bearer',
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    'Bearer \u00fc',
  ]) {
    const headers = { ...JSON_TYPE, authorization };
    for (const [method, path] of [
      ['POST', '/marks'],
      ['POST', '/accounts'],
      ['GET', '/snapshot'],
    ]) {
      const response = await call(path ?? '', {
        method: method ?? '',
        headers,
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      assert.deepEqual(
        [response.status, response.headers.get('www-authenticate')],
        [401, 'Bearer'],
        `${path} ${authorization}`,
      );
    }
  }
  const closed = await worker({ bindings: { READ_TOKEN: 'read' } });
  try {
    assert.equal((await put(closed.url)).json.code, 'closed');
    const check = (/** @type {string} */ authorization) =>
      fetch(`${closed.url}/check`, { method: 'POST', headers: { ...JSON_TYPE, authorization }, body: '{}' }).then(
        (r) => r.status,
      );
    assert.deepEqual([await check('Bearer no'), await check('Bearer read')], [401, 503]);
    assert.equal((await ask(closed.url, '/health')).status, 200);
  } finally {
    await closed.stop();
  }
});

test('media types: another one is 415, and so is a compressed body', async () => {
  const body = JSON.stringify({ account: ID, order: ORDER });
  const status = (/** @type {Record<string, string>} */ headers) =>
    call('/check', { method: 'POST', headers, body }).then((r) => r.status);
  assert.equal(await status({ 'content-type': 'Application/JSON; charset="UTF-8"' }), 200);
  for (const type of [
    'text/plain',
    'application/jsonx',
    'application/json; charset=latin1',
    'application/octet-stream',
    '',
  ])
    assert.equal(await status({ 'content-type': type }), 415, type);
  assert.equal(await status({ ...JSON_TYPE, 'content-encoding': 'gzip' }), 415);
  assert.equal((await put(server.url, bytes, { ...SNAPSHOT, 'content-type': 'application/json' })).status, 415);
});

test('sizes: a body is read no further than its route allows, whatever its headers say', async () => {
  const stream = (/** @type {number} */ chunks) =>
    new ReadableStream({
      pull(controller) {
        if (chunks-- > 0) controller.enqueue(new Uint8Array(16 * 1024).fill(0x20));
        else controller.close();
      },
    });
  const send = (/** @type {BodyInit} */ body) =>
    call('/check', /** @type {any} */ ({ method: 'POST', headers: JSON_TYPE, body, duplex: 'half' })).then(
      (r) => r.status,
      () => 'closed',
    );
  assert.equal(await send(stream(4)), 400);
  // The connection may be closed before the client has read what it was told.
  assert.ok([413, 'closed'].includes(await send(stream(5))));
  assert.ok([413, 'closed'].includes(await send(stream(5000))));
  assert.equal(await send(' '.repeat(65 * 1024)), 413);
  assert.equal((await ask(server.url, '/health')).status, 200);
});

test('a length that lies does not get further than a true one', async () => {
  const talk = (/** @type {string} */ head, /** @type {string} */ body) =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.end(`${head}\r\n\r\n${body}`));
      socket.setEncoding('latin1').on('data', (data) => {
        text += data;
      });
      socket.once('close', () => resolve(Number(text.slice(9, 12)))).once('error', () => undefined);
    });
  const head = `POST /check HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json`;
  const chunks = `${'4000\r\n'}${' '.repeat(0x4000)}\r\n`.repeat(6);
  assert.ok(
    [400, 413, 0].includes(
      await talk(`${head}\r\ncontent-length: 10\r\ntransfer-encoding: chunked`, `${chunks}0\r\n\r\n`),
    ),
  );
  assert.ok([400, 413, 0].includes(await talk(`${head}\r\ntransfer-encoding: chunked`, `${chunks}0\r\n\r\n`)));
  assert.equal(await talk(`${head}\r\ntransfer-encoding: chunked`, 'zz\r\n'), 400);
  assert.equal(await talk(`${head}\r\ncontent-length: 99999999999`, '{}'), 413);
  assert.equal((await ask(server.url, '/health')).status, 200);
});

test('JSON is read strictly: what is wrong is named with its place', async () => {
  const order = '{"market":"BTC/USDT:USDT","side":"buy","size":1';
  for (const [body, status, code, path] of /** @type {[string, number, string, string][]} */ ([
    ['', 400, 'syntax', 'body'],
    ['{"account":"a",}', 400, 'syntax', 'body'],
    ['\ufeff{}', 400, 'syntax', 'body'],
    [`{"account":"a","order":${order},"size":2}}`, 400, 'duplicate', 'order.size'],
    [`{"account":"a","order":${order},"\\u0073ize":2}}`, 400, 'duplicate', 'order.size'],
    [`{"account":"a","order":${order.slice(0, -1)}1e999}}`, 400, 'not-finite', 'order.size'],
    [`{"account":"a","order":${order.slice(0, -1)}${'1'.repeat(65)}}}`, 400, 'not-finite', 'order.size'],
    [`{"account":"${'a'.repeat(257)}"}`, 400, 'range', 'account'],
    [`{"account":${'['.repeat(12)}${']'.repeat(12)}}`, 400, 'range', 'account[0][0][0][0][0][0][0][0][0][0][0]'],
    [`{"account":"${ID}","order":${order}},"__proto__":{}}`, 422, 'unknown-key', '__proto__'],
    [`{"account":"${ID}","order":${order},"constructor":1}}`, 422, 'unknown-key', 'order.constructor'],
    [`{"account":"${ID}"}`, 422, 'conflict', 'body'],
    [`{"account":7,"order":${order}}}`, 422, 'type', 'account'],
    [`{"account":"${ID}","order":{"market":0,"side":"buy","size":1}}`, 422, 'type', 'order.market'],
    [`{"account":"${ID}","order":${order.slice(0, -1)}"1,000"}}`, 422, 'type', 'order.size'],
    [`{"account":"${ID}","order":${order.slice(0, -1)}-1}}`, 422, 'range', 'order.size'],
    [`{"account":"__proto__","order":${order}}}`, 422, 'unknown-id', 'account'],
    [`{"account":"${ID}","legs":[${order}},${order},"siez":1}]}`, 422, 'unknown-key', 'legs[1].siez'],
    [`{"account":"${ID}","legs":[]}`, 422, 'range', 'legs'],
    ['[]', 422, 'type', 'body'],
    ['null', 422, 'type', 'body'],
  ])) {
    const response = await call('/check', { method: 'POST', headers: JSON_TYPE, body });
    const json = /** @type {any} */ (await response.json());
    assert.deepEqual([response.status, json.code, json.path], [status, code, path], `${body}: ${JSON.stringify(json)}`);
  }
  const latin = await call('/check', { method: 'POST', headers: JSON_TYPE, body: new Uint8Array([0x22, 0xff, 0x22]) });
  assert.deepEqual([latin.status, /** @type {any} */ (await latin.json()).expected], [400, 'UTF-8']);
});
