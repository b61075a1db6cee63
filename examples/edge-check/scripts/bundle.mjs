// The bundle that a deployment would upload, made by wrangler itself: the module, and beside it any .wasm that it imports.
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('..', import.meta.url));
const wrangler = createRequire(import.meta.url).resolve('wrangler/bin/wrangler.js');

/**
 * Bundles an entry of this folder.
 * @param {string} [entry] - default: the worker
 * @param {string} [out] - folder under build/
 * @param {string} [config] - of wrangler
 * @returns {Promise<{ folder: string, modules: string[] }>} the first module is the entry
 */
export async function bundle(entry = 'src/worker.ts', out = 'worker', config = 'wrangler.jsonc') {
  const folder = join(root, 'build', out);
  await rm(folder, { recursive: true, force: true });
  const args = [wrangler, 'deploy', entry, '--config', config, '--dry-run', '--outdir', folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: join(root, 'build', 'logs') };
  try {
    await promisify(execFile)(process.execPath, args, { cwd: root, env });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    throw new Error(`wrangler could not bundle ${entry}:\n${stdout}\n${stderr}`);
  }
  return bundled(folder);
}

/** What was bundled before. @param {string} folder @returns {Promise<{ folder: string, modules: string[] }>} the first module is the entry */
export async function bundled(folder) {
  const files = await readdir(folder);
  const [main] = files.filter((name) => name.endsWith('.js'));
  if (main === undefined) throw new Error(`wrangler wrote no module to ${folder}`);
  return { folder, modules: [main, ...files.filter((name) => name.endsWith('.wasm'))] };
}
