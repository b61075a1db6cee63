// Tests the examples that are packages of their own, each as its README says: `npm run test:examples -- [name ...]`. The last line adds up
// what theirs counted.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const all = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'package-lock.json')));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`no such example: ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}

const sums = [0, 0, 0];
for (const name of wanted.length > 0 ? wanted : all) {
  const start = performance.now();
  console.log(`\n-- examples/${name}`);
  const counts = await test(join('examples', name));
  for (const [i, count] of counts.entries()) sums[i] = (sums[i] ?? 0) + count;
  const [passed, failed, skipped] = counts;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`-- examples/${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
}
const [passed, failed, skipped] = sums;
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed ? 0 : 1;

/** Installs and tests one. @param {string} cwd @returns {Promise<[passed: number, failed: number, skipped: number]>} */
async function test(cwd) {
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd, encoding: 'utf8' });
  if (installed.status !== 0) {
    console.log(`npm ci failed\n${installed.stderr}`);
    return [0, 1, 0];
  }
  const { status, output } = await run(cwd, 'npm', 'test');
  const counts = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1) ?? [];
  const [passed = 0, failed = 0, skipped = 0] = counts.slice(1).map((count) => Number(count ?? 0));
  return [passed, status === 0 ? failed : Math.max(failed, 1), skipped];
}

/** Shows what a command prints, and keeps it. @param {string} cwd @param {string} command @param {string[]} args */
async function run(cwd, command, ...args) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const status = await new Promise((done) => child.on('close', done));
  return { status, output };
}
