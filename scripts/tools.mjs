// Tools that only some commands need, at exact versions: npm packages, each in a folder of its own below build/tools, and programs of
// Debian's packages. What is there already is left alone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const tools = resolve('build/tools');

/** Installs an npm package. @param {string} name @param {string} version @param {string[]} beside - others, as name@version @returns its folder, whose node_modules has it */
export function install(name, version, ...beside) {
  const folder = join(tools, `${name.replace('/', '-')}-${version}`);
  if (existsSync(join(folder, 'done'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--no-package-lock', `${name}@${version}`, ...beside],
    { cwd: folder, encoding: 'utf8', timeout: 300_000 },
  );
  if (status !== 0) throw new Error(`npm could not install ${name}@${version}: ${lastLine(stderr)}`);
  writeFileSync(join(folder, 'done'), '');
  return folder;
}

/** The module of an installed package. @param {string} name @param {string} version @returns {Promise<any>} */
export async function load(name, version) {
  const require = createRequire(join(install(name, version), 'package.json'));
  return import(pathToFileURL(require.resolve(name)).href);
}

/** A program of Debian's packages, installed where it is missing. @param {string} path @param {string[]} packages */
export function program(path, ...packages) {
  if (existsSync(path)) return path;
  const asked = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  spawnSync('apt-get', ['update', '-qq'], { timeout: 300_000 });
  const { status, stderr } = spawnSync('apt-get', asked, { encoding: 'utf8', timeout: 600_000 });
  if (existsSync(path)) return path;
  const reason = status === 0 ? 'it is not in the package' : lastLine(stderr) || 'there is no apt-get';
  throw new Error(`${path} is missing, and apt-get could not install ${packages.join(' ')}: ${reason}`);
}

/** @param {string | null} text */
const lastLine = (text) => (text ?? '').trim().split('\n').at(-1) ?? '';
