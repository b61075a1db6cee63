// The third module of the kernel (assembly/var.ts), compiled at import and instantiated for a memory: tails of profit and loss,
// simulation. Who imports nothing that needs it does not carry it.

import { instantiate } from '#wasm/instantiate';
import { load } from '#wasm/var';
import { compileKernel } from './kernel.js';

/** What assembly/var.ts exports. */
export interface VarExports extends Record<string, unknown> {
  /** First byte behind the tables of all modules. */
  heapBase(): number;
  tails(header: number, from: number, to: number): void;
  deficits(header: number, from: number, to: number): void;
  tailOf(header: number, count: number, into: number): number;

  // Simulation (assembly/var/simulate.ts): places in bytes, and what to draw.
  simulatePhilox(...places: Places<[key0: number, key1: number]>): void;
  simulateSobol(...places: Places<[directions: number, seeds: number, states: number]>): void;
}

/** Of a simulation: what both generators take, and what only one does. */
type Places<Own extends readonly number[]> = [
  factors: number,
  lower: number,
  means: number,
  mixes: number,
  normals: number,
  out: number,
  stride: number,
  log: boolean,
  first: number,
  tiles: number,
  ...own: Own,
];

const module = /* @__PURE__ */ compileKernel(load);

/** An instance that works in `memory`. */
export function varIn(memory: WebAssembly.Memory): VarExports {
  return instantiate(module, { env: { memory } }) as unknown as VarExports;
}
