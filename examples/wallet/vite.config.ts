// Two pages from one body: index.html with both engines, reference.html without WebAssembly. Paths are relative, so the built folder
// runs under any path of a static server.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const body = (): Plugin => ({
  name: 'body',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace('<!-- page -->', readFileSync(new URL('page.html', import.meta.url), 'utf8')),
  },
});

/** Prints what each page loads, gzipped. */
const sizes = (): Plugin => ({
  name: 'sizes',
  apply: 'build',
  generateBundle(_, bundle) {
    const zipped = (name: string): number => {
      const file = bundle[name];
      return file === undefined ? 0 : gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 }).length;
    };
    const files = Object.values(bundle);
    const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
    const reached = (name: string, seen: Set<string>): Set<string> => {
      const file = bundle[name];
      if (file?.type !== 'chunk' || seen.has(name)) return seen;
      seen.add(name);
      for (const next of [...file.imports, ...file.dynamicImports]) reached(next, seen);
      return seen;
    };
    const css = files
      .filter(({ fileName }) => fileName.endsWith('.css'))
      .reduce((sum, f) => sum + zipped(f.fileName), 0);
    for (const page of ['index', 'reference']) {
      const entry = files.find((file) => file.type === 'chunk' && file.isEntry && file.name === page);
      if (!entry) continue;
      const scripts = [...reached(entry.fileName, new Set())].reduce((sum, name) => sum + zipped(name), 0);
      console.log(`${page}.html loads, gzipped: scripts ${kB(scripts)}, styles ${kB(css)}`);
    }
  },
});

export default defineConfig({
  base: './',
  plugins: [body(), sizes()],
  build: {
    target: 'es2022',
    rollupOptions: { input: ['index.html', 'reference.html'] },
    // Its polyfill fetches, which connect-src forbids; browsers that need it are older than this page.
    modulePreload: { polyfill: false },
    // Nothing becomes a data: address but the icon.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
  preview: { host: '127.0.0.1', strictPort: false },
});
