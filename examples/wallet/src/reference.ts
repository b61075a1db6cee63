// reference.html: no WebAssembly anywhere, and a content security policy without `wasm-unsafe-eval`.
import { plain } from './plain.ts';
import { start } from './start.ts';

await start({ reference: plain });
