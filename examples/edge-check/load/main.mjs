// npm run load: latencies of /check at a fixed rate while marks and accounts move, the start of the worker, the check itself, and
// memory, with 100,000 accounts on the loopback interface. Prints what it measured beside what it should be.
import { parseArgs } from 'node:util';
import { bundle } from '../scripts/bundle.mjs';
import { sample } from '../scripts/sample.mjs';
import { serve } from '../scripts/server.mjs';
import { heapUsage } from './inspector.mjs';
import { openLoop } from './open-loop.mjs';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    accounts: { type: 'string', default: '100000' },
    connections: { type: 'string', default: '32' },
    brief: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});
const [rate, seconds, accounts, connections] = [values.rate, values.seconds, values.accounts, values.connections].map(
  Number,
);
const TOKEN = 'load';
const auth = { authorization: `Bearer ${TOKEN}` };
const JSON_TYPE = { 'content-type': 'application/json' };
const MARKETS = [
  ['BTC/USDT:USDT', 61_250],
  ['ETH/USDT:USDT', 2962],
  ['SOL/USDT:USDT', 138.4],
  ['DOGE/USDT:USDT', 0.1194],
];

const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const ms = (/** @type {number} */ x) => `${x.toFixed(2)} ms`;
const say = (/** @type {string} */ what, /** @type {string} */ measured, target = '') =>
  console.log(`${what.padEnd(46)} ${measured.padStart(12)}  ${target}`);
const median = (/** @type {number[]} */ xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1] ?? Number.NaN;

/** mulberry32. */
function random(/** @type {number} */ seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const r = random(1);
const pick = (/** @type {any[]} */ list) => list[Math.floor(r() * list.length)];
const accountId = () => `t${String(1 + Math.floor(r() * (accounts ?? 1))).padStart(7, '0')}`;

/** An order near the mark, of a size of some thousand dollars. */
function body() {
  const [market, mark] = pick(MARKETS);
  const price = Number((mark * (0.99 + 0.02 * r())).toPrecision(4));
  const order = { market, side: pick(['buy', 'sell']), size: Number(((50 + 5000 * r()) / mark).toPrecision(3)), price };
  return JSON.stringify({ account: accountId(), order, ...(values.brief ? { brief: true } : {}) });
}

/** @param {string} url @param {string} path @param {object} json */
async function post(url, path, json) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { ...auth, ...JSON_TYPE },
    body: JSON.stringify(json),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${text}`);
}

/** From the spawn of workerd to its first answer, in ms: ours and that of a worker that does nothing, by turns. */
async function starts() {
  const [ours, empty] = [await bundle(), await bundle('load/empty.ts', 'empty', 'load/wrangler.jsonc')];
  const one = async (/** @type {Parameters<typeof serve>[0]} */ bundled, /** @type {boolean} */ objects) => {
    const start = performance.now();
    const server = await serve(bundled, { objects });
    await (await fetch(`${server.url}/health`)).text();
    const took = performance.now() - start;
    await server.stop('SIGKILL');
    return took;
  };
  /** @type {{ ours: number[], empty: number[] }} */
  const took = { ours: [], empty: [] };
  for (let i = 0; i < 11; i++) {
    took.empty.push(await one(empty, false));
    took.ours.push(await one(ours, true));
  }
  const [a, b] = [median(took.ours), median(took.empty)];
  say('Start of workerd to the first answer', ms(a), `median of 11; fastest ${ms(Math.min(...took.ours))}`);
  say('  of which import and first answer', ms(a - b), `should be <= 5 ms; a worker that does nothing: ${ms(b)}`);
}

/** The check itself, in a request that makes many. @param {Uint8Array<ArrayBuffer>} bytes */
async function inside(bytes) {
  const server = await serve(await bundle('load/inner.ts', 'inner', 'load/wrangler.jsonc'), { objects: false });
  try {
    await fetch(server.url, { method: 'PUT', body: bytes });
    const timed = async (/** @type {string} */ kind, /** @type {number} */ n) => {
      const start = performance.now();
      await (await fetch(`${server.url}/?kind=${kind}&n=${n}`)).text();
      return performance.now() - start;
    };
    for (const [kind, what] of [
      ['into', 'checkInto'],
      ['check', 'check, with liquidation prices'],
      ['brief', 'a brief request, JSON in and out'],
      ['request', 'a request, JSON in and out'],
    ]) {
      const n = 50_000;
      await timed(kind ?? '', n);
      const took = [];
      for (let i = 0; i < 5; i++) took.push((await timed(kind ?? '', n)) - (await timed(kind ?? '', 0)));
      say(
        `Inside: ${what}`,
        `${((median(took) / n) * 1000).toFixed(2)} us`,
        kind === 'into' || kind === 'check' ? 'should be <= 10 us' : '',
      );
    }
  } finally {
    await server.stop('SIGKILL');
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function memory(bytes) {
  const server = await serve(await bundle(), { bindings: { WRITE_TOKEN: TOKEN }, inspect: true });
  const put = async () => {
    let most = 0;
    let done = false;
    const start = performance.now();
    const answer = fetch(`${server.url}/snapshot`, {
      method: 'PUT',
      body: bytes,
      headers: { ...auth, 'content-type': 'application/octet-stream' },
    });
    void answer.then(() => {
      done = true;
    });
    while (!done) {
      const { used, backing } = await heapUsage(server.inspector);
      most = Math.max(most, used + backing);
    }
    const response = await answer;
    const health = /** @type {any} */ (await response.json());
    return { most, health, took: performance.now() - start };
  };
  try {
    const before = await server.resident();
    const first = await put();
    const { used, backing } = await heapUsage(server.inspector);
    say(
      'Snapshot',
      mb(bytes.length),
      `${accounts} accounts, ${first.health.rows.positions} positions; taken in and stored in ${ms(first.took)}`,
    );
    say('  kernel memory', mb(first.health.memory.kernel));
    say('  isolate: objects, buffers and kernel memory', mb(used + backing), 'the platform ends an isolate at 128 MB');
    const second = await put();
    say(
      '  isolate while it is replaced, at most',
      mb(second.most),
      `seen by sampling; ${mb(first.most)} while the first came`,
    );
    say(
      '  process, resident',
      mb(await server.resident()),
      `${mb(before)} without a book; garbage of both snapshots is in it`,
    );
  } finally {
    await server.stop('SIGKILL');
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function load(bytes) {
  const server = await serve(await bundle(), { bindings: { WRITE_TOKEN: TOKEN } });
  const port = Number(new URL(server.url).port);
  try {
    const headers = { ...auth, 'content-type': 'application/octet-stream' };
    const put = await fetch(`${server.url}/snapshot`, { method: 'PUT', body: bytes, headers });
    if (!put.ok) throw new Error(await put.text());
    const options = { port, rate: rate ?? 0, connections: connections ?? 0, next: body };
    await openLoop({ ...options, seconds: 3 });
    const report = (
      /** @type {string} */ what,
      /** @type {Awaited<ReturnType<typeof openLoop>>} */ { latencies, statuses, late, elapsed },
    ) => {
      const at = (/** @type {number} */ q) =>
        latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? Number.NaN;
      const told = [...statuses].map(([status, n]) => `${n} x ${status}`).join(', ');
      say(`POST /check, ${what}`, `${Math.round((latencies.length / elapsed) * 1000)}/s`, told);
      say('  p50', ms(at(0.5)));
      say('  p99', ms(at(0.99)), 'should be <= 2 ms');
      say('  p99.9', ms(at(0.999)));
      say('  max', ms(at(1)), `the latest request left ${ms(late)} after it was due`);
    };
    report('nothing else moves', await openLoop({ ...options, seconds: seconds ?? 0 }));
    let writes = 0;
    let failed = '';
    const write = (/** @type {string} */ path, /** @type {object} */ json) =>
      post(server.url, path, json).then(
        () => {
          writes += 1;
        },
        (error) => {
          failed = String(error);
        },
      );
    const marks = setInterval(
      () =>
        void write('/marks', {
          marks: MARKETS.map(([market, mark]) => ({
            market,
            mark: Number((Number(mark) * (0.99 + 0.02 * r())).toPrecision(6)),
          })),
        }),
      100,
    );
    const fills = setInterval(() => {
      const deposits = Array.from({ length: 5 }, () => ({
        kind: 'deposit',
        account: accountId(),
        asset: 'USDT',
        amount: 10,
      }));
      void write('/accounts', {
        updates: [
          ...deposits,
          { kind: 'fill', account: accountId(), market: 'ETH/USDT:USDT', size: 0.01, price: 2962 },
        ],
      });
    }, 50);
    const result = await openLoop({ ...options, seconds: seconds ?? 0 });
    clearInterval(marks);
    clearInterval(fills);
    report('10 ticks/s, 20 batches/s', result);
    say('  batches taken in and stored', String(writes), failed);
    say('  process, resident', mb(await server.resident()));
  } finally {
    await server.stop('SIGKILL');
  }
}

const bytes = await sample(accounts ?? 0);
await starts();
await inside(bytes);
await memory(bytes);
await load(bytes);
