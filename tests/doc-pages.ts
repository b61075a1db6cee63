// The pages of the documentation, and where the entries that they import are built from.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const read = (file: string): string => readFileSync(join(root, file), 'utf8');
export const filesOf = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));

export const pages = ['.', 'docs', 'docs/measures'].flatMap((folder) => filesOf(folder, '.md'));

/** Where a documented import leads: the sources that the entry is built from. */
export function sourceOf(specifier: string): string {
  const entry = specifier.replace(/^margin-kernel\/?/, '');
  if (entry === '') return join(root, 'bindings/index.ts');
  const folders = ['reference', 'liquidation', 'waterfall', 'venue', 'guards'];
  return join(root, 'bindings', folders.includes(entry) ? `${entry}/index.ts` : `${entry}.ts`);
}
