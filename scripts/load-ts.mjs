// A TypeScript file that imports nothing, stripped of its types and loaded: Node 20 cannot do that itself.
import { readFileSync } from 'node:fs';
import { transform } from 'esbuild';

/** @param {string} file - from the root of the project @returns {Promise<any>} its exports */
export async function loadTs(file) {
  const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
