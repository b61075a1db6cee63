// What the README shows: every curl is run, in its order, and answers what stands below it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../scripts/bundle.mjs';
import { sample } from '../scripts/sample.mjs';
import { put, TOKEN, worker } from './worker.mjs';

const file = join(root, 'README.md');
const BLOCK = /```console\n([\s\S]*?)```/g;

/** An answer as the README shows it: a line a key, what is inside in one line. @param {string} text */
function pretty(text) {
  if (!text.startsWith('{')) return text;
  const inline = (/** @type {unknown} */ value) => JSON.stringify(value, null, 1).replace(/\n */g, ' ');
  const lines = Object.entries(JSON.parse(text)).map(([key, value]) => `  "${key}": ${inline(value)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

test('the README shows what curl prints (UPDATE=1 writes it anew)', async () => {
  await promisify(execFile)('curl', ['--version']).catch(() => assert.fail('curl is missing: apt-get install curl'));
  const server = await worker();
  const folder = await mkdtemp(join(tmpdir(), 'edge-check-readme-'));
  try {
    await put(server.url, await sample(1000));
    const readme = await readFile(file, 'utf8');
    const env = { ...process.env, URL: server.url, TOKEN };
    let shown = readme;
    let blocks = 0;
    for (const [whole, body = ''] of readme.matchAll(BLOCK)) {
      const commands = body.split('\n').filter((line) => line.startsWith('$ '));
      let said = '';
      for (const command of commands) {
        const { stdout } = await promisify(execFile)('sh', ['-c', command.slice(2)], { cwd: folder, env });
        said += `${command}\n${pretty(stdout)}`;
      }
      shown = shown.replace(whole, () => `\`\`\`console\n${said}\`\`\``);
      blocks += 1;
    }
    assert.ok(blocks >= 8);
    if (process.env.UPDATE) await writeFile(file, shown);
    else assert.equal(readme, shown);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
