// A sample snapshot: the invented venue of `margin-kernel demo`, the same on every machine, made once by number of accounts.
import { execFile } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './bundle.mjs';

const cli = join(dirname(createRequire(import.meta.url).resolve('margin-kernel/package.json')), 'dist/cli.js');

/**
 * @param {number} accounts
 * @returns {Promise<Uint8Array<ArrayBuffer>>} a book as `Book.encode` writes it
 */
export async function sample(accounts) {
  const folder = join(root, 'build');
  const file = join(folder, `sample-${accounts}.book`);
  await mkdir(folder, { recursive: true });
  const [made = 0, built = 0] = await Promise.all(
    [file, cli].map((path) =>
      stat(path).then(
        (s) => s.mtimeMs,
        () => 0,
      ),
    ),
  );
  if (!built)
    throw new Error('margin-kernel has not been built: run npm ci && npm run build at the root of the project');
  if (!(made > built))
    await promisify(execFile)(process.execPath, [cli, 'demo', '--accounts', String(accounts), '--out', file, '-q'], {
      maxBuffer: 1e8,
    });
  return new Uint8Array(await readFile(file));
}
