// Builds the page, runs every test, and ends with one line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const report = new URL('../build/tests.json', import.meta.url);
const run = (command, ...args) =>
  spawnSync(process.execPath, [fileURLToPath(new URL(`../node_modules/${command}`, import.meta.url)), ...args], {
    cwd: here,
    stdio: 'inherit',
  }).status ?? 1;

if (!existsSync(new URL('../../../dist/index.js', import.meta.url))) {
  console.error('margin-kernel is not built: run `npm ci && npm run build` in the folder of the package first.');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
if (run('vite/bin/vite.js', 'build') !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}
rmSync(report, { force: true });
const status = run('vitest/vitest.mjs', 'run');
const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
const failed = Math.max(counts.numFailedTests ?? 0, status === 0 ? 0 : 1);
console.log(`${counts.numPassedTests ?? 0} passed, ${failed} failed, ${counts.numPendingTests ?? 0} skipped`);
process.exit(failed === 0 ? 0 : 1);
