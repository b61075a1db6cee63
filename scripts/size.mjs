// Measures what a user downloads against its budget, prints a table, and exits 1 where one is broken.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { modules } from './modules.mjs';

const KB = 1024;
const kernel = modules.flatMap(({ name }) => {
  const wasm = readFileSync(`dist/${name}.wasm`);
  return [
    { what: `${name}.wasm`, bytes: wasm.length, budget: 64 * KB },
    { what: `${name}.wasm, gzip`, bytes: gzipped(wasm), budget: 24 * KB },
  ];
});

const everything = "export * from 'margin-kernel';";
const first = "import { Book, margin } from 'margin-kernel'; console.log(Book, margin);";
const rows = [
  ...kernel,
  // Minified as bundlers for browsers do. The kernel goes with the code as text, which compresses as well as its bytes.
  { what: 'code of all exports, gzip', bytes: gzipped(await bundle(everything, ['#wasm/*'])), budget: 52 * KB },
  { what: 'all exports with the kernel, gzip', bytes: gzipped(await bundle(everything)), budget: 76 * KB },
  { what: '{ Book, margin }, gzip', bytes: gzipped(await bundle(first)), budget: 58 * KB },
  { what: 'imported, nothing used', bytes: (await bundle("import 'margin-kernel';")).length, budget: 0 },
  {
    what: 'imported by name, nothing used',
    bytes: (await bundle("import * as unused from 'margin-kernel';")).length,
    budget: 0,
  },
];

for (const { what, bytes, budget } of rows) {
  const verdict = bytes <= budget ? 'ok' : 'TOO LARGE';
  console.log(`${what.padEnd(36)}${String(bytes).padStart(8)} of ${String(budget).padStart(6)} bytes  ${verdict}`);
}

const failed = rows.filter(({ bytes, budget }) => bytes > budget).length;
console.log(`${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {Uint8Array} bytes */
function gzipped(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

/** What a bundler makes of a program that imports the package. @param {string} contents @param {string[]} [external] */
async function bundle(contents, external = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minify: true,
    external,
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  return Buffer.from(outputFiles[0]?.text.trim() ?? '');
}
