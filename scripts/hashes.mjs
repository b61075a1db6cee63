// Records the hashes of the kernel's modules in assembly/wasm.sha256, in the format of sha256sum: `npm run hashes`, after a change of
// assembly/. A test compares them with what was built, so the same source gives the same bytes on every machine.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { modules } from './modules.mjs';

const sums = modules.map(({ name }) => {
  const hash = createHash('sha256')
    .update(readFileSync(`dist/${name}.wasm`))
    .digest('hex');
  return `${hash}  ${name}.wasm\n`;
});
writeFileSync('assembly/wasm.sha256', sums.join(''));
console.log(sums.join('').trimEnd());
