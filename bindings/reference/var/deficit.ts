// What all margin units together lack in each scenario: equity and gain below zero, unit by unit. The definition of
// assembly/var/deficit.ts.
import { MEASURE } from '../../layout.js';
import type { Store } from '../../memory.js';
import { Holdings } from './holding.js';

/** Adds the units `[from, to)`; their equity is fresh and their gains are open. */
export function deficits(store: Store, from: number, to: number): void {
  const { columns } = store;
  const { gain, holding, measure, unit, deficit } = columns;
  const width = measure.term[MEASURE.width]!;
  for (let u = from; u < to; u++) {
    const holdings = new Holdings(store);
    holdings.addUnit(u);
    for (let s = 0; s < width; s++) {
      let sum = 0;
      for (let h = 0; h < holdings.count; h++) sum += holding.amount[h]! * gain.value[holding.row[h]! * width + s]!;
      const lacks = 0 - (unit.equity[u]! + sum);
      if (!(lacks > 0)) continue;
      deficit.amount[s] = deficit.amount[s]! + lacks;
      deficit.units[s] = deficit.units[s]! + 1;
    }
  }
}
