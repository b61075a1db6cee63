// index.html: both engines. Where the kernel can not be compiled the page says so and goes on with the other one.
import { plain } from './plain.ts';
import { start } from './start.ts';

const wasm = await import('./wasm.ts').then(
  (module) => module.wasm,
  () => undefined,
);
await start({ ...(wasm ? { wasm } : {}), reference: plain });
