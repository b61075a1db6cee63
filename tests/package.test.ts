// The package as a thing to install: no dependencies, pinned tools, entries that exist, sources that run in a browser and
// compute the same on every engine.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpack } from '../bindings/wasm/unpack.js';
import { modules } from '../scripts/modules.mjs';
import { pack } from '../scripts/pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const pkg = JSON.parse(read('package.json')) as Record<string, unknown> & {
  exports: Record<string, string | Record<string, string>>;
  bin: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** The kernel's modules. */
const MODULES = modules.map(({ name }) => name);

/** TypeScript sources below a folder, as paths from the root. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

const bindings = sources('bindings');
const assembly = sources('assembly');
/** Everything that an import of the package can reach; the command line is Node's alone. */
const browser = bindings.filter((file) => file !== 'bindings/cli.ts' && !file.startsWith('bindings/cli/'));

/** The text without its comments; strings stay. */
function code(file: string): string {
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return read(file).replaceAll(tokens, (token) => (token.startsWith('/') ? '' : token));
}

/** Lines of some files that match, as `file:line`. */
function matches(files: string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    code(file)
      .split('\n')
      .flatMap((line) => (pattern.test(line) ? [`${file}: ${line.trim()}`] : [])),
  );
}

describe('package.json', () => {
  it('has no dependencies of any kind', () => {
    expect(pkg.dependencies ?? {}).toEqual({});
    for (const kind of ['peerDependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies']) {
      expect(pkg[kind], kind).toBeUndefined();
    }
  });

  it('is a module without side effects', () => {
    expect(pkg.type).toBe('module');
    expect(pkg.sideEffects).toBe(false);
  });

  it('names types first in each entry', () => {
    const entries = Object.values(pkg.exports).filter((target) => typeof target !== 'string');
    expect(entries.length).toBeGreaterThanOrEqual(3);
    for (const target of entries) {
      expect(Object.keys(target)[0]).toBe('types');
      expect(Object.keys(target)).toContain('default');
    }
    for (const [entry, target] of Object.entries(pkg.exports)) {
      if (typeof target === 'string') expect(entry).toMatch(/\.(wasm|json)$/);
    }
  });

  it('has an entry for every venue and adapter', () => {
    for (const folder of ['venues', 'adapters']) expect(pkg.exports).toHaveProperty([`./${folder}/*`]);
  });

  it('pins its tools to exact versions', () => {
    const loose = Object.entries(pkg.devDependencies).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(version) && !/^file:\.\/scripts\//.test(version),
    );
    expect(loose).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const text = read('package-lock.json');
  const { packages } = JSON.parse(text) as { packages: Record<string, Record<string, unknown>> };

  it('names no registry', () => {
    expect(text).not.toMatch(/registry|npmjs|npmmirror|yarnpkg|\.tgz/i);
    const addresses = Object.values(packages).map(({ resolved }) => resolved);
    expect(addresses.filter((address) => /^(https?|git|ssh)/.test(String(address)))).toEqual([]);
  });

  it('locks what package.json asks for', () => {
    expect(packages['']?.devDependencies).toEqual(pkg.devDependencies);
    expect(packages['']?.dependencies).toBeUndefined();
    for (const [name, version] of Object.entries(pkg.devDependencies)) {
      if (!version.startsWith('file:')) expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });
});

/** Targets of an entry of package.json; `*` stands for every source of the folder. */
function targetsOf(target: string): string[] {
  const folder = /^\.\/dist\/(.+)\/\*\./.exec(target)?.[1];
  if (folder === undefined) return [target];
  return sources(`bindings/${folder}`).map((file) => target.replace('*', file.slice(`bindings/${folder}/`.length, -3)));
}

describe('packed bytes', () => {
  it('are printable, need no escape, and are unpacked to themselves', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.array(fc.constantFrom(0, 1, 0x20, 0x41, 0xfd), { maxLength: 500 }).map((list) => Uint8Array.from(list)),
      fc.constant(Uint8Array.from({ length: 512 }, (_, i) => i)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        const text = pack(some);
        expect(text).toMatch(/^[ !#%&()*-[\]^_a-~+,]*$/);
        expect(text).not.toMatch(/[`'"$\\]/);
        expect(unpack(text)).toEqual(some);
      }),
    );
  });
});

describe.skipIf(!existsSync(join(root, 'dist')))('dist', () => {
  const targets = [
    ...Object.values(pkg.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target))),
    ...Object.values(pkg.bin),
  ];

  it('has every file that package.json points to', () => {
    const files = targets.flatMap(targetsOf);
    expect(files.length).toBeGreaterThan(targets.length);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('has every name of an entry in its reference', async () => {
    const names = async (entry: string): Promise<string[]> =>
      Object.keys(await import(/* @vite-ignore */ join(root, 'dist', entry))).sort();
    const reference = new Set(await names('reference/index.js'));
    for (const entry of ['index.js', 'scenario.js']) {
      expect((await names(entry)).filter((name) => !reference.has(name))).toEqual([]);
    }
  });

  it('can be required, as it awaits nothing at the top', () => {
    const program = "const { Book } = require('margin-kernel'); console.log(Book.create().name ?? typeof Book.create)";
    const { stdout, status } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' });
    expect([status, stdout.trim()]).toEqual([0, 'function']);
  });

  it('runs where nothing may be changed and there is no TextDecoder', () => {
    for (const [entry, flags, before] of [
      ['reference', ['--frozen-intrinsics', '--no-warnings'], ''],
      ['reference/var', ['-C', 'react-native'], 'delete globalThis.TextDecoder;'],
      [
        'index',
        ['--no-warnings'],
        'for (const of of [Object, Array, Error]) { Object.freeze(of); Object.freeze(of.prototype); }',
      ],
    ] as const) {
      const file = entry === 'index' ? 'index.js' : `${entry}${entry.includes('/') ? '' : '/index'}.js`;
      const program = `${before} const { Book, MarginError } = await import('./dist/${file}');
        try { Book.fromJSON('{}'); } catch (error) { console.log(error instanceof MarginError, error.name); }`;
      const args = [...flags, '--input-type=module', '-e', program];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      expect([entry, stdout.trim(), stderr]).toEqual([entry, 'true MarginError', '']);
    }
  });

  it('is packed with what users need, and with nothing else', () => {
    const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      encoding: 'utf8',
    });
    const files = (JSON.parse(stdout) as { files: { path: string }[] }[])[0]!.files.map(({ path }) => path);
    for (const file of ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'dist/margin.wasm'])
      expect(files).toContain(file);
    const kinds =
      /^(dist\/.+\.(js|d\.ts|wasm|txt)|docs\/(measures\/)?([a-z-]+|README)\.md|LICENSE|[A-Z]+\.md|package\.json|examples\/[a-z-]+\/.+)$/;
    expect(files.filter((file) => !kinds.test(file))).toEqual([]);
    const links = [...read('README.md').matchAll(/\]\(([^)#:]+)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter((target) => !files.includes(target))).toEqual([]);
    expect(files.filter((file) => /node_modules|\/dist\/.*\/dist\/|\.(png|map|log|tgz)$/.test(file))).toEqual([]);
  });

  it.each(MODULES)('embeds the very %s.wasm that it ships, as text and as base64', async (name) => {
    const wasm = readFileSync(join(root, `dist/${name}.wasm`));
    const [, packed] = /const packed = '(.+)';/.exec(read(`dist/wasm/text/${name}.js`)) ?? [];
    const [, base64] = /const base64 = '(.+)';/.exec(read(`dist/wasm/node/${name}.js`)) ?? [];
    expect(Buffer.from(unpack(packed!)).equals(wasm)).toBe(true);
    expect(base64).toBe(wasm.toString('base64'));
    for (const form of ['text', 'node']) {
      const { load } = await import(/* @vite-ignore */ join(root, `dist/wasm/${form}/${name}.js`));
      expect(WebAssembly.Module.exports(load()).length).toBeGreaterThan(3);
    }
  });

  it.each(MODULES)('imports %s.wasm, and compiles nothing, where bytes may not be compiled', (name) => {
    for (const [form, query] of [
      ['workerd', ''],
      ['edge', '?module'],
    ]) {
      const text = read(`dist/wasm/${form}/${name}.js`);
      expect(text).toContain(`import module from '../../${name}.wasm${query}';`);
      expect(text).not.toMatch(/WebAssembly/);
    }
  });

  it('has the wasm whose hashes are recorded: the same source gives the same bytes everywhere', () => {
    const sums = MODULES.map((name) => {
      const hash = createHash('sha256').update(readFileSync(join(root, `dist/${name}.wasm`)));
      return `${hash.digest('hex')}  ${name}.wasm\n`;
    });
    expect(sums.join('')).toBe(read('assembly/wasm.sha256'));
  });
});

describe('sources', () => {
  it('that a browser loads import their own files and the loader only', () => {
    const specifiers = browser.flatMap((file) =>
      [...code(file).matchAll(/(?:\sfrom\s+|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g)].map(
        ([, from]) => `${file}: ${from}`,
      ),
    );
    expect(specifiers.length).toBeGreaterThan(browser.length);
    expect(specifiers.filter((line) => !/: (\.\.?\/.+\.js|#wasm\/[a-z]+|@assemblyscript\/loader)$/.test(line))).toEqual(
      [],
    );
    expect(matches(browser, /['"]node:|\brequire\(|\bprocess\.|\bBuffer\b|__dirname/)).toEqual([]);
  });

  it('of the waterfall never make a number of money', () => {
    const files = sources('bindings/waterfall');
    expect(files.length).toBeGreaterThan(60);
    // Places in a list, per cent of a queue, the scale of a pool and the bits of a hash are no money.
    const counts = [
      'rounding.ts',
      'adl/rank.ts',
      'adl/candidate.ts',
      'stages/adl.ts',
      'auction/sha256.ts',
      'indices/product-sum.ts',
    ];
    const money = files.filter((file) => !counts.includes(file.replace('bindings/waterfall/', '')));
    expect(
      matches(
        money,
        /\bNumber\(|\bparse(Float|Int)\(|\bMath\.|\.toFixed\(|\btoNumber\b|[^\w'".-]\d+\.\d|[^'"]-\d+\.\d/,
      ),
    ).toEqual([]);
    expect(
      matches(files, /\b(amount|balance|lots|cost|value|open|capacity|loss|price|fund|cash)s?\??: number\b/),
    ).toEqual([]);
  });

  it('of the liquidation policies reach neither kernel nor book', () => {
    const shared = /'(\.\/[a-z-]+|\.\.\/errors|\.\.\/book\/(fields|types)|\.\.\/venues\/(decimal|integer))\.js'/;
    const imports = matches(sources('bindings/liquidation'), /\bfrom '/);
    expect(imports.length).toBeGreaterThan(20);
    expect(imports.filter((line) => !shared.test(line))).toEqual([]);
  });

  it('take from Math only what every engine computes alike', () => {
    const exact = 'abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc';
    const constants = 'E|LN2|LN10';
    const other = new RegExp(`\\b(Native)?Mathf?\\.(?!(${exact}|${constants})\\b)|\\bMath\\b(?!\\.)`);
    expect(matches([...bindings, ...assembly], other)).toEqual([]);
  });

  it('raise to a power only integers: `10n ** n`', () => {
    expect(matches([...bindings, ...assembly], /(?<!\d+n )\*\*/)).toEqual([]);
  });

  it('start with a comment of at most five lines that says what they are', () => {
    const headless = [...bindings, ...assembly].filter((file) => {
      const lines = read(file).split('\n');
      const header = lines.findIndex((line) => !line.startsWith('//'));
      return header < 1 || header > 5;
    });
    expect(headless).toEqual([]);
  });
});
