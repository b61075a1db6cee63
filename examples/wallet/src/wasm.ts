// The WebAssembly engine, in a chunk of its own: importing it compiles the kernel, which a page without `wasm-unsafe-eval` may not.
import { Book, monteCarlo } from 'margin-kernel/var';
import type { Engine } from './engine.ts';

export const wasm: Engine = { name: 'wasm', fromJSON: (json) => Book.fromJSON(json), monteCarlo };
