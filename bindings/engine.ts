// What both engines implement: the wasm kernel (kernel.ts) and plain TypeScript (reference/engine.ts).
// An engine owns the memory that a book's columns live in and computes over it; it knows nothing of ids or JSON.
import type { Store } from './memory.js';

export interface Engine {
  readonly name: 'wasm' | 'reference';
  /** First byte of `buffer` that is free for columns. */
  readonly base: number;
  /** The memory; another object after `grow`. */
  readonly buffer: ArrayBuffer;
  /** Makes `buffer` at least this long. @throws MarginError memory */
  grow(bytes: number): void;
  /** Computes the unit values of every asset and market: once a tick, before a scan. */
  values(store: Store): void;
  /** Computes those of one market, where nothing else has changed. */
  marketValues(store: Store, market: number): void;
  /** x^y, for what is computed outside the scan (explain.ts): the same bits, and no second copy of its tables. */
  pow(x: number, y: number): number;
  /** Margins every unit in `[from, to)`; with `whole`, resets and fills the house totals and the liquidatable list too. */
  scan(store: Store, from: number, to: number, whole: boolean): void;
}
