// Builds dist/: the kernel (asc), the library and the command line (esbuild), their declarations (tsc) and the licences of what they bundle.
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
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const stage = 'build/stage';
/** The kernel's modules: what asc makes them from, and the target of asconfig.json that says how. */
const modules = [
  { name: 'margin', entry: 'assembly/index.ts', target: 'release', inline: 'bindings/wasm.inline.ts' },
  { name: 'risk', entry: 'assembly/risk.ts', target: 'risk', inline: 'bindings/risk.inline.ts' },
  { name: 'var', entry: 'assembly/var.ts', target: 'var', inline: 'bindings/var.inline.ts' },
  { name: 'watch', entry: 'assembly/watch.ts', target: 'watch', inline: 'bindings/watch.inline.ts' },
];
const stampFile = 'build/stamp';
const inputs = [
  'assembly',
  'bindings',
  'scripts/build.mjs',
  'asconfig.json',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];

/** @satisfies {import('esbuild').BuildOptions} */
const common = {
  outdir: stage,
  outbase: 'bindings',
  bundle: true,
  splitting: true,
  metafile: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
  legalComments: 'none',
};

const stamp = hashOf(inputs.flatMap(filesIn).filter((file) => !/\.inline\.ts$|__tests__/.test(file)));
const fresh =
  existsSync('dist/cli.js') &&
  modules.every(({ inline }) => existsSync(inline)) &&
  existsSync(stampFile) &&
  read(stampFile) === stamp;
if (!fresh || !process.argv.includes('--if-needed')) await buildAll();

async function buildAll() {
  const start = performance.now();
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });

  const sizes = modules.map(({ name, entry, target, inline }) => {
    run('assemblyscript/bin/asc.js', entry, '--target', target, '--outFile', `${stage}/${name}.wasm`);
    const wasm = readFileSync(`${stage}/${name}.wasm`);
    writeInline(name, inline, wasm);
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

/** The entries share chunks: a class reached through two of them is one class, and the kernel is embedded once. */
async function bundleLibrary() {
  const { metafile } = await build({
    ...common,
    entryPoints: Object.values(JSON.parse(read('package.json')).exports).flatMap(sourcesOf),
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    external: ['node:*'],
  });
  return Object.keys(metafile.inputs);
}

/** The command line carries its own copy of everything; what it imports lazily (charts, say) stays in chunks of its own. */
async function bundleCommandLine() {
  const { metafile } = await build({
    ...common,
    entryPoints: ['bindings/cli.ts'],
    chunkNames: 'cli/[name]-[hash]',
    platform: 'node',
    external: ['canvas'],
    minifySyntax: true,
    minifyWhitespace: true,
    banner: {
      js: "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);",
    },
  });
  const code = read(`${stage}/cli.js`).replace(/^#!.*\n/, '');
  writeFileSync(`${stage}/cli.js`, `#!/usr/bin/env node\n${code}`);
  chmodSync(`${stage}/cli.js`, 0o755);
  return Object.keys(metafile.inputs);
}

/**
 * What one value of "exports" is made from: ./dist/venues/*.js is every file of bindings/venues.
 * @param {any} target
 */
function sourcesOf(target) {
  const source = /^\.\/dist\/(.+)\.js$/.exec(target.default ?? '')?.[1];
  if (!source) return [];
  if (!source.endsWith('/*')) return [`bindings/${source}.ts`];
  return filesIn(`bindings/${source.slice(0, -2)}`).filter((file) => file.endsWith('.ts'));
}

/** A module as source text, so that every bundler and engine loads it alike. @param {string} name @param {string} inline @param {Buffer} wasm */
function writeInline(name, inline, wasm) {
  const text = `// Generated from ${name}.wasm by scripts/build.mjs.\nexport const wasmBase64: string =\n  '${wasm.toString('base64')}';\n`;
  if (!existsSync(inline) || read(inline) !== text) writeFileSync(inline, text);
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

/** Every file at or below a path; none where there is nothing. @param {string} path @returns {string[]} */
function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((entry) => filesIn(`${path}/${entry}`));
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
