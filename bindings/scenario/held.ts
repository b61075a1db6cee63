// What accounts hold against the arrays that their model comes with: a market without one would ask for nothing.
import { MarginError } from '../errors.js';
import type { Store } from '../memory.js';
import type { Model } from './model.js';

/** @param k - row of the model @throws MarginError conflict, where an account of model `k` holds a market without an array */
export function checkHeld(store: Store, k: number, model: Model, marketId: (m: number) => string, path: string): void {
  if (model.arrays.size === 0) return;
  const { unit, position } = store.columns;
  for (let u = 0; u < store.count('unit'); u++) {
    if (unit.model[u] !== k + 1) continue;
    const first = unit.positionStart[u] ?? 0;
    for (let p = first; p < first + (unit.positionCount[u] ?? 0); p++) {
      const market = marketId((position.key[p] ?? 0) >>> 2);
      if (model.arrays.has(market)) continue;
      throw new MarginError('conflict', {
        path: `${path}.arrays`,
        expected: `an array of "${market}", which an account of the model holds`,
      });
    }
  }
}
