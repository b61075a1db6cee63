// margin-kernel/reference/var: the names of margin-kernel/var in plain TypeScript, with the same bits, without WebAssembly.

export * from '../public.js';
export * from '../scenario/public.js';
export * from '../var/public.js';
export { Book } from './index.js';
