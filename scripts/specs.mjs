// Runs the kernel's specs: all of them, or those whose path contains one of the arguments (`npm run test:kernel -- numeric`).
// as-pect passes when it finds nothing to run; this does not. The counts also go to build/specs.json, where .ci/run reads them.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';

const folder = 'assembly/__tests__';
const wanted = process.argv.slice(2);
const specs = (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [])
  .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.spec.ts') && (wanted.length === 0 || wanted.some((part) => file.includes(part))))
  .sort();

let output = '';
const status = specs.length === 0 ? 1 : await aspect();
const [, passed, total] = (/\[Tests\]: (\d+) \/ (\d+)/.exec(output) ?? [0, 0, 0]).map(Number);
const failed = status === 0 && total ? total - (passed ?? 0) : Math.max(1, (total ?? 0) - (passed ?? 0));

if (specs.length === 0) console.error(`no spec matches ${wanted.join(' ') || folder}`);
mkdirSync('build', { recursive: true });
writeFileSync('build/specs.json', JSON.stringify({ passed, failed }));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @returns {Promise<number>} the exit code of as-pect, whose output is shown and kept without its colours */
function aspect() {
  const env = { ...process.env, SPECS: specs.join('\n') };
  const child = spawn(process.execPath, ['node_modules/@as-pect/cli/bin/asp.js', '--summary'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour starts with the escape character
    output += text.replaceAll(/\u001b\[[0-9;]*m/g, '');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}
