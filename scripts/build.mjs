// Builds dist/: the kernel (asc), the library (rolldown), the command line (esbuild), their declarations (tsc) and the licences of what
// they bundle.
// All of it is made in build/stage and moved into place at the end, so a failed build leaves the last good one standing.
// The library's entries are those of "exports" in package.json. `--if-needed` does nothing when no source has changed since.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { chunksOf } from './chunks.mjs';
import { entriesOf, filesIn } from './entries.mjs';
import { modules } from './modules.mjs';
import { quietLoader } from './quiet-loader.mjs';
import { writeWasmFiles } from './wasm-files.mjs';

const stage = 'build/stage';
const stampFile = 'build/stamp';
const inputs = [
  'assembly',
  'bindings',
  'scripts/build.mjs',
  'scripts/chunks.mjs',
  'scripts/entries.mjs',
  'scripts/modules.mjs',
  'scripts/pack.mjs',
  'scripts/quiet-loader.mjs',
  'scripts/wasm-files.mjs',
  'asconfig.json',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];

const stamp = hashOf(inputs.flatMap(filesIn).filter((file) => !file.includes('__tests__')));
const fresh = existsSync('dist/cli.js') && existsSync(stampFile) && read(stampFile) === stamp;
if (!fresh || !process.argv.includes('--if-needed')) await buildAll();

async function buildAll() {
  const start = performance.now();
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });

  const sizes = modules.map(({ name, entry, target }) => {
    run('assemblyscript/bin/asc.js', entry, '--target', target, '--outFile', `${stage}/${name}.wasm`);
    const wasm = readFileSync(`${stage}/${name}.wasm`);
    writeWasmFiles(stage, name, wasm);
    return `${name}.wasm is ${wasm.length} bytes`;
  });
  const bundled = [...(await bundleLibrary()), ...(await bundleCommandLine())];
  run('typescript/bin/tsc', '-p', 'bindings', '--outDir', stage);
  writeFileSync(`${stage}/THIRD-PARTY-LICENSES.txt`, licencesOf(bundled));

  rmSync('dist', { recursive: true, force: true });
  renameSync(stage, 'dist');
  writeFileSync(stampFile, stamp);
  console.error(`built dist/ in ${((performance.now() - start) / 1000).toFixed(1)} s, ${sizes.join(', ')}`);
}

/** The entries of package.json and what they share. */
async function bundleLibrary() {
  const wasm = ['unpack', 'loader', 'plain'].map((name) => `bindings/wasm/${name}.ts`);
  const sources = [...new Set([...entriesOf().map(({ source }) => source), ...wasm])];
  const [entry, book] = [resolve('bindings/index.ts'), resolve('bindings/book/book.ts')];
  const { plugin, groups, inputs } = chunksOf({ entry, book, entries: sources.map((file) => resolve(file)) });
  const bundle = await rolldown({
    input: Object.fromEntries(sources.map((file) => [file.slice('bindings/'.length, -'.ts'.length), file])),
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'] },
    external: /^(node:|#wasm\/)/,
    // No file of the package has side effects, nor has the loader.
    treeshake: { moduleSideEffects: false },
    plugins: [plugin, quietLoader],
  });
  await bundle.write({
    dir: stage,
    format: 'esm',
    chunkFileNames: 'chunks/[name]-[hash].js',
    comments: { legal: false, annotation: true, jsdoc: false },
    codeSplitting: { groups },
  });
  await bundle.close();
  return inputs().map((file) => relative('.', file));
}

/** The command line carries its own copy of everything; what it imports lazily (charts, say) stays in chunks of its own. */
async function bundleCommandLine() {
  const { metafile } = await build({
    entryPoints: ['bindings/cli.ts'],
    outdir: stage,
    outbase: 'bindings',
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
    legalComments: 'none',
    chunkNames: 'cli/[name]-[hash]',
    platform: 'node',
    external: ['canvas'],
    minifySyntax: true,
    minifyWhitespace: true,
    alias: {
      ...Object.fromEntries(modules.map(({ name }) => [`#wasm/${name}`, `./${stage}/wasm/node/${name}.js`])),
      '#wasm/instantiate': `./${stage}/wasm/loader.js`,
    },
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
  });
  const code = read(`${stage}/cli.js`).replace(/^#!.*\n/, '');
  writeFileSync(`${stage}/cli.js`, `#!/usr/bin/env node\n${code}`);
  chmodSync(`${stage}/cli.js`, 0o755);
  return Object.keys(metafile.inputs);
}

/** The licence texts of the packages that the bundles contain. @param {string[]} files */
function licencesOf(files) {
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? '').filter(Boolean);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(read(join(folder, 'package.json')));
      const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
      return `${name} ${version} (${license})\n\n${file ? read(join(folder, file)).trim() : ''}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** Runs a tool of node_modules, and ends the build where it fails. @param {string} bin @param {string[]} args */
function run(bin, ...args) {
  const { status, stderr } = spawnSync(process.execPath, [join('node_modules', bin), ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  // Said of a pass that made the code larger and was taken back: nothing to do about it.
  process.stderr.write(stderr.replace(/^\s*Last converge was suboptimal\.\n/m, ''));
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** @param {string} file */
function read(file) {
  return readFileSync(file, 'utf8');
}
