// Exports of the fourth module, and nothing else: the watch. It works in the memory of the first one, with a copy of the margin fold,
// and keeps its own tables from byte 24576 on: see asconfig.json.

export { acknowledge, changes, defer, reset, run, settle, step, tick, touch } from './watch/watch';
export { pagesUsed } from './watch/heap';
export { slotsUsed } from './watch/slots';

/** First byte that none of the modules uses itself. */
export function heapBase(): usize {
  return __heap_base;
}
