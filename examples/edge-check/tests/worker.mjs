// A worker for a test: the bundle that run.mjs has made, with a sample in it, and short ways to ask it.
import { join } from 'node:path';
import { bundled, root } from '../scripts/bundle.mjs';
import { sample } from '../scripts/sample.mjs';
import { serve } from '../scripts/server.mjs';

export const TOKEN = 'write-token-of-a-test';
export const ACCOUNTS = 300;
export const SNAPSHOT = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/octet-stream' };
const TYPES = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

export const bytes = await sample(ACCOUNTS);

/** @param {Parameters<typeof serve>[1]} [options] */
export async function worker(options = {}) {
  return serve(await bundled(join(root, 'build', 'worker')), { bindings: { WRITE_TOKEN: TOKEN }, ...options });
}

/**
 * @param {string} url
 * @param {string} path
 * @param {object} [json] - body of a POST; none: a GET
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{ status: number, type: string, text: string, json: any }>}
 */
export async function ask(url, path, json, headers = TYPES) {
  const response = await fetch(
    url + path,
    json === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(json) },
  );
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text, json: /json/.test(type) && text !== '' ? JSON.parse(text) : undefined };
}

/** @param {string} url @param {Uint8Array<ArrayBuffer>} [body] @param {Record<string, string>} [headers] */
export async function put(url, body = bytes, headers = SNAPSHOT) {
  const response = await fetch(`${url}/snapshot`, { method: 'PUT', headers, body });
  return { status: response.status, json: /** @type {any} */ (await response.json()) };
}

/** The book as the worker has it. @param {string} url */
export async function exported(url) {
  const response = await fetch(`${url}/snapshot`, { headers: SNAPSHOT });
  if (!response.ok) throw new Error(await response.text());
  return Buffer.from(await response.arrayBuffer());
}

/** mulberry32. @param {number} seed @returns {{ next(): number, int(low: number, high: number): number, pick<T>(list: readonly T[]): T, chance(p: number): boolean }} */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (/** @type {number} */ low, /** @type {number} */ high) => low + Math.floor(next() * (high - low + 1));
  return { next, int, pick: (list) => /** @type {any} */ (list[int(0, list.length - 1)]), chance: (p) => next() < p };
}

/** Seed of the random tests: SEED=n makes a case again. */
export const SEED = Number(process.env.SEED ?? 20240501);
