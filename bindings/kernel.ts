// The wasm engine: instantiates the kernel once a book and hands it the header. Knows pointers through memory.ts only.
// Options and scenario models are a module of their own in the same memory, for those who ask for it (scenario.ts).
import { instantiateSync } from '@assemblyscript/loader';
import type { Engine, ScenarioEngine } from './engine.js';
import { MarginError } from './errors.js';
import { HEADER_WORDS, NONE } from './layout.js';
import type { Store } from './memory.js';
import type { TradeTerms } from './reference/liquidation/trade.js';
import type { RiskExports } from './risk-module.js';
import type { ScenarioDoors } from './scenario/doors.js';

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

/** Compiles the kernel. @throws MarginError engine, where WebAssembly or its SIMD is missing */
export function compileKernel(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined') throw unavailable('WebAssembly is missing');
  try {
    return new WebAssembly.Module(bytes);
  } catch (e) {
    throw unavailable(e instanceof Error ? e.message : String(e));
  }
}

const unavailable = (reason: string): MarginError =>
  new MarginError('engine', {
    expected: 'WebAssembly with SIMD, and a content security policy with wasm-unsafe-eval',
    hint: `${reason}. The same calls without WebAssembly are in margin-kernel/reference`,
  });

/** What an engine needs for options and scenario models. */
export interface ScenarioModule {
  /** An instance of the second module that works in a memory. */
  readonly riskIn: (memory: WebAssembly.Memory) => RiskExports;
  readonly doors: ScenarioDoors;
}

function scenarioEngine(risk: RiskExports, doors: ScenarioDoors): ScenarioEngine {
  return {
    doors,
    valueOptions(store: Store): void {
      risk.valueOptions(store.header);
    },
    riskArrays(store: Store): void {
      risk.riskArrays(store.header);
    },
    valueOption(store: Store, market: number): void {
      risk.valueOption(store.header, market);
    },
    quoteOption(store: Store, market: number): void {
      risk.quoteOption(store.header, market);
    },
    repriceMarket(store: Store, market: number, of: number): void {
      risk.repriceMarket(store.header, market, of);
    },
    repriceAsset(store: Store, asset: number, of: number): void {
      risk.repriceAsset(store.header, asset, of);
    },
    requirement(store: Store, unit: number): void {
      risk.requirement(store.header, unit);
    },
    openAccount(store: Store, unit: number): void {
      risk.openAccount(store.header, unit);
    },
    tryPosition(_: Store, market: number, size: number): void {
      risk.tryPosition(market, size);
    },
    addPosition(_: Store, market: number, size: number): void {
      risk.addPosition(market, size);
    },
  };
}

/** An engine with memory of its own. @param scenarios - for books with options and scenario models */
export function wasmEngine(module: WebAssembly.Module, scenarios?: ScenarioModule): Engine {
  let risk: RiskExports | undefined;
  // The second module needs the memory of the first, so what the first imports of it is looked up when it is called.
  const model = {
    requirement: (header: number, unit: number): void => risk?.requirement(header, unit),
    valueOption: (header: number, market: number): void => risk?.valueOption(header, market),
    repriceMarket: (header: number, market: number, of: number): void => risk?.repriceMarket(header, market, of),
    repriceAsset: (header: number, asset: number, of: number): void => risk?.repriceAsset(header, asset, of),
  };
  // The loader's wrappers cost 9 ns a call, the instance's own exports 2.5 (measured): use these.
  const kernel = instantiateSync(module, { model }).instance.exports as unknown as KernelExports;
  if (kernel.headerWords() !== HEADER_WORDS) {
    throw new MarginError('engine', {
      path: 'margin.wasm',
      got: kernel.headerWords(),
      expected: `a kernel for ${HEADER_WORDS} header words`,
      hint: 'The wasm and the JavaScript are of different versions',
    });
  }
  risk = scenarios?.riskIn(kernel.memory);
  return {
    name: 'wasm',
    scenarios: scenarios && risk ? scenarioEngine(risk, scenarios.doors) : undefined,
    base: Math.max(kernel.heapBase() >>> 0, risk ? risk.heapBase() >>> 0 : 0),
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
