// Runs code as a reader would: imports of margin-kernel lead to the sources, and a printed line is held against the comment behind it.
import { format } from 'node:util';
import { transform } from 'esbuild';
import { expect } from 'vitest';
import { sourceOf } from './doc-pages.ts';

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Whether a line is what a comment says; `...` in the comment stands for anything. */
function isSaid(line: string, comment: string): boolean {
  const parts = plain(comment).split('...');
  let at = 0;
  for (const part of parts) {
    const found = plain(line).indexOf(part.trim(), at);
    if (found < 0 || (at === 0 && found > 0)) return false;
    at = found + part.trim().length;
  }
  return parts.length > 1 || plain(line).length === at;
}

/** `console.log(...); // text` says what it prints. */
const SAYS = /^(.*console\.log\(.*\);)[ ]*\/\/ (.+)$/gm;

const load = (specifier: string): Promise<object> =>
  import(/* @vite-ignore */ specifier.startsWith('margin-kernel') ? sourceOf(specifier) : specifier);

/** A module as `require` gives it; a name that it does not export is an error, not undefined. */
const strict = (specifier: string, module: object): object =>
  new Proxy(module, {
    get(exports, name) {
      if (name === '__esModule') return true;
      if (!(name in exports)) throw new Error(`${specifier} exports no ${String(name)}`);
      return Reflect.get(exports, name);
    },
  });

/** Runs a block and returns what it printed; a printed line that differs from its comment fails. */
export async function runBlock(code: string, at: string, prelude = ''): Promise<string[]> {
  const counted = code.replace(
    SAYS,
    (_, statement: string, text: string) => `${statement} said(${JSON.stringify(text)});`,
  );
  // The modules are those of this test, loaded once: a bundle of its own for each of 400 blocks took ten times as long.
  const { code: script } = await transform(prelude + counted, { loader: 'ts', format: 'cjs', target: 'node20' });
  const specifiers = [...script.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, specifier = '']) => specifier);
  const modules = new Map<string, object>();
  for (const specifier of new Set(specifiers)) modules.set(specifier, strict(specifier, await load(specifier)));
  const lines: string[] = [];
  const wrong: [line: string, text: string][] = [];
  const console = { log: (...values: unknown[]) => void lines.push(format(...values)), error: () => {} };
  const said = (text: string) => void wrong.push([lines.at(-1) ?? '', text]);
  const requires = (specifier: string) => modules.get(specifier);
  new Function('module', 'exports', 'require', 'console', 'said', script)({}, {}, requires, console, said);
  for (const [line, text] of wrong) {
    if (!isSaid(line, text)) expect(line, `${at} says so`).toBe(text);
  }
  return lines;
}
