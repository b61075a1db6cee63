// The kernel as a file: compiled twice into the same bytes, needs nothing from its host but what scenario models are asked
// for, exports what is documented, uses SIMD and none of the relaxed kind; and what compileKernel says where it cannot run.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MarginError } from '../bindings/errors.js';
import { compileKernel, wasmEngine } from '../bindings/kernel.js';
import { HEADER_WORDS } from '../bindings/layout.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'margin-kernel-'));

/** Runs the compiler as the build does, into files of this name. */
function compile(name: string): Promise<void> {
  const files = ['--outFile', join(folder, `${name}.wasm`), '--textFile', join(folder, `${name}.wat`)];
  const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [asc, 'assembly/index.ts', '--target', 'release', ...files], { cwd: root });
    let output = '';
    const collect = (data: Buffer): void => {
      output += data;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('close', (code) =>
      code === 0 && /^\s*(Last converge was suboptimal\.\s*)?$/.test(output)
        ? resolve()
        : reject(new Error(`asc ${code}: ${output}`)),
    );
  });
}

const read = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, file)));

const NAMES = [
  'heapBase',
  'headerWords',
  'values',
  'marketValues',
  'scan',
  'liquidationPrices',
  'openRay',
  'solveRay',
].concat(['rayHealth', 'openSize', 'solveSize', 'sizeHealth', 'tryTrade', 'numericExp', 'numericLog', 'numericPow']);

const model = {
  requirement: () => {},
  valueOption: () => {},
  repriceMarket: () => {},
  repriceAsset: () => {},
};

describe('the compiled kernel', () => {
  let bytes: Uint8Array<ArrayBuffer>;
  let module: WebAssembly.Module;

  beforeAll(async () => {
    await Promise.all([compile('first'), compile('second')]);
    bytes = read('first.wasm');
    module = new WebAssembly.Module(bytes);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the same to the byte, compiled twice', () => {
    expect(Buffer.compare(bytes, read('second.wasm'))).toBe(0);
  });

  it('imports what it asks of scenario models, and nothing else', () => {
    const names = WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => `${from}.${name}: ${kind}`);
    expect(names.sort()).toEqual(
      Object.keys(model)
        .map((name) => `model.${name}: function`)
        .sort(),
    );
  });

  it('exports exactly the documented names', () => {
    expect(WebAssembly.Module.exports(module)).toEqual(
      expect.arrayContaining([
        { name: 'memory', kind: 'memory' },
        ...NAMES.map((name) => ({ name, kind: 'function' })),
      ]),
    );
    expect(WebAssembly.Module.exports(module)).toHaveLength(NAMES.length + 1);
  });

  it('was built for the header of bindings/layout.ts and leaves its own data alone', () => {
    const kernel = new WebAssembly.Instance(module, { model }).exports as Record<string, () => number> & {
      memory: WebAssembly.Memory;
    };
    expect(kernel.headerWords?.()).toBe(HEADER_WORDS);
    expect(kernel.memory.buffer.byteLength).toBe(65536);
    const base = kernel.heapBase?.() as number;
    expect(new Uint8Array(kernel.memory.buffer, base).some((byte) => byte !== 0)).toBe(false);
    expect(new Uint8Array(kernel.memory.buffer, 0, base).some((byte) => byte !== 0)).toBe(true);
  });

  it('uses SIMD, none of it relaxed, and no other extension that engines may lack', () => {
    const text = readFileSync(join(folder, 'first.wat'), 'utf8');
    expect(text).toMatch(/\bv128\.load\b/);
    expect(text).toMatch(/\bf64x2\.pmax\b/);
    expect(text).not.toMatch(/relaxed/);
    expect(text).not.toMatch(/\.atomic\.|\bshared\b|\breturn_call|\bthrow\b|\bstruct\.|\barray\./);
  });

  it('runs', () => {
    const engine = wasmEngine(compileKernel(() => new WebAssembly.Module(bytes)));
    expect(engine.name).toBe('wasm');
    expect(engine.base).toBeGreaterThan(0);
  });
});

/** What a call throws. */
function refusal(call: () => unknown): unknown {
  try {
    call();
  } catch (e) {
    return e;
  }
  return undefined;
}

function expectEngineError(error: unknown, reason: string): void {
  expect(error).toBeInstanceOf(MarginError);
  const { code, message } = error as MarginError;
  expect(code).toBe('engine');
  expect(message).toContain(reason);
  expect(message).toContain('margin-kernel/reference');
}

describe('an engine that cannot run the kernel', () => {
  const empty = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('without WebAssembly is told of the reference', () => {
    vi.stubGlobal('WebAssembly', undefined);
    const error = refusal(() => compileKernel(() => new WebAssembly.Module(empty)));
    vi.unstubAllGlobals();
    expectEngineError(error, 'WebAssembly is missing');
  });

  it('without SIMD, or under a policy without wasm-unsafe-eval, is told why and of the reference', () => {
    const Module = class {
      constructor() {
        throw new EvalError('Refused to compile WebAssembly');
      }
    };
    vi.stubGlobal('WebAssembly', { Module });
    const error = refusal(() => compileKernel(() => new WebAssembly.Module(empty)));
    vi.unstubAllGlobals();
    expectEngineError(error, 'Refused to compile WebAssembly');
    expect((error as Error).message).toContain('wasm-unsafe-eval');
  });

  it('with bytes that are no module says so', () => {
    expectEngineError(
      refusal(() => compileKernel(() => new WebAssembly.Module(new Uint8Array([1, 2, 3])))),
      'WebAssembly.Module',
    );
  });

  it('refuses a kernel of another version', () => {
    // (module (func (export "headerWords") (result i32) (i32.const 7)))
    const name = [...new TextEncoder().encode('headerWords')];
    const types = [1, 5, 1, 0x60, 0, 1, 0x7f];
    const functions = [3, 2, 1, 0];
    const exports = [7, name.length + 4, 1, name.length, ...name, 0, 0];
    const code = [10, 6, 1, 4, 0, 0x41, 7, 0x0b];
    const other = new Uint8Array([...empty, ...types, ...functions, ...exports, ...code]);
    const error = refusal(() => wasmEngine(compileKernel(() => new WebAssembly.Module(other))));
    expect(error).toBeInstanceOf(MarginError);
    expect(error).toMatchObject({ code: 'engine', got: 7, expected: `a kernel for ${HEADER_WORDS} header words` });
  });
});
