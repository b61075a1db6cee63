// Measures what a user downloads against its budget, prints a table, and exits 1 where one is broken.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const wasm = readFileSync('dist/margin.wasm');
const risk = readFileSync('dist/risk.wasm');
const tails = readFileSync('dist/var.wasm');
const watch = readFileSync('dist/watch.wasm');
const entry = (await bundle("export * from 'margin-kernel';")).toString();
const unused = await bundle("import 'margin-kernel'; import * as unused from 'margin-kernel';");
// The entry carries the kernel as text, which has a budget of its own.
const kernel = wasm.toString('base64');
if (!entry.includes(kernel)) throw new Error('the default entry does not carry dist/margin.wasm');
for (const [name, module] of Object.entries({ risk, var: tails, watch }))
  if (entry.includes(module.toString('base64')))
    throw new Error(`the default entry carries dist/${name}.wasm, which it has no use for`);
const code = Buffer.from(entry.replace(kernel, ''));

const rows = [
  { what: 'margin.wasm', bytes: wasm.length, budget: 64 * 1024 },
  { what: 'margin.wasm, gzip', bytes: gzipped(wasm), budget: 24 * 1024 },
  // Options and scenarios, which only margin-kernel/scenario, /options and /numeric carry.
  { what: 'risk.wasm', bytes: risk.length, budget: 64 * 1024 },
  { what: 'risk.wasm, gzip', bytes: gzipped(risk), budget: 24 * 1024 },
  // Tails of profits and simulation, which only margin-kernel/var carries.
  { what: 'var.wasm', bytes: tails.length, budget: 64 * 1024 },
  { what: 'var.wasm, gzip', bytes: gzipped(tails), budget: 24 * 1024 },
  // The watch with its own copy of the margin fold, which only margin-kernel/watch carries.
  { what: 'watch.wasm', bytes: watch.length, budget: 64 * 1024 },
  { what: 'watch.wasm, gzip', bytes: gzipped(watch), budget: 24 * 1024 },
  // Everything exported, minified as bundlers do.
  { what: 'code of the default entry, gzip', bytes: gzipped(code), budget: 52 * 1024 },
  { what: 'default entry, gzip', bytes: gzipped(Buffer.from(entry)), budget: 80 * 1024 },
  { what: 'imported, nothing used', bytes: unused.toString().trim().length, budget: 0 },
];

for (const { what, bytes, budget } of rows) {
  const verdict = bytes <= budget ? 'ok' : 'TOO LARGE';
  console.log(`${what.padEnd(32)}${String(bytes).padStart(8)} of ${String(budget).padStart(6)} bytes  ${verdict}`);
}

const failed = rows.filter(({ bytes, budget }) => bytes > budget).length;
console.log(`${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {Buffer} bytes */
function gzipped(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

/** What a bundler makes of a program that imports the package. @param {string} contents */
async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
    external: ['node:*'],
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}
