// Runtimes that are programs: Node, Deno, Bun. The application runs unbundled, from its node_modules.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { install } from '../../scripts/tools.mjs';
import { app } from './app.mjs';

/** Where npm packages of runtimes keep their programs. */
const BIN = { node: 'node_modules/node/bin/node', deno: 'node_modules/.bin/deno', bun: 'node_modules/.bin/bun' };
const RUN = { node: [], deno: ['run', '--allow-all'], bun: ['run'] };

/** @param {'node' | 'deno' | 'bun'} name @param {string} version */
export function processOf(name, version) {
  const bin = join(install(name, version), BIN[name]);
  /** @param {string[]} args */
  const answer = (...args) => {
    const { status, stdout, stderr } = spawnSync(bin, [...RUN[name], ...args], {
      cwd: app,
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (status !== 0) throw new Error(`${name} ended with ${status}\n${stderr}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };
  const { stdout } = spawnSync(bin, ['--version'], { encoding: 'utf8' });
  return {
    version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? version,
    answer: () => answer('process.js'),
    reference: () => answer('process.js', 'reference'),
    /** Milliseconds from the import to the first answer, in processes of their own. @param {number} times */
    first: (times) => Array.from({ length: times }, () => answer('first-process.js').ms),
  };
}
