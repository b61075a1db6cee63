// Exports of the third module, and nothing else: tails of profit and loss, simulation. It works in the memory of the other two (or in
// any other that it is given) and keeps its own tables from byte 16384 on: see asconfig.json.

export { deficits } from './var/deficit';
export { tailOf, tails } from './var/tail';

/** First byte that none of the modules uses itself. */
export function heapBase(): usize {
  return __heap_base;
}

export { simulatePhilox, simulateSobol } from './var/simulate';
