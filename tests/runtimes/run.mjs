// One suite on every runtime: `npm run test:runtimes`. Prints `hash <runtime> <version> <hex>` for each, `missing <runtime> <why>` where one
// cannot be had, and fails where a hash is not the recorded one, a published case is not as published, or nothing ran.
import { readFileSync } from 'node:fs';
import { app, buildApp } from './app.mjs';
import { puppet, webkit } from './browsers.mjs';
import { edge } from './edge.mjs';
import { processOf } from './processes.mjs';
import { serve } from './server.mjs';
import { writeTable } from './table.mjs';
import { workerd } from './workerd.mjs';

/** @typedef {{ version: string, answer(): Promise<any>, first?: number[], close?(): Promise<void> | void }} Running */

const versions = JSON.parse(readFileSync(new URL('./versions.json', import.meta.url), 'utf8'));
const recorded = readFileSync(new URL('./hash.txt', import.meta.url), 'utf8').trim();
const TIMES = 7;

console.log('packing the package, and bundling it');
await buildApp(versions);
const site = await serve(app, /reference/);

const cold = (/** @type {number[]} */ samples) => samples;
/** @param {'node' | 'deno' | 'bun'} name @param {string} version @returns {() => Promise<Running>} */
const command = (name, version) => async () => {
  const { first, answer, version: found } = processOf(name, version);
  return { version: found, answer, first: cold(first(TIMES)) };
};
/** A page in a browser. @param {() => Promise<import('./browsers.mjs').Browser>} open @param {string} path @param {string} [version] - of a bundler */
const page = (open, path, version) => async () => {
  const browser = await open();
  return {
    version: version ?? browser.version,
    answer: () => browser.answer(`${site.url}${path}`),
    close: () => browser.close(),
  };
};
const chromium = () => puppet('chrome', versions.puppeteer);

/** In the order of docs/runtimes.md. @type {Record<string, () => Promise<Running>>} */
const RUNTIMES = {
  ...Object.fromEntries(
    versions.node.map((/** @type {string} */ v) => [`node-${v.split('.')[0]}`, command('node', v)]),
  ),
  deno: command('deno', versions.deno),
  bun: command('bun', versions.bun),
  workerd: async () => {
    const runtime = await workerd(versions.miniflare);
    return { ...runtime, first: await runtime.first(TIMES) };
  },
  'edge-light': () => edge(versions.edge),
  chromium: page(chromium, '/plain/'),
  firefox: page(() => puppet('firefox', versions.puppeteer), '/plain/'),
  webkitgtk: page(webkit, '/plain/'),
  vite: page(chromium, '/vite/', versions.vite),
  esbuild: page(chromium, '/esbuild/', versions.esbuild),
  'reference-node': async () => {
    const { version, reference } = processOf('node', versions.node[0]);
    return { version, answer: async () => reference() };
  },
  'reference-chromium': page(chromium, '/esbuild/reference.html'),
};

const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const rows = [];
for (const [name, open] of Object.entries(RUNTIMES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  rows.push({ name, ...(await row(name, open)) });
}
site.close();

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { outcome } of rows) counts[outcome]++;
if (process.argv.includes('--write')) writeTable(rows);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;

/** Runs a runtime and says what came of it. @param {string} name @param {() => Promise<Running>} open */
async function row(name, open) {
  /** @type {Running} */
  let runtime;
  try {
    runtime = await open();
  } catch (error) {
    console.log(`missing ${name} ${error instanceof Error ? error.message : error}`);
    return { outcome: /** @type {const} */ ('skipped'), version: '', hash: '' };
  }
  const { version, first } = runtime;
  try {
    const { hash, parts, conformance } = await runtime.answer();
    console.log(`hash ${name} ${version} ${hash}`);
    const start = first
      ? `, import to first answer ${median(first).toFixed(1)} ms (least ${Math.min(...first).toFixed(1)})`
      : '';
    const cases = conformance
      ? `${conformance.passed} published cases as published, ${conformance.failed} not`
      : 'the hash alone, no published cases';
    console.log(`     ${cases}${start}`);
    for (const failure of conformance?.failures.slice(0, 10) ?? []) console.log(`     ${failure}`);
    if (hash !== recorded) console.log(`     NOT the recorded ${recorded}; its parts: ${JSON.stringify(parts)}`);
    const good = hash === recorded && !conformance?.failed;
    return { outcome: good ? /** @type {const} */ ('passed') : /** @type {const} */ ('failed'), version, hash, first };
  } catch (error) {
    console.log(`FAILED ${name} ${version} ${error instanceof Error ? error.message : error}`);
    return { outcome: /** @type {const} */ ('failed'), version, hash: '' };
  } finally {
    await runtime.close?.();
  }
}

/** @param {number[]} samples */
function median(samples) {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? Number.NaN;
}
