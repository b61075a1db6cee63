// What margin-kernel/var and margin-kernel/reference/var both have: the same calls on both engines.

export * from './sources/public.js';
export type { Scenarios } from './types.js';
