// The fourth module of the kernel (assembly/watch.ts), compiled when the first book is watched, so that books of the reference engine are
// watched where WebAssembly is not allowed, and instantiated in the memory of each.

import { instantiate } from '#wasm/instantiate';
import { load } from '#wasm/watch';
import type { KernelHost } from '../engine.js';
import { MarginError } from '../errors.js';
import { compileKernel } from '../kernel.js';

/** What assembly/watch.ts exports; codes are WATCHED of the layout. */
export interface WatchExports extends Record<string, unknown> {
  /** First byte behind the tables of all modules. */
  heapBase(): number;
  /** Starts anew after a rescan; of units from `known` on the zone before is healthy. */
  reset(header: number, known: number): void;
  /** Queues the units whose boxes the prices of a market, or (behind the markets) of an asset have left. */
  tick(header: number, row: number): number;
  touch(header: number, unit: number): void;
  /** Puts units of models off, or queues those that were. */
  defer(header: number, on: number): void;
  /** Margins what is queued, what is due, and `rest` units more that wait for a box; `fresh`: results are those of the rescan. */
  run(header: number, rest: number, fresh: number): number;
  /** `tick`, and where there is no gap `run`. */
  step(header: number, row: number, rest: number, fresh: number): number;
  /** Gives all units that wait their boxes. */
  settle(header: number): number;
  /** Units whose zone has changed since `acknowledge`: they stand first in `queue`. */
  changes(): number;
  acknowledge(): void;
  slotsUsed(): number;
  pagesUsed(): number;
}

let module: WebAssembly.Module | undefined;

/** An instance in the memory of a book. @param base - first byte that columns take */
export function watchIn({ memory, model }: KernelHost, base: number): WatchExports {
  module ??= compileKernel(load);
  const kernel = instantiate(module, { env: { memory }, model: { ...model } }) as unknown as WatchExports;
  if (kernel.heapBase() >>> 0 > base) {
    throw new MarginError('engine', {
      path: 'watch.wasm',
      got: kernel.heapBase() >>> 0,
      expected: `tables below byte ${base}`,
      hint: 'The wasm and the JavaScript are of different versions',
    });
  }
  return kernel;
}
