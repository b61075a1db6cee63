// Runs every test here, one file after the other, and says at the end how many passed.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/bundle.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = process.argv.slice(2);
const files = (await readdir(folder)).filter(
  (name) => name.endsWith('.test.mjs') && (names.length === 0 || names.some((n) => name.includes(n))),
);
await bundle();
const count = { passed: 0, failed: 0, skipped: 0 };
// A file takes one or two minutes: one that hangs fails.
const events = run({ files: files.map((name) => join(folder, name)), concurrency: 1, timeout: 480_000 });
/** A file is an event too; only what is inside it is a test. */
const isTest = (/** @type {{ name: string, nesting: number, details: { type?: string | undefined } }} */ data) =>
  data.details.type !== 'suite' && !data.name.endsWith('.test.mjs');
events.on('test:pass', (data) => {
  if (isTest(data)) count[data.skip === undefined ? 'passed' : 'skipped'] += 1;
});
events.on('test:fail', (data) => {
  if (data.details.type !== 'suite') count.failed += 1;
});
const report = events.compose(new spec());
report.pipe(process.stdout, { end: false });
await new Promise((resolve) => report.once('end', resolve));
console.log(`${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ''}`);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
