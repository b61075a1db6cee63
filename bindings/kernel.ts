// The wasm engine: instantiates the kernel once a book and hands it the header. Knows pointers through memory.ts only.
// Options and scenario models are a module of their own in the same memory, for those who ask for it (scenario.ts).
import { instantiate } from '#wasm/instantiate';
import type { Engine, ScenarioEngine, TailEngine } from './engine.js';
import { MarginError } from './errors.js';
import { HEADER_WORDS, NONE } from './layout.js';
import type { Store } from './memory.js';
import type { TradeTerms } from './reference/liquidation/trade.js';

interface KernelExports extends Record<string, unknown> {
  memory: WebAssembly.Memory;
  /** First byte behind the kernel's own tables. */
  heapBase(): number;
  /** Words of the header that the kernel was built for. */
  headerWords(): number;
  values(header: number): void;
  marketValues(header: number, market: number): void;
  scan(header: number, from: number, to: number, whole: number): void;
  liquidationPrices(header: number, from: number, to: number): void;
  openRay(header: number, unit: number, market: number, level: number): void;
  solveRay(upper: number): number;
  rayHealth(x: number): number;
  openSize(
    header: number,
    unit: number,
    market: number,
    asset: number,
    side: number,
    buys: number,
    price: number,
    fee: number,
    level: number,
    aim: number,
  ): number;
  solveSize(from: number, end: number, shape: number): number;
  sizeHealth(x: number): number;
  tryTrade(
    header: number,
    unit: number,
    market: number,
    side: number,
    buys: number,
    size: number,
    price: number,
    fee: number,
  ): number;
  numericExp(x: number): number;
  numericLog(x: number): number;
  numericPow(x: number, y: number): number;
}

const PAGE = 65536;
/** Modules of the kernel keep their own tables below this, whichever of them are there. */
const TABLES = 32768;

/** A module of the kernel. @throws MarginError engine, where WebAssembly or its SIMD is missing */
export function compileKernel(load: () => WebAssembly.Module): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined') throw unavailable('WebAssembly is missing');
  try {
    return load();
  } catch (e) {
    throw unavailable(e instanceof Error ? e.message : String(e));
  }
}

const unavailable = (reason: string): MarginError =>
  new MarginError('engine', {
    expected: 'WebAssembly with SIMD, and a content security policy with wasm-unsafe-eval',
    hint: `${reason}. The same calls without WebAssembly are in margin-kernel/reference`,
  });

/** What the kernel asks of scenario models: see assembly/model.ts. */
export interface ModelImports {
  requirement(header: number, unit: number): void;
  valueOption(header: number, market: number): void;
  repriceMarket(header: number, market: number, model: number): void;
  repriceAsset(header: number, asset: number, model: number): void;
}

/** Options and scenario models in a memory; scenario/wasm.ts makes it. */
export interface ScenarioModule {
  readonly imports: ModelImports;
  readonly engine: ScenarioEngine;
  /** Where the third module is there too; var/wasm.ts makes it. */
  readonly tails?: TailEngine;
  /** First byte that it does not use itself. */
  readonly base: number;
}

/** An engine with memory of its own. @param scenariosIn - for books with options and scenario models */
export function wasmEngine(
  module: WebAssembly.Module,
  scenariosIn?: (memory: WebAssembly.Memory) => ScenarioModule,
): Engine {
  let risk: ModelImports | undefined;
  // The second module needs the memory of the first, so what the first imports of it is looked up when it is called.
  const model: ModelImports = {
    requirement: (header, unit) => risk?.requirement(header, unit),
    valueOption: (header, market) => risk?.valueOption(header, market),
    repriceMarket: (header, market, of) => risk?.repriceMarket(header, market, of),
    repriceAsset: (header, asset, of) => risk?.repriceAsset(header, asset, of),
  };
  const kernel = instantiate(module, { model: { ...model } }) as unknown as KernelExports;
  if (kernel.headerWords() !== HEADER_WORDS) {
    throw new MarginError('engine', {
      path: 'margin.wasm',
      got: kernel.headerWords(),
      expected: `a kernel for ${HEADER_WORDS} header words`,
      hint: 'The wasm and the JavaScript are of different versions',
    });
  }
  const scenarios = scenariosIn?.(kernel.memory);
  risk = scenarios?.imports;
  return {
    name: 'wasm',
    scenarios: scenarios?.engine,
    tails: scenarios?.tails,
    host: { memory: kernel.memory, model: { ...model } },
    base: Math.max(kernel.heapBase() >>> 0, scenarios?.base ?? 0, TABLES),
    get buffer(): ArrayBuffer {
      return kernel.memory.buffer as ArrayBuffer;
    },
    grow(bytes: number): void {
      const pages = Math.ceil((bytes - kernel.memory.buffer.byteLength) / PAGE);
      try {
        kernel.memory.grow(pages);
      } catch {
        throw new MarginError('memory', {
          path: 'book',
          got: bytes,
          expected: 'bytes that the engine can give',
          hint: 'Split the accounts over several books',
        });
      }
    },
    values(store: Store): void {
      kernel.values(store.header);
    },
    marketValues(store: Store, market: number): void {
      kernel.marketValues(store.header, market);
    },
    pow: kernel.numericPow,
    scan(store: Store, from: number, to: number, whole: boolean): void {
      kernel.scan(store.header, from, to, whole ? 1 : 0);
    },
    liquidationPrices(store: Store, from: number, to: number): void {
      kernel.liquidationPrices(store.header, from, to);
    },
    openRay(store: Store, unit: number, market: number, level: number): void {
      kernel.openRay(store.header, unit, market, level);
    },
    solveRay(upper: boolean): number {
      return kernel.solveRay(upper ? 1 : 0);
    },
    rayHealth: kernel.rayHealth,
    openTrade(store: Store, unit: number, t: TradeTerms, level: number, aim: number): number {
      return kernel.openSize(store.header, unit, t.market, NONE, t.side, t.buys ? 1 : 0, t.price, t.fee, level, aim);
    },
    openWithdrawal(store: Store, unit: number, asset: number, level: number, aim: number): number {
      return kernel.openSize(store.header, unit, NONE, asset, 0, 0, 0, 0, level, aim);
    },
    solveSize: kernel.solveSize,
    sizeHealth: kernel.sizeHealth,
    tryTrade(store: Store, unit: number, t: TradeTerms, size: number): number {
      return kernel.tryTrade(store.header, unit, t.market, t.side, t.buys ? 1 : 0, size, t.price, t.fee);
    },
  };
}
