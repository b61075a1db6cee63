// margin-kernel with options and scenario models.
export * from './public.js';
export { Book } from './reference/index.js';
export * from './scenario/public.js';
