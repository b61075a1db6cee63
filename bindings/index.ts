// margin-kernel on the wasm engine, compiled at import from the embedded kernel: no init step, no fetch.
// `margin-kernel/reference` has the same names in plain TypeScript.

import { load } from '#wasm/margin';
import { BookBase, type BookOptions, type DecodeOptions } from './book/book.js';
import type { BookJSON } from './book/types.js';
import { compileKernel, wasmEngine } from './kernel.js';

const module = /* @__PURE__ */ compileKernel(load);

/**
 * A book of assets, markets and accounts; owns its kernel instance and memory.
 * @example
 * const book = Book.fromJSON({ format: 'margin-kernel/book@1', assets: [{ id: 'USDT', price: 1 }], markets: [], accounts: [] });
 * book.addAccount({ id: 'a1', balances: { USDT: '1000.50' } });
 */
export class Book extends BookBase {
  /** An empty book. */
  static create(options: BookOptions = {}): Book {
    return new Book(wasmEngine(module), options);
  }
  /** Reads `book@1` text or an object of that shape. @throws MarginError with the path of what is wrong */
  static fromJSON(json: string | BookJSON): Book {
    return Book.create().load(json);
  }
  /** Reads what `encode` wrote. @throws MarginError format, truncated, corrupt */
  static decode(bytes: Uint8Array, options: DecodeOptions = {}): Book {
    return Book.create().loadEncoded(bytes, options);
  }
}

export * from './public.js';
