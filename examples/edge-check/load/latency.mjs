// Latencies of POST /check at a fixed rate, alone and while marks and accounts move; and first those of a worker that does
// nothing, which is what this machine and the generator are good for just now.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { bundle } from '../scripts/bundle.mjs';
import { serve } from '../scripts/server.mjs';
import { openLoop } from './open-loop.mjs';
import { orders } from './orders.mjs';
import { mb, ms, quantile, say } from './report.mjs';

const TOKEN = 'load';
const TICKS = 10;
const BATCHES = 20;
const WARM_UP = 3;

/** CPU time of a process in ms; NaN where there is no /proc. @param {number} pid */
async function cpu(pid) {
  try {
    const [user, system] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return (Number(user) + Number(system)) * 10;
  } catch {
    return Number.NaN;
  }
}

/** @param {string} what @param {import('../scripts/server.mjs').Server} server @param {Omit<Parameters<typeof openLoop>[0], 'port'>} options @param {string} [target] */
async function measure(what, server, options, target) {
  const port = Number(new URL(server.url).port);
  const before = await cpu(server.pid);
  const { latencies, statuses, late, elapsed } = await openLoop({ ...options, port });
  const spent = ((await cpu(server.pid)) - before) / latencies.length;
  const told = [...statuses].map(([status, n]) => `${n} x ${status}`).join(', ');
  say(what, `${Math.round((latencies.length / elapsed) * 1000)}/s`, told);
  say('  p50', ms(quantile(latencies, 0.5)));
  say('  p99', ms(quantile(latencies, 0.99)), target);
  say('  p99.9', ms(quantile(latencies, 0.999)));
  say('  max', ms(quantile(latencies, 1)), `the latest request left ${ms(late)} after it was due`);
  say('  processor time of workerd a request', ms(spent));
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {readonly string[]} ids
 * @param {{ rate: number, seconds: number, connections: number, brief: boolean }} options
 */
export async function latency(bytes, ids, { brief, ...options }) {
  const random = orders(1, ids);
  const loop = { ...options, next: () => JSON.stringify({ ...random.check(), ...(brief ? { brief } : {}) }) };
  const empty = await serve(await bundle('load/empty.ts', 'empty', 'load/wrangler.jsonc'), { objects: 'none' });
  try {
    await openLoop({ ...loop, seconds: WARM_UP, port: Number(new URL(empty.url).port) });
    await measure('A worker that does nothing', empty, loop, 'what this machine is good for just now');
  } finally {
    await empty.stop('SIGKILL');
  }
  const server = await serve(await bundle(), { bindings: { WRITE_TOKEN: TOKEN } });
  try {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/octet-stream' };
    const put = await fetch(`${server.url}/snapshot`, { method: 'PUT', headers, body: bytes });
    if (!put.ok) throw new Error(await put.text());
    await openLoop({ ...loop, seconds: WARM_UP, port: Number(new URL(server.url).port) });
    await measure('POST /check, nothing else moves', server, loop, 'should be <= 2 ms');
    const workerData = { url: server.url, token: TOKEN, ids: ids.slice(0, 1000), ticks: TICKS, batches: BATCHES };
    const writer = new Worker(new URL('writer.mjs', import.meta.url), { workerData });
    await once(writer, 'online');
    await measure(`POST /check, ${TICKS} ticks/s, ${BATCHES} batches/s`, server, loop, 'should be <= 2 ms');
    writer.postMessage('end');
    const [{ written, failed }] = await once(writer, 'message');
    say('  ticks and batches taken in and stored', String(written), failed);
    say('  process, resident', mb(await server.resident()));
  } finally {
    await server.stop('SIGKILL');
  }
}
