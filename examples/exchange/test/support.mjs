// A crash that is small and fast, and the program as a child.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { madeUp } from '../src/path.mjs';
import { Simulation } from '../src/simulation.mjs';

/** @param {Partial<import('../src/simulation.mjs').Scenario>} [scenario] */
export const small = (scenario = {}) =>
  new Simulation({ days: madeUp(), accounts: 80, seed: 3, steps: 160, preset: 'binance', ...scenario });

/** @param {Simulation} simulation @param {() => void} [look] */
export function finished(simulation, look = () => {}) {
  while (simulation.advance()) look();
  return simulation.finish();
}

const main = fileURLToPath(new URL('../main.mjs', import.meta.url));

/**
 * @param {readonly string[]} args
 * @param {(child: import('node:child_process').ChildProcess) => void} [started]
 * @returns {Promise<{ code: number | null, out: string, err: string }>}
 */
export function program(args, started = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    started(child);
  });
}
