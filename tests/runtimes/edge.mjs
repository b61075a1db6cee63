// Vercel's edge runtime, which may compile neither text nor bytes. Its bundler gives `*.wasm?module` as compiled modules, and so does this.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { load } from '../../scripts/tools.mjs';
import { app } from './app.mjs';

/** @param {string} version - of @edge-runtime/vm */
export async function edge(version) {
  const { EdgeVM } = await load('@edge-runtime/vm', version);
  /** @type {Record<string, WebAssembly.Module>} */
  const modules = {};
  const { outputFiles } = await build({
    entryPoints: [join(app, 'edge.js')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['edge-light'],
    plugins: [
      {
        name: 'wasm-module',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
            path: join(resolveDir, path.replace('?module', '')),
            namespace: 'wasm-module',
          }));
          onLoad({ filter: /.*/, namespace: 'wasm-module' }, ({ path }) => {
            const name = basename(path, '.wasm');
            modules[name] = new WebAssembly.Module(readFileSync(path));
            return { contents: `export default globalThis.modules.${name};` };
          });
        },
      },
    ],
  });
  const code = outputFiles[0]?.text ?? '';
  if (/new WebAssembly\.Module/.test(code)) throw new Error('the bundle for edge-light compiles WebAssembly itself');
  return {
    version,
    async answer() {
      const vm = new EdgeVM({
        codeGeneration: { strings: false, wasm: false },
        extend: (/** @type {object} */ context) => Object.assign(context, { modules }),
      });
      vm.evaluate(code);
      return JSON.parse(JSON.stringify(await vm.evaluate('globalThis.answer')));
    },
  };
}
