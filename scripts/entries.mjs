// The library's entries: what "exports" of package.json offers, and the source that each is made from.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

/** Every entry that is a file of bindings/, in the order of package.json: the name it is imported by, and its source. */
export function entriesOf() {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  return Object.entries(exports).flatMap(([path, target]) =>
    sourcesOf(target).map(({ source, star }) => ({ name: name + path.slice(1).replace('*', star), source })),
  );
}

/**
 * What one value of "exports" is made from: ./dist/venues/*.js is every file of bindings/venues.
 * @param {any} target @returns {{ source: string, star: string }[]} `star` is what stands for the `*`
 */
function sourcesOf(target) {
  const path = /^\.\/dist\/(.+)\.js$/.exec(target.default ?? '')?.[1];
  if (!path) return [];
  if (!path.endsWith('/*')) return [{ source: `bindings/${path}.ts`, star: '' }];
  const folder = `bindings/${path.slice(0, -1)}`;
  return filesIn(folder.slice(0, -1))
    .filter((file) => file.endsWith('.ts'))
    .map((source) => ({ source, star: source.slice(folder.length, -'.ts'.length) }));
}

/** Every file at or below a path; none where there is nothing. @param {string} path @returns {string[]} */
export function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((entry) => filesIn(`${path}/${entry}`));
}
