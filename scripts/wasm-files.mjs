// The files behind `#wasm/*` of package.json: how each kind of runtime comes to a compiled module of the kernel. Every one exports
// `load()`. Bundlers for browsers take text that compresses well; Node takes base64, which it decodes natively (0.1 ms, the text 2);
// workerd and edge runtimes refuse to compile bytes and import the file itself.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pack } from './pack.mjs';

const header = (/** @type {string} */ name) => `// Generated from ${name}.wasm by scripts/wasm-files.mjs.\n`;

/** By folder of dist/wasm. @type {Record<string, (name: string, wasm: Buffer) => string>} */
const FORMS = {
  text: (_, wasm) => `import { unpack } from '../unpack.js';
const packed = '${pack(wasm)}';
export const load = () => new WebAssembly.Module(unpack(packed));
`,
  node: (_, wasm) => `import { Buffer } from 'node:buffer';
const base64 = '${wasm.toString('base64')}';
export const load = () => new WebAssembly.Module(Buffer.from(base64, 'base64'));
`,
  workerd: (name) => `import module from '../../${name}.wasm';
export const load = () => module;
`,
  edge: (name) => `import module from '../../${name}.wasm?module';
export const load = () => module;
`,
};

/** Writes them below `folder`. @param {string} folder @param {string} name @param {Buffer} wasm */
export function writeWasmFiles(folder, name, wasm) {
  for (const [form, textOf] of Object.entries(FORMS)) {
    const file = join(folder, 'wasm', form, `${name}.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, header(name) + textOf(name, wasm));
  }
}
