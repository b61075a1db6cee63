// margin-kernel/var: the Book of margin-kernel/scenario, with value at risk and expected shortfall, on all three modules of the kernel.

export * from './public.js';
export * from './scenario/public.js';
export { Book } from './scenario.js';
export * from './var/public.js';
