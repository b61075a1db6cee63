// The examples of doc comments as calls: an expression, and behind // the value that it has.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Example {
  /** `file: function`. */
  name: string;
  expression: string;
  result: string;
}

/** Examples of all files below a folder of the bindings. @param folder - `liquidation/` */
export function examplesOf(folder: string): Example[] {
  const root = fileURLToPath(new URL(`../bindings/${folder}`, import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.sort().flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(/@example\n((?:\s*\* .*\n)+?)\s*\*\//g)].map(({ 1: text = '' }) => {
      const [expression = '', result = ''] = text.replace(/^\s*\* ?/gm, '').split('// ');
      return { name: `${file}: ${expression.slice(0, expression.indexOf('('))}`, expression, result };
    }),
  );
}

/** The value of an expression that uses the names of a module. */
export const evaluateWith =
  (module: object) =>
  (text: string): unknown =>
    new Function(...Object.keys(module), `return (${text.trim()});`)(...Object.values(module));

/** Names of functions that the module exports, without the error. */
export const functionsOf = (module: object): string[] =>
  Object.entries(module).flatMap(([name, value]) =>
    typeof value === 'function' && name !== 'MarginError' && !/^class\b/.test(String(value)) ? [name] : [],
  );
