// Runs code as a reader would: imports of margin-kernel lead to the sources, and a printed line is held against the comment behind it.
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { root, sourceOf } from './doc-pages.ts';

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

/** Runs a block and returns what it printed; a printed line that differs from its comment fails. */
export async function runBlock(code: string, at: string, prelude = ''): Promise<string[]> {
  const counted = code.replace(
    SAYS,
    (_, statement: string, text: string) => `${statement} said(${JSON.stringify(text)});`,
  );
  const { outputFiles } = await build({
    stdin: {
      contents: `import { format as printed } from 'node:util';
export const lines = []; export const wrong = [];
const console = { log: (...values) => void lines.push(printed(...values)), error: () => {} };
const said = (text) => void wrong.push([lines[lines.length - 1], text]);
${prelude}${counted}`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    plugins: [
      {
        name: 'bindings',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^margin-kernel(\/|$)/ }, ({ path }) => ({ path: sourceOf(path) })),
      },
    ],
  });
  const module = { exports: {} as { lines: string[]; wrong: [line: string, text: string][] } };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  for (const [line, text] of module.exports.wrong) {
    if (!isSaid(line, text)) expect(line, `${at} says so`).toBe(text);
  }
  return module.exports.lines;
}
