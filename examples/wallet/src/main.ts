// index.html: both engines. Where the kernel can not be compiled the page says so and goes on with the other one.
import { begin } from './begin.ts';

begin(() =>
  import('./wasm.ts').then(
    ({ wasm }) => wasm,
    () => undefined,
  ),
);
