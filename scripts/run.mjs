// Runs a TypeScript program of this repository: `node scripts/run.mjs tests/conformance/run.ts [arguments]`.
// Node 20 cannot strip types, so esbuild bundles the file into build/ first. Packages stay outside the bundle ('margin-kernel' itself is
// dist/), import.meta.url stays that of the source, and stack traces point at it.
import { readFileSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.mjs <file.ts> [arguments]');
  process.exit(2);
}

const outfile = resolve('build', 'run', `${basename(entry, '.ts')}-${process.pid}.mjs`);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  ignoreAnnotations: true, // "sideEffects": false speaks of the library; a program may import a file for its effect
  logLevel: 'warning',
  plugins: [
    {
      name: 'source-url',
      setup({ onLoad }) {
        onLoad({ filter: /\.ts$/ }, ({ path }) => ({
          contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
          loader: 'ts',
        }));
      },
    },
  ],
});

process.setSourceMapsEnabled(true);
process.on('exit', () => rmSync(outfile, { force: true }));
process.argv = [process.execPath, resolve(entry), ...args];
await import(pathToFileURL(outfile).href);
