// workerd, through miniflare: the kernel comes as a compiled module, as the platform compiles no bytes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { install, load } from '../../scripts/tools.mjs';
import { app } from './app.mjs';

/** @param {string} version - of miniflare */
export async function workerd(version) {
  const { Miniflare } = await load('miniflare', version);
  const require = createRequire(join(install('miniflare', version), 'node_modules/miniflare/package.json'));
  const open = (/** @type {string} */ script) =>
    new Miniflare({
      modules: true,
      modulesRoot: join(app, 'workerd'),
      scriptPath: join(app, 'workerd', script),
      compatibilityDate: '2024-01-01',
      modulesRules: [
        { type: 'ESModule', include: ['**/*.js'] },
        { type: 'CompiledWasm', include: ['**/*.wasm'] },
      ],
    });
  const asked = async (/** @type {any} */ worker, /** @type {string} */ path) => {
    const start = performance.now();
    const response = await worker.dispatchFetch(`http://localhost${path}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`workerd answered ${response.status}\n${body}`);
    return { body, ms: performance.now() - start };
  };
  return {
    version: JSON.parse(readFileSync(require.resolve('workerd/package.json'), 'utf8')).version,
    async answer() {
      const worker = open('worker.js');
      try {
        return JSON.parse((await asked(worker, '/')).body);
      } finally {
        await worker.dispose();
      }
    },
    /** Milliseconds that a request takes longer that imports the package and has the first answer. @param {number} times */
    async first(times) {
      const samples = [];
      for (let i = 0; i < times; i++) {
        const worker = open('worker-first.js');
        try {
          for (let j = 0; j < 5; j++) await asked(worker, '/');
          const { ms: nothing } = await asked(worker, '/');
          samples.push((await asked(worker, '/first')).ms - nothing);
        } finally {
          await worker.dispose();
        }
      }
      return samples;
    },
  };
}
