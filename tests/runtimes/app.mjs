// The package as a user gets it: packed, installed in an application of its own, and that application as each kind of runtime takes it:
// as it is, bundled for workerd, bundled by esbuild and by Vite for browsers, and with an import map for none.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { load } from '../../scripts/tools.mjs';

const programs = resolve('tests/runtimes/programs');
const work = resolve('build/runtimes');
export const app = join(work, 'app');

/** @param {{ esbuild: string, vite: string }} versions */
export async function buildApp(versions) {
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  installPackage();
  await bundlePrograms();
  await bundleFor('workerd', ['worker.js', 'worker-first.js'], {
    conditions: ['workerd', 'worker'],
    loader: { '.wasm': 'copy' },
  });
  await bundleFor('esbuild', ['page.js', 'page-reference.js'], { platform: 'browser', minify: true });
  writeFileSync(join(app, 'esbuild', 'index.html'), page('./page.js'));
  writeFileSync(join(app, 'esbuild', 'reference.html'), page('./page-reference.js'));
  writeFileSync(join(app, 'index.html'), page('./page.js'));
  const vite = await load('vite', versions.vite);
  await vite.build({
    root: app,
    base: './',
    logLevel: 'warn',
    configFile: false,
    build: { outDir: 'vite', target: 'es2022', chunkSizeWarningLimit: 4000 },
  });
  mkdirSync(join(app, 'plain'));
  writeFileSync(join(app, 'plain', 'index.html'), page('../page.js', importMap()));
}

/** The tarball, in node_modules. */
function installPackage() {
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', work], '.');
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }\n');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  run('npm', ['install', ...options, join(work, `margin-kernel-${version}.tgz`)], app);
}

/** TypeScript into modules that import the package by name. */
async function bundlePrograms() {
  const names = ['process', 'first-process', 'page', 'page-reference', 'worker', 'worker-first', 'edge'];
  await build({
    entryPoints: names.map((name) => join(programs, `${name}.ts`)),
    outdir: app,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['margin-kernel', 'margin-kernel/*'],
    plugins: [{ name: 'cases', setup: publishedCases }],
  });
}

/** `virtual:cases`: the published cases beside the project, where they are. @param {import('esbuild').PluginBuild} plugin */
function publishedCases({ onResolve, onLoad }) {
  const folder = resolve('../shared/vectors');
  onResolve({ filter: /^virtual:cases$/ }, () => ({ path: 'cases', namespace: 'cases' }));
  onLoad({ filter: /.*/, namespace: 'cases' }, () => {
    const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
    const cases = files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
    return { contents: JSON.stringify(cases), loader: 'json' };
  });
}

/** @param {string} folder @param {string[]} entries @param {import('esbuild').BuildOptions} options */
async function bundleFor(folder, entries, options) {
  await build({
    entryPoints: entries.map((entry) => join(app, entry)),
    outdir: join(app, folder),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    ...options,
  });
}

/** What a page leaves when its module cannot even be loaded. */
const REPORT =
  '<script>addEventListener("error", ({ message }) => { window.answer = JSON.stringify({ error: message ?? "a file is missing" }); }, true);</script>';

/** A page that runs a module. @param {string} script @param {string} [map] */
const page = (script, map = '') =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>suite</title>${REPORT}${map}<script type="module" src="${script}"></script></html>\n`;

/** What the names of the package stand for, for a browser that loads its files as they are. */
function importMap() {
  const folder = join(app, 'node_modules/margin-kernel');
  const { exports, imports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  /** @type {Record<string, string>} */
  const map = {};
  const add = (/** @type {string} */ name, /** @type {string} */ target) => {
    const [from, to] = [name.replace('*', ''), target.replace('./', '../node_modules/margin-kernel/')];
    if (!name.includes('*')) map[from] = to;
    else
      for (const file of readdirSync(join(folder, target.split('*')[0] ?? '')).filter((file) => file.endsWith('.js')))
        map[from + file.slice(0, -'.js'.length)] = to.replace('*.js', file);
  };
  for (const [name, target] of Object.entries(exports))
    if (target.default?.endsWith('.js')) add(name.replace(/^\./, 'margin-kernel'), target.default);
  for (const [name, target] of Object.entries(imports)) add(name, target.default);
  return `<script type="importmap">${JSON.stringify({ imports: map })}</script>`;
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}\n${stderr}`);
}
