// A thread that sends ticks and batches of accounts while another one measures. Told: where to, how often, for whom.
import { parentPort, workerData } from 'node:worker_threads';
import { orders } from './orders.mjs';

const { url, token, ids, ticks, batches } = workerData;
const random = orders(2, ids);
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
let written = 0;
let failed = '';

/** @param {string} path @param {object} body */
async function write(path, body) {
  try {
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (response.ok) written += 1;
    else failed = text;
  } catch (error) {
    failed = String(error);
  }
}
const timers = [
  setInterval(() => void write('/marks', random.tick()), 1000 / ticks),
  setInterval(() => void write('/accounts', random.batch()), 1000 / batches),
];
parentPort?.once('message', () => {
  for (const timer of timers) clearInterval(timer);
  parentPort?.postMessage({ written, failed });
});
