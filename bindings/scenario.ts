// margin-kernel/scenario: the Book of the default entry with options and scenario models, on both modules of the kernel. It is an
// entry of its own, so that who has neither does not carry them; margin-kernel/reference always has them.

import { load } from '#wasm/margin';
import { BookBase, type BookOptions, type DecodeOptions } from './book/book.js';
import type { BookJSON } from './book/types.js';
import { compileKernel, wasmEngine } from './kernel.js';
import { scenariosIn } from './scenario/wasm.js';

const module = /* @__PURE__ */ compileKernel(load);

/**
 * A book of assets, expiries, scenario models, markets and accounts; owns its kernel instance and memory.
 * @example
 * const book = Book.fromJSON({
 *   format: 'margin-kernel/book@1',
 *   assets: [{ id: 'USD', price: 1 }, { id: 'BTC', price: 60_000 }],
 *   expiries: [{ id: 'JUN', asset: 'BTC', seconds: 7_776_000, forward: 61_000 }],
 *   models: [{ id: 'pm', scenarios: [{ price: -0.15 }, { price: 0.15 }], requirement: { scan: 'scan' } }],
 *   markets: [{ id: 'JUN-60000-C', kind: 'call', expiry: 'JUN', strike: 60_000, volatility: 0.55, settle: 'USD' }],
 *   accounts: [{ id: 'a1', model: 'pm', balances: { USD: 50_000 }, positions: [{ market: 'JUN-60000-C', size: -1, entry: 7_000 }] }],
 * });
 */
export class Book extends BookBase {
  /** An empty book. */
  static create(options: BookOptions = {}): Book {
    return new Book(wasmEngine(module, scenariosIn), options);
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
export * from './scenario/public.js';
