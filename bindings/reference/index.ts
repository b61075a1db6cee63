// margin-kernel and margin-kernel/scenario in plain TypeScript: same names, same bits, no WebAssembly. For strict content security
// policies, engines without WebAssembly, and as the oracle that the kernel is tested against.
import { BookBase, type BookOptions, type DecodeOptions } from '../book/book.js';
import type { BookJSON } from '../book/types.js';
import { referenceEngine } from './engine.js';

/** A book on the reference engine; see the Book of the default entry. */
export class Book extends BookBase {
  /** An empty book. */
  static create(options: BookOptions = {}): Book {
    return new Book(referenceEngine(), options);
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

export * from '../public.js';
export * from '../scenario/public.js';
