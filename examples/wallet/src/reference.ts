// reference.html: no WebAssembly anywhere, and a content security policy without `wasm-unsafe-eval`.
import { begin } from './begin.ts';

begin(async () => undefined);
