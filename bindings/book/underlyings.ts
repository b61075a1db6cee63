// What moves with an asset's price: the underlying that bears its name, or else that of the first market it is the base of.
import { KIND, NONE } from '../layout.js';
import type { Store } from '../memory.js';
import type { Ids } from './ids.js';

/** Fills `asset.underlying`. The settle asset of an inverse market is its base. */
export function deriveUnderlyings(store: Store, assets: Ids, underlyings: Ids): void {
  const { asset, market } = store.columns;
  const count = store.count('asset');
  asset.underlying.fill(NONE, 0, count);
  for (let m = 0; m < store.count('market'); m++) {
    const base = (market.kind[m] === KIND.inverse ? market.settle : market.base)[m] ?? NONE;
    if (base !== NONE && asset.underlying[base] === NONE) asset.underlying[base] = market.underlying[m] ?? NONE;
  }
  for (let a = 0; a < count; a++) {
    const id = assets.name(a);
    if (underlyings.has(id)) asset.underlying[a] = underlyings.row(id, 'underlying');
  }
  // What a balance follows has an underlying even where no market is on it.
  for (let a = 0; a < count; a++) {
    const hedged = asset.hedges[a] ?? NONE;
    if (hedged === NONE) continue;
    if (asset.underlying[hedged] === NONE) asset.underlying[hedged] = underlyings.add(assets.name(hedged));
    asset.underlying[a] = asset.underlying[hedged] ?? NONE;
  }
}
