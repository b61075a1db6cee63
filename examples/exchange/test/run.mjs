// Runs every test of this folder with node:test, prints what fails, and ends with the counts alone on the last line.
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

const here = new URL('.', import.meta.url);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => fileURLToPath(new URL(name, here)));
const counts = { passed: 0, failed: 0, skipped: 0 };

run({ files, concurrency: 2, timeout: 120_000 })
  .on('test:pass', ({ name, details, skip, nesting }) => {
    if (details.type === 'suite') return;
    counts[skip === undefined ? 'passed' : 'skipped']++;
    console.log(
      `${'  '.repeat(nesting)}${skip === undefined ? 'ok  ' : 'skip'} ${name} (${Math.round(details.duration_ms)} ms)`,
    );
  })
  .on('test:fail', ({ name, details, nesting }) => {
    if (details.type === 'suite') return;
    counts.failed++;
    console.log(`${'  '.repeat(nesting)}FAIL ${name}\n${inspect(details.error.cause ?? details.error)}`);
  })
  .on('test:stderr', ({ message }) => process.stderr.write(message))
  .on('end', () => {
    const { passed, failed, skipped } = counts;
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  })
  .resume();
